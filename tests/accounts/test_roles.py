from datetime import UTC, date, datetime

import pytest

from accounts.actions.roles import grant_role, revoke_role
from accounts.enums import Role
from accounts.models import AuditEvent, Notice, OutboxMessage, RoleGrant
from accounts.permissions import has_role, roles_of, standing_of, visible_events
from clusters_portal.errors import Refused
from tests.accounts.people import AT, TODAY, make_staff, make_user

pytestmark = pytest.mark.django_db


def codes(act) -> list[str]:
    with pytest.raises(Refused) as caught:
        act()
    return [blocker.code for blocker in caught.value.blockers]


def test_granting_writes_the_grant_the_event_the_notice_and_the_mail() -> None:
    admin, user = make_staff(Role.ADMINISTRATOR), make_user()
    grant = grant_role(user, Role.CASE_OFFICER, by=admin, at=AT, starts_on=TODAY, act_reference="Décision 12")
    assert RoleGrant.objects.filter(user=user).values_list(
        "role", "starts_on", "ends_on", "granted_by"
    ).get() == (
        "case_officer",
        TODAY,
        None,
        admin.pk,
    )
    event = AuditEvent.objects.get(verb="role.granted", subject_id=str(user.pk))
    assert event.actor == admin
    assert event.detail == {
        "role": "case_officer",
        "starts_on": "2026-11-20",
        "ends_on": "",
        "deputy_for": "",
        "act_reference": "Décision 12",
    }
    assert list(Notice.objects.values_list("user", "kind", "key")) == [
        (user.pk, "role_granted", str(grant.pk))
    ]
    assert OutboxMessage.objects.get().payload["to"] == user.email


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_an_administrator_never_holds_a_dossier_role_at_the_same_date(role: Role) -> None:
    admin, officer = make_staff(Role.ADMINISTRATOR), make_staff(role)
    other = make_staff(Role.ADMINISTRATOR)
    assert codes(lambda: grant_role(other, role, by=admin, at=AT, starts_on=TODAY)) == [
        "administrator_and_dossier_role"
    ]
    assert codes(lambda: grant_role(officer, Role.ADMINISTRATOR, by=admin, at=AT, starts_on=TODAY)) == [
        "administrator_and_dossier_role"
    ]


def test_the_pair_is_fine_one_after_the_other() -> None:
    admin, user = make_staff(Role.ADMINISTRATOR), make_user()
    grant_role(user, Role.AUDITOR, by=admin, at=AT, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 1))
    grant_role(user, Role.ADMINISTRATOR, by=admin, at=AT, starts_on=date(2026, 6, 1))
    assert roles_of(user, at=AT) == {Role.ADMINISTRATOR}
    assert codes(
        lambda: grant_role(
            user, Role.AUDITOR, by=admin, at=AT, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 2)
        )
    ) == ["administrator_and_dossier_role", "already_held"]


def test_nobody_grants_or_withdraws_a_role_of_their_own() -> None:
    admin = make_staff(Role.ADMINISTRATOR)
    assert codes(lambda: grant_role(admin, Role.AUDITOR, by=admin, at=AT, starts_on=TODAY))[0] == "own_role"
    held = RoleGrant.objects.get(user=admin)
    assert codes(lambda: revoke_role(held, by=admin, at=AT, reason="fin")) == ["own_role"]


def test_other_refusals() -> None:
    admin, officer, user = make_staff(Role.ADMINISTRATOR), make_staff(Role.CASE_OFFICER), make_user()
    closed = make_user(is_active=False)
    assert codes(lambda: grant_role(closed, Role.AUDITOR, by=admin, at=AT, starts_on=TODAY)) == ["inactive"]
    assert codes(lambda: grant_role(user, Role.AUDITOR, by=admin, at=AT, starts_on=TODAY, ends_on=TODAY)) == [
        "empty_period"
    ]
    assert codes(lambda: grant_role(officer, Role.CASE_OFFICER, by=admin, at=AT, starts_on=TODAY)) == [
        "already_held"
    ]
    assert codes(
        lambda: grant_role(user, Role.CASE_OFFICER, by=admin, at=AT, starts_on=TODAY, deputy_for=officer)
    ) == ["deputy_without_end"]
    assert codes(
        lambda: grant_role(
            user,
            Role.AUDITOR,
            by=admin,
            at=AT,
            starts_on=TODAY,
            ends_on=date(2026, 12, 1),
            deputy_for=officer,
        )
    ) == ["deputy_without_act", "deputised_lacks_role"]


