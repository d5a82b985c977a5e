"""The editor of a draft as a task list, and the pages of its grid."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from applications.actions.calls import SECTION_LABELS
from applications.domain.call_settings import CallSection, unconfirmed
from applications.forms.calls import VersionedForm
from applications.models import Call
from applications.views.staff_calls import (
    FORM_METHODS,
    REFUSED_STATUS,
    atomic_post,
    editable_call,
    section_context,
)
from clusters_portal import clock
from clusters_portal.errors import Refused
from evaluation.actions.calls import replace_subcriteria, update_grid
from evaluation.forms.calls import (
    GridForm,
    SubcriterionFormSet,
    criterion_forms,
    grid_initial,
    subcriterion_initial,
)
from evaluation.models import Criterion, Grid

SECTION_PAGES = {
    CallSection.TEXTS: "applications:call-texts",
    CallSection.DATES: "applications:call-dates",
    CallSection.SCOPE: "applications:call-scope",
    CallSection.SUPPORT: "applications:call-support",
    CallSection.PIECES: "applications:call-pieces",
    CallSection.GRID: "evaluation:call-grid",
}
SECTION_HINTS: dict[CallSection, str | Promise] = {
    CallSection.TEXTS: gettext_lazy("Titre et texte dans les deux langues, adresse de contact."),
    CallSection.DATES: gettext_lazy("Jour et heure à Rabat."),
    CallSection.SCOPE: gettext_lazy("Voies, secteurs, membres, taille des dossiers."),
    CallSection.SUPPORT: gettext_lazy(
        "Le décompte qui décide, au vu des deux décomptes de tout le registre."
    ),
    CallSection.PIECES: gettext_lazy("Ce que chaque dossier joint, formats et tailles."),
    CallSection.GRID: gettext_lazy("Critères, poids, seuils, quorum, départage des ex aequo."),
}


def section_tasks(call: Call, *, may_edit: bool) -> list[dict[str, Any]]:
    """For components/task_list.html."""
    proposed = set(unconfirmed(call.assumed))
    empty = {
        CallSection.TEXTS: not (call.text_fr and call.contact_email),
        CallSection.DATES: not call.closes_at,
    }
    tasks = []
    for section, page in SECTION_PAGES.items():
        label, tone = _("Enregistrée"), "positive"
        if section in proposed:
            label, tone = _("Proposée par le portail"), "waiting"
        if empty.get(section):
            label, tone = _("À compléter"), "neutral"
        tasks.append(
            {
                "label": SECTION_LABELS[section],
                "hint": SECTION_HINTS[section],
                "href": reverse(page, args=[call.code]) if may_edit else "",
                "state_label": label,
                "tone": tone,
            }
        )
    return tasks


def _grid(call: Call) -> Grid:
    found = Grid.objects.filter(call=call).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(FORM_METHODS)
@atomic_post
def grid(request: HttpRequest, code: str) -> HttpResponse:
    at = clock.now()
    call = editable_call(request, code, at=at)
    own = _grid(call)
    criteria = list(own.criteria.prefetch_related("subcriteria"))
    data = request.POST or None
    form = GridForm(data, initial=grid_initial(own, version=call.version))
    parts = criterion_forms(criteria, data)
    rows = [
        {"criterion": criterion, "form": parts[criterion.code], "number": number}
        for number, criterion in enumerate(criteria, start=1)
    ]
    context = section_context(call, CallSection.GRID, form, rows=rows)
    template = "evaluation/calls/grid.html"
    if request.method != "POST":
        return render(request, template, context)
    if not all([form.is_valid(), *(part.is_valid() for part in parts.values())]):
        context["error_in_page"] = True
        return render(request, template, context, status=REFUSED_STATUS)
    try:
        with transaction.atomic():
            update_grid(
                call,
                version=form.cleaned_data["version"],
                settings=form.settings(),
                criteria={criterion: part.cleaned_data for criterion, part in parts.items()},
                by=request.user,
                at=at,
            )
    except Refused as refused:
        context["blockers"] = refused.blockers
        return render(request, template, context, status=REFUSED_STATUS)
    weights = sum(part.cleaned_data["weight"] for part in parts.values())
    if weights != 100:
        warning = _("Enregistré, mais les poids font %(sum)s au total : il faudra 100 pour publier.")
        messages.warning(request, warning % {"sum": f"{weights:f}".rstrip("0").rstrip(".")})
    else:
        messages.success(request, _("La grille est enregistrée."))
    return redirect("evaluation:call-dashboard", code=call.code)


@require_http_methods(FORM_METHODS)
@atomic_post
def criterion(request: HttpRequest, code: str, criterion: str) -> HttpResponse:
    at = clock.now()
    call = editable_call(request, code, at=at)
    own = Criterion.objects.filter(grid__call=call, code=criterion).first()
    if own is None:
        raise Http404
    initial = [subcriterion_initial(sub) for sub in own.subcriteria.all()]
    data = request.POST or None
    formset = SubcriterionFormSet(data, initial=initial, prefix="sub")
    form = VersionedForm(data, initial={"version": call.version})
    context = section_context(call, CallSection.GRID, form, criterion=own, formset=formset)
    template = "evaluation/calls/criterion.html"
    if request.method != "POST":
        return render(request, template, context)
    if not (formset.is_valid() and form.is_valid()):
        context["error_in_page"] = True
        return render(request, template, context, status=REFUSED_STATUS)
    try:
        with transaction.atomic():
            version = form.cleaned_data["version"]
            replace_subcriteria(call, own, formset.rows(), version=version, by=request.user, at=at)
    except Refused as refused:
        context["blockers"] = refused.blockers
        return render(request, template, context, status=REFUSED_STATUS)
    messages.success(request, _("Les sous-critères sont enregistrés."))
    return redirect("evaluation:call-grid", code=call.code)
