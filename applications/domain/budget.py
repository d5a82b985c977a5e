"""What a budget adds up to, year by year."""

from dataclasses import dataclass
from decimal import Decimal

from applications.domain.section_checks import Data, amount_of, rows_of

BUDGET_YEARS = 3
BUDGET_KINDS = frozenset({"use", "resource"})


@dataclass(frozen=True, slots=True)
class YearTotal:
    """What one year of a budget adds up to."""

    year: int
    uses: Decimal
    resources: Decimal

    @property
    def is_balanced(self) -> bool:
        return self.uses == self.resources


def budget_totals(data: Data) -> tuple[YearTotal, ...]:
    """One total per year of the budget; a missing or unreadable amount counts for nothing."""
    first = data.get("first_year")
    totals = []
    for place in range(BUDGET_YEARS):
        sums = {kind: Decimal(0) for kind in BUDGET_KINDS}
        for row in rows_of(data):
            kind, amounts = row.get("kind"), row.get("amounts")
            amount = amount_of(amounts[place]) if isinstance(amounts, list) and place < len(amounts) else None
            if isinstance(kind, str) and kind in sums and amount is not None:
                sums[kind] += amount
        year = (first if type(first) is int else 0) + place
        totals.append(YearTotal(year, sums["use"], sums["resource"]))
    return tuple(totals)
