from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.domain.budget import YearTotal, budget_totals
from applications.domain.section_checks import Problem, ProblemCode
from applications.domain.sections import applicable_sections, section_problems, section_state
from applications.enums import SectionCode as S
from applications.enums import SectionState, Track
from tests.applications.domain.dossier import complete_sections

P = ProblemCode


def problems(code, data, track=Track.EXISTING):
    return [
        (problem.code, problem.field, problem.row) for problem in section_problems(code, data, track=track)
    ]


def changed(code, **answers):
    return {**complete_sections()[code], **answers}


def with_row(code, **answers):
    data = complete_sections()[code]
    data["rows"][0].update(answers)
    return data


@pytest.mark.parametrize("code", S)
def test_a_complete_section(code):
    data = complete_sections()[code]
    assert section_problems(code, data, track=Track.EXISTING) == ()
    assert section_state(code, data, track=Track.EXISTING) is SectionState.COMPLETE


@pytest.mark.parametrize("code", S)
def test_an_empty_section_is_not_started(code):
    for data in ({}, {"rows": []}, {"name": " ", "declared": False, "rows": [{"name": ""}]}):
        assert section_state(code, data, track=Track.EXISTING) is SectionState.NOT_STARTED
        assert section_problems(code, data, track=Track.EXISTING)


@pytest.mark.parametrize("code", S)
def test_every_answer_that_is_asked_for_is_missed_when_it_lacks(code):
    optional = {
        S.TRACK: {"cluster"},
        S.IDENTITY: {"name_ar", "acronym", "ice"},
        S.CONFIDENTIALITY: {"secret_fields"},
        S.TRACK_RECORD: {"rows"},
    }
    for key in complete_sections()[code]:
        data = {other: value for other, value in complete_sections()[code].items() if other != key}
        is_complete = section_state(code, data, track=Track.EXISTING) is SectionState.COMPLETE
        assert is_complete is (key in optional.get(code, ())), key


@pytest.mark.parametrize(
    ("code", "data", "expected"),
    [
        (S.TRACK, {"track": "old"}, [(P.UNKNOWN_CHOICE, "track", None)]),
        (S.TRACK, {"track": "existing", "cluster": ""}, [(P.CLUSTER_NOT_NAMED, "cluster", None)]),
        (S.TRACK, {"track": "existing", "cluster": "CE3M"}, []),
        (S.TRACK, {"track": "new", "cluster": "CE3M"}, [(P.NOT_FOR_THIS_TRACK, "cluster", None)]),
        (S.IDENTITY, changed(S.IDENTITY, region="13"), [(P.UNKNOWN_CHOICE, "region", None)]),
        (S.IDENTITY, changed(S.IDENTITY, created_on="29/02/2024"), [(P.NOT_A_DATE, "created_on", None)]),
        (S.IDENTITY, changed(S.IDENTITY, created_on="2023-02-29"), [(P.NOT_A_DATE, "created_on", None)]),
        (S.IDENTITY, changed(S.IDENTITY, ice=""), [(P.ICE_MISSING, "ice", None)]),
        (S.IDENTITY, changed(S.IDENTITY, ice="001561191000065"), [(P.ICE_DOUBTFUL, "ice", None)]),
        (S.IDENTITY, changed(S.IDENTITY, name="x" * 20_001), [(P.TOO_LONG, "name", None)]),
        (S.IDENTITY, changed(S.IDENTITY, name=3), [(P.REQUIRED, "name", None)]),
        (S.REPRESENTATION, changed(S.REPRESENTATION, email="atlas"), [(P.NOT_AN_EMAIL, "email", None)]),
        (
            S.REPRESENTATION,
            changed(S.REPRESENTATION, email="a b@demo.example"),
            [(P.NOT_AN_EMAIL, "email", None)],
        ),
        (S.MEMBERS, {}, [(P.ROWS_REQUIRED, "rows", None)]),
        (S.MEMBERS, with_row(S.MEMBERS, type=""), [(P.REQUIRED, "type", 0)]),
        (S.MEMBERS, with_row(S.MEMBERS, type="firm"), [(P.UNKNOWN_CHOICE, "type", 0)]),
        (S.MEMBERS, with_row(S.MEMBERS, ice="", region="", joined_on="", commitment=False), []),
        (S.MEMBERS, with_row(S.MEMBERS, ice="12"), [(P.ICE_DOUBTFUL, "ice", 0)]),
        (S.MEMBERS, with_row(S.MEMBERS, joined_on="hier"), [(P.NOT_A_DATE, "joined_on", 0)]),
        (S.INNOVATION, with_row(S.INNOVATION, trl=0), [(P.OUT_OF_RANGE, "trl", 0)]),
        (S.INNOVATION, with_row(S.INNOVATION, trl=True), [(P.NOT_A_NUMBER, "trl", 0)]),
        (S.INNOVATION, with_row(S.INNOVATION, trl="4"), [(P.NOT_A_NUMBER, "trl", 0)]),
        (S.INNOVATION, with_row(S.INNOVATION, trl=None), [(P.REQUIRED, "trl", 0)]),
        (S.INNOVATION, with_row(S.INNOVATION, budget="beaucoup"), [(P.NOT_AN_AMOUNT, "budget", 0)]),
        (S.BUDGET, {"first_year": 2027, "rows": []}, [(P.ROWS_REQUIRED, "rows", None)]),
        (S.BUDGET, changed(S.BUDGET, first_year=27), [(P.OUT_OF_RANGE, "first_year", None)]),
        (
            S.BUDGET,
            with_row(S.BUDGET, amounts=["600000.00", ""]),
            [(P.REQUIRED, "amounts.1", 0), (P.REQUIRED, "amounts.2", 0)],
        ),
        (
            S.BUDGET,
            with_row(S.BUDGET, amounts=["600000.01", "600000.00", "0"]),
            [(P.NOT_BALANCED, "rows", None)],
        ),
        (S.BUDGET, with_row(S.BUDGET, kind="gift"), [(P.UNKNOWN_CHOICE, "kind", 0)]),
        (S.COMMITMENTS, with_row(S.COMMITMENTS, jobs=-1), [(P.OUT_OF_RANGE, "jobs", 0)]),
        (S.COMMITMENTS, with_row(S.COMMITMENTS, jobs=None), [(P.REQUIRED, "jobs", 0)]),
        (S.COMMITMENTS, {"rows": complete_sections()[S.COMMITMENTS]["rows"] * 2}, [(P.REPEATED, "year", 1)]),
        (
            S.TRACK_RECORD,
            with_row(S.TRACK_RECORD, end_on="2011-02-28"),
            [(P.ENDS_BEFORE_START, "end_on", 0)],
        ),
        (S.TRACK_RECORD, with_row(S.TRACK_RECORD, amount=""), []),
        (S.CONFIDENTIALITY, {"data_notice": "oui"}, [(P.NOT_ACCEPTED, "data_notice", None)]),
        (S.STATEMENT, changed(S.STATEMENT, declared=False), [(P.NOT_ACCEPTED, "declared", None)]),
    ],
)
def test_what_an_answer_must_satisfy(code, data, expected):
    assert problems(code, data) == expected


