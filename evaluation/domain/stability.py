"""How much a rank owes to one juror or to one weight: recomputed exactly, never sampled.

Two kinds of change are tried one at a time: the panel without each juror in turn, and the grid with each weight
20 % lower and 20 % higher (the others unchanged, the whole brought back to 100). A consensus mark stays as agreed
when a juror is left out: it is the committee's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from evaluation.domain.grids import GridFacts, require_sound
from evaluation.domain.ranking import (
    NO_CONSENSUS,
    ConsensusMarks,
    CriterionResult,
    DossierMarks,
    criterion_results,
    standings_of,
)
from evaluation.domain.standings import Rule, Standing, TieVote

WEIGHT_SWING = Fraction(1, 5)

Marks = tuple[Fraction | None, ...]


class ChangeKind(StrEnum):
    WITHOUT_JUROR = "without_juror"
    WEIGHT_LOWER = "weight_lower"
    WEIGHT_HIGHER = "weight_higher"


class Side(StrEnum):
    """On which side of the line a dossier falls; AT_LINE: level with others across it, a vote must decide."""

    INSIDE = "inside"
    AT_LINE = "at_line"
    OUTSIDE = "outside"


class Verdict(StrEnum):
    STABLE = "stable"
    FRAGILE = "fragile"


@dataclass(frozen=True)
class Change:
    """`subject` is the juror left out or the code of the criterion whose weight moves."""

    kind: ChangeKind
    subject: str


@dataclass(frozen=True)
class Swing:
    """What one change makes of one dossier. `rank` is `None` where the dossier can no longer be ranked."""

    change: Change
    rank: int | None
    side: Side


@dataclass(frozen=True)
class StabilityRow:
    """`best` and `worst` bound the rank over all changes; `crossings` are those that move it over the line.

    `unrankable` counts the changes under which a criterion is left without a mark.
    """

    dossier: str
    rank: int | None
    best: int | None
    worst: int | None
    side: Side
    verdict: Verdict
    crossings: tuple[Swing, ...]
    unrankable: int

    @property
    def is_fragile(self) -> bool:
        return self.verdict is Verdict.FRAGILE


@dataclass(frozen=True)
class Stability:
    """Rows in the order of the ranking. `places` is the line, `None` when the thresholds alone draw it."""

    rows: tuple[StabilityRow, ...]
    changes: tuple[Change, ...]
    places: int | None

    def row(self, dossier: str) -> StabilityRow:
        return next(row for row in self.rows if row.dossier == dossier)


def stability(
    dossiers: Sequence[DossierMarks],
    *,
    grid: GridFacts,
    consensus: ConsensusMarks = NO_CONSENSUS,
    votes: Sequence[TieVote] = (),
    places: int | None = None,
) -> Stability:
    """Rank range of each dossier, and whether it stays on its side of the line under every change."""
    require_sound(grid)
    if places is not None and places < 0:
        raise ValueError("There cannot be fewer than zero places.")
    results = {one.dossier: criterion_results(one, grid=grid, consensus=consensus) for one in dossiers}
    base_marks = {dossier: tuple(result.mark for result in criteria) for dossier, criteria in results.items()}
    base = standings_of(base_marks, rule=Rule.of(grid), votes=votes)
    seen: dict[str, list[Swing]] = {dossier: [] for dossier in results}
    changes = []
    for change, standing in _tried(base_marks, results, grid, votes):
        changes.append(change)
        for dossier, swings in seen.items():
            found = standing.get(dossier)
            swings.append(Swing(change, found.rank if found else None, side_of(found, places)))
    rows = [_row(dossier, base.get(dossier), swings, places) for dossier, swings in seen.items()]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.dossier))
    return Stability(tuple(rows), tuple(changes), places)


def side_of(standing: Standing | None, places: int | None) -> Side:
    if standing is None or standing.place is None or standing.last_place is None:
        return Side.OUTSIDE
    if places is None or standing.last_place <= places:
        return Side.INSIDE
    return Side.AT_LINE if standing.place <= places else Side.OUTSIDE


def _tried(
    base: Mapping[str, Marks],
    results: Mapping[str, tuple[CriterionResult, ...]],
    grid: GridFacts,
    votes: Sequence[TieVote],
) -> Iterator[tuple[Change, dict[str, Standing]]]:
    rule = Rule.of(grid)
    without = _without_each_juror(results)
    for juror in sorted(without):
        marks = {**base, **without[juror]}
        yield Change(ChangeKind.WITHOUT_JUROR, juror), standings_of(marks, rule=rule, votes=votes)
    weights = [Fraction(criterion.weight) for criterion in grid.criteria]
    for position, code in enumerate(grid.codes):
        for kind, factor in (
            (ChangeKind.WEIGHT_LOWER, 1 - WEIGHT_SWING),
            (ChangeKind.WEIGHT_HIGHER, 1 + WEIGHT_SWING),
        ):
            moved = [*weights[:position], weights[position] * factor, *weights[position + 1 :]]
            yield Change(kind, code), standings_of(base, rule=Rule.of(grid, moved), votes=votes)


def _without_each_juror(
    results: Mapping[str, tuple[CriterionResult, ...]],
) -> dict[str, dict[str, Marks]]:
    """For each juror, the marks of the dossiers that he or she marked, as they would be without."""
    without: dict[str, dict[str, Marks]] = {}
    for dossier, criteria in results.items():
        own = [dict(result.marks) for result in criteria]
        sums = [sum(marks.values(), Fraction(0)) for marks in own]
        for juror in {juror for marks in own for juror in marks}:
            without.setdefault(juror, {})[dossier] = tuple(
                _mean_without(juror, result, marks, whole)
                for result, marks, whole in zip(criteria, own, sums, strict=True)
            )
    return without


def _mean_without(
    juror: str, result: CriterionResult, marks: Mapping[str, Fraction], whole: Fraction
) -> Fraction | None:
    if result.is_consensus or juror not in marks:
        return result.mark
    remaining = len(marks) - 1
    return (whole - marks[juror]) / remaining if remaining else None


def _row(
    dossier: str, standing: Standing | None, swings: Sequence[Swing], places: int | None
) -> StabilityRow:
    side = side_of(standing, places)
    crossings = tuple(swing for swing in swings if swing.side is not side)
    rank = standing.rank if standing else None
    ranks = [found for found in (rank, *(swing.rank for swing in swings)) if found is not None]
    return StabilityRow(
        dossier=dossier,
        rank=rank,
        best=min(ranks, default=None),
        worst=max(ranks, default=None),
        side=side,
        verdict=Verdict.FRAGILE if crossings or side is Side.AT_LINE else Verdict.STABLE,
        crossings=crossings,
        unrankable=sum(swing.rank is None for swing in swings) if standing else 0,
    )
