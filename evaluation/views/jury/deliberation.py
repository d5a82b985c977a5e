"""The deliberation: the meeting, each dossier's outcome, the signature, the minutes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.models import Application, Call
from clusters_portal import clock, storage
from clusters_portal.errors import Blocker, Refused
from evaluation.actions.deliberation import (
    outcome_of,
    record_meeting,
    sign_deliberation,
)
from evaluation.actions.outcomes import (
    settle_by_ranking,
)
from evaluation.enums import Outcome
from evaluation.forms.deliberation import LabelsForm, MeetingForm
from evaluation.permissions.jury import (
    may_hold_deliberation,
    may_read_minutes,
    may_see_deliberation,
    seat_in,
)
from evaluation.queries.dossiers import recused_application_ids
from evaluation.queries.fingerprints import fingerprint
from evaluation.queries.ranking import Seat, evaluated_applications, ranking_facts, seats_for
from evaluation.queries.ranking_pages import PAGE_SIZE, KeptRanking, RankedRow
from evaluation.views.jury.access import (
    atomic_post,
    deliberation_of,
    jury_call,
    jury_page,
    masked,
    require,
)
from evaluation.views.jury.outstanding import SHOWN_BLOCKERS, Outstanding, outstanding

SIGNING_WORD = "signer"


@require_http_methods(["GET", "HEAD", "POST"])
@atomic_post
def deliberation(request: HttpRequest, code: str) -> HttpResponse:
    """The whole list; a POST records the meeting."""
    at = clock.now()
    call = jury_call(request, code, at=at)
    require(may_see_deliberation(request.user, call, at=at))
    if request.method != "POST":
        return _page(request, call, at=at)
    require(may_hold_deliberation(request.user, call))
    form = MeetingForm(request.POST, call=call)
    if form.is_valid():
        present = {seat.pk for seat in form.cleaned_data.pop("present")}
        try:
            with transaction.atomic():
                record_meeting(call, **form.cleaned_data, present=present, by=request.user, at=at)
        except Refused as refused:
            for blocker in refused.blockers:
                field = blocker.anchor.removeprefix("id_")
                form.add_error(field if field in form.fields else None, blocker.message)
        else:
            messages.success(request, _("La réunion est enregistrée."))
            return redirect("evaluation:jury-deliberation", code=code)
    return _page(request, call, form=form, at=at, status=422)


def _page(
    request: HttpRequest,
    call: Call,
    *,
    at: datetime,
    form=None,
    blockers=(),
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    meeting = deliberation_of(call)
    told = fingerprint(call, with_deliberation=True)
    page = Paginator(range(told.dossier_count), PAGE_SIZE).get_page(request.GET.get("page"))
    facts = cache(lambda: ranking_facts(call))
    kept = KeptRanking(call, told, facts)
    own_seat = seat_in(request.user, call)
    seats = seats_for(call, kept.ids(page.number), reader=own_seat)
    hidden = next((seat.hidden for seat in seats if own_seat and seat.pk == own_seat.pk), frozenset())
    shown = kept.page(page.number, hidden=hidden)
    state = outstanding(meeting, told, page.number, hidden=hidden, facts=facts)
    may_hold = may_hold_deliberation(request.user, call) and meeting.signed_at is None
    if may_hold and form is None:
        form = MeetingForm(
            call=call,
            initial={
                "held_on": meeting.held_on,
                "place": meeting.place,
                "remarks": meeting.remarks,
                "present": [seat.pk for seat in seats if seat.is_present],
            },
        )
    context = {
        "deliberation": meeting,
        "page_obj": page,
        "rows": _rows(call, shown.rows, seats, state),
        "dossier_count": shown.totals.dossiers,
        "hidden_count": shown.hidden_count,
        "seats": [seat for seat in seats if seat.is_seated],
        "quorum": call.grid.quorum,
        "form": form if may_hold else None,
        "labels_form": LabelsForm() if may_hold else None,
        "may_hold": may_hold,
        "state": state,
        "blockers": _shown_blockers(blockers, hidden, {f"dossier-{row.pk}" for row in shown.rows}),
        "may_read_minutes": may_read_minutes(request.user, meeting, at=at),
        "word": _(SIGNING_WORD),
        "error": error,
        "error_in_page": bool(blockers or error),
    }
    return jury_page(request, "deliberation", call, context, at=at, status=status)


def _rows(call: Call, rows: Iterable[RankedRow], seats: list[Seat], state: Outstanding) -> list[dict]:
    """Each dossier of the page with its name and outcome, read now: one query."""
    dossiers = {one.pk: one for one in evaluated_applications(call).filter(pk__in=[row.pk for row in rows])}
    return [_row(row, dossiers[row.pk], call, seats, state) for row in rows if row.pk in dossiers]


def _row(row: RankedRow, application: Application, call: Call, seats: list[Seat], state: Outstanding) -> dict:
    told = outcome_of(application)
    present = sum(seat.is_present and seat.reads(row.pk) for seat in seats)
    return {
        "row": row,
        "name": application.name,
        "outcome": Outcome(told["outcome"]) if told else None,
        "reserve_rank": told.get("reserve_rank"),
        "departs": row.pk in state.departing,
        "departure_reason": told.get("departure_reason", ""),
        "present_count": present,
        "quorum_met": present >= call.grid.quorum,
    }


def _shown_blockers(blockers: Iterable[Blocker], hidden: frozenset[UUID], on_page: set[str]) -> list[Blocker]:
    """The first of a refused signature's reasons; those about a dossier of another page link nowhere."""
    shown = masked(blockers, hidden)
    return [
        replace(one, anchor="") if one.anchor.startswith("dossier-") and one.anchor not in on_page else one
        for one in shown[:SHOWN_BLOCKERS]
    ]


