"""Refuse to start where Morocco's clock is not known.

Morocco left UTC+1 for permanent UTC+0 on 2026-09-20; hosts whose zone data is older would close a call one hour early.
Python and PostgreSQL are both asked, because each reads its own zone data.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

ZONE = "Africa/Casablanca"
FIRST_DAY = date(2026, 11, 27)
DAYS_AFTER = 400
HOUR = time(15)

PYTHON_CURE = (
    "Install the pinned requirements again: .venv/bin/pip install --require-hashes -r requirements.txt"
)
POSTGRES_CURE = (
    "Upgrade the zone data of the database's host and restart PostgreSQL: "
    "apt-get update && apt-get install --only-upgrade tzdata && systemctl restart postgresql"
)


class StaleZone(Exception):
    """Zone data that does not know that Casablanca is on UTC+0. The message names the cure."""


def days() -> list[date]:
    return [FIRST_DAY + timedelta(days=n) for n in range(DAYS_AFTER + 1)]


def expected_instants() -> list[datetime]:
    return [datetime.combine(day, HOUR, tzinfo=UTC) for day in days()]


def python_instants() -> list[datetime]:
    zone = ZoneInfo(ZONE)
    return [datetime.combine(day, HOUR, tzinfo=zone).astimezone(UTC) for day in days()]


def postgres_instants() -> list[datetime]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (%s::date + n + %s::time) AT TIME ZONE %s FROM generate_series(0, %s) AS n ORDER BY n",
            [FIRST_DAY, HOUR, ZONE, DAYS_AFTER],
        )
        return [row[0].astimezone(UTC) for row in cursor.fetchall()]


def first_fault(name: str, answers: list[datetime]) -> str | None:
    """The sentence about the first day on which 15:00 in Casablanca is not 15:00 UTC, or None."""
    for day, answer, wanted in zip(days(), answers, expected_instants(), strict=True):
        if answer != wanted:
            return (
                f"{name} says that {HOUR:%H:%M} in Casablanca on {day:%Y-%m-%d} is {answer:%H:%M} UTC; "
                f"it is {wanted:%H:%M} UTC since Morocco left UTC+1."
            )
    return None


def check() -> None:
    """Raise StaleZone unless Python and PostgreSQL both know Morocco's clock."""
    fault = first_fault("Python", python_instants())
    if fault:
        raise StaleZone(f"{fault} {PYTHON_CURE}")
    fault = first_fault("PostgreSQL", postgres_instants())
    if fault:
        raise StaleZone(f"{fault} {POSTGRES_CURE}")
