"""The applicant's decision: acknowledged first, then read and downloaded."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clusters_portal import clock, storage
from evaluation.actions.publication import acknowledge as acknowledge_letter
from evaluation.enums import LetterState
from evaluation.models import DecisionLetter


def _letter(request, application_id, *, at) -> DecisionLetter:
    """The standing letter of one's own dossier, once the results are published; 404 otherwise, staff included."""
    own = (
        DecisionLetter.objects.visible_to(request.user, at=at)
        .standing()
        .filter(
            decision__application=application_id,
            decision__application__team__user=request.user,
            decision__application__call__published_at__isnull=False,
            state=LetterState.RENDERED,
        )
        .select_related("decision__application__call")
    )
    return get_object_or_404(own)


@require_safe
def my_decision(request, pk):
    letter = _letter(request, pk, at=clock.now())
    first = letter.acknowledgements.order_by("acknowledged_at").first()
    mine = letter.acknowledgements.filter(user=request.user).first()
    context = {"letter": letter, "application": letter.decision.application, "first": first, "mine": mine}
    return render(request, "evaluation/decisions/my_decision.html", context)


@require_POST
@transaction.atomic
def acknowledge(request, pk):
    at = clock.now()
    letter = _letter(request, pk, at=at)
    acknowledge_letter(letter, by=request.user, at=at)
    messages.success(request, _("Vous avez accusé réception : la lettre est ouverte."))
    return redirect("evaluation:my-decision", pk=pk)


@require_safe
def my_letter(request, pk):
    letter = _letter(request, pk, at=clock.now())
    if not letter.acknowledgements.filter(user=request.user).exists():
        raise Http404
    return storage.stream_response(
        letter.pdf_key, filename=f"{letter.number.replace('/', '-')}.pdf", content_type="application/pdf"
    )
