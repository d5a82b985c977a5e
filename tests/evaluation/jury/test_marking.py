import json
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from evaluation.actions.declarations import declare
from evaluation.actions.rounds import close_round
from evaluation.enums import DeclarationKind, EvaluationStatus
from evaluation.models import CriterionComment, Evaluation, Score, Subcriterion
from tests.evaluation.jury.world import AT, evaluation_world, give_marks

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in):
    """A juror before an empty sheet: the world, a client, the address of the sheet."""
    world = evaluation_world()
    juror = world.jurors[0]
    url = reverse("evaluation:jury-sheet", args=[world.assignment(juror, world.dossiers[0]).pk])
    return world, sign_in(juror), url


def full_sheet(mark="3.5", version=0, **extra):
    data = {"version": version, **extra}
    for sub in Subcriterion.objects.all():
        data.setdefault(f"mark_{sub.pk}", mark)
        data.setdefault(f"comment_{sub.criterion_id}", "Argument.")
    return data


def first_mark():
    return f"mark_{Subcriterion.objects.order_by('pk').first().pk}"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("3.5", "3.5"),
        ("3,5", "3.5"),
        ("٣", "3.0"),
        ("٤٫٥", "4.5"),
        ("0", "0.0"),
        ("5", "5.0"),
        (" 2 ", "2.0"),
    ],
)
def test_a_mark_is_read_however_it_is_typed(desk, typed, stored):
    _world, client, url = desk
    assert client.post(url, {"version": 0, first_mark(): typed}).status_code == 302
    assert Score.objects.get().mark == Decimal(stored)


