"""The checklist of a dossier, and how the officers settled it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.enums import ApplicationStatus, EligibilityLine, Finding
from applications.models.dossiers import Application

SETTLED = (ApplicationStatus.ADMISSIBLE, ApplicationStatus.INADMISSIBLE)


class EligibilityCheck(models.Model):
    """One line: what the rule found on which facts, then what an officer answered. Both stay."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="eligibility_checks")
    line = models.CharField(max_length=20, choices=EligibilityLine.choices)
    position = models.PositiveSmallIntegerField()
    finding = models.CharField(max_length=10, choices=Finding.choices)
    facts = models.JSONField()
    reason_fr = models.TextField()
    reason_ar = models.TextField()
    source = models.CharField(max_length=200)
    can_only_warn = models.BooleanField(default=False)
    ruleset_version = models.CharField(max_length=20)
    computed_at = models.DateTimeField()

    answer = models.CharField(max_length=10, choices=Finding.choices, blank=True)
    answer_reason = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    seconded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["application", "position"]
        constraints = [
            models.UniqueConstraint(fields=["application", "line"], name="one_check_per_line"),
            models.CheckConstraint(
                name="answered_check_has_its_author",
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="override_has_a_reason",
                condition=Q(answer="") | Q(answer=F("finding")) | ~Q(answer_reason=""),
            ),
            models.CheckConstraint(
                name="override_takes_a_second_person",
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("answered_by")),
            ),
        ]

    @property
    def is_override(self) -> bool:
        return bool(self.answer) and self.answer != self.finding

    @property
    def is_settled(self) -> bool:
        """Confirmed as found, or overridden and seconded."""
        return bool(self.answer) and (not self.is_override or self.seconded_by_id is not None)


class AdmissibilitySettlement(models.Model):
    """Admissible: one officer. Inadmissible: one proposes, another confirms; the decision maker signs later."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="admissibility")
    outcome = models.CharField(
        max_length=24,
        choices=[(status.value, status.label) for status in SETTLED],
    )
    reasons_fr = models.TextField(blank=True)
    reasons_ar = models.TextField(blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="settlement_outcome_is_known",
                condition=Q(outcome__in=[status.value for status in SETTLED]),
            ),
            models.CheckConstraint(
                name="inadmissibility_has_reasons_in_both_languages",
                condition=Q(outcome=ApplicationStatus.ADMISSIBLE) | (~Q(reasons_fr="") & ~Q(reasons_ar="")),
            ),
            models.CheckConstraint(
                name="inadmissibility_takes_two_officers",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
            ),
        ]

    @property
    def is_final(self) -> bool:
        return self.outcome == ApplicationStatus.ADMISSIBLE or self.confirmed_by_id is not None
