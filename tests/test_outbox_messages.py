from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from accounts import outbox
from accounts.enums import OutboxKind, OutboxState
from accounts.models import OutboxMessage
from clusters_portal import clock

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
RECEIPT = OutboxKind.RENDER_RECEIPT
calls: list[tuple[str, dict]] = []
behaviour: list[Exception] = []


def handler(key: str, payload: dict) -> None:
    calls.append((key, payload))
    if behaviour:
        raise behaviour.pop(0)


@pytest.fixture(autouse=True)
def _outbox(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    calls.clear()
    behaviour.clear()
    settings.OUTBOX_HANDLERS = dict.fromkeys(OutboxKind.values, f"{__name__}.handler")
    monkeypatch.setattr(outbox, "_broker_paused_until", 0.0)


@pytest.fixture
def kicked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found: list[int] = []
    monkeypatch.setattr(outbox.app, "send_task", lambda name, args, **_: found.append(args[0]))
    return found


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The clock of the tests: change its only element to move."""
    hands = [AT]
    monkeypatch.setattr(clock, "now", lambda: hands[0])
    return hands


def enqueue(key: str = "1", kind: OutboxKind = RECEIPT, **extra) -> OutboxMessage:
    with transaction.atomic():
        return outbox.enqueue(kind, key, at=AT, **extra)


@pytest.mark.django_db
def test_the_same_work_is_owed_once(kicked) -> None:
    first = enqueue(payload={"a": 1})
    assert enqueue(payload={"a": 2}) == first
    assert OutboxMessage.objects.get().payload == {"a": 1}


@pytest.mark.django_db(transaction=True)
def test_the_broker_hears_of_it_after_the_commit_and_once(kicked) -> None:
    with transaction.atomic():
        message = outbox.enqueue(RECEIPT, "1", at=AT)
        assert kicked == []
    assert kicked == [message.pk]
    enqueue()
    assert kicked == [message.pk]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_rolled_back_leaves_nothing(kicked) -> None:
    with transaction.atomic():
        outbox.enqueue(RECEIPT, "1", at=AT)
        transaction.set_rollback(True)
    assert OutboxMessage.objects.count() == 0
    assert kicked == []


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_does_not_hurt_and_is_left_alone_for_a_while(monkeypatch) -> None:
    tries: list[int] = []

    def refuse(*_: object, **__: object) -> None:
        tries.append(1)
        raise ConnectionRefusedError

    monkeypatch.setattr(outbox.app, "send_task", refuse)
    for key in "123":
        enqueue(key)
    assert OutboxMessage.objects.filter(state=OutboxState.QUEUED).count() == 3
    assert len(tries) == 1
    assert outbox.drain() == 3
    assert [key for key, _ in calls] == ["1", "2", "3"]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_refuses_connections_costs_little(settings) -> None:
    from time import monotonic

    from celery import Celery

    dead = Celery("dead", broker="redis://127.0.0.1:1/0")
    dead.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    real, outbox.app = outbox.app, dead
    began = monotonic()
    try:
        enqueue()
    finally:
        outbox.app = real
    assert monotonic() - began < 5
    assert outbox._broker_paused_until > monotonic()
    assert OutboxMessage.objects.get().state == OutboxState.QUEUED


@pytest.mark.django_db
def test_done_work_is_not_done_again(kicked, now) -> None:
    message = enqueue(payload={"a": 1})
    assert outbox.run(message.pk) is True
    assert outbox.run(message.pk) is False
    assert calls == [("1", {"a": 1})]
    message.refresh_from_db()
    assert (message.state, message.attempts, message.lease_until, message.finished_at) == (
        "done",
        1,
        None,
        AT,
    )


@pytest.mark.django_db
def test_a_secret_is_forgotten_once_its_mail_left(kicked, now) -> None:
    message = enqueue(kind=OutboxKind.MAIL, payload={"text": "code ABCD", "forget": True})
    outbox.run(message.pk)
    message.refresh_from_db()
    assert message.payload == {}


@pytest.mark.django_db
def test_failures_wait_longer_and_longer_then_stop(kicked, now) -> None:
    message = enqueue()
    waits = []
    for _ in range(5):
        behaviour.append(ValueError("broken"))
        assert outbox.run(message.pk) is False
        message.refresh_from_db()
        if message.state == OutboxState.QUEUED:
            waits.append(message.not_before - now[0])
            now[0] = message.not_before - timedelta(microseconds=1)
            assert outbox.run(message.pk) is False  # not due yet
            now[0] = message.not_before
    assert waits == [timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15)]
    assert (message.state, message.attempts, message.last_error) == ("failed", 5, "ValueError: broken")
    assert len(calls) == 5
    now[0] += timedelta(days=1)
    assert outbox.drain() == 0
    assert len(calls) == 5


def hold(message: OutboxMessage, *, until: datetime, attempts: int = 1) -> None:
    """As left by a worker that was killed."""
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=OutboxState.RUNNING, lease_until=until, attempts=attempts
    )


@pytest.mark.django_db
def test_a_lease_keeps_others_away_until_it_ends(kicked, now) -> None:
    message = enqueue()
    hold(message, until=AT)
    assert outbox.run(message.pk) is False
    now[0] = AT + timedelta(microseconds=1)
    assert outbox.run(message.pk) is True
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("done", 2)


@pytest.mark.django_db
def test_a_mail_whose_worker_died_is_left_to_a_person(kicked, now) -> None:
    message = enqueue(kind=OutboxKind.MAIL)
    hold(message, until=AT)
    now[0] = AT + timedelta(seconds=1)
    assert outbox.run(message.pk) is False
    message.refresh_from_db()
    assert (message.state, message.finished_at, calls) == ("unknown", now[0], [])
    assert outbox.drain() == 0


@pytest.mark.django_db
def test_a_mail_that_may_have_left_is_left_to_a_person(kicked, now) -> None:
    message = enqueue(kind=OutboxKind.MAIL)
    behaviour.append(outbox.Uncertain("the line broke"))
    assert outbox.run(message.pk) is False
    message.refresh_from_db()
    assert (message.state, message.last_error) == ("unknown", "Uncertain: the line broke")


@pytest.mark.django_db
def test_the_fifth_worker_that_dies_is_the_last(kicked, now) -> None:
    message = enqueue()
    hold(message, until=AT, attempts=5)
    now[0] = AT + timedelta(seconds=1)
    assert outbox.drain() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts, calls) == ("failed", 5, [])


@pytest.mark.django_db
def test_a_worker_that_wakes_up_late_does_not_mark_its_successors_work(kicked, now, settings) -> None:
    message = enqueue()

    def sleeper(key: str, payload: dict) -> None:
        now[0] = AT + timedelta(minutes=3)
        hold(message, until=now[0] + timedelta(minutes=2), attempts=2)  # the sweeper gave it to another

    settings.OUTBOX_HANDLERS = {RECEIPT: "unused"}
    outbox_import = outbox.import_string
    try:
        outbox.import_string = lambda _: sleeper
        outbox.run(message.pk)
    finally:
        outbox.import_string = outbox_import
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("running", 2)


@pytest.mark.django_db
def test_work_for_later_waits(kicked, now) -> None:
    message = enqueue(not_before=AT + timedelta(hours=1))
    assert outbox.drain() == 0
    now[0] = AT + timedelta(hours=1)
    assert outbox.run(message.pk) is True


@pytest.mark.django_db
def test_the_sweeper_leaves_the_broker_its_chance(kicked, now) -> None:
    enqueue()
    grace = timedelta(seconds=20)
    now[0] = AT + timedelta(seconds=19)
    assert outbox.sweep(grace=grace) == 0
    now[0] = AT + timedelta(seconds=20)
    assert outbox.sweep(grace=grace) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_claimants_one_runs_each_message(kicked, settings) -> None:
    ids = [enqueue(str(number)).pk for number in range(20)]

    def work(message_id: int) -> bool:
        try:
            return outbox.run(message_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(work, sorted(ids * 4)))
    assert sum(results) == 20
    assert sorted(key for key, _ in calls) == sorted(str(number) for number in range(20))
    assert set(OutboxMessage.objects.values_list("state", "attempts")) == {("done", 1)}
