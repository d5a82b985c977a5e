"""How a juror marks beside the colleagues who read the same dossiers: shown to the chair, never corrected for."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from evaluation.domain.ranking import RankingRow
from evaluation.domain.scoring import mean


@dataclass(frozen=True)
class Severity:
    """`gap` is in points out of 100, below zero for a harsh juror; `None` where nobody else read the same ones."""

    juror: str
    dossiers_count: int
    mean_total: Fraction
    gap: Fraction | None


def severities(rows: Iterable[RankingRow]) -> tuple[Severity, ...]:
    """Each juror's mean distance to the mean of the others on the dossiers they share, by juror."""
    totals: dict[str, list[Fraction]] = {}
    gaps: dict[str, list[Fraction]] = {}
    for row in rows:
        whole = sum((value for _juror, value in row.juror_totals), Fraction(0))
        others = len(row.juror_totals) - 1
        for juror, value in row.juror_totals:
            totals.setdefault(juror, []).append(value)
            if others:
                gaps.setdefault(juror, []).append(value - (whole - value) / others)
    return tuple(
        Severity(juror, len(given), sum(given, Fraction(0)) / len(given), mean(gaps.get(juror, [])))
        for juror, given in sorted(totals.items())
    )
