"""The benchmark's bulk builder makes a world that every measured page can be asked of."""

import pytest
from django.db import transaction

from applications.actions.reference import load_reference_data
from benchmarks import worlds
from benchmarks.__main__ import STAGES, Row
from benchmarks.load import Latency
from clusters_portal import clock
from evaluation.queries.ranking import ranking_facts


class Undo(Exception):
    pass


def build(size: int) -> dict[str, int]:
    """Queries by page, in a database that is then as it was."""
    queries = {}
    try:
        with transaction.atomic():
            for stage in STAGES:
                queries |= {page.name: page.queries for page in worlds.STAGES[stage](size)}
            lines = ranking_facts(worlds.worked()).lines()
            assert len(lines) == size
            assert {line.row.jurors_count for line in lines} == {2, 3}  # one juror has sheets to write
            raise Undo
    except Undo:
        return queries


@pytest.mark.slow
@pytest.mark.django_db
def test_every_page_costs_as_many_queries_for_more_dossiers():
    load_reference_data(at=clock.now())
    assert build(5) == build(10)


def row(*, queries: dict[int, int], p50: dict[int, float]) -> Row:
    latency = {size: Latency(value, value, 10) for size, value in p50.items()}
    return Row("page", queries, 10, {}, latency, {})


@pytest.mark.parametrize(
    ("queries", "p50", "faults"),
    [
        ({100: 10, 1000: 10}, {100: 10, 1000: 13}, []),
        ({100: 10, 1000: 11}, {100: 10, 1000: 10}, ["queries > 10", "queries grow"]),
        ({100: 4, 1000: 5}, {100: 10, 1000: 10}, ["queries grow"]),
        ({100: 4, 1000: 4}, {100: 10, 1000: 13.1}, ["ratio > 1.3"]),
    ],
)
def test_the_bounds(queries, p50, faults):
    assert row(queries=queries, p50=p50).faults == faults
