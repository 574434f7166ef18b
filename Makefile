# `make help` lists the targets. Everything runs in .venv, which the first call makes and later calls find ready.

# The Python that .venv is made with; .venv itself comes first on PATH below, nbgrader calls alembic by its bare name.
PYTHON ?= python3
# Passed on to JupyterLab, for example: make lab LAB_ARGS="--no-browser --port=9000"
LAB_ARGS ?=
# Where `make lab` keeps a learner's own lessons.
WORK ?= work
# What `make notebooks` and `make nbval` work on: a folder, or a few notebooks.
NOTEBOOKS ?= notebooks
# The course that `make teach` opens: a folder with an nbgrader_config.py.
ASSIGNMENTS ?= assignments

SHELL := /bin/sh
export HERE := $(CURDIR)
export HOST_PATH := $(PATH)
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# The notebooks need matplotlib's inline backend: with another one, no figure is emitted.
unexport MPLBACKEND PYTHONPATH PYTHONHOME

# How many tests run at once.
WORKERS ?= 2
# A file stays with one worker, so what its tests share is made once; tests/conftest.py says which files begin.
PYTEST := .venv/bin/python -m pytest --numprocesses=$(WORKERS) --dist=loadfile --no-loadscope-reorder
# CONVLAB_STATIC: what is live for a learner (explorers, predictions) is a still picture or text in the stored notebooks.
# `-p no:python`: the cells alone, no Python test files. `-c`: warnings are errors here too, wherever the notebooks lie.
NBVAL := CONVLAB_STATIC=1 .venv/bin/python -m tools.run_nbval -c pyproject.toml -p no:python --nbval --nbval-current-env \
	--nbval-cell-timeout=120 --numprocesses=$(WORKERS) --dist=loadfile --nbval-sanitize-with=tools/nbval_sanitize.cfg

.DEFAULT_GOAL := help
.PHONY: help setup lab teach test check lint nbval notebooks coverage sheet book studies tables speed bench latency conformance clean distclean FORCE

help: ## List the targets
	@echo 'Two commands do all the set-up: make lab (opens the course) and make test (runs every test).'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

lab: setup ## Open JupyterLab on your own copy of the lessons, in work/ (LAB_ARGS=--no-browser: a server without a screen)
	.venv/bin/python -m convlab lab --folder '$(WORK)' $(LAB_ARGS)

# nbgrader reads nbgrader_config.py where the server is started, and wants the course below the server's own folder.
teach: setup ## Open JupyterLab on Formgrader, where a teacher hands out, collects and grades the assignments
	cd '$(ASSIGNMENTS)' && "$$HERE/.venv/bin/python" -m jupyterlab --ServerApp.root_dir="$$(pwd -P)" \
		--LabApp.default_url=/formgrader $(LAB_ARGS)

test: setup ## Run ALL tests: units, doctests, assignments, browser, and every notebook against its stored results
	@status=0; \
	echo '$(PYTEST)'; $(PYTEST) || status=1; \
	echo '$(NBVAL) notebooks'; $(NBVAL) notebooks || status=1; \
	exit $$status

check: lint ## Run what to run daily (a minute and a half): lint and the fast tests
	$(PYTEST) -m 'not slow and not assignments and not browser'

lint: setup ## Check style, format, spelling, types, and which package imports which
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/biome check
	.venv/bin/codespell
	.venv/bin/lint-imports
	.venv/bin/mypy

nbval: setup ## Run the notebooks again and compare with what they hold (NOTEBOOKS=notebooks/05*.ipynb for some)
	$(NBVAL) $(NOTEBOOKS)

notebooks: setup ## Execute the notebooks in place, top to bottom, and store the results (NOTEBOOKS=... for some)
	.venv/bin/python -m tools.execute_notebooks $(NOTEBOOKS)

coverage: setup ## Write the table of what the course covers, notebooks/COVERAGE.md, and look up every row in the lessons
	.venv/bin/python -m tools.course_coverage

sheet: setup ## Write the cheat sheet, notebooks/cheat_sheet.html
	.venv/bin/python -m tools.cheat_sheet

book: setup ## Build the book, a site of all lessons with living explorers, build/book/index.html (half a minute)
	.venv/bin/python -m tools.book

studies: setup ## Train the networks of the case studies anew and store the results (10 minutes on one core)
	.venv/bin/python -m tools.train_studies

tables: setup ## Print how fair the assignments' checks are: right answers, wrong answers, mutants (2 minutes)
	.venv/bin/python -m tools.tables

speed: setup ## Time the grading of 20 submissions against nbgrader's own settings (4 minutes)
	.venv/bin/python -m tools.bench_grading

bench: setup ## Time the operators against PyTorch and the naive loop
	.venv/bin/python tools/bench_reference.py

latency: setup ## Time the explorers in JupyterLab, from key press to changed frame (needs Chromium)
	.venv/bin/python tools/bench_explorers.py

conformance: .venv/.convlab-frameworks ## Call TensorFlow, Keras, JAX, ONNX Runtime and PyTorch and compare with convlab.frameworks (installs them)
	.venv/bin/python -m tools.conformance
	.venv/bin/python -m pytest tests/test_frameworks*.py

clean: ## Remove caches; grades, submissions and .venv stay
	rm -rf .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis build
	find . -path ./.venv -prune -o -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

distclean: clean ## Remove .venv as well
	rm -rf .venv convlab.egg-info

STAMP := .venv/.convlab-ready
VERSION_CHECK := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))

setup: $(STAMP) ## Make .venv with the project and its pinned dependencies, where it is not ready yet

# The stamp holds the folder that .venv was made in: after a move or a copy its scripts point elsewhere, so make it anew.
ifneq ($(shell test -x .venv/bin/python && cat $(STAMP) 2>/dev/null),$(CURDIR))
$(STAMP): FORCE
endif

$(STAMP): pyproject.toml constraints.txt
	@PATH="$$HOST_PATH"; \
	if test -e $(STAMP) && test "$$(cat $(STAMP))" != "$$HERE"; then rm -rf .venv; fi; \
	if .venv/bin/python -c '$(VERSION_CHECK)' 2>/dev/null; then exit 0; fi; \
	if ! command -v '$(PYTHON)' >/dev/null; then \
		echo 'convlab needs Python 3.11 to 3.14, and there is no $(PYTHON). Name one: make lab PYTHON=python3.12' >&2; \
		exit 1; \
	fi; \
	if ! '$(PYTHON)' -c '$(VERSION_CHECK)'; then \
		echo "convlab needs Python 3.11 to 3.14, and $(PYTHON) is $$('$(PYTHON)' --version 2>&1)." >&2; \
		echo 'Name another one: make lab PYTHON=python3.12' >&2; \
		exit 1; \
	fi; \
	echo 'Making .venv with $(PYTHON). This happens once and takes some minutes.'; \
	'$(PYTHON)' -m venv --clear .venv
	.venv/bin/python -m pip install --constraint constraints.txt --editable '.[lab,studies,grading,book,dev]'
	@echo "$$HERE" > $@

.venv/.convlab-frameworks: $(STAMP)
	.venv/bin/python -m pip install --constraint constraints.txt --editable '.[lab,studies,grading,book,dev,frameworks]'
	@touch $@
