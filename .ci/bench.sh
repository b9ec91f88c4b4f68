#!/usr/bin/env bash
# `make bench`: the release build and a minimal handler under the same load, on SQLite and on a throw-away PostgreSQL.
# Arguments go to the bench (ARGS="--turns 5 --engines sqlite"; ARGS=--help lists them).
. "$(dirname "$0")/setup/common.sh"
. "$ROOT/.ci/setup/services.sh"
"$ROOT/.ci/build.sh"
cd "$ROOT"
# The name of the site is compiled in: with the same as in the release build, cargo builds nothing twice.
export PROCARE_SITE_DIR=$SITE LEPTOS_OUTPUT_NAME=procare
trap stop_services EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
start_postgres
await_postgres
for part in glucose clinic; do "$POSTGRES_BIN/createdb" -h 127.0.0.1 -p "$POSTGRES_PORT" -U procare "bench_$part"; done
run_long "building the bench" cargo bench --locked -p server --bench api --no-run || die "the bench does not build"
cargo bench --quiet --locked -p server --bench api -- run --server "$SERVER" \
    --postgres "postgres://procare@127.0.0.1:$POSTGRES_PORT/bench" --postgres-pid "$POSTGRES_PID" "$@"
