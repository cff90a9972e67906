# make serve | test | test-all | check | lock | clean
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/pip install -qq --disable-pip-version-check
RELEASE := $(or $(DISTRICTGRAPH_STATE),.districtgraph)/current

.PHONY: serve test test-all check lock clean

serve: .venv/installed service/static/parts
	@test -e $(RELEASE) || $(BIN)/districtgraph build
	@exec $(BIN)/districtgraph serve

test: .venv/installed-dev service/static/parts
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow"

test-all: .venv/installed-dev service/static/parts
	$(BIN)/pytest -m alone
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -m "not alone"

check: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/districtgraph format ontology --check

# Rewrites the lock files from pyproject.toml.
lock: .venv/installed-dev
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --group build --group dev pyproject.toml -o requirements-dev.lock

.venv/pip:
	@$(PYTHON) -c 'import sys; sys.exit("districtgraph needs Python 3.11 or later: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@echo "setting up .venv"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: .venv/pip requirements.lock pyproject.toml
	@echo "installing what requirements.lock names (half a minute the first time)"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-build-isolation --no-deps -e .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@echo "installing what requirements-dev.lock names"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

# What the pages take from npm; without it they suggest and draw nothing.
service/static/parts: service/parts/package-lock.json service/parts/install.py | .venv/installed
	@$(BIN)/python -m service.parts.install || true

clean:
	rm -rf .venv dist service/static/parts
