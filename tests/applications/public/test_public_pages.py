"""What a visitor reads: the calls with their real deadlines, the register without what is assumed."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from applications.actions.calls import cancel_call, launch_call
from applications.actions.deadlines import extend_deadline
from applications.enums import CallPhase, CallStatus
from applications.models import Call, Cluster
from applications.views.public_calls import PUBLIC_LABELS, STEP_OF, assumed_of, call_steps, public_steps
from tests.applications.calls.builders import (
    AT,
    CLOSES_AT,
    CLOSES_TIME,
    announced,
    dossier,
    draft,
    freeze,
    manager,
    opened,
    person,
    reference,
)

pytestmark = pytest.mark.django_db

HOME, CALLS, CLUSTERS = "/", "/appels/", "/clusters/"


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def call_page(client, code: str) -> str:
    return text_of(client.get(reverse("evaluation:public-call", args=[code])))


def test_an_empty_portal_says_so(client):
    assert "Aucun appel n'est ouvert en ce moment" in text_of(client.get(HOME))
    assert "Aucun appel n'est encore publié" in text_of(client.get(CALLS))
    assert "Le registre est vide" in text_of(client.get(CLUSTERS))


def test_home_puts_the_open_call_first_with_its_hour_in_full(client, monkeypatch):
    freeze(monkeypatch, AT)
    reference()
    opened(manager())
    page = text_of(client.get(HOME))
    assert "vendredi 27 novembre 2026 à 15 h 00, heure de Rabat" in page
    assert "Appel de démonstration, sans valeur administrative" in page
    assert page.index("AAP-DEMO-2026") < page.index("AAP-CL-2025")
    for code in ("AAP-CL-2020", "AAP-CL-2023", "AAP-CL-2024", "AAP-CL-2025"):
        assert code in page


def test_nobody_reads_a_draft_in_public(client, monkeypatch):
    freeze(monkeypatch, AT)
    by = manager()
    call = draft(by)
    for user in (None, by):
        if user:
            client.force_login(user)
        assert call.code not in text_of(client.get(HOME))
        assert client.get(reverse("evaluation:public-call", args=[call.code])).status_code == 404


def test_2023_shows_both_deadlines_and_the_reason(client):
    reference()
    page = call_page(client, "AAP-CL-2023")
    assert "vendredi 19 mai 2023 à 15 h 00, heure de Rabat" in page
    assert "mercredi 14 juin 2023 à 15 h 00, heure de Rabat" in page
    assert "Demande des différents acteurs opérant dans les secteurs précités" in page
    assert "10 appels lancés, 16 clusters sélectionnés" in page
    assert "Presse, mars 2023" in page


def test_assumed_facts_of_a_call_are_for_staff(client):
    reference()
    visitor = {code: call_page(client, code) for code in ("AAP-CL-2023", "AAP-CL-2024", "AAP-CL-2025")}
    client.force_login(person("auditeur", Role.AUDITOR))
    staff = {code: call_page(client, code) for code in visitor}
    for code, sentence in (
        ("AAP-CL-2023", "11 mai 2023"),
        ("AAP-CL-2024", "15 juillet 2024"),
        ("AAP-CL-2025", "Cluster MTA"),
        ("AAP-CL-2023", "Depuis la première labellisation"),
    ):
        assert sentence not in visitor[code], sentence
        assert sentence in staff[code], sentence


def test_documents_of_a_past_call_are_named_and_not_there(client):
    reference()
    page = call_page(client, "AAP-CL-2020")
    assert "Cahier des charges" in page
    assert "Non disponible ici" in page


def test_an_open_call_shows_pieces_thresholds_and_grid(client, monkeypatch):
    freeze(monkeypatch, AT)
    call = opened(manager())
    page = call_page(client, call.code)
    for sentence in (
        "Déclaration sur l'honneur",
        "15 membres au moins",
        "60 % d'entreprises au moins",
        "proposé par le portail",
        "Innovation collaborative",
        "40 %",
        "Il n'a aucune valeur administrative".lower(),
        "Un cluster labellisé dans une édition précédente",
    ):
        assert sentence in page, sentence


def test_a_cancelled_call_gives_its_reason(client, monkeypatch):
    freeze(monkeypatch, AT)
    by = manager()
    call = opened(by)
    cancel_call(call, reason="Crédits non ouverts", by=by, at=AT)
    assert "Crédits non ouverts" in call_page(client, call.code)


def test_a_coming_call_says_when_it_opens(client, monkeypatch):
    freeze(monkeypatch, AT)
    by = manager()
    call = announced(by)
    assert "sera annoncée sur cette page" in call_page(client, call.code)
    launch_call(call, opens_at=AT + timedelta(days=1), by=by, at=AT)
    assert "mardi 3 novembre 2026 à 9 h 00, heure de Rabat" in call_page(client, call.code)


def test_an_extended_call_says_so(client, monkeypatch):
    freeze(monkeypatch, AT)
    by = manager()
    call = opened(by)
    extend_deadline(
        call,
        wall_on=(CLOSES_AT + timedelta(days=14)).date(),
        wall_time=CLOSES_TIME,
        reason="Demande des acteurs",
        by=by,
        at=AT,
    )
    page = call_page(client, call.code)
    assert "Demande des acteurs" in page
    assert "vendredi 11 décembre 2026 à 15 h 00, heure de Rabat" in page


def test_under_embargo_the_public_state_never_moves(client, monkeypatch):
    """From the deadline to the publication a visitor reads the same page."""
    freeze(monkeypatch, CLOSES_AT)
    call = opened(manager())
    pages = set()
    for status in (CallStatus.DELIBERATION, CallStatus.DECIDED):
        Call.objects.filter(pk=call.pk).update(status=status)
        pages.add(re.sub(r'value="[A-Za-z0-9]{64}"|"X-CSRFToken": "[^"]+"', "", call_page(client, call.code)))
    assert len(pages) == 1


def test_every_phase_has_a_public_label_and_a_step():
    assert set(PUBLIC_LABELS) == set(CallPhase)
    assert set(STEP_OF) == set(CallPhase) - {CallPhase.DRAFT, CallPhase.ANNOUNCED, CallPhase.CANCELLED}
    assert [step["state"] for step in call_steps(CallPhase.OPENED)] == [
        "done",
        "done",
        "current",
        "todo",
        "todo",
    ]
    assert [step["state"] for step in call_steps(CallPhase.PUBLISHED)] == ["done"] * 5
    assert public_steps(CallPhase.DECIDED) == public_steps(CallPhase.DELIBERATION)


@pytest.mark.parametrize(
    ("marks", "field", "found"),
    [
        (["opened_on (source: mi-juillet)"], "opened_on", True),
        (["granted: a renewal was recommended"], "granted", True),
        (["start", "years"], "years", True),
        (["name"], "names", False),
        ([], "on", False),
    ],
)
def test_what_is_assumed_is_found_by_its_field(marks, field, found):
    assert (assumed_of(marks, field) is not None) is found


def test_the_register_hides_from_a_visitor_what_no_source_states(client):
    reference()
    emc = reverse("applications:cluster", args=["EMC"])
    visitor = text_of(client.get(emc))
    assert "Cluster Efficacité Énergétique des Matériaux de Construction" not in visitor
    assert "Casablanca-Settat" not in visitor
    assert "date non établie" in visitor
    enr = text_of(client.get(reverse("applications:cluster", args=["ENR"])))
    assert "Aucune labellisation établie" in enr
    client.force_login(person("instructeur", Role.CASE_OFFICER))
    staff = text_of(client.get(emc))
    assert "Cluster Efficacité Énergétique des Matériaux de Construction" in staff
    assert "Casablanca-Settat (supposé)" in staff
    assert "2 000 000,00 MAD" in staff


def test_a_cluster_shows_its_labels_with_source_and_call(client):
    reference()
    page = text_of(client.get(reverse("applications:cluster", args=["MTI"])))
    assert "22 décembre 2023" in page
    assert "AAP-CL-2023" in page
    assert "Ministry's call page and extension notice, 2023; press, March 2023" in page
    assert "À confirmer" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "denim"}, {"MDFC"}),
        ({"q": "solaire"}, {"ENR"}),
        ({"q": "mti"}, {"MTI"}),
        ({"sector": "ferroviaire"}, {"MTI"}),
        ({"region": "10"}, {"OCEANOPOLE"}),
        ({"q": "rien de tel"}, set()),
    ],
)
def test_the_register_is_searched_and_filtered(client, query, expected):
    reference()
    response = client.get(CLUSTERS, query)
    assert {row.cluster.code for row in response.context["rows"]} == expected


def test_a_region_that_is_only_assumed_is_not_found_by_a_visitor(client):
    reference()
    visitor = client.get(CLUSTERS, {"region": "06"})
    assert "MNC" not in {row.cluster.code for row in visitor.context["rows"]}
    client.force_login(person("instructeur", Role.CASE_OFFICER))
    staff = client.get(CLUSTERS, {"region": "06"})
    assert "MNC" in {row.cluster.code for row in staff.context["rows"]}


@pytest.mark.parametrize(
    "query",
    [
        {"sector": "inconnu"},
        {"region": "99"},
        {"page": "abc"},
        {"page": "9999"},
        {"q": "x" * 5000},
        {"q": "a\x00b"},
        {"q": "%_'\";--"},
    ],
)
def test_odd_queries_are_no_traceback(client, query):
    reference()
    assert client.get(CLUSTERS, query).status_code == 200


def test_unknown_codes_are_404(client):
    assert client.get(reverse("applications:cluster", args=["inconnu"])).status_code == 404
    assert client.get(reverse("evaluation:public-call", args=["inconnu"])).status_code == 404


def test_markup_in_a_name_stays_text(client, monkeypatch):
    Cluster.objects.create(code="X", name="<script>alert(1)</script>", aliases=["<b>"])
    page = text_of(client.get(CLUSTERS)) + text_of(client.get(reverse("applications:cluster", args=["X"])))
    assert "<script>alert" not in page
    assert "<b>" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_any_number_of_rows(
    client, monkeypatch, count, django_assert_max_num_queries
):
    freeze(monkeypatch, AT)
    by = manager()
    reference()
    for number in range(count):
        dossier(opened(by, code=f"C-{number}"), person(f"p{number}"), submitted_at=AT, number=f"D-{number}")
    client.force_login(by)
    for url in (HOME, CALLS, CLUSTERS, "/appels/C-0/", "/appels/AAP-CL-2023/", "/clusters/CE3M/"):
        client.get(url)
        with django_assert_max_num_queries(10):
            client.get(url)


@pytest.mark.parametrize("url", [HOME, CALLS, CLUSTERS, "/appels/AAP-CL-2023/", "/clusters/CE3M/"])
def test_pages_are_read_in_arabic(client, url):
    reference()
    page = text_of(client.get(url, headers={"accept-language": "ar"}))
    assert 'dir="rtl"' in page


@pytest.mark.parametrize("url", [HOME, CALLS, CLUSTERS, "/appels/AAP-CL-2023/", "/clusters/CE3M/"])
def test_pages_are_only_read(client, url):
    reference()
    assert client.post(url).status_code == 405
