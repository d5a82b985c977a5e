from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from clusters_portal import formats

AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace(formats.NBSP, " ")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", "vendredi 27 novembre 2026 à 15 h 00, heure de Rabat"),
        ("ar", "الجمعة 27 نونبر 2026 على الساعة 15:00 بتوقيت الرباط"),
        ("zgh", "vendredi 27 novembre 2026 à 15 h 00, heure de Rabat"),
    ],
)
def test_instant(language, expected):
    assert plain(formats.instant(AT, language=language)) == expected


def test_instant_follows_the_change_of_2026_09_20():
    summer = datetime(2026, 7, 1, 14, 0, tzinfo=UTC)
    assert plain(formats.instant(summer, language="fr")).startswith("mercredi 1er juillet 2026 à 15 h 00")
    assert formats.instant(summer, language="ar").startswith("الأربعاء 1 يوليوز 2026")


def test_day_of_an_instant_is_the_day_in_rabat():
    assert formats.day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC), language="fr") == "2 juillet 2026"
    assert formats.day(date(2024, 8, 5), language="ar") == "5 غشت 2024"
    assert formats.day_short(date(2024, 8, 5), language="ar") == "05/08/2024"
    assert plain(formats.instant_short(AT, language="fr")) == "27/11/2026 à 15 h 00"


def test_an_instant_without_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        formats.instant(datetime(2026, 11, 27, 15, 0), language="fr")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "french", "arabic"),
    [
        (Decimal("1250000"), "1 250 000,00 MAD", "1.250.000,00 درهم"),
        ("900.505", "900,51 MAD", "900,51 درهم"),
        (0, "0,00 MAD", "0,00 درهم"),
        (None, "", ""),
        ("", "", ""),
        ("douze", "", ""),
        (Decimal("NaN"), "", ""),
    ],
)
def test_mad(value, french, arabic):
    assert plain(formats.mad(value, language="fr")) == french
    assert plain(formats.mad(value, language="ar")) == arabic
    assert " " not in formats.mad(value, language="fr")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("64.995", "65,00"), ("64.994", "64,99"), (Decimal("2.675"), "2,68"), (3, "3,00"), (None, "")],
)
def test_mark_rounds_half_up(value, expected):
    assert formats.mark(value, language="fr") == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, "0 octets"), (1023, "1 023 octets"), (1024, "1,0 Ko"), (1258291, "1,2 Mo"), (5 * 1024**4, "5 120,0 Go")],
)  # fmt: skip
def test_filesize(size, expected):
    assert plain(formats.filesize(size, language="fr")) == expected


@pytest.mark.parametrize(
    ("left", "french", "arabic"),
    [
        (timedelta(days=3, hours=4, minutes=12), "3 jours 4 heures 12 minutes", "3 أيام و4 ساعات و12 دقيقة"),
        (timedelta(days=1, minutes=1, seconds=59), "1 jour 1 minute", "يوم واحد ودقيقة واحدة"),
        (timedelta(days=11, hours=2), "11 jours 2 heures", "11 يومًا وساعتان"),
        (timedelta(days=100), "100 jours", "100 يوم"),
        (timedelta(seconds=30), "0 minute", "0 دقيقة"),
        (timedelta(seconds=-30), "0 minute", "0 دقيقة"),
    ],
)
def test_duration(left, french, arabic):
    assert formats.duration(left, language="fr") == french
    assert formats.duration(left, language="ar") == arabic


def test_percent_and_integer():
    assert plain(formats.percent(Decimal("60"), language="fr")) == "60 %"
    assert plain(formats.integer(1250000, language="fr")) == "1 250 000"
