"""Who may do what with the jury of a call. A seat is a role within one call; the staff's roles are standing."""

from datetime import datetime

from accounts.enums import Role
from accounts.permissions import has_role, roles_of
from applications.enums import CallStatus
from applications.models import Application, Call
from applications.models.dossiers import READER_ROLES
from evaluation.enums import DeclarationKind, JuryRole, LinkRuling
from evaluation.models import ConflictDeclaration, Deliberation, JuryMember

COMPOSABLE = frozenset(
    {
        CallStatus.DRAFT,
        CallStatus.ANNOUNCED,
        CallStatus.CLOSED,
        CallStatus.OPENED,
        CallStatus.EVALUATION,
    }
)
AFTER_THE_ROUND = frozenset(
    {CallStatus.DELIBERATION, CallStatus.DECIDED, CallStatus.PUBLISHED, CallStatus.ARCHIVED}
)


def seat_in(user, call: Call) -> JuryMember | None:
    """The person's present seat in the call's jury; kept on the user instance, so one query a request."""
    if not user.is_authenticated:
        return None
    seats = user.__dict__.setdefault("_jury_seats", {})
    if call.pk not in seats:
        seats[call.pk] = JuryMember.objects.filter(call=call, user=user, removed_at__isnull=True).first()
    return seats[call.pk]


def remember_seat(user, seat: JuryMember) -> None:
    """For a page that already read the person's seat with something else."""
    user.__dict__.setdefault("_jury_seats", {})[seat.call_id] = seat


def is_chair(user, call: Call) -> bool:
    seat = seat_in(user, call)
    return seat is not None and seat.role == JuryRole.CHAIR


def is_manager(user, *, at: datetime) -> bool:
    return has_role(user, Role.CALL_MANAGER, at=at)


def may_enter(user, call: Call, *, at: datetime) -> bool:
    """Whether the jury's pages of this call exist at all for the person."""
    if call.is_historical:
        return False
    return seat_in(user, call) is not None or bool(roles_of(user, at=at) & READER_ROLES)


def may_compose(user, call: Call, *, at: datetime) -> bool:
    return call.status in COMPOSABLE and (is_manager(user, at=at) or is_chair(user, call))


def may_see_composition(user, call: Call, *, at: datetime) -> bool:
    return is_manager(user, at=at) or is_chair(user, call)


def may_start(user, call: Call, *, at: datetime) -> bool:
    return call.status == CallStatus.OPENED and is_manager(user, at=at)


def may_follow(user, call: Call, *, at: datetime) -> bool:
    """Who has declared and sent, never what: the chair and the call manager, once marking has begun."""
    started = call.status == CallStatus.EVALUATION or call.status in AFTER_THE_ROUND
    return started and (is_manager(user, at=at) or is_chair(user, call))


def may_assign(user, call: Call, *, at: datetime) -> bool:
    return call.status == CallStatus.EVALUATION and may_follow(user, call, at=at)


def may_declare(user, call: Call) -> bool:
    """A late conflict can be declared until the chair signs: the action refuses after that."""
    return seat_in(user, call) is not None and call.status in (CallStatus.EVALUATION, CallStatus.DELIBERATION)


def may_rule(user, declaration: ConflictDeclaration, *, at: datetime) -> bool:
    """The chair rules on the links of others; the call manager on the chair's, and where the chair is tied too."""
    call = declaration.juror.call
    if chair_stands_back(declaration):
        return is_manager(user, at=at)
    return is_chair(user, call)


def chair_stands_back(declaration: ConflictDeclaration) -> bool:
    if declaration.juror.role == JuryRole.CHAIR:
        return True
    chairs = JuryMember.objects.filter(
        call_id=declaration.juror.call_id, role=JuryRole.CHAIR, removed_at__isnull=True
    )
    return (
        ConflictDeclaration.objects.filter(application_id=declaration.application_id, juror__in=chairs)
        .exclude(kind=DeclarationKind.NONE)
        .exclude(ruling=LinkRuling.KEEP)
        .exists()
    )


def may_close_round(user, call: Call) -> bool:
    return call.status == CallStatus.EVALUATION and is_chair(user, call)


def may_see_ranking(user, call: Call, *, at: datetime) -> bool:
    """Nobody before the chair has closed the round; then the jury and those who prepare or supervise."""
    if call.status not in AFTER_THE_ROUND:
        return False
    return seat_in(user, call) is not None or bool(roles_of(user, at=at) & READER_ROLES)


def may_see_deliberation(user, call: Call, *, at: datetime) -> bool:
    if call.status not in AFTER_THE_ROUND:
        return False
    return is_chair(user, call) or bool(roles_of(user, at=at) & READER_ROLES)


def may_hold_deliberation(user, call: Call) -> bool:
    return call.status == CallStatus.DELIBERATION and is_chair(user, call)


def may_settle(user, application: Application, *, at: datetime) -> bool:
    """The chair settles each dossier; the call manager enters what the panel decided where the chair is recused."""
    call = application.call
    if call.status != CallStatus.DELIBERATION:
        return False
    if chair_is_recused(application):
        return is_manager(user, at=at)
    return is_chair(user, call)


def chair_is_recused(application: Application) -> bool:
    return (
        ConflictDeclaration.objects.recusals()
        .filter(application=application, juror__role=JuryRole.CHAIR, juror__removed_at__isnull=True)
        .exists()
    )


def may_read_minutes(user, deliberation: Deliberation, *, at: datetime) -> bool:
    """Staff who read dossiers; the jury's members whom no dossier of the call recuses, since it speaks of all."""
    if deliberation.signed_at is None:
        return False
    if roles_of(user, at=at) & READER_ROLES:
        return True
    seat = seat_in(user, deliberation.call)
    return seat is not None and not ConflictDeclaration.objects.recusals().filter(juror=seat).exists()
