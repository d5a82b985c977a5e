#!/bin/sh
# Compiles requirements*.in with pip-tools in an environment of its own; pins that still fit are kept
# (make lock UPGRADE=1 moves them all).
set -eu
cd "$(dirname "$0")/.."
tools=var/lock-tools
[ -x "$tools/bin/pip-compile" ] || {
    .venv/bin/python -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check pip-tools
}
for name in requirements requirements-dev; do
    partial=var/$name.txt
    cp "$name.txt" "$partial" 2>/dev/null || true
    "$tools/bin/pip-compile" --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url \
        --no-emit-trusted-host --no-emit-find-links ${UPGRADE:+--upgrade} --output-file "$partial" "$name.in"
    { printf '# Compiled from %s.in by `make lock`; do not edit.\n' "$name"; grep -v '^#' "$partial"; } >"$name.txt.new"
    mv "$name.txt.new" "$name.txt"
done
