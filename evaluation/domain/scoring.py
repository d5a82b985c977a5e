"""Marks: reading them, weighing them, showing them.

Arithmetic is exact: means are `Fraction`s, because a mean of three jurors has no finite decimal. With decimals
cut at any length, two dossiers whose totals are equal on paper could differ in the last place and lose their tie,
and a mean of exactly 3 could fall below the threshold 3. Values are rounded once, by `display`, for the eye.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import lcm

from evaluation.domain.grids import MARK_MAX, TOTAL_MAX, CriterionFacts, GridFacts

MARKS = tuple(Decimal(half) / 2 for half in range(2 * MARK_MAX + 1))
COMMENT_BELOW = 3
COMMENT_ABOVE = 4
COMMENT_MAX_LENGTH = 20_000

_HALVES = {mark: half for half, mark in enumerate(MARKS)}
_EASTERN_DIGITS = {ord(digit): str(value) for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩")}
_PERSIAN_DIGITS = {ord(digit): str(value) for value, digit in enumerate("۰۱۲۳۴۵۶۷۸۹")}
_INVISIBLE = {ord(mark): None for mark in "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"}
_SIGNS = {ord("٫"): ".", ord(","): ".", ord("،"): ".", ord("−"): "-", ord("‑"): "-"}
_NORMALISED = _EASTERN_DIGITS | _PERSIAN_DIGITS | _INVISIBLE | _SIGNS
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})")

SubmarkKey = tuple[str, str]


class MarkProblem(StrEnum):
    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    OFF_SCALE = "off_scale"
    OFF_STEP = "off_step"


class MarkRefused(ValueError):
    def __init__(self, code: MarkProblem) -> None:
        super().__init__(code.value)
        self.code = code


def parse_mark(value: object) -> Decimal:
    """A mark from 0 to 5 by halves, with one decimal. Point or comma, Latin or Arabic digits.

    Raises `MarkRefused`, an absent mark included: whether a mark may be absent is the caller's question.
    """
    text = "" if value is None else str(value).translate(_NORMALISED).strip()
    if not text:
        raise MarkRefused(MarkProblem.EMPTY)
    if not _NUMBER.fullmatch(text):
        raise MarkRefused(MarkProblem.NOT_A_NUMBER)
    number = Decimal(text)
    if not 0 <= number <= MARK_MAX:
        raise MarkRefused(MarkProblem.OFF_SCALE)
    if number not in _HALVES:
        raise MarkRefused(MarkProblem.OFF_STEP)
    return Decimal(5 * _HALVES[number]).scaleb(-1)


@dataclass(frozen=True)
class Sheet:
    """One juror's marks on one dossier, by (criterion, sub-criterion); `None` or no key means not given.

    Only sheets that count are handed to the ranking: sent, and not voided by a late conflict. A juror who abstained
    or did not send has an empty sheet: it adds nothing to the means and lowers the coverage.
    """

    juror: str
    marks: Mapping[SubmarkKey, Decimal | None] = field(default_factory=dict)


def criterion_mark(sheet: Sheet, criterion: CriterionFacts) -> Fraction | None:
    """The weighted mean of the sub-marks that this juror gave, or `None` without any."""
    numerator = denominator = 0
    for key, weight in _integer_weights(criterion):
        mark = sheet.marks.get(key)
        if mark is not None:
            numerator += weight * _halves(mark)
            denominator += weight
    return Fraction(numerator, 2 * denominator) if denominator else None


def mean(values: list[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None


def median(values: list[Fraction]) -> Fraction | None:
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def spread(values: list[Fraction]) -> Fraction | None:
    return max(values) - min(values) if values else None


def total(marks: Mapping[str, Fraction | None], grid: GridFacts) -> Fraction | None:
    """Σ weight × mark ÷ 5, out of 100. An absent mark leaves numerator and denominator; `None` without any."""
    numerator = denominator = Fraction(0)
    for criterion in grid.criteria:
        mark = marks.get(criterion.code)
        if mark is not None:
            weight = Fraction(criterion.weight)
            numerator += weight * mark
            denominator += weight
    return numerator * TOTAL_MAX / (denominator * MARK_MAX) if denominator else None


def given_count(sheet: Sheet, grid: GridFacts) -> int:
    """How many sub-marks of the grid this sheet holds."""
    return sum(
        sheet.marks.get((criterion.code, sub.code)) is not None
        for criterion in grid.criteria
        for sub in criterion.subcriteria
    )


def display(value: Fraction | Decimal | int, places: int = 2) -> Decimal:
    """The value as shown: rounded here and nowhere else, half up, with exactly `places` decimals."""
    exact = Fraction(value)
    scaled = abs(exact) * 10**places
    rounded = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if exact < 0 and rounded else ""
    return Decimal(f"{sign}{rounded}E-{places}")


def comment_required(mark: Fraction | Decimal | None) -> bool:
    """A criterion marked under 3 or over 4 is explained; exactly 3 and exactly 4 need no word."""
    return mark is not None and not COMMENT_BELOW <= mark <= COMMENT_ABOVE


class SheetProblemCode(StrEnum):
    EMPTY_SHEET = "empty_sheet"
    MISSING_MARK = "missing_mark"
    OFF_SCALE = "off_scale"
    UNKNOWN_SUBCRITERION = "unknown_subcriterion"
    COMMENT_REQUIRED = "comment_required"
    COMMENT_TOO_LONG = "comment_too_long"


@dataclass(frozen=True)
class SheetProblem:
    code: SheetProblemCode
    criterion: str = ""
    subcriterion: str = ""


def sheet_problems(
    marks: Mapping[SubmarkKey, Decimal | None], comments: Mapping[str, str], *, grid: GridFacts
) -> tuple[SheetProblem, ...]:
    """What keeps a sheet from being sent, in the order of the grid; empty means it may go.

    A sub-mark may be left out only where the comment of its criterion says why: that is a reasoned abstention.
    """
    known = {(str(criterion.code), sub.code) for criterion in grid.criteria for sub in criterion.subcriteria}
    problems = [
        SheetProblem(SheetProblemCode.UNKNOWN_SUBCRITERION, str(criterion), sub)
        for criterion, sub in marks
        if (str(criterion), sub) not in known
    ]
    given = {key: mark for key, mark in marks.items() if mark is not None}
    if not given and not any(comment.strip() for comment in comments.values()):
        return (*problems, SheetProblem(SheetProblemCode.EMPTY_SHEET))
    for criterion in grid.criteria:
        problems += _criterion_problems(given, comments.get(criterion.code, ""), criterion)
    return tuple(problems)


def _criterion_problems(
    given: Mapping[SubmarkKey, Decimal], comment: str, criterion: CriterionFacts
) -> list[SheetProblem]:
    code = str(criterion.code)
    problems = []
    off_scale = False
    for sub in criterion.subcriteria:
        mark = given.get((criterion.code, sub.code))
        if mark is None:
            if not comment.strip():
                problems.append(SheetProblem(SheetProblemCode.MISSING_MARK, code, sub.code))
        elif mark not in _HALVES:
            off_scale = True
            problems.append(SheetProblem(SheetProblemCode.OFF_SCALE, code, sub.code))
    if len(comment) > COMMENT_MAX_LENGTH:
        problems.append(SheetProblem(SheetProblemCode.COMMENT_TOO_LONG, code))
    is_silent = not off_scale and not comment.strip()
    if is_silent and comment_required(criterion_mark(Sheet("", given), criterion)):
        problems.append(SheetProblem(SheetProblemCode.COMMENT_REQUIRED, code))
    return problems


@lru_cache(maxsize=256)
def _integer_weights(criterion: CriterionFacts) -> tuple[tuple[SubmarkKey, int], ...]:
    """The sub-weights as whole numbers in the same proportions: whole numbers add up much faster."""
    exact = [Fraction(sub.weight) for sub in criterion.subcriteria]
    common = lcm(*(weight.denominator for weight in exact))
    keys = [(criterion.code, sub.code) for sub in criterion.subcriteria]
    return tuple((key, int(weight * common)) for key, weight in zip(keys, exact, strict=True))


def _halves(mark: Decimal) -> int:
    try:
        return _HALVES[mark]
    except (KeyError, TypeError):
        raise MarkRefused(MarkProblem.OFF_STEP) from None
