"""The jury of a call: members, declarations, assignments, sheets."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from applications.enums import ApplicationStatus
from applications.models import Application, Call
from evaluation.enums import DeclarationKind, EvaluationStatus, JuryRole, LinkRuling
from evaluation.models.grids import Criterion, Subcriterion


class JuryMemberQuerySet(models.QuerySet):
    def seated(self) -> "JuryMemberQuerySet":
        return self.filter(removed_at__isnull=True)

    def markers(self) -> "JuryMemberQuerySet":
        """Those who read and mark: the chair and the jurors; a substitute only once promoted."""
        return self.seated().filter(role__in=(JuryRole.CHAIR, JuryRole.JUROR))


class JuryMember(models.Model):
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="jury")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jury_memberships"
    )
    role = models.CharField(max_length=12, choices=JuryRole.choices)
    organisation = models.CharField(max_length=200, blank=True)
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField()
    charter_signed_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = JuryMemberQuerySet.as_manager()

    class Meta:
        ordering = ["call", "appointed_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "user"], name="one_jury_seat_per_person"),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(role=JuryRole.CHAIR, removed_at__isnull=True),
                name="one_chair_per_call",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class ConflictDeclarationQuerySet(models.QuerySet):
    def recusals(self) -> "ConflictDeclarationQuerySet":
        """A conflict, or a link that was ruled so."""
        return self.filter(Q(kind=DeclarationKind.CONFLICT) | Q(ruling=LinkRuling.RECUSE))

    def awaiting_ruling(self) -> "ConflictDeclarationQuerySet":
        return self.filter(kind=DeclarationKind.LINK, ruling="")

    def clearances(self) -> "ConflictDeclarationQuerySet":
        """What lets a juror read: no tie, or a link kept by ruling."""
        return self.filter(Q(kind=DeclarationKind.NONE) | Q(ruling=LinkRuling.KEEP))


class ConflictDeclaration(models.Model):
    """What a juror declared about one dossier before reading it, and how a link was ruled."""

    juror = models.ForeignKey(JuryMember, on_delete=models.PROTECT, related_name="declarations")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="declarations")
    kind = models.CharField(max_length=10, choices=DeclarationKind.choices)
    reason = models.TextField(blank=True)
    declared_at = models.DateTimeField()
    ruling = models.CharField(max_length=10, choices=LinkRuling.choices, blank=True)
    ruling_reason = models.TextField(blank=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ruled_at = models.DateTimeField(null=True, blank=True)

    objects = ConflictDeclarationQuerySet.as_manager()

    class Meta:
        ordering = ["juror", "application"]
        constraints = [
            models.UniqueConstraint(fields=["juror", "application"], name="one_declaration_per_dossier"),
            models.CheckConstraint(
                name="tie_is_explained", condition=Q(kind=DeclarationKind.NONE) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="only_a_link_is_ruled", condition=Q(ruling="") | Q(kind=DeclarationKind.LINK)
            ),
            models.CheckConstraint(
                name="ruling_has_author_and_reason",
                condition=Q(ruling="", ruled_by__isnull=True)
                | (~Q(ruling="") & ~Q(ruling_reason="") & Q(ruled_by__isnull=False, ruled_at__isnull=False)),
            ),
        ]

    @property
    def is_recusal(self) -> bool:
        return self.kind == DeclarationKind.CONFLICT or self.ruling == LinkRuling.RECUSE

    @property
    def allows_reading(self) -> bool:
        return self.kind == DeclarationKind.NONE or self.ruling == LinkRuling.KEEP


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user, *, at: datetime) -> "AssignmentQuerySet":
        """What a juror may read: seated, declared without tie or kept by ruling, marking begun.

        The one queryset that pages, files, exports and mails of the jury ask. A conflict or a recusal
        takes the dossier out of it at once.
        """
        if not user.is_authenticated:
            return self.none()
        cleared = ConflictDeclaration.objects.clearances().filter(
            juror=OuterRef("juror"), application=OuterRef("application")
        )
        return self.filter(
            Exists(cleared),
            juror__user=user,
            juror__removed_at__isnull=True,
            application__status__in=(ApplicationStatus.IN_EVALUATION, ApplicationStatus.DECIDED),
        )


class Assignment(models.Model):
    """A juror is to read and mark a dossier."""

    juror = models.ForeignKey(JuryMember, on_delete=models.PROTECT, related_name="assignments")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["juror", "application"]
        constraints = [
            models.UniqueConstraint(fields=["juror", "application"], name="one_assignment_per_dossier"),
        ]


class Evaluation(models.Model):
    """One juror's sheet on one application. `voided_at` marks a sheet that a late conflict set aside."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="evaluation")
    status = models.CharField(max_length=10, choices=EvaluationStatus.choices, default=EvaluationStatus.DRAFT)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sent_sheet_has_its_instant",
                condition=Q(status=EvaluationStatus.DRAFT, sent_at__isnull=True)
                | Q(status=EvaluationStatus.SENT, sent_at__isnull=False),
            )
        ]


class Score(models.Model):
    """A mark from 0 to 5 by halves; no row, or NULL, means not given."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="scores")
    subcriterion = models.ForeignKey(Subcriterion, on_delete=models.PROTECT, related_name="scores")
    mark = models.DecimalField(max_digits=2, decimal_places=1, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "subcriterion"], name="one_score_per_subcriterion"),
            models.CheckConstraint(
                name="mark_is_on_the_scale",
                condition=Q(mark__isnull=True) | Q(mark__in=[Decimal(half) / 2 for half in range(11)]),
            ),
        ]


class CriterionComment(models.Model):
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="comments")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "criterion"], name="one_comment_per_criterion"),
        ]


class EvaluationRound(models.Model):
    """From the start of the marking to the chair's closing of the round."""

    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="evaluation_round")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="closed_round_has_its_author",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            )
        ]
