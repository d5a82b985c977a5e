"""When a call takes dossiers, and how its closing time may change. Instants are UTC; `[opens, closes)`."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from applications.enums import CallPhase, CallStatus, DeadlineKind, SupportReference

ZONE = "Africa/Casablanca"
OPENING_DELAY = timedelta(minutes=2)

_BEFORE_ENVELOPES = frozenset({CallStatus.ANNOUNCED, CallStatus.CLOSED})


class WallTimeFault(StrEnum):
    NONEXISTENT = "nonexistent"
    AMBIGUOUS = "ambiguous"


class InvalidWallTime(ValueError):
    """The clock of the zone never shows this wall time, or shows it twice. `code` is a `WallTimeFault`."""

    def __init__(self, code: WallTimeFault, wall: datetime, zone: str) -> None:
        self.code = code
        self.wall = wall
        self.zone = zone
        super().__init__(f"{wall:%Y-%m-%d %H:%M} {zone}: {code.value}")


def resolve_wall_time(day: date, at_time: time, *, zone: str = ZONE) -> datetime:
    """The UTC instant of a published wall time. Raises `InvalidWallTime` when there is none, or two."""
    tz = ZoneInfo(zone)
    wall = datetime.combine(day, at_time.replace(tzinfo=None, fold=0))
    first, second = (wall.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    # Both readings of a wall time that a clock skipped come back as another wall time.
    if first.astimezone(tz).replace(tzinfo=None, fold=0) != wall:
        raise InvalidWallTime(WallTimeFault.NONEXISTENT, wall, zone)
    raise InvalidWallTime(WallTimeFault.AMBIGUOUS, wall, zone)


def local_day(at: datetime, *, zone: str = ZONE) -> date:
    """The day that the wall calendar of the zone shows at an instant."""
    return at.astimezone(ZoneInfo(zone)).date()


def is_within(at: datetime, *, opens_at: datetime, closes_at: datetime) -> bool:
    """Opening instant included, closing instant excluded."""
    return opens_at <= at < closes_at


@dataclass(frozen=True, slots=True)
class DeadlineVersion:
    """One published closing time; `announced_on` is unknown for some past calls."""

    version: int
    closes_at: datetime
    kind: DeadlineKind = DeadlineKind.INITIAL
    reason: str = ""
    announced_on: date | None = None


def deadline_in_force(versions: Sequence[DeadlineVersion]) -> DeadlineVersion | None:
    return max(versions, key=lambda version: version.version, default=None)


def first_deadline(versions: Sequence[DeadlineVersion]) -> DeadlineVersion | None:
    return min(versions, key=lambda version: version.version, default=None)


def phase_of(
    status: CallStatus, *, opens_at: datetime | None, closes_at: datetime | None, at: datetime
) -> CallPhase:
    """An announced call is coming, open or past its hour by the clock alone; every other status is its phase."""
    if status != CallStatus.ANNOUNCED:
        return CallPhase(status.value)
    if opens_at is None or closes_at is None or at < opens_at:
        return CallPhase.ANNOUNCED
    if is_within(at, opens_at=opens_at, closes_at=closes_at):
        return CallPhase.OPEN
    return CallPhase.AWAITING_CLOSING


def may_open_envelopes(at: datetime, closes_at: datetime) -> bool:
    """Two minutes at least after the deadline in force, so that no deposit begun in time is still on its way."""
    return at >= closes_at + OPENING_DELAY


class ExtensionProblem(StrEnum):
    CALL_NOT_ANNOUNCED = "call_not_announced"
    ENVELOPES_OPENED = "envelopes_opened"
    REASON_REQUIRED = "reason_required"
    UNCHANGED = "unchanged"
    SHORTENED = "shortened"
    BEFORE_OPENING = "before_opening"
    IN_THE_PAST = "in_the_past"
    SECOND_PERSON_REQUIRED = "second_person_required"


def kind_of_change(status: CallStatus, *, closes_at: datetime, at: datetime) -> DeadlineKind:
    """Prolonging after the hour has passed, or after the act of closing, is a re-opening."""
    if status == CallStatus.CLOSED or at >= closes_at:
        return DeadlineKind.REOPENING
    return DeadlineKind.EXTENSION


def extension_problems(
    *,
    status: CallStatus,
    opens_at: datetime | None,
    closes_at: datetime,
    new_closes_at: datetime,
    reason: str,
    at: datetime,
    proposed_by: Hashable = None,
    confirmed_by: Hashable = None,
) -> tuple[ExtensionProblem, ...]:
    """Why the deadline in force (`closes_at`) may not become `new_closes_at`; empty means it may.

    A re-opening also takes two different persons; an extension ignores them.
    """
    if status not in _BEFORE_ENVELOPES:
        started = status not in (CallStatus.DRAFT, CallStatus.CANCELLED)
        return (ExtensionProblem.ENVELOPES_OPENED if started else ExtensionProblem.CALL_NOT_ANNOUNCED,)
    problems = []
    if not reason.strip():
        problems.append(ExtensionProblem.REASON_REQUIRED)
    if new_closes_at == closes_at:
        problems.append(ExtensionProblem.UNCHANGED)
    is_open = opens_at is not None and at >= opens_at
    if new_closes_at < closes_at and is_open:
        problems.append(ExtensionProblem.SHORTENED)
    if opens_at is not None and new_closes_at <= opens_at:
        problems.append(ExtensionProblem.BEFORE_OPENING)
    if new_closes_at <= at:
        problems.append(ExtensionProblem.IN_THE_PAST)
    reopening = kind_of_change(status, closes_at=closes_at, at=at) == DeadlineKind.REOPENING
    if reopening and (proposed_by is None or confirmed_by is None or proposed_by == confirmed_by):
        problems.append(ExtensionProblem.SECOND_PERSON_REQUIRED)
    return tuple(problems)


def support_reference_day(
    reference: SupportReference,
    *,
    opens_on: date | None,
    versions: Sequence[DeadlineVersion],
    fixed_on: date | None,
    zone: str = ZONE,
) -> date | None:
    """The day on which the 8 years are read, on the calendar of the zone; None where its fact is missing."""
    if reference == SupportReference.OPENING:
        return opens_on
    if reference == SupportReference.FIXED:
        return fixed_on
    first = reference == SupportReference.FIRST_DEADLINE
    version = first_deadline(versions) if first else deadline_in_force(versions)
    return local_day(version.closes_at, zone=zone) if version else None
