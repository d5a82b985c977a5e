"""Confirming what the register says of one cluster, fact by fact, from a document."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.actions import instruction as actions
from applications.forms.instruction import FactConfirmationForm
from applications.models import Cluster, Label, SupportPeriod
from applications.permissions.instruction import may_confirm_register_facts, may_read_staff_pages
from clusters_portal import clock

FACTS = {"labellisation": Label, "soutien": SupportPeriod}


def _page(request, cluster: Cluster, *, at, failed=None, status: int = 200):
    return render(
        request,
        "applications/staff/register_facts.html",
        {
            "cluster": cluster,
            "labels": cluster.labels.select_related("call", "confirmed_by"),
            "periods": cluster.support_periods.select_related("confirmed_by"),
            "may_confirm": may_confirm_register_facts(request.user, at=at),
            "failed": failed,
            "form": failed["form"] if failed else FactConfirmationForm(),
        },
        status=status,
    )


@require_safe
def facts(request, code: str):
    at = clock.now()
    if not may_read_staff_pages(request.user, at=at):
        raise PermissionDenied
    cluster = get_object_or_404(Cluster.objects.select_related("sector", "region"), code=code)
    return _page(request, cluster, at=at)


@require_POST
@transaction.atomic
def confirm(request, code: str, kind: str, pk: int):
    at = clock.now()
    if not may_confirm_register_facts(request.user, at=at):
        raise PermissionDenied
    if kind not in FACTS:
        raise Http404
    fact = get_object_or_404(FACTS[kind].objects.select_related("cluster"), pk=pk, cluster__code=code)
    form = FactConfirmationForm(request.POST)
    if not form.is_valid():
        failed = {"kind": kind, "pk": fact.pk, "form": form}
        return _page(request, fact.cluster, at=at, failed=failed, status=422)
    actions.confirm_register_fact(fact, document=form.cleaned_data["document"], by=request.user, at=at)
    messages.success(
        request, _("Le fait est confirmé ; les dossiers qui s'appuient sur lui sont réexaminés.")
    )
    return redirect("applications:register-facts", code=code)
