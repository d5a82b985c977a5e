"""Writes a call with many dossiers straight into the tables, for measuring only.

The acts take a second for a few dossiers; a thousand would take the patience of whoever waits for the figures. So rows
are written as the acts would leave them, in bulk, and nothing else may use this: it writes statuses, it keeps almost no
trail, and its files exist as rows only. Triggers and constraints of the database stay on.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

from django.db import connection, transaction

from accounts.audit import record
from accounts.models import User
from applications.domain.sealing import digest, receipt_number
from applications.enums import (
    ApplicationStatus,
    CallStatus,
    EligibilityLine,
    FileFormat,
    Finding,
    SectionCode,
    TeamRole,
)
from applications.models import (
    AdmissibilitySettlement,
    Application,
    Call,
    Document,
    EligibilityCheck,
    EnvelopeOpening,
    Receipt,
    RequiredDocument,
    Section,
    Sector,
    Submission,
    SubmissionFile,
    TeamMember,
)
from evaluation.actions.outcomes import standard_reasons
from evaluation.demonstration import call as calls
from evaluation.demonstration import content
from evaluation.demonstration import jury as juries
from evaluation.demonstration.marks import marking_of
from evaluation.demonstration.people import People, ensure_people
from evaluation.demonstration.phases import Agenda, Phase, Timeline, timeline
from evaluation.domain.runs import run_ranking
from evaluation.enums import DecisionStatus, DeclarationKind, EvaluationStatus, JuryRole, LetterState, Outcome
from evaluation.letters import letter_content
from evaluation.models import (
    Assignment,
    Attendance,
    ConflictDeclaration,
    CriterionComment,
    Decision,
    DecisionLetter,
    Deliberation,
    DeliberationOutcome,
    Evaluation,
    EvaluationRound,
    JuryMember,
    LetterCounter,
    Score,
)
from evaluation.queries.grids import grid_rows
from evaluation.queries.ranking import ranking_facts

JURORS = 11  # a chair besides: the dozen of the Ministry's committees
READERS = 3
SEED = 1
UNSENT = 4  # sheets that the first juror has still to write
BATCH = 2000
EVENTS_PER_DOSSIER = 4


@transaction.atomic
def build_open(size: int, *, at: datetime) -> Call:
    """A call that takes dossiers: half of them deposited, the others drafts."""
    call, _people, owners = _call_with_people(size, phase=Phase.OPEN, at=at)
    drafts = _dossiers(call, owners, at=at)
    _deposit(drafts[::2], at=at - timedelta(days=2))
    return call


@transaction.atomic
def build_evaluation(size: int, *, at: datetime) -> Call:
    """Every dossier sealed, admitted and marked by three jurors; the round is open."""
    call, people, owners = _call_with_people(size, phase=Phase.EVALUATION, at=at)
    when = timeline(Phase.EVALUATION, at=at)
    dossiers = _dossiers(call, owners, at=when.day(-10))
    _deposit(dossiers, at=when.day(-1))
    EnvelopeOpening.objects.create(
        call=call,
        proposed_by=people.manager,
        proposed_at=when.day(1),
        confirmed_by=people.officer,
        confirmed_at=when.day(1),
    )
    _admit(dossiers, people, at=when.day(5))
    Application.objects.filter(call=call).update(status=ApplicationStatus.IN_EVALUATION)
    Call.objects.filter(pk=call.pk).update(
        status=CallStatus.EVALUATION, closed_at=when.day(0.1), opened_at=when.day(1)
    )
    EvaluationRound.objects.create(call=call, started_by=people.manager, started_at=when.day(14))
    _mark(call, dossiers, when=when)
    return call


@transaction.atomic
def to_deliberation(call: Call, *, at: datetime) -> None:
    chair = call.jury.get(role=JuryRole.CHAIR)
    EvaluationRound.objects.filter(call=call).update(closed_by=chair.user, closed_at=at)
    deliberation = Deliberation.objects.create(
        call=call, held_on=at.date(), place="Salle Démonstration", remarks=""
    )
    Attendance.objects.bulk_create(
        Attendance(deliberation=deliberation, juror=seat, is_present=True) for seat in call.jury.all()
    )
    Call.objects.filter(pk=call.pk).update(status=CallStatus.DELIBERATION)


@transaction.atomic
def to_decided(call: Call, *, at: datetime) -> None:
    """Outcomes as ranked, the list frozen, every decision signed, every letter numbered and made."""
    facts = ranking_facts(call)
    deliberation = Deliberation.objects.get(call=call)
    chair = call.jury.get(role=JuryRole.CHAIR).user
    signer = User.objects.get(email="decideur@demo.example")
    outcomes, decisions = [], []
    for row in facts.ranking.rows:
        application = facts.by_dossier[row.dossier]
        outcome = Outcome.LABELLED if row.place else Outcome.NOT_SELECTED
        reasons = standard_reasons(facts, application, outcome=outcome)
        told = {
            "application": application,
            "outcome": outcome,
            "reasons_fr": reasons.fr,
            "reasons_ar": reasons.ar,
        }
        outcomes.append(
            DeliberationOutcome(deliberation=deliberation, entered_by=chair, entered_at=at, **told)
        )
        decisions.append(
            Decision(
                status=DecisionStatus.SIGNED,
                proposed_by=chair,
                proposed_at=at,
                signed_by=signer,
                signed_at=at,
                **told,
            )
        )
    DeliberationOutcome.objects.bulk_create(outcomes, batch_size=BATCH)
    run = run_ranking(facts.dossiers, grid=facts.rows.facts, consensus=facts.consensus)
    Deliberation.objects.filter(pk=deliberation.pk).update(
        ranking=run.document,
        inputs_digest=run.inputs_digest,
        output_digest=run.output_digest,
        signed_by=chair,
        signed_at=at,
    )
    Decision.objects.bulk_create(decisions, batch_size=BATCH)
    _letters(decisions, call, at=at)
    Application.objects.filter(call=call).update(status=ApplicationStatus.DECIDED)
    Call.objects.filter(pk=call.pk).update(status=CallStatus.DECIDED, decided_at=at)


def to_published(call: Call, *, at: datetime) -> None:
    Call.objects.filter(pk=call.pk).update(status=CallStatus.PUBLISHED, published_at=at)


def analyse() -> None:
    """Fresh statistics, as autovacuum would have gathered by the time that people read the pages."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _call_with_people(size: int, *, phase: Phase, at: datetime) -> tuple[Call, People, list[User]]:
    when = timeline(phase, at=at)
    people = ensure_people(jurors=JURORS, applicants=0, at=at)
    call = calls.draft_call(when, jurors=JURORS, by=people.manager)
    call = calls.open_call(call, when, by=people.manager)
    agenda = Agenda()
    juries.appoint(call, people=people, when=when, agenda=agenda)
    agenda.run()
    known = {user.email: user for user in User.objects.filter(email__startswith="porteur")}
    fresh = [
        User(
            email=f"porteur{number}@demo.example",
            full_name=f"Porteur Démonstration {number}",
            is_demonstration=True,
            password="!",
            date_joined=at,
        )
        for number in range(1, size + 1)
        if f"porteur{number}@demo.example" not in known
    ]
    known |= {user.email: user for user in User.objects.bulk_create(fresh, batch_size=BATCH)}
    return call, people, [known[f"porteur{number}@demo.example"] for number in range(1, size + 1)]


