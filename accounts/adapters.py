from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.http import HttpRequest
from django.utils import translation

from accounts import audit
from accounts.actions.users import USER_SIGNED_UP
from accounts.enums import Language
from accounts.mailing import queue_mail
from accounts.models import User
from clusters_portal import clock


class AccountAdapter(DefaultAccountAdapter):
    """allauth's way into the portal: its mails go through the outbox, its new people into the trail."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.full_name = form.cleaned_data["full_name"]
        user.language = form.cleaned_data["language"]
        with transaction.atomic():
            user = super().save_user(request, user, form, commit=commit)
            if commit:
                audit.record(USER_SIGNED_UP, by=user, at=clock.now(), subject=user)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """The wrong password that closes an account for a while tells its owner; an unknown address gets nothing."""
        email = credentials.get("email", "")
        key = self._get_login_attempts_cache_key(request, **credentials)
        action = {"app": "allauth.account", "action": "login_failed"}
        if ratelimit.consume(request, **action, key=key, dry_run=True):
            return
        owner = User.objects.filter(email__iexact=email, is_active=True).first()
        if owner is not None:
            self.send_mail("account/email/login_closed", owner.email, {"user": owner})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One outbox row per mail, in the addressee's language, emptied once sent: it may carry a code or a link."""
        values = {
            "request": self.request,
            "email": email,
            "current_site": get_current_site(self.request),
            **context,
        }
        language = self._language_of(email, context.get("user"))
        with translation.override(language), transaction.atomic():
            mail = self.render_mail(template_prefix, email, values)
            html = None
            if isinstance(mail, EmailMultiAlternatives) and mail.alternatives:
                html = str(mail.alternatives[0][0])
            queue_mail(
                email,
                str(mail.subject),
                str(mail.body),
                html=html,
                at=clock.now(),
                key=f"account:{uuid4()}",
                forget=True,
            )

    def _language_of(self, email: str, user: User | None) -> str:
        if isinstance(user, User):
            return user.language
        found = User.objects.filter(email__iexact=email).values_list("language", flat=True).first()
        return found or translation.get_language() or Language.FRENCH
