import pytest
from django.urls import reverse

from tests.evaluation.jury.world import closed_world, evaluation_world, hold_meeting

pytestmark = pytest.mark.django_db


def test_pages_of_evaluation(sign_in):
    world = evaluation_world()
    client = sign_in(world.chair)
    code = world.call.code
    a = world.assignment(world.chair, world.dossiers[0])
    for url in (
        reverse("evaluation:jury-home"),
        reverse("evaluation:jury-composition", args=[code]),
        reverse("evaluation:jury-declarations", args=[code]),
        reverse("evaluation:jury-links", args=[code]),
        reverse("evaluation:jury-progress", args=[code]),
        reverse("evaluation:jury-readers", args=[code, world.dossiers[0].pk]),
        reverse("evaluation:jury-close", args=[code]),
        reverse("evaluation:jury-sheet", args=[a.pk]),
        reverse("evaluation:jury-late-declaration", args=[a.pk]),
    ):
        assert client.get(url).status_code == 200, url


def test_pages_of_deliberation(sign_in):
    world = closed_world()
    hold_meeting(world)
    client = sign_in(world.chair)
    code = world.call.code
    for url in (
        reverse("evaluation:jury-home"),
        reverse("evaluation:jury-ranking", args=[code]),
        reverse("evaluation:jury-ranking-export", args=[code]),
        reverse("evaluation:jury-deliberation", args=[code]),
        reverse("evaluation:jury-outcome", args=[code, world.dossiers[0].pk]),
    ):
        assert client.get(url).status_code == 200, url
