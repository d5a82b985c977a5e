"""What a letter says, read back from its PDF: both languages, its number, and hostile text as text."""

from io import BytesIO

import pikepdf
import pytest
from pypdf import PdfReader

from clusters_portal import pdf
from evaluation.actions import decisions
from evaluation.enums import Outcome
from evaluation.letters import draft_letter, letter_html
from evaluation.models import Decision

HOSTILE = (
    "<script>alert(1)</script>",
    '<link rel="attachment" href="file:///etc/passwd">',
    '<img src="http://169.254.169.254/">',
    "{{ settings.SECRET_KEY }} {% include 'x' %}",
    "]]> &#x202e;",
)


def text_of(content: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_its_letter_in_both_languages(proposed, at, outcome: Outcome) -> None:
    decision = Decision.objects.select_related(
        "application__call", "application__standing_submission"
    ).first()
    decision.outcome, decision.reserve_rank = outcome, 1 if outcome == Outcome.RESERVE else None
    decision.reasons_fr, decision.reasons_ar = "Motif de démonstration.", "سبب تجريبي."
    letter = draft_letter(decision, on=at, signatory="Décideur Démonstration")
    content = pdf.render_pdf(letter_html(letter))
    text = text_of(content)
    assert len(PdfReader(BytesIO(content)).pages) == 2
    for words in (
        "Royaume du Maroc",
        "Motif de démonstration.",
        "20 novembre 2026",
        "Décideur Démonstration",
    ):
        assert words in text
    assert "SPECIMEN" in text
    assert "PROJET DE LETTRE" in text


def test_the_signed_letter_carries_its_number_and_is_archival(proposed, at) -> None:
    decision = Decision.objects.first()
    letter = decisions.sign_decision(decision, by=proposed.decision_maker, at=at)
    content = pdf.render_pdf(letter_html(letter))
    text = text_of(content)
    assert text.count("MIC/DPTC/2026/0001") >= 4
    assert "PROJET DE LETTRE" not in text
    with pikepdf.open(BytesIO(content)) as document:
        assert document.Root.MarkInfo.Marked
        assert "/OutputIntents" in document.Root
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_as_text(proposed, at, text: str) -> None:
    decision = Decision.objects.select_related(
        "application__call", "application__standing_submission"
    ).first()
    decision.reasons_fr = decision.reasons_ar = text
    letter = draft_letter(decision, on=at, signatory=text)
    html = letter_html(letter)
    assert text not in html or "<" not in text
    with pikepdf.open(BytesIO(pdf.render_pdf(html))) as document:
        assert len(document.attachments) == 0
