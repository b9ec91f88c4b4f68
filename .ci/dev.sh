#!/usr/bin/env bash
# `make dev`: a debug build that is rebuilt, and the page reloaded, at every change. Its site lies apart from the release's.
. "$(dirname "$0")/setup/common.sh"
"$ROOT/.ci/setup/wasm-target.sh"
"$ROOT/.ci/setup/build-tools.sh"
cd "$ROOT"
. "$ROOT/.ci/setup/data.sh"
export LEPTOS_SITE_ROOT=$TARGET_DIR/site-dev LEPTOS_HASH_FILES=false PROCARE_SITE_DIR=$TARGET_DIR/site-dev
# Built once before it is watched, to load the demo data with it.
cargo leptos build
"$TARGET_DIR/debug/server" seed
banner
exec cargo leptos watch
