import time
from decimal import Decimal

import pytest

from evaluation.domain.default_grid import DEFAULT_GRID
from evaluation.domain.grids import GridRefused
from evaluation.domain.ranking import DossierMarks, rank
from evaluation.domain.scoring import Sheet
from evaluation.domain.stability import Change, ChangeKind, Side, Swing, Verdict, stability
from evaluation.domain.standings import TieVote
from tests.evaluation.domain.builders import I, N, S, dossier, plain_grid

WITHOUT, LOWER, HIGHER = ChangeKind.WITHOUT_JUROR, ChangeKind.WEIGHT_LOWER, ChangeKind.WEIGHT_HIGHER


def test_the_changes_are_each_juror_and_each_weight_both_ways():
    found = stability([dossier("a", ("4", "4", "4"), ("4", "4", "4"))], grid=plain_grid())
    assert found.changes == (
        Change(WITHOUT, "j1"),
        Change(WITHOUT, "j2"),
        Change(LOWER, S),
        Change(HIGHER, S),
        Change(LOWER, I),
        Change(HIGHER, I),
        Change(LOWER, N),
        Change(HIGHER, N),
    )


def test_a_clear_gap_is_stable():
    found = stability(
        [dossier("a", *[("5", "5", "5")] * 3), dossier("b", *[("3.5", "3.5", "3.5")] * 3)],
        grid=plain_grid(),
        places=1,
    )
    assert [(row.dossier, row.rank, row.best, row.worst, row.side, row.verdict) for row in found.rows] == [
        ("a", 1, 1, 1, Side.INSIDE, Verdict.STABLE),
        ("b", 2, 2, 2, Side.OUTSIDE, Verdict.STABLE),
    ]


def test_a_rank_that_hangs_on_one_juror():
    found = stability(
        [
            dossier("a", ("5", "5", "5"), ("3.5", "3.5", "3.5"), ("3.5", "3.5", "3.5")),
            dossier("b", ("3.5", "3.5", "3.5"), ("4", "4", "4"), ("4", "4", "4")),
        ],
        grid=plain_grid(),
        places=1,
    )
    first = found.row("a")
    assert (first.rank, first.best, first.worst, first.verdict) == (1, 1, 2, Verdict.FRAGILE)
    assert first.crossings == (Swing(Change(WITHOUT, "j1"), 2, Side.OUTSIDE),)
    assert found.row("b").crossings == (Swing(Change(WITHOUT, "j1"), 1, Side.INSIDE),)


def test_a_rank_that_hangs_on_one_weight():
    # Totals 70 and 70.5; with innovation at 32 of 92 the first leads.
    found = stability(
        [dossier("a", ("4", "3", "3.5")), dossier("b", ("3", "4", "3.5"))],
        grid=plain_grid(pass_total=Decimal(60)),
        places=1,
    )
    assert [row.dossier for row in found.rows] == ["b", "a"]
    changes = [swing.change for swing in found.row("b").crossings if swing.change.kind is not WITHOUT]
    assert changes == [Change(HIGHER, S), Change(LOWER, I)]


def test_the_threshold_is_a_line_too():
    found = stability([dossier("a", ("3", "3", "4"), ("3", "3", "4"))], grid=plain_grid())
    row = found.row("a")
    assert (row.side, row.verdict) == (Side.INSIDE, Verdict.FRAGILE)
    assert [swing.change for swing in row.crossings] == [
        Change(HIGHER, S),
        Change(HIGHER, I),
        Change(LOWER, N),
    ]
    assert (row.best, row.worst) == (1, 1)


def test_a_tie_across_the_line_is_fragile_until_the_vote():
    level = [dossier(name, *[("4", "4", "4")] * 3) for name in "ab"]
    open_tie = stability(level, grid=plain_grid(), places=1)
    assert [(row.side, row.verdict) for row in open_tie.rows] == [(Side.AT_LINE, Verdict.FRAGILE)] * 2
    voted = stability(level, grid=plain_grid(), places=1, votes=[TieVote(("b", "a"), "Motif.")])
    assert [(row.dossier, row.side, row.verdict) for row in voted.rows] == [
        ("b", Side.INSIDE, Verdict.STABLE),
        ("a", Side.OUTSIDE, Verdict.STABLE),
    ]
    both = stability(level, grid=plain_grid(), places=2)
    assert [row.side for row in both.rows] == [Side.INSIDE] * 2


def test_a_dossier_with_one_juror_falls_without_that_juror():
    row = stability([dossier("a", ("5", "5", "5"))], grid=plain_grid()).row("a")
    assert (row.rank, row.best, row.worst, row.unrankable, row.verdict) == (1, 1, 1, 1, Verdict.FRAGILE)
    assert row.crossings == (Swing(Change(WITHOUT, "j1"), None, Side.OUTSIDE),)


def test_a_dossier_that_cannot_be_ranked_has_no_range():
    row = stability([dossier("a", ("5", None, "5"))], grid=plain_grid()).row("a")
    assert (row.rank, row.best, row.worst, row.side, row.unrankable) == (None, None, None, Side.OUTSIDE, 0)
    assert row.verdict is Verdict.STABLE


def test_a_consensus_mark_stays_without_the_juror():
    sheets = [("1", "4", "4"), ("5", "4", "4"), ("5", "4", "4")]
    agreed = {("a", S): Decimal(4)}
    row = stability([dossier("a", *sheets)], grid=plain_grid(), consensus=agreed, places=1).row("a")
    assert row.verdict is Verdict.STABLE
    assert stability([dossier("a", *sheets)], grid=plain_grid()).row("a").verdict is Verdict.STABLE


def test_no_dossier_and_no_place():
    assert stability([], grid=plain_grid()).rows == ()
    row = stability([dossier("a", ("5", "5", "5"))], grid=plain_grid(), places=0).row("a")
    assert (row.side, row.verdict) == (Side.OUTSIDE, Verdict.STABLE)


def test_refuses_nonsense():
    with pytest.raises(ValueError, match="zero places"):
        stability([], grid=plain_grid(), places=-1)
    with pytest.raises(GridRefused):
        stability([], grid=plain_grid(weights=(1, 1, 1)))


def test_a_thousand_dossiers_of_five_jurors_take_seconds_not_minutes():
    """A generous bound for a busy machine; the benchmark prints the real figures."""
    keys = [(one.code, sub.code) for one in DEFAULT_GRID.criteria for sub in one.subcriteria]
    dossiers = [
        DossierMarks(
            f"d{number:04}",
            tuple(
                Sheet(
                    f"j{juror}",
                    {
                        key: Decimal((number * 7 + juror * 5 + place * 3 + number // 11) % 6 + 5) / 2
                        for place, key in enumerate(keys)
                    },
                )
                for juror in range(5)
            ),
        )
        for number in range(1000)
    ]
    begun = time.process_time()
    ranking = rank(dossiers, grid=DEFAULT_GRID)
    found = stability(dossiers, grid=DEFAULT_GRID, places=10)
    assert time.process_time() - begun < 5
    assert [row.dossier for row in found.rows] == [row.dossier for row in ranking.rows]
    assert len(found.changes) == 5 + 6
