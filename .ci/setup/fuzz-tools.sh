#!/usr/bin/env bash
# What `make fuzz` needs beyond the build: cargo-fuzz, and a C++ compiler for libFuzzer. Set up by it on demand.
. "$(dirname "$0")/common.sh"
have c++ || need_package c++ g++ "a C++ compiler, for libFuzzer"
# With newer crates than its lock file names: those still build with every Rust that we take.
cargo_tool cargo-fuzz 0.13.2 cargo-fuzz --locked
rm -rf "$TOOLS/build"
