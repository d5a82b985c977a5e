"""What a closing record states about the service, and how its facts are sealed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

# The sweeper looks once a minute; five silent minutes are an interruption, or at least unproven service.
TOLERANCE = timedelta(minutes=5)


class InterruptionKind(StrEnum):
    UNANSWERED = "unanswered"
    NOT_OBSERVED = "not_observed"


@dataclass(frozen=True, slots=True)
class Sample:
    at: datetime
    answered: bool


@dataclass(frozen=True, slots=True)
class Interruption:
    """The half-open interval [starts_at, ends_at) in which nothing proves that the portal answered."""

    starts_at: datetime
    ends_at: datetime
    kind: InterruptionKind


def interruptions(
    samples: Iterable[Sample], *, opens_at: datetime, closes_at: datetime, tolerance: timedelta = TOLERANCE
) -> tuple[Interruption, ...]:
    """Samples in the order of time. A failed look lasts until the next good one; a silence counts past `tolerance`."""
    found: list[Interruption] = []
    previous, failing_since = opens_at, None
    for sample in samples:
        if not opens_at <= sample.at < closes_at:
            continue
        if failing_since is None and sample.at - previous > tolerance:
            found.append(Interruption(previous, sample.at, InterruptionKind.NOT_OBSERVED))
        if not sample.answered and failing_since is None:
            failing_since = sample.at
        elif sample.answered and failing_since is not None:
            found.append(Interruption(failing_since, sample.at, InterruptionKind.UNANSWERED))
            failing_since = None
        previous = sample.at
    if failing_since is not None:
        found.append(Interruption(failing_since, closes_at, InterruptionKind.UNANSWERED))
    elif closes_at - previous > tolerance:
        found.append(Interruption(previous, closes_at, InterruptionKind.NOT_OBSERVED))
    return tuple(found)


def digest_of_facts(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the facts written as JSON with sorted keys, no spaces, in UTF-8."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
