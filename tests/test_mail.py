import smtplib
import socket

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.base import BaseEmailBackend

from clusters_portal import mail

LETTER = {
    "key": "notice:1",
    "to": "personne@demo.example",
    "subject": "Objet\r\nBcc: x@demo.example",
    "text": "Texte",
}


class Server(BaseEmailBackend):
    """A mail server that fails as told."""

    opening: Exception | None = None
    sending: Exception | None = None

    def open(self) -> bool:
        if self.opening:
            raise self.opening
        return True

    def send_messages(self, messages) -> int:
        if self.sending:
            raise self.sending
        return len(messages)


@pytest.fixture
def server(settings, monkeypatch) -> type[Server]:
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    monkeypatch.setattr(Server, "opening", None)
    monkeypatch.setattr(Server, "sending", None)
    return Server


def test_one_person_one_line_of_subject_and_an_id_that_stays(settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Portail <portail@demo.example>"
    mail.send(**LETTER)
    mail.send(**LETTER, html="<p>Texte</p>")
    first, second = django_mail.outbox
    assert (first.to, first.cc, first.bcc) == (["personne@demo.example"], [], [])
    assert first.subject == "Objet Bcc: x@demo.example"
    assert first.body == "Texte"
    assert second.alternatives == [("<p>Texte</p>", "text/html")]
    ids = {sent.extra_headers["Message-ID"] for sent in (first, second)}
    assert ids == {mail.message_id("notice:1")}
    assert mail.message_id("notice:1").endswith("@demo.example>")
    assert mail.message_id("notice:2") != mail.message_id("notice:1")


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), socket.gaierror(), smtplib.SMTPAuthenticationError(535, b"no")]
)
def test_a_server_out_of_reach_refuses(server, error) -> None:
    server.opening = error
    with pytest.raises(mail.MailRefused):
        mail.send(**LETTER)


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPDataError(451, b"later"),
        smtplib.SMTPRecipientsRefused({"personne@demo.example": (550, b"unknown")}),
        smtplib.SMTPSenderRefused(421, b"busy", "portail@demo.example"),
    ],
)
def test_an_answer_of_no_refuses(server, error) -> None:
    server.sending = error
    with pytest.raises(mail.MailRefused):
        mail.send(**LETTER)


@pytest.mark.parametrize("error", [smtplib.SMTPServerDisconnected(), TimeoutError(), ConnectionResetError()])
def test_a_line_that_breaks_leaves_doubt(server, error) -> None:
    server.sending = error
    with pytest.raises(mail.MailUncertain):
        mail.send(**LETTER)
