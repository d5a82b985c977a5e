from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.domain.default_grid import DEFAULT_GRID
from evaluation.domain.grids import CriterionFacts, SubcriterionFacts
from evaluation.domain.scoring import (
    MARKS,
    MarkProblem,
    MarkRefused,
    Sheet,
    SheetProblem,
    comment_required,
    criterion_mark,
    display,
    given_count,
    median,
    parse_mark,
    sheet_problems,
    spread,
    total,
)
from evaluation.domain.scoring import SheetProblemCode as C
from tests.evaluation.domain.builders import I, N, S, plain_grid


class TestParseMark:
    """SC-02: what is not a mark of the scale is refused with its own code."""

    @pytest.mark.parametrize(
        ("text", "mark"),
        [
            ("0", "0.0"),
            ("-0", "0.0"),
            ("5", "5.0"),
            ("5.0", "5.0"),
            ("3,5", "3.5"),
            ("3.5", "3.5"),
            ("3.50", "3.5"),
            (" 3,5\u00a0", "3.5"),
            ("+2", "2.0"),
            (".5", "0.5"),
            ("4.", "4.0"),
            ("٣", "3.0"),
            ("٣٫٥", "3.5"),
            ("٣،٥", "3.5"),
            ("۴٫۵", "4.5"),
            ("\u200f٤", "4.0"),
            (3, "3.0"),
            (2.5, "2.5"),
            (Decimal("1.50"), "1.5"),
        ],
    )
    def test_reads(self, text, mark):
        assert str(parse_mark(text)) == mark

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            (None, MarkProblem.EMPTY),
            ("", MarkProblem.EMPTY),
            (" \u00a0", MarkProblem.EMPTY),
            ("\u200f", MarkProblem.EMPTY),
            ("-1", MarkProblem.OFF_SCALE),
            ("−1", MarkProblem.OFF_SCALE),
            ("-0.5", MarkProblem.OFF_SCALE),
            ("5.5", MarkProblem.OFF_SCALE),
            ("5.0000000001", MarkProblem.OFF_SCALE),
            ("20.5", MarkProblem.OFF_SCALE),
            ("١٥", MarkProblem.OFF_SCALE),
            ("9" * 40, MarkProblem.OFF_SCALE),
            ("3.25", MarkProblem.OFF_STEP),
            ("2,1", MarkProblem.OFF_STEP),
            ("4.9999999999", MarkProblem.OFF_STEP),
            ("NaN", MarkProblem.NOT_A_NUMBER),
            ("sNaN", MarkProblem.NOT_A_NUMBER),
            ("Infinity", MarkProblem.NOT_A_NUMBER),
            ("1e309", MarkProblem.NOT_A_NUMBER),
            ("1e0", MarkProblem.NOT_A_NUMBER),
            (float("nan"), MarkProblem.NOT_A_NUMBER),
            (float("inf"), MarkProblem.NOT_A_NUMBER),
            (True, MarkProblem.NOT_A_NUMBER),
            ("3 5", MarkProblem.NOT_A_NUMBER),
            ("3,5,0", MarkProblem.NOT_A_NUMBER),
            ("3_5", MarkProblem.NOT_A_NUMBER),
            ("½", MarkProblem.NOT_A_NUMBER),
            ("³", MarkProblem.NOT_A_NUMBER),
            ("<b>3</b>", MarkProblem.NOT_A_NUMBER),
            ("9" * 10_000_000, MarkProblem.NOT_A_NUMBER),
        ],
    )
    def test_refuses(self, text, code):
        with pytest.raises(MarkRefused) as refused:
            parse_mark(text)
        assert refused.value.code is code

    @given(st.text(max_size=30))
    def test_any_text_gives_a_mark_or_a_code(self, text):
        assert outcome_of(text) in {*MARKS, *MarkProblem}

    @pytest.mark.parametrize("mark", MARKS)
    def test_what_was_read_reads_the_same(self, mark):
        assert parse_mark(str(parse_mark(str(mark)))) == mark


def outcome_of(text: str) -> Decimal | MarkProblem:
    try:
        return parse_mark(text)
    except MarkRefused as refused:
        return refused.code


def two_to_one() -> CriterionFacts:
    return CriterionFacts(
        "c", Decimal(100), (SubcriterionFacts("a", Decimal(2)), SubcriterionFacts("b", Decimal(1)))
    )


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ({"a": "3", "b": "4"}, F(10, 3)),
        ({"a": "3", "b": "0"}, F(2)),
        ({"a": "3"}, F(3)),
        ({"b": "4.5"}, F(9, 2)),
        ({"a": None, "b": "0.5"}, F(1, 2)),
        ({"a": None, "b": None}, None),
        ({}, None),
    ],
)
def test_a_juror_s_criterion_mark_is_the_weighted_mean_of_the_given_submarks(marks, expected):
    given = {("c", sub): None if mark is None else Decimal(mark) for sub, mark in marks.items()}
    assert criterion_mark(Sheet("j", given), two_to_one()) == expected


def test_the_scale_of_the_subweights_is_of_no_account():
    marks = {("c", "a"): Decimal("2.5"), ("c", "b"): Decimal(4)}
    tenth = CriterionFacts(
        "c", Decimal(100), (SubcriterionFacts("a", Decimal("0.2")), SubcriterionFacts("b", Decimal("0.1")))
    )
    assert criterion_mark(Sheet("j", marks), tenth) == criterion_mark(Sheet("j", marks), two_to_one()) == 3


