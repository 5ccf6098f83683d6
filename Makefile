# Two commands matter: `make demo` and `make test`. Each sets up whatever it needs.
VENV := .venv
PYTHON := $(VENV)/bin/python
SHIMS := $(wildcard tools/shims/*/pyproject.toml)

.PHONY: help setup setup-dev demo demo-reset test check lock benchmark screenshots

help:
	@echo "make demo        set up and run Schoolgate with a made-up school and rehearsal networks"
	@echo "make demo-reset  the same, starting over"
	@echo "make test        set up and run every test"
	@echo "make check       linters, types and import contracts"
	@echo "make benchmark   measure, side by side"
	@echo "make screenshots take the pictures of the documents anew"
	@echo "make setup       only make .venv"
	@echo "make lock        pin the requirements anew"

setup: $(VENV)/.made

setup-dev: $(VENV)/.made-dev

$(VENV)/.made: requirements.txt $(SHIMS) tools/make_venv.sh
	@tools/make_venv.sh requirements.txt
	@touch $@

$(VENV)/.made-dev: requirements-dev.txt $(SHIMS) tools/make_venv.sh
	@tools/make_venv.sh requirements-dev.txt
	@touch $(VENV)/.made $@

demo: setup
	@exec $(PYTHON) tools/demo.py

demo-reset: setup
	@exec $(PYTHON) tools/demo.py --reset

test: setup-dev
	@exec $(PYTHON) -m tools.run_tests

check: setup-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

benchmark: setup-dev
	@exec $(PYTHON) -m pytest tests/benchmarks tests/integration/comments -m benchmark -s -p no:xdist

screenshots: setup-dev
	@exec $(PYTHON) -m tools.screenshots

lock: setup-dev
	$(VENV)/bin/uv pip compile -q --python-version 3.11 --no-emit-index-url --no-header requirements.in -o requirements.txt
	$(VENV)/bin/uv pip compile -q --python-version 3.11 --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt
