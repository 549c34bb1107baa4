# Three things to remember: `make up` runs the product, `make test` proves it, `make lint` keeps the house.
.DEFAULT_GOAL := help
PYTHON ?= python3
UV := .venv/bin/uv
COMPILE := $(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --upgrade

.PHONY: help lock
lock:  ## Renew both locks (hashes, no index address)
	$(COMPILE) --group build -o requirements.lock
	$(COMPILE) --group build --group dev --group bench -o requirements-dev.lock
