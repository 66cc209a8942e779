# make help lists what there is to make. Targets are files: nothing up to date is made again.
SHELL := /bin/sh
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:

PYTHON ?= python3
BIN := .venv/bin
PIPELINE := $(BIN)/python -W error::FutureWarning -m pipeline
BROWSER := page
ASSETS := pipeline/atlas/assets
QUIET ?= $(if $(CI),--quiet)

# An area given by AREA is built or fails; without one, every area that make data was run for,
# and on a fresh machine the fictional demonstration area.
FETCHED := $(filter-out demo,$(patsubst data/raw/areas/%.json,%,$(wildcard data/raw/areas/*.json)))
AREAS := $(or $(AREA),$(FETCHED),demo)
DATA_AREA := $(or $(AREA),norfolk-and-waveney)
nation = $(if $(filter demo,$(1)),demo,england)

DECLARED := declared/sources.toml declared/areas.toml
SHARED_CODE := $(wildcard pipeline/*.py pipeline/stages/*.py pipeline/catalogue/*.py pipeline/tables/*.py pipeline/raw/*.py pipeline/store/*.py pipeline/join/*.py)
TIDY_CODE := $(SHARED_CODE) $(wildcard pipeline/tidy/*.py)
# Files of one's own that places.toml and areas.toml name, wherever they lie.
OWN_FILES := $(wildcard $(shell sed -n 's/^[a-z_]*file *= *"\([^"]*\)".*/\1/p' declared/places.toml declared/areas.toml))
PLACES := declared/places.toml declared/areas.toml $(OWN_FILES)
CAPACITY_CODE := $(SHARED_CODE) $(wildcard pipeline/act/*.py pipeline/risk/*.py pipeline/places/*.py)
INDEX_CODE := $(CAPACITY_CODE) $(wildcard pipeline/index/*.py pipeline/space/*.py)
METHOD_CODE := $(INDEX_CODE) $(wildcard pipeline/reports/*.py)
ATLAS_CODE := $(SHARED_CODE) $(wildcard pipeline/atlas/*.py)
ATLAS_CODE += declared/help.toml declared/places.toml
BROWSER_CODE := $(wildcard $(BROWSER)/src/*.ts $(BROWSER)/src/*.css $(BROWSER)/*.mjs $(BROWSER)/*.json)

.PHONY: maps data site test lint england bench clean help check
maps: check $(AREAS:%=maps/%/atlas.html) $(AREAS:%=maps/%/method.html) ## build the map of AREA, or of every area there is data for
	@for area in $(AREAS); do \
	  case $$area in demo) echo "Open maps/demo/atlas.html  (FICTIONAL DATA. For the real Norfolk and Waveney: make data, then make maps)";; \
	  *) echo "Open maps/$$area/atlas.html";; esac; done

# Says what is missing before anything is installed.
check:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; this is " + sys.version)'
	@for area in $(filter-out demo,$(AREAS)); do $(PYTHON) -m pipeline.raw $$area || exit 1; done

data: .venv/.installed ## fetch the sources of AREA (default norfolk-and-waveney); MIRROR=<folder> takes them from there
	@$(PIPELINE) data $(DATA_AREA) $(QUIET) $(if $(MIRROR),--mirror $(MIRROR)) $(ACCEPT:%=--accept %)

england: ## build the map of all England (after make data AREA=england)
	@$(MAKE) --no-print-directory maps AREA=england

# Sites are sought when asked for, and shown by the next make maps.
site: .venv/.installed ## seek NEW sites (default 5) for AREA; REACH=5km KIND=library CANDIDATES=<file> BUDGET=<sum> MODEL=p-median
	@$(MAKE) --no-print-directory data/processed/$(DATA_AREA)/risk.parquet
	@$(PIPELINE) site $(DATA_AREA) --new $(or $(NEW),5) $(if $(REACH),--reach $(REACH)) $(KIND:%=--kind %) $(if $(CANDIDATES),--candidates $(CANDIDATES)) $(if $(BUDGET),--budget $(BUDGET)) $(if $(MODEL),--model $(MODEL)) $(QUIET)

test: .venv/.installed-dev $(ASSETS)/atlas.js ## set up what is missing and run every test
	@$(BIN)/playwright --version >/dev/null && $(BIN)/python tests/browser_setup.py
	@cd $(BROWSER) && PATH="$(abspath $(BIN)):$$PATH" npm test --silent
	@$(BIN)/python -m pytest

lint: .venv/.installed-dev $(BROWSER)/node_modules/.installed ## check style and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@cd $(BROWSER) && PATH="$(abspath $(BIN)):$$PATH" npm run lint --silent

bench: .venv/.installed-dev $(ASSETS)/atlas.js ## measure stages, page sizes and drawing
	@$(BIN)/python -m tests.bench $(BENCH)

clean: ## remove what was built; raw files and the installed environment stay
	@rm -rf data/processed/* maps/* $(ASSETS)

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

# --- the environment -----------------------------------------------------------------------------

.venv/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; this is " + sys.version)'
	@echo "Setting up Python packages (once)"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.installed: requirements.lock .venv/.created
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(BROWSER)/node_modules/.installed: $(BROWSER)/package-lock.json $(BROWSER)/package.json .venv/.installed
	@cd $(BROWSER) && PATH="$(abspath $(BIN)):$$PATH" npm ci --silent --no-audit --no-fund
	@touch $@

$(ASSETS)/atlas.js: $(BROWSER_CODE) $(BROWSER)/node_modules/.installed
	@cd $(BROWSER) && PATH="$(abspath $(BIN)):$$PATH" npm run build --silent

# --- the way through -----------------------------------------------------------------------------

data/raw/areas/demo.json data/raw/national/demo.json &: $(wildcard pipeline/demo/*.py) declared/sources.toml | .venv/.installed
	@$(PIPELINE) demo $(QUIET)
	@touch data/raw/areas/demo.json data/raw/national/demo.json

.SECONDEXPANSION:

data/processed/national/%/reference.parquet: data/raw/national/%.json declared/sources.toml $(TIDY_CODE) | .venv/.installed
	@$(PIPELINE) tidy $* $(QUIET)

data/processed/%/joined.parquet: data/raw/areas/%.json data/processed/national/$$(call nation,$$*)/reference.parquet $(DECLARED) $(TIDY_CODE) | .venv/.installed
	@$(PIPELINE) join $* $(QUIET)

data/processed/%/support_places.parquet: data/processed/%/joined.parquet $(PLACES) $(TIDY_CODE) $(CAPACITY_CODE) | .venv/.installed
	@$(PIPELINE) places $* $(QUIET)

data/processed/%/risk.parquet: data/processed/%/joined.parquet data/processed/%/support_places.parquet $(wildcard declared/indices/*.toml) declared/uncertainty.toml declared/rates.toml declared/help.toml $(INDEX_CODE) | .venv/.installed
	@$(PIPELINE) score $* $(QUIET)

maps/%/atlas.html: data/processed/%/risk.parquet $$(wildcard data/processed/$$*/sites.parquet) declared/layers.toml $(ATLAS_CODE) $(ASSETS)/atlas.js | .venv/.installed
	@$(PIPELINE) map $* $(QUIET)

maps/%/method.html: data/processed/%/risk.parquet declared/uncertainty.toml $(wildcard data/processed/*/evidence.json data/processed/national/*/evidence.json) $(METHOD_CODE) | .venv/.installed
	@$(PIPELINE) method $* $(QUIET)
