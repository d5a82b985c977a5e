import csv
import io

import pytest
from django.test import Client

from accounts import audit
from accounts.enums import Role
from accounts.models import AuditEvent
from tests.accounts.people import AT, make_staff, make_user

pytestmark = pytest.mark.django_db


def record(verb: str = "test.done", *, by=None, at=AT, call_code: str = "", **detail) -> AuditEvent:
    subject = make_user()
    return audit.record(verb, by=by or subject, at=at, subject=subject, call_code=call_code, detail=detail)


@pytest.fixture
def auditor(client: Client):
    user = make_staff(Role.AUDITOR)
    client.force_login(user)
    return user


def shown(client: Client, **query: str) -> list[AuditEvent]:
    return list(client.get("/journal/", query).context["page_obj"].object_list)


@pytest.mark.parametrize("path", ["/journal/", "/journal/export.csv"])
def test_only_the_auditor(client: Client, path: str) -> None:
    for role in Role:
        client.force_login(make_staff(role))
        assert client.get(path).status_code == (200 if role == Role.AUDITOR else 403)
    client.force_login(make_user())
    assert client.get(path).status_code == 403
    client.force_login(make_staff(Role.AUDITOR))
    assert client.post(path).status_code == 405


def test_newest_first_with_names_for_verbs(client: Client, auditor) -> None:
    record("test.done", note="<b>texte</b>")
    events = shown(client)
    assert [event.verb for event in events] == ["test.done", "role.granted"]
    page = client.get("/journal/").content.decode()
    assert "Rôle attribué" in page
    assert "&lt;b&gt;texte&lt;/b&gt;" in page


def test_the_header_leads_there(client: Client, auditor) -> None:
    assert [entry.url for entry in client.get("/messages/").context["navigation"]] == ["/journal/"]
    client.force_login(make_user())
    assert list(client.get("/messages/").context["navigation"]) == []


def test_a_visitor_costs_the_header_no_query(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        page = client.get("/compte/login/")
    assert page.context["roles"] == frozenset()
    assert page.context["unread_count"] == 0


def test_filters(client: Client, auditor) -> None:
    from datetime import UTC, datetime

    author = make_user(full_name="Amina Démonstration")
    mine = record(
        "call.published", by=author, call_code="AAP-2026", at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    )
    other = record("call.opened", call_code="AAP-2025", at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    assert shown(client, verb="call.") == [other, mine]
    assert shown(client, verb="call.published") == [mine]
    assert shown(client, call_code="AAP-2026") == [mine]
    assert shown(client, actor="amina") == [mine]
    # In summer 2026 Rabat was one hour ahead: 23:30 UTC was already the first of July.
    assert shown(client, verb="call", since="2026-07-01") == [mine]
    assert shown(client, verb="call", until="2026-06-30") == [other]
    assert shown(client, since="2026-07-02", until="2026-07-01") == []


@pytest.mark.parametrize(
    "query", [{"since": "hier"}, {"verb": "x" * 81}, {"since": "2026-02-30"}, {"page": "zz"}]
)
def test_bad_filters_are_said(client: Client, auditor, query: dict) -> None:
    response = client.get("/journal/", query)
    assert response.status_code == 200
    assert ("page" in query) or response.context["form"].errors


def test_the_export_is_whole_and_calculates_nothing(client: Client, auditor) -> None:
    event = record("test.done", by=make_user(full_name="=HYPERLINK(1)"), call_code="AAP-2026", note="é")
    response = client.get("/journal/export.csv", {"verb": "test"})
    rows = list(
        csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig")), delimiter=";")
    )
    assert rows[0][:4] == ["Chaîne", "Rang", "Instant (UTC)", "Auteur"]
    assert len(rows) == 2
    assert rows[1][0:3] == ["AAP-2026", "1", "2026-11-20T09:30:00+00:00"]
    assert rows[1][3].startswith("'=HYPERLINK(1) <")
    assert rows[1][8:] == ['{"note": "é"}', "", event.digest]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_trail_asks_the_same_whatever_its_length(
    client: Client, auditor, rows: int, django_assert_num_queries
) -> None:
    for _ in range(rows):
        record()
    # session, user, clock, standing, count, rows
    with django_assert_num_queries(6):
        client.get("/journal/")


def test_an_act_through_the_web_carries_the_requests_id(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    response = client.post(
        "/compte/profil/", {"full_name": "Autre nom", "organisation": "", "language": "fr"}
    )
    assert response.status_code == 302
    event = AuditEvent.objects.get(verb="user.profile_changed")
    assert event.request_id == response["X-Request-ID"]
    assert event.detail == {"fields": ["full_name"]}
