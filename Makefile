# Two commands: `make demo` shows the sample case in the browser, `make test` runs everything.
SUPPORTED := import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11; do \
  $$candidate -c '$(SUPPORTED)' 2>/dev/null && echo $$candidate && break; done)
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test lint sample bench clean

demo: $(VENV)/.installed
	$(BIN)/commtrace demo

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

sample: $(VENV)/.installed
	$(BIN)/python sample_mailboxes/make.py

bench: $(VENV)/.installed-test
	$(BIN)/python benchmarks/ingest.py
	$(BIN)/python benchmarks/screen.py

clean:
	rm -rf $(VENV) build dist *.egg-info demo-case

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "commtrace needs Python 3.11 to 3.13 with venv; install it or set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@ $(VENV)/.installed

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(VENV)/.installed-test $(VENV)/.installed
