"""Work owed after a commit: a row in the transaction of the act, a hint to the broker, a sweeper that needs none.

A message is claimed by one UPDATE that takes a lease; `attempts` then fences the claim, so that a worker which wakes up
after its lease cannot mark the work of its successor.
"""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.module_loading import import_string

from accounts.enums import OutboxKind, OutboxState
from accounts.models import Heartbeat, OutboxMessage
from accounts.models.outbox_message import MAX_ATTEMPTS, REPEATABLE_KINDS
from clusters_portal import clock
from clusters_portal.celery import app

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
BACK_OFF = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
TASK_NAME = "accounts.tasks.run_message"
SWEEPER = "sweeper"
# After a broker refused, this process does not try again for a while: the sweeper does the work meanwhile.
BROKER_PAUSE_SECONDS = 10.0
_broker_paused_until = 0.0


class Uncertain(Exception):
    """Raised by a handler that cannot know whether its effect took place: a person decides."""


def enqueue(
    kind: OutboxKind,
    key: str,
    *,
    at: datetime,
    payload: dict[str, Any] | None = None,
    not_before: datetime | None = None,
) -> OutboxMessage:
    """Owe one piece of work, once per (kind, key), from the moment the transaction commits."""
    message, created = OutboxMessage.objects.get_or_create(
        kind=kind,
        key=str(key),
        defaults={"payload": payload or {}, "enqueued_at": at, "not_before": not_before or at},
    )
    if created and message.not_before <= at:
        transaction.on_commit(partial(kick, message.pk), robust=True)
    return message


def retry_failed(kind: OutboxKind, keys: Iterable[str], *, at: datetime) -> int:
    """Queue again what failed for good, at a person's demand; the number queued."""
    failed = OutboxMessage.objects.filter(kind=kind, key__in=list(keys), state=OutboxState.FAILED)
    ids = list(failed.values_list("pk", flat=True))
    failed.update(state=OutboxState.QUEUED, attempts=0, not_before=at, finished_at=None)
    for message_id in ids:
        transaction.on_commit(partial(kick, message_id), robust=True)
    return len(ids)


def kick(message_id: int) -> None:
    """Tell the broker; a dead broker is only logged."""
    global _broker_paused_until
    if time.monotonic() < _broker_paused_until:
        return
    try:
        app.send_task(TASK_NAME, args=[message_id], retry=False, ignore_result=True)
    except Exception as error:
        _broker_paused_until = time.monotonic() + BROKER_PAUSE_SECONDS
        logger.warning("broker unreachable, the sweeper will do it", extra={"reason": type(error).__name__})


def run(message_id: int) -> bool:
    """Claim and do one message; False when somebody else has it, it is not due, or it failed."""
    at = clock.now()
    park_abandoned(at)
    claimed = (
        OutboxMessage.objects.claimable(at)
        .filter(pk=message_id)
        .update(state=OutboxState.RUNNING, lease_until=at + LEASE, attempts=F("attempts") + 1)
    )
    if not claimed:
        return False
    message = OutboxMessage.objects.get(pk=message_id)
    handler: Callable[[str, dict[str, Any]], None] = import_string(settings.OUTBOX_HANDLERS[message.kind])
    try:
        handler(message.key, message.payload)
    except Uncertain as error:
        _finish(message, OutboxState.UNKNOWN, error)
        return False
    except Exception as error:
        logger.exception("outbox message failed", extra={"message_id": message.pk, "kind": message.kind})
        _retry_or_fail(message, error)
        return False
    _finish(message, OutboxState.DONE)
    return True


def park_abandoned(at: datetime) -> int:
    """Messages whose worker died and that must not be done again by themselves."""
    abandoned = OutboxMessage.objects.filter(state=OutboxState.RUNNING, lease_until__lt=at)
    final = {"lease_until": None, "finished_at": at}
    parked = abandoned.exclude(kind__in=REPEATABLE_KINDS).update(
        state=OutboxState.UNKNOWN, last_error="lease expired: it may have left", **final
    )
    spent = abandoned.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=OutboxState.FAILED, last_error="lease expired at the last attempt", **final
    )
    if parked or spent:
        logger.error("outbox messages need a person", extra={"unknown": parked, "failed": spent})
    return parked + spent


def sweep(*, grace: timedelta, stopping: Callable[[], bool] = lambda: False) -> int:
    """Do here what the broker did not get done; the number done. The caller holds the sweeper's lock."""
    at = clock.now()
    Heartbeat.objects.update_or_create(name=SWEEPER, defaults={"beat_at": at})
    park_abandoned(at)
    done = 0
    due = OutboxMessage.objects.overdue(at, grace=grace).order_by("not_before", "pk")
    for message_id in list(due.values_list("pk", flat=True)[:500]):
        if stopping():
            break
        done += run(message_id)
    return done


def drain() -> int:
    """Do everything that is due now, whatever its age; the number done. For tests, demonstrations and set-up."""
    total = 0
    while done := sweep(grace=timedelta(0)):
        total += done
    return total


def _finish(message: OutboxMessage, state: OutboxState, error: Exception | None = None) -> None:
    values: dict[str, Any] = {"state": state, "lease_until": None, "finished_at": clock.now()}
    if error:
        values["last_error"] = _sentence(error)
    if message.payload.get("forget"):
        values["payload"] = {}
    _held(message).update(**values)


def _retry_or_fail(message: OutboxMessage, error: Exception) -> None:
    if message.attempts >= MAX_ATTEMPTS:
        _finish(message, OutboxState.FAILED, error)
        return
    wait = BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1]
    _held(message).update(
        state=OutboxState.QUEUED, lease_until=None, not_before=clock.now() + wait, last_error=_sentence(error)
    )


def _held(message: OutboxMessage) -> QuerySet[OutboxMessage]:
    """The row, only while our own claim still holds it."""
    return OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.RUNNING, attempts=message.attempts)


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
