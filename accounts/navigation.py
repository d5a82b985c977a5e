"""What the header offers to a person. The layers above add their own entries through settings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import may_manage_people, may_read_trail

Provider = Callable[..., "list[tuple[str | Promise, str]]"]


@dataclass(frozen=True)
class Entry:
    label: str | Promise
    url: str
    is_current: bool


def entries_for(user: User, *, at: datetime, path: str) -> list[Entry]:
    """Ask each of settings.NAVIGATION_PROVIDERS, called as `provider(user, at=at) -> [(label, url_name)]`."""
    found: list[Entry] = []
    for name in settings.NAVIGATION_PROVIDERS:
        provider: Provider = import_string(name)
        for label, url_name in provider(user, at=at):
            url = reverse(url_name)
            found.append(Entry(label, url, is_current=path.startswith(url)))
    return found


def account_entries(user: User, *, at: datetime) -> list[tuple[str | Promise, str]]:
    """The provider of this layer."""
    found: list[tuple[str | Promise, str]] = []
    if may_read_trail(user, at=at):
        found.append((_("Journal"), "accounts:trail"))
    if may_manage_people(user, at=at):
        found.append((_("Personnes"), "accounts:people"))
    return found
