"""A real worker dies while it renders; the sweeper, which needs no broker, leaves exactly one letter per decision."""

import hashlib
import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts import outbox
from accounts.enums import OutboxKind, OutboxState
from accounts.models import AuditEvent, OutboxMessage
from clusters_portal import clock
from evaluation.actions.decisions import sign_all
from evaluation.enums import LetterState
from evaluation.models import DecisionLetter
from tests.applications.applicant import world
from tests.concurrency.decisions import SIGNED_AT, decision_maker, deliberated_call
from tests.processes import HAS_SEMAPHORES, Process, celery_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LETTERS = 4
HELD = 3  # two letters are made, the third is under the press, the fourth waits at the broker


@pytest.fixture
def worker(process_environment, tmp_path: Path) -> Iterator[Process]:
    environment = process_environment | {"HELD_RENDERING": str(HELD)}
    module = "tests.concurrency.held_celery"
    with celery_worker(module, environment, tmp_path, concurrency=1) as running:
        yield running


@pytest.fixture
def numbers(worker: Process, tmp_path: Path) -> list[str]:
    """The numbers given at the signature; on return the worker holds the third letter under the press."""
    call, _decisions = deliberated_call("AAP-UN", proposer=world.person("presidente"), decisions=LETTERS)
    letters = sign_all(call, by=decision_maker(), at=SIGNED_AT)
    worker.wait_until(lambda: len(renderings(tmp_path)) == HELD)
    assert sorted(DecisionLetter.objects.values_list("state", flat=True)) == ["queued"] * 2 + ["rendered"] * 2
    return [letter.number for letter in letters]


def renderings(folder: Path) -> list[int]:
    """The pid of the process behind each rendering."""
    lines = folder / "renderings"
    return [int(line) for line in lines.read_text().splitlines()] if lines.exists() else []


def sweep_after_the_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the sweeper finds it three minutes later; its own process knows no broker."""

    def no_broker(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    real = clock.now
    with monkeypatch.context() as patch:
        patch.setattr(outbox.app, "send_task", no_broker)
        patch.setattr(clock, "now", lambda: real() + outbox.LEASE + timedelta(minutes=1))
        call_command("sweep", "--once", stdout=StringIO())


def assert_exactly_one_letter_each(numbers: list[str], private_folder: Path) -> None:
    letters = list(DecisionLetter.objects.order_by("sequence"))
    assert [letter.number for letter in letters] == numbers
    assert [letter.sequence for letter in letters] == list(range(1, LETTERS + 1))
    assert {letter.state for letter in letters} == {LetterState.RENDERED}
    stored = sorted(private_folder.rglob("*.pdf"))
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in stored}
    assert len(stored) == LETTERS
    assert digests == {letter.pdf_sha256 for letter in letters}
    assert AuditEvent.objects.filter(verb="letter.rendered").count() == LETTERS
    messages = OutboxMessage.objects.filter(kind=OutboxKind.RENDER_LETTER)
    assert {message.state for message in messages} == {OutboxState.DONE}


def test_kill_9_of_the_worker_in_the_middle_of_a_batch(
    worker, numbers, private_folder, tmp_path, monkeypatch
) -> None:
    """LT-10: and the sweeper takes nothing from a worker whose lease still runs."""
    worker.kill_all()
    call_command("sweep", "--once", stdout=StringIO())
    assert DecisionLetter.objects.filter(state=LetterState.RENDERED).count() < LETTERS

    sweep_after_the_lease(monkeypatch)
    assert_exactly_one_letter_each(numbers, private_folder)
    messages = OutboxMessage.objects.filter(kind=OutboxKind.RENDER_LETTER).order_by("pk")
    assert list(messages.values_list("attempts", flat=True)) == [1, 1, 2, 1]
    assert len(renderings(tmp_path)) == HELD  # the worker printed nothing after its death


@pytest.mark.skipif(not HAS_SEMAPHORES, reason="without shared memory a worker has no children")
def test_kill_9_of_the_child_that_renders_leaves_the_worker_alive_and_one_letter_each(
    worker, numbers, private_folder, tmp_path, monkeypatch
) -> None:
    """LT-09: the task comes back to another child at once, which leaves the letter to whoever holds its lease."""
    os.kill(renderings(tmp_path)[-1], signal.SIGKILL)
    fourth = DecisionLetter.objects.get(number=numbers[-1])
    worker.wait_until(lambda: _rendered(fourth))
    third = DecisionLetter.objects.get(number=numbers[HELD - 1])
    assert third.state == LetterState.QUEUED

    sweep_after_the_lease(monkeypatch)
    assert_exactly_one_letter_each(numbers, private_folder)
    assert len(set(renderings(tmp_path))) == 2


def test_a_slow_worker_that_goes_on_after_the_sweeper_did_its_letter_changes_nothing(
    worker, numbers, private_folder, tmp_path, monkeypatch
) -> None:
    """The lease ran out while the worker still lived: two copies are printed, one is kept."""
    sweep_after_the_lease(monkeypatch)
    third = DecisionLetter.objects.get(number=numbers[HELD - 1])
    assert third.state == LetterState.RENDERED
    before = {path: path.stat().st_mtime_ns for path in private_folder.rglob("*.pdf")}
    (tmp_path / "go").touch()
    # It has marked nothing; it takes the next message, and finds that letter made too.
    marker = OutboxMessage.objects.create(
        kind=OutboxKind.RENDER_LETTER,
        key=str(third.pk) + "-again",
        payload={},
        enqueued_at=SIGNED_AT,
        not_before=SIGNED_AT,
    )
    outbox.kick(marker.pk)
    worker.wait_until(lambda: OutboxMessage.objects.get(pk=marker.pk).attempts > 0)
    marker.delete()
    assert_exactly_one_letter_each(numbers, private_folder)
    assert {path: path.stat().st_mtime_ns for path in private_folder.rglob("*.pdf")} == before


def _rendered(letter: DecisionLetter) -> bool:
    letter.refresh_from_db()
    return letter.state == LetterState.RENDERED
