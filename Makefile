# gukebot. Needs make and Python 3.11 or newer; everything else goes into $(VENV).

VENV ?= .venv
PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell command -v $(p) >/dev/null 2>&1 && $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
# tests run side by side in so many processes; 0 = in this one
WORKERS ?= 2
# more for pytest: make test ARGS="-k deadline"
ARGS ?=

BIN := $(VENV)/bin
READY := $(VENV)/.gukebot-ready

.DEFAULT_GOAL := help
.PHONY: help demo test lint check bench calendar sbom audit doors lock clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## Open the product on a local page, no credentials needed; without a terminal, tell its story
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/gukebot demo; else $(BIN)/gukebot demo --play; fi

test: $(READY) ## Run all tests, on SQLite and on a PostgreSQL of their own
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(READY) ## Check style, types and the walls between the floors
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: lint test ## Everything a change must pass: lint, then test

bench: $(READY) ## Measure, and print the figures of docs/performance.md
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check '.[bench]'
	@$(BIN)/python -m tests.benchmarks

calendar: $(READY) ## Write the reviewed table of Chinese holidays and make-up days anew
	@$(BIN)/python -m storage.data.make_calendar

sbom: $(READY) ## List every part with version, licence and hashes (CycloneDX) in dist/sbom.json
	@mkdir -p dist
	@$(BIN)/python -m tests.support.sbom > dist/sbom.json && echo "dist/sbom.json" >&2

audit: $(READY) ## Ask pip-audit for known vulnerabilities; says so when nobody can be asked
	@VENV=$(VENV) $(BIN)/python -m tests.support.known_faults

doors: $(READY) ## Write docs/security/doors.md anew: every route and action
	@$(BIN)/python -m tests.support.doors

lock: $(READY) ## Pin every requirement anew, with hashes and without addresses
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --extra test --extra postgres pyproject.toml -o requirements.lock

clean: ## Remove what was made here, the environment too; data stays
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find bot handlers notifications reports storage conversations tests -name __pycache__ -prune -exec rm -rf {} +

$(READY): pyproject.toml requirements.lock
	@if [ -z "$(PYTHON)" ]; then \
		echo "gukebot needs Python 3.11 or newer. Install it, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; fi
	@if [ ! -x $(BIN)/python ]; then echo "Making $(VENV) with $$($(PYTHON) --version) ..." >&2; \
		$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python's venv module is not complete; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; fi
	@echo "Installing what requirements.lock names (once, about a minute) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
