"""`make run`: the servers, gunicorn, the Celery worker, beat and the sweeper, started, watched and stopped together."""

import ctypes
import fcntl
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

BASE_DIR = Path(__file__).resolve().parents[1]
RESTARTS, RESTART_WINDOW = 5, 60.0
STOP_SECONDS = 20.0
READY_SECONDS = 60.0
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
# Running a trial as root is fine; Celery's ten lines about it would hide the address.
NO_ROOT_WARNING = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
_libc = ctypes.CDLL(None, use_errno=True)


class Refused(Exception):
    """The portal does not start; the message says why and what helps."""


@dataclass
class Child:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    ended: list[float] = field(default_factory=list)
    restart_at: float | None = None


def processes(port: int) -> list[Child]:
    python = sys.executable
    celery = [python, "-m", "celery", "--quiet", "-A", "clusters_portal"]
    pool = ["--pool=prefork", "--concurrency=2"]
    if not os.access("/dev/shm", os.W_OK):  # noqa: S108
        # A bare chroot without shared memory has no semaphores for a pool of processes.
        pool = ["--pool=solo"]
    options = ["--loglevel=WARNING", "--hostname=portal@%h", "--without-gossip", "--without-mingle"]
    return [
        Child("web", [python, "-m", "gunicorn", "clusters_portal.wsgi:application"], {"PORT": str(port)}),
        # SIGQUIT is Celery's soft shutdown: ten seconds to finish, then the outbox's lease brings the task back.
        Child("worker", [*celery, "worker", *options, *pool], {"REMAP_SIGTERM": "SIGQUIT"} | NO_ROOT_WARNING),
        Child("beat", [*celery, "beat", "--loglevel=WARNING", "--pidfile="]),
        Child("sweeper", [python, "manage.py", "sweep"]),
    ]


