"""Servers, databases and isolation for every test. Fixtures of one subject live in its folder's conftest.py."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from clusters_portal import fonts, startup
from tests.browser.chromium import chromium_context, page  # noqa: F401  one browser for the whole worker
from tests.undefined import Undefined


def pytest_configure(config: pytest.Config) -> None:
    """Start the tests' own servers once; each worker holds them, and the last to leave stops them."""
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()
    startup.prepare(check_zone=False)
    if not hasattr(config, "workerinput"):  # once, before the workers start
        fonts.build(settings.FONTS_DIR)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def private_folder(tmp_path: Path, settings) -> Path:
    """Stored files of one test. Asked for by name where a process outside the test must share them."""
    folder = tmp_path / "private"
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = storages
    return folder


@pytest.fixture
def mail_folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def process_environment(db, private_folder: Path, mail_folder: Path) -> dict[str, str]:
    """The environment for a gunicorn, worker or command that must see this test's database, broker and files.

    The test must be transactional: another process sees only what is committed.
    """
    from django.db import connection

    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "clusters_portal.settings.test",
        "PORTAL_TEST_DATABASE": connection.settings_dict["NAME"],
        "PORTAL_TEST_SLOT": str(settings.PORTAL_TEST_SLOT),
        "PORTAL_STORAGE_FOLDER": str(private_folder),
        "PORTAL_TEST_MAIL": str(mail_folder),
    }


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Debian's Chromium; `make test` installs it."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    if not path:
        pytest.fail("Chromium is missing: apt-get install chromium (make test does it)")
    return path
