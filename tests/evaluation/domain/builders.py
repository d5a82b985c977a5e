"""Small grids and dossiers for the tests of the rules."""

from decimal import Decimal

from evaluation.domain.grids import CriterionFacts, GridFacts, SubcriterionFacts
from evaluation.domain.ranking import DossierMarks
from evaluation.domain.scoring import Sheet

S, I, N = "strategy", "innovation", "international"  # noqa: E741


def plain_grid(*, weights=(35, 40, 25), **changes) -> GridFacts:
    """Three criteria with one sub-criterion each, so that a sub-mark is the criterion's mark."""
    criteria = tuple(
        CriterionFacts(code, Decimal(weight), (SubcriterionFacts("only"),))
        for code, weight in zip((S, I, N), weights, strict=True)
    )
    return GridFacts(**{"criteria": criteria, "tie_break": (I, S, N), **changes})


def sheet(juror: str, *marks: str | None) -> Sheet:
    """Marks on the plain grid, in the order strategy, innovation, international."""
    given = zip((S, I, N), marks, strict=True)
    return Sheet(juror, {(code, "only"): None if mark is None else Decimal(mark) for code, mark in given})


def dossier(name: str, *sheets: tuple[str | None, ...]) -> DossierMarks:
    """One tuple of three marks per juror; the jurors are j1, j2, …"""
    return DossierMarks(
        name, tuple(sheet(f"j{number}", *marks) for number, marks in enumerate(sheets, start=1))
    )
