# How Wiredesk is installed, run, checked and tested. `make help` lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# A file at a time to each core, since its tests share what they started.
SPREAD := --numprocesses auto --dist loadfile --no-loadscope-reorder
export PORT WIREDESK_HOME WIREDESK_WORKERS

# Python keeps what it compiled, or each start compiles all of Wiredesk anew.
unexport PYTHONDONTWRITEBYTECODE

# Without a value they must not reach the environment as empty settings.
ifeq ($(strip $(PORT)),)
unexport PORT
endif
ifeq ($(strip $(WIREDESK_HOME)),)
unexport WIREDESK_HOME
endif
ifeq ($(strip $(WIREDESK_WORKERS)),)
unexport WIREDESK_WORKERS
endif

.DEFAULT_GOAL := help
.PHONY: help venv demo up test test-postgres tables check check-code check-types check-site lint format lock bench-wire bench-kill bench-search bench-serve crash drill-varnish lighthouse prove-standing drill-streams clean

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

venv: $(STAMP) ## build .venv with everything locked, and the wiredesk command in it

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Wiredesk needs Python 3.11 or newer; name one with PYTHON=.'; exit 1; }
	@echo 'Installing Wiredesk into $(VENV) ...'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo 'Install venv first: apt-get install python3-venv'; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --no-deps --no-build-isolation --editable .
	@touch $@

demo: venv ## run the site with sample copy
	@$(BIN)/wiredesk demo

up: venv ## run the site without sample copy
	@$(BIN)/wiredesk up

test: venv ## run every test
	@$(BIN)/pytest $(SPREAD) $(ARGS)

test-postgres: venv ## run the tests that use the database on PostgreSQL
	@$(BIN)/python -m tests.postgres $(SPREAD) -m 'database and not processes' $(ARGS)

# Whoever wants them first makes them otherwise, while the other cores wait.
tables: tables-sqlite tables-postgres ## make the tables that tests copy ahead of them

tables-%: venv
	@$(BIN)/python -m tests.prepare $*

# `make --jobs check` gives each of the three a core.
check: check-code check-types check-site ## check code, templates, imports, migrations and settings

# Templates are linted, not formatted: djlint's formatter adds blanks between inline
# elements, which readers would see, and doesn't come to rest.
check-code: venv
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/djlint --quiet --lint src

check-types: venv
	@$(BIN)/mypy src tests bench

check-site: venv
	@$(BIN)/python -m wiredesk.config.manage makemigrations --check --dry-run
	@WIREDESK_BASE_URL=https://news.example $(BIN)/python -m \
	  wiredesk.config.manage check --deploy --fail-level WARNING

format: venv ## put code into its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# uv only resolves, in an environment of its own; pip installs.
lock: venv ## choose versions anew and lock them with hashes
	@test -x $(VENV)/uv/bin/uv || { $(PYTHON) -m venv $(VENV)/uv && \
	  $(VENV)/uv/bin/python -m pip install --quiet --disable-pip-version-check uv; }
	@for name in base dev; do $(VENV)/uv/bin/uv pip compile --quiet --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links $(ARGS) \
	  --output-file requirements/$$name.txt requirements/$$name.in || exit 1; done

bench-wire: venv ## measure how fast wire copy becomes live
	@$(BIN)/python -m bench.wire

bench-search: venv ## measure how fast searches are answered, with 100,000 stories
	@$(BIN)/python -m bench.search $(ARGS)

crash: venv ## kill its processes, fill its disk, lock its database (KILLS=50)
	@WIREDESK_CRASH_KILLS=$(or $(KILLS),50) $(BIN)/pytest tests/crash -q $(ARGS)

bench-kill: venv ## measure how fast kills are gone, with 20,000 deliveries waiting
	@$(BIN)/python -m bench.kill --kills 20 --waiting 20000 --readers 8 $(ARGS)

bench-serve: venv ## measure stored pages beside nginx (ARGS='--keep /var/tmp/serve')
	@$(BIN)/python -m bench.serve $(ARGS)

drill-varnish: venv ## hold a kill drill with a real Varnish and readers
	@WIREDESK_REQUIRE=all $(BIN)/pytest tests/delivery/test_drill.py $(ARGS)

lighthouse: venv ## judge a story's page by Lighthouse (npm install lighthouse first)
	@$(BIN)/python -m bench.lighthouse $(ARGS)

prove-standing: venv ## prove standings over generated streams (STREAMS=100000)
	@WIREDESK_PROVE_STREAMS=$(or $(STREAMS),100000) WIREDESK_PROVE_SEED=$(or $(SEED),1) \
	  $(BIN)/pytest tests/stories/test_streams.py -q --durations=0 --timeout 3600 --numprocesses auto $(ARGS)

drill-streams: venv ## the same over HTTP, with Varnish (STREAMS=300, SETTINGS="NAME=value ...")
	@WIREDESK_DRILL_STREAMS=$(or $(STREAMS),300) WIREDESK_DRILL_SEED=$(or $(SEED),1) \
	  WIREDESK_DRILL_SETTINGS="$(SETTINGS)" WIREDESK_REQUIRE=all \
	  $(BIN)/pytest tests/delivery/test_streams.py -q -s --timeout 3600 $(ARGS)

clean: ## remove what was built; the data folder stays
	rm -rf $(VENV) build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
