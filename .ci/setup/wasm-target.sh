#!/usr/bin/env bash
# The standard library for wasm32-unknown-unknown, so that the browser half can be built.
#
# 1. Already there: done. 2. rustup (the ordinary way). 3. Where rustup cannot download: the same version's sources
# from Debian's package rust-src, compiled here (about 25 s). See docs/toolchain.md.
. "$(dirname "$0")/common.sh"

TARGET=wasm32-unknown-unknown
have rustc || die "Rust is missing: install it from https://rustup.rs and run this again"
# CI_WASM_LIBDIR and CI_WASM_FROM_DEBIAN=1 try the second way on a machine that does not need it.
LIBDIR=${CI_WASM_LIBDIR:-$(rustc --print target-libdir --target "$TARGET")}
installed() { compgen -G "$LIBDIR/libstd-*.rlib" >/dev/null; }
installed && exit 0

if have rustup && [ -z "${CI_WASM_FROM_DEBIAN:-}" ]; then
    say "adding the Rust target $TARGET (rustup)"
    timeout "${CI_RUSTUP_SECONDS:-300}" rustup target add "$TARGET" >/dev/null 2>&1 || true
    installed && exit 0
    say "rustup could not download it; building it from Debian's rust-src instead"
fi

have apt-get && have dpkg-deb || die "no $TARGET: run 'rustup target add $TARGET' where rustup can download"
VERSION=$(rustc --version | cut -d' ' -f2)
WORK=$(mktemp -d "${TMPDIR:-/tmp}/procare-rust-src.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
mkdir -p "$WORK"/{lists/partial,cache/archives/partial,etc,out}

# Separate apt state: nothing of the system's package sources or lists is changed. The mirror is the machine's own.
MIRROR=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 -E '/debian/?$') ||
    die "no $TARGET, and this is not a Debian machine: run 'rustup target add $TARGET' where rustup can download"
for suite in sid trixie-backports trixie bookworm-backports; do
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $MIRROR $suite main"
done >"$WORK/etc/sources.list"
APT=(-o "Dir::State::Lists=$WORK/lists" -o "Dir::Cache=$WORK/cache" -o "Dir::Etc::SourceList=$WORK/etc/sources.list"
    -o "Dir::Etc::SourceParts=-" -o "Dir::State::Status=/dev/null" -o "APT::Sandbox::User=root")
run_shown "reading Debian's lists for rust-src $VERSION" apt-get "${APT[@]}" update || say "some lists could not be read; going on"
PICK=$(apt-cache "${APT[@]}" madison rust-src | awk -F'|' -v v="$VERSION" '{gsub(/ /,"",$2)} index($2, v "+") == 1 || index($2, v "-") == 1 {print $2; exit}')
[ -n "$PICK" ] || die "Debian has no rust-src $VERSION (the version of your rustc): run 'rustup target add $TARGET' where rustup can download"
(cd "$WORK" && run_shown "fetching rust-src $PICK" apt-get "${APT[@]}" download "rust-src=$PICK") || die "could not fetch rust-src $PICK"
dpkg-deb -x "$WORK"/rust-src_*.deb "$WORK/out"
# Not by name alone: cargo's own tests hold folders called library.
LIBRARY=$(compgen -G "$WORK/out/usr/src/rustc-*/library" | head -n 1 || true)
[ -f "$LIBRARY/sysroot/Cargo.toml" ] || die "rust-src $PICK has no library folder where one was expected"

cd "$LIBRARY"
RUSTC_BOOTSTRAP=1 __CARGO_DEFAULT_LIB_METADATA=std \
    RUSTFLAGS="-Cembed-bitcode=yes -Zforce-unstable-if-unmarked -Zunstable-options" \
    run_shown "building the standard library for $TARGET" \
    cargo build --locked -p sysroot --profile dist --target "$TARGET" --target-dir "$WORK/build" ||
    die "could not build the standard library for $TARGET"
mkdir -p "$LIBDIR"
cp "$WORK/build/$TARGET"/dist/deps/*.rlib "$LIBDIR/"
installed || die "the standard library for $TARGET was built but is not in $LIBDIR"
say "$TARGET is ready"
