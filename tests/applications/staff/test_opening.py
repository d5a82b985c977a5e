"""Two officers open the envelopes, at least two minutes after the deadline; before, nobody reads anything."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AuditEvent
from applications.actions import opening
from applications.enums import ApplicationStatus, CallStatus, EligibilityLine
from applications.models import Application, Call, EligibilityCheck, EnvelopeOpening
from clusters_portal.errors import Refused


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def test_before_the_opening_staff_see_no_dossier(closed, at) -> None:
    for user in (closed.manager, closed.officer, closed.decision_maker, closed.auditor):
        assert Application.objects.visible_to(user, at=at).count() == 0


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-1, ["too_early"]), (0, ["too_early"]), (119, ["too_early"]), (120, [])]
)
def test_two_minutes_after_the_deadline_in_force(closed, seconds: int, expected: list[str]) -> None:
    call = Call.objects.with_deadlines().get(pk=closed.call.pk)
    found = opening.opening_blockers(call, at=call.closes_at + timedelta(seconds=seconds))
    assert [blocker.code for blocker in found] == expected


def test_the_proposer_does_not_confirm(closed, at) -> None:
    opening.propose_opening(closed.call, by=closed.officer, at=at)
    with pytest.raises(Refused) as refused:
        opening.confirm_opening(closed.call, by=closed.officer, at=at)
    assert codes(refused) == ["same_officer"]
    closed.call.refresh_from_db()
    assert closed.call.status == CallStatus.CLOSED


def test_the_database_refuses_one_officer_for_both_halves(closed, at) -> None:
    row = opening.propose_opening(closed.call, by=closed.officer, at=at)
    with pytest.raises(IntegrityError, match="opening_takes_two_officers"), transaction.atomic():
        EnvelopeOpening.objects.filter(pk=row.pk).update(confirmed_by=closed.officer, confirmed_at=at)


def test_the_confirmation_opens_once_and_runs_the_rules(closed, at) -> None:
    opening.propose_opening(closed.call, by=closed.officer, at=at)
    opening.confirm_opening(closed.call, by=closed.manager, at=at)
    closed.call.refresh_from_db()
    assert (closed.call.status, closed.call.opened_at) == (CallStatus.OPENED, at)
    instructed = Application.objects.filter(call=closed.call, status=ApplicationStatus.IN_INSTRUCTION)
    assert instructed.count() == Application.objects.visible_to(closed.officer, at=at).count() > 0
    for application in instructed:
        lines = list(application.eligibility_checks.values_list("line", flat=True))
        assert lines == [line.value for line in EligibilityLine]
    assert (
        EligibilityCheck.objects.exclude(reason_fr="").exclude(reason_ar="").count() == 4 * instructed.count()
    )
    with pytest.raises(Refused) as refused:
        opening.confirm_opening(closed.call, by=closed.manager, at=at)
    assert codes(refused) == ["call_not_closed", "already_opened"]
    assert AuditEvent.objects.filter(verb="call.opened", subject_id=str(closed.call.pk)).count() == 1


def test_a_proposal_can_be_withdrawn_until_it_is_confirmed(closed, at) -> None:
    opening.propose_opening(closed.call, by=closed.officer, at=at)
    opening.withdraw_opening_proposal(closed.call, by=closed.officer, at=at)
    with pytest.raises(Refused) as refused:
        opening.confirm_opening(closed.call, by=closed.manager, at=at)
    assert codes(refused) == ["nothing_proposed"]


def test_in_the_browser(closed, client) -> None:
    page = reverse("applications:opening", args=[closed.call.code])
    client.force_login(closed.officer)
    assert "Proposer l" in client.get(page).content.decode()
    client.post(reverse("applications:opening-propose", args=[closed.call.code]))
    refused = client.post(reverse("applications:opening-confirm", args=[closed.call.code]), follow=True)
    assert "La confirmation revient à un autre instructeur" in refused.content.decode()
    client.force_login(closed.manager)
    done = client.post(reverse("applications:opening-confirm", args=[closed.call.code]), follow=True)
    assert "Les plis sont ouverts" in done.content.decode()
    client.force_login(closed.decision_maker)
    assert client.post(reverse("applications:opening-propose", args=[closed.call.code])).status_code == 403


def test_the_receipt_number_tells_only_that_a_deposit_exists(closed, client) -> None:
    application = Application.objects.filter(standing_submission__isnull=False).first()
    number = application.standing_submission.number
    client.force_login(closed.officer)
    page = client.get(reverse("applications:deposit-lookup"), {"number": number.lower()}).content.decode()
    assert number in page
    assert "déposé le" in page
    assert application.name not in page
    unknown = client.get(
        reverse("applications:deposit-lookup"), {"number": "R-2026-0000-0000"}
    ).content.decode()
    assert "Non déposé" in unknown
