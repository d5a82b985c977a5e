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
