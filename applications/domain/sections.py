"""When a section of the dossier is complete: what it must answer, and what its answers must satisfy.

`data` is the section's JSON as stored. It may be anything a draft or an import left there: nothing here raises.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from applications.domain.budget import BUDGET_KINDS, BUDGET_YEARS, budget_totals
from applications.domain.ice import check_ice
from applications.domain.section_checks import (
    IS_COUNT,
    IS_YEAR,
    Data,
    Problem,
    ProblemCode,
    SectionReader,
    day_of,
    is_amount,
    is_day,
    is_email,
    one_of,
    rows_of,
    text_of,
    whole,
)
from applications.enums import LegalForm, LegalStage, MemberType, SectionCode, SectionState, Track

REGIONS = frozenset(f"{number:02d}" for number in range(1, 13))
RECEIPT_KINDS = frozenset({"final", "provisional"})
COMMITMENT_COUNTS = ("projects", "patents", "startups", "jobs", "trainings")


def applicable_sections(track: Track | None) -> tuple[SectionCode, ...]:
    """Sections in the order of the task list; the track record is for existing clusters only."""
    return tuple(code for code in SectionCode if code != SectionCode.TRACK_RECORD or track == Track.EXISTING)


def section_state(code: SectionCode, data: Data, *, track: Track | None) -> SectionState:
    if not _has_answers(code, data):
        return SectionState.NOT_STARTED
    if any(not problem.is_warning for problem in section_problems(code, data, track=track)):
        return SectionState.IN_PROGRESS
    return SectionState.COMPLETE


def section_problems(code: SectionCode, data: Data, *, track: Track | None) -> tuple[Problem, ...]:
    """Every problem in the order of the form; none for a section that the track does not have."""
    if code not in applicable_sections(track):
        return ()
    return tuple(_PROBLEMS[code](SectionReader(code, data if isinstance(data, Mapping) else {}, track)))


def _has_answers(code: SectionCode, data: Any) -> bool:
    """Whether anybody has written anything; the first year of the budget is proposed, not written."""
    if isinstance(data, Mapping):
        return any(
            _has_answers(code, value)
            for key, value in data.items()
            if not (code == SectionCode.BUDGET and key == "first_year")
        )
    if isinstance(data, list):
        return any(_has_answers(code, value) for value in data)
    if isinstance(data, str):
        return bool(data.strip())
    return data is not None and data is not False


def _track(section: SectionReader) -> Iterator[Problem]:
    yield from section.check("track", one_of(Track.values))
    named = bool(text_of(section.data, "cluster"))
    chosen = section.data.get("track")
    if chosen == Track.EXISTING and not named:
        yield section.problem(ProblemCode.CLUSTER_NOT_NAMED, "cluster")
    if chosen == Track.NEW and named:
        yield section.problem(ProblemCode.NOT_FOR_THIS_TRACK, "cluster")


def _identity(section: SectionReader) -> Iterator[Problem]:
    """A cluster in creation has no ICE, no number and no final receipt, and none of it is a fault."""
    created = section.data.get("legal_stage") != LegalStage.IN_CREATION
    yield from section.check("name")
    yield from section.texts("name_ar", "acronym", required=False)
    yield from section.check("sector")
    yield from section.check("region", one_of(REGIONS))
    yield from section.check("city")
    yield from section.check("legal_form", one_of(LegalForm.values))
    yield from section.check("legal_stage", one_of(LegalStage.values))
    yield from section.check("created_on", is_day, required=created)
    yield from section.check("receipt_kind", one_of(RECEIPT_KINDS), required=created)
    yield from section.check("receipt_number", required=created)
    yield from section.check("receipt_on", is_day, required=created)
    ice = text_of(section.data, "ice")
    if check_ice(ice).warning:
        yield section.problem(ProblemCode.ICE_DOUBTFUL, "ice")
    elif not ice and created:
        yield section.problem(ProblemCode.ICE_MISSING, "ice")


def _representation(section: SectionReader) -> Iterator[Problem]:
    yield from section.texts("representative", "capacity")
    yield from section.check("email", is_email)
    yield from section.texts("phone", "project_leader")


def _members(section: SectionReader) -> Iterator[Problem]:
    for row in section.rows():
        if isinstance(row, Problem):
            yield row
            continue
        yield from section.check("name", row=row)
        yield from section.check("type", one_of(MemberType.values), row=row)
        if check_ice(text_of(rows_of(section.data)[row], "ice")).warning:
            yield section.problem(ProblemCode.ICE_DOUBTFUL, "ice", row)
        yield from section.check("region", one_of(REGIONS), required=False, row=row)
        yield from section.check("joined_on", is_day, required=False, row=row)


def _strategy(section: SectionReader) -> Iterator[Problem]:
    yield from section.texts(
        "vision", "market", "value_added", "market_share", "partner_support", "public_private"
    )


def _innovation(section: SectionReader) -> Iterator[Problem]:
    yield from section.texts("partnerships", "steering_team", "leader", "shared_means")
    for row in section.rows():
        if isinstance(row, Problem):
            yield row
            continue
        yield from section.check("title", row=row)
        yield from section.check("partners", row=row)
        yield from section.check("trl", whole(1, 9), row=row)
        yield from section.check("budget", is_amount, row=row)
        yield from section.check("ip", required=False, row=row)


def _international(section: SectionReader) -> Iterator[Problem]:
    yield from section.texts("markets", "partners", "actions")


def _governance(section: SectionReader) -> Iterator[Problem]:
    yield from section.texts("bodies", "staff", "services")


def _budget(section: SectionReader) -> Iterator[Problem]:
    found: list[Problem] = list(section.check("first_year", IS_YEAR))
    for row in section.rows():
        if isinstance(row, Problem):
            found.append(row)
            continue
        found += section.check("kind", one_of(BUDGET_KINDS), row=row)
        found += section.check("label", row=row)
        found += _budget_amounts(section, row)
    yield from found
    kinds = {row.get("kind") for row in rows_of(section.data) if isinstance(row.get("kind"), str)}
    if rows_of(section.data) and not kinds >= BUDGET_KINDS:
        missing = min(BUDGET_KINDS - kinds)
        yield section.problem(ProblemCode.ROWS_REQUIRED, "rows", kind=missing)
    elif not found:
        for total in budget_totals(section.data):
            if not total.is_balanced:
                yield section.problem(
                    ProblemCode.NOT_BALANCED,
                    "rows",
                    year=str(total.year),
                    uses=str(total.uses),
                    resources=str(total.resources),
                )


def _budget_amounts(section: SectionReader, row: int) -> Iterator[Problem]:
    amounts = rows_of(section.data)[row].get("amounts")
    for place in range(BUDGET_YEARS):
        value = amounts[place] if isinstance(amounts, list) and place < len(amounts) else ""
        fault = ProblemCode.REQUIRED if value is None else is_amount(value)
        if fault:
            yield section.problem(fault, f"amounts.{place}", row)


def _commitments(section: SectionReader) -> Iterator[Problem]:
    seen: set[int] = set()
    for row in section.rows():
        if isinstance(row, Problem):
            yield row
            continue
        yield from section.check("year", IS_YEAR, row=row)
        year = rows_of(section.data)[row].get("year")
        if type(year) is int and year in seen:
            yield section.problem(ProblemCode.REPEATED, "year", row, year=str(year))
        if type(year) is int:
            seen.add(year)
        for field in COMMITMENT_COUNTS:
            yield from section.check(field, IS_COUNT, row=row)


def _track_record(section: SectionReader) -> Iterator[Problem]:
    yield from section.check("summary")
    for row in section.rows(required=False):
        if isinstance(row, Problem):
            yield row
            continue
        yield from section.check("label", row=row)
        yield from section.check("start_on", is_day, row=row)
        yield from section.check("end_on", is_day, row=row)
        start, end = (day_of(rows_of(section.data)[row].get(key)) for key in ("start_on", "end_on"))
        if start and end and end < start:
            yield section.problem(ProblemCode.ENDS_BEFORE_START, "end_on", row)
        yield from section.check("amount", is_amount, required=False, row=row)


def _confidentiality(section: SectionReader) -> Iterator[Problem]:
    yield from section.check("secret_fields", required=False)
    if section.data.get("data_notice") is not True:
        yield section.problem(ProblemCode.NOT_ACCEPTED, "data_notice")


def _statement(section: SectionReader) -> Iterator[Problem]:
    yield from section.texts("signatory", "capacity")
    if section.data.get("declared") is not True:
        yield section.problem(ProblemCode.NOT_ACCEPTED, "declared")


_PROBLEMS: Mapping[SectionCode, Callable[[SectionReader], Iterator[Problem]]] = {
    SectionCode.TRACK: _track,
    SectionCode.IDENTITY: _identity,
    SectionCode.REPRESENTATION: _representation,
    SectionCode.MEMBERS: _members,
    SectionCode.STRATEGY: _strategy,
    SectionCode.INNOVATION: _innovation,
    SectionCode.INTERNATIONAL: _international,
    SectionCode.GOVERNANCE: _governance,
    SectionCode.BUDGET: _budget,
    SectionCode.COMMITMENTS: _commitments,
    SectionCode.TRACK_RECORD: _track_record,
    SectionCode.CONFIDENTIALITY: _confidentiality,
    SectionCode.STATEMENT: _statement,
}
