"""The form of one section: its fields, and its table where it has one. Labels are those of the sealed reading."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import LegalForm, LegalStage, SectionCode, Track
from applications.forms.sections_fields import (
    ChoiceField,
    Choices,
    DayField,
    IceField,
    IdentifierField,
    LineField,
    MailField,
    PhoneField,
    RadioField,
    TextField,
    TickField,
    YearField,
)
from applications.forms.sections_tables import RowFormSet, row_formset
from applications.sealed import FIELDS, BudgetKinds, ReceiptKinds

__all__ = ["BudgetKinds", "Lists", "SectionEdit", "section_edit"]


@dataclass(frozen=True)
class Lists:
    """The closed lists that a section offers, as (code, name) pairs, and the first year that a budget covers."""

    tracks: Choices
    sectors: Choices
    regions: Choices
    clusters: Choices
    first_year: int


Factory = Callable[[Lists], forms.Field]

HINTS: Mapping[tuple[SectionCode, str], Any] = {
    (SectionCode.IDENTITY, "name_ar"): _("Il figurera sur le récépissé et les lettres en arabe."),
    (SectionCode.IDENTITY, "created_on"): _(
        "Jour de l'assemblée constitutive. Laissez vide si le cluster est en cours de création."
    ),
    (SectionCode.TRACK, "cluster"): _("À choisir seulement pour un cluster existant."),
    (SectionCode.IDENTITY, "receipt_kind"): _(
        "Un cluster en cours de création donne le récépissé provisoire ; son absence n'est pas une faute."
    ),
    (SectionCode.IDENTITY, "ice"): _("15 chiffres. Laissez vide si le cluster est en cours de création."),
    (SectionCode.REPRESENTATION, "email"): _("L'adresse à laquelle le Ministère peut écrire."),
    (SectionCode.REPRESENTATION, "phone"): _("Par exemple 05 22 00 00 00 ou +212 5 22 00 00 00."),
    (SectionCode.REPRESENTATION, "project_leader"): _("La personne qui suit le dossier au quotidien."),
    (SectionCode.STRATEGY, "vision"): _("Où le cluster veut mener ses membres, et en combien de temps."),
    (SectionCode.STRATEGY, "market"): _("Taille du marché, concurrents, tendances, sources des chiffres."),
    (SectionCode.STRATEGY, "value_added"): _("Ce que le cluster apporte que ses membres seuls ne font pas."),
    (SectionCode.STRATEGY, "public_private"): _(
        "Comment le projet rejoint les politiques publiques du secteur."
    ),
    (SectionCode.INNOVATION, "shared_means"): _("Laboratoires, plateformes, équipements, compétences."),
    (SectionCode.INTERNATIONAL, "actions"): _("Actions prévues, calendrier, moyens, partenaires."),
    (SectionCode.GOVERNANCE, "bodies"): _("Assemblée, bureau, comités et collèges de membres."),
    (SectionCode.BUDGET, "first_year"): _("Le budget couvre cette année et les deux suivantes."),
    (SectionCode.CONFIDENTIALITY, "secret_fields"): _(
        "Nommez ce qui relève du secret des affaires ; le jury y est tenu de toute façon."
    ),
    (SectionCode.STATEMENT, "signatory"): _("La personne qui engage le cluster."),
    (SectionCode.STATEMENT, "capacity"): _("Par exemple : président, directrice générale, mandataire."),
}

CHECK_LABELS: Mapping[tuple[SectionCode, str], Any] = {
    (SectionCode.CONFIDENTIALITY, "data_notice"): _(
        "J'ai lu la notice sur les données personnelles (loi 09-08) et j'en ai informé les personnes citées."
    ),
    (SectionCode.STATEMENT, "declared"): _(
        "Je déclare sur l'honneur que les informations de ce dossier sont exactes et que je suis habilité à "
        "engager le cluster."
    ),
}


def _text(rows: int = 6) -> Factory:
    return lambda lists: TextField(rows=rows)


def _line(lists: Lists) -> forms.Field:
    return LineField()


def _tick(lists: Lists) -> forms.Field:
    return TickField()


_FACTORIES: Mapping[SectionCode, Mapping[str, Factory]] = {
    SectionCode.TRACK: {
        "track": lambda lists: RadioField(lists.tracks),
        "cluster": lambda lists: ChoiceField(lists.clusters, required=False),
    },
    SectionCode.IDENTITY: {
        "name": _line,
        "name_ar": lambda lists: LineField(required=False),
        "acronym": lambda lists: LineField(max_length=40, required=False),
        "sector": lambda lists: ChoiceField(lists.sectors),
        "region": lambda lists: ChoiceField(lists.regions),
        "city": lambda lists: LineField(max_length=100),
        "legal_form": lambda lists: ChoiceField(LegalForm.choices),
        "legal_stage": lambda lists: RadioField(LegalStage.choices),
        "created_on": lambda lists: DayField(),
        "receipt_kind": lambda lists: ChoiceField(list(ReceiptKinds.items())),
        "receipt_number": lambda lists: IdentifierField(max_length=60),
        "receipt_on": lambda lists: DayField(),
        "ice": lambda lists: IceField(),
    },
    SectionCode.REPRESENTATION: {
        "representative": _line,
        "capacity": _line,
        "email": lambda lists: MailField(),
        "phone": lambda lists: PhoneField(),
        "project_leader": _line,
    },
    SectionCode.STRATEGY: {key: _text() for key, *_rest in FIELDS[SectionCode.STRATEGY]},
    SectionCode.INNOVATION: {
        "partnerships": _text(),
        "steering_team": _text(),
        "leader": _line,
        "shared_means": _text(),
    },
    SectionCode.INTERNATIONAL: {key: _text() for key, *_rest in FIELDS[SectionCode.INTERNATIONAL]},
    SectionCode.GOVERNANCE: {key: _text() for key, *_rest in FIELDS[SectionCode.GOVERNANCE]},
    SectionCode.BUDGET: {"first_year": lambda lists: YearField()},
    SectionCode.TRACK_RECORD: {"summary": _text(8)},
    SectionCode.CONFIDENTIALITY: {
        "secret_fields": lambda lists: TextField(rows=4, required=False),
        "data_notice": _tick,
    },
    SectionCode.STATEMENT: {"signatory": _line, "capacity": _line, "declared": _tick},
}


class SectionForm(forms.Form):
    """`stored` is the section's data; `cleaned_data` after validation has the same shape, without the rows."""

    use_required_attribute = False

    def __init__(self, code: SectionCode, *, lists: Lists, stored: Mapping[str, Any], **options: Any) -> None:
        super().__init__(initial=dict(stored), **options)
        self.code = code
        for key, label, _kind, _names in FIELDS[code]:
            field = _FACTORIES[code][key](lists)
            field.label = CHECK_LABELS.get((code, key), label)
            field.help_text = HINTS.get((code, key), "")
            self.fields[key] = field
        if code == SectionCode.BUDGET and not stored.get("first_year"):
            self.initial["first_year"] = lists.first_year
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.code == SectionCode.TRACK and data.get("track") != Track.EXISTING:
            data["cluster"] = ""
        return data


