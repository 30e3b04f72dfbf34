# Each target sets up what it needs in $(VENV) and runs. From an empty clone only make and Python 3.11 or later
# are wanted; PYTHON=/path/to/python chooses another one.
#
#   make demo        serve the example project on a free loopback port
#   make quick       the tests that take no time, in half a minute
#   make test        all tests that start no server, on two processes
#   make check       formatting, lint, types and the same tests with branch coverage
#   make everywhere  what starts servers, proxies, browsers and databases, and Django's own tests
#   make bench       measure, and write docs/benchmarks.md

SHELL := /bin/sh
VENV ?= .venv
JOBS ?= 2
PYTEST_ARGS ?=
# The newest Django, or that of a version: make test DJANGO=5.2
DJANGO ?=

# The first of these that is new enough; empty when none is.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c '$(NEW_ENOUGH)' 2>/dev/null && { echo "$$python"; break; }; done)

IN_VENV := $(VENV)/bin/python
PIP := $(IN_VENV) -m pip install --quiet --disable-pip-version-check
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo quick test check everywhere bench clean

help:
	@sed -n 's/^#   //p' Makefile

demo: $(STAMP)-demo
	@$(IN_VENV) examples/demo.py

# The tests of one file stay together, so that a server that a file needs is started once.
PYTEST := -m pytest -n $(JOBS) --dist loadfile

quick: $(STAMP)-test
	HYPOTHESIS_PROFILE=quick $(IN_VENV) $(PYTEST) -q -m "not slow and not everywhere" $(PYTEST_ARGS)

test: $(STAMP)-test
	$(IN_VENV) $(PYTEST) -m "not everywhere" $(PYTEST_ARGS)

# The documentation's examples are tests as well (tests/test_docs.py): the last run includes them.
check: $(STAMP)-check $(STAMP)-test
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m mypy
	$(IN_VENV) -m pyright --pythonpath $(IN_VENV)
	$(IN_VENV) -m coverage erase
	$(IN_VENV) -m coverage run $(PYTEST) -m "not everywhere" $(PYTEST_ARGS)
	$(IN_VENV) -m coverage combine --quiet
	$(IN_VENV) -m coverage report

# A server, proxy or database that is not installed is a skip with its reason; in CI (CI=true) it is a failure.
everywhere: $(STAMP)-everywhere
	$(IN_VENV) $(PYTEST) -m everywhere $(PYTEST_ARGS)
	$(IN_VENV) -m tests.django_suite

bench: $(STAMP)-bench
	$(IN_VENV) -m benchmarks

clean:
	rm -rf $(VENV) build dist .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis

# One environment for all targets: each adds its own groups, so a later target never removes what an earlier one uses.
$(STAMP)-demo: GROUPS := --group demo
$(STAMP)-test: GROUPS := --group test --group servers
$(STAMP)-check: GROUPS := --group check --group test --group servers
$(STAMP)-everywhere: GROUPS := --group test --group servers
$(STAMP)-bench: GROUPS := --group bench

$(STAMP)-%: $(STAMP)-pip pyproject.toml
	$(PIP) --editable . $(GROUPS) $(if $(DJANGO),"django==$(DJANGO).*")
	@touch $@

# Dependency groups need pip 25.1.
$(STAMP)-pip:
	@[ -n "$(PYTHON)" ] || { echo "No Python 3.11 or later found. Install one, or name it: make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c '$(NEW_ENOUGH)' || { echo "$(PYTHON) is older than Python 3.11, or not there. Name another: make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || { echo "$(PYTHON) has no ensurepip. On Debian: apt-get install python3-venv" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	$(PIP) --upgrade "pip>=25.1"
	@touch $@

.PRECIOUS: $(STAMP)-%
