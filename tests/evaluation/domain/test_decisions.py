from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.domain.decisions import (
    DELIBERATED,
    Departure,
    OutcomeProblem,
    ProposedOutcome,
    SigningFacts,
    SigningProblem,
    departures,
    outcome_problems,
    reserve_rank_problems,
    signing_problems,
)
from evaluation.domain.decisions import OutcomeProblemCode as C
from evaluation.domain.ranking import rank
from evaluation.domain.standings import TieVote
from evaluation.enums import DecisionStatus, Outcome
from tests.evaluation.domain.builders import dossier, plain_grid

LABELLED, RESERVE, NOT_SELECTED = Outcome.LABELLED, Outcome.RESERVE, Outcome.NOT_SELECTED
BETTER, WORSE = Departure.BETTER_THAN_PLACE, Departure.WORSE_THAN_PLACE


def ranking_of(*marks, votes=()):
    """Dossiers a, b, c, … with the same mark on every criterion; `None` is left unmarked."""
    dossiers = [
        dossier(name, (mark, mark, mark)) for name, mark in zip("abcdefgh"[: len(marks)], marks, strict=True)
    ]
    return rank(dossiers, grid=plain_grid(), votes=votes)


FOUR = ranking_of("5", "4.5", "4", "3.5")


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        pytest.param("LLRN", {}, id="in order"),
        pytest.param("LLLL", {}, id="all labelled"),
        pytest.param("NNNN", {}, id="none selected"),
        pytest.param("RRNN", {}, id="reserve only"),
        pytest.param("NLLL", {"a": WORSE, "d": BETTER}, id="first passed over"),
        pytest.param("LLNR", {"c": WORSE, "d": BETTER}, id="reserve out of order"),
        pytest.param("LNLN", {"b": WORSE, "c": BETTER}, id="second passed over"),
        pytest.param("RLNN", {"a": WORSE, "b": BETTER}, id="reserve before label"),
        pytest.param("NNNL", {"a": WORSE, "d": BETTER}, id="last alone"),
    ],
)
def test_departures_from_the_order(outcomes, expected):
    assert departures(FOUR, chosen(outcomes)) == expected


def chosen(letters):
    meaning = {"L": LABELLED, "R": RESERVE, "N": NOT_SELECTED}
    return {name: meaning[letter] for name, letter in zip("abcdefgh"[: len(letters)], letters, strict=True)}


@pytest.mark.parametrize(
    ("outcomes", "places", "expected"),
    [
        pytest.param("LLNN", 2, {}, id="as many as places"),
        pytest.param("LNNN", 2, {"b": WORSE}, id="a place left empty"),
        pytest.param("LLLN", 2, {"c": BETTER}, id="one label too many"),
        pytest.param("LLLL", 9, {}, id="more places than dossiers"),
        pytest.param("NNNN", 0, {}, id="no place"),
    ],
)
def test_departures_from_a_fixed_number_of_places(outcomes, places, expected):
    assert departures(FOUR, chosen(outcomes), places=places) == expected


def test_below_threshold_and_not_rankable():
    ranking = rank(
        [dossier("a", ("5", "5", "5")), dossier("b", ("2", "2", "2")), dossier("c", ("5", None, "5"))],
        grid=plain_grid(),
    )
    assert departures(ranking, chosen("LNN")) == {}
    assert departures(ranking, chosen("LRL")) == {
        "b": Departure.BELOW_THRESHOLD,
        "c": Departure.NOT_RANKABLE,
    }


def test_level_dossiers_share_what_falls_to_them():
    tied = ranking_of("5", "4", "4", "3.5")
    assert departures(tied, chosen("LLNN")) == {}
    assert departures(tied, chosen("LNLN")) == {}
    assert departures(tied, chosen("LNNL")) == {"b": WORSE, "c": WORSE, "d": BETTER}
    voted = ranking_of("5", "4", "4", "3.5", votes=[TieVote(("c", "b"), "Secteur.")])
    assert departures(voted, chosen("LLNN")) == {"c": WORSE, "b": BETTER}
    assert departures(voted, chosen("LNLN")) == {}


def test_undecided_dossiers_are_left_out():
    assert departures(FOUR, {"b": LABELLED}) == {}
    assert departures(FOUR, {}) == {}


@given(
    st.lists(st.sampled_from(["3.5", "4", "4.5", "5"]), min_size=1, max_size=8),
    st.integers(0, 8),
    st.integers(0, 8),
)
def test_following_the_ranking_is_never_a_departure(marks, labels, reserves):
    ranking = ranking_of(*marks)
    given_outcomes = [LABELLED] * labels + [RESERVE] * reserves + [NOT_SELECTED] * len(marks)
    outcomes = {row.dossier: outcome for row, outcome in zip(ranking.rows, given_outcomes, strict=False)}
    assert departures(ranking, outcomes) == {}


def proposed(**changes):
    facts = {
        "dossier": "a",
        "outcome": LABELLED,
        "reasons_fr": "Les seuils sont atteints.",
        "reasons_ar": "العتبات مبلوغة.",
    }
    return ProposedOutcome(**{**facts, **changes})


