"""Mail goes through the outbox: one row per recipient, sent at most once, never from inside a request."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from accounts import outbox
from accounts.enums import OutboxKind
from accounts.models import OutboxMessage
from clusters_portal import mail


def queue_mail(
    to: str, subject: str, text: str, *, at: datetime, key: str, html: str | None = None, forget: bool = False
) -> OutboxMessage:
    """Owe one mail, once per `key`. `forget` empties the row once the mail left: for codes and one-use links.

    In a demonstration, subject and text say so in the active language.
    """
    if settings.DEMONSTRATION:
        subject = f"[{gettext('Démonstration')}] {subject}"
        warning = gettext("Ce message vient d'une démonstration : il n'a aucune valeur officielle.")
        text = f"{warning}\n\n{text}"
    payload: dict[str, Any] = {"to": to, "subject": " ".join(subject.split()), "text": text}
    if html:
        payload["html"] = html
    if forget:
        payload["forget"] = True
    return outbox.enqueue(OutboxKind.MAIL, key, at=at, payload=payload)


def deliver(key: str, payload: dict[str, Any]) -> None:
    """Outbox handler of MAIL."""
    try:
        mail.send(
            key=key,
            to=payload["to"],
            subject=payload["subject"],
            text=payload["text"],
            html=payload.get("html"),
        )
    except mail.MailUncertain as error:
        raise outbox.Uncertain(str(error)) from error
