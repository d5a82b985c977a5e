import json

import pytest
from django.urls import reverse

from applications.actions.dossiers import SectionConflict, save_section
from applications.enums import SectionCode, TeamRole
from applications.models import Section
from tests.applications.applicant import world
from tests.applications.applicant.world import text_of

pytestmark = pytest.mark.django_db
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


def address(application, code: SectionCode) -> str:
    return reverse("applications:section", args=[application.pk, code.value])


def rows(*given: dict, total: int | None = None) -> dict[str, str]:
    count = len(given) if total is None else total
    posted = {"rows-TOTAL_FORMS": str(count), "rows-INITIAL_FORMS": "0"}
    for index, row in enumerate(given):
        posted |= {f"rows-{index}-{name}": value for name, value in row.items()}
    return posted


def stored(application, code: SectionCode) -> dict:
    return Section.objects.get(application=application, code=code).data


def test_a_draft_accepts_what_is_incomplete(browser, draft):
    answer = browser.post(address(draft, SectionCode.IDENTITY), {"name": "تجمع تجريبي", "version": "0"})
    assert answer.status_code == 302
    assert stored(draft, SectionCode.IDENTITY)["name"] == "تجمع تجريبي"
    draft.refresh_from_db()
    assert draft.name == "تجمع تجريبي"


def test_autosave_answers_version_hour_and_totals(browser, draft):
    posted = rows(
        {
            "kind": "use",
            "label": "Animation",
            "amount_0": "1 000,50",
            "amount_1": "2.000",
            "amount_2": "٣٠٠٠",
        },
        {"kind": "resource", "label": "Membres", "amount_0": "1000.50"},
    )
    answer = browser.post(
        address(draft, SectionCode.BUDGET), {**posted, "first_year": "2027", "version": "0"}, **FETCH
    )
    assert answer.status_code == 200
    told = answer.json()
    assert told["version"] == 1
    assert "h" in told["saved_at"]
    assert told["figures"]["figure-use-0"].replace("\xa0", " ") == "1 000,50"
    assert told["figures"]["figure-gap-0"] == "0,00"
    assert stored(draft, SectionCode.BUDGET)["rows"][0]["amounts"] == ["1000.50", "2000.00", "3000.00"]