class TestOutcomeProblems:
    @pytest.mark.parametrize(
        ("changes", "departure", "codes"),
        [
            pytest.param({}, None, [], id="sound"),
            pytest.param({"outcome": None}, None, [C.OUTCOME_MISSING], id="no outcome"),
            pytest.param(
                {"outcome": Outcome.INADMISSIBLE},
                None,
                [C.NOT_A_DELIBERATED_OUTCOME],
                id="not the jury's word",
            ),
            pytest.param({"reasons_fr": " \n"}, None, [C.REASON_FR_MISSING], id="no French"),
            pytest.param({"reasons_ar": ""}, None, [C.REASON_AR_MISSING], id="no Arabic"),
            pytest.param(
                {"outcome": NOT_SELECTED, "reasons_fr": "", "reasons_ar": ""},
                None,
                [C.REASON_FR_MISSING, C.REASON_AR_MISSING],
                id="refusal without reasons",
            ),
            pytest.param({"reasons_ar": "Insuffisant."}, None, [C.REASON_AR_NOT_ARABIC], id="French twice"),
            pytest.param({"reasons_fr": "غير كاف."}, None, [C.REASON_FR_NOT_FRENCH], id="Arabic twice"),
            pytest.param({}, BETTER, [C.DEPARTURE_REASON_MISSING], id="departure unexplained"),
            pytest.param(
                {"departure_reason": " "}, WORSE, [C.DEPARTURE_REASON_MISSING], id="departure blank"
            ),
            pytest.param({"departure_reason": "Secteur non couvert."}, BETTER, [], id="departure explained"),
            pytest.param({"outcome": RESERVE}, None, [C.RESERVE_RANK_MISSING], id="reserve without rank"),
            pytest.param({"outcome": RESERVE, "reserve_rank": 1}, None, [], id="reserve with rank"),
            pytest.param({"reserve_rank": 1}, None, [C.RESERVE_RANK_UNEXPECTED], id="rank without reserve"),
            pytest.param({"quorum_met": False}, None, [C.QUORUM_NOT_MET], id="no quorum"),
        ],
    )
    def test_named_cases(self, changes, departure, codes):
        found = outcome_problems(proposed(**changes), departure=departure)
        assert [problem.code for problem in found] == codes

    def test_no_juror_and_no_rival_is_named(self):
        reasons = proposed(
            reasons_fr="Selon juré  démonstration 1, moins bon que le Cluster Démonstration Atlas.",
            reasons_ar="رأي عضو تجريبي واضح.",
        )
        found = outcome_problems(
            reasons,
            departure=None,
            juror_names=["Juré Démonstration 1", "Juré Démonstration 12", "عضو تجريبي", ""],
            rival_names=["Cluster Démonstration Atlas", "Cluster Démonstration At"],
        )
        assert found == (
            OutcomeProblem(C.NAMES_A_JUROR, "a", "Juré Démonstration 1"),
            OutcomeProblem(C.NAMES_A_JUROR, "a", "عضو تجريبي"),
            OutcomeProblem(C.NAMES_A_RIVAL, "a", "Cluster Démonstration Atlas"),
        )


@pytest.mark.parametrize(
    ("ranks", "faulty"),
    [
        ({}, ()),
        ({"a": 1, "b": 2}, ()),
        ({"a": 1, "b": None}, ()),
        ({"a": 1, "b": 1}, ("a", "b")),
        ({"a": 1, "b": 3}, ("b",)),
        ({"a": 0, "b": 1}, ("a",)),
    ],
)
def test_reserve_ranks_are_1_2_3(ranks, faulty):
    assert reserve_rank_problems(ranks) == faulty


def signing(**changes):
    facts = {
        "outcome": LABELLED,
        "status": DecisionStatus.PROPOSED,
        "reasons_fr": "Motif.",
        "reasons_ar": "تعليل.",
        "proposed_by": "officer",
        "signed_by": "minister",
    }
    return signing_problems(SigningFacts(**{**facts, **changes}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ()),
        ({"status": DecisionStatus.SIGNED}, (SigningProblem.ALREADY_SIGNED,)),
        ({"signed_by": "officer"}, (SigningProblem.SIGNER_IS_PROPOSER,)),
        ({"signer_sat_on_jury": True}, (SigningProblem.SIGNER_SAT_ON_JURY,)),
        ({"signer_in_team": True}, (SigningProblem.SIGNER_IN_TEAM,)),
        (
            {"outcome": NOT_SELECTED, "reasons_fr": " ", "reasons_ar": ""},
            (SigningProblem.REASON_FR_MISSING, SigningProblem.REASON_AR_MISSING),
        ),
        ({"is_list_frozen": False}, (SigningProblem.LIST_NOT_FROZEN,)),
        ({"is_list_frozen": False, "outcome": Outcome.INADMISSIBLE}, ()),
        ({"rests_on_unconfirmed_fact": True}, (SigningProblem.UNCONFIRMED_FACT,)),
    ],
)
def test_signing_problems(changes, expected):
    assert signing(**changes) == expected


def test_every_outcome_but_inadmissible_is_deliberated():
    assert set(DELIBERATED) == set(Outcome) - {Outcome.INADMISSIBLE}


def test_a_consensus_mark_moves_the_order_that_is_departed_from():
    dossiers = [dossier("a", ("5", "5", "5")), dossier("b", ("4", "4", "4"))]
    agreed = {("a", code): Decimal("3.5") for code in ("strategy", "innovation", "international")}
    moved = rank(dossiers, grid=plain_grid(), consensus=agreed)
    assert departures(moved, chosen("LN")) == {"a": BETTER, "b": WORSE}
