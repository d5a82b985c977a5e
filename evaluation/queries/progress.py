"""Who has declared and sent, never what: totals of each juror, and one page of dossiers."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from accounts.models import User
from applications.enums import ApplicationStatus
from applications.models import Application, Call
from evaluation.enums import DeclarationKind, EvaluationStatus, JuryRole, LinkRuling
from evaluation.models import Assignment, ConflictDeclaration, JuryMember
from evaluation.queries.home import DossierState

PAGE_SIZE = 50
RECUSED, SUBSTITUTE = "recused", "substitute"


@dataclass(frozen=True)
class BoardRow:
    """One juror: how far."""

    seat: JuryMember
    declared_count: int
    assigned_count: int
    sent_count: int


@dataclass(frozen=True)
class BoardLine:
    """One dossier, and where each juror stands with it, in the order of the rows."""

    pk: UUID
    name: str
    states: tuple[str, ...]


@dataclass(frozen=True)
class Board:
    """Jurors × dossiers as one reader may see them: the counts are of all the dossiers, the lines of one page."""

    rows: tuple[BoardRow, ...]
    lines: tuple[BoardLine, ...]
    page: Page
    dossier_count: int
    hidden_count: int
    awaiting_ruling_count: int

    @property
    def assigned_count(self) -> int:
        return sum(row.assigned_count for row in self.rows)

    @property
    def sent_count(self) -> int:
        return sum(row.sent_count for row in self.rows)

    @property
    def to_declare_count(self) -> int:
        return sum(self.dossier_count - row.declared_count for row in self.rows)


def progress_board(call: Call, *, reader: User, page: str | None = None) -> Board:
    """Three queries. The dossiers that recuse the reader, or await a ruling on the reader's link, are left out."""
    hidden = (
        ConflictDeclaration.objects.exclude(Q(kind=DeclarationKind.NONE) | Q(ruling=LinkRuling.KEEP))
        .filter(juror__call=call, juror__user=reader, juror__removed_at__isnull=True)
        .values("application")
    )
    before_the_jury = Application.objects.filter(call=call, status=ApplicationStatus.IN_EVALUATION)
    counted = before_the_jury.aggregate(all=Count("pk"), seen=Count("pk", filter=~Q(pk__in=hidden)))
    visible = before_the_jury.exclude(pk__in=hidden)
    seats = _counted_seats(call, visible, hidden)
    shown = Paginator(range(counted["seen"]), PAGE_SIZE).get_page(page)
    first = (shown.number - 1) * PAGE_SIZE
    return Board(
        rows=tuple(
            BoardRow(seat, seat.declared_count, seat.assigned_count, seat.sent_count) for seat in seats
        ),
        lines=_lines(seats, visible.order_by("name", "pk")[first : first + PAGE_SIZE]),
        page=shown,
        dossier_count=counted["seen"],
        hidden_count=counted["all"] - counted["seen"],
        awaiting_ruling_count=sum(seat.waiting_count for seat in seats),
    )


def dossier_states(call: Call, application_id: UUID) -> list[tuple[JuryMember, str]]:
    """Each juror of the call with where he or she stands with one dossier."""
    seats = list(_seats(call))
    (line,) = _lines(seats, Application.objects.filter(pk=application_id))
    return list(zip(seats, line.states, strict=True))


def _seats(call: Call) -> QuerySet[JuryMember]:
    return (
        JuryMember.objects.seated().filter(call=call).select_related("user").order_by("user__full_name", "id")
    )


def _counted_seats(call: Call, visible: QuerySet[Application], hidden: QuerySet) -> list[JuryMember]:
    declared = ConflictDeclaration.objects.filter(juror=OuterRef("pk"))
    cleared = ConflictDeclaration.objects.clearances().filter(
        juror=OuterRef("juror"), application=OuterRef("application")
    )
    assigned = Assignment.objects.filter(
        Exists(cleared), juror=OuterRef("pk"), application__in=visible.values("pk")
    )
    counted = {
        "declared_count": declared.filter(application__in=visible.values("pk")),
        "waiting_count": declared.awaiting_ruling().exclude(application__in=hidden),
        "assigned_count": assigned,
        "sent_count": assigned.filter(evaluation__status=EvaluationStatus.SENT),
    }
    return list(
        _seats(call).annotate(
            **{
                name: Coalesce(
                    Subquery(
                        rows.order_by().values("juror").annotate(n=Count("pk")).values("n"),
                        output_field=IntegerField(),
                    ),
                    0,
                )
                for name, rows in counted.items()
            }
        )
    )


def _lines(seats: list[JuryMember], applications: QuerySet[Application]) -> tuple[BoardLine, ...]:
    """One query."""
    declarations = ConflictDeclaration.objects.filter(application=OuterRef("pk")).order_by()
    assignments = Assignment.objects.filter(application=OuterRef("pk")).order_by()
    found = applications.annotate(
        declared=ArraySubquery(
            declarations.values(json=JSONObject(juror="juror_id", kind="kind", ruling="ruling"))
        ),
        given=ArraySubquery(
            assignments.values(json=JSONObject(juror="juror_id", status="evaluation__status"))
        ),
    ).values_list("pk", "name", "declared", "given")
    lines = []
    for pk, name, declared, given in found:
        declaration_of = {row["juror"]: row for row in declared}
        assignment_of = {row["juror"]: row for row in given}
        states = tuple(
            _state(seat, declaration_of.get(seat.pk), assignment_of.get(seat.pk)) for seat in seats
        )
        lines.append(BoardLine(pk, name, states))
    return tuple(lines)


def _state(
    seat: JuryMember, declaration: Mapping[str, str] | None, assignment: Mapping[str, str | None] | None
) -> str:
    if declaration is None:
        return DossierState.TO_DECLARE.value
    kind, ruling = declaration["kind"], declaration["ruling"]
    if kind == DeclarationKind.CONFLICT or ruling == LinkRuling.RECUSE:
        return RECUSED
    if kind == DeclarationKind.LINK and not ruling:
        return DossierState.AWAITING_RULING.value
    if assignment is None:
        is_substitute = seat.role == JuryRole.SUBSTITUTE
        return SUBSTITUTE if is_substitute else DossierState.AWAITING_ASSIGNMENT.value
    if assignment["status"] is None:
        return DossierState.TO_MARK.value
    is_sent = assignment["status"] == EvaluationStatus.SENT
    return DossierState.SENT.value if is_sent else DossierState.IN_PROGRESS.value
