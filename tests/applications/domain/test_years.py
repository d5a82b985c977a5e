from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.domain.years import (
    DateInterval,
    anniversary,
    calendar_years,
    exceeds_years,
    unbroken_start,
    whole_years_and_days,
)

DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@pytest.mark.parametrize(
    ("start", "years", "expected"),
    [
        (date(2015, 6, 1), 8, date(2023, 6, 1)),
        (date(2012, 2, 29), 8, date(2020, 2, 29)),
        (date(2012, 2, 29), 7, date(2019, 3, 1)),
        (date(1896, 2, 29), 4, date(1900, 3, 1)),
        (date(1996, 2, 29), 4, date(2000, 2, 29)),
        (date(2012, 2, 28), 7, date(2019, 2, 28)),
    ],
)
def test_anniversaries(start, years, expected):
    assert anniversary(start, years) == expected


@pytest.mark.parametrize(
    ("start", "on", "years", "exceeded"),
    [
        (date(2015, 10, 25), date(2023, 10, 25), 8, False),
        (date(2015, 10, 24), date(2023, 10, 25), 8, True),
        (date(2012, 2, 29), date(2020, 2, 29), 8, False),
        (date(2012, 2, 29), date(2020, 3, 1), 8, True),
        (date(2012, 2, 29), date(2019, 2, 28), 7, False),
        (date(2012, 2, 29), date(2019, 3, 1), 7, False),
        (date(2012, 2, 29), date(2019, 3, 2), 7, True),
        (date(2015, 6, 1), date(2023, 5, 19), 8, False),
        (date(2015, 6, 1), date(2023, 6, 14), 8, True),
    ],
)
def test_exceeding_is_strict(start, on, years, exceeded):
    assert exceeds_years(start, on, years) is exceeded


@pytest.mark.parametrize(
    ("start", "on", "exactly", "shown"),
    [
        (date(2015, 10, 25), date(2023, 10, 25), (8, 0), "8.00"),
        (date(2015, 10, 24), date(2023, 10, 25), (8, 1), "8.00"),
        (date(2015, 10, 26), date(2023, 10, 25), (7, 364), "7.99"),
        (date(2016, 11, 30), date(2024, 10, 25), (7, 330), "7.90"),
        (date(2012, 2, 29), date(2019, 2, 28), (6, 364), "6.99"),
        (date(2012, 2, 29), date(2019, 3, 1), (7, 0), "7.00"),
        (date(2020, 1, 1), date(2020, 1, 1), (0, 0), "0.00"),
    ],
)
def test_years_as_shown(start, on, exactly, shown):
    assert whole_years_and_days(start, on) == exactly
    assert calendar_years(start, on) == Decimal(shown)


@given(DAYS, st.integers(0, 15000), st.integers(0, 500), st.integers(1, 12))
def test_an_earlier_start_never_counts_less(on, days, more, years):
    later, earlier = unbroken_start(days, on=on), unbroken_start(days + more, on=on)
    assert calendar_years(earlier, on) >= calendar_years(later, on)
    assert exceeds_years(earlier, on, years) >= exceeds_years(later, on, years)


@given(DAYS, st.integers(0, 15000))
def test_years_and_days_rebuild_the_length(start, days):
    on = start + timedelta(days=days)
    years, rest = whole_years_and_days(start, on)
    assert anniversary(start, years) + timedelta(days=rest) == on
    assert on < anniversary(start, years + 1)


def test_an_interval_is_ordered():
    assert DateInterval.on(date(2020, 1, 1)).is_exact
    assert not DateInterval(date(2020, 1, 1), date(2020, 1, 2)).is_exact
    with pytest.raises(ValueError, match="is after"):
        DateInterval(date(2020, 1, 2), date(2020, 1, 1))
