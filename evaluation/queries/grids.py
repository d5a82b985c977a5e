"""A call's grid, read in one query, and as the facts that the domain weighs."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from evaluation.domain.grids import CriterionFacts, GridFacts, SubcriterionFacts
from evaluation.models import Criterion, Grid, Subcriterion


@dataclass(frozen=True)
class GridRows:
    """The rows of a grid in order; `sub_keys` gives the (criterion, sub-criterion) codes of a sub-criterion's id."""

    grid: Grid | None
    criteria: tuple[tuple[Criterion, tuple[Subcriterion, ...]], ...]

    @property
    def subcriteria(self) -> Iterable[Subcriterion]:
        return (sub for _criterion, subs in self.criteria for sub in subs)

    @property
    def sub_keys(self) -> dict[int, tuple[str, str]]:
        return {sub.pk: (criterion.code, sub.code) for criterion, subs in self.criteria for sub in subs}

    @property
    def by_code(self) -> dict[str, Criterion]:
        return {criterion.code: criterion for criterion, _subs in self.criteria}

    @property
    def facts(self) -> GridFacts:
        if self.grid is None:
            return GridFacts(criteria=())
        return GridFacts(
            criteria=tuple(
                CriterionFacts(
                    criterion.code,
                    criterion.weight,
                    tuple(SubcriterionFacts(sub.code, sub.weight) for sub in subs),
                )
                for criterion, subs in self.criteria
            ),
            pass_criterion=self.grid.pass_criterion,
            pass_total=self.grid.pass_total,
            tie_break=tuple(self.grid.tie_break),
            quorum=self.grid.quorum,
            spread_alert=self.grid.spread_alert,
        )


def grid_rows(call_id: UUID) -> GridRows:
    subs = Subcriterion.objects.filter(criterion__grid__call_id=call_id)
    return rows_of(
        subs.select_related("criterion__grid").order_by(
            "criterion__position", "criterion_id", "position", "id"
        )
    )


def rows_of(subcriteria: Iterable[Subcriterion]) -> GridRows:
    """`subcriteria` in order, each with its criterion and grid loaded."""
    grid: Grid | None = None
    groups: dict[int, tuple[Criterion, list[Subcriterion]]] = {}
    for sub in subcriteria:
        grid = grid or sub.criterion.grid
        groups.setdefault(sub.criterion_id, (sub.criterion, []))[1].append(sub)
    return GridRows(grid, tuple((criterion, tuple(subs)) for criterion, subs in groups.values()))
