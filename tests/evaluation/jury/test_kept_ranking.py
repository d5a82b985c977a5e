"""Long lists are read a page at a time, and what is kept of them is never stale nor shown to the wrong person."""

import re
from decimal import Decimal
from functools import partial

import pytest
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse

from clusters_portal.settings.base import cache as cache_settings
from evaluation.actions.declarations import declare
from evaluation.actions.outcomes import enter_consensus, withdraw_consensus
from evaluation.actions.rounds import close_round
from evaluation.enums import DeclarationKind
from evaluation.models import Assignment, Criterion, Evaluation, Score, Subcriterion
from evaluation.queries.fingerprints import fingerprint
from evaluation.queries.ranking import ranking_facts
from tests.evaluation.jury.test_query_counts import count
from tests.evaluation.jury.world import (
    AT,
    all_marked,
    closed_world,
    dossier,
    evaluation_world,
    give_marks,
    hold_meeting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


def address(name: str, world, **query: int) -> str:
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"evaluation:jury-{name}", args=[world.call.code]) + (f"?{asked}" if asked else "")


def names(answer) -> list[str]:
    return [line.name for line in answer.context["lines"]]


def split_world():
    """Two dossiers; the panel lies apart on the second, which the others carry to the first rank."""
    world = evaluation_world()
    for user, first, second in zip(world.everybody, ("3", "3", "3", "3"), ("5", "5", "4", "1"), strict=True):
        give_marks(world, user, world.dossiers[0], first)
        give_marks(world, user, world.dossiers[1], second)
    close_round(world.call, by=world.chair, at=AT)
    world.refresh()
    for application in world.dossiers:
        application.refresh_from_db()
        application.call = world.call
    return world


def grow(world, total: int) -> None:
    """More dossiers with a sent sheet of everybody, written in bulk, while the round is open."""
    subs = list(Subcriterion.objects.filter(criterion__grid__call=world.call))
    seats = list(world.call.jury.seated())
    for number in range(len(world.dossiers) + 1, total + 1):
        application = dossier(
            world.call, f"Cluster Démonstration {number:02d}", status=world.dossiers[0].status
        )
        mark = Decimal(number % 11) / 2
        for seat in seats:
            seat.declarations.create(application=application, kind=DeclarationKind.NONE, declared_at=AT)
            assignment = Assignment.objects.create(juror=seat, application=application, assigned_at=AT)
            sheet = Evaluation.objects.create(assignment=assignment, updated_at=AT)
            Score.objects.bulk_create(Score(evaluation=sheet, subcriterion=sub, mark=mark) for sub in subs)
        world.dossiers.append(application)
    drafts = Evaluation.objects.filter(assignment__juror__call=world.call, status="draft")
    drafts.update(status="sent", sent_at=AT)


def long_world(**options):
    """60 dossiers, closed."""
    world = evaluation_world(dossier_count=1, **options)
    all_marked(world)
    grow(world, 60)
    close_round(world.call, by=world.chair, at=AT)
    world.refresh()
    return world


def test_queries_do_not_grow_with_the_rows():
    worlds = [closed_world(dossier_count=rows, juror_count=3, code=f"{rows}-lignes-2026") for rows in (1, 3)]
    worlds.append(long_world(code="60-lignes-2026"))
    for name in ("ranking", "deliberation", "progress"):
        ceiling = 12 if name == "ranking" else 10
        counts = [count(world.chair, address(name, world)) for world in worlds]
        assert len(set(counts)) == 1, (name, counts)
        assert counts[0] <= ceiling, name
    counts = [count(world.jurors[0], reverse("evaluation:jury-home")) for world in worlds]
    assert len(set(counts)) == 1


def test_a_consensus_mark_changes_the_kept_ranking(sign_in):
    world = split_world()
    hold_meeting(world)
    ranking = partial(sign_in(world.jurors[0]).get, address("ranking", world))
    assert names(ranking()) == ["Cluster Démonstration 02", "Cluster Démonstration 01"]
    before = fingerprint(world.call)
    application = world.dossiers[1]
    criteria = list(Criterion.objects.filter(grid__call=world.call))
    for criterion in criteria:
        enter_consensus(
            application, criterion, Decimal("1"), comment="Après discussion.", by=world.chair, at=AT
        )
    assert fingerprint(world.call).ranking != before.ranking
    assert names(ranking()) == ["Cluster Démonstration 01", "Cluster Démonstration 02"]
    for criterion in criteria:
        withdraw_consensus(application, criterion, by=world.chair, at=AT)
    assert names(ranking()) == ["Cluster Démonstration 02", "Cluster Démonstration 01"]


