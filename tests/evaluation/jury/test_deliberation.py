from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import audit
from accounts.models import OutboxMessage
from clusters_portal import storage
from clusters_portal.errors import Refused
from evaluation.actions.declarations import declare
from evaluation.actions.deliberation import record_meeting, sign_deliberation
from evaluation.actions.outcomes import enter_consensus, settle_by_ranking, settle_outcome, withdraw_consensus
from evaluation.actions.rounds import close_round
from evaluation.domain.runs import check_run
from evaluation.domain.scoring import display
from evaluation.enums import DecisionStatus, DeclarationKind, Outcome
from evaluation.models import (
    Attendance,
    ConsensusMark,
    Criterion,
    Decision,
    Deliberation,
    DeliberationOutcome,
)
from evaluation.queries.ranking import ranking_facts
from evaluation.tasks import render_minutes
from tests.evaluation.jury.world import AT, closed_world, evaluation_world, fetched, give_marks, hold_meeting

pytestmark = pytest.mark.django_db


def refused_codes(function, *args, **kwargs) -> set[str]:
    with pytest.raises(Refused) as refused:
        function(*args, **kwargs)
    return {blocker.code for blocker in refused.value.blockers}


def ready_world(**options):
    world = closed_world(**options)
    hold_meeting(world)
    settle_by_ranking(world.call, labels=1, hidden=frozenset(), by=world.chair, at=AT)
    return world


def split_world():
    """Marks so far apart on the first dossier that the panel has to discuss it."""
    world = evaluation_world(dossier_count=1)
    for user, mark in zip(world.everybody, ("5", "4.5", "2", "4"), strict=True):
        give_marks(world, user, world.dossiers[0], mark)
    close_round(world.call, by=world.chair, at=AT)
    world.refresh()
    hold_meeting(world)
    settle_by_ranking(world.call, labels=None, hidden=frozenset(), by=world.chair, at=AT)
    return world


def settle(world, application, outcome, **values):
    told = {
        "reserve_rank": None,
        "reasons_fr": "Motif.",
        "reasons_ar": "تعليل.",
        "departure_reason": "",
        **values,
    }
    return settle_outcome(application, outcome, **told, by=world.chair, at=AT)


def test_the_page_prints_the_numbers_of_the_domain(sign_in):
    world = closed_world(dossier_count=3)
    page = (
        sign_in(world.chair).get(reverse("evaluation:jury-ranking", args=[world.call.code])).content.decode()
    )
    facts = ranking_facts(world.call)
    assert [row.rank for row in facts.ranking.rows] == [1, 2, 3]
    for row in facts.ranking.rows:
        assert str(display(row.total)).replace(".", ",") in page
        for result in row.criteria:
            assert str(display(result.mark)).replace(".", ",") in page


def test_unsent_sheets_count_as_absent():
    world = evaluation_world(dossier_count=1)
    for user in world.everybody[:3]:
        give_marks(world, user, world.dossiers[0], "4")
    give_marks(world, world.everybody[3], world.dossiers[0], "0", send=False)
    close_round(world.call, by=world.chair, at=AT)
    row = ranking_facts(world.refresh()).ranking.rows[0]
    assert (display(row.total), row.coverage, row.jurors_count) == (Decimal("80.00"), Decimal("0.75"), 3)


def test_a_late_conflict_leaves_the_ranking_at_once():
    world = closed_world(dossier_count=1, juror_count=3)
    before = ranking_facts(world.call).ranking.rows[0]
    juror = world.jurors[0]
    declare(world.seat(juror), world.dossiers[0], DeclarationKind.CONFLICT, reason="Parent.", by=juror, at=AT)
    after = ranking_facts(world.call).ranking.rows[0]
    assert (before.jurors_count, after.jurors_count) == (4, 3)


def test_the_signature_says_everything_that_is_missing():
    world = closed_world()
    assert refused_codes(sign_deliberation, world.call, by=world.chair, at=AT) == {
        "meeting_missing",
        "nobody_present",
        "outcome_missing",
    }
    hold_meeting(world, present=[world.chair])
    settle(world, world.dossiers[0], Outcome.NOT_SELECTED)
    settle(world, world.dossiers[1], Outcome.LABELLED, reasons_ar="")
    assert refused_codes(sign_deliberation, world.call, by=world.jurors[0], at=AT) == {
        "not_the_chair",
        "quorum_not_met",
        "departure_reason_missing",
        "reason_ar_missing",
    }


def test_reasons_never_name_a_juror_or_a_rival_and_reserve_ranks_have_no_gap():
    world = ready_world()
    first, second = world.dossiers
    settle(
        world,
        first,
        Outcome.LABELLED,
        reasons_fr=f"Mieux que {second.name}, dit {world.jurors[0].full_name}.",
    )
    settle(world, second, Outcome.RESERVE, reserve_rank=2)
    assert refused_codes(sign_deliberation, world.call, by=world.chair, at=AT) == {
        "names_a_juror",
        "names_a_rival",
        "reserve_rank_wrong",
    }


