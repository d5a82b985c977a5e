"""A signature is given once, by somebody else than the proposer, on reasons in both languages."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import OutboxKind, OutboxState
from accounts.models import AuditEvent, OutboxMessage
from applications.enums import ApplicationStatus, CallStatus
from applications.models import Application, EligibilityCheck
from clusters_portal import storage
from clusters_portal.errors import Refused
from evaluation.actions import decisions, letters
from evaluation.domain.letters import missing_sequences
from evaluation.enums import DecisionStatus, LetterState
from evaluation.models import Decision, DecisionLetter, JuryMember, LetterCounter


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def proposals(demo) -> list[Decision]:
    return list(Decision.objects.filter(application__call=demo.call).order_by("pk"))


def test_one_decision_is_proposed_for_each_dossier_that_competed(proposed) -> None:
    competing = Application.objects.filter(
        call=proposed.call,
        status__in=[ApplicationStatus.IN_EVALUATION, ApplicationStatus.INADMISSIBLE],
    )
    assert {decision.application_id for decision in proposals(proposed)} == {
        dossier.pk for dossier in competing
    }
    assert {decision.status for decision in proposals(proposed)} == {DecisionStatus.PROPOSED}


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("reasons_fr", "", "reason_fr_missing"),
        ("reasons_ar", "", "reason_ar_missing"),
        ("reasons_ar", "  ", "reason_ar_missing"),
    ],
)
def test_a_decision_without_reasons_is_not_signed(proposed, at, field: str, text: str, code: str) -> None:
    decision = proposals(proposed)[0]
    Decision.objects.filter(pk=decision.pk).update(**{field: text})
    with pytest.raises(Refused) as refused:
        decisions.sign_decision(decision, by=proposed.decision_maker, at=at)
    assert codes(refused) == [code]
    assert DecisionLetter.objects.count() == 0


def test_the_proposer_does_not_sign(proposed, at) -> None:
    decision = proposals(proposed)[0]
    with pytest.raises(Refused) as refused:
        decisions.sign_decision(decision, by=decision.proposed_by, at=at)
    assert codes(refused) == ["signer_is_proposer", "signer_sat_on_jury"]  # the chair proposed
    with pytest.raises(IntegrityError, match="signer_is_not_the_proposer"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(
            status=DecisionStatus.SIGNED, signed_by=decision.proposed_by, signed_at=at
        )


def test_whoever_sat_on_the_jury_does_not_sign(proposed, at) -> None:
    decision = proposals(proposed)[0]
    seat = JuryMember.objects.filter(call=proposed.call, role="juror").first()
    JuryMember.objects.filter(pk=seat.pk).update(user=proposed.decision_maker)
    with pytest.raises(Refused) as refused:
        decisions.sign_decision(decision, by=proposed.decision_maker, at=at)
    assert codes(refused) == ["signer_sat_on_jury"]


def test_nothing_is_signed_on_an_unconfirmed_fact(proposed, at) -> None:
    decision = proposals(proposed)[0]
    lines = EligibilityCheck.objects.filter(application=decision.application_id, line="support_years")
    lines.update(facts={"rests_on_unconfirmed": True})
    with pytest.raises(Refused) as refused:
        decisions.sign_decision(decision, by=proposed.decision_maker, at=at)
    assert codes(refused) == ["unconfirmed_fact"]


def test_signing_twice_gives_the_same_letter(proposed, at) -> None:
    decision = proposals(proposed)[0]
    first = decisions.sign_decision(decision, by=proposed.decision_maker, at=at)
    second = decisions.sign_decision(decision, by=proposed.decision_maker, at=at)
    assert first == second
    assert AuditEvent.objects.filter(verb="decision.signed", subject_id=str(decision.pk)).count() == 1
    assert OutboxMessage.objects.filter(kind=OutboxKind.RENDER_LETTER).count() == 1


def test_the_last_signature_decides_the_call(proposed, at) -> None:
    *others, last = proposals(proposed)
    for decision in others:
        decisions.sign_decision(decision, by=proposed.decision_maker, at=at)
    proposed.call.refresh_from_db()
    assert proposed.call.status == CallStatus.DELIBERATION
    decisions.sign_decision(last, by=proposed.decision_maker, at=at)
    proposed.call.refresh_from_db()
    assert (proposed.call.status, proposed.call.decided_at) == (CallStatus.DECIDED, at)
    statuses = Application.objects.filter(decision__isnull=False).values_list("status", flat=True)
    assert set(statuses) == {ApplicationStatus.DECIDED}


def test_all_or_none_is_signed_at_once(proposed, at) -> None:
    decision = proposals(proposed)[-1]
    Decision.objects.filter(pk=decision.pk).update(reasons_ar="")
    with pytest.raises(Refused) as refused:
        decisions.sign_all(proposed.call, by=proposed.decision_maker, at=at)
    assert codes(refused) == ["reason_ar_missing"]
    assert not Decision.objects.filter(status=DecisionStatus.SIGNED).exists()
    assert not LetterCounter.objects.filter(last_sequence__gt=0).exists()


def test_reasons_change_until_the_signature_and_not_behind_somebody(proposed, at) -> None:
    decision = proposals(proposed)[0]
    common = {"reasons_fr": "Motif revu.", "reasons_ar": "سبب مراجع.", "by": proposed.officer, "at": at}
    amended = decisions.amend_reasons(decision, version=1, **common)
    assert (amended.reasons_fr, amended.version) == ("Motif revu.", 2)
    with pytest.raises(Refused) as refused:
        decisions.amend_reasons(decision, version=1, **common)
    assert codes(refused) == ["edited_meanwhile"]
    decisions.sign_decision(decision, by=proposed.decision_maker, at=at)
    with pytest.raises(Refused) as refused:
        decisions.amend_reasons(decision, version=2, **common)
    assert codes(refused) == ["already_signed"]


def test_numbers_run_without_a_gap_whatever_rolls_back(proposed, at) -> None:
    for number, decision in enumerate(proposals(proposed)):
        if number % 2:
            with transaction.atomic():
                decisions.sign_decision(decision, by=proposed.decision_maker, at=at)
                transaction.set_rollback(True)
        decisions.sign_decision(decision, by=proposed.decision_maker, at=at)
    sequences = list(DecisionLetter.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, len(proposals(proposed)) + 1))
    assert missing_sequences(sequences) == ()
    assert DecisionLetter.objects.get(sequence=1).number == "MIC/DPTC/2026/0001"


@pytest.mark.parametrize(
    ("at_utc", "year"),
    [
        (datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), 2026),
        (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), 2027),
    ],
)
def test_the_year_of_a_number_is_that_of_rabat(proposed, at_utc: datetime, year: int) -> None:
    letter = decisions.sign_decision(proposals(proposed)[0], by=proposed.decision_maker, at=at_utc)
    assert (letter.year, letter.sequence) == (year, 1)


def test_rendering_twice_leaves_one_file(proposed, at) -> None:
    letter = decisions.sign_decision(proposals(proposed)[0], by=proposed.decision_maker, at=at)
    first = letters.render_letter(str(letter.pk), at=at)
    again = letters.render_letter(str(letter.pk), at=at)
    assert first.state == LetterState.RENDERED
    assert (first.pdf_key, first.pdf_sha256) == (again.pdf_key, again.pdf_sha256)
    content = storage.read(first.pdf_key, sha256=first.pdf_sha256)
    assert (content[:5], len(content)) == (b"%PDF-", first.pdf_size)
    assert AuditEvent.objects.filter(verb="letter.rendered").count() == 1


def test_a_failed_letter_is_retried_with_its_number(proposed, at) -> None:
    letter = decisions.sign_decision(proposals(proposed)[0], by=proposed.decision_maker, at=at)
    OutboxMessage.objects.filter(key=str(letter.pk)).update(state=OutboxState.FAILED, finished_at=at)
    progress = letters.letters_progress(proposed.call)
    assert (progress.total, progress.rendered, progress.failed, progress.is_running) == (1, 0, 1, False)
    assert letters.retry_letters(proposed.call, by=proposed.decision_maker, at=at) == 1
    message = OutboxMessage.objects.get(key=str(letter.pk))
    assert (message.state, message.attempts) == (OutboxState.QUEUED, 0)
    letter.refresh_from_db()
    assert letter.number == "MIC/DPTC/2026/0001"


def test_in_the_browser_only_the_decision_maker_signs(proposed, client) -> None:
    decision = proposals(proposed)[0]
    url = reverse("evaluation:decision-sign", args=[proposed.call.code, decision.pk])
    for user, status in (
        (proposed.officer, 403),
        (proposed.auditor, 403),
        (proposed.administrator, 404),
        (proposed.chair, 404),
        (proposed.applicants[0], 404),
        (proposed.decision_maker, 302),
    ):
        client.force_login(user)
        assert client.post(url).status_code == status, user.email
    decision.refresh_from_db()
    assert decision.signed_by == proposed.decision_maker


@pytest.mark.parametrize("name", ["evaluation:decisions", "evaluation:letters", "evaluation:decision"])
def test_pages_ask_as_much_for_one_decision_as_for_three(
    proposed, at, client, django_assert_max_num_queries, name: str
) -> None:
    client.force_login(proposed.decision_maker)
    counts = set()
    for kept in (3, 1):
        kept_ids = [decision.pk for decision in proposals(proposed)[:kept]]
        Decision.objects.filter(application__call=proposed.call).exclude(pk__in=kept_ids).delete()
        args = [proposed.call.code, kept_ids[0]] if name == "evaluation:decision" else [proposed.call.code]
        with django_assert_max_num_queries(10) as captured:
            assert client.get(reverse(name, args=args)).status_code == 200
        counts.add(len(captured))
    assert len(counts) == 1
