"""Closing a call once its hour has passed, and the record of it."""

from datetime import datetime, timedelta
from typing import Any

import tzdata
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts import outbox
from accounts.enums import OutboxKind
from accounts.models import User
from applications.actions.transitions import advance_call
from applications.domain.closing import Sample, digest_of_facts, interruptions
from applications.domain.deadlines import OPENING_DELAY
from applications.enums import ApplicationStatus, CallPhase, CallStatus
from applications.models import Application, Call, ClosingRecord, DepositFailure, ServiceSample, Submission
from clusters_portal import formats, pdf, storage
from clusters_portal.errors import Blocker, Refused

TEMPLATE = "pdf/closing_record.html"
PHASE_SENTENCES = {
    CallPhase.OPEN: (
        "too_early",
        _("L'heure n'est pas passée : avant elle, un appel peut être annulé, non clos."),
    ),
    CallPhase.DRAFT: ("not_announced", _("Cet appel n'est pas publié.")),
    CallPhase.ANNOUNCED: ("not_open", _("Cet appel n'a pas encore été ouvert.")),
    CallPhase.CANCELLED: ("cancelled", _("Cet appel est annulé.")),
}
ALREADY_CLOSED = ("already_closed", _("Cet appel est déjà clos."))


@transaction.atomic
def close_call(call: Call, *, by: User, at: datetime, host_offset_ms: int) -> ClosingRecord:
    """ANNOUNCED → CLOSED, with what the record must state. `host_offset_ms`: this host's clock minus the database's.

    Raises `Refused`: `too_early`, `not_announced`, `not_open`, `cancelled`, `already_closed`, `deposits_in_flight`.
    """
    locked = Call.objects.select_for_update(of=("self",)).prefetch_related("deadlines").get(pk=call.pk)
    phase = locked.phase(at=at)
    if phase != CallPhase.AWAITING_CLOSING:
        raise Refused([Blocker(*PHASE_SENTENCES.get(phase, ALREADY_CLOSED))])
    _opens_at, closes_at = _window(locked)
    if _has_deposits_in_flight(closes_at, at=at):
        message = _(
            "Des requêtes arrivées avant l'heure ne sont pas terminées : réessayez dans quelques secondes."
        )
        raise Refused([Blocker("deposits_in_flight", message)])
    facts = closing_facts(locked, at=at, host_offset_ms=host_offset_ms)
    digest = digest_of_facts(facts)
    record = ClosingRecord.objects.create(call=locked, facts=facts, digest=digest, closed_by=by, closed_at=at)
    advance_call(
        locked,
        CallStatus.CLOSED,
        by=by,
        at=at,
        detail={"digest": digest, "dossiers": facts["deposits"]["dossiers"]},
    )
    outbox.enqueue(OutboxKind.RENDER_CLOSING_RECORD, str(record.pk), at=at)
    return record


def _window(call: Call) -> tuple[datetime, datetime]:
    """[opens, closes) of a call whose hour has passed: both are known by then."""
    if call.opens_at is None or call.closes_at is None:
        raise ValueError(f"{call.code} was never open")
    return call.opens_at, call.closes_at


