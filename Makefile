# Every target sets up what it needs; `make` alone prints this list.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
YEAR ?= 2023
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help
help: ## print this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "jixiao needs Python 3.11 or newer; say which with PYTHON=..."; exit 6; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "python3 -m venv failed; on Debian: apt-get install python3-venv"; exit 6; }

$(VENV)/.core: pyproject.toml | $(BIN)/python
	@echo "setting up $(VENV) (once)" >&2
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.ocr: pyproject.toml | $(BIN)/python
	@echo "setting up $(VENV) with the reader of scans (once)" >&2
	@$(INSTALL) -e '.[ocr]'
	@touch $@ $(VENV)/.core

# scans stand in PDFs, pictures and archives: only where there are such is their reader installed
PICTURED := $(shell find data/raw/$(YEAR) -type f 2>/dev/null | grep -qiE '\.(pdf|png|jpe?g|tiff?|zip|ofd|docx?)$$' && echo $(VENV)/.ocr)

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	@echo "setting up $(VENV) with the test tools (once)" >&2
	@$(INSTALL) -e '.[dev,ocr]'
	@touch $@ $(VENV)/.core $(VENV)/.ocr

.PHONY: setup
setup: $(VENV)/.dev ## make a virtual environment with everything for development

.PHONY: extract
extract: $(VENV)/.core $(PICTURED) ## read data/raw/YEAR and write the tables to data/warehouse
	@$(BIN)/jixiao extract --year $(YEAR) $(ARGS)

.PHONY: test
test: $(VENV)/.dev packages ## run all tests (under 15 minutes on two cores)
	$(BIN)/python -m pytest -n 2 $(ARGS)

$(VENV)/.ray: $(VENV)/.dev
	@echo "adding Ray to $(VENV) (once)" >&2
	@$(INSTALL) -e '.[dev,ocr,ray]'
	@touch $@

.PHONY: test-ray
test-ray: $(VENV)/.ray ## kill a node of a Ray cluster of two, on this machine, in the middle of a run (two minutes)
	$(BIN)/python -m pytest tests/cluster/two_nodes.py $(ARGS)

.PHONY: packages
packages: ## install the Debian packages that the tests draw documents with
	@.ci/packages

.PHONY: lint
lint: $(VENV)/.dev ## check style, types and the one-way layers
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: chaos
chaos: $(VENV)/.dev ## disturb runs of 300 documents in every way we know (half an hour); WRITE=1 puts the table into docs/chaos.md
	$(BIN)/python -m tests.chaos.report $(if $(WRITE),--write) $(ARGS)

.PHONY: golden
golden: $(VENV)/.dev ## show how the golden cases differ; WRITE=1 takes what was read as the new truth
	$(BIN)/python -m fixtures.golden $(if $(WRITE),--write) $(ARGS)

.PHONY: bench
bench: $(VENV)/.dev ## measure 50,000 forms on one core against the floor of reading files (some minutes)
	$(BIN)/python -m tests.bench.spine $(ARGS)

.PHONY: bench-scale
bench-scale: $(VENV)/.dev ## measure 100,000 mixed documents on 1 and 2 workers (hours; ARGS="--documents 5000")
	$(BIN)/python -m tests.bench.scale $(ARGS)

.PHONY: bench-pdf
bench-pdf: $(VENV)/.dev packages ## measure a 60-page report against pdfplumber, in time and memory
	$(BIN)/python -m tests.bench.pdf $(ARGS)

.PHONY: bench-breaks
bench-breaks: $(VENV)/.dev packages ## read 500 forms cut at every height by page breaks (some minutes)
	$(BIN)/python -m tests.bench.page_breaks $(ARGS)

.PHONY: bench-scans
bench-scans: $(VENV)/.dev packages ## read 40 drawn forms a level as scans and judge them (some minutes; ARGS="--forms 200")
	$(BIN)/python -m tests.bench.scans --forms 40 --jobs 2 $(ARGS)

.PHONY: families
families: $(VENV)/.dev packages ## read 1,000 drawn forms of every family in every kind of file (an hour; ARGS="--forms 100 --jobs 2")
	$(BIN)/python -m tests.bench.families --jobs 2 $(ARGS)

.PHONY: sweep
sweep: $(VENV)/.dev ## run the property tests with many more examples (long)
	$(BIN)/python -m pytest tests/laws tests/fuzz -n 2 --hypothesis-profile=sweep $(ARGS)

.PHONY: clean
clean: ## remove the virtual environment and all caches, never data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
