"""Small makers of rows for tests. Each makes one thing in a sound state, with the rows that it cannot stand without.

They write rows directly and run no act: no trail, no outbox, no notice. A test of a whole call in motion takes
`evaluation.demonstration.build.build_demo` instead.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from accounts.enums import Role
from accounts.models import RoleGrant, User
from applications.domain.call_settings import DEFAULT_PIECES
from applications.domain.deadlines import ZONE, local_day
from applications.domain.sealing import digest, receipt_number
from applications.enums import (
    ApplicationStatus,
    CallStatus,
    DeadlineKind,
    FileFormat,
    SectionCode,
    SupportCount,
    SupportReference,
    TeamRole,
    Track,
)
from applications.models import (
    Application,
    Call,
    Cluster,
    Deadline,
    Document,
    Label,
    Receipt,
    Region,
    RequiredDocument,
    Section,
    Sector,
    Submission,
    SubmissionFile,
    SupportPeriod,
    TeamMember,
)
from clusters_portal import storage
from evaluation.actions.calls import write_default_grid
from evaluation.demonstration import content, files
from evaluation.enums import (
    DecisionStatus,
    DeclarationKind,
    EvaluationStatus,
    JuryRole,
    LetterState,
    Outcome,
)
from evaluation.letters import letter_content
from evaluation.models import (
    Assignment,
    ConflictDeclaration,
    CriterionComment,
    Decision,
    DecisionLetter,
    Evaluation,
    EvaluationRound,
    Grid,
    JuryMember,
    LetterCounter,
    Score,
    Subcriterion,
)

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PASSWORD = "a-password-for-tests"
# Long enough before AT that whoever holds a role held it at every instant that a test may choose.
SINCE = date(2024, 1, 1)
EARLY = (CallStatus.DRAFT, CallStatus.ANNOUNCED, CallStatus.CANCELLED)
INSTANTS: Mapping[CallStatus, Mapping[str, int]] = {
    CallStatus.CLOSED: {"closed_at": 0},
    CallStatus.OPENED: {"closed_at": 0, "opened_at": 1},
    CallStatus.EVALUATION: {"closed_at": 0, "opened_at": 1},
    CallStatus.DELIBERATION: {"closed_at": 0, "opened_at": 1},
    CallStatus.DECIDED: {"closed_at": 0, "opened_at": 1, "decided_at": 5},
    CallStatus.PUBLISHED: {"closed_at": 0, "opened_at": 1, "decided_at": 5, "published_at": 6},
    CallStatus.ARCHIVED: {"closed_at": 0, "opened_at": 1, "decided_at": 5, "published_at": 6},
}
_numbers = count(1)


def make_user(**extra: Any) -> User:
    """Somebody with an account and no role. The password is PASSWORD."""
    number = next(_numbers)
    values = {
        "email": f"personne{number}@demo.example",
        "full_name": f"Personne Démonstration {number}",
        **extra,
    }
    return User.objects.create_user(**{"password": PASSWORD, **values})


def make_staff(*roles: Role, **extra: Any) -> User:
    """Somebody who holds these standing roles."""
    user = make_user(**extra)
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, starts_on=SINCE, granted_at=AT - timedelta(days=900))
        for role in roles
    )
    return user


def make_sector(code: str = "secteur-demonstration", **extra: Any) -> Sector:
    values = {"name_fr": f"Secteur {code}", "name_ar": "قطاع تجريبي", **extra}
    return Sector.objects.get_or_create(code=code, defaults=values)[0]


def make_region(code: str = "06", **extra: Any) -> Region:
    values = {"name_fr": f"Région {code}", "name_ar": "جهة تجريبية", **extra}
    return Region.objects.get_or_create(code=code, defaults=values)[0]


def make_call(
    status: CallStatus = CallStatus.ANNOUNCED,
    *,
    at: datetime = AT,
    closes_in: timedelta | None = None,
    pieces: Iterable[str] = ("statuts",),
    with_grid: bool = True,
    **extra: Any,
) -> Call:
    """A demonstration call in this status at `at`: announced means open for ten more days unless `closes_in` says else.

    Later statuses closed ten days before `at`. `pieces` are codes of the default pieces, all mandatory.
    """
    number = next(_numbers)
    is_early = status in EARLY
    closes_at = at + (closes_in if closes_in is not None else timedelta(days=10 if is_early else -10))
    opens_at = None if status == CallStatus.DRAFT else closes_at - timedelta(days=40)
    values: dict[str, Any] = {
        "code": f"DEMO-T-{number}",
        "year": closes_at.year,
        "title_fr": f"Appel à projets clusters — essai {number}",
        "title_ar": f"طلب مشاريع التجمعات – تجربة {number}",
        "text_fr": "Appel fictif.",
        "text_ar": "طلب تجريبي.",
        "contact_email": "contact@demo.example",
        "status": status,
        "is_demonstration": True,
        "opens_at": opens_at,
        "opened_on": local_day(opens_at) if opens_at else None,
        "announced_at": opens_at,
        "support_count": SupportCount.SINCE_FIRST_LABEL,
        "support_reference": SupportReference.FIRST_DEADLINE,
        "membership_article": "Article 5",
        "pieces_article": "Article 7",
        "support_article": "Article 4",
        "created_at": closes_at - timedelta(days=45),
    }
    values |= {name: closes_at + timedelta(days=days) for name, days in INSTANTS.get(status, {}).items()}
    if status == CallStatus.CANCELLED:
        values |= {"cancelled_at": at, "cancellation_reason": "Essai."}
    call = Call.objects.create(**{**values, **extra})
    make_deadline(call, closes_at)
    for code in pieces:
        make_piece(call, code)
    if with_grid:
        write_default_grid(call)
    return call


def make_deadline(call: Call, closes_at: datetime, *, reason: str = "") -> Deadline:
    """The next version of the closing time, to the second; the wall time is what a clock in Rabat shows then."""
    version = call.deadlines.count() + 1
    wall = closes_at.astimezone(ZoneInfo(ZONE))
    return Deadline.objects.create(
        call=call,
        version=version,
        kind=DeadlineKind.INITIAL if version == 1 else DeadlineKind.EXTENSION,
        wall_on=wall.date(),
        wall_time=wall.time(),
        zone=ZONE,
        closes_at=closes_at,
        tzdata_version="test",
        reason=reason or ("" if version == 1 else "Essai."),
    )


def make_piece(call: Call, code: str = "statuts", **extra: Any) -> RequiredDocument:
    """One required piece: a default one by its code, or any other that takes a PDF."""
    known = next((piece for piece in DEFAULT_PIECES if piece.code == code), None)
    values: dict[str, Any] = {
        "name_fr": known.name_fr if known else f"Pièce {code}",
        "name_ar": known.name_ar if known else "وثيقة",
        "formats": list(known.formats) if known else [FileFormat.PDF.value],
        "tracks": list(known.tracks) if known else [track.value for track in Track],
        "position": call.required_documents.count() + 1,
        "is_mandatory": True,
        "is_administrative": known.is_administrative if known else True,
        "allows_several": known.allows_several if known else False,
    }
    return RequiredDocument.objects.create(call=call, code=code, **{**values, **extra})


def make_cluster(*, labelled_on: date | None = None, support_years: int = 3, **extra: Any) -> Cluster:
    """A cluster of the register, labelled and supported from a day, or never."""
    number = next(_numbers)
    values = {
        "code": f"cluster-demonstration-{number}",
        "name": f"Cluster Démonstration Registre {number}",
        **extra,
    }
    cluster = Cluster.objects.create(**values)
    if labelled_on:
        Label.objects.create(cluster=cluster, position=1, earliest_on=labelled_on, latest_on=labelled_on)
        SupportPeriod.objects.create(
            cluster=cluster,
            position=1,
            earliest_start_on=labelled_on,
            latest_start_on=labelled_on,
            years=support_years,
        )
    return cluster


def make_answers(
    track: Track = Track.NEW, *, cluster: str = "", number: int = 0, members: int = 16, **changes: Any
) -> dict[SectionCode, dict[str, Any]]:
    """Sections that a deposit would accept. `changes` replace fields of a section: `identity={"city": "…"}`."""
    profile = content.Profile(
        index=number,
        track=track,
        members=members,
        firms=members - 3,
        has_research=True,
        in_arabic=False,
        cluster_code=cluster,
    )
    answers = content.sections(
        profile, rng=Random(number), sector="secteur-demonstration", first_year=AT.year + 1
    )
    for code, data in changes.items():
        answers[SectionCode(code)] = {**answers[SectionCode(code)], **data}
    return answers


def make_application(
    call: Call | None = None,
    status: ApplicationStatus = ApplicationStatus.DRAFT,
    *,
    owner: User | None = None,
    answers: Mapping[SectionCode, Mapping[str, Any]] | None = None,
    at: datetime = AT,
    **extra: Any,
) -> Application:
    """A dossier with its owner and its answers; beyond a draft it has a sealed deposit of the day before `at`.

    `answers={}` leaves the sections empty.
    """
    call = call or make_call()
    owner = owner or make_user()
    number = next(_numbers)
    given = make_answers(number=number) if answers is None else answers
    started_at = at - timedelta(days=2)
    values: dict[str, Any] = {
        "name": given.get(SectionCode.IDENTITY, {}).get("name", ""),
        "track": given.get(SectionCode.TRACK, {}).get("track", ""),
        "created_by": owner,
        "created_at": started_at,
        "updated_at": started_at,
    }
    cluster = extra.get("cluster")
    if cluster is not None:
        values["track"] = Track.EXISTING
    application = Application.objects.create(call=call, **{**values, **extra})
    make_team_member(application, owner, TeamRole.OWNER, at=started_at)
    Section.objects.bulk_create(
        Section(application=application, code=code, data=data, updated_by=owner, updated_at=started_at)
        for code, data in given.items()
    )
    if status != ApplicationStatus.DRAFT:
        make_submission(application, at=at - timedelta(days=1))
        application.status = status
        if status == ApplicationStatus.WITHDRAWN:
            application.withdrawn_at, application.withdrawn_by = at, owner
            application.withdrawal_reason = "Essai."
        application.save()
    return application


def make_team_member(
    application: Application,
    user: User | None = None,
    role: TeamRole = TeamRole.EDITOR,
    *,
    at: datetime = AT,
    may_deposit: bool | None = None,
) -> TeamMember:
    return TeamMember.objects.create(
        application=application,
        user=user or make_user(),
        role=role,
        may_deposit=role == TeamRole.OWNER if may_deposit is None else may_deposit,
        added_by=application.created_by,
        added_at=at,
    )


def make_document(
    application: Application,
    piece: RequiredDocument | None = None,
    *,
    body: bytes | None = None,
    name: str = "",
    at: datetime = AT,
) -> Document:
    """A stored PDF that answers a piece (the first of the call unless said)."""
    piece = piece or application.call.required_documents.first() or make_piece(application.call)
    body = body if body is not None else files.small_pdf(piece.name_fr, [str(application.pk)])
    stored = storage.put(f"applications/{application.pk}/{uuid4()}", body)
    return Document.objects.create(
        application=application,
        required_document=piece,
        name=name or f"{piece.code}.pdf",
        format=FileFormat.PDF,
        size=stored.size,
        sha256=stored.sha256,
        pages=1,
        storage_key=stored.key,
        uploaded_by=application.created_by,
        uploaded_at=at,
    )


def make_submission(application: Application, *, at: datetime = AT, with_files: bool = True) -> Submission:
    """Seals what the dossier holds as its standing deposit, with its receipt; a draft becomes submitted.

    Missing mandatory files are made first, unless `with_files` says no.
    """
    call, owner = application.call, application.created_by
    pieces = list(call.required_documents.all())
    present = list(application.documents.current().select_related("required_document"))
    if with_files:
        answered = {document.required_document_id for document in present}
        track = application.track or Track.NEW
        present += [
            make_document(application, piece, at=at)
            for piece in pieces
            if piece.pk not in answered and piece.is_mandatory and track in piece.tracks
        ]
    version = application.submissions.count() + 1
    number = receipt_number(local_day(at).year, hashlib.sha256(str(uuid4()).encode()).digest()[:5])
    deadline = call.deadline_in_force
    sections = {section.code: section.data for section in application.sections.all()}
    statement = sections.get(SectionCode.STATEMENT.value, {})
    signatory = statement.get("signatory") or owner.full_name
    capacity = statement.get("capacity") or "Président"
    snapshot = {
        "format": 1,
        "application": str(application.pk),
        "call": call.code,
        "deadline": {
            "version": deadline.version,
            "closes_at": deadline.closes_at.isoformat(),
            "wall": f"{deadline.wall_on.isoformat()}T{deadline.wall_time:%H:%M}",
            "zone": deadline.zone,
        }
        if deadline
        else {},
        "number": number,
        "version": version,
        "submitted_at": at.isoformat(),
        "submitted_by": {"name": owner.full_name, "email": owner.email},
        "signatory": signatory,
        "capacity": capacity,
        "track": application.track,
        "cluster": application.cluster.code if application.cluster else "",
        "sections": sections,
        "files": [
            {
                "piece": document.required_document.code,
                "name": document.name,
                "size": document.size,
                "sha256": document.sha256,
            }
            for document in present
        ],
        "pieces": [{"code": one.code, "name_fr": one.name_fr, "name_ar": one.name_ar} for one in pieces],
    }
    submission = Submission.objects.create(
        application=application,
        version=version,
        number=number,
        token=uuid4(),
        submitted_at=at,
        submitted_by=owner,
        signatory=signatory,
        capacity=capacity,
        snapshot=snapshot,
        digest=digest(snapshot),
    )
    SubmissionFile.objects.bulk_create(
        SubmissionFile(
            submission=submission,
            document=document,
            position=position,
            piece_code=document.required_document.code,
            name=document.name,
            size=document.size,
            sha256=document.sha256,
        )
        for position, document in enumerate(present, start=1)
    )
    Receipt.objects.create(submission=submission)
    application.standing_submission = submission
    if application.status == ApplicationStatus.DRAFT:
        application.status = ApplicationStatus.SUBMITTED
    application.save()
    return submission


def make_jury_member(
    call: Call,
    role: JuryRole = JuryRole.JUROR,
    *,
    user: User | None = None,
    at: datetime = AT,
    **extra: Any,
) -> JuryMember:
    user = user or make_user()
    values = {"organisation": "Université Démonstration", "appointed_by": user, "appointed_at": at, **extra}
    return JuryMember.objects.create(call=call, user=user, role=role, **values)


def make_jury(call: Call, *, jurors: int = 3) -> list[JuryMember]:
    """A chair, then jurors; the round is begun where the call is in evaluation."""
    seats = [make_jury_member(call, JuryRole.CHAIR)]
    seats += [make_jury_member(call) for _number in range(jurors)]
    if call.status not in (*EARLY, CallStatus.CLOSED, CallStatus.OPENED):
        EvaluationRound.objects.get_or_create(
            call=call, defaults={"started_by": seats[0].user, "started_at": AT - timedelta(days=5)}
        )
    return seats


def make_declaration(
    seat: JuryMember,
    application: Application,
    kind: DeclarationKind = DeclarationKind.NONE,
    *,
    at: datetime = AT,
    **extra: Any,
) -> ConflictDeclaration:
    reason = "" if kind == DeclarationKind.NONE else "Essai."
    values = {"kind": kind, "reason": reason, "declared_at": at, **extra}
    return ConflictDeclaration.objects.create(juror=seat, application=application, **values)


def make_assignment(seat: JuryMember, application: Application, *, at: datetime = AT) -> Assignment:
    """The juror has nothing to declare and is to read the dossier."""
    if not ConflictDeclaration.objects.filter(juror=seat, application=application).exists():
        make_declaration(seat, application, at=at)
    return Assignment.objects.create(juror=seat, application=application, assigned_at=at)


def make_evaluation(
    assignment: Assignment,
    mark: Decimal | str | None = "3.5",
    *,
    is_sent: bool = True,
    comment: str = "Essai.",
    at: datetime = AT,
) -> Evaluation:
    """A sheet with one mark everywhere (None: no mark), each criterion commented."""
    sheet = Evaluation.objects.create(assignment=assignment, updated_at=at)
    grid = Grid.objects.get(call_id=assignment.application.call_id)
    if mark is not None:
        Score.objects.bulk_create(
            Score(evaluation=sheet, subcriterion=sub, mark=Decimal(mark))
            for sub in Subcriterion.objects.filter(criterion__grid=grid)
        )
    CriterionComment.objects.bulk_create(
        CriterionComment(evaluation=sheet, criterion=criterion, text=comment)
        for criterion in grid.criteria.all()
    )
    if is_sent:  # only now: the database locks the marks of a sent sheet
        sheet.status, sheet.sent_at = EvaluationStatus.SENT, at
        sheet.save()
    return sheet


def make_decision(
    application: Application | None = None,
    outcome: Outcome = Outcome.LABELLED,
    *,
    signed_by: User | None = None,
    at: datetime = AT,
    **extra: Any,
) -> Decision:
    """A proposed decision, or a signed one when `signed_by` is given."""
    application = application or make_application(
        make_call(CallStatus.DELIBERATION), ApplicationStatus.IN_EVALUATION
    )
    values: dict[str, Any] = {
        "outcome": outcome,
        "reasons_fr": "Vu l'appel à projets. Le dossier atteint les seuils.",
        "reasons_ar": "بناءً على طلب المشاريع. بلغ الملف العتبات.",
        "proposed_by": make_user(),
        "proposed_at": at,
    }
    if outcome == Outcome.RESERVE:
        values["reserve_rank"] = 1
    if signed_by is not None:
        values |= {"status": DecisionStatus.SIGNED, "signed_by": signed_by, "signed_at": at}
    return Decision.objects.create(application=application, **{**values, **extra})


def make_letter(
    decision: Decision | None = None,
    state: LetterState = LetterState.QUEUED,
    *,
    body: bytes | None = None,
    at: datetime = AT,
    **extra: Any,
) -> DecisionLetter:
    """The numbered letter of a signed decision; a rendered one has its file."""
    decision = decision or make_decision(signed_by=make_staff(Role.DECISION_MAKER))
    year = local_day(at).year
    counter, _created = LetterCounter.objects.get_or_create(year=year)
    counter.last_sequence += 1
    counter.save()
    number = f"MIC/DPTC/{year}/{counter.last_sequence:04}"
    values: dict[str, Any] = {
        "state": state,
        "content": letter_content(decision, number=number, on=at, signatory="Décideur Démonstration"),
        "numbered_at": at,
    }
    letter = DecisionLetter(
        decision=decision, year=year, sequence=counter.last_sequence, number=number, **{**values, **extra}
    )
    if state == LetterState.RENDERED:
        stored = storage.put(f"letters/{letter.pk}/1.pdf", body or files.small_pdf(number, ["Lettre"]))
        letter.pdf_key, letter.pdf_sha256, letter.pdf_size = stored.key, stored.sha256, stored.size
        letter.rendered_at = at
    letter.save()
    return letter