def _dossiers(call: Call, owners: list[User], *, at: datetime) -> list[Application]:
    """Drafts with every answer, and the row of one file for each piece."""
    sector = Sector.objects.values_list("code", flat=True).first() or ""
    pieces = [piece for piece in RequiredDocument.objects.filter(call=call) if "new" in piece.tracks]
    applications, teams, sections, documents = [], [], [], []
    for index, owner in enumerate(owners):
        rng = Random(f"{SEED}:dossier:{index}")
        profile = content.profile(index, rng=rng, existing=[])
        answers = content.sections(profile, rng=rng, sector=sector, first_year=call.year + 1)
        instant = at - timedelta(minutes=len(owners) - index)
        stamps = {"created_by": owner, "created_at": instant, "updated_at": instant}
        application = Application(
            call=call, name=answers[SectionCode.IDENTITY]["name"], track=profile.track.value, **stamps
        )
        applications.append(application)
        teams.append(
            TeamMember(
                application=application,
                user=owner,
                role=TeamRole.OWNER,
                may_deposit=True,
                added_by=owner,
                added_at=instant,
            )
        )
        sections += [
            Section(application=application, code=code, data=data, updated_by=owner, updated_at=instant)
            for code, data in answers.items()
        ]
        documents += [_document(application, piece, owner, at=instant) for piece in pieces]
    for model, rows in (
        (Application, applications),
        (TeamMember, teams),
        (Section, sections),
        (Document, documents),
    ):
        model.objects.bulk_create(rows, batch_size=BATCH)
    for application in applications:
        for number in range(EVENTS_PER_DOSSIER):
            record(f"bench.{number}", by=None, at=at, subject=application, call_code=call.code)
    return applications


