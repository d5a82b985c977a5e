"""Wrong passwords close one account for a while, from every address, and no other account."""

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.utils import translation

from accounts.enums import OutboxKind
from accounts.models import OutboxMessage, User
from tests.accounts.people import make_user

pytestmark = pytest.mark.django_db
LOGIN = "/compte/login/"
RIGHT, WRONG = "un long mot de passe", "Zz-7461"


def person(email: str) -> User:
    user = make_user(email=email, password=RIGHT)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def try_in(email: str, password: str, *, address: str) -> int:
    client = Client(REMOTE_ADDR=address)
    return client.post(LOGIN, {"login": email, "password": password}).status_code


@pytest.fixture
def closed() -> User:
    user = person("cible@demo.example")
    for number in range(5):
        assert try_in(user.email, WRONG, address=f"192.0.2.{number + 1}") == 200
    return user


def test_five_wrong_passwords_close_the_account_from_everywhere(closed: User):
    assert try_in(closed.email, RIGHT, address="198.51.100.7") == 200
    assert (
        try_in(closed.email.upper(), RIGHT, address="198.51.100.8") == 200
    )  # the same account in other letters


def test_other_accounts_stay_open(closed: User):
    other = person("voisine@demo.example")
    assert try_in(other.email, RIGHT, address="192.0.2.1") == 302
    assert try_in(other.email, RIGHT, address="198.51.100.7") == 302


def test_time_opens_it_again(closed: User, monkeypatch: pytest.MonkeyPatch):
    import time

    real = time.time
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: real() + 301)
    assert try_in(closed.email, RIGHT, address="198.51.100.7") == 302


def mails() -> list[tuple[str, str]]:
    rows = OutboxMessage.objects.filter(kind=OutboxKind.MAIL).order_by("pk")
    return [(row.payload["to"], row.payload["text"]) for row in rows]


def test_the_owner_is_told_once_by_mail(closed: User):
    for number in range(3):
        try_in(closed.email, WRONG, address=f"198.51.100.{number + 1}")
    (told,) = mails()
    assert told[0] == closed.email
    assert "cinq minutes" in told[1]
    assert WRONG not in told[1]


def test_an_unknown_address_gets_no_mail():
    for number in range(7):
        try_in("inconnue@demo.example", WRONG, address=f"192.0.2.{number + 1}")
    assert mails() == []


def test_four_wrong_ones_do_not():
    user = person("distraite@demo.example")
    for _ in range(4):
        try_in(user.email, WRONG, address="192.0.2.1")
    assert try_in(user.email, RIGHT, address="192.0.2.1") == 302


def test_an_unknown_address_is_told_the_same():
    """Neither the words nor the lock say whether an account exists."""
    person("connue@demo.example")
    told = {}
    for email in ("connue@demo.example", "inconnue@demo.example"):
        pages = [
            Client(REMOTE_ADDR="192.0.2.1").post(LOGIN, {"login": email, "password": WRONG}) for _ in range(7)
        ]
        told[email] = [
            (page.status_code, [str(one) for one in page.context["form"].non_field_errors()])
            for page in pages
        ]
    assert told["connue@demo.example"] == told["inconnue@demo.example"]
    assert told["connue@demo.example"][4] != told["connue@demo.example"][5]


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_refusal_is_in_the_readers_language(closed: User, language: str):
    client = Client(REMOTE_ADDR="198.51.100.7")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.post(LOGIN, {"login": closed.email, "password": RIGHT})
    with translation.override("en"):
        english = "Too many failed login attempts"
    assert f'lang="{language}"' in page.content.decode()
    assert english not in page.content.decode()
