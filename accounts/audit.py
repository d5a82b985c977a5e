"""The append-only trail: who did what, when, to what. The database chains the events and refuses to change them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from structlog.contextvars import get_contextvars

from accounts.models import AuditEvent, User

PORTAL_CHAIN = "portal"
GENESIS = "0" * 64
SYSTEM_LABEL = "système"

# The order of the fields and the writing of `at` are those of audit_event_digest() in migration 0002.
_ROWS = """
    SELECT id, chain, position, previous_digest, digest,
           to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           coalesce(actor_id::text, ''), actor_label, verb, subject_type, subject_id,
           call_code, detail::text, request_id
    FROM accounts_auditevent ORDER BY chain COLLATE "C", position
"""


@dataclass(frozen=True)
class Head:
    """The last event of a chain. Kept outside of the database, it shows a chain that was cut short."""

    chain: str
    position: int
    digest: str


def record(
    verb: str,
    *,
    by: User | None,
    at: datetime,
    subject: models.Model,
    call_code: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Write one event in the transaction of the act. `by=None` is the portal itself.

    Takes the lock of the call's chain until the end of the transaction: record last, after the rows are locked.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an act and its audit event belong to one transaction")
    return AuditEvent.objects.create(
        chain=call_code or PORTAL_CHAIN,
        at=at,
        actor=by,
        actor_label=f"{by.full_name} <{by.email}>"[:300] if by else SYSTEM_LABEL,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        call_code=call_code,
        detail=detail or {},
        request_id=str(get_contextvars().get("request_id", "")),
    )


def verify_chain() -> list[str]:
    """Recompute every digest in Python; one sentence per fault, an empty list when the trail is whole."""
    return [fault for fault, _ in _walk() if fault]


def heads() -> list[Head]:
    last: dict[str, Head] = {}
    for _, head in _walk():
        last[head.chain] = head
    return list(last.values())


def verify_heads(known: list[Head]) -> list[str]:
    """Faults against heads noted earlier: each must still be there, unchanged."""
    faults = []
    for head in known:
        found = AuditEvent.objects.filter(chain=head.chain, position=head.position).values_list(
            "digest", flat=True
        )
        if not found:
            faults.append(f"{head.chain} #{head.position}: the event is missing, the chain was cut")
        elif found[0] != head.digest:
            faults.append(f"{head.chain} #{head.position}: the digest is not the one noted")
    return faults


def digest_of(previous: str, chain: str, position: int, *fields: str) -> str:
    """SHA-256 over the fields, each preceded by its length in bytes, so that no two records write alike."""
    parts = [value.encode() for value in (previous, chain, str(position), *fields)]
    return hashlib.sha256(b"".join(b"%d:%s" % (len(part), part) for part in parts)).hexdigest()


def _walk() -> Iterator[tuple[str, Head]]:
    """Every event in chain order, with its fault ("" when sound)."""
    chain, position, digest = None, 0, GENESIS
    for event_id, row_chain, row_position, row_previous, row_digest, *fields in _rows():
        if row_chain != chain:
            chain, position, digest = row_chain, 0, GENESIS
        fault = ""
        if row_position != position + 1:
            fault = f"{row_chain} #{row_position} (id {event_id}): #{position + 1} is missing"
        elif row_previous != digest:
            fault = f"{row_chain} #{row_position} (id {event_id}): does not follow the event before it"
        elif row_digest != digest_of(row_previous, row_chain, row_position, *fields):
            fault = f"{row_chain} #{row_position} (id {event_id}): the content was changed"
        position, digest = row_position, row_digest
        yield fault, Head(row_chain, row_position, row_digest)


def _rows() -> Iterator[tuple[Any, ...]]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS)
        while batch := cursor.fetchmany(2000):
            yield from batch
