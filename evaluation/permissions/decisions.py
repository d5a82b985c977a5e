"""Who prepares, signs, publishes and reads decisions."""

from datetime import datetime

from accounts.enums import Role
from accounts.permissions import roles_of
from applications.enums import CallStatus
from applications.models import Call
from evaluation.enums import DecisionStatus
from evaluation.models import Decision

PREPARED = (CallStatus.DELIBERATION, CallStatus.DECIDED, CallStatus.PUBLISHED, CallStatus.ARCHIVED)


def may_read_decisions(user, call: Call, *, at: datetime) -> bool:
    """Staff but the administrator, once the jury has deliberated."""
    return (
        user.is_authenticated
        and bool(roles_of(user, at=at) - {Role.ADMINISTRATOR})
        and call.status in PREPARED
    )


def may_amend_decision(user, decision: Decision, *, at: datetime) -> bool:
    return (
        user.is_authenticated
        and bool(roles_of(user, at=at) & {Role.CALL_MANAGER, Role.CASE_OFFICER})
        and decision.status == DecisionStatus.PROPOSED
    )


def may_sign(user, *, at: datetime) -> bool:
    return user.is_authenticated and Role.DECISION_MAKER in roles_of(user, at=at)


def may_publish_results(user, *, at: datetime) -> bool:
    return user.is_authenticated and Role.CALL_MANAGER in roles_of(user, at=at)
