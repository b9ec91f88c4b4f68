#!/usr/bin/env bash
# `make seed`: demo people and readings into the configured database. Does nothing to one that has people already.
. "$(dirname "$0")/setup/common.sh"
"$ROOT/.ci/build.sh"
cd "$ROOT"
. "$ROOT/.ci/setup/data.sh"
exec "$SERVER" seed
