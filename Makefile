# Each target works alone: the first one called makes .venv and installs the project with its test tools.
#   PYTHON=python3.12   the interpreter that makes .venv
#   VENV=path           an environment that already has the dependencies; nothing is installed into it

PYTHON ?= python3
EXPECT := tests/data/tutorial_excerpt.expect.toml
DOCUMENTS := derivations tests/data/tutorial_excerpt.md

ifeq ($(strip $(VENV)),)
override VENV := .venv
READY := .venv/.ready
else
READY := suitable
endif

PY := $(VENV)/bin/python
PYTEST := $(PY) -m pytest -q
# The command as installed, but from this tree even where another copy is installed.
LSTM_SYM := $(PY) -c 'import sys; sys.argv[0] = "lstm-sym"; from lstm_sym.cli import main; sys.exit(main())'

export PYTHONPATH := $(CURDIR)$(if $(PYTHONPATH),:$(PYTHONPATH))
export PATH := $(abspath $(VENV))/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help check test fuzz bench recheck clean suitable

help:  ## print the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 15

check: $(READY)  ## the main job: judge every equation of the documents
	@$(LSTM_SYM) check $(DOCUMENTS) --expect $(EXPECT) --no-cache

test: $(READY)  ## ruff, mypy and pytest
	@failed=; \
	$(PY) -m ruff check --quiet --output-format concise . || failed="$$failed ruff"; \
	$(PY) -m mypy || failed="$$failed mypy"; \
	$(PYTEST) -n auto || failed="$$failed pytest"; \
	test -z "$$failed" || { echo "failed:$$failed" >&2; exit 1; }

fuzz: $(READY)  ## search at random for a wrong verdict (long)
	@$(PYTEST) -n auto -m fuzz --hypothesis-profile=default

bench: $(READY)  ## measure, one process at a time: the symbolic side, then the tests marked bench
	@$(PY) benchmarks/symbolic.py
	@$(PYTEST) -n 0 -s -m bench

recheck: $(READY)  ## have Coq check the library and every theorem again, on all cores
	@$(PYTEST) -n 0 -m recheck tests/test_coq.py

clean:  ## remove .venv, caches and build products
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find lstm_sym tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; name another with PYTHON=...")'
	@echo "installing into .venv"
	@$(PYTHON) -m venv .venv
	@$(PY) -m pip install -q -e '.[test]'
	@touch $@

suitable:
	@test -x $(PY) || { echo "VENV=$(VENV): there is no bin/python; leave VENV out to have .venv made" >&2; exit 2; }
	@$(PY) -c 'import sympy, numpy, markdown_it, mdit_py_plugins, flint, rich, typer, pytest, xdist, hypothesis' \
	  || { echo "VENV=$(VENV) lacks a dependency: $(PY) -m pip install -e '.[test]'" >&2; exit 2; }
