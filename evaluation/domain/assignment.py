"""Who reads what: everybody everything while dossiers are few, an even share of the work beyond."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from evaluation.enums import JuryRole


@dataclass(frozen=True)
class JurorSeat:
    """`sectors` are those that the juror knows well; empty when nothing is on record."""

    juror: str
    role: JuryRole = JuryRole.JUROR
    sectors: frozenset[str] = frozenset()


class AssignmentProblemCode(StrEnum):
    NO_JUROR = "no_juror"
    TOO_FEW_READERS = "too_few_readers"


@dataclass(frozen=True)
class AssignmentProblem:
    """`readers` could be found for a dossier that needs `needed`; `substitutes` could step in without conflict."""

    code: AssignmentProblemCode
    dossier: str = ""
    readers: int = 0
    needed: int = 0
    substitutes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """Pairs (juror, dossier), sorted. A dossier with a problem still carries the readers that it could get."""

    assignments: tuple[tuple[str, str], ...]
    problems: tuple[AssignmentProblem, ...]
    loads: Mapping[str, int] = field(default_factory=dict)

    def readers_of(self, dossier: str) -> tuple[str, ...]:
        return tuple(juror for juror, one in self.assignments if one == dossier)

    def dossiers_of(self, juror: str) -> tuple[str, ...]:
        return tuple(dossier for one, dossier in self.assignments if one == juror)


def propose_assignment(
    dossiers: Sequence[str],
    jurors: Sequence[JurorSeat],
    recused: Collection[tuple[str, str]] = (),
    *,
    all_read_up_to: int = 12,
    at_least: int = 3,
    sectors: Mapping[str, str] | None = None,
) -> Proposal:
    """A proposal that a person then edits. `recused` holds pairs (juror, dossier) that never come together.

    The result depends on the identifiers alone, not on the order in which they are given. Loads differ as little
    as the conflicts allow; between two jurors with the same load, one who knows the dossier's sector is preferred.
    """
    barred = frozenset(recused)
    seats = {seat.juror: seat for seat in jurors if seat.role != JuryRole.SUBSTITUTE}
    substitutes = sorted(seat.juror for seat in jurors if seat.role == JuryRole.SUBSTITUTE)
    wanted = sorted(set(dossiers))
    eligible = {
        dossier: [juror for juror in sorted(seats) if (juror, dossier) not in barred] for dossier in wanted
    }
    if len(wanted) <= all_read_up_to:
        readers = {dossier: set(found) for dossier, found in eligible.items()}
    else:
        readers = _share(eligible, seats, at_least, sectors or {})
        _level_loads(readers, eligible, sorted(seats))
    pairs = tuple(sorted((juror, dossier) for dossier, found in readers.items() for juror in found))
    loads = _loads(readers, sorted(seats))
    return Proposal(pairs, _problems(readers, seats, substitutes, barred, at_least), loads)


def _problems(
    readers: Mapping[str, set[str]],
    seats: Mapping[str, JurorSeat],
    substitutes: Sequence[str],
    barred: frozenset[tuple[str, str]],
    at_least: int,
) -> tuple[AssignmentProblem, ...]:
    if not seats:
        return (AssignmentProblem(AssignmentProblemCode.NO_JUROR, needed=at_least),)
    return tuple(
        AssignmentProblem(
            AssignmentProblemCode.TOO_FEW_READERS,
            dossier,
            readers=len(found),
            needed=at_least,
            substitutes=tuple(juror for juror in substitutes if (juror, dossier) not in barred),
        )
        for dossier, found in readers.items()
        if len(found) < at_least
    )


def _share(
    eligible: Mapping[str, Sequence[str]],
    seats: Mapping[str, JurorSeat],
    at_least: int,
    sectors: Mapping[str, str],
) -> dict[str, set[str]]:
    """The dossiers with the least choice first, each to the jurors who have the least so far."""
    loads = dict.fromkeys(seats, 0)
    readers: dict[str, set[str]] = {dossier: set() for dossier in eligible}
    for dossier in sorted(eligible, key=lambda one: (len(eligible[one]), one)):
        sector = sectors.get(dossier)
        by_preference = sorted(
            eligible[dossier], key=lambda juror: (loads[juror], sector not in seats[juror].sectors, juror)
        )
        for juror in by_preference[:at_least]:
            readers[dossier].add(juror)
            loads[juror] += 1
    return readers


def _level_loads(
    readers: dict[str, set[str]], eligible: Mapping[str, Sequence[str]], jurors: Sequence[str]
) -> None:
    """Hand dossiers on, from juror to juror, while that brings two loads closer together.

    A share of work is as even as it can be once no such chain is left, so this ends in the best one.
    """
    while chain := _relieving_chain(readers, eligible, jurors):
        for giver, taker, dossier in chain:
            readers[dossier].remove(giver)
            readers[dossier].add(taker)


def _relieving_chain(
    readers: Mapping[str, set[str]], eligible: Mapping[str, Sequence[str]], jurors: Sequence[str]
) -> list[tuple[str, str, str]]:
    """The shortest chain of (giver, taker, dossier) from a busy juror to one with at least two dossiers less."""
    loads = _loads(readers, jurors)
    held: dict[str, list[str]] = {juror: [] for juror in jurors}
    for dossier in readers:
        for juror in readers[dossier]:
            held[juror].append(dossier)
    for start in sorted(jurors, key=lambda juror: (-loads[juror], juror)):
        if loads[start] < min(loads.values()) + 2:
            return []
        came_by: dict[str, tuple[str, str, str] | None] = {start: None}
        queue = deque([start])
        while queue:
            giver = queue.popleft()
            if loads[giver] <= loads[start] - 2:
                return _chain_to(giver, came_by)
            for dossier in held[giver]:
                for taker in eligible[dossier]:
                    if taker not in came_by and taker not in readers[dossier]:
                        came_by[taker] = (giver, taker, dossier)
                        queue.append(taker)
    return []


def _chain_to(end: str, came_by: Mapping[str, tuple[str, str, str] | None]) -> list[tuple[str, str, str]]:
    chain = []
    step = came_by[end]
    while step is not None:
        chain.append(step)
        step = came_by[step[0]]
    return chain


def _loads(readers: Mapping[str, Iterable[str]], jurors: Sequence[str]) -> dict[str, int]:
    loads = dict.fromkeys(jurors, 0)
    for found in readers.values():
        for juror in found:
            loads[juror] += 1
    return loads
