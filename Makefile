# Two commands do all the set-up: make audit, make test.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DATA ?=
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt
# What a start compiles is kept for the next one, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE
export DIST_EXTRA_CONFIG := $(CURDIR)/.ci/wheels.cfg
SAY = @echo "Installing into $(VENV), once:$(1). It takes a few minutes."

.PHONY: audit setup test test-exhaustive test-engines check docs quality model bench crash serve wheel clean

audit: $(VENV)/.ready  ## audit the shipped sample: no server, no key
	@$(BIN)/tieout audit samples/sources.yaml || [ $$? -eq 3 ]

setup: $(VENV)/.dev  ## everything that tests and checks need

test: $(VENV)/.dev  ## run the tests; DATA=FOLDER adds those on labelled third-party data
	$(BIN)/python -m pytest -q -n 3 --dist worksteal --forbid-skips --ignore tests/engines $(if $(DATA),--data="$(DATA)")

test-exhaustive: $(VENV)/.dev  ## the same with every variation: kills at every node, each injection, floods; takes twice as long
	$(BIN)/python -m pytest -q -n 3 --dist worksteal --forbid-skips --exhaustive --ignore tests/engines $(if $(DATA),--data="$(DATA)")
	$(BIN)/python -m pytest -q --forbid-skips --exhaustive tests/engines

test-engines: $(VENV)/.dev  ## the same findings on PostgreSQL and, of few tests, on a Spark cluster; needs Java
	$(BIN)/python -m pytest -q --forbid-skips --durations 12 tests/engines

check: $(VENV)/.dev  ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

docs: $(VENV)/.dev  ## write what is generated: tests of the books, rules, the graph's picture, the command line
	$(BIN)/python -m tools.operations.docs
	$(BIN)/python -m graph.picture
	$(BIN)/python -m desk.cli.reference

quality: $(VENV)/.dev  ## figures on labelled data: make quality DATA=FOLDER
	$(BIN)/python -m benchmarks.quality $(if $(DATA),"$(DATA)")

model: $(VENV)/.dev  ## what a model changes, costs and survives, against a scripted endpoint
	$(BIN)/python -m benchmarks.model $(if $(DATA),"$(DATA)")

bench: $(VENV)/.bench  ## speed, as ratios against named peers
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.recovery

crash: $(VENV)/.dev  ## kill a programme's workers 1,000 times: what was lost, what was done twice
	$(BIN)/python -m benchmarks.kills

serve: $(VENV)/.dev  ## LangGraph Server on this machine
	$(BIN)/tieout serve

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(call SAY, what an audit needs)
	@$(PIP) -e .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(call SAY, what an audit and its tests need)
	@$(PIP) -e '.[dev]'
	@touch $@ $(VENV)/.ready

$(VENV)/.bench: $(VENV)/.dev
	$(call SAY, the peers that speed is held against)
	@$(PIP) -e '.[dev,bench]'
	@touch $@

wheel: $(VENV)/.dev  ## what is installed elsewhere, into dist/
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) .tieout
