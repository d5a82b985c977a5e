from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import day_in_rabat


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PeopleFilter(forms.Form):
    q = forms.CharField(label=_("Nom ou adresse"), required=False, max_length=150)
    role = forms.ChoiceField(label=_("Rôle"), required=False, choices=[("", _("Tous")), *Role.choices])

    def apply(self, people: QuerySet[User], *, at: datetime) -> QuerySet[User]:
        if not self.is_valid():
            return people.none()
        if words := self.cleaned_data["q"]:
            people = people.filter(Q(full_name__icontains=words) | Q(email__icontains=words))
        if role := self.cleaned_data["role"]:
            on = day_in_rabat(at)
            in_force = Q(role_grants__ends_on__isnull=True) | Q(role_grants__ends_on__gt=on)
            people = people.filter(in_force, role_grants__role=role, role_grants__starts_on__lte=on)
        return people.distinct()


class NewPersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["full_name", "email", "organisation", "language"]
        widgets = {
            "full_name": forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
            "organisation": forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        }


class GrantForm(forms.Form):
    """A role for one person. What the rules refuse is said by the action."""

    role = forms.ChoiceField(label=_("Rôle"), choices=Role.choices)
    starts_on = forms.DateField(label=_("À partir du"), widget=_day_input())
    ends_on = forms.DateField(
        label=_("Jusqu'au (exclu)"),
        required=False,
        widget=_day_input(),
        help_text=_("Facultatif, sauf pour une suppléance."),
    )
    deputy_for = forms.ModelChoiceField(
        label=_("Suppléance de"),
        required=False,
        queryset=User.objects.none(),
        empty_label=_("Aucune : rôle en propre"),
    )
    act_reference = forms.CharField(
        label=_("Acte de nomination ou de délégation"),
        required=False,
        max_length=200,
        help_text=_("Obligatoire pour une suppléance."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holders = User.objects.filter(is_active=True, role_grants__isnull=False).exclude(pk=person.pk)
        self.fields["deputy_for"].queryset = holders.distinct().order_by("full_name")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Raison"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
