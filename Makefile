# `make run` on a fresh Debian 12 with python3, python3-venv, make, git and ca-certificates is all it takes.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
PY := .venv/bin/python
CODE := manage.py gunicorn.conf.py clusters_portal accounts applications evaluation tests benchmarks
export PYTHON PORT

.PHONY: help messages run setup setup-dev assets test lint format types deploy-check bench model shell stop lock

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

run: setup ## install what is missing, start everything, print the address (PORT=8000)
	@exec $(PY) -m clusters_portal.supervisor

setup: ## only install: system libraries, .venv, Python packages
	@scripts/install.sh requirements.txt

setup-dev:
	@scripts/install.sh requirements-dev.txt

test: lint types deploy-check assets ## everything: format, lint, templates, types, migrations, settings, tests, coverage
	@mkdir -p var/coverage && rm -f var/coverage/data*
	@COVERAGE_PROCESS_START=$(CURDIR)/pyproject.toml $(PY) -m pytest -n 2 -q -p tests.coverage_plugin $(ARGS)

lint: setup-dev ## format, lint and template checks
	@$(PY) -m ruff format --check --quiet $(CODE) || { echo "lint: run 'make format'" >&2; exit 1; }
	@$(PY) -m ruff check --quiet $(CODE)
	@find templates -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --target-version 5.2 --check

format: setup-dev ## rewrite the code in the project's format
	@$(PY) -m ruff format $(CODE)
	@$(PY) -m ruff check --fix $(CODE)
	@find templates -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --target-version 5.2

messages: setup-dev ## bring new words into the Arabic catalogue
	@scripts/messages.sh

assets: setup-dev
	@$(PY) -m clusters_portal.prepare assets

types: setup-dev
	@$(PY) -m mypy --no-error-summary $(wildcard */domain) $(wildcard */actions)

deploy-check: setup-dev ## migrations are complete; production settings pass Django's own checks
	@DJANGO_SETTINGS_MODULE=clusters_portal.settings.test $(PY) manage.py makemigrations --check --dry-run
	@scripts/deploy-check.sh

bench: setup-dev ## pages at 100 and 1,000 dossiers: queries, p50, p95, throughput
	@$(PY) -m benchmarks

model: setup ## print docs/model.md from the models
	@$(PY) manage.py document_model

shell: setup ## Django's shell on the running or embedded database
	@$(PY) manage.py shell

stop: setup ## stop embedded servers that a killed process left behind
	@$(PY) -m clusters_portal.embedded stop var && $(PY) -m clusters_portal.embedded stop var/test

lock: setup-dev ## compile requirements*.in into pinned, hashed requirements*.txt
	@scripts/lock.sh
