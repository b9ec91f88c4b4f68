#!/usr/bin/env bash
# The release build: tools, server, browser half, compressed siblings. Does nothing when no source changed since the last
# one, and leaves the browser half alone when only the server changed.
. "$(dirname "$0")/setup/common.sh"
cd "$ROOT"

# digest PATH...: of the contents, not the times, so that a checkout of the same commit is the same.
digest() {
    { echo "$ROOT" && rustc --version && find "$@" \( -path '*/tests' -o -path '*/benches' \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum; } |
        sha256sum | cut -d' ' -f1
}

STAMP=$TARGET_DIR/release/.procare-built
SHARED=(Cargo.toml Cargo.lock app .ci/setup)
SITE_DIGEST=$(digest "${SHARED[@]}" frontend style public .ci/compress.mjs)
SERVER_DIGEST=$(digest "${SHARED[@]}" server migrations)
BUILT=$(cat "$STAMP" 2>/dev/null || true)
[ -x "$SERVER" ] && [ -d "$SITE/pkg" ] && [ "$BUILT" = "$SITE_DIGEST $SERVER_DIGEST" ] && exit 0

"$ROOT/.ci/setup/wasm-target.sh"
"$ROOT/.ci/setup/build-tools.sh"

if [ -x "$SERVER" ] && [ -d "$SITE/pkg" ] && [ "${BUILT%% *}" = "$SITE_DIGEST" ]; then
    run_long "building the server" cargo leptos build --release --split --server-only || die "the build failed"
else
    rm -f "$STAMP"
    run_long "building the server and the browser half (the first time takes some minutes)" \
        cargo leptos build --release --split || die "the build failed"
    node "$ROOT/.ci/compress.mjs" "$SITE" >&2
fi
echo "$SITE_DIGEST $SERVER_DIGEST" >"$STAMP"
say "built"
