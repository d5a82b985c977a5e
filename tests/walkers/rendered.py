"""Which templates of the portal the walk renders, and in which phase: a table that the walk itself holds true."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test.signals import template_rendered

ACCOUNT_PAGES = "account pages"  # in the column of the phases: what the walk of allauth's pages renders
TABLE = Path(__file__).with_name("rendered.csv")
FOLDER = Path(settings.BASE_DIR) / "templates"


@contextmanager
def recorded() -> Iterator[set[str]]:
    """The set grows with each template under templates/ that is rendered inside."""
    names: set[str] = set()

    def note(template: Any, **_: Any) -> None:
        path = Path(template.origin.name)
        if path.is_relative_to(FOLDER):
            names.add(str(path.relative_to(FOLDER)))

    template_rendered.connect(note)
    try:
        yield names
    finally:
        template_rendered.disconnect(note)


def read(phase: str) -> set[str]:
    with TABLE.open(newline="") as file:
        return {row["template"] for row in csv.DictReader(file) if row["phase"] == phase}


def write(by_phase: dict[str, set[str]]) -> None:
    """Each template with the first phase that renders it."""
    first: dict[str, str] = {}
    for phase, names in by_phase.items():
        for name in names:
            first.setdefault(name, phase)
    with TABLE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["template", "phase"])
        writer.writerows(sorted(first.items()))
