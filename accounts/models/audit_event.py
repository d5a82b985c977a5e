from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q


class AuditEvent(models.Model):
    """One act, written in the transaction of the act and never changed.

    `chain` is the code of the call, or "portal". The database computes `position`, `previous_digest` and `digest`
    on insert (migration 0002) and refuses UPDATE, DELETE and TRUNCATE, so that tampering shows.
    """

    chain = models.CharField(max_length=50)
    position = models.BigIntegerField(db_default=0)
    at = models.DateTimeField()
    # PROTECT: an act without its author proves nothing. The label survives a change of name.
    actor = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    actor_label = models.CharField(max_length=300)
    verb = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    call_code = models.CharField(max_length=50, blank=True)
    detail = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    request_id = models.CharField(max_length=64, blank=True)
    previous_digest = models.CharField(max_length=64, db_default="")
    digest = models.CharField(max_length=64, db_default="")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "position"], name="audit_event_position_unique_in_chain"
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="audit_event_position_from_one"),
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"), name="audit_event_has_a_digest"
            ),
            models.CheckConstraint(condition=~Q(verb=""), name="audit_event_has_a_verb"),
        ]
        indexes = [
            models.Index(fields=["call_code", "-id"], name="audit_event_call"),
            models.Index(fields=["subject_type", "subject_id"], name="audit_event_subject"),
            models.Index(fields=["at"], name="audit_event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} #{self.position} {self.verb}"
