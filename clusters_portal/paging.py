"""One page of a list whose length is already known."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50


def page_of(request: HttpRequest, rows: QuerySet, *, total: int) -> Page:
    """The page that `?page=` asks for; a number that makes no sense gives the nearest one. Counts nothing again."""
    paginator = Paginator(rows, PAGE_SIZE)
    paginator.count = total
    return paginator.get_page(request.GET.get("page"))
