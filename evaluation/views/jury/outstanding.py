"""What the deliberation still has to settle, kept like the ranking: totals, the first reasons, departures by page."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import get_language

from clusters_portal.errors import Blocker
from evaluation.actions.deliberation import departures_of, outcome_of, signature_blockers
from evaluation.models import Deliberation
from evaluation.models.deliberation import DELIBERATED
from evaluation.queries.fingerprints import Fingerprint, fingerprint
from evaluation.queries.kept import Kept, Parts
from evaluation.queries.ranking import RankingFacts
from evaluation.queries.ranking_pages import PAGE_SIZE, page_of

SHAPE = 1
SHOWN_BLOCKERS = 20


@dataclass(frozen=True)
class Reason:
    """Why the list cannot be signed yet; `page` is that of the dossier, 0 for what concerns no single one."""

    code: str
    message: str
    anchor: str
    page: int = 0
    dossier: UUID | None = None

    @property
    def href(self) -> str:
        if not self.anchor:
            return ""
        return f"?page={self.page}#{self.anchor}" if self.page else f"#{self.anchor}"

    @property
    def blocker(self) -> Blocker:
        return Blocker(self.code, self.message, self.anchor)


@dataclass(frozen=True)
class Summary:
    counts: dict[str, int]
    unsettled_count: int
    reasons: tuple[Reason, ...]
    reason_count: int


@dataclass(frozen=True)
class Outstanding:
    """As one reader may see it. `hides_reasons`: a dossier that recuses the reader is not complete."""

    counts: list[tuple[str, int]]
    unsettled_count: int
    departing: frozenset[UUID]
    reasons: list[Reason] = field(default_factory=list)
    further_count: int = 0
    hides_reasons: bool = False


def outstanding(
    meeting: Deliberation,
    told: Fingerprint,
    number: int,
    *,
    hidden: frozenset[UUID],
    facts: Callable[[], RankingFacts],
) -> Outstanding:
    kept = Kept(
        f"outstanding:{SHAPE}:{meeting.pk}:{get_language()}:{told.deliberation}",
        build=lambda: _parts(meeting, facts()),
        still=lambda: fingerprint(facts().call, with_deliberation=True).deliberation == told.deliberation,
    )
    summary: Summary = kept["summary"]
    index: dict[UUID, tuple[bool, int]] = kept["index"] if hidden else {}
    away = [index[pk] for pk in hidden if pk in index]
    hidden_reasons = sum(count for _settled, count in away)
    shown = [reason for reason in summary.reasons if reason.dossier not in hidden]
    return Outstanding(
        counts=[(outcome.label, summary.counts.get(outcome.value, 0)) for outcome in DELIBERATED],
        unsettled_count=summary.unsettled_count - sum(not settled for settled, _count in away),
        departing=kept[f"page{number}"],
        reasons=shown,
        further_count=summary.reason_count - hidden_reasons - len(shown),
        hides_reasons=hidden_reasons > 0,
    )


def _parts(meeting: Deliberation, facts: RankingFacts) -> Parts:
    position = {row.dossier: place for place, row in enumerate(facts.ranking.rows)}
    blockers = signature_blockers(meeting, facts) if meeting.signed_at is None else []
    reasons = [_reason(blocker, position) for blocker in blockers]
    reasons.sort(key=lambda reason: reason.page)
    given = {one.pk: outcome_of(one).get("outcome") for one in facts.applications}
    waiting = Counter(reason.dossier for reason in reasons)
    leaving = departures_of(facts)
    parts: Parts = {
        "summary": Summary(
            counts=dict(Counter(outcome for outcome in given.values() if outcome)),
            unsettled_count=sum(not outcome for outcome in given.values()),
            reasons=tuple(reasons[:SHOWN_BLOCKERS]),
            reason_count=len(reasons),
        ),
        "index": {pk: (bool(outcome), waiting[pk]) for pk, outcome in given.items()},
        "page1": frozenset(),
    }
    for first in range(0, len(facts.ranking.rows), PAGE_SIZE):
        shown = facts.ranking.rows[first : first + PAGE_SIZE]
        parts[f"page{page_of(first)}"] = frozenset(
            UUID(row.dossier) for row in shown if row.dossier in leaving
        )
    return parts


def _reason(blocker: Blocker, position: dict[str, int]) -> Reason:
    name = blocker.anchor.removeprefix("dossier-")
    if name not in position:
        return Reason(blocker.code, str(blocker.message), blocker.anchor)
    return Reason(blocker.code, str(blocker.message), blocker.anchor, page_of(position[name]), UUID(name))
