"""Notices: the same words in the portal's inbox and by mail, in each person's language."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from accounts.mailing import queue_mail
from accounts.models import Notice, User
from accounts.permissions import forget_standing


def notify(
    kind: str,
    users: Iterable[User],
    *,
    at: datetime,
    params: dict[str, Any],
    url: str = "",
    key: str,
    mail: bool = True,
) -> list[Notice]:
    """Leave a notice, and a mail, to each active person once per (kind, key, person); the notices that are new.

    `params` are JSON scalars for templates/notices/<kind>.subject.txt and <kind>.txt; `url` is a path of the portal.
    """
    people = {user.pk: user for user in users if user.is_active}
    known = set(Notice.objects.filter(kind=kind, key=key, user__in=people).values_list("user_id", flat=True))
    fresh = [
        Notice(user=user, kind=kind, key=str(key), params=params, url=url, created_at=at)
        for pk, user in people.items()
        if pk not in known
    ]
    # A rival transaction may have written the same notice meanwhile; the mail's own key keeps it single too.
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    for notice in fresh:
        forget_standing(notice.user)
        if mail:
            _queue_mail(notice, at=at)
    return fresh


def subject_of(notice: Notice) -> str:
    """The notice's subject in the active language."""
    return " ".join(_render(notice, "subject.txt").split())


def text_of(notice: Notice) -> str:
    """The notice's text in the active language; plain text."""
    return _render(notice, "txt").strip()


def _queue_mail(notice: Notice, *, at: datetime) -> None:
    with translation.override(notice.user.language):
        queue_mail(
            notice.user.email,
            subject_of(notice),
            _mail_text(notice),
            at=at,
            key=f"notice:{notice.kind}:{notice.key}:{notice.user_id}",
        )


def _mail_text(notice: Notice) -> str:
    context = {"notice": notice, "text": text_of(notice), "link": _absolute(notice.url)}
    return _plain("notices/_mail.txt", context).strip() + "\n"


def _absolute(url: str) -> str:
    return settings.PORTAL_BASE_URL + url if url else ""


def _render(notice: Notice, ending: str) -> str:
    return _plain(f"notices/{notice.kind}.{ending}", {**notice.params, "person": notice.user})


def _plain(template: str, context: dict[str, Any]) -> str:
    """Plain text, not HTML: mails are sent as text/plain, and the inbox page escapes what it prints."""
    backend: Any = get_template(template)
    text: str = backend.template.render(Context(context, autoescape=False))
    return text
