"""The register's rows as the facts that the 8-year rule judges; a constant number of queries for any register."""

from collections.abc import Iterable
from datetime import date

from applications.domain.deadlines import DeadlineVersion, local_day, support_reference_day
from applications.domain.register import calls_not_counting, combined, lineage, parse_suspensions, with_calls
from applications.domain.support_facts import LabelFact, Provenance, SupportFacts, SupportPeriod
from applications.domain.support_years import SupportAnswer, SupportSettings, judge_support
from applications.domain.years import DateInterval
from applications.enums import DeadlineKind, SupportCount, SupportReference
from applications.models import Call, Cluster, Deadline
from applications.models import Label as LabelRow
from applications.models import SupportPeriod as SupportPeriodRow


def _interval(earliest: date | None, latest: date | None) -> DateInterval | None:
    return None if earliest is None or latest is None else DateInterval(earliest, latest)


def _provenance(row: LabelRow | SupportPeriodRow) -> Provenance:
    return Provenance(row.source, row.is_confirmed, row.confirmed_from, tuple(row.assumed))


def own_facts(cluster: Cluster) -> SupportFacts:
    labels = tuple(
        LabelFact(
            _interval(row.earliest_on, row.latest_on),
            row.call.code if row.call else "",
            _provenance(row),
            cluster.code,
        )
        for row in cluster.labels.all()
    )
    periods = tuple(
        SupportPeriod(
            start=_interval(row.earliest_start_on, row.latest_start_on),
            years=row.years,
            follows=row.follows,
            suspensions=parse_suspensions(row.suspensions),
            provenance=_provenance(row),
            cluster=cluster.code,
        )
        for row in cluster.support_periods.all()
    )
    return SupportFacts(labels, with_calls(labels, periods))


def support_facts_by_code(codes: Iterable[str] | None = None) -> dict[str, SupportFacts]:
    """Facts of each cluster together with its predecessors', by code; of the whole register without `codes`."""
    clusters = Cluster.objects.prefetch_related("labels__call", "support_periods", "predecessors")
    rows = {cluster.code: cluster for cluster in clusters}
    parents = {code: [parent.code for parent in row.predecessors.all()] for code, row in rows.items()}
    wanted = rows if codes is None else [code for code in codes if code in rows]
    return {code: combined(own_facts(rows[name]) for name in lineage(code, parents)) for code in wanted}


def deadline_version(row: Deadline) -> DeadlineVersion:
    return DeadlineVersion(
        version=row.version,
        kind=DeadlineKind(row.kind),
        closes_at=row.closes_at,
        reason=row.reason,
        announced_on=row.announced_on,
    )


def reference_day(call: Call) -> date | None:
    """The call's reference date for the 8-year rule; None where it is not chosen or its fact is missing."""
    if not call.support_reference:
        return None
    opens_on = local_day(call.opens_at) if call.opens_at else call.opened_on
    return support_reference_day(
        SupportReference(call.support_reference),
        opens_on=opens_on,
        versions=[deadline_version(row) for row in call.deadline_versions],
        fixed_on=call.support_reference_on,
    )


def labels_not_counting(call: Call) -> frozenset[str]:
    """Codes of the call and of every later one: what was won there does not count for it."""
    first = Deadline.objects.filter(version=1).values_list("call__code", "closes_at")
    return calls_not_counting(call.code, {code: local_day(closes_at) for code, closes_at in first})


def judge_cluster(
    call: Call,
    facts: SupportFacts,
    *,
    on: date,
    not_counting: frozenset[str],
    count: SupportCount | None = None,
) -> SupportAnswer:
    """What the call's own settings say of a cluster; `count` tries the other count."""
    settings = SupportSettings(count or SupportCount(call.support_count), call.support_years)
    return judge_support(facts, on=on, settings=settings, not_counting=not_counting)
