"""One dossier of the deliberation: marks, consensus where they lie apart, outcome and reasons."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.models import Application
from clusters_portal import clock
from evaluation.actions.deliberation import departures_of, outcome_of
from evaluation.actions.outcomes import enter_consensus, settle_outcome, standard_reasons, withdraw_consensus
from evaluation.domain.ranking import CriterionResult
from evaluation.domain.scoring import display
from evaluation.enums import Outcome
from evaluation.forms.deliberation import ConsensusForm, OutcomeForm
from evaluation.permissions.jury import may_see_deliberation, may_settle
from evaluation.queries.ranking import RankingFacts, RankingLine, ranking_facts
from evaluation.queries.ranking_pages import page_of
from evaluation.views.jury.access import atomic_post, deliberation_of, jury_call, jury_page, perform, require


@require_http_methods(["GET", "HEAD", "POST"])
@atomic_post
def outcome(request: HttpRequest, code: str, application_id: UUID) -> HttpResponse:
    """One dossier: marks, consensus where they lie apart, outcome and reasons."""
    at = clock.now()
    call = jury_call(request, code, at=at)
    require(may_see_deliberation(request.user, call, at=at))
    facts = ranking_facts(call)
    application = _seen(request, facts, application_id)
    editable = deliberation_of(call).signed_at is None and may_settle(request.user, application, at=at)
    if request.method != "POST":
        return _outcome_page(request, facts, application, editable=editable, at=at)
    require(editable)
    if "criterion" in request.POST:
        return _consensus(request, facts, application, at=at)
    form = OutcomeForm(request.POST)
    if form.is_valid() and perform(
        request,
        settle_outcome,
        application,
        Outcome(form.cleaned_data["outcome"]),
        reserve_rank=form.cleaned_data["reserve_rank"],
        reasons_fr=form.cleaned_data["reasons_fr"],
        reasons_ar=form.cleaned_data["reasons_ar"],
        departure_reason=form.cleaned_data["departure_reason"],
        by=request.user,
        at=at,
        done=_("L'issue est enregistrée."),
    ):
        return redirect(_in_list(facts, application))
    return _outcome_page(request, facts, application, editable=True, form=form, at=at, status=422)


def _in_list(facts: RankingFacts, application: Application) -> str:
    """The dossier's row in the list of the deliberation, on its page."""
    order = [row.dossier for row in facts.ranking.rows]
    page = page_of(order.index(str(application.pk)))
    address = reverse("evaluation:jury-deliberation", kwargs={"code": facts.call.code})
    return f"{address}{f'?page={page}' if page > 1 else ''}#dossier-{application.pk}"


def _seen(request: HttpRequest, facts: RankingFacts, application_id: UUID) -> Application:
    """A dossier that recuses the reader does not exist for this reader."""
    application = facts.by_dossier.get(str(application_id))
    if application is None or application.pk in facts.hidden_from(request.user.pk):
        raise Http404
    application.call = facts.call
    return application


def _consensus(
    request: HttpRequest, facts: RankingFacts, application: Application, *, at: datetime
) -> HttpResponse:
    criterion = facts.rows.by_code.get(request.POST["criterion"])
    if criterion is None:
        raise Http404
    if request.POST.get("act") == "withdraw":
        done = _("La note de consensus est retirée : la moyenne des membres fait foi.")
        perform(request, withdraw_consensus, application, criterion, by=request.user, at=at, done=done)
        return redirect("evaluation:jury-outcome", code=facts.call.code, application_id=application.pk)
    form = ConsensusForm(request.POST, prefix=criterion.code)
    if form.is_valid() and form.cleaned_data["mark"] is None:
        form.add_error("mark", _("Choisissez une note."))
    if form.is_valid() and perform(
        request,
        enter_consensus,
        application,
        criterion,
        form.cleaned_data["mark"],
        comment=form.cleaned_data["comment"],
        by=request.user,
        at=at,
        done=_("La note de consensus est enregistrée ; les notes des membres restent."),
    ):
        return redirect("evaluation:jury-outcome", code=facts.call.code, application_id=application.pk)
    return _outcome_page(
        request, facts, application, editable=True, consensus_form=(criterion.code, form), at=at, status=422
    )


def _outcome_page(
    request: HttpRequest,
    facts: RankingFacts,
    application: Application,
    *,
    editable: bool,
    at: datetime,
    form: OutcomeForm | None = None,
    consensus_form: tuple[str, ConsensusForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    lines = facts.lines(hidden=facts.hidden_from(request.user.pk))
    position = next(index for index, line in enumerate(lines) if line.application.pk == application.pk)
    line = lines[position]
    told = outcome_of(application)
    suggested = _suggested(line, told)
    standard = standard_reasons(facts, application, outcome=suggested, reserve_rank=told.get("reserve_rank"))
    names = {str(seat.pk): seat.name for seat in facts.seats}
    consensus = {entry["criterion"]: entry for entry in application.consensus}
    criteria = []
    for cell, result in zip(line.cells, line.row.criteria, strict=True):
        bound = consensus_form[1] if consensus_form and consensus_form[0] == cell.code else None
        entry = consensus.get(cell.code)
        initial = {"mark": f"{float(entry['mark']):.1f}", "comment": entry["comment"]} if entry else None
        criteria.append(
            {
                "cell": cell,
                "marks": [(names[juror], mark) for juror, mark in _shown_marks(result)],
                "entry": entry,
                "form": bound or ConsensusForm(prefix=cell.code, initial=initial)
                if cell.alert and editable
                else None,
            }
        )
    context = {
        "application": application,
        "line": line,
        "criteria": criteria,
        "form": form or OutcomeForm(initial=_initial(told, suggested, standard)),
        "standard": standard,
        "editable": editable,
        "told": told,
        "outcome": Outcome(told["outcome"]) if told else None,
        "departs": str(application.pk) in departures_of(facts),
        "readers": facts.readers(application.pk),
        "recused": [seat for seat in facts.seats if application.pk in seat.recused],
        "quorum": facts.rows.facts.quorum,
        "quorum_met": len(facts.present_readers(application.pk)) >= facts.rows.facts.quorum,
        "previous": lines[position - 1].application if position else None,
        "next": lines[position + 1].application if position + 1 < len(lines) else None,
        "consensus_form": consensus_form[1] if consensus_form else None,
    }
    return jury_page(request, "outcome", facts.call, context, at=at, status=status)


def _shown_marks(result: CriterionResult) -> list[tuple[str, Decimal]]:
    return [(juror, display(mark)) for juror, mark in result.marks]


def _suggested(line: RankingLine, told: dict) -> Outcome:
    if told:
        return Outcome(told["outcome"])
    return Outcome.LABELLED if line.is_above else Outcome.NOT_SELECTED


def _initial(told: dict, suggested: Outcome, standard) -> dict:
    if told:
        return told
    return {"outcome": suggested.value, "reasons_fr": standard.fr, "reasons_ar": standard.ar}
