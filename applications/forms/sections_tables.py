"""Tables of the dossier (members, projects, budget, commitments, track record) as formsets."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from applications.enums import MemberType, SectionCode
from applications.forms.sections_fields import (
    COUNT_MAXIMUM,
    AmountField,
    ChoiceField,
    DayField,
    IceField,
    LineField,
    TickField,
    WholeField,
    YearField,
)
from applications.sealed import TABLES, BudgetKinds

if TYPE_CHECKING:
    from applications.forms.sections import Lists

ROWS_MAXIMUM = 300
FRESH_ROWS = 3
BUDGET_YEARS = 3

Columns = dict[str, forms.Field]


def _members(lists: "Lists", stored: Mapping[str, Any]) -> Columns:
    return {
        "name": LineField(),
        "type": ChoiceField(MemberType.choices),
        "ice": IceField(required=False),
        "region": ChoiceField(lists.regions, required=False),
        "joined_on": DayField(required=False),
        "commitment": TickField(required=False),
    }


def _projects(lists: "Lists", stored: Mapping[str, Any]) -> Columns:
    return {
        "title": LineField(),
        "partners": LineField(max_length=500),
        "trl": WholeField(1, 9),
        "budget": AmountField(),
        "ip": LineField(max_length=500, required=False),
    }


def _budget(lists: "Lists", stored: Mapping[str, Any]) -> Columns:
    first_year = int(stored.get("first_year") or lists.first_year)
    amounts = {f"amount_{index}": AmountField(label=str(first_year + index)) for index in range(BUDGET_YEARS)}
    return {
        "kind": ChoiceField(list(BudgetKinds.items()), label=_("Nature")),
        "label": LineField(label=_("Poste")),
        **amounts,
    }


def _commitments(lists: "Lists", stored: Mapping[str, Any]) -> Columns:
    counts = ("projects", "patents", "startups", "jobs", "trainings")
    return {"year": YearField(), **{key: WholeField(0, COUNT_MAXIMUM) for key in counts}}


def _track_record(lists: "Lists", stored: Mapping[str, Any]) -> Columns:
    return {
        "label": LineField(),
        "start_on": DayField(),
        "end_on": DayField(),
        "amount": AmountField(required=False),
    }


_COLUMNS: Mapping[SectionCode, Callable[["Lists", Mapping[str, Any]], Columns]] = {
    SectionCode.MEMBERS: _members,
    SectionCode.INNOVATION: _projects,
    SectionCode.BUDGET: _budget,
    SectionCode.COMMITMENTS: _commitments,
    SectionCode.TRACK_RECORD: _track_record,
}

ROW_TITLES: Mapping[SectionCode, Any] = {
    SectionCode.MEMBERS: _("Membre"),
    SectionCode.INNOVATION: _("Projet"),
    SectionCode.BUDGET: _("Ligne"),
    SectionCode.COMMITMENTS: _("Année"),
    SectionCode.TRACK_RECORD: _("Période"),
}


class RowForm(forms.Form):
    use_required_attribute = False

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != DELETION_FIELD_NAME}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start_on, end_on = data.get("start_on"), data.get("end_on")
        if start_on and end_on and end_on < start_on:
            self.add_error("end_on", _("La fin précède le début. Corrigez l'une des deux dates."))
        return data


class RowFormSet(BaseFormSet):
    """Lines left blank or marked for removal are dropped; what remains keeps its order."""

    code: SectionCode

    def data_rows(self) -> list[dict[str, Any]]:
        kept = []
        for form in self.forms:
            values = form.values()
            removed = form.cleaned_data.get(DELETION_FIELD_NAME)
            if not removed and any(value not in ("", None, False) for value in values.values()):
                kept.append(_stored_row(self.code, values))
        return kept

    @property
    def row_title(self) -> Any:
        return ROW_TITLES[self.code]

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[DELETION_FIELD_NAME].label = _("Retirer cette ligne")


def row_formset(
    code: SectionCode, *, lists: "Lists", stored: Mapping[str, Any], posted: Any, blank_rows: int | None
) -> RowFormSet | None:
    """The table of a section, or None for a section without one."""
    if code not in _COLUMNS:
        return None
    columns = _COLUMNS[code](lists, _with_posted_year(stored, posted))
    if code in TABLES:
        for key, label, _kind, _names in TABLES[code][1]:
            columns[key].label = label
    row_form = type("SectionRowForm", (RowForm,), dict(columns))
    initial = [_shown_row(code, row) for row in stored.get("rows", [])]
    if blank_rows is None:
        blank_rows = 0 if initial else FRESH_ROWS
    factory = formset_factory(
        row_form,
        formset=RowFormSet,
        extra=blank_rows,
        can_delete=True,
        max_num=ROWS_MAXIMUM,
        validate_max=True,
        absolute_max=ROWS_MAXIMUM + 1,  # one line too many is enough to refuse them
    )
    factory.code = code
    messages = {
        "too_many_forms": _("Le tableau compte trop de lignes : %(count)d au plus.")
        % {"count": ROWS_MAXIMUM},
        "missing_management_form": _(
            "Le tableau est arrivé incomplet : rien n'a été changé. Rechargez la page et recommencez."
        ),
    }
    # A posted row stands for itself: compared with what is stored meanwhile, an unchanged one would count as blank.
    return factory(
        data=posted, initial=None if posted is not None else initial, prefix="rows", error_messages=messages
    )


def _with_posted_year(stored: Mapping[str, Any], posted: Any) -> Mapping[str, Any]:
    """The budget's columns carry the year that is being typed, if it is one."""
    typed = (posted or {}).get("first_year", "")
    return (
        {**stored, "first_year": int(typed)}
        if typed.isascii() and typed.isdigit() and len(typed) == 4
        else stored
    )


def _stored_row(code: SectionCode, values: dict[str, Any]) -> dict[str, Any]:
    if code != SectionCode.BUDGET:
        return values
    amounts = [values[f"amount_{index}"] for index in range(BUDGET_YEARS)]
    return {"kind": values["kind"], "label": values["label"], "amounts": amounts}


def _shown_row(code: SectionCode, row: Mapping[str, Any]) -> dict[str, Any]:
    if code != SectionCode.BUDGET:
        return dict(row)
    amounts = [*row.get("amounts", []), *[""] * BUDGET_YEARS][:BUDGET_YEARS]
    shown = {f"amount_{index}": amount for index, amount in enumerate(amounts)}
    return {"kind": row.get("kind", ""), "label": row.get("label", ""), **shown}
