from decimal import Decimal
from fractions import Fraction as F

import pytest

from evaluation.domain.grids import GridRefused
from evaluation.domain.ranking import TOTAL, DossierMarks, Tie, rank
from evaluation.domain.scoring import Sheet, display
from evaluation.domain.severity import Severity, severities
from evaluation.domain.standings import UNRESOLVED, VOTE, TieVote
from evaluation.enums import RankStatus
from tests.evaluation.domain.builders import I, N, S, dossier, plain_grid, sheet

ABOVE, BELOW, NOT_RANKABLE = RankStatus.ABOVE_THRESHOLD, RankStatus.BELOW_THRESHOLD, RankStatus.NOT_RANKABLE


def ranked(*dossiers, **kwargs):
    return rank(dossiers, grid=kwargs.pop("grid", plain_grid()), **kwargs)


def ranks(ranking):
    return {row.dossier: row.rank for row in ranking.rows}


class TestOneDossier:
    def test_every_figure_of_a_row(self):
        row = ranked(dossier("a", ("3", "4", "3.5"), ("4", "4.5", "3"), ("3", "5", "3"))).row("a")
        assert row.criterion(S).mark == F(10, 3)
        assert row.criterion(I).mark == F(9, 2)
        assert row.criterion(N).mark == F(19, 6)
        assert row.total == (F(10, 3) * 35 + F(9, 2) * 40 + F(19, 6) * 25) / 5 == F(451, 6)
        assert display(row.total) == Decimal("75.17")
        assert row.juror_totals == (("j1", F(141, 2)), ("j2", F(79)), ("j3", F(76)))
        assert (row.median, row.spread) == (F(76), F(17, 2))
        assert [(one.median, one.spread) for one in row.criteria] == [(3, 1), (F(9, 2), 1), (3, F(1, 2))]
        assert (row.rank, row.place, row.status) == (1, 1, ABOVE)
        assert (row.coverage, row.jurors_count, row.quorum_met) == (1, 3, True)
        assert (row.missed, row.unmarked, row.settled_by) == ((), (), "")

    def test_an_absent_mark_leaves_both_sides_of_the_mean_and_lowers_the_coverage(self):
        row = ranked(dossier("a", ("3", "4", None), ("5", "4", "3"), ("4", None, None))).row("a")
        assert [one.mark for one in row.criteria] == [4, 4, 3]
        assert row.total == 75
        assert row.coverage == F(6, 9)
        assert row.juror_totals == (("j1", F(265, 75) * 20), ("j2", F(82)), ("j3", F(80)))

    def test_a_juror_who_gave_nothing_only_lowers_the_coverage(self):
        row = ranked(dossier("a", ("3", "3", "3"), ("4", "4", "4"), (None, None, None))).row("a")
        assert row.total == 70
        assert row.coverage == F(2, 3)
        assert (row.jurors_count, row.quorum_met) == (2, False)

    def test_a_criterion_without_mark_makes_the_dossier_not_rankable(self):
        row = ranked(dossier("a", ("5", None, "5"), ("5", None, "5"))).row("a")
        assert (row.status, row.rank, row.place, row.total) == (NOT_RANKABLE, None, None, None)
        assert row.unmarked == (I,)
        assert row.criterion(S).mark == 5

    @pytest.mark.parametrize("marks", [(), ((None, None, None),)])
    def test_without_any_mark(self, marks):
        row = ranked(dossier("a", *marks)).row("a")
        assert (row.status, row.coverage, row.median, row.spread) == (NOT_RANKABLE, 0, None, None)
        assert row.unmarked == (S, I, N)

    def test_no_dossier(self):
        ranking = ranked()
        assert (ranking.rows, ranking.ties) == ((), ())

    def test_a_single_juror_has_no_spread(self):
        row = ranked(dossier("a", ("4", "4", "4"))).row("a")
        assert (row.spread, row.median, row.total) == (0, 80, 80)


