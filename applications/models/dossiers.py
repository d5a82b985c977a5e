"""Applications: a cluster's answer to a call, its team, its sections and its files."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.enums import Role
from accounts.permissions import roles_of
from applications.enums import ApplicationStatus, CallStatus, FileFormat, SectionCode, TeamRole, Track
from applications.models.calls import Call, RequiredDocument
from applications.models.register import Cluster

READER_ROLES = frozenset({Role.CALL_MANAGER, Role.CASE_OFFICER, Role.DECISION_MAKER, Role.AUDITOR})
UNSEALED_CALL_STATUSES = (
    CallStatus.OPENED,
    CallStatus.EVALUATION,
    CallStatus.DELIBERATION,
    CallStatus.DECIDED,
    CallStatus.PUBLISHED,
    CallStatus.ARCHIVED,
)


class ApplicationQuerySet(models.QuerySet):
    def of_team(self, user) -> "ApplicationQuerySet":
        return self.filter(Exists(TeamMember.objects.filter(application=OuterRef("pk"), user=user)))

    def unsealed(self) -> "ApplicationQuerySet":
        """Deposited dossiers of calls whose envelopes two officers have opened."""
        return self.filter(call__status__in=UNSEALED_CALL_STATUSES, standing_submission__isnull=False)

    def visible_to(self, user, *, at: datetime) -> "ApplicationQuerySet":
        """A team sees its own; staff see deposited dossiers once the envelopes are open; nobody else sees any.

        Jurors reach dossiers through their assignments, in the evaluation app.
        """
        if not user.is_authenticated:
            return self.none()
        if roles_of(user, at=at) & READER_ROLES:
            return self.unsealed()
        return self.of_team(user)


class Application(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    status = models.CharField(
        max_length=24, choices=ApplicationStatus.choices, default=ApplicationStatus.DRAFT
    )
    track = models.CharField(max_length=10, choices=Track.choices, blank=True)
    cluster = models.ForeignKey(
        Cluster, null=True, blank=True, on_delete=models.PROTECT, related_name="applications"
    )
    name = models.CharField(max_length=200, blank=True)
    standing_submission = models.OneToOneField(
        "applications.Submission", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawal_reason = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["call", "status"], name="application_call_status")]
        constraints = [
            models.CheckConstraint(
                name="application_status_is_known",
                condition=Q(status__in=[status.value for status in ApplicationStatus]),
            ),
            models.CheckConstraint(
                name="only_a_draft_has_no_submission",
                condition=Q(status=ApplicationStatus.DRAFT, standing_submission__isnull=True)
                | (~Q(status=ApplicationStatus.DRAFT) & Q(standing_submission__isnull=False)),
            ),
            models.CheckConstraint(
                name="withdrawal_has_a_reason",
                condition=~Q(status=ApplicationStatus.WITHDRAWN)
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
            ),
            models.CheckConstraint(
                name="new_track_names_no_cluster",
                condition=~Q(track=Track.NEW) | Q(cluster__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)


class TeamMember(models.Model):
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="team_memberships"
    )
    role = models.CharField(max_length=10, choices=TeamRole.choices)
    may_deposit = models.BooleanField(default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="one_team_role_per_person"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(role=TeamRole.OWNER), name="one_owner_per_application"
            ),
            models.CheckConstraint(
                name="reader_never_deposits", condition=~Q(role=TeamRole.READER, may_deposit=True)
            ),
        ]


class Section(models.Model):
    """The working copy of one section. `version` lets the second of two writers see the conflict."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="sections")
    code = models.CharField(max_length=20, choices=SectionCode.choices)
    data = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "code"], name="one_section_per_code"),
        ]


class DocumentQuerySet(models.QuerySet):
    def current(self) -> "DocumentQuerySet":
        return self.filter(removed_at__isnull=True)


class Document(models.Model):
    """A file that answers a RequiredDocument. Replaced and removed files stay, marked with their instant."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    required_document = models.ForeignKey(
        RequiredDocument, on_delete=models.PROTECT, related_name="documents"
    )
    name = models.CharField(max_length=150)
    format = models.CharField(max_length=10, choices=FileFormat.choices)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(null=True, blank=True)
    storage_key = models.CharField(max_length=200, unique=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at", "id"]
        constraints = [
            models.CheckConstraint(name="document_is_not_empty", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="document_has_its_digest", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name
