"""Deposits that meet a writer, an extension, the closing. Real connections, real locks.

Two clicks, two colleagues and two drafts at once: tests/applications/applicant/test_concurrency.py.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from accounts import outbox
from accounts.enums import OutboxKind, Role
from accounts.models import AuditEvent, OutboxMessage, User
from applications.actions.closing import close_call
from applications.actions.deadlines import extend_deadline
from applications.actions.dossiers import save_section
from applications.actions.submissions import is_intact, submit
from applications.enums import ApplicationStatus, CallStatus, SectionCode
from applications.models import Application, Call, Deadline, Section, Submission
from clusters_portal import clock, embedded
from clusters_portal.errors import Refused
from tests.applications.applicant import world
from tests.concurrency.threads import PATIENCE_SECONDS, Background, row_locked, together

pytestmark = pytest.mark.django_db(transaction=True)
CALLS = Call._meta.db_table
APPLICATIONS = Application._meta.db_table


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox.app, "send_task", lambda *_, **__: None)


@pytest.fixture
def call() -> Call:
    """Open since yesterday by the real clock; closes in a week."""
    now = datetime.now(UTC)
    return world.open_call(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=7))


@pytest.fixture
def owner() -> User:
    return world.person("titulaire")


@pytest.fixture
def manager() -> User:
    return world.officer(Role.CALL_MANAGER)


@pytest.fixture
def dossier(call: Call, owner: User) -> Application:
    application = world.draft(call, owner, at=datetime.now(UTC))
    world.fill(application, owner, at=datetime.now(UTC))
    return application


def deposit(dossier: Application, by: User, *, token: UUID | None = None) -> Callable[[], Submission]:
    """What the view of the deposit does."""

    def act() -> Submission:
        at = clock.now()
        return submit(
            Application.objects.get(pk=dossier.pk),
            by=by,
            at=at,
            token=token or uuid4(),
            signatory="Promoteur Démonstration 1",
            capacity="Président",
        )

    return act


def the_hour_passes(call: Call) -> datetime:
    """In a transaction of its own: what began before it is in time, what begins after it is late."""

    def act() -> datetime:
        instant = clock.now()
        Deadline.objects.filter(call=call).update(closes_at=instant)
        return instant

    hour: datetime = Background(act).end()
    return hour


def assert_one_deposit(dossier: Application) -> None:
    submission = Submission.objects.get(application=dossier)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.standing_submission) == (ApplicationStatus.SUBMITTED, submission)
    assert OutboxMessage.objects.filter(kind=OutboxKind.RENDER_RECEIPT).count() == 1
    mails = OutboxMessage.objects.filter(kind=OutboxKind.MAIL, key__contains="deposit_received")
    assert mails.count() == dossier.team.count()
    assert AuditEvent.objects.filter(verb="application.submitted").count() == 1


def test_deposits_of_changing_content_are_numbered_without_a_gap_and_the_last_one_stands(
    dossier, owner
) -> None:
    def change_and_deposit(city: str) -> Callable[[], Submission]:
        def act() -> Submission:
            application = Application.objects.get(pk=dossier.pk)
            at = clock.now()
            with row_locked(APPLICATIONS, dossier.pk):
                section = Section.objects.get(application=application, code=SectionCode.IDENTITY)
                save_section(
                    application,
                    SectionCode.IDENTITY,
                    {**section.data, "city": city},
                    by=owner,
                    at=at,
                    version=section.version,
                )
            return deposit(dossier, owner)()

        return act

    cities = ["Rabat", "Fès", "Agadir", "Tanger"]
    together(*[change_and_deposit(city) for city in cities])
    submissions = list(Submission.objects.filter(application=dossier).order_by("version"))
    assert [submission.version for submission in submissions] == [1, 2, 3, 4]
    assert {s.snapshot["sections"]["identity"]["city"] for s in submissions} == set(cities)
    assert len({submission.number for submission in submissions}) == 4
    dossier.refresh_from_db()
    assert dossier.standing_submission == submissions[-1]
    assert all(is_intact(submission) for submission in submissions)
    assert OutboxMessage.objects.filter(kind=OutboxKind.RENDER_RECEIPT).count() == 4


def test_what_arrived_before_the_hour_is_in_time_however_long_it_waits(call, dossier, owner) -> None:
    """DL-02: the request waits on a lock, the hour passes meanwhile, the receipt shows the arrival."""
    with row_locked(CALLS, call.pk):
        late_by_its_commit = Background(deposit(dossier, owner))
        late_by_its_commit.wait_until_blocked()
        hour = the_hour_passes(call)
        too_late = Background(deposit(dossier, owner))
        too_late.wait_until_blocked()
    submission = late_by_its_commit.end()
    assert submission.submitted_at < hour
    with pytest.raises(Refused) as refusal:
        too_late.end()
    assert [blocker.code for blocker in refusal.value.blockers] == ["deadline_passed"]
    assert_one_deposit(dossier)


def extended(call: Call, manager: User, *, roll_back: bool = False) -> Callable[[], Deadline | None]:
    def act() -> Deadline | None:
        at = clock.now()
        wall = datetime.now(UTC) + timedelta(days=30)
        deadline = extend_deadline(
            Call.objects.get(pk=call.pk),
            wall_on=wall.date(),
            wall_time=world.CLOSES_AT.time(),
            reason="Demande de plusieurs promoteurs",
            by=manager,
            at=at,
        )
        if roll_back:
            transaction.set_rollback(True)
        return deadline

    return act


@pytest.mark.parametrize("roll_back", [False, True])
def test_a_deposit_that_waits_for_an_extension_is_judged_by_the_deadline_that_results(
    call, dossier, owner, manager, roll_back
) -> None:
    with row_locked(CALLS, call.pk):
        extension = Background(extended(call, manager, roll_back=roll_back))
        extension.wait_until_blocked()
        the_hour_passes(call)
        late = Background(deposit(dossier, owner))
        late.wait_until_blocked()
    extension.end()
    if roll_back:
        with pytest.raises(Refused, match="deadline_passed"):
            late.end()
        assert not Submission.objects.exists()
    else:
        assert late.end().snapshot["deadline"]["version"] == 2
        assert_one_deposit(dossier)


def test_an_extension_waits_for_the_deposit_that_came_first(call, dossier, owner, manager) -> None:
    with row_locked(APPLICATIONS, dossier.pk):
        first = Background(deposit(dossier, owner))  # has the call for share, waits for the dossier
        first.wait_until_blocked()
        extension = Background(extended(call, manager))
        extension.wait_until_blocked()
        assert Deadline.objects.filter(call=call).count() == 1
    assert first.end().snapshot["deadline"]["version"] == 1
    assert extension.end().version == 2


def closed(call: Call, manager: User) -> Callable[[], dict]:
    def act() -> dict:
        at = clock.now()
        facts: dict = close_call(Call.objects.get(pk=call.pk), by=manager, at=at, host_offset_ms=0).facts
        return facts

    return act


def closed_in_the_end(call: Call, manager: User) -> dict:
    """PostgreSQL shows a transaction for an instant after it gave its locks back: the closing may stand back once."""

    def close() -> bool:
        with suppress(Refused), transaction.atomic():
            return bool(closed(call, manager)())
        return False

    assert embedded.wait_until(close)
    facts: dict = Call.objects.get(pk=call.pk).closing_record.facts
    return facts


def test_the_closing_waits_for_the_deposit_that_it_finds_at_work_and_counts_it(
    call, dossier, owner, manager
) -> None:
    with row_locked(APPLICATIONS, dossier.pk):
        in_time = Background(deposit(dossier, owner))
        in_time.wait_until_blocked()
        the_hour_passes(call)
        closing = Background(closed(call, manager))
        closing.wait_until_blocked()
    submission = in_time.end()
    try:
        facts = closing.end()
    except Refused:
        facts = closed_in_the_end(call, manager)
    assert [row["digest"] for row in facts["deposits"]["rows"]] == [submission.digest]


def test_the_closing_stands_back_for_a_deposit_that_arrived_in_time_and_holds_nothing_yet(
    call, dossier, owner, manager
) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def slow() -> Submission:
        at = clock.now()
        arrived.set()
        assert go_on.wait(PATIENCE_SECONDS)
        application = Application.objects.get(pk=dossier.pk)
        return submit(
            application, by=owner, at=at, token=uuid4(), signatory="Promoteur", capacity="Président"
        )

    in_time = Background(slow)
    assert arrived.wait(PATIENCE_SECONDS)
    the_hour_passes(call)
    with pytest.raises(Refused, match="deposits_in_flight"), transaction.atomic():
        closed(call, manager)()
    go_on.set()
    submission = in_time.end()
    facts = closed_in_the_end(call, manager)
    assert [row["digest"] for row in facts["deposits"]["rows"]] == [submission.digest]
    call.refresh_from_db()
    assert call.status == CallStatus.CLOSED
