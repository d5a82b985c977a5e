"""Who works on a dossier."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import TeamRole

ROLES = [
    (TeamRole.EDITOR.value, _("Rédacteur : remplit les rubriques et joint les pièces")),
    (TeamRole.READER.value, _("Lecteur : lit le dossier, ne change rien")),
]


class SeatForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Rôle"),
        choices=ROLES,
        initial=TeamRole.EDITOR.value,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez un rôle.")},
    )
    may_deposit = forms.BooleanField(
        label=_("Peut aussi déposer le dossier"),
        required=False,
        help_text=_("Réservé aux rédacteurs."),
    )

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("role") == TeamRole.READER and data.get("may_deposit"):
            self.add_error(
                "may_deposit", _("Un lecteur ne dépose pas. Choisissez « Rédacteur » ou retirez ce droit.")
            )
        return data


class InvitationForm(SeatForm):
    email = forms.EmailField(
        label=_("Adresse électronique"),
        help_text=_("La personne reçoit un lien à usage unique, valable sept jours."),
        max_length=254,
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        error_messages={
            "required": _("Indiquez l'adresse de la personne à inviter."),
            "invalid": _("Cette adresse n'est pas complète. Exemple : prenom.nom@cluster.example."),
        },
    )

    field_order = ["email", "role", "may_deposit"]
