"""Charts drawn by the server as SVG, without script and without inline style.

Wide charts have no viewBox: x is in per cent and y in pixels, so that text keeps its size on a telephone. In a
right-to-left language x is mirrored. Each chart carries its figures as a table, for those who cannot see it; labels,
titles and notes come from the caller, already in the reader's language. Draw with components/chart.html.
"""

from clusters_portal.charts.bars import Bar, bars
from clusters_portal.charts.base import Chart
from clusters_portal.charts.dots import DotRow, DotWords, dot_plot
from clusters_portal.charts.periods import Marker, PeriodRow, PeriodWords, Span, period_timeline
from clusters_portal.charts.radar import Axis, radar
from clusters_portal.charts.steps import step_curve

__all__ = [
    "Axis",
    "Bar",
    "Chart",
    "DotRow",
    "DotWords",
    "Marker",
    "PeriodRow",
    "PeriodWords",
    "Span",
    "bars",
    "dot_plot",
    "period_timeline",
    "radar",
    "step_curve",
]
