"""Periods on a date axis; ends known only roughly are drawn lighter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from clusters_portal import formats
from clusters_portal.charts.base import (
    Chart,
    LegendEntry,
    Plane,
    anchor_at,
    is_rtl,
    line,
    rect,
    sample,
    shorten,
    svg,
    text,
)


@dataclass(frozen=True)
class Span:
    """`[start, end)`, each end an interval of days; `end_greatest` None: still running. `gap`: a suspension."""

    start_least: date
    start_greatest: date
    end_least: date | None
    end_greatest: date | None
    gap: bool = False
    words: str = ""

    @property
    def is_exact(self) -> bool:
        return self.start_least == self.start_greatest and self.end_least == self.end_greatest


@dataclass(frozen=True)
class PeriodRow:
    label: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Marker:
    on: date
    label: str


@dataclass(frozen=True)
class PeriodWords:
    label: str
    start: str
    end: str
    sure: str
    unsure: str
    running: str


def period_timeline(
    rows: Sequence[PeriodRow],
    *,
    ident: str,
    title: str,
    first: date,
    last: date,
    words: PeriodWords,
    language: str,
    markers: Sequence[Marker] = (),
    note: str = "",
) -> Chart:
    plane = Plane(first.toordinal(), max(last.toordinal(), first.toordinal() + 1), is_rtl(language))
    top, step = 10 + 16 * len(markers), 44
    height = top + step * len(rows) + 24
    parts: list[SafeString] = []
    for year in _years(first, last):
        x, share = plane.x(date(year, 1, 1).toordinal()), plane.share(date(year, 1, 1).toordinal())
        parts.append(line(x, top, x, height - 20, "c-grid"))
        parts.append(text(x, height - 4, year, "c-quiet", anchor_at(share) if share > 88 else "middle"))
    for index, row in enumerate(rows):
        y = top + step * index
        parts.append(text(plane.start, y + 14, shorten(row.label), "c-strong"))
        for span in row.spans:
            parts += _span(span, plane, y + 22, last)
    for index, marker in enumerate(markers):
        x, share = plane.x(marker.on.toordinal()), plane.share(marker.on.toordinal())
        parts.append(line(x, 16 * index + 16, x, height - 20, "c-marker"))
        parts.append(text(x, 16 * index + 12, marker.label, "c-marker-label", anchor_at(share)))
    table = [_span_cells(row, span, words, language) for row in rows for span in row.spans]
    legend = (
        LegendEntry(sample([rect("0", 3, "24", 10, "c-period")]), words.sure),
        LegendEntry(sample([rect("0", 3, "24", 10, "c-period-maybe")]), words.unsure),
    )
    drawn = svg(ident, title, note or title, height, parts)
    return Chart("periods", ident, title, drawn, (words.label, words.start, words.end), table, note, legend)


def _span(span: Span, plane: Plane, y: float, last: date) -> list[SafeString]:
    end_least = span.end_least or last
    end_greatest = span.end_greatest or last
    parts = []
    if not span.is_exact:
        x, width = plane.box(span.start_least.toordinal(), end_greatest.toordinal())
        parts.append(rect(x, y, width, 12, "c-period-maybe"))
    x, width = plane.box(span.start_greatest.toordinal(), end_least.toordinal())
    parts.append(rect(x, y, width, 12, "c-gap" if span.gap else "c-period"))
    return parts


def _span_cells(row: PeriodRow, span: Span, words: PeriodWords, language: str) -> tuple[str, str, str]:
    def between(least: date | None, greatest: date | None) -> str:
        if greatest is None:
            return words.running
        if least == greatest or least is None:
            return formats.day_short(greatest, language=language)
        return f"{formats.day_short(least, language=language)} – {formats.day_short(greatest, language=language)}"

    label = f"{row.label} ({span.words})" if span.words else row.label
    return (
        label,
        between(span.start_least, span.start_greatest),
        between(span.end_least, span.end_greatest),
    )


def _years(first: date, last: date, wanted: int = 6) -> list[int]:
    years = [year for year in range(first.year, last.year + 1) if date(year, 1, 1) >= first]
    stride = max(1, -(-len(years) // wanted))
    return years[::stride]
