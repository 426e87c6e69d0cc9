# Everything a newcomer needs. `make up`, then `make demo`; `make test` for the tests.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python

help: ## What one can do here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/.installed: requirements.lock local/bootstrap.sh
	@./local/bootstrap.sh

setup: .venv/.installed ## Make the environment and install what is pinned

up: .venv/.installed ## Start the whole system with the Hanoi sample
	@$(PYTHON) -m local up

demo: .venv/.installed ## Play the main story over HTTP (after `make up`)
	@$(PYTHON) -m local demo

status: .venv/.installed ## What runs
	@$(PYTHON) -m local status

logs: .venv/.installed ## Follow the logs
	@$(PYTHON) -m local logs

down: .venv/.installed ## End everything; the data stays
	@$(PYTHON) -m local down

reset: .venv/.installed ## End everything and throw the data away
	@$(PYTHON) -m local reset

test: .venv/.installed ## All tests, on a MongoDB and RabbitMQ of their own
	@$(PYTHON) -m pytest

check: .venv/.installed ## Formatting, lint, types, architecture, generated documents
	@echo "· formatting" && $(PYTHON) -m ruff format --check -q .
	@echo "· lint" && $(PYTHON) -m ruff check -q .
	@echo "· types" && $(PYTHON) -m mypy
	@echo "· who may import whom" && .venv/bin/lint-imports --no-logo
	@echo "· no file over 300 lines"
	@find shared services local benchmarks tests -name '*.py' -exec awk 'FNR == 301 { print FILENAME; found = 1 } END { exit found }' {} +
	@echo "· generated documents" && $(PYTHON) -m local docs --check --breaking HEAD
	@echo "· lock files" && $(PYTHON) -m local lock --check

format: .venv/.installed ## Format the code
	@$(PYTHON) -m ruff check -q --fix . ; $(PYTHON) -m ruff format -q .

docs: .venv/.installed ## Write docs/openapi and docs/asyncapi.yaml from the code
	@$(PYTHON) -m local docs

bench: .venv/.installed ## Benchmarks, each beside its floor; written to benchmarks/RESULTS.md
	@$(PYTHON) -m benchmarks

lock: .venv/.installed ## Pin the newest versions that pyproject.toml allows
	@$(PYTHON) -m local lock

.PHONY: help setup up demo status logs down reset test check format docs bench lock
