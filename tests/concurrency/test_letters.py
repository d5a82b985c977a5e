"""One letter per decision and no gap in the numbers, whoever signs, rolls back or renders at the same time."""

import hashlib
import random
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection, transaction

from accounts import outbox
from accounts.enums import OutboxKind, OutboxState
from accounts.models import AuditEvent, OutboxMessage, User
from applications.enums import ApplicationStatus, CallStatus
from applications.models import Application
from clusters_portal import pdf, storage
from evaluation.actions.decisions import sign_all, sign_decision
from evaluation.actions.letters import render_letter
from evaluation.enums import DecisionStatus, LetterState
from evaluation.models import Decision, DecisionLetter, LetterCounter
from tests.applications.applicant import world
from tests.concurrency.decisions import SIGNED_AT, decision_maker, deliberated_call
from tests.concurrency.threads import PATIENCE_SECONDS, Background, row_locked, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox.app, "send_task", lambda *_, **__: None)


@pytest.fixture
def chair() -> User:
    return world.person("presidente")


def signed(decision: Decision, by: User) -> Callable[[], DecisionLetter]:
    return lambda: sign_decision(Decision.objects.get(pk=decision.pk), by=by, at=SIGNED_AT)


def assert_signed_once(decisions: list[Decision]) -> None:
    assert DecisionLetter.objects.count() == len(decisions)
    numbers = list(DecisionLetter.objects.order_by("sequence").values_list("sequence", flat=True))
    assert numbers == list(range(1, len(decisions) + 1))
    assert OutboxMessage.objects.filter(kind=OutboxKind.RENDER_LETTER).count() == len(decisions)
    for verb in ("decision.signed", "letter.numbered", "application.decided"):
        assert AuditEvent.objects.filter(verb=verb).count() == len(decisions)


def test_two_signers_at_once_leave_one_letter(chair) -> None:
    call, [decision] = deliberated_call("AAP-UN", proposer=chair, decisions=1)
    signers = [decision_maker("decideur"), decision_maker("suppleant")]
    first, second = together(*[signed(decision, by) for by in signers])
    assert first == second
    assert_signed_once([decision])
    call.refresh_from_db()
    assert call.status == CallStatus.DECIDED
    assert AuditEvent.objects.filter(verb="call.decided").count() == 1


def test_one_signs_all_while_another_signs_one_by_one(chair) -> None:
    call, decisions = deliberated_call("AAP-UN", proposer=chair, decisions=4)
    one, other = decision_maker("decideur"), decision_maker("suppleant")
    with row_locked("applications_call", call.pk):
        everything = Background(lambda: sign_all(call, by=one, at=SIGNED_AT))
        everything.wait_until_blocked()
        single = Background(signed(decisions[-1], other))
        single.wait_until_blocked()
    everything.end()
    single.end()
    assert_signed_once(decisions)
    assert set(Decision.objects.values_list("status", flat=True)) == {DecisionStatus.SIGNED}
    assert set(Application.objects.values_list("status", flat=True)) == {ApplicationStatus.DECIDED}


def test_the_last_two_signatures_of_a_call_see_each_other(chair) -> None:
    call, decisions = deliberated_call("AAP-UN", proposer=chair, decisions=2)
    together(*[signed(decision, decision_maker(f"decideur{n}")) for n, decision in enumerate(decisions)])
    assert_signed_once(decisions)
    call.refresh_from_db()
    assert call.status == CallStatus.DECIDED


def test_four_signers_over_four_calls_and_attempts_that_roll_back_leave_no_gap(chair) -> None:
    """LT-08: each signer works at a call of its own, so that only the counter keeps them apart."""
    calls = [deliberated_call(f"AAP-{n}", proposer=chair, decisions=12) for n in range(4)]
    signers = [decision_maker(f"decideur{n}") for n in range(4)]
    gate = threading.Barrier(4, timeout=PATIENCE_SECONDS)
    failures: list[Exception] = []

    def sign_everything(number: int) -> None:
        chance = random.Random(number)
        try:
            gate.wait()
            for decision in calls[number][1]:
                while chance.random() < 0.2:
                    with transaction.atomic():
                        sign_decision(decision, by=signers[number], at=SIGNED_AT)
                        transaction.set_rollback(True)
                sign_decision(decision, by=signers[number], at=SIGNED_AT)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign_everything, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
    assert_signed_once([decision for _call, decisions in calls for decision in decisions])
    assert LetterCounter.objects.get().last_sequence == 48
    assert len(set(DecisionLetter.objects.values_list("number", flat=True))) == 48


