"""Composing the jury and starting its work: the call manager and the chair."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.models import Call
from clusters_portal import clock
from clusters_portal.errors import Refused
from evaluation.actions.jury import appoint_juror, change_role, remove_juror
from evaluation.actions.rounds import start_evaluation, starting_blockers
from evaluation.enums import JuryRole
from evaluation.forms.jury import AppointmentForm, RoleForm
from evaluation.models import JuryMember
from evaluation.permissions.jury import may_compose, may_see_composition, may_start
from evaluation.views.jury.access import atomic_post, jury_call, jury_page, perform, require


@require_http_methods(["GET", "HEAD", "POST"])
@atomic_post
def composition(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    call = jury_call(request, code, at=at)
    require(may_see_composition(request.user, call, at=at))
    if request.method != "POST":
        return _page(request, call, AppointmentForm(), at=at)
    require(may_compose(request.user, call, at=at))
    form = AppointmentForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                appoint_juror(call, **form.cleaned_data, by=request.user, at=at)
        except Refused as refused:
            for blocker in refused.blockers:
                form.add_error(blocker.anchor if blocker.anchor in form.fields else None, blocker.message)
        else:
            return redirect("evaluation:jury-composition", code=code)
    return _page(request, call, form, at=at, status=422)


def _page(request: HttpRequest, call: Call, form: AppointmentForm, *, at, status: int = 200) -> HttpResponse:
    seats = list(
        JuryMember.objects.seated().filter(call=call).select_related("user").order_by("user__full_name", "pk")
    )
    startable = may_start(request.user, call, at=at)
    context = {
        "seats": seats,
        "form": form,
        "roles_of_jury": JuryRole.choices,
        "may_compose": may_compose(request.user, call, at=at),
        "may_start": startable,
        "starting_blockers": starting_blockers(call) if startable else [],
        "quorum": call.grid.quorum if hasattr(call, "grid") else None,
        "marker_count": sum(seat.role != JuryRole.SUBSTITUTE for seat in seats),
    }
    return jury_page(request, "composition", call, context, at=at, status=status)


def _seat(request: HttpRequest, code: str, seat_id: int, *, at) -> JuryMember:
    call = jury_call(request, code, at=at)
    require(may_compose(request.user, call, at=at))
    return get_object_or_404(JuryMember.objects.seated().select_related("call"), pk=seat_id, call=call)


@require_POST
@transaction.atomic
def role(request: HttpRequest, code: str, seat_id: int) -> HttpResponse:
    at = clock.now()
    seat = _seat(request, code, seat_id, at=at)
    form = RoleForm(request.POST)
    if form.is_valid():
        new = JuryRole(form.cleaned_data["role"])
        perform(request, change_role, seat, new, by=request.user, at=at, done=_("Le rôle est changé."))
    return redirect("evaluation:jury-composition", code=code)


@require_POST
@transaction.atomic
def remove(request: HttpRequest, code: str, seat_id: int) -> HttpResponse:
    at = clock.now()
    seat = _seat(request, code, seat_id, at=at)
    perform(request, remove_juror, seat, by=request.user, at=at, done=_("Le siège est retiré."))
    return redirect("evaluation:jury-composition", code=code)


@require_POST
@transaction.atomic
def start(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    call = jury_call(request, code, at=at)
    require(may_start(request.user, call, at=at))
    done = _("L'évaluation est ouverte : les membres du jury sont prévenus.")
    if perform(request, start_evaluation, call, by=request.user, at=at, done=done):
        return redirect("evaluation:jury-progress", code=code)
    return redirect("evaluation:jury-composition", code=code)
