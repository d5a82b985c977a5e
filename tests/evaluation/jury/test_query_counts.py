"""Pages cost the same number of queries for one row and for three."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.evaluation.jury.world import closed_world, evaluation_world, give_marks, hold_meeting

pytestmark = pytest.mark.django_db


def count(user, url, *, warm: bool = True) -> int:
    """What one page costs; a page that keeps its figures in the cache is asked once before."""
    client = Client()
    client.force_login(user)
    if warm:
        client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def worlds(make):
    return make(dossier_count=1, juror_count=3, code="un-2026"), make(
        dossier_count=3, juror_count=5, code="trois-2026"
    )


@pytest.mark.parametrize(
    ("name", "ceiling"), [("declarations", 10), ("progress", 10), ("links", 10), ("composition", 10)]
)
def test_pages_of_the_marking(name, ceiling):
    counts = [
        count(world.chair, reverse(f"evaluation:jury-{name}", args=[world.call.code]))
        for world in worlds(evaluation_world)
    ]
    assert counts[0] == counts[1] <= ceiling


def test_home():
    counts = [count(world.jurors[0], reverse("evaluation:jury-home")) for world in worlds(evaluation_world)]
    assert counts[0] == counts[1] <= 10


def test_the_sheet_costs_eight_queries_at_most():
    counts = []
    for world in worlds(evaluation_world):
        juror = world.jurors[0]
        give_marks(world, juror, world.dossiers[0], "3.5", send=False)
        assignment = world.assignment(juror, world.dossiers[0])
        counts.append(count(juror, reverse("evaluation:jury-sheet", args=[assignment.pk])))
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize(("name", "ceiling"), [("ranking", 12), ("ranking-export", 12), ("deliberation", 10)])
def test_ranking_and_deliberation(name, ceiling):
    counts = []
    for world in worlds(closed_world):
        hold_meeting(world)
        counts.append(
            count(
                world.jurors[0] if name != "deliberation" else world.manager,
                reverse(f"evaluation:jury-{name}", args=[world.call.code]),
            )
        )
    assert counts[0] == counts[1] <= ceiling


def test_one_dossier_of_the_deliberation():
    counts = [
        count(world.chair, reverse("evaluation:jury-outcome", args=[world.call.code, world.dossiers[0].pk]))
        for world in worlds(closed_world)
    ]
    assert counts[0] == counts[1] <= 12
