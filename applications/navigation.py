"""What the header offers to applicants and to the Ministry's staff from this app."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.permissions import roles_of
from applications.permissions.calls import may_read_calls
from applications.permissions.instruction import may_read_staff_pages


def applicant_items(user, *, at: datetime) -> list[tuple[str | Promise, str]]:
    """People without a standing role may hold dossiers."""
    return [] if roles_of(user, at=at) else [(_("Mes dossiers"), "applications:dossier_list")]


def staff_items(user, *, at: datetime) -> list[tuple[str | Promise, str]]:
    return [(_("À faire"), "applications:staff-home")] if may_read_staff_pages(user, at=at) else []


def call_items(user, *, at: datetime) -> list[tuple[str | Promise, str]]:
    return [(_("Gestion des appels"), "applications:call-list")] if may_read_calls(user, at=at) else []
