"""The juror's own pages: home, declarations."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from applications.enums import CallStatus
from applications.models import Call
from clusters_portal import clock
from clusters_portal.errors import Blocker, Refused
from evaluation.actions.declarations import declare
from evaluation.enums import DeclarationKind
from evaluation.forms.jury import DeclarationForm
from evaluation.permissions.jury import is_manager, seat_in
from evaluation.queries.dossiers import declarable
from evaluation.queries.home import juror_home
from evaluation.queries.parties import hints_for, parties_of
from evaluation.views.jury.access import atomic_post, jury_call, jury_page, require

JURY_STATUSES = (
    CallStatus.ANNOUNCED,
    CallStatus.CLOSED,
    CallStatus.OPENED,
    CallStatus.EVALUATION,
    CallStatus.DELIBERATION,
    CallStatus.DECIDED,
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    manages = is_manager(request.user, at=at)
    managed = Call.objects.filter(is_historical=False, status__in=JURY_STATUSES) if manages else []
    calls, page = juror_home(request.user, page=request.GET.get("page"))
    return render(
        request,
        "evaluation/jury/home.html",
        {"jury_calls": calls, "page_obj": page, "managed_calls": managed, "manages": manages},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@atomic_post
def declarations(request: HttpRequest, code: str) -> HttpResponse:
    """Every dossier on which the juror has still to declare; those left without a choice stay for later."""
    at = clock.now()
    call = jury_call(request, code, at=at)
    seat = seat_in(request.user, call)
    require(seat is not None)
    posted = request.POST if request.method == "POST" else None
    asked = posted.getlist("dossier") if posted is not None else []
    waiting = list(declarable(seat)) if call.status == CallStatus.EVALUATION else []
    forms = [DeclarationForm(posted if str(one.pk) in asked else None, application=one) for one in waiting]
    blockers: list[Blocker] = []
    if posted is not None and all(form.is_valid() for form in forms if form.is_bound):
        blockers = _declare_all(request, seat, forms, at=at)
        if not blockers:
            return (
                redirect("evaluation:jury-declarations", code=code)
                if _left(forms)
                else redirect("evaluation:jury-home")
            )
    cards = [(form, parties_of(form.application), hints_for(seat, form.application)) for form in forms]
    context = {
        "seat": seat,
        "cards": cards,
        "forms_with_errors": [form for form in forms if form.is_bound and form.errors],
        "blockers": blockers,
        "error_in_page": posted is not None,
    }
    return jury_page(request, "declarations", call, context, at=at, status=200 if posted is None else 422)


def _declare_all(request: HttpRequest, seat, forms: list[DeclarationForm], *, at) -> list[Blocker]:
    """All the declarations that were made, or none."""
    made = [form for form in forms if form.is_bound and form.cleaned_data.get("kind")]
    if not made:
        return [Blocker("nothing_declared", _("Choisissez une déclaration pour au moins un dossier."))]
    try:
        with transaction.atomic():
            for form in made:
                declare(
                    seat,
                    form.application,
                    DeclarationKind(form.cleaned_data["kind"]),
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    at=at,
                )
    except Refused as refused:
        return list(refused.blockers)
    messages.success(
        request,
        ngettext("%(count)d déclaration enregistrée.", "%(count)d déclarations enregistrées.", len(made))
        % {"count": len(made)},
    )
    return []


def _left(forms: list[DeclarationForm]) -> bool:
    return any(not (form.is_bound and form.cleaned_data.get("kind")) for form in forms)
