"""Forms of the call manager: one for each section of a draft, and one for each act."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from applications.domain.call_settings import MEBIBYTE
from applications.enums import SupportCount, SupportReference, Track
from applications.models import Call, Sector

TEXT_MAXIMUM = 20_000
FIRST_YEAR, LAST_YEAR = 2011, 2060
DATE_ERROR = _("Cette date n'existe pas. Écrivez le jour, le mois et l'année, par exemple 27/11/2026.")
TIME_ERROR = _("Cette heure n'existe pas. Écrivez l'heure et les minutes, par exemple 15:00.")
NUMBER_ERROR = _("Écrivez un nombre entier, en chiffres.")
LENGTH_ERROR = _(
    "Ce texte compte %(show_value)d caractères ; le maximum est de %(limit_value)d. Raccourcissez-le."
)
BLANK_CHOICE = ("", _("— Choisir —"))
CODE = RegexValidator(
    r"^[A-Z0-9]+(-[A-Z0-9]+)+$",
    _("Le code s'écrit en majuscules et en chiffres séparés par des tirets, par exemple AAP-CL-2026."),
    flags=re.IGNORECASE,
)


def day_field(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "dir": "ltr"})
    return forms.DateField(
        label=label,
        widget=widget,
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"],
        error_messages={"invalid": DATE_ERROR},
        **options,
    )


def time_field(label: Any, **options: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "dir": "ltr"})
    return forms.TimeField(
        label=label,
        widget=widget,
        input_formats=["%H:%M", "%Hh%M", "%H h %M"],
        error_messages={"invalid": TIME_ERROR},
        **options,
    )


def text_field(
    label: Any, *, language: str, required: bool = False, rows: int = 10, help_text: Any = ""
) -> Any:
    direction = "rtl" if language == "ar" else "ltr"
    return forms.CharField(
        label=label,
        required=required,
        max_length=TEXT_MAXIMUM,
        help_text=help_text,
        error_messages={"max_length": LENGTH_ERROR},
        widget=forms.Textarea(attrs={"rows": rows, "dir": direction, "lang": language}),
    )


def line_field(
    label: Any, *, language: str, maximum: int, required: bool = False, help_text: Any = ""
) -> Any:
    direction = "rtl" if language == "ar" else "ltr"
    return forms.CharField(
        label=label,
        required=required,
        max_length=maximum,
        help_text=help_text,
        error_messages={"max_length": LENGTH_ERROR},
        widget=forms.TextInput(attrs={"dir": direction, "lang": language}),
    )


def count_field(label: Any, *, least: int, most: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=help_text,
        error_messages={
            "invalid": NUMBER_ERROR,
            "min_value": _("Le minimum est de %(limit_value)d."),
            "max_value": _("Le maximum est de %(limit_value)d."),
        },
        widget=forms.NumberInput(attrs={"class": "form-narrow", "dir": "ltr"}),
    )


def article_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=120,
        help_text=_(
            "Sans article du cahier des charges, la règle est « proposée par le portail » : elle peut avertir, "
            "jamais rendre un dossier irrecevable."
        ),
        error_messages={"max_length": LENGTH_ERROR},
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class VersionedForm(forms.Form):
    """Carries the version of the call that the editor read, so that the second of two editors is told."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)


class NewCallForm(forms.Form):
    source = forms.ModelChoiceField(
        label=_("Reprendre d'un appel"),
        queryset=Call.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("Aucun : partir des propositions du portail"),
        help_text=_(
            "Textes, voies, secteurs, pièces, seuils et grille sont copiés ; les dates sont à fixer."
        ),
        error_messages={"invalid_choice": _("Cet appel n'existe pas. Choisissez-en un dans la liste.")},
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        validators=[CODE],
        help_text=_("Il figure dans les adresses et les numéros de récépissé ; il ne change plus."),
        error_messages={"max_length": LENGTH_ERROR},
        widget=forms.TextInput(attrs={"class": "form-narrow", "dir": "ltr", "autocomplete": "off"}),
    )
    year = count_field(_("Édition (année)"), least=FIRST_YEAR, most=LAST_YEAR)
    title_fr = line_field(_("Titre en français"), language="fr", maximum=300, required=True)
    title_ar = line_field(_("Titre en arabe"), language="ar", maximum=300)

    def __init__(self, *args: Any, calls: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["source"]
        field.queryset = calls
        field.label_from_instance = lambda call: f"{call.code} — {call.title_fr}"

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).upper()


class TextsForm(VersionedForm):
    title_fr = line_field(_("Titre en français"), language="fr", maximum=300, required=True)
    title_ar = line_field(_("Titre en arabe"), language="ar", maximum=300)
    text_fr = text_field(_("Texte en français"), language="fr", rows=16)
    text_ar = text_field(_("Texte en arabe"), language="ar", rows=16)
    contact_email = forms.EmailField(
        label=_("Adresse de contact"),
        required=False,
        max_length=254,
        help_text=_("Une adresse de service, publiée avec l'appel."),
        error_messages={"invalid": _("Écrivez une adresse complète, par exemple clusters@exemple.ma.")},
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
    )


class DatesForm(VersionedForm):
    closes_on = day_field(_("Jour de la date limite"))
    closes_time = time_field(
        _("Heure, à Rabat"), help_text=_("Un dossier déposé à cette heure précise arrive trop tard.")
    )


