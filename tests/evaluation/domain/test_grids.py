from dataclasses import replace
from decimal import Decimal

import pytest

from evaluation.domain.default_grid import DEFAULT_CRITERIA, DEFAULT_GRID
from evaluation.domain.grids import (
    CriterionFacts,
    GridProblem,
    GridRefused,
    SubcriterionFacts,
    grid_problems,
    require_sound,
)
from evaluation.domain.grids import GridProblemCode as C
from evaluation.enums import CriterionCode
from tests.evaluation.domain.builders import I, N, S, plain_grid


def with_subcriteria(*subcriteria):
    grid = plain_grid()
    return replace(grid, criteria=(replace(grid.criteria[0], subcriteria=subcriteria), *grid.criteria[1:]))


def subs(count):
    return tuple(SubcriterionFacts(f"s{number}") for number in range(count))


@pytest.mark.parametrize(
    ("grid", "expected"),
    [
        pytest.param(plain_grid(), (), id="sound"),
        pytest.param(plain_grid(weights=("35.00", "40.00", "25.00")), (), id="as stored"),
        pytest.param(plain_grid(weights=("33.33", "33.33", "33.34")), (), id="hundredths"),
        pytest.param(
            plain_grid(weights=(35, 40, 24)), (GridProblem(C.WEIGHTS_NOT_100, "99"),), id="99 per cent"
        ),
        pytest.param(
            plain_grid(weights=("35", "40", "25.01")),
            (GridProblem(C.WEIGHTS_NOT_100, "100.01"),),
            id="a hundredth too many",
        ),
        pytest.param(plain_grid(weights=(60, 40, 0)), (GridProblem(C.WEIGHT_NOT_POSITIVE, N),), id="zero"),
        pytest.param(
            plain_grid(weights=(70, 40, -10)), (GridProblem(C.WEIGHT_NOT_POSITIVE, N),), id="negative"
        ),
        pytest.param(
            plain_grid(weights=("NaN", 40, 25)), (GridProblem(C.WEIGHT_NOT_POSITIVE, S),), id="not a number"
        ),
        pytest.param(
            plain_grid(weights=("Infinity", 40, 25)), (GridProblem(C.WEIGHT_NOT_POSITIVE, S),), id="infinite"
        ),
        pytest.param(plain_grid(tie_break=(I, S)), (GridProblem(C.TIE_BREAK_INCOMPLETE, N),), id="tie short"),
        pytest.param(
            plain_grid(tie_break=(I, S, N, I)), (GridProblem(C.TIE_BREAK_TWICE, I),), id="tie names twice"
        ),
        pytest.param(
            plain_grid(tie_break=(I, S, N, "budget")),
            (GridProblem(C.TIE_BREAK_UNKNOWN, "budget"),),
            id="tie names a stranger",
        ),
        pytest.param(with_subcriteria(), (GridProblem(C.NO_SUBCRITERION, S),), id="no sub-criterion"),
        pytest.param(with_subcriteria(*subs(4)), (), id="four sub-criteria"),
        pytest.param(
            with_subcriteria(*subs(5)), (GridProblem(C.TOO_MANY_SUBCRITERIA, S),), id="five sub-criteria"
        ),
        pytest.param(
            with_subcriteria(SubcriterionFacts("a"), SubcriterionFacts("a")),
            (GridProblem(C.SUBCRITERION_TWICE, "strategy.a"),),
            id="sub-criterion twice",
        ),
        pytest.param(
            with_subcriteria(SubcriterionFacts("a", Decimal(0))),
            (GridProblem(C.SUBWEIGHT_NOT_POSITIVE, "strategy.a"),),
            id="sub-weight zero",
        ),
        pytest.param(
            plain_grid(pass_criterion=Decimal("5.01")),
            (GridProblem(C.CRITERION_THRESHOLD_OFF_SCALE),),
            id="criterion threshold over 5",
        ),
        pytest.param(
            plain_grid(pass_total=Decimal("100.01")),
            (GridProblem(C.TOTAL_THRESHOLD_OFF_SCALE),),
            id="total threshold over 100",
        ),
        pytest.param(plain_grid(pass_total=Decimal(0)), (), id="threshold zero"),
        pytest.param(plain_grid(quorum=0), (GridProblem(C.QUORUM_TOO_SMALL),), id="quorum zero"),
        pytest.param(
            plain_grid(spread_alert=Decimal(0)), (GridProblem(C.SPREAD_ALERT_OFF_SCALE),), id="alert zero"
        ),
    ],
)
def test_grid_problems(grid, expected):
    assert grid_problems(grid) == expected


