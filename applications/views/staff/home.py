"""What needs an officer today, and the one question staff may ask before the opening."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import roles_of
from applications.domain.sealing import normalise_receipt_number
from applications.enums import ApplicationStatus, CallStatus
from applications.forms.instruction import DepositLookupForm
from applications.models import AdmissibilitySettlement, Call, EligibilityCheck, Submission
from applications.permissions.instruction import may_read_staff_pages
from clusters_portal import clock

LIVING = (
    CallStatus.DRAFT,
    CallStatus.ANNOUNCED,
    CallStatus.CLOSED,
    CallStatus.OPENED,
    CallStatus.EVALUATION,
    CallStatus.DELIBERATION,
    CallStatus.DECIDED,
)


@require_safe
def staff_home(request):
    at = clock.now()
    if not may_read_staff_pages(request.user, at=at):
        raise PermissionDenied
    calls = (
        Call.objects.visible_to(request.user, at=at)
        .filter(status__in=LIVING)
        .with_deadlines()
        .select_related("envelope_opening")
        .annotate(
            deposited=Count("applications", filter=Q(applications__standing_submission__isnull=False)),
            unsettled=Count("applications", filter=Q(applications__status=ApplicationStatus.IN_INSTRUCTION)),
        )
    )
    overrides = (
        EligibilityCheck.objects.filter(
            ~Q(answer="") & ~Q(answer=F("finding")),
            seconded_by__isnull=True,
            application__status=ApplicationStatus.IN_INSTRUCTION,
        )
        .exclude(answered_by=request.user)
        .select_related("application__call", "answered_by")
    )
    settlements = (
        AdmissibilitySettlement.objects.filter(
            outcome=ApplicationStatus.INADMISSIBLE, confirmed_by__isnull=True
        )
        .exclude(proposed_by=request.user)
        .select_related("application__call", "proposed_by")
    )
    context = {
        "calls": [{"call": call, "phase": call.phase(at=at)} for call in calls],
        "overrides": overrides,
        "settlements": settlements,
        "staff_roles": sorted(role.label for role in roles_of(request.user, at=at)),
    }
    return render(request, "applications/staff/home.html", context)


@require_safe
def deposit_lookup(request):
    """Before the opening: "déposé le …" or "non déposé" for a number that the applicant gives, nothing else."""
    at = clock.now()
    if not may_read_staff_pages(request.user, at=at):
        raise PermissionDenied
    asked = "number" in request.GET
    form = DepositLookupForm(request.GET if asked else None)
    submission = None
    if asked and form.is_valid():
        number = normalise_receipt_number(form.cleaned_data["number"])
        submission = Submission.objects.filter(number=number).only("number", "submitted_at").first()
    context = {"form": form, "submission": submission, "answered": asked and form.is_valid()}
    return render(request, "applications/staff/deposit_lookup.html", context)
