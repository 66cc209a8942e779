# Each target sets up what is missing and calls "python -m pipeline ...", which does the same without make.
# What is stale, and why, is decided there by the content of files: see "make status".
# For any GNU make from 3.81. What is given on the command line (AREA=...) reaches the program through the
# environment, so that no shell reads it; nor does make, so that a $ stays a $ (as does $$, as make writes it).
SHELL := /bin/sh
.SUFFIXES:

# Windows keeps programs of an environment elsewhere, and calls Python otherwise.
PYTHON ?= $(if $(filter Windows_NT,$(OS)),py -3,python3)
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
RUN := "$(BIN)/python" -m pipeline
# The environment's Python where there is one already: it is new enough, which the system's need not be.
BARE := $(firstword $(wildcard $(BIN)/python $(BIN)/python.exe))
BARE := $(if $(BARE),"$(BARE)",$(PYTHON))
quiet := $(if $(QUIET)$(CI),--quiet)
override AREA := $(subst $$$$,$$,$(value AREA))
override MIRROR := $(subst $$$$,$$,$(value MIRROR))
override ACCEPT := $(subst $$$$,$$,$(value ACCEPT))
override NEW := $(subst $$$$,$$,$(value NEW))
override REACH := $(subst $$$$,$$,$(value REACH))
override KIND := $(subst $$$$,$$,$(value KIND))
override CANDIDATES := $(subst $$$$,$$,$(value CANDIDATES))
override BUDGET := $(subst $$$$,$$,$(value BUDGET))
override OF := $(subst $$$$,$$,$(value OF))
override LEVEL := $(subst $$$$,$$,$(value LEVEL))
override MODEL := $(subst $$$$,$$,$(value MODEL))
override FILES := $(subst $$$$,$$,$(value FILES))
override CATEGORY := $(subst $$$$,$$,$(value CATEGORY))
override SCHEDULER := $(subst $$$$,$$,$(value SCHEDULER))
override NAME := $(subst $$$$,$$,$(value NAME))
override OLD := $(subst $$$$,$$,$(value OLD))
export AREA MIRROR ACCEPT NEW REACH KIND CANDIDATES BUDGET OF LEVEL MODEL FILES CATEGORY SCHEDULER NAME OLD

.PHONY: maps data status count site plan briefing pack keep compare validate england test check torture bench notebooks clean help declared-area raw-files
maps: raw-files $(VENV)/installed ## build the maps of AREA, or of every area that data was fetched for; ALL=1 of every ICB
	@$(RUN) maps $(quiet) $(if $(ALL),--all) --scheduler="$$SCHEDULER" -- "$$AREA"

data: declared-area $(VENV)/installed ## fetch the sources of AREA (default norfolk-and-waveney); MIRROR=<folder> takes them from there; CHECK=1 only asks each address
	@$(RUN) data $(if $(CHECK),--check,$(quiet)) --mirror="$$MIRROR" --accept="$$ACCEPT" -- "$$AREA"

status: declared-area $(VENV)/installed ## list what is stale in AREA, and why
	@$(RUN) status -- "$$AREA"

site: declared-area $(VENV)/installed ## propose NEW sites (default 5) for AREA; REACH=5km KIND=library CANDIDATES=<file> BUDGET=<sum> MODEL=p-median
	@$(RUN) site $(quiet) --new="$${NEW:-5}" --reach="$${REACH:-5km}" --kind="$$KIND" --candidates="$$CANDIDATES" --budget="$$BUDGET" --model="$${MODEL:-covering}" -- "$$AREA"

plan: declared-area $(VENV)/installed ## choose programmes of AREA for BUDGET pounds (default 100000); CANDIDATES=<file> REACH=5km add sites with costs
	@$(RUN) plan $(quiet) --budget="$${BUDGET:-100000}" --reach="$${REACH:-5km}" --candidates="$$CANDIDATES" -- "$$AREA"

count: declared-area $(VENV)/installed ## count the rows of FILES (a file, folder or pattern) by neighbourhood of AREA; CATEGORY=<header> SCHEDULER=tls://…
	@$(RUN) count $(quiet) --category="$$CATEGORY" --scheduler="$$SCHEDULER" -- "$$FILES" "$${AREA:-norfolk-and-waveney}"

