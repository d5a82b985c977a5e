"""Numbers and templates of decision letters."""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from evaluation.enums import Outcome

DEFAULT_PATTERN = "MIC/DPTC/{year}/{sequence:04}"
PATTERN_MAX_LENGTH = 40
NUMBER_MAX_LENGTH = 60

# A closed little language rather than str.format, which would read attributes of what it is given.
_SLOT = re.compile(r"\{(year|sequence)(?::0?([1-9]))?\}")
_PLAIN = re.compile(r"[\w/.°()\- ]*")


class PatternProblem(StrEnum):
    TOO_LONG = "too_long"
    YEAR_MISSING = "year_missing"
    SEQUENCE_MISSING = "sequence_missing"
    SLOT_TWICE = "slot_twice"
    FORBIDDEN_CHARACTER = "forbidden_character"


def pattern_problems(pattern: str) -> tuple[PatternProblem, ...]:
    """What keeps a pattern from giving one number per letter; empty means it may be used.

    The year has to stand in it, since sequences start again every year; `{sequence:04}` pads with zeros.
    """
    problems = []
    if len(pattern) > PATTERN_MAX_LENGTH:
        problems.append(PatternProblem.TOO_LONG)
    slots = [name for name, _width in _SLOT.findall(pattern)]
    if "year" not in slots:
        problems.append(PatternProblem.YEAR_MISSING)
    if "sequence" not in slots:
        problems.append(PatternProblem.SEQUENCE_MISSING)
    if len(slots) != len(set(slots)):
        problems.append(PatternProblem.SLOT_TWICE)
    if not _PLAIN.fullmatch(_SLOT.sub("", pattern)):
        problems.append(PatternProblem.FORBIDDEN_CHARACTER)
    elif re.search(r"\}\{", pattern):
        # Without a character between them, year 2026 and sequence 1 could read as another pair.
        problems.append(PatternProblem.FORBIDDEN_CHARACTER)
    return tuple(problems)


def format_number(pattern: str, year: int, sequence: int) -> str:
    """The number of a letter, e.g. MIC/DPTC/2026/0042. A sequence longer than its width is never cut."""
    if problems := pattern_problems(pattern):
        raise ValueError(", ".join(problems))
    if sequence < 1 or not 1 <= year <= 9999:
        raise ValueError("A letter's sequence starts at 1, within a calendar year.")
    values = {"year": year, "sequence": sequence}
    return _SLOT.sub(lambda slot: f"{values[slot[1]]:0{slot[2] or 1}d}", pattern)


def civil_year(at: datetime, zone: str) -> int:
    """The calendar year, in that zone, in which an instant falls: the year under which a letter is numbered."""
    if at.tzinfo is None:
        raise ValueError("An instant without a zone belongs to no civil year.")
    return at.astimezone(ZoneInfo(zone)).year


def missing_sequences(sequences: Iterable[int]) -> tuple[int, ...]:
    """The gaps of one year's numbers, from 1 to the greatest: empty when every number was given."""
    given = set(sequences)
    return tuple(number for number in range(1, max(given, default=0)) if number not in given)


class LetterTemplate(StrEnum):
    """One text per outcome: to be put on reserve is not to be refused, to be inadmissible is neither."""

    LABELLED = "labelled"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    INADMISSIBLE = "inadmissible"


LETTER_TEMPLATES = {
    Outcome.LABELLED: LetterTemplate.LABELLED,
    Outcome.RESERVE: LetterTemplate.RESERVE,
    Outcome.NOT_SELECTED: LetterTemplate.NOT_SELECTED,
    Outcome.INADMISSIBLE: LetterTemplate.INADMISSIBLE,
}
