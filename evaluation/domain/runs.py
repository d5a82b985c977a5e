"""A ranking that can be recomputed: its inputs, policy and output in one document, each with a digest.

The document is plain JSON. Marks and weights are decimal strings, computed values exact fractions ("65/3"), and every
list has one order, so that the same facts always give the same bytes.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from evaluation.domain.grids import CriterionFacts, GridFacts, SubcriterionFacts
from evaluation.domain.ranking import (
    NO_CONSENSUS,
    ConsensusMarks,
    CriterionResult,
    DossierMarks,
    Ranking,
    RankingRow,
    rank,
)
from evaluation.domain.scoring import Sheet
from evaluation.domain.standings import TieVote

POLICY = "2026.1"
"""Changes whenever the same inputs may give another list."""

Document = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """`document` holds everything: keep it whole beside the digests."""

    document: Document
    inputs_digest: str
    output_digest: str


@dataclass(frozen=True)
class RunCheck:
    """What recomputing a stored run found. `differences` are paths into the output, with both values."""

    inputs_intact: bool
    same_policy: bool
    differences: tuple[tuple[str, str, str], ...]

    @property
    def is_identical(self) -> bool:
        return self.inputs_intact and not self.differences


def run_ranking(
    dossiers: Sequence[DossierMarks],
    *,
    grid: GridFacts,
    consensus: ConsensusMarks = NO_CONSENSUS,
    votes: Sequence[TieVote] = (),
) -> Run:
    """Rank, and keep what it takes to do it again."""
    inputs = inputs_document(dossiers, grid=grid, consensus=consensus, votes=votes)
    output = output_document(rank(dossiers, grid=grid, consensus=consensus, votes=votes))
    document = {"policy": POLICY, "inputs": inputs, "output": output}
    return Run(document, digest({"policy": POLICY, "inputs": inputs}), digest(output))


def check_run(document: Document, *, inputs_digest: str, output_digest: str) -> RunCheck:
    """Recompute from the frozen inputs of a document; `output_digest` and the kept output both have to agree."""
    policy, inputs = document["policy"], document["inputs"]
    intact = digest({"policy": policy, "inputs": inputs}) == inputs_digest
    output = recompute(inputs)
    found = list(_differences("output", document["output"], output))
    if not found and digest(output) != output_digest:
        found.append(("output_digest", output_digest, digest(output)))
    return RunCheck(intact, policy == POLICY, tuple(found))


def recompute(inputs: Document) -> Document:
    """The output that today's code gives for frozen inputs."""
    dossiers, grid, consensus, votes = restored(inputs)
    return output_document(rank(dossiers, grid=grid, consensus=consensus, votes=votes))


