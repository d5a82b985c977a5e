"""A rehearsal is made of acts, whole, repeatable, and refused where real people have accounts."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from accounts import audit, outbox
from accounts.enums import OutboxKind, OutboxState
from accounts.models import AuditEvent, OutboxMessage, User
from applications.actions.reference import load_reference_data
from applications.enums import ApplicationStatus, CallPhase, Finding
from applications.models import Application, Call, DepositFailure, EligibilityCheck, Receipt
from evaluation.demonstration.build import Demo, build_demo
from evaluation.demonstration.phases import Phase, timeline
from evaluation.enums import DecisionStatus, DeclarationKind, EvaluationStatus, LetterState, LinkRuling
from evaluation.models import (
    ConflictDeclaration,
    Decision,
    DecisionLetter,
    DeliberationOutcome,
    Evaluation,
    LetterAcknowledgement,
)
from evaluation.queries.ranking import ranking_facts

AT = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
PHASES = {
    Phase.OPEN: CallPhase.OPEN,
    Phase.CLOSED: CallPhase.CLOSED,
    Phase.OPENED: CallPhase.OPENED,
    Phase.EVALUATION: CallPhase.EVALUATION,
    Phase.DELIBERATION: CallPhase.DELIBERATION,
    Phase.PROPOSED: CallPhase.DELIBERATION,
    Phase.DECIDED: CallPhase.DECIDED,
    Phase.PUBLISHED: CallPhase.PUBLISHED,
}


@pytest.fixture
def reference(db):
    load_reference_data(at=AT)


def build(phase: Phase, *, dossiers: int = 6, jurors: int = 3, seed: int = 1) -> Demo:
    return build_demo(dossiers=dossiers, jurors=jurors, phase=phase, seed=seed, at=AT)


@pytest.mark.parametrize("phase", list(Phase))
def test_each_phase_is_where_it_says_and_nothing_happened_in_the_future(reference, phase):
    demo = build(phase)
    assert demo.call.phase(at=AT) == PHASES[phase]
    assert demo.call.is_demonstration
    assert len(demo.applications) == 6
    assert AuditEvent.objects.filter(at__gt=AT).count() == 0
    assert audit.verify_chain() == []


def test_the_trail_of_a_call_runs_in_the_order_of_time(reference):
    demo = build(Phase.PUBLISHED)
    instants = list(
        AuditEvent.objects.filter(chain=demo.call.code).order_by("position").values_list("at", flat=True)
    )
    assert instants == sorted(instants)


def test_an_open_call_closes_on_a_weekday_at_three_about_three_weeks_ahead():
    for day in range(1, 29):
        when = timeline(Phase.OPEN, at=datetime(2026, 11, day, 10, tzinfo=UTC))
        assert when.wall_on.weekday() < 5
        assert 20 <= (when.wall_on - when.at.date()).days <= 22
        assert when.closes_at.hour == 15


def story(demo: Demo) -> list[tuple]:
    """What a rehearsal tells, without any id."""
    dossiers = [
        (
            application.name,
            application.status,
            application.track,
            [(section.code, section.data) for section in application.sections.order_by("code")],
            sorted(application.documents.values_list("name", "sha256", "uploaded_at")),
        )
        for application in demo.applications
    ]
    sheets = Evaluation.objects.filter(assignment__application__call=demo.call).order_by(
        "assignment__application__created_at", "assignment__juror__user__email"
    )
    marks = [
        (
            sheet.assignment.application.name,
            sheet.assignment.juror.user.email,
            sheet.status,
            sorted(sheet.scores.values_list("subcriterion__code", "mark")),
        )
        for sheet in sheets
    ]
    outcomes = DeliberationOutcome.objects.filter(application__call=demo.call)
    settled = sorted(outcomes.values_list("application__name", "outcome", "reserve_rank", "departure_reason"))
    return [dossiers, marks, settled]


def test_the_same_seed_on_the_same_day_tells_the_same_story(reference):
    first, second = (build(Phase.PROPOSED, dossiers=18, jurors=3) for _time in range(2))
    assert first.call.code == "DEMO-2026-1"
    assert second.call.code == "DEMO-2026-2"
    assert story(first) == story(second)
    assert User.objects.count() == 7 + 3 + 18


def test_another_seed_tells_another_story(reference):
    assert story(build(Phase.EVALUATION)) != story(build(Phase.EVALUATION, seed=2))


def test_a_round_has_conflicts_links_rulings_disputes_and_unfinished_sheets(reference):
    demo = build(Phase.EVALUATION, dossiers=14, jurors=5)
    declared = ConflictDeclaration.objects.filter(juror__call=demo.call)
    assert declared.filter(kind=DeclarationKind.CONFLICT).exists()
    assert set(declared.filter(kind=DeclarationKind.LINK).values_list("ruling", flat=True)) == {
        "",
        LinkRuling.KEEP,
        LinkRuling.RECUSE,
    }
    sheets = Evaluation.objects.filter(assignment__juror__call=demo.call)
    assert {EvaluationStatus.SENT, EvaluationStatus.DRAFT} == set(sheets.values_list("status", flat=True))
    drafts = Application.objects.filter(call=demo.call, status=ApplicationStatus.DRAFT)
    assert drafts.exists()
    assert DepositFailure.objects.filter(call=demo.call).exists()
    checks = EligibilityCheck.objects.filter(application__call=demo.call)
    assert any(check.is_override and check.is_settled for check in checks)
    assert checks.filter(answer=Finding.NOT_MET).exists()
    assert Application.objects.filter(call=demo.call, status=ApplicationStatus.INADMISSIBLE).exists()


def test_a_ranking_has_a_tie_that_only_a_vote_parts_and_discussed_dossiers(reference):
    demo = build(Phase.PROPOSED, dossiers=20, jurors=4)
    facts = ranking_facts(demo.call)
    assert [tie for tie in facts.ranking.ties if len(tie.dossiers) == 2]
    totals = [row.total for row in facts.ranking.rows if row.place]
    assert len(totals) - len(set(totals)) >= 2  # the other pair was parted by the tie-break
    assert any(result.is_consensus for row in facts.ranking.rows for result in row.criteria)
    assert not any(row.needs_discussion for row in facts.ranking.rows)
    left = DeliberationOutcome.objects.filter(application__call=demo.call).exclude(departure_reason="")
    assert left.count() == 2
    assert set(Decision.objects.values_list("status", flat=True)) == {DecisionStatus.PROPOSED}


def test_published_letters_are_made_numbered_and_partly_acknowledged(reference):
    demo = build(Phase.PUBLISHED, dossiers=5)
    letters = DecisionLetter.objects.filter(decision__application__call=demo.call)
    decided = [one for one in demo.applications if one.status == ApplicationStatus.DECIDED]
    assert letters.filter(state=LetterState.RENDERED).count() == len(decided)
    assert 0 < LetterAcknowledgement.objects.count() < len(decided)
    assert not Receipt.objects.filter(rendered_at__isnull=False).exists()
    outbox.drain()
    assert not Receipt.objects.filter(rendered_at__isnull=True).exists()
    states = OutboxMessage.objects.values_list("state", flat=True).annotate(count=Count("pk"))
    assert set(states) == {OutboxState.DONE}


def test_no_mail_leaves_and_no_other_mail_is_touched(reference, mailoutbox):
    outbox.enqueue(
        OutboxKind.MAIL, "real", at=AT, payload={"to": "x@example.org", "subject": "s", "text": "t"}
    )
    build(Phase.OPEN)
    waiting = OutboxMessage.objects.filter(kind=OutboxKind.MAIL, state=OutboxState.QUEUED)
    assert list(waiting.values_list("key", flat=True)) == ["real"]
    assert mailoutbox == []


def test_the_accounts_log_in_with_the_printed_password(reference, client):
    demo = build(Phase.OPEN, dossiers=1, jurors=1)
    users = [*demo.people.staff.values(), demo.chair, *demo.jurors, *demo.applicants]
    for user in users:
        user.refresh_from_db()
        assert user.is_demonstration
        assert user.check_password(demo.password)


def run(*arguments: str, **options) -> list[str]:
    out = StringIO()
    call_command("demo", *arguments, stdout=out, **options)
    return out.getvalue().splitlines()


def test_the_command_prints_the_accounts_and_the_code_last(reference):
    lines = run("--dossiers", "2", "--jurors", "2", "--phase", "open", "--no-drain")
    assert lines[-1].startswith("DEMO-")
    assert Call.objects.filter(code=lines[-1]).exists()
    assert any("responsable@demo.example" in line for line in lines)
    assert any("porteur1@demo.example … porteur2@demo.example" in line for line in lines)


def test_the_command_refuses_a_database_with_real_people(reference):
    User.objects.create_user("someone@example.org", full_name="Someone")
    with pytest.raises(CommandError, match="real people"):
        run("--dossiers", "1")
    assert not Call.objects.filter(is_demonstration=True).exists()


def test_the_command_refuses_outside_a_demonstration(reference, settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="PORTAL_DEMONSTRATION"):
        run(ensure=True)


def test_ensure_builds_the_default_calls_once_and_always_prints_the_accounts(reference, monkeypatch):
    monkeypatch.setattr(
        "evaluation.management.commands.demo.DEFAULT_SET", ((Phase.CLOSED, 2, 2, 1), (Phase.OPEN, 2, 2, 2))
    )
    first = run(ensure=True)
    assert Call.objects.filter(is_demonstration=True).count() == 2
    assert run(ensure=True) == first
    User.objects.create_user("someone@example.org", full_name="Someone")
    assert run(ensure=True) == first
    assert Call.objects.filter(is_demonstration=True).count() == 2


def test_ensure_says_nothing_where_there_are_only_real_people(reference):
    User.objects.create_user("someone@example.org", full_name="Someone")
    assert run(ensure=True) == []
