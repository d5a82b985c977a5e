"""Looking at the portal once a minute while a call is published, so that a closing record can prove the service."""

from datetime import datetime, timedelta

import urllib3
from django.conf import settings
from urllib3.exceptions import HTTPError

from applications.enums import CallStatus
from applications.models import Call, ServiceSample
from clusters_portal import clock

EVERY = timedelta(seconds=55)
TIMEOUT_SECONDS = 5.0


def sample_service(*, at: datetime) -> ServiceSample | None:
    """Ask the portal's own address whether it answers, and note how far the host's clock is from the database's.

    Nothing is noted while no call is published, nor twice within a minute.
    """
    if not Call.objects.filter(status=CallStatus.ANNOUNCED).exists():
        return None
    last = ServiceSample.objects.order_by("-at").values_list("at", flat=True).first()
    if last is not None and at - last < EVERY:
        return None
    return ServiceSample.objects.create(
        at=at, answered=answers(settings.PORTAL_PROBE_URL), clock_offset_ms=clock.host_offset_ms()
    )


def answers(url: str) -> bool:
    """Whether a GET comes back with 200 within five seconds."""
    try:
        response = urllib3.request("GET", url, timeout=TIMEOUT_SECONDS, retries=False, redirect=False)
    except HTTPError:
        return False
    return response.status == 200
