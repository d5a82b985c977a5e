"""Whatever people typed is text: on every page, in mails, exports and documents."""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts import outbox
from accounts.enums import OutboxKind, OutboxState
from accounts.models import Notice, OutboxMessage
from applications.models import Document
from clusters_portal import storage
from evaluation.models import DecisionLetter
from tests.security.hostile_world import hostile_words
from tests.security.markup import CORPUS, live_markup
from tests.security.requests import Reader
from tests.walkers.routes import own_routes
from tests.walkers.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]

ROLES = ("anonymous", "applicant", "call_manager", "juror", "chair", "auditor")
DOCUMENTS = (OutboxKind.RENDER_RECEIPT, OutboxKind.RENDER_CLOSING_RECORD, OutboxKind.RENDER_MINUTES)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "＝")


@pytest.fixture(scope="module")
def world(shared_world) -> World:
    with hostile_words():
        return shared_world("published")


def answers(world: World, role: str) -> Iterator[tuple[str, object]]:
    reader = Reader(world, role, language="ar" if role == "juror" else "fr")
    for route in own_routes():
        answer = reader.get(reverse(route.name, kwargs=world.arguments(route, role)))
        if answer.status == 200:
            yield route.name, answer


def test_the_corpus_is_large():
    assert len(set(CORPUS)) >= 40


@pytest.mark.parametrize("role", ROLES)
def test_every_page_shows_it_as_text(world: World, role: str):
    faults, shown = [], 0
    for name, answer in answers(world, role):
        kind = answer.response["Content-Type"]
        if kind.startswith("text/html"):
            faults += [f"{name}: {one}" for one in live_markup(answer.body)]
            shown += any(f"xss{number}" in answer.text for number in range(60))
        elif kind.startswith("text/csv"):
            faults += [
                f"{name}: {one}"
                for one in formulas(csv.reader(StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
            ]
        elif "spreadsheet" in kind:
            faults += [f"{name}: {one}" for one in live_cells(answer.body)]
    assert not faults, "\n".join(faults)
    assert shown or role == "anonymous"


def formulas(rows: Iterator[list[str]]) -> Iterator[str]:
    for row in rows:
        yield from (cell for cell in row if cell.startswith(FORMULA) and not cell.lstrip("-").isdigit())


def live_cells(content: bytes) -> Iterator[str]:
    for sheet in load_workbook(BytesIO(content)):
        for row in sheet.iter_rows():
            yield from (
                f"{cell.coordinate} {cell.value}" for cell in row if cell.data_type == "f" or cell.hyperlink
            )


def test_names_of_files_lose_what_turns_a_text_round(world: World):
    names = list(Document.objects.filter(application__call=world.call).values_list("name", flat=True))
    assert any("<script>" in name for name in names)
    turning = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\u061c\0\r\n")
    assert not [name for name in names if turning & set(name) or len(name) > 150]


def test_a_download_carries_such_a_name_in_one_header_line(world: World):
    reader = Reader(world, "applicant")
    for document in Document.objects.filter(application=world.dossier):
        url = reverse("applications:document_file", args=[world.dossier.pk, document.pk])
        header = reader.get(url).response["Content-Disposition"]
        assert header.startswith("attachment; filename"), document.name
        assert not set(header) & set("\r\n\0\u202e"), document.name


def test_mails_are_plain_and_name_no_other_host(world: World):
    mails = OutboxMessage.objects.filter(kind=OutboxKind.MAIL)
    assert mails.count() > 20
    for mail in mails:
        assert "html" not in mail.payload, mail.key
        assert "\n" not in mail.payload["subject"], mail.key
        assert mail.payload["to"].count("@") == 1, mail.key
    assert any("<s" in mail.payload["text"] for mail in mails)  # typed text stays as typed


def test_the_inbox_prints_notices_as_text(world: World):
    for notice in Notice.objects.all()[:40]:
        reader = Reader(world, "anonymous")
        reader.client.force_login(notice.user)
        assert not list(live_markup(reader.get(reverse("accounts:inbox")).body))


def texts_of(content: bytes) -> str:
    """Without spaces and line ends: a long name is broken where the line ends."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages)


def active_parts(content: bytes) -> set[str]:
    """What a PDF may carry besides pages, by the names of its dictionaries."""
    reader = PdfReader(BytesIO(content))
    root = reader.trailer["/Root"]
    found = {name for name in ("/OpenAction", "/AA", "/AcroForm") if name in root}
    if "/Names" in root:
        found |= {name for name in root["/Names"] if name in {"/JavaScript", "/EmbeddedFiles"}}
    for page in reader.pages:
        for note in page.get("/Annots", []):
            address = note.get_object().get("/A", {}).get("/URI")
            if address and not str(address).startswith("http://testserver/"):
                found.add(str(address))
    return found


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_documents_print_it_as_text(world: World):
    """One of each kind: letter, receipt, closing record, minutes."""
    letter = DecisionLetter.objects.filter(decision__application=world.dossier).get()
    with storage.open(letter.pdf_key) as file:
        made = {"letter": file.read()}
    for kind in DOCUMENTS:
        owed = OutboxMessage.objects.filter(kind=kind).exclude(state=OutboxState.DONE).order_by("pk").first()
        assert owed is None or outbox.run(owed.pk), kind
    manager, applicant = Reader(world, "call_manager"), Reader(world, "applicant")
    code = world.call.code
    made["record"] = manager.get(reverse("applications:closing-record-pdf", args=[code])).body
    made["minutes"] = manager.get(reverse("evaluation:jury-minutes", args=[code])).body
    made["own letter"] = applicant.get(reverse("evaluation:my-letter", args=[world.dossier.pk])).body
    for name, content in made.items():
        assert content.startswith(b"%PDF"), name
        assert not active_parts(content), name
    assert squeezed(world.dossier.name) in texts_of(made["letter"])
    assert "<script>alert('xss" in texts_of(made["minutes"])
