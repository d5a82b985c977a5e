"""The panel's meeting: consensus marks, outcomes, minutes, and the frozen list."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models import Application, Call
from evaluation.enums import Outcome
from evaluation.models.grids import Criterion
from evaluation.models.jury import JuryMember

DELIBERATED = (Outcome.LABELLED, Outcome.RESERVE, Outcome.NOT_SELECTED)


class Deliberation(models.Model):
    """`ranking` and its digests are written when the chair signs: what was signed can be recomputed."""

    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="deliberation")
    held_on = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    remarks = models.TextField(blank=True)
    ranking = models.JSONField(null=True, blank=True)
    inputs_digest = models.CharField(max_length=64, blank=True)
    output_digest = models.CharField(max_length=64, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    pdf_key = models.CharField(max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveIntegerField(default=0)
    rendered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signed_deliberation_is_complete",
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | (
                    Q(
                        signed_at__isnull=False,
                        signed_by__isnull=False,
                        held_on__isnull=False,
                        ranking__isnull=False,
                    )
                    & ~Q(inputs_digest="")
                ),
            )
        ]


class Attendance(models.Model):
    deliberation = models.ForeignKey(Deliberation, on_delete=models.CASCADE, related_name="attendances")
    juror = models.ForeignKey(JuryMember, on_delete=models.PROTECT, related_name="attendances")
    is_present = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deliberation", "juror"], name="one_attendance_per_juror"),
        ]


class ConsensusMark(models.Model):
    """Replaces a criterion's mark of one dossier after discussion; the jurors' own marks stay."""

    deliberation = models.ForeignKey(Deliberation, on_delete=models.CASCADE, related_name="consensus_marks")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="consensus_marks")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="consensus_marks")
    mark = models.DecimalField(max_digits=2, decimal_places=1)
    comment = models.TextField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deliberation", "application", "criterion"], name="one_consensus_mark_per_criterion"
            ),
            models.CheckConstraint(
                name="consensus_mark_is_on_the_scale",
                condition=Q(mark__in=[Decimal(half) / 2 for half in range(11)]),
            ),
            models.CheckConstraint(name="consensus_mark_is_explained", condition=~Q(comment="")),
        ]


class DeliberationOutcome(models.Model):
    """What the panel proposes for one dossier, with its reasons in both languages."""

    deliberation = models.ForeignKey(Deliberation, on_delete=models.CASCADE, related_name="outcomes")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="deliberation_outcomes"
    )
    outcome = models.CharField(
        max_length=20, choices=[(outcome.value, outcome.label) for outcome in DELIBERATED]
    )
    reserve_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    reasons_fr = models.TextField(blank=True)
    reasons_ar = models.TextField(blank=True)
    departure_reason = models.TextField(blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deliberation", "application"], name="one_outcome_per_dossier"),
            models.CheckConstraint(
                name="only_the_reserve_list_is_ranked",
                condition=Q(outcome=Outcome.RESERVE) | Q(reserve_rank__isnull=True),
            ),
        ]
