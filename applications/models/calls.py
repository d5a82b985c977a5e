"""Calls with their rules, deadlines, pieces and records."""

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from accounts.permissions import roles_of
from applications.domain.deadlines import phase_of
from applications.enums import (
    CallPhase,
    CallStatus,
    DeadlineKind,
    FileFormat,
    SupportCount,
    SupportReference,
    Track,
)
from applications.models.reference import Sector


def all_tracks() -> list[str]:
    return [Track.NEW.value, Track.EXISTING.value]


def all_formats() -> list[str]:
    return [file_format.value for file_format in FileFormat]


class CallQuerySet(models.QuerySet):
    def visible_to(self, user, *, at: datetime) -> "CallQuerySet":
        """Published calls are public; drafts are for the staff who write or supervise them."""
        if user.is_authenticated and roles_of(user, at=at):
            return self
        return self.exclude(status=CallStatus.DRAFT)

    def with_deadlines(self) -> "CallQuerySet":
        """Every version of the deadline comes along, so that `phase` costs no query."""
        return self.prefetch_related("deadlines")

    def with_closes_at(self) -> "CallQuerySet":
        """Annotates `in_force_closes_at`: the closing instant of the last version."""
        last = Deadline.objects.filter(call=models.OuterRef("pk")).order_by("-version")
        return self.annotate(in_force_closes_at=models.Subquery(last.values("closes_at")[:1]))

    def taking_dossiers(self, *, at: datetime) -> "CallQuerySet":
        """The same rule as `Call.phase(at=at) == CallPhase.OPEN`, in SQL; a parity test holds them together."""
        return self.with_closes_at().filter(
            status=CallStatus.ANNOUNCED, opens_at__lte=at, in_force_closes_at__gt=at
        )


class Call(models.Model):
    """One edition of the appel à projets: texts, dates, rules. What is published is frozen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    year = models.PositiveSmallIntegerField()
    title_fr = models.CharField(max_length=300)
    title_ar = models.CharField(max_length=300, blank=True)
    text_fr = models.TextField(blank=True)
    text_ar = models.TextField(blank=True)
    contact_email = models.EmailField(blank=True)
    tracks = ArrayField(models.CharField(max_length=10, choices=Track.choices), default=all_tracks)
    sectors = models.ManyToManyField(Sector, related_name="calls", blank=True)

    status = models.CharField(max_length=20, choices=CallStatus.choices, default=CallStatus.DRAFT)
    is_demonstration = models.BooleanField(default=False)
    is_historical = models.BooleanField(default=False)
    opened_on = models.DateField(null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancellation_reason = models.TextField(blank=True)

    minimum_members = models.PositiveSmallIntegerField(default=15)
    minimum_firm_percent = models.PositiveSmallIntegerField(default=60)
    minimum_research_bodies = models.PositiveSmallIntegerField(default=1)
    membership_article = models.CharField(max_length=120, blank=True)
    pieces_article = models.CharField(max_length=120, blank=True)
    support_article = models.CharField(max_length=120, blank=True)
    support_years = models.PositiveSmallIntegerField(default=8)
    support_count = models.CharField(max_length=20, choices=SupportCount.choices, blank=True)
    support_reference = models.CharField(max_length=20, choices=SupportReference.choices, blank=True)
    support_reference_on = models.DateField(null=True, blank=True)
    maximum_files = models.PositiveSmallIntegerField(default=40)
    maximum_total_bytes = models.PositiveBigIntegerField(default=200 * 1024 * 1024)

    attachments = models.JSONField(default=list, blank=True)
    claims = models.JSONField(default=list, blank=True)
    outcome = models.JSONField(null=True, blank=True)
    assumed = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=300, blank=True)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-code"]
        constraints = [
            models.CheckConstraint(
                name="call_status_is_known", condition=Q(status__in=[status.value for status in CallStatus])
            ),
            models.CheckConstraint(
                name="announced_call_has_its_support_rule",
                condition=Q(status__in=[CallStatus.DRAFT, CallStatus.CANCELLED])
                | Q(is_historical=True)
                | (~Q(support_count="") & ~Q(support_reference="")),
            ),
            models.CheckConstraint(
                name="fixed_support_reference_has_its_day",
                condition=~Q(support_reference=SupportReference.FIXED)
                | Q(support_reference_on__isnull=False),
            ),
            models.CheckConstraint(
                name="cancelled_call_has_a_reason",
                condition=~Q(status=CallStatus.CANCELLED)
                | (Q(cancelled_at__isnull=False) & ~Q(cancellation_reason="")),
            ),
            models.CheckConstraint(
                name="published_results_have_their_instant",
                condition=~Q(status=CallStatus.PUBLISHED)
                | Q(is_historical=True)
                | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="firm_percent_is_a_percentage", condition=Q(minimum_firm_percent__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        """The title in the reader's language; the French one where the Arabic is missing."""
        return self.title_ar if get_language() == "ar" and self.title_ar else self.title_fr

    @property
    def text(self) -> str:
        return self.text_ar if get_language() == "ar" and self.text_ar else self.text_fr

    @property
    def deadline_versions(self) -> list["Deadline"]:
        """Oldest first; uses the prefetched rows when there are any."""
        return sorted(self.deadlines.all(), key=lambda deadline: deadline.version)

    @property
    def deadline_in_force(self) -> "Deadline | None":
        versions = self.deadline_versions
        return versions[-1] if versions else None

    @property
    def first_deadline(self) -> "Deadline | None":
        versions = self.deadline_versions
        return versions[0] if versions else None

    @property
    def closes_at(self) -> datetime | None:
        deadline = self.deadline_in_force
        return deadline.closes_at if deadline else None

    def phase(self, *, at: datetime) -> CallPhase:
        return phase_of(CallStatus(self.status), opens_at=self.opens_at, closes_at=self.closes_at, at=at)


