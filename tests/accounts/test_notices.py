import pytest
from django.core import mail as django_mail
from django.test import Client

from accounts import mailing, notices, outbox
from accounts.models import Notice, OutboxMessage
from clusters_portal import mail
from tests.accounts.people import AT, make_staff, make_user

pytestmark = pytest.mark.django_db
PARAMS = {"role": "auditor", "starts_on": "2026-11-23", "ends_on": ""}


def notify(*users, key: str = "1", **extra):
    return notices.notify(
        "role_granted", users, at=AT, params=PARAMS, url="/compte/profil/", key=key, **extra
    )


def test_each_person_gets_a_notice_and_a_mail_of_their_own_once() -> None:
    first, second, closed = make_user(), make_user(), make_user(is_active=False)
    assert len(notify(first, second, first, closed)) == 2
    assert len(notify(first, second)) == 0
    assert len(notify(first, key="2")) == 1
    assert Notice.objects.count() == 3
    assert OutboxMessage.objects.filter(kind="mail").count() == 3
    assert outbox.drain() == 3
    assert sorted(sent.to for sent in django_mail.outbox) == sorted(
        [[first.email], [first.email], [second.email]]
    )


def test_the_mail_is_in_the_persons_language_with_a_link_to_our_host(settings) -> None:
    settings.DEMONSTRATION = False
    user = make_user(full_name="Amina <b>&")
    notify(user)
    payload = OutboxMessage.objects.get().payload
    assert payload["subject"] == "Un rôle vous a été attribué"
    assert payload["text"] == (
        "Bonjour Amina <b>&,\n\n"
        "Le rôle « Auditeur » vous a été attribué sur le portail.\n"
        "Il est valable à partir du 2026-11-23.\n"
        "Une double authentification peut vous être demandée à la prochaine connexion.\n\n"
        "Pour en savoir plus, connectez-vous :\n"
        "http://testserver/compte/profil/\n\n"
        "Ce message est envoyé automatiquement : merci de ne pas y répondre. "
        "Vous le retrouvez dans la messagerie du portail.\n"
    )


def test_a_demonstration_says_so_in_subject_and_text() -> None:
    notify(make_user())
    payload = OutboxMessage.objects.get().payload
    assert payload["subject"] == "[Démonstration] Un rôle vous a été attribué"
    assert payload["text"].startswith(
        "Ce message vient d'une démonstration : il n'a aucune valeur officielle.\n\n"
    )


def test_a_mail_may_be_left_out() -> None:
    notify(make_user(), mail=False)
    assert OutboxMessage.objects.count() == 0
    assert Notice.objects.count() == 1


def test_a_doubtful_delivery_is_told_to_the_outbox(monkeypatch) -> None:
    def doubt(**_: object) -> None:
        raise mail.MailUncertain("TimeoutError")

    monkeypatch.setattr(mail, "send", doubt)
    with pytest.raises(outbox.Uncertain):
        mailing.deliver("k", {"to": "a@demo.example", "subject": "s", "text": "t"})


# The inbox ----------------------------------------------------------------------------------------------------------


def test_the_inbox_shows_ones_own_notices_escaped(client: Client) -> None:
    user, other = make_user(), make_user()
    notify(user)
    notices.notify(
        "role_granted", [other], at=AT, params={**PARAMS, "role": "<script>x</script>"}, url="", key="9"
    )
    client.force_login(user)
    page = client.get("/messages/").content.decode()
    assert page.count("Un rôle vous a été attribué") == 3  # heading and two hidden labels of buttons
    assert "Auditeur" in page
    client.force_login(other)
    page = client.get("/messages/").content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_reading_marks_ones_own_notice_and_goes_where_it_leads(client: Client) -> None:
    user, other = make_user(), make_user()
    notify(user, other)
    mine, theirs = Notice.objects.get(user=user), Notice.objects.get(user=other)
    client.force_login(user)
    assert client.get(f"/messages/{mine.pk}/ouvrir/").status_code == 405
    assert client.post(f"/messages/{theirs.pk}/ouvrir/").status_code == 404
    assert client.post(f"/messages/{theirs.pk}/lu/").status_code == 404
    response = client.post(f"/messages/{mine.pk}/ouvrir/")
    assert (response.status_code, response["Location"]) == (302, "/compte/profil/")
    assert list(Notice.objects.filter(read_at__isnull=False)) == [mine]


def test_all_at_once(client: Client, monkeypatch) -> None:
    from clusters_portal import clock

    monkeypatch.setattr(clock, "now", lambda: AT)
    user, other = make_user(), make_user()
    for key in "123":
        notify(user, other, key=key)
    client.force_login(user)
    assert client.post("/messages/lus/")["Location"] == "/messages/"
    assert set(Notice.objects.filter(read_at=AT).values_list("user", flat=True)) == {user.pk}
    assert Notice.objects.filter(read_at__isnull=True).count() == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_the_inbox_asks_the_same_whatever_its_length(
    client: Client, rows: int, django_assert_num_queries
) -> None:
    user = make_staff("auditor")
    for key in range(rows):
        notify(user, key=str(key))
    client.force_login(user)
    # session, user, count, rows, clock and standing of the header
    with django_assert_num_queries(6):
        client.get("/messages/")
