"""The work list of a call and the page of one dossier."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from applications.actions.instruction import settlement_blockers
from applications.enums import ApplicationStatus
from applications.exports import dossiers_workbook
from applications.forms.instruction import AnswerForm, DossierFilterForm, SettlementForm
from applications.models import Application, Call, Document, Region, Sector
from applications.permissions.instruction import may_instruct, may_read_staff_pages
from applications.sealed import sealed_sections
from clusters_portal import clock, storage
from clusters_portal.downloads import workbook_response

PAGE_SIZE = 50
SORTS = {"": "standing_submission__submitted_at", "name": "name", "status": "status"}


def staff_call(request, code: str, *, at: datetime) -> Call:
    """The call, for staff; 403 for others who are signed in."""
    if not may_read_staff_pages(request.user, at=at):
        raise PermissionDenied
    return get_object_or_404(Call.objects.visible_to(request.user, at=at).with_deadlines(), code=code)


def filtered_dossiers(request, call: Call, form: DossierFilterForm, *, at: datetime):
    """Deposited dossiers of the call as the filter asks; an invalid filter counts as none."""
    dossiers = (
        Application.objects.visible_to(request.user, at=at)
        .unsealed()
        .filter(call=call)
        .select_related("standing_submission", "cluster")
        .annotate(
            open_lines=Count("eligibility_checks", filter=Q(eligibility_checks__answer="")),
            adverse_lines=Count(
                "eligibility_checks", filter=~Q(eligibility_checks__finding="met"), distinct=True
            ),
        )
    )
    wanted = form.cleaned_data if form.is_valid() else {}
    if wanted.get("q"):
        dossiers = dossiers.filter(name__icontains=wanted["q"])
    if wanted.get("status"):
        dossiers = dossiers.filter(status=wanted["status"])
    if wanted.get("track"):
        dossiers = dossiers.filter(track=wanted["track"])
    return dossiers.order_by(SORTS[wanted.get("sort") or ""], "pk")


class DossierList(ListView):
    template_name = "applications/staff/dossier_list.html"
    context_object_name = "dossiers"
    paginate_by = PAGE_SIZE

    def get_queryset(self):
        at = clock.now()
        self.call = staff_call(self.request, self.kwargs["code"], at=at)
        self.filter_form = DossierFilterForm(self.request.GET)
        return filtered_dossiers(self.request, self.call, self.filter_form, at=at)

    def get_context_data(self, **kwargs):
        return super().get_context_data(call=self.call, filter_form=self.filter_form, **kwargs)


@require_safe
def export(request, code: str):
    at = clock.now()
    call = staff_call(request, code, at=at)
    dossiers = filtered_dossiers(request, call, DossierFilterForm(request.GET), at=at)
    return workbook_response(dossiers_workbook(dossiers), filename=f"{call.code}-dossiers.xlsx")


def dossier_page(
    request,
    application: Application,
    *,
    at: datetime,
    answer_forms: dict | None = None,
    settlement_form: SettlementForm | None = None,
    status: int = 200,
):
    """The checklist beside the sealed answers. Refused forms come back as they were typed."""
    submission = application.standing_submission
    checks = list(
        application.eligibility_checks.select_related("answered_by", "seconded_by").order_by("position")
    )
    may_act = may_instruct(request.user, application, at=at)
    settlement = getattr(application, "admissibility", None)
    refused = answer_forms or {}
    lines = [
        {
            "check": check,
            "form": refused.get(check.line)
            or AnswerForm(
                prefix=check.line,
                initial={"answer": check.answer or check.finding, "reason": check.answer_reason},
            ),
            "needs_second": check.is_override and check.seconded_by_id is None,
            "may_second": may_act and check.answered_by_id != request.user.pk,
        }
        for check in checks
    ]
    context = {
        "application": application,
        "call": application.call,
        "submission": submission,
        "sections": sealed_sections(
            submission.snapshot,
            sectors={sector.code: sector.name for sector in Sector.objects.all()},
            regions={region.code: region.name for region in Region.objects.all()},
        ),
        "files": submission.files.select_related("document").order_by("position"),
        "lines": lines,
        "may_act": may_act and application.status == ApplicationStatus.IN_INSTRUCTION,
        "settlement": settlement,
        "may_confirm_settlement": bool(
            may_act
            and settlement
            and not settlement.is_final
            and settlement.proposed_by_id != request.user.pk
        ),
        "settlement_form": settlement_form or SettlementForm(),
        "remaining": settlement_blockers(checks),
    }
    return render(request, "applications/staff/dossier.html", context, status=status)


def _unsealed(request, pk, *, at: datetime) -> Application:
    if not may_read_staff_pages(request.user, at=at):
        raise Http404
    visible = Application.objects.visible_to(request.user, at=at).unsealed()
    return get_object_or_404(
        visible.select_related(
            "call",
            "cluster",
            "standing_submission",
            "admissibility__proposed_by",
            "admissibility__confirmed_by",
        ),
        pk=pk,
    )


@require_safe
def dossier(request, pk):
    at = clock.now()
    return dossier_page(request, _unsealed(request, pk, at=at), at=at)


@require_safe
def document(request, pk, document):
    """A sealed file of the standing submission; anything else is unknown here."""
    application = _unsealed(request, pk, at=clock.now())
    sealed = get_object_or_404(
        Document.objects.filter(sealed_in__submission=application.standing_submission_id), pk=document
    )
    return storage.stream_response(sealed.storage_key, filename=sealed.name)
