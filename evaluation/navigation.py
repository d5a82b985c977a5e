"""What the header offers to jurors and to those who prepare or sign decisions."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.permissions import roles_of
from evaluation.models import JuryMember


def jury_items(user, *, at: datetime) -> list[tuple[str | Promise, str]]:
    """Staff never sit on a jury: only people without a standing role are looked up."""
    if roles_of(user, at=at):
        return []
    seated = JuryMember.objects.filter(user=user, removed_at__isnull=True).exists()
    return [(_("Jury"), "evaluation:jury-home")] if seated else []


def decision_items(user, *, at: datetime) -> list[tuple[str | Promise, str]]:
    if not roles_of(user, at=at) - {Role.ADMINISTRATOR}:
        return []
    return [(_("Décisions"), "evaluation:decisions-home")]


def has_jury_seat(user, *, at: datetime) -> bool:
    """Whether the second factor is asked of this person as a juror."""
    return JuryMember.objects.filter(user=user, removed_at__isnull=True).exists()
