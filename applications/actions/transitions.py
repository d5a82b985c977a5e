"""The only place that writes the status of a call or of an application."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from applications.domain.lifecycle import CALL_TRANSITIONS, TRANSITIONS, ForbiddenTransition, check_transition
from applications.enums import ApplicationStatus, CallStatus
from applications.models import Application, Call
from clusters_portal.errors import Blocker, Refused

Status = TypeVar("Status", ApplicationStatus, CallStatus)

CALL_INSTANT_FIELDS: Mapping[CallStatus, str] = {
    CallStatus.ANNOUNCED: "announced_at",
    CallStatus.CLOSED: "closed_at",
    CallStatus.OPENED: "opened_at",
    CallStatus.DECIDED: "decided_at",
    CallStatus.PUBLISHED: "published_at",
    CallStatus.CANCELLED: "cancelled_at",
}


@transaction.atomic
def advance_call(
    call: Call, to: CallStatus, *, by: User, at: datetime, detail: dict[str, Any] | None = None
) -> Call:
    """Lock the call, check the table of transitions, write status and instant, record the act.

    `detail` names further fields to write with the status (`cancellation_reason`); it goes to the trail as it is.
    Raises `Refused`.
    """
    locked = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    _check(CallStatus(locked.status), to, CALL_TRANSITIONS)
    locked.status = to
    instant_field = CALL_INSTANT_FIELDS.get(to)
    if instant_field:
        setattr(locked, instant_field, at)
    if to == CallStatus.CANCELLED:
        locked.cancellation_reason = (detail or {}).get("reason", "")
    locked.save()
    audit.record(f"call.{to.value}", by=by, at=at, subject=locked, call_code=locked.code, detail=detail)
    return locked


@transaction.atomic
def advance_application(
    application: Application,
    to: ApplicationStatus,
    *,
    by: User | None,
    at: datetime,
    detail: dict[str, Any] | None = None,
    fields: dict[str, Any] | None = None,
) -> Application:
    """Lock the application, check the table of transitions, write the status, record the act.

    `fields` are columns that the database wants in the same UPDATE (the standing submission, a withdrawal).
    """
    locked = Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)
    _check(ApplicationStatus(locked.status), to, TRANSITIONS)
    locked.status = to
    locked.updated_at = at
    for name, value in (fields or {}).items():
        setattr(locked, name, value)
    locked.save(update_fields=["status", "updated_at", *(fields or {})])
    audit.record(
        f"application.{to.value}",
        by=by,
        at=at,
        subject=locked,
        call_code=locked.call.code,
        detail=detail,
    )
    return locked


def _check(current: Status, to: Status, table: Mapping[Status, frozenset[Status]]) -> None:
    try:
        check_transition(current, to, table=table)
    except ForbiddenTransition as forbidden:
        sentence = _("Cet acte n'est pas possible dans l'état « %(state)s » : rechargez la page.")
        raise Refused([Blocker("forbidden_transition", sentence % {"state": current.label})]) from forbidden
