"""Horizontal bars: a few counts compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from clusters_portal import formats
from clusters_portal.charts.base import Chart, Number, Plane, is_rtl, joined, linked, rect, shorten, svg, text


@dataclass(frozen=True)
class Bar:
    label: str
    value: Number
    href: str = ""
    quiet: bool = False


def bars(
    rows: Sequence[Bar],
    *,
    ident: str,
    title: str,
    label_header: str,
    value_header: str,
    language: str,
    note: str = "",
) -> Chart:
    """The longest bar fills the width; each value is printed at the end of its line."""
    plane = Plane(0, float(max((row.value for row in rows), default=1) or 1), is_rtl(language), edge=0)
    step, parts = 42, []
    for index, row in enumerate(rows):
        y = step * index
        x, width = plane.box(0, row.value)
        bed_x, bed_width = plane.box(0, plane.high)
        group = [
            text(plane.start, y + 14, shorten(row.label)),
            text(plane.end, y + 14, formats.integer(row.value, language=language), "c-strong", "end"),
            rect(bed_x, y + 21, bed_width, 12, "c-bar-bed"),
            rect(x, y + 21, width, 12, "c-bar-quiet" if row.quiet else "c-bar"),
        ]
        parts.append(linked(row.href, joined(group)))
    table = [(row.label, formats.integer(row.value, language=language)) for row in rows]
    height = max(step * len(rows), step)
    drawn = svg(ident, title, note or title, height, parts, links=any(row.href for row in rows))
    return Chart("bars", ident, title, drawn, (label_header, value_header), table, note)
