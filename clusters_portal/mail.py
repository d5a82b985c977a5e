"""The one door through which a mail leaves."""

import contextlib
import hashlib
import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection


class MailRefused(Exception):
    """Nothing left: the server could not be reached or said no. It may be tried again."""


class MailUncertain(Exception):
    """The conversation broke off: the mail may have left. Trying again could send it twice."""


def message_id(key: str) -> str:
    """The same for the same key, so that a mail sent twice by mistake is recognised as one."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def send(*, key: str, to: str, subject: str, text: str, html: str | None = None) -> None:
    """Send one mail to one person. Raises MailRefused or MailUncertain."""
    connection = get_connection()
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text,
        to=[to],
        headers={"Message-ID": message_id(key), "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    if html:
        mail.attach_alternative(html, "text/html")
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise MailRefused(f"no connection: {type(error).__name__}") from error
    try:
        mail.send()
    except smtplib.SMTPServerDisconnected as error:
        raise MailUncertain(type(error).__name__) from error
    except smtplib.SMTPException as error:
        raise MailRefused(f"{type(error).__name__}: {getattr(error, 'smtp_code', '')}") from error
    except OSError as error:
        raise MailUncertain(type(error).__name__) from error
    finally:
        _close(connection)


def _close(connection: object) -> None:
    # The answer to DATA already told whether the mail left.
    with contextlib.suppress(OSError, smtplib.SMTPException):
        connection.close()  # type: ignore[attr-defined]
