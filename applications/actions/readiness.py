"""The working copy of a dossier, its state section by section, and what keeps it from being deposited.

One reading serves the task list, « Vérifier mon dossier » and the deposit itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.domain.completeness import (
    SubmissionBlocker,
    SubmissionReason,
    content_blockers,
)
from applications.domain.completeness import section_states as domain_section_states
from applications.domain.eligibility import PresentPiece, RequiredPiece
from applications.domain.sealing import SealedFile, manifest
from applications.domain.section_checks import Problem, ProblemCode
from applications.domain.sections import applicable_sections, section_problems
from applications.enums import SectionCode, SectionState, Track
from applications.models import Application, Document, RequiredDocument, Section
from applications.sealed import FIELDS, TABLES
from clusters_portal.errors import Blocker

PROBLEM_WORDS = {
    ProblemCode.REQUIRED: gettext_lazy("à remplir"),
    ProblemCode.ROWS_REQUIRED: gettext_lazy("le tableau est vide ou incomplet"),
    ProblemCode.TOO_LONG: gettext_lazy("texte trop long"),
    ProblemCode.UNKNOWN_CHOICE: gettext_lazy("choix à refaire"),
    ProblemCode.NOT_A_DATE: gettext_lazy("date à corriger"),
    ProblemCode.NOT_AN_EMAIL: gettext_lazy("adresse à corriger"),
    ProblemCode.NOT_A_NUMBER: gettext_lazy("nombre à corriger"),
    ProblemCode.NOT_AN_AMOUNT: gettext_lazy("montant à corriger"),
    ProblemCode.OUT_OF_RANGE: gettext_lazy("nombre hors des limites"),
    ProblemCode.ENDS_BEFORE_START: gettext_lazy("la fin précède le début"),
    ProblemCode.REPEATED: gettext_lazy("la même année figure deux fois"),
    ProblemCode.NOT_BALANCED: gettext_lazy("les ressources n'égalent pas les emplois"),
    ProblemCode.NOT_ACCEPTED: gettext_lazy("case à cocher"),
    ProblemCode.NOT_FOR_THIS_TRACK: gettext_lazy("sans objet pour un nouveau cluster"),
    ProblemCode.CLUSTER_NOT_NAMED: gettext_lazy("le cluster existant n'est pas choisi dans le registre"),
    ProblemCode.ICE_MISSING: gettext_lazy("l'ICE n'est pas donné"),
    ProblemCode.ICE_DOUBTFUL: gettext_lazy("l'ICE semble mal recopié : vérifiez-le sur le certificat"),
}
SHOWN_PROBLEMS = 3


@dataclass(frozen=True)
class WorkingCopy:
    """What a deposit would seal: the sections by code, and the files that answer a piece of the dossier's track."""

    sections: dict[SectionCode, dict[str, Any]]
    documents: tuple[Document, ...]
    pieces: tuple[RequiredDocument, ...]

    @property
    def track(self) -> Track | None:
        code = self.sections.get(SectionCode.TRACK, {}).get("track", "")
        return Track(code) if code in Track.values else None

    @property
    def manifest(self) -> list[dict[str, Any]]:
        return manifest(
            SealedFile(piece=d.required_document.code, name=d.name, size=d.size, sha256=d.sha256)
            for d in self.documents
        )


@dataclass(frozen=True)
class PieceState:
    piece: RequiredDocument
    documents: tuple[Document, ...]

    @property
    def is_mandatory(self) -> bool:
        return self.piece.is_mandatory

    @property
    def is_answered(self) -> bool:
        return bool(self.documents)


def working_copy(application: Application, *, documents: Iterable[Document] | None = None) -> WorkingCopy:
    """Three queries, one less with the current `documents` at hand.

    Sections and pieces of the other track stay in the draft and are not deposited.
    """
    rows = Section.objects.filter(application=application)
    sections: dict[SectionCode, dict[str, Any]] = {SectionCode(row.code): row.data for row in rows}
    track = sections.get(SectionCode.TRACK, {}).get("track", "")
    if track != Track.EXISTING:
        sections.pop(SectionCode.TRACK_RECORD, None)
    asked = RequiredDocument.objects.filter(call_id=application.call_id)
    pieces = {piece.pk: piece for piece in asked if not track or track in piece.tracks}
    if documents is None:
        documents = Document.objects.current().filter(application=application)
    answering = tuple(document for document in documents if document.required_document_id in pieces)
    for document in answering:
        document.required_document = pieces[document.required_document_id]
    return WorkingCopy(sections, answering, tuple(pieces.values()))


