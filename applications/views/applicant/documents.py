"""The pieces of a dossier: joined, replaced, removed, downloaded."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.actions.documents import add_document, remove_document, restore_document
from applications.actions.readiness import piece_states, working_copy
from applications.forms.documents import DocumentForm
from applications.models import Document, RequiredDocument
from applications.views.applicant.common import Desk, desk_of
from clusters_portal import clock, storage
from clusters_portal.errors import Refused
from clusters_portal.inspection import CONTENT_TYPES


@require_safe
def documents(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, desk_of(request, pk, at=clock.now()))


@require_POST
def document_add(request: HttpRequest, pk: UUID, piece: str) -> HttpResponse:
    with transaction.atomic():
        at = clock.now()
        desk = desk_of(request, pk, at=at)
        required = get_object_or_404(RequiredDocument, call=desk.call, code=piece)
        form = DocumentForm(request.POST, request.FILES, piece=required)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                document = add_document(
                    desk.application, required, upload, name=upload.name, by=request.user, at=at
                )
            except Refused as refused:
                for blocker in refused.blockers:
                    form.add_error("file", str(blocker.message))
        if not form.is_valid():
            return _page(request, desk, refused=form, status=422)
    messages.success(request, _("« %(name)s » est joint au dossier.") % {"name": document.name})
    return redirect(f"{_address(desk)}#piece-{required.code}")


@require_POST
def document_remove(request: HttpRequest, pk: UUID, document: UUID) -> HttpResponse:
    return _change(request, pk, document, remove_document, _("« %(name)s » est retiré du dossier."))


@require_POST
def document_restore(request: HttpRequest, pk: UUID, document: UUID) -> HttpResponse:
    return _change(
        request, pk, document, restore_document, _("« %(name)s » est de nouveau joint au dossier.")
    )


def _change(request: HttpRequest, pk: UUID, document: UUID, act: Any, sentence: str) -> HttpResponse:
    with transaction.atomic():
        at = clock.now()
        desk = desk_of(request, pk, at=at)
        found = get_object_or_404(
            Document.objects.select_related("application__call", "required_document"),
            application=desk.application,
            pk=document,
        )
        try:
            changed = act(found, by=request.user, at=at)
        except Refused as refused:
            return _page(request, desk, blockers=refused.blockers, status=409)
    messages.success(request, sentence % {"name": changed.name})
    return redirect(f"{_address(desk)}#piece-{changed.required_document.code}")


@require_safe
def document_file(request: HttpRequest, pk: UUID, document: UUID) -> HttpResponse:
    desk = desk_of(request, pk, at=clock.now())
    found = get_object_or_404(Document, application=desk.application, pk=document)
    try:
        return storage.stream_response(
            found.storage_key,
            filename=found.name,
            content_type=CONTENT_TYPES.get(found.format, "application/octet-stream"),
            sha256=found.sha256,
        )
    except storage.StorageFault as fault:
        raise Http404 from fault


def _address(desk: Desk) -> str:
    return reverse("applications:documents", args=[desk.application.pk])


def _page(
    request: HttpRequest, desk: Desk, *, refused: DocumentForm | None = None, blockers=(), status: int = 200
) -> HttpResponse:
    every = list(Document.objects.filter(application=desk.application))
    copy = working_copy(desk.application, documents=[d for d in every if d.removed_at is None])
    former: dict[int, list[Document]] = {}
    for document in every:
        if document.removed_at is not None:
            former.setdefault(document.required_document_id, []).append(document)
    cards = [
        {
            "state": state,
            "piece": state.piece,
            "form": refused
            if refused is not None and refused.piece == state.piece
            else DocumentForm(piece=state.piece),
            "former": former.get(state.piece.pk, []),
        }
        for state in piece_states(copy)
    ]
    context = desk.context(
        cards=cards,
        blockers=blockers,
        refused=refused,
        files_count=len(copy.documents),
        files_bytes=sum(document.size for document in copy.documents),
        error_in_page=status != 200,
    )
    return render(request, "applications/applicant/documents.html", context, status=status)
