"""Composing the jury of a call: appoint, promote, remove."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, notices
from accounts.models import RoleGrant, User
from accounts.permissions import day_in_rabat
from applications.enums import CallStatus
from applications.models import Call, TeamMember
from clusters_portal.errors import Blocker, Refused
from evaluation.actions.assignments import assign_when_all_read
from evaluation.enums import EvaluationStatus, JuryRole
from evaluation.models import Evaluation, JuryMember
from evaluation.permissions.jury import COMPOSABLE


@transaction.atomic
def appoint_juror(
    call: Call, *, email: str, role: JuryRole, organisation: str, by: User, at: datetime
) -> JuryMember:
    """Give an existing account a seat; a seat that was taken back is given again. Raises `Refused`."""
    call = _lock_composable(call)
    person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise Refused(
            [
                Blocker(
                    "unknown_account",
                    _(
                        "Aucun compte actif n'a cette adresse. Demandez à la personne de créer son compte, "
                        "puis ajoutez-la."
                    ),
                    "email",
                )
            ]
        )
    blockers = [*_person_blockers(person, call, by=by, at=at), *_chair_blockers(call, role)]
    if blockers:
        raise Refused(blockers)
    seat, created = JuryMember.objects.select_for_update().get_or_create(
        call=call,
        user=person,
        defaults={"role": role, "organisation": organisation, "appointed_by": by, "appointed_at": at},
    )
    if not created:
        seat.role, seat.organisation, seat.removed_at = role, organisation, None
        seat.appointed_by, seat.appointed_at = by, at
        seat.save()
    audit.record(
        "jury.appointed",
        by=by,
        at=at,
        subject=seat,
        call_code=call.code,
        detail={"person": str(person.pk), "role": JuryRole(role).value, "organisation": organisation},
    )
    notices.notify(
        "jury_appointed",
        [person],
        at=at,
        params={"call": call.code, "title_fr": call.title_fr, "title_ar": call.title_ar or call.title_fr},
        url="/jury/",
        key=f"{seat.pk}:{at.isoformat()}",
    )
    return seat


@transaction.atomic
def change_role(seat: JuryMember, role: JuryRole, *, by: User, at: datetime) -> JuryMember:
    """A substitute steps in, a juror becomes the chair, or the other way round. Raises `Refused`."""
    call = _lock_composable(seat.call)
    seat = JuryMember.objects.select_for_update(of=("self",), no_key=True).get(pk=seat.pk)
    blockers = _chair_blockers(call, role, but=seat)
    if seat.removed_at is not None:
        blockers.append(_not_seated())
    if blockers:
        raise Refused(blockers)
    before, seat.role = seat.role, role
    seat.save(update_fields=["role"])
    # A substitute who had already declared reads at once what everybody reads.
    for declaration in seat.declarations.clearances().select_related("application__call"):
        assign_when_all_read(seat, declaration.application, by=by, at=at)
    audit.record(
        "jury.role_changed",
        by=by,
        at=at,
        subject=seat,
        call_code=call.code,
        detail={"from": before, "to": JuryRole(role).value},
    )
    return seat


@transaction.atomic
def remove_juror(seat: JuryMember, *, by: User, at: datetime) -> JuryMember:
    """Take the seat back: access ends at once, sheets already sent still count, drafts never will."""
    call = _lock_composable(seat.call)
    seat = JuryMember.objects.select_for_update(of=("self",), no_key=True).get(pk=seat.pk)
    if seat.removed_at is not None:
        raise Refused([_not_seated()])
    seat.removed_at = at
    seat.save(update_fields=["removed_at"])
    sheets = Evaluation.objects.filter(assignment__juror=seat, voided_at__isnull=True)
    audit.record(
        "jury.removed",
        by=by,
        at=at,
        subject=seat,
        call_code=call.code,
        detail={
            "person": str(seat.user_id),
            "sent_sheets_kept": sheets.filter(status=EvaluationStatus.SENT).count(),
            "drafts_left": sheets.filter(status=EvaluationStatus.DRAFT).count(),
        },
    )
    return seat


def _lock_composable(call: Call) -> Call:
    call = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if call.status not in COMPOSABLE or call.is_historical:
        message = _("Le jury ne change plus : le tour de notation est clos.")
        if call.status in (CallStatus.CANCELLED, CallStatus.ARCHIVED):
            message = _("Le jury ne change plus : l'appel est terminé.")
        raise Refused([Blocker("jury_is_final", message)])
    return call


def _person_blockers(person: User, call: Call, *, by: User, at: datetime) -> list[Blocker]:
    """The forbidden pairs of one call, each with its sentence."""
    blockers = []
    grants = RoleGrant.objects.active(day_in_rabat(at)).filter(user=person)
    roles = sorted({grant.get_role_display() for grant in grants})
    if roles:
        blockers.append(
            Blocker(
                "holds_a_role",
                _(
                    "Cette personne exerce une fonction du ministère (%(roles)s) : "
                    "elle ne peut pas siéger au jury."
                )
                % {"roles": ", ".join(roles)},
                "email",
            )
        )
    if TeamMember.objects.filter(user=person, application__call=call).exists():
        blockers.append(
            Blocker(
                "is_applicant",
                _(
                    "Cette personne fait partie de l'équipe d'un dossier de cet appel : elle ne peut pas le juger."
                ),
                "email",
            )
        )
    if JuryMember.objects.seated().filter(call=call, user=person).exists():
        blockers.append(Blocker("already_seated", _("Cette personne siège déjà au jury."), "email"))
    return blockers


def _chair_blockers(call: Call, role: JuryRole, *, but: JuryMember | None = None) -> list[Blocker]:
    if role != JuryRole.CHAIR:
        return []
    chairs = JuryMember.objects.seated().filter(call=call, role=JuryRole.CHAIR)
    if but is not None:
        chairs = chairs.exclude(pk=but.pk)
    chair = chairs.select_related("user").first()
    if chair is None:
        return []
    return [
        Blocker(
            "one_chair",
            _("Le jury a déjà un président (%(name)s) : changez d'abord son rôle.")
            % {"name": chair.user.full_name},
            "role",
        )
    ]


def _not_seated() -> Blocker:
    return Blocker("not_seated", _("Cette personne ne siège plus au jury."))
