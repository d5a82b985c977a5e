from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import standing_of
from clusters_portal import clock

ENROLMENT = "mfa_activate_totp"
# Where somebody without a second factor may go to get one, prove who they are, leave, or change the language.
ALLOWED_NAMES = {
    "account_logout",
    "account_reauthenticate",
    "account_email_verification_sent",
    "set_language",
}


def _is_fragment(request: HttpRequest) -> bool:
    """Asked by a script, which cannot show a log-in page in the middle of another."""
    return "HX-Request" in request.headers or request.headers.get("Accept", "").startswith("application/json")


class PortalLoginRequiredMiddleware(LoginRequiredMiddleware):
    """Log-in by default; a script's request is answered 401 instead of a redirect to a page."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        if _is_fragment(request):
            return HttpResponse(status=401, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
        return super().handle_no_permission(request, view_func)


class SecondFactorMiddleware:
    """Staff and jury without a second factor see public pages and the enrolment, nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not settings.MFA_REQUIRED_FOR_STAFF or not request.user.is_authenticated:
            return None
        if not getattr(view_func, "login_required", True) or self._is_allowed(request):
            return None
        if not lacks_second_factor(request.user):
            return None
        if _is_fragment(request):
            return HttpResponse(status=403, headers={"HX-Redirect": resolve_url(ENROLMENT)})
        messages.warning(
            request,
            _("Votre rôle exige une double authentification : activez-la pour continuer."),
        )
        return redirect(ENROLMENT)

    @staticmethod
    def _is_allowed(request: HttpRequest) -> bool:
        name = (request.resolver_match.url_name if request.resolver_match else None) or ""
        return name in ALLOWED_NAMES or name.startswith("mfa_")


def lacks_second_factor(user: User) -> bool:
    """Whether the person must have a second factor and has none.

    settings.MFA_SUBJECT_PROVIDERS name the functions `provider(user, at=at) -> bool` of the layers above (the jury).
    """
    at = clock.now()
    standing = standing_of(user, at=at)
    if standing.has_second_factor:
        return False
    if standing.roles or user.is_staff or user.is_superuser:
        return True
    return any(import_string(name)(user, at=at) for name in settings.MFA_SUBJECT_PROVIDERS)
