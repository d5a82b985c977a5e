from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from applications.domain.deadlines import (
    DeadlineVersion,
    InvalidWallTime,
    WallTimeFault,
    deadline_in_force,
    extension_problems,
    first_deadline,
    is_within,
    kind_of_change,
    local_day,
    may_open_envelopes,
    phase_of,
    resolve_wall_time,
    support_reference_day,
)
from applications.domain.deadlines import ExtensionProblem as P
from applications.enums import CallPhase, CallStatus, DeadlineKind, SupportReference

CASABLANCA = ZoneInfo("Africa/Casablanca")
OPENS = datetime(2026, 10, 1, 9, tzinfo=UTC)
CLOSES = datetime(2026, 11, 27, 15, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("day", "wall", "expected"),
    [
        (date(2020, 7, 15), time(15), "2020-07-15T14:00"),
        (date(2023, 5, 19), time(15), "2023-05-19T14:00"),
        (date(2023, 4, 3), time(15), "2023-04-03T15:00"),
        (date(2026, 9, 19), time(15), "2026-09-19T14:00"),
        (date(2026, 9, 20), time(0, 59), "2026-09-19T23:59"),
        (date(2026, 9, 20), time(2), "2026-09-20T02:00"),
        (date(2026, 11, 27), time(15), "2026-11-27T15:00"),
        (date(2027, 2, 20), time(15), "2027-02-20T15:00"),
    ],
)
def test_a_published_wall_time_has_one_instant(day, wall, expected):
    assert resolve_wall_time(day, wall) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "wall", "fault"),
    [
        (date(2026, 9, 20), time(1), WallTimeFault.AMBIGUOUS),
        (date(2026, 9, 20), time(1, 30), WallTimeFault.AMBIGUOUS),
        (date(2026, 9, 20), time(1, 59, 59), WallTimeFault.AMBIGUOUS),
        (date(2023, 3, 19), time(2, 30), WallTimeFault.AMBIGUOUS),
        (date(2023, 4, 23), time(2), WallTimeFault.NONEXISTENT),
        (date(2023, 4, 23), time(2, 59), WallTimeFault.NONEXISTENT),
        (date(2026, 3, 22), time(2, 30), WallTimeFault.NONEXISTENT),
    ],
)
def test_a_wall_time_without_one_instant_is_refused(day, wall, fault):
    with pytest.raises(InvalidWallTime) as refused:
        resolve_wall_time(day, wall)
    assert refused.value.code is fault


def test_the_real_deadlines_agree_with_their_instants(calls_data):
    seen = 0
    for call in calls_data["calls"]:
        for deadline in call["deadlines"]:
            local = datetime.fromisoformat(deadline["local"])
            assert resolve_wall_time(local.date(), local.time()) == datetime.fromisoformat(deadline["utc"])
            seen += 1
    assert seen == 5


@given(st.dates(date(2011, 1, 1), date(2035, 1, 1)), st.times())
@example(date(2026, 9, 20), time(1, 59))
@example(date(2023, 4, 23), time(2))
def test_a_resolved_wall_time_reads_back_and_a_refused_one_has_not_one_reading(day, at_time):
    wall = datetime.combine(day, at_time)
    readings = [
        hour
        for hour in (wall.replace(tzinfo=UTC) - timedelta(hours=shift) for shift in (0, 1))
        if hour.astimezone(CASABLANCA).replace(tzinfo=None, fold=0) == wall
    ]
    faults = {0: WallTimeFault.NONEXISTENT, 2: WallTimeFault.AMBIGUOUS}
    if len(readings) == 1:
        assert resolve_wall_time(day, at_time) == readings[0]
    else:
        with pytest.raises(InvalidWallTime) as refused:
            resolve_wall_time(day, at_time)
        assert refused.value.code is faults[len(readings)]


@pytest.mark.parametrize(
    ("at", "within"),
    [(OPENS - TICK, False), (OPENS, True), (CLOSES - TICK, True), (CLOSES, False), (CLOSES + TICK, False)],
)
def test_the_interval_is_half_open(at, within):
    assert is_within(at, opens_at=OPENS, closes_at=CLOSES) is within


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (OPENS - TICK, CallPhase.ANNOUNCED),
        (OPENS, CallPhase.OPEN),
        (CLOSES - TICK, CallPhase.OPEN),
        (CLOSES, CallPhase.AWAITING_CLOSING),
    ],
)
def test_an_announced_call_moves_by_the_clock_alone(at, phase):
    assert phase_of(CallStatus.ANNOUNCED, opens_at=OPENS, closes_at=CLOSES, at=at) is phase


@pytest.mark.parametrize("status", [status for status in CallStatus if status != CallStatus.ANNOUNCED])
@pytest.mark.parametrize("at", [OPENS - TICK, OPENS, CLOSES])
def test_every_other_status_is_its_own_phase(status, at):
    assert phase_of(status, opens_at=OPENS, closes_at=CLOSES, at=at).value == status.value


