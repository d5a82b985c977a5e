"""Forms of the deliberation: the meeting, a dossier's outcome, a consensus mark."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.domain.scoring import MARKS
from evaluation.enums import Outcome
from evaluation.forms.marking import MarkField, plain
from evaluation.models import JuryMember
from evaluation.models.deliberation import DELIBERATED

REASONS_LENGTH = 10_000


class MeetingForm(forms.Form):
    held_on = forms.DateField(
        label=_("Date de la réunion"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    place = forms.CharField(label=_("Lieu"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    present = forms.ModelMultipleChoiceField(
        label=_("Membres présents"),
        queryset=JuryMember.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    remarks = forms.CharField(
        label=_("Observations pour le procès-verbal"),
        required=False,
        max_length=REASONS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = JuryMember.objects.seated().filter(call=call).select_related("user")
        self.fields["present"].queryset = seats.order_by("user__full_name", "pk")


class LabelsForm(forms.Form):
    labels = forms.IntegerField(
        label=_("Nombre de labels"),
        help_text=_("Laissez vide pour labelliser tous les dossiers qui atteignent les seuils."),
        required=False,
        min_value=0,
        max_value=1000,
        widget=forms.NumberInput(attrs={"class": "form-narrow"}),
    )


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Issue proposée"),
        choices=[(outcome.value, outcome.label) for outcome in DELIBERATED],
        widget=forms.RadioSelect,
    )
    reserve_rank = forms.IntegerField(
        label=_("Rang sur la liste de réserve"),
        help_text=_("Seulement pour un dossier de la liste de réserve."),
        required=False,
        min_value=1,
        max_value=1000,
        widget=forms.NumberInput(attrs={"class": "form-narrow"}),
    )
    departure_reason = forms.CharField(
        label=_("Motif de l'écart au classement"),
        help_text=_("Obligatoire quand l'issue n'est pas celle que le classement donne."),
        required=False,
        max_length=REASONS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    reasons_fr = forms.CharField(
        label=_("Motifs en français"),
        help_text=_("La lettre les reprend. Ne nommez ni un membre du jury ni un autre dossier."),
        max_length=REASONS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "fr", "dir": "ltr"}),
    )
    reasons_ar = forms.CharField(
        label=_("Motifs en arabe"),
        max_length=REASONS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "ar", "dir": "rtl"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unranked = cleaned.get("reserve_rank") is None and "reserve_rank" not in self.errors
        if cleaned.get("outcome") == Outcome.RESERVE and unranked:
            self.add_error("reserve_rank", _("Donnez le rang du dossier sur la liste de réserve."))
        return cleaned


class ConsensusForm(forms.Form):
    mark = MarkField(
        label=_("Note de consensus"),
        widget=forms.Select(
            choices=[("", "—"), *((plain(mark), plain(mark).replace(".", ",")) for mark in MARKS)],
            attrs={"class": "form-narrow"},
        ),
    )
    comment = forms.CharField(
        label=_("Comment le consensus s'est formé"),
        max_length=REASONS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
