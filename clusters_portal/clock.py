from datetime import UTC, datetime

from django.db import connection


def now() -> datetime:
    """PostgreSQL's transaction_timestamp() in UTC: one instant for a whole transaction, one clock for all processes.

    The view of an act opens its transaction, reads this once, first, and passes it on as `at`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp()")
        instant: datetime = cursor.fetchone()[0]
    return instant.astimezone(UTC)


def host_offset_ms() -> int:
    """This host's clock minus the database's, in milliseconds; nothing is decided by it, records state it."""
    before = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        asked: datetime = cursor.fetchone()[0]
    middle = before + (datetime.now(UTC) - before) / 2
    return round((middle - asked).total_seconds() * 1000)
