"""`make bench`: the same pages at two sizes, side by side, under gunicorn with two workers.

Everything lives under var/bench and is thrown away by the next run.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from socket import socket

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var" / "bench"
TEMPLATE = "bench_template"
STAGES = ("evaluation", "deliberation", "decided", "published")
RATIO_LIMIT = 1.3
CONCURRENCY = 8
READY_SECONDS = 60
TOO_SLOW_MS = 1500  # eight visitors at once would only wait: the throughput is left out


@dataclass(frozen=True)
class Row:
    """One page at every size: figures by size."""

    name: str
    queries: dict[int, int]
    limit: int
    kilobytes: dict[int, int]
    latency: dict
    throughput: dict[int, float]

    @property
    def ratio(self) -> float:
        small, large = min(self.latency), max(self.latency)
        return self.latency[large].p50 / self.latency[small].p50

    @property
    def faults(self) -> list[str]:
        found = []
        if max(self.queries.values()) > self.limit:
            found.append(f"queries > {self.limit}")
        if len(set(self.queries.values())) > 1:
            found.append("queries grow")
        if self.ratio > RATIO_LIMIT:
            found.append(f"ratio > {RATIO_LIMIT}")
        return found


def main() -> int:
    options = _options()
    started = time.monotonic()
    environment = os.environ | {
        "PORTAL_VAR_FOLDER": str(VAR),
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "WEB_WORKERS": "2",
        "PYTHONPATH": str(ROOT),
    }
    os.environ.update(environment)
    for name in ("DATABASE_URL", "REDIS_URL"):
        environment.pop(name, None)
    from benchmarks import load
    from clusters_portal import embedded

    (VAR / "static").mkdir(parents=True, exist_ok=True)
    cluster = embedded.Cluster(VAR, durable=False)
    cluster.ensure()
    sizes = sorted(options.sizes)
    _databases(sizes, environment)
    servers: dict[int, tuple[subprocess.Popen, int]] = {}
    rows: list[Row] = []
    try:
        for stage in STAGES:
            pages = {size: _stage(stage, size, environment) for size in sizes}
            _say(f"{stage}: built, {time.monotonic() - started:.0f} s so far")
            for size in sizes:
                if size not in servers:
                    servers[size] = _serve(size, environment)
            for number, page in enumerate(pages[sizes[0]]):
                addresses = {
                    size: (servers[size][1], pages[size][number]["path"], pages[size][number]["session"])
                    for size in sizes
                }
                latency = load.latencies(addresses, seconds=options.seconds, most=options.most)
                speed = {
                    size: load.throughput(*address, visitors=CONCURRENCY, seconds=options.seconds / 3)
                    for size, address in addresses.items()
                    if latency[size].p50 < TOO_SLOW_MS
                }
                rows.append(
                    Row(
                        name=page["name"],
                        queries={size: pages[size][number]["queries"] for size in sizes},
                        limit=page["limit"],
                        kilobytes={size: pages[size][number]["kilobytes"] for size in sizes},
                        latency=latency,
                        throughput=speed,
                    )
                )
                _say(_line(rows[-1], sizes))
    finally:
        for server, _port in servers.values():
            server.terminate()
        for server, _port in servers.values():
            server.wait(timeout=30)
    _report(rows, sizes, seconds=time.monotonic() - started)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000])
    parser.add_argument(
        "--seconds", type=float, default=4.0, help="spent at most on each page at concurrency 1"
    )
    parser.add_argument("--most", type=int, default=60, help="requests at most for each page and size")
    return parser.parse_args()


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _databases(sizes: list[int], environment: dict[str, str]) -> None:
    """Empty ones, copied from a migrated template."""
    _sql(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in (TEMPLATE, *map(_name, sizes))))
    _sql(f"CREATE DATABASE {TEMPLATE}")
    _world("migrate", 0, environment | {"PORTAL_BENCH_DATABASE": TEMPLATE})
    _sql(*(f"CREATE DATABASE {_name(size)} TEMPLATE {TEMPLATE}" for size in sizes))


def _name(size: int) -> str:
    return f"bench_{size}"


def _sql(*statements: str) -> None:
    import psycopg2

    from clusters_portal import embedded

    connection = psycopg2.connect(
        dbname="postgres", user=embedded.SUPERUSER, host=str(embedded.socket_folder(VAR))
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


def _stage(stage: str, size: int, environment: dict[str, str]) -> list[dict]:
    return json.loads(_world(stage, size, environment | {"PORTAL_BENCH_DATABASE": _name(size)}))


def _world(stage: str, size: int, environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "benchmarks.process", stage, str(size)]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"bench: building {stage} at {size} failed")
    return done.stdout


def _serve(size: int, environment: dict[str, str]) -> tuple[subprocess.Popen, int]:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = VAR / "log" / f"gunicorn-{size}.log"
    with open(log, "w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "clusters_portal.wsgi"],
            env=environment | {"PORTAL_BENCH_DATABASE": _name(size), "PORT": str(port)},
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and server.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return server, port
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    server.terminate()
    sys.exit(f"bench: gunicorn does not answer; see {log}")


HEADER = "{:<22}" + "{:>6}" + "{:>8}{:>8}{:>7}{:>7}" + "   |" + "{:>8}{:>8}{:>7}{:>7}" + "   |{:>7}  {}"


def _line(row: Row, sizes: list[int]) -> str:
    small, large = sizes[0], sizes[-1]
    queries = (
        str(row.queries[small])
        if row.queries[small] == row.queries[large]
        else (f"{row.queries[small]}→{row.queries[large]}")
    )
    figures = []
    for size in (small, large):
        latency = row.latency[size]
        speed = f"{row.throughput[size]:.0f}" if size in row.throughput else "–"
        figures += [f"{latency.p50:.1f}", f"{latency.p95:.1f}", speed, f"{row.kilobytes[size]}"]
    verdict = "over: " + ", ".join(row.faults) if row.faults else "OK"
    return HEADER.format(row.name, queries, *figures, f"{row.ratio:.2f}", verdict)


def _report(rows: list[Row], sizes: list[int], *, seconds: float) -> None:
    small, large = sizes[0], sizes[-1]
    print()
    print(
        f"{small} and {large} dossiers, three evaluations each; gunicorn, 2 workers; p50 and p95 in ms with one"
    )
    print(
        f"visitor who asks both sizes in turn; answers a second with {CONCURRENCY} visitors; size of the page in KiB."
    )
    print()
    columns = ("p50", "p95", f"/s@{CONCURRENCY}", "KiB")
    print(" " * 28 + f"{f'N = {small}':^30}   |{f'N = {large}':^30}   |")
    print(HEADER.format("page", "SQL", *columns, *columns, "ratio", ""))
    for row in rows:
        print(_line(row, sizes))
    over = sum(bool(row.faults) for row in rows)
    print()
    print(f"Bounds: queries ≤ 10 (ranking ≤ 12), as many at both sizes, p50 ratio ≤ {RATIO_LIMIT}. ", end="")
    print(f"{len(rows) - over} pages OK, {over} over. {seconds:.0f} s.")


if __name__ == "__main__":
    sys.exit(main())
