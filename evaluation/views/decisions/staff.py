"""Preparing, signing and publishing: the decision maker's and the call manager's pages."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_of
from applications.models import Call
from clusters_portal import clock, pdf, storage
from clusters_portal.paging import page_of
from evaluation.actions import decisions as acts
from evaluation.actions import letters as letter_acts
from evaluation.actions import publication
from evaluation.enums import DecisionStatus, LetterState
from evaluation.forms.decisions import ReasonsForm
from evaluation.letters import draft_letter, letter_html
from evaluation.models import Decision, DecisionLetter
from evaluation.permissions.decisions import PREPARED, may_amend_decision, may_publish_results, may_sign
from evaluation.views.decisions.common import decided_call, one_decision, perform, require


@require_safe
def home(request):
    """Every call that has come to its decisions, and how many signatures it waits for."""
    at = clock.now()
    if not roles_of(request.user, at=at) - {Role.ADMINISTRATOR}:
        raise PermissionDenied
    calls = (
        Call.objects.visible_to(request.user, at=at)
        .filter(status__in=PREPARED, is_historical=False)
        .annotate(
            decisions=Count("applications__decision"),
            unsigned=Count(
                "applications__decision", filter=Q(applications__decision__status=DecisionStatus.PROPOSED)
            ),
        )
    )
    return render(request, "evaluation/decisions/home.html", {"calls": calls})


@require_safe
def decision_list(request, code: str):
    at = clock.now()
    call = decided_call(request, code, at=at)
    decisions = Decision.objects.visible_to(request.user, at=at).filter(application__call=call)
    unsigned = Q(status=DecisionStatus.PROPOSED)
    counts = decisions.aggregate(
        total=Count("pk"),
        unsigned=Count("pk", filter=unsigned),
        without_reasons=Count("pk", filter=unsigned & (Q(reasons_fr="") | Q(reasons_ar=""))),
    )
    ordered = decisions.with_signing_facts(request.user).select_related("application", "signed_by")
    page = page_of(
        request, ordered.order_by("outcome", "reserve_rank", "application__name", "pk"), total=counts["total"]
    )
    context = {
        "call": call,
        "page_obj": page,
        "rows": [
            {"decision": row, "blockers": acts.signature_blockers(call, row, by=request.user)} for row in page
        ],
        "unsigned": counts["unsigned"],
        "has_letters": counts["unsigned"] < counts["total"],
        "blocked": counts["without_reasons"] > 0,
        "may_sign": may_sign(request.user, at=at),
        "consequences": [
            _("Chaque décision reçoit sa lettre, numérotée sans trou dans l'année."),
            _("Une décision signée et sa lettre ne changent plus."),
        ],
    }
    return render(request, "evaluation/decisions/list.html", context)


def _decision_page(request, call: Call, decision: Decision, *, at, form=None, status: int = 200):
    editable = may_amend_decision(request.user, decision, at=at)
    initial = {
        "reasons_fr": decision.reasons_fr,
        "reasons_ar": decision.reasons_ar,
        "version": decision.version,
    }
    context = {
        "call": call,
        "decision": decision,
        "form": form or (ReasonsForm(initial=initial) if editable else None),
        "letter": decision.letters.standing().first(),
        "may_sign": may_sign(request.user, at=at) and decision.status == DecisionStatus.PROPOSED,
        "obstacles": acts.signature_blockers(call, decision, by=request.user),
    }
    return render(request, "evaluation/decisions/decision.html", context, status=status)


@require_safe
def decision(request, code: str, pk):
    at = clock.now()
    call = decided_call(request, code, at=at)
    return _decision_page(request, call, one_decision(request, call, pk), at=at)


@require_POST
@transaction.atomic
def amend(request, code: str, pk):
    at = clock.now()
    call = decided_call(request, code, at=at)
    found = one_decision(request, call, pk)
    require(may_amend_decision(request.user, found, at=at))
    form = ReasonsForm(request.POST)
    if not form.is_valid():
        return _decision_page(request, call, found, at=at, form=form, status=422)
    return perform(
        request,
        _("Les motifs sont enregistrés."),
        acts.amend_reasons,
        to=("evaluation:decision", {"code": code, "pk": pk}),
        decision=found,
        by=request.user,
        at=at,
        **form.cleaned_data,
    )


@require_safe
def preview(request, code: str, pk):
    """The letter as it would read today, made on the spot, kept nowhere."""
    at = clock.now()
    call = decided_call(request, code, at=at)
    found = one_decision(request, call, pk)
    signatory = found.signed_by.full_name if found.signed_by else _("(signataire)")
    content = pdf.render_pdf(letter_html(draft_letter(found, on=at, signatory=signatory)))
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": 'inline; filename="projet-de-lettre.pdf"',
            "Cache-Control": "no-store",
        },
    )


@require_POST
@transaction.atomic
def sign(request, code: str, pk):
    at = clock.now()
    call = decided_call(request, code, at=at)
    found = one_decision(request, call, pk)
    require(may_sign(request.user, at=at))
    return perform(
        request,
        _("La décision est signée ; sa lettre est numérotée et s'édite."),
        acts.sign_decision,
        to=("evaluation:decisions", {"code": code}),
        decision=found,
        by=request.user,
        at=at,
    )


@require_POST
@transaction.atomic
def sign_all(request, code: str):
    at = clock.now()
    call = decided_call(request, code, at=at)
    require(may_sign(request.user, at=at))
    return perform(
        request,
        _("Les décisions sont signées ; les lettres s'éditent."),
        acts.sign_all,
        to=("evaluation:letters", {"code": code}),
        call=call,
        by=request.user,
        at=at,
    )


@require_safe
def letters(request, code: str):
    """The edition of the letters; asked by htmx, only the moving part."""
    at = clock.now()
    call = decided_call(request, code, at=at)
    standing = (
        DecisionLetter.objects.visible_to(request.user, at=at)
        .standing()
        .filter(decision__application__call=call)
        .select_related("decision__application")
        .order_by("year", "sequence")
    )
    progress = letter_acts.letters_progress(call)
    page = page_of(request, standing, total=progress.total)
    context = {
        "call": call,
        "progress": progress,
        "letters": page,
        "page_obj": page,
        "may_publish": may_publish_results(request.user, at=at),
        "may_retry": progress.failed
        and (may_sign(request.user, at=at) or may_publish_results(request.user, at=at)),
        "obstacles": publication.publication_blockers(call, progress=progress),
        "consequences": [
            _("Les résultats paraissent sur la page publique de l'appel."),
            _("Chaque porteur reçoit un avis et peut ouvrir sa lettre."),
            _("La publication ne se retire pas."),
        ],
    }
    template = (
        "evaluation/decisions/_progress_poll.html" if request.htmx else "evaluation/decisions/letters.html"
    )
    return render(request, template, context)


@require_safe
def letter_file(request, code: str, pk):
    at = clock.now()
    call = decided_call(request, code, at=at)
    letter = get_object_or_404(
        DecisionLetter.objects.visible_to(request.user, at=at).filter(decision__application__call=call), pk=pk
    )
    if letter.state != LetterState.RENDERED:
        raise Http404
    return storage.stream_response(
        letter.pdf_key, filename=f"{letter.number.replace('/', '-')}.pdf", content_type="application/pdf"
    )


@require_POST
@transaction.atomic
def retry(request, code: str):
    at = clock.now()
    call = decided_call(request, code, at=at)
    require(may_sign(request.user, at=at) or may_publish_results(request.user, at=at))
    return perform(
        request,
        _("Les lettres en échec sont remises en file."),
        letter_acts.retry_letters,
        to=("evaluation:letters", {"code": code}),
        call=call,
        by=request.user,
        at=at,
    )


@require_POST
@transaction.atomic
def publish(request, code: str):
    at = clock.now()
    call = decided_call(request, code, at=at)
    require(may_publish_results(request.user, at=at))
    return perform(
        request,
        _("Les résultats sont publiés."),
        publication.publish_results,
        to=("evaluation:letters", {"code": code}),
        call=call,
        by=request.user,
        at=at,
    )
