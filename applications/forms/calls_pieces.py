"""The list of pieces of a draft, as rows."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from applications.domain.call_settings import MEBIBYTE, PieceFacts
from applications.enums import FileFormat, Track
from applications.forms.calls import LENGTH_ERROR, count_field, line_field
from applications.models import RequiredDocument

PIECES_MAXIMUM = 40
PIECE_CODE = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$",
    _(
        "Le code s'écrit en minuscules sans accent, les mots séparés par des tirets, par exemple plan-financement."
    ),
)


class PieceForm(forms.Form):
    name_fr = line_field(_("Nom en français"), language="fr", maximum=200, required=True)
    name_ar = line_field(_("Nom en arabe"), language="ar", maximum=200)
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        validators=[PIECE_CODE],
        error_messages={"max_length": LENGTH_ERROR},
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    maximum_mib = count_field(_("Taille maximale (Mo)"), least=1, most=100)
    hint_fr = line_field(_("Précision en français"), language="fr", maximum=300)
    hint_ar = line_field(_("Précision en arabe"), language="ar", maximum=300)
    tracks = forms.MultipleChoiceField(
        label=_("Demandée pour"),
        choices=Track.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins une voie.")},
    )
    formats = forms.MultipleChoiceField(
        label=_("Formats acceptés"),
        choices=FileFormat.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins un format.")},
    )
    is_mandatory = forms.BooleanField(label=_("Obligatoire"), required=False)
    is_administrative = forms.BooleanField(
        label=_("Administrative"),
        required=False,
        help_text=_("Une pièce administrative peut être redemandée ; une pièce notée par le jury, jamais."),
    )
    allows_several = forms.BooleanField(label=_("Plusieurs fichiers"), required=False)

    def facts(self) -> PieceFacts:
        values = {k: v for k, v in self.cleaned_data.items() if k not in ("maximum_mib", "DELETE", "ORDER")}
        values["tracks"], values["formats"] = tuple(values["tracks"]), tuple(values["formats"])
        return PieceFacts(**values, maximum_bytes=self.cleaned_data["maximum_mib"] * MEBIBYTE)


class BasePieceFormSet(forms.BaseFormSet):
    def clean(self) -> None:
        codes = [form.cleaned_data.get("code") for form in self.kept_forms() if form.is_valid()]
        twice = sorted({code for code in codes if code and codes.count(code) > 1})
        if twice:
            message = _("Deux pièces portent le code « %(code)s ». Donnez un code à chacune.")
            raise forms.ValidationError(message % {"code": ", ".join(twice)}, code="piece_twice")

    def kept_forms(self) -> list[Any]:
        """Rows that were there or say something new, and were not removed, in order."""
        said = [form for form in self.forms if form.has_changed() or not form.empty_permitted]
        return [form for form in said if not self._should_delete_form(form)]

    def facts(self) -> list[PieceFacts]:
        return [form.facts() for form in self.kept_forms()]


PieceFormSet = forms.formset_factory(
    PieceForm,
    formset=BasePieceFormSet,
    extra=1,
    can_delete=True,
    max_num=PIECES_MAXIMUM,
    validate_max=True,
    absolute_max=PIECES_MAXIMUM + 20,
)


def piece_initial(piece: RequiredDocument) -> dict[str, Any]:
    names = ("name_fr", "name_ar", "code", "hint_fr", "hint_ar", "tracks", "formats", "is_mandatory")
    values = {name: getattr(piece, name) for name in (*names, "is_administrative", "allows_several")}
    return values | {"maximum_mib": max(1, piece.maximum_bytes // MEBIBYTE)}
