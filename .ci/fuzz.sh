#!/usr/bin/env bash
# `make fuzz`: every fuzz target for a minute (CI_FUZZ_SECONDS), or those named; `--keep` adds what was found to the corpus.
# Stable Rust: coverage is counted, which takes no nightly compiler; no sanitizer is used, which would, and there is no unsafe
# code of ours for one to watch.
. "$(dirname "$0")/setup/common.sh"
"$ROOT/.ci/setup/fuzz-tools.sh"
KEEP=
[ "${1:-}" = --keep ] && { KEEP=1; shift; }
cd "$ROOT/server"
# The same versions as in the server.
cp "$ROOT/Cargo.lock" fuzz/Cargo.lock
BUILT=$TARGET_DIR/fuzz
run_long "building the fuzz targets" cargo fuzz build --sanitizer none --target-dir "$BUILT"
if [ $# -eq 0 ]; then
    for FILE in fuzz/fuzz_targets/*.rs; do set -- "$@" "$(basename "$FILE" .rs)"; done
fi
for TARGET in "$@"; do
    # What is found goes to the first folder; the corpus in the repository is only read.
    FOUND=$BUILT/found/$TARGET
    SEEDS=fuzz/corpus/$TARGET
    mkdir -p "$FOUND"
    say "fuzzing $TARGET for ${CI_FUZZ_SECONDS:-60} s"
    cargo fuzz run --sanitizer none --target-dir "$BUILT" "$TARGET" "$FOUND" "$SEEDS" -- \
        -max_total_time="${CI_FUZZ_SECONDS:-60}" -rss_limit_mb=2048 -timeout=10 -print_funcs=0 -verbosity=0 ||
        die "$TARGET failed: see fuzz/artifacts/$TARGET; put the input into $SEEDS when it is mended"
    if [ -n "$KEEP" ]; then
        # A few inputs that reach the same code, however often they run through it.
        cargo fuzz run --sanitizer none --target-dir "$BUILT" "$TARGET" "$SEEDS" "$FOUND" -- \
            -merge=1 -set_cover_merge=1 -use_counters=0 -verbosity=0
    fi
done
say "no target failed: $*"