@pytest.mark.parametrize(
    "typed",
    ["-1", "5.5", "20.5", "3.25", "NaN", "Infinity", "1e309", "٦", "trois", "'; DROP TABLE", "9" * 5000],
)
def test_a_mark_off_the_scale_is_refused_with_its_field_and_nothing_is_written(desk, typed):
    _world, client, url = desk
    answer = client.post(url, {"version": 0, first_mark(): typed})
    assert answer.status_code == 422
    assert "0 à 5" in answer.content.decode()
    assert not Evaluation.objects.exists()
    answer = client.post(url, {"version": 0, first_mark(): typed}, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert "0 à 5" in answer.json()["message"]


@pytest.mark.parametrize("mark", ["5.5", "-0.5", "3.2"])
def test_the_table_itself_refuses_a_mark_off_the_scale(mark):
    world = evaluation_world()
    sheet = give_marks(world, world.jurors[0], world.dossiers[0], "3", send=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        sheet.scores.update(mark=Decimal(mark))


def test_saving_keeps_what_the_form_did_not_name_and_an_empty_choice_takes_the_mark_back(desk):
    _world, client, url = desk
    client.post(url, full_sheet())
    sheet = Evaluation.objects.get()
    client.post(url, {"version": sheet.version, first_mark(): ""})
    assert sheet.scores.filter(mark__isnull=True).count() == 1
    assert sheet.scores.filter(mark=Decimal("3.5")).count() == 10
    assert sheet.comments.count() == 3


def test_autosave_answers_with_the_new_version(desk):
    _world, client, url = desk
    answer = client.post(url, {"version": 0, first_mark(): "4"}, headers={"accept": "application/json"})
    assert answer.json()["version"] == 1
    assert answer.json()["saved_at"] == "9\u00a0h\u00a000"


def test_two_windows_lose_nothing_and_the_second_sees_what_differs(desk):
    _world, client, url = desk
    client.post(url, full_sheet("3"))
    comment = f"comment_{Subcriterion.objects.first().criterion_id}"
    stale = full_sheet("4", 0, **{comment: "Autre fenêtre."})
    answer = client.post(url, stale)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Autre fenêtre." in page
    assert set(Score.objects.values_list("mark", flat=True)) == {Decimal("3.0")}
    assert client.post(url, stale, headers={"accept": "application/json"}).status_code == 409
    assert 'name="version" value="1"' in page
    assert client.post(url, {**stale, "version": 1}).status_code == 302
    assert set(Score.objects.values_list("mark", flat=True)) == {Decimal("4.0")}


def test_the_same_answers_sent_twice_conflict_with_nobody(desk):
    _world, client, url = desk
    assert client.post(url, full_sheet()).status_code == 302
    assert client.post(url, full_sheet()).status_code == 302
    assert Evaluation.objects.get().version == 1


def test_sending_says_what_is_missing_as_links_and_keeps_what_was_typed(desk):
    _world, client, url = desk
    sub = Subcriterion.objects.select_related("criterion").order_by("pk").first()
    data = {"version": 0, "act": "send", f"mark_{sub.pk}": "1"}
    answer = client.post(url, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_comment_{sub.criterion_id}"' in page
    assert 'href="#note-' in page
    sheet = Evaluation.objects.get()
    assert (sheet.status, sheet.scores.get().mark) == (EvaluationStatus.DRAFT, Decimal("1.0"))


def test_a_sent_sheet_is_locked_for_page_autosave_and_database(desk):
    _world, client, url = desk
    assert client.post(url, full_sheet(act="send")).status_code == 302
    sheet = Evaluation.objects.get()
    assert (sheet.status, sheet.sent_at) == (EvaluationStatus.SENT, AT)
    again = client.post(url, full_sheet("5", sheet.version, act="send"))
    assert again.status_code == 409
    assert "déjà envoyée" in again.content.decode()
    assert client.post(url, full_sheet("5", 1), headers={"accept": "application/json"}).status_code == 409
    for write in (
        lambda: Score.objects.update(mark=Decimal("5")),
        lambda: Score.objects.all()._raw_delete("default"),
        lambda: CriterionComment.objects.update(text="autre"),
        lambda: Evaluation.objects.update(status=EvaluationStatus.DRAFT, sent_at=None),
        lambda: Evaluation.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    assert set(Score.objects.values_list("mark", flat=True)) == {Decimal("3.5")}


def test_save_and_next_opens_the_next_dossier_then_home(desk):
    world, client, url = desk
    second = world.assignment(world.jurors[0], world.dossiers[1])
    answer = client.post(url, full_sheet(act="send"))
    assert answer.url == reverse("evaluation:jury-sheet", args=[second.pk])
    assert client.post(answer.url, full_sheet(act="send")).url == reverse("evaluation:jury-home")


def test_after_the_round_nothing_changes_a_mark_not_even_a_draft(desk):
    world, client, url = desk
    client.post(url, full_sheet())
    close_round(world.call, by=world.chair, at=AT)
    answer = client.post(url, full_sheet("5", 1))
    assert answer.status_code == 409
    assert "clos" in answer.content.decode()
    for write in (
        lambda: Score.objects.update(mark=Decimal("5")),
        lambda: Evaluation.objects.update(status=EvaluationStatus.SENT, sent_at=AT),
        lambda: world.call.evaluation_round.delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_a_recused_juror_cannot_post_to_the_page_opened_before(desk):
    world, client, url = desk
    declare(
        world.seat(world.jurors[0]),
        world.dossiers[0],
        DeclarationKind.CONFLICT,
        reason="Parent.",
        by=world.jurors[0],
        at=AT,
    )
    assert client.get(url).status_code == 404
    assert client.post(url, full_sheet()).status_code == 404
    assert not Evaluation.objects.exists()


def test_the_late_declaration_page_recuses(desk):
    world, client, url = desk
    client.post(url, full_sheet(act="send"))
    late = reverse(
        "evaluation:jury-late-declaration", args=[world.assignment(world.jurors[0], world.dossiers[0]).pk]
    )
    assert client.get(late).status_code == 200
    assert client.post(late, {"kind": "conflict"}).status_code == 422
    assert client.post(late, {"kind": "conflict", "reason": "Parent."}).status_code == 302
    assert Evaluation.objects.get().voided_at == AT
    assert client.get(late).status_code == 404


def test_a_hostile_comment_is_text_on_every_page(desk):
    _world, client, url = desk
    hostile = "</textarea><script>alert('x')</script>{{ 7|add:7 }}"
    comment = f"comment_{Subcriterion.objects.first().criterion_id}"
    client.post(url, full_sheet(**{comment: hostile}))
    page = client.get(url).content.decode()
    assert "<script>alert" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;" in page
    assert json.dumps(CriterionComment.objects.get(text=hostile).text)


def test_a_comment_too_long_is_refused_and_a_null_byte_too(desk):
    _world, client, url = desk
    comment = f"comment_{Subcriterion.objects.first().criterion_id}"
    assert client.post(url, {"version": 0, comment: "x" * 20_001}).status_code == 422
    assert client.post(url, {"version": 0, comment: "a\x00b"}).status_code == 422
    assert client.post(url, {"version": "abc", comment: "x"}).status_code == 422
