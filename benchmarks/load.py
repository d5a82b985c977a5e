"""Asks pages over HTTP and times the answers."""

import http.client
import statistics
import threading
import time
from dataclasses import dataclass

LEAST = 4


class UnexpectedAnswer(Exception):
    """A page of the benchmark answered something else than 200."""


@dataclass(frozen=True)
class Latency:
    """Milliseconds."""

    p50: float
    p95: float
    count: int


class Visitor:
    """One connection that is kept open, as a browser's is."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, session: str) -> float:
        """Seconds until the last byte."""
        headers = {"Accept-Language": "fr", "Accept-Encoding": "identity"}
        if session:
            headers["Cookie"] = f"sessionid={session}"
        started = time.perf_counter()
        try:
            self.connection.request("GET", path, headers=headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # The worker was recycled between two requests; a browser asks again.
            self.connection.close()
            started = time.perf_counter()
            self.connection.request("GET", path, headers=headers)
            answer = self.connection.getresponse()
        answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise UnexpectedAnswer(f"{path} answers {answer.status}")
        return time.perf_counter() - started

    def close(self) -> None:
        self.connection.close()


def latencies(pages: dict[int, tuple[int, str, str]], *, seconds: float, most: int) -> dict[int, Latency]:
    """One visitor who asks each size in turn, so that a noisy neighbour disturbs all alike.

    `pages`: size → (port, path, session). Ends after `seconds` or `most` rounds, but never before `LEAST` rounds.
    """
    visitors = {size: Visitor(port) for size, (port, _path, _session) in pages.items()}
    taken: dict[int, list[float]] = {size: [] for size in pages}
    for _warm in range(2):  # both workers, and every cache of theirs
        for size, (_port, path, session) in pages.items():
            visitors[size].get(path, session)
    until = time.perf_counter() + seconds
    rounds = 0
    while rounds < LEAST or (rounds < most and time.perf_counter() < until):
        for size, (_port, path, session) in pages.items():
            taken[size].append(visitors[size].get(path, session) * 1000)
        rounds += 1
    for visitor in visitors.values():
        visitor.close()
    return {size: _summary(values) for size, values in taken.items()}


def _summary(values: list[float]) -> Latency:
    ordered = sorted(values)
    return Latency(
        statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], len(ordered)
    )


def throughput(port: int, path: str, session: str, *, visitors: int, seconds: float) -> float:
    """Answers a second with this many visitors who never rest."""
    counts = [0] * visitors
    faults: list[Exception] = []
    until = time.perf_counter() + seconds

    def ask(number: int) -> None:
        visitor = Visitor(port)
        try:
            while time.perf_counter() < until and not faults:
                visitor.get(path, session)
                counts[number] += 1
        except Exception as fault:
            faults.append(fault)
        finally:
            visitor.close()

    started = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(visitors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return sum(counts) / (time.perf_counter() - started)
