"""The portal is looked at once a minute while a call is published, and only then."""

import http.server
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from applications.actions.service import answers, sample_service
from applications.enums import CallStatus, SupportCount, SupportReference
from applications.models import Call, ServiceSample

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[http.server.HTTPServer]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/healthz" else 503)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    found = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield found
    found.shutdown()
    thread.join()
    found.server_close()


def announce() -> Call:
    return Call.objects.create(
        code="DEMO-1",
        year=2026,
        title_fr="Appel de démonstration",
        status=CallStatus.ANNOUNCED,
        support_count=SupportCount.SINCE_FIRST_LABEL,
        support_reference=SupportReference.FIRST_DEADLINE,
    )


@pytest.mark.django_db
def test_nothing_is_noted_while_no_call_is_published() -> None:
    assert sample_service(at=AT) is None


@pytest.mark.django_db
def test_one_sample_a_minute(server, settings) -> None:
    announce()
    settings.PORTAL_PROBE_URL = f"http://127.0.0.1:{server.server_port}/healthz"
    first = sample_service(at=AT)
    assert first is not None
    assert (first.at, first.answered) == (AT, True)
    assert abs(first.clock_offset_ms) < 60_000
    assert sample_service(at=AT + timedelta(seconds=54)) is None
    assert sample_service(at=AT + timedelta(seconds=55)) is not None
    assert ServiceSample.objects.count() == 2


@pytest.mark.django_db
def test_a_portal_that_does_not_answer_is_noted_so(server, settings) -> None:
    announce()
    settings.PORTAL_PROBE_URL = f"http://127.0.0.1:{server.server_port}/elsewhere"
    sample = sample_service(at=AT)
    assert sample is not None
    assert sample.answered is False


def test_a_closed_port_does_not_answer(server) -> None:
    address = f"http://127.0.0.1:{server.server_port}/healthz"
    assert answers(address) is True
    server.shutdown()
    server.server_close()
    assert answers(address) is False
