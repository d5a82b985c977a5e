"""Worlds that a whole module shares: built once, every test undone on top of them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import override_settings

from clusters_portal import clock
from tests.walkers.world import World, build


def storages_in(folder: Path) -> dict:
    storages = {**django_settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": str(folder)}}
    return storages


@pytest.fixture(scope="session")
def security_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("private")


@pytest.fixture(autouse=True)
def private_folder(security_folder: Path, settings) -> Path:
    """One for the session: the files of a shared world outlive a test."""
    settings.STORAGES = storages_in(security_folder)
    return security_folder


@pytest.fixture(scope="module")
def module_database(django_db_setup, django_db_blocker, security_folder: Path) -> Iterator[None]:
    """A transaction around the tests of a module, undone after the last."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(transaction.atomic())
        stack.callback(transaction.set_rollback, True)
        stack.enter_context(override_settings(STORAGES=storages_in(security_folder)))
        yield


@pytest.fixture(scope="module")
def shared_world(module_database: None) -> Callable[[str], World]:
    """`shared_world(phase)` builds; once in each module."""
    return lambda phase: build(phase, at=clock.now())


@pytest.fixture(scope="module")
def published_world(shared_world: Callable[[str], World]) -> World:
    return shared_world("published")
