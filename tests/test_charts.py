import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from clusters_portal import charts
from clusters_portal.charts.base import Plane, ticks
from clusters_portal.charts.radar import wrap

WORDS = charts.DotWords("Dossier", "Moyenne", "Plus basse", "Plus haute", "Note")
ROWS = [
    charts.DotRow("1. <Atlas>", (Decimal("78"), Decimal("91")), Decimal("84.335"), href="/dossiers/1/"),
    charts.DotRow("Sans note", (), None),
]


def dot_plot(language: str = "fr") -> charts.Chart:
    return charts.dot_plot(
        ROWS, ident="rank", title="Classement", words=WORDS, language=language, cut=65, cut_label="Seuil"
    )


def test_x_is_mirrored_where_one_reads_from_the_right():
    assert Plane(0, 100, rtl=False, edge=0).x(30) == "30.00%"
    assert Plane(0, 100, rtl=True, edge=0).x(30) == "70.00%"
    assert Plane(0, 100, rtl=True, edge=0).box(0, 30) == ("70.00%", "30.00%")
    assert Plane(5, 5, rtl=False, edge=0).x(5) == "0.00%"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 100, [0, 20, 40, 60, 80, 100]), (0, 5, [0, 1, 2, 3, 4, 5]), (0, 1, [0, 1]), (0, 0, [0])],
)
def test_ticks_are_round(low, high, expected):
    assert ticks(low, high) == expected


def test_dot_plot_places_every_mark_and_tells_the_same_in_its_table():
    chart = dot_plot()
    assert list(chart.rows) == [("1. <Atlas>", "84,34", "78,00", "91,00"), ("Sans note", "", "", "")]
    assert chart.svg.count('class="c-dot"') == 2
    assert chart.svg.count("c-mean") == 1
    assert "Seuil 65" in chart.svg


def test_labels_are_escaped_and_nothing_is_styled_inline():
    drawn = dot_plot().svg
    assert "<Atlas>" not in drawn
    assert "&lt;Atlas&gt;" in drawn
    assert "style=" not in drawn
    assert "viewBox" not in drawn


def test_a_chart_with_links_is_a_group_and_not_one_picture():
    assert 'role="group"' in dot_plot().svg
    alone = charts.bars(
        [charts.Bar("A", 3)], ident="b", title="B", label_header="", value_header="", language="fr"
    )
    assert 'role="img"' in alone.svg


def test_bars_share_the_scale_of_the_longest():
    rows = [charts.Bar("Automobile", 14), charts.Bar("Textile", 7), charts.Bar("Autres", 0)]
    chart = charts.bars(rows, ident="b", title="Secteurs", label_header="S", value_header="N", language="fr")
    widths = re.findall(r'width="([\d.]+)%" height="12" rx="2" class="c-bar"', chart.svg)
    assert widths == ["100.00", "50.00", "0.00"]
    assert list(chart.rows) == [("Automobile", "14"), ("Textile", "7"), ("Autres", "0")]


@pytest.mark.parametrize("builder", ["bars", "dots", "steps"])
def test_an_empty_chart_is_drawn(builder):
    at = datetime(2026, 11, 1, tzinfo=UTC)
    common = {"ident": "e", "title": "Vide", "language": "ar"}
    chart = {
        "bars": lambda: charts.bars([], label_header="", value_header="", **common),
        "dots": lambda: charts.dot_plot([], words=WORDS, **common),
        "steps": lambda: charts.step_curve([], first=at, last=at, time_header="", value_header="", **common),
    }[builder]()
    assert chart.svg.startswith("<svg")
    assert list(chart.rows) == []


def test_uncertain_ends_are_drawn_apart_and_said():
    span = charts.Span(date(2019, 1, 1), date(2019, 12, 31), date(2023, 1, 1), None)
    words = charts.PeriodWords("Cluster", "Début", "Fin", "Certain", "Incertain", "en cours")
    chart = charts.period_timeline(
        [charts.PeriodRow("Atlas", (span,))], ident="p", title="P", words=words, language="fr",
        first=date(2018, 1, 1), last=date(2026, 11, 27), markers=[charts.Marker(date(2020, 1, 1), "Label")],
    )  # fmt: skip
    assert chart.svg.count('class="c-period-maybe"') == 1
    assert list(chart.rows) == [("Atlas", "01/01/2019 – 31/12/2019", "en cours")]


def test_step_curve_counts_up():
    at = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
    chart = charts.step_curve(
        [(at, 1), (at + timedelta(days=1), 4)], ident="s", title="Dépôts", first=at, last=at + timedelta(days=3),
        time_header="Instant", value_header="Dépôts", language="fr", line_at=at + timedelta(days=2), line_label="Fin",
    )  # fmt: skip
    assert [row[1] for row in chart.rows] == ["1", "4"]
    assert chart.svg.count('class="c-step"') == 5


def test_radar_turns_the_other_way_in_arabic_and_shows_absent_marks():
    axes = [charts.Axis("A", 5, 4), charts.Axis("B", 5, None), charts.Axis("C", None, 3)]

    def drawn(language):
        return charts.radar(axes, ident="r", title="R", label_header="Critère", value_label="Note",
                            compare_label="Médiane", language=language)  # fmt: skip

    assert list(drawn("fr").rows) == [("A", "5,00", "4,00"), ("B", "5,00", "–"), ("C", "–", "3,00")]
    first = re.search(r'points="([^"]+)" class="c-web"', drawn("fr").svg).group(1).split()
    mirrored = re.search(r'points="([^"]+)" class="c-web"', drawn("ar").svg).group(1).split()
    assert first[1] == mirrored[2]


def test_axis_labels_wrap():
    assert wrap("Stratégie de développement") == ["Stratégie de", "développement"]
    assert wrap("un deux trois quatre cinq six sept huit", 8) == ["un deux", "trois", "quatre…"]