def test_a_grid_without_criterion():
    assert grid_problems(replace(plain_grid(), criteria=(), tie_break=())) == (GridProblem(C.NO_CRITERION),)


def test_a_criterion_named_twice():
    grid = plain_grid(weights=(50, 25, 25))
    doubled = replace(grid, criteria=(grid.criteria[0], grid.criteria[1], replace(grid.criteria[2], code=I)))
    assert grid_problems(replace(doubled, tie_break=(I, S))) == (GridProblem(C.CRITERION_TWICE, I),)


def test_every_problem_is_told_at_once():
    grid = plain_grid(weights=(35, 40, 24), tie_break=(I, S), quorum=0)
    assert [problem.code for problem in grid_problems(grid)] == [
        C.WEIGHTS_NOT_100,
        C.TIE_BREAK_INCOMPLETE,
        C.QUORUM_TOO_SMALL,
    ]


def test_an_unsound_grid_is_refused_with_its_problems():
    with pytest.raises(GridRefused) as refused:
        require_sound(plain_grid(weights=(1, 1, 1)))
    assert refused.value.problems == (GridProblem(C.WEIGHTS_NOT_100, "3"),)


class TestDefaultGrid:
    def test_is_sound_and_as_written(self):
        assert grid_problems(DEFAULT_GRID) == ()
        assert [(str(one.code), one.weight) for one in DEFAULT_GRID.criteria] == [
            ("strategy", 35),
            ("innovation", 40),
            ("international", 25),
        ]
        assert (DEFAULT_GRID.pass_criterion, DEFAULT_GRID.pass_total) == (3, 65)
        assert DEFAULT_GRID.tie_break == (I, S, N)
        assert [len(one.subcriteria) for one in DEFAULT_GRID.criteria] == [4, 4, 3]

    def test_covers_every_criterion_of_the_notices(self):
        assert [texts.code for texts in DEFAULT_CRITERIA] == list(CriterionCode)

    def test_codes_of_subcriteria_are_unique_over_the_grid(self):
        codes = [sub.code for texts in DEFAULT_CRITERIA for sub in texts.subcriteria]
        assert len(codes) == len(set(codes))

    def test_every_text_stands_in_both_languages(self):
        for texts in DEFAULT_CRITERIA:
            for holder in (texts, *texts.subcriteria):
                pairs = [holder.title, holder.guidance, *getattr(holder, "anchors", ())]
                for pair in pairs:
                    assert pair.fr.strip()
                    assert any("\u0600" <= char <= "\u06ff" for char in pair.ar)
                    assert not any("\u0600" <= char <= "\u06ff" for char in pair.fr)

    def test_every_subcriterion_has_six_distinct_anchors(self):
        for texts in DEFAULT_CRITERIA:
            for sub in texts.subcriteria:
                document = sub.anchors_document()
                assert len(document) == len({one["fr"] for one in document}) == 6
                assert len({one["ar"] for one in document}) == 6


def test_criterion_facts_accept_enum_members_as_codes():
    grid = plain_grid()
    members = tuple(
        CriterionFacts(CriterionCode(one.code), one.weight, one.subcriteria) for one in grid.criteria
    )
    assert replace(grid, criteria=members).codes == (S, I, N)
