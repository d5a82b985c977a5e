"""What every page of the site prints that is neither a person nor a call."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict:
    """`portal_logo`: static path of the ministry's own logo, empty by default; `portal_contact`: a mail address."""
    return {
        "portal_logo": getattr(settings, "PORTAL_LOGO", ""),
        "portal_contact": getattr(settings, "PORTAL_CONTACT", ""),
        "request_id": getattr(request, "request_id", ""),
    }
