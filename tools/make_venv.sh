#!/bin/sh
# Make .venv with a Python of 3.11 or newer and install the given pinned requirements into it. Nothing else is touched.
set -eu
requirements=$1

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for name in python3.11 python3.12 python3.13 python3.14 python3; do
        path=$(command -v "$name") || continue
        if "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            echo "$path"
            return
        fi
    done
    say "Schoolgate needs Python 3.11 or newer. Install it (Debian, Ubuntu: apt-get install python3) and run make again."
    exit 1
}

if ! [ -x .venv/bin/pip ]; then
    python=$(find_python)
    rm -rf .venv
    if ! "$python" -m venv .venv >/dev/null 2>&1; then
        rm -rf .venv
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            say "Installing python$version-venv, which Debian keeps apart from Python …"
            apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "python$version-venv" >/dev/null
            "$python" -m venv .venv
        else
            say "Python's venv module is missing. Install it (sudo apt-get install python$version-venv) and run make again."
            exit 1
        fi
    fi
fi

say "Installing what $requirements pins (about a minute the first time) …"
.venv/bin/pip install --quiet --disable-pip-version-check --requirement "$requirements"
