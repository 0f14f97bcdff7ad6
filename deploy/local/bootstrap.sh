#!/bin/sh
# Makes the environment (.venv, Java, Maven), unless it is up to date, then runs its python with the arguments given.
set -eu
cd "$(dirname "$0")/../.."

say() { echo "ekis: $*" >&2; }

# need COMMAND PACKAGES...: install Debian packages when a command is missing.
need() {
    if command -v "$1" >/dev/null 2>&1; then return; fi
    say "$1 is missing"
    shift
    install "$@"
}

install() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        say "install it and try again. On Debian: sudo apt-get install $*"
        exit 1
    fi
    say "installing $*"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

# The environment changes when the lock or a package's own metadata does.
fingerprint() { cat requirements.lock pyproject.toml "$0" ./*/pyproject.toml ./*/*/pyproject.toml | sha256sum; }

make_environment() {
    need python3 python3 python3-venv
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "Python 3.11 or newer is needed"; exit 1; }
    uv=$(command -v uv || echo .ekis/cache/uv/bin/uv)
    if ! [ -x "$uv" ]; then
        python3 -c 'import ensurepip' 2>/dev/null || install python3-venv
        python3 -m venv .ekis/cache/uv && .ekis/cache/uv/bin/pip install --quiet --disable-pip-version-check uv
    fi
    [ -x .venv/bin/python ] || "$uv" venv --quiet --no-python-downloads --python python3 .venv
    "$uv" pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
    set --
    for package in contracts chassis tables services/*-svc deploy/kafka deploy/local deploy/doctor; do
        if [ -f "$package/pyproject.toml" ]; then set -- "$@" -e "$package"; fi
    done
    "$uv" pip install --quiet --python .venv/bin/python --no-sources --no-deps "$@"
    fingerprint >.venv/fingerprint
}

if [ "$(fingerprint)" != "$(cat .venv/fingerprint 2>/dev/null)" ]; then
    say "making the Python environment"
    make_environment
fi
if [ -z "${EKIS_KAFKA:-}" ]; then
    need java openjdk-17-jdk-headless
    need mvn maven
fi
exec .venv/bin/python "$@"
