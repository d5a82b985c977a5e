"""SC-10: what holds for every ranking, and the same figures computed another way."""

import statistics
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.domain.grids import CriterionFacts, GridFacts, SubcriterionFacts
from evaluation.domain.ranking import DossierMarks, rank
from evaluation.domain.scoring import MARKS, Sheet
from evaluation.domain.stability import stability
from evaluation.enums import RankStatus

GRID = GridFacts(
    criteria=(
        CriterionFacts("strategy", Decimal(35), (SubcriterionFacts("a"), SubcriterionFacts("b"))),
        CriterionFacts(
            "innovation", Decimal(40), (SubcriterionFacts("c", Decimal(2)), SubcriterionFacts("d"))
        ),
        CriterionFacts("international", Decimal(25), (SubcriterionFacts("e"),)),
    ),
    tie_break=("innovation", "strategy", "international"),
)
KEYS = tuple((one.code, sub.code) for one in GRID.criteria for sub in one.subcriteria)
WEIGHTS = {(one.code, sub.code): sub.weight for one in GRID.criteria for sub in one.subcriteria}
JURORS = ("j1", "j2", "j3", "j4")

# Few distinct marks make ties and missed thresholds frequent.
some_mark = st.sampled_from((*MARKS[5:9], None))
sheets = st.fixed_dictionaries(dict.fromkeys(KEYS, some_mark))


@st.composite
def panels(draw, min_size=1):
    size = draw(st.integers(min_size, 6))
    return [
        DossierMarks(
            f"d{number}",
            tuple(
                Sheet(juror, draw(sheets)) for juror in JURORS if draw(st.booleans()) or juror == JURORS[0]
            ),
        )
        for number in range(size)
    ]


def brute(dossiers):
    """Written anew from the rule, with the statistics module, counting who is better one by one."""
    marks = {}
    for one in dossiers:
        by_criterion = {}
        for criterion in GRID.criteria:
            of_jurors = []
            for sheet in one.sheets:
                given_marks = [
                    (Fraction(sheet.marks[key]), Fraction(WEIGHTS[key]))
                    for key in KEYS
                    if key[0] == criterion.code and sheet.marks[key] is not None
                ]
                if given_marks:
                    weighed = sum(mark * weight for mark, weight in given_marks)
                    of_jurors.append(weighed / sum(weight for _mark, weight in given_marks))
            by_criterion[criterion.code] = statistics.mean(of_jurors) if of_jurors else None
        marks[one.dossier] = by_criterion
    order = {}
    for name, by_criterion in marks.items():
        if None not in by_criterion.values():
            whole = sum(one.weight * Fraction(1) * by_criterion[one.code] / 5 for one in _exact(GRID))
            order[name] = (whole, *(by_criterion[code] for code in GRID.tie_break))
    return {
        name: (order[name][0], 1 + sum(other > order[name] for other in order.values()))
        if name in order
        else (None, None)
        for name in marks
    }


def _exact(grid):
    return [replace(one, weight=Fraction(one.weight)) for one in grid.criteria]


@given(panels())
def test_agrees_with_an_independent_computation(dossiers):
    ranking = rank(dossiers, grid=GRID)
    assert {row.dossier: (row.total, row.rank) for row in ranking.rows} == brute(dossiers)


@given(panels())
def test_agrees_with_floats_to_nine_digits(dossiers):
    for row in rank(dossiers, grid=GRID).rows:
        if row.total is None:
            continue
        means = [statistics.fmean(float(mark) for _juror, mark in one.marks) for one in row.criteria]
        weights = [float(one.weight) for one in GRID.criteria]
        assert abs(statistics.fmean(means, weights) * 20 - float(row.total)) < 1e-9
        assert (
            abs(statistics.median(float(total) for _, total in row.juror_totals) - float(row.median)) < 1e-9
        )


@given(panels(), st.randoms(use_true_random=False))
def test_the_order_of_jurors_and_dossiers_changes_nothing(dossiers, random):
    shuffled = [replace(one, sheets=tuple(random.sample(one.sheets, len(one.sheets)))) for one in dossiers]
    random.shuffle(shuffled)
    assert rank(shuffled, grid=GRID) == rank(dossiers, grid=GRID)
    assert stability(shuffled, grid=GRID, places=2) == stability(dossiers, grid=GRID, places=2)


@given(panels(), st.permutations(JURORS))
def test_renaming_the_jurors_moves_no_rank(dossiers, names):
    renamed = dict(zip(JURORS, names, strict=True))
    other = [
        replace(one, sheets=tuple(replace(sheet, juror=renamed[sheet.juror]) for sheet in one.sheets))
        for one in dossiers
    ]
    before, after = rank(dossiers, grid=GRID), rank(other, grid=GRID)
    assert [(row.dossier, row.rank, row.total) for row in before.rows] == [
        (row.dossier, row.rank, row.total) for row in after.rows
    ]


