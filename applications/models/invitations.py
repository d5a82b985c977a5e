"""Invitations into an applicant's team: one use, expiring; the database keeps only the digest of the token."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.enums import TeamRole
from applications.models.dossiers import Application


class TeamInvitation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=TeamRole.choices)
    may_deposit = models.BooleanField(default=False)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["invited_at", "id"]
        constraints = [
            models.CheckConstraint(name="invitation_never_makes_an_owner", condition=~Q(role=TeamRole.OWNER)),
            models.CheckConstraint(
                name="invited_reader_never_deposits", condition=~Q(role=TeamRole.READER, may_deposit=True)
            ),
            models.CheckConstraint(
                name="invitation_expires_after_it_was_sent", condition=Q(expires_at__gt=F("invited_at"))
            ),
            models.CheckConstraint(
                name="accepted_invitation_has_its_person",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="revoked_invitation_was_not_accepted",
                condition=Q(revoked_at__isnull=True) | Q(accepted_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
