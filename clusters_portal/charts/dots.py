"""A ranking: one line per row, every value a dot, the mean a larger one, the range a bar."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from clusters_portal import formats
from clusters_portal.charts.base import (
    LABEL_LENGTH,
    Chart,
    LegendEntry,
    Number,
    Plane,
    anchor_at,
    dot,
    is_rtl,
    line,
    linked,
    sample,
    shorten,
    svg,
    text,
    ticks,
)


@dataclass(frozen=True)
class DotRow:
    """`mean` None: nothing to place. `passes` False draws the mean grey; `flag` is a word printed after the label."""

    label: str
    values: tuple[Number, ...]
    mean: Number | None
    passes: bool = True
    flag: str = ""
    href: str = ""


@dataclass(frozen=True)
class DotWords:
    """Headers of the table and entries of the legend, in the reader's language."""

    label: str
    mean: str
    least: str
    greatest: str
    value: str


def dot_plot(
    rows: Sequence[DotRow],
    *,
    ident: str,
    title: str,
    words: DotWords,
    language: str,
    low: Number = 0,
    high: Number = 100,
    cut: Number | None = None,
    cut_label: str = "",
    note: str = "",
) -> Chart:
    plane = Plane(float(low), float(high), is_rtl(language))
    top, step = 28, 46
    height = top + step * len(rows) + 22
    parts = [line(plane.x(tick), top - 6, plane.x(tick), height - 20, "c-grid") for tick in ticks(low, high)]
    parts += [
        text(plane.x(tick), height - 4, formats.integer(tick, language=language), "c-quiet", "middle")
        for tick in ticks(low, high)
    ]
    for index, row in enumerate(rows):
        parts += _dot_row(row, plane, top + step * index, language)
    if cut is not None:
        x = plane.x(cut)
        parts.append(line(x, 18, x, height - 20, "c-cut"))
        words_cut = f"{cut_label} {formats.decimal(cut, language=language, places=0)}".strip()
        parts.append(text(x, 12, words_cut, "c-cut-label", anchor_at(plane.share(cut))))
    table = [
        (
            row.label,
            formats.mark(row.mean, language=language),
            formats.mark(min(row.values, default=None), language=language),
            formats.mark(max(row.values, default=None), language=language),
        )
        for row in rows
    ]
    legend = (
        LegendEntry(sample([dot("12", 8, 6, "c-mean")]), words.mean),
        LegendEntry(sample([line("3", 8, "21", 8, "c-track"), dot("12", 8, 4, "c-dot")]), words.value),
    )
    headers = (words.label, words.mean, words.least, words.greatest)
    return Chart(
        "dots",
        ident,
        title,
        svg(ident, title, note or title, height, parts, links=any(row.href for row in rows)),
        headers,
        table,
        note,
        legend,
    )


def _dot_row(row: DotRow, plane: Plane, top: float, language: str) -> list[SafeString]:
    y = top + 28
    flag = f" — {row.flag}" if row.flag else ""
    label = shorten(row.label, LABEL_LENGTH - len(flag)) + flag
    css = "c-strong c-flag" if row.flag else "c-strong"
    parts = [linked(row.href, text(plane.start, top + 12, label, css))]
    if row.mean is not None:
        parts.append(text(plane.end, top + 12, formats.mark(row.mean, language=language), "c-strong", "end"))
    if row.values:
        parts.append(line(plane.x(min(row.values)), y, plane.x(max(row.values)), y, "c-track"))
    parts += [dot(plane.x(value), y, 4, "c-dot") for value in row.values]
    if row.mean is not None:
        parts.append(dot(plane.x(row.mean), y, 6.5, "c-mean" if row.passes else "c-mean c-mean-under"))
    return parts
