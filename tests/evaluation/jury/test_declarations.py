import pytest
from django.urls import reverse

from accounts.models import Notice
from clusters_portal.errors import Refused
from evaluation.actions.assignments import assign, set_readers
from evaluation.actions.declarations import declare, rule_on_link
from evaluation.enums import DeclarationKind, LinkRuling
from evaluation.models import Assignment, ConflictDeclaration, Evaluation, Grid
from tests.evaluation.jury.world import AT, declare_none, evaluation_world, give_marks

pytestmark = pytest.mark.django_db
NONE, LINK, CONFLICT = DeclarationKind.NONE, DeclarationKind.LINK, DeclarationKind.CONFLICT


def say(world, user, application, kind, reason="Même fédération."):
    return declare(world.seat(user), application, kind, reason=reason, by=user, at=AT)


def refused_codes(function, *args, **kwargs) -> set[str]:
    with pytest.raises(Refused) as refused:
        function(*args, **kwargs)
    return {blocker.code for blocker in refused.value.blockers}


def test_none_assigns_in_a_small_call_and_a_conflict_never():
    world = evaluation_world(declared=False)
    juror, (first, second) = world.jurors[0], world.dossiers
    say(world, juror, first, NONE, "")
    say(world, juror, second, CONFLICT)
    assert [row.application for row in Assignment.objects.visible_to(juror, at=AT)] == [first]


def test_a_link_gives_access_only_once_kept_and_its_reason_is_asked_for():
    world = evaluation_world(declared=False)
    juror, application = world.jurors[0], world.dossiers[0]
    assert refused_codes(say, world, juror, application, LINK, " ") == {"reason_missing"}
    declaration = say(world, juror, application, LINK)
    assert Notice.objects.filter(user=world.chair, kind="jury_link_declared").count() == 1
    assert not Assignment.objects.visible_to(juror, at=AT).exists()
    assert refused_codes(rule_on_link, declaration, LinkRuling.KEEP, reason="", by=world.chair, at=AT) == {
        "reason_missing"
    }
    assert refused_codes(
        rule_on_link, declaration, LinkRuling.KEEP, reason="Sans rapport.", by=world.manager, at=AT
    ) == {"not_the_chair"}
    rule_on_link(declaration, LinkRuling.KEEP, reason="Sans rapport.", by=world.chair, at=AT)
    assert Assignment.objects.visible_to(juror, at=AT).get().application == application


def test_the_chairs_own_link_is_ruled_by_the_call_manager_alone():
    world = evaluation_world(declared=False)
    declaration = say(world, world.chair, world.dossiers[0], LINK)
    assert refused_codes(
        rule_on_link, declaration, LinkRuling.KEEP, reason="Oui.", by=world.chair, at=AT
    ) == {"own_link"}
    rule_on_link(declaration, LinkRuling.RECUSE, reason="Trop proche.", by=world.manager, at=AT)
    assert declaration.application not in [
        row.application for row in Assignment.objects.visible_to(world.chair, at=AT)
    ]


def test_where_the_chair_is_recused_the_call_manager_rules_on_the_others():
    world = evaluation_world(declared=False)
    application = world.dossiers[0]
    say(world, world.chair, application, CONFLICT)
    declaration = say(world, world.jurors[0], application, LINK)
    assert refused_codes(
        rule_on_link, declaration, LinkRuling.KEEP, reason="Oui.", by=world.chair, at=AT
    ) == {"not_the_chair"}
    rule_on_link(declaration, LinkRuling.KEEP, reason="Oui.", by=world.manager, at=AT)


def test_a_conflict_is_never_taken_back():
    world = evaluation_world(declared=False)
    juror, application = world.jurors[0], world.dossiers[0]
    say(world, juror, application, CONFLICT)
    assert refused_codes(say, world, juror, application, NONE, "") == {"conflict_is_final"}


@pytest.mark.parametrize("sent", [True, False])
def test_a_late_conflict_voids_the_sheet_and_keeps_its_marks(sent):
    world = evaluation_world()
    juror, application = world.jurors[0], world.dossiers[0]
    sheet = give_marks(world, juror, application, "4", send=sent)
    say(world, juror, application, CONFLICT, "Découvert en lisant.")
    sheet.refresh_from_db()
    assert (sheet.voided_at, sheet.void_reason) == (AT, "Découvert en lisant.")
    assert sheet.scores.count() == 11
    assert application not in [row.application for row in Assignment.objects.visible_to(juror, at=AT)]


