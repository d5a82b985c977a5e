"""`make run`'s supervisor: the small parts by themselves, then the whole portal in a folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clusters_portal import embedded, prepare, supervisor

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def child(name: str, program: str) -> supervisor.Child:
    return supervisor.Child(name, [sys.executable, "-c", program])


@pytest.fixture
def watch() -> Iterator[Callable[..., supervisor.Supervisor]]:
    made = []

    def start(*children: supervisor.Child) -> supervisor.Supervisor:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
        made.append(supervisor.Supervisor(list(children), base_environment=environment))
        for one in children:
            made[-1].start(one)
        return made[-1]

    yield start
    for one in made:
        one.stop_all()
        one.selector.close()


def turn_until(watched: supervisor.Supervisor, condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        watched.turn(0.05)


def test_what_a_child_prints_is_passed_on_under_its_name(watch, capfd):
    watched = watch(child("speaker", "print('bonjour', flush=True); import time; time.sleep(60)"))
    seen = []
    turn_until(watched, lambda: "bonjour" in "".join(seen) or seen.append(capfd.readouterr().out))
    assert "speaker | bonjour" in "".join(seen)


def test_a_child_that_ends_is_started_again(watch):
    watched = watch(child("web", "import time; time.sleep(60)"))
    first = watched.children[0].process
    assert first is not None
    first.kill()
    turn_until(watched, lambda: watched.children[0].process not in (None, first))
    assert not watched.stopping


def test_a_child_that_keeps_ending_brings_everything_down(watch, monkeypatch):
    monkeypatch.setattr(supervisor, "RESTARTS", 1)
    watched = watch(child("broken", "raise SystemExit(3)"), child("web", "import time; time.sleep(60)"))
    turn_until(watched, lambda: watched.stopping)
    assert watched.failed == "broken ended 2 times within a minute (last code 3); giving up."
    watched.stop_all()
    assert [one.process for one in watched.children] == [None, None]


def test_a_child_that_ignores_sigterm_is_killed_with_its_children(watch, monkeypatch, tmp_path):
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.5)
    stubborn = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "grandchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(grandchild.pid))\n"
        "time.sleep(60)"
    )
    watched = watch(child("stubborn", stubborn))
    turn_until(watched, lambda: (tmp_path / "pid").exists() and bool((tmp_path / "pid").read_text()))
    watched.stop_all()
    grandchild = int((tmp_path / "pid").read_text())
    assert embedded.wait_until(lambda: not embedded.runs(grandchild, Path(sys.executable).resolve().name))


def test_a_second_start_is_told_who_runs(tmp_path):
    lock = supervisor.hold_the_only_run(tmp_path / "run.lock", "http://127.0.0.1:8000")
    with pytest.raises(
        supervisor.Refused, match=rf"already runs .*process {os.getpid()}, http://127.0.0.1:8000"
    ):
        supervisor.hold_the_only_run(tmp_path / "run.lock", "http://127.0.0.1:8001")
    lock.close()
    supervisor.hold_the_only_run(tmp_path / "run.lock", "http://127.0.0.1:8001").close()


def test_a_port_in_use_is_named_with_another_to_take():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            supervisor.Refused, match=rf"port {port} cannot be used .*make run PORT={port + 1}"
        ):
            supervisor.check_port(port)


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1"])
def test_a_port_that_is_none(port):
    done = subprocess.run(
        [sys.executable, "-m", "clusters_portal.supervisor"],
        cwd=ROOT,
        env={**os.environ, "PORT": port},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (done.returncode, done.stderr) == (
        1,
        f"portal: PORT must be a number between 1 and 65535, not {port!r}.\n",
    )


def test_a_step_is_done_again_only_when_its_inputs_change(tmp_path):
    source, output, stamp = tmp_path / "in", tmp_path / "out", tmp_path / "stamps" / "step"
    source.mkdir()
    (source / "a.txt").write_text("one")
    step = lambda: output.write_text("made")  # noqa: E731
    assert prepare.once_for(stamp, [source], [output], step) is True
    assert prepare.once_for(stamp, [source], [output], step) is False
    (source / "b.txt").write_text("two")
    assert prepare.once_for(stamp, [source], [output], step) is True
    output.unlink()
    assert prepare.once_for(stamp, [source], [output], step) is True


# -- the whole portal --------------------------------------------------------------------------------------------------


class Portal:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.log = folder.parent / "portal.log"

    def start(self) -> subprocess.Popen[bytes]:
        kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
        environment = kept | {"PORTAL_VAR_FOLDER": str(self.folder), "PORT": str(self.port)}
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "clusters_portal.supervisor"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_it_says(self, words: str, process: subprocess.Popen[bytes], times: int = 1) -> None:
        deadline = time.monotonic() + 150
        while self.log.read_text().count(words) < times:
            assert process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz") as answer:
                return answer.status == 200
        except urllib.error.HTTPError:
            return False

    def left(self) -> list[str]:
        """Command lines and environments of living processes that name this portal's folder."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                text = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
                zombie = (entry / "stat").read_text().rpartition(")")[2].startswith(" Z")
            except OSError:
                continue
            if str(self.folder).encode() in text and not zombie:
                found.append(text[:200].replace(b"\0", b" ").decode(errors="replace"))
        return found


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_whole_portal_starts_answers_survives_and_leaves_nothing(tmp_path):
    portal = Portal(tmp_path / "var")
    process = portal.start()
    try:
        portal.wait_until_it_says("The portal is at", process)
        assert embedded.wait_until(portal.is_ready), portal.log.read_text()  # worker and sweeper too

        second = portal.start()
        assert second.wait(60) == 1
        assert "the portal already runs from this folder (process" in portal.log.read_text()

        # Killed without a word: its children end by themselves, and the last of them stops the servers.
        process.kill()
        process.wait()
        assert embedded.wait_until(lambda: portal.left() == []), portal.left()

        process = portal.start()
        portal.wait_until_it_says("The portal is at", process, times=2)

        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert portal.log.read_text().endswith("portal: stopped.\n")
        assert embedded.wait_until(lambda: portal.left() == []), portal.left()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
