"""The register as published (`clusters.json`) read into facts, and who descends from whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from applications.domain.support_facts import LabelFact, Provenance, SupportFacts, SupportPeriod, Suspension
from applications.domain.support_reasons import reason_ar, reason_fr
from applications.domain.support_years import SupportAnswer
from applications.domain.years import DateInterval
from applications.enums import ClusterState


class RegisterFault(StrEnum):
    MALFORMED = "malformed"
    DUPLICATE_CODE = "duplicate_code"
    UNKNOWN_PREDECESSOR = "unknown_predecessor"
    CYCLE = "cycle"


class InvalidRegister(ValueError):
    """`cluster` is the code of the entry at fault, or its place in the list; `code` a `RegisterFault`."""

    def __init__(self, code: RegisterFault, cluster: str, detail: str = "") -> None:
        self.code = code
        self.cluster = cluster
        self.detail = detail
        super().__init__(f"{cluster}: {code.value} {detail}".rstrip())


@dataclass(frozen=True, slots=True)
class RegisterPeriod:
    """A support period with what the rule does not use."""

    fact: SupportPeriod
    signed_on: date | None = None
    amount_mad_per_year: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RegisterCluster:
    """One entry of the register; empty text: no source tells."""

    code: str
    name: str
    aliases: tuple[str, ...]
    sector: str
    region: str
    city: str
    state: ClusterState
    renamed_on: date | None
    note: str
    predecessors: tuple[str, ...]
    assumed: tuple[str, ...]
    labels: tuple[LabelFact, ...]
    periods: tuple[RegisterPeriod, ...]

    @property
    def facts(self) -> SupportFacts:
        return SupportFacts(self.labels, tuple(period.fact for period in self.periods))


def parse_register(data: Mapping[str, Any]) -> tuple[RegisterCluster, ...]:
    """Every entry of the file, in its order. Raises `InvalidRegister` at the first fault."""
    clusters: dict[str, RegisterCluster] = {}
    for place, entry in enumerate(data["clusters"], start=1):
        name = str(entry.get("code") or f"#{place}") if isinstance(entry, Mapping) else f"#{place}"
        try:
            cluster = _cluster(entry)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidRegister(RegisterFault.MALFORMED, name, str(error)) from error
        if cluster.code in clusters:
            raise InvalidRegister(RegisterFault.DUPLICATE_CODE, cluster.code)
        clusters[cluster.code] = cluster
    predecessors = {cluster.code: cluster.predecessors for cluster in clusters.values()}
    for code, names in predecessors.items():
        for name in names:
            if name not in clusters:
                raise InvalidRegister(RegisterFault.UNKNOWN_PREDECESSOR, code, name)
        if closes_a_cycle(code, predecessors):
            raise InvalidRegister(RegisterFault.CYCLE, code)
    return tuple(clusters.values())


def closes_a_cycle(code: str, predecessors: Mapping[str, Iterable[str]]) -> bool:
    """Whether a cluster would be among its own predecessors."""
    return any(code in lineage(name, predecessors) for name in predecessors.get(code, ()))


def lineage(code: str, predecessors: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The cluster, its predecessors, theirs, and so on, each once. A cycle does not trap it."""
    found: dict[str, None] = {}
    waiting = [code]
    while waiting:
        current = waiting.pop(0)
        if current not in found:
            found[current] = None
            waiting.extend(predecessors.get(current, ()))
    return tuple(found)


def combined(facts: Iterable[SupportFacts]) -> SupportFacts:
    """Labels and periods of a cluster and its predecessors together, as renamings and mergers require."""
    labels: tuple[LabelFact, ...] = ()
    periods: tuple[SupportPeriod, ...] = ()
    for part in facts:
        labels += part.labels
        periods += part.periods
    return SupportFacts(labels, periods)


def support_facts_of(code: str, clusters: Mapping[str, RegisterCluster]) -> SupportFacts:
    predecessors = {cluster.code: cluster.predecessors for cluster in clusters.values()}
    return combined(clusters[name].facts for name in lineage(code, predecessors))


