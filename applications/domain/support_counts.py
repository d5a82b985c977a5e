"""The two counts of the 8-year rule, each with its least and greatest value over every combination of dates.

A combination takes one day from each interval. Trying the ends of the intervals is not enough: three years from
18 February 2011 have one day more than three years from 1 March 2012, and two periods that may overlap lose days
to each other in ways that no single end shows. Hence the sweep below, which is exact.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from applications.domain.support_facts import Chain, LabelFact, SupportFacts, possible_end, possible_starts
from applications.domain.support_sweep import Span, covered_days
from applications.domain.years import (
    DateInterval,
    anniversary,
    calendar_years,
    exceeds_years,
    unbroken_start,
    whole_years_and_days,
)

_FOREVER = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Count:
    """Days before the reference date, read as one unbroken period that ends on it. `greatest` None: unbounded."""

    on: date
    least: int
    greatest: int | None

    def least_exceeds(self, years: int) -> bool:
        return exceeds_years(unbroken_start(self.least, on=self.on), self.on, years)

    def greatest_exceeds(self, years: int) -> bool:
        return self.greatest is None or exceeds_years(
            unbroken_start(self.greatest, on=self.on), self.on, years
        )

    def calendar_years(self) -> tuple[Decimal, Decimal | None]:
        """Least and greatest, in years with two truncated decimals."""
        greatest = None if self.greatest is None else self._years(self.greatest)
        return self._years(self.least), greatest

    def years_and_days(self) -> tuple[tuple[int, int], tuple[int, int] | None]:
        """Least and greatest, in whole years and days, exactly."""
        greatest = None if self.greatest is None else self._exactly(self.greatest)
        return self._exactly(self.least), greatest

    def _years(self, days: int) -> Decimal:
        return calendar_years(unbroken_start(days, on=self.on), self.on)

    def _exactly(self, days: int) -> tuple[int, int]:
        return whole_years_and_days(unbroken_start(days, on=self.on), self.on)


@dataclass(frozen=True, slots=True)
class FirstLabel:
    """The earliest of the labels dated before the reference date.

    `earliest` is None when a label of unknown date may come before all the others, `latest` when no label is
    dated. `may_be_none`: in some combination of dates no label comes before the reference date.
    """

    earliest: date | None
    latest: date | None
    may_be_none: bool

    @property
    def interval(self) -> DateInterval | None:
        if self.earliest is None or self.latest is None:
            return None
        return DateInterval(self.earliest, self.latest)


def labels_before(labels: tuple[LabelFact, ...], on: date) -> tuple[LabelFact, ...]:
    """Labels that came, or may have come, before the day."""
    return tuple(label for label in labels if label.on is None or label.on.earliest < on)


def first_label(labels: tuple[LabelFact, ...], *, on: date) -> FirstLabel | None:
    """None: no label can have come before the reference date. A label of unknown date is taken to have come."""
    candidates = labels_before(labels, on)
    if not candidates:
        return None
    dated = [label.on for label in candidates if label.on is not None]
    unknown = len(dated) < len(candidates)
    certain = [day.latest for day in dated if day.latest < on]
    eve = date.fromordinal(on.toordinal() - 1) if dated and not unknown else None
    return FirstLabel(
        earliest=None if unknown else min(day.earliest for day in dated),
        latest=min(certain, default=eve),
        may_be_none=not certain and not unknown,
    )


def since_first_label(facts: SupportFacts, *, on: date) -> Count | None:
    """From the earliest label to the reference date; None where no dated label bounds it."""
    first = first_label(facts.labels, on=on)
    if first is None or (first.latest is None and first.earliest is None):
        return None
    least = 0 if first.may_be_none or first.latest is None else (on - first.latest).days
    greatest = None if first.earliest is None else (on - first.earliest).days
    return Count(on, least, greatest)


def sum_of_support(facts: SupportFacts, *, on: date) -> Count | None:
    """Days of support before the reference date, each once, suspensions out; None where no period is dated.

    A suspension takes its days out of the support as a whole, so of any other period on those days too.
    """
    chains = list(facts.chains())
    dated = [chain for chain in chains if chain.start is not None]
    if not dated:
        return None
    return Count(
        on,
        least=_covered(dated, facts, on=on, greatest=False),
        greatest=_covered(dated, facts, on=on, greatest=True) if len(dated) == len(chains) else None,
    )


def _covered(chains: list[Chain], facts: SupportFacts, *, on: date, greatest: bool) -> int:
    spans = [
        Span(chain.start.earliest.toordinal(), chain.start.latest.toordinal(), _end_of(chain, greatest))
        for chain in chains
        if chain.start is not None
    ]
    holes = list(_suspended(facts, greatest=not greatest))
    return covered_days(spans, before=on.toordinal(), holes=holes, greatest=greatest)


def _end_of(chain: Chain, greatest: bool) -> Callable[[int], int]:
    """Where the chain ends, from the day it starts; its own uncertain ends are taken late or early throughout."""

    def end_of(start: int) -> int:
        end = date.fromordinal(start)
        for period in chain.periods:
            if period.years is not None:
                end = anniversary(end, period.years)
            elif period.end is not None:
                end = max(end, period.end.latest if greatest else period.end.earliest)
            elif greatest:
                return _FOREVER
        return end.toordinal()

    return end_of


def _suspended(facts: SupportFacts, *, greatest: bool) -> Iterator[tuple[int, int]]:
    """The suspended days at their most or at their fewest, never outside the days their period may have."""
    for period, start in possible_starts(facts):
        if start is None:
            continue
        end = possible_end(period, start)
        limit = end.latest.toordinal() if end else _FOREVER
        for suspension in period.suspensions:
            first = suspension.start.earliest if greatest else suspension.start.latest
            if suspension.end is None:
                last = limit
            else:
                last = (suspension.end.latest if greatest else suspension.end.earliest).toordinal()
            yield max(first.toordinal(), start.earliest.toordinal()), min(last, limit)
