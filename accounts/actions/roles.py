from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import audit, notices
from accounts.enums import Role
from accounts.models import RoleGrant, User
from accounts.permissions import day_in_rabat, forget_standing
from clusters_portal.errors import Blocker, Refused

ROLE_GRANTED = "role.granted"
ROLE_REVOKED = "role.revoked"

# An administrator handles accounts and settings and never meets the content of a dossier.
DOSSIER_ROLES = frozenset(Role) - {Role.ADMINISTRATOR}


@transaction.atomic
def grant_role(
    user: User,
    role: Role,
    *,
    by: User | None,
    at: datetime,
    starts_on: date,
    ends_on: date | None = None,
    deputy_for: User | None = None,
    act_reference: str = "",
    notify: bool = True,
) -> RoleGrant:
    """Give a role in [starts_on, ends_on). `by=None` is the server's command line, before anybody can log in."""
    # The person's row is locked so that two administrators cannot grant a forbidden pair at once.
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    blockers = _blockers(
        user,
        role,
        by=by,
        starts_on=starts_on,
        ends_on=ends_on,
        deputy_for=deputy_for,
        act_reference=act_reference,
    )
    if blockers:
        raise Refused(blockers)
    grant = RoleGrant.objects.create(
        user=user,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        deputy_for=deputy_for,
        act_reference=act_reference,
        granted_by=by,
        granted_at=at,
    )
    params = _params(grant)
    audit.record(
        ROLE_GRANTED,
        by=by,
        at=at,
        subject=user,
        detail={
            **params,
            "deputy_for": str(deputy_for.pk) if deputy_for else "",
            "act_reference": act_reference,
        },
    )
    if notify:
        notices.notify("role_granted", [user], at=at, params=params, url="/compte/profil/", key=str(grant.pk))
    forget_standing(user)
    return grant


@transaction.atomic
def revoke_role(
    grant: RoleGrant, *, by: User, at: datetime, reason: str, ends_on: date | None = None
) -> RoleGrant:
    """End a role from this day on (today in Rabat unless said), never before it started; the row stays."""
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant.pk)
    ends_on = max(ends_on or day_in_rabat(at), grant.starts_on)
    if by.pk == grant.user_id:
        raise Refused([Blocker("own_role", _("Vous ne pouvez pas retirer votre propre rôle."))])
    if grant.ends_on is not None and grant.ends_on <= ends_on:
        raise Refused([Blocker("already_ended", _("Ce rôle a déjà pris fin."))])
    if not reason.strip():
        raise Refused([Blocker("reason_missing", _("Indiquez la raison du retrait."), "reason")])
    grant.ends_on = ends_on
    grant.save(update_fields=["ends_on"])
    params = _params(grant)
    audit.record(ROLE_REVOKED, by=by, at=at, subject=grant.user, detail={**params, "reason": reason})
    notices.notify(
        "role_revoked", [grant.user], at=at, params=params, url="/compte/profil/", key=str(grant.pk)
    )
    forget_standing(grant.user)
    return grant


def _params(grant: RoleGrant) -> dict[str, str]:
    return {
        "role": grant.role,
        "starts_on": grant.starts_on.isoformat(),
        "ends_on": grant.ends_on.isoformat() if grant.ends_on else "",
    }


def _blockers(
    user: User,
    role: Role,
    *,
    by: User | None,
    starts_on: date,
    ends_on: date | None,
    deputy_for: User | None,
    act_reference: str,
) -> list[Blocker]:
    found = []
    if by is not None and by.pk == user.pk:
        found.append(Blocker("own_role", _("Vous ne pouvez pas vous attribuer un rôle."), "user"))
    if not user.is_active:
        found.append(Blocker("inactive", _("Ce compte est désactivé : réactivez-le d'abord."), "user"))
    if ends_on is not None and ends_on <= starts_on:
        found.append(Blocker("empty_period", _("La date de fin doit suivre la date de début."), "ends_on"))
        return found
    rivals = DOSSIER_ROLES if role == Role.ADMINISTRATOR else {Role.ADMINISTRATOR}
    held = RoleGrant.objects.filter(user=user).overlapping(starts_on, ends_on)
    if held.filter(role__in=rivals).exists():
        message = _(
            "Un administrateur ne peut avoir au même moment un rôle qui donne accès aux dossiers. "
            "Retirez d'abord l'autre rôle ou choisissez d'autres dates."
        )
        found.append(Blocker("administrator_and_dossier_role", message, "role"))
    if held.filter(role=role).exists():
        found.append(Blocker("already_held", _("Cette personne a déjà ce rôle à ces dates."), "role"))
    if deputy_for is not None:
        found += _deputy_blockers(user, role, deputy_for, starts_on, ends_on, act_reference)
    return found


def _deputy_blockers(
    user: User, role: Role, deputy_for: User, starts_on: date, ends_on: date | None, act_reference: str
) -> list[Blocker]:
    found = []
    if deputy_for.pk == user.pk:
        found.append(Blocker("own_deputy", _("Une personne ne supplée pas elle-même."), "deputy_for"))
    if ends_on is None:
        found.append(Blocker("deputy_without_end", _("Une suppléance a une date de fin."), "ends_on"))
        return found
    if not act_reference.strip():
        found.append(
            Blocker(
                "deputy_without_act", _("Indiquez l'acte de délégation de la suppléance."), "act_reference"
            )
        )
    # One grant must cover the whole time: a deputy has no more than the person deputised.
    covering = RoleGrant.objects.filter(user=deputy_for, role=role, starts_on__lte=starts_on)
    if not covering.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=ends_on)).exists():
        message = _("La personne suppléée n'a pas ce rôle pendant toute cette période.")
        found.append(Blocker("deputised_lacks_role", message, "deputy_for"))
    return found
