from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import OutboxKind
from accounts.models import OutboxMessage
from applications.actions import teams
from applications.enums import TeamRole
from applications.models import TeamInvitation
from clusters_portal.errors import Refused
from evaluation.models import JuryMember
from tests.applications.applicant import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(monkeypatch) -> str:
    monkeypatch.setattr(teams.secrets, "token_urlsafe", lambda size: "un-jeton-de-test")
    return "un-jeton-de-test"


def invite(draft, owner, **extra) -> TeamInvitation:
    values = {"email": "Invitee@demo.example", "role": TeamRole.EDITOR, "may_deposit": True, "at": world.AT}
    return teams.invite(draft, by=owner, **{**values, **extra})


def page(token: str) -> str:
    return reverse("applications:team_invitation", args=[token])


def test_an_invited_person_takes_the_seat_once(draft, owner, client_of, token):
    invite(draft, owner)
    guest = world.person("invitee")
    browser = client_of(guest)
    assert "Rejoindre" in world.text_of(browser.get(page(token)))
    assert not draft.team.filter(user=guest).exists()
    assert browser.post(page(token)).url == reverse("applications:dossier", args=[draft.pk])
    seat = draft.team.get(user=guest)
    assert (seat.role, seat.may_deposit, seat.added_by) == (TeamRole.EDITOR, True, owner)
    assert browser.post(page(token)).status_code == 409
    assert draft.team.count() == 2


def test_the_mail_carries_the_link_and_the_database_only_its_digest(draft, owner, token):
    invitation = invite(draft, owner)
    mail = OutboxMessage.objects.get(kind=OutboxKind.MAIL)
    assert page(token) in mail.payload["text"]
    assert mail.payload["forget"] is True
    assert token not in invitation.token_digest


def test_another_address_learns_nothing(draft, owner, client_of, token):
    draft.name = "Nom secret"
    draft.save()
    invite(draft, owner)
    browser = client_of(world.person("autre"))
    assert "Nom secret" not in world.text_of(browser.get(page(token)))
    assert browser.post(page(token)).status_code == 409
    assert draft.team.count() == 1


@pytest.mark.parametrize(
    ("after", "works"),
    [(teams.VALID_FOR - world.MICROSECOND, True), (teams.VALID_FOR, False), (timedelta(days=30), False)],
)
def test_an_invitation_expires(draft, owner, token, after, works):
    invite(draft, owner)
    guest = world.person("invitee")
    if works:
        assert teams.accept(token, by=guest, at=world.AT + after)
    else:
        with pytest.raises(Refused) as refused:
            teams.accept(token, by=guest, at=world.AT + after)
        assert [b.code for b in refused.value.blockers] == ["invitation_not_valid"]


def test_revoked_and_replaced_invitations_do_not_work(draft, owner, browser, monkeypatch):
    names = iter(["premier", "second"])
    monkeypatch.setattr(teams.secrets, "token_urlsafe", lambda size: next(names))
    invite(draft, owner)
    second = invite(draft, owner)
    guest = world.person("invitee")
    browser.post(reverse("applications:team_revoke", args=[draft.pk, second.pk]))
    for name in ("premier", "second", "inconnu"):
        with pytest.raises(Refused):
            teams.accept(name, by=guest, at=world.AT)
    assert draft.team.count() == 1


def test_staff_of_the_ministry_never_join(draft, owner, token):
    officer = world.officer()
    teams.invite(draft, by=owner, at=world.AT, email=officer.email, role=TeamRole.READER)
    with pytest.raises(Refused) as refused:
        teams.accept(token, by=officer, at=world.AT)
    assert [b.code for b in refused.value.blockers] == ["staff_never_applies"]


def test_a_juror_of_the_call_never_joins(draft, call, owner, token):
    invite(draft, owner)
    juror = world.person("invitee")
    JuryMember.objects.create(call=call, user=juror, role="member", appointed_by=owner, appointed_at=world.AT)
    with pytest.raises(Refused) as refused:
        teams.accept(token, by=juror, at=world.AT)
    assert [b.code for b in refused.value.blockers] == ["staff_never_applies"]


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"email": "", "role": "editor"}, "Indiquez l'adresse"),
        ({"email": "x", "role": "editor"}, "n'est pas complète"),
        ({"email": "a@demo.example", "role": "owner"}, ""),
        ({"email": "a@demo.example", "role": "reader", "may_deposit": "on"}, "Un lecteur ne dépose pas"),
        ({"email": "titulaire@demo.example", "role": "editor"}, "fait déjà partie"),
    ],
)
def test_what_cannot_be_invited_is_said(draft, browser, posted, said):
    answer = browser.post(reverse("applications:team", args=[draft.pk]), posted)
    assert answer.status_code in (409, 422)
    assert said in world.text_of(answer)
    assert not TeamInvitation.objects.exists()


def test_rights_change_and_people_leave(draft, browser):
    colleague = world.seat(draft, world.person("collegue"), TeamRole.READER)
    address = reverse("applications:team_seat", args=[draft.pk, colleague.pk])
    assert browser.get(address).status_code == 200
    browser.post(address, {"role": "editor", "may_deposit": "on"})
    colleague.refresh_from_db()
    assert (colleague.role, colleague.may_deposit) == (TeamRole.EDITOR, True)
    browser.post(address, {"remove": "1"})
    assert draft.team.count() == 1


def test_the_owner_stays(draft, browser):
    address = reverse("applications:team_seat", args=[draft.pk, draft.team.get().pk])
    browser.post(address, {"remove": "1"})
    browser.post(address, {"role": "reader"})
    assert draft.team.get().role == TeamRole.OWNER


def test_a_seat_of_another_dossier_is_a_404(draft, call, browser):
    other = world.draft(call, world.person("autre"))
    address = reverse("applications:team_seat", args=[draft.pk, other.team.get().pk])
    assert browser.post(address, {"remove": "1"}).status_code == 404
    assert other.team.count() == 1


def test_the_team_is_limited(draft, owner):
    for number in range(teams.TEAM_MAXIMUM - 1):
        teams.invite(draft, by=owner, at=world.AT, email=f"p{number}@demo.example", role=TeamRole.READER)
    with pytest.raises(Refused) as refused:
        teams.invite(draft, by=owner, at=world.AT, email="de-trop@demo.example", role=TeamRole.READER)
    assert [b.code for b in refused.value.blockers] == ["team_full"]