@dataclass
class SectionEdit:
    """A section on its way in or out: one form, and a formset when the section has a table."""

    code: SectionCode
    form: SectionForm
    rows: RowFormSet | None

    def is_valid(self) -> bool:
        """Both parts are always checked, so that every fault is shown at once."""
        valid = [self.form.is_valid(), self.rows is None or self.rows.is_valid()]
        return all(valid)

    def data(self) -> dict[str, Any]:
        """The section's new data; to be asked after `is_valid()`."""
        answers = dict(self.form.cleaned_data)
        if self.rows is not None:
            answers["rows"] = self.rows.data_rows()
        return answers

    def faults(self) -> list[dict[str, str]]:
        """Every fault as {"anchor", "label", "message"}, in the order of the page."""
        found = _form_faults(self.form)
        if self.rows is not None:
            found += [
                {"anchor": "rows", "label": "", "message": str(message)}
                for message in self.rows.non_form_errors()
            ]
            for index, row in enumerate(self.rows.forms):
                prefix = _("ligne %(number)d") % {"number": index + 1}
                found += [{**fault, "label": f"{prefix}, {fault['label']}"} for fault in _form_faults(row)]
        return found


def _form_faults(form: forms.Form) -> list[dict[str, str]]:
    return [
        {
            "anchor": form[name].auto_id if name in form.fields else "",
            "label": str(form[name].label) if name in form.fields else "",
            "message": str(message),
        }
        for name, messages in form.errors.items()
        for message in messages
    ]


def section_edit(
    code: SectionCode,
    *,
    lists: Lists,
    stored: Mapping[str, Any],
    posted: Any = None,
    blank_rows: int | None = None,
) -> SectionEdit:
    """`posted` is a QueryDict or None; `blank_rows` is how many empty lines an unposted table shows at its end."""
    form = SectionForm(code, lists=lists, stored=stored, data=posted)
    rows = row_formset(code, lists=lists, stored=stored, posted=posted, blank_rows=blank_rows)
    return SectionEdit(code, form, rows)
