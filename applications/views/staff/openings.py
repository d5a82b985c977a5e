"""The opening of the envelopes: one page, three acts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.actions import opening as actions
from applications.models import Call, EnvelopeOpening
from applications.permissions.instruction import may_open_envelopes, may_read_staff_pages
from clusters_portal import clock
from clusters_portal.errors import Refused


def _call(request, code: str, at) -> Call:
    if not may_read_staff_pages(request.user, at=at):
        raise PermissionDenied
    return get_object_or_404(Call.objects.visible_to(request.user, at=at).with_deadlines(), code=code)


@require_safe
def opening(request, code: str):
    at = clock.now()
    call = _call(request, code, at)
    proposal = EnvelopeOpening.objects.filter(call=call).select_related("proposed_by", "confirmed_by").first()
    context = {
        "call": call,
        "opening": proposal,
        "blockers": [] if call.opened_at else actions.opening_blockers(call, at=at),
        "may_act": may_open_envelopes(request.user, call, at=at),
        "is_proposer": bool(proposal) and proposal.proposed_by_id == request.user.pk,
    }
    return render(request, "applications/staff/opening.html", context)


def _act(request, code: str, action, done: str):
    with transaction.atomic():
        at = clock.now()
        call = _call(request, code, at)
        if not may_open_envelopes(request.user, call, at=at):
            raise PermissionDenied
        try:
            action(call, by=request.user, at=at)
        except Refused as refused:
            for blocker in refused.blockers:
                messages.error(request, blocker.message)
        else:
            messages.success(request, done)
    return redirect("applications:opening", code=code)


@require_POST
def propose(request, code: str):
    done = _("L'ouverture est proposée. Un autre instructeur doit maintenant la confirmer.")
    return _act(request, code, actions.propose_opening, done)


@require_POST
def confirm(request, code: str):
    done = _("Les plis sont ouverts : les dossiers sont en instruction.")
    return _act(request, code, actions.confirm_opening, done)


@require_POST
def withdraw(request, code: str):
    return _act(
        request, code, actions.withdraw_opening_proposal, _("La proposition d'ouverture est retirée.")
    )