def test_marks_far_apart_need_a_consensus_and_the_standard_reasons_follow_it():
    world = split_world()
    application = world.dossiers[0]
    assert "consensus_missing" in refused_codes(sign_deliberation, world.call, by=world.chair, at=AT)
    strategy = Criterion.objects.get(grid__call=world.call, code="strategy")
    assert "3,88" in DeliberationOutcome.objects.get().reasons_fr
    enter_consensus(application, strategy, Decimal("4.5"), comment="Après échange.", by=world.chair, at=AT)
    result = ranking_facts(world.call).ranking.rows[0].criterion("strategy")
    assert (result.mark, display(result.jurors_mean)) == (Decimal("4.5"), Decimal("3.88"))
    assert "obtient 4,5 sur 5" in DeliberationOutcome.objects.get().reasons_fr
    withdraw_consensus(application, strategy, by=world.chair, at=AT)
    assert not ConsensusMark.objects.exists()


def test_standard_reasons_that_nobody_edited_follow_the_outcome():
    world = ready_world()
    first = world.dossiers[0]
    labelled = DeliberationOutcome.objects.get(application=first)
    assert "retenu pour la labellisation" in labelled.reasons_fr
    told = {
        "reasons_fr": labelled.reasons_fr.replace("\n", "\r\n"),  # as a browser sends them back
        "reasons_ar": labelled.reasons_ar,
        "departure_reason": "Le jury attend le bilan.",
    }
    reserve = settle(world, first, Outcome.RESERVE, reserve_rank=2, **told)
    assert reserve.reasons_fr.endswith("sur la liste de réserve au rang 2.")
    assert "لنيل العلامة" not in reserve.reasons_ar
    again = {"reasons_fr": reserve.reasons_fr, "reasons_ar": reserve.reasons_ar}
    moved = settle(world, first, Outcome.RESERVE, reserve_rank=1, **again)
    assert moved.reasons_fr.endswith("au rang 1.")
    again = {"reasons_fr": moved.reasons_fr, "reasons_ar": moved.reasons_ar}
    assert settle(world, first, Outcome.LABELLED, **again).reasons_fr == labelled.reasons_fr


def test_edited_reasons_that_conclude_otherwise_are_not_signed():
    world = ready_world()
    first, second = world.dossiers
    labelled = DeliberationOutcome.objects.get(application=first)
    settle(
        world,
        first,
        Outcome.NOT_SELECTED,
        reasons_fr=f"{labelled.reasons_fr}\nPhrase ajoutée.",
        departure_reason="Motif de l'écart.",
    )
    settle(world, second, Outcome.NOT_SELECTED, departure_reason="Motif de l'écart.")
    assert "concludes_otherwise" in refused_codes(sign_deliberation, world.call, by=world.chair, at=AT)


def test_a_consensus_is_only_for_marks_that_lie_apart():
    world = ready_world()
    strategy = Criterion.objects.get(grid__call=world.call, code="strategy")
    assert refused_codes(
        enter_consensus, world.dossiers[0], strategy, Decimal("4"), comment=" ", by=world.chair, at=AT
    ) == {"no_spread", "comment_missing"}


@pytest.mark.parametrize(
    ("held_on", "code"), [(date(2027, 1, 1), "in_the_future"), (date(2026, 1, 1), "too_early")]
)
def test_the_meeting_is_neither_in_the_future_nor_before_the_round(held_on, code):
    world = closed_world()
    told = {"place": "Rabat", "remarks": "", "present": [], "by": world.chair, "at": AT}
    assert refused_codes(record_meeting, world.call, held_on=held_on, **told) == {code}


def test_signing_freezes_the_list_proposes_decisions_and_orders_the_minutes():
    world = ready_world()
    deliberation = sign_deliberation(world.call, by=world.chair, at=AT)
    check = check_run(
        deliberation.ranking,
        inputs_digest=deliberation.inputs_digest,
        output_digest=deliberation.output_digest,
    )
    assert check.is_identical
    assert set(Decision.objects.values_list("status", flat=True)) == {DecisionStatus.PROPOSED}
    assert Decision.objects.count() == 2
    assert OutboxMessage.objects.get(kind="render_minutes").key == str(deliberation.pk)
    assert refused_codes(sign_deliberation, world.call, by=world.chair, at=AT) == {"signed"}
    assert refused_codes(settle, world, world.dossiers[0], Outcome.LABELLED) == {"signed"}
    juror = world.jurors[0]
    assert refused_codes(
        declare, world.seat(juror), world.dossiers[0], DeclarationKind.CONFLICT, reason="x", by=juror, at=AT
    ) == {"jury_not_at_work"}
    assert audit.verify_chain() == []


