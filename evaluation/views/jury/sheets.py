"""The marking page: the sealed dossier beside the sheet."""

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import standing_of
from applications.enums import CallStatus
from applications.models import SubmissionFile
from applications.sealed import sealed_sections
from clusters_portal import clock, formats, storage
from clusters_portal.errors import Refused
from evaluation.actions.declarations import declare
from evaluation.actions.marking import VersionConflict, save_sheet, send_sheet
from evaluation.enums import CriterionCode, DeclarationKind, EvaluationStatus
from evaluation.forms.jury import LateDeclarationForm
from evaluation.forms.marking import SheetForm
from evaluation.models import Assignment
from evaluation.permissions.jury import may_declare, remember_seat
from evaluation.queries.sheets import (
    BEARING,
    code_names,
    files_of,
    readable_assignments,
    sheet_of,
    sheet_rows,
)
from evaluation.views.jury.access import atomic_post, require


def _assignment(request: HttpRequest, assignment_id: int, *, at: datetime) -> Assignment:
    assignment = get_object_or_404(readable_assignments(request.user, at=at), pk=assignment_id)
    remember_seat(request.user, assignment.juror)
    # Read here, with this request's instant: the header would ask the clock again.
    standing_of(request.user, at=at)
    return assignment


@require_http_methods(["GET", "HEAD", "POST"])
@atomic_post
def sheet(request: HttpRequest, assignment_id: int) -> HttpResponse:
    at = clock.now()
    assignment = _assignment(request, assignment_id, at=at)
    stored = sheet_rows(assignment)
    found = sheet_of(assignment)
    version = found.version if found else 0
    data = request.POST if request.method == "POST" else None
    form = SheetForm(data, rows=stored.rows, marks=stored.marks, comments=stored.comments, version=version)
    if data is None:
        return _page(request, assignment, form)
    wants_json = "application/json" in request.headers.get("Accept", "")
    if not form.is_valid():
        if wants_json:
            return JsonResponse({"message": _first_error(form)}, status=422)
        return _page(request, assignment, form, status=422)
    try:
        with transaction.atomic():
            saved = save_sheet(
                assignment,
                marks=form.given_marks,
                comments=form.given_comments,
                version=form.cleaned_data["version"],
                by=request.user,
                at=at,
            )
    except (Refused, VersionConflict) as problem:
        return _not_saved(request, assignment, form, problem, wants_json=wants_json)
    if wants_json:
        return JsonResponse(
            {"version": saved.version, "saved_at": formats.hour(at, language=get_language() or "fr")}
        )
    return _after_saving(request, assignment, at=at)


def _after_saving(request: HttpRequest, assignment: Assignment, *, at: datetime) -> HttpResponse:
    """Saved; now send, go on to the next dossier, or stay."""
    act = request.POST.get("act", "save")
    if act == "send":
        try:
            with transaction.atomic():
                send_sheet(assignment, by=request.user, at=at)
        except Refused as refused:
            fresh = _assignment(request, assignment.pk, at=at)
            stored = sheet_rows(fresh)
            form = SheetForm(
                rows=stored.rows,
                marks=stored.marks,
                comments=stored.comments,
                version=fresh.evaluation.version,
            )
            return _page(request, fresh, form, blockers=refused.blockers, status=422)
        messages.success(
            request, _("La fiche est envoyée. Elle ne change plus, sauf si le président la rouvre.")
        )
    else:
        messages.success(request, _("La fiche est enregistrée."))
    if act in ("next", "send") and assignment.next_id:
        return redirect("evaluation:jury-sheet", assignment_id=assignment.next_id)
    if act in ("next", "send"):
        return redirect("evaluation:jury-home")
    return redirect("evaluation:jury-sheet", assignment_id=assignment.pk)


