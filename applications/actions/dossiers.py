"""A dossier begins, its sections are saved, it is withdrawn and put back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, notices
from accounts.models import User
from applications.actions.transitions import advance_application
from applications.enums import ApplicationStatus, CallPhase, SectionCode, TeamRole
from applications.models import Application, Call, Cluster, Section, TeamMember
from applications.permissions.dossiers import is_writable, may_join_team, may_withdraw, may_write, seat_of
from clusters_portal.errors import Blocker, Refused

NOT_OPEN = Blocker("call_not_open", _("Cet appel ne reçoit pas de dossiers en ce moment."))
DEADLINE_PASSED = Blocker(
    "deadline_passed", _("La date limite est passée : l'appel ne reçoit plus ni dépôt ni modification.")
)
NOT_WRITABLE = Blocker(
    "dossier_read_only", _("Ce dossier n'est plus modifiable : il est retiré ou déjà à l'examen.")
)
NOT_A_WRITER = Blocker(
    "not_a_writer", _("Votre rôle dans l'équipe permet de lire ce dossier, pas de le modifier.")
)
STAFF_NEVER_APPLIES = Blocker(
    "staff_never_applies",
    _(
        "Une personne qui instruit, juge ou administre l'appel ne peut pas faire partie d'une équipe candidate."
    ),
)
NOT_THE_OWNER = Blocker("not_the_owner", _("Seul le titulaire du dossier peut faire cela."))
NOT_WITHDRAWABLE = Blocker(
    "not_withdrawable", _("Ce dossier n'est pas déposé, ou sa décision est déjà rendue.")
)
REASON_REQUIRED = Blocker("reason_required", _("Donnez la raison du retrait."), anchor="id_reason")
NOT_WITHDRAWN = Blocker("not_withdrawn", _("Ce dossier n'est pas retiré."))


class SectionConflict(Exception):
    """Somebody saved the section after the page was opened. `current` is what stands now; nothing was written."""

    def __init__(self, current: Section) -> None:
        self.current = current
        super().__init__(f"{current.code} is at version {current.version}")


@transaction.atomic
def start(call: Call, *, by: User, at: datetime) -> Application:
    """A new dossier owned by `by`; the owner's still untouched draft of this call is given back instead of a second."""
    if not may_join_team(by, call, at=at):
        raise Refused([STAFF_NEVER_APPLIES])
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    call = lock_call(call)
    if call.phase(at=at) != CallPhase.OPEN:
        raise Refused([closed_blocker(call, at=at)])
    untouched = Application.objects.filter(
        call=call,
        team__user=by,
        team__role=TeamRole.OWNER,
        status=ApplicationStatus.DRAFT,
        sections__isnull=True,
        documents__isnull=True,
    ).first()
    if untouched is not None:
        return untouched
    application = Application.objects.create(call=call, created_by=by, created_at=at, updated_at=at)
    TeamMember.objects.create(
        application=application, user=by, role=TeamRole.OWNER, may_deposit=True, added_by=by, added_at=at
    )
    audit.record("application.started", by=by, at=at, subject=application, call_code=call.code)
    return application


@transaction.atomic
def save_section(
    application: Application,
    code: SectionCode,
    data: dict[str, Any],
    *,
    by: User,
    at: datetime,
    version: int,
) -> Section:
    """Replace the working copy of one section. `version` is the one the writer saw, 0 for a section never saved.

    Raises `SectionConflict` when another writer came first with other content. Saving what already stands
    changes nothing. Not an act of the trail: what counts is sealed at the deposit.
    """
    application = lock_writable(application, by=by, at=at)
    section = Section.objects.filter(application=application, code=code).first()
    if section is not None and section.data == data:
        return section
    if section is not None and section.version != version:
        raise SectionConflict(section)
    if section is None:
        section = Section(application=application, code=code, version=0)
    section.data = data
    section.version += 1
    section.updated_by = by
    section.updated_at = at
    section.save()
    if application.status == ApplicationStatus.DRAFT:
        copy_headline(application, code, data)
    application.updated_at = at
    application.save(update_fields=["name", "track", "cluster", "updated_at"])
    return section


