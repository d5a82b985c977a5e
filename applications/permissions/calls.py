"""Who reads the staff pages of calls, and who may do which act on a call."""

from datetime import datetime

from accounts.enums import Role
from accounts.permissions import has_role, roles_of
from applications.domain.lifecycle import CALL_TRANSITIONS
from applications.enums import CallPhase, CallStatus
from applications.models import Call
from applications.models.dossiers import READER_ROLES

EXTENDABLE = frozenset({CallPhase.ANNOUNCED, CallPhase.OPEN})


def may_read_calls(user, *, at: datetime) -> bool:
    """The staff pages of calls say nothing of any dossier; the administrator has no business there."""
    return user.is_authenticated and bool(roles_of(user, at=at) & READER_ROLES)


def may_manage_calls(user, *, at: datetime) -> bool:
    return user.is_authenticated and has_role(user, Role.CALL_MANAGER, at=at)


def may_edit(user, call: Call, *, at: datetime) -> bool:
    """Published means frozen: only a draft is edited."""
    return call.status == CallStatus.DRAFT and may_manage_calls(user, at=at)


def may_publish(user, call: Call, *, at: datetime) -> bool:
    return may_edit(user, call, at=at)


def may_launch(user, call: Call, *, at: datetime) -> bool:
    """Open an announced call, or set the instant at which it opens by itself."""
    return call.phase(at=at) == CallPhase.ANNOUNCED and may_manage_calls(user, at=at)


def may_extend(user, call: Call, *, at: datetime) -> bool:
    return call.phase(at=at) in EXTENDABLE and may_manage_calls(user, at=at)


def may_close(user, call: Call, *, at: datetime) -> bool:
    return call.phase(at=at) == CallPhase.AWAITING_CLOSING and may_manage_calls(user, at=at)


def may_cancel(user, call: Call, *, at: datetime) -> bool:
    cancellable = CallStatus.CANCELLED in CALL_TRANSITIONS[CallStatus(call.status)]
    return cancellable and may_manage_calls(user, at=at)


def may_read_closing_record(user, call: Call, *, at: datetime) -> bool:
    return may_read_calls(user, at=at)


def may_see_assumed_facts(user, *, at: datetime) -> bool:
    """Facts of the register that no source states are shown to the Ministry's staff only."""
    return may_read_calls(user, at=at)