@pytest.mark.parametrize(
    ("code", "posted", "said"),
    [
        (
            SectionCode.BUDGET,
            rows({"kind": "use", "label": "x", "amount_0": "douze"}),
            "n'est pas un montant",
        ),
        (SectionCode.BUDGET, rows({"kind": "use", "label": "x", "amount_0": "-5"}), "négatif"),
        (SectionCode.BUDGET, rows({"kind": "autre", "label": "x"}), "n'est pas dans la liste"),
        (SectionCode.IDENTITY, {"ice": "00123456789"}, "vous en avez saisi 11"),
        (SectionCode.IDENTITY, {"ice": "12345678901234X"}, "ne comporte que des chiffres"),
        (SectionCode.IDENTITY, {"created_on": "31/02/2026"}, "Cette date n'existe pas"),
        (SectionCode.IDENTITY, {"sector": "inconnu"}, "n'est pas dans la liste"),
        (SectionCode.IDENTITY, {"name": "x" * 201}, "Raccourcissez-le"),
        (SectionCode.REPRESENTATION, {"email": "pas une adresse"}, "n'est pas complète"),
        (SectionCode.REPRESENTATION, {"phone": "appelez-moi"}, "n'est pas lisible"),
        (SectionCode.STRATEGY, {"vision": "x" * 20_001}, "Raccourcissez-le"),
        (SectionCode.INNOVATION, rows({"title": "Projet", "trl": "12"}), "9 au plus"),
        (SectionCode.TRACK, {"track": "autre"}, "n'est pas dans la liste"),
        (SectionCode.MEMBERS, rows({"name": "x\x00y"}), "nul"),
    ],
)
def test_an_invalid_answer_is_refused_and_kept_on_the_page(browser, draft, code, posted, said):
    answer = browser.post(address(draft, code), {**posted, "version": "0"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert said in page
    assert "Erreur :" in page
    assert not Section.objects.exists()
    typed = [value for name, value in posted.items() if not name.endswith("_FORMS") and "\x00" not in value]
    assert all(value in page for value in typed if value not in ("autre", "inconnu"))
    by_itself = browser.post(address(draft, code), {**posted, "version": "0"}, **FETCH)
    assert by_itself.status_code == 422
    assert by_itself.json()["errors"]


@pytest.mark.parametrize(
    "posted", [{}, {"rows-TOTAL_FORMS": "x"}, {"rows-TOTAL_FORMS": "5000", "rows-INITIAL_FORMS": "0"}]
)
def test_a_broken_table_changes_nothing(browser, draft, owner, posted):
    save_section(
        draft, SectionCode.MEMBERS, world.answers()[SectionCode.MEMBERS], by=owner, at=world.AT, version=0
    )
    answer = browser.post(address(draft, SectionCode.MEMBERS), {**posted, "version": "1"})
    assert answer.status_code == 422
    assert stored(draft, SectionCode.MEMBERS) == world.answers()[SectionCode.MEMBERS]


def test_blank_and_removed_lines_are_dropped(browser, draft):
    posted = rows(
        {"name": "Un"}, {"name": ""}, {"name": "Deux", "DELETE": "on"}, {"name": "Trois", "commitment": "on"}
    )
    browser.post(address(draft, SectionCode.MEMBERS), {**posted, "version": "0"})
    kept = stored(draft, SectionCode.MEMBERS)["rows"]
    assert [(row["name"], row["commitment"]) for row in kept] == [("Un", False), ("Trois", True)]


def test_saving_a_table_twice_keeps_its_lines(browser, draft):
    posted = rows({"name": "Un", "type": "sme"}, {"name": "Deux", "type": "research"})
    for version in ("0", "1"):
        browser.post(address(draft, SectionCode.MEMBERS), {**posted, "version": version}, **FETCH)
    assert len(stored(draft, SectionCode.MEMBERS)["rows"]) == 2


def test_add_a_line_without_javascript(browser, draft):
    answer = browser.post(
        address(draft, SectionCode.MEMBERS), {**rows({"name": "Un"}), "version": "0", "add_row": "1"}
    )
    assert answer.url.endswith("?ajouter=1#rows-end")
    page = browser.get(answer.url.partition("#")[0])
    assert page.context["rows"].total_form_count() == 2


def test_the_second_writer_is_shown_both_versions(browser, client_of, draft, owner):
    other = world.person("redactrice")
    world.seat(draft, other, TeamRole.EDITOR)
    second = client_of(other)
    first = browser.post(
        address(draft, SectionCode.IDENTITY), {"name": "Nom un", "city": "Rabat", "version": "0"}
    )
    assert first.status_code == 302
    answer = second.post(
        address(draft, SectionCode.IDENTITY), {"name": "Nom deux", "city": "Rabat", "version": "0"}
    )
    assert answer.status_code == 409
    assert [d.name for d in answer.context["differences"]] == ["name"]
    page = text_of(answer)
    assert "Nom un" in page
    assert "Nom deux" in page
    assert "Personne titulaire" in page
    assert stored(draft, SectionCode.IDENTITY)["name"] == "Nom un"
    kept = dict(answer.context["posted"]) | {"version": "1", "keep-name": "theirs"}
    assert second.post(address(draft, SectionCode.IDENTITY), kept).status_code == 302
    assert stored(draft, SectionCode.IDENTITY)["name"] == "Nom un"
    kept["keep-name"] = "mine"
    assert second.post(address(draft, SectionCode.IDENTITY), kept).status_code == 302
    assert stored(draft, SectionCode.IDENTITY)["name"] == "Nom deux"


def test_two_tables_can_be_joined(browser, draft):
    browser.post(address(draft, SectionCode.MEMBERS), {**rows({"name": "Un"}), "version": "0"})
    answer = browser.post(address(draft, SectionCode.MEMBERS), {**rows({"name": "Deux"}), "version": "0"})
    assert answer.status_code == 409
    kept = dict(answer.context["posted"]) | {"version": "1", "keep-rows": "both"}
    browser.post(address(draft, SectionCode.MEMBERS), kept)
    assert [row["name"] for row in stored(draft, SectionCode.MEMBERS)["rows"]] == ["Un", "Deux"]


def test_a_choice_made_against_an_older_version_meets_the_conflict_again(browser, draft):
    for version, name in (("0", "Un"), ("1", "Deux")):
        browser.post(address(draft, SectionCode.IDENTITY), {"name": name, "version": version})
    answer = browser.post(
        address(draft, SectionCode.IDENTITY), {"name": "Trois", "version": "1", "keep-name": "theirs"}
    )
    assert answer.status_code == 409
    assert stored(draft, SectionCode.IDENTITY)["name"] == "Deux"


def test_autosave_conflict_says_who(browser, draft):
    browser.post(address(draft, SectionCode.IDENTITY), {"name": "Un", "version": "0"})
    answer = browser.post(address(draft, SectionCode.IDENTITY), {"name": "Deux", "version": "0"}, **FETCH)
    assert answer.status_code == 409
    assert "Personne titulaire" in answer.json()["message"]


def test_the_same_content_twice_is_no_conflict(draft, owner):
    first = save_section(draft, SectionCode.TRACK, {"track": "new"}, by=owner, at=world.AT, version=0)
    again = save_section(draft, SectionCode.TRACK, {"track": "new"}, by=owner, at=world.AT, version=0)
    assert first.version == again.version == 1
    with pytest.raises(SectionConflict):
        save_section(draft, SectionCode.TRACK, {"track": "existing"}, by=owner, at=world.AT, version=0)


def test_no_saving_at_the_closing_instant_and_the_text_stays(browser, draft, at):
    at(world.CLOSES_AT)
    answer = browser.post(
        address(draft, SectionCode.STRATEGY), {"vision": "Un texte précieux", "version": "0"}
    )
    assert answer.status_code == 409
    assert "Un texte précieux" in text_of(answer)
    assert not Section.objects.exists()
    read = browser.get(address(draft, SectionCode.STRATEGY))
    assert read.status_code == 200
    assert "Lecture seule" in text_of(read)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }}",
    "=cmd|'/c calc'!A1",
    "\u202etxt.exe",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_is_shown_as_text(browser, draft, text):
    browser.post(address(draft, SectionCode.IDENTITY), {"name": text, "version": "0"})
    for name in ("dossier", "dossier_answers", "dossier_list"):
        args = [] if name == "dossier_list" else [draft.pk]
        page = browser.get(reverse(f"applications:{name}", args=args)).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_bytes_that_are_no_text_never_break_the_page(browser, draft):
    body = b"name=\xff\xfe\xc3(&version=0"
    answer = browser.generic(
        "POST", address(draft, SectionCode.IDENTITY), body, "application/x-www-form-urlencoded"
    )
    assert answer.status_code in (302, 422)
    json.dumps(stored(draft, SectionCode.IDENTITY))


def test_a_field_of_ten_megabytes_is_refused_in_words(browser, draft):
    answer = browser.post(
        address(draft, SectionCode.STRATEGY), {"vision": "x" * (10 * 1024 * 1024), "version": "0"}
    )
    assert answer.status_code in (400, 413)
    assert "<html" in text_of(answer)
    assert not Section.objects.exists()


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "٣"])
def test_a_version_that_is_none_counts_as_never_seen(browser, draft, version):
    assert (
        browser.post(address(draft, SectionCode.IDENTITY), {"name": "A", "version": version}).status_code
        == 302
    )
    assert (
        browser.post(address(draft, SectionCode.IDENTITY), {"name": "B", "version": version}).status_code
        == 409
    )


def test_unknown_section_is_a_404(browser, draft):
    assert browser.get(f"/dossiers/{draft.pk}/rubriques/inconnue/").status_code == 404
