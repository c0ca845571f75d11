# `make report` on a bare machine sets itself up: uv in .tools, the locked packages in .venv. Nothing is installed elsewhere.
UV_VERSION := 0.13.9
PYTHON ?= python3
ARGS ?=

TOOLS := .tools/uv-$(UV_VERSION)
READY := .venv/.ready
UV := .tools/bin/uv --quiet
# pages that the browser opens: no edition that someone may be reading is touched
PAGES := tests/browser/pages
BROWSER_READY := tests/browser/node_modules/.ready
NODE_HINT := apt-get install nodejs npm (Debian), brew install node (macOS), winget install OpenJS.NodeJS (Windows)
# Two runs of the tests use two processors. The second takes what the first leaves, so no folder can be forgotten; what
# starts processes and waits for them is all in it, and builds each default edition once. Halves: what looks at what the
# notebooks show is in one, which runs them once.
QUICK := tests/unit tests/properties
FIRST := $(QUICK) tests/data tests/reference tests/simulation
HALF := tests/properties tests/unit/present tests/unit/report tests/unit/sources tests/unit/methods
WHOLE := two_users or two_builds or outlive
PYTEST = .venv/bin/python -m pytest --override-ini=cache_dir=.pytest_cache/$@
BESIDE = --no-print-directory --keep-going --jobs=2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))

# Packages imported uncompiled cost seconds per run: compile them once, and let Python keep what it compiles itself.
export UV_COMPILE_BYTECODE := 1
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: report demo test test-first test-others test-quick test-half test-half-other test-faults test-operation test-files fuzz test-browser test-lab test-r-exchange test-xlsform rehearsal check check-data bench simulate lab lock reference reference-notebooks errors help clean

report: $(READY) ## build the report of the latest wave in reports/ (ARGS="--language en")
	@.venv/bin/wijkpeiling report $(ARGS)

demo: $(READY) ## build the same on invented answers, in reports/demo/ (ARGS="--language en")
	@.venv/bin/wijkpeiling demo $(ARGS)

ifeq ($(strip $(ARGS)),)
test: $(READY) ## run the tests (ARGS="-k trend")
	@echo "Two runs beside each other; each is shown when it is done" >&2
	@$(MAKE) $(BESIDE) test-first test-others

test-quick: $(READY) ## what one runs while working: rooms and properties, no nbval, edition or simulation
	@echo "Two runs beside each other; each is shown when it is done" >&2
	@$(MAKE) $(BESIDE) test-half test-half-other
else
test test-quick: $(READY)
	@.venv/bin/python -m pytest $(ARGS)
endif

test-first: $(READY)
	@$(PYTEST) $(FIRST)

test-others: $(READY)
	@$(PYTEST) tests --ignore=tests/faults $(FIRST:%=--ignore=%)

test-half: $(READY)
	@$(PYTEST) $(HALF)

test-half-other: $(READY)
	@$(PYTEST) $(filter-out $(HALF),$(QUICK)) $(HALF:%=--ignore=%)

ifeq ($(strip $(ARGS)),)
test-faults: $(READY) ## damaged inputs, other people's files, signals, hostile notebooks (ARGS="-k signals")
	@echo "Two runs beside each other; each is shown when it is done" >&2
	@$(MAKE) $(BESIDE) test-operation test-files
else
test-faults: $(READY)
	@.venv/bin/python -m pytest tests/faults $(ARGS)
endif

# mostly waiting for kernels and processes; the files go with the builds of whole editions, which take as long
test-operation: $(READY)
	@$(PYTEST) tests/faults/test_operation.py -k "not ($(WHOLE))"

test-files: $(READY)
	@$(PYTEST) tests/faults -k "not test_operation or $(WHOLE)"

fuzz: $(READY) ## damage thousands of invented exports, and hold the intake against a careful reader (EXAMPLES=2000, for each form)
	@EXAMPLES=$(or $(EXAMPLES),500) $(PYTEST) tests/faults/test_misread.py $(ARGS)

