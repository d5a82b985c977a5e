"""The register as a visitor or the staff read it: each fact with its source; what no source states is for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.domain.deadlines import local_day
from applications.domain.support_facts import possible_end, possible_starts
from applications.domain.years import DateInterval
from applications.enums import ClusterState
from applications.models import Cluster, Label, SupportPeriod
from applications.register_facts import own_facts
from applications.views.public_calls import assumed_of
from clusters_portal import formats
from clusters_portal.charts import Chart, Marker, PeriodRow, PeriodWords, Span, period_timeline

LABELLED, GRANTED = "labelled", "granted"


@dataclass(frozen=True)
class Fact:
    """One line of a sheet. `notes` are the assumed parts, given to staff only."""

    title: str
    when: str
    source: str
    is_confirmed: bool
    confirmed_from: str
    notes: tuple[str, ...] = ()
    call_code: str = ""


@dataclass(frozen=True)
class ClusterSummary:
    cluster: Cluster
    name: str
    sector: str
    region: str
    first_label: str
    label_count: int


@dataclass(frozen=True)
class ClusterSheet:
    name: str
    rows: tuple[tuple[str, str], ...]
    labels: tuple[Fact, ...]
    periods: tuple[Fact, ...]
    chart: Chart | None


def cluster_summary(cluster: Cluster, *, with_assumed: bool) -> ClusterSummary:
    shown = _shown_labels(cluster, with_assumed=with_assumed)
    return ClusterSummary(
        cluster=cluster,
        name=_name(cluster, with_assumed=with_assumed),
        sector=cluster.sector.name if cluster.sector else "",
        region=_region(cluster, with_assumed=with_assumed),
        first_label=_label_day(shown[0], with_assumed=with_assumed) if shown else "",
        label_count=len(shown),
    )


def cluster_sheet(cluster: Cluster, *, with_assumed: bool, at: datetime) -> ClusterSheet:
    labels = _shown_labels(cluster, with_assumed=with_assumed)
    periods = _shown_periods(cluster, with_assumed=with_assumed)
    return ClusterSheet(
        name=_name(cluster, with_assumed=with_assumed),
        rows=tuple(_identity_rows(cluster, with_assumed=with_assumed)),
        labels=tuple(_label_fact(label, with_assumed=with_assumed) for label in labels),
        periods=tuple(_period_fact(cluster, period, with_assumed=with_assumed) for period in periods),
        chart=_chart(cluster, labels, periods, on=local_day(at), with_assumed=with_assumed),
    )


def _name(cluster: Cluster, *, with_assumed: bool) -> str:
    if assumed_of(cluster.assumed, "name") is not None and not with_assumed:
        return cluster.code
    return cluster.display_name


def _region(cluster: Cluster, *, with_assumed: bool) -> str:
    if cluster.region is None or (assumed_of(cluster.assumed, "region") is not None and not with_assumed):
        return ""
    return cluster.region.name


def _identity_rows(cluster: Cluster, *, with_assumed: bool) -> list[tuple[str, str]]:
    def doubt(field: str, value: str) -> str:
        doubtful = value and assumed_of(cluster.assumed, field) is not None
        return _("%(value)s (supposé)") % {"value": value} if doubtful else value

    state_known = with_assumed or assumed_of(cluster.assumed, "state") is None
    state = ClusterState(cluster.state)
    rows = [
        (_("Code"), cluster.code),
        (_("Autres noms"), ", ".join(cluster.aliases) or _("aucun connu")),
        (_("Secteur"), cluster.sector.name if cluster.sector else ""),
        (_("Région"), doubt("region", _region(cluster, with_assumed=with_assumed))),
        (_("Ville"), cluster.city),
    ]
    if state != ClusterState.UNKNOWN and state_known:
        rows.append((_("État"), doubt("state", str(state.label))))
    if cluster.renamed_on:
        rows.append((_("Renommé le"), formats.day(cluster.renamed_on, language=_language())))
    return rows


def _shown_labels(cluster: Cluster, *, with_assumed: bool) -> list[Label]:
    rows = sorted(cluster.labels.all(), key=lambda label: label.position)
    return [row for row in rows if with_assumed or row.is_confirmed or not assumed_of(row.assumed, LABELLED)]


def _shown_periods(cluster: Cluster, *, with_assumed: bool) -> list[SupportPeriod]:
    rows = sorted(cluster.support_periods.all(), key=lambda period: period.position)
    return [row for row in rows if with_assumed or row.is_confirmed or not assumed_of(row.assumed, GRANTED)]


def _label_day(label: Label, *, with_assumed: bool) -> str:
    hidden = not with_assumed and not label.is_confirmed and assumed_of(label.assumed, "on") is not None
    if hidden or label.earliest_on is None:
        return _("date non établie")
    return between(DateInterval(label.earliest_on, label.latest_on))


def _label_fact(label: Label, *, with_assumed: bool) -> Fact:
    return Fact(
        title=_("Labellisation"),
        when=_label_day(label, with_assumed=with_assumed),
        source=label.source or _("Sources publiques"),
        is_confirmed=label.is_confirmed,
        confirmed_from=label.confirmed_from,
        notes=tuple(label.assumed) if with_assumed else (),
        call_code=label.call.code if label.call else "",
    )


def _period_fact(cluster: Cluster, period: SupportPeriod, *, with_assumed: bool) -> Fact:
    hidden = [] if with_assumed or period.is_confirmed else period.assumed
    years = _("durée non établie") if assumed_of(hidden, "years") else _years(period.years)
    start = _starts(cluster).get(period.position)
    if assumed_of(hidden, "start") or start is None:
        when = _("début non établi, %(years)s") % {"years": years}
    elif period.follows:
        when = _("à la suite de la précédente, %(years)s") % {"years": years}
    else:
        when = _("à partir de : %(start)s, %(years)s") % {"start": between(start), "years": years}
    amount = period.amount_mad_per_year
    title = _("Soutien de l'État")
    if amount is not None:
        money = formats.mad(amount, language=_language())
        title = _("Soutien de l'État, %(amount)s par an") % {"amount": money}
    return Fact(
        title=title,
        when=when,
        source=period.source or _("Sources publiques"),
        is_confirmed=period.is_confirmed,
        confirmed_from=period.confirmed_from,
        notes=tuple(period.assumed) if with_assumed else (),
    )


def _years(number: int) -> str:
    return _("un an") if number == 1 else _("%(number)d ans") % {"number": number}


def between(days: DateInterval) -> str:
    """A known day, or the two days between which it lies."""
    if days.is_exact:
        return formats.day(days.earliest, language=_language())
    ends = {
        "first": formats.day(days.earliest, language=_language()),
        "last": formats.day(days.latest, language=_language()),
    }
    return _("entre le %(first)s et le %(last)s") % ends


def _starts(cluster: Cluster) -> dict[int, DateInterval | None]:
    rows = sorted(cluster.support_periods.all(), key=lambda period: period.position)
    found = [start for _period, start in possible_starts(own_facts(cluster))]
    return {row.position: start for row, start in zip(rows, found, strict=True)}


def _chart(
    cluster: Cluster,
    labels: Sequence[Label],
    periods: Sequence[SupportPeriod],
    *,
    on: date,
    with_assumed: bool,
) -> Chart | None:
    """Labels and support on a date axis; None when nothing dated may be drawn."""
    days = [
        DateInterval(label.earliest_on, label.latest_on)
        for label in labels
        if label.earliest_on and label.latest_on and _may_draw(label, ("on",), with_assumed)
    ]
    # A known day has no width on the axis: it is drawn as a mark.
    markers = [
        Marker(day.earliest, _("Label %(year)d") % {"year": day.earliest.year})
        for day in days
        if day.is_exact
    ]
    label_spans = [
        Span(day.earliest, day.latest, day.earliest, day.latest) for day in days if not day.is_exact
    ]
    shown = {period.position: period for period in periods}
    facts = own_facts(cluster)
    rows = sorted(cluster.support_periods.all(), key=lambda period: period.position)
    period_spans = []
    for row, (fact, start) in zip(rows, possible_starts(facts), strict=True):
        if row.position not in shown or not _may_draw(row, ("start", "years"), with_assumed):
            continue
        end = possible_end(fact, start) if start else None
        if start and end:
            period_spans.append(Span(start.earliest, start.latest, end.earliest, end.latest))
    found = [*label_spans, *period_spans]
    if not found:
        return None
    starts = [*(span.start_least for span in found), *(mark.on for mark in markers)]
    drawn = [
        PeriodRow(title, tuple(spans))
        for title, spans in ((_("Labellisations"), label_spans), (_("Soutien de l'État"), period_spans))
        if spans
    ]
    ends = [span.end_greatest for span in found if span.end_greatest]
    return period_timeline(
        drawn,
        ident="support",
        title=_("Labellisations et périodes de soutien"),
        first=date(min(starts).year, 1, 1),
        last=date(max([on, *ends]).year + 1, 1, 1),
        words=chart_words(),
        language=_language(),
        markers=markers,
        note=_(
            "Une date connue à peu près est dessinée en clair, de son premier à son dernier jour possible."
        ),
    )


def chart_words() -> PeriodWords:
    return PeriodWords(
        label=_("Période"),
        start=_("Début"),
        end=_("Fin"),
        sure=_("certain"),
        unsure=_("possible"),
        running=_("en cours"),
    )


def _may_draw(row: Label | SupportPeriod, fields: tuple[str, ...], with_assumed: bool) -> bool:
    if with_assumed or row.is_confirmed:
        return True
    return not any(assumed_of(row.assumed, field) for field in fields)


def _language() -> str:
    return get_language() or "fr"


def answer_years(count: Any) -> str:
    """Both bounds of a count in calendar years, for a table: "8,52 – 9,40"; "" when nothing bounds it."""
    if count is None:
        return ""
    least, greatest = count.calendar_years()
    language = _language()
    shown = formats.decimal(least, language=language)
    if greatest is None:
        return _("%(least)s ou plus") % {"least": shown}
    return shown if least == greatest else f"{shown} – {formats.decimal(greatest, language=language)}"