def _document(application: Application, piece: RequiredDocument, owner: User, *, at: datetime) -> Document:
    key = f"applications/{application.pk}/{uuid4()}"
    return Document(
        application=application,
        required_document=piece,
        name=f"{piece.code}.pdf",
        format=FileFormat.PDF,
        size=48_000,
        sha256=hashlib.sha256(key.encode()).hexdigest(),
        pages=3,
        storage_key=key,
        uploaded_by=owner,
        uploaded_at=at,
    )


def _deposit(applications: list[Application], *, at: datetime) -> None:
    submissions, files = [], []
    by_application: dict = {application.pk: ({}, []) for application in applications}
    for section in Section.objects.filter(application__in=applications):
        by_application[section.application_id][0][section.code] = section.data
    found = Document.objects.filter(application__in=applications).select_related("required_document")
    for document in found:
        by_application[document.application_id][1].append(document)
    for index, application in enumerate(applications):
        sections, documents = by_application[application.pk]
        submission = _submission(application, sections, documents, number=index, at=at)
        submissions.append(submission)
        files += [
            SubmissionFile(
                submission=submission,
                document=document,
                position=position,
                piece_code=document.required_document.code,
                name=document.name,
                size=document.size,
                sha256=document.sha256,
            )
            for position, document in enumerate(documents, start=1)
        ]
    Submission.objects.bulk_create(submissions, batch_size=200)
    SubmissionFile.objects.bulk_create(files, batch_size=BATCH)
    Receipt.objects.bulk_create((Receipt(submission=one) for one in submissions), batch_size=BATCH)
    for application, submission in zip(applications, submissions, strict=True):
        application.standing_submission, application.status = submission, ApplicationStatus.SUBMITTED
    Application.objects.bulk_update(applications, ["standing_submission", "status"], batch_size=500)


def _submission(
    application: Application, sections: dict, documents: list[Document], *, number: int, at: datetime
) -> Submission:
    owner = application.created_by
    receipt = receipt_number(at.year, hashlib.sha256(str(application.pk).encode()).digest()[:5])
    deadline = application.call.deadline_in_force
    snapshot = {
        "format": 1,
        "application": str(application.pk),
        "call": application.call.code,
        "deadline": {"version": 1, "closes_at": deadline.closes_at.isoformat() if deadline else ""},
        "number": receipt,
        "version": 1,
        "submitted_at": at.isoformat(),
        "submitted_by": {"name": owner.full_name, "email": owner.email},
        "signatory": owner.full_name,
        "capacity": "Président",
        "track": application.track,
        "cluster": "",
        "sections": sections,
        "files": [
            {"piece": one.required_document.code, "name": one.name, "size": one.size, "sha256": one.sha256}
            for one in documents
        ],
        "pieces": [
            {
                "code": one.required_document.code,
                "name_fr": one.required_document.name_fr,
                "name_ar": one.required_document.name_ar,
            }
            for one in documents
        ],
    }
    return Submission(
        application=application,
        version=1,
        number=receipt,
        token=uuid4(),
        submitted_at=at - timedelta(minutes=number % 600),
        submitted_by=owner,
        signatory=owner.full_name,
        capacity="Président",
        snapshot=snapshot,
        digest=digest(snapshot),
    )


