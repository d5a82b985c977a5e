import pytest

from accounts import outbox


@pytest.fixture(autouse=True)
def _broker_not_paused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_broker_paused_until", 0.0)


@pytest.fixture(autouse=True)
def _only_this_layer(settings) -> None:
    """The header without the entries, and the queries, of the layers above."""
    settings.NAVIGATION_PROVIDERS = ["accounts.navigation.account_entries"]
