import re
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.crypto import get_random_string

from clusters_portal import clock


class EmailFiles(BaseEmailBackend):
    """Each mail becomes one `.eml` file in EMAIL_FILE_PATH, named so that the newest sorts last."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            addressee = re.sub(r"[^A-Za-z0-9@.+-]", "_", (message.to or ["nobody"])[0])[:80]
            name = f"{clock.now():%Y%m%dT%H%M%S.%fZ}-{get_random_string(6)}-{addressee}.eml"
            partial = folder / f".{name}"
            partial.write_bytes(message.message().as_bytes(linesep="\r\n"))
            partial.rename(folder / name)  # a reader of the folder never meets half a mail
        return len(email_messages)
