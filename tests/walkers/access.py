"""The table of answers: which status each role gets from each URL, in the phases where the answer changes."""

import csv
from collections.abc import Iterable
from pathlib import Path

from tests.walkers.world import PHASES, ROLES

TABLE = Path(__file__).with_name("access.csv")
DOCUMENT = Path(__file__).parents[2] / "docs" / "access-matrix.md"
METHODS = ("GET", "POST")
EVERY_PHASE = "all"

Key = tuple[str, str, str]  # URL name, method, phase
Answers = tuple[str, ...]  # in the order of ROLES

HEAD = """# Who gets what

Printed from `tests/walkers/access.csv` by the walker in `tests/walkers/test_who.py`, which asks every URL in every
phase as every role and fails when an answer differs or a URL has no row. To print it anew after a change:
`pytest tests/walkers/test_who.py -n0 --write-access`; then read the difference.

The URLs of a dossier, a sheet or a letter are those of the applicant's own dossier. The juror is assigned to it and
declared no tie, the recused juror declared a conflict; the other applicant has a dossier of its own in the same call.
The call manager is also a case officer. A POST carries no data, so 200 or 422 is a form that says what is missing.

| mark | answer |
|---|---|
| ✓ | the page (200) |
| → | the act or a redirection (302) |
| log-in | redirected to the log-in page |
| – | does not exist for this person (404) |
| ✗ | refused (403) |
| · | this URL does not take the method (405) |
| number | that status: 400 or 422 incomplete, 409 not in this state |

Phases: {phases}. *unknown* asks each URL for something that does not exist.
"""
MARKS = {"200": "✓", "302": "→", "login": "log-in", "404": "–", "403": "✗", "405": "·"}


def read() -> dict[Key, Answers]:
    """Every phase by itself."""
    answers: dict[Key, Answers] = {}
    for row in _rows():
        phases = PHASES if row["phases"] == EVERY_PHASE else row["phases"].split()
        for phase in phases:
            key = (row["url"], row["method"], phase)
            assert key not in answers, f"two rows for {key}"
            answers[key] = tuple(row[role] for role in ROLES)
    return answers


def write(answers: dict[Key, Answers], *, order: Iterable[str]) -> None:
    """Phases with equal answers share a row; URLs in `order`."""
    with TABLE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["url", "method", "phases", *ROLES])
        for name in order:
            for method in METHODS:
                writer.writerows(_grouped(answers, name, method))
    DOCUMENT.write_text(printed())


def _grouped(answers: dict[Key, Answers], name: str, method: str) -> list[list[str]]:
    groups: dict[Answers, list[str]] = {}
    for phase in PHASES:
        groups.setdefault(answers[name, method, phase], []).append(phase)
    return [
        [name, method, EVERY_PHASE if len(phases) == len(PHASES) else " ".join(phases), *row]
        for row, phases in groups.items()
    ]


def printed() -> str:
    """docs/access-matrix.md as the table says it."""
    lines = [HEAD.format(phases=", ".join(PHASES))]
    area = None
    for row in _rows():
        namespace = row["url"].partition(":")[0] if ":" in row["url"] else "site"
        if namespace != area:
            area = namespace
            lines += [
                f"## {area}",
                "",
                f"| URL | | phases | {' | '.join(r.replace('_', ' ') for r in ROLES)} |",
            ]
            lines.append("|---" * (3 + len(ROLES)) + "|")
        marks = " | ".join(MARKS.get(row[role], row[role]) for role in ROLES)
        url = row["url"].partition(":")[2] or row["url"]
        lines.append(f"| {url} | {row['method']} | {row['phases']} | {marks} |")
        continue
    return "\n".join(lines) + "\n"


def _rows() -> list[dict[str, str]]:
    if not TABLE.exists():
        return []
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))
