#!/usr/bin/env bash
# What the browser tests need: their npm packages and a Chromium, whose path it prints. Playwright downloads no browser.
. "$(dirname "$0")/common.sh"
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
npm_tool "$ROOT/end2end"

if [ -n "${CI_CHROMIUM:-}" ]; then
    have "$CI_CHROMIUM" || die "CI_CHROMIUM is not a program: $CI_CHROMIUM"
    command -v "$CI_CHROMIUM"
    exit 0
fi
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if have "$name"; then
        command -v "$name"
        exit 0
    fi
done
need_package chromium chromium "the browser of the tests; on Debian: sudo apt-get install chromium; or name one in CI_CHROMIUM"
command -v chromium
