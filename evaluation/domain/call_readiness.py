"""What a draft call lacks before it may be published, and what looks wrong without forbidding it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SATURDAY = 5
MINIMUM_OFFICERS = 2


class Doubt(StrEnum):
    """Warnings: the manager may publish all the same."""

    DEADLINE_ON_WEEKEND = "deadline_on_weekend"
    DEADLINE_ON_HOLIDAY = "deadline_on_holiday"
    NO_ARABIC_TITLE = "no_arabic_title"
    NO_ARABIC_TEXT = "no_arabic_text"
    PIECES_WITHOUT_ARABIC = "pieces_without_arabic"
    GRID_WITHOUT_ARABIC = "grid_without_arabic"
    ANCHORS_INCOMPLETE = "anchors_incomplete"
    UNCONFIRMED_SECTION = "unconfirmed_section"
    NO_ARTICLE = "no_article"
    NO_CALL_MANAGER = "no_call_manager"
    OFFICERS_MISSING = "officers_missing"
    NO_DECISION_MAKER = "no_decision_maker"
    NO_ADMINISTRATOR = "no_administrator"
    JURY_BELOW_QUORUM = "jury_below_quorum"
    NO_CHAIR = "no_chair"
    JUROR_HOLDS_ROLE = "juror_holds_role"


@dataclass(frozen=True, slots=True)
class Staff:
    """Names of those who hold each role on the day of the deadline, and the call's jury."""

    call_managers: tuple[str, ...] = ()
    case_officers: tuple[str, ...] = ()
    decision_makers: tuple[str, ...] = ()
    administrators: tuple[str, ...] = ()
    chair: str = ""
    jurors: tuple[str, ...] = ()
    jurors_with_a_role: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadinessFacts:
    """`holiday` names the public holiday of the deadline's day, if any; counts are of texts still to write."""

    title_ar: str
    text_ar: str
    closes_on: date | None
    holiday: str
    pieces_without_arabic: int
    grid_texts_without_arabic: int
    subcriteria_without_anchors: int
    unconfirmed: tuple[str, ...]
    articles_missing: int
    quorum: int
    staff: Staff


@dataclass(frozen=True, slots=True)
class Finding:
    """`detail` is a name, names, a number or a section, for the sentence."""

    code: Doubt
    detail: str = ""


def doubts(facts: ReadinessFacts) -> tuple[Finding, ...]:
    """In the order of the editor: dates, texts, rules, people."""
    return (*_date_doubts(facts), *_text_doubts(facts), *_rule_doubts(facts), *_people_doubts(facts))


def _date_doubts(facts: ReadinessFacts) -> list[Finding]:
    found = []
    if facts.closes_on is not None and facts.closes_on.weekday() >= SATURDAY:
        found.append(Finding(Doubt.DEADLINE_ON_WEEKEND))
    if facts.holiday:
        found.append(Finding(Doubt.DEADLINE_ON_HOLIDAY, facts.holiday))
    return found


def _text_doubts(facts: ReadinessFacts) -> list[Finding]:
    absent: Mapping[Doubt, bool] = {
        Doubt.NO_ARABIC_TITLE: not facts.title_ar.strip(),
        Doubt.NO_ARABIC_TEXT: not facts.text_ar.strip(),
    }
    counted: Mapping[Doubt, int] = {
        Doubt.PIECES_WITHOUT_ARABIC: facts.pieces_without_arabic,
        Doubt.GRID_WITHOUT_ARABIC: facts.grid_texts_without_arabic,
        Doubt.ANCHORS_INCOMPLETE: facts.subcriteria_without_anchors,
    }
    found = [Finding(code) for code, is_absent in absent.items() if is_absent]
    return found + [Finding(code, str(number)) for code, number in counted.items() if number]


def _rule_doubts(facts: ReadinessFacts) -> list[Finding]:
    found = [Finding(Doubt.UNCONFIRMED_SECTION, section) for section in facts.unconfirmed]
    if facts.articles_missing:
        found.append(Finding(Doubt.NO_ARTICLE, str(facts.articles_missing)))
    return found


def _people_doubts(facts: ReadinessFacts) -> list[Finding]:
    staff = facts.staff
    found = []
    if not staff.call_managers:
        found.append(Finding(Doubt.NO_CALL_MANAGER))
    if len(staff.case_officers) < MINIMUM_OFFICERS:
        found.append(Finding(Doubt.OFFICERS_MISSING, ", ".join(staff.case_officers)))
    if not staff.decision_makers:
        found.append(Finding(Doubt.NO_DECISION_MAKER))
    if not staff.administrators:
        found.append(Finding(Doubt.NO_ADMINISTRATOR))
    if not staff.chair:
        found.append(Finding(Doubt.NO_CHAIR))
    if len(staff.jurors) < facts.quorum:
        found.append(Finding(Doubt.JURY_BELOW_QUORUM, f"{len(staff.jurors)}/{facts.quorum}"))
    if staff.jurors_with_a_role:
        found.append(Finding(Doubt.JUROR_HOLDS_ROLE, ", ".join(staff.jurors_with_a_role)))
    return found
