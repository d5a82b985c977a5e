"""The documents keep pace with the code: the printed model, links, make targets, commands and paths that they name."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from evaluation.management.commands import document_model

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").rglob("*.md"))]
PRINTED = {ROOT / "docs" / "access-matrix.md"}  # by its own walker, with its own test

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
MAKE = re.compile(r"(?:^|[`;&|] ?|=\S+ )make ([a-z][a-z-]*)", re.MULTILINE)
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
OURS = re.compile(
    r"(?:clusters_portal|accounts|applications|evaluation|tests|docs|scripts|templates|static|benchmarks)/[\w./-]+"
)

document = pytest.mark.parametrize(
    "path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)).replace("/", "-")
)


def code_of(text: str) -> str:
    return "\n".join(CODE.findall(text))


def anchors_of(path: Path) -> set[str]:
    """The anchors that a code host gives to headings: lower case, no punctuation, hyphens for blanks."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_printed_model_is_that_of_the_code():
    assert document_model.DOCUMENT.read_text() == document_model.document(), "run: make model"


@document
def test_every_link_leads_somewhere(path: Path):
    broken = []
    for link in LINK.findall(path.read_text()):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        file = path.parent / target if target else path
        if not file.exists() or (anchor and anchor not in anchors_of(file)):
            broken.append(link)
    assert broken == []


@document
def test_what_it_names_exists(path: Path):
    code = code_of(path.read_text())
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    absent = [f"make {name}" for name in MAKE.findall(code) if name not in targets]
    absent += [f"manage.py {name}" for name in COMMAND.findall(code) if name not in get_commands()]
    if path not in PRINTED:
        absent += [name for name in OURS.findall(code) if not (ROOT / name.rstrip("/.")).exists()]
    assert absent == []


def test_every_document_is_reached_from_the_index():
    index = ROOT / "docs" / "index.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(index.read_text())}
    assert set(DOCUMENTS) - linked - {index, README} == set()


def test_every_decision_record_has_its_parts():
    for path in sorted((ROOT / "docs" / "adr").glob("[0-9]*.md")):
        headings = re.findall(r"^## (.+)$", path.read_text(), re.MULTILINE)
        assert headings == ["Context", "Decision", "Alternatives", "Consequences"], path.name


def test_the_demonstration_accounts_of_the_readme_are_those_of_the_code():
    from evaluation.demonstration.people import CHAIR, PASSWORD, STAFF, address

    text = README.read_text()
    known = [address(one.key) for one in (*STAFF, CHAIR)]
    assert [name for name in [*known, PASSWORD] if name not in text] == []


def test_make_help_names_every_target_meant_for_people():
    printed = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    described = set(re.findall(r"^([a-z][a-z-]*):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)", printed)) >= described