def _has_deposits_in_flight(closes_at: datetime, *, at: datetime) -> bool:
    """Transactions that began in the last two minutes before the hour still run: one of them may be a deposit.

    A deposit is in time by its arrival, not by its commit; the record must count it. Holding the lock of the call we
    look once and refuse, so that the deposit which waits for us goes on.
    """
    if at >= closes_at + OPENING_DELAY:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (
                SELECT FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                  AND xact_start >= %s - interval '2 minutes' AND xact_start < %s AND %s <= transaction_timestamp()
            )
            """,
            [closes_at, closes_at, closes_at],
        )
        found: bool = cursor.fetchone()[0]
    return found


def closing_facts(call: Call, *, at: datetime, host_offset_ms: int) -> dict[str, Any]:
    """JSON facts of the record: no name, no number, no content of any dossier. The call has been opened."""
    opens_at, closes_at = _window(call)
    return {
        "call": {
            "code": call.code,
            "title_fr": call.title_fr,
            "title_ar": call.title_ar,
            "is_demonstration": call.is_demonstration,
        },
        "opens_at": opens_at.isoformat(),
        "closes_at": closes_at.isoformat(),
        "closed_at": at.isoformat(),
        "deadlines": [_deadline_facts(deadline) for deadline in call.deadline_versions],
        "deposits": _deposit_facts(call),
        **_service_facts(call, host_offset_ms=host_offset_ms),
        "failed_deposits": [
            {"at": failure.at.isoformat(), "codes": list(failure.codes)}
            for failure in DepositFailure.objects.filter(call=call).order_by("at", "pk")
        ],
    }


def _deadline_facts(deadline: Any) -> dict[str, Any]:
    return {
        "version": deadline.version,
        "kind": deadline.kind,
        "wall_on": deadline.wall_on.isoformat(),
        "wall_time": f"{deadline.wall_time:%H:%M}",
        "zone": deadline.zone,
        "closes_at": deadline.closes_at.isoformat(),
        "tzdata": deadline.tzdata_version,
        "reason": deadline.reason,
        "announced_on": deadline.announced_on.isoformat() if deadline.announced_on else None,
    }


def _deposit_facts(call: Call) -> dict[str, Any]:
    """Every deposit by its instant and digest; a later version of the same dossier is one more deposit."""
    dossiers = Application.objects.filter(call=call)
    deposits = Submission.objects.filter(application__call=call).order_by("submitted_at", "pk")
    rows = deposits.values_list("submitted_at", "version", "digest")
    return {
        "dossiers": dossiers.filter(status=ApplicationStatus.SUBMITTED).count(),
        "withdrawn": dossiers.filter(status=ApplicationStatus.WITHDRAWN).count(),
        "drafts": dossiers.filter(status=ApplicationStatus.DRAFT).count(),
        "rows": [
            {"at": submitted_at.isoformat(), "version": version, "digest": digest}
            for submitted_at, version, digest in rows
        ],
    }


def _service_facts(call: Call, *, host_offset_ms: int) -> dict[str, Any]:
    opens_at, closes_at = _window(call)
    looks = ServiceSample.objects.filter(at__gte=opens_at, at__lt=closes_at).order_by("at")
    rows = list(looks.values_list("at", "answered", "clock_offset_ms"))
    breaks = interruptions(
        (Sample(sampled_at, answered) for sampled_at, answered, _offset in rows),
        opens_at=opens_at,
        closes_at=closes_at,
    )
    return {
        "clock": {
            "host_offset_ms": host_offset_ms,
            "largest_offset_ms": max((abs(offset) for *_rest, offset in rows), default=None),
            "samples": len(rows),
            "tzdata": tzdata.IANA_VERSION,
        },
        "interruptions": [
            {"from": one.starts_at.isoformat(), "to": one.ends_at.isoformat(), "kind": one.kind.value}
            for one in breaks
        ],
    }


def render_record(record_pk: int, *, at: datetime) -> ClosingRecord:
    """Make and keep the PDF of a record; a second run finds it done. The facts are checked against their digest."""
    record = ClosingRecord.objects.select_related("closed_by", "call").get(pk=record_pk)
    if record.rendered_at is not None:
        return record
    if digest_of_facts(record.facts) != record.digest:
        raise ValueError(f"the facts of closing record {record.pk} no longer match their digest")
    content = pdf.render_template_pdf(TEMPLATE, record_context(record), "fr")
    stored = storage.put(f"closing-records/{record.call.code}-{record.digest}.pdf", content)
    ClosingRecord.objects.filter(pk=record.pk, rendered_at__isnull=True).update(
        pdf_key=stored.key, pdf_sha256=stored.sha256, pdf_size=stored.size, rendered_at=at
    )
    record.refresh_from_db()
    return record


def record_context(record: ClosingRecord) -> dict[str, Any]:
    """The facts with instants instead of text, for the template of the PDF and for the page."""
    facts = record.facts
    instant = datetime.fromisoformat
    return {
        "record": record,
        "facts": facts,
        "demonstration": facts["call"]["is_demonstration"],
        "opens_at": instant(facts["opens_at"]),
        "closes_at": instant(facts["closes_at"]),
        "closes_at_ar": formats.instant(instant(facts["closes_at"]), language="ar"),
        "deadlines": [row | {"at": instant(row["closes_at"])} for row in facts["deadlines"]],
        "deposits": [row | {"at": instant(row["at"])} for row in facts["deposits"]["rows"]],
        "failures": [row | {"at": instant(row["at"])} for row in facts["failed_deposits"]],
        "interruptions": [
            row | {"starts_at": instant(row["from"]), "ends_at": instant(row["to"]), "lasts": _span(row)}
            for row in facts["interruptions"]
        ],
    }


def _span(row: dict[str, str]) -> timedelta:
    return datetime.fromisoformat(row["to"]) - datetime.fromisoformat(row["from"])
