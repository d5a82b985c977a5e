"""Depositing, the receipt, what was sealed, withdrawing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.actions.dossiers import undo_withdrawal, withdraw
from applications.actions.readiness import WorkingCopy, blockers_of, working_copy
from applications.actions.receipts import VERIFICATION_KIND
from applications.actions.submissions import (
    MAY_NOT_DEPOSIT,
    is_intact,
    record_failure,
    same_content,
    submit,
)
from applications.enums import SectionCode
from applications.forms.submissions import DepositForm, ReasonForm, show_refusal
from applications.models import Submission
from applications.sealed import sealed_sections
from applications.views.applicant.common import Desk, desk_of, with_ways
from applications.views.applicant.lists import names_of_lists
from applications.views.applicant.words import status_words
from clusters_portal import clock, signing, storage
from clusters_portal.errors import Refused

# Reasons that the person can mend; any other refusal of a deposit goes to the closing record.
MENDED_BY_HAND = frozenset({MAY_NOT_DEPOSIT.code, "signatory"})


@require_http_methods(["GET", "HEAD", "POST"])
def deposit(request: HttpRequest, pk: UUID) -> HttpResponse:
    if request.method == "POST":
        return _deposit(request, pk)
    desk = desk_of(request, pk, at=clock.now(), team=True, snapshot=True)
    copy = working_copy(desk.application)
    statement = copy.sections.get(SectionCode.STATEMENT, {})
    former = desk.standing
    form = DepositForm(
        initial={
            "signatory": statement.get("signatory") or (former.signatory if former else ""),
            "capacity": statement.get("capacity") or (former.capacity if former else ""),
        }
    )
    return _deposit_page(request, desk, form, copy)


def _deposit(request: HttpRequest, pk: UUID) -> HttpResponse:
    form = DepositForm(request.POST)
    try:
        with transaction.atomic():
            at = clock.now()
            desk = desk_of(request, pk, at=at, team=True, snapshot=True)
            # Before what was typed is judged: whoever comes late learns that first.
            if desk.is_writable and not form.is_valid():
                return _deposit_page(request, desk, form, working_copy(desk.application), status=422)
            form.is_valid()
            given = form.cleaned_data
            submission = submit(
                desk.application,
                by=request.user,
                at=at,
                token=given.get("token") or UUID(int=0),
                signatory=given.get("signatory", ""),
                capacity=given.get("capacity", ""),
            )
    except Refused as refused:
        return _deposit_refused(request, desk, form, refused)
    return redirect("applications:receipt", desk.application.pk, submission.version)


def _deposit_refused(request: HttpRequest, desk: Desk, form: DepositForm, refused: Refused) -> HttpResponse:
    """The failed transaction is over: its trace for the closing record is written in one of its own."""
    codes = [blocker.code for blocker in refused.blockers]
    if not desk.is_open:
        record_failure(desk.application, at=desk.at, codes=codes)
        context = desk.context(
            blockers=refused.blockers, words=status_words(desk.application.status, desk.phase)
        )
        return render(request, "applications/applicant/deposit_refused.html", context, status=409)
    if not set(codes) <= MENDED_BY_HAND:
        record_failure(desk.application, at=desk.at, codes=codes)
    show_refusal(form, tuple(b for b in refused.blockers if b.code in MENDED_BY_HAND))
    return _deposit_page(request, desk, form, working_copy(desk.application), status=409)


def _deposit_page(
    request: HttpRequest, desk: Desk, form: DepositForm, copy: WorkingCopy, *, status: int = 200
) -> HttpResponse:
    standing = desk.standing
    context = desk.context(
        form=form,
        missing=with_ways(desk, blockers_of(copy)),
        documents=copy.documents,
        words=status_words(desk.application.status, desk.phase),
        standing=standing,
        unchanged=standing is not None and same_content(copy, standing.snapshot),
    )
    return render(request, "applications/applicant/deposit.html", context, status=status)


def _submission(desk: Desk, version: int) -> Submission:
    return get_object_or_404(
        desk.application.submissions.select_related("receipt", "submitted_by"), version=version
    )


@require_safe
def submission(request: HttpRequest, pk: UUID, version: int) -> HttpResponse:
    """The sealed version itself, read from the snapshot and from nothing else."""
    desk = desk_of(request, pk, at=clock.now())
    sealed = _submission(desk, version)
    context = desk.context(
        submission=sealed,
        is_standing=sealed.pk == desk.application.standing_submission_id,
        is_intact=is_intact(sealed),
        sections=sealed_sections(sealed.snapshot, **names_of_lists()),
        files=_files_of(sealed),
    )
    return render(request, "applications/applicant/submission.html", context)


def _files_of(submission: Submission) -> list[Any]:
    return list(submission.files.select_related("document__required_document"))


@require_safe
def receipt(request: HttpRequest, pk: UUID, version: int) -> HttpResponse:
    desk = desk_of(request, pk, at=clock.now(), team=True)
    sealed = _submission(desk, version)
    if request.htmx and request.GET.get("pdf"):
        return render(request, "components/poll.html", _poll(desk, sealed))
    code = signing.verification_code(VERIFICATION_KIND, sealed.number)
    context = desk.context(
        **_poll(desk, sealed),
        is_standing=sealed.pk == desk.application.standing_submission_id,
        files=_files_of(sealed),
        code=code,
        verification_url=signing.verification_url(VERIFICATION_KIND, sealed.number),
        people=[seat.user.email for seat in desk.application.team.all()],
    )
    return render(request, "applications/applicant/receipt.html", context)


def _poll(desk: Desk, sealed: Submission) -> dict[str, Any]:
    page = reverse("applications:receipt", args=[desk.application.pk, sealed.version])
    return {
        "submission": sealed,
        "application": desk.application,
        "url": f"{page}?pdf=1",
        "page_url": page,
        "running": sealed.receipt.rendered_at is None,
        "inner": "applications/applicant/_receipt_pdf.html",
        "ident": "receipt-pdf",
    }


@require_safe
def receipt_pdf(request: HttpRequest, pk: UUID, version: int) -> HttpResponse:
    """The PDF, or the receipt's page while the worker is still making it."""
    desk = desk_of(request, pk, at=clock.now())
    sealed = _submission(desk, version)
    made = sealed.receipt
    if made.rendered_at is None:
        return redirect("applications:receipt", pk, version)
    try:
        return storage.stream_response(
            made.pdf_key,
            filename=f"recepisse-{sealed.number}.pdf",
            content_type="application/pdf",
            sha256=made.pdf_sha256,
        )
    except storage.StorageFault as fault:
        raise Http404 from fault


