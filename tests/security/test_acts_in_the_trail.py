"""What happened stands in the trail, once: every state of a finished call has its event, and nothing undone has one."""

from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.models import AuditEvent, RoleGrant, User
from applications.actions.reference import load_reference_data
from applications.enums import ApplicationStatus, CallStatus, TeamRole
from applications.models import (
    AdmissibilitySettlement,
    Application,
    Deadline,
    Document,
    EligibilityCheck,
    EnvelopeOpening,
    Submission,
    TeamInvitation,
    TeamMember,
)
from clusters_portal import clock
from evaluation.actions.publication import acknowledge
from evaluation.demonstration.build import Demo, build_demo
from evaluation.models import (
    ConflictDeclaration,
    ConsensusMark,
    Decision,
    DecisionLetter,
    DeliberationOutcome,
    Evaluation,
    JuryMember,
    LetterAcknowledgement,
)

pytestmark = pytest.mark.django_db

PASSED = (
    CallStatus.ANNOUNCED,
    CallStatus.CLOSED,
    CallStatus.OPENED,
    CallStatus.EVALUATION,
    CallStatus.DELIBERATION,
    CallStatus.DECIDED,
    CallStatus.PUBLISHED,
)
BY_THE_PORTAL = {"letter.rendered"}


@pytest.fixture(scope="module")
def demo(module_database: None) -> Demo:
    at = clock.now()
    load_reference_data(at=at)
    return build_demo(dossiers=8, jurors=3, phase="published", seed=1, at=at)


def said(demo: Demo) -> Counter[str]:
    return Counter(AuditEvent.objects.filter(call_code=demo.call.code).values_list("verb", flat=True))


def done(demo: Demo) -> Counter[str]:
    """How often each act must have happened, read from what it left behind and from nothing else."""
    call = demo.call
    dossiers = Application.objects.filter(call=call)
    checks = EligibilityCheck.objects.filter(application__call=call)
    documents = Document.objects.filter(application__call=call)
    declarations = ConflictDeclaration.objects.filter(juror__call=call)
    settlements = AdmissibilitySettlement.objects.filter(application__call=call)
    inadmissible = settlements.filter(outcome=ApplicationStatus.INADMISSIBLE).count()
    letters = DecisionLetter.objects.filter(decision__application__call=call)
    sheets = Evaluation.objects.filter(assignment__application__call=call)
    deposited = dossiers.exclude(standing_submission=None).filter(withdrawn_at=None).count()
    decided = Decision.objects.filter(application__call=call)
    acts = {
        "call.created": 1,
        **{f"call.{status.value}": 1 for status in PASSED},
        "opening.proposed": EnvelopeOpening.objects.filter(call=call).count(),
        "call.deadline_extended": Deadline.objects.filter(call=call).count() - 1,
        "application.started": dossiers.count(),
        "application.submitted": Submission.objects.filter(application__call=call).count(),
        "application.withdrawn": dossiers.exclude(withdrawn_at=None).count(),
        "application.in_instruction": deposited,
        "application.admissible": settlements.count() - inadmissible,
        "application.inadmissible": inadmissible,
        "application.in_evaluation": settlements.count() - inadmissible,
        "application.decided": dossiers.filter(status=ApplicationStatus.DECIDED).count(),
        "document.added": documents.count(),
        "team.joined": TeamMember.objects.filter(application__call=call).exclude(role=TeamRole.OWNER).count(),
        "team.invited": TeamInvitation.objects.filter(application__call=call).count(),
        "check.answered": checks.exclude(answer="").count(),
        "check.seconded": checks.exclude(seconded_by=None).count(),
        "inadmissibility.proposed": inadmissible,
        "jury.appointed": JuryMember.objects.filter(call=call).count(),
        "declaration.made": declarations.count(),
        "declaration.ruled": declarations.exclude(ruling="").count(),
        "sheet.started": sheets.count(),
        "sheet.sent": sheets.filter(sent_at__isnull=False).count(),
        "round.closed": 1,
        "deliberation.meeting_recorded": 1,
        "deliberation.consensus_entered": ConsensusMark.objects.filter(deliberation__call=call).count(),
        "deliberation.outcome_settled": DeliberationOutcome.objects.filter(deliberation__call=call).count(),
        "deliberation.signed": 1,
        "decision.proposed": decided.count(),
        "decision.signed": decided.exclude(signed_at=None).count(),
        "letter.numbered": letters.count(),
        "letter.rendered": letters.exclude(rendered_at=None).count(),
        "letter.acknowledged": LetterAcknowledgement.objects.filter(letter__in=letters).count(),
    }
    return Counter({verb: count for verb, count in acts.items() if count})


def test_each_state_has_its_event_once(demo: Demo):
    told, happened = said(demo), done(demo)
    told.pop("call.edited")  # each edit is one event and leaves the text only
    assert told == happened
    assert happened["letter.numbered"] > 4
    assert happened["sheet.sent"] > 10


def test_the_trail_of_a_whole_call_is_unbroken(demo: Demo):
    assert audit.verify_chain() == []
    events = AuditEvent.objects.filter(call_code=demo.call.code)
    positions = list(events.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))
    unsigned = events.filter(actor=None).exclude(verb__in=BY_THE_PORTAL)
    assert not set(unsigned.values_list("verb", flat=True))


def test_grants_of_the_people_are_told(demo: Demo):
    granted = AuditEvent.objects.filter(verb="role.granted").count()
    created = AuditEvent.objects.filter(verb="user.created").count()
    assert granted == RoleGrant.objects.count()
    assert created == User.objects.count()


def test_an_act_that_is_undone_leaves_no_event(demo: Demo):
    letter = DecisionLetter.objects.filter(
        decision__application__call=demo.call, acknowledgements=None
    ).first()
    owner = letter.decision.application.team.get(role=TeamRole.OWNER).user
    known = AuditEvent.objects.count()
    with transaction.atomic():
        acknowledge(letter, by=owner, at=clock.now())
        assert AuditEvent.objects.count() == known + 1
        transaction.set_rollback(True)
    assert AuditEvent.objects.count() == known
    assert not letter.acknowledgements.exists()
    assert audit.verify_chain() == []


def test_an_event_that_cannot_be_written_stops_the_act(demo: Demo):
    """Across all acts of the portal: `test_hostile_forms.py`. Here on the database's own refusal."""
    letter = DecisionLetter.objects.filter(
        decision__application__call=demo.call, acknowledgements=None
    ).first()
    owner = letter.decision.application.team.get(role=TeamRole.OWNER).user
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_auditevent ADD CONSTRAINT closed CHECK (id < 0) NOT VALID")
        with pytest.raises(IntegrityError), transaction.atomic():
            acknowledge(letter, by=owner, at=clock.now())
        transaction.set_rollback(True)
    assert not letter.acknowledgements.exists()