class ScopeForm(VersionedForm):
    tracks = forms.MultipleChoiceField(
        label=_("Voies ouvertes"),
        choices=Track.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Ouvrez au moins une voie."),
            "invalid_choice": _("Cette voie n'existe pas."),
        },
    )
    sectors = forms.ModelMultipleChoiceField(
        label=_("Secteurs retenus"),
        queryset=Sector.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Retenez au moins un secteur."),
            "invalid_choice": _("Ce secteur n'existe pas : « %(value)s »."),
            "invalid_pk_value": _("Ce secteur n'existe pas : « %(pk)s »."),
        },
    )
    minimum_members = count_field(_("Nombre minimal de membres"), least=1, most=1000)
    minimum_firm_percent = count_field(
        _("Part minimale d'entreprises (%)"),
        least=0,
        most=100,
        help_text=_("Grandes entreprises, PME et start-up, sur l'ensemble des membres."),
    )
    minimum_research_bodies = count_field(
        _("Nombre minimal d'organismes de recherche ou de formation"), least=0, most=100
    )
    membership_article = article_field(_("Article qui fixe ces seuils"))
    pieces_article = article_field(_("Article qui fixe les pièces"))
    maximum_files = count_field(_("Nombre maximal de fichiers par dossier"), least=1, most=500)
    maximum_total_mib = count_field(_("Taille maximale d'un dossier (Mo)"), least=1, most=2000)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["sectors"].queryset = Sector.objects.all()

    def changes(self) -> dict[str, Any]:
        """The fields of the call, without the sectors and the version."""
        values = {k: v for k, v in self.cleaned_data.items() if k not in ("version", "sectors")}
        values["maximum_total_bytes"] = values.pop("maximum_total_mib") * MEBIBYTE
        return values


class SupportForm(VersionedForm):
    support_count = forms.ChoiceField(
        label=_("Décompte qui décide"),
        choices=SupportCount.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez le décompte qui décide.")},
    )
    support_reference = forms.ChoiceField(
        label=_("Jour auquel il se lit"),
        choices=SupportReference.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez le jour de référence.")},
    )
    support_reference_on = day_field(
        _("Jour fixé"), required=False, help_text=_("Seulement si le jour de référence est une date fixée.")
    )
    support_years = count_field(_("Années de soutien à dépasser"), least=1, most=50)
    support_article = article_field(_("Article qui fixe la règle"))
    seen = forms.BooleanField(
        label=_("J'ai vu les deux décomptes pour tout le registre"),
        error_messages={"required": _("Cochez la case après avoir lu le tableau des deux décomptes.")},
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("support_reference") == SupportReference.FIXED and not values.get(
            "support_reference_on"
        ):
            if "support_reference_on" not in self.errors:
                self.add_error("support_reference_on", _("Indiquez le jour fixé."))
        elif values.get("support_reference") != SupportReference.FIXED:
            values["support_reference_on"] = None
        return values

    def changes(self) -> dict[str, Any]:
        return {k: v for k, v in self.cleaned_data.items() if k not in ("version", "seen")}


class OpeningChoice(forms.Form):
    """When a call opens: now, at a set instant of Rabat, or later by another act."""

    NOW, AT, LATER = "now", "at", "later"

    opening = forms.ChoiceField(
        label=_("Ouverture du dépôt"),
        widget=forms.RadioSelect,
        choices=[(NOW, _("Maintenant")), (AT, _("À l'instant fixé ci-dessous")), (LATER, _("Plus tard"))],
        error_messages={"required": _("Choisissez quand le dépôt ouvre.")},
    )
    opens_on = day_field(_("Jour d'ouverture"), required=False)
    opens_time = time_field(_("Heure d'ouverture, à Rabat"), required=False)

    def __init__(self, *args: Any, with_later: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if not with_later:
            self.fields["opening"].choices = self.fields["opening"].choices[:2]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("opening") == self.AT:
            if not values.get("opens_on") and "opens_on" not in self.errors:
                self.add_error("opens_on", _("Indiquez le jour d'ouverture."))
            if not values.get("opens_time") and "opens_time" not in self.errors:
                self.add_error("opens_time", _("Indiquez l'heure d'ouverture."))
        return values


class ExtensionForm(forms.Form):
    closes_on = day_field(_("Nouveau jour de la date limite"))
    closes_time = time_field(_("Heure, à Rabat"))
    reason = text_field(
        _("Motif de la prolongation"),
        language="fr",
        required=True,
        rows=4,
        help_text=_("Il est publié avec l'appel et envoyé à toutes les équipes."),
    )


class CancellationForm(forms.Form):
    """Cancelling is grave: the code of the call is typed in full."""

    reason = text_field(
        _("Motif de l'annulation"),
        language="fr",
        required=True,
        rows=4,
        help_text=_("Il est publié avec l'appel et envoyé à toutes les équipes."),
    )
    confirmation = forms.CharField(
        label=_("Code de l'appel"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "form-narrow", "dir": "ltr", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, code: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.code = code
        self.fields["confirmation"].help_text = _("Pour confirmer, tapez %(code)s.") % {"code": code}

    def clean_confirmation(self) -> str:
        typed = str(self.cleaned_data["confirmation"]).strip()
        if typed != self.code:
            raise forms.ValidationError(
                _("Tapez exactement le code %(code)s pour confirmer."),
                params={"code": self.code},
                code="mistyped",
            )
        return typed
