from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from accounts.models import User
from applications.models import Application, Call
from clusters_portal import clock
from tests.applications.applicant import world


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the portal's clock; asking it still costs its query."""
    real = clock.now

    def set_clock(instant: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: (real(), instant)[1])

    set_clock(world.AT)
    return set_clock


@pytest.fixture
def call(db, at) -> Call:
    return world.open_call()


@pytest.fixture
def owner(db) -> User:
    return world.person("titulaire")


@pytest.fixture
def draft(call: Call, owner: User) -> Application:
    return world.draft(call, owner)


@pytest.fixture
def filled(draft: Application, owner: User) -> Application:
    world.fill(draft, owner)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def deposited(call: Call, owner: User) -> Application:
    return world.deposited(call, owner)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return log_in


@pytest.fixture
def browser(client_of, owner: User) -> Client:
    return client_of(owner)
