import io
import os

import pikepdf
import pypdf
import pytest

from clusters_portal import pdf

PAGE = (
    '<!doctype html><html lang="{language}" dir="{direction}"><head><title>Essai</title></head>'
    "<body>{body}</body></html>"
)


def page(body: str, *, language: str = "fr", direction: str = "ltr") -> str:
    return PAGE.format(body=body, language=language, direction=direction)


def text_of(content: bytes) -> str:
    return "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_french_text_can_be_copied_out() -> None:
    text = text_of(pdf.render_pdf(page("<h1>Récépissé n° 12</h1><p>Cœur de l'Été, 1 250,00 MAD</p>")))
    assert "Récépissé n° 12" in text
    assert "Cœur de l'Été, 1 250,00 MAD" in text


def test_arabic_is_shaped_with_its_font_and_can_be_copied_out() -> None:
    content = pdf.render_pdf(
        page("<h1>وصل</h1><p>وزارة الصناعة والتجارة</p>", language="ar", direction="rtl")
    )
    text = text_of(content)
    assert "وصل" in text
    assert "وزارة الصناعة والتجارة" in " ".join(text.split())
    with pikepdf.open(io.BytesIO(content)) as document:
        fonts = {str(font.BaseFont) for font in document.pages[0].Resources.Font.values()}
        families = {name.partition("+")[2] for name in fonts}
        # The page number is in the Latin face; nothing fell back to a font of the host.
        assert families == {"IBM-Plex-Sans", "IBM-Plex-Sans-Arabic", "IBM-Plex-Sans-Arabic-Bold"}


def test_documents_are_archival_and_tagged() -> None:
    with pikepdf.open(io.BytesIO(pdf.render_pdf(page("<h1>Titre</h1>")))) as document:
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["dc:title"] == "Essai"
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "fr"
        assert "/StructTreeRoot" in document.Root
        for font in document.pages[0].Resources.Font.values():
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))


def test_the_same_text_gives_the_same_bytes() -> None:
    html = page("<p>Décision</p>")
    assert pdf.render_pdf(html) == pdf.render_pdf(html)
    assert pdf.render_pdf(html) != pdf.render_pdf(page("<p>Décisions</p>"))


@pytest.mark.parametrize(
    "body",
    [
        '<img alt="" src="file:///etc/passwd">',
        '<img alt="" src="http://127.0.0.1:9/x.png">',
        '<img alt="" src="https://demo.example/x.png">',
        '<img alt="" src="//demo.example/x.png">',
        '<img alt="" src="missing.png">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="https://demo.example/x.css">',
        "<style>@import url(https://demo.example/x.css);</style>",
        "<style>p { background: url(file:///etc/passwd) }</style><p>x</p>",
        "<style>@font-face { font-family: x; src: url(file:///etc/passwd) } p { font-family: x }</style><p>x</p>",
        '<object data="file:///etc/passwd"></object>',
        '<embed src="file:///etc/passwd">',
        '<svg><image href="file:///etc/passwd"/></svg>',
    ],
)
def test_nothing_is_fetched_and_nothing_is_made(body: str) -> None:
    with pytest.raises(pdf.PdfRenderError, match=r"refused address|Failed to render SVG"):
        pdf.render_pdf(page(body))


def test_an_svg_inside_a_data_address_fetches_nothing_either() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd" width="9" height="9"/></svg>'
    with pytest.raises(pdf.PdfRenderError, match="Failed to render SVG"):
        pdf.render_pdf(page(f'<img alt="" src="{pdf.data_uri(svg, "image/svg+xml")}">'))


def test_the_door_still_works_after_a_refusal() -> None:
    with pytest.raises(pdf.PdfRenderError):
        pdf.render_pdf(page('<img alt="" src="file:///etc/passwd">'))
    assert "Décision" in text_of(pdf.render_pdf(page("<p>Décision</p>")))


def test_an_image_is_carried_in_the_page() -> None:
    emblem = pdf.image_data_uri("img/favicon.svg")
    assert emblem.startswith("data:image/svg+xml;base64,")
    assert pdf.render_pdf(page(f'<img alt="Emblème" src="{emblem}">')).startswith(b"%PDF-1.7")
    with pytest.raises(pdf.PdfRenderError, match="missing static file"):
        pdf.image_data_uri("img/no-such-emblem.svg")


def test_missing_fonts_are_said(settings, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(pdf, "_press", None)
    settings.FONTS_DIR = tmp_path
    with pytest.raises(pdf.PdfRenderError, match="build_fonts"):
        pdf.render_pdf(page("<p>x</p>"))


def test_each_process_has_fonts_of_its_own() -> None:
    """A child that inherited the parent's folder would delete it when it ends."""
    pdf.render_pdf(page("<p>x</p>"))
    kept = pdf._press
    assert kept is not None
    assert kept.pid == os.getpid()
    assert pdf._the_press() is kept
    pdf._press = pdf._Press(kept.pid + 1, kept.font_config, kept.stylesheet, kept.fetcher)
    assert pdf._the_press().font_config is not kept.font_config
    assert pdf._press.pid == os.getpid()