class TestThresholds:
    @pytest.mark.parametrize(
        ("marks", "status", "missed"),
        [
            pytest.param(("3", "3.5", "3.5"), ABOVE, (), id="criterion at 3"),
            pytest.param(("2.5", "4", "4"), BELOW, (S,), id="criterion under 3, total over"),
            pytest.param(("3", "3", "3"), BELOW, (TOTAL,), id="60 under 65"),
            pytest.param(("2.5", "2.5", "2.5"), BELOW, (S, I, N, TOTAL), id="everything under"),
            pytest.param(("3", "3", "4"), ABOVE, (), id="exactly 65"),
        ],
    )
    def test_named_cases(self, marks, status, missed):
        row = ranked(dossier("a", marks)).row("a")
        assert (row.status, row.missed) == (status, missed)

    def test_a_mean_of_exactly_3_over_three_jurors_meets_the_threshold(self):
        row = ranked(dossier("a", ("2", "4", "4"), ("3.5", "4", "4"), ("3.5", "4", "4"))).row("a")
        assert row.criterion(S).mark == 3
        assert row.status is ABOVE

    def test_what_rounds_to_the_threshold_does_not_meet_it(self):
        grid = plain_grid(weights=("33.34", "33.33", "33.33"), pass_total=Decimal("66.67"))
        row = rank([dossier("a", ("3", "3", "4"), ("3", "4", "3"), ("4", "3", "3"))], grid=grid).row("a")
        assert row.total == F(200, 3)
        assert display(row.total) == Decimal("66.67")
        assert (row.status, row.missed) == (BELOW, (TOTAL,))

    def test_thirds_that_add_up_reach_the_threshold_exactly(self):
        grid = plain_grid(pass_total=Decimal("66.67"))
        row = rank([dossier("a", *[("3.5", "3.5", "3")] * 3)], grid=grid).row("a")
        assert (row.total, row.status) == (F("67.5"), ABOVE)

    def test_places_skip_those_who_miss_a_threshold_while_ranks_do_not(self):
        ranking = ranked(
            dossier("a", ("2.5", "5", "5")),
            dossier("b", ("4", "4", "4")),
            dossier("c", ("3.5", "3.5", "3.5")),
        )
        assert [(row.dossier, row.rank, row.place) for row in ranking.rows] == [
            ("a", 1, None),
            ("b", 2, 1),
            ("c", 3, 2),
        ]

    def test_all_below(self):
        ranking = ranked(dossier("a", ("1", "1", "1")), dossier("b", ("2", "2", "2")))
        assert {row.status for row in ranking.rows} == {BELOW}
        assert ranks(ranking) == {"b": 1, "a": 2}


class TestTies:
    def test_ranks_go_1_2_2_4(self):
        ranking = ranked(
            dossier("d", ("3", "3", "3")),
            dossier("c", ("4", "4", "4")),
            dossier("b", ("4", "4", "4")),
            dossier("a", ("5", "5", "5")),
        )
        assert ranks(ranking) == {"a": 1, "b": 2, "c": 2, "d": 4}
        assert ranking.ties == (Tie(2, ("b", "c")),)
        assert [row.settled_by for row in ranking.rows] == ["", UNRESOLVED, UNRESOLVED, ""]
        assert [(row.place, row.last_place) for row in ranking.rows][:3] == [(1, 1), (2, 3), (2, 3)]

    def test_equal_totals_by_different_means_are_a_tie(self):
        """(3+3+4)/3 and 10/3 through two sub-routes are one number; rounded decimals would tell them apart."""
        one = dossier("a", ("3", "4", "4"), ("3", "4", "4"), ("4", "4", "4"))
        other = dossier("b", ("4", "4", "4"), ("3", "4", "4"), ("3", "4", "4"))
        ranking = ranked(one, other)
        assert ranks(ranking) == {"a": 1, "b": 1}

    def test_innovation_decides_first(self):
        # 8 points of strategy weigh as much as 7 of innovation: 35 × 8 = 40 × 7.
        grid = plain_grid(weights=(40, 40, 20))
        ranking = rank([dossier("a", ("4", "3", "3")), dossier("b", ("3", "4", "3"))], grid=grid)
        assert ranking.row("a").total == ranking.row("b").total == 68
        assert ranks(ranking) == {"b": 1, "a": 2}
        assert {row.settled_by for row in ranking.rows} == {I}
        assert ranking.ties == ()

    def test_then_strategy(self):
        grid = plain_grid(weights=(40, 20, 40))
        ranking = rank([dossier("a", ("3", "3", "4")), dossier("b", ("4", "3", "3"))], grid=grid)
        assert ranks(ranking) == {"b": 1, "a": 2}
        assert {row.settled_by for row in ranking.rows} == {S}

    def test_the_order_is_the_grid_s(self):
        grid = plain_grid(weights=(40, 40, 20), tie_break=(S, I, N))
        ranking = rank([dossier("a", ("4", "3", "3")), dossier("b", ("3", "4", "3"))], grid=grid)
        assert ranks(ranking) == {"a": 1, "b": 2}

    def test_a_tie_of_three_can_be_settled_for_one_only(self):
        grid = plain_grid(weights=(40, 40, 20))
        ranking = rank(
            [dossier("a", ("4", "3", "3")), dossier("b", ("3", "4", "3")), dossier("c", ("4", "3", "3"))],
            grid=grid,
        )
        assert ranks(ranking) == {"b": 1, "a": 2, "c": 2}
        assert [row.settled_by for row in ranking.rows] == [I, UNRESOLVED, UNRESOLVED]
        assert ranking.ties == (Tie(2, ("a", "c")),)

    def test_all_tied(self):
        ranking = ranked(*(dossier(name, ("4", "4", "4")) for name in "cab"))
        assert ranks(ranking) == {"a": 1, "b": 1, "c": 1}
        assert ranking.ties == (Tie(1, ("a", "b", "c")),)

    def test_the_vote_comes_last(self):
        names = [dossier(name, ("4", "4", "4")) for name in "abc"]
        ranking = ranked(*names, votes=[TieVote(("c", "a", "b"), "Secteur non encore couvert.")])
        assert [(row.dossier, row.rank, row.place, row.settled_by) for row in ranking.rows] == [
            ("c", 1, 1, VOTE),
            ("a", 2, 2, VOTE),
            ("b", 3, 3, VOTE),
        ]
        assert ranking.ties == ()

    def test_a_vote_never_overrules_the_marks(self):
        ranking = ranked(
            dossier("a", ("4", "4", "4")),
            dossier("b", ("5", "5", "5")),
            votes=[TieVote(("a", "b"), "Sans effet.")],
        )
        assert ranks(ranking) == {"b": 1, "a": 2}

    def test_a_vote_that_forgets_one_settles_nothing(self):
        names = [dossier(name, ("4", "4", "4")) for name in "abc"]
        ranking = ranked(*names, votes=[TieVote(("b", "a"), "Incomplet.")])
        assert ranks(ranking) == {"a": 1, "b": 1, "c": 1}