@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    if request.method != "POST":
        return _withdrawal_page(request, desk_of(request, pk, at=clock.now()), ReasonForm())
    form = ReasonForm(request.POST)
    with transaction.atomic():
        at = clock.now()
        desk = desk_of(request, pk, at=at)
        if not form.is_valid():
            return _withdrawal_page(request, desk, form, status=422)
        try:
            withdraw(desk.application, by=request.user, at=at, reason=form.cleaned_data["reason"])
        except Refused as refused:
            show_refusal(form, refused.blockers)
            return _withdrawal_page(request, desk, form, status=409)
    messages.success(request, _("Le dossier est retiré."))
    return redirect("applications:dossier", pk)


def _withdrawal_page(
    request: HttpRequest, desk: Desk, form: ReasonForm, *, status: int = 200
) -> HttpResponse:
    return render(request, "applications/applicant/withdraw.html", desk.context(form=form), status=status)


@require_POST
def withdrawal_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    with transaction.atomic():
        at = clock.now()
        desk = desk_of(request, pk, at=at)
        try:
            undo_withdrawal(desk.application, by=request.user, at=at)
        except Refused as refused:
            messages.error(request, refused.blockers[0].message)
            return redirect("applications:dossier", pk)
    messages.success(request, _("Le retrait est annulé : votre dépôt est de nouveau valable."))
    return redirect("applications:dossier", pk)
