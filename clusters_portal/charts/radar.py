"""A radar of a few marks, with a second outline to compare. The only chart with a viewBox: its width is capped."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from django.utils.html import format_html
from django.utils.safestring import SafeString

from clusters_portal import formats
from clusters_portal.charts.base import Chart, LegendEntry, Number, is_rtl, joined, sample

WIDTH = 352
CENTRE_X, CENTRE_Y = WIDTH / 2, 152
LINE_LENGTH, SIDE_LENGTH, LINE_HEIGHT = 15, 11, 17


@dataclass(frozen=True)
class Axis:
    label: str
    value: Number | None
    compare: Number | None = None


def radar(
    axes: Sequence[Axis],
    *,
    ident: str,
    title: str,
    label_header: str,
    value_label: str,
    compare_label: str = "",
    high: Number = 5,
    language: str,
    note: str = "",
) -> Chart:
    """Three axes at least; the first points up, the others follow in reading direction; no value counts as none."""
    rtl = is_rtl(language)
    compares = any(axis.compare is not None for axis in axes)
    parts = [_ring(len(axes), level / 5, rtl) for level in range(1, 6)]
    parts += [_label(axis.label, index, len(axes), rtl) for index, axis in enumerate(axes)]
    parts.append(_outline([axis.value for axis in axes], float(high), rtl, "c-area"))
    if compares:
        parts.append(_outline([axis.compare for axis in axes], float(high), rtl, "c-compare"))
    table = [_cells(axis, compares, language) for axis in axes]
    headers = (label_header, value_label, compare_label) if compares else (label_header, value_label)
    legend = [LegendEntry(sample([_sample_line("c-area")]), value_label)]
    if compares:
        legend.append(LegendEntry(sample([_sample_line("c-compare")]), compare_label))
    drawn = format_html(
        '<svg role="img" viewBox="0 0 {} {}" aria-labelledby="{}-t" focusable="false">'
        '<title id="{}-t">{}</title>{}</svg>',
        WIDTH,
        round(
            max(_point(index, len(axes), 1.0, rtl)[1] for index in range(len(axes))) + 18 + 2 * LINE_HEIGHT
        ),
        ident,
        ident,
        title,
        joined(parts),
    )
    return Chart("radar", ident, title, drawn, headers, table, note, tuple(legend))


def _cells(axis: Axis, compares: bool, language: str) -> tuple[str, ...]:
    cells = (axis.label, formats.mark(axis.value, language=language) or "–")
    return (*cells, formats.mark(axis.compare, language=language) or "–") if compares else cells


def _point(index: int, count: int, share: float, rtl: bool) -> tuple[float, float]:
    angle = 2 * pi * index / count * (-1 if rtl else 1)
    reach = share * (108 if count == 3 else 84)  # beside more axes there are labels
    return round(CENTRE_X + reach * sin(angle), 1), round(CENTRE_Y - reach * cos(angle), 1)


def _polygon(points: Sequence[tuple[float, float]], css: str) -> SafeString:
    return format_html('<polygon points="{}" class="{}"/>', " ".join(f"{x},{y}" for x, y in points), css)


def _ring(count: int, share: float, rtl: bool) -> SafeString:
    return _polygon([_point(index, count, share, rtl) for index in range(count)], "c-web")


def _outline(values: Sequence[Number | None], high: float, rtl: bool, css: str) -> SafeString:
    shares = [float(value or 0) / high for value in values]
    return _polygon([_point(index, len(shares), share, rtl) for index, share in enumerate(shares)], css)


def _sample_line(css: str) -> SafeString:
    return format_html('<rect x="1" y="3" width="22" height="10" class="{}"/>', css)


def _label(label: str, index: int, count: int, rtl: bool) -> SafeString:
    """The words of an axis, wrapped, outside the web and inside the drawing."""
    x, y = _point(index, count, 1.0, rtl)
    side = 0 if abs(x - CENTRE_X) < 12 else 1 if x > CENTRE_X else -1
    lines = wrap(label, SIDE_LENGTH if side and abs(y - CENTRE_Y) < 70 and count > 3 else LINE_LENGTH)
    x += 9 * side
    above = y < CENTRE_Y - 40 and side == 0
    y = y - 8 - LINE_HEIGHT * (len(lines) - 1) if above else y + (18 if y > CENTRE_Y + 30 else 5)
    middle = CENTRE_X if side == 0 else x
    if abs(x - CENTRE_X) > 70 and y > CENTRE_Y + 30:  # alone below the web: centred on its corner
        side, middle = 0, min(max(x, 64), WIDTH - 64)
    anchor = "middle" if side == 0 else "start" if (side > 0) != rtl else "end"
    spans = [
        format_html('<tspan x="{}" y="{}">{}</tspan>', middle, round(y + LINE_HEIGHT * number, 1), words)
        for number, words in enumerate(lines)
    ]
    return format_html('<text class="c-radar-label" text-anchor="{}">{}</text>', anchor, joined(spans))


def wrap(label: str, length: int = LINE_LENGTH) -> list[str]:
    """Words in lines of about `length` letters; three lines at most, the last one cut if it must be."""
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + 1 + len(word) <= length:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines if len(lines) <= 3 else [*lines[:2], lines[2] + "…"]
