import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.actions.documents import add_document
from applications.enums import SectionCode
from tests.applications.applicant import world
from tests.applications.applicant.world import text_of

pytestmark = pytest.mark.django_db


def url(name: str, *args) -> str:
    return reverse(f"applications:{name}", args=args)


def test_empty_list_teaches(browser, call):
    page = browser.get(url("dossier_list"))
    assert page.status_code == 200
    assert "Vous n'avez pas encore de dossier" in text_of(page)
    assert url("dossier_start", call.code) in text_of(page)


def test_start_page_says_what_is_needed(browser, call):
    page = text_of(browser.get(url("dossier_start", call.code)))
    assert "Statuts" in page
    assert "15 membres" in page
    assert "27 novembre 2026" in page


def test_start_makes_one_dossier_on_a_double_click(browser, call, owner):
    first = browser.post(url("dossier_start", call.code))
    second = browser.post(url("dossier_start", call.code))
    assert first.url == second.url
    assert owner.team_memberships.count() == 1


@pytest.mark.parametrize("code", list(SectionCode))
def test_each_section_opens(browser, draft, code):
    assert browser.get(url("section", draft.pk, code.value)).status_code == 200


@pytest.mark.parametrize(
    "name", ["dossier", "dossier_check", "dossier_answers", "documents", "deposit", "team"]
)
def test_pages_of_a_draft(browser, draft, name):
    assert browser.get(url(name, draft.pk)).status_code == 200


@pytest.mark.parametrize(
    "name", ["dossier", "dossier_check", "dossier_answers", "documents", "deposit", "withdrawal"]
)
def test_pages_of_a_deposit(browser, deposited, name):
    assert browser.get(url(name, deposited.pk)).status_code == 200


@pytest.mark.parametrize("name", ["submission", "receipt"])
def test_pages_of_a_submission(browser, deposited, name):
    page = browser.get(url(name, deposited.pk, 1))
    assert page.status_code == 200
    assert deposited.standing_submission.number in text_of(page)
    assert browser.get(url(name, deposited.pk, 2)).status_code == 404


def test_complete_dossier_lacks_nothing(browser, filled):
    assert "Rien ne manque" in text_of(browser.get(url("dossier_check", filled.pk)))


def test_what_is_missing_is_listed_with_its_way(browser, draft):
    page = text_of(browser.get(url("dossier_check", draft.pk)))
    assert url("section", draft.pk, "identity") in page
    assert f"{url('documents', draft.pk)}#piece-statuts" in page


def queries_of(browser, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "name", ["dossier", "documents", "dossier_check", "dossier_answers", "deposit", "team", "withdrawal"]
)
def test_pages_cost_ten_queries_whatever_the_members_and_files(browser, call, owner, name):
    counts = set()
    for members in (1, 3, 40):
        application = world.deposited(call, owner, members=members)
        letters = call.required_documents.get(code="lettres")
        for _n in range(min(members, 10)):
            add_document(application, letters, world.pdf_file(), name="lettre.pdf", by=owner, at=world.AT)
        counts.add(queries_of(browser, url(name, application.pk)))
    assert len(counts) == 1
    assert max(counts) <= 10


@pytest.mark.parametrize("code", list(SectionCode))
def test_each_section_costs_ten_queries_whatever_its_rows(browser, call, owner, code):
    counts = set()
    for members in (1, 3, 40):
        application = world.draft(call, owner)
        world.fill(application, owner, members=members)
        counts.add(queries_of(browser, url("section", application.pk, code.value)))
    assert len(counts) == 1
    assert max(counts) <= 10


def test_list_costs_the_same_for_one_and_three_dossiers(browser, call, owner):
    world.deposited(call, owner)
    one = queries_of(browser, url("dossier_list"))
    for _n in range(2):
        world.deposited(call, owner)
    assert queries_of(browser, url("dossier_list")) == one <= 10


@pytest.mark.parametrize("name", ["receipt", "submission"])
def test_sealed_pages_cost_ten_queries_at_most(browser, deposited, name):
    assert queries_of(browser, url(name, deposited.pk, 1)) <= 10
