#!/bin/sh
# Brings what code and templates say into the Arabic catalogue. What is new comes without a translation or marked
# fuzzy; tests/walkers/test_words.py names each until it is written.
set -eu
cd "$(dirname "$0")/.."
exec .venv/bin/django-admin makemessages --pythonpath . --settings clusters_portal.settings.dev --locale ar \
    --add-location file --no-obsolete \
    --ignore '.venv' --ignore 'var' --ignore 'tests' --ignore 'benchmarks' --ignore 'docs'
