"""Lists as spreadsheets. Text stays text: a cell never becomes a formula."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from applications.models import Application


def workbook(title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet, a header row, right to left where the reader's language is."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(title[:31])
        if get_language_bidi():
            sheet.right_to_left()
        bold = book.add_format({"bold": True})
        for column, header in enumerate(headers):
            sheet.write_string(0, column, str(header), bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(number, column, value)
                else:
                    sheet.write_string(number, column, "" if value is None else str(value))
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return buffer.getvalue()


def dossiers_workbook(dossiers: Iterable[Application]) -> bytes:
    headers = [_("Récépissé"), _("Dossier"), _("Voie"), _("État"), _("Déposé le"), _("Lignes à examiner")]
    rows = (
        [
            dossier.standing_submission.number,
            dossier.name,
            dossier.get_track_display(),
            dossier.get_status_display(),
            localtime(dossier.standing_submission.submitted_at).strftime("%Y-%m-%d %H:%M:%S"),
            dossier.open_lines,
        ]
        for dossier in dossiers
    )
    return workbook(_("Dossiers"), headers, rows)
