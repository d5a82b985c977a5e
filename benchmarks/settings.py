"""Settings of the benchmark: servers of its own under var/bench, one database for each size, as in production else."""

from clusters_portal import embedded, logging_setup
from clusters_portal.settings import env
from clusters_portal.settings.base import *  # noqa: F403
from clusters_portal.settings.base import STORAGES, VAR_DIR, cache

DEBUG = False
SECRET_KEY = "for-the-benchmark-only-" + "0" * 40
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
MFA_REQUIRED_FOR_STAFF = False
DEMONSTRATION = True

EMBEDDED_ROOT = VAR_DIR
EMBEDDED_DURABLE = False
EMBEDDED_SERVERS = (embedded.POSTGRES, embedded.VALKEY)
DATABASES = {
    "default": embedded.database_settings(EMBEDDED_ROOT)
    | {"NAME": env.text("PORTAL_BENCH_DATABASE", embedded.DATABASE), "CONN_MAX_AGE": 60}
}
CACHES = cache(embedded.redis_url(EMBEDDED_ROOT, database=1))
CELERY_BROKER_URL = embedded.broker_url(EMBEDDED_ROOT)
# Pages are measured, not their style sheets: no manifest has to be built.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING = logging_setup.configure(json=True, level="ERROR")
