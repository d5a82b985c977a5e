"""What the jury marks, as frozen facts, and what makes a grid fit for publication."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

MARK_MAX = 5
TOTAL_MAX = 100
SUBCRITERIA_MAX = 4


@dataclass(frozen=True)
class SubcriterionFacts:
    code: str
    weight: Decimal = Decimal(1)


@dataclass(frozen=True)
class CriterionFacts:
    """`weight` is out of 100 over the grid; the weights of the sub-criteria only count against each other."""

    code: str
    weight: Decimal
    subcriteria: tuple[SubcriterionFacts, ...]


@dataclass(frozen=True)
class GridFacts:
    """`tie_break` names every criterion once; the committee's vote always comes after the last of them."""

    criteria: tuple[CriterionFacts, ...]
    pass_criterion: Decimal = Decimal(3)
    pass_total: Decimal = Decimal(65)
    tie_break: tuple[str, ...] = ()
    quorum: int = 3
    spread_alert: Decimal = Decimal("1.5")

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(str(criterion.code) for criterion in self.criteria)

    @property
    def mark_count(self) -> int:
        """How many sub-marks one complete sheet holds."""
        return sum(len(criterion.subcriteria) for criterion in self.criteria)


class GridProblemCode(StrEnum):
    NO_CRITERION = "no_criterion"
    CRITERION_TWICE = "criterion_twice"
    WEIGHT_NOT_POSITIVE = "weight_not_positive"
    WEIGHTS_NOT_100 = "weights_not_100"
    NO_SUBCRITERION = "no_subcriterion"
    TOO_MANY_SUBCRITERIA = "too_many_subcriteria"
    SUBCRITERION_TWICE = "subcriterion_twice"
    SUBWEIGHT_NOT_POSITIVE = "subweight_not_positive"
    TIE_BREAK_INCOMPLETE = "tie_break_incomplete"
    TIE_BREAK_UNKNOWN = "tie_break_unknown"
    TIE_BREAK_TWICE = "tie_break_twice"
    CRITERION_THRESHOLD_OFF_SCALE = "criterion_threshold_off_scale"
    TOTAL_THRESHOLD_OFF_SCALE = "total_threshold_off_scale"
    SPREAD_ALERT_OFF_SCALE = "spread_alert_off_scale"
    QUORUM_TOO_SMALL = "quorum_too_small"


@dataclass(frozen=True)
class GridProblem:
    """`subject` is the code of the criterion or sub-criterion at fault, or the sum of the weights found."""

    code: GridProblemCode
    subject: str = ""


class GridRefused(ValueError):
    """A computation was asked on a grid that could not have been published."""

    def __init__(self, problems: tuple[GridProblem, ...]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


def grid_problems(grid: GridFacts) -> tuple[GridProblem, ...]:
    """Every reason why this grid may not be published, in reading order; empty means it may."""
    problems = _criteria_problems(grid)
    for criterion in grid.criteria:
        problems += _subcriteria_problems(criterion)
    return tuple(problems + _tie_break_problems(grid) + _threshold_problems(grid))


def require_sound(grid: GridFacts) -> None:
    if problems := grid_problems(grid):
        raise GridRefused(problems)


def _criteria_problems(grid: GridFacts) -> list[GridProblem]:
    if not grid.criteria:
        return [GridProblem(GridProblemCode.NO_CRITERION)]
    problems = [GridProblem(GridProblemCode.CRITERION_TWICE, code) for code in _repeated(grid.codes)]
    unsound = [str(criterion.code) for criterion in grid.criteria if not _is_positive(criterion.weight)]
    problems += [GridProblem(GridProblemCode.WEIGHT_NOT_POSITIVE, code) for code in unsound]
    if not unsound and (weights := sum(criterion.weight for criterion in grid.criteria)) != TOTAL_MAX:
        problems.append(GridProblem(GridProblemCode.WEIGHTS_NOT_100, str(weights)))
    return problems


def _subcriteria_problems(criterion: CriterionFacts) -> list[GridProblem]:
    code = str(criterion.code)
    problems = []
    if not criterion.subcriteria:
        problems.append(GridProblem(GridProblemCode.NO_SUBCRITERION, code))
    if len(criterion.subcriteria) > SUBCRITERIA_MAX:
        problems.append(GridProblem(GridProblemCode.TOO_MANY_SUBCRITERIA, code))
    problems += [
        GridProblem(GridProblemCode.SUBCRITERION_TWICE, f"{code}.{repeated}")
        for repeated in _repeated(tuple(sub.code for sub in criterion.subcriteria))
    ]
    return problems + [
        GridProblem(GridProblemCode.SUBWEIGHT_NOT_POSITIVE, f"{code}.{sub.code}")
        for sub in criterion.subcriteria
        if not _is_positive(sub.weight)
    ]


def _tie_break_problems(grid: GridFacts) -> list[GridProblem]:
    named = tuple(str(code) for code in grid.tie_break)
    problems = [GridProblem(GridProblemCode.TIE_BREAK_TWICE, code) for code in _repeated(named)]
    problems += [
        GridProblem(GridProblemCode.TIE_BREAK_UNKNOWN, code)
        for code in dict.fromkeys(named)
        if code not in grid.codes
    ]
    return problems + [
        GridProblem(GridProblemCode.TIE_BREAK_INCOMPLETE, code)
        for code in dict.fromkeys(grid.codes)
        if code not in named
    ]


def _threshold_problems(grid: GridFacts) -> list[GridProblem]:
    problems = []
    if not _is_within(grid.pass_criterion, MARK_MAX):
        problems.append(GridProblem(GridProblemCode.CRITERION_THRESHOLD_OFF_SCALE))
    if not _is_within(grid.pass_total, TOTAL_MAX):
        problems.append(GridProblem(GridProblemCode.TOTAL_THRESHOLD_OFF_SCALE))
    if not (_is_positive(grid.spread_alert) and grid.spread_alert <= MARK_MAX):
        problems.append(GridProblem(GridProblemCode.SPREAD_ALERT_OFF_SCALE))
    if grid.quorum < 1:
        problems.append(GridProblem(GridProblemCode.QUORUM_TOO_SMALL))
    return problems


def _is_positive(value: Decimal) -> bool:
    return value.is_finite() and value > 0


def _is_within(value: Decimal, maximum: int) -> bool:
    return value.is_finite() and 0 <= value <= maximum


def _repeated(codes: tuple[str, ...]) -> list[str]:
    return [code for code, count in Counter(str(code) for code in codes).items() if count > 1]
