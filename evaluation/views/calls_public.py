"""The public page of a call. It shows the grid, hence its place in this app."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.domain.deadlines import local_day
from applications.enums import CallPhase, CallStatus, SupportCount, SupportReference, Track
from applications.models import Call, Cluster, Deadline
from applications.permissions.calls import may_read_calls
from applications.views.public_calls import assumed_of, call_events, card_of, public_steps
from clusters_portal import clock
from evaluation.queries.grids import grid_rows

STEPLESS = frozenset({CallPhase.CANCELLED, CallPhase.DRAFT})
RESULT_PHASES = frozenset({CallPhase.PUBLISHED, CallPhase.ARCHIVED})


@login_not_required
@require_safe
def public_call(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    visible = Call.objects.visible_to(request.user, at=at).exclude(status=CallStatus.DRAFT)
    call = get_object_or_404(visible.with_deadlines(), code=code)
    is_staff = may_read_calls(request.user, at=at)
    return render(
        request, "evaluation/calls/public_call.html", public_context(call, at=at, is_staff=is_staff)
    )


def public_context(call: Call, *, at: datetime, is_staff: bool) -> dict[str, Any]:
    """What the page of a published call shows; also the preview of a draft."""
    card = card_of(call, at=at)
    has_rules = not call.is_historical
    rows = grid_rows(call.pk) if has_rules else None
    return {
        "call": call,
        "card": card,
        "now": at,
        "is_staff": is_staff,
        "steps": [] if call.is_historical or card.phase in STEPLESS else public_steps(card.phase),
        "events": call_events(call, at=at, with_assumed=is_staff),
        "deadlines": _deadlines(call, is_staff=is_staff),
        "pieces": _pieces(call) if has_rules else [],
        "sectors": list(call.sectors.all()) if has_rules else [],
        "tracks": [str(Track(track).label) for track in call.tracks],
        "grid": rows.grid if rows else None,
        "criteria": rows.criteria if rows else (),
        "tie_break": _tie_break(rows) if rows else [],
        "support": _support_sentence(call, is_staff=is_staff),
        "outcome": _outcome(call, is_staff=is_staff),
        "has_results": has_rules and card.phase in RESULT_PHASES,
        "claims": call.claims,
        "assumed": call.assumed if is_staff and call.is_historical else [],
    }


def _deadlines(call: Call, *, is_staff: bool) -> list[dict[str, Any]]:
    """Every version, the newest first; a day of announcement that is only assumed is for staff."""
    rows = []
    for place, deadline in enumerate(call.deadline_versions):
        is_assumed = assumed_of(call.assumed, f"deadlines[{place}].announced_on") is not None
        hidden = is_assumed and not is_staff
        rows.append(
            {
                "deadline": deadline,
                "announced_on": None if hidden else _announced_on(call, deadline),
                "announced_is_assumed": is_assumed,
                "in_force": deadline is call.deadline_versions[-1],
            }
        )
    return rows[::-1]


def _announced_on(call: Call, deadline: Deadline) -> date | None:
    """The first version is announced with the call itself."""
    if deadline.announced_on is None and deadline.version == 1 and call.announced_at:
        return local_day(call.announced_at)
    return deadline.announced_on


def _pieces(call: Call) -> list[dict[str, Any]]:
    both = set(Track.values)
    return [
        {
            "piece": piece,
            "formats": ", ".join(code.upper() for code in piece.formats),
            "only": ""
            if set(piece.tracks) >= both
            else ", ".join(str(Track(code).label) for code in piece.tracks),
        }
        for piece in call.required_documents.all()
    ]


def _tie_break(rows: Any) -> list[str]:
    names = {criterion.code: criterion.title for criterion, _subs in rows.criteria}
    return [names.get(code, code) for code in (rows.grid.tie_break if rows.grid else [])]


def _support_sentence(call: Call, *, is_staff: bool) -> dict[str, str] | None:
    """The 8-year rule of the call. Which count decided a past call is assumed: for staff only."""
    if Track.EXISTING.value not in call.tracks:
        return None
    shown = bool(call.support_count) and (is_staff or not call.is_historical)
    return {
        "years": str(call.support_years),
        "count": str(SupportCount(call.support_count).label) if shown else "",
        "reference": str(SupportReference(call.support_reference).label) if shown else "",
        "note": _("supposé") if shown and call.is_historical else "",
    }


def _outcome(call: Call, *, is_staff: bool) -> dict[str, Any] | None:
    """The known result of a past call. A selection that is only assumed is for staff."""
    if not call.outcome:
        return None
    marks = call.outcome.get("assumed", [])
    hidden = assumed_of(marks, "selected") is not None and not is_staff
    codes = [] if hidden else call.outcome.get("selected") or []
    clusters = {cluster.code: cluster for cluster in Cluster.objects.filter(code__in=codes)} if codes else {}
    return {
        "clusters": [clusters[code] for code in codes if code in clusters],
        "body": call.outcome.get("body", ""),
        "candidates": call.outcome.get("candidates"),
        "marks": marks if is_staff else [],
        "is_known": bool(codes),
    }
