from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import OutboxKind, OutboxState, Role
from accounts.models import Notice, OutboxMessage, RoleGrant, User
from tests.accounts.people import AT, make_user

pytestmark = pytest.mark.django_db


def refused_by(constraint: str, act) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    assert caught.value.__cause__.diag.constraint_name == constraint


def grant(**extra) -> RoleGrant:
    values = {
        "user": make_user(),
        "role": Role.AUDITOR,
        "starts_on": date(2026, 1, 1),
        "granted_at": AT,
        **extra,
    }
    return RoleGrant.objects.create(**values)


def message(**extra) -> OutboxMessage:
    values = {"kind": OutboxKind.MAIL, "key": "k", "enqueued_at": AT, "not_before": AT, **extra}
    return OutboxMessage.objects.create(**values)


def test_an_address_is_unique_whatever_its_case() -> None:
    make_user(email="Prenom.Nom@demo.example")
    refused_by("user_email_unique_whatever_the_case", lambda: make_user(email="prenom.nom@DEMO.example"))


def test_log_in_finds_the_address_whatever_its_case() -> None:
    user = make_user(email="Prenom.Nom@demo.example")
    assert User.objects.get_by_natural_key("PRENOM.NOM@demo.example") == user


def test_a_user_without_address_is_refused() -> None:
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("")
    refused_by("user_has_an_email", lambda: User.objects.create(email="", full_name="x"))


def test_a_user_without_password_cannot_log_in() -> None:
    assert make_user().has_usable_password() is False


def test_nonsense_grants_are_refused_by_name() -> None:
    user = make_user()
    refused_by("role_grant_is_never_to_oneself", lambda: grant(user=user, granted_by=user))
    refused_by("role_grant_ends_after_it_starts", lambda: grant(ends_on=date(2025, 12, 31)))
    refused_by("role_grant_role_is_known", lambda: grant(role="king"))
    refused_by(
        "role_grant_deputises_somebody_else",
        lambda: grant(user=user, deputy_for=user, ends_on=date(2027, 1, 1), act_reference="Acte 1"),
    )
    refused_by("role_grant_deputy_has_dates_and_act", lambda: grant(deputy_for=user, act_reference="Acte 1"))
    refused_by(
        "role_grant_deputy_has_dates_and_act", lambda: grant(deputy_for=user, ends_on=date(2027, 1, 1))
    )


def test_nonsense_messages_are_refused_by_name() -> None:
    message()
    refused_by("outbox_message_once_per_kind_and_key", message)
    refused_by(
        "outbox_message_lease_only_while_running",
        lambda: message(key="2", state=OutboxState.QUEUED, lease_until=AT),
    )
    refused_by("outbox_message_lease_only_while_running", lambda: message(key="3", state=OutboxState.RUNNING))
    refused_by("outbox_message_finished_when_final", lambda: message(key="4", state=OutboxState.DONE))
    refused_by("outbox_message_attempts_are_limited", lambda: message(key="5", attempts=6))
    refused_by("outbox_message_kind_is_known", lambda: message(key="6", kind="pigeon"))


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_notice_never_leads_out_of_the_portal(url: str) -> None:
    refused_by(
        "notice_url_is_a_path_of_the_portal",
        lambda: Notice.objects.create(user=make_user(), kind="role_granted", key="1", url=url, created_at=AT),
    )


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "expected"),
    [
        (date(2026, 11, 23), None, True),
        (date(2026, 11, 24), None, False),
        (date(2026, 1, 1), date(2026, 11, 24), True),
        (date(2026, 1, 1), date(2026, 11, 23), False),
        (date(2026, 11, 23), date(2026, 11, 23), False),
    ],
)
def test_a_grant_is_in_force_from_its_first_day_until_its_end_day(starts_on, ends_on, expected) -> None:
    grant(starts_on=starts_on, ends_on=ends_on)
    assert RoleGrant.objects.active(date(2026, 11, 23)).exists() is expected
