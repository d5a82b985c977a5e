#!/bin/sh
# Compiles requirements*.in with uv in an environment of its own; pins that still fit are kept
# (make lock UPGRADE=1 moves them all). For Python 3.11.0, not for the Python that happens to run this: Debian 12 has
# 3.11.2, for which redis needs a package (async-timeout) that later patch releases do without.
set -eu
cd "$(dirname "$0")/.."
tools=var/lock-tools
[ -x "$tools/bin/uv" ] || {
    .venv/bin/python -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check uv
}
compile() {
    name=$1
    shift
    partial=var/$name.txt
    cp "$name.txt" "$partial" 2>/dev/null || true
    "$tools/bin/uv" pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
        ${UPGRADE:+--upgrade} "$@" --output-file "$partial" "$name.in"
    { printf '# Compiled from %s.in by `make lock`; do not edit.\n' "$name"; cat "$partial"; } >"$name.txt.new"
    mv "$name.txt.new" "$name.txt"
}
compile requirements
compile requirements-dev --constraint requirements.txt
