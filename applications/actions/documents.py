"""Files that answer the pieces of a call. A replaced or removed file stays as a version, with its instant."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import IO

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.models import User
from applications.actions.dossiers import lock_writable
from applications.models import Application, Document, RequiredDocument
from clusters_portal import storage
from clusters_portal.errors import Blocker, Refused
from clusters_portal.inspection import FileRefused, Inspected, clean_filename, inspect

MEGABYTE = 1024 * 1024
# Versions kept beside the current files, so that replacing for ever does not fill the disk.
VERSIONS_FACTOR = 5

ALREADY_THERE = Blocker(
    "identical_file", _("Ce fichier est déjà joint à cette pièce : il n'a pas été ajouté deux fois.")
)
OTHER_CALL = Blocker("unknown_piece", _("Cette pièce n'est pas demandée par l'appel. Rechargez la page."))
NOT_CURRENT = Blocker("document_not_current", _("Ce fichier a déjà été retiré ou remplacé."))
STORAGE_DOWN = Blocker(
    "storage_unavailable",
    _("Le fichier n'a pas pu être enregistré. Rien n'est perdu : réessayez dans quelques minutes."),
)


def add_document(
    application: Application, piece: RequiredDocument, upload: IO[bytes], *, name: str, by: User, at: datetime
) -> Document:
    """Check the content, write the file, then the row; the file goes away again when the row can't be written.

    The only file of a piece that takes one is replaced. Raises `Refused`; nothing is then left behind.
    """
    inspected = _inspected(piece, upload)
    with transaction.atomic():
        application = lock_writable(application, by=by, at=at)
        present = list(Document.objects.current().filter(application=application))
        replaced = [] if piece.allows_several else [d for d in present if d.required_document_id == piece.pk]
        blockers = _blockers(application, piece, inspected, present, replaced)
        if blockers:
            raise Refused(blockers)
        key = f"applications/{application.pk}/{uuid.uuid4()}"
        try:
            stored = storage.put(key, upload)
        except storage.StorageFault as fault:
            raise Refused([STORAGE_DOWN]) from fault
        try:
            return _write_row(application, piece, inspected, stored, replaced, name=name, by=by, at=at)
        except BaseException:
            storage.delete(key)
            raise


@transaction.atomic
def remove_document(document: Document, *, by: User, at: datetime) -> Document:
    """The file is no longer part of the dossier; it stays readable where a deposit has sealed it."""
    application = lock_writable(document.application, by=by, at=at)
    document = Document.objects.select_related("required_document").get(pk=document.pk)
    if document.removed_at is not None:
        raise Refused([NOT_CURRENT])
    _retire([document], by=by, at=at)
    _touch(application, at=at)
    _record("document.removed", application, document, by=by, at=at)
    return document


@transaction.atomic
def restore_document(document: Document, *, by: User, at: datetime) -> Document:
    """Undo a removal, or bring back a replaced version; the file of a piece that takes one makes room."""
    application = lock_writable(document.application, by=by, at=at)
    document = Document.objects.select_related("required_document").get(pk=document.pk)
    piece = document.required_document
    present = list(Document.objects.current().filter(application=application))
    if document.removed_at is None:
        return document
    replaced = [] if piece.allows_several else [d for d in present if d.required_document_id == piece.pk]
    inspected = Inspected(document.format, document.size, document.sha256, document.pages)
    blockers = _blockers(application, piece, inspected, present, replaced)
    if blockers:
        raise Refused(blockers)
    _retire(replaced, by=by, at=at)
    document.removed_at = document.removed_by = None
    document.save(update_fields=["removed_at", "removed_by"])
    _touch(application, at=at)
    _record("document.restored", application, document, by=by, at=at)
    return document


def _inspected(piece: RequiredDocument, upload: IO[bytes]) -> Inspected:
    try:
        return inspect(upload, allowed=set(piece.formats), max_bytes=piece.maximum_bytes)
    except FileRefused as refusal:
        raise Refused([Blocker(refusal.code, refusal.message)]) from refusal


def _blockers(
    application: Application,
    piece: RequiredDocument,
    inspected: Inspected,
    present: Sequence[Document],
    replaced: Sequence[Document],
) -> list[Blocker]:
    call = application.call
    if piece.call_id != call.pk:
        return [OTHER_CALL]
    same = (d for d in present if d.required_document_id == piece.pk and d.sha256 == inspected.sha256)
    if next(same, None) is not None:
        return [ALREADY_THERE]
    blockers = []
    if len(present) - len(replaced) + 1 > call.maximum_files:
        blockers.append(_too_many(call.maximum_files))
    kept = sum(d.size for d in present) - sum(d.size for d in replaced)
    if kept + inspected.size > call.maximum_total_bytes:
        blockers.append(_too_heavy(call.maximum_total_bytes, kept))
    versions = Document.objects.filter(application=application).count()
    if not blockers and versions >= call.maximum_files * VERSIONS_FACTOR:
        blockers.append(
            Blocker(
                "too_many_versions",
                _("Trop de versions de fichiers ont été envoyées. Écrivez au contact de l'appel."),
            )
        )
    return blockers


def _too_many(maximum: int) -> Blocker:
    sentence = ngettext(
        "Le dossier contient déjà %(count)d fichier, le maximum. Retirez-le avant d'en ajouter un autre.",
        "Le dossier contient déjà %(count)d fichiers, le maximum. Retirez-en un avant d'en ajouter un autre.",
        maximum,
    )
    return Blocker("too_many_files", sentence % {"count": maximum})


def _too_heavy(maximum: int, kept: int) -> Blocker:
    sentence = _(
        "Avec ce fichier, le dossier dépasserait %(maximum)d Mo ; il reste %(left)d Mo. Réduisez ou retirez un fichier."
    )
    left = max(maximum - kept, 0) // MEGABYTE
    return Blocker("dossier_too_large", sentence % {"maximum": maximum // MEGABYTE, "left": left})


def _write_row(
    application: Application,
    piece: RequiredDocument,
    inspected: Inspected,
    stored: storage.StoredObject,
    replaced: Sequence[Document],
    *,
    name: str,
    by: User,
    at: datetime,
) -> Document:
    _retire(replaced, by=by, at=at)
    document = Document.objects.create(
        application=application,
        required_document=piece,
        name=clean_filename(name),
        format=inspected.format,
        size=stored.size,
        sha256=stored.sha256,
        pages=inspected.pages,
        storage_key=stored.key,
        uploaded_by=by,
        uploaded_at=at,
    )
    _touch(application, at=at)
    _record("document.added", application, document, by=by, at=at, piece=piece)
    return document


def _retire(documents: Sequence[Document], *, by: User, at: datetime) -> None:
    Document.objects.filter(pk__in=[d.pk for d in documents]).update(removed_at=at, removed_by=by)


def _touch(application: Application, *, at: datetime) -> None:
    application.updated_at = at
    application.save(update_fields=["updated_at"])


def _record(
    verb: str,
    application: Application,
    document: Document,
    *,
    by: User,
    at: datetime,
    piece: RequiredDocument | None = None,
) -> None:
    """The trail names the piece and the digest, not the file: staff read it before the opening."""
    code = (piece or document.required_document).code
    audit.record(
        verb,
        by=by,
        at=at,
        subject=application,
        call_code=application.call.code,
        detail={"piece": code, "document": str(document.pk), "sha256": document.sha256},
    )
