"""From the jurors' sheets to the ordered list: marks, thresholds, spread, coverage, ties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

from evaluation.domain.grids import CriterionFacts, GridFacts, require_sound
from evaluation.domain.scoring import (
    Sheet,
    criterion_mark,
    given_count,
    mean,
    median,
    spread,
    total,
)
from evaluation.domain.standings import UNRESOLVED, Rule, ScaledMarks, Standing, TieVote, standings
from evaluation.enums import RankStatus

ConsensusMarks = Mapping[tuple[str, str], Decimal]
"""By (dossier, criterion): the mark that the committee agreed on after discussion."""

NO_CONSENSUS: ConsensusMarks = {}


@dataclass(frozen=True)
class DossierMarks:
    """`sheets` holds one sheet per juror who was to mark and is not recused, empty when nothing was given."""

    dossier: str
    sheets: tuple[Sheet, ...] = ()


@dataclass(frozen=True)
class CriterionResult:
    """`mark` is the consensus where there is one, else the jurors' mean; the rest is always the jurors' own."""

    code: str
    mark: Fraction | None
    jurors_mean: Fraction | None
    median: Fraction | None
    spread: Fraction | None
    marks: tuple[tuple[str, Fraction], ...]
    is_consensus: bool
    meets_threshold: bool
    alert: bool

    @property
    def needs_discussion(self) -> bool:
        return self.alert and not self.is_consensus


@dataclass(frozen=True)
class RankingRow:
    """`rank` follows the total; `place` counts only the dossiers that meet every threshold (`None` for others).

    `median` and `spread` are those of the jurors' own totals, out of 100. `coverage` is the share, 0 to 1, of the
    expected sub-marks that were given. `missed` names the criteria under the threshold, and "total".
    """

    dossier: str
    status: RankStatus
    rank: int | None
    place: int | None
    last_place: int | None
    total: Fraction | None
    criteria: tuple[CriterionResult, ...]
    median: Fraction | None
    spread: Fraction | None
    coverage: Fraction
    jurors_count: int
    quorum_met: bool
    missed: tuple[str, ...]
    unmarked: tuple[str, ...]
    settled_by: str
    juror_totals: tuple[tuple[str, Fraction], ...]

    @property
    def to_discuss(self) -> tuple[str, ...]:
        """Criteria whose spread asks for a discussion that has not yet given a consensus mark."""
        return tuple(result.code for result in self.criteria if result.needs_discussion)

    @property
    def needs_discussion(self) -> bool:
        return bool(self.to_discuss)

    def criterion(self, code: str) -> CriterionResult:
        return next(result for result in self.criteria if result.code == code)


@dataclass(frozen=True)
class Tie:
    """Dossiers that the tie-break leaves level: the committee's reasoned vote has to order them."""

    rank: int
    dossiers: tuple[str, ...]


@dataclass(frozen=True)
class Ranking:
    """Rows in the order of the list: by rank, level dossiers by their identifier, the not rankable last."""

    rows: tuple[RankingRow, ...]
    ties: tuple[Tie, ...]

    def row(self, dossier: str) -> RankingRow:
        return next(row for row in self.rows if row.dossier == dossier)


TOTAL = "total"


def rank(
    dossiers: Sequence[DossierMarks],
    *,
    grid: GridFacts,
    consensus: ConsensusMarks = NO_CONSENSUS,
    votes: Sequence[TieVote] = (),
) -> Ranking:
    """The whole list. Raises `GridRefused` on a grid that could not have been published."""
    require_sound(grid)
    results = {one.dossier: criterion_results(one, grid=grid, consensus=consensus) for one in dossiers}
    if len(results) != len(dossiers):
        raise ValueError("A dossier stands twice among the dossiers to rank.")
    marks = {dossier: tuple(result.mark for result in given) for dossier, given in results.items()}
    standing = standings_of(marks, rule=Rule.of(grid), votes=votes)
    rows = [
        _row(one, results[one.dossier], standing.get(one.dossier), grid)
        for one in sorted(dossiers, key=lambda one: one.dossier)
    ]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.dossier))
    return Ranking(tuple(rows), _open_ties(rows))


