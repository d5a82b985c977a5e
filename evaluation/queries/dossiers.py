"""What one juror has before them: dossiers, declarations and sheets, in a constant number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from applications.enums import ApplicationStatus, CallStatus
from applications.models import Application, Call
from evaluation.enums import DeclarationKind, EvaluationStatus, JuryRole, LinkRuling
from evaluation.models import Assignment, ConflictDeclaration, Evaluation, JuryMember

AT_WORK = (CallStatus.EVALUATION, CallStatus.DELIBERATION)


class DossierState(StrEnum):
    """Where a juror stands with one dossier."""

    TO_DECLARE = "to_declare"
    AWAITING_RULING = "awaiting_ruling"
    AWAITING_ASSIGNMENT = "awaiting_assignment"
    TO_MARK = "to_mark"
    IN_PROGRESS = "in_progress"
    SENT = "sent"


UNFINISHED = (DossierState.TO_MARK, DossierState.IN_PROGRESS)


@dataclass(frozen=True)
class JurorDossier:
    """One dossier as its juror sees it; a recused one is never made into a row."""

    seat: JuryMember
    application: Application
    declaration: ConflictDeclaration | None
    assignment: Assignment | None
    sheet: Evaluation | None

    @property
    def state(self) -> DossierState:
        if self.declaration is None:
            return DossierState.TO_DECLARE
        if not self.declaration.allows_reading:
            return DossierState.AWAITING_RULING
        if self.assignment is None:
            return DossierState.AWAITING_ASSIGNMENT
        if self.sheet is None:
            return DossierState.TO_MARK
        return DossierState.SENT if self.sheet.status == EvaluationStatus.SENT else DossierState.IN_PROGRESS


@dataclass(frozen=True)
class JurorCall:
    """One call of a juror's home page."""

    seat: JuryMember
    call: Call
    dossiers: tuple[JurorDossier, ...]

    def count(self, *states: DossierState) -> int:
        return sum(dossier.state in states for dossier in self.dossiers)

    @property
    def to_declare_count(self) -> int:
        return self.count(DossierState.TO_DECLARE)

    @property
    def assigned(self) -> tuple[JurorDossier, ...]:
        return tuple(
            dossier for dossier in self.dossiers if dossier.assignment and dossier.declaration.allows_reading
        )

    @property
    def sent_count(self) -> int:
        return self.count(DossierState.SENT)

    @property
    def next_dossier(self) -> JurorDossier | None:
        """The sheet under way first, then one not begun."""
        for state in (DossierState.IN_PROGRESS, DossierState.TO_MARK):
            for dossier in self.dossiers:
                if dossier.state == state:
                    return dossier
        return None


def seats_of(user: User) -> QuerySet[JuryMember]:
    return (
        JuryMember.objects.seated()
        .filter(user=user, call__is_historical=False)
        .exclude(call__status__in=(CallStatus.CANCELLED,))
        .select_related("call", "call__evaluation_round")
        .order_by("-call__year", "call__code")
    )


def juror_calls(user: User) -> list[JurorCall]:
    """Every call in whose jury the person sits, with what is theirs: four queries, however many."""
    seats = list(seats_of(user))
    rows = juror_dossiers(seats)
    return [JurorCall(seat=seat, call=seat.call, dossiers=tuple(rows[seat.pk])) for seat in seats]


def juror_dossiers(seats: list[JuryMember]) -> dict[int, list[JurorDossier]]:
    """By seat; three queries. Recused dossiers are left out, and all of them before the marking begins."""
    by_call = {seat.call_id: seat for seat in seats}
    applications = (
        Application.objects.filter(
            call__in=by_call,
            call__status__in=AT_WORK,
            status=ApplicationStatus.IN_EVALUATION,
        )
        .select_related("standing_submission")
        .defer("standing_submission__snapshot")
        .order_by("name", "id")
    )
    declarations: Mapping[tuple[int, UUID], ConflictDeclaration] = {
        (declaration.juror_id, declaration.application_id): declaration
        for declaration in ConflictDeclaration.objects.filter(juror__in=seats)
    }
    assignments: Mapping[tuple[int, UUID], Assignment] = {
        (assignment.juror_id, assignment.application_id): assignment
        for assignment in Assignment.objects.filter(juror__in=seats).select_related("evaluation")
    }
    rows: dict[int, list[JurorDossier]] = {seat.pk: [] for seat in seats}
    for application in applications:
        seat = by_call[application.call_id]
        key = (seat.pk, application.pk)
        declaration = declarations.get(key)
        if declaration is not None and declaration.is_recusal:
            continue
        assignment = assignments.get(key)
        rows[seat.pk].append(
            JurorDossier(seat, application, declaration, assignment, getattr(assignment, "evaluation", None))
        )
    return rows


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