class Deadline(models.Model):
    """One version of the closing time. The published wall time wins; the instant follows from the zone's law."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="deadlines")
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=DeadlineKind.choices, default=DeadlineKind.INITIAL)
    wall_on = models.DateField()
    wall_time = models.TimeField()
    zone = models.CharField(max_length=40, default="Africa/Casablanca")
    closes_at = models.DateTimeField()
    tzdata_version = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    announced_on = models.DateField(null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["call", "version"]
        constraints = [
            models.UniqueConstraint(fields=["call", "version"], name="one_deadline_per_version"),
            models.CheckConstraint(
                name="later_deadline_has_a_reason", condition=Q(version=1) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="first_deadline_is_initial",
                condition=(Q(version=1) & Q(kind=DeadlineKind.INITIAL))
                | (Q(version__gt=1) & ~Q(kind=DeadlineKind.INITIAL)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_id} v{self.version}"


class RequiredDocument(models.Model):
    """A piece that the call asks for. An administrative piece may be asked for again, a marked one never."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="required_documents")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    name_fr = models.CharField(max_length=200)
    name_ar = models.CharField(max_length=200, blank=True)
    hint_fr = models.CharField(max_length=300, blank=True)
    hint_ar = models.CharField(max_length=300, blank=True)
    tracks = ArrayField(models.CharField(max_length=10, choices=Track.choices), default=all_tracks)
    formats = ArrayField(models.CharField(max_length=10, choices=FileFormat.choices), default=all_formats)
    maximum_bytes = models.PositiveIntegerField(default=25 * 1024 * 1024)
    is_mandatory = models.BooleanField(default=True)
    is_administrative = models.BooleanField(default=True)
    allows_several = models.BooleanField(default=False)

    class Meta:
        ordering = ["call", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["call", "code"], name="one_piece_per_code"),
            models.CheckConstraint(name="piece_has_a_size", condition=Q(maximum_bytes__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.code}"

    @property
    def name(self) -> str:
        return self.name_ar if get_language() == "ar" and self.name_ar else self.name_fr

    @property
    def hint(self) -> str:
        return self.hint_ar if get_language() == "ar" and self.hint_ar else self.hint_fr


class ClosingRecord(models.Model):
    """What the act of closing states; sealed by its digest, printed as a PDF by a worker."""

    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="closing_record")
    facts = models.JSONField()
    digest = models.CharField(max_length=64)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    pdf_key = models.CharField(max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveIntegerField(default=0)
    rendered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rendered_closing_record_has_its_file",
                condition=Q(rendered_at__isnull=True) | (~Q(pdf_key="") & ~Q(pdf_sha256="")),
            )
        ]


class EnvelopeOpening(models.Model):
    """The opening of the sealed dossiers: one officer proposes, another confirms."""

    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="envelope_opening")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="opening_takes_two_officers",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="confirmed_opening_has_its_instant",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
        ]


class ServiceSample(models.Model):
    """One look at the portal by the sweeper: did it answer, and how far is the host's clock from the database's."""

    at = models.DateTimeField(unique=True)
    answered = models.BooleanField()
    clock_offset_ms = models.IntegerField()

    class Meta:
        ordering = ["at"]


class DepositFailure(models.Model):
    """A deposit that the portal refused or could not take, kept for the closing record."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="deposit_failures")
    application_id = models.UUIDField()
    at = models.DateTimeField()
    codes = ArrayField(models.CharField(max_length=60))

    class Meta:
        ordering = ["at"]
