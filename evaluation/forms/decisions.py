"""Forms of the decisions: the reasons of one, the word that confirms an act, the verification of a paper."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONG_TEXT = 10_000


class ReasonsForm(forms.Form):
    reasons_fr = forms.CharField(
        label=_("Motifs en français"),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "fr", "dir": "ltr"}),
        help_text=_("Un motif par ligne, rattaché à un critère ou à une ligne de recevabilité."),
    )
    reasons_ar = forms.CharField(
        label=_("Motifs en arabe"),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "ar", "dir": "rtl"}),
        help_text=_("Le texte arabe fait foi."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class VerificationForm(forms.Form):
    numero = forms.CharField(label=_("Numéro"), max_length=60, widget=forms.TextInput(attrs={"dir": "ltr"}))
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        help_text=_("Le code imprimé sous le numéro, à côté du carré à scanner."),
    )