def _not_saved(
    request: HttpRequest, assignment: Assignment, form: SheetForm, problem: Exception, *, wants_json: bool
) -> HttpResponse:
    if isinstance(problem, VersionConflict):
        message = _(
            "Cette fiche a changé dans une autre fenêtre. Rien n'a été écrasé : comparez, puis enregistrez."
        )
        blockers = ()
    else:
        message = str(problem.blockers[0].message)
        blockers = problem.blockers
    if wants_json:
        return JsonResponse({"message": message}, status=409)
    return _page(
        request,
        assignment,
        form,
        blockers=blockers,
        conflict=message if isinstance(problem, VersionConflict) else "",
        status=409,
    )


def _page(
    request: HttpRequest,
    assignment: Assignment,
    form: SheetForm,
    *,
    blockers=(),
    conflict: str = "",
    status: int = 200,
) -> HttpResponse:
    call = assignment.application.call
    found = sheet_of(assignment)
    is_sent = found is not None and found.status == EvaluationStatus.SENT
    is_open = call.status == CallStatus.EVALUATION
    is_locked = is_sent or not is_open
    if conflict:
        form = form.over_stored(found.version if found else 0)
    names = code_names()
    snapshot = assignment.application.standing_submission.snapshot
    sections = {section.code: section for section in sealed_sections(snapshot, sectors=names, regions=names)}
    panels = [
        {
            "panel": panel,
            "sections": [
                sections[code]
                for code in BEARING.get(CriterionCode(panel.criterion.code), ())
                if code in sections
            ],
        }
        for panel in form.panels()
    ]
    shown = {code for codes in BEARING.values() for code in codes}
    context = {
        "assignment": assignment,
        "application": assignment.application,
        "call": call,
        "form": form,
        "panels": panels,
        "general_sections": [section for code, section in sections.items() if code not in shown],
        "files": files_of(assignment),
        "sheet": found,
        "is_sent": is_sent,
        "is_open": is_open,
        "is_locked": is_locked,
        "may_declare": may_declare(request.user, call),
        "blockers": blockers,
        "conflict": conflict,
        "differences": form.differences() if conflict else [],
        "error_in_page": bool(blockers or conflict),
    }
    return render(request, "evaluation/jury/sheet.html", context, status=status)


def _first_error(form: SheetForm) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


@require_http_methods(["GET", "HEAD", "POST"])
@atomic_post
def late_declaration(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """A conflict or a link found while reading: access ends with it, the sheet is set aside."""
    at = clock.now()
    assignment = _assignment(request, assignment_id, at=at)
    require(may_declare(request.user, assignment.application.call))
    form = LateDeclarationForm(request.POST if request.method == "POST" else None)
    blockers = ()
    if form.is_bound and form.is_valid():
        kind = DeclarationKind(form.cleaned_data["kind"])
        try:
            with transaction.atomic():
                declare(
                    assignment.juror,
                    assignment.application,
                    kind,
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    at=at,
                )
        except Refused as refused:
            blockers = refused.blockers
        else:
            messages.success(
                request, _("Votre déclaration est enregistrée : ce dossier ne vous est plus accessible.")
            )
            return redirect("evaluation:jury-home")
    context = {
        "assignment": assignment,
        "application": assignment.application,
        "form": form,
        "blockers": blockers,
    }
    return render(
        request, "evaluation/jury/late_declaration.html", context, status=422 if form.is_bound else 200
    )


@require_safe
def file(request: HttpRequest, assignment_id: int, file_id: int) -> FileResponse:
    """A sealed piece, streamed to the juror who may read its dossier."""
    at = clock.now()
    assignment = get_object_or_404(
        Assignment.objects.visible_to(request.user, at=at).select_related("application"), pk=assignment_id
    )
    sealed = get_object_or_404(
        SubmissionFile.objects.select_related("document"),
        pk=file_id,
        submission=assignment.application.standing_submission_id,
    )
    return storage.stream_response(sealed.document.storage_key, filename=sealed.name, sha256=sealed.sha256)