@require_POST
@transaction.atomic
def settle_all(request: HttpRequest, code: str) -> HttpResponse:
    """Fill in what is not settled yet as the ranking says."""
    at = clock.now()
    call = jury_call(request, code, at=at)
    require(may_hold_deliberation(request.user, call))
    form = LabelsForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Le nombre de labels est un nombre entier, ou rien."))
        return redirect("evaluation:jury-deliberation", code=code)
    hidden = recused_application_ids(seat_in(request.user, call))
    labels = form.cleaned_data["labels"]
    try:
        with transaction.atomic():
            count = settle_by_ranking(call, labels=labels, hidden=hidden, by=request.user, at=at)
    except Refused as refused:
        for blocker in refused.blockers:
            messages.error(request, blocker.message)
    else:
        words = ngettext("%(count)d issue proposée.", "%(count)d issues proposées.", count)
        messages.success(request, words % {"count": count})
    return redirect("evaluation:jury-deliberation", code=code)


@require_POST
@transaction.atomic
def sign(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    call = jury_call(request, code, at=at)
    require(may_hold_deliberation(request.user, call))
    if request.POST.get("confirmation", "").strip().casefold() != _(SIGNING_WORD).casefold():
        return _page(request, call, at=at, error=_("Tapez le mot demandé pour confirmer."), status=422)
    refused: tuple[Blocker, ...] = ()
    try:
        with transaction.atomic():
            sign_deliberation(call, by=request.user, at=at)
    except Refused as problem:
        refused = problem.blockers
    if refused:
        return _page(request, call, at=at, blockers=refused, status=422)
    messages.success(
        request,
        _("La délibération est signée. Les décisions sont proposées au décideur ; le procès-verbal s'édite."),
    )
    return redirect("evaluation:jury-deliberation", code=code)


@require_safe
def minutes(request: HttpRequest, code: str) -> FileResponse:
    at = clock.now()
    call = jury_call(request, code, at=at)
    meeting = deliberation_of(call)
    if not may_read_minutes(request.user, meeting, at=at) or not meeting.pdf_key:
        raise Http404
    return storage.stream_response(
        meeting.pdf_key,
        filename=f"proces-verbal-{call.code}.pdf",
        content_type="application/pdf",
        sha256=meeting.pdf_sha256,
    )