def criterion_results(
    one: DossierMarks, *, grid: GridFacts, consensus: ConsensusMarks = NO_CONSENSUS
) -> tuple[CriterionResult, ...]:
    """One result per criterion of the grid, in its order."""
    if len({sheet.juror for sheet in one.sheets}) != len(one.sheets):
        raise ValueError(f"A juror has two sheets on dossier {one.dossier}.")
    return tuple(
        _criterion_result(one, criterion, consensus.get((one.dossier, criterion.code)), grid)
        for criterion in grid.criteria
    )


def standings_of(
    marks: Mapping[str, tuple[Fraction | None, ...]], *, rule: Rule, votes: Sequence[TieVote] = ()
) -> dict[str, Standing]:
    """Standings of the dossiers that have a mark on every criterion; the others are not rankable."""
    rankable = {
        dossier: complete
        for dossier, given in marks.items()
        if len(complete := tuple(mark for mark in given if mark is not None)) == len(given)
    }
    scale = lcm(*{mark.denominator for given in rankable.values() for mark in given})
    scaled = {dossier: _scaled(given, scale) for dossier, given in rankable.items()}
    return standings(scaled, scale=scale, rule=rule, votes=votes)


def _scaled(marks: Sequence[Fraction], scale: int) -> ScaledMarks:
    return tuple(mark.numerator * (scale // mark.denominator) for mark in marks)


def _criterion_result(
    one: DossierMarks, criterion: CriterionFacts, agreed: Decimal | None, grid: GridFacts
) -> CriterionResult:
    found = ((sheet.juror, criterion_mark(sheet, criterion)) for sheet in one.sheets)
    marks = tuple(sorted((juror, mark) for juror, mark in found if mark is not None))
    values = [mark for _juror, mark in marks]
    jurors_mean = mean(values)
    mark = jurors_mean if agreed is None else Fraction(agreed)
    gap = spread(values)
    return CriterionResult(
        code=str(criterion.code),
        mark=mark,
        jurors_mean=jurors_mean,
        median=median(values),
        spread=gap,
        marks=marks,
        is_consensus=agreed is not None,
        meets_threshold=mark is not None and mark >= Fraction(grid.pass_criterion),
        alert=gap is not None and gap >= Fraction(grid.spread_alert),
    )


def _row(
    one: DossierMarks, results: tuple[CriterionResult, ...], standing: Standing | None, grid: GridFacts
) -> RankingRow:
    by_juror: dict[str, dict[str, Fraction]] = {}
    for result in results:
        for juror, mark in result.marks:
            by_juror.setdefault(juror, {})[result.code] = mark
    found = ((juror, total(marks, grid)) for juror, marks in sorted(by_juror.items()))
    juror_totals = tuple((juror, value) for juror, value in found if value is not None)
    totals = [value for _juror, value in juror_totals]
    own_total = total({result.code: result.mark for result in results}, grid) if standing else None
    missed = [result.code for result in results if result.mark is not None and not result.meets_threshold]
    if own_total is not None and own_total < Fraction(grid.pass_total):
        missed.append(TOTAL)
    return RankingRow(
        dossier=one.dossier,
        status=_status(standing),
        rank=standing.rank if standing else None,
        place=standing.place if standing else None,
        last_place=standing.last_place if standing else None,
        total=own_total,
        criteria=results,
        median=median(totals),
        spread=spread(totals),
        coverage=_coverage(one, grid),
        jurors_count=len(by_juror),
        quorum_met=len(by_juror) >= grid.quorum,
        missed=tuple(missed),
        unmarked=tuple(result.code for result in results if result.mark is None),
        settled_by=standing.settled_by if standing else "",
        juror_totals=juror_totals,
    )


def _status(standing: Standing | None) -> RankStatus:
    if standing is None:
        return RankStatus.NOT_RANKABLE
    return RankStatus.ABOVE_THRESHOLD if standing.meets_thresholds else RankStatus.BELOW_THRESHOLD


def _coverage(one: DossierMarks, grid: GridFacts) -> Fraction:
    expected = len(one.sheets) * grid.mark_count
    given = sum(given_count(sheet, grid) for sheet in one.sheets)
    return Fraction(given, expected) if expected else Fraction(0)


def _open_ties(rows: Sequence[RankingRow]) -> tuple[Tie, ...]:
    level: dict[int, list[str]] = {}
    for row in rows:
        if row.rank is not None and row.settled_by == UNRESOLVED:
            level.setdefault(row.rank, []).append(row.dossier)
    return tuple(Tie(rank, tuple(dossiers)) for rank, dossiers in sorted(level.items()))
