"""The team of a dossier: who is in it, who is invited, and the page an invitation leads to."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.actions import teams
from applications.forms.submissions import show_refusal
from applications.forms.teams import InvitationForm, SeatForm
from applications.models import TeamInvitation, TeamMember
from applications.views.applicant.common import Desk, desk_of
from clusters_portal import clock
from clusters_portal.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, pk: UUID) -> HttpResponse:
    if request.method != "POST":
        return _page(request, desk_of(request, pk, at=clock.now(), team=True), InvitationForm())
    form = InvitationForm(request.POST)
    with transaction.atomic():
        at = clock.now()
        desk = _managed(request, pk, at)
        if not form.is_valid():
            return _page(request, desk, form, status=422)
        try:
            sent = teams.invite(desk.application, by=request.user, at=at, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused.blockers)
            return _page(request, desk, form, status=409)
    messages.success(request, _("Une invitation part à %(email)s.") % {"email": sent.email})
    return redirect("applications:team", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def team_seat(request: HttpRequest, pk: UUID, seat: int) -> HttpResponse:
    """Change what one person may do, or take the person out of the team."""
    with transaction.atomic():
        at = clock.now()
        desk = _managed(request, pk, at)
        found = get_object_or_404(
            TeamMember.objects.select_related("user", "application__call"),
            application=desk.application,
            pk=seat,
        )
        form = SeatForm(request.POST or None, initial={"role": found.role, "may_deposit": found.may_deposit})
        if request.method != "POST":
            return _seat_page(request, desk, found, form)
        try:
            if "remove" in request.POST:
                teams.remove_seat(found, by=request.user, at=at)
            elif not form.is_valid():
                return _seat_page(request, desk, found, form, status=422)
            else:
                teams.change_seat(found, by=request.user, at=at, **form.cleaned_data)
        except Refused as refused:
            messages.error(request, refused.blockers[0].message)
    return redirect("applications:team", pk)


@require_POST
def team_revoke(request: HttpRequest, pk: UUID, invitation: UUID) -> HttpResponse:
    with transaction.atomic():
        at = clock.now()
        desk = _managed(request, pk, at)
        teams.revoke(desk.application, invitation, by=request.user, at=at)
    messages.success(request, _("L'invitation est annulée."))
    return redirect("applications:team", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def team_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mailed link leads. Looking changes nothing: the seat is taken by the button."""
    if request.method == "POST":
        with transaction.atomic():
            at = clock.now()
            try:
                seat = teams.accept(token, by=request.user, at=at)
            except Refused as refused:
                return _invitation_page(request, None, refused.blockers, status=409)
        messages.success(request, _("Vous faites maintenant partie de l'équipe."))
        return redirect("applications:dossier", seat.application_id)
    at = clock.now()
    known = (
        TeamInvitation.objects.select_related("application__call", "invited_by")
        .filter(token_digest=teams.digest_of(token))
        .first()
    )
    blockers = teams.invitation_blockers(known, user=request.user, at=at) if known else [teams.NOT_VALID]
    return _invitation_page(request, known, blockers)


def _managed(request: HttpRequest, pk: UUID, at: Any) -> Desk:
    desk = desk_of(request, pk, at=at, team=True)
    if not desk.can_manage_team:
        raise PermissionDenied
    return desk


def _page(request: HttpRequest, desk: Desk, form: InvitationForm, *, status: int = 200) -> HttpResponse:
    pending = list(teams.pending_invitations(desk.application, at=desk.at)) if desk.can_manage_team else []
    context = desk.context(form=form, pending=pending)
    return render(request, "applications/applicant/team.html", context, status=status)


def _seat_page(
    request: HttpRequest, desk: Desk, seat: TeamMember, form: SeatForm, *, status: int = 200
) -> HttpResponse:
    context = desk.context(seat=seat, form=form)
    return render(request, "applications/applicant/team_seat.html", context, status=status)


def _invitation_page(
    request: HttpRequest, invitation: TeamInvitation | None, blockers: Any, *, status: int = 200
) -> HttpResponse:
    # An invitation that this account can't take says nothing of the dossier it is for.
    context = {"invitation": None if blockers else invitation, "blockers": blockers}
    return render(request, "applications/applicant/invitation.html", context, status=status)
