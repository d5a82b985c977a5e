from datetime import UTC, date, datetime

import pytest

from applications.domain.wording import (
    DAY_AR,
    counted_ar,
    day_ar,
    day_fr,
    french,
    instant_ar,
    instant_fr,
    length_ar,
    length_fr,
    on_day_ar,
    on_day_fr,
    years_ar,
)
from applications.domain.years import DateInterval


def test_days():
    assert (day_fr(date(2015, 6, 1)), day_fr(date(2026, 8, 2))) == ("1er juin 2015", "2 août 2026")
    assert (day_ar(date(2015, 7, 1)), day_ar(date(2026, 8, 2))) == ("1 يوليوز 2015", "2 غشت 2026")
    year = DateInterval(date(2016, 1, 1), date(2016, 12, 31))
    assert on_day_fr(year) == "entre le 1er janvier 2016 et le 31 décembre 2016"
    assert on_day_ar(year) == "بين 1 يناير 2016 و31 دجنبر 2016"
    assert on_day_fr(DateInterval.on(date(2016, 1, 1))) == "le 1er janvier 2016"
    assert on_day_ar(DateInterval.on(date(2016, 1, 1))) == "في 1 يناير 2016"


def test_instants_are_read_in_the_zone_with_seconds_only_where_there_are_any():
    at = datetime(2026, 11, 27, 15, tzinfo=UTC)
    zone = "Africa/Casablanca"
    assert instant_fr(at, zone=zone) == "le vendredi 27 novembre 2026 à 15\u00a0h\u00a000 (heure de Rabat)"
    assert instant_ar(at, zone=zone) == "يوم الجمعة 27 نونبر 2026 على الساعة 15:00 (بتوقيت الرباط)"
    late = datetime(2023, 5, 19, 13, 59, 58, tzinfo=UTC)
    assert "14\u00a0h\u00a059\u00a0min\u00a058\u00a0s" in instant_fr(late, zone=zone)
    assert "14:59:58" in instant_ar(late, zone=zone)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "سنة واحدة"),
        (2, "سنتين"),
        (3, "3 سنوات"),
        (8, "8 سنوات"),
        (10, "10 سنوات"),
        (11, "11 سنة"),
        (99, "99 سنة"),
        (100, "100 سنة"),
    ],
)
def test_arabic_counts_years(number, text):
    assert years_ar(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "يوم واحد"),
        (2, "يومين"),
        (9, "9 أيام"),
        (45, "45 يوما"),
        (101, "101 يوم"),
        (110, "110 أيام"),
        (344, "344 يوما"),
    ],
)
def test_arabic_counts_days(number, text):
    assert counted_ar(number, DAY_AR) == text


@pytest.mark.parametrize(
    ("years", "days", "fr", "ar"),
    [
        (8, 0, "8 ans", "8 سنوات"),
        (1, 1, "1 an 1 jour", "سنة واحدة ويوم واحد"),
        (0, 0, "0 jour", "0 يوم"),
        (0, 344, "344 jours", "344 يوما"),
        (12, 90, "12 ans 90 jours", "12 سنة و90 يوما"),
    ],
)
def test_lengths(years, days, fr, ar):
    assert (length_fr(years, days), length_ar(years, days)) == (fr, ar)


def test_french_typography():
    assert french("« a » : b ; 60 % ?") == "«\u00a0a\u00a0»\u00a0: b\u00a0; 60\u00a0%\u00a0?"
