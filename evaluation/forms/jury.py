"""Forms of the jury's composition, declarations and rulings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from evaluation.enums import DeclarationKind, JuryRole, LinkRuling
from evaluation.models import JuryMember

REASON_LENGTH = 2_000


class AppointmentForm(forms.Form):
    email = forms.EmailField(
        label=_("Adresse électronique du compte"),
        help_text=_("La personne doit déjà avoir un compte sur le portail."),
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Rôle"), choices=JuryRole.choices, initial=JuryRole.JUROR)
    organisation = forms.CharField(
        label=_("Organisme"),
        max_length=200,
        help_text=_("Il sert à signaler les liens possibles avec les dossiers."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=JuryRole.choices)


class DeclarationForm(forms.Form):
    """One dossier of the declaration page; nothing chosen means that the juror will come back to it."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("Votre déclaration"),
        choices=[
            (DeclarationKind.NONE, _("Aucun lien")),
            (DeclarationKind.LINK, _("Un lien, que le président appréciera")),
            (DeclarationKind.CONFLICT, _("Un conflit d'intérêts : je me récuse")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(
        label=_("Nature du lien ou du conflit"),
        help_text=_("Obligatoire pour un lien ou un conflit."),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"d-{application.pk}", **kwargs)
        self.application = application

        # What is optional here is answering now, not the answer: the page must not call it optional.
        if not self.is_bound:
            for field in self.fields.values():
                field.required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        reason = (cleaned.get("reason") or "").strip()
        if (
            kind in (DeclarationKind.LINK, DeclarationKind.CONFLICT)
            and not reason
            and "reason" not in self.errors
        ):
            self.add_error("reason", _("Expliquez le lien ou le conflit en une phrase."))
        if not kind and reason and "kind" not in self.errors:
            self.add_error("kind", _("Choisissez aussi « un lien » ou « un conflit »."))
        return cleaned


class LateDeclarationForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Ce que vous déclarez"),
        choices=[
            (DeclarationKind.CONFLICT, _("Un conflit d'intérêts : je me récuse")),
            (DeclarationKind.LINK, _("Un lien, que le président appréciera")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Nature du lien ou du conflit"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class RulingForm(forms.Form):
    ruling = forms.ChoiceField(
        label=_("Décision"),
        choices=[
            (LinkRuling.KEEP, _("Maintenir : ce membre lit et note le dossier")),
            (LinkRuling.RECUSE, _("Récuser : ce membre n'y a pas accès")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Motif"),
        help_text=_("Le procès-verbal le reprend."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class ReadersForm(forms.Form):
    readers = forms.ModelMultipleChoiceField(
        label=_("Membres qui lisent ce dossier"),
        queryset=JuryMember.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["readers"].queryset = JuryMember.objects.seated().filter(call=application.call_id)
