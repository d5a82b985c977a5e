"""How the portal prints instants, days, amounts, marks and sizes, in each language of the interface.

Pure functions: the language is an argument, so that a letter can be French and Arabic at once. Digits are Western
in every language, as in the kingdom's official texts. Nothing given (`None` or "") prints as "".
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

ZONE_NAME = "Africa/Casablanca"
NBSP = "\u00a0"
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Words:
    """The words of one language; weekdays start on Monday, months in January."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    instant: str
    instant_short: str
    hour: str
    thousands: str
    currency: str
    sizes: tuple[str, ...]
    first_of_month: str
    yes: str
    no: str


FRENCH = Words(
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    months=(
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    instant="{weekday} {day} à {hour}, heure de Rabat",
    instant_short="{day} à {hour}",
    hour=f"{{hour}}{NBSP}h{NBSP}{{minute:02}}",
    thousands=NBSP,
    currency="MAD",
    sizes=("octets", "Ko", "Mo", "Go"),
    first_of_month="1er",
    yes="oui",
    no="non",
)

ARABIC = Words(
    weekdays=("الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    months=(
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "ماي",
        "يونيو",
        "يوليوز",
        "غشت",
        "شتنبر",
        "أكتوبر",
        "نونبر",
        "دجنبر",
    ),
    instant="{weekday} {day} على الساعة {hour} بتوقيت الرباط",
    instant_short="{day} على الساعة {hour}",
    hour="{hour:02}:{minute:02}",
    thousands=".",
    currency="درهم",
    sizes=("بايت", "كيلوبايت", "ميغابايت", "جيغابايت"),
    first_of_month="1",
    yes="نعم",
    no="لا",
)

WORDS = {"fr": FRENCH, "ar": ARABIC}

# CLDR plural categories of Arabic: one, two, few (3-10), many (11-99), other (0, 100, 101, 102, ...).
ARABIC_UNITS = {
    "day": ("يوم واحد", "يومان", "أيام", "يومًا", "يوم"),
    "hour": ("ساعة واحدة", "ساعتان", "ساعات", "ساعة", "ساعة"),
    "minute": ("دقيقة واحدة", "دقيقتان", "دقائق", "دقيقة", "دقيقة"),
}
FRENCH_UNITS = {"day": ("jour", "jours"), "hour": ("heure", "heures"), "minute": ("minute", "minutes")}


def words(language: str) -> Words:
    """The words of a language; French stands in for one that has no table yet."""
    return WORDS.get(language.split("-")[0], FRENCH)


def in_rabat(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("An instant needs a zone.")
    return value.astimezone(ZoneInfo(ZONE_NAME))


def day(value: date | datetime | None, *, language: str) -> str:
    """`27 novembre 2026`; an instant gives its day in Rabat."""
    if not value:
        return ""
    on = in_rabat(value).date() if isinstance(value, datetime) else value
    spoken = words(language)
    number = spoken.first_of_month if on.day == 1 else str(on.day)
    return f"{number} {spoken.months[on.month - 1]} {on.year}"


def day_short(value: date | datetime | None, *, language: str) -> str:
    """`27/11/2026`, the same in both languages."""
    if not value:
        return ""
    on = in_rabat(value).date() if isinstance(value, datetime) else value
    return f"{on:%d/%m/%Y}"


def hour(value: datetime | None, *, language: str) -> str:
    """`15 h 00`, wall time in Rabat."""
    if not value:
        return ""
    local = in_rabat(value)
    return words(language).hour.format(hour=local.hour, minute=local.minute)


def instant(value: datetime | None, *, language: str) -> str:
    """`vendredi 27 novembre 2026 à 15 h 00, heure de Rabat`."""
    if not value:
        return ""
    spoken = words(language)
    return spoken.instant.format(
        weekday=spoken.weekdays[in_rabat(value).weekday()],
        day=day(value, language=language),
        hour=hour(value, language=language),
    )


def instant_short(value: datetime | None, *, language: str) -> str:
    """`27/11/2026 à 15 h 00`, wall time in Rabat."""
    if not value:
        return ""
    return words(language).instant_short.format(
        day=day_short(value, language=language), hour=hour(value, language=language)
    )


def duration(value: timedelta, *, language: str) -> str:
    """`3 jours 4 heures 12 minutes`; the last unit is the minute, rounded down; never negative."""
    minutes = max(0, int(value.total_seconds() // 60))
    amounts = (("day", minutes // 1440), ("hour", minutes // 60 % 24), ("minute", minutes % 60))
    given = [(unit, n) for unit, n in amounts if n] or [("minute", 0)]
    joint = " و" if words(language) is ARABIC else " "
    return joint.join(_counted(unit, n, language=language) for unit, n in given)


def _counted(unit: str, n: int, *, language: str) -> str:
    if words(language) is not ARABIC:
        return f"{n} {FRENCH_UNITS[unit][n > 1]}"
    one, two, few, many, other = ARABIC_UNITS[unit]
    if n in (1, 2):
        return one if n == 1 else two
    if 3 <= n % 100 <= 10:
        return f"{n} {few}"
    return f"{n} {many if 11 <= n % 100 <= 99 else other}"


def decimal(value: Decimal | int | float | str | None, *, language: str, places: int = 2) -> str:
    """Half-up rounding to `places`, comma as decimal mark, grouped by thousands.

    "" when not a number, or one with more digits than the decimal context keeps.
    """
    number = _number(value)
    if number is None:
        return ""
    spoken = words(language)
    try:
        rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return ""
    text = f"{rounded:,.{places}f}"
    return text.replace(",", "\0").replace(".", ",").replace("\0", spoken.thousands)


def integer(value: Decimal | int | float | str | None, *, language: str) -> str:
    """`1 250 000`."""
    return decimal(value, language=language, places=0)


def mad(value: Decimal | int | float | str | None, *, language: str) -> str:
    """`1 250 000,00 MAD` / `1.250.000,00 درهم`, with no-break spaces."""
    amount = decimal(value, language=language)
    return f"{amount}{NBSP}{words(language).currency}" if amount else ""


def mark(value: Decimal | int | float | str | None, *, language: str) -> str:
    """A mark or a total: two decimals, half up, rounded here and nowhere else."""
    return decimal(value, language=language)


def percent(value: Decimal | int | float | str | None, *, language: str, places: int = 0) -> str:
    """`60 %` from 60 (not from 0.6)."""
    amount = decimal(value, language=language, places=places)
    return f"{amount}{NBSP}%" if amount else ""


def filesize(value: int | None, *, language: str) -> str:
    """Size in bytes as `1,2 Mo`; a unit is 1,024 of the one before."""
    if value is None or value == "":
        return ""
    units = words(language).sizes
    size, rank = Decimal(value), 0
    while size >= 1024 and rank < len(units) - 1:
        size, rank = size / 1024, rank + 1
    return f"{decimal(size, language=language, places=1 if rank else 0)}{NBSP}{units[rank]}"


def yes_no(value: bool, *, language: str) -> str:
    return words(language).yes if value else words(language).no


def _number(value: Decimal | int | float | str | None) -> Decimal | None:
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
