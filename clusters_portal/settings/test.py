"""Tests: servers of their own under var/test, so that a running portal is left alone; nothing read from `.env`."""

from clusters_portal import embedded, logging_setup
from clusters_portal.settings import env
from clusters_portal.settings.base import *  # noqa: F403
from clusters_portal.settings.base import ACCOUNT_RATE_LIMITS, STORAGES, VAR_DIR, cache

DEBUG = False
SECRET_KEY = "for-tests-only-" + "0" * 48
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
MFA_REQUIRED_FOR_STAFF = False
DEMONSTRATION = True
PORTAL_BASE_URL = "http://testserver"

EMBEDDED_ROOT = VAR_DIR / "test"
EMBEDDED_DURABLE = False
_database_url, _redis_url = env.text("DATABASE_URL"), env.text("REDIS_URL")
EMBEDDED_SERVERS = tuple(
    name for name, url in ((embedded.POSTGRES, _database_url), (embedded.VALKEY, _redis_url)) if not url
)
DATABASES = {
    "default": env.database(_database_url) if _database_url else embedded.database_settings(EMBEDDED_ROOT)
}

# Each worker of pytest-xdist has its own broker database; a process that a test starts is told its test's databases.
_worker = env.text("PYTEST_XDIST_WORKER").removeprefix("gw")
_slot = env.number("PORTAL_TEST_SLOT", 2 * (int(_worker) + 1) if _worker else 0)
_database_name = env.text("PORTAL_TEST_DATABASE")
PORTAL_TEST_SLOT = _slot
TEST_REDIS_URL = _redis_url or embedded.redis_url(EMBEDDED_ROOT, database=_slot + 1)
CELERY_BROKER_URL = _redis_url or embedded.broker_url(EMBEDDED_ROOT, database=_slot)
if _database_name:
    DATABASES["default"]["NAME"] = _database_name
    CACHES = cache(TEST_REDIS_URL)
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Argon2 is made to be slow.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Manifest names answer 404 under the live server, which serves from the finders.
STORAGES = STORAGES | {
    "default": {
        "BACKEND": "clusters_portal.private_files.PrivateFolder",
        "OPTIONS": {
            "location": env.text(
                "PORTAL_STORAGE_FOLDER", str(EMBEDDED_ROOT / "private" / (_worker or "main"))
            ),
        },
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ACCOUNT_RATE_LIMITS = dict(ACCOUNT_RATE_LIMITS)

if env.text("PORTAL_TEST_MAIL"):
    EMAIL_BACKEND = "clusters_portal.mail_files.EmailFiles"
    EMAIL_FILE_PATH = env.text("PORTAL_TEST_MAIL")
else:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    EMAIL_FILE_PATH = EMBEDDED_ROOT / "mail" / (_worker or "main")

LOGGING = logging_setup.configure(json=True, level=env.text("LOG_LEVEL", "WARNING"))
