"""Years counted on the calendar. Intervals of time are `[start, end)`; intervals of possible days are closed."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True, order=True)
class DateInterval:
    """The days on which something may have happened, both ends included; equal ends: the day is known."""

    earliest: date
    latest: date

    def __post_init__(self) -> None:
        if self.earliest > self.latest:
            raise ValueError(f"{self.earliest} is after {self.latest}")

    @classmethod
    def on(cls, day: date) -> "DateInterval":
        return cls(day, day)

    @property
    def is_exact(self) -> bool:
        return self.earliest == self.latest


def anniversary(start: date, years: int) -> date:
    """The same day `years` later; 29 February has its anniversary on 1 March in a year without one."""
    year = start.year + years
    if (start.month, start.day) == (2, 29) and not _is_leap(year):
        return date(year, 3, 1)
    return start.replace(year=year)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def exceeds_years(start: date, on: date, years: int) -> bool:
    """Whether `[start, on)` is longer than `years`: on the anniversary itself it is not yet."""
    return anniversary(start, years) < on


def whole_years_and_days(start: date, on: date) -> tuple[int, int]:
    """Complete years between two days, and the days since the last anniversary. `on` is not before `start`."""
    years = on.year - start.year
    if anniversary(start, years) > on:
        years -= 1
    return years, (on - anniversary(start, years)).days


def calendar_years(start: date, on: date) -> Decimal:
    """Years with two decimals, truncated, for display only: "8.00" is also what 8 years and a day show."""
    years, days = whole_years_and_days(start, on)
    length = (anniversary(start, years + 1) - anniversary(start, years)).days
    return (years + Decimal(days) / length).quantize(HUNDREDTH, rounding=ROUND_DOWN)


def unbroken_start(days: int, *, on: date) -> date:
    """Where an unbroken period of `days` days that ends on `on` begins."""
    return on - timedelta(days=days)