def test_the_declaration_page_shows_the_parties_and_no_answer(sign_in):
    world = evaluation_world(declared=False)
    juror = world.jurors[0]
    url = reverse("evaluation:jury-declarations", args=[world.call.code])
    page = sign_in(juror).get(url).content.decode()
    assert "Dirigeant Cluster Démonstration 01" in page
    assert "Atelier Cluster Démonstration 01" in page
    assert "Institut Fictif" in page
    assert "Vision secrète" not in page


def test_the_page_hints_at_the_same_organisation_and_the_same_mail_domain(sign_in):
    world = evaluation_world(declared=False)
    juror = world.jurors[0]
    seat = world.seat(juror)
    seat.organisation = "ATELIER cluster démonstration 01"
    seat.save()
    juror.email = "membre@01.example"
    juror.save()
    page = (
        sign_in(juror).get(reverse("evaluation:jury-declarations", args=[world.call.code])).content.decode()
    )
    assert "Même organisme que le vôtre" in page
    assert "Même domaine de messagerie que le vôtre" in page


def test_declarations_made_together_are_all_kept_or_none(sign_in):
    world = evaluation_world(declared=False)
    juror, (first, second) = world.jurors[0], world.dossiers
    url = reverse("evaluation:jury-declarations", args=[world.call.code])
    data = {
        "dossier": [str(first.pk), str(second.pk)],
        f"d-{first.pk}-kind": "none",
        f"d-{second.pk}-kind": "link",
        f"d-{second.pk}-reason": "  ",
    }
    client = sign_in(juror)
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert "Expliquez le lien ou le conflit" in answer.content.decode()
    assert not ConflictDeclaration.objects.exists()
    data[f"d-{second.pk}-reason"] = "Même fédération."
    assert client.post(url, data).status_code == 302
    assert set(ConflictDeclaration.objects.values_list("kind", flat=True)) == {"none", "link"}
    assert client.post(url, {"dossier": []}).status_code == 422


def test_beyond_the_limit_dossiers_are_shared_out_and_a_begun_sheet_keeps_its_juror():
    world = evaluation_world(dossier_count=4, juror_count=4, declared=False)
    Grid.objects.update(all_read_up_to=2)
    for user in world.everybody:
        declare_none(world, user)
    assert not Assignment.objects.exists()
    proposal = assign(world.call, by=world.chair, at=AT)
    assert proposal.problems == ()
    loads = [Assignment.objects.filter(juror__user=user).count() for user in world.everybody]
    assert sum(loads) == 12
    assert max(loads) - min(loads) <= 1
    begun = Assignment.objects.first()
    give_marks(world, begun.juror.user, begun.application, "3", send=False)
    set_readers(begun.application, [], by=world.chair, at=AT)
    assert list(Assignment.objects.filter(application=begun.application)) == [begun]
    assert Evaluation.objects.count() == 1


def test_readers_are_only_those_who_are_cleared():
    world = evaluation_world(declared=False)
    seat = world.seat(world.jurors[0])
    assert refused_codes(set_readers, world.dossiers[0], [seat], by=world.chair, at=AT) == {"not_cleared"}


def test_the_chair_rules_on_a_link_by_the_page(sign_in):
    world = evaluation_world(declared=False)
    declaration = say(world, world.jurors[0], world.dossiers[0], LINK, "<script>alert(1)</script>")
    client = sign_in(world.chair)
    page = client.get(reverse("evaluation:jury-links", args=[world.call.code])).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    url = reverse("evaluation:jury-rule", args=[world.call.code, declaration.pk])
    assert client.post(url, {"ruling": "keep", "reason": " "}).status_code == 422
    assert client.post(url, {"ruling": "keep", "reason": "Unités sans rapport."}).status_code == 302
    declaration.refresh_from_db()
    assert declaration.ruled_by == world.chair
    assert sign_in(world.jurors[1]).post(url, {"ruling": "keep", "reason": "x"}).status_code == 403
