from datetime import timedelta
from io import BytesIO

import pytest
from django.db import OperationalError
from django.test import Client

from accounts.models import Heartbeat, OutboxMessage
from clusters_portal import clock, health, storage

OUTSIDE = {"headers": {"X-Forwarded-For": "203.0.113.9"}}
NAMES = ["database", "zone", "broker", "storage", "sweeper", "outbox"]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    health.forget()


@pytest.fixture
def _sound(db) -> None:
    Heartbeat.objects.create(name="sweeper", beat_at=clock.now())


def test_the_process_lives_whatever_else_is_dead(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(health, "run_checks", lambda: pytest.fail("healthz checks nothing"))
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.usefixtures("_sound")
def test_ready_says_one_word_outside_and_details_here(client: Client) -> None:
    assert client.get("/readyz").json() == dict.fromkeys(NAMES, "ok")
    response = client.get("/readyz", **OUTSIDE)
    assert (response.status_code, response.content) == (200, b"ok\n")


def broken() -> None:
    raise OperationalError("connection refused to 10.0.0.5")


@pytest.mark.usefixtures("_sound")
@pytest.mark.parametrize("name", ["database", "broker", "storage"])
def test_each_broken_part_is_named_here_and_not_outside(client: Client, monkeypatch, name: str) -> None:
    monkeypatch.setattr(health, f"check_{name}", broken)
    here = client.get("/readyz")
    assert here.status_code == 503
    assert {key for key, value in here.json().items() if value != "ok"} == {name}
    outside = client.get("/readyz", **OUTSIDE)
    assert (outside.status_code, outside.content) == (503, b"not ready\n")


@pytest.mark.usefixtures("_sound")
def test_stale_zone_data_is_named(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(health.zone, "check", broken)
    assert client.get("/readyz").json()["zone"] == "OperationalError: connection refused to 10.0.0.5"


@pytest.mark.usefixtures("_sound")
def test_a_storage_that_returns_other_bytes_is_named(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(storage, "open", lambda _key: BytesIO(b"other"))
    assert client.get("/readyz").json()["storage"].startswith("StorageFault")


@pytest.mark.django_db
def test_a_sweeper_that_never_ran_or_fell_silent_is_named(client: Client) -> None:
    assert client.get("/readyz").json()["sweeper"] == "Late: the sweeper never ran: start `manage.py sweep`"
    Heartbeat.objects.create(name="sweeper", beat_at=clock.now() - timedelta(seconds=121))
    health.forget()
    assert "silent since" in client.get("/readyz").json()["sweeper"]
    Heartbeat.objects.update(beat_at=clock.now() - timedelta(seconds=100))
    health.forget()
    assert client.get("/readyz").status_code == 200


@pytest.mark.usefixtures("_sound")
def test_work_that_waits_is_named(client: Client) -> None:
    late = clock.now() - timedelta(minutes=11)
    OutboxMessage.objects.create(kind="mail", key="1", not_before=late, enqueued_at=late)
    assert client.get("/readyz").json()["outbox"] == "Late: 1 message(s) due for more than ten minutes"


@pytest.mark.usefixtures("_sound")
def test_the_checks_do_not_run_at_every_call(client: Client, monkeypatch) -> None:
    runs: list[int] = []
    monkeypatch.setattr(health, "run_checks", lambda: runs.append(1) or [health.Result("database", "")])
    for _ in range(3):
        client.get("/readyz")
    assert len(runs) == 1


@pytest.mark.usefixtures("_sound")
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert "no-cache" in client.get(path)["Cache-Control"]
