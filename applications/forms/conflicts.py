"""Two people saved the same section: what differs, side by side, and what the second one chose to keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from applications.enums import SectionCode
from applications.sealed import SealedField, SealedTable, sealed_sections

MINE, THEIRS, BOTH = "mine", "theirs", "both"
ROWS = "rows"


@dataclass(frozen=True)
class Difference:
    """`name` is the key of the choice in the form; a table shows itself whole on both sides."""

    name: str
    label: Any
    mine: SealedField | SealedTable
    theirs: SealedField | SealedTable
    is_table: bool = False


def compare(
    code: SectionCode, *, mine: Mapping[str, Any], theirs: Mapping[str, Any], lists: Mapping[str, Any]
) -> list[Difference]:
    """Field by field; a table is one difference."""
    ours = sealed_sections({"sections": {code.value: mine}}, **lists)[0]
    other = sealed_sections({"sections": {code.value: theirs}}, **lists)[0]
    found = [
        Difference(a.key, a.label, a, b)
        for a, b in zip(ours.fields, other.fields, strict=True)
        if _value(mine, a.key) != _value(theirs, a.key)
    ]
    if mine.get(ROWS, []) != theirs.get(ROWS, []):
        table = ours.tables[0]
        found.append(Difference(ROWS, table.caption, table, other.tables[0], is_table=True))
    return found


def resolved(
    choices: Mapping[str, str],
    code: SectionCode,
    *,
    mine: dict[str, Any],
    theirs: Mapping[str, Any],
    version: int,
    now: int,
) -> dict[str, Any]:
    """`mine`, with the fields that the writer chose to leave as they stand.

    Choices count only against the version that was shown: when a third writing came meanwhile, `mine` goes on
    whole and meets the conflict again.
    """
    if version != now:
        return mine
    data = dict(mine)
    for key in mine:
        choice = choices.get(f"keep-{key}", MINE)
        if choice == THEIRS:
            data[key] = theirs.get(key, [] if key == ROWS else "")
        elif choice == BOTH and key == ROWS:
            standing = list(theirs.get(ROWS, []))
            data[ROWS] = standing + [row for row in mine[ROWS] if row not in standing]
    return data


def _value(data: Mapping[str, Any], key: str) -> Any:
    """Nothing given is the same whether the key is missing, empty or null."""
    value = data.get(key)
    return "" if value is None or value is False else value
