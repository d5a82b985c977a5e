"""How far a rehearsal has come, and the instants of its acts, reckoned from the deadline."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from applications.domain.deadlines import local_day, resolve_wall_time

CLOSING_TIME = time(15, 0)
SATURDAY = 5


class Phase(StrEnum):
    """Where the rehearsed call stands. `PROPOSED`: the chair has signed, the decision maker has not."""

    OPEN = "open"
    CLOSED = "closed"
    OPENED = "opened"
    EVALUATION = "evaluation"
    DELIBERATION = "deliberation"
    PROPOSED = "proposed"
    DECIDED = "decided"
    PUBLISHED = "published"

    def reaches(self, other: "Phase") -> bool:
        order = list(Phase)
        return order.index(self) >= order.index(other)


DAYS_FROM_DEADLINE = {
    Phase.OPEN: -20,
    Phase.CLOSED: 1,
    Phase.OPENED: 8,
    Phase.EVALUATION: 26,
    Phase.DELIBERATION: 36,
    Phase.PROPOSED: 39,
    Phase.DECIDED: 43,
    Phase.PUBLISHED: 50,
}


@dataclass(frozen=True)
class Timeline:
    """`at` is when the rehearsal is built: no act is later, only the deadline of an open call."""

    at: datetime
    wall_on: date
    closes_at: datetime

    def day(self, days: float, *, hours: float = 0, minutes: float = 0) -> datetime:
        """So long after the deadline (before, when negative), and never later than a moment ago."""
        instant = self.closes_at + timedelta(days=days, hours=hours, minutes=minutes)
        return min(instant, self.at - timedelta(seconds=1))


def timeline(phase: Phase, *, at: datetime) -> Timeline:
    """A deadline on a weekday at 15:00 in Rabat, so long before or after `at` as the phase wants."""
    days = DAYS_FROM_DEADLINE[phase]
    wall_on = local_day(at) - timedelta(days=days)
    while wall_on.weekday() >= SATURDAY:
        wall_on += timedelta(days=1) if days < 0 else timedelta(days=-1)
    return Timeline(at=at, wall_on=wall_on, closes_at=resolve_wall_time(wall_on, CLOSING_TIME))


Act = Callable[..., Any]


@dataclass
class Agenda:
    """Acts noted in any order and done in the order of time, as the trail would have seen them."""

    entries: list[tuple[datetime, int, Act, dict[str, Any]]] = field(default_factory=list)

    def add(self, at: datetime, act: Act, **arguments: Any) -> None:
        """`act` is called with `at` and these arguments."""
        self.entries.append((at, len(self.entries), act, arguments))

    def run(self) -> None:
        for at, _number, act, arguments in sorted(self.entries, key=lambda entry: entry[:2]):
            act(at=at, **arguments)
        self.entries.clear()