def _admit(applications: list[Application], people: People, *, at: datetime) -> None:
    EligibilityCheck.objects.bulk_create(
        (
            EligibilityCheck(
                application=application,
                line=line,
                position=position,
                finding=Finding.MET,
                facts={},
                reason_fr="Condition remplie.",
                reason_ar="الشرط مستوفى.",
                source="Article 5",
                ruleset_version="bench",
                computed_at=at,
                answer=Finding.MET,
                answered_by=people.manager,
                answered_at=at,
            )
            for application in applications
            for position, line in enumerate(EligibilityLine)
        ),
        batch_size=BATCH,
    )
    AdmissibilitySettlement.objects.bulk_create(
        (
            AdmissibilitySettlement(
                application=application,
                outcome=ApplicationStatus.ADMISSIBLE,
                proposed_by=people.manager,
                proposed_at=at,
            )
            for application in applications
        ),
        batch_size=BATCH,
    )


def _mark(call: Call, applications: list[Application], *, when: Timeline) -> None:
    """Every juror has declared on every dossier; three in turn have marked each, but for a few sheets of the first."""
    seats = list(JuryMember.objects.filter(call=call).order_by("appointed_at", "pk"))
    ConflictDeclaration.objects.bulk_create(
        (
            ConflictDeclaration(
                juror=seat, application=application, kind=DeclarationKind.NONE, declared_at=when.day(15)
            )
            for seat in seats
            for application in applications
        ),
        batch_size=BATCH,
    )
    assignments = Assignment.objects.bulk_create(
        (
            Assignment(
                juror=seats[(place + turn) % len(seats)], application=application, assigned_at=when.day(17)
            )
            for place, application in enumerate(applications)
            for turn in range(READERS)
        ),
        batch_size=BATCH,
    )
    own = [one for one in assignments if one.juror_id == seats[0].pk]
    unsent = {one.pk for one in own[:UNSENT]}
    places = {application.pk: place for place, application in enumerate(applications)}
    numbers = {seat.pk: number for number, seat in enumerate(seats)}
    sheets = Evaluation.objects.bulk_create(
        (Evaluation(assignment=one, updated_at=when.day(20)) for one in assignments if one.pk not in unsent),
        batch_size=BATCH,
    )
    _write_marks(call, sheets, lambda one: (places[one.application_id], numbers[one.juror_id]))
    Evaluation.objects.filter(assignment__juror__call=call).update(
        status=EvaluationStatus.SENT, sent_at=when.day(20)
    )


def _write_marks(
    call: Call, sheets: list[Evaluation], coordinates: Callable[[Assignment], tuple[int, int]]
) -> None:
    rows = grid_rows(call.pk)
    subs = {key: pk for pk, key in rows.sub_keys.items()}
    scores, comments = [], []
    for sheet in sheets:
        place, number = coordinates(sheet.assignment)
        marking = marking_of(place, number, rows=rows, seed=SEED)
        scores += [
            Score(evaluation=sheet, subcriterion_id=subs[key], mark=Decimal(mark))
            for key, mark in marking.marks.items()
        ]
        comments += [
            CriterionComment(evaluation=sheet, criterion=rows.by_code[code], text=text)
            for code, text in marking.comments.items()
        ]
    Score.objects.bulk_create(scores, batch_size=BATCH)
    CriterionComment.objects.bulk_create(comments, batch_size=BATCH)


def _letters(decisions: list[Decision], call: Call, *, at: datetime) -> None:
    full = Application.objects.filter(call=call).select_related("call", "standing_submission")
    by_pk = {application.pk: application for application in full}
    letters = []
    for sequence, decision in enumerate(decisions, start=1):
        decision.application = by_pk[decision.application_id]
        number = f"MIC/DPTC/{at.year}/{sequence:04}"
        letters.append(
            DecisionLetter(
                decision=decision,
                year=at.year,
                sequence=sequence,
                number=number,
                state=LetterState.RENDERED,
                content=letter_content(decision, number=number, on=at, signatory="Décideur Démonstration"),
                numbered_at=at,
                pdf_key=f"letters/{uuid4()}/1.pdf",
                pdf_sha256="0" * 64,
                pdf_size=60_000,
                rendered_at=at,
            )
        )
    DecisionLetter.objects.bulk_create(letters, batch_size=BATCH)
    LetterCounter.objects.update_or_create(year=at.year, defaults={"last_sequence": len(letters)})
