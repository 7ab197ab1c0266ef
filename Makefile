# `make verify` and `make test` need only Python 3.11 or newer and make: the environment is created on first use.

PYTHON ?= python3
WORKERS ?= 2
BIN := .venv/bin
INSTALLED := .venv/installed
# Twice quiet: errors are shown, and nothing else.
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq --constraint constraints.txt

# One BLAS thread a process: the matrices are small, and parallelism is over claims and tests.
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

.PHONY: verify test test-slow lint format types bench bench-peers mutants planted mutants-sample claim-table import-graph coq-files ci install clean

verify: $(INSTALLED)
	@$(BIN)/proofs-check verify

test: $(INSTALLED)
	@$(BIN)/python -m pytest -n $(WORKERS)

# What `make test` leaves out, see pyproject.toml, and five times as many random cases.
test-slow: $(INSTALLED)
	@$(BIN)/python -m pytest -n $(WORKERS) -m "slow or hypothesis" --hypothesis-profile=thorough

install: $(INSTALLED)

# Build tools first and pinned, then no isolation: the build uses exactly the versions of constraints.txt.
# The first `list` compiles our modules and remembers the catalogue; every later one takes half a second.
$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, this is %d.%d; name another one with make PYTHON=python3.12" % sys.version_info[:2])'
	@echo "Installing the packages pinned in constraints.txt into .venv (once; a minute or two, about 1 GB)."
	@$(PYTHON) -m venv .venv
	@$(PIP) pip setuptools
	@$(PIP) --no-build-isolation --editable '.[dev,convex,smt,sweep,distributed]'
	@$(BIN)/proofs-check list > /dev/null
	@touch $@

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(INSTALLED)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# mypy sees the folders under their installed names through a tree of links.
types: $(INSTALLED)
	@mkdir -p build/types/early_alignment
	@for folder in theory numerics proofs_check; do ln -sfn ../../../$$folder build/types/early_alignment/$$folder; done
	@for file in api/*; do ln -sfn ../../../$$file build/types/early_alignment/; done
	MYPYPATH=build/types $(BIN)/mypy --package early_alignment
	MYPYPATH=build/types:tools $(BIN)/mypy tools/*.py tools/mutation

bench: $(INSTALLED)
	$(BIN)/python benchmarks

# What the flow is measured beside (large); without it `make bench` says so in its table.
bench-peers: $(INSTALLED)
	$(PIP) --no-build-isolation --editable '.[dev,convex,smt,sweep,distributed,bench]'

mutants: $(INSTALLED)
	PYTHONPATH=tools $(BIN)/python -m mutation --count 80 --seed 2 --report results/mutants

# All faults planted by hand, in some 20 minutes; the table is docs/planted-faults.md.
planted: $(INSTALLED)
	PYTHONPATH=tools $(BIN)/python -m mutation --planted --quick --report results/planted-faults
	cp results/planted-faults.md docs/planted-faults.md

mutants-sample: $(INSTALLED)
	PYTHONPATH=tools $(BIN)/python -m mutation --fixed --report results/mutants-sample

# The verdicts of the README are those of a run of all claims, recorded in proofs_check/report/recorded_verdicts.json; tests compare all three.
claim-table: $(INSTALLED)
	@mkdir -p results
	$(BIN)/proofs-check verify --json results/verify.json
	$(BIN)/python tools/claim_table.py --record results/verify.json --write README.md
	$(BIN)/python tools/trust_table.py --write docs/trust.md
	$(BIN)/python tools/theory_reference.py --write

# The drawing of the imports between chapters; a test compares it.
import-graph: $(INSTALLED)
	$(BIN)/python tools/import_graph.py --write docs/architecture.md

# The Coq files that the claims print, for readers; a test compares them.
coq-files: $(INSTALLED)
	$(BIN)/python tools/print_coq.py --write

ci:
	.ci/run

clean:
	rm -rf .venv build dist results *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
