#!/usr/bin/env bash
# `make check`: formatting and lints, all of them even when one fails.
. "$(dirname "$0")/setup/common.sh"
cd "$ROOT"
FAILED=0
cargo fmt --all -- --check || { say "formatting differs: run 'make fmt'"; FAILED=1; }
# A workspace of its own, so cargo does not see it from here.
for FILE in server/fuzz/fuzz_targets/*.rs server/fuzz/src/*.rs; do
    # Through a pipe, so that the modules which a target takes from the server are left to the line above.
    rustfmt --edition 2024 --config-path . <"$FILE" | cmp -s - "$FILE" || { say "formatting differs: $FILE"; FAILED=1; }
done
"$ROOT/.ci/lint.sh" || FAILED=1
exit "$FAILED"
