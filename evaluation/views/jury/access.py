"""What every page of the jury starts with: the call, or 404; and an act's refusal, turned into words."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Call
from clusters_portal.errors import Blocker, Refused
from evaluation.models import Deliberation
from evaluation.permissions.jury import (
    may_declare,
    may_enter,
    may_follow,
    may_see_composition,
    may_see_deliberation,
    may_see_ranking,
)


def jury_call(request: HttpRequest, code: str, *, at: datetime) -> Call:
    """The call with its grid, round and deliberation in one query; 404 for whoever has no business with its jury."""
    calls = Call.objects.visible_to(request.user, at=at).select_related(
        "grid", "evaluation_round", "deliberation__signed_by"
    )
    call = get_object_or_404(calls, code=code)
    if not may_enter(request.user, call, at=at):
        raise Http404
    return call


def jury_nav(request: HttpRequest, call: Call, *, at: datetime) -> list[tuple[str, str, bool]]:
    """(label, address, whether the reader is there) of the pages of this jury that the person may open."""
    user = request.user
    pages = (
        (_("Composition"), "composition", may_see_composition(user, call, at=at)),
        (_("Déclarations"), "declarations", may_declare(user, call)),
        (_("Avancement"), "progress", may_follow(user, call, at=at)),
        (_("Liens déclarés"), "links", may_follow(user, call, at=at)),
        (_("Classement"), "ranking", may_see_ranking(user, call, at=at)),
        (_("Délibération"), "deliberation", may_see_deliberation(user, call, at=at)),
    )
    addresses = [
        (label, reverse(f"evaluation:jury-{name}", kwargs={"code": call.code}))
        for label, name, allowed in pages
        if allowed
    ]
    return [(label, address, request.path.startswith(address)) for label, address in addresses]


def jury_page(
    request: HttpRequest,
    template: str,
    call: Call,
    context: dict[str, Any],
    *,
    at: datetime,
    status: int = 200,
) -> HttpResponse:
    """A page of one call's jury, with the row of its sister pages."""
    shared = {"call": call, "jury_nav": jury_nav(request, call, at=at)}
    return render(request, f"evaluation/jury/{template}.html", {**shared, **context}, status=status)


def deliberation_of(call: Call) -> Deliberation:
    deliberation = getattr(call, "deliberation", None)
    if deliberation is None:
        raise Http404
    return deliberation


def atomic_post(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A transaction around what may write; reading needs none."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return wrapped


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def perform(
    request: HttpRequest, action: Callable[..., Any], *args: Any, done: str = "", **kwargs: Any
) -> Any:
    """Run one act whole or not at all. None when the rules refuse it: the reasons are then among the messages."""
    try:
        with transaction.atomic():
            result = action(*args, **kwargs)
    except Refused as refused:
        for blocker in refused.blockers:
            messages.error(request, blocker.message)
        return None
    if done:
        messages.success(request, done)
    return result if result is not None else True


def masked(blockers: Iterable[Blocker], hidden: frozenset[UUID]) -> list[Blocker]:
    """The blockers as a reader may see them: a dossier that recuses this reader is not named."""
    anchors = {f"dossier-{pk}" for pk in hidden}
    shown = [blocker for blocker in blockers if blocker.anchor not in anchors]
    if any(blocker.anchor in anchors for blocker in blockers):
        shown.append(
            Blocker(
                "hidden_dossier",
                _(
                    "Un dossier qui vous récuse n'est pas complet : le responsable de l'appel y saisit "
                    "ce que le jury a décidé."
                ),
            )
        )
    return shown
