#!/usr/bin/env bash
# A Python with what the tests ask others' programs about (FHIR), in a folder of its own; prints its path.
. "$(dirname "$0")/common.sh"
WANTED=$ROOT/.ci/setup/python-requirements.txt
FOLDER=$TOOLS/python
if ! cmp -s "$WANTED" "$FOLDER/.procare-requirements"; then
    need_package python3 python3
    if ! python3 -m venv --clear "$FOLDER" >/dev/null 2>&1; then
        # Debian keeps the module apart.
        have apt-get && [ "$(id -u)" = 0 ] || die "python3 cannot make a venv: install the package 'python3-venv'"
        apt_install python3-venv
        python3 -m venv --clear "$FOLDER" >&2
    fi
    run_shown "installing Python packages" "$FOLDER/bin/pip" install --quiet --disable-pip-version-check -r "$WANTED"
    cp "$WANTED" "$FOLDER/.procare-requirements"
fi
printf '%s\n' "$FOLDER/bin/python"
