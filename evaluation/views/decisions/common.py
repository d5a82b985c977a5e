"""What the decision pages share: fetching with rights, running one act."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from applications.models import Call
from clusters_portal.errors import Refused
from evaluation.models import Decision
from evaluation.permissions.decisions import may_read_decisions


def decided_call(request: HttpRequest, code: str, *, at: datetime) -> Call:
    """A call whose decisions staff may read; 404 for others, and before the deliberation is signed."""
    call = get_object_or_404(Call.objects.visible_to(request.user, at=at), code=code)
    if not may_read_decisions(request.user, call, at=at):
        raise Http404
    return call


def one_decision(request: HttpRequest, call: Call, pk) -> Decision:
    decisions = Decision.objects.with_signing_facts(request.user).select_related(
        "application__standing_submission", "application__call", "proposed_by", "signed_by"
    )
    return get_object_or_404(decisions, pk=pk, application__call=call)


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def perform(request: HttpRequest, done: str, action, *, to: tuple, **arguments) -> HttpResponse:
    """Run one act and go to `to`; a refusal becomes messages and changes nothing."""
    try:
        with transaction.atomic():
            action(**arguments)
    except Refused as refused:
        for blocker in refused.blockers:
            messages.error(request, blocker.message)
    else:
        messages.success(request, done)
    return redirect(*to[:1], **to[1])
