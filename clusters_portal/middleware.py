from collections.abc import Callable
from typing import Any
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from clusters_portal import errors_views
from clusters_portal.storage import StorageFault

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
        "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip

# No form of the portal has them: what they name is set by acts alone.
PROTECTED_FIELDS = frozenset(
    {"status", "owner", "is_staff", "is_superuser", "submitted_at", "number", "score"}
)

Handler = Callable[[HttpRequest], HttpResponse]
logger = structlog.get_logger(__name__)


class RequestIdMiddleware:
    """One id per request: on every log line, in the audit trail, on error pages and in the answer.

    Made here and never taken from the client, who could otherwise write into the trail.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid4().hex  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
            return response
        finally:
            structlog.contextvars.clear_contextvars()


class PrivateResponseMiddleware:
    """What a signed-in person sees is never kept by a browser or a proxy; no page uses the device's features."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
            patch_vary_headers(response, ["Cookie"])
        return response


class RefusedInputMiddleware:
    """Notes fields that somebody added to a form by hand, and answers a lost or unreachable file with a page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if request.method == "POST" and (added := PROTECTED_FIELDS & request.POST.keys()):
            logger.warning("protected_fields_posted", fields=sorted(added), path=request.path)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, StorageFault):
            return None
        logger.error("storage_fault", fault=str(exception), path=request.path)
        return errors_views.unavailable(request)
