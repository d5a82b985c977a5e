"""What anybody may read: the results of a published call, and whether a letter or a receipt is genuine."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.actions.receipts import VERIFICATION_KIND as RECEIPT_KIND
from applications.domain.sealing import normalise_receipt_number
from applications.enums import CallStatus
from applications.models import Application, Call, Submission
from clusters_portal import clock, signing
from clusters_portal.paging import page_of
from evaluation.enums import LetterState, Outcome
from evaluation.forms.decisions import VerificationForm
from evaluation.letters import VERIFICATION_KIND as LETTER_KIND
from evaluation.models import Decision, DecisionLetter

PUBLISHED = (CallStatus.PUBLISHED, CallStatus.ARCHIVED)


@require_safe
@login_not_required
def results(request, code: str):
    """Labelled clusters and counts. Never the names of the others, a mark or a rank."""
    calls = Call.objects.visible_to(request.user, at=clock.now()).with_deadlines().select_related("grid")
    call = get_object_or_404(calls, code=code, status__in=PUBLISHED, is_historical=False)
    labelled = (
        Decision.objects.filter(application__call=call, outcome=Outcome.LABELLED)
        .select_related("application")
        .order_by("application__name", "pk")
    )
    deposited = Application.objects.filter(call=call, standing_submission__isnull=False)
    counts = deposited.aggregate(
        received=Count("pk"),
        inadmissible=Count("pk", filter=Q(decision__outcome=Outcome.INADMISSIBLE)),
        evaluated=Count("pk", filter=Q(decision__isnull=False) & ~Q(decision__outcome=Outcome.INADMISSIBLE)),
        labelled=Count("pk", filter=Q(decision__outcome=Outcome.LABELLED)),
    )
    grid = getattr(call, "grid", None)
    page = page_of(request, labelled, total=counts["labelled"])
    context = {
        "call": call,
        "labelled": page,
        "page_obj": page,
        "counts": counts,
        "criteria": grid.criteria.all() if grid else [],
        "grid": grid,
    }
    return render(request, "evaluation/public/results.html", context)


@require_safe
@login_not_required
def verify(request):
    """Number and code in, "authentic", "replaced" or "unknown" out; date and kind, nothing else."""
    asked = bool(request.GET)
    form = VerificationForm(request.GET if asked else None)
    answer = None
    if asked and form.is_valid():
        answer = _verification(form.cleaned_data["numero"].strip().upper(), form.cleaned_data["code"].strip())
    return render(request, "evaluation/public/verify.html", {"form": form, "answer": answer})


def _verification(number: str, code: str) -> dict[str, object]:
    """An unknown number and a wrong code answer alike. A letter is known from its publication on."""
    receipt = normalise_receipt_number(number)
    if receipt and signing.verify_code(RECEIPT_KIND, receipt, code):
        submission = Submission.objects.filter(number=receipt).only("number", "submitted_at").first()
        if submission:
            return {"state": "receipt", "number": submission.number, "at": submission.submitted_at}
    if signing.verify_code(LETTER_KIND, number, code):
        published = DecisionLetter.objects.filter(decision__application__call__published_at__isnull=False)
        letter = published.filter(number=number).select_related("replaced_by").first()
        if letter:
            replaced = letter.state == LetterState.CANCELLED
            return {
                "state": "replaced" if replaced else "letter",
                "number": letter.number,
                "at": letter.numbered_at,
            }
    return {"state": "unknown"}
