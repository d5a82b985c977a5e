"""Fields of the dossier's sections. A draft may leave anything out: what is given must make sense."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MinValueValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

from applications.domain.amounts import AmountFault, InvalidAmount, canonical_amount, parse_amount
from applications.domain.ice import LENGTH as ICE_DIGITS
from applications.domain.ice import is_fifteen_digits, normalise_ice
from clusters_portal import formats

TEXT_MAXIMUM = 20_000
NAME_MAXIMUM = 200
FIRST_YEAR, LAST_YEAR = 1990, 2060
COUNT_MAXIMUM = 100_000
BLANK_CHOICE = ("", _("— Choisir —"))

Choices = Sequence[tuple[str, Any]]

AMOUNT_FAULTS = {
    AmountFault.NOT_A_NUMBER: _(
        "« %(typed)s » n'est pas un montant. Écrivez-le en chiffres, par exemple 1 250 000,00."
    ),
    AmountFault.NEGATIVE: _("Un montant ne peut pas être négatif. Retirez le signe moins."),
    AmountFault.AMBIGUOUS: _(
        "« %(typed)s » peut se lire de deux façons. Séparez les milliers par une espace : 1 250 000,00."
    ),
    AmountFault.TOO_MANY_DECIMALS: _("Un montant a deux décimales au plus, par exemple 1 250 000,00."),
    AmountFault.TOO_LARGE: _("Ce montant est trop grand. Vérifiez le nombre de zéros."),
}


class DraftMixin:
    """`required` is what the label says of a complete dossier; a draft may always leave the field empty."""

    def __init__(self, *args: Any, required: bool = True, **options: Any) -> None:
        super().__init__(*args, required=required, **options)

    def validate(self, value: Any) -> None:
        if value not in self.empty_values and value is not False:
            super().validate(value)


class LineField(DraftMixin, forms.CharField):
    """One line of free text, French or Arabic."""

    def __init__(self, *, max_length: int = NAME_MAXIMUM, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}))
        super().__init__(max_length=max_length, **options)
        self.error_messages["max_length"] = _(
            "Ce texte compte %(show_value)d caractères ; le maximum est de %(limit_value)d. Raccourcissez-le."
        )

    def clean(self, value: Any) -> str:
        return " ".join(super().clean(value).split())


class TextField(DraftMixin, forms.CharField):
    """Several lines, with the line ends of one system, so that two savings of one text are equal."""

    def __init__(self, *, rows: int = 6, **options: Any) -> None:
        widget = forms.Textarea(attrs={"dir": "auto", "rows": rows})
        super().__init__(max_length=TEXT_MAXIMUM, widget=widget, **options)
        self.error_messages["max_length"] = _(
            "Ce texte compte %(show_value)d caractères ; le maximum est de %(limit_value)d. Raccourcissez-le."
        )

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n")


class IdentifierField(LineField):
    """A number or an address that reads left to right even in an Arabic page."""

    def __init__(self, *, inputmode: str = "text", **options: Any) -> None:
        widget = forms.TextInput(attrs={"dir": "ltr", "inputmode": inputmode, "autocomplete": "off"})
        super().__init__(widget=widget, **options)


class IceField(IdentifierField):
    """15 digits; blanks between them are dropped. A wrong check digit is only warned of, elsewhere."""

    def __init__(self, **options: Any) -> None:
        super().__init__(inputmode="numeric", max_length=40, **options)

    def clean(self, value: Any) -> str:
        number = normalise_ice(super().clean(value))
        if not number or is_fifteen_digits(number):
            return number
        if not number.isdigit():
            raise forms.ValidationError(
                _("L'ICE ne comporte que des chiffres. Retirez les lettres et les signes."), code="ice_digits"
            )
        raise forms.ValidationError(
            _("L'ICE compte %(expected)d chiffres ; vous en avez saisi %(count)d. Vérifiez le certificat."),
            code="ice_length",
            params={"expected": ICE_DIGITS, "count": len(number)},
        )


class PhoneField(IdentifierField):
    def __init__(self, **options: Any) -> None:
        super().__init__(inputmode="tel", max_length=40, **options)
        self.validators.append(
            RegexValidator(
                r"^\+?[0-9 ().-]{8,30}$",
                _("Ce numéro n'est pas lisible. Donnez-le en chiffres, par exemple 05 22 00 00 00."),
            )
        )


class MailField(DraftMixin, forms.EmailField):
    def __init__(self, **options: Any) -> None:
        widget = forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"})
        super().__init__(max_length=254, widget=widget, **options)
        self.error_messages["invalid"] = _(
            "Cette adresse n'est pas complète. Exemple : contact@cluster.example."
        )


class DayField(DraftMixin, forms.DateField):
    """A day; kept as ISO text. Given by the browser as ISO, or typed as 31/12/2026."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"], **options)
        self.error_messages["invalid"] = _(
            "Cette date n'existe pas. Donnez le jour, le mois et l'année, par exemple 31/12/2026."
        )

    def clean(self, value: Any) -> str:
        on = super().clean(value)
        if on is None:
            return ""
        if not date(1900, 1, 1) <= on <= date(2100, 12, 31):
            raise forms.ValidationError(
                _("L'année %(year)d n'est pas plausible. Vérifiez la date."),
                code="day_range",
                params={"year": on.year},
            )
        return on.isoformat()


