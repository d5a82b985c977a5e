import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.enums import Role
from accounts.models import AuditEvent, RoleGrant, User
from tests.accounts.people import make_staff, make_user

pytestmark = pytest.mark.django_db
PEOPLE = "/gestion/personnes/"


@pytest.fixture
def admin(client: Client) -> User:
    user = make_staff(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def messages_of(response) -> list[str]:
    return [blocker.code for blocker in response.context["blockers"]]


def test_only_the_administrator(client: Client) -> None:
    target = make_user()
    paths = [PEOPLE, f"{PEOPLE}nouvelle/", f"{PEOPLE}{target.pk}/"]
    posts = [
        f"{PEOPLE}nouvelle/",
        *(f"{PEOPLE}{target.pk}/{act}/" for act in ("roles", "desactivation", "reactivation")),
    ]
    for user in [make_user(), *(make_staff(role) for role in Role if role != Role.ADMINISTRATOR)]:
        client.force_login(user)
        assert {client.get(path).status_code for path in paths} == {403}
        assert {client.post(path).status_code for path in posts} == {403}
    client.force_login(make_staff(Role.ADMINISTRATOR))
    assert {client.get(path).status_code for path in paths} == {200}


def test_unknown_people_are_404(client: Client, admin: User) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    assert client.get(f"{PEOPLE}{nobody}/").status_code == 404
    assert client.post(f"{PEOPLE}{nobody}/roles/").status_code == 404
    target = make_staff(Role.AUDITOR)
    other = RoleGrant.objects.get(user=target)
    assert client.post(f"{PEOPLE}{admin.pk}/roles/{other.pk}/retrait/", {"reason": "x"}).status_code == 404


def test_find_by_name_and_by_role(client: Client, admin: User) -> None:
    officer = make_staff(Role.CASE_OFFICER, full_name="Amina Démonstration")

    def found(**query: str) -> list[User]:
        return list(client.get(PEOPLE, query).context["page_obj"].object_list)

    assert set(found()) == {admin, officer}
    assert found(q="amina") == [officer]
    assert found(q=officer.email.upper()) == [officer]
    assert found(role="case_officer") == [officer]
    assert found(role="auditor") == []
    assert found(role="king") == []


def test_an_account_is_made_with_a_verified_address_and_no_password(client: Client, admin: User) -> None:
    form = {
        "full_name": "Amina",
        "email": "Amina@demo.example",
        "organisation": "",
        "language": "ar",
        "is_staff": "on",
    }
    response = client.post(f"{PEOPLE}nouvelle/", form)
    user = User.objects.get(email="Amina@demo.example")
    assert response["Location"] == f"{PEOPLE}{user.pk}/"
    assert (user.is_staff, user.has_usable_password(), user.language) == (False, False, "ar")
    assert EmailAddress.objects.get(user=user).verified
    assert AuditEvent.objects.get(verb="user.created").actor == admin
    again = client.post(f"{PEOPLE}nouvelle/", {**form, "email": "amina@DEMO.example"})
    assert again.status_code == 200
    assert again.context["form"].errors


def test_grant_then_withdraw(client: Client, admin: User) -> None:
    target = make_user()
    page = f"{PEOPLE}{target.pk}/"
    response = client.post(f"{page}roles/", {"role": "auditor", "starts_on": "2026-01-01"})
    assert response["Location"] == page
    held = RoleGrant.objects.get(user=target)
    assert (held.role, held.granted_by) == ("auditor", admin)
    assert "Auditeur" in client.get(page).content.decode()
    refused = client.post(f"{page}roles/{held.pk}/retrait/", {"reason": ""})
    assert (refused.status_code, messages_of(refused)) == (409, ["reason_missing"])
    client.post(f"{page}roles/{held.pk}/retrait/", {"reason": "mutation"})
    held.refresh_from_db()
    assert held.ends_on is not None


def test_what_the_rules_refuse_is_said_and_what_was_typed_stays(client: Client, admin: User) -> None:
    officer = make_staff(Role.CASE_OFFICER)
    form = {"role": "administrator", "starts_on": "2026-01-01", "act_reference": "Décision <b>12</b>"}
    response = client.post(f"{PEOPLE}{officer.pk}/roles/", form)
    assert (response.status_code, messages_of(response)) == (409, ["administrator_and_dossier_role"])
    page = response.content.decode()
    assert "Décision &lt;b&gt;12&lt;/b&gt;" in page
    assert RoleGrant.objects.filter(user=officer).count() == 1
    bad = client.post(f"{PEOPLE}{officer.pk}/roles/", {"role": "king", "starts_on": "hier"})
    assert (bad.status_code, set(bad.context["form"].errors)) == (200, {"role", "starts_on"})


def test_an_administrator_cannot_promote_themselves(client: Client, admin: User) -> None:
    response = client.post(f"{PEOPLE}{admin.pk}/roles/", {"role": "auditor", "starts_on": "2026-01-01"})
    assert messages_of(response)[0] == "own_role"
    assert RoleGrant.objects.filter(user=admin).count() == 1


def test_a_closed_account_is_out_at_its_next_request(client: Client, admin: User) -> None:
    target = make_staff(Role.AUDITOR)
    theirs = Client()
    theirs.force_login(target)
    assert theirs.get("/journal/").status_code == 200
    response = client.post(f"{PEOPLE}{target.pk}/desactivation/", {"reason": ""})
    assert messages_of(response) == ["reason_missing"]
    client.post(f"{PEOPLE}{target.pk}/desactivation/", {"reason": "départ"})
    assert theirs.get("/journal/").status_code == 302
    client.post(f"{PEOPLE}{target.pk}/reactivation/", {"reason": "retour"})
    target.refresh_from_db()
    assert target.is_active
    own = client.post(f"{PEOPLE}{admin.pk}/desactivation/", {"reason": "x"})
    assert messages_of(own) == ["own_account"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_whatever_its_length(
    client: Client, admin: User, rows: int, django_assert_num_queries
) -> None:
    for _ in range(rows):
        make_staff(Role.AUDITOR, Role.CASE_OFFICER)
    # session, user, clock, standing, count, people, grants
    with django_assert_num_queries(7):
        client.get(PEOPLE)


def test_the_profile_keeps_what_was_typed_and_takes_nothing_else(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    response = client.post("/compte/profil/", {"full_name": "", "language": "zz", "organisation": "Org"})
    assert set(response.context["form"].errors) == {"full_name", "language"}
    assert response.context["form"]["organisation"].value() == "Org"
    client.post(
        "/compte/profil/",
        {
            "full_name": "Nom",
            "language": "ar",
            "organisation": "Org",
            "email": "x@demo.example",
            "is_staff": "on",
        },
    )
    fresh = User.objects.get(pk=user.pk)
    assert (fresh.full_name, fresh.language, fresh.organisation) == ("Nom", "ar", "Org")
    assert (fresh.email, fresh.is_staff) == (user.email, False)
