"""The least and the greatest number of days that spans of uncertain place can cover together, exactly.

Days are ordinals. A span starts on one of its possible days and runs, unbroken, to an end that follows from it.
The sweep goes through the days once. At each it keeps, for every set of spans still to place, only the partial
answers that may still become the best, since how far one reaches is all that the rest depends on. So the work
stays near days × spans, where trying every combination would multiply the widths of all intervals.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Partial = tuple[int, int]  # how far the covered days reach without a gap, and how many days are covered


@dataclass(frozen=True, slots=True)
class Span:
    """Starts on a day of `[first, last]`; `end_of` never decreases and is never before the start."""

    first: int
    last: int
    end_of: Callable[[int], int]


def covered_days(
    spans: Sequence[Span], *, before: int, holes: Sequence[tuple[int, int]] = (), greatest: bool
) -> int:
    """The extreme size of the union of the spans, cut at `before`, days in the half-open `holes` not counted."""
    spans = [span for span in spans if span.first < before]
    holes = merged(holes)
    days = sorted({day for span in spans for day in range(span.first, min(span.last, before) + 1)})
    waiting = (1 << len(spans)) - 1
    partials: dict[int, list[Partial]] = {waiting: [(0, 0)]}
    for day in days:
        for place, span in enumerate(spans):
            if not span.first <= day <= min(span.last, before):
                continue
            bit = 1 << place
            end = min(span.end_of(day), before)
            for mask in [mask for mask in partials if mask & bit]:
                placed = [_place(partial, day, end, holes) for partial in partials[mask]]
                partials[mask ^ bit] = partials.get(mask ^ bit, []) + placed
                if day == min(span.last, before):
                    del partials[mask]
        partials = {mask: _promising(kept, day, greatest) for mask, kept in partials.items()}
    totals = [total for _reach, total in partials[0]]
    return max(totals) if greatest else min(totals)


def merged(intervals: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Half-open intervals, each day once, in order; empty ones gone."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(interval for interval in intervals if interval[0] < interval[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _place(partial: Partial, day: int, end: int, holes: Sequence[tuple[int, int]]) -> Partial:
    reach, total = partial
    start = max(day, reach)
    if end <= start:
        return partial
    lost = sum(max(0, min(end, last) - max(start, first)) for first, last in holes)
    return end, total + end - start - lost


def _promising(partials: list[Partial], day: int, greatest: bool) -> list[Partial]:
    """Without those that another one beats whatever comes. Days up to `day` are past: reaching them is alike.

    Two ways to be beaten, for the greatest: by one that reaches less far and covers as much; by one that reaches
    further and covers more by at least the difference. For the least, the same with both signs turned.
    """
    if len(partials) < 2:
        return partials
    sign = 1 if greatest else -1
    ordered = sorted(
        {(max(reach, day), total) for reach, total in partials},
        key=lambda partial: (sign * partial[0], -sign * partial[1]),
    )
    rising = _strictly_rising(ordered, lambda partial: sign * partial[1])
    return _strictly_rising(rising[::-1], lambda partial: sign * (partial[1] - partial[0]))


def _strictly_rising(partials: list[Partial], worth: Callable[[Partial], int]) -> list[Partial]:
    kept = [partials[0]]
    for partial in partials[1:]:
        if worth(partial) > worth(kept[-1]):
            kept.append(partial)
    return kept
