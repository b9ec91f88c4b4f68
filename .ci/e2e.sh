#!/usr/bin/env bash
# `make e2e`: the browser tests against the release build. Arguments go to Playwright.
. "$(dirname "$0")/setup/common.sh"
CI_CHROMIUM=$("$ROOT/.ci/setup/browser.sh")
"$ROOT/.ci/build.sh"
export CI_CHROMIUM CI_SERVER=$SERVER PROCARE_SITE_DIR=$SITE
cd "$ROOT/end2end"
exec ./node_modules/.bin/playwright test "$@"
