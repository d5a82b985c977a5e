"""Marks and comments of a rehearsed sheet: a function of the seed, the dossier's place and the juror's number."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from evaluation.domain.scoring import MARKS
from evaluation.enums import CriterionCode
from evaluation.queries.grids import GridRows

# Everybody agrees on these dossiers, whoever reads them. The first two are level on every criterion, so only a vote
# parts them. With weights 35/40/25 the next two both total 75: the tie-break does.
AGREED: Mapping[int, Mapping[str, str]] = {
    5: {CriterionCode.STRATEGY: "4", CriterionCode.INNOVATION: "3.5", CriterionCode.INTERNATIONAL: "4"},
    7: {CriterionCode.STRATEGY: "4", CriterionCode.INNOVATION: "3.5", CriterionCode.INTERNATIONAL: "4"},
    6: {CriterionCode.STRATEGY: "3.5", CriterionCode.INNOVATION: "3.5", CriterionCode.INTERNATIONAL: "4.5"},
    8: {CriterionCode.STRATEGY: "4", CriterionCode.INNOVATION: "4", CriterionCode.INTERNATIONAL: "3"},
}
# Qualities by place in the list, before the seed's own share: good, middling and weak dossiers in turn.
QUALITIES = (4.1, 3.6, 3.2, 2.5, 3.9, 3.4, 2.9, 4.4, 3.7, 3.1)
DISPUTED_EVERY = 6
GOOD = (
    "Objectifs chiffrés et réalistes, partenaires engagés par écrit.",
    "Vision claire ; la part de marché visée est étayée par des commandes.",
    "رؤية واضحة وأهداف قابلة للقياس، مع التزام مكتوب من الشركاء.",
)
FAIR = (
    "Ensemble cohérent ; le calendrier des deux premières années reste à préciser.",
    "Moyens partagés bien décrits, budget à consolider.",
    "عرض متماسك، غير أن الجدولة الزمنية تحتاج إلى تدقيق.",
)
WEAK = (
    "Les actions ne sont pas reliées aux objectifs ; peu d'éléments vérifiables.",
    "Équipe de pilotage insuffisante au regard des projets annoncés.",
    "الشركاء غير محددين، والأثر المتوقع غير مبرر.",
)


@dataclass(frozen=True)
class Marking:
    marks: Mapping[tuple[str, str], Decimal]
    comments: Mapping[str, str]


def marking_of(place: int, juror: int, *, rows: GridRows, seed: int) -> Marking:
    """A complete sheet. Each criterion is commented, so that it may always be sent."""
    rng = Random(f"{seed}:sheet:{place}:{juror}")  # noqa: S311  fiction, repeatable
    agreed = AGREED.get(place)
    marks, comments = {}, {}
    for number, criterion in enumerate(rows.facts.criteria):
        level = _level(place, juror, number, seed=seed)
        for sub in criterion.subcriteria:
            key = (criterion.code, sub.code)
            marks[key] = (
                Decimal(agreed[criterion.code])
                if agreed
                else nearest_mark(level + rng.choice((-0.5, 0, 0, 0.5)))
            )
        comments[criterion.code] = _comment(float(agreed[criterion.code]) if agreed else level, rng)
    return Marking(marks, comments)


def _level(place: int, juror: int, criterion: int, *, seed: int) -> float:
    """What this juror thinks of this criterion: the dossier's quality, a taste, and now and then a dispute."""
    common = Random(f"{seed}:quality:{place}:{criterion}")  # noqa: S311
    taste = (juror % 3 - 1) * 0.25
    level = QUALITIES[place % len(QUALITIES)] + common.uniform(-0.4, 0.4) + taste
    is_disputed = place % DISPUTED_EVERY == 2 and criterion == place % 3
    if is_disputed:
        level += 1.0 if juror % 2 else -1.0
    return level


def nearest_mark(level: float) -> Decimal:
    halves = round(min(max(level, 0.0), 5.0) * 2)
    return MARKS[halves]


def _comment(level: float, rng: Random) -> str:
    words = GOOD if level >= 3.8 else FAIR if level >= 3 else WEAK
    return rng.choice(words)
