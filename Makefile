# Every way to run, test and measure Watchroom. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
FLASK := $(BIN)/flask --app app
PYTEST := $(BIN)/pytest
# Three processes for each database on two cores: a test of silence or of a browser waits more than it works.
WORKERS ?= 3
PARALLEL := -n $(WORKERS) --dist worksteal
# The share of lines and branches that must be covered, in percent: of everything, and of the domain, intake, the outbox,
# audit and authorisation (of which everything should be: raise the floor when the report below it is empty).
COVERAGE ?= 95
COVERAGE_OF_CORE ?= 98
CORE := 'models/*' data/intake.py data/page.py data/threads.py data/writing.py data/rollups.py 'data/outbox*' 'data/sending*' \
	'data/reconciling*' 'data/delivery*' 'data/audit*' 'data/verification*' 'data/anchors*' data/people.py data/signing.py \
	data/kiosks.py callbacks/guard.py callbacks/callers.py
CODE := models data layouts callbacks $(wildcard app.py)
# What strangers may try at the door: at full size too.
DOOR := $(addprefix tests/integration/,callbacks/test_guard_foreign.py callbacks/test_guard_hostile.py data/test_throttle.py)
TWICE := $(wildcard tests/migrations tests/integration tests/faults)

.PHONY: help run serve test check proof peers bench replay front requirements clean install tools machine

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: export WATCHROOM_DATABASE_URL = sqlite:///var/demo.db
run: install front ## the demonstration: invented posts, in var/demo.db
	@mkdir -p var
	$(FLASK) demo
	exec $(FLASK) serve

serve: install front ## the real thing, on WATCHROOM_DATABASE_URL (var/watchroom.db where unset)
	@mkdir -p var
	$(FLASK) migrate
	exec $(FLASK) serve

replay: export WATCHROOM_DATABASE_URL = sqlite:///var/replay.db
replay: install front ## real posts from a file: FILE=posts.csv [SPEED=60] [AS_RECORDED=1] [FORMAT=name]
	@test -n "$(FILE)" || { echo 'Which file? make replay FILE=posts.csv [SPEED=60] [AS_RECORDED=1] [FORMAT=name]'; exit 2; }
	mkdir -p var
	$(FLASK) migrate
	$(FLASK) replay "$(FILE)" $(if $(SPEED),--speed "$(SPEED)") $(if $(AS_RECORDED),--as-recorded) $(if $(FORMAT),--format "$(FORMAT)")
	exec $(FLASK) serve

test: machine tools front check ## every check and test, on SQLite and beside it on Postgres, in under 10 minutes
	@rm -rf var/coverage
	mkdir -p var/coverage
	$(PYTEST) $(PARALLEL) --database postgres $(TWICE) > var/postgres.log 2>&1 &
	postgres=$$!
	trap 'kill $$postgres 2>/dev/null || true' EXIT
	sqlite=0
	COVERING=var/coverage $(PYTEST) $(PARALLEL) || sqlite=$$?
	echo 'On Postgres:'
	wait $$postgres || { cat var/postgres.log; exit 1; }
	tail -n 1 var/postgres.log
	[ $$sqlite = 0 ] || exit $$sqlite
	$(BIN)/python -m tests.covering var/coverage $(COVERAGE) $(COVERAGE_OF_CORE) $(CORE)

check: tools ## ruff, mypy, the import contracts and bandit
	@$(BIN)/ruff check .
	$(BIN)/mypy $(CODE) &
	types=$$!
	$(BIN)/lint-imports
	$(BIN)/bandit -q -ll -c pyproject.toml -r $(CODE)
	wait $$types

proof: machine tools front ## the fault tests and the hostile pages at full size, on both databases
	@$(PYTEST) $(PARALLEL) --proof --timeout 3600 tests/faults tests/browser/test_hostile.py $(DOOR)
	$(PYTEST) $(PARALLEL) --proof --timeout 3600 --database postgres tests/faults

peers: tools front ## tests against real data and servers, in the folder PEER_DATA
	@test -d "$${PEER_DATA:-}" || { echo 'Say where the data is: make peers PEER_DATA=folder'; exit 2; }
	if [ -d "$$PEER_DATA/data" ]; then PEER_DATA="$$PEER_DATA/data"; fi
	PEER_DATA="$$PEER_DATA" $(PYTEST) tests/peers

bench: machine tools front ## measure, print, and write var/bench.json
	@mkdir -p var
	$(BIN)/python -m bench $(ARGS)

front: install ## the front-end parts: install, copy to assets/vendor, compress
	@$(BIN)/python -m data.frontend

PIP_COMPILE = CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/pip-compile --quiet --no-emit-index-url \
	--no-emit-find-links --no-emit-trusted-host --strip-extras $(if $(UPGRADE),--upgrade)
requirements: tools ## compile the pins from the .in files; UPGRADE=1 takes newer ones
	@$(PIP_COMPILE) -o requirements.txt requirements.in
	$(PIP_COMPILE) -o requirements-dev.txt requirements-dev.in

clean: ## remove what can be made again; never var/, where the databases are
	@rm -rf .venv node_modules assets/joined assets/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

machine:
	@.ci/machine

install: .venv/.installed
tools: .venv/.tools

.venv/.installed: requirements.txt | $(BIN)/python
	@echo "Installing the Python packages into .venv"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/.tools: requirements-dev.txt | $(BIN)/python
	@echo "Installing the packages for tests and checks into .venv"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ .venv/.installed

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Watchroom needs Python 3.11 or newer, and there is no '$(PYTHON)' here. Install one, or name it: make run PYTHON=python3.12"; exit 1; }
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Watchroom needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Name a newer one: make run PYTHON=python3.12"; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "'$(PYTHON)' cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
