"""Deliberated calls whose decisions wait for a signature, written straight into the tables."""

from datetime import UTC, datetime
from uuid import uuid4

from accounts.enums import Role
from accounts.models import User
from applications.enums import ApplicationStatus, CallStatus
from applications.models import Application, Call, Submission
from evaluation.enums import Outcome
from evaluation.models import Decision
from tests.applications.applicant import world

# In the past, so that what the outbox owes since then is due.
DEPOSITED_AT = datetime(2025, 11, 20, 10, 0, tzinfo=UTC)
SIGNED_AT = datetime(2025, 12, 14, 9, 0, tzinfo=UTC)


def decision_maker(name: str = "decideur") -> User:
    user = world.person(name)
    world.RoleGrant.objects.create(
        user=user, role=Role.DECISION_MAKER, starts_on=DEPOSITED_AT.date(), granted_at=DEPOSITED_AT
    )
    return user


def deliberated_call(code: str, *, proposer: User, decisions: int) -> tuple[Call, list[Decision]]:
    call = world.open_call(code, status=CallStatus.DELIBERATION)
    return call, [_decision(call, number, proposer) for number in range(1, decisions + 1)]


def _decision(call: Call, number: int, proposer: User) -> Decision:
    name = f"Cluster Démonstration {number}"
    application = Application.objects.create(
        call=call,
        name=name,
        track="new",
        created_by=proposer,
        created_at=DEPOSITED_AT,
        updated_at=DEPOSITED_AT,
    )
    submission = Submission.objects.create(
        application=application,
        version=1,
        number=uuid4().hex[:16].upper(),
        token=uuid4(),
        submitted_at=DEPOSITED_AT,
        submitted_by=proposer,
        signatory=f"Promoteur Démonstration {number}",
        capacity="Président",
        snapshot={"sections": {"identity": {"name": name, "name_ar": "تجمع تجريبي"}}},
        digest="0" * 64,
    )
    Application.objects.filter(pk=application.pk).update(
        status=ApplicationStatus.IN_EVALUATION, standing_submission=submission
    )
    return Decision.objects.create(
        application_id=application.pk,
        outcome=Outcome.LABELLED,
        reasons_fr="Le dossier satisfait aux critères publiés.",
        reasons_ar="يستوفي الملف المعايير المنشورة.",
        proposed_by=proposer,
        proposed_at=DEPOSITED_AT,
    )
