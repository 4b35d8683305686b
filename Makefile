# The two commands of the README, and their parts. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
export OMP_NUM_THREADS := 1

# pip says a line for each package; long lines are cut to what a terminal shows.
PIP_LINES := grep --line-buffered -E '^ *(Collecting|Downloading|Installing|Successfully|ERROR)' | sed -u 's/^\(.\{100\}\).*/\1.../'

.PHONY: help demo test setup fresh wheel lint types tests audit hostile bench clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: setup ## grade a made-up class; show table, report and CSV
	$(BIN)/speechmark demo

test: setup lint types tests ## formatter, linter, types, tests, attacks

setup: .venv/installed ## a virtual environment with the versions of constraints.txt

.venv/installed: pyproject.toml constraints.txt
	@echo "Setting up .venv: some 170 packages, 6 GB on disk, one to five minutes"
	$(PYTHON) -m venv .venv
	@$(BIN)/pip install --progress-bar off --constraint constraints.txt --editable '.[dev]' | $(PIP_LINES)
	@if ! command -v bwrap >/dev/null; then \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	        echo "Installing bubblewrap, for isolation level 3"; \
	        apt-get update -qq && apt-get install -y -qq bubblewrap; \
	    else \
	        echo "Isolation level 3 needs bubblewrap: sudo apt install bubblewrap"; \
	    fi; \
	fi
	touch $@

fresh: ## set up and test in a new folder with the newest versions that pyproject.toml allows
	@folder=$$(mktemp -d) && echo "A fresh copy in $$folder" && \
	git clone --quiet . $$folder/speechmark && cd $$folder/speechmark && \
	$(PYTHON) -m venv .venv && \
	echo "Installing the newest versions in range" && \
	{ .venv/bin/pip install --progress-bar off --editable '.[dev]' | $(PIP_LINES); } && \
	echo "What differs from constraints.txt:" && \
	{ .venv/bin/pip freeze --exclude-editable | diff constraints.txt - | grep '^[<>]' || true; } && \
	.venv/bin/speechmark doctor && \
	.venv/bin/pytest -n 2 --dist loadfile tests/support tests/lab tests/course tests/store tests/grading && \
	rm -rf $$folder

wheel: setup ## build what students install, without solutions and hidden suites, into dist/
	$(BIN)/python -m autograder.authoring.releasing.wheel dist

lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

tests:
	$(BIN)/pytest -n 2 --dist loadfile

audit: setup ## do the suites of all assignments tell right from wrong? (alone where in doubt)
	$(BIN)/speechmark audit --fast

hostile: setup ## every attack, at every isolation level
	SPEECHMARK_HOSTILE=all $(BIN)/pytest tests/hostile

bench: setup ## measure what docs/ and the README say (an hour and more)
	$(BIN)/python -m tests.benchmarks

clean: ## remove the environment, results and the demo
	rm -rf .venv .speechmark source demo dist
