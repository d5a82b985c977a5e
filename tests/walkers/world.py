"""One call with a few dossiers in a given phase, and what each URL's arguments are in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from accounts import outbox
from accounts.enums import OutboxKind, OutboxState
from accounts.models import Notice, OutboxMessage, RoleGrant, User
from applications.actions.reference import load_reference_data
from applications.enums import TeamRole
from applications.models import (
    Application,
    Call,
    Cluster,
    Deadline,
    Document,
    Label,
    SubmissionFile,
    TeamInvitation,
    TeamMember,
)
from evaluation.actions.calls import create_call_from
from evaluation.actions.declarations import declare
from evaluation.demonstration.build import build_demo
from evaluation.enums import DeclarationKind, JuryRole
from evaluation.models import Assignment, ConflictDeclaration, Decision, DecisionLetter, JuryMember
from tests.walkers.routes import Route

UNKNOWN = "unknown"
PHASES = (
    "draft",
    "announced",
    "open",
    "awaiting",
    "closed",
    "opened",
    "evaluation",
    "deliberation",
    "proposed",
    "decided",
    "published",
    UNKNOWN,
)
BEFORE_DOSSIERS = ("draft", "announced")
BUILT = {"draft": "open", "announced": "open", "awaiting": "open", UNKNOWN: "decided"}
NOTHING = {"int": 999_999_999, "str": "rien", "uuid": UUID("00000000-0000-4000-8000-000000000000")}
DOSSIERS, JURORS, SEED = 5, 3, 1
DAY = timedelta(days=1)
INVITATION = "invitation-for-the-walk"
ADDRESSES = {
    "anonymous": None,
    "applicant": "porteur3",
    "other_applicant": "porteur2",
    "call_manager": "responsable",
    "case_officer": "instructeur",
    "juror": "jure1",
    "recused_juror": "jure3",
    "chair": "presidente",
    "decision_maker": "decideur",
    "auditor": "auditeur",
    "administrator": "administrateur",
}
ROLES = tuple(ADDRESSES)


@dataclass
class World:
    """`dossier` belongs to the applicant; the juror reads it, the recused juror must not."""

    phase: str
    at: datetime
    call: Call
    dossier: Application | None
    people: dict[str, User | None]

    def arguments(self, route: Route, role: str) -> dict[str, Any]:
        """What the URL asks for; something that does not exist where the phase has none of it."""
        return {name: self._argument(route.name, name, role) for name in route.arguments}

    def _argument(self, url: str, name: str, role: str) -> Any:
        find = (
            FINDERS.get((url, name)) or FINDERS.get((url.partition(":")[0], name)) or FINDERS.get(("", name))
        )
        if find is None:
            raise AssertionError(f"tests/walkers/world.py does not say what {name!r} of {url} is")
        nothing = NOTHING[find.kind]
        if self.phase == UNKNOWN:
            return nothing
        found = find.of(self, role)
        return nothing if found is None else found


@dataclass(frozen=True)
class Find:
    kind: str
    of: Callable[[World, str], Any]


def _dossier(world: World, role: str) -> Any:
    return world.dossier and world.dossier.pk


def _of_dossier(queryset: Callable[[Application], Any], attribute: str = "pk") -> Callable[[World, str], Any]:
    def find(world: World, role: str) -> Any:
        return world.dossier and queryset(world.dossier).values_list(attribute, flat=True).first()

    return find


def _assignment(world: World, role: str) -> Any:
    """The recused juror asks for what was its own, everybody else for the juror's."""
    reader = world.people["recused_juror" if role == "recused_juror" else "juror"]
    found = Assignment.objects.filter(application=world.dossier, juror__user=reader)
    return found.values_list("pk", flat=True).first()


def _seat(world: World, role: str) -> Any:
    seats = JuryMember.objects.filter(call=world.call, user=world.people["juror"])
    return seats.values_list("pk", flat=True).first()


def _notice(world: World, role: str) -> Any:
    return Notice.objects.filter(user=world.people["applicant"]).values_list("pk", flat=True).first()


def _grant(world: World, role: str) -> Any:
    return RoleGrant.objects.filter(user=world.people["case_officer"]).values_list("pk", flat=True).first()


def _labelled(world: World, role: str) -> Any:
    return Cluster.objects.filter(labels__confirmed_at=None, labels__isnull=False).first().code


def _label(world: World, role: str) -> Any:
    return Label.objects.filter(cluster__code=_labelled(world, role)).first().pk


def _link(world: World, role: str) -> Any:
    links = ConflictDeclaration.objects.filter(
        juror__call=world.call, kind=DeclarationKind.LINK, juror__role=JuryRole.JUROR
    )
    return links.order_by("ruling", "pk").values_list("pk", flat=True).first()


