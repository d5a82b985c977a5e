"""What keeps a dossier from being deposited. The same list feeds « Vérifier mon dossier » and the deposit itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from applications.domain.deadlines import phase_of
from applications.domain.eligibility import PresentPiece, RequiredPiece, asked_pieces
from applications.domain.section_checks import Problem
from applications.domain.sections import applicable_sections, section_problems, section_state
from applications.enums import (
    ApplicationStatus,
    CallPhase,
    CallStatus,
    SectionCode,
    SectionState,
    TeamRole,
    Track,
)


class SubmissionReason(StrEnum):
    NOT_OPEN_YET = "not_open_yet"
    DEADLINE_PASSED = "deadline_passed"
    CALL_NOT_OPEN = "call_not_open"
    MAY_NOT_DEPOSIT = "may_not_deposit"
    WITHDRAWN = "withdrawn"
    ALREADY_EXAMINED = "already_examined"
    SECTION_INCOMPLETE = "section_incomplete"
    NOT_DECLARED = "not_declared"
    PIECE_MISSING = "piece_missing"
    PIECE_UNREADABLE = "piece_unreadable"


@dataclass(frozen=True, slots=True)
class SubmissionBlocker:
    """`section` and `problems`, or `piece`, say where; warnings are not among the problems."""

    reason: SubmissionReason
    section: SectionCode | None = None
    piece: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class DossierFacts:
    """Everything that the question takes. `role` is None for somebody outside the team."""

    status: ApplicationStatus
    track: Track | None
    call_status: CallStatus
    opens_at: datetime | None
    closes_at: datetime | None
    role: TeamRole | None
    may_deposit: bool = False
    sections: Mapping[SectionCode, Mapping[str, Any]] = field(default_factory=dict)
    required_pieces: tuple[RequiredPiece, ...] = ()
    present_pieces: tuple[PresentPiece, ...] = ()


_CLOSED_REASONS = {
    CallPhase.ANNOUNCED: SubmissionReason.NOT_OPEN_YET,
    CallPhase.AWAITING_CLOSING: SubmissionReason.DEADLINE_PASSED,
}


def submission_blockers(facts: DossierFacts, *, at: datetime) -> tuple[SubmissionBlocker, ...]:
    """Empty: the dossier may be deposited at `at`, by the person whose role the facts give."""
    return (
        *call_blockers(facts, at=at),
        *_person_and_state_blockers(facts),
        *content_blockers(facts.sections, facts.required_pieces, facts.present_pieces, track=facts.track),
    )


def call_blockers(facts: DossierFacts, *, at: datetime) -> tuple[SubmissionBlocker, ...]:
    phase = phase_of(facts.call_status, opens_at=facts.opens_at, closes_at=facts.closes_at, at=at)
    if phase == CallPhase.OPEN:
        return ()
    return (SubmissionBlocker(_CLOSED_REASONS.get(phase, SubmissionReason.CALL_NOT_OPEN)),)


def _person_and_state_blockers(facts: DossierFacts) -> tuple[SubmissionBlocker, ...]:
    blockers = []
    if not may_deposit(facts.role, granted=facts.may_deposit):
        blockers.append(SubmissionBlocker(SubmissionReason.MAY_NOT_DEPOSIT))
    if facts.status == ApplicationStatus.WITHDRAWN:
        blockers.append(SubmissionBlocker(SubmissionReason.WITHDRAWN))
    elif facts.status not in (ApplicationStatus.DRAFT, ApplicationStatus.SUBMITTED):
        blockers.append(SubmissionBlocker(SubmissionReason.ALREADY_EXAMINED))
    return tuple(blockers)


def may_deposit(role: TeamRole | None, *, granted: bool) -> bool:
    """The owner always, an editor only when the owner gave the right."""
    return role == TeamRole.OWNER or (role == TeamRole.EDITOR and granted)


def content_blockers(
    sections: Mapping[SectionCode, Mapping[str, Any]],
    required: Collection[RequiredPiece],
    present: Collection[PresentPiece],
    *,
    track: Track | None,
) -> tuple[SubmissionBlocker, ...]:
    """What the dossier itself lacks, whoever asks and whenever: sections in their order, then pieces in theirs."""
    blockers: list[SubmissionBlocker] = []
    for code in applicable_sections(track):
        blockers += _section_blockers(code, sections.get(code, {}), track)
    for piece in asked_pieces(required, track=track):
        files = [file for file in present if file.code == piece.code]
        if not files:
            blockers.append(SubmissionBlocker(SubmissionReason.PIECE_MISSING, piece=piece.code))
        elif all(file.is_readable is False for file in files):
            blockers.append(SubmissionBlocker(SubmissionReason.PIECE_UNREADABLE, piece=piece.code))
    return tuple(blockers)


def _section_blockers(
    code: SectionCode, data: Mapping[str, Any], track: Track | None
) -> tuple[SubmissionBlocker, ...]:
    """A statement that lacks only the declaration is said to be that, not an incomplete section."""
    problems = tuple(
        problem for problem in section_problems(code, data, track=track) if not problem.is_warning
    )
    undeclared = tuple(
        problem for problem in problems if code == SectionCode.STATEMENT and problem.field == "declared"
    )
    rest = tuple(problem for problem in problems if problem not in undeclared)
    blockers = []
    if rest:
        blockers.append(SubmissionBlocker(SubmissionReason.SECTION_INCOMPLETE, code, problems=rest))
    if undeclared:
        blockers.append(SubmissionBlocker(SubmissionReason.NOT_DECLARED, code, problems=undeclared))
    return tuple(blockers)


def section_states(
    sections: Mapping[SectionCode, Mapping[str, Any]], *, track: Track | None
) -> dict[SectionCode, SectionState]:
    """The task list: every section of the track, in its order."""
    return {
        code: section_state(code, sections.get(code, {}), track=track) for code in applicable_sections(track)
    }
