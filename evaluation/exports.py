"""The ranking as a workbook. What people typed stays text: no cell is ever read as a formula."""

import io
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext as _

from evaluation.domain.stability import Verdict
from evaluation.queries.ranking import RankingFacts, RankingLine

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def ranking_workbook(facts: RankingFacts, lines: list[RankingLine], *, language: str) -> bytes:
    """One sheet with a row per dossier, one with the rank range; right to left in Arabic."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, OPTIONS)
    workbook.set_properties({"title": f"{_('Classement')} {facts.call.code}"})
    formats = {
        "head": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "mark": workbook.add_format({"num_format": "0.00"}),
        "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
    }
    for title, headers, rows in (
        (_("Classement"), *_ranking_table(facts, lines)),
        (_("Stabilité"), *_stability_table(lines)),
    ):
        sheet = workbook.add_worksheet(title[:31])
        if language.startswith("ar"):
            sheet.right_to_left()
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, 0, 8)
        sheet.set_column(1, 1, 42)
        sheet.set_column(2, len(headers), 16)
        for column, header in enumerate(headers):
            sheet.write_string(0, column, str(header), formats["head"])
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, formats)
    workbook.close()
    return buffer.getvalue()


def _ranking_table(facts: RankingFacts, lines: list[RankingLine]) -> tuple[list, list]:
    criteria = [criterion for criterion, _subs in facts.rows.criteria]
    headers = [_("Rang"), _("Dossier"), _("N° de dépôt"), _("Total sur 100")]
    for criterion in criteria:
        headers += [
            criterion.title,
            f"{criterion.title} – {_('écart')}",
            f"{criterion.title} – {_('consensus')}",
        ]
    headers += [
        _("Médiane"),
        _("Écart"),
        _("Couverture (%)"),
        _("Fiches"),
        _("Situation"),
        _("Sous le seuil"),
    ]
    rows = []
    for line in lines:
        row = [line.row.rank, line.application.name, line.application.standing_submission.number, line.total]
        for cell in line.cells:
            row += [cell.mark, cell.spread, _("oui") if cell.is_consensus else ""]
        missed = [*line.missed_titles, *([_("Total")] if line.misses_total else [])]
        row += [line.median, line.spread, line.coverage_percent, line.row.jurors_count]
        row += [line.status.label, " ; ".join(str(title) for title in missed)]
        rows.append(row)
    return headers, rows


def _stability_table(lines: list[RankingLine]) -> tuple[list, list]:
    headers = [
        _("Rang"),
        _("Dossier"),
        _("Meilleur rang"),
        _("Moins bon rang"),
        _("Verdict"),
        _("Franchissements"),
    ]
    rows = [
        [
            line.row.rank,
            line.application.name,
            line.stability.best,
            line.stability.worst,
            _("Fragile") if line.stability.verdict == Verdict.FRAGILE else _("Stable"),
            len(line.stability.crossings),
        ]
        for line in lines
    ]
    return headers, rows


def _write(sheet, row: int, column: int, value, formats) -> None:
    if value is None:
        sheet.write_blank(row, column, None)
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, float(value), formats["mark"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value), formats["text"])
