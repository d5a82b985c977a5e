from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.journeys.portal import Portal, running_portal
from tests.journeys.stage import Stage


@pytest.fixture
def portal(process_environment, tmp_path: Path, mail_folder: Path) -> Iterator[Portal]:
    with running_portal(process_environment, tmp_path, mail_folder) as running:
        yield running


@pytest.fixture
def open_stage(portal: Portal, chromium_context: BrowserContext) -> Iterator[Callable[..., Stage]]:
    """Opens the curtain on this test's portal; afterwards the shared Chromium is left as it was found."""
    opened: list[Stage] = []

    def open_one(kind: type[Stage] = Stage, **options: str) -> Stage:
        opened.append(kind(chromium_context, portal, **options))
        return opened[-1]

    yield open_one
    for stage in opened:
        stage.close()
