#!/usr/bin/env bash
# `make run`: from a fresh clone to a served page. Every setting of the environment reaches the server; what is not set
# has the server's own default (an SQLite file, keys and an OTP outbox under data/).
. "$(dirname "$0")/setup/common.sh"
"$ROOT/.ci/build.sh"
cd "$ROOT"
export PROCARE_SITE_DIR=${PROCARE_SITE_DIR:-$SITE}
. "$ROOT/.ci/setup/data.sh"
if development; then "$SERVER" seed; fi
banner
exec "$SERVER" serve
