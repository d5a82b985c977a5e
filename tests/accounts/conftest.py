import pytest

from accounts import outbox


@pytest.fixture(autouse=True)
def _broker_not_paused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_broker_paused_until", 0.0)
