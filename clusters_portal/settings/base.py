"""Settings that hold everywhere. What differs is in dev.py, test.py and production.py."""

import zoneinfo

# First of all: the project's pinned tzdata, whatever the host has. Many hosts still put Morocco on UTC+1.
zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache()

from datetime import timedelta  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import bootstrap_wrapper  # noqa: E402
from django.core.exceptions import ImproperlyConfigured  # noqa: E402
from django.utils.translation import gettext_lazy as _  # noqa: E402

from clusters_portal.settings import env  # noqa: E402

BASE_DIR = env.BASE_DIR
VAR_DIR = Path(env.text("PORTAL_VAR_FOLDER", str(BASE_DIR / "var")))
FONTS_DIR = VAR_DIR / "fonts"

# Applications, in the order of the layers ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts",
    "applications",
    "evaluation",
    "clusters_portal.apps.PortalConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",  # allauth's page of open sessions loads it
    "clusters_portal.static_files.PortalStatic",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "bs_icon_templates",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
]

MIDDLEWARE = [
    "clusters_portal.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "clusters_portal.middleware.PrivateResponseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PortalLoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "clusters_portal.middleware.RefusedInputMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "clusters_portal.urls"
WSGI_APPLICATION = "clusters_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clusters_portal.context.site",
                "accounts.context_processors.portal",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# The portal ---------------------------------------------------------------------------------------------------------

PORTAL_BASE_URL = env.text("PORTAL_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
PORTAL_LOGO = env.text("PORTAL_LOGO")
PORTAL_CONTACT = env.text("PORTAL_CONTACT", "contact@demo.example")
DEMONSTRATION = env.flag("PORTAL_DEMONSTRATION", False)
# What the sweeper asks once a minute while a call is published: the address that visitors use.
PORTAL_PROBE_URL = env.text("PORTAL_PROBE_URL", f"{PORTAL_BASE_URL}/healthz")
# Letters: numbers run without a gap within a calendar year, over all calls.
LETTER_NUMBER_PATTERN = env.text("PORTAL_LETTER_NUMBER_PATTERN", "MIC/DPTC/{year}/{sequence:04}")
# Proposed by the portal: no published text of the Ministry states the delay.
LETTER_APPEAL_DAYS = env.number("PORTAL_LETTER_APPEAL_DAYS", 60)
MFA_REQUIRED_FOR_STAFF = True
EMBEDDED_SERVERS: tuple[str, ...] = ()
EMBEDDED_ROOT = VAR_DIR
EMBEDDED_DURABLE = True

OUTBOX_HANDLERS = {
    "mail": "accounts.mailing.deliver",
    "render_receipt": "applications.tasks.render_receipt",
    "render_closing_record": "applications.tasks.render_closing_record",
    "render_letter": "evaluation.tasks.render_letter",
    "render_minutes": "evaluation.tasks.render_minutes",
}

# What the layers above add: entries of the header, labels of the trail's verbs, who else must have a second factor.
NAVIGATION_PROVIDERS = [
    "applications.navigation.applicant_items",
    "applications.navigation.staff_items",
    "applications.navigation.call_items",
    "evaluation.navigation.jury_items",
    "evaluation.navigation.decision_items",
    "accounts.navigation.account_entries",
]
AUDIT_VERB_LABELS = ["accounts.verbs.LABELS", "applications.verbs.LABELS", "evaluation.verbs.LABELS"]
MFA_SUBJECT_PROVIDERS = ["evaluation.navigation.has_jury_seat"]
READINESS_CHECKS = ["accounts.readiness.check_sweeper", "accounts.readiness.check_outbox"]
# What the sweeper does besides, at each pass; called as `chore(at=at)`.
SWEEPER_CHORES = ["applications.actions.service.sample_service"]
MAIL_PAGE = False

# Languages and time -------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français")), ("ar", _("Arabe"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Africa/Casablanca"

# People -------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
# A constraint on lower(email) makes addresses unique; the check only knows `unique=True`.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name", "organisation")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = int(timedelta(minutes=15).total_seconds())

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"signup": "accounts.forms.signup.SignupForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(timedelta(minutes=10).total_seconds())
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",  # an office of fifty jurors behind one address logs in at nine
    "login_failed": "30/5m/ip,5/300s/key",
    "signup": "20/m/ip",
    "confirm_email": "1/10s/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Portail des clusters"
USERSESSIONS_TRACK_ACTIVITY = False

# Sessions, cookies, headers -----------------------------------------------------------------------------------------

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "clusters_portal.errors_views.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# Files --------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "static",
    ("vendor/bootstrap", str(bootstrap_wrapper.get_bootstrap_dir())),
]
if (FONTS_DIR / "web").is_dir():  # made by `manage.py build_fonts`
    STATICFILES_DIRS.append(("fonts", str(FONTS_DIR / "web")))
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [
    "jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "br", "woff", "woff2", "map",
]  # fmt: skip
MEDIA_ROOT = ""
MEDIA_URL = ""


def private_files() -> dict[str, Any]:
    """Where dossiers and letters are kept: a folder without any URL, or an S3-compatible bucket."""
    kind = env.text("PORTAL_STORAGE", "local")
    if kind not in {"local", "s3"}:
        raise ImproperlyConfigured(f"PORTAL_STORAGE must be local or s3, not {kind!r}. See .env.example.")
    if kind == "local":
        folder = env.text("PORTAL_STORAGE_FOLDER", str(VAR_DIR / "private"))
        return {
            "BACKEND": "clusters_portal.private_files.PrivateFolder",
            "OPTIONS": {"location": folder},
        }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.required("S3_BUCKET", "PORTAL_STORAGE=s3 needs the name of a private bucket."),
            "endpoint_url": env.text("S3_ENDPOINT_URL") or None,
            "region_name": env.text("S3_REGION") or None,
            "access_key": env.required("S3_ACCESS_KEY", "PORTAL_STORAGE=s3 needs an access key."),
            "secret_key": env.required("S3_SECRET_KEY", "PORTAL_STORAGE=s3 needs a secret key."),
            "addressing_style": "path",
            "signature_version": "s3v4",
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }


STORAGES: dict[str, dict[str, Any]] = {
    "default": private_files(),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Cache and tasks ----------------------------------------------------------------------------------------------------


def cache(redis_url: str) -> dict[str, dict[str, Any]]:
    return {
        "default": {
            "BACKEND": "clusters_portal.cache.FailSafeRedisCache",
            "LOCATION": redis_url,
            "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
            "KEY_PREFIX": "portal",
        }
    }


# PostgreSQL is the truth and the broker a hint: rows of the outbox say what is to be done, tasks carry their ids.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_FAILURE = True
CELERY_TASK_ACKS_ON_TIMEOUT = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "portal"
CELERY_VISIBILITY_TIMEOUT = 600
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    "health_check_interval": 30,
    "max_retries": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "park-abandoned-messages": {"task": "accounts.tasks.park_abandoned", "schedule": 60.0}
}

# Mail ---------------------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.text("PORTAL_MAIL_FROM", "portail@demo.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20
