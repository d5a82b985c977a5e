"""Public pages of the site itself, which read nothing, and the choice of language."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language as django_set_language


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """`language` is one of settings.LANGUAGES; `next` the page to stay on. Visitors choose too."""
    return django_set_language(request)
