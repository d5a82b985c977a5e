import json
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal

import pytest

from evaluation.domain.ranking import DossierMarks, rank
from evaluation.domain.runs import (
    POLICY,
    canonical,
    check_run,
    digest,
    grid_document,
    inputs_document,
    output_document,
    restored,
    run_ranking,
)
from evaluation.domain.scoring import Sheet
from evaluation.domain.standings import TieVote
from evaluation.enums import CriterionCode
from tests.evaluation.domain.builders import I, N, S, dossier, plain_grid

DOSSIERS = [
    dossier("a", ("3", "4", None), ("4", "4.5", "3"), ("3", "5", "3.5")),
    dossier("b", ("4", "4", "4")),
    dossier("c", ("4", "4", "4")),
    dossier("d", ("5", None, "5")),
]
CONSENSUS = {("a", S): Decimal("3.5")}
VOTES = [TieVote(("c", "b"), "Secteur non encore couvert.")]


def the_run():
    return run_ranking(DOSSIERS, grid=plain_grid(), consensus=CONSENSUS, votes=VOTES)


def stored(document):
    """As a JSON column gives it back, keys in any order."""
    return json.loads(json.dumps(document, sort_keys=True))


def check(run, document=None):
    return check_run(
        stored(document or run.document), inputs_digest=run.inputs_digest, output_digest=run.output_digest
    )


def test_the_exact_output_of_one_row():
    row = run_ranking([DOSSIERS[0]], grid=plain_grid()).document["output"]["rows"][0]
    assert row == {
        "dossier": "a",
        "status": "above_threshold",
        "rank": 1,
        "place": 1,
        "total": "907/12",
        "median": "157/2",
        "spread": "25/3",
        "coverage": "8/9",
        "missed": [],
        "settled_by": "",
        "criteria": {
            S: {"mark": "10/3", "jurors_mean": "10/3", "median": "3", "spread": "1", "is_consensus": False},
            I: {"mark": "9/2", "jurors_mean": "9/2", "median": "9/2", "spread": "1", "is_consensus": False},
            N: {
                "mark": "13/4",
                "jurors_mean": "13/4",
                "median": "13/4",
                "spread": "1/2",
                "is_consensus": False,
            },
        },
    }


def test_recomputing_says_identical():
    run = the_run()
    found = check(run)
    assert found.is_identical
    assert (found.inputs_intact, found.same_policy, found.differences) == (True, True, ())


def test_the_inputs_give_back_the_facts():
    dossiers, grid, consensus, votes = restored(stored(the_run().document["inputs"]))
    assert grid == plain_grid()
    assert (consensus, votes) == (CONSENSUS, VOTES)
    assert rank(dossiers, grid=grid, consensus=consensus, votes=votes) == rank(
        DOSSIERS, grid=plain_grid(), consensus=CONSENSUS, votes=VOTES
    )


def test_order_spelling_and_absence_do_not_change_the_digest():
    same = [
        DossierMarks(
            one.dossier,
            tuple(
                Sheet(
                    sheet.juror,
                    {
                        (CriterionCode(code), sub): mark + Decimal("0.00")
                        for (code, sub), mark in reversed(sheet.marks.items())
                        if mark is not None
                    },
                )
                for sheet in reversed(one.sheets)
            ),
        )
        for one in reversed(DOSSIERS)
    ]
    grid = plain_grid(weights=("35.00", "40.0", "25"), pass_total=Decimal("65.00"))
    other = run_ranking(same, grid=grid, consensus={("a", S): Decimal("3.50")}, votes=VOTES)
    assert (other.inputs_digest, other.output_digest) == (the_run().inputs_digest, the_run().output_digest)


@pytest.mark.parametrize(
    "changes",
    [
        {"dossiers": DOSSIERS[:3]},
        {"dossiers": [dossier("a", ("3", "4", "0.5")), *DOSSIERS[1:]]},
        {"dossiers": [replace(DOSSIERS[0], dossier="z"), *DOSSIERS[1:]]},
        {"consensus": {}},
        {"votes": []},
        {"votes": [TieVote(("c", "b"), "Autre motif.")]},
        {"grid": plain_grid(weights=(34, 41, 25))},
        {"grid": plain_grid(pass_total=Decimal(60))},
        {"grid": plain_grid(tie_break=(S, I, N))},
        {"grid": plain_grid(quorum=2)},
    ],
)
def test_any_other_fact_changes_the_digest_of_the_inputs(changes):
    facts = {"dossiers": DOSSIERS, "grid": plain_grid(), "consensus": CONSENSUS, "votes": VOTES, **changes}
    other = run_ranking(facts.pop("dossiers"), **facts)
    assert other.inputs_digest != the_run().inputs_digest


def test_an_empty_sheet_counts_as_an_input():
    silent = [DossierMarks("a", (*DOSSIERS[0].sheets, Sheet("j9"))), *DOSSIERS[1:]]
    other = run_ranking(silent, grid=plain_grid(), consensus=CONSENSUS, votes=VOTES)
    assert other.inputs_digest != the_run().inputs_digest


def test_a_mark_changed_after_the_signature_is_found():
    run = the_run()
    forged = deepcopy(run.document)
    forged["inputs"]["dossiers"][1]["sheets"][0]["marks"][0][2] = "5"
    found = check(run, forged)
    assert not found.is_identical
    assert not found.inputs_intact
    assert ("output.rows[0].dossier", '"c"', '"b"') in found.differences


def test_a_rank_changed_after_the_signature_is_found():
    run = the_run()
    forged = deepcopy(run.document)
    forged["output"]["rows"][0]["rank"] = 2
    found = check(run, forged)
    assert found.inputs_intact
    assert found.differences == (("output.rows[0].rank", "2", "1"),)


def test_a_row_taken_out_is_found():
    run = the_run()
    forged = deepcopy(run.document)
    del forged["output"]["rows"][3]
    assert [path for path, _kept, _found in check(run, forged).differences] == ["output.rows"]


def test_a_digest_of_another_output_is_found():
    run = the_run()
    found = check_run(run.document, inputs_digest=run.inputs_digest, output_digest="0" * 64)
    assert found.differences == (("output_digest", "0" * 64, run.output_digest),)


def test_another_policy_is_told():
    run = the_run()
    older = {**run.document, "policy": "2020.1"}
    found = check_run(
        older,
        inputs_digest=digest({"policy": "2020.1", "inputs": run.document["inputs"]}),
        output_digest=run.output_digest,
    )
    assert (found.is_identical, found.same_policy) == (True, False)
    assert run.document["policy"] == POLICY


def test_documents_are_plain_json():
    document = the_run().document
    assert json.loads(canonical(document)) == document
    assert canonical({"b": "é", "a": 1}) == '{"a":1,"b":"é"}'.encode()


def test_no_dossier():
    run = run_ranking([], grid=plain_grid())
    assert check(run).is_identical
    assert run.document["output"] == {"rows": [], "ties": []}


def test_parts():
    assert grid_document(plain_grid())["criteria"][0] == {
        "code": S,
        "weight": "35",
        "subcriteria": [["only", "1"]],
    }
    assert inputs_document([], grid=plain_grid())["votes"] == []
    assert output_document(rank([], grid=plain_grid())) == {"rows": [], "ties": []}
