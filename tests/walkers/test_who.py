"""Every URL, asked by every role in every phase, against one table. A URL without a row fails, and conversely."""

import logging
from collections.abc import Iterable, Iterator
from functools import lru_cache

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import reverse

from accounts import permissions
from clusters_portal import clock
from evaluation.models import DecisionLetter
from tests.savepoints import rows_written, undone
from tests.walkers import access, rendered
from tests.walkers.routes import Route, own_routes, routes
from tests.walkers.world import PHASES, ROLES, World, build

pytestmark = pytest.mark.django_db

SEALED = ("open", "awaiting", "closed")
INFORMED = ("call_manager", "case_officer", "chair", "decision_maker", "auditor")
measured: dict[access.Key, access.Answers] = {}
seen: dict[str, set[str]] = {}


def client_of(world: World, role: str) -> Client:
    client = Client(raise_request_exception=False)
    if world.people[role] is not None:
        client.force_login(world.people[role])
    return client


def answer_of(response: HttpResponseBase, secrets: Iterable[str] = ()) -> str:
    """The status; `login` for a redirect to the log-in page; then what the body should not have said."""
    body = response.getvalue()
    if response.status_code == 302 and response["Location"].startswith(reverse(settings.LOGIN_URL)):
        return "login"
    if response.status_code >= 500 and getattr(response, "exc_info", None):
        return f"{response.status_code} {response.exc_info[0].__name__}: {response.exc_info[1]}"
    told = [secret for secret in secrets if secret.encode() in body]
    return f"{response.status_code} and says {told}" if told else str(response.status_code)


def ask(client: Client, method: str, url: str, secrets: Iterable[str]) -> str:
    """A GET must leave every table as it was."""
    with undone():
        before = rows_written() if method == "GET" else {}
        answer = answer_of(client.generic(method, url), secrets)
        if method == "GET" and (changed := rows_written()) != before:
            tables = sorted(name for name, count in changed.items() if before.get(name, 0) != count)
            answer += f" and writes {', '.join(tables)}"
        return answer


def secrets_from(world: World, role: str) -> list[str]:
    """What no page may print for this role in this phase."""
    secrets: list[str] = []
    if world.dossier is None:
        return secrets
    if world.phase in SEALED and role != "applicant":
        secrets.append(world.dossier.name)
        if role != "administrator":  # who keeps the accounts
            secrets += [world.people["applicant"].full_name, world.people["applicant"].email]
    if world.phase == "decided" and role not in INFORMED:
        letter = DecisionLetter.objects.get(decision__application=world.dossier)
        secrets += [letter.number, letter.decision.reasons_fr[:40]]
    return secrets


