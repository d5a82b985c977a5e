"""Who may open envelopes and instruct dossiers."""

from datetime import datetime

from accounts.enums import Role
from accounts.permissions import roles_of
from applications.enums import ApplicationStatus, CallStatus
from applications.models import Application, Call


def may_read_staff_pages(user, *, at: datetime) -> bool:
    return user.is_authenticated and bool(roles_of(user, at=at) - {Role.ADMINISTRATOR})


def may_open_envelopes(user, call: Call, *, at: datetime) -> bool:
    """The opening is an act of two case officers."""
    return user.is_authenticated and Role.CASE_OFFICER in roles_of(user, at=at)


def may_instruct(user, application: Application, *, at: datetime) -> bool:
    return (
        user.is_authenticated
        and Role.CASE_OFFICER in roles_of(user, at=at)
        and application.call.status == CallStatus.OPENED
        and application.status
        in (ApplicationStatus.IN_INSTRUCTION, ApplicationStatus.ADMISSIBLE, ApplicationStatus.INADMISSIBLE)
    )


def may_confirm_register_facts(user, *, at: datetime) -> bool:
    return user.is_authenticated and Role.CASE_OFFICER in roles_of(user, at=at)