def canonical(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(document: object) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON."""
    return hashlib.sha256(canonical(document)).hexdigest()


def inputs_document(
    dossiers: Sequence[DossierMarks],
    *,
    grid: GridFacts,
    consensus: ConsensusMarks = NO_CONSENSUS,
    votes: Sequence[TieVote] = (),
) -> Document:
    return {
        "grid": grid_document(grid),
        "dossiers": [
            {"dossier": one.dossier, "sheets": [_sheet(sheet) for sheet in _by_juror(one.sheets)]}
            for one in sorted(dossiers, key=lambda one: one.dossier)
        ],
        "consensus": [
            [dossier, str(criterion), _number(mark)]
            for (dossier, criterion), mark in sorted(consensus.items())
        ],
        "votes": [{"order": list(vote.order), "reason": vote.reason} for vote in votes],
    }


def grid_document(grid: GridFacts) -> Document:
    return {
        "criteria": [
            {
                "code": str(criterion.code),
                "weight": _number(criterion.weight),
                "subcriteria": [[sub.code, _number(sub.weight)] for sub in criterion.subcriteria],
            }
            for criterion in grid.criteria
        ],
        "pass_criterion": _number(grid.pass_criterion),
        "pass_total": _number(grid.pass_total),
        "tie_break": [str(code) for code in grid.tie_break],
        "quorum": grid.quorum,
        "spread_alert": _number(grid.spread_alert),
    }


def output_document(ranking: Ranking) -> Document:
    return {
        "rows": [_row(row) for row in ranking.rows],
        "ties": [{"rank": tie.rank, "dossiers": list(tie.dossiers)} for tie in ranking.ties],
    }


def restored(inputs: Document) -> tuple[list[DossierMarks], GridFacts, ConsensusMarks, list[TieVote]]:
    """The arguments of `rank` from an inputs document."""
    grid = inputs["grid"]
    facts = GridFacts(
        criteria=tuple(
            CriterionFacts(
                code=criterion["code"],
                weight=Decimal(criterion["weight"]),
                subcriteria=tuple(
                    SubcriterionFacts(code, Decimal(weight)) for code, weight in criterion["subcriteria"]
                ),
            )
            for criterion in grid["criteria"]
        ),
        pass_criterion=Decimal(grid["pass_criterion"]),
        pass_total=Decimal(grid["pass_total"]),
        tie_break=tuple(grid["tie_break"]),
        quorum=grid["quorum"],
        spread_alert=Decimal(grid["spread_alert"]),
    )
    dossiers = [
        DossierMarks(
            one["dossier"],
            tuple(
                Sheet(
                    sheet["juror"],
                    {(criterion, sub): Decimal(mark) for criterion, sub, mark in sheet["marks"]},
                )
                for sheet in one["sheets"]
            ),
        )
        for one in inputs["dossiers"]
    ]
    consensus = {(dossier, criterion): Decimal(mark) for dossier, criterion, mark in inputs["consensus"]}
    votes = [TieVote(tuple(vote["order"]), vote["reason"]) for vote in inputs["votes"]]
    return dossiers, facts, consensus, votes


def _by_juror(sheets: Sequence[Sheet]) -> list[Sheet]:
    return sorted(sheets, key=lambda sheet: sheet.juror)


def _sheet(sheet: Sheet) -> Document:
    given = sorted(
        (str(criterion), sub, mark) for (criterion, sub), mark in sheet.marks.items() if mark is not None
    )
    return {
        "juror": sheet.juror,
        "marks": [[criterion, sub, _number(mark)] for criterion, sub, mark in given],
    }


def _row(row: RankingRow) -> Document:
    return {
        "dossier": row.dossier,
        "status": row.status.value,
        "rank": row.rank,
        "place": row.place,
        "total": _exact(row.total),
        "median": _exact(row.median),
        "spread": _exact(row.spread),
        "coverage": _exact(row.coverage),
        "missed": list(row.missed),
        "settled_by": row.settled_by,
        "criteria": {result.code: _criterion(result) for result in row.criteria},
    }


def _criterion(result: CriterionResult) -> Document:
    return {
        "mark": _exact(result.mark),
        "jurors_mean": _exact(result.jurors_mean),
        "median": _exact(result.median),
        "spread": _exact(result.spread),
        "is_consensus": result.is_consensus,
    }


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _number(value: Decimal) -> str:
    """One spelling per number: 3, 3.0 and 3.00 are the same mark, whatever column they were read from."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _differences(path: str, kept: object, found: object) -> Sequence[tuple[str, str, str]]:
    if isinstance(kept, Mapping) and isinstance(found, Mapping):
        keys = sorted({*kept, *found})
        return [
            difference
            for key in keys
            for difference in _differences(f"{path}.{key}", kept.get(key), found.get(key))
        ]
    if isinstance(kept, list) and isinstance(found, list) and len(kept) == len(found):
        return [
            difference
            for position, (one, other) in enumerate(zip(kept, found, strict=True))
            for difference in _differences(f"{path}[{position}]", one, other)
        ]
    return [] if kept == found else [(path, json.dumps(kept), json.dumps(found))]
