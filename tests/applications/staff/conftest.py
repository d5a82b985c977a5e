"""A rehearsed call whose deadline has passed, with the people who instruct it."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from evaluation.demonstration.build import Demo, build_demo

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The instant of every view in the test."""
    monkeypatch.setattr("clusters_portal.clock.now", lambda: AT)
    return AT


@pytest.fixture
def reference_data(db) -> None:
    call_command("load_reference_data", verbosity=0)


@pytest.fixture
def closed(reference_data, at: datetime) -> Demo:
    return build_demo(dossiers=3, jurors=3, phase="closed", seed=1, at=at)


@pytest.fixture
def opened(reference_data, at: datetime) -> Demo:
    return build_demo(dossiers=6, jurors=3, phase="opened", seed=1, at=at)
