"""What the header offers to jurors and to those who prepare or sign decisions."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.permissions import roles_of
from evaluation.models import JuryMember


def jury_items(user, *, at: datetime) -> list[tuple[str | Promise, str]]:
    """Staff never sit on a jury: only people without a standing role are looked up. The call manager composes it."""
    roles = roles_of(user, at=at)
    if Role.CALL_MANAGER in roles or (not roles and sits_on_a_jury(user)):
        return [(_("Jury"), "evaluation:jury-home")]
    return []


def sits_on_a_jury(user) -> bool:
    """At most one query in a request; none where the page already read a seat."""
    if any(user.__dict__.get("_jury_seats", {}).values()):
        return True
    if "_sits_on_a_jury" not in user.__dict__:
        user._sits_on_a_jury = JuryMember.objects.seated().filter(user=user).exists()
    return user._sits_on_a_jury


def decision_items(user, *, at: datetime) -> list[tuple[str | Promise, str]]:
    if not roles_of(user, at=at) - {Role.ADMINISTRATOR}:
        return []
    return [(_("Décisions"), "evaluation:decisions-home")]


def has_jury_seat(user, *, at: datetime) -> bool:
    """Whether the second factor is asked of this person as a juror."""
    return sits_on_a_jury(user)
