"""A count that only grows, against time."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.safestring import SafeString

from clusters_portal import formats
from clusters_portal.charts.base import Chart, Number, Plane, anchor_at, is_rtl, line, svg, text, ticks


def step_curve(
    points: Sequence[tuple[datetime, int]],
    *,
    ident: str,
    title: str,
    first: datetime,
    last: datetime,
    time_header: str,
    value_header: str,
    language: str,
    line_at: datetime | None = None,
    line_label: str = "",
    note: str = "",
) -> Chart:
    """`points` are (instant, count so far) in order of time; `line_at` draws a dated vertical line."""
    plane = Plane(first.timestamp(), max(last.timestamp(), first.timestamp() + 1), is_rtl(language))
    top, bottom = 26.0, 190.0
    most = max([count for _, count in points] + [1])
    parts: list[SafeString] = []
    for tick in ticks(0, most, wanted=4):
        y = _height(tick, most, top, bottom)
        parts.append(line("0%", y, "100%", y, "c-grid"))
        parts.append(text(plane.start, y - 4, formats.integer(tick, language=language), "c-quiet"))
    parts += _steps(points, plane, most, top, bottom, last)
    if line_at is not None:
        x, share = plane.x(line_at.timestamp()), plane.share(line_at.timestamp())
        parts.append(line(x, 18, x, bottom, "c-marker"))
        parts.append(text(x, 12, line_label, "c-marker-label", anchor_at(share)))
    for at, anchor in ((first, "start"), (last, "end")):
        place = plane.start if anchor == "start" else plane.end
        parts.append(text(place, bottom + 18, formats.day_short(at, language=language), "c-quiet", anchor))
    table = [(formats.instant_short(at, language=language), str(count)) for at, count in points]
    drawn = svg(ident, title, note or title, int(bottom) + 24, parts)
    return Chart("steps", ident, title, drawn, (time_header, value_header), table, note)


def _height(count: Number, most: int, top: float, bottom: float) -> float:
    return round(bottom - (bottom - top) * float(count) / most, 2)


def _steps(
    points: Sequence[tuple[datetime, int]],
    plane: Plane,
    most: int,
    top: float,
    bottom: float,
    last: datetime,
) -> list[SafeString]:
    parts, y = [], bottom
    x = plane.x(plane.low)
    for at, count in points:
        here, level = plane.x(at.timestamp()), _height(count, most, top, bottom)
        parts += [line(x, y, here, y, "c-step"), line(here, y, here, level, "c-step")]
        x, y = here, level
    parts.append(line(x, y, plane.x(last.timestamp()), y, "c-step"))
    return parts
