from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import notices
from accounts.actions import users
from accounts.permissions import visible_notices
from clusters_portal import clock

PAGE_SIZE = 20


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    found = visible_notices(request.user).select_related("user").order_by("-created_at", "-pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows: list[dict[str, Any]] = [
        {"notice": notice, "subject": notices.subject_of(notice), "text": notices.text_of(notice)}
        for notice in page
    ]
    return render(request, "accounts/inbox.html", {"page_obj": page, "rows": rows})


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark as read and go where the notice leads."""
    notice = get_object_or_404(visible_notices(request.user), pk=pk)
    with transaction.atomic():
        users.mark_read(notice, by=request.user, at=clock.now())
    # The database keeps only paths of the portal here (notice_url_is_a_path_of_the_portal).
    return HttpResponseRedirect(notice.url) if notice.url else redirect("accounts:inbox")


@require_POST
def read_notice(request: HttpRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(visible_notices(request.user), pk=pk)
    with transaction.atomic():
        users.mark_read(notice, by=request.user, at=clock.now())
    return redirect("accounts:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        users.mark_all_read(by=request.user, at=clock.now())
    return redirect("accounts:inbox")
