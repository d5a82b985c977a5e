"""Real processes beside a test: started with a log of their own, waited for, stopped with their children."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from clusters_portal import embedded

# A bare chroot without shared memory has no semaphores for a pool of processes: see the supervisor.
HAS_SEMAPHORES = os.access("/dev/shm", os.W_OK)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Process:
    def __init__(self, arguments: list[str], environment: dict[str, str], log: Path) -> None:
        self.log = log
        with open(log, "ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=settings.BASE_DIR,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until(self, ready: Callable[[], bool]) -> None:
        def ready_or_ended() -> bool:
            return self._process.poll() is not None or ready()

        assert embedded.wait_until(ready_or_ended), self.log.read_text()
        assert self._process.poll() is None, self.log.read_text()

    def kill_all(self) -> None:
        """kill -9, children included: as when a machine loses its power."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """A polite end, then kill -9 for whatever is left of the group."""
        if self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@contextmanager
def celery_worker(
    module: str, environment: dict[str, str], folder: Path, *, concurrency: int
) -> Iterator[Process]:
    """A worker on `module`, which touches `worker-ready` in `folder` once it listens.

    What earlier tests told the broker, whose work is gone with their rows, is thrown away first.
    """
    from clusters_portal.celery import app

    app.control.purge()
    ready = folder / "worker-ready"
    ready.unlink(missing_ok=True)
    environment = environment | {"WORKER_FOLDER": str(folder), "PYTHONWARNINGS": "ignore"}
    pool = ["--pool=prefork", f"--concurrency={concurrency}"] if HAS_SEMAPHORES else ["--pool=solo"]
    arguments = ["celery", "--quiet", "-A", module, "worker", "--without-gossip", "--without-mingle", *pool]
    worker = Process(arguments, environment, folder / "worker.log")
    try:
        worker.wait_until(ready.exists)
        yield worker
    finally:
        worker.stop()
