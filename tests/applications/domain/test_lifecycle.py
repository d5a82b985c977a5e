import pytest

from applications.domain.lifecycle import (
    CALL_TRANSITIONS,
    TRANSITIONS,
    ForbiddenTransition,
    check_transition,
    may_become,
)
from applications.enums import ApplicationStatus as A
from applications.enums import CallStatus as C

TABLES = [(A, TRANSITIONS), (C, CALL_TRANSITIONS)]
EVERY_STEP = [(table, a, b) for enum, table in TABLES for a in enum for b in enum]


@pytest.mark.parametrize(("enum", "table"), TABLES)
def test_every_status_has_a_row(enum, table):
    assert set(table) == set(enum)
    assert all(target in enum for targets in table.values() for target in targets)


@pytest.mark.parametrize(("table", "current", "target"), EVERY_STEP)
def test_every_pair_is_either_allowed_or_refused(table, current, target):
    if target in table[current]:
        check_transition(current, target, table=table)
    else:
        with pytest.raises(ForbiddenTransition) as refused:
            check_transition(current, target, table=table)
        assert (refused.value.current, refused.value.target) == (current, target)
    assert may_become(current, target, table=table) is (target in table[current])


@pytest.mark.parametrize(("enum", "table"), TABLES)
def test_every_status_can_be_reached(enum, table):
    reached, waiting = set(), [enum.DRAFT]
    while waiting:
        status = waiting.pop()
        if status not in reached:
            reached.add(status)
            waiting.extend(table[status])
    assert reached == set(enum)


def test_a_blocker_refuses_an_allowed_step():
    with pytest.raises(ForbiddenTransition) as refused:
        check_transition(A.DRAFT, A.SUBMITTED, table=TRANSITIONS, blockers=("late",))
    assert refused.value.blockers == ("late",)


def test_a_call_can_be_cancelled_until_its_results_are_published():
    cancellable = {status for status in C if C.CANCELLED in CALL_TRANSITIONS[status]}
    assert cancellable == set(C) - {C.PUBLISHED, C.ARCHIVED, C.CANCELLED}


def test_a_deposit_can_be_withdrawn_until_the_decision():
    withdrawable = {status for status in A if A.WITHDRAWN in TRANSITIONS[status]}
    assert withdrawable == set(A) - {A.DRAFT, A.WITHDRAWN, A.DECIDED}