def test_a_cluster_in_creation_is_not_at_fault():
    data = changed(
        S.IDENTITY,
        legal_stage="in_creation",
        created_on="",
        receipt_kind="provisional",
        receipt_number="",
        receipt_on="2026-10-01",
        ice="",
    )
    assert problems(S.IDENTITY, data) == []
    data.update(receipt_kind="", receipt_on="")
    assert section_state(S.IDENTITY, data, track=Track.NEW) is SectionState.COMPLETE


def test_warnings_keep_nothing_from_being_complete():
    data = changed(S.IDENTITY, ice="001561191000065")
    assert [problem.is_warning for problem in section_problems(S.IDENTITY, data, track=Track.NEW)] == [True]
    assert section_state(S.IDENTITY, data, track=Track.NEW) is SectionState.COMPLETE


def test_a_budget_lacks_its_other_half():
    data = complete_sections()[S.BUDGET]
    data["rows"] = data["rows"][:2]
    assert section_problems(S.BUDGET, data, track=Track.NEW) == (
        Problem(P.ROWS_REQUIRED, S.BUDGET, "rows", None, (("kind", "resource"),)),
    )


def test_a_budget_that_does_not_balance_says_which_year_and_by_how_much():
    data = complete_sections()[S.BUDGET]
    data["rows"][2]["amounts"][1] = "600000.01"
    assert section_problems(S.BUDGET, data, track=Track.NEW) == (
        Problem(
            P.NOT_BALANCED,
            S.BUDGET,
            "rows",
            None,
            (("resources", "600000.01"), ("uses", "600000.00"), ("year", "2028")),
        ),
    )
    assert budget_totals(data)[1] == YearTotal(2028, Decimal("600000.00"), Decimal("600000.01"))


def test_the_track_record_is_for_existing_clusters():
    assert S.TRACK_RECORD in applicable_sections(Track.EXISTING)
    assert S.TRACK_RECORD not in applicable_sections(Track.NEW)
    assert S.TRACK_RECORD not in applicable_sections(None)
    assert section_problems(S.TRACK_RECORD, {}, track=Track.NEW) == ()
    assert applicable_sections(Track.EXISTING) == tuple(S)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = sorted({key for data in complete_sections().values() for key in data})
ROW_KEYS = sorted(
    {key for data in complete_sections().values() for row in data.get("rows", []) for key in row}
)
ROWS = st.lists(ANYTHING | st.dictionaries(st.sampled_from(ROW_KEYS), ANYTHING, max_size=6), max_size=3)


@given(
    st.sampled_from(list(S)),
    ANYTHING | st.dictionaries(st.sampled_from(KEYS), ANYTHING | ROWS, max_size=8),
    st.sampled_from([None, *Track]),
)
def test_no_stored_data_breaks_the_checks(code, data, track):
    found = section_problems(code, data, track=track)
    assert all(problem.section is code for problem in found)
    assert section_state(code, data, track=track) in SectionState
    budget_totals(data if isinstance(data, dict) else {})
