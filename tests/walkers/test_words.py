"""No string without its Arabic, no template with an undefined variable or without a test that renders it."""

import csv
import re
import shutil
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.template import engines

from tests.undefined import Undefined, UndefinedVariable
from tests.walkers.rendered import TABLE as RENDERED

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale" / "ar" / "LC_MESSAGES" / "django.po"
SPEAKING = ("clusters_portal", "accounts", "applications", "evaluation", "templates")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?\w+")
ARABIC = re.compile("[\u0600-\u06ff]")
FRENCH_WORD = re.compile(r"[a-zà-ÿ]{3,}")
PLURALS = 6


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """What the code says now, extracted as scripts/messages.sh does."""
    folder = tmp_path_factory.mktemp("words")
    for name in SPEAKING:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.json"))
    (folder / "locale").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(settings, "LOCALE_PATHS", [])
        call_command("makemessages", locale=["ar"], add_location="file", verbosity=0)
    return polib.pofile(str(folder / "locale" / "ar" / "LC_MESSAGES" / "django.po"))


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def by_key(entries: polib.POFile) -> dict[tuple[str | None, str], polib.POEntry]:
    return {(entry.msgctxt, entry.msgid): entry for entry in entries if not entry.obsolete}


def test_catalogue_holds_exactly_what_the_portal_says(extracted, catalogue):
    said, known = by_key(extracted), by_key(catalogue)
    faults = [f"not in the catalogue: {key[1]}" for key in said.keys() - known.keys()]
    faults += [f"no longer said: {key[1]}" for key in known.keys() - said.keys()]
    faults += [
        f"another plural: {key[1]}"
        for key in said.keys() & known.keys()
        if said[key].msgid_plural != known[key].msgid_plural
    ]
    faults += [f"obsolete: {entry.msgid}" for entry in catalogue.obsolete_entries()]
    assert not faults, "run `make messages` and translate:\n" + "\n".join(sorted(faults))


def test_every_string_has_its_arabic(catalogue):
    faults = [f"fuzzy: {entry.msgid}" for entry in catalogue if entry.fuzzy]
    for entry in catalogue:
        texts = texts_of(entry)
        has_words = FRENCH_WORD.search(PLACEHOLDER.sub("", entry.msgid))
        if not all(text.strip() for text in texts):
            faults.append(f"empty: {entry.msgid}")
        elif has_words and not all(map(ARABIC.search, texts)):
            faults.append(f"not Arabic: {entry.msgid}")
        elif entry.msgid_plural and len(texts) != PLURALS:
            faults.append(f"{len(texts)} forms instead of {PLURALS}: {entry.msgid}")
    assert not faults, "\n" + "\n".join(sorted(faults))


def test_translations_keep_placeholders_and_markup(catalogue):
    faults = []
    for entry in catalogue:
        sources = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
        wanted = {frozenset(PLACEHOLDER.findall(source)) for source in sources}
        counted = frozenset().union(*wanted)
        for place, text in enumerate(texts_of(entry)):
            found = frozenset(PLACEHOLDER.findall(text))
            # The forms for none, one and two say the number in words.
            is_right = found in wanted or (entry.msgid_plural and place < 3 and found < counted)
            if text and (not is_right or sorted(TAG.findall(text)) != sorted(TAG.findall(entry.msgid))):
                faults.append(f"{entry.msgid}\n    {text}")
    assert not faults, "\n" + "\n".join(sorted(faults))


