# The two commands of the README, and their parts.
PYTHON ?= python3
BIN := .venv/bin
export OMP_NUM_THREADS := 1

.PHONY: demo test setup lint types tests audit hostile bench clean

demo: setup
	$(BIN)/speechmark demo

test: setup lint types tests

setup: .venv/installed

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable '.[dev]'
	@if ! command -v bwrap >/dev/null; then \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	        apt-get update -qq && apt-get install -y -qq bubblewrap; \
	    else \
	        echo "Isolation level 3 needs bubblewrap: sudo apt install bubblewrap"; \
	    fi; \
	fi
	touch $@

lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

tests:
	$(BIN)/pytest -n 2 --dist loadfile

audit: setup
	$(BIN)/speechmark audit contrastive

hostile: setup
	SPEECHMARK_HOSTILE=all $(BIN)/pytest tests/hostile

bench: setup
	$(BIN)/python -m tests.benchmarks

clean:
	rm -rf .venv .speechmark source demo
