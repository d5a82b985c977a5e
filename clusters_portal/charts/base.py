"""What every chart is made of: places on an axis, SVG elements, the figures beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

Number = Decimal | int | float
LABEL_LENGTH = 38
EDGE = 2.0  # per cent kept free at both ends, so that a dot at the limit is whole


@dataclass(frozen=True)
class LegendEntry:
    sample: SafeString
    label: str


@dataclass(frozen=True)
class Chart:
    """What components/chart.html draws; `rows` are the companion table, already formatted."""

    kind: str
    ident: str
    title: str
    svg: SafeString
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    legend: Sequence[LegendEntry] = field(default_factory=tuple)


@dataclass(frozen=True)
class Plane:
    """Places on the x axis, in per cent of the width, mirrored where one reads from the right."""

    low: float
    high: float
    rtl: bool
    edge: float = EDGE

    def share(self, value: Number) -> float:
        span = self.high - self.low
        part = (float(value) - self.low) / span if span else 0.0
        return self.edge + (100 - 2 * self.edge) * min(1.0, max(0.0, part))

    def x(self, value: Number) -> str:
        share = self.share(value)
        return f"{100 - share if self.rtl else share:.2f}%"

    def box(self, start: Number, end: Number) -> tuple[str, str]:
        """`(x, width)` of a rectangle from start to end."""
        first, last = self.share(start), self.share(end)
        left = 100 - last if self.rtl else first
        return f"{left:.2f}%", f"{max(0.0, last - first):.2f}%"

    @property
    def start(self) -> str:
        return "100%" if self.rtl else "0%"

    @property
    def end(self) -> str:
        return "0%" if self.rtl else "100%"


def is_rtl(language: str) -> bool:
    return bool(get_language_info(language)["bidi"])


def shorten(label: str, length: int = LABEL_LENGTH) -> str:
    """SVG text does not wrap; the table says the whole label. Isolated, so that "1. Nom" keeps its own direction."""
    cut = label if len(label) <= length else label[: length - 1].rstrip() + "…"
    return f"\u2068{cut}\u2069"


def svg(
    ident: str, title: str, description: str, height: int, parts: Iterable[SafeString], *, links: bool = False
) -> SafeString:
    """`links`: some part can be followed, so that the drawing is a group and not one picture."""
    return format_html(
        '<svg role="{}" width="100%" height="{}" aria-labelledby="{}-t {}-d" focusable="false">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
        "group" if links else "img",
        height,
        ident,
        ident,
        ident,
        title,
        ident,
        description,
        joined(parts),
    )


def joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def text(x: str, y: float, words: object, css: str = "", anchor: str = "start") -> SafeString:
    return format_html('<text x="{}" y="{}" class="{}" text-anchor="{}">{}</text>', x, y, css, anchor, words)


def line(x1: str, y1: float, x2: str, y2: float, css: str) -> SafeString:
    return format_html('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>', x1, y1, x2, y2, css)


def rect(x: str, y: float, width: str, height: float, css: str, *, rounded: int = 2) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" class="{}"/>', x, y, width, height, rounded, css
    )


def dot(x: str, y: float, radius: float, css: str) -> SafeString:
    return format_html('<circle cx="{}" cy="{}" r="{}" class="{}"/>', x, y, radius, css)


def sample(parts: Iterable[SafeString]) -> SafeString:
    return format_html('<svg aria-hidden="true" focusable="false">{}</svg>', joined(parts))


def linked(href: str, part: SafeString) -> SafeString:
    return format_html('<a href="{}">{}</a>', href, part) if href else part


def anchor_at(share: float) -> str:
    """Keeps a label near an edge inside the drawing: `start` and `end` follow the reading direction."""
    return "start" if share < 12 else "end" if share > 88 else "middle"


def ticks(low: Number, high: Number, wanted: int = 5) -> list[int]:
    """About `wanted` round values from low to high, both ends of the round scale included when they fall on it."""
    span = float(high) - float(low)
    if span <= 0:
        return [int(low)]
    size = next(
        (
            unit * 10**power
            for power in range(12)
            for unit in (1, 2, 5)
            if span / (unit * 10**power) <= wanted
        ),
        10**12,
    )
    start = -(-int(low) // size) * size
    return list(range(start, int(high) + 1, size))
