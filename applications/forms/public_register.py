"""The public filters of the register. An unknown sector or region filters nothing and says so."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Region, Sector


class RegisterFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Nom ou sigle"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}),
    )
    sector = forms.ModelChoiceField(
        label=_("Secteur"),
        queryset=Sector.objects.none(),
        required=False,
        empty_label=_("Tous"),
        error_messages={"invalid_choice": _("Ce secteur n'existe pas.")},
    )
    region = forms.ModelChoiceField(
        label=_("Région"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=_("Toutes"),
        error_messages={"invalid_choice": _("Cette région n'existe pas.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["sector"].queryset = Sector.objects.all()
        self.fields["region"].queryset = Region.objects.all()
