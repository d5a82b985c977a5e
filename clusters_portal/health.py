"""/healthz says that the process lives, /readyz that it can do its work. The outside learns one word."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clusters_portal import storage, zone
from clusters_portal.celery import app

logger = logging.getLogger(__name__)

# Anybody may ask: the checks, one of which writes, run at most this often in one process.
KEEP_SECONDS = 5.0
FORWARDING_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")


class NotReady(Exception):
    """A check's sentence on what is wrong."""


@dataclass(frozen=True)
class Result:
    name: str
    fault: str


_kept: tuple[float, list[Result]] | None = None


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    results = _results()
    sound = not any(result.fault for result in results)
    status = 200 if sound else 503
    if _may_see_detail(request, results):
        return JsonResponse({result.name: result.fault or "ok" for result in results}, status=status)
    return HttpResponse("ok\n" if sound else "not ready\n", content_type="text/plain", status=status)


def run_checks() -> list[Result]:
    """Every check, those of settings.READINESS_CHECKS too; each is a function that raises when something is wrong."""
    checks: dict[str, Callable[[], None]] = {
        "database": check_database,
        "zone": zone.check,
        "broker": check_broker,
        "storage": check_storage,
    }
    for dotted in settings.READINESS_CHECKS:
        checks[dotted.rpartition(".")[2].removeprefix("check_")] = import_string(dotted)
    return [Result(name, _fault(name, check)) for name, check in checks.items()]


def forget() -> None:
    """Let the next request run the checks again."""
    global _kept
    _kept = None


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_broker() -> None:
    with app.connection_for_read() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=2)
        broker.default_channel.client.ping()


def check_storage() -> None:
    key, content = f"health/{uuid4().hex}", b"written and read back"
    stored = storage.put(key, content)
    try:
        storage.read(key, sha256=stored.sha256)
    finally:
        storage.delete(key)


def _results() -> list[Result]:
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > KEEP_SECONDS:
        _kept = (now, run_checks())
    return _kept[1]


def _fault(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:
        logger.error("not ready", extra={"check": name, "reason": f"{type(error).__name__}: {error}"})
        return f"{type(error).__name__}: {error}"
    return ""


def _may_see_detail(request: HttpRequest, results: list[Result]) -> bool:
    direct = not any(header in request.headers for header in FORWARDING_HEADERS)
    if direct and request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1"):
        return True
    # Without a database nobody can be recognised.
    if any(result.name == "database" and result.fault for result in results):
        return False
    return bool(request.user.is_authenticated and request.user.is_staff)
