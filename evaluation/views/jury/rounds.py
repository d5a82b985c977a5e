"""Following the round: who has declared and sent, links to rule, readers, closing."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.enums import ApplicationStatus, CallStatus
from applications.models import Application
from clusters_portal import clock
from clusters_portal.errors import Refused
from evaluation.actions.assignments import assign, set_readers
from evaluation.actions.declarations import rule_on_link
from evaluation.actions.rounds import close_round, closing_blockers
from evaluation.enums import LinkRuling
from evaluation.forms.jury import ReadersForm, RulingForm
from evaluation.models import ConflictDeclaration
from evaluation.permissions.jury import (
    is_chair,
    may_assign,
    may_close_round,
    may_follow,
    may_rule,
    seat_in,
)
from evaluation.queries.dossiers import recused_application_ids, unsent
from evaluation.queries.progress import dossier_states, progress_board
from evaluation.views.jury.access import atomic_post, jury_call, jury_page, perform, require

CLOSING_WORD = "clore"


@require_safe
def progress(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    call = jury_call(request, code, at=at)
    require(may_follow(request.user, call, at=at))
    board = progress_board(call, reader=request.user, page=request.GET.get("page"))
    context = {
        "board": board,
        "page_obj": board.page,
        "hidden_count": board.hidden_count,
        "reads_all": board.dossier_count + board.hidden_count <= call.grid.all_read_up_to,
        "may_assign": may_assign(request.user, call, at=at),
        "may_close": may_close_round(request.user, call),
        "is_open": call.status == CallStatus.EVALUATION,
    }
    return jury_page(request, "progress", call, context, at=at)


@require_safe
def links(request: HttpRequest, code: str) -> HttpResponse:
    return _links_page(request, code, at=clock.now())


def _links_page(request: HttpRequest, code: str, *, at, bound=None, status: int = 200) -> HttpResponse:
    """`bound` is the form that was refused, with the declaration it belongs to."""
    call = jury_call(request, code, at=at)
    require(may_follow(request.user, call, at=at))
    hidden = recused_application_ids(seat_in(request.user, call))
    declared = (
        ConflictDeclaration.objects.exclude(kind="none")
        .filter(juror__call=call, juror__removed_at__isnull=True)
        .select_related("juror__user", "juror__call", "application", "ruled_by")
        .order_by("ruled_at", "declared_at")
    )
    rows = []
    for declaration in declared:
        if declaration.application_id in hidden:
            continue
        waits = declaration.kind == "link" and not declaration.ruling
        mine = waits and may_rule(request.user, declaration, at=at)
        form = None
        if mine:
            is_bound = bound is not None and bound[0].pk == declaration.pk
            form = bound[1] if is_bound else RulingForm(auto_id=f"id_{declaration.pk}_%s")
        rows.append({"declaration": declaration, "waits": waits, "form": form})
    context = {
        "rows": rows,
        "waiting_count": sum(row["waits"] for row in rows),
        "form": bound[1] if bound else None,
        "is_chair": is_chair(request.user, call),
    }
    return jury_page(request, "links", call, context, at=at, status=status)


@require_POST
@transaction.atomic
def rule(request: HttpRequest, code: str, declaration_id: int) -> HttpResponse:
    at = clock.now()
    call = jury_call(request, code, at=at)
    declaration = get_object_or_404(
        ConflictDeclaration.objects.select_related("juror__call", "application__call"),
        pk=declaration_id,
        juror__call=call,
    )
    require(may_rule(request.user, declaration, at=at))
    form = RulingForm(request.POST, auto_id=f"id_{declaration.pk}_%s")
    if not form.is_valid():
        return _links_page(request, code, at=at, bound=(declaration, form), status=422)
    perform(
        request,
        rule_on_link,
        declaration,
        LinkRuling(form.cleaned_data["ruling"]),
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=at,
        done=_("La décision est enregistrée ; le membre du jury est prévenu."),
    )
    return redirect("evaluation:jury-links", code=code)


@require_POST
@transaction.atomic
def assign_all(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    call = jury_call(request, code, at=at)
    require(may_assign(request.user, call, at=at))
    proposal = perform(request, assign, call, by=request.user, at=at, done=_("Les dossiers sont répartis."))
    if proposal and proposal.problems:
        messages.warning(
            request,
            ngettext(
                "%(count)d dossier a trop peu de lecteurs : attendez les déclarations manquantes "
                "ou faites siéger un suppléant.",
                "%(count)d dossiers ont trop peu de lecteurs : attendez les déclarations manquantes "
                "ou faites siéger un suppléant.",
                len(proposal.problems),
            )
            % {"count": len(proposal.problems)},
        )
    return redirect("evaluation:jury-progress", code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@atomic_post
def readers(request: HttpRequest, code: str, application_id) -> HttpResponse:
    at = clock.now()
    call = jury_call(request, code, at=at)
    require(may_assign(request.user, call, at=at))
    if application_id in recused_application_ids(seat_in(request.user, call)):
        raise Http404
    application = get_object_or_404(
        Application.objects.select_related("call"),
        pk=application_id,
        call=call,
        status=ApplicationStatus.IN_EVALUATION,
    )
    if request.method == "POST":
        form = ReadersForm(request.POST, application=application)
        if form.is_valid():
            chosen = list(form.cleaned_data["readers"])
            done = _("Les lecteurs du dossier sont enregistrés.")
            if perform(request, set_readers, application, chosen, by=request.user, at=at, done=done):
                return redirect("evaluation:jury-progress", code=code)
    context = {"application": application, "rows": dossier_states(call, application.pk)}
    return jury_page(request, "readers", call, context, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
@atomic_post
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Shows what closing would leave out, then closes."""
    at = clock.now()
    call = jury_call(request, code, at=at)
    require(may_close_round(request.user, call))
    error, blockers = "", closing_blockers(call)
    if request.method == "POST":
        if request.POST.get("confirmation", "").strip().casefold() != _(CLOSING_WORD).casefold():
            error = _("Tapez le mot demandé pour confirmer.")
        else:
            try:
                with transaction.atomic():
                    close_round(call, by=request.user, at=at)
            except Refused as refused:
                blockers = list(refused.blockers)
            else:
                messages.success(
                    request, _("Le tour de notation est clos. Le classement est ouvert au jury.")
                )
                return redirect("evaluation:jury-ranking", code=code)
    hidden = recused_application_ids(seat_in(request.user, call))
    missing = unsent(call)
    context = {
        "missing": [row for row in missing if row.application_id not in hidden],
        "missing_count": len(missing),
        "board": progress_board(call, reader=request.user),
        "blockers": blockers,
        "word": _(CLOSING_WORD),
        "error": error,
        "error_in_page": bool(error),
    }
    status = 422 if request.method == "POST" else 200
    return jury_page(request, "close", call, context, at=at, status=status)