briefing: declared-area $(VENV)/installed ## write the briefing on AREA, or OF=<district, ward, practice …> in it, or on each of LEVEL=lad with ALL=1
	@$(RUN) briefing $(quiet) --of="$$OF" --level="$$LEVEL" $(if $(ALL),--all) -- "$$AREA"

pack: declared-area $(VENV)/installed ## put all that was made for AREA into one archive to hand on; stories, unpublished outcomes and the self-assessment stay out
	@$(RUN) pack $(quiet) -- "$$AREA"

keep: declared-area $(VENV)/installed ## keep AREA as it is built now, to compare a later run with it; NAME=before-tablets names the run
	@$(RUN) keep $(quiet) --as="$$NAME" -- "$$AREA"

compare: declared-area $(VENV)/installed ## say what changed in AREA from OLD=<date or name of a kept run, iod2019 …> to NEW (default now), and why
	@$(RUN) compare $(quiet) --area="$$AREA" -- "$$OLD" "$${NEW:-now}"

validate: declared-area $(VENV)/installed ## compare every index with every declared outcome in AREA
	@$(RUN) validate $(quiet) -- "$$AREA"

england: $(VENV)/installed ## build the maps of all England (after make data AREA=england)
	@$(RUN) maps $(quiet) england

test: $(VENV)/installed-dev ## set up what is missing; check style and types, then run every test
	@"$(BIN)/python" -m tests.everything

check: $(VENV)/installed-dev ## style, types and unit tests, in under a minute
	@"$(BIN)/python" -m tests.everything --quick

torture: $(VENV)/installed-dev ## damage every source, file, option and machine in every way, and count what was wrong in silence; TORTURE=--all
	@"$(BIN)/python" -m tests.torture $(TORTURE)

bench: $(VENV)/installed-dev ## measure every stage beside the plain way into docs/performance.md; BENCH="england --no-page"
	@"$(BIN)/python" -m benchmarks $(BENCH)

notebooks: $(VENV)/installed-dev ## run the notebooks on what was built, and print what their cells show
	@"$(BIN)/python" -m tests.notebooks

clean: $(VENV)/installed ## remove what was built; raw files and the installed environment stay
	@$(RUN) clean

help: ## this list
	@sed -n -e 's/^\([a-z]*\):.*## \(.*\)/  \1	\2/p' -e 's/^#: \(.*\)/  \1/p' Makefile

#: More commands, of .venv/bin/python -m pipeline; each explains itself with --help:
#:   init, demo, missing       a project folder, the fictional data, what is lacking
#:   score, calibrate          another index, fitted weights
#:   tidy, join, places, programmes, summarise, map, method, assess, package
#:                             an area up to one stage
#:   dictionary, architecture, contract, assets    what is made from the code

# --- said before anything is installed, by an interpreter without packages

declared-area:
	@$(BARE) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12 ...")'
	@$(BARE) -m pipeline.raw --declared "$$AREA"

raw-files: declared-area
	@$(BARE) -m pipeline.raw "$$AREA"

# --- the environment: made once, and again when the lock files change

# Of several runs at once one sets up and the others wait: the lock ends with its process, however that ends.
ALONE := $(BARE) -c 'import importlib.util as u, subprocess, sys; lock = open(sys.argv[1], "a"); u.find_spec("fcntl") and __import__("fcntl").flock(lock, 2); sys.exit(subprocess.call(sys.argv[2:]))' $(VENV).lock $(SHELL) -ec

# What was installed is compiled on all cores: pip takes one, and as long again for packages' tests. A file that no
# Python can compile is none that is imported.
COMPILE := "$(BIN)/python" -m compileall -qq -j 0 -x "site-packages.+[/]tests[/]" $(VENV) || true

$(VENV)/installed: requirements.lock | declared-area
	@$(ALONE) 'if test -e $@ && test ! $@ -ot $<; then exit 0; fi; \
	  echo "Setting up Python packages in $(VENV) (once; a minute or so)"; \
	  test -x "$(BIN)/python" || $(PYTHON) -m venv $(VENV); \
	  "$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r $<; \
	  $(COMPILE); \
	  touch $@'

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	@$(ALONE) 'if test -e $@ && test ! $@ -ot $<; then exit 0; fi; \
	  echo "Setting up what the tests need (once)"; \
	  "$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r $<; \
	  $(COMPILE); \
	  touch $@'
