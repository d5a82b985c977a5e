"""What a member of a team may do with its dossier. Whoever has no seat there sees nothing: the views answer 404."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from accounts.permissions import roles_of
from applications.enums import ApplicationStatus, CallPhase, TeamRole
from applications.models import Application, Call, TeamMember
from applications.models.dossiers import UNSEALED_CALL_STATUSES

WRITABLE_STATUSES = frozenset({ApplicationStatus.DRAFT, ApplicationStatus.SUBMITTED})
WRITERS = frozenset({TeamRole.OWNER, TeamRole.EDITOR})


def seat_of(user: User, application: Application) -> TeamMember | None:
    """The person's seat; reads `application.team`, prefetched or not."""
    return next((seat for seat in application.team.all() if seat.user_id == user.pk), None)


def may_write(seat: TeamMember | None) -> bool:
    """Change answers and files."""
    return seat is not None and seat.role in WRITERS


def may_deposit(seat: TeamMember | None) -> bool:
    """The owner always; an editor when the owner has given that right."""
    return seat is not None and (seat.role == TeamRole.OWNER or (seat.may_deposit and may_write(seat)))


def may_withdraw(seat: TeamMember | None) -> bool:
    return seat is not None and seat.role == TeamRole.OWNER


def may_manage_team(seat: TeamMember | None) -> bool:
    return seat is not None and seat.role == TeamRole.OWNER


def is_writable(application: Application, phase: CallPhase) -> bool:
    """The working copy takes changes while the call is open and the dossier is neither withdrawn nor examined."""
    return phase == CallPhase.OPEN and application.status in WRITABLE_STATUSES


def may_join_team(user: User, call: Call, *, at: datetime) -> bool:
    """Whoever holds a role at the Ministry, or is barred by a later app (a juror of the call), never applies."""
    return not roles_of(user, at=at) and not any(bar(user, call) for bar in _bars)


def sealed_events() -> Q:
    """Acts on a dossier whose envelope is not open: staff and auditors must not learn who applies, nor when."""
    opened = Call.objects.filter(status__in=UNSEALED_CALL_STATUSES).values("code")
    return Q(subject_type=Application._meta.label_lower) & ~Q(call_code__in=opened)


def bar_from_teams(bar: Callable[[User, Call], bool]) -> None:
    """For the `ready()` of an app above this one: `bar` says that a person can't stand in a team of the call."""
    _bars.append(bar)


_bars: list[Callable[[User, Call], bool]] = []
