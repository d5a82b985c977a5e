from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from tests.accounts.people import make_staff, make_user

pytestmark = pytest.mark.django_db
ENROLMENT = "/compte/2fa/totp/activate/"
AGAIN = "/compte/reauthenticate/"


def is_juror(user: User, *, at) -> bool:
    return user.organisation == "jury"


@pytest.fixture(autouse=True)
def _required(settings) -> None:
    settings.MFA_REQUIRED_FOR_STAFF = True
    settings.MFA_SUBJECT_PROVIDERS = [f"{__name__}.is_juror"]


def page(client: Client, user: User, path: str = "/messages/", **extra):
    client.force_login(user)
    return client.get(path, **extra)


@pytest.mark.parametrize("role", Role)
def test_each_role_must_enrol_first(client: Client, role: Role) -> None:
    response = page(client, make_staff(role))
    assert (response.status_code, response["Location"]) == (302, ENROLMENT)


def test_so_must_jurors_and_superusers(client: Client) -> None:
    for user in (make_user(organisation="jury"), make_user(is_superuser=True), make_user(is_staff=True)):
        assert page(client, user)["Location"] == ENROLMENT


def test_writing_is_stopped_as_well(client: Client) -> None:
    client.force_login(make_staff(Role.AUDITOR))
    assert client.post("/messages/lus/")["Location"] == ENROLMENT


def test_applicants_need_none(client: Client) -> None:
    assert page(client, make_user()).status_code == 200


def test_whoever_has_one_goes_on(client: Client) -> None:
    user = make_staff(Role.AUDITOR)
    TOTP.activate(user, generate_totp_secret())
    assert page(client, user, "/journal/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client: Client) -> None:
    from allauth.mfa.models import Authenticator

    user = make_staff(Role.AUDITOR)
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert page(client, user)["Location"] == ENROLMENT


def test_off_in_a_demonstration(client: Client, settings) -> None:
    settings.MFA_REQUIRED_FOR_STAFF = False
    assert page(client, make_staff(Role.AUDITOR), "/journal/").status_code == 200


def test_public_pages_leaving_and_enrolling_stay_open(client: Client) -> None:
    user = make_staff(Role.AUDITOR, password="un long mot de passe")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.post("/compte/login/", {"login": user.email, "password": "un long mot de passe"})
    assert client.get("/healthz").status_code == 200
    assert client.get(ENROLMENT)["Location"] == f"{AGAIN}?next={quote(ENROLMENT, safe='')}"
    assert client.get(AGAIN).status_code == 200
    assert client.post(AGAIN, {"password": "un long mot de passe"}).status_code == 302
    assert client.get(ENROLMENT).status_code == 200
    assert client.get("/compte/logout/").status_code == 200
    assert client.post("/compte/logout/").status_code == 302


def test_a_script_is_told_and_not_given_a_page(client: Client) -> None:
    response = page(client, make_staff(Role.AUDITOR), headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"], response.content) == (403, ENROLMENT, b"")


def test_without_log_in_a_page_redirects_and_a_script_is_refused(client: Client) -> None:
    response = client.get("/messages/")
    assert (response.status_code, response["Location"]) == (302, "/compte/login/?next=/messages/")
    for header in ({"HX-Request": "true"}, {"Accept": "application/json"}):
        response = client.get("/messages/", headers=header)
        assert (response.status_code, response.content) == (401, b"")


def test_enrolment_takes_effect_at_the_next_request(client: Client) -> None:
    user = make_staff(Role.AUDITOR)
    assert page(client, user)["Location"] == ENROLMENT
    TOTP.activate(user, generate_totp_secret())
    assert client.get("/messages/").status_code == 200
