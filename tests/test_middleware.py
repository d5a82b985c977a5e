import re

import pytest
import structlog
from django.http import HttpResponse
from django.test import Client, RequestFactory

from clusters_portal.middleware import RequestIdMiddleware
from tests.accounts.people import make_user


def test_every_answer_and_log_line_has_the_requests_id() -> None:
    seen: list[str] = []

    def view(request) -> HttpResponse:
        seen.append(structlog.contextvars.get_contextvars()["request_id"])
        assert request.request_id == seen[-1]
        return HttpResponse()

    handler = RequestIdMiddleware(view)
    request = RequestFactory().get("/", headers={"X-Request-ID": "forged"})
    answers = [handler(request)["X-Request-ID"] for _ in range(2)]
    assert answers == seen
    assert answers[0] != answers[1]
    assert all(re.fullmatch(r"[0-9a-f]{32}", answer) for answer in answers)
    assert structlog.contextvars.get_contextvars() == {}


def test_the_id_is_dropped_after_a_failure_too() -> None:
    def view(_request) -> HttpResponse:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        RequestIdMiddleware(view)(RequestFactory().get("/"))
    assert structlog.contextvars.get_contextvars() == {}


@pytest.mark.django_db
def test_pages_of_a_signed_in_person_are_never_kept(client: Client) -> None:
    client.force_login(make_user())
    response = client.get("/messages/")
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert "Cookie" in response["Vary"]


@pytest.mark.django_db
def test_headers_of_every_page(client: Client) -> None:
    response = client.get("/compte/login/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]  # a form is never kept either
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    csp = response["Content-Security-Policy"]
    assert "script-src 'self'" in csp
    assert "frame-ancestors 'none'" in csp
    assert "unsafe" not in csp
