"""Closing: when, what the record states, and its PDF."""

import copy
import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from accounts.models import AuditEvent, OutboxMessage
from applications.actions.calls import cancel_call
from applications.actions.closing import close_call, render_record
from applications.actions.deadlines import extend_deadline
from applications.domain.closing import InterruptionKind, Sample, digest_of_facts, interruptions
from applications.enums import CallPhase, CallStatus
from applications.models import Application, ClosingRecord, DepositFailure, ServiceSample
from applications.tasks import render_closing_record
from clusters_portal import storage
from clusters_portal.errors import Refused
from tests.applications.calls.builders import (
    AT,
    CLOSES_AT,
    CLOSES_TIME,
    MOMENT,
    announced,
    codes,
    dossier,
    draft,
    fresh,
    manager,
    opened,
    person,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def by(db):
    return manager()


def looks(*minutes: int, failed: tuple[int, ...] = ()) -> list[Sample]:
    return [Sample(AT + minute * MINUTE, minute not in failed) for minute in minutes]


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (looks(1, 3, 6, 9), []),
        (looks(1, 6, 9), []),
        (looks(1, 7, 9), [(1, 7, InterruptionKind.NOT_OBSERVED)]),
        (looks(1, 2, 3, 4, 9, failed=(2, 3)), [(2, 4, InterruptionKind.UNANSWERED)]),
        (looks(1, 2, failed=(2,)), [(2, 10, InterruptionKind.UNANSWERED)]),
        (looks(4), [(4, 10, InterruptionKind.NOT_OBSERVED)]),
        ([], [(0, 10, InterruptionKind.NOT_OBSERVED)]),
    ],
)
def test_interruptions_between_opening_and_deadline(samples, expected):
    found = interruptions(samples, opens_at=AT, closes_at=AT + 10 * MINUTE)
    assert [(one.starts_at, one.ends_at, one.kind) for one in found] == [
        (AT + start * MINUTE, AT + end * MINUTE, kind) for start, end, kind in expected
    ]


def test_looks_outside_of_the_window_count_for_nothing():
    outside = [Sample(AT - MINUTE, False), *looks(2, 6, 9), Sample(AT + 10 * MINUTE, False)]
    assert interruptions(outside, opens_at=AT, closes_at=AT + 10 * MINUTE) == ()


@pytest.mark.parametrize(("at", "code"), [(AT, "too_early"), (CLOSES_AT - MOMENT, "too_early")])
def test_an_open_call_is_not_closed(by, at, code):
    with pytest.raises(Refused) as refused:
        close_call(opened(by), by=by, at=at, host_offset_ms=0)
    assert codes(refused) == [code]


def test_other_refusals(by):
    cancelled = opened(by, code="C-1")
    cancel_call(cancelled, reason="Motif", by=by, at=AT)
    closed = opened(by, code="C-2")
    close_call(closed, by=by, at=CLOSES_AT, host_offset_ms=0)
    cases = [
        (draft(by, code="C-3"), "not_announced"),
        (announced(by, code="C-4"), "not_open"),
        (cancelled, "cancelled"),
        (closed, "already_closed"),
    ]
    for call, code in cases:
        with pytest.raises(Refused) as refused:
            close_call(call, by=by, at=CLOSES_AT, host_offset_ms=0)
        assert codes(refused) == [code], call.code
    assert ClosingRecord.objects.count() == 1


def test_the_record_counts_without_naming_anybody(by):
    call = opened(by)
    extend_deadline(
        call,
        wall_on=CLOSES_AT.date() + timedelta(days=7),
        wall_time=CLOSES_TIME,
        reason="Motif",
        by=by,
        at=AT,
    )
    closes_at = fresh(call).closes_at
    dossier(call, person("un"), submitted_at=AT + MINUTE, number="D-1")
    dossier(call, person("deux"), submitted_at=AT + 2 * MINUTE, number="D-2")
    unfinished = dossier(call, person("trois"))
    DepositFailure.objects.create(call=call, application_id=unfinished.pk, at=closes_at, codes=["too_late"])
    ServiceSample.objects.create(at=AT + MINUTE, answered=True, clock_offset_ms=-12)
    record = close_call(call, by=by, at=closes_at, host_offset_ms=7)
    facts = record.facts
    assert facts["deposits"] == {
        "dossiers": 2,
        "withdrawn": 0,
        "drafts": 1,
        "rows": [{"at": (AT + n * MINUTE).isoformat(), "version": 1, "digest": "a" * 64} for n in (1, 2)],
    }
    assert [row["version"] for row in facts["deadlines"]] == [1, 2]
    assert facts["deadlines"][1]["reason"] == "Motif"
    assert facts["clock"]["host_offset_ms"] == 7
    assert facts["clock"]["largest_offset_ms"] == 12
    assert facts["failed_deposits"] == [{"at": closes_at.isoformat(), "codes": ["too_late"]}]
    assert facts["interruptions"] == [
        {"from": (AT + MINUTE).isoformat(), "to": closes_at.isoformat(), "kind": "not_observed"}
    ]
    for hidden in ("Atlas", "demo.example", "D-1", str(unfinished.pk)):
        assert hidden not in str(facts)
    assert record.digest == digest_of_facts(facts)
    assert fresh(call).status == CallStatus.CLOSED
    assert fresh(call).phase(at=closes_at) == CallPhase.CLOSED
    assert AuditEvent.objects.get(verb="call.closed").detail == {"digest": record.digest, "dossiers": 2}
    assert OutboxMessage.objects.get(kind="render_closing_record").key == str(record.pk)


def test_the_pdf_is_made_once_and_says_both_languages(by):
    call = opened(by)
    dossier(call, person("un"), submitted_at=AT + MINUTE)
    record = close_call(call, by=by, at=CLOSES_AT, host_offset_ms=0)
    render_closing_record(str(record.pk), {})
    record.refresh_from_db()
    first = (record.pdf_key, record.pdf_sha256, record.rendered_at)
    render_closing_record(str(record.pk), {})
    record.refresh_from_db()
    assert (record.pdf_key, record.pdf_sha256, record.rendered_at) == first
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(storage.read(record.pdf_key))).pages)
    assert "Procès-verbal de clôture" in text
    assert record.digest in text.replace("\n", "")
    assert "27 novembre 2026 à 15 h 00".replace(" ", "") in text.replace("\xa0", "").replace(" ", "")
    assert "Atlas" not in text
    assert any("\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufeff" for letter in text)


def test_facts_that_were_changed_are_not_printed(by):
    record = close_call(opened(by), by=by, at=CLOSES_AT, host_offset_ms=0)
    facts = copy.deepcopy(record.facts)
    facts["deposits"]["dossiers"] = 3
    ClosingRecord.objects.filter(pk=record.pk).update(facts=facts)
    with pytest.raises(ValueError, match="no longer match their digest"):
        render_record(record.pk, at=CLOSES_AT)


def test_the_digest_survives_the_database(by):
    record = close_call(opened(by), by=by, at=CLOSES_AT, host_offset_ms=0)
    stored = ClosingRecord.objects.get(pk=record.pk)
    assert digest_of_facts(stored.facts) == stored.digest
    assert Application.objects.count() == 0
