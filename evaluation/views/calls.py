"""The call manager's pages that touch the grid: creation, dashboard, readiness, publication."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.enums import CallPhase, CallStatus
from applications.forms.calls import NewCallForm, OpeningChoice
from applications.models import Application, Call, ClosingRecord
from applications.permissions import calls as permissions
from applications.views.public_calls import call_steps, card_of
from applications.views.staff_calls import FORM_METHODS, PHASE_TONES, REFUSED_STATUS, atomic_post, staff_call
from applications.views.staff_calls_acts import act_call, act_page, chosen_opening
from clusters_portal import clock
from clusters_portal.errors import Refused
from evaluation.actions.calls import create_call_from, publish_call
from evaluation.actions.readiness import readiness
from evaluation.views.calls_acts import next_acts
from evaluation.views.calls_public import public_context
from evaluation.views.calls_sections import section_tasks


@require_http_methods(FORM_METHODS)
@atomic_post
def create(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    if not permissions.may_manage_calls(request.user, at=at):
        raise PermissionDenied
    sources = Call.objects.exclude(status=CallStatus.CANCELLED)
    initial = {"year": at.year, "source": request.GET.get("source", "")}
    form = NewCallForm(request.POST or None, calls=sources, initial=initial)
    context = {"form": form, "blockers": ()}
    if request.method != "POST":
        return render(request, "evaluation/calls/create.html", context)
    if not form.is_valid():
        return render(request, "evaluation/calls/create.html", context, status=REFUSED_STATUS)
    try:
        with transaction.atomic():
            call = create_call_from(
                **form.cleaned_data, is_demonstration=settings.DEMONSTRATION, by=request.user, at=at
            )
    except Refused as refused:
        context["blockers"] = refused.blockers
        return render(request, "evaluation/calls/create.html", context, status=REFUSED_STATUS)
    messages.success(request, _("Le brouillon est créé : relisez chaque section, puis vérifiez et publiez."))
    return redirect("evaluation:call-dashboard", code=call.code)


@require_safe
def dashboard(request: HttpRequest, code: str) -> HttpResponse:
    """Where the call stands and what comes next; before the opening it says one number and nothing else."""
    at = clock.now()
    call = staff_call(request, code, at=at)
    phase = call.phase(at=at)
    context = {
        "call": call,
        "card": card_of(call, at=at),
        "now": at,
        "phase": phase,
        "phase_label": phase.label,
        "phase_tone": PHASE_TONES.get(phase, "neutral"),
        "steps": [] if phase == CallPhase.CANCELLED else call_steps(phase),
        "acts": next_acts(request.user, call, at=at),
        "may_edit": permissions.may_edit(request.user, call, at=at),
        "may_cancel": permissions.may_cancel(request.user, call, at=at),
        "deposited": _deposited(call, phase),
        "record": ClosingRecord.objects.filter(call=call).first() if phase != CallPhase.DRAFT else None,
    }
    if phase == CallPhase.DRAFT:
        context["tasks"] = section_tasks(call, may_edit=bool(context["may_edit"]))
    return render(request, "evaluation/calls/dashboard.html", context)


def _deposited(call: Call, phase: CallPhase) -> int | None:
    if call.is_historical or phase in (CallPhase.DRAFT, CallPhase.ANNOUNCED):
        return None
    return Application.objects.filter(call=call, standing_submission__isnull=False).count()


@require_safe
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """A draft as visitors will read it once published."""
    at = clock.now()
    call = staff_call(request, code, at=at)
    if call.status != CallStatus.DRAFT:
        return redirect("evaluation:public-call", code=call.code)
    context = public_context(call, at=at, is_staff=True)
    return render(request, "evaluation/calls/public_call.html", context | {"is_preview": True})


@require_http_methods(FORM_METHODS)
@atomic_post
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """The readiness check, and the act that freezes the call."""
    at = clock.now()
    call = act_call(request, code, permissions.may_publish, at=at)
    form = OpeningChoice(request.POST or None, initial={"opening": OpeningChoice.NOW})

    def perform() -> None:
        publish_call(call, by=request.user, at=at, opens_at=chosen_opening(form, at=at))

    return act_page(
        request,
        call,
        form,
        template="evaluation/calls/publish.html",
        perform=perform,
        done=_("L'appel est publié : ses règles sont figées."),
        readiness=readiness(call, at=at),
    )
