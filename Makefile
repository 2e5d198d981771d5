# make run   the site on PORT (default 8000), with a demo edition; DEMO=no: an empty site, for an edition of your own
# make test  all tests; Chromium, PostgreSQL and Redis are used if they are installed
# make test-quick  in a minute: all contracts, and the tests of the packages that have changed
# make check style, types, import contracts, migrations, templates
# make docs  the guide in French as files, and as one PDF (with Chromium), in var/docs
SHELL := /bin/bash
.DEFAULT_GOAL := help

export PATH := $(CURDIR)/.tools/node/bin:$(PATH)# what deploy/find-node installs

unexport PYTHONDONTWRITEBYTECODE # each process would compile the project anew: 1 to 3 s

DEMO ?= yes
ifeq ($(DEMO),no)
export CCD_DATA_DIR ?= var/own
endif
PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
.PHONY: help setup run test test-quick test-rules test-browser test-system test-scripts test-full check check-types check-python check-site check-browser format messages docs bench bench-uploads bench-fanout

help: ## The commands above
	@sed -n 's/^# make/make/p' Makefile

CATALOGUES := $(wildcard locale/en/*/*.po hackathon/extras/*/locale/en/*/*.po)

setup: .venv/.stamp node_modules/.stamp .venv/.catalogues ## Python and browser packages, from the lock files

.venv/.stamp: pyproject.toml uv.lock
	@deploy/find-uv
	@$(UV) sync --locked --extra s3 --quiet --compile-bytecode || { echo "The Python packages could not be installed: see above (Python 3.12 or newer is needed)." >&2; exit 1; }
	@touch $@

.venv/.catalogues: $(CATALOGUES) hackathon/base/core/management/commands/catalogues.py hackathon/base/core/typography.py | .venv/.stamp
	@$(MANAGE) catalogues
	@touch $@

node_modules/.stamp: package.json package-lock.json | .venv/.stamp
	@deploy/find-node
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

run: setup ## The site, with a demo edition if there is none; with DEMO=no a code to set up one's own
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@echo "$(if $(filter no,$(DEMO)),Its commands: CCD_DATA_DIR=$(CCD_DATA_DIR) $(PYTHON) manage.py …,For an edition of your own instead: make run DEMO=no)"
	@PATH="$(CURDIR)/.venv/bin:$$PATH" HOST=$(HOST) PORT=$(PORT) DEMO=$(DEMO) exec deploy/embedded

test: setup test-scripts
	@$(PYTHON) -m tests

test-quick: setup test-scripts
	@$(PYTHON) -m tests quick

test-rules test-browser test-system: test-%: setup ## One suite (tests/suites.py)
	@$(PYTHON) -m tests $*

test-scripts:
	@node --test --test-reporter=dot tests/js/*.test.js $(wildcard tests/extras/*/*.test.js)

test-full: setup ## All tests, the slow ones in their long versions
	@$(PYTHON) -m tests --full

check: setup
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-types check-python check-site check-browser

check-types:
	$(PYTHON) -m mypy

check-python:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	.venv/bin/lint-imports

check-site:
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check --fail-level WARNING

check-browser:
	.venv/bin/djlint --quiet --lint templates hackathon/extras
	npx --no-install eslint .
	npx --no-install tsc

format: setup
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

messages: setup ## Collect the texts to translate (needs gettext)
	$(MANAGE) makemessages --locale en --no-location --ignore node_modules --ignore .venv --ignore var

SPHINX := $(UV) run --quiet --isolated --locked --only-group docs python -m sphinx -W --keep-going -q -c docs/fr

docs: setup
	@$(SPHINX) -b html -d var/docs-build/html docs var/docs
	@$(SPHINX) -b singlehtml -d var/docs-build/pdf -t pdf docs/fr var/docs-build/one-page
	@echo '<meta http-equiv="refresh" content="0; url=fr/index.html">' >var/docs/index.html
	@$(PYTHON) -m tests.film.pdf var/docs-build/one-page/index.html var/docs/guide.pdf
	@echo "var/docs/index.html, var/docs/guide.pdf"

bench: bench-uploads bench-fanout ## Benchmarks of uploads and sockets

bench-uploads bench-fanout: bench-%: setup bench/%/node_modules/.stamp
	@$(PYTHON) -m bench.$*

bench/%/node_modules/.stamp: bench/%/package.json bench/%/package-lock.json
	@cd bench/$* && npm ci --no-audit --no-fund --loglevel=error
	@touch $@
