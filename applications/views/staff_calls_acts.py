"""Acts on a published call: open, extend, close, cancel. Each has its page, which says what will follow."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.actions.calls import cancel_call, launch_call
from applications.actions.closing import close_call, record_context
from applications.actions.deadlines import extend_deadline, resolve
from applications.enums import CallPhase
from applications.forms.calls import CancellationForm, ExtensionForm, OpeningChoice
from applications.models import Call, ClosingRecord, TeamMember
from applications.permissions import calls as permissions
from applications.views.staff_calls import FORM_METHODS, REFUSED_STATUS, atomic_post, staff_call
from clusters_portal import clock, storage
from clusters_portal.errors import Blocker, Refused

Permission = Callable[..., bool]


def act_call(request: HttpRequest, code: str, permission: Permission, *, at: datetime) -> Call:
    """The call, if its state and the person allow the act now; else 403."""
    call = staff_call(request, code, at=at)
    if not permission(request.user, call, at=at):
        raise PermissionDenied
    return call


def act_page(
    request: HttpRequest,
    call: Call,
    form: forms.Form,
    *,
    template: str,
    perform: Callable[[], Any],
    done: str,
    **more: Any,
) -> HttpResponse:
    """Show the page of an act, or do it; a refusal keeps what was typed."""
    context = {"call": call, "form": form, "blockers": (), **more}
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=REFUSED_STATUS)
    try:
        with transaction.atomic():
            perform()
    except Refused as refused:
        context["blockers"] = refused.blockers
        return render(request, template, context, status=REFUSED_STATUS)
    messages.success(request, done)
    return redirect("evaluation:call-dashboard", code=call.code)


def chosen_opening(form: OpeningChoice, *, at: datetime) -> datetime | None:
    """The instant of opening that the form asks for; None for later. Raises `Refused` for an impossible wall time."""
    values = form.cleaned_data
    if values["opening"] == OpeningChoice.NOW:
        return at
    if values["opening"] == OpeningChoice.LATER:
        return None
    return resolve(values["opens_on"], values["opens_time"], anchor="id_opens_on")


def team_size(call: Call) -> int:
    """How many persons a notice about the call would reach."""
    return TeamMember.objects.filter(application__call=call).values("user").distinct().count()


@require_http_methods(FORM_METHODS)
@atomic_post
def launch(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    call = act_call(request, code, permissions.may_launch, at=at)
    form = OpeningChoice(request.POST or None, with_later=False, initial={"opening": OpeningChoice.NOW})

    def perform() -> None:
        opens_at = chosen_opening(form, at=at)
        if opens_at is None:
            raise Refused([Blocker("opening_required", _("Choisissez quand le dépôt ouvre."), "id_opening")])
        launch_call(call, opens_at=opens_at, by=request.user, at=at)

    return act_page(
        request,
        call,
        form,
        template="applications/staff_calls/launch.html",
        perform=perform,
        done=_("L'ouverture est enregistrée."),
        act_label=_("Ouverture du dépôt"),
    )


@require_http_methods(FORM_METHODS)
@atomic_post
def extend(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    call = act_call(request, code, permissions.may_extend, at=at)
    in_force = call.deadline_in_force
    initial = {"closes_on": in_force.wall_on, "closes_time": in_force.wall_time} if in_force else {}
    form = ExtensionForm(request.POST or None, initial=initial)

    def perform() -> None:
        extend_deadline(
            call,
            wall_on=form.cleaned_data["closes_on"],
            wall_time=form.cleaned_data["closes_time"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=at,
        )

    return act_page(
        request,
        call,
        form,
        template="applications/staff_calls/extend.html",
        perform=perform,
        done=_("La date limite est prolongée ; les équipes sont averties."),
        people=team_size(call),
        act_label=_("Prolongation"),
    )


@require_http_methods(FORM_METHODS)
@atomic_post
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    call = act_call(request, code, permissions.may_cancel, at=at)
    form = CancellationForm(request.POST or None, code=call.code)

    def perform() -> None:
        cancel_call(call, reason=form.cleaned_data["reason"], by=request.user, at=at)

    return act_page(
        request,
        call,
        form,
        template="applications/staff_calls/cancel.html",
        perform=perform,
        done=_("L'appel est annulé ; les équipes sont averties."),
        people=team_size(call),
        act_label=_("Annulation"),
    )


@require_http_methods(FORM_METHODS)
@atomic_post
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Before the act: what will be recorded. After it: the record and its PDF."""
    at = clock.now()
    call = staff_call(request, code, at=at)
    record = ClosingRecord.objects.filter(call=call).select_related("closed_by", "call").first()
    if record is not None and request.method != "POST":
        return render(
            request, "applications/staff_calls/closing_record.html", {"call": call} | record_context(record)
        )
    if call.phase(at=at) == CallPhase.DRAFT or call.is_historical:
        raise Http404
    if not permissions.may_manage_calls(request.user, at=at):
        raise PermissionDenied
    context = {
        "call": call,
        "may_close": permissions.may_close(request.user, call, at=at),
        "blockers": (),
        "now": at,
    }
    if request.method != "POST":
        return render(request, "applications/staff_calls/close.html", context)
    try:
        with transaction.atomic():
            close_call(call, by=request.user, at=at, host_offset_ms=clock.host_offset_ms())
    except Refused as refused:
        context["blockers"] = refused.blockers
        return render(request, "applications/staff_calls/close.html", context, status=REFUSED_STATUS)
    messages.success(request, _("L'appel est clos ; le procès-verbal de clôture est en préparation."))
    return redirect("applications:call-close", code=call.code)


@require_safe
def closing_record_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The sealed PDF; 404 until a worker has made it."""
    call = staff_call(request, code, at=clock.now())
    record = get_object_or_404(ClosingRecord, call=call, rendered_at__isnull=False)
    return storage.stream_response(
        record.pdf_key,
        filename=f"{call.code}-cloture.pdf",
        content_type="application/pdf",
        sha256=record.pdf_sha256,
    )
