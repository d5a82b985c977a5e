import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from clusters_portal.settings import env

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = {
    "SECRET_KEY": "sample-for-the-check-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "portail.example",
    "PORTAL_BASE_URL": "https://portail.example",
    "PORTAL_CONTACT": "contact@portail.example",
    "PORTAL_MAIL_FROM": "portail@portail.example",
    "DATABASE_URL": "postgres://portal:sample@db.example:5432/portal",
    "REDIS_URL": "redis://valkey.example:6379/0",
    "CACHE_URL": "redis://valkey.example:6379/1",
    "EMAIL_URL": "smtp+tls://portal:sample@mail.example:587",
}


def bare_environment() -> dict[str, str]:
    """Nothing that an earlier test of this process has set, such as what Playwright's loop asks of Django."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def load_production(show: str = "'loaded'", **variables: str) -> subprocess.CompletedProcess[str]:
    """Import the production settings in a process of their own with nothing but `variables` set."""
    program = f"import clusters_portal.settings.production as s; print({show})"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=bare_environment() | variables,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_production_starts_with_every_variable_set():
    assert load_production(
        "s.EMBEDDED_SERVERS, s.DEBUG, s.MFA_REQUIRED_FOR_STAFF", **SAMPLE
    ).stdout.strip() == ("() False True")


@pytest.mark.parametrize("missing", sorted(SAMPLE))
def test_production_names_the_variable_it_misses(missing):
    done = load_production(**{name: value for name, value in SAMPLE.items() if name != missing})
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(f"django.core.exceptions.ImproperlyConfigured: {missing} ")
    assert last.endswith("See .env.example.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("ALLOWED_HOSTS", "*"),
        ("PORTAL_BASE_URL", "http://portail.example"),
        ("DATABASE_URL", "mysql://portal@db.example/portal"),
        ("DATABASE_URL", "not a url"),
        ("CACHE_URL", SAMPLE["REDIS_URL"]),
        ("EMAIL_URL", "carrier-pigeon://mail.example"),
        ("SECURE_SSL_REDIRECT", "perhaps"),
        ("SECURE_HSTS_SECONDS", "a year"),
    ],
)
def test_production_refuses_a_value_that_would_be_wrong_in_silence(name, value):
    done = load_production(**{**SAMPLE, name: value})
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert name in last


def test_an_s3_storage_wants_its_bucket_and_keys():
    done = load_production(**SAMPLE, PORTAL_STORAGE="s3")
    assert "S3_BUCKET is not set" in done.stderr
    keys = {"S3_BUCKET": "b", "S3_ACCESS_KEY": "a", "S3_SECRET_KEY": "s"}
    done = load_production("s.STORAGES['default']['BACKEND']", **SAMPLE, **keys, PORTAL_STORAGE="s3")
    assert done.stdout.strip() == "storages.backends.s3.S3Storage"


def test_a_misspelt_storage_is_refused():
    assert "PORTAL_STORAGE must be local or s3" in load_production(**SAMPLE, PORTAL_STORAGE="S4").stderr


def test_djangos_deployment_checks_are_clean_under_production_settings():
    done = subprocess.run(
        [ROOT / "scripts" / "deploy-check.sh"],
        env=bare_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


def test_every_variable_read_is_explained_and_every_one_explained_is_read():
    sources = [*(ROOT / "clusters_portal" / "settings").glob("*.py")]
    pattern = re.compile(r"\b(?:text|flag|number|words|required)\(\s*\"([A-Z0-9_]+)\"")
    read = {name for source in sources for name in pattern.findall(source.read_text())}
    read |= set(re.findall(r"environ\.get\(.([A-Z_]+)", (ROOT / "gunicorn.conf.py").read_text()))
    internal = {name for name in read if name.startswith(("PORTAL_TEST_", "PYTEST_"))}
    explained = set(re.findall(r"^#?\s?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert explained - {"DJANGO_SETTINGS_MODULE"} == read - internal


def test_only_env_reads_the_environment():
    apps = ["accounts", "applications", "evaluation", "clusters_portal"]
    offenders = {
        str(path.relative_to(ROOT))
        for app in apps
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"os\.(environ|getenv)", path.read_text())
    }
    # Entry points hand the environment to Django or to child processes; they read no setting from it.
    assert offenders <= {
        f"clusters_portal/{name}.py"
        for name in ("settings/env", "celery", "wsgi", "embedded", "supervisor", "prepare", "healthcheck")
    }


def test_private_files_have_no_address():
    from django.core.files.storage import default_storage

    assert settings.MEDIA_URL in ("", "/")
    with pytest.raises(ValueError, match="not accessible via a URL"):
        default_storage.url("dossier.pdf")


def test_the_content_policy_allows_nothing_inline_and_nobody_else():
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert policy == {
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


def test_every_kind_of_the_outbox_has_its_handler():
    from accounts.enums import OutboxKind

    assert set(settings.OUTBOX_HANDLERS) == set(OutboxKind.values)


@pytest.mark.parametrize(("value", "answer"), [("", True), ("yes", True), ("0", False), ("Off", False)])
def test_a_flag(monkeypatch, value, answer):
    monkeypatch.setenv("A_FLAG", value)
    assert env.flag("A_FLAG", True) is answer


def test_an_unreadable_flag_or_number_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("A_VALUE", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="A_VALUE must be true or false"):
        env.flag("A_VALUE", True)
    with pytest.raises(ImproperlyConfigured, match="A_VALUE must be a whole number"):
        env.number("A_VALUE", 1)
