"""Submissions: sealed, immutable versions of an application, and their receipts."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.dossiers import Application, Document


class Submission(models.Model):
    """A trigger refuses every UPDATE and DELETE: what was deposited stays as it was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    version = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20, unique=True)
    token = models.UUIDField()
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signatory = models.CharField(max_length=200)
    capacity = models.CharField(max_length=200)
    snapshot = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["application", "version"]
        constraints = [
            models.UniqueConstraint(fields=["application", "version"], name="one_submission_per_version"),
            models.UniqueConstraint(fields=["application", "token"], name="one_submission_per_token"),
            models.CheckConstraint(
                name="submission_has_its_digest", condition=Q(digest__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return self.number


class SubmissionFile(models.Model):
    """One line of the sealed manifest."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="files")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="sealed_in")
    position = models.PositiveSmallIntegerField()
    piece_code = models.CharField(max_length=40)
    name = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["submission", "position"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "document"], name="one_line_per_sealed_file"),
        ]


class Receipt(models.Model):
    """The récépissé of one submission: row at once, PDF when a worker has made it."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="receipt")
    pdf_key = models.CharField(max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveIntegerField(default=0)
    rendered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rendered_receipt_has_its_file",
                condition=Q(rendered_at__isnull=True) | (~Q(pdf_key="") & ~Q(pdf_sha256="")),
            )
        ]
