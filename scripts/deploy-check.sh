#!/bin/sh
# Django's deployment checks under production settings, with sample values in place of secrets.
set -eu
cd "$(dirname "$0")/.."
exec env -u PORTAL_STORAGE \
    DJANGO_SETTINGS_MODULE=clusters_portal.settings.production \
    SECRET_KEY=sample-for-the-check-only-0123456789-abcdefghijklmnopqrstuvwxyz \
    ALLOWED_HOSTS=portail.example \
    PORTAL_BASE_URL=https://portail.example \
    PORTAL_CONTACT=contact@portail.example \
    PORTAL_MAIL_FROM=portail@portail.example \
    DATABASE_URL=postgres://portal:sample@db.example:5432/portal \
    REDIS_URL=redis://valkey.example:6379/0 \
    CACHE_URL=redis://valkey.example:6379/1 \
    EMAIL_URL=smtp+tls://portal:sample@mail.example:587 \
    .venv/bin/python manage.py check --deploy --fail-level WARNING
