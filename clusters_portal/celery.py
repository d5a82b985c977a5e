"""The Celery application. Workers and beat refuse to start on stale zone data, as the web server does."""

import os

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusters_portal.settings.dev")

app = Celery("clusters_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Connected so that Celery leaves the logging of settings.LOGGING alone."""


@worker_init.connect
@beat_init.connect
def refuse_a_bad_start(**_: object) -> None:
    from clusters_portal import startup

    startup.prepare(check_zone=True)
