#!/usr/bin/env bash
# `make check`: formatting and lints, all of them even when one fails.
. "$(dirname "$0")/setup/common.sh"
cd "$ROOT"
FAILED=0
cargo fmt --all -- --check || { say "formatting differs: run 'make fmt'"; FAILED=1; }
# A workspace of its own, so cargo does not see it from here.
rustfmt --check --edition 2024 --config-path "$ROOT" "$ROOT"/server/fuzz/fuzz_targets/*.rs || { say "formatting of the fuzz targets differs"; FAILED=1; }
"$ROOT/.ci/lint.sh" || FAILED=1
exit "$FAILED"
