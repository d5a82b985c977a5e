"""The register of clusters: what the State granted, and when it supported, as far as sources tell."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from applications.enums import ClusterState
from applications.models.calls import Call
from applications.models.reference import Region, Sector


class Confirmable(models.Model):
    """A fact comes from public sources until a person confirms it from a document."""

    source = models.CharField(max_length=300, blank=True)
    assumed = models.JSONField(default=list, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_from = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class Cluster(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    name_ar = models.CharField(max_length=200, blank=True)
    aliases = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    sector = models.ForeignKey(
        Sector, null=True, blank=True, on_delete=models.PROTECT, related_name="clusters"
    )
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="clusters"
    )
    city = models.CharField(max_length=100, blank=True)
    ice = models.CharField(max_length=15, blank=True)
    state = models.CharField(max_length=10, choices=ClusterState.choices, default=ClusterState.UNKNOWN)
    renamed_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    assumed = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=300, blank=True)
    predecessors = models.ManyToManyField("self", symmetrical=False, related_name="successors", blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        return self.name_ar if get_language() == "ar" and self.name_ar else self.name


class Label(Confirmable):
    """A labellisation. Its day is an interval; both ends empty where no source tells."""

    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="labels")
    position = models.PositiveSmallIntegerField()
    earliest_on = models.DateField(null=True, blank=True)
    latest_on = models.DateField(null=True, blank=True)
    call = models.ForeignKey(Call, null=True, blank=True, on_delete=models.PROTECT, related_name="labels")

    class Meta:
        ordering = ["cluster", "position"]
        constraints = [
            models.UniqueConstraint(fields=["cluster", "position"], name="one_label_per_position"),
            models.CheckConstraint(
                name="label_interval_is_ordered",
                condition=Q(earliest_on__isnull=True, latest_on__isnull=True)
                | Q(earliest_on__lte=F("latest_on")),
            ),
        ]


class SupportPeriod(Confirmable):
    """A period of State support, [start, start + years); `follows` starts when the one before it ends."""

    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="support_periods")
    position = models.PositiveSmallIntegerField()
    follows = models.BooleanField(default=False)
    earliest_start_on = models.DateField(null=True, blank=True)
    latest_start_on = models.DateField(null=True, blank=True)
    years = models.PositiveSmallIntegerField()
    signed_on = models.DateField(null=True, blank=True)
    amount_mad_per_year = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    suspensions = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["cluster", "position"]
        constraints = [
            models.UniqueConstraint(fields=["cluster", "position"], name="one_support_period_per_position"),
            models.CheckConstraint(
                name="support_period_has_a_start",
                condition=Q(follows=True, earliest_start_on__isnull=True, latest_start_on__isnull=True)
                | Q(follows=False, earliest_start_on__lte=F("latest_start_on")),
            ),
            models.CheckConstraint(name="support_period_lasts", condition=Q(years__gt=0)),
        ]
