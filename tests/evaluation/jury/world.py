"""A small call before its jury: people, grid, sealed dossiers. Plain functions, each making one thing."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from accounts.enums import Role
from accounts.models import RoleGrant, User
from applications.enums import ApplicationStatus, CallStatus, TeamRole, Track
from applications.models import (
    Application,
    Call,
    Document,
    RequiredDocument,
    Submission,
    SubmissionFile,
    TeamMember,
)
from clusters_portal import storage
from evaluation.actions.declarations import declare
from evaluation.actions.deliberation import record_meeting
from evaluation.actions.jury import appoint_juror
from evaluation.actions.marking import save_sheet, send_sheet
from evaluation.actions.rounds import close_round, start_evaluation
from evaluation.domain.default_grid import DEFAULT_CRITERIA
from evaluation.enums import DeclarationKind, JuryRole
from evaluation.models import Assignment, Criterion, Grid, JuryMember, Subcriterion

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_numbers = count(1)


def person(name: str, *roles: Role, email: str = "", organisation: str = "") -> User:
    address = email or f"{name.lower().replace(' ', '.')}.{next(_numbers)}@demo.example"
    user = User.objects.create_user(address, "pass-word-for-tests", full_name=name, organisation=organisation)
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, starts_on=date(2026, 1, 1), granted_at=AT)
    return user


def grid_for(call: Call) -> Grid:
    grid = Grid.objects.create(call=call, quorum=3)
    for position, texts in enumerate(DEFAULT_CRITERIA):
        criterion = Criterion.objects.create(
            grid=grid,
            code=texts.code,
            position=position,
            weight=texts.weight,
            title_fr=texts.title.fr,
            title_ar=texts.title.ar,
        )
        for place, sub in enumerate(texts.subcriteria):
            Subcriterion.objects.create(
                criterion=criterion,
                code=sub.code,
                position=place,
                weight=sub.weight,
                title_fr=sub.title.fr,
                title_ar=sub.title.ar,
                anchors=[{"fr": anchor.fr, "ar": anchor.ar} for anchor in sub.anchors],
            )
    return grid


def call_opened(code: str = "essai-2026") -> Call:
    call = Call.objects.create(
        code=code,
        year=2026,
        title_fr="Appel à projets clusters (essai)",
        title_ar="طلب مشاريع التجمعات (تجربة)",
        status=CallStatus.OPENED,
        support_count="since_first_label",
        support_reference="first_deadline",
        is_demonstration=True,
    )
    grid_for(call)
    RequiredDocument.objects.create(
        call=call, code="plan", name_fr="Plan de développement", name_ar="خطة التطوير"
    )
    return call


def dossier(
    call: Call,
    name: str,
    *,
    status: ApplicationStatus = ApplicationStatus.ADMISSIBLE,
    sections: Mapping[str, Any] | None = None,
) -> Application:
    owner = person(f"Porteur {name}")
    application = Application.objects.create(
        call=call, name=name, track=Track.NEW, created_by=owner, created_at=AT, updated_at=AT
    )
    TeamMember.objects.create(
        application=application,
        user=owner,
        role=TeamRole.OWNER,
        may_deposit=True,
        added_by=owner,
        added_at=AT,
    )
    content = b"%PDF-1.4 " + name.encode()
    stored = storage.put(f"test/{uuid4()}", content)
    document = Document.objects.create(
        application=application,
        required_document=call.required_documents.first(),
        name="plan.pdf",
        format="pdf",
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.key,
        uploaded_by=owner,
        uploaded_at=AT,
    )
    submission = Submission.objects.create(
        application=application,
        version=1,
        number=f"R-2026-{next(_numbers):08d}",
        token=uuid4(),
        submitted_at=AT,
        submitted_by=owner,
        signatory="Signataire Démonstration",
        capacity="Président",
        snapshot={"sections": {**default_sections(name), **(sections or {})}, "files": []},
        digest=hashlib.sha256(name.encode()).hexdigest(),
    )
    SubmissionFile.objects.create(
        submission=submission,
        document=document,
        position=1,
        piece_code="plan",
        name="plan.pdf",
        size=stored.size,
        sha256=stored.sha256,
    )
    application.standing_submission = submission
    application.status = status
    application.save()
    return application


def default_sections(name: str) -> dict[str, Any]:
    return {
        "identity": {"name": name, "city": "Rabat"},
        "representation": {
            "representative": f"Dirigeant {name}",
            "email": f"contact@{name.split()[-1].lower()}.example",
        },
        "members": {"rows": [{"name": f"Atelier {name}", "type": "sme"}]},
        "strategy": {"vision": f"Vision secrète de {name}", "value_added": "Valeur"},
        "innovation": {
            "steering_team": f"Équipe {name}",
            "rows": [
                {"title": "Banc", "partners": "Institut Fictif", "trl": 4, "budget": "1000.00", "ip": ""}
            ],
        },
        "international": {"markets": "Afrique", "partners": "Cluster étranger fictif", "actions": "Salons"},
    }


@dataclass
class World:
    """A call in evaluation with its jury; everybody has declared "none" unless told otherwise."""

    call: Call
    manager: User
    chair: User
    jurors: list[User]
    dossiers: list[Application]
    seats: dict[User, JuryMember] = field(default_factory=dict)

    @property
    def everybody(self) -> list[User]:
        return [self.chair, *self.jurors]

    def seat(self, user: User) -> JuryMember:
        return JuryMember.objects.get(call=self.call, user=user)

    def assignment(self, user: User, application: Application) -> Assignment:
        return Assignment.objects.get(juror__user=user, application=application)

    def refresh(self) -> Call:
        self.call = Call.objects.get(pk=self.call.pk)
        return self.call


def evaluation_world(
    *, dossier_count: int = 2, juror_count: int = 3, declared: bool = True, code: str = "essai-2026"
) -> World:
    call = call_opened(code)
    manager = person("Responsable", Role.CALL_MANAGER)
    chair = person("Présidente du jury")
    jurors = [person(f"Membre {number}") for number in range(1, juror_count + 1)]
    for user in (chair, *jurors):
        appoint_juror(
            call,
            email=user.email,
            role=JuryRole.CHAIR if user == chair else JuryRole.JUROR,
            organisation="Organisme fictif",
            by=manager,
            at=AT,
        )
    dossiers = [
        dossier(call, f"Cluster Démonstration {number:02d}") for number in range(1, dossier_count + 1)
    ]
    start_evaluation(call, by=manager, at=AT)
    world = World(Call.objects.get(pk=call.pk), manager, chair, jurors, dossiers)
    for application in dossiers:
        application.refresh_from_db()
    if declared:
        for user in world.everybody:
            declare_none(world, user)
    return world


def declare_none(world: World, user: User, dossiers: Iterable[Application] | None = None) -> None:
    for application in dossiers if dossiers is not None else world.dossiers:
        declare(world.seat(user), application, DeclarationKind.NONE, reason="", by=user, at=AT)


def give_marks(
    world: World, user: User, application: Application, mark: str | Mapping[str, str], *, send: bool = True
):
    """One mark everywhere, or one per criterion code; a comment everywhere, so that it can be sent."""
    subs = Subcriterion.objects.filter(criterion__grid__call=world.call).select_related("criterion")
    marks = {sub.pk: Decimal(mark if isinstance(mark, str) else mark[sub.criterion.code]) for sub in subs}
    comments = {sub.criterion_id: "Commentaire de la fiche." for sub in subs}
    assignment = world.assignment(user, application)
    version = getattr(getattr(assignment, "evaluation", None), "version", 0)
    sheet = save_sheet(assignment, marks=marks, comments=comments, version=version, by=user, at=AT)
    return send_sheet(assignment, by=user, at=AT) if send else sheet


def all_marked(world: World, marks: Mapping[Application, str] | None = None) -> None:
    for place, application in enumerate(world.dossiers):
        for user in world.everybody:
            mark = (marks or {}).get(application) or ("4.5", "4", "3.5", "2", "1")[place % 5]
            give_marks(world, user, application, mark)


def closed_world(**options: Any) -> World:
    world = evaluation_world(**options)
    all_marked(world)
    close_round(world.call, by=world.chair, at=AT + timedelta(hours=1))
    world.refresh()
    return world


def hold_meeting(world: World, present: Iterable[User] | None = None) -> None:
    users = list(present) if present is not None else world.everybody
    record_meeting(
        world.refresh(),
        held_on=date(2026, 11, 22),
        place="Rabat",
        remarks="",
        present={world.seat(user).pk for user in users},
        by=world.chair,
        at=AT + timedelta(hours=2),
    )


def fetched(client, url: str) -> tuple[int, bytes]:
    """Status and body of an answer that may stream a file, which is closed; `close()` would end the connection too."""
    answer = client.get(url)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for close in answer._resource_closers:
        close()
    return answer.status_code, content
