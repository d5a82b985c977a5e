from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.navigation import entries_for
from accounts.permissions import NOBODY, Standing, cached_standing, standing_of
from clusters_portal import clock


def portal(request: HttpRequest) -> dict[str, Any]:
    """`roles` (codes), `unread_count`, `navigation` (entries with label, url, is_current) and `demonstration`.

    Nothing is asked before a template prints it, and an anonymous visitor costs no query.
    """
    standing = SimpleLazyObject(lambda: _standing(request))
    return {
        "roles": SimpleLazyObject(lambda: frozenset(role.value for role in standing.roles)),
        "unread_count": SimpleLazyObject(lambda: standing.unread_count),
        "navigation": SimpleLazyObject(lambda: _navigation(request, standing)),
        "demonstration": settings.DEMONSTRATION,
    }


def _standing(request: HttpRequest) -> Standing:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return NOBODY
    # What the view already asked serves the header too.
    return cached_standing(user) or standing_of(user, at=clock.now())


def _navigation(request: HttpRequest, standing: Any) -> list[Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or standing.on == NOBODY.on:
        return []
    return entries_for(user, at=standing.at, path=request.path)
