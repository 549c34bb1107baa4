# Three things to remember: `make up` runs the product, `make test` proves it, `make lint` keeps the house.
# Needs python3 (3.11 or newer) with venv, and make; nothing else. Another Python: make up PYTHON=python3.12
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Settings of pip on the machine stay in force (an index or a folder of wheels); only its chatter is turned off.
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip install --no-input -qq
# A stamp is named after what it was made from, so a changed lock installs again and an unchanged one costs nothing.
stamp = $(VENV)/.$(1)-$(shell cat $(2) pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)
INSTALLED := $(call stamp,install,requirements.lock)
INSTALLED_DEV := $(call stamp,dev,requirements-dev.lock)
TESTS ?= tests
PYTEST := $(BIN)/python -m pytest
JOBS ?= auto
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --upgrade

.PHONY: help install dev up test test-slow lint format types bench lock platforms chromium translations messages clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) translations  ## Make .venv with the `klantbeeld` command in it, and nothing more

up: install  ## Run the product: database, web, intake, live, workers; the first time with the demo world
	@$(BIN)/klantbeeld up

test: dev chromium translations  ## Set up whatever is missing and run every test but the slow ones
	$(PYTEST) -q -n $(JOBS) --dist worksteal -m "not slow" $(TESTS)

test-slow: dev chromium translations  ## Run the slow tests too
	$(PYTEST) -q -n $(JOBS) --dist worksteal $(TESTS)

lint: dev translations  ## Style, layers, types, translations, licences, locks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(PYTEST) -q tests/shape/test_translations.py tests/shape/test_licences.py tests/shape/test_locks.py

format: dev  ## Bring all Python into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: dev  ## Run the benchmarks, or one: make bench BENCH=golden; docs/benchmarks.md explains
	@for folder in $(if $(BENCH),bench/$(BENCH)/,bench/*/); do $(BIN)/python -m "bench.$$(basename $$folder)" || exit 1; done

dev: $(INSTALLED_DEV)

translations: $(INSTALLED)
	@$(BIN)/python -m klantbeeld.config.translations

messages: $(INSTALLED)  ## Add new texts to the Dutch translation file, to be translated
	@$(BIN)/python -m klantbeeld.config.translations --collect

lock: dev  ## Renew both locks (hashes, no index address)
	$(COMPILE) --group build -o requirements.lock
	$(COMPILE) --group build --group dev --group bench -o requirements-dev.lock

platforms: dev  ## Check that the lock has wheels for every platform we promise (asks the package index)
	@for python in 3.11 3.12 3.13; do for platform in aarch64-apple-darwin x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu; do \
	  echo "Python $$python on $$platform"; \
	  $(BIN)/uv pip install --dry-run --quiet --require-hashes --only-binary :all: --python-platform $$platform \
	    --python-version $$python --target $(VENV)/.platform -r requirements.lock || exit 1; \
	done; done

clean:  ## Remove the virtual environment and what the tools left; data of the product stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

# The editable install builds with what the lock has already installed, so it asks the index for nothing.
editable = $(PIP) --no-deps --no-build-isolation -e .

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "klantbeeld needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv $(VENV) || { echo "No virtual environment could be made; on Debian and Ubuntu: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(INSTALLED): | $(BIN)/python
	@if [ -e "$(INSTALLED_DEV)" ]; then touch $@; else \
	  echo "Installing what requirements.lock says into $(VENV)" && \
	  $(PIP) --require-hashes -r requirements.lock && $(editable) && \
	  rm -f $(VENV)/.install-* && touch $@; fi

$(INSTALLED_DEV): | $(BIN)/python
	@echo "Installing what requirements-dev.lock says into $(VENV)"
	@$(PIP) --require-hashes -r requirements-dev.lock && $(editable)
	@rm -f $(VENV)/.install-* $(VENV)/.dev-* && touch $@ $(INSTALLED)

# The browser of the journeys is a package of the system: we install it only where nobody sits at the keyboard.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then sudo=; elif [ "$$CI" = true ]; then sudo=sudo; else sudo=no; fi; \
	  if [ "$$sudo" = no ] || ! command -v apt-get >/dev/null; then \
	    echo "The browser tests need Chromium. Install it, for instance: sudo apt-get install -y chromium" >&2; exit 1; fi; \
	  echo "Installing chromium"; \
	  $$sudo apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; }
