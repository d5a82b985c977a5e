"""The ranking page by page, kept in the cache under the fingerprint of what it depends on.

A kept result is the same for everybody; what a reader may not see is left out when a page is read. A cache that
misses or does not answer costs a computation, nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from applications.models import Call
from evaluation.domain.ranking import TOTAL
from evaluation.domain.scoring import display
from evaluation.enums import RankStatus
from evaluation.queries.fingerprints import Fingerprint, fingerprint
from evaluation.queries.kept import Kept, Parts
from evaluation.queries.ranking import RankingFacts, RankingLine

PAGE_SIZE = 50
SHAPE = 1  # part of the key: one more for each change of the classes below


@dataclass(frozen=True)
class RankedCell:
    """One criterion of one dossier, rounded for the eye."""

    code: str
    mark: Decimal | None
    spread: Decimal | None
    is_consensus: bool
    meets_threshold: bool
    needs_discussion: bool


@dataclass(frozen=True)
class RankedRow:
    """One dossier of the ranking, without its name: names are read with what the reader may see."""

    pk: UUID
    rank: int | None
    status_code: str
    total: Decimal | None
    median: Decimal | None
    spread: Decimal | None
    coverage_percent: Decimal
    jurors_count: int
    cells: tuple[RankedCell, ...]
    missed: tuple[str, ...]
    best: int | None
    worst: int | None
    is_fragile: bool
    juror_totals: tuple[Decimal, ...]

    @property
    def status(self) -> RankStatus:
        return RankStatus(self.status_code)

    @property
    def is_above(self) -> bool:
        return self.status_code == RankStatus.ABOVE_THRESHOLD

    @property
    def needs_discussion(self) -> bool:
        return any(cell.needs_discussion for cell in self.cells)

    @property
    def misses_total(self) -> bool:
        return TOTAL in self.missed


@dataclass(frozen=True)
class Totals:
    dossiers: int
    above: int
    to_discuss: int
    fragile: int


class Entry(NamedTuple):
    """What is subtracted for a reader who may not see the dossier."""

    rank: int | None
    is_above: bool
    needs_discussion: bool
    is_fragile: bool


@dataclass(frozen=True)
class RankedPage:
    """`ties` are (rank, how many) of the level dossiers that a vote has to part."""

    rows: tuple[RankedRow, ...]
    ties: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class ShownRanking:
    """One page as one reader may see it; the totals are of all the dossiers that this reader may see."""

    totals: Totals
    rows: tuple[RankedRow, ...]
    ties: tuple[tuple[int, int], ...]
    hidden_count: int


class KeptRanking:
    """The ranking as `told` says that it stands; `facts` is asked only where nothing is kept."""

    def __init__(self, call: Call, told: Fingerprint, facts: Callable[[], RankingFacts]) -> None:
        self._parts = Kept(
            f"ranking:{SHAPE}:{call.pk}:{told.ranking}",
            build=lambda: build_parts(facts()),
            still=lambda: fingerprint(call).ranking == told.ranking,
        )

    def ids(self, number: int) -> list[UUID]:
        """Every dossier of the page, for what is read about them; what a reader may see is up to `page`."""
        return [row.pk for row in self._rows(number).rows]

    def page(self, number: int, *, hidden: frozenset[UUID]) -> ShownRanking:
        """Page `number`, from 1, without the hidden dossiers; these keep their place, so ranks do not move."""
        totals, page = self._parts["totals"], self._rows(number)
        index = self._parts["index"] if hidden else {}
        away = [index[pk] for pk in hidden if pk in index]
        hidden_ranks = {entry.rank for entry in away}
        return ShownRanking(
            totals=Totals(
                dossiers=totals.dossiers - len(away),
                above=totals.above - sum(entry.is_above for entry in away),
                to_discuss=totals.to_discuss - sum(entry.needs_discussion for entry in away),
                fragile=totals.fragile - sum(entry.is_fragile for entry in away),
            ),
            rows=tuple(row for row in page.rows if row.pk not in hidden),
            ties=tuple(tie for tie in page.ties if tie[0] not in hidden_ranks),
            hidden_count=len(away),
        )

    def _rows(self, number: int) -> RankedPage:
        return self._parts[f"page{number}"]


def build_parts(facts: RankingFacts) -> Parts:
    rows = [_row(line) for line in facts.lines()]
    level = {tie.rank: len(tie.dossiers) for tie in facts.ranking.ties}
    parts: Parts = {
        "totals": Totals(
            dossiers=len(rows),
            above=sum(row.is_above for row in rows),
            to_discuss=sum(row.needs_discussion for row in rows),
            fragile=sum(row.is_fragile for row in rows),
        ),
        "index": {
            row.pk: Entry(row.rank, row.is_above, row.needs_discussion, row.is_fragile) for row in rows
        },
        "page1": RankedPage((), ()),
    }
    for first in range(0, len(rows), PAGE_SIZE):
        shown = tuple(rows[first : first + PAGE_SIZE])
        ranks = {row.rank for row in shown}
        ties = tuple((rank, count) for rank, count in level.items() if rank in ranks)
        parts[f"page{page_of(first)}"] = RankedPage(shown, ties)
    return parts


def page_of(position: int) -> int:
    """The page of the dossier at this position of the list, from 0."""
    return position // PAGE_SIZE + 1


def _row(line: RankingLine) -> RankedRow:
    return RankedRow(
        pk=line.application.pk,
        rank=line.row.rank,
        status_code=line.status.value,
        total=line.total,
        median=line.median,
        spread=line.spread,
        coverage_percent=line.coverage_percent,
        jurors_count=line.row.jurors_count,
        cells=tuple(
            RankedCell(
                cell.code,
                cell.mark,
                cell.spread,
                cell.is_consensus,
                cell.meets_threshold,
                cell.needs_discussion,
            )
            for cell in line.cells
        ),
        missed=line.row.missed,
        best=line.stability.best,
        worst=line.stability.worst,
        is_fragile=line.stability.is_fragile,
        juror_totals=tuple(display(value) for _juror, value in line.row.juror_totals),
    )
