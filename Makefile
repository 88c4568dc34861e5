# Two commands for a new machine with python3, venv and make: `make demo` and `make test`. Each sets up what it needs.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types imports protos-lint tests format proto lock notices clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP) ## Make .venv with everything, from pinned versions

$(STAMP): requirements/runtime.txt requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## Route a real day over gRPC, survive a kill, and compare policies
	$(BIN)/careroute demo

test: lint types imports protos-lint tests ## Everything CI runs

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports --no-logo

protos-lint: setup
	$(BIN)/buf lint

# Coverage has its say before pytest's closing line: 100 % of the branches of the rooms named in pyproject.toml.
tests: setup
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term

format: setup ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

proto: setup ## Regenerate routing/v1 from proto/
	$(BIN)/python scripts/generate_protos.py

lock: ## Pin the versions installed in .venv into requirements/
	$(BIN)/python scripts/lock_requirements.py

notices: setup ## Rewrite THIRD-PARTY-NOTICES.md from the installed packages
	$(BIN)/python scripts/third_party_notices.py

clean: ## Remove .venv and caches
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* build dist
