"""The call manager's pages that need no grid: the list, the sections of a draft, the acts on dates, the closing."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.actions import calls as actions
from applications.actions.deadlines import set_first_deadline
from applications.domain.call_settings import MEBIBYTE, CallSection, unconfirmed
from applications.enums import CallPhase
from applications.forms.calls import DatesForm, ScopeForm, TextsForm, VersionedForm
from applications.forms.calls_pieces import PieceFormSet, piece_initial
from applications.models import Call
from applications.permissions.calls import may_edit, may_manage_calls, may_read_calls
from applications.views.public_calls import CallCard, card_of
from clusters_portal import clock
from clusters_portal.errors import Refused

REFUSED_STATUS = 422
FORM_METHODS = ["GET", "HEAD", "POST"]
PHASE_TONES = {
    CallPhase.OPEN: "active",
    CallPhase.ANNOUNCED: "waiting",
    CallPhase.AWAITING_CLOSING: "waiting",
    CallPhase.PUBLISHED: "positive",
    CallPhase.CANCELLED: "negative",
}


def atomic_post(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """One transaction around an act, opened before the clock is read; a page that is only read needs none."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return wrapped


def staff_call(request: HttpRequest, code: str, *, at: datetime) -> Call:
    """The call with its deadlines; 403 for whoever has no business on the staff pages, 404 when there is none."""
    if not may_read_calls(request.user, at=at):
        raise PermissionDenied
    return get_object_or_404(Call.objects.visible_to(request.user, at=at).with_deadlines(), code=code)


def editable_call(request: HttpRequest, code: str, *, at: datetime) -> Call:
    """The draft, for the call manager. A published call is frozen: 403."""
    call = staff_call(request, code, at=at)
    if not may_edit(request.user, call, at=at):
        raise PermissionDenied
    return call


def with_deposits(calls: Any) -> Any:
    """Annotates `deposited`, the one number that staff see before the opening."""
    return calls.annotate(
        deposited=Count("applications", filter=Q(applications__standing_submission__isnull=False))
    )


@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    if not may_read_calls(request.user, at=at):
        raise PermissionDenied
    found = with_deposits(Call.objects.visible_to(request.user, at=at)).with_deadlines()
    rows = [_row(card_of(call, at=at)) for call in found.order_by("is_historical", "-year", "-code")]
    context = {
        "living": [row for row in rows if not row["card"].call.is_historical],
        "historical": [row for row in rows if row["card"].call.is_historical],
        "may_create": may_manage_calls(request.user, at=at),
    }
    return render(request, "applications/staff_calls/list.html", context)


def _row(card: CallCard) -> dict[str, Any]:
    tone = PHASE_TONES.get(card.phase, "neutral")
    shows_number = card.phase not in (CallPhase.DRAFT, CallPhase.ANNOUNCED) and not card.call.is_historical
    return {"card": card, "label": card.phase.label, "tone": tone, "shows_number": shows_number}


def section_context(call: Call, section: CallSection, form: forms.Form, **more: Any) -> dict[str, Any]:
    return {
        "call": call,
        "form": form,
        "section_label": actions.SECTION_LABELS[section],
        "is_proposed": section in unconfirmed(call.assumed),
        "blockers": (),
        **more,
    }


def edit_section(
    request: HttpRequest,
    call: Call,
    section: CallSection,
    form: forms.Form,
    *,
    template: str,
    save: Callable[[], Any],
    **more: Any,
) -> HttpResponse:
    """Show a section, or save it: a refusal keeps what was typed and says why."""
    context = section_context(call, section, form, **more)
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=REFUSED_STATUS)
    try:
        with transaction.atomic():
            save()
    except Refused as refused:
        context["blockers"] = refused.blockers
        return render(request, template, context, status=REFUSED_STATUS)
    messages.success(request, _("La section est enregistrée."))
    return redirect("evaluation:call-dashboard", code=call.code)


@require_http_methods(FORM_METHODS)
@atomic_post
def texts(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    call = editable_call(request, code, at=at)
    names = ("title_fr", "title_ar", "text_fr", "text_ar", "contact_email", "version")
    form = TextsForm(request.POST or None, initial={name: getattr(call, name) for name in names})

    def save() -> None:
        changes = {name: form.cleaned_data[name] for name in names if name != "version"}
        version = form.cleaned_data["version"]
        actions.update_section(
            call, CallSection.TEXTS, version=version, changes=changes, by=request.user, at=at
        )

    template = "applications/staff_calls/texts.html"
    return edit_section(request, call, CallSection.TEXTS, form, template=template, save=save)


@require_http_methods(FORM_METHODS)
@atomic_post
def dates(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    call = editable_call(request, code, at=at)
    deadline = call.deadline_in_force
    initial = {"version": call.version, "closes_time": "15:00"}
    if deadline:
        initial |= {"closes_on": deadline.wall_on, "closes_time": deadline.wall_time}
    form = DatesForm(request.POST or None, initial=initial)

    def save() -> None:
        values = form.cleaned_data
        set_first_deadline(
            call,
            wall_on=values["closes_on"],
            wall_time=values["closes_time"],
            version=values["version"],
            by=request.user,
            at=at,
        )

    template = "applications/staff_calls/dates.html"
    return edit_section(request, call, CallSection.DATES, form, template=template, save=save)


@require_http_methods(FORM_METHODS)
@atomic_post
def scope(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    call = editable_call(request, code, at=at)
    own = [name for name in ScopeForm.base_fields if name not in ("sectors", "maximum_total_mib")]
    initial = {name: getattr(call, name) for name in own}
    if request.method != "POST":
        initial["sectors"] = [sector.pk for sector in call.sectors.all()]
    initial["maximum_total_mib"] = max(1, call.maximum_total_bytes // MEBIBYTE)
    form = ScopeForm(request.POST or None, initial=initial)

    def save() -> None:
        actions.update_section(
            call,
            CallSection.SCOPE,
            version=form.cleaned_data["version"],
            changes=form.changes(),
            sectors=form.cleaned_data["sectors"],
            by=request.user,
            at=at,
        )

    template = "applications/staff_calls/scope.html"
    return edit_section(request, call, CallSection.SCOPE, form, template=template, save=save)


@require_http_methods(FORM_METHODS)
@atomic_post
def pieces(request: HttpRequest, code: str) -> HttpResponse:
    """The rows travel with the version of the call, which is a form of its own."""
    at = clock.now()
    call = editable_call(request, code, at=at)
    initial = [piece_initial(piece) for piece in call.required_documents.all()]
    formset = PieceFormSet(request.POST or None, initial=initial, prefix="pieces")
    form = VersionedForm(request.POST or None, initial={"version": call.version})

    def save() -> None:
        actions.replace_pieces(
            call, formset.facts(), version=form.cleaned_data["version"], by=request.user, at=at
        )

    template = "applications/staff_calls/pieces.html"
    if request.method == "POST" and not formset.is_valid():
        context = section_context(call, CallSection.PIECES, form, formset=formset, error_in_page=True)
        return render(request, template, context, status=REFUSED_STATUS)
    return edit_section(
        request, call, CallSection.PIECES, form, template=template, save=save, formset=formset
    )
