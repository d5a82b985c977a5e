"""The 8-year rule: an existing cluster competes only when its State support has exceeded 8 years.

Source of the rule: the Ministry's notices of 2023 and 2024, « clusters labellisés dans le cadre de précédentes
éditions … et ayant dépassé 8 ans de soutien de l'État ». Neither the count nor the reference date is published:
both are the call's settings, and both counts are always given.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from applications.domain.support_counts import (
    Count,
    FirstLabel,
    first_label,
    labels_before,
    since_first_label,
    sum_of_support,
)
from applications.domain.support_facts import (
    LabelFact,
    Provenance,
    SupportFacts,
    SupportPeriod,
    possible_end,
    possible_starts,
)
from applications.domain.years import DateInterval
from applications.enums import SupportCount, SupportFinding


@dataclass(frozen=True, slots=True)
class SupportSettings:
    """Which count decides, and how many years it must exceed."""

    count: SupportCount = SupportCount.SINCE_FIRST_LABEL
    years: int = 8


class Ground(StrEnum):
    """Why the rule answers as it does."""

    EXCEEDED = "exceeded"
    NOT_EXCEEDED = "not_exceeded"
    NEVER_LABELLED = "never_labelled"
    DATES_DISAGREE = "dates_disagree"
    LABEL_DATE_UNKNOWN = "label_date_unknown"
    LABEL_MAY_BE_LATER = "label_may_be_later"
    LABEL_UNRECORDED = "label_unrecorded"
    NO_PERIOD = "no_period"
    PERIOD_DATE_UNKNOWN = "period_date_unknown"


FINDINGS = {
    Ground.EXCEEDED: SupportFinding.MET,
    Ground.NOT_EXCEEDED: SupportFinding.NOT_MET,
    Ground.NEVER_LABELLED: SupportFinding.NOT_APPLICABLE,
    Ground.DATES_DISAGREE: SupportFinding.TO_VERIFY,
    Ground.LABEL_DATE_UNKNOWN: SupportFinding.TO_VERIFY,
    Ground.LABEL_MAY_BE_LATER: SupportFinding.TO_VERIFY,
    Ground.LABEL_UNRECORDED: SupportFinding.TO_VERIFY,
    Ground.NO_PERIOD: SupportFinding.TO_VERIFY,
    Ground.PERIOD_DATE_UNKNOWN: SupportFinding.TO_VERIFY,
}


@dataclass(frozen=True, slots=True)
class SourceConflict:
    """A support period that starts, in every combination of dates, before the first label."""

    period_start: DateInterval
    first_label_on: date


@dataclass(frozen=True, slots=True)
class SupportAnswer:
    """What the rule finds on one day, with both counts and the facts that it used."""

    ground: Ground
    settings: SupportSettings
    on: date
    first: FirstLabel | None
    since_first_label: Count | None
    sum_of_support: Count | None
    conflicts: tuple[SourceConflict, ...]
    rests_on_unconfirmed: bool
    used: SupportFacts

    @property
    def finding(self) -> SupportFinding:
        return FINDINGS[self.ground]

    @property
    def deciding(self) -> Count | None:
        if self.settings.count == SupportCount.SINCE_FIRST_LABEL:
            return self.since_first_label
        return self.sum_of_support

    def facts(self) -> dict[str, Any]:
        """The facts used, in JSON's own types, to be kept with the finding."""
        starts = dict(enumerate(start for _period, start in possible_starts(self.used)))
        return {
            "finding": self.finding.value,
            "ground": self.ground.value,
            "reference_on": self.on.isoformat(),
            "years": self.settings.years,
            "deciding_count": self.settings.count.value,
            "first_label_on": _days(self.first.interval) if self.first else None,
            SupportCount.SINCE_FIRST_LABEL.value: _count(self.since_first_label),
            SupportCount.SUM_OF_SUPPORT.value: _count(self.sum_of_support),
            "labels": [_label(label) for label in self.used.labels],
            "periods": [_period(period, starts[place]) for place, period in enumerate(self.used.periods)],
            "conflicts": [
                {"period_start": _days(conflict.period_start), "first_label_on": str(conflict.first_label_on)}
                for conflict in self.conflicts
            ],
            "rests_on_unconfirmed": self.rests_on_unconfirmed,
        }


