"""The grid of a draft as forms: settings, one form per criterion, rows of sub-criteria."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from applications.forms.calls import LENGTH_ERROR, VersionedForm, count_field, line_field, text_field
from evaluation.actions.calls import CRITERION_FIELDS, GRID_FIELDS, SubcriterionRow
from evaluation.domain.grids import MARK_MAX, SUBCRITERIA_MAX
from evaluation.enums import CriterionCode
from evaluation.models import Criterion, Grid, Subcriterion

MARKS = range(MARK_MAX + 1)
ANCHOR_MAXIMUM = 500


class PlainDecimalField(forms.DecimalField):
    """Accepts the French comma and the point; never a power of ten, an infinity or "NaN"."""

    def __init__(self, *, least: str, most: str, **options: Any) -> None:
        super().__init__(
            min_value=Decimal(least),
            max_value=Decimal(most),
            widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "class": "form-narrow"}),
            error_messages={
                "invalid": _("Écrivez un nombre en chiffres, par exemple 35 ou 2,5."),
                "min_value": _("Le minimum est de %(limit_value)s."),
                "max_value": _("Le maximum est de %(limit_value)s."),
                "max_decimal_places": _("Deux décimales au plus."),
                "max_digits": _("Ce nombre a trop de chiffres."),
                "max_whole_digits": _("Ce nombre a trop de chiffres."),
            },
            **options,
        )

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip().replace("\u202f", "").replace("\xa0", "").replace(",", ".")
        if text and not text.replace(".", "", 1).lstrip("-").isdecimal():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        number: Decimal | None = super().to_python(text or None)
        return number

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            shown = f"{value:f}"
            return (shown.rstrip("0").rstrip(".") if "." in shown else shown).replace(".", ",")
        return value


class GridForm(VersionedForm):
    pass_criterion = PlainDecimalField(
        label=_("Seuil sur chaque critère (sur 5)"), least="0", most="5", max_digits=3, decimal_places=2
    )
    pass_total = PlainDecimalField(
        label=_("Seuil sur le total (sur 100)"), least="0", most="100", max_digits=5, decimal_places=2
    )
    spread_alert = PlainDecimalField(
        label=_("Écart entre jurés qui appelle une discussion"),
        least="0.5",
        most="5",
        max_digits=3,
        decimal_places=2,
    )
    quorum = count_field(_("Quorum du jury"), least=1, most=50)
    all_read_up_to = count_field(
        _("Tous les jurés lisent tout jusqu'à (dossiers)"),
        least=1,
        most=200,
        help_text=_("Au-delà, les dossiers sont répartis entre les jurés."),
    )
    first = forms.ChoiceField(label=_("Ex aequo : d'abord"), choices=CriterionCode.choices)
    second = forms.ChoiceField(label=_("puis"), choices=CriterionCode.choices)
    third = forms.ChoiceField(
        label=_("enfin"),
        choices=CriterionCode.choices,
        help_text=_("Si l'égalité demeure, le comité vote et motive son choix."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        order = [values.get(name) for name in ("first", "second", "third")]
        if all(order) and len(set(order)) != len(order):
            self.add_error("second", _("Le départage cite chaque critère une seule fois."))
        return values

    def settings(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in GRID_FIELDS if name != "tie_break"}
        return values | {"tie_break": [self.cleaned_data[name] for name in ("first", "second", "third")]}


def grid_initial(grid: Grid, *, version: int) -> dict[str, Any]:
    values = {name: getattr(grid, name) for name in GRID_FIELDS if name != "tie_break"}
    order = [*grid.tie_break, *CriterionCode.values][:3]
    return values | {"version": version} | dict(zip(("first", "second", "third"), order, strict=True))


class CriterionForm(forms.Form):
    weight = PlainDecimalField(label=_("Poids (%)"), least="0.01", most="100", max_digits=5, decimal_places=2)
    title_fr = line_field(_("Titre en français"), language="fr", maximum=200, required=True)
    title_ar = line_field(_("Titre en arabe"), language="ar", maximum=200)
    guidance_fr = text_field(_("Consigne en français"), language="fr", rows=3)
    guidance_ar = text_field(_("Consigne en arabe"), language="ar", rows=3)


def criterion_forms(criteria: list[Criterion], data: Mapping[str, Any] | None) -> dict[str, CriterionForm]:
    """One form per criterion, by its code, which is also the prefix."""
    return {
        criterion.code: CriterionForm(
            data,
            prefix=criterion.code,
            initial={name: getattr(criterion, name) for name in CRITERION_FIELDS},
        )
        for criterion in criteria
    }


class SubcriterionForm(forms.Form):
    """The anchors are fields anchor_<mark>_fr and anchor_<mark>_ar."""

    code = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    title_fr = line_field(_("Titre en français"), language="fr", maximum=200, required=True)
    title_ar = line_field(_("Titre en arabe"), language="ar", maximum=200)
    weight = PlainDecimalField(
        label=_("Poids dans le critère"),
        least="0.01",
        most="100",
        max_digits=5,
        decimal_places=2,
        initial=Decimal(1),
    )
    guidance_fr = text_field(_("Consigne en français"), language="fr", rows=3)
    guidance_ar = text_field(_("Consigne en arabe"), language="ar", rows=3)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for mark in MARKS:
            for language, name in (("fr", _("français")), ("ar", _("arabe"))):
                direction = "rtl" if language == "ar" else "ltr"
                self.fields[f"anchor_{mark}_{language}"] = forms.CharField(
                    label=_("Note %(mark)s, en %(language)s") % {"mark": mark, "language": name},
                    required=False,
                    max_length=ANCHOR_MAXIMUM,
                    error_messages={"max_length": LENGTH_ERROR},
                    widget=forms.Textarea(attrs={"rows": 2, "dir": direction, "lang": language}),
                )

    @property
    def text_fields(self) -> list[forms.BoundField]:
        names = ("title_fr", "title_ar", "weight", "guidance_fr", "guidance_ar")
        return [self[name] for name in names]

    @property
    def anchor_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"anchor_{mark}_fr"], self[f"anchor_{mark}_ar"]) for mark in MARKS]

    def row(self, *, taken: set[str]) -> SubcriterionRow:
        """`taken` holds the codes already given in this criterion; a new row gets a code from its title."""
        values = self.cleaned_data
        code = slugify(values["code"] or values["title_fr"])[:36] or "sous-critere"
        unique, number = code, 2
        while unique in taken:
            unique, number = f"{code}-{number}", number + 1
        taken.add(unique)
        anchors = tuple(
            {"fr": values[f"anchor_{mark}_fr"], "ar": values[f"anchor_{mark}_ar"]} for mark in MARKS
        )
        names = ("title_fr", "title_ar", "weight", "guidance_fr", "guidance_ar")
        return SubcriterionRow(code=unique, anchors=anchors, **{name: values[name] for name in names})


class BaseSubcriterionFormSet(forms.BaseFormSet):
    def rows(self) -> list[SubcriterionRow]:
        said = [form for form in self.forms if form.has_changed() or not form.empty_permitted]
        kept = [form for form in said if not self._should_delete_form(form)]
        taken: set[str] = set()
        return [form.row(taken=taken) for form in kept]


SubcriterionFormSet = forms.formset_factory(
    SubcriterionForm,
    formset=BaseSubcriterionFormSet,
    extra=1,
    can_delete=True,
    max_num=SUBCRITERIA_MAX,
    validate_max=True,
    absolute_max=SUBCRITERIA_MAX + 8,
)


def subcriterion_initial(sub: Subcriterion) -> dict[str, Any]:
    names = ("code", "title_fr", "title_ar", "weight", "guidance_fr", "guidance_ar")
    values: dict[str, Any] = {name: getattr(sub, name) for name in names}
    for mark, anchor in zip(MARKS, sub.anchors, strict=False):
        values |= {f"anchor_{mark}_fr": anchor.get("fr", ""), f"anchor_{mark}_ar": anchor.get("ar", "")}
    return values