@dataclass(frozen=True)
class BoardRow:
    """One juror on the chair's board: how far, never what."""

    seat: JuryMember
    cells: tuple["BoardCell", ...]

    @property
    def assigned_count(self) -> int:
        return sum(cell.state in ("to_mark", "in_progress", "sent") for cell in self.cells)

    @property
    def sent_count(self) -> int:
        return sum(cell.state == "sent" for cell in self.cells)

    @property
    def declared_count(self) -> int:
        return sum(cell.state != "to_declare" for cell in self.cells)


@dataclass(frozen=True)
class BoardCell:
    application: Application
    state: str


@dataclass(frozen=True)
class BoardLine:
    """One dossier, and where each juror stands with it, in the order of the rows."""

    application: Application
    states: tuple[str, ...]


@dataclass(frozen=True)
class Board:
    """Jurors × dossiers as one reader may see them."""

    applications: tuple[Application, ...]
    rows: tuple[BoardRow, ...]
    awaiting_ruling_count: int
    hidden_count: int

    @property
    def lines(self) -> tuple["BoardLine", ...]:
        """The same board, dossier by dossier."""
        return tuple(
            BoardLine(application, tuple(row.cells[index].state for row in self.rows))
            for index, application in enumerate(self.applications)
        )

    @property
    def assigned_count(self) -> int:
        return sum(row.assigned_count for row in self.rows)

    @property
    def sent_count(self) -> int:
        return sum(row.sent_count for row in self.rows)

    @property
    def to_declare_count(self) -> int:
        return sum(len(row.cells) - row.declared_count for row in self.rows)


def progress_board(call: Call, *, reader: User | None) -> Board:
    """Four queries. The dossiers that recuse the reader, or await a ruling on the reader's link, are left out."""
    seats = list(
        JuryMember.objects.seated().filter(call=call).select_related("user").order_by("user__full_name", "id")
    )
    declarations = {
        (row.juror_id, row.application_id): row for row in ConflictDeclaration.objects.filter(juror__in=seats)
    }
    assignments = {
        (row.juror_id, row.application_id): row
        for row in Assignment.objects.filter(juror__in=seats).select_related("evaluation")
    }
    own = {seat.pk for seat in seats if reader is not None and seat.user_id == reader.pk}
    hidden = {
        application
        for (juror, application), row in declarations.items()
        if juror in own and not row.allows_reading
    }
    before_the_jury = list(
        Application.objects.filter(call=call, status=ApplicationStatus.IN_EVALUATION)
        .select_related("standing_submission")
        .defer("standing_submission__snapshot")
        .order_by("name", "id")
    )
    applications = tuple(one for one in before_the_jury if one.pk not in hidden)

    def row_of(seat: JuryMember) -> BoardRow:
        pairs = [(application, (seat.pk, application.pk)) for application in applications]
        return BoardRow(
            seat,
            tuple(
                BoardCell(application, _cell_state(seat, declarations.get(key), assignments.get(key)))
                for application, key in pairs
            ),
        )

    waiting = sum(
        row.kind == DeclarationKind.LINK and not row.ruling
        for row in declarations.values()
        if row.application_id not in hidden
    )
    hidden_count = len(before_the_jury) - len(applications)
    return Board(applications, tuple(row_of(seat) for seat in seats), waiting, hidden_count)


def _cell_state(
    seat: JuryMember, declaration: ConflictDeclaration | None, assignment: Assignment | None
) -> str:
    if declaration is not None and declaration.is_recusal:
        return "recused"
    sheet = getattr(assignment, "evaluation", None)
    if (
        declaration is not None
        and declaration.allows_reading
        and seat.role == JuryRole.SUBSTITUTE
        and assignment is None
    ):
        return "substitute"
    return JurorDossier(seat, None, declaration, assignment, sheet).state.value


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
