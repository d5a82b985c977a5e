"""The closing time of a call: set while it is a draft, later only extended, every version kept."""

from datetime import date, datetime, time

import tzdata
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from applications.actions.calls import lock_draft, notify_teams, record_edit, touch
from applications.domain.call_settings import CallSection
from applications.domain.deadlines import (
    ZONE,
    ExtensionProblem,
    InvalidWallTime,
    WallTimeFault,
    extension_problems,
    kind_of_change,
    local_day,
    resolve_wall_time,
)
from applications.enums import CallStatus, DeadlineKind
from applications.models import Call, Deadline
from clusters_portal import formats
from clusters_portal.errors import Blocker, Refused

WALL_TIME_SENTENCES = {
    WallTimeFault.NONEXISTENT: _(
        "Cette heure n'existe pas ce jour-là à Rabat : l'horloge légale la saute. Choisissez une autre heure."
    ),
    WallTimeFault.AMBIGUOUS: _(
        "Cette heure a lieu deux fois ce jour-là à Rabat : l'horloge légale recule. Choisissez une autre heure."
    ),
}
EXTENSION_SENTENCES = {
    ExtensionProblem.CALL_NOT_ANNOUNCED: _(
        "Un appel en brouillon ou annulé n'a pas de date limite à prolonger."
    ),
    ExtensionProblem.ENVELOPES_OPENED: _("Les plis sont ouverts : la date limite ne bouge plus."),
    ExtensionProblem.REASON_REQUIRED: _("Donnez le motif de la prolongation : il sera publié."),
    ExtensionProblem.UNCHANGED: _("C'est déjà la date limite en vigueur."),
    ExtensionProblem.SHORTENED: _("Une date limite ne se raccourcit pas une fois l'appel ouvert."),
    ExtensionProblem.BEFORE_OPENING: _("La date limite doit suivre l'ouverture."),
    ExtensionProblem.IN_THE_PAST: _("La nouvelle date limite est déjà passée."),
    ExtensionProblem.SECOND_PERSON_REQUIRED: _(
        "L'heure est passée : prolonger serait une réouverture, qui demande une seconde personne."
    ),
}
ANCHORS = {ExtensionProblem.REASON_REQUIRED: "id_reason"}


def resolve(wall_on: date, wall_time: time, *, anchor: str = "id_closes_on") -> datetime:
    """The instant of a wall time in Rabat. Raises `Refused` with the code of the `WallTimeFault`."""
    try:
        return resolve_wall_time(wall_on, wall_time)
    except InvalidWallTime as fault:
        raise Refused([Blocker(fault.code.value, WALL_TIME_SENTENCES[fault.code], anchor)]) from fault


@transaction.atomic
def set_first_deadline(
    call: Call, *, wall_on: date, wall_time: time, version: int, by: User, at: datetime
) -> Deadline:
    """The closing time of a draft; it may still be replaced.

    Raises `Refused`: `call_frozen`, `edited_meanwhile`, `nonexistent`, `ambiguous`, `in_the_past`.
    """
    locked = lock_draft(call, version=version)
    closes_at = resolve(wall_on, wall_time)
    if closes_at <= at:
        raise Refused([Blocker("in_the_past", _("La date limite est déjà passée."), "id_closes_on")])
    deadline, _created = Deadline.objects.update_or_create(
        call=locked,
        version=1,
        defaults={
            "kind": DeadlineKind.INITIAL,
            "wall_on": wall_on,
            "wall_time": wall_time,
            "zone": ZONE,
            "closes_at": closes_at,
            "tzdata_version": tzdata.IANA_VERSION,
            "set_by": by,
            "set_at": at,
        },
    )
    touch(locked, CallSection.DATES)
    locked.save()
    changes = {"wall": f"{wall_on} {wall_time:%H:%M}", "closes_at": closes_at.isoformat()}
    record_edit(locked, CallSection.DATES, by=by, at=at, changes=changes)
    return deadline


@transaction.atomic
def extend_deadline(
    call: Call, *, wall_on: date, wall_time: time, reason: str, by: User, at: datetime
) -> Deadline:
    """A later version of the closing time, with its reason, and a notice to every team of the call.

    Raises `Refused` with the codes of `ExtensionProblem`, `nonexistent` or `ambiguous`.
    """
    locked = Call.objects.select_for_update(of=("self",)).prefetch_related("deadlines").get(pk=call.pk)
    in_force = locked.deadline_in_force
    if in_force is None:
        raise Refused([_blocker(ExtensionProblem.CALL_NOT_ANNOUNCED)])
    closes_at = resolve(wall_on, wall_time)
    status = CallStatus(locked.status)
    problems = extension_problems(
        status=status,
        opens_at=locked.opens_at,
        closes_at=in_force.closes_at,
        new_closes_at=closes_at,
        reason=reason,
        at=at,
        proposed_by=by.pk,
    )
    if problems:
        raise Refused([_blocker(problem) for problem in problems])
    deadline = Deadline.objects.create(
        call=locked,
        version=in_force.version + 1,
        kind=kind_of_change(status, closes_at=in_force.closes_at, at=at),
        wall_on=wall_on,
        wall_time=wall_time,
        zone=ZONE,
        closes_at=closes_at,
        tzdata_version=tzdata.IANA_VERSION,
        reason=reason.strip(),
        announced_on=local_day(at),
        set_by=by,
        set_at=at,
    )
    detail = {
        "version": deadline.version,
        "before": in_force.closes_at.isoformat(),
        "closes_at": closes_at.isoformat(),
        "reason": deadline.reason,
    }
    audit.record("call.deadline_extended", by=by, at=at, subject=locked, call_code=locked.code, detail=detail)
    notify_teams(
        "deadline_extended",
        locked,
        at=at,
        params=_notice_params(locked, deadline),
        key=f"{locked.code}:{deadline.version}",
    )
    return deadline


def _notice_params(call: Call, deadline: Deadline) -> dict[str, str]:
    return {
        "code": call.code,
        "title_fr": call.title_fr,
        "title_ar": call.title_ar,
        "closes_fr": formats.instant(deadline.closes_at, language="fr"),
        "closes_ar": formats.instant(deadline.closes_at, language="ar"),
        "reason": deadline.reason,
    }


def _blocker(problem: ExtensionProblem) -> Blocker:
    return Blocker(problem.value, EXTENSION_SENTENCES[problem], ANCHORS.get(problem, "id_closes_on"))
