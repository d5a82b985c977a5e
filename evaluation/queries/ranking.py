"""The facts of a call's ranking in four queries, whatever the number of dossiers, jurors and marks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from applications.enums import ApplicationStatus
from applications.models import Application, Call
from evaluation.domain.ranking import TOTAL, CriterionResult, DossierMarks, Ranking, RankingRow, rank
from evaluation.domain.scoring import Sheet, display
from evaluation.domain.stability import Stability, StabilityRow, stability
from evaluation.enums import DeclarationKind, EvaluationStatus, JuryRole, LinkRuling, RankStatus
from evaluation.models import Assignment, ConsensusMark, DeliberationOutcome, JuryMember
from evaluation.queries.grids import GridRows, grid_rows


@dataclass
class Seat:
    """One juror of the call, with what he or she declared and whether present at the deliberation."""

    pk: int
    user_id: UUID
    name: str
    role: JuryRole
    organisation: str
    is_seated: bool
    is_present: bool = False
    cleared: set[UUID] = field(default_factory=set)
    recused: set[UUID] = field(default_factory=set)
    waiting: set[UUID] = field(default_factory=set)

    @property
    def is_marker(self) -> bool:
        return self.is_seated and self.role in (JuryRole.CHAIR, JuryRole.JUROR)

    @property
    def hidden(self) -> frozenset[UUID]:
        """What recuses this juror, or whose link still waits for its ruling."""
        return frozenset(self.recused | self.waiting)

    def reads(self, application_id: UUID) -> bool:
        return self.is_marker and application_id not in self.recused and application_id not in self.waiting


@dataclass(frozen=True)
class CriterionCell:
    """One criterion of one dossier, rounded for the eye."""

    code: str
    title: str
    mark: Decimal | None
    jurors_mean: Decimal | None
    median: Decimal | None
    spread: Decimal | None
    is_consensus: bool
    meets_threshold: bool
    alert: bool
    needs_discussion: bool


@dataclass(frozen=True)
class RankingLine:
    """One dossier of the ranking as pages, exports and minutes print it."""

    application: Application
    row: RankingRow
    stability: StabilityRow
    cells: tuple[CriterionCell, ...]
    missed_titles: tuple[str, ...]
    misses_total: bool

    @property
    def total(self) -> Decimal | None:
        return shown(self.row.total)

    @property
    def median(self) -> Decimal | None:
        return shown(self.row.median)

    @property
    def spread(self) -> Decimal | None:
        return shown(self.row.spread)

    @property
    def coverage_percent(self) -> Decimal:
        return display(self.row.coverage * 100, 0)

    @property
    def is_above(self) -> bool:
        return self.row.status == RankStatus.ABOVE_THRESHOLD

    @property
    def status(self) -> RankStatus:
        return RankStatus(self.row.status)

    @property
    def to_discuss_titles(self) -> tuple[str, ...]:
        return tuple(cell.title for cell in self.cells if cell.needs_discussion)


@dataclass(frozen=True)
class RankingFacts:
    """Everything that the ranking, the deliberation and the minutes read."""

    call: Call
    rows: GridRows
    applications: tuple[Application, ...]
    seats: tuple[Seat, ...]
    dossiers: tuple[DossierMarks, ...]
    consensus: Mapping[tuple[str, str], Decimal]

    @cached_property
    def ranking(self) -> Ranking:
        return rank(self.dossiers, grid=self.rows.facts, consensus=self.consensus)

    @cached_property
    def stability(self) -> Stability:
        return stability(self.dossiers, grid=self.rows.facts, consensus=self.consensus)

    @cached_property
    def by_dossier(self) -> dict[str, Application]:
        return {str(application.pk): application for application in self.applications}

    def seat_of(self, user_id: UUID) -> Seat | None:
        return next((seat for seat in self.seats if seat.user_id == user_id and seat.is_seated), None)

    def hidden_from(self, user_id: UUID) -> frozenset[UUID]:
        """The dossiers that recuse this person, or whose link still waits for its ruling."""
        seat = self.seat_of(user_id)
        return seat.hidden if seat else frozenset()

    def lines(self, *, hidden: frozenset[UUID] = frozenset()) -> list[RankingLine]:
        """In the order of the list, without the dossiers that the reader may not see."""
        swings = {row.dossier: row for row in self.stability.rows}
        return [
            self._line(row, swings[row.dossier])
            for row in self.ranking.rows
            if self.by_dossier[row.dossier].pk not in hidden
        ]

    def consensus_entries(self, application: Application) -> list[dict[str, Any]]:
        """The consensus marks of one of these dossiers: objects with `criterion`, `mark` and `comment`."""
        entries: list[dict[str, Any]] = getattr(application, "consensus")  # noqa: B009 (an annotation of the query)
        return entries

    def readers(self, application_id: UUID) -> list[Seat]:
        """The jurors who sit and whom this dossier does not recuse."""
        return [seat for seat in self.seats if seat.reads(application_id)]

    def present_readers(self, application_id: UUID) -> list[Seat]:
        return [seat for seat in self.readers(application_id) if seat.is_present]

    def _line(self, row: RankingRow, swing: StabilityRow) -> RankingLine:
        by_code = self.rows.by_code
        cells = tuple(_cell(result, by_code[result.code].title) for result in row.criteria)
        return RankingLine(
            application=self.by_dossier[row.dossier],
            row=row,
            stability=swing,
            cells=cells,
            missed_titles=tuple(by_code[code].title for code in row.missed if code != TOTAL),
            misses_total=TOTAL in row.missed,
        )


def shown(value: Fraction | None) -> Decimal | None:
    return None if value is None else display(value)


def ranking_facts(call: Call) -> RankingFacts:
    """Four queries."""
    rows = grid_rows(call.pk)
    applications = tuple(evaluated_applications(call))
    seats = _seats(call)
    given = _given_marks(call, rows.sub_keys)
    reads_all = rows.grid is not None and len(applications) <= rows.grid.all_read_up_to
    dossiers = tuple(
        DossierMarks(str(application.pk), tuple(_sheets(application.pk, seats, given, reads_all)))
        for application in applications
    )
    consensus = {
        (str(application.pk), entry["criterion"]): Decimal(str(entry["mark"]))
        for application in applications
        for entry in application.consensus
    }
    return RankingFacts(call, rows, applications, tuple(seats.values()), dossiers, consensus)


def evaluated(call: Call) -> QuerySet[Application]:
    """Dossiers that the jury marked. Once the list is signed it stays as signed, whatever becomes of them later."""
    outcomes = DeliberationOutcome.objects.filter(application=OuterRef("pk"))
    return Application.objects.filter(
        Q(status=ApplicationStatus.IN_EVALUATION)
        | Q(Exists(outcomes), call__deliberation__signed_at__isnull=False),
        call=call,
    )


def evaluated_applications(call: Call) -> QuerySet[Application]:
    """Dossiers that the jury marked, each with `consensus` and `outcomes` as lists of JSON objects."""
    consensus = ConsensusMark.objects.filter(application=OuterRef("pk")).order_by("criterion__position")
    outcomes = DeliberationOutcome.objects.filter(application=OuterRef("pk"))
    return (
        evaluated(call)
        .annotate(
            consensus=ArraySubquery(
                consensus.values(json=JSONObject(criterion="criterion__code", mark="mark", comment="comment"))
            ),
            outcomes=ArraySubquery(
                outcomes.values(
                    json=JSONObject(
                        outcome="outcome",
                        reserve_rank="reserve_rank",
                        reasons_fr="reasons_fr",
                        reasons_ar="reasons_ar",
                        departure_reason="departure_reason",
                    )
                )
            ),
        )
        .select_related("standing_submission")
        .defer("standing_submission__snapshot")
        .order_by("pk")
    )


def seats_for(call: Call, dossiers: Collection[UUID], *, reader: JuryMember | None) -> list[Seat]:
    """One query: the seats with what keeps them from these dossiers, and everything that is hidden from the reader."""
    clear = Q(declarations__kind=DeclarationKind.NONE) | Q(declarations__ruling=LinkRuling.KEEP)
    told = Q(declarations__application__in=dossiers) | Q(declarations__juror=reader.pk if reader else None)
    return list(_seats(call, only=told & ~clear).values())


def _seats(call: Call, *, only: Q | None = None) -> dict[int, Seat]:
    """One query: each seat joined to its declarations, all or some, and its attendance."""
    seats: dict[int, Seat] = {}
    joined = (
        JuryMember.objects.filter(call=call)
        .annotate(told=FilteredRelation("declarations", condition=only or Q()))
        .order_by("user__full_name", "pk")
        .values_list(
            "pk",
            "user_id",
            "user__full_name",
            "role",
            "organisation",
            "removed_at",
            "attendances__is_present",
            "told__application_id",
            "told__kind",
            "told__ruling",
        )
    )
    for pk, user_id, name, role, organisation, removed_at, is_present, application_id, kind, ruling in joined:
        seat = seats.setdefault(
            pk,
            Seat(pk, user_id, name, JuryRole(role), organisation, removed_at is None, bool(is_present)),
        )
        if application_id is None:
            continue
        if kind == DeclarationKind.CONFLICT or ruling == LinkRuling.RECUSE:
            seat.recused.add(application_id)
        elif kind == DeclarationKind.LINK and not ruling:
            seat.waiting.add(application_id)
        else:
            seat.cleared.add(application_id)
    return seats


GivenMarks = dict[tuple[int, UUID], dict[tuple[str, str], Decimal | None]]


def _given_marks(call: Call, keys: Mapping[int, tuple[str, str]]) -> GivenMarks:
    """One query: the marks of each assignment; empty where no sheet that counts was sent."""
    given: GivenMarks = {}
    joined = Assignment.objects.filter(juror__call=call).values_list(
        "juror_id",
        "application_id",
        "evaluation__status",
        "evaluation__voided_at",
        "evaluation__scores__subcriterion_id",
        "evaluation__scores__mark",
    )
    for juror_id, application_id, status, voided_at, sub_id, mark in joined:
        marks = given.setdefault((juror_id, application_id), {})
        if status == EvaluationStatus.SENT and voided_at is None and sub_id in keys:
            marks[keys[sub_id]] = mark
    return given


def _sheets(application_id: UUID, seats: Mapping[int, Seat], given: GivenMarks, reads_all: bool):
    """One sheet for each juror who was to mark: assigned, or everybody where all read all; recused ones never.

    A juror whose seat was taken back still counts where the sheet had been sent.
    """
    for seat in seats.values():
        if application_id in seat.recused or application_id in seat.waiting:
            continue
        marks = given.get((seat.pk, application_id))
        if not seat.is_seated and not marks:
            continue
        if marks is None and not (reads_all and seat.is_marker):
            continue
        yield Sheet(str(seat.pk), marks or {})


def _cell(result: CriterionResult, title: str) -> CriterionCell:
    return CriterionCell(
        code=result.code,
        title=title,
        mark=shown(result.mark),
        jurors_mean=shown(result.jurors_mean),
        median=shown(result.median),
        spread=shown(result.spread),
        is_consensus=result.is_consensus,
        meets_threshold=result.meets_threshold,
        alert=result.alert,
        needs_discussion=result.needs_discussion,
    )
