from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.enums import Language
from accounts.models import Notice, User
from accounts.permissions import forget_standing
from clusters_portal.errors import Blocker, Refused

USER_CREATED = "user.created"
USER_SIGNED_UP = "user.signed_up"
USER_DEACTIVATED = "user.deactivated"
USER_REACTIVATED = "user.reactivated"
USER_PROFILE_CHANGED = "user.profile_changed"


@transaction.atomic
def create_user(
    *,
    by: User | None,
    at: datetime,
    email: str,
    full_name: str,
    language: str = Language.FRENCH,
    organisation: str = "",
    password: str | None = None,
    is_demonstration: bool = False,
) -> User:
    """An account made for somebody, with a verified address; without a password it is set by the reset mail."""
    from allauth.account.models import EmailAddress

    email = email.strip()
    if User.objects.filter(email__iexact=email).exists():
        raise Refused([Blocker("email_taken", _("Un compte existe déjà pour cette adresse."), "email")])
    user = User.objects.create_user(
        email,
        password,
        full_name=full_name,
        language=language,
        organisation=organisation,
        is_demonstration=is_demonstration,
        date_joined=at,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    audit.record(USER_CREATED, by=by, at=at, subject=user, detail={"is_demonstration": is_demonstration})
    return user


@transaction.atomic
def update_profile(
    user: User, *, by: User, at: datetime, full_name: str, language: str, organisation: str
) -> User:
    """The person's own name, language of messages and organisation."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    wanted = {"full_name": full_name, "language": language, "organisation": organisation}
    changed = sorted(name for name, value in wanted.items() if getattr(user, name) != value)
    if not changed:
        return user
    for name in changed:
        setattr(user, name, wanted[name])
    user.save(update_fields=changed)
    # Names of fields only: the trail outlives the account, the values need not.
    audit.record(USER_PROFILE_CHANGED, by=by, at=at, subject=user, detail={"fields": changed})
    return user


@transaction.atomic
def deactivate_user(user: User, *, by: User, at: datetime, reason: str) -> User:
    """Close an account: its sessions end at the next request, its acts stay."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.pk == by.pk:
        raise Refused([Blocker("own_account", _("Vous ne pouvez pas désactiver votre propre compte."))])
    if not user.is_active:
        raise Refused([Blocker("already_inactive", _("Ce compte est déjà désactivé."))])
    if not reason.strip():
        raise Refused([Blocker("reason_missing", _("Indiquez la raison."), "reason")])
    user.is_active = False
    user.save(update_fields=["is_active"])
    audit.record(USER_DEACTIVATED, by=by, at=at, subject=user, detail={"reason": reason})
    return user


@transaction.atomic
def reactivate_user(user: User, *, by: User, at: datetime, reason: str) -> User:
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.is_active:
        raise Refused([Blocker("already_active", _("Ce compte est déjà actif."))])
    if not reason.strip():
        raise Refused([Blocker("reason_missing", _("Indiquez la raison."), "reason")])
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(USER_REACTIVATED, by=by, at=at, subject=user, detail={"reason": reason})
    return user


@transaction.atomic
def mark_read(notice: Notice, *, by: User, at: datetime) -> bool:
    """Mark one notice of one's own as read; False when it already was."""
    done = Notice.objects.filter(pk=notice.pk, user=by, read_at__isnull=True).update(
        read_at=max(at, notice.created_at)
    )
    forget_standing(by)
    return bool(done)


@transaction.atomic
def mark_all_read(*, by: User, at: datetime) -> int:
    done = Notice.objects.filter(user=by, read_at__isnull=True, created_at__lte=at).update(read_at=at)
    forget_standing(by)
    return done
