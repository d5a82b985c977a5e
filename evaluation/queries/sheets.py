"""The marking page in three queries: the assignment with its surroundings, the grid with the marks, the files."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from accounts.models import User
from applications.enums import SectionCode
from applications.models import Region, Sector, SubmissionFile
from evaluation.enums import CriterionCode, EvaluationStatus
from evaluation.models import Assignment, ConflictDeclaration, CriterionComment, Evaluation, Subcriterion
from evaluation.queries.grids import GridRows, rows_of

# What of the sealed dossier bears on each criterion; everything else is printed once, under the three.
BEARING = {
    CriterionCode.STRATEGY: (SectionCode.STRATEGY, SectionCode.BUDGET, SectionCode.COMMITMENTS),
    CriterionCode.INNOVATION: (SectionCode.INNOVATION, SectionCode.MEMBERS, SectionCode.GOVERNANCE),
    CriterionCode.INTERNATIONAL: (SectionCode.INTERNATIONAL, SectionCode.TRACK_RECORD),
}


@dataclass(frozen=True)
class SheetRows:
    """What is stored of one sheet, beside the grid."""

    rows: GridRows
    marks: dict[int, Decimal | None]
    comments: dict[int, str]


def readable_assignments(user: User, *, at: datetime):
    """The assignments that this juror may read now, each with dossier, call, seat, sheet and progress."""
    cleared = ConflictDeclaration.objects.clearances().filter(
        juror=OuterRef("juror"), application=OuterRef("application")
    )
    siblings = Assignment.objects.filter(Exists(cleared), juror=OuterRef("juror")).order_by().values("juror")
    unfinished = (
        Assignment.objects.filter(
            Exists(cleared),
            Q(evaluation__isnull=True) | Q(evaluation__status=EvaluationStatus.DRAFT),
            juror=OuterRef("juror"),
            application__status="in_evaluation",
        )
        .exclude(pk=OuterRef("pk"))
        .order_by("application__name", "pk")
    )
    sent = siblings.filter(evaluation__status=EvaluationStatus.SENT)
    return (
        Assignment.objects.visible_to(user, at=at)
        .select_related(
            "juror",
            "application__call__grid",
            "application__call__evaluation_round",
            "application__standing_submission",
            "evaluation",
        )
        .annotate(
            assigned_count=Coalesce(Subquery(siblings.annotate(n=Count("pk")).values("n")), 0),
            sent_count=Coalesce(Subquery(sent.annotate(n=Count("pk")).values("n")), 0),
            next_id=Subquery(unfinished.values("pk")[:1]),
        )
    )


def sheet_rows(assignment: Assignment) -> SheetRows:
    """The grid with this sheet's marks and comments, in one query."""
    sheet_id = getattr(getattr(assignment, "evaluation", None), "pk", None)
    comment = CriterionComment.objects.filter(criterion=OuterRef("criterion"), evaluation=sheet_id)
    subs = list(
        Subcriterion.objects.filter(criterion__grid__call=assignment.application.call_id)
        .annotate(
            own=FilteredRelation("scores", condition=Q(scores__evaluation=sheet_id)),
            given=F("own__mark"),
            said=Subquery(comment.values("text")[:1]),
        )
        .select_related("criterion__grid")
        .order_by("criterion__position", "criterion_id", "position", "id")
    )
    return SheetRows(
        rows=rows_of(subs),
        marks={sub.pk: sub.given for sub in subs},
        comments={sub.criterion_id: sub.said or "" for sub in subs},
    )


def code_names() -> dict[str, str]:
    """Sectors and regions by code in the reader's language, in one query: their codes never meet."""
    sectors = Sector.objects.order_by().values_list("code", "name_fr", "name_ar")
    regions = Region.objects.order_by().values_list("code", "name_fr", "name_ar")
    is_arabic = (get_language() or "").startswith("ar")
    return {code: (ar if is_arabic and ar else fr) for code, fr, ar in sectors.union(regions, all=True)}


def files_of(assignment: Assignment) -> list[SubmissionFile]:
    """The pieces sealed with the standing deposit."""
    return list(
        SubmissionFile.objects.filter(submission=assignment.application.standing_submission_id)
        .select_related("document__required_document")
        .order_by("position")
    )


def sheet_of(assignment: Assignment) -> Evaluation | None:
    return getattr(assignment, "evaluation", None)