class TestDiscussion:
    @pytest.mark.parametrize(
        ("high", "alert"), [("4", False), ("4.5", True), ("5", True)], ids=["1.0", "1.5", "2.0"]
    )
    def test_a_spread_of_one_and_a_half_asks_for_it(self, high, alert):
        row = ranked(dossier("a", ("3", "4", "4"), (high, "4", "4"))).row("a")
        assert row.criterion(S).alert is alert
        assert row.needs_discussion is alert
        assert row.to_discuss == ((S,) if alert else ())

    def test_a_consensus_mark_replaces_the_mean_and_keeps_the_originals(self):
        one = dossier("a", ("2", "4", "4"), ("5", "4", "4"))
        row = ranked(one, consensus={("a", S): Decimal("4.5")}).row("a")
        criterion = row.criterion(S)
        assert (criterion.mark, criterion.is_consensus) == (F(9, 2), True)
        assert (criterion.jurors_mean, criterion.spread) == (F(7, 2), 3)
        assert criterion.marks == (("j1", F(2)), ("j2", F(5)))
        assert row.total == F("83.5")
        assert (criterion.alert, criterion.needs_discussion, row.to_discuss) == (True, False, ())

    def test_a_consensus_on_another_dossier_changes_nothing_here(self):
        one = dossier("a", ("2", "4", "4"), ("5", "4", "4"))
        assert ranked(one, consensus={("b", S): Decimal(0)}) == ranked(one)

    def test_a_consensus_can_lift_a_dossier_over_the_threshold(self):
        one = dossier("a", ("2.5", "4", "4"))
        assert ranked(one).row("a").status is BELOW
        assert ranked(one, consensus={("a", S): Decimal(3)}).row("a").status is ABOVE


class TestRefusals:
    def test_an_unsound_grid(self):
        with pytest.raises(GridRefused):
            rank([dossier("a", ("4", "4", "4"))], grid=plain_grid(weights=(35, 40, 24)))

    def test_a_dossier_twice(self):
        with pytest.raises(ValueError, match="twice"):
            ranked(dossier("a", ("4", "4", "4")), dossier("a", ("4", "4", "4")))

    def test_a_juror_twice_on_one_dossier(self):
        twice = DossierMarks("a", (sheet("j1", "4", "4", "4"), sheet("j1", "4", "4", "4")))
        with pytest.raises(ValueError, match="two sheets"):
            ranked(twice)


def test_a_late_conflict_takes_the_juror_s_marks_out_of_every_figure():
    kept = [("3", "3", "3"), ("4", "4", "4"), ("4", "4", "4")]
    before = ranked(dossier("a", *kept, ("0", "0", "0"))).row("a")
    after = ranked(dossier("a", *kept)).row("a")
    assert (before.total, before.status) == (55, BELOW)
    assert (after.total, after.status) == (F(220, 3), ABOVE)
    assert (before.quorum_met, after.quorum_met) == (True, True)


def test_marks_of_the_default_shape_are_weighted_within_their_criterion():
    sheets = (
        Sheet(
            "j1", {(S, "only"): Decimal(4), (I, "only"): Decimal(4), (N, "only"): Decimal(4), (N, "x"): None}
        ),
    )
    assert ranked(DossierMarks("a", sheets)).row("a").total == 80


def test_severity_compares_with_those_who_read_the_same_dossiers():
    rows = ranked(
        dossier("a", ("5", "5", "5"), ("4", "4", "4")),
        dossier("b", ("4", "4", "4"), ("2", "2", "2")),
        DossierMarks("c", (sheet("j3", "1", "1", "1"),)),
    ).rows
    assert severities(rows) == (
        Severity("j1", 2, F(90), F(30)),
        Severity("j2", 2, F(60), F(-30)),
        Severity("j3", 1, F(20), None),
    )