class AmountField(DraftMixin, forms.CharField):
    """Dirhams: spaces, comma and dot are accepted; kept as decimal text, shown back as `1 250 000,00`."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "decimal", "autocomplete": "off", "class": "text-end amount"}
        )
        super().__init__(max_length=60, widget=widget, **options)
        self.error_messages["max_length"] = _(
            "Ce montant est trop long. Donnez-le en chiffres, par exemple 1 250 000,00."
        )

    def prepare_value(self, value: Any) -> Any:
        return formats.decimal(value, language="fr") or value

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            return canonical_amount(parse_amount(typed))
        except InvalidAmount as fault:
            raise forms.ValidationError(
                AMOUNT_FAULTS.get(fault.code, AMOUNT_FAULTS[AmountFault.NOT_A_NUMBER]),
                code=fault.code.value,
                params={"typed": typed},
            ) from fault


class WholeField(DraftMixin, forms.IntegerField):
    """A whole number between two bounds; NULL when not given, never 0."""

    def __init__(self, minimum: int, maximum: int, **options: Any) -> None:
        widget = forms.NumberInput(attrs={"dir": "ltr", "inputmode": "numeric", "class": "text-end"})
        super().__init__(min_value=minimum, max_value=maximum, widget=widget, **options)
        self.error_messages["invalid"] = _("Écrivez un nombre entier, en chiffres, sans lettre ni virgule.")
        for validator in self.validators:
            validator.message = (
                _("Donnez un nombre de %(limit_value)s au moins.")
                if isinstance(validator, MinValueValidator)
                else _("Donnez un nombre de %(limit_value)s au plus.")
            )


class YearField(WholeField):
    def __init__(self, **options: Any) -> None:
        super().__init__(FIRST_YEAR, LAST_YEAR, **options)


class ChoiceField(DraftMixin, forms.ChoiceField):
    """A closed list in a select; an unknown code is refused."""

    def __init__(self, choices: Choices, **options: Any) -> None:
        super().__init__(choices=[BLANK_CHOICE, *choices], **options)
        self.error_messages["invalid_choice"] = _("Ce choix n'est pas dans la liste. Choisissez-en un autre.")


class RadioField(DraftMixin, forms.ChoiceField):
    def __init__(self, choices: Choices, **options: Any) -> None:
        super().__init__(choices=list(choices), widget=forms.RadioSelect, **options)
        self.error_messages["invalid_choice"] = _("Ce choix n'est pas dans la liste. Choisissez-en un autre.")


class TickField(DraftMixin, forms.BooleanField):
    pass
