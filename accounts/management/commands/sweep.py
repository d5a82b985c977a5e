import signal
import threading
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils.module_loading import import_string

from accounts import outbox
from clusters_portal import clock

LOCK_NAME = "accounts.sweeper"


class Command(BaseCommand):
    help = "Does the outbox messages that the broker did not get done. Needs only PostgreSQL; one works at a time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one pass, then exit")
        parser.add_argument("--interval", type=float, default=5.0, help="seconds between two passes")
        parser.add_argument(
            "--older-than", type=float, default=20.0, help="seconds left to the broker before doing it here"
        )

    def handle(self, *, once: bool, interval: float, older_than: float, **_: Any) -> None:
        stop = threading.Event()
        if not once:
            for signum in (signal.SIGTERM, signal.SIGINT):
                signal.signal(signum, lambda *_: stop.set())
        grace = timedelta(seconds=older_than)
        while not stop.is_set():
            try:
                done = self._pass(grace, stop)
            except (DatabaseError, InterfaceError) as error:
                if once:
                    raise
                self.stderr.write(f"database unavailable, trying again: {type(error).__name__}")
                connection.close()
                done = 0
            if done:
                self.stdout.write(f"{done} message(s) done")
            if once:
                return
            stop.wait(interval)

    def _pass(self, grace: timedelta, stop: threading.Event) -> int:
        """The lock belongs to the session: a killed sweeper gives it back by dying."""
        close_old_connections()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [LOCK_NAME])
            if not cursor.fetchone()[0]:
                return 0
        try:
            for chore in settings.SWEEPER_CHORES:
                import_string(chore)(at=clock.now())
            return outbox.sweep(grace=grace, stopping=stop.is_set)
        finally:
            if connection.connection is not None and connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [LOCK_NAME])
