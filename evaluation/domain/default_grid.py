"""The grid that the portal proposes for a first call: three criteria of the notices, weights nobody has published."""

from decimal import Decimal

from evaluation.domain.default_innovation import INNOVATION
from evaluation.domain.default_international import INTERNATIONAL
from evaluation.domain.default_strategy import STRATEGY
from evaluation.domain.grid_texts import CriterionTexts
from evaluation.domain.grids import CriterionFacts, GridFacts, SubcriterionFacts
from evaluation.enums import CriterionCode

DEFAULT_CRITERIA: tuple[CriterionTexts, ...] = (STRATEGY, INNOVATION, INTERNATIONAL)
DEFAULT_TIE_BREAK = (
    CriterionCode.INNOVATION.value,
    CriterionCode.STRATEGY.value,
    CriterionCode.INTERNATIONAL.value,
)

DEFAULT_GRID = GridFacts(
    criteria=tuple(
        CriterionFacts(
            code=texts.code,
            weight=texts.weight,
            subcriteria=tuple(SubcriterionFacts(sub.code, sub.weight) for sub in texts.subcriteria),
        )
        for texts in DEFAULT_CRITERIA
    ),
    pass_criterion=Decimal(3),
    pass_total=Decimal(65),
    tie_break=DEFAULT_TIE_BREAK,
    quorum=3,
    spread_alert=Decimal("1.5"),
)
