"""The sheet as a form: one mark per sub-criterion, one comment per criterion, the version that was read."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clusters_portal import formats
from evaluation.domain.scoring import (
    COMMENT_MAX_LENGTH,
    MARKS,
    MarkProblem,
    MarkRefused,
    parse_mark,
)
from evaluation.models import Criterion, Subcriterion
from evaluation.queries.grids import GridRows

MARK_MESSAGES = {
    MarkProblem.NOT_A_NUMBER: _("« %(value)s » n'est pas un nombre. La note va de 0 à 5, par demi-point."),
    MarkProblem.OFF_SCALE: _("« %(value)s » est hors de l'échelle. La note va de 0 à 5."),
    MarkProblem.OFF_STEP: _("« %(value)s » n'est pas une note : elle va de 0 à 5, par demi-point."),
}


class MarkField(forms.CharField):
    """A mark, or `None` where none is given. Point or comma, Latin or Arabic digits."""

    def to_python(self, value: object) -> Decimal | None:
        try:
            return parse_mark(value)
        except MarkRefused as refused:
            if refused.code == MarkProblem.EMPTY:
                return None
            message = MARK_MESSAGES[refused.code] % {"value": str(value)[:20]}
            raise forms.ValidationError(message, code=refused.code.value) from None


@dataclass(frozen=True)
class MarkChoice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Anchor:
    mark: int
    text: str


@dataclass(frozen=True)
class MarkLine:
    """One sub-criterion of the page."""

    sub: Subcriterion
    name: str
    ident: str
    choices: tuple[MarkChoice, ...]
    anchors: tuple[Anchor, ...]
    errors: Any
    weight_percent: Decimal


@dataclass(frozen=True)
class CriterionPanel:
    criterion: Criterion
    lines: tuple[MarkLine, ...]
    comment: Any


@dataclass(frozen=True)
class Difference:
    """One answer that two windows gave differently."""

    label: str
    stored: str
    typed: str


class SheetForm(forms.Form):
    """Only what the browser sent is read: a field that is not there leaves what is stored."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        rows: GridRows,
        marks: Mapping[int, Decimal | None],
        comments: Mapping[int, str],
        version: int,
    ) -> None:
        super().__init__(data, initial={"version": version}, auto_id="id_%s")
        self.rows = rows
        self.stored = {"marks": marks, "comments": comments}
        for criterion, subs in rows.criteria:
            for sub in subs:
                self.fields[f"mark_{sub.pk}"] = MarkField(
                    label=sub.title, required=False, initial=plain(marks.get(sub.pk))
                )
            self.fields[f"comment_{criterion.pk}"] = forms.CharField(
                label=_("Commentaire : %(title)s") % {"title": criterion.title},
                required=False,
                max_length=COMMENT_MAX_LENGTH,
                initial=comments.get(criterion.pk, ""),
                widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
            )

    @property
    def given_marks(self) -> dict[int, Decimal | None]:
        return {
            sub.pk: self.cleaned_data[f"mark_{sub.pk}"]
            for sub in self.rows.subcriteria
            if f"mark_{sub.pk}" in self.data
        }

    @property
    def given_comments(self) -> dict[int, str]:
        return {
            criterion.pk: self.cleaned_data[f"comment_{criterion.pk}"]
            for criterion, _subs in self.rows.criteria
            if f"comment_{criterion.pk}" in self.data
        }

    def over_stored(self, version: int) -> "SheetForm":
        """The same answers as typed, over the version that stands now: saving again replaces it knowingly."""
        data = self.data.copy()
        data["version"] = str(version)
        return SheetForm(data, rows=self.rows, **self.stored, version=version)

    def differences(self) -> list[Difference]:
        """Where what was typed is not what is stored."""
        found = []
        for criterion, subs in self.rows.criteria:
            for sub in subs:
                typed, stored = self[f"mark_{sub.pk}"].value() or "", plain(self.stored["marks"].get(sub.pk))
                if typed != stored:
                    found.append(Difference(sub.title, stored, typed))
            typed = (self[f"comment_{criterion.pk}"].value() or "").strip()
            stored = self.stored["comments"].get(criterion.pk, "")
            if typed.split() != stored.split():
                found.append(Difference(str(self.fields[f"comment_{criterion.pk}"].label), stored, typed))
        return found

    def panels(self) -> tuple[CriterionPanel, ...]:
        """The form as the page draws it, criterion by criterion."""
        return tuple(
            CriterionPanel(
                criterion=criterion,
                lines=tuple(self._line(sub, sum(one.weight for one in subs)) for sub in subs),
                comment=self[f"comment_{criterion.pk}"],
            )
            for criterion, subs in self.rows.criteria
        )

    def _line(self, sub: Subcriterion, whole: Decimal) -> MarkLine:
        bound = self[f"mark_{sub.pk}"]
        chosen = chosen_value(bound.value())
        return MarkLine(
            sub=sub,
            name=bound.html_name,
            ident=f"note-{sub.pk}",
            choices=(
                *(MarkChoice(plain(mark), _spoken(mark), plain(mark) == chosen) for mark in MARKS),
                MarkChoice("", "", not chosen and not bound.errors),
            ),
            anchors=tuple(
                Anchor(mark, anchor.get(language()) or anchor.get("fr", ""))
                for mark, anchor in enumerate(sub.anchors)
            ),
            errors=bound.errors,
            weight_percent=sub.weight * 100 / whole,
        )


def chosen_value(value: object) -> str:
    """The radio button that a value, as typed or as stored, chooses; none when it is not a mark."""
    try:
        return plain(parse_mark(value))
    except MarkRefused:
        return ""


def plain(mark: Decimal | None) -> str:
    """`3.5`, as a radio button carries it; nothing for no mark."""
    return "" if mark is None else format(mark.quantize(Decimal("0.1")), "f")


def language() -> str:
    return (get_language() or "fr").split("-")[0]


def _spoken(mark: Decimal) -> str:
    return formats.decimal(mark, language=language(), places=int(mark % 1 != 0))
