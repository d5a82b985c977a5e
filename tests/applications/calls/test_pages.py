"""The call manager's pages: who gets them in which phase, what they cost, what they refuse."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from applications.actions.closing import close_call, render_record
from applications.models import Call, ClosingRecord, Deadline
from clusters_portal import clock
from tests.applications.calls.builders import (
    AT,
    CLOSES_AT,
    announced,
    dossier,
    draft,
    freeze,
    fresh,
    manager,
    opened,
    person,
    ready,
    reference,
)

pytestmark = pytest.mark.django_db

SECTIONS = ("call-texts", "call-dates", "call-scope", "call-support", "call-pieces")
AFTER = CLOSES_AT + timedelta(minutes=3)


@pytest.fixture
def by():
    return manager()


def address(name: str, call: Call) -> str:
    return reverse(f"applications:{name}", args=[call.code])


def cast() -> dict[str, object]:
    """One person per role; None is a visitor."""
    return {
        "visitor": None,
        "applicant": person("porteur"),
        "officer": person("instructeur", Role.CASE_OFFICER),
        "decision_maker": person("decideur", Role.DECISION_MAKER),
        "auditor": person("auditeur", Role.AUDITOR),
        "administrator": person("administrateur", Role.ADMINISTRATOR),
        "former": person("ancien", Role.CALL_MANAGER, active=True),
    }


def shut(response) -> None:
    """Close a streamed file; `response.close()` would close the test's connection too."""
    for close in response._resource_closers:
        close()


def answers(client, url: str, people: dict, *, method: str = "get") -> dict[str, int]:
    found = {}
    for name, user in people.items():
        client.logout()
        if user is not None:
            client.force_login(user)
        response = getattr(client, method)(url)
        found[name] = response.status_code
        shut(response)
    return found


READERS = {"visitor": 302, "applicant": 403, "officer": 200, "decision_maker": 200, "auditor": 200}
NOBODY = {"visitor": 302, "applicant": 403, "officer": 403, "decision_maker": 403, "auditor": 403}


def test_the_list_is_for_staff_without_the_administrator(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    people = cast() | {"manager": by}
    people.pop("former")
    opened(by)
    expected = READERS | {"administrator": 403, "manager": 200}
    assert answers(client, reverse("applications:call-list"), people) == expected


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_is_for_the_manager_of_a_draft(client, by, monkeypatch, name):
    freeze(monkeypatch, AT)
    people = cast() | {"manager": by}
    people.pop("former")
    expected = NOBODY | {"administrator": 403}
    assert answers(client, address(name, draft(by, code="C-1")), people) == expected | {"manager": 200}
    assert answers(client, address(name, announced(by, code="C-2")), people) == expected | {"manager": 403}


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("call-launch", {"announced"}),
        ("call-extend", {"announced", "open"}),
        ("call-cancel", {"draft", "announced", "open", "awaiting", "closed"}),
    ],
)
def test_an_act_is_offered_in_its_phases_only(client, by, monkeypatch, name, allowed):
    people = cast()
    people.pop("former")
    closed = opened(by, code="C-5")
    close_call(closed, by=by, at=AFTER, host_offset_ms=0)
    calls = {
        "draft": (draft(by, code="C-1"), AT),
        "announced": (announced(by, code="C-2"), AT),
        "open": (opened(by, code="C-3"), AT),
        "awaiting": (opened(by, code="C-4"), CLOSES_AT),
        "closed": (closed, AFTER),
    }
    for phase, (call, at) in calls.items():
        freeze(monkeypatch, at)
        url = address(name, call)
        client.force_login(by)
        assert client.get(url).status_code == (200 if phase in allowed else 403), phase
        assert answers(client, url, people) == NOBODY | {"administrator": 403}
        assert answers(client, url, people, method="post") == NOBODY | {"administrator": 403}


def test_closing_is_for_the_manager_and_its_record_for_readers(client, by, monkeypatch):
    people = cast() | {"manager": by}
    people.pop("former")
    call = opened(by)
    url = address("call-close", call)
    freeze(monkeypatch, AFTER)
    before = NOBODY | {"administrator": 403, "manager": 200}
    assert answers(client, url, people) == before
    client.force_login(by)
    page = client.post(url, follow=True)
    assert page.status_code == 200
    record = ClosingRecord.objects.get(call=call)
    assert record.digest in page.content.decode()
    pdf = address("closing-record-pdf", call)
    assert answers(client, pdf, people) == {
        "visitor": 302, "applicant": 403, "officer": 404, "decision_maker": 404, "auditor": 404,
        "administrator": 403, "manager": 404,
    }  # fmt: skip
    render_record(record.pk, at=AFTER)
    expected = READERS | {"administrator": 403, "manager": 200}
    assert answers(client, url, people) == expected
    assert answers(client, pdf, people) == expected
    client.force_login(by)
    response = client.get(pdf)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response).startswith(b"%PDF")
    shut(response)


