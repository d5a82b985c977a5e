import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as django_mail
from django.core.cache import cache
from django.test import Client

from accounts import outbox
from accounts.models import AuditEvent, OutboxMessage, User

pytestmark = pytest.mark.django_db

FORM = {
    "email": "porteur@demo.example",
    "full_name": "  Porteur   Démonstration ",
    "language": "ar",
    "password1": "un long mot de passe",
    "password2": "un long mot de passe",
}


def sign_up(client: Client, **changes: str):
    return client.post("/compte/signup/", {**FORM, **changes})


def test_from_sign_up_to_a_verified_address(client: Client) -> None:
    response = sign_up(client)
    assert response.status_code == 302, response.context["form"].errors
    user = User.objects.get()
    assert (user.full_name, user.language, user.email) == (
        "Porteur Démonstration",
        "ar",
        "porteur@demo.example",
    )
    assert user.has_usable_password()
    assert AuditEvent.objects.values_list("verb", "actor", "subject_id").get() == (
        "user.signed_up",
        user.pk,
        str(user.pk),
    )
    assert django_mail.outbox == []  # nothing leaves from inside a request
    message = OutboxMessage.objects.get()
    assert message.payload["to"] == "porteur@demo.example"
    assert outbox.run(message.pk)
    message.refresh_from_db()
    assert message.payload == {}
    code = re.search(r"^\s*([A-Z0-9]{4}-?[A-Z0-9]{4}|[A-Z0-9]{6})\s*$", django_mail.outbox[0].body, re.M)
    assert code, django_mail.outbox[0].body
    page = response["Location"]
    assert client.get("/messages/").status_code == 302  # not in yet
    assert client.post(page, {"code": code[1]}).status_code == 302
    assert EmailAddress.objects.get().verified
    assert client.get("/messages/").status_code == 200


def test_the_language_of_the_visitor_is_proposed(client: Client) -> None:
    assert client.get("/compte/signup/").context["form"]["language"].value() == "fr"
    arabic = client.get("/compte/signup/", headers={"Accept-Language": "ar"})
    assert arabic.context["form"]["language"].value() == "ar"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"full_name": " "}, "full_name"),
        ({"full_name": "x" * 151}, "full_name"),
        ({"language": "zz"}, "language"),
        ({"email": "nonsense"}, "email"),
        ({"password1": "court", "password2": "court"}, "password1"),
    ],
)
def test_bad_input_names_its_field_and_makes_nobody(client: Client, changes: dict, field: str) -> None:
    response = sign_up(client, **changes)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert User.objects.count() == 0
    assert OutboxMessage.objects.count() == 0


def test_nobody_makes_themselves_staff(client: Client) -> None:
    sign_up(client, is_staff="on", is_superuser="on", role="administrator", is_demonstration="on")
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.is_demonstration) == (False, False, False)
    assert user.role_grants.count() == 0


def test_a_known_address_is_not_betrayed(client: Client) -> None:
    first = sign_up(client)
    cache.clear()  # ten seconds later
    second = sign_up(Client(), full_name="Autre")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert User.objects.get().full_name == "Porteur Démonstration"
    assert set(OutboxMessage.objects.values_list("payload__to", flat=True)) == {"porteur@demo.example"}
    assert OutboxMessage.objects.count() == 2
    assert AuditEvent.objects.count() == 1


def test_five_wrong_passwords_close_the_account_for_a_while(client: Client) -> None:
    user = User.objects.create_user("juge@demo.example", "le bon mot de passe", full_name="Juge")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    wrong = {"login": user.email, "password": "faux"}
    for number in range(5):
        client.post("/compte/login/", wrong, REMOTE_ADDR=f"203.0.113.{number}")
    right = {"login": user.email, "password": "le bon mot de passe"}
    assert client.post("/compte/login/", right, REMOTE_ADDR="203.0.113.99").status_code in (200, 429)
    other = User.objects.create_user("autre@demo.example", "le bon mot de passe", full_name="Autre")
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    assert client.post("/compte/login/", {**right, "login": other.email}).status_code == 302
