"""What a person may do outside of any call. One query tells the roles, the unread notices and the second factor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.enums import Role
from accounts.models import AuditEvent, Notice, RoleGrant, User

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


@dataclass(frozen=True)
class Standing:
    """What every page wants to know of the signed-in person on one day."""

    at: datetime
    on: date
    roles: frozenset[Role]
    unread_count: int
    has_second_factor: bool


NOBODY = Standing(
    at=datetime.min.replace(tzinfo=UTC),
    on=date.min,
    roles=frozenset(),
    unread_count=0,
    has_second_factor=False,
)


def day_in_rabat(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def standing_of(user: User | AnonymousUser, *, at: datetime) -> Standing:
    """One query, kept on the user instance: it lives as long as the request."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    on = day_in_rabat(at)
    cached: Standing | None = getattr(user, "_standing", None)
    if cached is None or cached.on != on:
        cached = _read_standing(user, at, on)
        user.__dict__["_standing"] = cached
    return cached


def cached_standing(user: User | AnonymousUser) -> Standing | None:
    """The standing that this request already read, if any."""
    return getattr(user, "_standing", None)


def forget_standing(user: User) -> None:
    """For whoever changes roles, notices or factors and goes on with the same instance."""
    user.__dict__.pop("_standing", None)


def roles_of(user: User | AnonymousUser, *, at: datetime) -> frozenset[Role]:
    return standing_of(user, at=at).roles


def has_role(user: User | AnonymousUser, role: Role, *, at: datetime) -> bool:
    return role in roles_of(user, at=at)


def may_read_trail(user: User | AnonymousUser, *, at: datetime) -> bool:
    return has_role(user, Role.AUDITOR, at=at)


def may_manage_people(user: User | AnonymousUser, *, at: datetime) -> bool:
    return has_role(user, Role.ADMINISTRATOR, at=at)


def visible_events(user: User | AnonymousUser, *, at: datetime) -> QuerySet[AuditEvent]:
    """The whole trail but the acts that are still under seal: whoever reads it would learn who applies."""
    if not may_read_trail(user, at=at):
        return AuditEvent.objects.none()
    events = AuditEvent.objects.all()
    for sealed in _seals:
        events = events.exclude(sealed())
    return events


def seal_events(sealed: Callable[[], Q]) -> None:
    """For the `ready()` of an app above this one: `sealed` tells which acts nobody may read yet."""
    _seals.append(sealed)


_seals: list[Callable[[], Q]] = []


def visible_notices(user: User | AnonymousUser) -> QuerySet[Notice]:
    return Notice.objects.filter(user_id=user.pk) if user.is_authenticated else Notice.objects.none()


def _read_standing(user: User, at: datetime, on: date) -> Standing:
    grants = RoleGrant.objects.active(on).filter(user_id=OuterRef("pk"))
    factors = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=SECOND_FACTORS)
    flags = {f"has_{role.value}": Exists(grants.filter(role=role)) for role in Role}
    row = (
        User.objects.filter(pk=user.pk)
        .annotate(unread=Count("notices", filter=Q(notices__read_at__isnull=True)))
        .annotate(has_second_factor=Exists(factors), **flags)
        .values("unread", "has_second_factor", *flags)
        .first()
    )
    if row is None:
        return NOBODY
    return Standing(
        at=at,
        on=on,
        roles=frozenset(role for role in Role if row[f"has_{role.value}"]),
        unread_count=row["unread"],
        has_second_factor=row["has_second_factor"],
    )