def test_closing_too_early_is_refused_with_a_sentence(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = opened(by)
    client.force_login(by)
    response = client.post(address("call-close", call))
    assert response.status_code == 422
    assert "L&#x27;heure n&#x27;est pas passée" in response.content.decode()
    assert not ClosingRecord.objects.exists()


def test_an_unknown_call_is_404(client, by):
    client.force_login(by)
    for name in (*SECTIONS, "call-launch", "call-extend", "call-cancel", "call-close", "closing-record-pdf"):
        assert client.get(reverse(f"applications:{name}", args=["inconnu"])).status_code == 404


def test_while_the_call_is_open_staff_see_one_number(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = opened(by)
    dossier(call, person("un"), submitted_at=AT)
    dossier(call, person("deux"))
    client.force_login(by)
    for url in (reverse("applications:call-list"), reverse("evaluation:call-dashboard", args=[call.code])):
        page = client.get(url).content.decode()
        assert "Atlas" not in page
        assert "demo.example" not in page.replace("responsable@demo.example", "").replace(
            "contact@demo.example", ""
        )
    assert '<span class="figure">1</span>' in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_calls(
    client, by, monkeypatch, count, django_assert_max_num_queries
):
    freeze(monkeypatch, AT)
    for number in range(count):
        dossier(opened(by, code=f"C-{number}"), person(f"p{number}"), submitted_at=AT, number=f"D-{number}")
    client.force_login(by)
    client.get(reverse("applications:call-list"))
    with django_assert_max_num_queries(5):
        client.get(reverse("applications:call-list"))


def test_the_support_page_costs_the_same_for_any_register(
    client, by, monkeypatch, django_assert_max_num_queries
):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    reference()
    with django_assert_max_num_queries(10):
        page = client.get(address("call-support", call)).content.decode()
    assert "Cluster Électronique, Mécatronique et Mécanique du Maroc" in page


def post_scope(client, call: Call, **changes):
    data = {
        "version": call.version,
        "tracks": ["new"],
        "sectors": ["tic"],
        "minimum_members": "15",
        "minimum_firm_percent": "60",
        "minimum_research_bodies": "1",
        "membership_article": "",
        "pieces_article": "",
        "maximum_files": "40",
        "maximum_total_mib": "200",
    }
    return client.post(address("call-scope", call), data | changes)


def test_the_scope_is_saved(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    response = post_scope(client, call, minimum_members="20", maximum_total_mib="50")
    assert response.status_code == 302
    call = fresh(call)
    assert (call.minimum_members, call.maximum_total_bytes, call.tracks) == (20, 50 * 1024 * 1024, ["new"])
    assert [sector.code for sector in call.sectors.all()] == ["tic"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"minimum_members": "quinze"}, "Écrivez un nombre entier, en chiffres."),
        ({"minimum_members": "-1"}, "Le minimum est de 1."),
        ({"minimum_firm_percent": "101"}, "Le maximum est de 100."),
        ({"tracks": ["old"]}, "Cette voie n&#x27;existe pas."),
        ({"tracks": []}, "Ouvrez au moins une voie."),
        ({"sectors": ["inconnu"]}, "Ce secteur n&#x27;existe pas"),
        ({"membership_article": "x" * 121}, "le maximum est de 120"),
        ({"membership_article": "a\x00b"}, "caractère nul"),
        ({"version": "99999999999999999999"}, "version"),
    ],
)
def test_bad_input_is_refused_with_the_reason_and_kept(client, by, monkeypatch, changes, sentence):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    response = post_scope(client, call, **changes)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert fresh(call).version == 1