def test_a_signature_that_waits_for_one_that_rolls_back_takes_its_number(chair) -> None:
    _one, [first] = deliberated_call("AAP-UN", proposer=chair, decisions=1)
    _two, [second] = deliberated_call("AAP-DEUX", proposer=chair, decisions=1)
    signer = decision_maker()
    with transaction.atomic():
        given = sign_decision(first, by=signer, at=SIGNED_AT)
        waiting = Background(signed(second, signer))
        waiting.wait_until_blocked()
        transaction.set_rollback(True)
    assert waiting.end().number == given.number
    assert sign_decision(first, by=signer, at=SIGNED_AT).sequence == 2


@pytest.fixture
def letter(chair) -> DecisionLetter:
    _call, [decision] = deliberated_call("AAP-UN", proposer=chair, decisions=1)
    return sign_decision(decision, by=decision_maker(), at=SIGNED_AT)


def files(private_folder: Path) -> list[Path]:
    return [path for path in private_folder.rglob("*") if path.is_file()]


def assert_one_file(letter: DecisionLetter, private_folder: Path) -> None:
    letter.refresh_from_db()
    assert letter.state == LetterState.RENDERED
    [only] = files(private_folder)
    assert hashlib.sha256(only.read_bytes()).hexdigest() == letter.pdf_sha256
    assert storage.read(letter.pdf_key, sha256=letter.pdf_sha256)[:5] == b"%PDF-"
    assert AuditEvent.objects.filter(verb="letter.rendered").count() == 1


def in_autocommit(*works: Callable[[], object]) -> list[object]:
    """As workers do: no transaction around, the same start."""
    gate = threading.Barrier(len(works), timeout=PATIENCE_SECONDS)
    results: list[object] = [None] * len(works)

    def run(place: int) -> None:
        try:
            gate.wait()
            results[place] = works[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_a_task_delivered_five_times_at_once_renders_once(letter, private_folder, monkeypatch) -> None:
    """LT-07."""
    rendered: list[int] = []
    real = pdf.render_pdf

    def counted(html: str) -> bytes:
        rendered.append(1)
        return real(html)

    monkeypatch.setattr(pdf, "render_pdf", counted)
    message = OutboxMessage.objects.get(kind=OutboxKind.RENDER_LETTER)
    results = in_autocommit(*[lambda: outbox.run(message.pk)] * 5)
    assert sorted(results) == [False] * 4 + [True]
    assert rendered == [1]
    assert_one_file(letter, private_folder)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (OutboxState.DONE, 1)


def test_five_workers_who_have_all_rendered_the_letter_leave_one_file(
    letter, private_folder, monkeypatch
) -> None:
    """The worst that leases running out could do: every worker has its PDF in hand before one of them stores it."""
    all_rendered = threading.Barrier(5, timeout=PATIENCE_SECONDS)
    real = pdf.render_pdf

    def meet(html: str) -> bytes:
        content = real(html)
        all_rendered.wait()
        return content

    monkeypatch.setattr(pdf, "render_pdf", meet)
    results = in_autocommit(*[lambda: render_letter(str(letter.pk), at=SIGNED_AT)] * 5)
    # Who loses the race for the file fails; its message would be tried again and find the letter made.
    faults = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(fault, storage.StorageFault) for fault in faults), faults
    assert len(faults) < 5
    assert_one_file(letter, private_folder)


def test_a_worker_that_dies_while_it_stores_again_what_is_stored_loses_nothing(
    letter, private_folder, monkeypatch
) -> None:
    """A second worker, late by a lease, is killed at the moment when it would write."""
    real = pdf.render_pdf
    rendered, first_done = threading.Event(), threading.Event()

    class Killed(BaseException):
        pass

    def rendered_early_stored_late(html: str) -> bytes:
        content = real(html)
        rendered.set()
        assert first_done.wait(PATIENCE_SECONDS)
        return content

    def die(*_: object, **__: object) -> str:
        raise Killed

    def second_worker() -> None:
        with suppress(Killed):
            render_letter(str(letter.pk), at=SIGNED_AT)
        connection.close()

    monkeypatch.setattr(pdf, "render_pdf", rendered_early_stored_late)
    second = threading.Thread(target=second_worker)
    second.start()
    assert rendered.wait(PATIENCE_SECONDS)
    monkeypatch.setattr(pdf, "render_pdf", real)
    render_letter(str(letter.pk), at=SIGNED_AT)
    monkeypatch.setattr(type(storage.private_storage()), "save", die)
    first_done.set()
    second.join(60)
    assert_one_file(letter, private_folder)
