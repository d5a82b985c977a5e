"""The récépissé as a PDF: Arabic, then French, with the code that proves it genuine."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from applications.enums import Track
from applications.models import Receipt, Submission
from clusters_portal import formats, pdf, signing, storage

TEMPLATE = "pdf/receipt.html"
VERIFICATION_KIND = "receipt"
LANGUAGES = ("ar", "fr")
# A receipt says the same in both languages whatever the catalogue of the interface holds.
TRACKS = {
    "fr": {Track.NEW: "Nouveau cluster", Track.EXISTING: "Cluster existant"},
    "ar": {Track.NEW: "تجمع جديد", Track.EXISTING: "تجمع قائم"},
}


def render(submission_id: str, *, at: datetime) -> Receipt:
    """Make the PDF once and note where it lies. Can run twice: the same sealed version gives the same bytes."""
    submission = Submission.objects.select_related("application__call", "receipt", "submitted_by").get(
        pk=submission_id
    )
    if submission.receipt.rendered_at is not None:
        return submission.receipt
    content = pdf.render_pdf(receipt_html(submission))
    stored = storage.put(f"receipts/{submission.pk}.pdf", content)
    with transaction.atomic():
        receipt = Receipt.objects.select_for_update(of=("self",)).get(pk=submission.receipt.pk)
        if receipt.rendered_at is None:
            receipt.pdf_key, receipt.pdf_sha256, receipt.pdf_size = stored.key, stored.sha256, stored.size
            receipt.rendered_at = at
            receipt.save(update_fields=["pdf_key", "pdf_sha256", "pdf_size", "rendered_at"])
    return receipt


def receipt_html(submission: Submission) -> str:
    """Only sealed facts: the snapshot, the row of the deposit and the call's two titles."""
    code = signing.verification_code(VERIFICATION_KIND, submission.number)
    context = {
        "submission": submission,
        "parts": [_part(submission, language) for language in LANGUAGES],
        "qr": signing.verification_qr(VERIFICATION_KIND, submission.number),
        "code": code,
        "verification_address": f"{settings.PORTAL_BASE_URL}/verifier/",
        "demonstration": settings.DEMONSTRATION,
    }
    return render_to_string(TEMPLATE, context)


def _part(submission: Submission, language: str) -> dict[str, Any]:
    snapshot = submission.snapshot
    call = submission.application.call
    identity = snapshot["sections"].get("identity", {})
    names = {piece["code"]: piece for piece in snapshot["pieces"]}
    return {
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "template": f"pdf/receipt_{language}.html",
        "call_title": (call.title_ar or call.title_fr) if language == "ar" else call.title_fr,
        "cluster": (language == "ar" and identity.get("name_ar")) or identity.get("name", ""),
        "track": TRACKS[language].get(snapshot["track"], ""),
        "submitted_at": formats.instant(submission.submitted_at, language=language),
        "clock": f"{formats.in_rabat(submission.submitted_at):%H:%M:%S}",
        "utc": f"{submission.submitted_at:%Y-%m-%d %H:%M:%S} UTC",
        "closes_at": formats.instant(
            datetime.fromisoformat(snapshot["deadline"]["closes_at"]), language=language
        ),
        "files": [
            {
                "piece": _piece_name(names.get(file["piece"]), language) or file["piece"],
                "name": file["name"],
                "size": formats.filesize(file["size"], language=language),
                "sha256": file["sha256"],
            }
            for file in snapshot["files"]
        ],
    }


def _piece_name(piece: dict[str, Any] | None, language: str) -> str:
    if piece is None:
        return ""
    name: str = (language == "ar" and piece["name_ar"]) or piece["name_fr"]
    return name