def walk(world: World) -> dict[access.Key, access.Answers]:
    clients = {role: client_of(world, role) for role in ROLES}
    secrets = {role: secrets_from(world, role) for role in ROLES}
    return {
        (route.name, method, world.phase): tuple(
            ask(
                clients[role], method, reverse(route.name, kwargs=world.arguments(route, role)), secrets[role]
            )
            for role in ROLES
        )
        for route in own_routes()
        for method in access.METHODS
    }


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Half of the time goes into error pages, copies of contexts and tracebacks, of which the walk reads nothing."""
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *args, **kwargs: None)
    monkeypatch.setattr(
        "django.core.handlers.exception.get_exception_response",
        lambda request, resolver, status, exception: HttpResponse(status=status),
    )
    # Every request finds the same people in the same roles, since what a request writes is rolled back.
    monkeypatch.setattr(permissions, "_read_standing", lru_cache(permissions._read_standing))
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("phase", PHASES)
def test_every_url_answers_each_role_as_the_table_says(phase: str, pytestconfig: pytest.Config, brisk):
    with rendered.recorded() as templates:
        answers = walk(build(phase, at=clock.now()))
    if pytestconfig.getoption("--write-access", default=False):
        measured.update(answers)
        seen[phase] = templates
        return
    assert rendered.read(phase) - templates == set(), "rendered.csv says that this phase renders them"
    expected = {key: row for key, row in access.read().items() if key[2] == phase}
    faults = [f"no row for {url} {method}" for url, method, _ in answers.keys() - expected.keys()]
    faults += [f"no URL for the row {url} {method}" for url, method, _ in expected.keys() - answers.keys()]
    for key in answers.keys() & expected.keys():
        faults += [
            f"{key[0]} {key[1]} as {role}: {got}, the table says {wanted}"
            for role, got, wanted in zip(ROLES, answers[key], expected[key], strict=True)
            if got != wanted
        ]
    assert not faults, "\n".join([f"phase {phase}:", *sorted(faults)])


# allauth's own pages: what a visitor and a signed-in person get from a GET. They know no call, hence no phase.
ALLAUTH = {
    "account_login": ("200", "302"),
    "account_logout": ("302", "200"),
    "account_inactive": ("200", "200"),
    "account_signup": ("200", "302"),
    "account_reauthenticate": ("login", "200"),
    "account_email": ("login", "200"),
    "account_email_verification_sent": ("login", "302"),
    "account_change_password": ("login", "200"),
    "account_set_password": ("login", "302"),
    "account_reset_password": ("200", "200"),
    "account_confirm_login_code": ("login", "302"),
    "account_reset_password_from_key_done": ("200", "200"),
    "account_reset_password_from_key": ("200", "200"),
    "account_reset_password_done": ("200", "200"),
    "mfa_index": ("login", "200"),
    "mfa_authenticate": ("login", "302"),
    "mfa_reauthenticate": ("login", "302"),
    "mfa_activate_totp": ("login", "302"),
    "mfa_deactivate_totp": ("login", "404"),
    "mfa_view_recovery_codes": ("login", "404"),
    "mfa_generate_recovery_codes": ("login", "302"),
    "mfa_download_recovery_codes": ("login", "404"),
    "usersessions_list": ("login", "200"),
}


NEWCOMER = {
    "email": "nouvelle@demo.example",
    "full_name": "Nouvelle Démonstration",
    "language": "ar",
    "password1": "un long mot de passe",
    "password2": "un long mot de passe",
}


def test_account_pages_answer_visitors_and_signed_in_people(django_user_model, pytestconfig: pytest.Config):
    person = django_user_model.objects.create_user("personne@demo.example", "secret-for-tests")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    visitor, signed_in, newcomer = Client(), Client(), Client()
    credentials = {"login": person.email, "password": "secret-for-tests"}
    signed_in.post(reverse("account_login"), credentials)
    newcomer.post(reverse("account_signup"), NEWCOMER)
    pages = {route for route in routes() if route.is_third_party}
    assert {route.name for route in pages} == set(ALLAUTH)
    answers = {}
    with rendered.recorded() as templates:
        for route in pages:
            url = reverse(route.name, kwargs=dict.fromkeys(route.arguments, "x"))
            with undone():
                answers[route.name] = (answer_of(visitor.get(url)), answer_of(signed_in.get(url)))
        # In the middle of a sign-up, and of a log-in with a second factor.
        assert newcomer.get(reverse("account_email_verification_sent")).status_code == 200
        TOTP.activate(person, generate_totp_secret())
        halfway = Client()
        halfway.post(reverse("account_login"), credentials)
        assert halfway.get(reverse("mfa_authenticate")).status_code == 200
        assert signed_in.get(reverse("account_reauthenticate")).status_code == 200
    assert answers == ALLAUTH
    if pytestconfig.getoption("--write-access", default=False):
        seen[rendered.ACCOUNT_PAGES] = templates
        return
    assert rendered.read(rendered.ACCOUNT_PAGES) - templates == set()


def test_document_is_what_the_table_says(pytestconfig: pytest.Config):
    if pytestconfig.getoption("--write-access", default=False):
        access.write(measured, order=[route.name for route in own_routes()])
        rendered.write(seen)
    assert access.DOCUMENT.read_text() == access.printed()


def test_no_row_holds_an_error_or_a_reading_that_writes():
    wrong = {
        (key, role, answer)
        for key, row in access.read().items()
        for role, answer in zip(ROLES, row, strict=True)
        if not (
            answer == "login" or answer in {"200", "302", "400", "403", "404", "405", "409", "422", "503"}
        )
    }
    assert not wrong


# Headers, scripts and other methods -----------------------------------------------------------------------------------


@pytest.fixture
def published(db) -> World:
    return build("published", at=clock.now())


def urls_of(world: World, role: str) -> dict[Route, str]:
    return {route: reverse(route.name, kwargs=world.arguments(route, role)) for route in own_routes()}


def test_scripts_and_other_methods_open_nothing(published: World):
    """A script is told 401, never a log-in page; no POST passes without its token; PUT, PATCH, DELETE do nothing."""
    expected = access.read()
    clerk = client_of(published, "call_manager")
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(published.people["call_manager"])
    faults = []
    for route, url in urls_of(published, "call_manager").items():
        with undone():
            if expected[route.name, "GET", "published"][0] == "login":
                for headers in ({"HX-Request": "true"}, {"Accept": "application/json"}):
                    response = Client().get(url, headers=headers)
                    if response.status_code not in {401, 403} or response.content:
                        faults.append(f"{route.name} with {headers}: {response.status_code}")
            if (status := strict.post(url).status_code) != 403:
                faults.append(f"{route.name} POST without a token: {status}")
            for method in ("PUT", "PATCH", "DELETE"):
                before = rows_written()
                status = clerk.generic(method, url).status_code
                if status < 400 or rows_written() != before:
                    faults.append(f"{route.name} {method}: {status}")
    assert not faults, "\n".join(faults)


HEADERS_OF_ONE_ANSWER = {"X-Request-ID", "Content-Length"}


def test_a_rival_learns_nothing_from_a_refusal(published: World):
    """Another applicant's dossier, file, receipt or letter answers like one that does not exist."""
    rival = client_of(published, "other_applicant")
    nowhere = World("unknown", published.at, published.call, None, published.people)
    faults = []
    for route in own_routes():
        real, unreal = (
            reverse(route.name, kwargs=world.arguments(route, "juror")) for world in (published, nowhere)
        )
        if real == unreal:
            continue
        with undone():
            there, absent = rival.get(real), rival.get(unreal)
        if there.status_code != 404:
            continue
        names = [set(answer.headers) - HEADERS_OF_ONE_ANSWER for answer in (there, absent)]
        if absent.status_code != 404 or names[0] != names[1]:
            faults.append(f"{route.name}: {absent.status_code} {names}")
        elif abs(len(there.content) - len(absent.content)) > 0.05 * len(absent.content):
            faults.append(f"{route.name}: {len(there.content)} bytes against {len(absent.content)}")
    assert not faults, "\n".join(faults)
