"""The makers make rows that the database and the queries of the portal accept."""

import pytest

from accounts.enums import Role
from accounts.permissions import roles_of
from applications.actions.submissions import is_intact
from applications.enums import ApplicationStatus, CallPhase, CallStatus
from applications.models import Application
from evaluation.enums import JuryRole, LetterState
from evaluation.queries.ranking import ranking_facts
from tests.factories import (
    AT,
    make_application,
    make_assignment,
    make_call,
    make_evaluation,
    make_jury,
    make_letter,
    make_staff,
    make_team_member,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", list(CallStatus))
def test_a_call_in_every_status(status):
    expected = CallPhase.OPEN if status == CallStatus.ANNOUNCED else CallPhase(status.value)
    assert make_call(status).phase(at=AT) == expected


@pytest.mark.parametrize("status", list(ApplicationStatus))
def test_a_dossier_in_every_status(status):
    application = make_application(status=status)
    application.refresh_from_db()
    assert application.status == status
    assert (application.standing_submission is None) == (status == ApplicationStatus.DRAFT)
    if application.standing_submission:
        assert is_intact(application.standing_submission)


def test_staff_hold_their_roles_and_a_team_its_people():
    user = make_staff(Role.CALL_MANAGER, Role.CASE_OFFICER)
    assert roles_of(user, at=AT) == {Role.CALL_MANAGER, Role.CASE_OFFICER}
    seat = make_team_member(make_application())
    assert list(Application.objects.visible_to(seat.user, at=AT)) == [seat.application]


def test_sheets_make_a_ranking():
    call = make_call(CallStatus.DELIBERATION)
    application = make_application(call, ApplicationStatus.IN_EVALUATION)
    for seat in make_jury(call, jurors=2):
        make_evaluation(make_assignment(seat, application), "4" if seat.role == JuryRole.CHAIR else "3")
    (line,) = ranking_facts(call).lines()
    assert line.row.jurors_count == 3
    assert line.row.spread == 20


def test_a_rendered_letter_has_its_file():
    letter = make_letter(state=LetterState.RENDERED)
    assert letter.pdf_sha256
    assert letter.content["number"] == letter.number