@given(panels(), st.data())
def test_a_better_mark_never_lowers_a_rank(dossiers, data):
    position = data.draw(st.integers(0, len(dossiers) - 1))
    one = dossiers[position]
    chosen = data.draw(st.sampled_from(one.sheets))
    given_keys = [key for key in KEYS if chosen.marks[key] is not None]
    if not given_keys:
        return
    key = data.draw(st.sampled_from(given_keys))
    better = min(Decimal(5), chosen.marks[key] + data.draw(st.sampled_from(MARKS)))
    raised = replace(chosen, marks={**chosen.marks, key: better})
    after = replace(one, sheets=tuple(raised if sheet is chosen else sheet for sheet in one.sheets))
    old = rank(dossiers, grid=GRID).row(one.dossier)
    new = rank([*dossiers[:position], after, *dossiers[position + 1 :]], grid=GRID).row(one.dossier)
    if old.rank is None:
        assert new.rank is None
        return
    assert new.rank <= old.rank
    assert new.total >= old.total
    if old.status is RankStatus.ABOVE_THRESHOLD:
        assert new.status is RankStatus.ABOVE_THRESHOLD
        assert new.place <= old.place


@given(panels())
def test_equal_inputs_share_a_rank(dossiers):
    twin = replace(dossiers[0], dossier="twin")
    ranking = rank([*dossiers, twin], grid=GRID)
    one, other = ranking.row(dossiers[0].dossier), ranking.row("twin")
    assert (one.rank, one.place, one.total, one.status) == (
        other.rank,
        other.place,
        other.total,
        other.status,
    )


@given(panels())
def test_a_mark_equal_to_every_mean_is_neutral(dossiers):
    """A juror who gives everywhere what the others agree on moves nothing but the coverage."""
    unanimous = [
        replace(one, sheets=tuple(Sheet(juror, one.sheets[0].marks) for juror in JURORS[:3]))
        for one in dossiers
    ]
    fewer = [replace(one, sheets=one.sheets[:2]) for one in unanimous]
    assert [(row.dossier, row.rank, row.total) for row in rank(unanimous, grid=GRID).rows] == [
        (row.dossier, row.rank, row.total) for row in rank(fewer, grid=GRID).rows
    ]


@given(panels())
def test_ranks_are_competition_ranks(dossiers):
    ranking = rank(dossiers, grid=GRID)
    given_ranks = [row.rank for row in ranking.rows if row.rank is not None]
    assert given_ranks == sorted(given_ranks)
    for position in given_ranks:
        assert position == 1 + sum(other < position for other in given_ranks)
    totals = [row.total for row in ranking.rows if row.total is not None]
    assert all(better >= worse for better, worse in pairwise(totals))


@settings(max_examples=50)
@given(panels(), st.sampled_from([None, 0, 1, 2, 5]))
def test_stability_is_ranking_done_again_for_each_change(dossiers, places):
    """Every rank of the stability is the one that a whole new ranking gives."""
    found = stability(dossiers, grid=GRID, places=places)
    again = []
    jurors = sorted(
        {
            sheet.juror
            for one in dossiers
            for sheet in one.sheets
            if any(m is not None for m in sheet.marks.values())
        }
    )
    for juror in jurors:
        without = [
            replace(one, sheets=tuple(sheet for sheet in one.sheets if sheet.juror != juror))
            for one in dossiers
        ]
        again.append(rank(without, grid=GRID))
    for position in range(3):
        for factor in (Fraction(4, 5), Fraction(6, 5)):
            weights = [Fraction(one.weight) for one in GRID.criteria]
            weights[position] *= factor
            again.append(rank(dossiers, grid=_reweighted(weights)))
    base = rank(dossiers, grid=GRID)
    assert len(found.changes) == len(again)
    for row in found.rows:
        seen = [base.row(row.dossier).rank, *(one.row(row.dossier).rank for one in again)]
        ranks = [value for value in seen if value is not None]
        assert (row.best, row.worst) == (min(ranks, default=None), max(ranks, default=None))


def _reweighted(weights):
    whole = sum(weights)
    scaled = [weight * 100 / whole for weight in weights]
    return replace(
        GRID,
        criteria=tuple(
            replace(one, weight=ExactWeight(weight))
            for one, weight in zip(GRID.criteria, scaled, strict=True)
        ),
    )


class ExactWeight(Fraction):
    """A weight that no decimal can hold, such as 35 ÷ 1.08."""

    def is_finite(self) -> bool:
        return True
