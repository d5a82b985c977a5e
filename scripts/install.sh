#!/bin/sh
# Installs what the portal needs: system libraries by apt, Python packages with hashes into .venv.
# usage: scripts/install.sh requirements.txt|requirements-dev.txt
# Does nothing, in well under a second, when nothing is missing.
set -eu
cd "$(dirname "$0")/.."
requirements=$1

libraries="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 gettext fonts-noto-core"
venv_package="python3-venv"

say() { printf '%s\n' "setup: $*"; }
fail() { printf '%s\n' "setup: $*" >&2; exit 1; }

installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -q '^installed$'; }

apt_install() {
    if [ "$(id -u)" -eq 0 ]; then as_root=""
    elif command -v sudo >/dev/null 2>&1; then as_root="sudo"
    else fail "these Debian packages are missing and neither root nor sudo is at hand: $*"
    fi
    say "installing by apt: $*"
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq ||
        say "apt-get update failed; trying with the package lists at hand"
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null ||
        fail "apt-get could not install: $*"
}

mkdir -p var
exec 9>var/setup.lock
flock 9  # two installations at once would spoil each other

python=${PYTHON:-python3}
command -v "$python" >/dev/null 2>&1 || fail "$python is missing: apt-get install python3 python3-venv"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Python 3.11 or newer is needed"

if command -v dpkg-query >/dev/null 2>&1; then
    missing=""
    for package in $libraries; do installed "$package" || missing="$missing $package"; done
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then missing="$missing $venv_package"; fi
    if [ "$requirements" = requirements-dev.txt ] && ! command -v "${CHROMIUM:-chromium}" >/dev/null 2>&1; then
        missing="$missing chromium"
    fi
    # shellcheck disable=SC2086
    if [ -n "$missing" ]; then apt_install $missing; fi
else
    say "this is not Debian: Pango, HarfBuzz (subset), gettext and, for tests, Chromium must be installed already"
fi

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    say "creating .venv"
    "$python" -m venv --clear .venv
fi

stamp=.venv/$requirements.installed
digest=$({ .venv/bin/python --version; cat "$requirements"; } | sha256sum | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$digest" ]; then
    say "installing the Python packages of $requirements (once; some minutes on a slow line)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$requirements"
    printf '%s\n' "$digest" >"$stamp"
fi
