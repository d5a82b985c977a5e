"""The portal of a journey: gunicorn and a Celery worker on this test's database, broker, files and clock."""

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from clusters_portal import embedded
from tests.processes import Process, celery_worker, free_port


class Portal:
    def __init__(self, folder: Path, mail_folder: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.mail_folder = mail_folder
        self._shift_file = folder / "clock-shift"
        self._shift = timedelta(0)
        self._write_shift()

    @property
    def clock_file(self) -> Path:
        return self._shift_file

    def now(self) -> datetime:
        """Near enough to the portal's own clock for setting dates."""
        return datetime.now(UTC) + self._shift

    def move_to(self, instant: datetime) -> None:
        """Time passes; it never goes back."""
        assert instant > self.now()
        self._shift = instant - datetime.now(UTC)
        self._write_shift()

    def pass_time(self, **time: float) -> None:
        self.move_to(self.now() + timedelta(**time))

    def mail_to(self, address: str, subject: str) -> EmailMessage:
        """The newest mail to this address whose subject holds these words; waits for the worker to write it."""
        found: list[EmailMessage] = []

        def arrived() -> bool:
            found[:] = [mail for mail in self.mails_to(address) if subject in str(mail["Subject"])]
            return bool(found)

        assert embedded.wait_until(arrived), [str(mail["Subject"]) for mail in self.mails_to(address)]
        return found[-1]

    def mails_to(self, address: str) -> list[EmailMessage]:
        paths = sorted(self.mail_folder.glob(f"*-{address}.eml"))
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]

    def _write_shift(self) -> None:
        partial = self._shift_file.with_suffix(".partial")
        partial.write_text(str(self._shift.total_seconds()))
        partial.rename(self._shift_file)

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def running_portal(environment: dict[str, str], folder: Path, mail_folder: Path) -> Iterator[Portal]:
    portal = Portal(folder, mail_folder)
    environment = environment | {
        "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
        "JOURNEY_ADDRESS": portal.address,
        "JOURNEY_CLOCK": str(portal.clock_file),
        "PORT": str(portal.port),
        "HOST": "127.0.0.1",
    }
    web = Process(
        ["gunicorn", "tests.journeys.shifted_wsgi:application"],
        environment | {"PYTHONWARNINGS": "ignore"},
        folder / "web.log",
    )
    try:
        with celery_worker("tests.journeys.shifted_celery", environment, folder, concurrency=2):
            web.wait_until(portal.answers)
            yield portal
    finally:
        web.stop()
