"""Asking the portal inside a savepoint, and counting the rows that were written meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

WRITTEN = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"


@contextmanager
def undone() -> Iterator[None]:
    """What a request writes is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows_written() -> dict[str, int]:
    """By table, in this transaction so far, those rolled back to a savepoint included."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return dict(cursor.fetchall())
