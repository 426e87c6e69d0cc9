# Everything a newcomer needs. `make up`, then `make demo`; `make test` for the tests.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
# Python keeps what it has compiled, else each process compiles everything again.
unexport PYTHONDONTWRITEBYTECODE

help: ## What one can do here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

.venv/.installed: requirements.lock deploy/locks/installer.lock local/bootstrap.sh
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

test: .venv/.installed ## All tests, on a MongoDB and RabbitMQ of their own; a worker for each core
	@$(PYTHON) -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test-fast: .venv/.installed ## The tests of rules and contracts, which need no server
	@$(PYTHON) -m pytest -m "not servers and not long"

check: .venv/.installed ## Formatting, lint, types, architecture, generated documents
	@$(PYTHON) -m local check

format: .venv/.installed ## Format the code
	@$(PYTHON) -m ruff check -q --fix . ; $(PYTHON) -m ruff format -q .

docs: .venv/.installed ## Write docs/openapi and docs/asyncapi.yaml from the code
	@$(PYTHON) -m local docs

bench: .venv/.installed ## Benchmarks, each beside its floor; written to benchmarks/RESULTS.md
	@$(PYTHON) -m benchmarks

lock: .venv/.installed ## Pin the newest versions that pyproject.toml allows
	@$(PYTHON) -m local lock

.PHONY: help setup up demo status logs down reset test test-fast check format docs bench lock
