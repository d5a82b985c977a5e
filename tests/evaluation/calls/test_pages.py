"""The call manager's pages that touch the grid."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from applications.enums import CallPhase, CallStatus
from applications.models import Call
from evaluation.models import Criterion
from evaluation.views.calls_acts import ACTS
from tests.applications.calls.builders import (
    AT,
    announced,
    complete,
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
from tests.applications.calls.test_pages import NOBODY, READERS, answers, cast

pytestmark = pytest.mark.django_db

CREATE = "/gestion/appels/nouveau/"


@pytest.fixture
def by():
    return manager()


def address(name: str, call: Call, *more: str) -> str:
    return reverse(f"evaluation:{name}", args=[call.code, *more])


def text_of(response) -> str:
    return response.content.decode().replace("&#x27;", "'").replace("\xa0", " ")


def people(by) -> dict:
    found = cast() | {"manager": by}
    found.pop("former")
    return found


def test_who_gets_which_page_of_a_draft_and_of_a_published_call(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    everybody = people(by)
    drafted, published = ready(by, code="C-1"), announced(by, code="C-2")
    readers = READERS | {"administrator": 403, "manager": 200}
    only_manager = NOBODY | {"administrator": 403, "manager": 200}
    nobody = NOBODY | {"administrator": 403, "manager": 403}
    assert answers(client, CREATE, everybody) == only_manager
    for call, edited in ((drafted, only_manager), (published, nobody)):
        assert answers(client, address("call-dashboard", call), everybody) == readers
        assert answers(client, address("call-grid", call), everybody) == edited
        assert answers(client, address("call-criterion", call, "strategy"), everybody) == edited
        assert answers(client, address("call-publish", call), everybody) == edited
    assert answers(client, address("call-preview", drafted), everybody) == readers


def test_a_copy_of_2024_from_the_page(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    reference()
    source = Call.objects.get(code="AAP-CL-2024")
    client.force_login(by)
    page = text_of(client.get(CREATE, {"source": source.code}))
    assert 'value="AAP-CL-2024" selected' in page
    data = {
        "source": source.code,
        "code": "aap-cl-2026",
        "year": "2026",
        "title_fr": "Appel 2026",
        "title_ar": "",
    }
    response = client.post(CREATE, data)
    call = Call.objects.get(code="AAP-CL-2026")
    assert response.url == address("call-dashboard", call)
    assert call.copied_from == source
    assert call.is_demonstration
    dashboard = text_of(client.get(response.url))
    assert dashboard.count("Proposée par le portail") == 4


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "Appel 2026"}, "Le code s'écrit en majuscules"),
        ({"code": "A-" + "B" * 60}, "le maximum est de 40"),
        ({"code": "C-1"}, "Un appel porte déjà ce code."),
        ({"year": "deux mille"}, "Écrivez un nombre entier"),
        ({"year": "1900"}, "Le minimum est de 2011"),
        ({"title_fr": ""}, "obligatoire"),
        ({"source": "inconnu"}, "Cet appel n'existe pas"),
    ],
)
def test_a_creation_is_refused_with_the_reason(client, by, monkeypatch, changes, sentence):
    freeze(monkeypatch, AT)
    draft(by, code="C-1")
    client.force_login(by)
    data = {"source": "", "code": "C-2", "year": "2026", "title_fr": "Titre", "title_ar": ""}
    response = client.post(CREATE, data | changes)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert Call.objects.count() == 1


def grid_data(call: Call, **changes: str) -> dict[str, str]:
    data = {
        "version": str(call.version),
        "pass_criterion": "3",
        "pass_total": "65",
        "spread_alert": "1,5",
        "quorum": "3",
        "all_read_up_to": "12",
        "first": "innovation",
        "second": "strategy",
        "third": "international",
    }
    for criterion in Criterion.objects.filter(grid__call=call):
        data |= {
            f"{criterion.code}-weight": str(criterion.weight),
            f"{criterion.code}-title_fr": criterion.title_fr,
            f"{criterion.code}-title_ar": criterion.title_ar,
        }
    return data | changes


def test_the_grid_is_saved_with_french_commas(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    weights = {"strategy-weight": "32,5", "innovation-weight": "42.5", "international-weight": "25"}
    response = client.post(address("call-grid", call), grid_data(call, **weights))
    assert response.status_code == 302
    found = Criterion.objects.filter(grid__call=call).values_list("weight", flat=True)
    assert [str(weight) for weight in found] == ["32.50", "42.50", "25.00"]


def test_weights_that_are_not_100_are_kept_with_a_warning(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    response = client.post(
        address("call-grid", call), grid_data(call, **{"strategy-weight": "45"}), follow=True
    )
    assert "il faudra 100 pour publier" in text_of(response)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"strategy-weight": "beaucoup"}, "Écrivez un nombre en chiffres"),
        ({"strategy-weight": "1e2"}, "Écrivez un nombre en chiffres"),
        ({"strategy-weight": "NaN"}, "Écrivez un nombre en chiffres"),
        ({"strategy-weight": "-5"}, "Le minimum est de"),
        ({"strategy-weight": "0"}, "Le minimum est de"),
        ({"strategy-weight": "33,333"}, "Deux décimales au plus"),
        ({"strategy-title_fr": ""}, "obligatoire"),
        ({"pass_criterion": "5,5"}, "Le maximum est de 5"),
        ({"pass_total": "101"}, "Le maximum est de 100"),
        ({"quorum": "0"}, "Le minimum est de 1"),
        ({"second": "innovation"}, "chaque critère une seule fois"),
        ({"first": "autre"}, "autre"),
    ],
)
def test_a_grid_is_refused_with_the_reason(client, by, monkeypatch, changes, sentence):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    response = client.post(address("call-grid", call), grid_data(call, **changes))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert fresh(call).version == 1


def sub_data(version: int, *titles: str, **changes: str) -> dict[str, str]:
    data = {"version": str(version), "sub-TOTAL_FORMS": str(len(titles)), "sub-INITIAL_FORMS": "0"}
    for number, title in enumerate(titles):
        data |= {f"sub-{number}-title_fr": title, f"sub-{number}-weight": "2"}
    return data | changes


def test_subcriteria_are_rewritten_with_their_anchors(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    url = address("call-criterion", call, "strategy")
    assert client.get(url).status_code == 200
    data = sub_data(1, "Vision du marché", "Vision du marché", **{"sub-0-anchor_5_fr": "Excellent"})
    assert client.post(url, data).url == address("call-grid", call)
    subs = list(Criterion.objects.get(grid__call=call, code="strategy").subcriteria.all())
    assert [sub.code for sub in subs] == ["vision-du-marche", "vision-du-marche-2"]
    assert subs[0].anchors[5] == {"fr": "Excellent", "ar": ""}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (sub_data(1), "Un critère compte au moins un sous-critère."),
        (sub_data(1, "A", "B", "C", "D", "E"), "4"),
        (sub_data(1, ""), "obligatoire"),
        (sub_data(1, "A", **{"sub-0-weight": "x"}), "Écrivez un nombre en chiffres"),
        (sub_data(1, "A", **{"sub-0-anchor_0_fr": "x" * 501}), "le maximum est de 500"),
        (sub_data(7, "A"), "Une autre personne a modifié cet appel"),
    ],
)
def test_subcriteria_that_are_refused(client, by, monkeypatch, data, sentence):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    response = client.post(address("call-criterion", call, "strategy"), data)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert fresh(call).version == 1


def test_an_unknown_criterion_or_call_is_404(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    assert client.get(address("call-criterion", call, "inconnu")).status_code == 404
    for name in ("call-dashboard", "call-grid", "call-publish", "call-preview"):
        assert client.get(reverse(f"evaluation:{name}", args=["inconnu"])).status_code == 404


def test_the_readiness_check_says_what_is_missing_and_offers_no_button(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    page = text_of(client.get(address("call-publish", call)))
    assert "La date limite manque." in page
    assert "Le texte en arabe manque." in page
    assert 'name="opening"' not in page
    refused = client.post(address("call-publish", call), {"opening": "now"})
    assert refused.status_code == 422
    assert fresh(call).status == CallStatus.DRAFT


def test_publishing_from_the_page_freezes_and_opens(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = complete(draft(by), by)
    client.force_login(by)
    at = {"opening": "at", "opens_on": "2026-11-03", "opens_time": "10:00"}
    response = client.post(address("call-publish", call), at, follow=True)
    assert "ses règles sont figées" in text_of(response)
    call = fresh(call)
    assert call.status == CallStatus.ANNOUNCED
    assert call.opens_at == AT + timedelta(days=1, hours=1)
    assert client.post(address("call-publish", call), at).status_code == 403


def test_a_preview_of_a_draft_reads_as_the_public_page(client, by, monkeypatch):
    freeze(monkeypatch, AT)
    call = draft(by)
    client.force_login(by)
    page = text_of(client.get(address("call-preview", call)))
    assert "Aperçu d'un brouillon" in page
    assert "Innovation collaborative" in page


def test_every_phase_has_its_acts_and_at_most_one_is_next():
    assert set(ACTS) == set(CallPhase)
    assert all(sum(act.is_next for act in acts) <= 1 for acts in ACTS.values())


@pytest.mark.parametrize(
    "phase", [phase for phase in CallPhase if phase not in ("announced", "awaiting_closing")]
)
def test_the_dashboard_stands_in_every_phase(client, by, monkeypatch, phase):
    freeze(monkeypatch, AT)
    call = opened(by)
    status = CallStatus.ANNOUNCED if phase == CallPhase.OPEN else CallStatus(phase.value)
    Call.objects.filter(pk=call.pk).update(
        status=status, cancelled_at=AT, cancellation_reason="Motif", published_at=AT
    )
    for user in (by, person("instructeur", Role.CASE_OFFICER)):
        client.force_login(user)
        assert client.get(address("call-dashboard", call)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_any_number_of_dossiers(
    client, by, monkeypatch, count, django_assert_max_num_queries
):
    freeze(monkeypatch, AT)
    call = opened(by)
    drafted = draft(by, code="C-9")
    for number in range(count):
        dossier(call, person(f"p{number}"), submitted_at=AT, number=f"D-{number}")
    client.force_login(by)
    for url in (
        address("call-dashboard", call),
        address("call-dashboard", drafted),
        address("call-grid", drafted),
        address("call-criterion", drafted, "strategy"),
        address("call-preview", drafted),
        address("call-publish", drafted),
    ):
        client.get(url)
        with django_assert_max_num_queries(10):
            client.get(url)
