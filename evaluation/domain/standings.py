"""The order of the dossiers for given marks and weights: the one rule that ranking and stability both ask.

Everything is whole numbers: marks are multiplied by one common `scale`, so that comparing is exact and quick.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import lcm

from evaluation.domain.grids import MARK_MAX, TOTAL_MAX, GridFacts

VOTE = "vote"
UNRESOLVED = "unresolved"

ScaledMarks = tuple[int, ...]


@dataclass(frozen=True)
class TieVote:
    """The committee's reasoned order of dossiers that the tie-break leaves level, the best first.

    It settles any tie all of whose dossiers it names, and no other.
    """

    order: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Rule:
    """The grid with its weights as whole numbers in proportion; `tie_break` holds positions of criteria."""

    weights: tuple[int, ...]
    tie_break: tuple[int, ...]
    codes: tuple[str, ...]
    pass_criterion: Fraction
    pass_total: Fraction

    @classmethod
    def of(cls, grid: GridFacts, weights: Sequence[Fraction | Decimal] | None = None) -> "Rule":
        given = weights or [criterion.weight for criterion in grid.criteria]
        exact = [Fraction(weight) for weight in given]
        common = lcm(*(weight.denominator for weight in exact))
        return cls(
            weights=tuple(int(weight * common) for weight in exact),
            tie_break=tuple(grid.codes.index(str(code)) for code in grid.tie_break),
            codes=grid.codes,
            pass_criterion=Fraction(grid.pass_criterion),
            pass_total=Fraction(grid.pass_total),
        )

    def sum_of(self, marks: ScaledMarks) -> int:
        return sum(weight * mark for weight, mark in zip(self.weights, marks, strict=True))

    def total(self, marks: ScaledMarks, scale: int) -> Fraction:
        return Fraction(TOTAL_MAX * self.sum_of(marks), MARK_MAX * sum(self.weights) * scale)

    def key(self, marks: ScaledMarks) -> tuple[int, ...]:
        """Greater is better: the weighted sum, then the marks in the order of the tie-break."""
        return (self.sum_of(marks), *(marks[position] for position in self.tie_break))


@dataclass(frozen=True)
class Standing:
    """`place` counts only the dossiers that meet every threshold; `last_place` differs from it in an open tie.

    `settled_by` is empty without another dossier on the same total; else the code of the criterion that told this
    one apart, or VOTE, or UNRESOLVED.
    """

    rank: int
    place: int | None
    last_place: int | None
    settled_by: str = ""

    @property
    def meets_thresholds(self) -> bool:
        return self.place is not None


def standings(
    marks: Mapping[str, ScaledMarks], *, scale: int, rule: Rule, votes: Sequence[TieVote] = ()
) -> dict[str, Standing]:
    """Ranks 1, 2, 2, 4 of the rankable dossiers (one mark per criterion, each × `scale`).

    Ranks follow the total whatever the thresholds; places run among the dossiers that meet them.
    """
    criterion_floor = rule.pass_criterion * scale
    total_floor = rule.pass_total * scale * MARK_MAX * sum(rule.weights) / TOTAL_MAX
    keys = {dossier: rule.key(given) for dossier, given in marks.items()}
    ordered = sorted(keys, key=lambda dossier: (keys[dossier], dossier), reverse=True)
    result: dict[str, Standing] = {}
    rank = place = 1
    for _total, level in groupby(ordered, key=lambda dossier: keys[dossier][0]):
        same_total = list(level)
        for group, settled_by in _split(same_total, keys, rule, votes):
            # Level dossiers have the same marks on every criterion, so they meet the thresholds together.
            given = marks[group[0]]
            qualified = keys[group[0]][0] >= total_floor and min(given) >= criterion_floor
            last = place + len(group) - 1 if qualified else None
            for dossier in group:
                result[dossier] = Standing(rank, place if qualified else None, last, settled_by)
            rank += len(group)
            place += len(group) if qualified else 0
    return result


def _split(
    same_total: list[str], keys: Mapping[str, tuple[int, ...]], rule: Rule, votes: Sequence[TieVote]
) -> list[tuple[list[str], str]]:
    """Dossiers of one total, best first, as groups that share a rank, each with what settled it."""
    if len(same_total) == 1:
        return [(same_total, "")]
    groups: list[tuple[list[str], str]] = []
    for _key, level in groupby(same_total, key=keys.__getitem__):
        group = sorted(level)
        if len(group) == 1:
            groups.append((group, _telling_criterion(group[0], same_total, keys, rule)))
        elif vote := next((vote for vote in votes if set(group) <= set(vote.order)), None):
            groups += [([dossier], VOTE) for dossier in sorted(group, key=vote.order.index)]
        else:
            groups.append((group, UNRESOLVED))
    return groups


def _telling_criterion(
    dossier: str, same_total: list[str], keys: Mapping[str, tuple[int, ...]], rule: Rule
) -> str:
    """The last criterion needed to part this dossier from every other of the same total."""
    others = [keys[other] for other in same_total if other != dossier]
    for depth, position in enumerate(rule.tie_break, start=2):
        if not any(other[:depth] == keys[dossier][:depth] for other in others):
            return rule.codes[position]
    return UNRESOLVED
