"""A person's own machine: embedded servers unless URLs name others, mails as files, no TLS."""

from clusters_portal import embedded, logging_setup
from clusters_portal.settings import env

env.read_dotenv()

from clusters_portal.settings.base import *  # noqa: E402, F403
from clusters_portal.settings.base import VAR_DIR, cache  # noqa: E402

DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.text("SECRET_KEY", "for-trials-on-one-machine-only-" + "0" * 32)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *env.words("ALLOWED_HOSTS")]
MFA_REQUIRED_FOR_STAFF = env.flag("MFA_REQUIRED_FOR_STAFF", False)
DEMONSTRATION = env.flag("PORTAL_DEMONSTRATION", True)
PORTAL_BASE_URL = env.text("PORTAL_BASE_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}").rstrip("/")

_database_url, _redis_url = env.text("DATABASE_URL"), env.text("REDIS_URL")
EMBEDDED_SERVERS = tuple(
    name for name, url in ((embedded.POSTGRES, _database_url), (embedded.VALKEY, _redis_url)) if not url
)
DATABASES = {"default": env.database(_database_url) if _database_url else embedded.database_settings(VAR_DIR)}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
CACHES = cache(_redis_url or embedded.redis_url(VAR_DIR, database=1))
CELERY_BROKER_URL = _redis_url or embedded.broker_url(VAR_DIR)

if env.text("EMAIL_URL"):
    globals().update(env.mail(env.text("EMAIL_URL")))
else:
    EMAIL_BACKEND = "clusters_portal.mail_files.EmailFiles"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
    MAIL_PAGE = True  # /dev/mails/ shows them: signing up needs the code

LOGGING = logging_setup.configure(json=False, level=env.text("LOG_LEVEL", "INFO"))
