"""Pages that anybody may read: the calls and the register. A GET writes nothing."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.enums import CallPhase, CallStatus
from applications.forms.public_register import RegisterFilterForm
from applications.models import Call, Cluster
from applications.permissions.calls import may_see_assumed_facts
from applications.views.public_calls import EXAMINED, PAST, CallCard, card_of
from applications.views.public_clusters import cluster_sheet, cluster_summary
from clusters_portal import clock

PAGE_SIZE = 20


def _cards(request: HttpRequest, at) -> list[CallCard]:
    visible = Call.objects.visible_to(request.user, at=at).exclude(status=CallStatus.DRAFT)
    return [card_of(call, at=at) for call in visible.with_deadlines()]


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    cards = _cards(request, at)
    opened = [card for card in cards if card.phase == CallPhase.OPEN]
    context = {
        "now": at,
        "open_cards": sorted(opened, key=lambda card: card.deadline.closes_at),
        "coming_cards": [card for card in cards if card.phase == CallPhase.ANNOUNCED],
        "examined_cards": [card for card in cards if card.phase in EXAMINED],
        "past_cards": [card for card in cards if card.phase in PAST],
    }
    return render(request, "applications/public/home.html", context)


@login_not_required
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    return render(request, "applications/public/calls.html", {"cards": _cards(request, at), "now": at})


def filtered_clusters(form: RegisterFilterForm, *, with_assumed: bool) -> QuerySet[Cluster]:
    """An invalid filter counts as none. A region that is only assumed is not found by a visitor."""
    clusters = Cluster.objects.select_related("sector", "region").prefetch_related(
        "labels", "support_periods"
    )
    form.is_valid()
    wanted = form.cleaned_data
    if text := wanted.get("q", "").strip():
        named = Q(name__icontains=text) | Q(name_ar__icontains=text) | Q(code__icontains=text)
        clusters = clusters.filter(named | Q(aliases__icontains=text))
    if wanted.get("sector"):
        clusters = clusters.filter(sector=wanted["sector"])
    if wanted.get("region"):
        clusters = clusters.filter(region=wanted["region"])
        if not with_assumed:
            clusters = clusters.exclude(assumed__contains=["region"])
    return clusters.order_by("name", "code")


@login_not_required
@require_safe
def clusters(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    with_assumed = may_see_assumed_facts(request.user, at=at)
    form = RegisterFilterForm(request.GET)
    page = Paginator(filtered_clusters(form, with_assumed=with_assumed), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "filter_form": form,
        "page_obj": page,
        "rows": [cluster_summary(cluster, with_assumed=with_assumed) for cluster in page],
        "with_assumed": with_assumed,
    }
    return render(request, "applications/public/clusters.html", context)


@login_not_required
@require_safe
def cluster(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    with_assumed = may_see_assumed_facts(request.user, at=at)
    found = get_object_or_404(
        Cluster.objects.select_related("sector", "region").prefetch_related(
            "labels__call", "support_periods", "predecessors", "successors"
        ),
        code=code,
    )
    context = {
        "cluster": found,
        "sheet": cluster_sheet(found, with_assumed=with_assumed, at=at),
        "with_assumed": with_assumed,
    }
    return render(request, "applications/public/cluster.html", context)
