"""The team of a dossier: invitations, seats, rights."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.mailing import queue_mail
from accounts.models import User
from applications.actions.dossiers import NOT_THE_OWNER, STAFF_NEVER_APPLIES, lock_dossier
from applications.enums import TeamRole
from applications.models import Application, TeamInvitation, TeamMember
from applications.permissions.dossiers import may_join_team, may_manage_team, seat_of
from clusters_portal.errors import Blocker, Refused

VALID_FOR = timedelta(days=7)
TEAM_MAXIMUM = 20

ALREADY_IN = Blocker("already_in_team", _("Cette personne fait déjà partie de l'équipe."), anchor="id_email")
TEAM_FULL = Blocker(
    "team_full", _("L'équipe est complète : 20 personnes au plus, invitations comprises. Retirez-en une.")
)
OWNER_STAYS = Blocker("owner_stays", _("Le titulaire ne peut pas être retiré de son dossier."))
READER_NEVER_DEPOSITS = Blocker("reader_never_deposits", _("Un lecteur ne peut pas déposer."))
NOT_VALID = Blocker(
    "invitation_not_valid",
    _(
        "Ce lien a déjà servi, a expiré ou a été annulé. Demandez une nouvelle invitation au titulaire du dossier."
    ),
)
OTHER_ADDRESS = Blocker(
    "invitation_for_another_address",
    _("Cette invitation est adressée à une autre adresse que celle de votre compte."),
)


@transaction.atomic
def invite(
    application: Application, *, by: User, at: datetime, email: str, role: TeamRole, may_deposit: bool = False
) -> TeamInvitation:
    """Mail a one-use link, valid seven days; an earlier pending invitation to the address is replaced."""
    application = _managed(application, by)
    _check_right(role, may_deposit)
    email = email.strip()
    seated = User.objects.filter(team_memberships__application=application)
    if seated.filter(email__iexact=email).exists():
        raise Refused([ALREADY_IN])
    pending = pending_invitations(application, at=at)
    pending.filter(email__iexact=email).update(revoked_at=at)
    if seated.count() + pending.count() >= TEAM_MAXIMUM:
        raise Refused([TEAM_FULL])
    token = secrets.token_urlsafe(32)
    invitation = TeamInvitation.objects.create(
        application=application,
        email=email,
        role=role,
        may_deposit=may_deposit,
        token_digest=digest_of(token),
        invited_by=by,
        invited_at=at,
        expires_at=at + VALID_FOR,
    )
    _mail(invitation, token, at=at)
    _record(
        "team.invited",
        application,
        by=by,
        at=at,
        invitation=str(invitation.pk),
        role=role,
        may_deposit=may_deposit,
    )
    return invitation


@transaction.atomic
def accept(token: str, *, by: User, at: datetime) -> TeamMember:
    """The invited person takes the seat; the link then no longer works."""
    invitation = TeamInvitation.objects.filter(token_digest=digest_of(token)).first()
    if invitation is None:
        raise Refused([NOT_VALID])
    application = lock_dossier(invitation.application)
    invitation.refresh_from_db()
    blockers = invitation_blockers(invitation, user=by, at=at)
    if blockers:
        raise Refused(blockers)
    if TeamMember.objects.filter(application=application, user=by).exists():
        raise Refused([ALREADY_IN])
    invitation.accepted_at, invitation.accepted_by = at, by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    seat = TeamMember.objects.create(
        application=application,
        user=by,
        role=invitation.role,
        may_deposit=invitation.may_deposit,
        added_by=invitation.invited_by,
        added_at=at,
    )
    _record("team.joined", application, by=by, at=at, role=seat.role, may_deposit=seat.may_deposit)
    return seat


@transaction.atomic
def revoke(application: Application, invitation_id: UUID, *, by: User, at: datetime) -> None:
    """A pending invitation stops working; one that no longer pends is left as it is."""
    application = _managed(application, by)
    changed = pending_invitations(application, at=at).filter(pk=invitation_id).update(revoked_at=at)
    if changed:
        _record("team.invitation_revoked", application, by=by, at=at, invitation=str(invitation_id))


@transaction.atomic
def change_seat(seat: TeamMember, *, by: User, at: datetime, role: TeamRole, may_deposit: bool) -> TeamMember:
    application = _managed(seat.application, by)
    _check_right(role, may_deposit)
    seat = TeamMember.objects.get(pk=seat.pk, application=application)
    if seat.role == TeamRole.OWNER:
        raise Refused([OWNER_STAYS])
    seat.role, seat.may_deposit = role, may_deposit
    seat.save(update_fields=["role", "may_deposit"])
    _record(
        "team.seat_changed",
        application,
        by=by,
        at=at,
        user=str(seat.user_id),
        role=role,
        may_deposit=may_deposit,
    )
    return seat


@transaction.atomic
def remove_seat(seat: TeamMember, *, by: User, at: datetime) -> None:
    """The owner removes anybody but the owner."""
    application = _managed(seat.application, by)
    if seat.role == TeamRole.OWNER:
        raise Refused([OWNER_STAYS])
    user_id = str(seat.user_id)
    TeamMember.objects.filter(pk=seat.pk, application=application).delete()
    _record("team.removed", application, by=by, at=at, user=user_id)


def invitation_blockers(invitation: TeamInvitation, *, user: User, at: datetime) -> list[Blocker]:
    """Why `user` can't take this seat; the same answer on the page and in the act."""
    if invitation.accepted_at or invitation.revoked_at or at >= invitation.expires_at:
        return [NOT_VALID]
    if invitation.email.casefold() != user.email.casefold():
        return [OTHER_ADDRESS]
    if not may_join_team(user, invitation.application.call, at=at):
        return [STAFF_NEVER_APPLIES]
    return []


def pending_invitations(application: Application, *, at: datetime) -> QuerySet[TeamInvitation]:
    usable = Q(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at)
    return TeamInvitation.objects.filter(usable, application=application)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _managed(application: Application, by: User) -> Application:
    application = lock_dossier(application)
    if not may_manage_team(seat_of(by, application)):
        raise Refused([NOT_THE_OWNER])
    return application


def _check_right(role: TeamRole, may_deposit: bool) -> None:
    if role == TeamRole.OWNER:
        raise Refused([OWNER_STAYS])
    if role == TeamRole.READER and may_deposit:
        raise Refused([READER_NEVER_DEPOSITS])


def _mail(invitation: TeamInvitation, token: str, *, at: datetime) -> None:
    """In the language of the invited person's account; in the inviter's where there is none yet."""
    known = User.objects.filter(email__iexact=invitation.email).first()
    link = settings.PORTAL_BASE_URL + reverse("applications:team_invitation", args=[token])
    with translation.override((known or invitation.invited_by).language):
        context = {"invitation": invitation, "link": link, "role": TeamRole(invitation.role).label}
        subject = render_to_string("applications/applicant/mail/invitation.subject.txt", context)
        text = render_to_string("applications/applicant/mail/invitation.txt", context)
        queue_mail(invitation.email, subject, text, at=at, key=f"invitation:{invitation.pk}", forget=True)


def _record(verb: str, application: Application, *, by: User, at: datetime, **detail: object) -> None:
    audit.record(verb, by=by, at=at, subject=application, call_code=application.call.code, detail=detail)
