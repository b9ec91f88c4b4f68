#!/usr/bin/env bash
# Which crate may depend on which (docs/architecture.md). Fails with the name of the crate that came in.
. "$(dirname "$0")/setup/common.sh"
cd "$ROOT"
FAILED=0

HOST=$(rustc -vV | sed -n 's/^host: //p')
BROWSER=wasm32-unknown-unknown

# forbid CRATE TARGET FEATURES NAME...: none of the names among CRATE's dependencies, direct or not.
forbid() {
    local crate=$1 tree all name
    tree=(cargo tree --quiet --locked -p "$crate" --target "$2" --features "$3" -e normal)
    shift 3
    all=$("${tree[@]}" --prefix none --format '{p}' | cut -d' ' -f1 | sort -u)
    for name in "$@"; do
        if grep -qx -- "$name" <<<"$all"; then
            echo "$crate must not depend on $name, but does:" >&2
            "${tree[@]}" -i "$name" --depth 4 >&2
            FAILED=1
        fi
    done
}

forbid domain "$HOST" "" leptos axum sqlx tokio
forbid app "$HOST" ssr sqlx redis lapin jsonwebtoken
forbid app "$BROWSER" hydrate sqlx redis lapin jsonwebtoken axum tokio
forbid frontend "$BROWSER" "" sqlx redis lapin jsonwebtoken axum server
forbid server "$HOST" "" openssl openssl-sys native-tls
exit "$FAILED"
