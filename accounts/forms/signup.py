from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language


class SignupForm(AllauthSignupForm):
    """allauth's sign-up, with the name and the language that mails and receipts need."""

    full_name = forms.CharField(
        label=_("Nom complet"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    language = forms.ChoiceField(
        label=_("Langue des messages"),
        choices=Language.choices,
        help_text=_("La langue des courriels et des récépissés. Vous pourrez la changer."),
    )

    field_order = ["full_name", "email", "language", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = (get_language() or "fr").split("-")[0]
        self.fields["language"].initial = spoken if spoken in Language.values else Language.FRENCH

    def clean_full_name(self) -> str:
        return " ".join(self.cleaned_data["full_name"].split())