# By (URL name, argument), else by (namespace, argument), else by ("", argument).
FINDERS: dict[tuple[str, str], Find] = {
    ("", "code"): Find("str", lambda world, role: world.call.code),
    ("applications:section", "code"): Find("str", lambda world, role: "identity"),
    ("applications:cluster", "code"): Find("str", _labelled),
    ("applications:register-facts", "code"): Find("str", _labelled),
    ("applications:register-fact-confirm", "code"): Find("str", _labelled),
    ("applications:register-fact-confirm", "kind"): Find("str", lambda world, role: "labellisation"),
    ("applications:register-fact-confirm", "pk"): Find("int", _label),
    ("applications:check-answer", "line"): Find("str", lambda world, role: "on_time"),
    ("applications:check-second", "line"): Find("str", lambda world, role: "on_time"),
    ("applications:team_invitation", "token"): Find("str", lambda world, role: None),
    ("applications", "pk"): Find("uuid", _dossier),
    ("applications", "seat"): Find(
        "int",
        _of_dossier(lambda dossier: TeamMember.objects.filter(application=dossier).exclude(role="owner")),
    ),
    ("applications", "invitation"): Find(
        "uuid", _of_dossier(lambda dossier: TeamInvitation.objects.filter(application=dossier))
    ),
    ("applications", "document"): Find(
        "uuid", _of_dossier(lambda dossier: Document.objects.current().filter(application=dossier))
    ),
    ("applications", "piece"): Find(
        "str", _of_dossier(lambda dossier: dossier.call.required_documents.all(), "code")
    ),
    ("applications", "version"): Find("int", lambda world, role: 1 if world.dossier else None),
    ("evaluation:call-criterion", "criterion"): Find("str", lambda world, role: "strategy"),
    ("evaluation:my-decision", "pk"): Find("uuid", _dossier),
    ("evaluation:my-letter", "pk"): Find("uuid", _dossier),
    ("evaluation:acknowledge", "pk"): Find("uuid", _dossier),
    ("evaluation:letter-file", "pk"): Find(
        "uuid", _of_dossier(lambda dossier: DecisionLetter.objects.filter(decision__application=dossier))
    ),
    ("evaluation", "pk"): Find(
        "uuid", _of_dossier(lambda dossier: Decision.objects.filter(application=dossier))
    ),
    ("evaluation", "assignment_id"): Find("int", _assignment),
    ("evaluation", "application_id"): Find("uuid", _dossier),
    ("evaluation", "seat_id"): Find("int", _seat),
    ("evaluation", "declaration_id"): Find("int", _link),
    ("evaluation", "file_id"): Find(
        "int", _of_dossier(lambda dossier: SubmissionFile.objects.filter(submission__application=dossier))
    ),
    ("accounts:open_notice", "pk"): Find("int", _notice),
    ("accounts:read_notice", "pk"): Find("int", _notice),
    ("accounts", "pk"): Find("uuid", lambda world, role: world.people["case_officer"].pk),
    ("accounts", "grant_pk"): Find("int", _grant),
    ("account_reset_password_from_key", "uidb36"): Find("str", lambda world, role: None),
    ("account_reset_password_from_key", "key"): Find("str", lambda world, role: None),
    ("accounts:mail", "name"): Find("str", lambda world, role: None),
}


def build(phase: str, *, at: datetime) -> World:
    """A database that holds one rehearsed call in this phase.

    The applicant's dossier is the third: deposited in every phase, and one juror declared a conflict about it.
    """
    load_reference_data(at=at)
    build_demo(dossiers=DOSSIERS, jurors=JURORS, phase=BUILT.get(phase, phase), seed=SEED, at=at)
    call = Call.objects.get(is_demonstration=True)
    people: dict[str, User | None] = {
        role: address and User.objects.get(email=f"{address}@demo.example")
        for role, address in ADDRESSES.items()
    }
    dossier: Application | None = Application.objects.get(call=call, team__user=people["applicant"])
    _complete_team(dossier, by=people["applicant"], at=at)
    if phase == "draft":
        call = _draft_after(call, by=people["call_manager"], at=at)
    elif phase == "announced":
        Call.objects.filter(pk=call.pk).update(opens_at=at + DAY)
    elif phase == "evaluation":
        _recuse(dossier, people["recused_juror"], at=at)
    elif phase == "awaiting":
        Deadline.objects.filter(call=call).update(closes_at=at - DAY)
    elif phase == "published":
        _print_what_is_owed(dossier)
    call.refresh_from_db()
    if phase in BEFORE_DOSSIERS:
        dossier = None
    return World(phase=phase, at=at, call=call, dossier=dossier, people=people)


def _complete_team(dossier: Application, *, by: User, at: datetime) -> None:
    """An editor and an invitation that waits, so that their URLs have something to show."""
    editor = User.objects.get(email="redactrice@demo.example")
    TeamMember.objects.create(
        application=dossier, user=editor, role=TeamRole.EDITOR, added_by=by, added_at=at
    )
    TeamInvitation.objects.create(
        application=dossier,
        email="lectrice@demo.example",
        role=TeamRole.READER,
        token_digest=sha256(INVITATION.encode()).hexdigest(),
        invited_by=by,
        invited_at=at - DAY,
        expires_at=at + DAY,
    )


def _print_what_is_owed(dossier: Application) -> None:
    """The PDFs of the closing, of the deliberation and of this dossier's receipt; the others would take a while."""
    owed = OutboxMessage.objects.filter(state=OutboxState.QUEUED).exclude(kind=OutboxKind.RENDER_RECEIPT)
    receipt = OutboxMessage.objects.get(
        kind=OutboxKind.RENDER_RECEIPT, key=str(dossier.standing_submission_id)
    )
    for message in [*owed, receipt]:
        assert outbox.run(message.pk), message.last_error


def _recuse(dossier: Application, user: User, *, at: datetime) -> None:
    """In a round that still runs, the demonstration leaves this juror's declaration to be made."""
    seat = JuryMember.objects.get(call=dossier.call, user=user)
    declare(seat, dossier, DeclarationKind.CONFLICT, reason="Mon employeur est membre.", by=user, at=at)


def _draft_after(call: Call, *, by: User, at: datetime) -> Call:
    return create_call_from(
        call,
        code="DEMO-BROUILLON",
        year=call.year,
        title_fr="Appel de démonstration en brouillon",
        by=by,
        at=at,
    )
