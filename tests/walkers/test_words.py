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


# Templates that no URL renders by itself, each with the test that does.
RENDERED_ELSEWHERE: dict[str, str] = {}


def test_every_template_is_rendered_by_a_test():
    with RENDERED.open(newline="") as file:
        walked = {row["template"] for row in csv.DictReader(file)}
    templates = {
        str(path.relative_to(ROOT / "templates"))
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
    }
    assert (walked | set(RENDERED_ELSEWHERE)) - templates == set(), "no such template"
    assert walked & set(RENDERED_ELSEWHERE) == set(), "the walk renders it"
    assert templates - walked - set(RENDERED_ELSEWHERE) == set(), "no test renders it"


@pytest.mark.parametrize("template", sorted(RENDERED_ELSEWHERE))
def test_named_tests_exist(template: str):
    """`file::test`, and the file mentions `what` renders the template, written after a space."""
    place, _, what = RENDERED_ELSEWHERE[template].partition(" ")
    file, _, name = place.partition("::")
    text = (ROOT / file).read_text()
    assert f"def {name}(" in text
    assert what in text
