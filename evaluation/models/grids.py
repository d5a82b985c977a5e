"""The grid of a call: what the jury marks, frozen with the call."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from applications.models import Call
from evaluation.enums import CriterionCode


def default_tie_break() -> list[str]:
    """The order of the proposed tie-break: innovation, strategy, international visibility, then the vote."""
    return [CriterionCode.INNOVATION.value, CriterionCode.STRATEGY.value, CriterionCode.INTERNATIONAL.value]


class Bilingual(models.Model):
    title_fr = models.CharField(max_length=200)
    title_ar = models.CharField(max_length=200, blank=True)
    guidance_fr = models.TextField(blank=True)
    guidance_ar = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title_fr

    @property
    def title(self) -> str:
        return self.title_ar if get_language() == "ar" and self.title_ar else self.title_fr

    @property
    def guidance(self) -> str:
        return self.guidance_ar if get_language() == "ar" and self.guidance_ar else self.guidance_fr


class Grid(models.Model):
    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="grid")
    pass_total = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal("65"),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    pass_criterion = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        default=Decimal("3"),
        validators=[MinValueValidator(0), MaxValueValidator(5)],
    )
    spread_alert = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("1.5"))
    quorum = models.PositiveSmallIntegerField(default=3)
    all_read_up_to = models.PositiveSmallIntegerField(default=12)
    tie_break = ArrayField(models.CharField(max_length=20), default=default_tie_break)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pass_total_is_out_of_100", condition=Q(pass_total__gte=0, pass_total__lte=100)
            ),
            models.CheckConstraint(
                name="pass_criterion_is_on_the_scale",
                condition=Q(pass_criterion__gte=0, pass_criterion__lte=5),
            ),
            models.CheckConstraint(name="quorum_is_at_least_one", condition=Q(quorum__gte=1)),
        ]


class Criterion(Bilingual):
    grid = models.ForeignKey(Grid, on_delete=models.CASCADE, related_name="criteria")
    code = models.CharField(max_length=20, choices=CriterionCode.choices)
    position = models.PositiveSmallIntegerField()
    weight = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["grid", "position"]
        constraints = [
            models.UniqueConstraint(fields=["grid", "code"], name="one_criterion_per_code"),
            models.CheckConstraint(
                name="criterion_weight_is_positive", condition=Q(weight__gt=0, weight__lte=100)
            ),
        ]


class Subcriterion(Bilingual):
    """`anchors` is a list of six objects {"fr", "ar"}: what 0, 1, 2, 3, 4 and 5 mean."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="subcriteria")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    weight = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal("1"))
    anchors = models.JSONField(default=list)

    class Meta:
        ordering = ["criterion", "position"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "code"], name="one_subcriterion_per_code"),
            models.CheckConstraint(name="subcriterion_weight_is_positive", condition=Q(weight__gt=0)),
        ]