def with_calls(labels: Sequence[LabelFact], periods: Sequence[SupportPeriod]) -> tuple[SupportPeriod, ...]:
    """Each period with the call whose label it carries out: the last label granted by the time it starts.

    Only for the labels and periods of one cluster; a period that follows another carries out the same label.
    """
    dated = [(label.on, label.call) for label in labels if label.on is not None]
    result: list[SupportPeriod] = []
    for period in periods:
        if period.follows and result:
            call = result[-1].call
        else:
            start = period.start
            granted = [(on, call) for on, call in dated if start and on.earliest <= start.earliest]
            call = max(granted, key=lambda label: label[0])[1] if granted else ""
        result.append(replace(period, call=call))
    return tuple(result)


def calls_not_counting(code: str, first_deadlines: Mapping[str, date]) -> frozenset[str]:
    """The call `code` and those whose first deadline is not before its own: their labels do not count for it."""
    if code not in first_deadlines:
        return frozenset({code})
    own = first_deadlines[code]
    return frozenset(other for other, deadline in first_deadlines.items() if deadline >= own)


def finding_row(code: str, name: str, answer: SupportAnswer) -> dict[str, Any]:
    """One cluster's finding in JSON's own types; years truncated to two decimals, null where nothing bounds them."""
    return {
        "code": code,
        "name": name,
        "support_years": _range(answer.sum_of_support),
        "years_since_first_label": _range(answer.since_first_label),
        "finding": answer.finding.value,
        "reason_fr": reason_fr(answer),
        "reason_ar": reason_ar(answer),
    }


def _range(count: Any) -> dict[str, float | None]:
    least, greatest = count.calendar_years() if count else (None, None)
    return {
        "min": None if least is None else float(least),
        "max": None if greatest is None else float(greatest),
    }


def _cluster(entry: Mapping[str, Any]) -> RegisterCluster:
    code = entry["code"]
    labels = tuple(
        LabelFact(_days(label["on"]), label.get("call", ""), _provenance(label), code)
        for label in entry["labels"]
    )
    facts = [_period(period, code) for period in entry["support_periods"]]
    periods = tuple(
        RegisterPeriod(
            fact,
            signed_on=_day(raw.get("signed_on")),
            amount_mad_per_year=_amount(raw.get("amount_mad_per_year")),
        )
        for fact, raw in zip(with_calls(labels, facts), entry["support_periods"], strict=True)
    )
    cluster = RegisterCluster(
        code=code,
        name=entry["name"],
        aliases=tuple(entry.get("aliases", ())),
        sector=entry.get("sector") or "",
        region=entry.get("region") or "",
        city=entry.get("city") or "",
        state=ClusterState(entry.get("state", ClusterState.UNKNOWN)),
        renamed_on=_day(entry.get("renamed_on")),
        note=entry.get("note", ""),
        predecessors=tuple(entry.get("predecessors", ())),
        assumed=tuple(entry.get("assumed", ())),
        labels=labels,
        periods=periods,
    )
    if not (
        isinstance(cluster.code, str) and cluster.code and isinstance(cluster.name, str) and cluster.name
    ):
        raise ValueError("code and name are text")
    if cluster.facts.periods:
        next(cluster.facts.chains())
    return cluster


def _period(raw: Mapping[str, Any], code: str) -> SupportPeriod:
    return SupportPeriod(
        start=_days(raw.get("start")),
        years=raw.get("years"),
        end=_days(raw.get("end")),
        follows=bool(raw.get("follows", False)),
        suspensions=parse_suspensions(raw.get("suspensions", ())),
        provenance=_provenance(raw),
        cluster=code,
    )


def parse_suspensions(rows: Iterable[Mapping[str, Any]]) -> tuple[Suspension, ...]:
    """`[{"start": [earliest, latest], "end": [earliest, latest] or null}]`. Raises `ValueError`, `KeyError`."""
    suspensions = []
    for row in rows:
        start = _days(row["start"])
        if start is None:
            raise ValueError("a suspension has a start")
        suspensions.append(Suspension(start, _days(row.get("end"))))
    return tuple(suspensions)


def _days(pair: Sequence[str] | None) -> DateInterval | None:
    if pair is None:
        return None
    earliest, latest = pair
    return DateInterval(date.fromisoformat(earliest), date.fromisoformat(latest))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _amount(value: int | str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _provenance(raw: Mapping[str, Any]) -> Provenance:
    return Provenance(source=raw.get("source", ""), assumed=tuple(raw.get("assumed", ())))
