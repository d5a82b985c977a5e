"""Problems of a section, and the checks of single answers that find them."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from applications.domain.amounts import AmountFault, InvalidAmount, parse_amount
from applications.enums import SectionCode, Track

TEXT_MAXIMUM = 20_000


class ProblemCode(StrEnum):
    REQUIRED = "required"
    ROWS_REQUIRED = "rows_required"
    TOO_LONG = "too_long"
    UNKNOWN_CHOICE = "unknown_choice"
    NOT_A_DATE = "not_a_date"
    NOT_AN_EMAIL = "not_an_email"
    NOT_A_NUMBER = "not_a_number"
    NOT_AN_AMOUNT = "not_an_amount"
    OUT_OF_RANGE = "out_of_range"
    ENDS_BEFORE_START = "ends_before_start"
    REPEATED = "repeated"
    NOT_BALANCED = "not_balanced"
    NOT_ACCEPTED = "not_accepted"
    NOT_FOR_THIS_TRACK = "not_for_this_track"
    CLUSTER_NOT_NAMED = "cluster_not_named"
    ICE_MISSING = "ice_missing"
    ICE_DOUBTFUL = "ice_doubtful"


_WARNINGS = frozenset({ProblemCode.CLUSTER_NOT_NAMED, ProblemCode.ICE_MISSING, ProblemCode.ICE_DOUBTFUL})


@dataclass(frozen=True, slots=True)
class Problem:
    """`row` counts from 0 in the section's table; `detail` is what a sentence needs: a year, two totals."""

    code: ProblemCode
    section: SectionCode
    field: str
    row: int | None = None
    detail: tuple[tuple[str, str], ...] = ()

    @property
    def is_warning(self) -> bool:
        """A warning is shown and keeps nothing from being complete."""
        return self.code in _WARNINGS


Data = Mapping[str, Any]
Check = Callable[[Any], ProblemCode | None]


def text_of(data: Data, key: str) -> str:
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


def rows_of(data: Data) -> list[Data]:
    rows = data.get("rows")
    return [row if isinstance(row, Mapping) else {} for row in rows] if isinstance(rows, list) else []


def amount_of(value: Any) -> Decimal | None:
    """A stored amount; None when it is missing or not one."""
    try:
        return parse_amount(value) if isinstance(value, str) else None
    except InvalidAmount:
        return None


@dataclass(frozen=True, slots=True)
class SectionReader:
    code: SectionCode
    data: Data
    track: Track | None

    def problem(self, code: ProblemCode, field: str, row: int | None = None, **detail: str) -> Problem:
        return Problem(code, self.code, field, row, tuple(sorted(detail.items())))

    def check(
        self, field: str, check: Check | None = None, *, required: bool = True, row: int | None = None
    ) -> Iterator[Problem]:
        """One field of the section, or of a row of its table."""
        data = self.data if row is None else rows_of(self.data)[row]
        value = data.get(field)
        if value is None or (isinstance(value, str) and not value.strip()):
            if required:
                yield self.problem(ProblemCode.REQUIRED, field, row)
            return
        fault = (check or is_text)(value)
        if fault:
            yield self.problem(fault, field, row)

    def texts(self, *fields: str, required: bool = True) -> Iterator[Problem]:
        for field in fields:
            yield from self.check(field, required=required)

    def rows(self, *, required: bool = True) -> Iterator[int | Problem]:
        count = len(rows_of(self.data))
        if required and not count:
            yield self.problem(ProblemCode.ROWS_REQUIRED, "rows")
        yield from range(count)


def is_text(value: Any) -> ProblemCode | None:
    if not isinstance(value, str):
        return ProblemCode.REQUIRED
    return ProblemCode.TOO_LONG if len(value) > TEXT_MAXIMUM else None


def one_of(choices: Collection[str]) -> Check:
    return lambda value: None if isinstance(value, str) and value in choices else ProblemCode.UNKNOWN_CHOICE


def is_day(value: Any) -> ProblemCode | None:
    return None if day_of(value) else ProblemCode.NOT_A_DATE


def day_of(value: Any) -> date | None:
    """A stored ISO day; None when it is missing or not one."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def is_email(value: Any) -> ProblemCode | None:
    local, at, domain = value.strip().rpartition("@") if isinstance(value, str) else ("", "", "")
    plausible = at and local and "." in domain.strip(".") and not any(c.isspace() for c in value.strip())
    return None if plausible else ProblemCode.NOT_AN_EMAIL


def whole(least: int, greatest: int) -> Check:
    def check(value: Any) -> ProblemCode | None:
        if type(value) is not int:
            return ProblemCode.NOT_A_NUMBER
        return None if least <= value <= greatest else ProblemCode.OUT_OF_RANGE

    return check


def is_amount(value: Any) -> ProblemCode | None:
    if not isinstance(value, str):
        return ProblemCode.NOT_AN_AMOUNT
    try:
        parse_amount(value)
    except InvalidAmount as fault:
        return ProblemCode.REQUIRED if fault.code == AmountFault.EMPTY else ProblemCode.NOT_AN_AMOUNT
    return None


IS_YEAR = whole(1990, 2100)
IS_COUNT = whole(0, 1_000_000)
