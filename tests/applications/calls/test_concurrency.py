"""Two connections at once: two closings, two extensions, a deposit that arrived in time and is still running."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection, connections, transaction

from applications.actions.closing import close_call
from applications.actions.deadlines import extend_deadline
from applications.models import Call, ClosingRecord, Deadline
from clusters_portal import clock
from clusters_portal.errors import Refused
from tests.applications.calls.builders import AT, CLOSES_AT, CLOSES_TIME, fresh, manager, opened

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[object]:
    """Run each act in its own thread and connection; what it returned, or the exception."""
    barrier = threading.Barrier(len(acts))
    answers: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            answers[place] = act()
        except Exception as error:
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_two_closings_make_one_record():
    by = manager()
    call = opened(by)
    at = CLOSES_AT + timedelta(minutes=3)
    answers = together(*[lambda: close_call(call, by=by, at=at, host_offset_ms=0)] * 2)
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert [[blocker.code for blocker in answer.blockers] for answer in refused] == [["already_closed"]]
    assert ClosingRecord.objects.count() == 1


def test_two_extensions_are_two_versions_and_the_shorter_one_never_wins():
    by = manager()
    call = opened(by)

    def extend(day: date) -> Callable[[], Deadline]:
        return lambda: extend_deadline(call, wall_on=day, wall_time=CLOSES_TIME, reason="Motif", by=by, at=AT)

    together(extend(date(2026, 12, 11)), extend(date(2026, 12, 18)))
    versions = fresh(call).deadline_versions
    assert [version.version for version in versions] == list(range(1, len(versions) + 1))
    assert versions[-1].wall_on == date(2026, 12, 18)


def test_closing_waits_for_whoever_arrived_before_the_hour():
    """The other connection began its transaction before the hour and has not finished."""
    by = manager()
    call = opened(by)
    started, done = threading.Event(), threading.Event()

    def deposit_in_flight() -> None:
        try:
            with transaction.atomic():
                clock.now()
                started.set()
                done.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=deposit_in_flight)
    thread.start()
    started.wait(10)
    with transaction.atomic():
        hour = clock.now()
        Call.objects.filter(pk=call.pk).update(opens_at=hour - timedelta(days=1))
        Deadline.objects.filter(call=call).update(closes_at=hour)
    try:
        with pytest.raises(Refused) as refused:
            close_call(call, by=by, at=hour, host_offset_ms=0)
        assert [blocker.code for blocker in refused.value.blockers] == ["deposits_in_flight"]
    finally:
        done.set()
        thread.join(20)
    close_call(call, by=by, at=hour, host_offset_ms=0)
    assert ClosingRecord.objects.count() == 1
