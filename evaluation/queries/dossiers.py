"""Which dossiers stand before a juror: to declare on, hidden from, not yet sent."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.enums import ApplicationStatus
from applications.models import Application, Call
from evaluation.enums import DeclarationKind, EvaluationStatus, LinkRuling
from evaluation.models import Assignment, ConflictDeclaration, JuryMember


def declarable(seat: JuryMember) -> QuerySet[Application]:
    """The dossiers on which the juror has still to declare, with what the declaration page may show."""
    return (
        Application.objects.filter(call_id=seat.call_id, status=ApplicationStatus.IN_EVALUATION)
        .exclude(declarations__juror=seat)
        .select_related("standing_submission")
        .order_by("name", "id")
    )


def recused_application_ids(seat: JuryMember | None) -> frozenset[UUID]:
    """What must not reach this person's eyes, on any page of the call."""
    if seat is None:
        return frozenset()
    return frozenset(
        ConflictDeclaration.objects.filter(juror=seat)
        .filter(
            Q(kind=DeclarationKind.CONFLICT)
            | Q(ruling=LinkRuling.RECUSE)
            | Q(kind=DeclarationKind.LINK, ruling="")
        )
        .values_list("application_id", flat=True)
    )


def unsent(call: Call) -> list[Assignment]:
    """Sheets that the closing of the round would count as absent: one row per juror and dossier."""
    cleared = ConflictDeclaration.objects.clearances().filter(
        juror=OuterRef("juror"), application=OuterRef("application")
    )
    return list(
        Assignment.objects.filter(
            Exists(cleared),
            Q(evaluation__isnull=True) | Q(evaluation__status=EvaluationStatus.DRAFT),
            juror__call=call,
            juror__removed_at__isnull=True,
            application__status=ApplicationStatus.IN_EVALUATION,
        )
        .select_related("juror__user", "application")
        .order_by("juror__user__full_name", "application__name", "id")
    )
