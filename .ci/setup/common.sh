# shellcheck shell=bash
# Shared by the set-up scripts: where tools are kept, how progress is shown, how packages are installed.
# Sourced, never run. Every step is idempotent and says nothing when there is nothing to do.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Variables of these scripts begin with CI_: the server refuses PROCARE_ names that it does not know.
# One folder per user, shared by every checkout, so that a fresh clone does not build the tools again.
TOOLS=${CI_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/procare}
mkdir -p "$TOOLS/bin"
# Where cargo builds (CARGO_TARGET_DIR moves it), and what the release build leaves there.
TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}
case $TARGET_DIR in /*) ;; *) TARGET_DIR=$ROOT/$TARGET_DIR ;; esac
SITE=$TARGET_DIR/site
# shellcheck disable=SC2034 # used by those who source this
SERVER=$TARGET_DIR/release/server
export PATH="$TOOLS/bin:$TOOLS/npm/node_modules/.bin:$PATH"

STARTED=$(date +%s)
say() { printf '\033[1m[set-up %3ds]\033[0m %s\n' "$(($(date +%s) - STARTED))" "$*" >&2; }
die() { printf '\033[1;31m[set-up]\033[0m %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# run_shown WHAT COMMAND...: runs a long command, keeps its output in a log, and shows its last line every few seconds.
run_shown() {
    local what=$1 log pid shown=0
    shift
    log=$(mktemp "${TMPDIR:-/tmp}/procare-setup.XXXXXX")
    say "$what"
    "$@" >"$log" 2>&1 &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 1
        shown=$((shown + 1))
        if [ $((shown % 15)) -eq 0 ]; then say "  $what: $(tail -n 1 "$log" | cut -c1-100)"; fi
    done
    if ! wait "$pid"; then
        tail -n 80 "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

# run_long WHAT COMMAND...: as it is on a terminal, where its own progress can be watched; else as run_shown.
run_long() {
    if [ -t 2 ] && [ -z "${CI:-}" ]; then
        say "$1"
        shift
        "$@"
    else
        run_shown "$@"
    fi
}

# need_package COMMAND PACKAGE [WHY]: the command, from Debian's package if it is missing and we may install it.
need_package() {
    have "$1" && return 0
    if have apt-get && [ "$(id -u)" = 0 ]; then
        apt_install "$2" || die "could not install the Debian package '$2' (${3:-needed for $1})"
        have "$1" && return 0
    fi
    die "'$1' is missing: install the package '$2' (${3:-on Debian: sudo apt-get install $2}) and run this again"
}

apt_install() {
    if [ -z "${APT_UPDATED:-}" ]; then
        run_shown "reading Debian's package lists" apt-get -qq update || true
        export APT_UPDATED=1
    fi
    # Servers come for their programs only: none of them is started as a service of this machine.
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 SYSTEMD_OFFLINE=1 run_shown "installing $* (Debian)" \
        apt-get -qq -y --no-install-recommends install "$@"
}

# cargo_tool CRATE VERSION BINARY [FLAGS...]: a build tool from crates.io, built with a cheap profile:
# it runs for seconds, so minutes spent on optimising it would never be earned back.
cargo_tool() {
    local crate=$1 version=$2 binary=$3
    shift 3
    local stamp="$TOOLS/.$crate-$version"
    [ -e "$stamp" ] && [ -x "$TOOLS/bin/$binary" ] && return 0
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_DEBUG=0 \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=32 CARGO_PROFILE_RELEASE_STRIP=true \
        CARGO_TARGET_DIR="$TOOLS/build" RUSTFLAGS='' \
        run_shown "building $crate $version (once, some minutes)" \
        cargo install "$crate" --version "$version" --root "$TOOLS" --force "$@" ||
        die "could not build $crate $version"
    touch "$stamp"
}

# npm_tool FOLDER: the packages of FOLDER/package-lock.json into FOLDER/node_modules, again only when the lock changed.
npm_tool() {
    local folder=$1 stamp="$1/node_modules/.procare-lock"
    cmp -s "$folder/package-lock.json" "$stamp" && return 0
    need_package npm npm "on Debian: sudo apt-get install nodejs npm"
    (cd "$folder" && run_shown "installing npm packages of ${folder#"$ROOT"/}" npm ci --no-audit --no-fund) || die "npm ci failed in $folder"
    cp "$folder/package-lock.json" "$stamp"
}
