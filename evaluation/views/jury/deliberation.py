"""The deliberation: the meeting, each dossier's outcome, the signature, the minutes."""

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.models import Call
from clusters_portal import clock, storage
from clusters_portal.errors import Blocker, Refused
from evaluation.actions.deliberation import (
    departures_of,
    outcome_of,
    record_meeting,
    sign_deliberation,
    signature_blockers,
)
from evaluation.actions.outcomes import (
    settle_by_ranking,
)
from evaluation.enums import Outcome
from evaluation.forms.deliberation import LabelsForm, MeetingForm
from evaluation.models.deliberation import DELIBERATED
from evaluation.permissions.jury import (
    may_hold_deliberation,
    may_read_minutes,
    may_see_deliberation,
)
from evaluation.queries.ranking import RankingFacts, RankingLine, ranking_facts
from evaluation.views.jury.access import (
    atomic_post,
    deliberation_of,
    jury_call,
    jury_page,
    masked,
    require,
)

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
    facts = ranking_facts(call)
    hidden = facts.hidden_from(request.user.pk)
    leaving = departures_of(facts)
    may_hold = may_hold_deliberation(request.user, call) and meeting.signed_at is None
    if may_hold and form is None:
        form = MeetingForm(
            call=call,
            initial={
                "held_on": meeting.held_on,
                "place": meeting.place,
                "remarks": meeting.remarks,
                "present": [seat.pk for seat in facts.seats if seat.is_present],
            },
        )
    waiting = signature_blockers(meeting, facts) if meeting.signed_at is None else []
    context = {
        "deliberation": meeting,
        "rows": [_row(line, facts, leaving) for line in facts.lines(hidden=hidden)],
        "hidden_count": len(hidden & {one.pk for one in facts.applications}),
        "seats": [seat for seat in facts.seats if seat.is_seated],
        "quorum": facts.rows.facts.quorum,
        "form": form if may_hold else None,
        "labels_form": LabelsForm() if may_hold else None,
        "may_hold": may_hold,
        "unsettled_count": sum(not outcome_of(one) for one in facts.applications if one.pk not in hidden),
        "waiting": masked(waiting, hidden),
        "blockers": masked(blockers, hidden),
        "may_read_minutes": may_read_minutes(request.user, meeting, at=at),
        "word": _(SIGNING_WORD),
        "error": error,
        "error_in_page": bool(blockers or error),
        "counts": _counts(facts),
    }
    return jury_page(request, "deliberation", call, context, at=at, status=status)


def _counts(facts: RankingFacts) -> list[tuple[str, int]]:
    given = [outcome_of(one).get("outcome") for one in facts.applications]
    return [(outcome.label, given.count(outcome.value)) for outcome in DELIBERATED]


def _row(line: RankingLine, facts: RankingFacts, leaving: dict) -> dict:
    told = outcome_of(line.application)
    return {
        "line": line,
        "outcome": Outcome(told["outcome"]) if told else None,
        "reserve_rank": told.get("reserve_rank"),
        "departs": str(line.application.pk) in leaving,
        "departure_reason": told.get("departure_reason", ""),
        "present_count": len(facts.present_readers(line.application.pk)),
        "quorum_met": len(facts.present_readers(line.application.pk)) >= facts.rows.facts.quorum,
    }


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
    hidden = ranking_facts(call).hidden_from(request.user.pk)
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