def texts_of(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


# Templates ------------------------------------------------------------------------------------------------------------


def test_undefined_variables_of_our_templates_are_errors():
    """The whole suite renders with this; see tests/conftest.py."""
    engine = engines["django"].engine
    assert isinstance(engine.string_if_invalid, Undefined)
    with pytest.raises(UndefinedVariable, match=r"label.*status\.html"):
        engine.get_template("components/status.html").render(
            engine_context(engine, tone="active", icon_name="")
        )
    ours_and_silent = engine.from_string("{{ nothing|default:'rien' }}{% if nothing %}{% endif %}")
    assert ours_and_silent.render(engine_context(engine)) == "rien"


def engine_context(engine, **values):
    from django.template import Context

    return Context(values)


# Templates that the walk never meets, by the test that renders them: `file::test`, a word of that file, templates.
RENDERED_BY: dict[str, tuple[str, ...]] = {
    "tests/test_error_pages.py::test_error_page": (
        "errors_views",
        "400.html",
        "403.html",
        "404.html",
        "409.html",
        "413.html",
        "429.html",
        "500.html",
        "503.html",
        "csrf.html",
        "errors/page.html",
    ),
    "tests/accounts/test_signup.py::test_five_wrong_passwords_close_the_account_for_a_while": (
        "password",
        "account/email/login_closed_message.txt",
        "account/email/login_closed_subject.txt",
    ),
    "tests/accounts/test_mail_page.py::test_anybody_reads_them_in_development_newest_first": (
        "/dev/mails/",
        "accounts/mail.html",
        "accounts/mails.html",
    ),
    "tests/accounts/test_second_factor.py::test_public_pages_leaving_and_enrolling_stay_open": (
        "totp",
        "allauth/elements/img.html",
    ),
    "tests/applications/applicant/test_pages.py::test_each_section_opens": (
        "section",
        "applications/applicant/_figures.html",
        "components/formset.html",
        "components/formset_row.html",
    ),
    "tests/applications/applicant/test_pages.py::test_pages_of_a_draft": (
        "dossier_check",
        "applications/applicant/_missing.html",
    ),
    "tests/gallery/test_gallery.py::test_gallery": (
        "live_server",
        "components/sort_header.html",
    ),
    "tests/applications/applicant/test_deposits.py::test_withdrawn_and_put_back": (
        "withdraw",
        "notices/application_withdrawn.subject.txt",
        "notices/application_withdrawn.txt",
    ),
    "tests/applications/calls/test_actions.py::test_cancelling_publishes_the_reason_and_tells_the_teams": (
        "call_cancelled",
        "notices/call_cancelled.subject.txt",
        "notices/call_cancelled.txt",
    ),
    "tests/applications/calls/test_actions.py::test_an_extension_keeps_the_earlier_version_and_tells_every_team": (
        "deadline_extended",
        "notices/deadline_extended.subject.txt",
        "notices/deadline_extended.txt",
    ),
    "tests/accounts/test_notices.py::test_the_mail_is_in_the_persons_language_with_a_link_to_our_host": (
        "role_granted",
        "notices/role_granted.subject.txt",
        "notices/role_granted.txt",
    ),
    "tests/accounts/test_roles.py::test_withdrawing_takes_effect_today_and_keeps_the_row": (
        "revoke_role",
        "notices/role_revoked.subject.txt",
        "notices/role_revoked.txt",
    ),
    "tests/evaluation/decisions/test_letter_pdf.py::test_every_outcome_has_its_letter_in_both_languages": (
        "Outcome",
        "pdf/letters/inadmissible_ar.html",
        "pdf/letters/inadmissible_fr.html",
    ),
}
RENDERED_ELSEWHERE = {template for _word, *templates in RENDERED_BY.values() for template in templates}


def test_every_template_is_rendered_by_a_test():
    with RENDERED.open(newline="") as file:
        walked = {row["template"] for row in csv.DictReader(file)}
    templates = {
        str(path.relative_to(ROOT / "templates"))
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
    }
    assert (walked | RENDERED_ELSEWHERE) - templates == set(), "no such template"
    assert walked & RENDERED_ELSEWHERE == set(), "the walk renders it"
    assert templates - walked - RENDERED_ELSEWHERE == set(), "no test renders it"


@pytest.mark.parametrize("named", RENDERED_BY)
def test_named_tests_exist(named: str):
    file, _, name = named.partition("::")
    text = (ROOT / file).read_text()
    assert f"def {name}(" in text
    assert RENDERED_BY[named][0] in text
