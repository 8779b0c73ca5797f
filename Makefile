# Everything a developer does, by name. Needs python3 (3.11 or newer), make and git; the rest comes into .venv.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
TOOLS  := .venv-docker
PEERS  := .venv-peers
BROWSER := .venv-browser
PAGE   := bots/playground/page/source
ARGS   ?=

.DEFAULT_GOAL := help
# Where this is set every process compiles all of it anew: a second at each start.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help setup play test test-long test-cluster quick-responses years machine check page check-page format-page format surface test-browser pictures bench docker-check lock clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name what; do printf '%-20s %s\n' "$$name" "$$what"; done

setup: $(READY) ## Make the environment in .venv, and nothing else

# uv comes first, by its own lines of the lock; where it cannot run, pip installs the same lock with the same hashes.
$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Shopbell needs Python 3.11 or newer; \"$(PYTHON)\" is $$($(PYTHON) --version 2>&1)."; \
	  echo "Name a newer one: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@awk '/^[^ ]/ { wanted = /^uv==/ } wanted' requirements-dev.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock \
	  && $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.lock \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

play: $(READY) ## Run the whole thing here: a marketplace, a Slack, a Telegram; no accounts, no tokens
	$(BIN)/shopbell play $(ARGS)

test: $(READY) ## Run the tests
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not long" --ignore=tests/architecture $(ARGS)

test-long: $(READY) ## Kill processes at every step, tell each story twice and under the auditor's eyes, run each bench
	$(BIN)/python -m pytest -n auto --dist worksteal -m long $(ARGS)

# What drives a browser stays out of our environment: it is large, and only these two need it.
$(BROWSER)/.ready: tests/browser/requirements.lock | $(READY)
	@$(PYTHON) -m venv --clear $(BROWSER)
	@$(BIN)/uv pip install --quiet --python $(BROWSER)/bin/python --require-hashes -r $< \
	  || $(BROWSER)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# How soon a long history is drawn is looked at by itself: beside four other browsers it would be theirs to say.
LOOK = $(BROWSER)/bin/python -m pytest -c tests/browser/pytest.ini --confcutdir=tests/browser
test-browser: $(BROWSER)/.ready ## Do on the playground's page what people do, in a real browser; needs chromium
	$(LOOK) -n 5 --dist worksteal --ignore=tests/browser/test_history.py tests/browser $(ARGS)
	$(LOOK) -n 0 tests/browser/test_history.py

pictures: $(BROWSER)/.ready ## Take the README's pictures of the playground; needs chromium and fonts-noto-color-emoji
	$(BROWSER)/bin/python -m tests.browser.pictures

# Rounds to Redis are counted on one connection to one server: a cluster has more of both.
CLUSTER = tests/core tests/contract tests/journeys
test-cluster: $(READY) ## Run the tests that speak to Redis against a cluster of one node, which refuses what crosses slots
	$(BIN)/python -m pytest -n auto --dist worksteal --engine=cluster -m "not long" --ignore=tests/journeys/test_promptness.py \
	  --ignore=tests/core/domain --ignore=tests/core/policies $(CLUSTER) $(ARGS)

machine: $(READY) ## Tell the store and the slow model thousands of random lives of a shop, for some minutes
	SHOPBELL_EXAMPLES=10000 $(BIN)/python -m pytest -n 0 -o faulthandler_timeout=0 tests/machine/test_engine.py $(ARGS)

quick-responses: $(READY) ## Write a hundred thousand quick responses that nobody would, for a minute or two
	SHOPBELL_QUICK_RESPONSES=100000 $(BIN)/python -m pytest -n 0 -o faulthandler_timeout=0 tests/machine/test_quick_responses.py $(ARGS)

years: $(READY) ## Live through seven years of deadlines on the real store
	SHOPBELL_YEARS=7 $(BIN)/python -m pytest -n auto --dist load tests/machine/test_deadlines.py $(ARGS)

check: $(READY) ## Format, lint, types, import order and the rules of tests/architecture; changes nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -n auto --dist worksteal tests/architecture

# The page is kept built, so that playing needs no node. What it is built with comes by its own lock.
$(PAGE)/node_modules/.ready: $(PAGE)/package-lock.json
	@node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1 || { \
	  echo "The page is built with node 18 or newer and npm; \"node\" is $$(node --version 2>/dev/null || echo not here)."; \
	  echo "On Debian or Ubuntu: apt-get install nodejs npm"; exit 1; }
	@cd $(PAGE) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

page: $(PAGE)/node_modules/.ready ## Build the playground's page from its source; needs node and npm
	@cd $(PAGE) && npm run --silent build

check-page: $(PAGE)/node_modules/.ready ## Check the page's source, and that what is kept built is what it makes
	@cd $(PAGE) && npm run --silent check

format-page: $(PAGE)/node_modules/.ready ## Format the page's source
	@cd $(PAGE) && npm run --silent format

format: $(READY) ## Format, and mend what can be mended by machine
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

surface: $(READY) ## Write the README's table of all that can be done in chat, with the test that shows each
	$(BIN)/python -m tests.architecture.surface $(ARGS)

bench: $(READY) ## Measure, each figure as a ratio within one run
	$(BIN)/python -m tests.bench $(ARGS)

docker-check: $(READY) ## Check docker/ as far as that goes without an engine
	docker/check.sh $(BIN)/python $(TOOLS)

# uv.lock records index addresses and stays out of git; what is exported from it holds versions and hashes only.
lock: $(READY) ## Resolve the dependencies anew and write the locks
	$(BIN)/uv lock --no-config --upgrade
	$(BIN)/uv export --no-config --quiet --no-header --no-emit-project --no-dev -o requirements.lock
	$(BIN)/uv export --no-config --quiet --no-header --no-emit-project --group dev -o requirements-dev.lock
	$(BIN)/uv export --no-config --quiet --no-header --no-emit-project --only-group build -o docker/requirements-build.lock
	$(BIN)/uv export --no-config --quiet --no-header --no-emit-project --only-group docker -o docker/requirements-check.lock
	$(BIN)/uv export --no-config --quiet --no-header --no-emit-project --only-group browser -o tests/browser/requirements.lock
	@for peer in tests/bench/peers/*.in; do \
	  $(BIN)/uv pip compile --no-config --quiet --no-header --universal --python-version 3.11 --generate-hashes --upgrade \
	    -o "$${peer%.in}.lock" "$$peer" || exit 1; \
	done

clean: ## Remove what the other commands made
	rm -rf $(VENV) $(BROWSER) $(TOOLS) $(PEERS) $(PAGE)/node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find bots core templates tests -name __pycache__ -type d -prune -exec rm -rf {} +
