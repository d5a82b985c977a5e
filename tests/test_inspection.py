"""Uploads: good files pass, files that act, lie, burst or break do not. Every file is made here."""

import hashlib
import io
import zipfile
from collections.abc import Callable

import pikepdf
import pytest
from docx import Document
from openpyxl import Workbook
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from clusters_portal.inspection import FileRefused, clean_filename, inspect

ALL = {"pdf", "docx", "xlsx"}
MEGABYTE = 1024 * 1024


def pdf(change: Callable[[Pdf], None] | None = None, **save: object) -> bytes:
    document = Pdf.new()
    document.add_blank_page()
    document.add_blank_page()
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, **save)
    return out.getvalue()


def docx() -> bytes:
    document = Document()
    document.add_heading("Présentation", 1)
    document.add_paragraph("مجموعة صناعية")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx() -> bytes:
    book = Workbook()
    book.active.append(["Budget", 1250000])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rezip(
    content: bytes, *, replace: dict[str, bytes] | None = None, add: dict[str, bytes] | None = None
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, (replace or {}).get(entry.filename, old.read(entry)))
        for name, data in (add or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name)


def with_relation(content: bytes, name: str, added: str) -> bytes:
    old = part(content, name)
    return rezip(
        content, replace={name: old.replace(b"</Relationships>", added.encode() + b"</Relationships>")}
    )


def code_of(
    content: bytes, *, max_bytes: int = 20 * MEGABYTE, allowed: set[str] = ALL, name: str = ""
) -> str:
    """The refusal's code, or the accepted format."""
    try:
        return inspect(io.BytesIO(content), allowed=allowed, max_bytes=max_bytes, name=name).format
    except FileRefused as refusal:
        return refusal.code if str(refusal.message) else "without a message"


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def relation(kind: str, target: str, *, outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="r99" Type="{OFFICE}{kind}" Target="{target}"{mode}/>'


def script(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def script_in_names(document: Pdf) -> None:
    action = document.make_indirect(Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)")))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([pikepdf.String("a"), action])))


def script_on_a_field(document: Pdf) -> None:
    field = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Text,
        AA=Dictionary(K=Dictionary(S=Name.JavaScript, JS=pikepdf.String("1"))),
    )
    document.pages[1].Annots = Array([document.make_indirect(field)])


def launch(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.Launch, F=pikepdf.String("cmd.exe"))


def attachment(document: Pdf) -> None:
    document.attachments["x.exe"] = b"MZ"


def attachment_note(document: Pdf) -> None:
    held = document.make_indirect(Stream(document, b"MZ"))
    spec = Dictionary(Type=Name.Filespec, F=pikepdf.String("x"), EF=Dictionary(F=held))
    note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, FS=spec)
    document.pages[0].Annots = Array([document.make_indirect(note)])


def xfa(document: Pdf) -> None:
    document.Root.AcroForm = Dictionary(XFA=pikepdf.String("x"))


def destination(document: Pdf) -> None:
    document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])


def link(document: Pdf) -> None:
    action = Dictionary(S=Name.URI, URI=pikepdf.String("https://demo.example/"))
    document.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, A=action)])


def test_a_good_pdf_says_what_it_is() -> None:
    content = pdf()
    file = io.BytesIO(content)
    file.read(3)
    found = inspect(file, allowed={"pdf"}, max_bytes=MEGABYTE)
    assert (found.format, found.size, found.pages) == ("pdf", len(content), 2)
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert found.content_type == "application/pdf"
    assert file.tell() == 0


@pytest.mark.parametrize("make", [destination, link])
def test_what_ordinary_pdfs_contain_passes(make) -> None:
    assert code_of(pdf(make)) == "pdf"


def test_a_pdf_that_only_forbids_changes_passes() -> None:
    encryption = pikepdf.Encryption(owner="secret", user="", allow=pikepdf.Permissions(modify_other=False))
    assert code_of(pdf(encryption=encryption)) == "pdf"


def test_a_pdf_that_asks_for_a_password_is_refused() -> None:
    assert code_of(pdf(encryption=pikepdf.Encryption(owner="o", user="u"))) == "encrypted"


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    ("make", "code"),
    [
        (script, "active_content"),
        (script_in_names, "active_content"),
        (script_on_a_field, "active_content"),
        (launch, "active_content"),
        (xfa, "active_content"),
        (attachment, "embedded_file"),
        (attachment_note, "embedded_file"),
    ],
)
def test_a_pdf_that_acts_is_refused_even_inside_compressed_objects(make, code: str, compressed: bool) -> None:
    mode = pikepdf.ObjectStreamMode.generate if compressed else pikepdf.ObjectStreamMode.disable
    content = pdf(make, object_stream_mode=mode)
    assert (b"JavaScript" in content) is (
        not compressed and make in (script, script_in_names, script_on_a_field)
    )
    assert code_of(content) == code


