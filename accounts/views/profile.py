from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions import users
from accounts.forms.profile import ProfileForm
from accounts.models import RoleGrant, User
from accounts.permissions import day_in_rabat
from clusters_portal import clock


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    # A copy: a refused form must not change the name that the header prints.
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            users.update_profile(request.user, by=request.user, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Votre profil est enregistré."))
        return redirect("accounts:profile")
    grants = RoleGrant.objects.filter(user=request.user).select_related("deputy_for")
    context = {"form": form, "grants": grants, "today": day_in_rabat(clock.now())}
    return render(request, "accounts/profile.html", context)
