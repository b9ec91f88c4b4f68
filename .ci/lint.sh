#!/usr/bin/env bash
# `make lint`: clippy for the server and for the browser, which crate may depend on which, licences, types of the browser tests.
. "$(dirname "$0")/setup/common.sh"
cd "$ROOT"
"$ROOT/.ci/setup/wasm-target.sh"
FAILED=0
step() {
    local what=$1
    shift
    say "$what"
    "$@" || { say "FAILED: $what"; FAILED=1; }
}

# frontend is linted for the browser only: built together with the server, `app` would be both halves at once.
step "clippy, server half" cargo clippy --workspace --exclude frontend --all-targets --locked -- -D warnings
step "clippy, browser half" cargo clippy -p frontend --target wasm32-unknown-unknown --locked -- -D warnings
if have python3; then
    step "test vectors are as computed" python3 -B "$ROOT/app/domain/tests/vectors/make.py" --check
else
    say "python3 is not installed: whether the test vectors are up to date is not checked"
fi
step "dependencies between crates" "$ROOT/.ci/layers.sh"
if have cargo-deny; then
    # Advisories need the network's advisory database: a nightly job's business, not that of a build.
    step "licences and banned crates" cargo deny --all-features check bans licenses sources
else
    say "cargo-deny is not installed: licences and banned crates are not checked (cargo install cargo-deny)"
fi
if have npm; then
    npm_tool "$ROOT/end2end"
    step "types of the browser tests" npm --prefix "$ROOT/end2end" run --silent types
fi
exit "$FAILED"
