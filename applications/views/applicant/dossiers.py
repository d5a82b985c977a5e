"""My dossiers, starting one, the dossier's own page, what is missing, what was answered."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import roles_of
from applications.actions.dossiers import start
from applications.actions.readiness import (
    blockers_of,
    piece_states,
    section_states,
    warnings_of,
    working_copy,
)
from applications.actions.submissions import same_content
from applications.enums import ApplicationStatus, CallPhase, CallStatus, SectionCode, SectionState
from applications.models import Application, Call
from applications.permissions.dossiers import may_join_team
from applications.sealed import sealed_sections
from applications.views.applicant.common import Desk, deposits_of, desk_at, desk_of, dossiers_of, with_ways
from applications.views.applicant.lists import names_of_lists
from applications.views.applicant.words import call_steps, happenings, status_words
from clusters_portal import clock
from clusters_portal.errors import Refused

SECTION_TONES = {
    SectionState.NOT_STARTED: "neutral",
    SectionState.IN_PROGRESS: "waiting",
    SectionState.COMPLETE: "positive",
}
MINUTES_TO_FILL = 180


@require_safe
def dossier_list(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    dossiers = dossiers_of(request.user, at=at).defer("standing_submission__snapshot").order_by("-updated_at")
    rows = [_row(application, request, at) for application in dossiers]
    calls = Call.objects.taking_dossiers(at=at).defer("text_fr", "text_ar").order_by("in_force_closes_at")
    context = {"rows": rows, "open_calls": calls, "now": at, "may_apply": not roles_of(request.user, at=at)}
    return render(request, "applications/applicant/dossier_list.html", context)


def _row(application: Application, request: HttpRequest, at) -> dict[str, Any]:
    desk = desk_at(application, request.user, at=at)
    return {"desk": desk, "words": status_words(application.status, desk.phase)}


@require_http_methods(["GET", "HEAD", "POST"])
def dossier_start(request: HttpRequest, code: str) -> HttpResponse:
    if request.method == "POST":
        with transaction.atomic():
            at = clock.now()
            call = _call(request, code, at)
            try:
                application = start(call, by=request.user, at=at)
            except Refused as refused:
                return _start_page(request, call, at, blockers=refused.blockers, status=409)
        return redirect("applications:dossier", application.pk)
    at = clock.now()
    return _start_page(request, _call(request, code, at), at)


def _call(request: HttpRequest, code: str, at) -> Call:
    found = Call.objects.visible_to(request.user, at=at).with_deadlines().filter(code=code).first()
    if found is None or found.is_historical or found.status == CallStatus.DRAFT:
        raise Http404
    return found


def _start_page(request: HttpRequest, call: Call, at, *, blockers=(), status: int = 200) -> HttpResponse:
    mine = (
        Application.objects.of_team(request.user)
        .filter(call=call)
        .exclude(status=ApplicationStatus.WITHDRAWN)
    )
    context = {
        "call": call,
        "pieces": call.required_documents.all(),
        "sectors": call.sectors.all(),
        "tracks": call.tracks,
        "phase": call.phase(at=at),
        "is_open": call.phase(at=at) == CallPhase.OPEN,
        "now": at,
        "left": call.closes_at - at if call.closes_at else None,
        "mine": mine,
        "minutes": MINUTES_TO_FILL,
        "may_join": may_join_team(request.user, call, at=at),
        "blockers": blockers,
        "error_in_page": bool(blockers),
    }
    return render(request, "applications/applicant/start.html", context, status=status)


@require_safe
def dossier(request: HttpRequest, pk: UUID) -> HttpResponse:
    at = clock.now()
    desk = desk_of(request, pk, at=at, team=True, snapshot=True)
    copy = working_copy(desk.application)
    states = section_states(copy)
    pieces = piece_states(copy)
    submissions = deposits_of(desk.application)
    counted = [state for code, state in states.items() if code != SectionCode.STATEMENT]
    done = counted.count(SectionState.COMPLETE) + sum(p.is_answered for p in pieces if p.is_mandatory)
    context = desk.context(
        tasks=[_section_task(desk, code, state) for code, state in states.items()],
        pieces=pieces,
        done=done,
        total=len(counted) + sum(piece.is_mandatory for piece in pieces),
        words=status_words(desk.application.status, desk.phase),
        steps=call_steps(desk.call, desk.phase, closes_at=desk.closes_at),
        happenings=happenings(desk.application, submissions),
        submissions=submissions,
        differs=desk.is_writable
        and desk.standing is not None
        and not same_content(copy, desk.standing.snapshot),
        next_section=_next_section(desk, copy, states),
    )
    return render(request, "applications/applicant/dossier.html", context)


def _section_task(desk: Desk, code, state: SectionState) -> dict[str, Any]:
    return {
        "label": code.label,
        "href": reverse("applications:section", args=[desk.application.pk, code.value]),
        "hint": _("À confirmer au moment du dépôt") if code == SectionCode.STATEMENT else "",
        "state_label": state.label,
        "tone": SECTION_TONES[state],
    }


def _next_section(desk: Desk, copy, states) -> dict[str, Any] | None:
    """The first section that is not complete, offered as the way on."""
    if not desk.can_write:
        return None
    code = next((code for code, state in states.items() if _is_due(code, state)), None)
    if code is None:
        return None
    return {
        "label": code.label,
        "href": reverse("applications:section", args=[desk.application.pk, code.value]),
    }


def _is_due(code: SectionCode, state: SectionState) -> bool:
    """The statement is made by the deposit: it is never the way on."""
    return state != SectionState.COMPLETE and code != SectionCode.STATEMENT


@require_safe
def dossier_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    desk = desk_of(request, pk, at=clock.now())
    copy = working_copy(desk.application)
    context = desk.context(
        missing=with_ways(desk, blockers_of(copy)), warnings=with_ways(desk, warnings_of(copy))
    )
    return render(request, "applications/applicant/check.html", context)


@require_safe
def dossier_answers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What would be sealed now, to read through and print before the deposit."""
    desk = desk_of(request, pk, at=clock.now())
    copy = working_copy(desk.application)
    sections = sealed_sections({"sections": copy.sections}, **names_of_lists())
    pieces = piece_states(copy)
    context = desk.context(sections=sections, pieces=pieces, codes=list(section_states(copy)), differs=False)
    return render(request, "applications/applicant/answers.html", context)
