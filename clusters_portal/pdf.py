"""The one door to WeasyPrint: closed to the network and to the disk, archival and tagged output."""

import atexit
import base64
import hashlib
import logging
import mimetypes
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from clusters_portal import fonts

# PDF/A-3, level a: kept for decades, tagged for screen readers.
VARIANT = "pdf/a-3a"
STYLESHEET = "css/pdf.css"


class PdfRenderError(Exception):
    """The document could not be made as asked; nothing is made instead."""


@dataclass(frozen=True)
class _Press:
    """What one process keeps between documents. Its fonts lie in a temporary folder that dies with the process."""

    pid: int
    font_config: Any
    stylesheet: Any
    fetcher: Any


_press: _Press | None = None
# Pango and fontconfig are not safe for threads.
_lock = threading.Lock()


def render_pdf(html: str) -> bytes:
    """A PDF/A-3a of one HTML document, which carries `lang` and `<title>`; styled by static/css/pdf.css.

    Images and anything else to be loaded must be `data:` addresses; another one raises PdfRenderError.
    The same HTML gives the same bytes.
    """
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    with _lock, _Watch() as watch:
        try:
            press = _the_press()
            document = HTML(string=html, base_url=settings.PORTAL_BASE_URL + "/", url_fetcher=press.fetcher)
            pdf: bytes = document.write_pdf(
                stylesheets=[press.stylesheet],
                font_config=press.font_config,
                pdf_variant=VARIANT,
                pdf_tags=True,
                pdf_identifier=hashlib.sha256(html.encode()).hexdigest()[:32].encode(),
            )
        except PdfRenderError:
            raise
        # FatalURLFetchingError is a BaseException: left alone it would slip through every handler of ours.
        except (FatalURLFetchingError, Exception) as error:
            raise PdfRenderError(f"{type(error).__name__}: {error}") from error
    # WeasyPrint swallows what goes wrong inside an image and prints the page without it.
    if watch.faults:
        raise PdfRenderError("; ".join(watch.faults))
    return pdf


def render_template_pdf(template: str, context: dict[str, Any], language: str) -> bytes:
    """The PDF of a template rendered in one language; `language` and `demonstration` are in its context."""
    extra = {"language": language, "demonstration": settings.DEMONSTRATION}
    with translation.override(language):
        html = render_to_string(template, {**extra, **context})
    return render_pdf(html)


def image_data_uri(static_path: str) -> str:
    """A static image as a `data:` address. Raises PdfRenderError when it is missing: no letter without its emblem."""
    found = finders.find(static_path)
    if not isinstance(found, str):
        raise PdfRenderError(f"missing static file: {static_path}")
    return data_uri(Path(found).read_bytes(), mimetypes.guess_type(found)[0] or "application/octet-stream")


def data_uri(content: bytes, content_type: str) -> str:
    return f"data:{content_type};base64,{base64.b64encode(content).decode()}"


class _Watch(logging.Handler):
    """Collects what WeasyPrint says it left out of a document."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.faults: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith("Failed to"):
            reason = f" ({record.exc_info[1]})" if record.exc_info else ""
            self.faults.append(f"{message[:200]}{reason}")

    def __enter__(self) -> "_Watch":
        logging.getLogger("weasyprint").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("weasyprint").removeHandler(self)


def _the_press() -> _Press:
    global _press
    if _press is None or _press.pid != os.getpid():
        _press = _new_press()
    return _press


@atexit.register
def _close_press() -> None:
    """Let go of the fonts while the libraries that free them are still loaded."""
    global _press
    _press = None


def _new_press() -> _Press:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    faces = fonts.letter_faces(settings.FONTS_DIR)
    if not faces:
        raise PdfRenderError("the fonts of the documents are missing: run `manage.py build_fonts`")
    stylesheet = finders.find(STYLESHEET)
    if not isinstance(stylesheet, str):
        raise PdfRenderError(f"missing static file: {STYLESHEET}")
    fetcher = _closed_fetcher({path.resolve().as_uri(): path.read_bytes() for _, path in faces})
    css = fonts.letter_css(settings.FONTS_DIR) + "\n" + Path(stylesheet).read_text("utf-8")
    font_config = FontConfiguration()
    return _Press(
        pid=os.getpid(),
        font_config=font_config,
        stylesheet=CSS(string=css, font_config=font_config, url_fetcher=fetcher),
        fetcher=fetcher,
    )


def _closed_fetcher(preloaded: dict[str, bytes]) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class ClosedFetcher(URLFetcher):
        """Answers `data:` and the fonts read beforehand; any other address ends the rendering."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url in preloaded:
                return URLFetcherResponse(url, preloaded[url], {"Content-Type": "font/ttf"})
            if url[:5].lower() == "data:":
                return super().fetch(url, headers)
            raise FatalURLFetchingError(f"refused address: {url[:200]}")

    return ClosedFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
