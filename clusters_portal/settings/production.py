"""The Ministry's servers. No default here could be wrong in silence: what is missing stops the start."""

from django.core.exceptions import ImproperlyConfigured

from clusters_portal import logging_setup
from clusters_portal.settings import env
from clusters_portal.settings.base import *  # noqa: F403
from clusters_portal.settings.base import cache

DEBUG = False
DEMONSTRATION = env.flag("PORTAL_DEMONSTRATION", False)
MFA_REQUIRED_FOR_STAFF = True

SECRET_KEY = env.required(
    "SECRET_KEY", "it signs sessions and verification codes; give at least 50 random characters."
)
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured(
        "SECRET_KEY is too weak: give at least 50 random characters. See .env.example."
    )
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS must list the portal's host names, without a star. See .env.example."
    )
PORTAL_BASE_URL = env.required("PORTAL_BASE_URL", "letters and mails print this address.").rstrip("/")
if not PORTAL_BASE_URL.startswith("https://"):
    raise ImproperlyConfigured("PORTAL_BASE_URL must begin with https://. See .env.example.")
PORTAL_CONTACT = env.required("PORTAL_CONTACT", "pages and mails name this mailbox.")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.required("PORTAL_MAIL_FROM", "mails need a sender.")
CSRF_TRUSTED_ORIGINS = [PORTAL_BASE_URL]

# The embedded servers are for trials: they have no password, no replica and no backup.
DATABASES = {
    "default": env.database(env.required("DATABASE_URL", "production never uses the embedded PostgreSQL."))
}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
CELERY_BROKER_URL = env.required("REDIS_URL", "production never uses the embedded Valkey.")
CACHES = cache(
    env.required(
        "CACHE_URL", "the cache must not share the broker's database (for instance redis://host:6379/1)."
    )
)
if CACHES["default"]["LOCATION"] == CELERY_BROKER_URL:
    raise ImproperlyConfigured("CACHE_URL and REDIS_URL must name different databases. See .env.example.")
globals().update(env.mail(env.required("EMAIL_URL", "mails need a server.")))

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = env.flag("SECURE_HSTS_PRELOAD", True)
if env.flag("BEHIND_TLS_PROXY", False):  # only where the proxy overwrites the header
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"

LOGGING = logging_setup.configure(json=True, level=env.text("LOG_LEVEL", "INFO"))
