import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEvent
from applications.enums import ApplicationStatus
from clusters_portal.errors import Refused
from evaluation.actions.jury import appoint_juror, change_role, remove_juror
from evaluation.actions.rounds import start_evaluation, starting_blockers
from evaluation.enums import JuryRole
from evaluation.models import Assignment, JuryMember
from tests.evaluation.jury.world import (
    AT,
    call_opened,
    declare_none,
    dossier,
    evaluation_world,
    give_marks,
    person,
)

pytestmark = pytest.mark.django_db


def appoint(call, user, role=JuryRole.JUROR, by=None):
    return appoint_juror(call, email=user.email.upper(), role=role, organisation="O", by=by or user, at=AT)


def refused_codes(function, *args, **kwargs) -> set[str]:
    with pytest.raises(Refused) as refused:
        function(*args, **kwargs)
    return {blocker.code for blocker in refused.value.blockers}


@pytest.mark.parametrize("role", list(Role))
def test_nobody_with_a_standing_role_sits(role):
    call = call_opened()
    assert refused_codes(appoint, call, person("Agent", role)) == {"holds_a_role"}


def test_an_applicant_of_the_call_never_sits_but_may_in_another():
    call, other = call_opened(), call_opened("autre-2026")
    owner = dossier(call, "Cluster Démonstration 01").created_by
    assert refused_codes(appoint, call, owner) == {"is_applicant"}
    assert appoint(other, owner).call == other


def test_unknown_address_second_chair_and_second_seat_are_refused():
    call, chair, juror = call_opened(), person("Chair"), person("Juror")
    appoint(call, chair, JuryRole.CHAIR)
    seat = appoint(call, juror)
    nobody = person("Parti")
    nobody.is_active = False
    nobody.save()
    assert refused_codes(appoint, call, nobody) == {"unknown_account"}
    assert refused_codes(appoint, call, person("Autre"), JuryRole.CHAIR) == {"one_chair"}
    assert refused_codes(appoint, call, juror) == {"already_seated"}
    assert refused_codes(change_role, seat, JuryRole.CHAIR, by=chair, at=AT) == {"one_chair"}


def test_a_removed_juror_can_be_appointed_again_on_the_same_seat():
    call, juror = call_opened(), person("Juror")
    seat = appoint(call, juror)
    remove_juror(seat, by=juror, at=AT)
    assert refused_codes(remove_juror, seat, by=juror, at=AT) == {"not_seated"}
    assert appoint(call, juror).pk == seat.pk
    assert JuryMember.objects.seated().count() == 1


def test_the_start_names_everything_that_is_missing():
    call = call_opened()
    dossier(call, "Cluster Démonstration 01", status=ApplicationStatus.IN_INSTRUCTION)
    assert {blocker.code for blocker in starting_blockers(call)} == {
        "unsettled",
        "no_chair",
        "too_few_jurors",
    }


def test_start_moves_the_admissible_only_once():
    world = evaluation_world(declared=False)
    assert {one.status for one in world.dossiers} == {ApplicationStatus.IN_EVALUATION}
    assert "not_opened" in refused_codes(start_evaluation, world.call, by=world.manager, at=AT)
    assert AuditEvent.objects.filter(verb="call.evaluation").count() == 1


def test_a_juror_removed_midway_loses_access_and_keeps_what_was_sent(sign_in):
    world = evaluation_world()
    juror = world.jurors[0]
    give_marks(world, juror, world.dossiers[0], "4")
    assignment = world.assignment(juror, world.dossiers[0])
    remove_juror(world.seat(juror), by=world.chair, at=AT)
    assert not Assignment.objects.visible_to(juror, at=AT).exists()
    url = reverse("evaluation:jury-sheet", args=[assignment.pk])
    assert sign_in(juror).get(url).status_code == 404
    assert assignment.evaluation.sent_at == AT


def test_a_substitute_who_has_declared_reads_once_called():
    world = evaluation_world(declared=False)
    seat = world.seat(world.jurors[0])
    change_role(seat, JuryRole.SUBSTITUTE, by=world.chair, at=AT)
    declare_none(world, world.jurors[0])
    assert not Assignment.objects.visible_to(world.jurors[0], at=AT).exists()
    change_role(seat, JuryRole.JUROR, by=world.chair, at=AT)
    assert Assignment.objects.visible_to(world.jurors[0], at=AT).count() == 2


def test_the_page_says_why_an_appointment_is_refused_and_keeps_what_was_typed(sign_in):
    call, manager = call_opened(), person("Responsable", Role.CALL_MANAGER)
    url = reverse("evaluation:jury-composition", args=[call.code])
    data = {"email": "personne@demo.example", "role": "juror", "organisation": "<b>Université</b>"}
    answer = sign_in(manager).post(url, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Aucun compte actif" in page
    assert "&lt;b&gt;Université&lt;/b&gt;" in page
    data["email"] = person("Nouveau").email
    assert sign_in(manager).post(url, data).status_code == 302
    assert JuryMember.objects.get().organisation == "<b>Université</b>"


def test_roles_change_and_seats_go_by_the_page(sign_in):
    world = evaluation_world(declared=False, juror_count=4)
    seat = world.seat(world.jurors[0])
    client = sign_in(world.manager)
    client.post(reverse("evaluation:jury-role", args=[world.call.code, seat.pk]), {"role": "substitute"})
    seat.refresh_from_db()
    assert seat.role == JuryRole.SUBSTITUTE
    client.post(reverse("evaluation:jury-remove", args=[world.call.code, seat.pk]))
    seat.refresh_from_db()
    assert seat.removed_at == AT
