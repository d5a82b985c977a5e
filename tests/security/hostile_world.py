"""A rehearsed call in which everybody types the corpus wherever words are free."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from typing import Any
from unittest import mock

from applications.enums import SectionCode
from evaluation.demonstration import applicants, content, instruction, jury, marks, outcomes, people
from tests.security.markup import CORPUS

FREE_ANSWERS = {
    SectionCode.IDENTITY: {"acronym", "city", "receipt_number"},
    SectionCode.REPRESENTATION: {"representative", "capacity", "project_leader"},
    SectionCode.CONFIDENTIALITY: {"secret_fields"},
    SectionCode.STATEMENT: {"signatory", "capacity"},
}
FREE_SECTIONS = {SectionCode.STRATEGY, SectionCode.INTERNATIONAL, SectionCode.GOVERNANCE}
FREE_COLUMNS = {"name", "title", "partners", "ip", "label"}
texts: Iterator[str] = cycle(CORPUS)


def word() -> str:
    return next(texts)


def paragraph() -> str:
    return "\n".join(word() for _ in range(8))


def name_of(index: int) -> str:
    return f"{CORPUS[index % len(CORPUS)]} {index}"


def hostile_answers(
    answers: dict[SectionCode, dict[str, Any]], index: int
) -> dict[SectionCode, dict[str, Any]]:
    changed = {}
    for code, data in answers.items():
        free = set(data) - {"rows"} if code in FREE_SECTIONS else FREE_ANSWERS.get(code, set())
        if code == SectionCode.INNOVATION:
            free = {"partnerships", "steering_team", "leader", "shared_means"}
        new = {
            key: paragraph() if code in FREE_SECTIONS else word() if key in free else data[key]
            for key in data
        }
        if "rows" in data:
            new["rows"] = [
                {key: f"{word()} {number}" if key in FREE_COLUMNS else row[key] for key in row}
                for number, row in enumerate(data["rows"])
            ]
        changed[code] = new
    return changed


@contextmanager
def hostile_words() -> Iterator[None]:
    """Within it `build_demo` rehearses with the corpus; reasons, comments, names, answers and file names alike."""
    real_sections, real_files, real_account = content.sections, applicants.small_files, people._account
    real_reasons = outcomes.standard_reasons

    def sections(wanted: content.Profile, **options: Any) -> dict:
        return hostile_answers(real_sections(wanted, **options), wanted.index)

    def files(piece: Any, profile: content.Profile) -> list[tuple[str, bytes]]:
        return [
            (f"{word()[:80].replace('/', '-')}.{name.rpartition('.')[2]}", body)
            for name, body in real_files(piece, profile)
        ]

    def account(one: people.Staff, **options: Any) -> Any:
        options["organisation"] = word()
        return real_account(replace(one, full_name=f"{word()[:100]} {one.key}"), **options)

    def comment(level: float, rng: Any) -> str:
        return paragraph()

    def reasons(*arguments: Any, **options: Any) -> Any:
        standard = real_reasons(*arguments, **options)
        arabic = "\n".join(f"{standard.ar} {word()}" for _ in range(8))  # mostly Arabic, as the rule wants
        return replace(standard, fr=paragraph(), ar=arabic)

    patches = [
        mock.patch.object(content, "cluster_names", lambda index: (name_of(index), name_of(index + 43))),
        mock.patch.object(content, "sections", sections),
        mock.patch.object(applicants, "small_files", files),
        mock.patch.object(people, "_account", account),
        mock.patch.object(outcomes, "standard_reasons", reasons),
        mock.patch.object(outcomes, "PLACE", word()),
        mock.patch.object(outcomes, "REMARKS", paragraph()),
        mock.patch.object(outcomes, "CONSENSUS", word()),
        mock.patch.object(outcomes, "DEPARTURE", paragraph()),
        mock.patch.object(instruction, "OTHER_REASON", paragraph()),
        mock.patch.object(instruction, "CONFIRMED", paragraph()),
        mock.patch.object(jury, "CONFLICT_REASONS", CORPUS),
        mock.patch.object(jury, "LINK_REASONS", CORPUS),
        mock.patch.object(jury, "KEEP_REASON", word()),
        mock.patch.object(jury, "RECUSE_REASON", word()),
        mock.patch.object(marks, "_comment", comment),
    ]
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()