def test_a_call_without_its_instants_is_never_open():
    for opens_at, closes_at in [(None, CLOSES), (OPENS, None), (None, None)]:
        assert phase_of(CallStatus.ANNOUNCED, opens_at=opens_at, closes_at=closes_at, at=OPENS) is (
            CallPhase.ANNOUNCED
        )


def test_versions_are_told_apart_by_number_not_by_order():
    first = DeadlineVersion(1, CLOSES)
    last = DeadlineVersion(2, CLOSES + timedelta(days=26), kind=DeadlineKind.EXTENSION, reason="…")
    assert deadline_in_force([last, first]) == last
    assert first_deadline([last, first]) == first
    assert deadline_in_force([]) is None
    assert first_deadline([]) is None


@pytest.mark.parametrize(
    ("seconds", "allowed"), [(0, False), (119, False), (119.999999, False), (120, True), (9000, True)]
)
def test_envelopes_wait_two_minutes(seconds, allowed):
    assert may_open_envelopes(CLOSES + timedelta(seconds=seconds), CLOSES) is allowed


def _problems(**changes):
    facts = {
        "status": CallStatus.ANNOUNCED,
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "new_closes_at": CLOSES + timedelta(days=26),
        "reason": "Demande des acteurs",
        "at": CLOSES - timedelta(days=8),
    }
    return extension_problems(**(facts | changes))


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, ()),
        ({"reason": "  "}, (P.REASON_REQUIRED,)),
        ({"new_closes_at": CLOSES}, (P.UNCHANGED,)),
        ({"new_closes_at": CLOSES - timedelta(days=1)}, (P.SHORTENED,)),
        ({"new_closes_at": CLOSES - timedelta(days=1), "at": OPENS - TICK}, ()),
        ({"new_closes_at": CLOSES - timedelta(days=1), "at": OPENS}, (P.SHORTENED,)),
        ({"new_closes_at": OPENS, "at": OPENS - TICK}, (P.BEFORE_OPENING,)),
        ({"at": CLOSES}, (P.SECOND_PERSON_REQUIRED,)),
        ({"at": CLOSES, "proposed_by": 1, "confirmed_by": 1}, (P.SECOND_PERSON_REQUIRED,)),
        ({"at": CLOSES, "proposed_by": 1, "confirmed_by": 2}, ()),
        ({"status": CallStatus.CLOSED, "at": CLOSES + TICK, "proposed_by": 1, "confirmed_by": 2}, ()),
        ({"status": CallStatus.OPENED}, (P.ENVELOPES_OPENED,)),
        ({"status": CallStatus.PUBLISHED}, (P.ENVELOPES_OPENED,)),
        ({"status": CallStatus.DRAFT}, (P.CALL_NOT_ANNOUNCED,)),
        ({"status": CallStatus.CANCELLED}, (P.CALL_NOT_ANNOUNCED,)),
        (
            {"new_closes_at": OPENS, "reason": ""},
            (P.REASON_REQUIRED, P.SHORTENED, P.BEFORE_OPENING, P.IN_THE_PAST),
        ),
    ],
)
def test_what_keeps_a_deadline_from_moving(changes, problems):
    assert _problems(**changes) == problems


def test_after_the_hour_prolonging_is_a_reopening():
    announced = CallStatus.ANNOUNCED
    assert kind_of_change(announced, closes_at=CLOSES, at=CLOSES - TICK) is DeadlineKind.EXTENSION
    assert kind_of_change(announced, closes_at=CLOSES, at=CLOSES) is DeadlineKind.REOPENING


def test_a_day_is_read_on_the_calendar_of_rabat():
    assert local_day(datetime(2023, 5, 18, 23, 30, tzinfo=UTC)) == date(2023, 5, 19)
    assert local_day(datetime(2026, 11, 26, 23, 30, tzinfo=UTC)) == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        (SupportReference.OPENING, date(2023, 3, 1)),
        (SupportReference.FIRST_DEADLINE, date(2023, 5, 19)),
        (SupportReference.DEADLINE_IN_FORCE, date(2023, 6, 14)),
        (SupportReference.FIXED, date(2023, 1, 1)),
    ],
)
def test_the_reference_day_of_the_support_rule(reference, expected):
    versions = (
        DeadlineVersion(1, datetime(2023, 5, 19, 14, tzinfo=UTC)),
        DeadlineVersion(2, datetime(2023, 6, 14, 14, tzinfo=UTC)),
    )
    facts = {"opens_on": date(2023, 3, 1), "versions": versions, "fixed_on": date(2023, 1, 1)}
    assert support_reference_day(reference, **facts) == expected
    assert support_reference_day(reference, opens_on=None, versions=(), fixed_on=None) is None
