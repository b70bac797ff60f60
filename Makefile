# Each target does all the set-up it needs. `make help` lists them.

# 15, 16, 17 or 18
PG ?= $(shell tools/default-version)

.DEFAULT_GOAL := help
.PHONY: help setup build install test test-all demo psql clean clean-cache

help: ## lists the targets
	@echo 'usage: make TARGET [PG=15|16|17|18]   (PG is $(PG) unless given)'
	@sed -n 's/^\([a-z-]*\):.*## /  \1 /p' $(MAKEFILE_LIST) | awk '{ name = $$1; $$1 = ""; printf "  %-12s%s\n", name, $$0 }'

setup: ## system packages, cargo-pgrx, and a private server with pgvector and contrib
	@tools/setup $(PG)

build: setup ## builds the extension, release profile
	@tools/install-extension --release $(PG)

install: ## builds it and installs it into the server of PG_CONFIG=path, by default of PG
	@tools/install-into $(or $(PG_CONFIG),$(shell tools/servers/installed $(PG) | head -n 1),pg_config)

test: ## all tests on one version
	@tools/test $(PG)

test-all: ## all tests on 15, 16, 17 and 18
	@tools/test 15 16 17 18

demo: build ## shows the extension at work on real pages, in a throw-away cluster
	@tools/with-cluster $(PG) examples/demo/run

psql: build ## psql on a throw-away cluster with the extension, for trying out
	@tools/with-cluster --tty $(PG) tools/try-out

clean: ## removes what was built
	@rm -rf "$${CARGO_TARGET_DIR:-target}"

clean-cache: ## removes the servers and tools that set-up keeps outside this directory
	@tools/clean-cache
