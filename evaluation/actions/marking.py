"""A juror's sheet: saved as it goes, sent once, then locked."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from applications.enums import CallStatus
from clusters_portal.errors import Blocker, Refused
from evaluation.domain.scoring import SheetProblem, SheetProblemCode, sheet_problems
from evaluation.enums import EvaluationStatus
from evaluation.models import Assignment, CriterionComment, Evaluation, EvaluationRound, JuryMember, Score
from evaluation.queries.grids import GridRows, grid_rows


class VersionConflict(Exception):
    """The sheet was changed elsewhere since the page was opened. Carries the `sheet` as it stands."""

    def __init__(self, sheet: Evaluation) -> None:
        super().__init__(f"sheet {sheet.pk} is at version {sheet.version}")
        self.sheet = sheet


@transaction.atomic
def save_sheet(
    assignment: Assignment,
    *,
    marks: Mapping[int, Decimal | None],
    comments: Mapping[int, str],
    version: int,
    by: User,
    at: datetime,
) -> Evaluation:
    """Write marks by sub-criterion id and comments by criterion id; what is not named stays.

    `version` is the one that the page was opened with, 0 for a new sheet. Saving again what is stored changes
    nothing and conflicts with nobody. Raises `Refused` or `VersionConflict`.
    """
    assignment = _lock(assignment, by=by, at=at)
    sheet = _open_sheet(assignment)
    if sheet is None:
        sheet = Evaluation.objects.create(assignment=assignment, version=0, updated_at=at)
        audit.record(
            "sheet.started", by=by, at=at, subject=sheet, call_code=assignment.application.call.code,
            detail={"application": str(assignment.application_id)},
        )  # fmt: skip
    stored_marks = dict(sheet.scores.values_list("subcriterion_id", "mark"))
    stored_comments = dict(sheet.comments.values_list("criterion_id", "text"))
    new_marks = {key: mark for key, mark in marks.items() if stored_marks.get(key) != mark}
    new_comments = {key: text for key, text in comments.items() if stored_comments.get(key, "") != text}
    if not new_marks and not new_comments and sheet.version:
        return sheet
    if sheet.version != version:
        raise VersionConflict(sheet)
    sheet.version += 1
    sheet.updated_at = at
    sheet.save(update_fields=["version", "updated_at"])
    _write(sheet, new_marks, new_comments)
    return sheet


@transaction.atomic
def send_sheet(assignment: Assignment, *, by: User, at: datetime) -> Evaluation:
    """Send what is saved; from then on it is locked. Raises `Refused` with one blocker for each thing missing."""
    assignment = _lock(assignment, by=by, at=at)
    sheet = _open_sheet(assignment)
    rows = grid_rows(assignment.application.call_id)
    marks = dict(sheet.scores.values_list("subcriterion_id", "mark")) if sheet else {}
    comments = dict(sheet.comments.values_list("criterion_id", "text")) if sheet else {}
    blockers = sending_blockers(rows, marks, comments)
    if blockers or sheet is None:
        raise Refused(blockers)
    sheet.status, sheet.sent_at, sheet.updated_at = EvaluationStatus.SENT, at, at
    sheet.save(update_fields=["status", "sent_at", "updated_at"])
    audit.record(
        "sheet.sent",
        by=by,
        at=at,
        subject=sheet,
        call_code=assignment.application.call.code,
        detail={"application": str(assignment.application_id), "version": sheet.version},
    )
    return sheet


def sending_blockers(
    rows: GridRows, marks: Mapping[int, Decimal | None], comments: Mapping[int, str]
) -> list[Blocker]:
    """What keeps this sheet from being sent, each with the field where it is cured."""
    keys = rows.sub_keys
    problems = sheet_problems(
        {keys[pk]: mark for pk, mark in marks.items() if pk in keys},
        {criterion.code: comments.get(criterion.pk, "") for criterion, _subs in rows.criteria},
        grid=rows.facts,
    )
    return [_blocker(problem, rows) for problem in problems]


def _blocker(problem: SheetProblem, rows: GridRows) -> Blocker:
    criterion = rows.by_code.get(problem.criterion)
    sub = next(
        (
            row
            for row in rows.subcriteria
            if (problem.criterion, problem.subcriterion) == rows.sub_keys[row.pk]
        ),
        None,
    )
    names = {"criterion": criterion.title if criterion else "", "sub": sub.title if sub else ""}
    messages = {
        SheetProblemCode.EMPTY_SHEET: _("La fiche est vide : notez au moins un sous-critère."),
        SheetProblemCode.MISSING_MARK: _(
            "%(sub)s : donnez une note, ou dites dans le commentaire du critère pourquoi vous n'en donnez pas."
        ),
        SheetProblemCode.OFF_SCALE: _("%(sub)s : la note va de 0 à 5, par demi-point."),
        SheetProblemCode.COMMENT_REQUIRED: _(
            "%(criterion)s : écrivez un commentaire, car votre note est inférieure à 3 ou supérieure à 4."
        ),
        SheetProblemCode.COMMENT_TOO_LONG: _("%(criterion)s : le commentaire dépasse 20 000 caractères."),
        SheetProblemCode.UNKNOWN_SUBCRITERION: _("Un sous-critère n'est pas de la grille de cet appel."),
    }
    anchor = ""
    if sub is not None:
        anchor = f"note-{sub.pk}"
    elif criterion is not None:
        anchor = f"id_comment_{criterion.pk}"
    return Blocker(problem.code.value, messages[problem.code] % names, anchor)


def _lock(assignment: Assignment, *, by: User, at: datetime) -> Assignment:
    """The seat first, so that a declaration of the same juror waits or is seen; then the round, shared.

    The access is asked in a statement of its own: one that waited for the lock would still answer from before it.
    """
    JuryMember.objects.select_for_update(no_key=True).get(pk=assignment.juror_id)
    locked = (
        Assignment.objects.visible_to(by, at=at)
        .select_for_update(of=("self",), no_key=True)
        .select_related("juror", "application__call")
        .filter(pk=assignment.pk)
        .first()
    )
    if locked is None:
        raise Refused([Blocker("no_access", _("Ce dossier ne vous est plus accessible."))])
    call = locked.application.call
    rounds = EvaluationRound.objects.raw(
        "SELECT * FROM evaluation_evaluationround WHERE call_id = %s FOR SHARE", [call.pk]
    )
    is_open = any(row.closed_at is None for row in rounds)
    if not is_open or call.status != CallStatus.EVALUATION:
        raise Refused(
            [Blocker("round_closed", _("Le tour de notation est clos : les fiches ne changent plus."))]
        )
    return locked


def _open_sheet(assignment: Assignment) -> Evaluation | None:
    sheet = Evaluation.objects.select_for_update(of=("self",)).filter(assignment=assignment).first()
    if sheet is not None and sheet.voided_at is not None:
        raise Refused([Blocker("sheet_voided", _("Cette fiche a été écartée : elle ne compte plus."))])
    if sheet is not None and sheet.status == EvaluationStatus.SENT:
        raise Refused([Blocker("sheet_locked", _("Cette fiche est déjà envoyée : elle ne change plus."))])
    return sheet


def _write(sheet: Evaluation, marks: Mapping[int, Decimal | None], comments: Mapping[int, str]) -> None:
    Score.objects.bulk_create(
        [Score(evaluation=sheet, subcriterion_id=key, mark=mark) for key, mark in marks.items()],
        update_conflicts=True,
        unique_fields=["evaluation", "subcriterion"],
        update_fields=["mark"],
    )
    CriterionComment.objects.bulk_create(
        [CriterionComment(evaluation=sheet, criterion_id=key, text=text) for key, text in comments.items()],
        update_conflicts=True,
        unique_fields=["evaluation", "criterion"],
        update_fields=["text"],
    )
