from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEvent


class TrailFilter(forms.Form):
    """Filters of the audit trail, all optional, kept in the address."""

    verb = forms.CharField(label=_("Acte"), required=False, max_length=80)
    call_code = forms.CharField(label=_("Appel"), required=False, max_length=50)
    actor = forms.CharField(label=_("Auteur"), required=False, max_length=150)
    since = forms.DateField(
        label=_("Du"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Au (inclus)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("La fin de la période précède son début."))
        return cleaned

    def apply(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """The matching events; none when a filter is not valid."""
        if not self.is_valid():
            return events.none()
        asked = self.cleaned_data
        if asked["verb"]:
            events = events.filter(verb__startswith=asked["verb"])
        if asked["call_code"]:
            events = events.filter(call_code=asked["call_code"])
        if asked["actor"]:
            events = events.filter(actor_label__icontains=asked["actor"])
        if asked["since"]:
            events = events.filter(at__gte=self._midnight(asked["since"]))
        if asked["until"] and asked["until"] < date.max:  # nothing is later than the last day there is
            events = events.filter(at__lt=self._midnight(asked["until"] + timedelta(days=1)))
        return events

    @staticmethod
    def _midnight(day) -> datetime:
        return datetime.combine(day, time.min, tzinfo=ZoneInfo(settings.TIME_ZONE))