def copy_headline(application: Application, code: SectionCode, data: dict[str, Any]) -> None:
    """Name, track and cluster stand on the application too. Once deposited they follow the sealed version."""
    if code == SectionCode.IDENTITY:
        application.name = data.get("name", "")
    if code == SectionCode.TRACK:
        application.track = data.get("track", "")
        cluster_code = data.get("cluster", "")
        application.cluster = Cluster.objects.filter(code=cluster_code).first() if cluster_code else None


@transaction.atomic
def withdraw(application: Application, *, by: User, at: datetime, reason: str) -> Application:
    """Final after closing; before, `undo_withdrawal` puts the standing deposit back."""
    application = lock_dossier(application)
    if not may_withdraw(seat_of(by, application)):
        raise Refused([NOT_THE_OWNER])
    if application.status in (
        ApplicationStatus.DRAFT,
        ApplicationStatus.WITHDRAWN,
        ApplicationStatus.DECIDED,
    ):
        raise Refused([NOT_WITHDRAWABLE])
    if not reason.strip():
        raise Refused([REASON_REQUIRED])
    application = advance_application(
        application,
        ApplicationStatus.WITHDRAWN,
        by=by,
        at=at,
        detail={"reason": reason.strip()},
        fields={"withdrawn_at": at, "withdrawn_by": by, "withdrawal_reason": reason.strip()},
    )
    tell_team(application, "application_withdrawn", at=at)
    return application


@transaction.atomic
def undo_withdrawal(application: Application, *, by: User, at: datetime) -> Application:
    """The standing deposit counts again, as it was sealed; only while the call takes dossiers."""
    application = lock_dossier(application)
    if not may_withdraw(seat_of(by, application)):
        raise Refused([NOT_THE_OWNER])
    if application.status != ApplicationStatus.WITHDRAWN:
        raise Refused([NOT_WITHDRAWN])
    if application.call.phase(at=at) != CallPhase.OPEN:
        raise Refused([closed_blocker(application.call, at=at)])
    return advance_application(
        application,
        ApplicationStatus.SUBMITTED,
        by=by,
        at=at,
        detail={"undoes": "withdrawal"},
        fields={"withdrawn_at": None, "withdrawn_by": None, "withdrawal_reason": ""},
    )


def lock_call(call: Call) -> Call:
    """FOR SHARE, with every deadline version: an extension or a closing waits, and the rules read what is in force.

    Always taken before the application, as the acts of the staff do.
    """
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT 1 FROM applications_call WHERE id = %s FOR SHARE", [call.pk])
    return Call.objects.with_deadlines().get(pk=call.pk)


def lock_dossier(application: Application) -> Application:
    """The call for share, the application for update; both freshly read, team and deadlines included."""
    call = lock_call(application.call)
    locked = (
        Application.objects.select_for_update(of=("self",)).prefetch_related("team").get(pk=application.pk)
    )
    locked.call = call
    return locked


def lock_writable(application: Application, *, by: User, at: datetime) -> Application:
    """Locked, or `Refused` with the reason why this person may not change the working copy at this instant."""
    application = lock_dossier(application)
    if not may_write(seat_of(by, application)):
        raise Refused([NOT_A_WRITER])
    phase = application.call.phase(at=at)
    if not is_writable(application, phase):
        raise Refused([NOT_WRITABLE if phase == CallPhase.OPEN else closed_blocker(application.call, at=at)])
    return application


def closed_blocker(call: Call, *, at: datetime) -> Blocker:
    return DEADLINE_PASSED if call.closes_at is not None and at >= call.closes_at else NOT_OPEN


def tell_team(application: Application, kind: str, *, at: datetime, **params: Any) -> None:
    """A notice and a mail to each person of the team."""
    people = User.objects.filter(team_memberships__application=application)
    standing = application.standing_submission
    notices.notify(
        kind,
        people,
        at=at,
        params={
            "name": application.name,
            "call": application.call.title_fr,
            "call_ar": application.call.title_ar or application.call.title_fr,
            "number": standing.number if standing else "",
            **params,
        },
        url=f"/dossiers/{application.pk}/",
        key=f"{application.pk}:{at.isoformat()}",
    )
