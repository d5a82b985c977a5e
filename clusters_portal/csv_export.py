"""CSV that a spreadsheet reads as text: no cell becomes a formula."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

# What Excel, LibreOffice and Google Sheets may take for the start of a formula, full-width signs too.
FORMULA_STARTS = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
BOM = "\ufeff"


class _Echo:
    def write(self, value: str) -> str:
        return value


def neutralise(value: Any) -> str:
    """The text of a cell, with an apostrophe before what a spreadsheet would calculate; NUL is dropped."""
    text = "" if value is None else str(value)
    dangerous = text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)
    text = text.replace("\0", "")
    return f"'{text}" if dangerous else text


def csv_response(
    filename: str, header: Iterable[Any], rows: Iterable[Iterable[Any]]
) -> StreamingHttpResponse:
    """A streamed attachment in UTF-8 with a byte-order mark, separated by semicolons as French spreadsheets expect."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _lines(header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";", quoting=csv.QUOTE_ALL)
    yield BOM + writer.writerow([neutralise(cell) for cell in header])
    for row in rows:
        yield writer.writerow([neutralise(cell) for cell in row])
