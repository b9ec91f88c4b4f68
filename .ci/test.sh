#!/usr/bin/env bash
# `make test`: every test, on a machine that has nothing but Rust. Installs what is missing where it may, starts its own
# PostgreSQL, Redis and RabbitMQ on free ports, and stops them however it ends. Closes with 'N passed, N failed'.
. "$(dirname "$0")/setup/common.sh"
. "$ROOT/.ci/setup/services.sh"
cd "$ROOT"

LOGS=$(mktemp -d "${TMPDIR:-/tmp}/procare-test.XXXXXX")
trap 'stop_services; rm -rf "$LOGS"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
PASSED=0
FAILED=0
TIMES=()

# phase NAME COMMAND...: runs it, remembers how long it took; a failing one is reported and the others still run.
phase() {
    local name=$1 began=$SECONDS status=0
    shift
    printf '\n== %s\n' "$name" >&2
    "$@" || status=$?
    TIMES+=("$(printf '%5d s  %s%s' $((SECONDS - began)) "$name" "$([ "$status" = 0 ] || echo '  FAILED')")")
    return "$status"
}

# count FILE STATUS: adds up 'PASSED FAILED' of a runner. One that failed without naming a test (it did not compile) counts
# as one failure.
count() {
    local passed=0 failed=0
    if [ -s "$1" ]; then read -r passed failed <"$1"; fi
    if [ "$2" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
    PASSED=$((PASSED + passed))
    FAILED=$((FAILED + failed))
}

set_up() {
    "$ROOT/.ci/setup/wasm-target.sh" && "$ROOT/.ci/setup/build-tools.sh" && "$ROOT/.ci/setup/browser.sh" >/dev/null
}

start_servers() {
    # RabbitMQ starts slowly, hence first.
    start_rabbitmq
    start_postgres
    start_redis
    await_redis
    await_postgres
    await_rabbitmq
}

rust_tests() {
    # A missing server fails a test under this setting; without it (plain `cargo test`) such tests say that they are left out.
    export TEST_OBSERVATORY=$ROOT/end2end/observatory/scan.mjs
    TEST_FHIR_PYTHON=$("$ROOT/.ci/setup/python.sh") || return
    export TEST_FHIR_PYTHON
    PROCARE_FULL_TESTS=1 cargo test --locked --workspace --exclude frontend --no-fail-fast 2>&1 | tee "$LOGS/rust"
    return "${PIPESTATUS[0]}"
}

phase "set-up" set_up
phase "test servers" start_servers

status=0
phase "unit, storage and API tests" rust_tests || status=$?
awk '/^test result:/ {p += $4; f += $6} END {print p + 0, f + 0}' "$LOGS/rust" >"$LOGS/rust-counts"
count "$LOGS/rust-counts" "$status"

status=0
phase "release build" "$ROOT/.ci/build.sh" || status=$?
if [ "$status" = 0 ]; then
    phase "browser tests" env CI_COUNTS="$LOGS/browser-counts" "$ROOT/.ci/e2e.sh" || status=$?
fi
count "$LOGS/browser-counts" "$status"

printf '\n' >&2
printf '%s\n' "${TIMES[@]}" >&2
printf '%d passed, %d failed\n' "$PASSED" "$FAILED"
[ "$FAILED" = 0 ]
