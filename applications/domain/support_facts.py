"""What the register knows of a cluster's labels and support, with how surely it knows it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from applications.domain.years import DateInterval, anniversary


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fact comes from. Unconfirmed: public sources only; `assumed` names what no source states."""

    source: str = ""
    confirmed: bool = False
    confirmed_from: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelFact:
    """A label; `on` is None when no source tells the day. `call` is the code of the call in which it was won."""

    on: DateInterval | None
    call: str = ""
    provenance: Provenance = field(default_factory=Provenance)
    cluster: str = ""


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days without support inside a period, `[start, end)`. Without an end it lasts as long as its period may."""

    start: DateInterval
    end: DateInterval | None = None


@dataclass(frozen=True, slots=True)
class SupportPeriod:
    """A period of State support, `[start, end)`.

    `follows` starts it when the period before it in the list ends; otherwise a missing `start` means unknown.
    It lasts `years`, or until `end`; with neither its end is unknown. An `end` that falls before the start, in
    some combination of dates, makes an empty period there.
    """

    start: DateInterval | None = None
    years: int | None = None
    end: DateInterval | None = None
    follows: bool = False
    suspensions: tuple[Suspension, ...] = ()
    call: str = ""
    provenance: Provenance = field(default_factory=Provenance)
    cluster: str = ""

    def __post_init__(self) -> None:
        if self.follows and self.start is not None:
            raise ValueError("a period that follows another has no start of its own")
        if self.years is not None and (self.end is not None or self.years <= 0):
            raise ValueError("a period lasts a positive number of years, or until its end")
        if self.start and self.end and self.end.latest <= self.start.earliest:
            raise ValueError("a period ends after its start")


@dataclass(frozen=True, slots=True)
class Chain:
    """A period and those that follow it without a gap."""

    periods: tuple[SupportPeriod, ...]

    @property
    def start(self) -> DateInterval | None:
        return self.periods[0].start


@dataclass(frozen=True, slots=True)
class SupportFacts:
    """Labels and periods of a cluster and of its predecessors; `follows` refers to the order of `periods`."""

    labels: tuple[LabelFact, ...] = ()
    periods: tuple[SupportPeriod, ...] = ()

    def __post_init__(self) -> None:
        if self.periods and self.periods[0].follows:
            raise ValueError("the first period follows none")

    def chains(self) -> Iterator[Chain]:
        links: list[SupportPeriod] = []
        for period in self.periods:
            if not period.follows and links:
                yield Chain(tuple(links))
                links = []
            links.append(period)
        if links:
            yield Chain(tuple(links))

    def without_calls(self, calls: frozenset[str]) -> "SupportFacts":
        """Without what was won in those calls: a label counts from its call's outcome, not for that call."""
        kept: list[SupportPeriod] = []
        dropped = False
        for period in self.periods:
            dropped = period.call in calls or (period.follows and dropped)
            if not dropped:
                kept.append(period)
        labels = tuple(label for label in self.labels if label.call not in calls)
        return SupportFacts(labels, tuple(kept))


def possible_starts(facts: SupportFacts) -> Iterator[tuple[SupportPeriod, DateInterval | None]]:
    """Each period with the days on which it may have started; None where a date before it is unknown.

    Starts only grow with the dates they follow from, so the ends of an interval give the ends of the next.
    """
    for chain in facts.chains():
        start = chain.start
        for period in chain.periods:
            yield period, start
            start = None if start is None else possible_end(period, start)


def possible_end(period: SupportPeriod, start: DateInterval) -> DateInterval | None:
    """The days on which a period that starts in `start` may end; None when nothing tells."""
    if period.years is not None:
        return DateInterval(
            anniversary(start.earliest, period.years), anniversary(start.latest, period.years)
        )
    if period.end is None:
        return None
    return DateInterval(max(start.earliest, period.end.earliest), max(start.latest, period.end.latest))
