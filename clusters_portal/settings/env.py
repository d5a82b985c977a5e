"""The only reader of the environment. Every variable is explained in `.env.example`."""

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]

_env = environ.Env()
_env.smart_cast = False


def read_dotenv() -> None:
    """Variables of the process win over those of the file."""
    environ.Env.read_env(BASE_DIR / ".env") if (BASE_DIR / ".env").exists() else None


def text(name: str, default: str = "") -> str:
    """An empty variable counts as absent, as docker-compose passes unset ones on."""
    return os.environ.get(name, "").strip() or default


def required(name: str, why: str) -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {why} See .env.example.")
    return value


def flag(name: str, default: bool) -> bool:
    value = text(name).lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return default if not value else value in {"1", "true", "yes", "on"}
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}. See .env.example.")


def number(name: str, default: int) -> int:
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} must be a whole number, not {value!r}. See .env.example."
        ) from None


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def database(url: str) -> dict[str, Any]:
    try:
        settings: dict[str, Any] = dict(environ.Env.db_url_config(url))
    except Exception:  # the library raises whatever its parsing meets
        settings = {}
    if settings.get("ENGINE") != "django.db.backends.postgresql" or not settings.get("NAME"):
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgres://user:password@host:5432/name. See .env.example."
        )
    return settings


def mail(url: str) -> dict[str, Any]:
    try:
        return dict(environ.Env.email_url_config(url))
    except Exception:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtp+tls://user:password@host:587. See .env.example."
        ) from None
