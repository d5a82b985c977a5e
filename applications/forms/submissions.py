"""The acts of the deposit: declaring and signing, withdrawing."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import SectionCode
from applications.forms.sections import CHECK_LABELS
from clusters_portal.errors import Blocker


class DepositForm(forms.Form):
    """The declaration is never ticked beforehand. `token` makes a second click find the first deposit."""

    signatory = forms.CharField(
        label=_("Signataire"),
        help_text=_("La personne qui engage le cluster."),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
        error_messages={"required": _("Indiquez le nom de la personne qui signe.")},
    )
    capacity = forms.CharField(
        label=_("Qualité du signataire"),
        help_text=_("Par exemple : président, directrice générale, mandataire."),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "organization-title"}),
        error_messages={"required": _("Indiquez en quelle qualité cette personne signe.")},
    )
    declared = forms.BooleanField(
        label=CHECK_LABELS[SectionCode.STATEMENT, "declared"],
        error_messages={
            "required": _("Cochez la déclaration : sans elle, le dossier ne peut pas être déposé.")
        },
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.is_bound:
            self.initial.setdefault("token", uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "token" in self.errors:
            del self.errors["token"]
            raise forms.ValidationError(
                _("Cette page n'est plus à jour. Rechargez-la, puis déposez de nouveau.")
            )
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Raison du retrait"),
        help_text=_("Elle est gardée avec le dossier."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Donnez la raison du retrait.")},
    )

    use_required_attribute = False


def show_refusal(form: forms.Form, blockers: tuple[Blocker, ...]) -> None:
    """Put the refusal of an act on the form whose fields keep what was typed."""
    for blocker in blockers:
        name = blocker.anchor.removeprefix("id_")
        form.add_error(name if name in form.fields else None, str(blocker.message))
