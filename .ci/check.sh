#!/usr/bin/env bash
# `make check`: formatting and lints, all of them even when one fails.
. "$(dirname "$0")/setup/common.sh"
cd "$ROOT"
FAILED=0
cargo fmt --all -- --check || { say "formatting differs: run 'make fmt'"; FAILED=1; }
"$ROOT/.ci/lint.sh" || FAILED=1
exit "$FAILED"
