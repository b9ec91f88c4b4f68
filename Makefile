# Every target is a script in .ci/, so that a person, make and CI run the same thing. Works from any folder: make -C PATH.
CI_DIR := $(dir $(abspath $(lastword $(MAKEFILE_LIST)))).ci
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run dev build seed test e2e check fmt lint bench fuzz

help: ## This list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: ## Set up, build, load demo data and serve on http://127.0.0.1:3000
	@exec "$(CI_DIR)/serve.sh"

dev: ## The same in a debug build, rebuilt at every change of a file
	@exec "$(CI_DIR)/dev.sh"

build: ## The release build alone
	@exec "$(CI_DIR)/build.sh"

seed: ## Load the demo data into the configured database
	@exec "$(CI_DIR)/seed.sh"

test: ## Every test: unit, both database engines, Redis, API, browser
	@exec "$(CI_DIR)/test.sh"

e2e: ## The browser tests alone (ARGS="story --project=phone" picks some)
	@exec "$(CI_DIR)/e2e.sh" $(ARGS)

check: ## Formatting and lints, as CI does
	@exec "$(CI_DIR)/check.sh"

fmt: ## Format the sources
	@cd "$(CI_DIR)/.." && cargo fmt --all

lint: ## Lints and the rules about dependencies
	@exec "$(CI_DIR)/lint.sh"

bench: ## Requests per second and CPU time per request, beside a minimal handler
	@exec "$(CI_DIR)/bench.sh" $(ARGS)

fuzz: ## Arbitrary input to everything that reads input, a minute each (ARGS="import" picks some)
	@exec "$(CI_DIR)/fuzz.sh" $(ARGS)
