#!/usr/bin/env bash
# What `cargo leptos build --split` needs: cargo-leptos, the wasm-bindgen program of exactly the version in Cargo.lock,
# wasm-opt and sass. All from package registries; kept in ~/.cache/procare (CI_TOOLS).
. "$(dirname "$0")/common.sh"

have cargo || die "Rust is missing: install it from https://rustup.rs and run this again"
have cc || need_package cc gcc "a C compiler, to link"

# Kept together on purpose: splitting depends on wasm-bindgen's internals. Change all three in one commit, after a browser test.
CARGO_LEPTOS=0.3.10
WASM_BINDGEN=$(awk '/^name = "wasm-bindgen"$/ {getline; gsub(/"/, "", $3); print $3}' "$ROOT/Cargo.lock")
[ -n "$WASM_BINDGEN" ] || die "no wasm-bindgen in Cargo.lock"

if ! have node; then
    if have apt-get && [ "$(id -u)" = 0 ]; then apt_install nodejs npm; else die "Node.js is missing: install nodejs and npm and run this again"; fi
fi
mkdir -p "$TOOLS/npm"
cp "$ROOT/.ci/setup/npm/package.json" "$ROOT/.ci/setup/npm/package-lock.json" "$TOOLS/npm/"
npm_tool "$TOOLS/npm"

# Its own lock file names a yanked crate, hence no --locked.
cargo_tool wasm-bindgen-cli "$WASM_BINDGEN" wasm-bindgen
cargo_tool cargo-leptos "$CARGO_LEPTOS" cargo-leptos --locked --no-default-features --features no_downloads
# Two gigabytes that nobody needs again.
rm -rf "$TOOLS/build"