def _child_setup() -> None:
    """In the child: end with the supervisor, even when that is killed without a word."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    def __init__(self, children: list[Child], *, base_environment: dict[str, str]) -> None:
        self.children = children
        self.environment = base_environment
        self.selector = selectors.DefaultSelector()
        self.stopping = False
        self.failed = ""

    def start(self, child: Child) -> None:
        child.restart_at = None
        child.process = subprocess.Popen(
            child.command,
            cwd=BASE_DIR,
            env={**self.environment, **child.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # the terminal's Ctrl-C reaches the supervisor alone, which stops the rest in order
            preexec_fn=_child_setup,
        )
        assert child.process.stdout is not None
        os.set_blocking(child.process.stdout.fileno(), False)
        self.selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def request_stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        self.stopping = True

    def turn(self, timeout: float = 0.2) -> None:
        """Pass on what the children print, collect who has ended, restart or give up."""
        for key, _ in self.selector.select(timeout):
            self._print(key.data, key.fileobj)  # type: ignore[arg-type]
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._ended(child, now)
            elif child.process is None and child.restart_at is not None and now >= child.restart_at:
                self.start(child)
        _reap_orphans(self.children)

    def _print(self, child: Child, stream: IO[bytes]) -> None:
        data = stream.read()
        if not data:
            self.selector.unregister(stream)
            stream.close()
            return
        for line in data.decode(errors="replace").splitlines():
            print(f"{child.name:>7} | {line}", flush=True)

    def _ended(self, child: Child, now: float) -> None:
        assert child.process is not None
        code = child.process.returncode
        self._kill_group(child, signal.SIGKILL)
        child.process = None
        if self.stopping:
            return
        child.ended = [moment for moment in child.ended if now - moment < RESTART_WINDOW] + [now]
        if len(child.ended) > RESTARTS:
            self.failed = (
                f"{child.name} ended {len(child.ended)} times within a minute (last code {code}); giving up."
            )
            self.stopping = True
        else:
            print(f"portal: {child.name} ended with code {code}; starting it again.", flush=True)
            child.restart_at = now + 1.0

    def _kill_group(self, child: Child, how: signal.Signals) -> None:
        if child.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, how)

    def stop_all(self) -> None:
        """SIGTERM to each child, SIGKILL to the whole group of who has not gone in time."""
        self.stopping = True
        for child in self.children:
            if child.process is not None:
                child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.process is not None for child in self.children):
            if time.monotonic() > deadline:
                for child in self.children:
                    self._kill_group(child, signal.SIGKILL)
            self.turn(0.1)


def _reap_orphans(children: list[Child]) -> None:
    """Collect grandchildren whose parent has gone; our own children are left to Popen."""
    own = {child.process.pid for child in children if child.process is not None}
    while True:
        try:
            found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if found is None or found.si_pid in own:
            return
        with suppress(ChildProcessError):
            os.waitpid(found.si_pid, os.WNOHANG)


def hold_the_only_run(lock_path: Path, address: str) -> IO[str]:
    """The returned file must stay open; the system drops its lock with the process, so no lock is ever stale."""
    lock_path.parent.mkdir(parents=True, exist_ok=True)
    lock = open(lock_path, "a+")  # noqa: SIM115
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        who = lock.read().strip() or "being started"
        lock.close()
        raise Refused(f"the portal already runs from this folder ({who}). Stop that one first.") from None
    lock.seek(0)
    lock.truncate()
    lock.write(f"process {os.getpid()}, {address}")
    lock.flush()
    return lock


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise Refused(
                f"port {port} cannot be used ({error}). Choose another one: make run PORT={port + 1}"
            ) from None


def wait_until_ready(supervisor: Supervisor, address: str) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while not supervisor.stopping and time.monotonic() < deadline:
        supervisor.turn()
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310
                return True
        except urllib.error.HTTPError:
            return True  # it answers; what it answers is for /readyz
        except OSError:
            continue
    return False


def prepare() -> str:
    """Run the preparation; its standard output (the demonstration's accounts) is kept for the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "clusters_portal.prepare"],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_child_setup,
    )
    try:
        output, _ = process.communicate()
    except BaseException:
        process.terminate()
        process.wait(STOP_SECONDS)
        raise
    if process.returncode:
        raise Refused("the preparation failed; the reason is above.")
    return output


def run(port: int) -> int:
    address = f"http://127.0.0.1:{port}"
    from django.conf import settings

    from clusters_portal import startup

    lock = hold_the_only_run(settings.VAR_DIR / "run.lock", address)
    check_port(port)
    startup.exit_on_sigterm()
    if os.environ.get("MAKELEVEL"):
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # end with `make`, even when that is killed
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
    startup.prepare(check_zone=False)  # starts the embedded servers and holds them until the end
    accounts = prepare()

    supervisor = Supervisor(processes(port), base_environment={**os.environ, "PYTHONUNBUFFERED": "1"})
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, supervisor.request_stop)
    try:
        for child in supervisor.children:
            supervisor.start(child)
        if wait_until_ready(supervisor, address):
            print(f"\n{accounts.strip()}\n\nThe portal is at {address} — Ctrl-C stops it.\n", flush=True)
        elif not supervisor.stopping:
            supervisor.failed = f"gunicorn did not answer within {READY_SECONDS:.0f} seconds."
            supervisor.stopping = True
        while not supervisor.stopping:
            supervisor.turn()
    finally:
        supervisor.stop_all()
        lock.close()
    if supervisor.failed:
        raise Refused(supervisor.failed)
    print("portal: stopped.", flush=True)
    return 0


def main() -> None:
    os.chdir(BASE_DIR)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusters_portal.settings.dev")
    text = os.environ.get("PORT", "8000") or "8000"
    try:
        if not text.isdecimal() or not 0 < int(text) < 65536:
            raise Refused(f"PORT must be a number between 1 and 65535, not {text!r}.")
        sys.exit(run(int(text)))
    except Refused as refusal:
        sys.exit(f"portal: {refusal}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
