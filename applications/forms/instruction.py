"""Forms of the instruction: a line's answer, the settlement, the confirmation of a register fact, filters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationStatus, Finding, Track
from applications.models.eligibility import SETTLED

LONG_TEXT = 5_000


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label=_("Votre constat"), choices=Finding.choices)
    reason = forms.CharField(
        label=_("Motif"),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_(
            "Obligatoire si votre constat diffère de celui de la règle ; une seconde personne confirme."
        ),
    )


class SettlementForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Le dossier est"),
        choices=[(status.value, status.label) for status in SETTLED],
        widget=forms.RadioSelect,
    )
    reasons_fr = forms.CharField(
        label=_("Motifs en français"),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "fr", "dir": "ltr"}),
        help_text=_("Obligatoires pour une irrecevabilité : ils figureront dans la lettre."),
    )
    reasons_ar = forms.CharField(
        label=_("Motifs en arabe"),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "ar", "dir": "rtl"}),
        help_text=_("Obligatoires pour une irrecevabilité : ils figureront dans la lettre."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") == ApplicationStatus.INADMISSIBLE:
            for name in ("reasons_fr", "reasons_ar"):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(
                        name, _("Écrivez les motifs : une irrecevabilité sans motif n'est pas valable.")
                    )
        return cleaned


class FactConfirmationForm(forms.Form):
    document = forms.CharField(
        label=_("D'après quel document ?"),
        max_length=300,
        help_text=_("Par exemple : contrat-programme n° …, signé le …, archives de la Division."),
    )


class DossierFilterForm(forms.Form):
    q = forms.CharField(label=_("Nom du dossier"), required=False, max_length=100)
    status = forms.ChoiceField(
        label=_("État"),
        required=False,
        choices=[
            ("", _("Tous")),
            *[
                (status.value, status.label)
                for status in ApplicationStatus
                if status != ApplicationStatus.DRAFT
            ],
        ],
    )
    track = forms.ChoiceField(label=_("Voie"), required=False, choices=[("", _("Toutes")), *Track.choices])
    sort = forms.ChoiceField(
        label=_("Trier par"),
        required=False,
        choices=[("", _("Date de dépôt")), ("name", _("Nom")), ("status", _("État"))],
    )


class DepositLookupForm(forms.Form):
    number = forms.CharField(
        label=_("Numéro de récépissé"),
        max_length=40,
        help_text=_("Le numéro que le porteur vous donne, par exemple R-2026-7KQ4-M2XD."),
    )
