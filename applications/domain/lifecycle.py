"""The lives of a call and of an application: one table each, total over its enum."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from applications.enums import ApplicationStatus, CallStatus

Status = TypeVar("Status", bound=StrEnum)

_A = ApplicationStatus
_C = CallStatus

# A new deposit replaces the standing one and leaves the status where it is, hence SUBMITTED → SUBMITTED.
# WITHDRAWN → SUBMITTED undoes a withdrawal; that it happens before closing is the deposit's own check.
TRANSITIONS: Mapping[ApplicationStatus, frozenset[ApplicationStatus]] = {
    _A.DRAFT: frozenset({_A.SUBMITTED}),
    _A.SUBMITTED: frozenset({_A.SUBMITTED, _A.WITHDRAWN, _A.IN_INSTRUCTION}),
    _A.WITHDRAWN: frozenset({_A.SUBMITTED}),
    _A.IN_INSTRUCTION: frozenset({_A.ADMISSIBLE, _A.INADMISSIBLE, _A.WITHDRAWN}),
    _A.ADMISSIBLE: frozenset({_A.IN_EVALUATION, _A.WITHDRAWN}),
    _A.INADMISSIBLE: frozenset({_A.DECIDED, _A.WITHDRAWN}),
    _A.IN_EVALUATION: frozenset({_A.DECIDED, _A.WITHDRAWN}),
    _A.DECIDED: frozenset(),
}

# CLOSED → ANNOUNCED is the re-opening of a call after its hour, before the opening of the envelopes.
CALL_TRANSITIONS: Mapping[CallStatus, frozenset[CallStatus]] = {
    _C.DRAFT: frozenset({_C.ANNOUNCED, _C.CANCELLED}),
    _C.ANNOUNCED: frozenset({_C.CLOSED, _C.CANCELLED}),
    _C.CLOSED: frozenset({_C.OPENED, _C.ANNOUNCED, _C.CANCELLED}),
    _C.OPENED: frozenset({_C.EVALUATION, _C.CANCELLED}),
    _C.EVALUATION: frozenset({_C.DELIBERATION, _C.CANCELLED}),
    _C.DELIBERATION: frozenset({_C.DECIDED, _C.CANCELLED}),
    _C.DECIDED: frozenset({_C.PUBLISHED, _C.CANCELLED}),
    _C.PUBLISHED: frozenset({_C.ARCHIVED}),
    _C.ARCHIVED: frozenset(),
    _C.CANCELLED: frozenset(),
}


class ForbiddenTransition(Exception):
    """The table has no such step, or something blocks it. Carries `current`, `target` and `blockers`."""

    def __init__(self, current: StrEnum, target: StrEnum, blockers: tuple[object, ...] = ()) -> None:
        self.current = current
        self.target = target
        self.blockers = blockers
        super().__init__(f"{current.value} -> {target.value}")


def may_become(current: Status, target: Status, *, table: Mapping[Status, frozenset[Status]]) -> bool:
    return target in table[current]


def check_transition(
    current: Status,
    target: Status,
    *,
    table: Mapping[Status, frozenset[Status]],
    blockers: tuple[object, ...] = (),
) -> None:
    """Raises `ForbiddenTransition` when the table lacks the step or `blockers` is not empty."""
    if blockers or not may_become(current, target, table=table):
        raise ForbiddenTransition(current, target, tuple(blockers))
