"""What one juror has before them, page by page, in four queries whatever the number of dossiers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, FilteredRelation, Q, QuerySet, Value, When

from accounts.models import User
from applications.enums import ApplicationStatus, CallStatus
from applications.models import Application, Call
from evaluation.enums import DeclarationKind, EvaluationStatus, LinkRuling
from evaluation.models import JuryMember

AT_WORK = (CallStatus.EVALUATION, CallStatus.DELIBERATION)
PAGE_SIZE = 50


class DossierState(StrEnum):
    """Where a juror stands with one dossier."""

    TO_DECLARE = "to_declare"
    AWAITING_RULING = "awaiting_ruling"
    AWAITING_ASSIGNMENT = "awaiting_assignment"
    TO_MARK = "to_mark"
    IN_PROGRESS = "in_progress"
    SENT = "sent"


ASSIGNED = (DossierState.TO_MARK, DossierState.IN_PROGRESS, DossierState.SENT)
UNFINISHED = (DossierState.IN_PROGRESS, DossierState.TO_MARK)


@dataclass(frozen=True)
class JurorDossier:
    """One dossier as its juror sees it; a recused one is never made into a row."""

    pk: UUID
    name: str
    number: str
    call_id: UUID
    state: str
    assignment_id: int | None
    updated_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True)
class JurorCall:
    """One call of a juror's home page: its totals, the sheet to go on with, the dossiers of this page."""

    seat: JuryMember
    call: Call
    dossier_count: int
    to_declare_count: int
    assigned_count: int
    sent_count: int
    next_dossier: JurorDossier | None
    dossiers: tuple[JurorDossier, ...]


def seats_of(user: User) -> QuerySet[JuryMember]:
    return (
        JuryMember.objects.seated()
        .filter(user=user, call__is_historical=False)
        .exclude(call__status__in=(CallStatus.CANCELLED,))
        .select_related("call", "call__evaluation_round")
        .order_by("-call__year", "call__code")
    )


def juror_home(user: User, *, page: str | None) -> tuple[list[JurorCall], Page]:
    """Every call in whose jury the person sits; one page of dossiers that runs through the calls in their order."""
    seats = list(seats_of(user))
    dossiers = _dossiers(seats)
    counted = dossiers.values("call_id").annotate(
        all=Count("pk"),
        to_declare=Count("pk", filter=Q(state=DossierState.TO_DECLARE)),
        assigned=Count("pk", filter=Q(state__in=ASSIGNED)),
        sent=Count("pk", filter=Q(state=DossierState.SENT)),
    )
    totals = {row["call_id"]: row for row in counted.order_by()}
    none = {"all": 0, "to_declare": 0, "assigned": 0, "sent": 0}
    shown = Paginator(range(sum(row["all"] for row in totals.values())), PAGE_SIZE).get_page(page)
    first = (shown.number - 1) * PAGE_SIZE
    rows = list(
        _read(dossiers.order_by("-call__year", "call__code", "name", "pk")[first : first + PAGE_SIZE])
    )
    unfinished = dossiers.filter(state__in=UNFINISHED)
    # By the name of the state: the sheet under way ("in_progress") comes before one not begun ("to_mark").
    following = unfinished.order_by("call_id", "state", "name", "pk").distinct("call_id")
    next_of = {dossier.call_id: dossier for dossier in _read(following)}
    calls = []
    for seat in seats:
        total = totals.get(seat.call_id, none)
        calls.append(
            JurorCall(
                seat=seat,
                call=seat.call,
                dossier_count=total["all"],
                to_declare_count=total["to_declare"],
                assigned_count=total["assigned"],
                sent_count=total["sent"],
                next_dossier=next_of.get(seat.call_id),
                dossiers=tuple(row for row in rows if row.call_id == seat.call_id),
            )
        )
    return calls, shown


def _dossiers(seats: list[JuryMember]) -> QuerySet[Application]:
    """Each with `state`. Recused dossiers are left out, and all of them before the marking begins."""
    mine = [seat.pk for seat in seats]
    recused = Q(own_declaration__kind=DeclarationKind.CONFLICT) | Q(own_declaration__ruling=LinkRuling.RECUSE)
    waiting = Q(own_declaration__kind=DeclarationKind.LINK, own_declaration__ruling="")
    return (
        Application.objects.filter(
            call__in=[seat.call_id for seat in seats],
            call__status__in=AT_WORK,
            status=ApplicationStatus.IN_EVALUATION,
        )
        .annotate(
            own_declaration=FilteredRelation("declarations", condition=Q(declarations__juror__in=mine)),
            own_assignment=FilteredRelation("assignments", condition=Q(assignments__juror__in=mine)),
        )
        .annotate(
            state=Case(
                When(recused, then=Value("recused")),
                When(own_declaration__isnull=True, then=Value(DossierState.TO_DECLARE.value)),
                When(waiting, then=Value(DossierState.AWAITING_RULING.value)),
                When(own_assignment__isnull=True, then=Value(DossierState.AWAITING_ASSIGNMENT.value)),
                When(own_assignment__evaluation__isnull=True, then=Value(DossierState.TO_MARK.value)),
                When(
                    own_assignment__evaluation__status=EvaluationStatus.SENT,
                    then=Value(DossierState.SENT.value),
                ),
                default=Value(DossierState.IN_PROGRESS.value),
            )
        )
        .exclude(state="recused")
    )


def _read(dossiers: QuerySet[Application]) -> Iterator[JurorDossier]:
    for row in dossiers.values_list(
        "pk",
        "name",
        "standing_submission__number",
        "call_id",
        "state",
        F("own_assignment__pk"),
        "own_assignment__evaluation__updated_at",
        "own_assignment__evaluation__sent_at",
    ):
        yield JurorDossier(*row)