test-browser: $(READY) $(BROWSER_READY) ## drive the built pages, Dutch and English, in a real Chromium (needs Java too)
	@.venv/bin/wijkpeiling report --output $(PAGES)/2019 --wave 2019
	@.venv/bin/wijkpeiling report --output $(PAGES)/2019-en --wave 2019 --language en
	@.venv/bin/wijkpeiling publish --output $(PAGES)/site --url https://example.org/peiling $(PAGES)/2019 $(PAGES)/2019-en
	@.venv/bin/wijkpeiling plan --output $(PAGES)/plan > /dev/null
	@.venv/bin/wijkpeiling plan --output $(PAGES)/plan-en --language en --correlation 0.4 --share 0.3 > /dev/null
	@for language in nl en; do \
		WIJKPEILING_PLAN=$(CURDIR)/$(PAGES)/plan$$([ $$language = nl ] || printf -- -$$language)/index.html \
		WIJKPEILING_LANG=$$language \
		WIJKPEILING_PAGE=$(CURDIR)/$(PAGES)/2019$$([ $$language = nl ] || printf -- -$$language)/index.html \
			npm test --silent --prefix tests/browser || exit 1; \
	done

test-lab: $(READY) $(BROWSER_READY) ## run each lesson in a real JupyterLab and move its slider, in Chromium
	@NO_PROXY=127.0.0.1,localhost npm run lab --silent --prefix tests/browser

rehearsal: $(READY) ## a whole wave by its commands: from an empty folder to the edition, with invented answers
	@.venv/bin/python tests/rehearsal/run.py

check: $(READY) ## lint, format, types and the direction of imports
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy wijkpeiling
	@.venv/bin/lint-imports --no-logo

check-data: $(READY) ## check the data of the editions in reports/ with frictionless, in an environment of its own (ARGS=FOLDER)
	@.venv/bin/python tests/check_data.py $(ARGS)

bench: $(READY) ## time it against papermill's loop, R and svy (ARGS="--rows 240 10000": R takes minutes for a million)
	@.venv/bin/python tests/bench/run.py
	@.venv/bin/python tests/bench/intake.py
	@.venv/bin/python tests/bench/answers.py $(ARGS)

simulate: $(READY) ## how often intervals cover: renew tests/simulation/COVERAGE.md (ten minutes)
	@.venv/bin/python tests/simulation/run.py $(ARGS)

lab: $(READY) ## open the notebooks in JupyterLab
	@.venv/bin/wijkpeiling lab $(ARGS)

lock: $(TOOLS) ## renew requirements.lock from pyproject.toml (ARGS=--upgrade takes newer versions)
	@$(UV) --no-config pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --output-file requirements.lock $(ARGS)

test-r-exchange: $(READY) ## read what `wijkpeiling export` writes in R (needs R with its package foreign)
	@sh tests/reference/exchange.sh

reference: $(READY) ## renew tests/reference/ from R (needs R with its packages survey and MASS)
	@sh tests/reference/run.sh

reference-notebooks: $(READY) ## renew tests/notebooks/, the copies with outputs that nbval compares with
	@.venv/bin/python tests/notebooks/regenerate.py

errors: $(READY) ## renew docs/errors.md, exit codes and messages, from the code
	@.venv/bin/python -m tests.messages

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

clean: ## remove the set-up and the caches; reports stay
	rm -rf .venv .tools tests/browser/node_modules $(PAGES) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find wijkpeiling tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp is written last, so a set-up that was cut short is done again.
$(READY): $(TOOLS) requirements.lock pyproject.toml
	@echo "Setting up .venv, once" >&2
	@rm -f $@
	@$(UV) venv --allow-existing --python .tools/bin/python .venv
	@$(UV) pip sync --python .venv/bin/python --require-hashes requirements.lock
	@$(UV) pip install --python .venv/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

$(TOOLS):
	@$(PYTHON) -c '$(SUPPORTED)' 2>/dev/null || { \
		echo "Python 3.11 to 3.14 is needed: apt-get install python3 python3-venv (Debian), or make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python has no venv: apt-get install python3-venv (Debian)" >&2; exit 1; }
	@rm -rf .tools
	@$(PYTHON) -m venv .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(BROWSER_READY): tests/browser/package-lock.json
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "Node.js is missing: $(NODE_HINT)" >&2; exit 1; }
	@cd tests/browser && npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@
