from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import chromium_context  # noqa: F401
from tests.journeys.portal import Portal, running_portal


@pytest.fixture
def portal(process_environment, tmp_path: Path, mail_folder: Path) -> Iterator[Portal]:
    with running_portal(process_environment, tmp_path, mail_folder) as running:
        yield running
