"""Dates, hours, lengths and lists in French and Arabic sentences, for reasons that are stored as they were given.

Arabic uses the Moroccan names of months and western digits; nouns are given in the genitive.
"""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from applications.domain.years import DateInterval

_MONTHS_FR = (
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
)
_MONTHS_AR = (
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
)
_WEEKDAYS_FR = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WEEKDAYS_AR = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")

YEAR_AR = ("سنة واحدة", "سنتين", "سنوات", "سنة")
DAY_AR = ("يوم واحد", "يومين", "أيام", "يوما")
MEMBER_AR = ("عضو واحد", "عضوين", "أعضاء", "عضوا")


def day_fr(day: date) -> str:
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS_FR[day.month - 1]} {day.year}"


def day_ar(day: date) -> str:
    return f"{day.day} {_MONTHS_AR[day.month - 1]} {day.year}"


def on_day_fr(days: DateInterval) -> str:
    """« le 1er juin 2015 », « entre le … et le … »."""
    if days.is_exact:
        return f"le {day_fr(days.earliest)}"
    return f"entre le {day_fr(days.earliest)} et le {day_fr(days.latest)}"


def on_day_ar(days: DateInterval) -> str:
    if days.is_exact:
        return f"في {day_ar(days.earliest)}"
    return f"بين {day_ar(days.earliest)} و{day_ar(days.latest)}"


def instant_fr(at: datetime, *, zone: str) -> str:
    """« le vendredi 27 novembre 2026 à 14 h 59 min 58 s (heure de Rabat) »; seconds only where there are any."""
    local = at.astimezone(ZoneInfo(zone))
    seconds = f"\u00a0min\u00a0{local.second:02d}\u00a0s" if local.second else ""
    weekday = _WEEKDAYS_FR[local.weekday()]
    hour = f"{local.hour}\u00a0h\u00a0{local.minute:02d}{seconds}"
    return f"le {weekday} {day_fr(local.date())} à {hour} (heure de Rabat)"


def instant_ar(at: datetime, *, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"يوم {_WEEKDAYS_AR[local.weekday()]} {day_ar(local.date())} على الساعة {clock} (بتوقيت الرباط)"


def counted_fr(number: int, singular: str, plural: str) -> str:
    return f"{number} {plural if number > 1 else singular}"


def counted_ar(number: int, forms: tuple[str, str, str, str]) -> str:
    """`forms`: one, two, three to ten, eleven to ninety-nine; the noun follows the last two digits."""
    one, two, few, many = forms
    if number == 1:
        return one
    if number == 2:
        return two
    rest = number % 100
    if 3 <= rest <= 10:
        return f"{number} {few}"
    if rest >= 11:
        return f"{number} {many}"
    return f"{number} {one.split()[0]}"


def years_fr(number: int) -> str:
    return counted_fr(number, "an", "ans")


def years_ar(number: int) -> str:
    return counted_ar(number, YEAR_AR)


def length_fr(years: int, days: int) -> str:
    """« 12 ans 90 jours », which reads well between « entre » and « et »; nothing at all is « 0 jour »."""
    parts = [years_fr(years)] if years else []
    if days or not years:
        parts.append(counted_fr(days, "jour", "jours"))
    return " ".join(parts)


def length_ar(years: int, days: int) -> str:
    parts = [years_ar(years)] if years else []
    if days or not years:
        parts.append(counted_ar(days, DAY_AR) if days else "0 يوم")
    return " و".join(parts)


def list_fr(items: Sequence[str]) -> str:
    return ", ".join(items)


def list_ar(items: Sequence[str]) -> str:
    return "، ".join(items)


def french(text: str) -> str:
    """No-break spaces where French typography wants them."""
    for sign in (":", ";", "?", "!", "»", "%"):
        text = text.replace(f" {sign}", f"\u00a0{sign}")
    return text.replace("« ", "«\u00a0")