def section_states(copy: WorkingCopy) -> dict[SectionCode, SectionState]:
    return domain_section_states(copy.sections, track=copy.track)


def piece_states(copy: WorkingCopy) -> list[PieceState]:
    return [
        PieceState(piece, tuple(d for d in copy.documents if d.required_document_id == piece.pk))
        for piece in copy.pieces
    ]


def blockers_of(copy: WorkingCopy) -> list[Blocker]:
    """Everything that the dossier lacks; the anchor is `section:<code>` or `piece:<code>`.

    Signatory, capacity and declaration are given by the act of depositing: they are never among them.
    """
    found = content_blockers(copy.sections, _required(copy), _present(copy), track=copy.track)
    names = {piece.code: piece.name for piece in copy.pieces}
    return [_blocker(blocker, names) for blocker in found if blocker.section != SectionCode.STATEMENT]


def warnings_of(copy: WorkingCopy) -> list[Blocker]:
    """What deserves a second look and keeps nothing from being deposited."""
    codes = applicable_sections(copy.track)
    problems = [p for c in codes for p in section_problems(c, copy.sections.get(c, {}), track=copy.track)]
    return [
        Blocker(
            problem.code.value,
            f"{problem.section.label} : {_words(problem)}",
            f"section:{problem.section.value}",
        )
        for problem in problems
        if problem.is_warning
    ]


def _blocker(blocker: SubmissionBlocker, names: dict[str, str]) -> Blocker:
    if blocker.section is not None:
        shown = [_words(problem) for problem in blocker.problems[:SHOWN_PROBLEMS]]
        more = len(blocker.problems) - len(shown)
        if more:
            shown.append(
                ngettext("et %(count)d autre point", "et %(count)d autres points", more) % {"count": more}
            )
        message = f"{blocker.section.label} : {', '.join(shown)}"
        return Blocker(blocker.reason.value, message, f"section:{blocker.section.value}")
    missing = blocker.reason == SubmissionReason.PIECE_MISSING
    what = _("Pièce à joindre") if missing else _("Pièce illisible, à remplacer")
    name = names.get(blocker.piece, blocker.piece)
    return Blocker(blocker.reason.value, f"{what} : {name}", f"piece:{blocker.piece}")


def _words(problem: Problem) -> str:
    words = str(PROBLEM_WORDS[problem.code])
    detail = dict(problem.detail)
    if problem.code == ProblemCode.NOT_BALANCED:
        return f"{words} ({detail['year']})"
    label = _label(problem)
    if problem.row is not None:
        label = (
            f"{_('ligne %(number)d') % {'number': problem.row + 1}}, {label}"
            if label
            else str(problem.row + 1)
        )
    return f"{label} ({words})" if label else words


def _label(problem: Problem) -> str:
    if problem.row is None:
        columns = FIELDS[problem.section]
    elif problem.section == SectionCode.BUDGET:
        place = problem.field.removeprefix("amounts.")
        if place.isdigit():
            return _("montant de l'année %(number)d") % {"number": int(place) + 1}
        return str({"kind": _("Nature"), "label": _("Poste")}.get(problem.field, ""))
    else:
        columns = TABLES[problem.section][1]
    return next((str(label) for key, label, *_rest in columns if key == problem.field), "")


def _required(copy: WorkingCopy) -> tuple[RequiredPiece, ...]:
    return tuple(
        RequiredPiece(
            code=piece.code,
            name_fr=piece.name_fr,
            name_ar=piece.name_ar,
            tracks=frozenset(Track(code) for code in piece.tracks),
            is_mandatory=piece.is_mandatory,
        )
        for piece in copy.pieces
    )


def _present(copy: WorkingCopy) -> tuple[PresentPiece, ...]:
    return tuple(PresentPiece(code=d.required_document.code) for d in copy.documents)
