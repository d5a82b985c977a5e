"""One section of the dossier: shown, saved, saved by itself, and shown again when two people wrote at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.actions.dossiers import SectionConflict, save_section
from applications.domain.sections import applicable_sections
from applications.enums import SectionCode, Track
from applications.forms.conflicts import compare, resolved
from applications.forms.sections import SectionEdit, section_edit
from applications.models import Section
from applications.permissions.dossiers import may_write
from applications.sealed import sealed_sections
from applications.views.applicant.common import Desk, desk_of
from applications.views.applicant.figures import section_figures
from applications.views.applicant.lists import lists_for, names_of_lists
from clusters_portal import clock, formats
from clusters_portal.errors import Refused

INTRODUCTIONS = {
    SectionCode.TRACK: gettext_lazy(
        "Un cluster déjà labellisé lors d'une édition précédente est « existant » ; tout autre est « nouveau »."
    ),
    SectionCode.MEMBERS: gettext_lazy(
        "Une ligne par membre. Un même organisme ne compte qu'une fois, d'après son ICE."
    ),
    SectionCode.INNOVATION: gettext_lazy("Décrivez l'organisation, puis chaque projet collaboratif."),
    SectionCode.BUDGET: gettext_lazy(
        "En dirhams. Chaque année, les ressources égalent les emplois ; les totaux se recalculent à "
        "l'enregistrement."
    ),
    SectionCode.COMMITMENTS: gettext_lazy("Une ligne par année d'engagement."),
    SectionCode.TRACK_RECORD: gettext_lazy(
        "Pour un cluster existant : ce qui a été fait, et avec quel soutien."
    ),
    SectionCode.STATEMENT: gettext_lazy(
        "Vous pourrez corriger le signataire au moment du dépôt. La déclaration s'y confirme de toute façon."
    ),
}

ADD_LABELS = {
    SectionCode.MEMBERS: gettext_lazy("Ajouter un membre"),
    SectionCode.INNOVATION: gettext_lazy("Ajouter un projet"),
    SectionCode.BUDGET: gettext_lazy("Ajouter une ligne"),
    SectionCode.COMMITMENTS: gettext_lazy("Ajouter une année"),
    SectionCode.TRACK_RECORD: gettext_lazy("Ajouter une période"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    if code not in SectionCode.values:
        raise Http404
    if request.method == "POST":
        return _save(request, pk, SectionCode(code))
    desk = desk_of(request, pk, at=clock.now())
    stored = _stored(desk, SectionCode(code))
    if not desk.can_write:
        return _read_only(request, desk, SectionCode(code), stored)
    blank_rows = 1 if request.GET.get("ajouter") else None
    edit = section_edit(
        SectionCode(code),
        lists=lists_for(desk.call, SectionCode(code)),
        stored=stored.data,
        blank_rows=blank_rows,
    )
    return _page(request, desk, edit, stored)


def _save(request: HttpRequest, pk: UUID, code: SectionCode) -> HttpResponse:
    by_itself = request.headers.get("X-Requested-With") == "fetch"
    with transaction.atomic():
        at = clock.now()
        desk = desk_of(request, pk, at=at)
        stored = _stored(desk, code)
        edit = section_edit(
            code,
            lists=lists_for(desk.call, code),
            stored=stored.data,
            posted=_posted(request.POST, grow=not by_itself),
        )
        if not edit.is_valid():
            return _invalid(request, desk, edit, stored, by_itself)
        try:
            version = _version(request.POST)
            data = resolved(
                request.POST, code, mine=edit.data(), theirs=stored.data, version=version, now=stored.version
            )
            saved = save_section(desk.application, code, data, by=request.user, at=at, version=version)
        except SectionConflict as conflict:
            return _conflict(request, desk, edit, conflict.current, by_itself)
        except Refused as refused:
            return _refused(request, desk, edit, stored, refused, by_itself)
    if by_itself:
        figures = section_figures(code, saved.data, desk.call)
        return JsonResponse(
            {
                "version": saved.version,
                "saved_at": formats.hour(saved.updated_at, language=get_language() or "fr"),
                "figures": figures.by_ident() if figures else {},
            }
        )
    return _after(request, desk, code)


def _after(request: HttpRequest, desk: Desk, code: SectionCode) -> HttpResponse:
    here = reverse("applications:section", args=[desk.application.pk, code.value])
    if "add_row" in request.POST:
        return redirect(f"{here}?ajouter=1#rows-end")
    messages.success(request, _("Rubrique enregistrée."))
    if "next" in request.POST:
        following = _neighbours(desk, code)[1]
        if following is not None:
            return redirect("applications:section", desk.application.pk, following.value)
    return redirect("applications:dossier", desk.application.pk)


def _stored(desk: Desk, code: SectionCode) -> Section:
    """The saved section, or an unsaved one at version 0."""
    found = (
        Section.objects.filter(application=desk.application, code=code).select_related("updated_by").first()
    )
    return found or Section(application=desk.application, code=code, data={}, version=0)


def _posted(data: QueryDict, *, grow: bool) -> QueryDict:
    """`add_row` without JavaScript: the same table with one more line."""
    if not (grow and "add_row" in data):
        return data
    total = data.get("rows-TOTAL_FORMS", "")
    if not (total.isascii() and total.isdigit() and len(total) < 5):
        return data
    grown = data.copy()
    grown["rows-TOTAL_FORMS"] = str(int(total) + 1)
    return grown


def _version(data: QueryDict) -> int:
    typed = data.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


def _page(
    request: HttpRequest, desk: Desk, edit: SectionEdit, stored: Section, *, status: int = 200, **extra: Any
) -> HttpResponse:
    before, after = _neighbours(desk, edit.code)
    context = desk.context(
        edit=edit,
        form=edit.form,
        rows=edit.rows,
        code=edit.code,
        title=edit.code.label,
        introduction=INTRODUCTIONS.get(edit.code, ""),
        add_label=ADD_LABELS.get(edit.code, ""),
        stored=stored,
        saved_at=stored.updated_at,
        version=stored.version,
        figures=section_figures(edit.code, stored.data, desk.call),
        before=before,
        after=after,
        error_in_page=status != 200,
        **extra,
    )
    return render(request, "applications/applicant/section.html", context, status=status)


def _read_only(request: HttpRequest, desk: Desk, code: SectionCode, stored: Section) -> HttpResponse:
    before, after = _neighbours(desk, code)
    sections = sealed_sections({"sections": {code.value: stored.data}}, **names_of_lists())
    context = desk.context(sections=sections, code=code, title=code.label, before=before, after=after)
    context["may_write"] = may_write(desk.seat)
    return render(request, "applications/applicant/section_read.html", context)


def _invalid(
    request: HttpRequest, desk: Desk, edit: SectionEdit, stored: Section, by_itself: bool
) -> HttpResponse:
    if by_itself:
        faults = edit.faults()
        message = f"({faults[0]['label']}) {faults[0]['message']}" if faults else ""
        return JsonResponse({"message": message, "errors": faults}, status=422)
    # The version that the writer saw goes back with what was typed: a conflict must still show itself later.
    stored.version = _version(request.POST)
    return _page(request, desk, edit, stored, status=422)


def _conflict(
    request: HttpRequest, desk: Desk, edit: SectionEdit, current: Section, by_itself: bool
) -> HttpResponse:
    if by_itself:
        who = current.updated_by.full_name
        return JsonResponse(
            {"message": _("(par %(name)s)") % {"name": who}, "version": current.version}, status=409
        )
    lists = names_of_lists()
    context = desk.context(
        code=edit.code,
        title=edit.code.label,
        current=current,
        differences=compare(edit.code, mine=edit.data(), theirs=current.data, lists=lists),
        posted=[
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in ("csrfmiddlewaretoken", "version", "add_row", "next")
            and not name.startswith("keep-")
        ],
    )
    return render(request, "applications/applicant/conflict.html", context, status=409)


def _refused(
    request: HttpRequest, desk: Desk, edit: SectionEdit, stored: Section, refused: Refused, by_itself: bool
) -> HttpResponse:
    """The deadline passed, or the seat changed, while the page was open: what was typed stays on the page."""
    if by_itself:
        return JsonResponse({"message": str(refused.blockers[0].message)}, status=422)
    return _page(request, desk, edit, stored, status=409, blockers=refused.blockers)


def _neighbours(desk: Desk, code: SectionCode) -> tuple[SectionCode | None, SectionCode | None]:
    track = desk.application.track
    codes = applicable_sections(Track(track) if track else None)
    if code not in codes:
        return None, None
    place = codes.index(code)
    return codes[place - 1] if place else None, codes[place + 1] if place + 1 < len(codes) else None