def test_a_mark_off_the_scale_never_enters_a_mean():
    with pytest.raises(MarkRefused):
        criterion_mark(Sheet("j", {("c", "a"): Decimal("3.25")}), two_to_one())


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ({S: F(3), I: F(3), N: F(3)}, F(60)),
        ({S: F(5), I: F(5), N: F(5)}, F(100)),
        ({S: F(0), I: F(0), N: F(0)}, F(0)),
        ({S: F(10, 3), I: F(7, 2), N: F(3)}, F(199, 3)),
        ({S: F(3), I: None, N: F(5)}, F(3 * 35 + 5 * 25) * 20 / 60),
        ({S: None, I: F(4)}, F(80)),
        ({}, None),
    ],
)
def test_total(marks, expected):
    assert total(marks, plain_grid()) == expected


@pytest.mark.parametrize(
    ("values", "middle", "gap"),
    [
        ([], None, None),
        ([F(3)], F(3), F(0)),
        ([F(4), F(1)], F(5, 2), F(3)),
        ([F(5), F(1), F(2)], F(2), F(4)),
        ([F(1), F(4), F(3), F(2)], F(5, 2), F(3)),
    ],
)
def test_median_and_spread(values, middle, gap):
    assert (median(values), spread(values)) == (middle, gap)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (F(1, 3), "0.33"),
        (F(2, 3), "0.67"),
        (F(5, 1000), "0.01"),
        (F(4999, 1_000_000), "0.00"),
        (F(1005, 1000), "1.01"),
        (F(64995, 1000), "65.00"),
        (F(64994999, 1_000_000), "64.99"),
        (Decimal("2.675"), "2.68"),
        (3, "3.00"),
        (F(-5, 1000), "-0.01"),
        (F(-1, 1000), "0.00"),
        (F(100), "100.00"),
    ],
)
def test_display_rounds_half_up_to_two_decimals(value, shown):
    assert str(display(value)) == shown


@pytest.mark.parametrize(
    ("mark", "required"),
    [
        (None, False),
        (F(0), True),
        (F(299, 100), True),
        (F(3), False),
        (F(7, 2), False),
        (F(4), False),
        (F(401, 100), True),
        (Decimal("4.5"), True),
    ],
)
def test_comment_required_under_3_and_over_4(mark, required):
    assert comment_required(mark) is required


def marks_of(*values):
    return {
        (code, "only"): None if value is None else Decimal(value)
        for code, value in zip((S, I, N), values, strict=True)
    }


@pytest.mark.parametrize(
    ("marks", "comments", "expected"),
    [
        pytest.param(marks_of("3", "3.5", "4"), {}, (), id="complete without a word"),
        pytest.param(
            marks_of("2.5", "3", "4.5"),
            {},
            (SheetProblem(C.COMMENT_REQUIRED, S), SheetProblem(C.COMMENT_REQUIRED, N)),
            id="low and high",
        ),
        pytest.param(marks_of("2.5", "3", "4.5"), {S: "Faible.", N: "Fort."}, (), id="explained"),
        pytest.param(
            marks_of("2.5", "3", "3"), {S: " \n"}, (SheetProblem(C.COMMENT_REQUIRED, S),), id="blank comment"
        ),
        pytest.param(marks_of(None, "3", "3"), {}, (SheetProblem(C.MISSING_MARK, S, "only"),), id="missing"),
        pytest.param(marks_of(None, "3", "3"), {S: "Je m'abstiens."}, (), id="reasoned abstention"),
        pytest.param(marks_of(None, None, None), {}, (SheetProblem(C.EMPTY_SHEET),), id="empty"),
        pytest.param({}, {S: " "}, (SheetProblem(C.EMPTY_SHEET),), id="nothing at all"),
        pytest.param(
            marks_of("3.25", "3", "3"), {}, (SheetProblem(C.OFF_SCALE, S, "only"),), id="off the half-step"
        ),
        pytest.param(marks_of("NaN", "3", "3"), {}, (SheetProblem(C.OFF_SCALE, S, "only"),), id="NaN"),
        pytest.param(
            {**marks_of("3", "3", "3"), ("budget", "x"): Decimal(3)},
            {},
            (SheetProblem(C.UNKNOWN_SUBCRITERION, "budget", "x"),),
            id="a sub-criterion of another grid",
        ),
        pytest.param(
            marks_of("3", "3", "3"), {I: "x" * 20_001}, (SheetProblem(C.COMMENT_TOO_LONG, I),), id="too long"
        ),
    ],
)
def test_sheet_problems(marks, comments, expected):
    assert sheet_problems(marks, comments, grid=plain_grid()) == expected


def test_a_complete_sheet_of_the_default_grid_may_be_sent():
    marks = {
        (str(criterion.code), sub.code): Decimal("3.5")
        for criterion in DEFAULT_GRID.criteria
        for sub in criterion.subcriteria
    }
    assert sheet_problems(marks, {}, grid=DEFAULT_GRID) == ()
    assert given_count(Sheet("j", marks), DEFAULT_GRID) == DEFAULT_GRID.mark_count == 11
