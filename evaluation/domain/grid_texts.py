"""The shape of a grid's published texts."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Text:
    fr: str
    ar: str


@dataclass(frozen=True)
class SubcriterionTexts:
    """`anchors` says what 0, 1, 2, 3, 4 and 5 mean, in that order."""

    code: str
    title: Text
    guidance: Text
    anchors: tuple[Text, Text, Text, Text, Text, Text]
    weight: Decimal = Decimal(1)

    def anchors_document(self) -> list[dict[str, str]]:
        """As stored with a call: six objects with the keys "fr" and "ar"."""
        return [{"fr": anchor.fr, "ar": anchor.ar} for anchor in self.anchors]


@dataclass(frozen=True)
class CriterionTexts:
    code: str
    weight: Decimal
    title: Text
    guidance: Text
    subcriteria: tuple[SubcriterionTexts, ...]