def test_a_deputy_with_dates_and_act() -> None:
    admin, officer, user = make_staff(Role.ADMINISTRATOR), make_staff(Role.CASE_OFFICER), make_user()
    grant_role(
        user,
        Role.CASE_OFFICER,
        by=admin,
        at=AT,
        starts_on=TODAY,
        ends_on=date(2026, 12, 1),
        deputy_for=officer,
        act_reference="Délégation 7",
    )
    assert roles_of(user, at=AT) == {Role.CASE_OFFICER}
    assert roles_of(user, at=datetime(2026, 12, 1, 0, 0, tzinfo=UTC)) == frozenset()


def test_withdrawing_takes_effect_today_and_keeps_the_row() -> None:
    admin, officer = make_staff(Role.ADMINISTRATOR), make_staff(Role.CASE_OFFICER)
    held = RoleGrant.objects.get(user=officer)
    assert codes(lambda: revoke_role(held, by=admin, at=AT, reason="  ")) == ["reason_missing"]
    revoke_role(held, by=admin, at=AT, reason="mutation")
    held.refresh_from_db()
    assert (held.starts_on, held.ends_on) == (date(2026, 1, 1), TODAY)
    officer.refresh_from_db()
    assert not has_role(type(officer).objects.get(pk=officer.pk), Role.CASE_OFFICER, at=AT)
    assert AuditEvent.objects.get(verb="role.revoked").detail["reason"] == "mutation"
    assert codes(lambda: revoke_role(held, by=admin, at=AT, reason="encore")) == ["already_ended"]


def test_a_role_that_has_not_begun_is_withdrawn_before_its_first_day() -> None:
    admin, user = make_staff(Role.ADMINISTRATOR), make_user()
    held = grant_role(user, Role.AUDITOR, by=admin, at=AT, starts_on=date(2027, 1, 1))
    assert revoke_role(held, by=admin, at=AT, reason="erreur").ends_on == date(2027, 1, 1)
    assert not RoleGrant.objects.active(date(2027, 1, 1)).filter(user=user).exists()


def test_roles_follow_the_day_of_rabat() -> None:
    user = make_user()
    grant_role(user, Role.AUDITOR, by=None, at=AT, starts_on=date(2026, 7, 2))
    # Morocco was on UTC+1 in July 2026: the day began at 23:00 UTC.
    assert roles_of(user, at=datetime(2026, 7, 1, 22, 59, tzinfo=UTC)) == frozenset()
    assert roles_of(user, at=datetime(2026, 7, 1, 23, 0, tzinfo=UTC)) == {Role.AUDITOR}


def test_one_query_tells_roles_and_unread_notices(django_assert_num_queries) -> None:
    user = make_staff(Role.CALL_MANAGER, Role.CASE_OFFICER)
    user = type(user).objects.get(pk=user.pk)
    for number in range(3):
        Notice.objects.create(user=user, kind="role_granted", key=str(number), created_at=AT)
    with django_assert_num_queries(1):
        standing = standing_of(user, at=AT)
        assert standing.roles == {Role.CALL_MANAGER, Role.CASE_OFFICER}
        assert standing.unread_count == 3
        assert standing.has_second_factor is False
        assert has_role(user, Role.CALL_MANAGER, at=AT)


def test_a_closed_account_has_no_role() -> None:
    user = make_staff(Role.AUDITOR)
    user.is_active = False
    assert roles_of(user, at=AT) == frozenset()


def test_only_the_auditor_reads_the_trail() -> None:
    for role in Role:
        assert visible_events(make_staff(role), at=AT).exists() is (role == Role.AUDITOR)
    assert not visible_events(make_user(), at=AT).exists()
