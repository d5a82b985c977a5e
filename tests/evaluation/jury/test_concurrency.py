"""Acts that meet on real connections: each is whole, and the second one sees the first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from clusters_portal.errors import Refused
from evaluation.actions.declarations import declare
from evaluation.actions.deliberation import sign_deliberation
from evaluation.actions.marking import VersionConflict, save_sheet, send_sheet
from evaluation.actions.outcomes import settle_by_ranking
from evaluation.actions.rounds import close_round
from evaluation.enums import DeclarationKind
from evaluation.models import Decision, Evaluation, Score, Subcriterion
from tests.evaluation.jury.world import AT, closed_world, evaluation_world, give_marks, hold_meeting

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Each act on a connection of its own, let go together: its result, or what it raised."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            gate.wait(timeout=20)
            return act()
        except (Refused, VersionConflict) as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_windows_that_save_at_once_leave_one_version_and_one_conflict():
    world = evaluation_world(dossier_count=1)
    juror = world.jurors[0]
    assignment = world.assignment(juror, world.dossiers[0])
    sub = Subcriterion.objects.first().pk
    save = {"comments": {}, "version": 0, "by": juror, "at": AT}
    results = at_once(
        lambda: save_sheet(assignment, marks={sub: Decimal("1.0")}, **save),
        lambda: save_sheet(assignment, marks={sub: Decimal("5.0")}, **save),
    )
    assert sorted(type(result).__name__ for result in results) == ["Evaluation", "VersionConflict"]
    assert (Evaluation.objects.get().version, Score.objects.count()) == (1, 1)


def test_sending_against_closing_never_leaves_a_mark_written_after_the_round():
    world = evaluation_world(dossier_count=1)
    juror = world.jurors[0]
    give_marks(world, juror, world.dossiers[0], "3.5", send=False)
    assignment = world.assignment(juror, world.dossiers[0])
    sent, closed = at_once(
        lambda: send_sheet(assignment, by=juror, at=AT),
        lambda: close_round(world.call, by=world.chair, at=AT),
    )
    assert closed.closed_at == AT
    sheet = Evaluation.objects.get()
    assert (sheet.sent_at is None) is isinstance(sent, Refused)


def test_a_conflict_against_a_first_save_leaves_no_sheet_that_counts():
    world = evaluation_world(dossier_count=1)
    juror, application = world.jurors[0], world.dossiers[0]
    assignment, seat = world.assignment(juror, application), world.seat(juror)
    sub = Subcriterion.objects.first().pk
    at_once(
        lambda: save_sheet(assignment, marks={sub: Decimal("4.0")}, comments={}, version=0, by=juror, at=AT),
        lambda: declare(seat, application, DeclarationKind.CONFLICT, reason="Parent.", by=juror, at=AT),
    )
    assert not Evaluation.objects.filter(voided_at__isnull=True).exists()


def test_two_signatures_at_once_propose_each_decision_once():
    world = closed_world(dossier_count=2)
    hold_meeting(world)
    settle_by_ranking(world.call, labels=1, hidden=frozenset(), by=world.chair, at=AT)
    sign = lambda: sign_deliberation(world.call, by=world.chair, at=AT)  # noqa: E731
    results = at_once(sign, sign)
    assert sorted(type(result).__name__ for result in results) == ["Deliberation", "Refused"]
    assert Decision.objects.count() == 2
