"""What a decision letter says: its frozen content, and the HTML that the worker turns into the PDF."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from clusters_portal import formats, signing
from evaluation.enums import Outcome
from evaluation.models import Decision, DecisionLetter

VERIFICATION_KIND = "letter"


def letter_content(decision: Decision, *, number: str, on: datetime, signatory: str) -> dict[str, Any]:
    """Everything the letter prints, frozen when it is numbered: a later change of names or texts changes nothing."""
    application = decision.application
    submission = application.standing_submission
    call = application.call
    identity = submission.snapshot.get("sections", {}).get("identity", {})
    return {
        "number": number,
        "outcome": decision.outcome,
        "reserve_rank": decision.reserve_rank,
        "reasons_fr": decision.reasons_fr,
        "reasons_ar": decision.reasons_ar,
        "cluster_fr": identity.get("name") or application.name,
        "cluster_ar": identity.get("name_ar") or identity.get("name") or application.name,
        "addressee": submission.signatory,
        "capacity": submission.capacity,
        "call_code": call.code,
        "call_title_fr": call.title_fr,
        "call_title_ar": call.title_ar or call.title_fr,
        "receipt_number": submission.number,
        "submitted_at": submission.submitted_at.isoformat(),
        "signed_at": on.isoformat(),
        "signatory": signatory,
        "is_demonstration": call.is_demonstration,
        "appeal_days": settings.LETTER_APPEAL_DAYS,
    }


def draft_letter(decision: Decision, *, on: datetime, signatory: str) -> DecisionLetter:
    """An unsaved letter as it would read if it were signed now; it says that it is a draft."""
    content = letter_content(decision, number="—", on=on, signatory=signatory)
    return DecisionLetter(decision=decision, number="—", content={**content, "is_draft": True})


def letter_html(letter: DecisionLetter) -> str:
    """Arabic first and prevailing, French after it, one number, one verification code."""
    content = letter.content
    parts = []
    for language, suffix in (("ar", "_ar"), ("fr", "_fr")):
        with translation.override(language):
            parts.append(
                {
                    "language": language,
                    "direction": "rtl" if language == "ar" else "ltr",
                    "template": f"pdf/letters/{Outcome(content['outcome']).value}_{language}.html",
                    "cluster": content[f"cluster{suffix}"],
                    "call_title": content[f"call_title{suffix}"],
                    "reasons": [line for line in content[f"reasons{suffix}"].splitlines() if line.strip()],
                    "signed_on": formats.day(datetime.fromisoformat(content["signed_at"]), language=language),
                    "submitted_at": formats.instant(
                        datetime.fromisoformat(content["submitted_at"]), language=language
                    ),
                }
            )
    context = {
        "content": content,
        "parts": parts,
        "qr": signing.verification_qr(VERIFICATION_KIND, letter.number),
        "code": signing.verification_code(VERIFICATION_KIND, letter.number),
        "base_url": settings.PORTAL_BASE_URL,
    }
    return render_to_string("pdf/letter.html", context)
