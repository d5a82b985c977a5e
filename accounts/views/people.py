from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import roles, users
from accounts.forms.people import GrantForm, NewPersonForm, PeopleFilter, ReasonForm
from accounts.models import RoleGrant, User
from accounts.permissions import day_in_rabat, may_manage_people
from clusters_portal import clock
from clusters_portal.errors import Blocker, Refused

PAGE_SIZE = 30


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    if not may_manage_people(request.user, at=at):
        raise PermissionDenied
    form = PeopleFilter(request.GET)
    in_force = Prefetch("role_grants", RoleGrant.objects.active(day_in_rabat(at)), to_attr="grants_in_force")
    found = form.apply(User.objects.all(), at=at).prefetch_related(in_force).order_by("full_name", "email")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "count": page.paginator.count}
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        at = clock.now()
        if not may_manage_people(request.user, at=at):
            raise PermissionDenied
        form = NewPersonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                person = users.create_user(by=request.user, at=at, **form.cleaned_data)
            except Refused as refusal:
                form.add_error("email", str(refusal.blockers[0].message))
            else:
                messages.success(
                    request,
                    _("Compte créé. La personne choisit son mot de passe par « Mot de passe oublié »."),
                )
                return redirect("accounts:person", pk=person.pk)
    return render(request, "accounts/new_person.html", {"form": form})


@require_safe
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _person_page(request, pk)


@require_POST
def grant(request: HttpRequest, pk: UUID) -> HttpResponse:
    with transaction.atomic():
        at = clock.now()
        found = _managed(request, pk, at=at)
        form = GrantForm(request.POST, person=found)
        if form.is_valid():
            try:
                roles.grant_role(found, by=request.user, at=at, **form.cleaned_data)
            except Refused as refusal:
                return _person_page(request, pk, form=form, blockers=refusal.blockers)
            messages.success(request, _("Le rôle est attribué."))
            return redirect("accounts:person", pk=pk)
    return _person_page(request, pk, form=form)


@require_POST
def revoke(request: HttpRequest, pk: UUID, grant_pk: int) -> HttpResponse:
    with transaction.atomic():
        at = clock.now()
        found = _managed(request, pk, at=at)
        held = get_object_or_404(RoleGrant, pk=grant_pk, user=found)
        try:
            roles.revoke_role(held, by=request.user, at=at, reason=_reason(request))
        except Refused as refusal:
            return _person_page(request, pk, blockers=refusal.blockers)
    messages.success(request, _("Le rôle est retiré."))
    return redirect("accounts:person", pk=pk)


@require_POST
def set_active(request: HttpRequest, pk: UUID, wanted: bool) -> HttpResponse:
    with transaction.atomic():
        at = clock.now()
        found = _managed(request, pk, at=at)
        act = users.reactivate_user if wanted else users.deactivate_user
        try:
            act(found, by=request.user, at=at, reason=_reason(request))
        except Refused as refusal:
            return _person_page(request, pk, blockers=refusal.blockers)
    messages.success(request, _("Le compte est réactivé.") if wanted else _("Le compte est désactivé."))
    return redirect("accounts:person", pk=pk)


def _reason(request: HttpRequest) -> str:
    """The reason as given; "" when there is none, which the act itself refuses."""
    form = ReasonForm(request.POST)
    if not form.is_valid() and not form.has_error("reason", "required"):
        raise Refused(Blocker("reason", message, "reason") for message in form.errors.get("reason", []))
    return form.cleaned_data.get("reason", "")


def _managed(request: HttpRequest, pk: UUID, *, at) -> User:
    if not may_manage_people(request.user, at=at):
        raise PermissionDenied
    return get_object_or_404(User, pk=pk)


def _person_page(
    request: HttpRequest,
    pk: UUID,
    *,
    form: GrantForm | None = None,
    blockers: tuple[Blocker, ...] = (),
) -> HttpResponse:
    at = clock.now()
    found = _managed(request, pk, at=at)
    today = day_in_rabat(at)
    context = {
        "person": found,
        "grants": RoleGrant.objects.filter(user=found).select_related("deputy_for", "granted_by"),
        "today": today,
        "form": form or GrantForm(person=found, initial={"starts_on": today}),
        "blockers": blockers,
        "is_self": found.pk == request.user.pk,
    }
    return render(request, "accounts/person.html", context, status=409 if blockers else 200)
