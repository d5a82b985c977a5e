import json
import logging
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.forms.trail import TrailFilter
from accounts.models import AuditEvent
from accounts.permissions import may_read_trail, visible_events
from clusters_portal import clock
from clusters_portal.csv_export import csv_response

logger = logging.getLogger(__name__)

PAGE_SIZE = 50


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    form, events = _filtered(request)
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "count": page.paginator.count}
    return render(request, "accounts/trail.html", context)


@require_safe
def trail_csv(request: HttpRequest) -> HttpResponseBase:
    _form, events = _filtered(request)
    logger.info("trail exported", extra={"user": str(request.user.pk), "filter": request.GET.urlencode()})
    header = [
        _("Chaîne"),
        _("Rang"),
        _("Instant (UTC)"),
        _("Auteur"),
        _("Acte"),
        _("Objet"),
        _("Identifiant"),
        _("Appel"),
        _("Détail"),
        _("Requête"),
        _("Empreinte"),
    ]
    return csv_response("journal.csv", header, _rows(events))


def _filtered(request: HttpRequest) -> tuple[TrailFilter, QuerySet[AuditEvent]]:
    at = clock.now()
    if not may_read_trail(request.user, at=at):
        raise PermissionDenied
    form = TrailFilter(request.GET)
    return form, form.apply(visible_events(request.user, at=at)).order_by("-pk")


def _rows(events: QuerySet[AuditEvent]) -> Iterator[list[object]]:
    for event in events.iterator(chunk_size=1000):
        yield [
            event.chain,
            event.position,
            event.at.isoformat(),
            event.actor_label,
            event.verb,
            event.subject_type,
            event.subject_id,
            event.call_code,
            json.dumps(event.detail, ensure_ascii=False),
            event.request_id,
            event.digest,
        ]
