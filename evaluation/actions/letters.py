"""Decision letters: numbered in the transaction that signs, rendered once by a worker, never rendered again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, TextField
from django.db.models.functions import Cast

from accounts import audit, outbox
from accounts.enums import OutboxKind, OutboxState
from accounts.models import OutboxMessage, User
from applications.models import Call
from clusters_portal import pdf, storage
from evaluation.domain.letters import civil_year, format_number
from evaluation.enums import LetterState
from evaluation.letters import letter_content, letter_html
from evaluation.models import Decision, DecisionLetter, LetterCounter


@dataclass(frozen=True)
class LettersProgress:
    total: int
    rendered: int
    failed: int

    @property
    def is_running(self) -> bool:
        return self.rendered + self.failed < self.total


def next_sequence(year: int) -> int:
    """The next number of the year. Holds the counter's row until the transaction ends: a rollback gives it back."""
    LetterCounter.objects.get_or_create(year=year)
    counter = LetterCounter.objects.select_for_update().get(year=year)
    counter.last_sequence += 1
    counter.save(update_fields=["last_sequence"])
    return counter.last_sequence


@transaction.atomic
def issue_letter(decision: Decision, *, by: User, at: datetime) -> DecisionLetter:
    """Number the letter of a signed decision and leave its rendering to a worker."""
    year = civil_year(at, settings.TIME_ZONE)
    sequence = next_sequence(year)
    number = format_number(settings.LETTER_NUMBER_PATTERN, year, sequence)
    letter = DecisionLetter.objects.create(
        decision=decision,
        year=year,
        sequence=sequence,
        number=number,
        content=letter_content(decision, number=number, on=at, signatory=by.full_name),
        numbered_at=at,
    )
    audit.record(
        "letter.numbered",
        by=by,
        at=at,
        subject=letter,
        call_code=decision.application.call.code,
        detail={"number": number, "decision": str(decision.pk)},
    )
    outbox.enqueue(OutboxKind.RENDER_LETTER, str(letter.pk), at=at)
    return letter


def render_letter(letter_id: str, *, at: datetime) -> DecisionLetter:
    """Make and store the PDF of a queued letter. Running it again, or twice at once, leaves one file.

    The file is written before the row says so: a crash between the two leaves a file that no row names,
    and the next run writes the row.
    """
    letter = DecisionLetter.objects.get(pk=letter_id)
    if letter.state != LetterState.QUEUED:
        return letter
    content = pdf.render_pdf(letter_html(letter))
    stored = storage.put(f"letters/{letter.pk}/{letter.version}.pdf", content)
    with transaction.atomic():
        locked = DecisionLetter.objects.select_for_update(of=("self",)).get(pk=letter_id)
        if locked.state != LetterState.QUEUED:
            return locked
        locked.state = LetterState.RENDERED
        locked.pdf_key, locked.pdf_sha256, locked.pdf_size = stored.key, stored.sha256, stored.size
        locked.rendered_at = at
        locked.save(update_fields=["state", "pdf_key", "pdf_sha256", "pdf_size", "rendered_at"])
        audit.record(
            "letter.rendered",
            by=None,
            at=at,
            subject=locked,
            call_code=locked.decision.application.call.code,
            detail=_file_facts(locked),
        )
    return locked


def letters_progress(call: Call) -> LettersProgress:
    """How far the edition of the standing letters of a call has come; two queries for any number."""
    standing = DecisionLetter.objects.standing().filter(decision__application__call=call)
    counts = standing.aggregate(total=Count("pk"), rendered=Count("pk", filter=Q(state=LetterState.RENDERED)))
    failed = OutboxMessage.objects.filter(
        kind=OutboxKind.RENDER_LETTER,
        state=OutboxState.FAILED,
        key__in=standing.annotate(key=Cast("pk", TextField())).values("key"),
    )
    return LettersProgress(**counts, failed=failed.count())


@transaction.atomic
def retry_letters(call: Call, *, by: User, at: datetime) -> int:
    """Queue again the letters whose rendering failed for good; their numbers stay. Returns how many."""
    letters = DecisionLetter.objects.filter(decision__application__call=call, state=LetterState.QUEUED)
    keys = [str(pk) for pk in letters.values_list("pk", flat=True)]
    count = outbox.retry_failed(OutboxKind.RENDER_LETTER, keys, at=at)
    audit.record("letters.retried", by=by, at=at, subject=call, call_code=call.code, detail={"count": count})
    return count


def _file_facts(letter: DecisionLetter) -> dict[str, Any]:
    return {"number": letter.number, "sha256": letter.pdf_sha256, "size": letter.pdf_size}
