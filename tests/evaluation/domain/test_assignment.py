from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.domain.assignment import (
    AssignmentProblem,
    AssignmentProblemCode,
    JurorSeat,
    propose_assignment,
)
from evaluation.enums import JuryRole

JURORS = tuple(JurorSeat(f"j{number}") for number in range(1, 8))


def names(count):
    return [f"d{number:03}" for number in range(count)]


@pytest.mark.parametrize(("count", "readers"), [(0, 0), (1, 7), (12, 7), (13, 3), (40, 3)])
def test_everybody_reads_everything_up_to_twelve(count, readers):
    proposal = propose_assignment(names(count), JURORS)
    assert len(proposal.assignments) == count * readers
    assert proposal.problems == ()
    for dossier in names(count):
        assert len(proposal.readers_of(dossier)) == readers


def test_the_chair_reads_and_substitutes_wait():
    jurors = [JurorSeat("chair", JuryRole.CHAIR), JurorSeat("j1"), JurorSeat("s1", JuryRole.SUBSTITUTE)]
    proposal = propose_assignment(["a"], jurors, at_least=2)
    assert proposal.readers_of("a") == ("chair", "j1")
    assert proposal.loads == {"chair": 1, "j1": 1}


def test_a_recused_juror_never_gets_the_dossier():
    proposal = propose_assignment(["a", "b"], JURORS, {("j1", "a")})
    assert "j1" not in proposal.readers_of("a")
    assert proposal.dossiers_of("j1") == ("b",)


def test_too_few_readers_is_explained_with_the_substitutes_who_could_step_in():
    jurors = (
        *JURORS[:3],
        JurorSeat("s1", JuryRole.SUBSTITUTE),
        JurorSeat("s2", JuryRole.SUBSTITUTE),
    )
    proposal = propose_assignment(["a", "b"], jurors, {("j1", "a"), ("s1", "a")})
    assert proposal.problems == (
        AssignmentProblem(
            AssignmentProblemCode.TOO_FEW_READERS, "a", readers=2, needed=3, substitutes=("s2",)
        ),
    )
    assert proposal.readers_of("a") == ("j2", "j3")


def test_no_juror_at_all():
    proposal = propose_assignment(["a"], [JurorSeat("s1", JuryRole.SUBSTITUTE)])
    assert proposal.problems == (AssignmentProblem(AssignmentProblemCode.NO_JUROR, needed=3),)
    assert proposal.assignments == ()


def test_loads_differ_by_one_at_most_without_conflicts():
    loads = propose_assignment(names(40), JURORS).loads
    assert Counter(loads.values()) == {17: 6, 18: 1}


def test_loads_stay_even_when_one_juror_is_barred_from_half():
    barred = {("j1", dossier) for dossier in names(40)[::2]}
    loads = propose_assignment(names(40), JURORS, barred).loads
    assert max(loads.values()) - min(loads.values()) == 1


def test_experts_are_preferred_at_equal_load():
    jurors = [
        JurorSeat(f"j{number}", sectors=frozenset({"digital"} if number > 4 else ()))
        for number in range(1, 8)
    ]
    proposal = propose_assignment(names(13), jurors, sectors={"d000": "digital"})
    assert proposal.readers_of("d000") == ("j5", "j6", "j7")


@st.composite
def juries(draw):
    dossiers = names(draw(st.integers(0, 25)))
    jurors = [JurorSeat(f"j{number}") for number in range(draw(st.integers(1, 7)))]
    pairs = [(seat.juror, dossier) for seat in jurors for dossier in dossiers]
    barred = draw(st.sets(st.sampled_from(pairs), max_size=len(pairs) // 2)) if pairs else set()
    return dossiers, jurors, barred


@given(juries(), st.randoms(use_true_random=False))
def test_what_holds_for_every_jury(jury, random):
    dossiers, jurors, barred = jury
    proposal = propose_assignment(dossiers, jurors, barred)
    assert not set(proposal.assignments) & barred
    assert len(set(proposal.assignments)) == len(proposal.assignments)
    short = {problem.dossier for problem in proposal.problems}
    for dossier in dossiers:
        eligible = sum((seat.juror, dossier) not in barred for seat in jurors)
        expected = eligible if len(dossiers) <= 12 else min(3, eligible)
        assert len(proposal.readers_of(dossier)) == expected
        assert (dossier in short) is (expected < 3)
    assert sum(proposal.loads.values()) == len(proposal.assignments)
    shuffled = propose_assignment(
        random.sample(dossiers, len(dossiers)), random.sample(jurors, len(jurors)), barred
    )
    assert shuffled == proposal


@given(juries())
def test_no_single_hand_over_would_be_fairer(jury):
    dossiers, jurors, barred = jury
    if len(dossiers) <= 12:
        return
    proposal = propose_assignment(dossiers, jurors, barred)
    for giver, dossier in proposal.assignments:
        for seat in jurors:
            taker = seat.juror
            if (taker, dossier) in barred or taker in proposal.readers_of(dossier):
                continue
            assert proposal.loads[taker] >= proposal.loads[giver] - 1


def test_a_thousand_dossiers_are_shared_among_forty():
    jurors = [JurorSeat(f"j{number:02}") for number in range(40)]
    loads = propose_assignment(names(1000), jurors, {("j00", dossier) for dossier in names(700)}).loads
    assert set(loads.values()) == {75}
