# Dagsform. `make` alone tells what there is.
# Settings reach the app from the environment or the command line: make run PORT=9000 DAGSFORM_WORKERS=2

# Tried in this order; the first that is 3.11 or newer makes the environment. To change: make clean, then PYTHON=…
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
VENV ?= .venv
PROCESSES ?= 2
ARGS ?=

BIN := $(VENV)/bin
PY := $(BIN)/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet --quiet
UV := $(VENV)/uv

# A stamp is named after the content it stands for, so that it also holds when git sets new times on files.
checksum = $(shell cat $(1) | cksum | cut -d' ' -f1)
APP := $(VENV)/.app-$(call checksum,pyproject.toml requirements.txt)
DEV := $(VENV)/.dev-$(call checksum,requirements.txt requirements-dev.txt)
TEXTS := $(patsubst %.po,%.mo,$(wildcard server/translations/*/LC_MESSAGES/messages.po))

CHECKS := check-format check-lint check-types check-imports check-templates check-texts

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help run demo install test test-long check $(CHECKS) bench bench-peers fmt texts lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

run: $(APP) $(TEXTS) ## set up what is missing and serve http://localhost:8000 (PORT=9000 for another door)
	@exec $(BIN)/dagsform run $(ARGS)

demo: $(APP) $(TEXTS) ## a small believable world in a database of its own, with one-time sign-in links
	@exec $(BIN)/dagsform demo $(ARGS)

install: $(APP) $(TEXTS) ## set up what is missing and serve nothing, for a server of your own (docs/deploy.md)
	@$(PY) -m compileall -q server

test: $(DEV) $(TEXTS) ## every test but the long ones; finds or installs a browser (ARGS="tests/days -x")
	@browser="$$($(PY) -m tests.browser)" && \
	CHROMIUM="$$browser" $(PY) -m pytest -n $(PROCESSES) --dist worksteal $(ARGS)

test-long: $(DEV) $(TEXTS) ## every test and the long runs as well; finds or installs Firefox, WebKitGTK and Caddy too
	@$(PY) -m tests.long_run
	@browser="$$($(PY) -m tests.browser)" && \
	CHROMIUM="$$browser" $(PY) -m pytest -n $(PROCESSES) --dist worksteal -m "" $(ARGS)

check: $(DEV) ## everything but tests: format, lint, types, imports, templates, words
	@$(MAKE) --no-print-directory --keep-going $(CHECKS)

check-format: $(DEV)
	$(BIN)/ruff format --check --quiet --output-format concise .
check-lint: $(DEV)
	$(BIN)/ruff check --quiet --output-format concise .
check-types: $(DEV)
	$(BIN)/mypy
check-imports: $(DEV)
	$(BIN)/lint-imports --no-logo
check-templates: $(DEV)
	$(BIN)/djlint --quiet --allow-empty-input templates
check-texts: $(DEV)
	$(PY) -m tests.check_texts

bench: $(DEV) $(TEXTS) ## the figures of the benchmark, one `name: value` a line
	@browser="$$($(PY) -m tests.browser)" && CHROMIUM="$$browser" $(PY) -m tests.bench $(ARGS)

bench-peers: $(DEV) $(TEXTS) ## beside a Solid server and PouchDB, which npm brings into a temporary folder
	@browser="$$($(PY) -m tests.browser)" && CHROMIUM="$$browser" $(PY) -m tests.bench --only peers pouch $(ARGS)

fmt: $(DEV) ## format the code and mend what can be mended without thinking
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

texts: $(DEV) ## collect the texts from code and templates into the Swedish catalogue, to be translated there
	$(PY) -m tests.check_texts --update

lock: $(PY) ## pin every package with hashes after a change in requirements*.in (ARGS=--upgrade for newer ones)
	@test -x $(UV)/bin/uv || { $(PY) -m venv $(UV) && $(UV)/bin/pip install --quiet uv==0.13.9; }
	@for list in requirements requirements-dev; do \
	  $(UV)/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	    --no-emit-index-url --custom-compile-command "make lock" $(ARGS) $$list.in --output-file $$list.txt || exit 1; \
	done

clean: ## remove the environment and every cache; your data in var/ stays
	rm -rf $(VENV) *.egg-info build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	rm -f $(TEXTS)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@found=""; for python in $(PYTHON); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found="$$python"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Dagsform needs Python 3.11 or newer. Install it, or say where it is: make PYTHON=/path/to/python3.11 run" >&2; exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$found has no venv or no pip. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; \
	fi; \
	echo "Making the environment in $(VENV) with $$found." >&2; \
	"$$found" -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(APP): $(PY)
	@echo "Installing what Dagsform runs on. The first time takes about a minute." >&2
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.app-* && touch $@

$(DEV): $(APP)
	@echo "Installing what checks and tests need." >&2
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@rm -f $(VENV)/.dev-* && touch $@

%.mo: %.po | $(APP)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
