"""Acts on the checklist of one dossier."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.actions import instruction as actions
from applications.enums import EligibilityLine
from applications.forms.instruction import AnswerForm, SettlementForm
from applications.models import Application
from applications.permissions.instruction import may_instruct
from applications.views.staff.dossiers import dossier_page
from clusters_portal import clock
from clusters_portal.errors import Refused


def _application(request, pk, at) -> Application:
    visible = Application.objects.visible_to(request.user, at=at).select_related(
        "call", "standing_submission"
    )
    application = get_object_or_404(visible.unsealed(), pk=pk)
    if not may_instruct(request.user, application, at=at):
        raise PermissionDenied
    return application


def _line(line: str) -> EligibilityLine:
    try:
        return EligibilityLine(line)
    except ValueError as error:
        raise Http404 from error


def _perform(request, application: Application, done: str, action, /, *, typed=None, **arguments):
    """Run one action. A refusal leaves nothing written: it becomes messages, or is added to the form that was typed.

    `typed` is that form with the function that shows its page again.
    """
    try:
        with transaction.atomic():
            action(**arguments)
    except Refused as refused:
        if typed is not None:
            form, show_again = typed
            for blocker in refused.blockers:
                form.add_error(None, blocker.message)
            return show_again()
        for blocker in refused.blockers:
            messages.error(request, blocker.message)
    else:
        messages.success(request, done)
    return redirect("applications:staff-dossier", pk=application.pk)


@require_POST
@transaction.atomic
def answer(request, pk, line: str):
    at = clock.now()
    application = _application(request, pk, at)
    code = _line(line)
    form = AnswerForm(request.POST, prefix=code.value)
    show_again = partial(
        dossier_page, request, application, at=at, answer_forms={code.value: form}, status=422
    )
    if not form.is_valid():
        return show_again()
    return _perform(
        request,
        application,
        _("La ligne est enregistrée."),
        actions.answer_check,
        typed=(form, show_again),
        application=application,
        line=code,
        answer=form.cleaned_data["answer"],
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=at,
    )


@require_POST
@transaction.atomic
def second(request, pk, line: str):
    at = clock.now()
    application = _application(request, pk, at)
    return _perform(
        request,
        application,
        _("Le changement est confirmé par une seconde personne."),
        actions.second_override,
        application=application,
        line=_line(line),
        by=request.user,
        at=at,
    )


@require_POST
@transaction.atomic
def settle(request, pk):
    at = clock.now()
    application = _application(request, pk, at)
    form = SettlementForm(request.POST)
    show_again = partial(dossier_page, request, application, at=at, settlement_form=form, status=422)
    if not form.is_valid():
        return show_again()
    return _perform(
        request,
        application,
        _("La recevabilité est enregistrée."),
        actions.settle,
        typed=(form, show_again),
        application=application,
        outcome=form.cleaned_data["outcome"],
        reasons_fr=form.cleaned_data["reasons_fr"],
        reasons_ar=form.cleaned_data["reasons_ar"],
        by=request.user,
        at=at,
    )


@require_POST
@transaction.atomic
def confirm(request, pk):
    at = clock.now()
    application = _application(request, pk, at)
    return _perform(
        request,
        application,
        _("L'irrecevabilité est confirmée ; le décideur la signera avec les autres décisions."),
        actions.confirm_inadmissible,
        application=application,
        by=request.user,
        at=at,
    )


@require_POST
@transaction.atomic
def withdraw(request, pk):
    at = clock.now()
    application = _application(request, pk, at)
    return _perform(
        request,
        application,
        _("La proposition est retirée."),
        actions.withdraw_settlement,
        application=application,
        by=request.user,
        at=at,
    )
