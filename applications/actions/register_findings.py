"""The register in the database read into facts, and the 8-year rule asked of every cluster of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from applications.domain.deadlines import DeadlineVersion, local_day, support_reference_day
from applications.domain.register import (
    calls_not_counting,
    combined,
    lineage,
    parse_suspensions,
    with_calls,
)
from applications.domain.support_facts import LabelFact, Provenance, SupportFacts
from applications.domain.support_facts import SupportPeriod as PeriodFact
from applications.domain.support_years import SupportAnswer, SupportSettings, judge_support
from applications.domain.years import DateInterval
from applications.enums import DeadlineKind, SupportReference
from applications.models import Call, Cluster, Deadline, Label, SupportPeriod
from applications.models.register import Confirmable


@dataclass(frozen=True)
class RegisterAnswer:
    cluster: Cluster
    answer: SupportAnswer


def register_answers(
    *, on: date, settings: SupportSettings, not_counting: frozenset[str]
) -> list[RegisterAnswer]:
    """The rule's answer for every cluster of the register, in the order of names; four queries."""
    clusters = list(
        Cluster.objects.prefetch_related("labels__call", "support_periods", "predecessors").order_by(
            "name", "code"
        )
    )
    facts = facts_by_code(clusters)
    return [
        RegisterAnswer(
            cluster,
            judge_support(facts[cluster.code], on=on, settings=settings, not_counting=not_counting),
        )
        for cluster in clusters
    ]


def facts_by_code(clusters: Iterable[Cluster]) -> dict[str, SupportFacts]:
    """Labels and periods of each cluster with those of its predecessors, which must be among `clusters`.

    Uses what was prefetched: labels with their call, support_periods, predecessors.
    """
    own = {cluster.code: own_facts(cluster) for cluster in clusters}
    predecessors = {
        cluster.code: [before.code for before in cluster.predecessors.all()] for cluster in clusters
    }
    return {code: combined(own[name] for name in lineage(code, predecessors) if name in own) for code in own}


def own_facts(cluster: Cluster) -> SupportFacts:
    labels = tuple(_label(row, cluster.code) for row in sorted(cluster.labels.all(), key=_place))
    periods = [_period(row, cluster.code) for row in sorted(cluster.support_periods.all(), key=_place)]
    return SupportFacts(labels, with_calls(labels, periods))


def not_counting_for(call_code: str) -> frozenset[str]:
    """The call and every later edition, by their first published deadlines: their labels do not count for it."""
    rows = Deadline.objects.filter(version=1).values_list("call__code", "closes_at")
    return calls_not_counting(call_code, {code: local_day(closes_at) for code, closes_at in rows})


def reference_day(call: Call, reference: SupportReference) -> date | None:
    """The day on which the call reads the 8 years; None while its fact is missing."""
    opens_on = call.opened_on or (local_day(call.opens_at) if call.opens_at else None)
    versions = [
        DeadlineVersion(row.version, row.closes_at, DeadlineKind(row.kind)) for row in call.deadline_versions
    ]
    return support_reference_day(
        reference, opens_on=opens_on, versions=versions, fixed_on=call.support_reference_on
    )


def _place(row: Label | SupportPeriod) -> int:
    return row.position


def _label(row: Label, code: str) -> LabelFact:
    call = row.call.code if row.call else ""
    return LabelFact(_days(row.earliest_on, row.latest_on), call, _provenance(row), code)


def _period(row: SupportPeriod, code: str) -> PeriodFact:
    return PeriodFact(
        start=_days(row.earliest_start_on, row.latest_start_on),
        years=row.years,
        follows=row.follows,
        suspensions=parse_suspensions(row.suspensions),
        provenance=_provenance(row),
        cluster=code,
    )


def _provenance(row: Confirmable) -> Provenance:
    return Provenance(row.source, row.is_confirmed, row.confirmed_from, tuple(row.assumed))


def _days(earliest: date | None, latest: date | None) -> DateInterval | None:
    return DateInterval(earliest, latest) if earliest and latest else None