def test_the_database_keeps_what_was_signed():
    world = ready_world()
    sign_deliberation(world.call, by=world.chair, at=AT)
    for write in (
        lambda: DeliberationOutcome.objects.update(outcome=Outcome.LABELLED),
        lambda: DeliberationOutcome.objects.all()._raw_delete("default"),
        lambda: Attendance.objects.update(is_present=False),
        lambda: Deliberation.objects.update(place="Ailleurs"),
        lambda: Deliberation.objects.update(signed_at=None, signed_by=None),
        lambda: Deliberation.objects.update(ranking={}),
        lambda: world.seat(world.jurors[0]).declarations.update(kind="conflict", reason="x"),
        lambda: world.assignment(world.jurors[0], world.dossiers[0]).evaluation.delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_minutes_are_rendered_once_whatever_the_number_of_workers(sign_in):
    world = ready_world()
    deliberation = sign_deliberation(world.call, by=world.chair, at=AT)
    render_minutes(str(deliberation.pk), {})
    deliberation.refresh_from_db()
    first = (deliberation.pdf_key, deliberation.pdf_sha256, deliberation.rendered_at)
    render_minutes(str(deliberation.pk), {})
    deliberation.refresh_from_db()
    assert (deliberation.pdf_key, deliberation.pdf_sha256, deliberation.rendered_at) == first
    assert storage.read(deliberation.pdf_key, sha256=deliberation.pdf_sha256).startswith(b"%PDF")
    url = reverse("evaluation:jury-minutes", args=[world.call.code])
    assert fetched(sign_in(world.manager), url)[0] == 200
    assert fetched(sign_in(world.jurors[0]), url)[0] == 200
    assert fetched(sign_in(world.dossiers[0].created_by), url)[0] == 404


def test_minutes_are_not_for_a_juror_whom_a_dossier_recuses(sign_in):
    world = closed_world()
    juror = world.jurors[0]
    declare(world.seat(juror), world.dossiers[0], DeclarationKind.CONFLICT, reason="Parent.", by=juror, at=AT)
    hold_meeting(world)
    settle_by_ranking(world.call, labels=1, hidden=frozenset(), by=world.chair, at=AT)
    deliberation = sign_deliberation(world.call, by=world.chair, at=AT)
    render_minutes(str(deliberation.pk), {})
    url = reverse("evaluation:jury-minutes", args=[world.call.code])
    assert fetched(sign_in(juror), url)[0] == 404
    assert fetched(sign_in(world.jurors[1]), url)[0] == 200


@pytest.mark.parametrize("count", [0, 1])
def test_no_dossier_or_one_goes_through_to_the_signature(count):
    world = evaluation_world(dossier_count=count)
    for user in world.everybody:
        for application in world.dossiers:
            give_marks(world, user, application, "3.5")
    close_round(world.call, by=world.chair, at=AT)
    hold_meeting(world)
    settle_by_ranking(world.call, labels=None, hidden=frozenset(), by=world.chair, at=AT)
    deliberation = sign_deliberation(world.call, by=world.chair, at=AT)
    render_minutes(str(deliberation.pk), {})
    assert Decision.objects.count() == count


def test_the_journey_of_the_chair_by_the_pages(sign_in):
    world = split_world()
    client = sign_in(world.chair)
    code, application = world.call.code, world.dossiers[0]
    page = reverse("evaluation:jury-deliberation", args=[code])
    outcome = reverse("evaluation:jury-outcome", args=[code, application.pk])
    meeting = {
        "held_on": "2026-11-22",
        "place": "Casablanca",
        "present": [world.seat(u).pk for u in world.everybody],
    }
    assert client.post(page, meeting).status_code == 302
    assert client.post(page, {**meeting, "held_on": "2027-01-01"}).status_code == 422
    for criterion in ("strategy", "innovation", "international"):
        told = {"criterion": criterion, f"{criterion}-mark": "4.0", f"{criterion}-comment": "Accord."}
        assert client.post(outcome, {**told, f"{criterion}-mark": "7"}).status_code == 422
        assert client.post(outcome, told).status_code == 302
    reasons = {"reasons_fr": "Motif.", "reasons_ar": "تعليل."}
    assert client.post(outcome, {"outcome": "reserve", **reasons}).status_code == 422
    assert client.post(outcome, {"outcome": "labelled", **reasons}).status_code == 302
    sign = reverse("evaluation:jury-sign", args=[code])
    assert client.post(sign, {"confirmation": "oui"}).status_code == 422
    assert client.post(sign, {"confirmation": " Signer "}).status_code == 302
    assert Deliberation.objects.get().signed_by == world.chair
    assert client.post(sign, {"confirmation": "signer"}).status_code == 422
    assert sign_in(world.jurors[0]).post(sign, {"confirmation": "signer"}).status_code == 403


def test_closing_asks_for_the_word_and_lists_what_will_be_absent(sign_in):
    world = evaluation_world()
    url = reverse("evaluation:jury-close", args=[world.call.code])
    client = sign_in(world.chair)
    assert "compteront comme absentes" in client.get(url).content.decode()
    assert client.post(url, {"confirmation": "non"}).status_code == 422
    assert client.post(url, {"confirmation": "clore"}).status_code == 302
    assert fetched(sign_in(world.manager), url)[0] == 403


def test_an_open_link_keeps_the_round_open():
    world = evaluation_world(declared=False)
    juror = world.jurors[0]
    declare(world.seat(juror), world.dossiers[0], DeclarationKind.LINK, reason="Même unité.", by=juror, at=AT)
    assert refused_codes(close_round, world.call, by=world.chair, at=AT + timedelta(hours=1)) == {
        "links_waiting"
    }