def judge_support(
    facts: SupportFacts,
    *,
    on: date,
    settings: SupportSettings,
    not_counting: frozenset[str] = frozenset(),
) -> SupportAnswer:
    """The answer on the reference date `on`.

    `not_counting` holds the codes of the call being judged and of every later one: a label won there, and the
    support that followed, never count for that call or an earlier one, wherever the reference date is set.
    """
    used = facts.without_calls(not_counting)
    first = first_label(used.labels, on=on)
    since = since_first_label(used, on=on)
    total = sum_of_support(used, on=on)
    if facts.periods and not used.periods:
        total = Count(on, 0, 0)
    return SupportAnswer(
        ground=_ground(used, first, since, total, on=on, settings=settings),
        settings=settings,
        on=on,
        first=first,
        since_first_label=since,
        sum_of_support=total,
        conflicts=_conflicts(used),
        rests_on_unconfirmed=_rests_on_unconfirmed(used, first, on=on, settings=settings),
        used=used,
    )


def _ground(
    used: SupportFacts,
    first: FirstLabel | None,
    since: Count | None,
    total: Count | None,
    *,
    on: date,
    settings: SupportSettings,
) -> Ground:
    supported = bool(_periods_before(used, on))
    if first is None:
        return Ground.LABEL_UNRECORDED if supported else Ground.NEVER_LABELLED
    if first.may_be_none:
        return Ground.LABEL_MAY_BE_LATER
    by_label = settings.count == SupportCount.SINCE_FIRST_LABEL
    unknown = Ground.LABEL_DATE_UNKNOWN if by_label else Ground.PERIOD_DATE_UNKNOWN
    if not by_label and not supported:
        return Ground.NO_PERIOD
    count = since if by_label else total
    if count is None:
        return unknown
    if count.least_exceeds(settings.years):
        return Ground.EXCEEDED
    if not count.greatest_exceeds(settings.years):
        return Ground.NOT_EXCEEDED
    return unknown if count.greatest is None else Ground.DATES_DISAGREE


def _periods_before(facts: SupportFacts, on: date) -> list[SupportPeriod]:
    """Periods that started, or may have started, before the day."""
    return [period for period, start in possible_starts(facts) if start is None or start.earliest < on]


def _conflicts(facts: SupportFacts) -> tuple[SourceConflict, ...]:
    """Empty where a label of unknown date may explain an early period."""
    days = [label.on for label in facts.labels]
    if not days or any(day is None for day in days):
        return ()
    first = min(day.earliest for day in days if day is not None)
    starts = (start for _period, start in possible_starts(facts))
    return tuple(SourceConflict(start, first) for start in starts if start and start.latest < first)


def _rests_on_unconfirmed(
    facts: SupportFacts, first: FirstLabel | None, *, on: date, settings: SupportSettings
) -> bool:
    """Whether a fact that can change the deciding count comes from public sources only."""
    used: list[LabelFact | SupportPeriod] = [
        label
        for label in labels_before(facts.labels, on)
        if label.on is None or first is None or first.latest is None or label.on.earliest <= first.latest
    ]
    if settings.count == SupportCount.SUM_OF_SUPPORT or first is None:
        used.extend(_periods_before(facts, on))
    return any(not fact.provenance.confirmed for fact in used)


def _days(days: DateInterval | None) -> list[str] | None:
    return [days.earliest.isoformat(), days.latest.isoformat()] if days else None


def _count(count: Count | None) -> dict[str, Any] | None:
    if count is None:
        return None
    least, greatest = count.calendar_years()
    return {
        "days": {"min": count.least, "max": count.greatest},
        "years": {"min": str(least), "max": None if greatest is None else str(greatest)},
    }


def _provenance(provenance: Provenance) -> dict[str, Any]:
    return {
        "source": provenance.source,
        "confirmed": provenance.confirmed,
        "confirmed_from": provenance.confirmed_from,
        "assumed": list(provenance.assumed),
    }


def _label(label: LabelFact) -> dict[str, Any]:
    return {
        "on": _days(label.on),
        "call": label.call,
        "cluster": label.cluster,
        **_provenance(label.provenance),
    }


def _period(period: SupportPeriod, start: DateInterval | None) -> dict[str, Any]:
    return {
        "start": _days(start),
        "end": _days(possible_end(period, start)) if start else None,
        "follows": period.follows,
        "years": period.years,
        "suspensions": [
            {"start": _days(suspension.start), "end": _days(suspension.end)}
            for suspension in period.suspensions
        ],
        "call": period.call,
        "cluster": period.cluster,
        **_provenance(period.provenance),
    }
