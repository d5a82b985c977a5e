"""What /readyz asks of this layer, through settings.READINESS_CHECKS."""

from datetime import timedelta

from django.utils import timezone

from accounts.enums import OutboxState
from accounts.models import Heartbeat, OutboxMessage
from accounts.outbox import SWEEPER
from clusters_portal import clock

HEARTBEAT_LIMIT = timedelta(minutes=2)
AGE_LIMIT = timedelta(minutes=10)


class Late(Exception):
    pass


def check_sweeper() -> None:
    """The sweeper said within two minutes that it lives."""
    beat = Heartbeat.objects.filter(name=SWEEPER).first()
    if beat is None:
        raise Late("the sweeper never ran: start `manage.py sweep`")
    if clock.now() - beat.beat_at > HEARTBEAT_LIMIT:
        raise Late(f"the sweeper is silent since {timezone.localtime(beat.beat_at):%Y-%m-%d %H:%M:%S}")


def check_outbox() -> None:
    """Nothing that is due has waited for more than ten minutes."""
    late = OutboxMessage.objects.filter(
        state__in=[OutboxState.QUEUED, OutboxState.RUNNING], not_before__lt=clock.now() - AGE_LIMIT
    )
    if count := late.count():
        raise Late(f"{count} message(s) due for more than ten minutes")
