import pytest

from tests.evaluation.jury.world import AT


@pytest.fixture
def sign_in(client, monkeypatch):
    """Log a person in, at the tests' own instant."""
    monkeypatch.setattr("clusters_portal.clock.now", lambda: AT)

    def log_in(user):
        client.force_login(user)
        return client

    return log_in