@pytest.mark.parametrize(
    ("day", "hour", "sentence"),
    [
        ("31/02/2026", "15:00", "Cette date n&#x27;existe pas."),
        ("demain", "15:00", "Cette date n&#x27;existe pas."),
        ("2026-12-11", "25:00", "Cette heure n&#x27;existe pas."),
        ("2026-11-01", "15:00", "La date limite est déjà passée."),
    ],
)
def test_bad_dates_are_refused(client, by, monkeypatch, day, hour, sentence):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    data = {"version": 1, "closes_on": day, "closes_time": hour}
    response = client.post(address("call-dates", call), data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Deadline.objects.exists()


def test_the_deadline_is_typed_as_in_morocco(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    data = {"version": 1, "closes_on": "27/11/2026", "closes_time": "15:00"}
    assert client.post(address("call-dates", call), data).status_code == 302
    assert fresh(call).closes_at == CLOSES_AT


def test_texts_in_both_languages(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    data = {
        "version": 1,
        "title_fr": "Titre",
        "title_ar": "عنوان",
        "text_fr": "Texte <script>",
        "text_ar": "نص",
        "contact_email": "clusters@demo.example",
    }
    assert client.post(address("call-texts", call), data).status_code == 302
    assert (fresh(call).title_ar, fresh(call).text_fr) == ("عنوان", "Texte <script>")
    too_long = client.post(address("call-texts", call), data | {"version": 2, "text_fr": "x" * 20_001})
    assert too_long.status_code == 422
    assert "20001 caractères" in too_long.content.decode().replace("\u202f", "").replace("\xa0", "")
    stale = client.post(address("call-texts", call), data | {"title_fr": "Autre titre"})
    assert stale.status_code == 422
    assert "Une autre personne a modifié cet appel" in stale.content.decode()
    assert "Autre titre" in stale.content.decode()


def test_ten_megabytes_are_refused_without_a_traceback(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    response = client.post(address("call-texts", call), {"version": 1, "text_fr": "x" * 10_000_000})
    assert response.status_code in (400, 413)
    assert fresh(call).version == 1


def test_bytes_that_are_not_utf8_are_no_traceback(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    response = client.post(
        address("call-texts", call),
        b"version=1&title_fr=%ff%fe",
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code in (302, 400, 422)


def test_the_support_choice_needs_the_table_to_have_been_seen(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    data = {
        "version": 1,
        "support_count": "sum_of_support",
        "support_reference": "first_deadline",
        "support_years": "8",
    }
    refused = client.post(address("call-support", call), data)
    assert refused.status_code == 422
    assert "Cochez la case" in refused.content.decode()
    assert client.post(address("call-support", call), data | {"seen": "on"}).status_code == 302
    assert fresh(call).support_count == "sum_of_support"
    fixed = {"version": 2, "seen": "on", "support_reference": "fixed"}
    missing = client.post(address("call-support", call), data | fixed)
    assert "Indiquez le jour fixé." in missing.content.decode()


def pieces_data(version: int, *rows: dict) -> dict:
    base = {
        "name_ar": "",
        "hint_fr": "",
        "hint_ar": "",
        "maximum_mib": "10",
        "tracks": ["new", "existing"],
        "formats": ["pdf"],
    }
    data = {"version": version, "pieces-TOTAL_FORMS": len(rows), "pieces-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"pieces-{number}-{name}": value for name, value in (base | row).items()}
    return data


def test_pieces_are_rows(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    rows = (
        {"name_fr": "Statuts", "code": "statuts"},
        {"name_fr": "Budget", "code": "budget", "DELETE": "on"},
    )
    assert client.post(address("call-pieces", call), pieces_data(1, *rows)).status_code == 302
    assert [piece.code for piece in call.required_documents.all()] == ["statuts"]
    assert call.required_documents.get().maximum_bytes == 10 * 1024 * 1024


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (({"name_fr": "A", "code": "Pièce A"},), "Le code s&#x27;écrit en minuscules"),
        (({"name_fr": "A", "code": "a"}, {"name_fr": "B", "code": "a"}), "Deux pièces portent le code"),
        (({"name_fr": "A", "code": "a", "formats": ["exe"]},), "exe"),
        (({"name_fr": "A", "code": "a", "maximum_mib": "9999"},), "Le maximum est de 100."),
        ((), "Un appel demande au moins une pièce."),
    ],
)
def test_pieces_that_are_refused(client, by, monkeypatch, rows, sentence):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    response = client.post(address("call-pieces", call), pieces_data(1, *rows))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert call.required_documents.count() > 2


def test_a_formset_whose_management_form_was_tampered_with_is_no_traceback(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    response = client.post(address("call-pieces", call), {"version": 1, "pieces-TOTAL_FORMS": "x"})
    assert response.status_code == 422


def test_opening_extending_and_cancelling_from_their_pages(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = announced(by)
    client.force_login(by)
    missing = client.post(address("call-launch", call), {"opening": "at"})
    assert "Indiquez le jour d&#x27;ouverture." in missing.content.decode()
    later = {"opening": "at", "opens_on": "2026-11-03", "opens_time": "09:00"}
    assert client.post(address("call-launch", call), later).status_code == 302
    assert fresh(call).opens_at == AT + timedelta(days=1)
    assert client.post(address("call-launch", call), {"opening": "now"}).status_code == 302
    assert fresh(call).opens_at == AT
    shorter = {"closes_on": "2026-11-20", "closes_time": "15:00", "reason": "Motif"}
    refused = client.post(address("call-extend", call), shorter)
    assert refused.status_code == 422
    assert "ne se raccourcit pas" in refused.content.decode()
    longer = shorter | {"closes_on": "2026-12-11"}
    assert client.post(address("call-extend", call), longer).status_code == 302
    wrong = client.post(address("call-cancel", call), {"reason": "Motif", "confirmation": "oui"})
    assert "Tapez exactement le code" in wrong.content.decode()
    done = client.post(address("call-cancel", call), {"reason": "Motif", "confirmation": call.code})
    assert done.status_code == 302
    assert fresh(call).status == "cancelled"


def test_the_real_clock_drives_a_page(client, by):
    call = ready(by)
    client.force_login(by)
    assert client.get(address("call-dates", call)).status_code == 200
    assert clock.now().tzinfo is not None
