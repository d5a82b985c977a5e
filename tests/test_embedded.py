"""Real servers started, shared, killed and found again, in folders of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest

from clusters_portal import embedded

ROOT = Path(__file__).resolve().parents[1]
HOLD = """
import sys
from pathlib import Path
from clusters_portal import embedded, startup
startup.exit_on_sigterm()
embedded.Cluster(Path(sys.argv[1]), durable=False).ensure()
print("ready", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[embedded.Cluster]:
    cluster = embedded.Cluster(tmp_path / "var", durable=False)
    yield cluster
    if cluster.root.exists():
        cluster.stop()
    cluster.release()


def hold(cluster: embedded.Cluster) -> subprocess.Popen[str]:
    """Another process that uses the servers until a line is written to it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(cluster.root)],
        cwd=ROOT,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def end(process: subprocess.Popen[str]) -> int:
    process.communicate("\n", timeout=60)
    return process.returncode


def pids(cluster: embedded.Cluster) -> tuple[int | None, int | None]:
    return cluster._postgres_pid(), cluster._valkey_pid()


def ask(cluster: embedded.Cluster, question: str) -> object:
    settings = embedded.database_settings(cluster.root)
    connection = psycopg2.connect(dbname=settings["NAME"], user=settings["USER"], host=settings["HOST"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def test_it_is_postgresql_18_on_a_socket_with_the_project_s_clock(cluster):
    cluster.ensure()
    assert str(ask(cluster, "SHOW server_version")).startswith("18.")
    assert ask(cluster, "SHOW listen_addresses") == ""
    assert ask(cluster, "SHOW server_encoding") == "UTF8"
    assert ask(cluster, "SELECT lower('ÉCLAT')") == "éclat"
    assert ask(
        cluster, "SELECT '2026-11-27 15:00'::timestamp AT TIME ZONE 'Africa/Casablanca' = '2026-11-27 15:00Z'"
    )
    assert cluster.run.stat().st_mode & 0o777 == 0o700


def test_durable_servers_write_before_they_answer(tmp_path):
    cluster = embedded.Cluster(tmp_path / "var")
    try:
        cluster.ensure()
        assert (ask(cluster, "SHOW fsync"), ask(cluster, "SHOW synchronous_commit")) == ("on", "on")
        assert "appendonly\r\n$3\r\nyes" in (cluster._ask_valkey("CONFIG GET appendonly") or "")
    finally:
        cluster.release()


def test_the_last_to_leave_stops_them(cluster):
    first = hold(cluster)
    running = pids(cluster)
    second = hold(cluster)
    assert pids(cluster) == running
    assert end(first) == 0
    assert pids(cluster) == running
    assert end(second) == 0
    assert pids(cluster) == (None, None)


def test_sigterm_is_an_orderly_end(cluster):
    process = hold(cluster)
    process.terminate()
    assert end(process) == 143
    assert pids(cluster) == (None, None)


def test_after_a_kill_the_next_command_finds_them_and_stops_them(cluster):
    process = hold(cluster)
    ask(cluster, "CREATE TABLE kept AS SELECT 7 AS n")
    running = pids(cluster)
    process.kill()
    process.communicate()
    assert pids(cluster) == running
    assert end(hold(cluster)) == 0
    assert pids(cluster) == (None, None)
    cluster.ensure()
    assert ask(cluster, "SELECT n FROM kept") == 7


def test_servers_killed_outright_start_again_with_their_data(cluster):
    cluster.durable = True
    cluster.ensure()
    ask(cluster, "CREATE TABLE kept AS SELECT 7 AS n")
    postgres, valkey = pids(cluster)
    assert postgres is not None
    assert valkey is not None
    os.kill(postgres, signal.SIGKILL)
    os.kill(valkey, signal.SIGKILL)
    assert embedded.wait_until(lambda: pids(cluster) == (None, None))
    assert (cluster.pgdata / "postmaster.pid").exists()
    cluster.ensure()
    assert ask(cluster, "SELECT n FROM kept") == 7


def test_a_stale_pid_that_now_belongs_to_another_program_is_no_obstacle(cluster):
    cluster.ensure()
    cluster.stop()
    (cluster.pgdata / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.pgdata}\n")
    cluster.ensure()
    assert ask(cluster, "SELECT 1") == 1


def test_a_creation_that_was_cut_short_is_done_again(cluster):
    cluster.pgdata.mkdir(parents=True)
    (cluster.pgdata / "PG_VERSION").write_text("18\n")
    cluster.ensure()
    assert ask(cluster, "SELECT 1") == 1


def test_many_starts_at_once_share_one_pair(cluster):
    with ThreadPoolExecutor(4) as pool:
        processes = list(pool.map(lambda _: hold(cluster), range(4)))
    assert None not in pids(cluster)
    assert [end(process) for process in processes] == [0, 0, 0, 0]
    assert pids(cluster) == (None, None)


def test_a_long_path_gets_a_short_socket(tmp_path):
    cluster = embedded.Cluster(tmp_path / ("x" * 100) / "var", durable=False)
    try:
        cluster.ensure()
        assert len(str(cluster.run)) < embedded.SOCKET_PATH_LIMIT
        assert ask(cluster, "SELECT 1") == 1
    finally:
        cluster.release()
        cluster.run.rmdir()


def test_a_server_that_cannot_start_says_where_its_log_is(cluster):
    cluster.ensure([embedded.POSTGRES])
    cluster.stop()
    with open(cluster.pgdata / "postgresql.conf", "a") as configuration:
        configuration.write("no_such_setting = 1\n")
    with pytest.raises(embedded.ServerRefused, match=r"PostgreSQL did not start .*postgres-start\.log"):
        cluster.ensure([embedded.POSTGRES])


def test_finding_running_servers_is_quick(cluster):
    cluster.ensure()
    started = time.monotonic()
    cluster.ensure()
    assert time.monotonic() - started < 1
