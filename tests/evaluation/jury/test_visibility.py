"""Who sees which dossier of the jury: by page, file, board, ranking and workbook, in each state."""

import io

import openpyxl
import pytest
from django.urls import reverse

from accounts.enums import Role
from applications.models import SubmissionFile
from evaluation.actions.declarations import declare
from evaluation.actions.rounds import close_round
from evaluation.enums import DeclarationKind
from evaluation.models import Assignment
from tests.evaluation.jury.world import (
    AT,
    all_marked,
    call_opened,
    closed_world,
    evaluation_world,
    fetched,
    give_marks,
    person,
)

pytestmark = pytest.mark.django_db
HIDDEN = "Cluster Démonstration 01"


def recuse(world, user, application=None):
    declare(
        world.seat(user),
        application or world.dossiers[0],
        DeclarationKind.CONFLICT,
        reason="Mandat.",
        by=user,
        at=AT,
    )


def names_in(workbook: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def sheet_url(world, user, application):
    return reverse("evaluation:jury-sheet", args=[world.assignment(user, application).pk])


def file_url(world, user, application):
    sealed = SubmissionFile.objects.get(submission=application.standing_submission)
    return reverse("evaluation:jury-file", args=[world.assignment(user, application).pk, sealed.pk])


def test_a_juror_reads_only_through_his_or_her_own_assignment(sign_in):
    world = evaluation_world()
    one, other = world.jurors[:2]
    application = world.dossiers[0]
    outsiders = [
        other,
        world.manager,
        application.created_by,
        person("Instructeur", Role.CASE_OFFICER),
        person("Auditeur", Role.AUDITOR),
        person("Administrateur", Role.ADMINISTRATOR),
        person("Passant"),
    ]
    for url in (sheet_url(world, one, application), file_url(world, one, application)):
        assert fetched(sign_in(one), url)[0] == 200
        for outsider in outsiders:
            assert sign_in(outsider).get(url).status_code == 404, (outsider, url)


def test_a_file_of_another_dossier_does_not_come_through_ones_own_assignment(sign_in):
    world = evaluation_world()
    juror = world.jurors[0]
    rival = SubmissionFile.objects.get(submission=world.dossiers[1].standing_submission)
    url = reverse("evaluation:jury-file", args=[world.assignment(juror, world.dossiers[0]).pk, rival.pk])
    assert sign_in(juror).get(url).status_code == 404


def test_the_file_comes_as_an_attachment_that_no_browser_keeps(sign_in):
    world = evaluation_world()
    client, url = sign_in(world.jurors[0]), file_url(world, world.jurors[0], world.dossiers[0])
    assert fetched(client, url)[1].startswith(b"%PDF")
    answer = client.get(url)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    assert b"".join(answer.streaming_content)


def test_a_recused_dossier_disappears_everywhere_during_the_marking(sign_in):
    world = evaluation_world()
    juror = world.jurors[0]
    urls = [sheet_url(world, juror, world.dossiers[0]), file_url(world, juror, world.dossiers[0])]
    recuse(world, juror)
    client = sign_in(juror)
    assert [client.get(url).status_code for url in urls] == [404, 404]
    assert HIDDEN not in client.get(reverse("evaluation:jury-home")).content.decode()
    assert (
        HIDDEN
        not in client.get(reverse("evaluation:jury-declarations", args=[world.call.code])).content.decode()
    )
    next_sheet = client.get(sheet_url(world, juror, world.dossiers[1])).content.decode()
    assert HIDDEN not in next_sheet


def test_a_recused_dossier_disappears_from_ranking_plot_and_workbook(sign_in):
    world = evaluation_world()
    recuse(world, world.jurors[0])
    for user in world.everybody:
        for application in world.dossiers:
            if Assignment.objects.visible_to(user, at=AT).filter(application=application).exists():
                give_marks(world, user, application, "4")
    close_round(world.call, by=world.chair, at=AT)
    code = world.call.code
    ranking, export = (
        reverse("evaluation:jury-ranking", args=[code]),
        reverse("evaluation:jury-ranking-export", args=[code]),
    )
    for user, sees in (
        (world.jurors[0], False),
        (world.jurors[1], True),
        (world.chair, True),
        (world.manager, True),
    ):
        client = sign_in(user)
        assert (HIDDEN in client.get(ranking).content.decode()) is sees
        assert (HIDDEN in names_in(client.get(export).content)) is sees


def test_a_recused_chair_neither_sees_nor_settles_that_dossier(sign_in):
    world = evaluation_world()
    recuse(world, world.chair)
    close_round(world.call, by=world.chair, at=AT)
    code = world.call.code
    outcome = reverse("evaluation:jury-outcome", args=[code, world.dossiers[0].pk])
    client = sign_in(world.chair)
    for name in ("progress", "links", "ranking", "deliberation"):
        page = client.get(reverse(f"evaluation:jury-{name}", args=[code])).content.decode()
        assert HIDDEN not in page, name
    assert client.get(outcome).status_code == 404
    assert sign_in(world.manager).get(outcome).status_code == 200


@pytest.mark.parametrize("name", ["ranking", "ranking-export", "deliberation"])
def test_nobody_sees_marks_or_order_before_the_round_is_closed(sign_in, name):
    world = evaluation_world()
    all_marked(world)
    url = reverse(f"evaluation:jury-{name}", args=[world.call.code])
    readers = [
        *world.everybody,
        world.manager,
        person("Décideur", Role.DECISION_MAKER),
        person("A", Role.AUDITOR),
    ]
    for user in readers:
        assert sign_in(user).get(url).status_code == 403, user


def test_the_board_says_who_has_sent_and_never_what(sign_in):
    world = evaluation_world(dossier_count=1)
    give_marks(world, world.jurors[0], world.dossiers[0], "4.5")
    board = reverse("evaluation:jury-progress", args=[world.call.code])
    page = sign_in(world.chair).get(board).content.decode()
    assert "envoyée" in page
    assert "4,5" not in page
    assert "Commentaire de la fiche" not in page
    assert sign_in(world.jurors[1]).get(board).status_code == 403


def test_who_reads_the_ranking_once_it_is_open(sign_in):
    world = closed_world()
    url = reverse("evaluation:jury-ranking", args=[world.call.code])
    expected = {
        world.jurors[0]: 200,
        world.chair: 200,
        world.manager: 200,
        person("Décideur", Role.DECISION_MAKER): 200,
        person("Auditeur", Role.AUDITOR): 200,
        person("Administrateur", Role.ADMINISTRATOR): 404,
        world.dossiers[0].created_by: 404,
        person("Passant"): 404,
    }
    assert {user: sign_in(user).get(url).status_code for user in expected} == expected


def test_a_juror_of_another_call_knows_nothing_of_this_one(sign_in):
    world = evaluation_world()
    other = evaluation_world(code="autre-2026")
    client = sign_in(other.jurors[0])
    for name in ("declarations", "composition", "progress", "links", "ranking"):
        assert client.get(reverse(f"evaluation:jury-{name}", args=[world.call.code])).status_code == 404
    foreign = reverse("evaluation:jury-sheet", args=[world.assignment(world.jurors[0], world.dossiers[0]).pk])
    assert client.get(foreign).status_code == 404


def test_the_workbook_holds_no_formula_and_reads_from_the_right_in_arabic(sign_in):
    world = evaluation_world()
    application = world.dossiers[0]
    application.name = '=HYPERLINK("http://evil.example")'
    application.save()
    all_marked(world)
    close_round(world.call, by=world.chair, at=AT)
    client = sign_in(world.chair)
    client.cookies["django_language"] = "ar"
    content = client.get(reverse("evaluation:jury-ranking-export", args=[world.call.code])).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert application.name in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert all(sheet.sheet_view.rightToLeft for sheet in book)


def test_a_person_without_a_seat_has_an_empty_home(sign_in):
    call_opened()
    assert (
        "Vous ne siégez à aucun jury"
        in sign_in(person("Passant")).get(reverse("evaluation:jury-home")).content.decode()
    )
