from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from applications.domain.completeness import (
    DossierFacts,
    SubmissionReason,
    content_blockers,
    section_states,
    submission_blockers,
)
from applications.domain.eligibility import PresentPiece, RequiredPiece
from applications.enums import ApplicationStatus, CallStatus, SectionState, TeamRole, Track
from applications.enums import SectionCode as S
from tests.applications.domain.dossier import complete_sections

R = SubmissionReason
OPENS = datetime(2026, 10, 1, 9, tzinfo=UTC)
CLOSES = datetime(2026, 11, 27, 15, tzinfo=UTC)
TICK = timedelta(microseconds=1)

READY = DossierFacts(
    status=ApplicationStatus.DRAFT,
    track=Track.NEW,
    call_status=CallStatus.ANNOUNCED,
    opens_at=OPENS,
    closes_at=CLOSES,
    role=TeamRole.OWNER,
    sections=complete_sections(),
    required_pieces=(
        RequiredPiece("statuts", "Statuts"),
        RequiredPiece("bilan", "Bilan", tracks=frozenset({Track.EXISTING})),
        RequiredPiece("recepisse", "Récépissé", is_mandatory=False),
    ),
    present_pieces=(PresentPiece("statuts"),),
)


def reasons(at=OPENS, **changes):
    return [blocker.reason for blocker in submission_blockers(replace(READY, **changes), at=at)]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (OPENS - TICK, [R.NOT_OPEN_YET]),
        (OPENS, []),
        (CLOSES - TICK, []),
        (CLOSES, [R.DEADLINE_PASSED]),
    ],
)
def test_a_complete_dossier_is_deposited_while_the_call_takes_dossiers(at, expected):
    assert reasons(at=at) == expected


@pytest.mark.parametrize("status", [status for status in CallStatus if status != CallStatus.ANNOUNCED])
def test_no_other_call_takes_dossiers(status):
    assert reasons(call_status=status) == [R.CALL_NOT_OPEN]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"role": TeamRole.EDITOR}, [R.MAY_NOT_DEPOSIT]),
        ({"role": TeamRole.EDITOR, "may_deposit": True}, []),
        ({"role": TeamRole.READER, "may_deposit": True}, [R.MAY_NOT_DEPOSIT]),
        ({"role": None}, [R.MAY_NOT_DEPOSIT]),
        ({"status": ApplicationStatus.SUBMITTED}, []),
        ({"status": ApplicationStatus.WITHDRAWN}, [R.WITHDRAWN]),
        ({"status": ApplicationStatus.IN_INSTRUCTION}, [R.ALREADY_EXAMINED]),
        ({"present_pieces": ()}, [R.PIECE_MISSING]),
        ({"present_pieces": (PresentPiece("statuts", False),)}, [R.PIECE_UNREADABLE]),
        ({"present_pieces": (PresentPiece("statuts", None),)}, []),
        ({"present_pieces": (PresentPiece("statuts", False), PresentPiece("statuts"))}, []),
        ({"track": Track.EXISTING}, [R.PIECE_MISSING]),
    ],
)
def test_what_keeps_a_deposit_back(changes, expected):
    assert reasons(**changes) == expected


def test_a_missing_section_and_its_problems_are_named():
    sections = complete_sections()
    del sections[S.STRATEGY]
    sections[S.IDENTITY]["city"] = ""
    sections[S.IDENTITY]["ice"] = ""
    blockers = content_blockers(sections, (), (), track=Track.NEW)
    assert [(blocker.reason, blocker.section) for blocker in blockers] == [
        (R.SECTION_INCOMPLETE, S.IDENTITY),
        (R.SECTION_INCOMPLETE, S.STRATEGY),
    ]
    assert [problem.field for problem in blockers[0].problems] == ["city"]
    assert len(blockers[1].problems) == 6


def test_a_statement_that_lacks_only_its_declaration_says_so():
    sections = complete_sections()
    sections[S.STATEMENT]["declared"] = False
    assert reasons(sections=sections) == [R.NOT_DECLARED]
    sections[S.STATEMENT]["signatory"] = ""
    assert reasons(sections=sections) == [R.SECTION_INCOMPLETE, R.NOT_DECLARED]


def test_an_empty_dossier_lists_everything_once():
    facts = replace(READY, sections={}, present_pieces=(), track=None)
    blockers = submission_blockers(facts, at=OPENS)
    named = [blocker.section for blocker in blockers if blocker.reason is R.SECTION_INCOMPLETE]
    assert named == [code for code in S if code != S.TRACK_RECORD]
    assert [blocker.piece for blocker in blockers if blocker.reason is R.PIECE_MISSING] == ["statuts"]


def test_the_task_list():
    sections = complete_sections()
    sections[S.BUDGET] = {"first_year": 2027}
    sections[S.STRATEGY]["vision"] = ""
    states = section_states(sections, track=Track.NEW)
    assert list(states) == [code for code in S if code != S.TRACK_RECORD]
    assert states[S.BUDGET] is SectionState.NOT_STARTED
    assert states[S.STRATEGY] is SectionState.IN_PROGRESS
    assert states[S.IDENTITY] is SectionState.COMPLETE
