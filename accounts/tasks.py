from celery import shared_task

from accounts import outbox


@shared_task(name=outbox.TASK_NAME)
def run_message(message_id: int) -> bool:
    """Do one outbox message, if nobody else has it."""
    return outbox.run(message_id)


@shared_task(name="accounts.tasks.park_abandoned")
def park_abandoned() -> int:
    """Beat's second pair of eyes, should the sweeper be down."""
    from clusters_portal import clock

    return outbox.park_abandoned(clock.now())
