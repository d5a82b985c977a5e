import zoneinfo
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.domain.letters import (
    DEFAULT_PATTERN,
    LETTER_TEMPLATES,
    NUMBER_MAX_LENGTH,
    PATTERN_MAX_LENGTH,
    PatternProblem,
    civil_year,
    format_number,
    missing_sequences,
    pattern_problems,
)
from evaluation.enums import Outcome

zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache()

RABAT = "Africa/Casablanca"


@pytest.mark.parametrize(
    ("pattern", "year", "sequence", "number"),
    [
        (DEFAULT_PATTERN, 2026, 42, "MIC/DPTC/2026/0042"),
        (DEFAULT_PATTERN, 2026, 1, "MIC/DPTC/2026/0001"),
        (DEFAULT_PATTERN, 2026, 9999, "MIC/DPTC/2026/9999"),
        (DEFAULT_PATTERN, 2026, 10000, "MIC/DPTC/2026/10000"),
        ("{sequence}/{year}", 2027, 7, "7/2027"),
        ("N° {sequence:3}-{year}", 2027, 7, "N° 007-2027"),
        ("MIC-{year}-{sequence:6}", 2027, 7, "MIC-2027-000007"),
    ],
)
def test_format_number(pattern, year, sequence, number):
    assert format_number(pattern, year, sequence) == number


def test_an_unsound_pattern_gives_no_number():
    with pytest.raises(ValueError, match="sequence_missing"):
        format_number("MIC/{year}", 2026, 1)


@pytest.mark.parametrize(("year", "sequence"), [(2026, 0), (2026, -1), (0, 1), (10000, 1)])
def test_numbers_start_at_one_in_a_calendar_year(year, sequence):
    with pytest.raises(ValueError, match="starts at 1"):
        format_number(DEFAULT_PATTERN, year, sequence)


@pytest.mark.parametrize(
    ("pattern", "problems"),
    [
        (DEFAULT_PATTERN, ()),
        ("", (PatternProblem.YEAR_MISSING, PatternProblem.SEQUENCE_MISSING)),
        ("MIC/{year}", (PatternProblem.SEQUENCE_MISSING,)),
        ("MIC/{sequence}", (PatternProblem.YEAR_MISSING,)),
        ("{year}/{sequence}/{sequence}", (PatternProblem.SLOT_TWICE,)),
        ("{year}{sequence}", (PatternProblem.FORBIDDEN_CHARACTER,)),
        ("{year}/{sequence}/{secret}", (PatternProblem.FORBIDDEN_CHARACTER,)),
        (
            "{year}/{sequence.__class__}",
            (PatternProblem.SEQUENCE_MISSING, PatternProblem.FORBIDDEN_CHARACTER),
        ),
        ("{year}/{sequence}<b>", (PatternProblem.FORBIDDEN_CHARACTER,)),
        ("{year}/{sequence}\n", (PatternProblem.FORBIDDEN_CHARACTER,)),
        ("A" * PATTERN_MAX_LENGTH + "/{year}/{sequence}", (PatternProblem.TOO_LONG,)),
    ],
)
def test_pattern_problems(pattern, problems):
    assert pattern_problems(pattern) == problems


@given(
    st.tuples(st.integers(2026, 9999), st.integers(1, 10**12)),
    st.tuples(st.integers(2026, 9999), st.integers(1, 10**12)),
    st.sampled_from([DEFAULT_PATTERN, "{sequence}/{year}", "D{year}-{sequence:9}"]),
)
def test_two_letters_never_share_a_number(one, other, pattern):
    numbers = {format_number(pattern, *one), format_number(pattern, *other)}
    assert len(numbers) == len({one, other})
    assert all(len(number) <= NUMBER_MAX_LENGTH for number in numbers)


@pytest.mark.parametrize(
    ("at", "year"),
    [
        # Until September 2026 Rabat was one hour ahead of UTC, and is no more.
        pytest.param(datetime(2025, 12, 31, 22, 59, 59, tzinfo=UTC), 2025, id="before midnight at +01"),
        pytest.param(datetime(2025, 12, 31, 23, 0, tzinfo=UTC), 2026, id="midnight at +01"),
        pytest.param(datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), 2026, id="before midnight at +00"),
        pytest.param(datetime(2027, 1, 1, tzinfo=UTC), 2027, id="midnight at +00"),
        pytest.param(
            datetime(2027, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), 2026, id="given in another zone"
        ),
    ],
)
def test_the_civil_year_is_the_one_on_the_wall_in_rabat(at, year):
    assert civil_year(at, RABAT) == year


def test_an_instant_without_zone_has_no_year():
    with pytest.raises(ValueError, match="without a zone"):
        civil_year(datetime(2026, 1, 1), RABAT)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("given_sequences", "gaps"), [([], ()), ([1, 2, 3], ()), ([3, 1], (2,)), ([4], (1, 2, 3)), ([1, 1], ())]
)
def test_missing_sequences(given_sequences, gaps):
    assert missing_sequences(given_sequences) == gaps


def test_each_outcome_has_a_template_of_its_own():
    assert set(LETTER_TEMPLATES) == set(Outcome)
    assert len(set(LETTER_TEMPLATES.values())) == len(Outcome)
