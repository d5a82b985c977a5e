"""Several transactions at once, each on a connection of its own; meetings by barriers and locks, never by the clock."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from clusters_portal import embedded

PATIENCE_SECONDS = 30


class Background:
    """One function in a thread with its own connection; `pid` is that connection's backend once it has begun.

    The function runs in one transaction, as a view of an act does.
    """

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self._begun = threading.Event()
        self.pid = 0
        self.result: Any = None
        self.error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._begun.wait(PATIENCE_SECONDS)

    def _run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.pid = cursor.fetchone()[0]
            self._begun.set()
            with transaction.atomic():
                self.result = self._work()
        except Exception as error:
            self.error = error
        finally:
            connection.close()
            self._begun.set()

    def wait_until_blocked(self) -> None:
        """Until PostgreSQL says that another transaction keeps this one waiting."""
        assert embedded.wait_until(self._is_blocked), f"never waited: {self.error!r}"

    def _is_blocked(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self.pid])
            blocked: bool = cursor.fetchone()[0]
        return blocked

    def end(self) -> Any:
        """The function's result, once its transaction has committed; what it raised is raised here."""
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive(), "still waiting"
        if self.error is not None:
            raise self.error
        return self.result


def together(*works: Callable[[], Any]) -> list[Any]:
    """Each in a transaction of its own, begun before any of them works; results in the same order."""
    gate = threading.Barrier(len(works), timeout=PATIENCE_SECONDS)

    def after_the_gate(work: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            gate.wait()
            return work()

        return run

    running = [Background(after_the_gate(work)) for work in works]
    return [one.end() for one in running]


@contextmanager
def row_locked(table: str, pk: object) -> Iterator[None]:
    """Hold a row FOR UPDATE in this thread until the block ends; what is written inside is committed with it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} WHERE id = %s FOR UPDATE", [pk])
        yield