def test_a_sheet_set_aside_changes_the_kept_ranking(sign_in):
    world = split_world()
    for juror in world.jurors[:2]:
        sign_in(world.jurors[2]).get(address("ranking", world))
        before = fingerprint(world.call)
        declare(
            world.seat(juror), world.dossiers[1], DeclarationKind.CONFLICT, reason="Tardif.", by=juror, at=AT
        )
        assert fingerprint(world.call).ranking != before.ranking
    answer = sign_in(world.jurors[2]).get(address("ranking", world))
    fresh = ranking_facts(world.call).lines()
    assert names(answer) == [line.application.name for line in fresh]
    assert [line.row.total for line in answer.context["lines"]] == [line.total for line in fresh]
    jurors_counts = {line.name: line.row.jurors_count for line in answer.context["lines"]}
    assert jurors_counts == {"Cluster Démonstration 01": 4, "Cluster Démonstration 02": 2}


def test_the_meeting_changes_what_is_kept_of_the_deliberation(sign_in):
    world = closed_world()
    page = partial(sign_in(world.chair).get, address("deliberation", world))
    assert "meeting_missing" in {reason.code for reason in page().context["state"].reasons}
    hold_meeting(world)
    assert "meeting_missing" not in {reason.code for reason in page().context["state"].reasons}


def test_a_second_request_computes_nothing(sign_in, monkeypatch):
    world = closed_world()
    for name in ("ranking", "deliberation"):
        sign_in(world.chair).get(address(name, world))
    for view in ("ranking", "deliberation"):
        monkeypatch.setattr(
            f"evaluation.views.jury.{view}.ranking_facts", lambda call: pytest.fail("computed")
        )
    for name in ("ranking", "deliberation"):
        assert sign_in(world.chair).get(address(name, world)).status_code == 200


def test_a_dead_cache_costs_a_computation_and_nothing_else(sign_in, tmp_path):
    world = closed_world()
    with override_settings(CACHES=cache_settings(f"unix://{tmp_path}/nobody.sock?db=0")):
        for name in ("ranking", "deliberation"):
            answer = sign_in(world.chair).get(address(name, world))
            assert "Cluster Démonstration 01" in answer.content.decode()


def test_pages_of_fifty(sign_in):
    world = long_world()
    fresh = ranking_facts(world.call).lines()
    chair = sign_in(world.chair)
    second = chair.get(address("ranking", world, page=2))
    shown = second.context["lines"]
    assert [line.row.pk for line in shown] == [line.application.pk for line in fresh[50:]]
    assert [line.row.rank for line in shown] == [line.row.rank for line in fresh[50:]]
    assert min(line.row.rank for line in shown) > 45
    totals = second.context["totals"]
    assert (totals.dossiers, totals.above) == (60, sum(line.is_above for line in fresh))
    assert totals.fragile == sum(line.stability.is_fragile for line in fresh)
    assert 'rel="prev"' in second.content.decode()
    page = chair.get(address("deliberation", world, page=2))
    assert len(page.context["rows"]) == 10
    assert page.context["state"].unsettled_count == 60
    assert page.context["state"].further_count > 0
    board = chair.get(address("progress", world, page=2)).context["board"]
    assert (len(board.lines), board.dossier_count, board.sent_count) == (10, 60, 240)
    home = chair.get(reverse("evaluation:jury-home") + "?page=2").context
    assert [(call.sent_count, len(call.dossiers)) for call in home["jury_calls"]] == [(60, 10)]


def test_a_recused_juror_sees_neither_the_dossier_nor_its_weight_in_the_totals(sign_in):
    world = closed_world(dossier_count=3)
    away, other = world.jurors[0], world.jurors[1]
    declare(world.seat(away), world.dossiers[0], DeclarationKind.CONFLICT, reason="Lien.", by=away, at=AT)
    full = sign_in(other).get(address("ranking", world))
    assert len(names(full)) == 3
    mine = sign_in(away).get(address("ranking", world))
    assert world.dossiers[0].name not in mine.content.decode()
    assert mine.context["hidden_count"] == 1
    assert mine.context["totals"].dossiers == 2
    assert mine.context["totals"].above == sum(line.row.is_above for line in mine.context["lines"])
    assert [line.row.rank for line in mine.context["lines"]] == [2, 3]


def test_a_recused_chair_deliberates_without_the_dossier(sign_in):
    world = closed_world(dossier_count=3)
    declare(
        world.seat(world.chair),
        world.dossiers[1],
        DeclarationKind.CONFLICT,
        reason="Lien.",
        by=world.chair,
        at=AT,
    )
    sign_in(world.manager).get(address("deliberation", world))
    page = sign_in(world.chair).get(address("deliberation", world))
    body = page.content.decode()
    assert world.dossiers[1].name not in body
    assert not re.search(str(world.dossiers[1].pk), body)
    state = page.context["state"]
    assert (page.context["hidden_count"], state.unsettled_count, state.hides_reasons) == (1, 2, True)
