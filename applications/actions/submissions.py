"""The deposit: seals a version of a dossier and gives its receipt."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import outbox
from accounts.enums import OutboxKind
from accounts.models import User
from applications.actions.dossiers import closed_blocker, copy_headline, lock_dossier, tell_team
from applications.actions.readiness import WorkingCopy, blockers_of, working_copy
from applications.actions.transitions import advance_application
from applications.domain.deadlines import local_day
from applications.domain.sealing import RECEIPT_RANDOM_BYTES, digest, receipt_number
from applications.enums import ApplicationStatus, CallPhase, SectionCode
from applications.models import Application, DepositFailure, Receipt, Submission, SubmissionFile
from applications.permissions.dossiers import may_deposit, seat_of
from clusters_portal.errors import Blocker, Refused

MAY_NOT_DEPOSIT = Blocker(
    "may_not_deposit", _("Seuls le titulaire et les personnes qu'il a autorisées peuvent déposer ce dossier.")
)
WITHDRAWN = Blocker("withdrawn", _("Ce dossier est retiré. Annulez d'abord le retrait, puis déposez."))
EXAMINED = Blocker("already_examined", _("Ce dossier est déjà à l'examen : il ne se dépose plus."))
SIGNATORY = Blocker("signatory", _("Indiquez qui signe, et en quelle qualité."), anchor="id_signatory")


@transaction.atomic
def submit(
    application: Application, *, by: User, at: datetime, token: UUID, signatory: str, capacity: str
) -> Submission:
    """Seal the working copy as the standing deposit. Raises `Refused`.

    Asked again with the same `token`, or with nothing changed since the standing deposit, it gives back the
    submission that exists: a double click and two colleagues at once make one deposit.
    """
    application = lock_dossier(application)
    if not may_deposit(seat_of(by, application)):
        raise Refused([MAY_NOT_DEPOSIT])
    known = Submission.objects.filter(application=application, token=token).first()
    if known is not None:
        return known
    phase = application.call.phase(at=at)
    if phase != CallPhase.OPEN:
        raise Refused([closed_blocker(application.call, at=at)])
    if application.status == ApplicationStatus.WITHDRAWN:
        raise Refused([WITHDRAWN])
    if application.status not in (ApplicationStatus.DRAFT, ApplicationStatus.SUBMITTED):
        raise Refused([EXAMINED])
    signatory, capacity = signatory.strip(), capacity.strip()
    copy = signed(working_copy(application), signatory=signatory, capacity=capacity)
    standing = application.standing_submission
    if standing is not None and same_content(copy, standing.snapshot):
        return standing
    blockers = blockers_of(copy)
    if not (signatory and capacity):
        blockers.append(SIGNATORY)
    if blockers:
        raise Refused(blockers)
    return _seal(application, copy, by=by, at=at, token=token)


@transaction.atomic
def record_failure(application: Application, *, at: datetime, codes: list[str]) -> DepositFailure:
    """A deposit that was asked for and not taken, for the closing record; outside the transaction that failed."""
    return DepositFailure.objects.create(
        call_id=application.call_id, application_id=application.pk, at=at, codes=codes
    )


def signed(copy: WorkingCopy, *, signatory: str, capacity: str) -> WorkingCopy:
    """The copy with the statement as it is made by depositing."""
    statement = {"signatory": signatory, "capacity": capacity, "declared": True}
    return WorkingCopy({**copy.sections, SectionCode.STATEMENT: statement}, copy.documents, copy.pieces)


def same_content(copy: WorkingCopy, snapshot: dict[str, Any]) -> bool:
    """Whether a snapshot holds these answers and these files, whoever signs."""
    statement = SectionCode.STATEMENT.value
    ours = {code.value: data for code, data in copy.sections.items() if code != SectionCode.STATEMENT}
    sealed = {code: data for code, data in snapshot["sections"].items() if code != statement}
    return ours == sealed and copy.manifest == snapshot["files"]


def snapshot_of(
    application: Application, copy: WorkingCopy, *, by: User, at: datetime, version: int, number: str
) -> dict[str, Any]:
    """What is sealed. Instants are UTC in ISO 8601; the deadline is named by version, instant and wall time."""
    call = application.call
    deadline = call.deadline_in_force
    if deadline is None:
        raise ValueError("a call that takes dossiers has a deadline")
    statement = copy.sections[SectionCode.STATEMENT]
    return {
        "format": 1,
        "application": str(application.pk),
        "call": call.code,
        "deadline": {
            "version": deadline.version,
            "closes_at": deadline.closes_at.isoformat(),
            "wall": f"{deadline.wall_on.isoformat()}T{deadline.wall_time:%H:%M}",
            "zone": deadline.zone,
        },
        "number": number,
        "version": version,
        "submitted_at": at.isoformat(),
        "submitted_by": {"name": by.full_name, "email": by.email},
        "signatory": statement["signatory"],
        "capacity": statement["capacity"],
        "track": copy.track.value if copy.track else "",
        "cluster": copy.sections.get(SectionCode.TRACK, {}).get("cluster", ""),
        "sections": {code.value: data for code, data in copy.sections.items()},
        "files": copy.manifest,
        "pieces": [
            {"code": piece.code, "name_fr": piece.name_fr, "name_ar": piece.name_ar} for piece in copy.pieces
        ],
    }


def _seal(application: Application, copy: WorkingCopy, *, by: User, at: datetime, token: UUID) -> Submission:
    version = Submission.objects.filter(application=application).count() + 1
    number = receipt_number(local_day(at).year, secrets.token_bytes(RECEIPT_RANDOM_BYTES))
    snapshot = snapshot_of(application, copy, by=by, at=at, version=version, number=number)
    submission = Submission.objects.create(
        application=application,
        version=version,
        number=number,
        token=token,
        submitted_at=at,
        submitted_by=by,
        signatory=snapshot["signatory"],
        capacity=snapshot["capacity"],
        snapshot=snapshot,
        digest=digest(snapshot),
    )
    _seal_files(submission, copy)
    Receipt.objects.create(submission=submission)
    for code in (SectionCode.IDENTITY, SectionCode.TRACK):
        copy_headline(application, code, copy.sections.get(code, {}))
    application = advance_application(
        application,
        ApplicationStatus.SUBMITTED,
        by=by,
        at=at,
        detail={"number": number, "version": version, "digest": submission.digest},
        fields={
            "standing_submission": submission,
            "name": application.name,
            "track": application.track,
            "cluster": application.cluster,
        },
    )
    outbox.enqueue(OutboxKind.RENDER_RECEIPT, str(submission.pk), at=at)
    tell_team(
        application,
        "deposit_received",
        at=at,
        submitted_at=at.isoformat(),
        version=version,
        digest=submission.digest,
        files=_file_lines(snapshot["files"]),
    )
    return submission


def _seal_files(submission: Submission, copy: WorkingCopy) -> None:
    ordered = sorted(copy.documents, key=lambda d: (d.required_document.code, d.name, d.sha256, d.size))
    SubmissionFile.objects.bulk_create(
        SubmissionFile(
            submission=submission,
            document=document,
            position=position,
            piece_code=document.required_document.code,
            name=document.name,
            size=document.size,
            sha256=document.sha256,
        )
        for position, document in enumerate(ordered, start=1)
    )


def _file_lines(files: list[dict[str, Any]]) -> str:
    return "\n".join(f"- {file['name']} ({file['size']} o)\n  SHA-256 {file['sha256']}" for file in files)


def is_intact(submission: Submission) -> bool:
    """Whether the sealed snapshot still has the digest that the receipt prints."""
    return digest(submission.snapshot) == submission.digest
