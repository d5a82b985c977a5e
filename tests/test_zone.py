import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clusters_portal import clock, startup, zone


def test_python_reads_the_pinned_data_and_not_the_hosts():
    import zoneinfo

    assert zoneinfo.TZPATH == ()
    assert datetime(2026, 11, 27, 15, tzinfo=ZoneInfo("Africa/Casablanca")).astimezone(UTC) == datetime(
        2026, 11, 27, 15, tzinfo=UTC
    )


def test_the_check_covers_the_day_and_the_next_four_hundred():
    days = zone.days()
    assert (len(days), f"{days[0]}", f"{days[-1]}") == (401, "2026-11-27", "2028-01-01")


@pytest.mark.django_db
def test_python_and_postgresql_know_moroccos_clock():
    assert zone.postgres_instants() == zone.python_instants() == zone.expected_instants()
    zone.check()


@pytest.mark.parametrize(
    ("asked", "name", "cure"),
    [("python_instants", "Python", "requirements.txt"), ("postgres_instants", "PostgreSQL", "apt-get")],
)
@pytest.mark.django_db
def test_one_stale_answer_is_refused_with_its_cure(monkeypatch, asked, name, cure):
    stale = zone.expected_instants()
    stale[73] -= timedelta(hours=1)
    monkeypatch.setattr(zone, asked, lambda: stale)
    with pytest.raises(zone.StaleZone) as refusal:
        zone.check()
    message = str(refusal.value)
    assert message.startswith(
        f"{name} says that 15:00 in Casablanca on 2027-02-08 is 14:00 UTC; it is 15:00 UTC"
    )
    assert cure in message


@pytest.mark.django_db
def test_start_up_ends_with_the_sentence(monkeypatch):
    stale = [instant - timedelta(hours=1) for instant in zone.expected_instants()]
    monkeypatch.setattr(zone, "postgres_instants", lambda: stale)
    with pytest.raises(SystemExit) as exit_:
        startup.prepare(check_zone=True)
    assert str(exit_.value.code).startswith(
        "error: PostgreSQL says that 15:00 in Casablanca on 2026-11-27 is 14:00 UTC"
    )


def test_settings_drop_the_hosts_zone_data_before_anything_reads_it():
    """A host whose data still says UTC+1 is overruled: TZPATH is emptied although the process began with one."""
    program = (
        "import zoneinfo; before = zoneinfo.TZPATH; import clusters_portal.settings.base; "
        "print(bool(before), zoneinfo.TZPATH)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True ()"


@pytest.mark.django_db
def test_the_clock_is_postgresqls_transaction_in_utc():
    first, second = clock.now(), clock.now()
    assert first == second
    assert first.tzinfo is UTC
    assert abs(first - datetime.now(UTC)) < timedelta(minutes=5)
