"""The portal's worker under the moved clock; it says when it listens."""

import os
from pathlib import Path

from celery.signals import worker_ready

from clusters_portal.celery import app
from tests.journeys.shifted_clock import shift_the_clock

__all__ = ["app"]

shift_the_clock()


@worker_ready.connect
def say_so(**_: object) -> None:
    (Path(os.environ["WORKER_FOLDER"]) / "worker-ready").touch()
