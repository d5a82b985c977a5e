"""A rehearsed call whose jury has signed its deliberation: decisions are proposed, none is signed."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from evaluation.demonstration.build import Demo, build_demo

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr("clusters_portal.clock.now", lambda: AT)
    return AT


@pytest.fixture
def proposed(db, at: datetime) -> Demo:
    call_command("load_reference_data", verbosity=0)
    return build_demo(dossiers=4, jurors=3, phase="proposed", seed=1, at=at)
