"""The error pages. Each is in the reader's language, with the request's reference and the way back."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Reads no field, not even the CSRF token: they may be what could not be read."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, exception)
    return _bare(request, 400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


@requires_csrf_token
def conflict(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "409.html", status=409)


def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Drawn without the request, whose body may not be read any further."""
    return _bare(request, 413)


@requires_csrf_token
def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database, of the session or of the broker: they may be what failed."""
    return _bare(request, 500)


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    response = _bare(request, 503)
    response["Retry-After"] = "120"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _bare(request, 403, template="csrf.html")


def _bare(request: HttpRequest, status: int, *, template: str = "") -> HttpResponse:
    """A page without menu: no context processor runs, so nothing is read from the request but its reference."""
    context = {
        "request_id": getattr(request, "request_id", ""),
        "demonstration": getattr(settings, "DEMONSTRATION", False),
        "portal_contact": getattr(settings, "PORTAL_CONTACT", ""),
        "portal_logo": getattr(settings, "PORTAL_LOGO", ""),
    }
    return HttpResponse(loader.render_to_string(template or f"{status}.html", context), status=status)
