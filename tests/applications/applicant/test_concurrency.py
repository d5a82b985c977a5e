"""Two real connections at once."""

import threading
from collections.abc import Callable
from datetime import time, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from applications.actions.dossiers import SectionConflict, save_section
from applications.actions.submissions import submit
from applications.enums import DeadlineKind, SectionCode, TeamRole
from applications.models import Application, Call, Deadline, Section, Submission
from clusters_portal.errors import Refused
from tests.applications.applicant import world

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Each act in a thread with its own connection; what it returned or raised."""
    gate = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=10)
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def deposit(application: Application, user, token: UUID, at=world.AT) -> Submission:
    return submit(application, by=user, at=at, token=token, signatory="A", capacity="B")


def test_two_colleagues_deposit_at_once(filled, owner):
    other = world.person("redactrice")
    world.seat(filled, other, TeamRole.EDITOR, may_deposit=True)
    first, second = at_once(lambda: deposit(filled, owner, uuid4()), lambda: deposit(filled, other, uuid4()))
    assert isinstance(first, Submission)
    assert first == second
    assert Submission.objects.count() == 1


def test_a_double_click_at_once(filled, owner):
    token = uuid4()
    results = at_once(*[lambda: deposit(filled, owner, token)] * 4)
    assert len(set(results)) == 1
    assert Submission.objects.count() == 1


def test_two_drafts_are_not_started_at_once(call, owner):
    results = at_once(*[lambda: world.draft(call, owner)] * 3)
    assert len(set(results)) == 1


def test_two_writers_of_one_section_at_once(draft, owner):
    def save(name: str) -> object:
        return save_section(draft, SectionCode.IDENTITY, {"name": name}, by=owner, at=world.AT, version=0)

    results = at_once(lambda: save("Un"), lambda: save("Deux"))
    kinds = sorted(type(result).__name__ for result in results)
    assert kinds == ["Section", "SectionConflict"]
    assert Section.objects.get().version == 1
    conflict = next(result for result in results if isinstance(result, SectionConflict))
    assert conflict.current.data == Section.objects.get().data


def test_a_deposit_waits_for_an_extension_and_reads_it(filled, owner):
    """Asked after the old deadline, while the extension is being written: the one in force decides."""
    late = world.CLOSES_AT + timedelta(minutes=1)
    locked, go_on = threading.Event(), threading.Event()

    def extend() -> None:
        with transaction.atomic():
            call = Call.objects.select_for_update().get(pk=filled.call_id)
            locked.set()
            go_on.wait(timeout=10)
            Deadline.objects.create(
                call=call,
                version=2,
                kind=DeadlineKind.REOPENING,
                wall_on=world.CLOSES_AT.date() + timedelta(days=7),
                wall_time=time(15, 0),
                closes_at=world.CLOSES_AT + timedelta(days=7),
                tzdata_version="2026c",
                reason="Panne",
            )

    def ask() -> Submission:
        locked.wait(timeout=10)
        threading.Timer(0.3, go_on.set).start()
        return deposit(filled, owner, uuid4(), at=late)

    _none, submission = at_once(extend, ask)
    assert isinstance(submission, Submission)
    assert submission.snapshot["deadline"]["version"] == 2


def test_a_deposit_that_waited_counts_from_its_arrival(filled, owner):
    locked, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Application.objects.select_for_update().get(pk=filled.pk)
            locked.set()
            go_on.wait(timeout=10)

    def ask() -> Submission:
        locked.wait(timeout=10)
        threading.Timer(0.3, go_on.set).start()
        return deposit(filled, owner, uuid4(), at=world.CLOSES_AT - world.MICROSECOND)

    _none, submission = at_once(hold, ask)
    assert isinstance(submission, Submission)
    assert submission.submitted_at == world.CLOSES_AT - world.MICROSECOND


def test_a_deposit_against_a_cancellation_is_one_or_the_other(filled, owner):
    def cancel() -> None:
        with transaction.atomic():
            call = Call.objects.select_for_update().get(pk=filled.call_id)
            call.status, call.cancelled_at, call.cancellation_reason = "cancelled", world.AT, "Essai"
            call.save()

    _none, result = at_once(cancel, lambda: deposit(filled, owner, uuid4()))
    assert isinstance(result, Submission | Refused)
    assert Submission.objects.count() == isinstance(result, Submission)
