from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.actions import documents
from applications.actions.documents import add_document
from applications.models import Document
from clusters_portal import storage
from clusters_portal.errors import Refused
from tests.applications.applicant import world
from tests.applications.applicant.world import text_of

pytestmark = pytest.mark.django_db


def add_url(application, piece: str = "statuts") -> str:
    return reverse("applications:document_add", args=[application.pk, piece])


def send(
    browser, application, *, content: bytes | None = None, name: str = "statuts.pdf", piece: str = "statuts"
):
    content = world.pdf_file().getvalue() if content is None else content
    return browser.post(add_url(application, piece), {"file": SimpleUploadedFile(name, content)})


def downloaded(browser, application, document) -> bytes:
    answer = browser.get(reverse("applications:document_file", args=[application.pk, document.pk]))
    return b"".join(answer.streaming_content)


def stored_files(private_folder) -> list:
    return [path for path in private_folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_with_its_digest(browser, draft, private_folder):
    answer = send(browser, draft)
    assert answer.status_code == 302
    assert answer.url.endswith("#piece-statuts")
    document = Document.objects.get()
    assert (document.format, document.pages, document.removed_at) == ("pdf", 1, None)
    assert storage.read(document.storage_key, sha256=document.sha256)
    assert "statuts" not in document.storage_key
    assert len(stored_files(private_folder)) == 1


def test_the_page_says_limits_before(browser, draft):
    page = text_of(browser.get(reverse("applications:documents", args=[draft.pk])))
    assert "PDF" in page
    assert "25,0" in page
    assert "40 fichiers" in page


def test_a_replaced_file_stays_as_a_version(browser, draft):
    send(browser, draft)
    send(browser, draft, name="nouveaux.pdf")
    assert [d.name for d in Document.objects.current()] == ["nouveaux.pdf"]
    former = Document.objects.get(removed_at__isnull=False)
    assert downloaded(browser, draft, former).startswith(b"%PDF-")
    browser.post(reverse("applications:document_restore", args=[draft.pk, former.pk]))
    assert [d.name for d in Document.objects.current()] == ["statuts.pdf"]


def test_a_piece_for_several_keeps_all(browser, draft):
    for _n in range(3):
        send(browser, draft, piece="lettres")
    assert Document.objects.current().count() == 3


def test_the_same_file_twice_is_told(browser, draft, private_folder):
    content = world.pdf_file().getvalue()
    send(browser, draft, content=content, piece="lettres")
    answer = send(browser, draft, content=content, piece="lettres")
    assert answer.status_code == 422
    assert "déjà joint" in text_of(answer)
    assert Document.objects.count() == 1
    assert len(stored_files(private_folder)) == 1


def test_removed_and_brought_back(browser, draft):
    send(browser, draft)
    document = Document.objects.get()
    browser.post(reverse("applications:document_remove", args=[draft.pk, document.pk]))
    assert not Document.objects.current().exists()
    again = browser.post(reverse("applications:document_remove", args=[draft.pk, document.pk]))
    assert again.status_code == 409
    browser.post(reverse("applications:document_restore", args=[draft.pk, document.pk]))
    assert Document.objects.current().count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"MZ\x90\x00 not a document", "ni un PDF"),
        (b"%PDF-1.7 cut", "abîmé"),
        (b"PK\x03\x04 cut", "abîmé"),
        (b"<html><script>alert(1)</script></html>", "ni un PDF"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(browser, draft, private_folder, content, said):
    answer = send(browser, draft, content=content)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Document.objects.exists()
    assert not stored_files(private_folder)


def test_no_file_at_all(browser, draft):
    answer = browser.post(add_url(draft), {})
    assert answer.status_code == 422
    assert "Choisissez d'abord un fichier" in text_of(answer)


def test_a_file_over_the_limit_of_its_piece(browser, draft):
    answer = send(browser, draft, content=world.pdf_file().getvalue() + b"\0" * 1024 * 1024, piece="lettres")
    assert answer.status_code == 422
    assert "dépasse 1" in text_of(answer)


def test_the_forty_first_file_is_refused(draft, owner, call):
    piece = call.required_documents.get(code="lettres")
    for _n in range(40):
        add_document(draft, piece, world.pdf_file(), name="lettre.pdf", by=owner, at=world.AT)
    with pytest.raises(Refused) as refused:
        add_document(draft, piece, world.pdf_file(), name="lettre.pdf", by=owner, at=world.AT)
    assert [b.code for b in refused.value.blockers] == ["too_many_files"]


def test_replacing_at_the_limit_is_possible(draft, owner, call):
    call.maximum_files = 1
    call.save()
    piece = call.required_documents.get(code="statuts")
    for _n in range(2):
        add_document(draft, piece, world.pdf_file(), name="statuts.pdf", by=owner, at=world.AT)
    assert Document.objects.current().count() == 1


def test_the_total_is_limited(draft, owner, call):
    call.maximum_total_bytes = 1500
    call.save()
    piece = call.required_documents.get(code="lettres")
    add_document(draft, piece, world.pdf_file(), name="a.pdf", by=owner, at=world.AT)
    add_document(draft, piece, world.pdf_file(), name="b.pdf", by=owner, at=world.AT)
    with pytest.raises(Refused) as refused:
        add_document(draft, piece, world.pdf_file(), name="c.pdf", by=owner, at=world.AT)
    assert [b.code for b in refused.value.blockers] == ["dossier_too_large"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\statuts.pdf", "statuts.pdf"),
        ("facture\u202efdp.exe.pdf", "facturefdp.exe.pdf"),
        ("<b>x</b>.pdf", "b>.pdf"),
        ("النظام الأساسي.pdf", "النظام الأساسي.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_the_name_is_cleaned(draft, owner, call, given, shown):
    piece = call.required_documents.get(code="statuts")
    assert add_document(draft, piece, world.pdf_file(), name=given, by=owner, at=world.AT).name == shown


def test_when_the_row_cannot_be_written_the_file_goes_away(draft, owner, call, private_folder, monkeypatch):
    def break_down(*args, **kwargs):
        raise RuntimeError("no row")

    monkeypatch.setattr(documents, "_write_row", break_down)
    with pytest.raises(RuntimeError):
        add_document(
            draft,
            call.required_documents.get(code="statuts"),
            world.pdf_file(),
            name="a.pdf",
            by=owner,
            at=world.AT,
        )
    assert not Document.objects.exists()
    assert not stored_files(private_folder)


def test_a_storage_that_is_down_is_said_and_leaves_no_row(browser, draft, monkeypatch):
    def down(*args, **kwargs):
        raise storage.StorageFault("down")

    monkeypatch.setattr(storage, "put", down)
    answer = send(browser, draft)
    assert answer.status_code == 422
    assert "pas pu être enregistré" in text_of(answer)
    assert not Document.objects.exists()


def test_downloads_are_attachments_that_cannot_act(browser, draft):
    send(browser, draft, name='a"b;c.pdf')
    document = Document.objects.get()
    answer = browser.get(reverse("applications:document_file", args=[draft.pk, document.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_a_file_changed_in_the_storage_is_not_served(browser, draft):
    send(browser, draft)
    document = Document.objects.get()
    storage.put(document.storage_key, b"%PDF-other")
    assert browser.get(reverse("applications:document_file", args=[draft.pk, document.pk])).status_code == 404


def test_no_file_after_the_closing_instant(browser, draft, at, private_folder):
    at(world.CLOSES_AT)
    answer = send(browser, draft)
    assert answer.status_code == 422
    assert "date limite est passée" in text_of(answer)
    assert not Document.objects.exists()
    assert not stored_files(private_folder)


def test_pieces_and_files_of_another_dossier_are_404(browser, draft, call, client_of):
    other = world.draft(call, world.person("autre"))
    add_document(
        other, call.required_documents.get(code="statuts"), BytesIO(world.pdf_file().read()), name="a.pdf",
        by=other.created_by, at=world.AT,
    )  # fmt: skip
    foreign = Document.objects.get()
    for name in ("document_file", "document_remove", "document_restore"):
        address = reverse(f"applications:{name}", args=[draft.pk, foreign.pk])
        answer = browser.get(address) if name == "document_file" else browser.post(address)
        assert answer.status_code == 404
    assert send(browser, draft, piece="inconnue").status_code == 404
    foreign.refresh_from_db()
    assert foreign.removed_at is None