def test_a_pdf_cut_short_is_refused() -> None:
    content = pdf()
    assert code_of(content[: len(content) // 2]) == "unreadable"
    assert code_of(b"%PDF-1.7\n") == "unreadable"


def test_a_pdf_with_a_wrong_cross_reference_table_is_repaired() -> None:
    content = pdf(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    start = content.rindex(b"startxref\n") + 10
    assert code_of(content[:start] + b"7\n%%EOF\n") == "pdf"


def test_a_repaired_pdf_is_searched_too() -> None:
    content = pdf(script, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    start = content.rindex(b"startxref\n") + 10
    assert code_of(content[:start] + b"7\n%%EOF\n") == "active_content"


@pytest.mark.parametrize(("make", "kind"), [(docx, "docx"), (xlsx, "xlsx")])
def test_good_office_files_pass(make, kind: str) -> None:
    found = inspect(io.BytesIO(make()), allowed={kind}, max_bytes=MEGABYTE)
    assert (found.format, found.pages) == (kind, None)


def test_a_link_in_the_text_passes() -> None:
    link_out = relation("hyperlink", "https://demo.example", outside=True)
    assert code_of(with_relation(docx(), "word/_rels/document.xml.rels", link_out)) == "docx"


def test_a_chart_with_its_figures_passes_and_its_figures_are_searched() -> None:
    assert code_of(rezip(docx(), add={"word/embeddings/Feuille1.xlsx": xlsx()})) == "docx"
    bad = rezip(xlsx(), add={"xl/vbaProject.bin": b"x"})
    assert code_of(rezip(docx(), add={"word/embeddings/Feuille1.xlsx": bad})) == "active_content"
    assert code_of(rezip(docx(), add={"word/embeddings/oleObject1.bin": b"x"})) == "active_content"


@pytest.mark.parametrize(
    ("added", "code"),
    [
        (relation("attachedTemplate", "http://e.example/t", outside=True), "external_content"),
        (relation("image", "http://e.example/i", outside=True), "external_content"),
        (relation("oleObject", "embeddings/o.bin"), "active_content"),
        (relation("control", "a.xml"), "active_content"),
    ],
)
def test_what_is_fetched_or_run_is_refused(added: str, code: str) -> None:
    assert code_of(with_relation(docx(), "word/_rels/document.xml.rels", added)) == code


@pytest.mark.parametrize(
    "name",
    ["word/vbaProject.bin", "word/vbaData.xml", "word/activeX/activeX1.xml", "customUI/customUI.xml"],
)
def test_macros_are_refused_wherever_they_hide(name: str) -> None:
    assert code_of(rezip(docx(), add={name: b"x"})) == "active_content"


def test_a_macro_document_renamed_is_refused() -> None:
    types = part(docx(), "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert code_of(rezip(docx(), replace={"[Content_Types].xml": types})) == "active_content"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert code_of(rezip(xlsx(), add={"xl/media/zeros": bytes(101 * MEGABYTE)})) == "bomb"
    assert code_of(rezip(xlsx(), add={f"xl/media/{n}": b"" for n in range(2000)})) == "bomb"


def test_a_directory_that_lies_about_a_size_is_refused() -> None:
    content = bytearray(rezip(xlsx(), add={"xl/media/zeros": bytes(MEGABYTE)}))
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    assert code_of(bytes(content)) in {"malformed", "unreadable"}


@pytest.mark.parametrize("name", ["../evil", "word/../../evil", "/etc/passwd", "C:/x", "word\\..\\..\\x"])
def test_names_that_leave_the_package_are_refused(name: str) -> None:
    assert code_of(rezip(docx(), add={name: b"x"})) == "malformed"


def test_an_entity_bomb_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><Types>&a;</Types>'
    assert code_of(rezip(docx(), replace={"[Content_Types].xml": bomb})) == "unreadable"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00" + bytes(100), "unknown_format"),
        (b"<!doctype html><script>alert(1)</script>", "unknown_format"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "unknown_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unknown_format"),
        (b"\n%PDF-1.7", "unknown_format"),
        (b"PK\x03\x04" + bytes(40), "unreadable"),
    ],
)
def test_other_things_are_refused(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_a_zip_that_is_no_document_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", "x")
    assert code_of(out.getvalue()) == "unknown_format"


def test_a_file_that_is_two_things_is_refused() -> None:
    assert code_of(pdf() + docx()) == "polyglot"
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as package:
        package.writestr("%PDF-1.7", b"%PDF-1.7 1 0 obj")
    assert code_of(stored.getvalue()) == "polyglot"


def test_size_and_format_limits() -> None:
    content = pdf()
    assert code_of(content, max_bytes=len(content)) == "pdf"
    assert code_of(content, max_bytes=len(content) - 1) == "too_large"
    assert code_of(content, allowed={"docx"}) == "format_not_accepted"
    assert code_of(xlsx(), allowed={"docx"}) == "format_not_accepted"


def test_the_name_must_agree_with_the_content() -> None:
    assert code_of(pdf(), name="Statuts.PDF") == "pdf"
    assert code_of(xlsx(), name="budget.docx") == "mislabelled"
    assert code_of(docx(), name="lettre.xlsx") == "mislabelled"
    assert code_of(docx(), name="lettre.pdf") == "mislabelled"


def test_messages_are_in_french_and_say_what_to_do() -> None:
    with pytest.raises(FileRefused) as caught:
        inspect(io.BytesIO(xlsx()), allowed={"pdf", "docx"}, max_bytes=MEGABYTE)
    assert str(caught.value.message) == (
        "Ce format (XLSX) n'est pas accepté pour cette pièce. Formats acceptés : DOCX, PDF."
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Statuts signés.pdf", "Statuts signés.pdf"),
        ("Statuts signe\u0301s.pdf", "Statuts signés.pdf"),
        ("القانون الأساسي.pdf", "القانون الأساسي.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("a\u200bb\u061c.pdf", "ab.pdf"),
        ("a\x00b\r\nc\td.pdf", "abcd.pdf"),
        (" . ", "document"),
        ("", "document"),
        (".htaccess", "htaccess"),
        ('a;b"c.pdf', 'a;b"c.pdf'),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("é" * 300, "é" * 150),
    ],
)
def test_names_to_show(name: str, expected: str) -> None:
    assert clean_filename(name) == expected
