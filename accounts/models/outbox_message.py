from datetime import datetime, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from accounts.enums import OutboxKind, OutboxState

MAX_ATTEMPTS = 5

# What may be done again when its worker died half-way. A mail may have left, so a person decides.
REPEATABLE_KINDS = [kind for kind in OutboxKind if kind is not OutboxKind.MAIL]
FINAL_STATES = [OutboxState.DONE, OutboxState.FAILED, OutboxState.UNKNOWN]


class OutboxMessageQuerySet(models.QuerySet["OutboxMessage"]):
    def claimable(self, at: datetime) -> "OutboxMessageQuerySet":
        """Waiting and due, or abandoned by a worker that died and safe to do again."""
        waiting = Q(state=OutboxState.QUEUED, not_before__lte=at)
        abandoned = Q(state=OutboxState.RUNNING, lease_until__lt=at, kind__in=REPEATABLE_KINDS)
        return self.filter(waiting | abandoned, attempts__lt=MAX_ATTEMPTS)

    def overdue(self, at: datetime, *, grace: timedelta) -> "OutboxMessageQuerySet":
        """Claimable, and the broker has had its chance: due for longer than `grace`, or abandoned."""
        return self.claimable(at).filter(Q(state=OutboxState.RUNNING) | Q(not_before__lte=at - grace))


class OutboxMessage(models.Model):
    """Work owed after a commit. The row is the truth; the broker only hints that there is one."""

    kind = models.CharField(max_length=30, choices=OutboxKind.choices)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=10, choices=OutboxState.choices, default=OutboxState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField()
    enqueued_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    objects = OutboxMessageQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="outbox_message_once_per_kind_and_key"),
            models.CheckConstraint(
                condition=Q(kind__in=OutboxKind.values), name="outbox_message_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OutboxState.values), name="outbox_message_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=OutboxState.RUNNING, lease_until__isnull=False)
                | (~Q(state=OutboxState.RUNNING) & Q(lease_until__isnull=True)),
                name="outbox_message_lease_only_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FINAL_STATES, finished_at__isnull=False)
                | (~Q(state__in=FINAL_STATES) & Q(finished_at__isnull=True)),
                name="outbox_message_finished_when_final",
            ),
            models.CheckConstraint(
                condition=Q(attempts__lte=MAX_ATTEMPTS), name="outbox_message_attempts_are_limited"
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=[OutboxState.QUEUED, OutboxState.RUNNING]),
                name="outbox_message_unfinished",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
