# Everything starts here: `make demo` and `make test` need Python 3.11+, make and the package index, and nothing else.
# `make help` lists the targets.

# The first Python that is new enough, can make a virtualenv, and really runs (a shim on the path may not).
ifndef PYTHON
PYTHON := $(shell for python in python3.13 python3.12 python3.11 python3; do \
	if $$python -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then command -v $$python; break; fi; done)
endif

VENV ?= .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
LINTED := main.py feeds tests bench .ci
PRINTED := public/index.html public/rss.xml public/atom.xml public/feed.json
NPM := tests/npm/node_modules
N ?= 500
# A worker more than there are cores: some tests wait for a process or a server.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
PARALLEL := -n $(WORKERS) --dist loadscope --no-loadscope-reorder

.PHONY: help demo test fuzz requests agreement messages editions reliability mutation lint requirements bench clean
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name what; do \
		printf '  make %-14s %s\n' "$$name" "$$what"; done

demo: $(VENV)/.ready ## print the sample articles as feeds and pages, and deliver a digest of them to twelve readers
	$(PY) main.py run --verbose
	$(PY) main.py subscribers import readers.csv --newsletter weekly --consent "Signed up at the quay, 2026"
	$(PY) main.py compose weekly --at 2026-11-23T07:00
	$(PY) main.py deliver
	$(PY) main.py publish
	$(PY) main.py preview weekly
	@printf '\nLook at:\n'
	@for file in $(PRINTED) var/preview/weekly/*; do \
		test -s "$$file" || { echo "$$file is missing" >&2; exit 1; }; echo "  $$file"; done
	@printf '\nOr serve it, and open http://localhost:8000/ in a browser:\n  $(PY) main.py serve --no-schedule\n'
	@number=$$(find var/maildir -type f -path '*/new/*' -o -type f -path '*/cur/*' | wc -l); \
		test "$$number" -ge 12 || { echo "12 messages were expected in var/maildir, and $$number are there" >&2; exit 1; }; \
		printf '\n%s messages lie in var/maildir. Open them in a mail program that reads a maildir:\n' "$$number"
	@printf '  mutt -f var/maildir\nor one of them in a browser: var/preview/weekly/index.html is the next edition as mail programs show it.\n'

test: $(VENV)/.ready-dev $(NPM)/.package-lock.json ## run the tests; one whose judge is not installed is skipped by name
	$(PY) -m pytest $(PARALLEL) $(ARGS)

fuzz: N = 100000
fuzz: $(VENV)/.ready-dev ## print N random articles in every format (N=100000, SEED=anything)
	$(PY) -m tests.formats.fuzzing $(N) $(SEED)

requests: N = 20000
requests: $(VENV)/.ready-dev ## send N odd requests to every page, and look at each answer (N=20000, SEED=anything)
	nice $(PY) -m tests.web.fuzzing $(N) $(SEED)

agreement: N = 10000
agreement: $(VENV)/.ready-dev $(NPM)/.package-lock.json ## compare what three parsers read of N articles (N=10000)
	$(PY) -m tests.formats.agreement $(N)

messages: N = 10000
messages: $(VENV)/.ready-dev ## build N messages of any text, and judge their bytes (N=10000)
	MESSAGES=$(N) $(PY) -m pytest -q tests/rendering/test_any_message.py

editions: N = 50
editions: $(VENV)/.ready-dev ## sign N editions of every kind, and let rspamd and opendkim judge them (N=50)
	EDITIONS=$(N) REQUIRE_JUDGES=1 $(PY) -m pytest -q tests/acceptance/test_made_editions.py

reliability: $(VENV)/.ready-dev ## kill it, fail its system calls, cut its power, all in full (half an hour; SEED=anything)
	RELIABILITY=full SEED=$(or $(SEED),119) nice -n 10 $(PY) -m pytest -q -s tests/acceptance/reliability tests/store/test_ledger_machine.py

mutation: $(VENV)/.ready-dev ## change what decides about deliveries, and count what no test notices (a quarter of an hour)
	$(PY) -m tests.mutation

lint: $(VENV)/.ready-dev ## check style, types and the house rule
	$(VENV)/bin/ruff check $(LINTED)
	$(VENV)/bin/ruff format --check $(LINTED)
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

bench: $(VENV)/.ready ## measure sync and publish of N entries beside feedgen, Pelican and Hugo (N=500)
	$(PY) -m bench.feeds.run --entries $(N) --changed $(N) $(ARGS)

requirements: ## pin the dependencies again, with hashes (needs uv)
	uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --upgrade --quiet --output-file requirements.txt
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --upgrade --quiet --constraint requirements.txt --output-file requirements-dev.txt

clean: ## remove the virtualenv and the tools' caches; the store (var) and what was printed (public) stay
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.ready: requirements.txt
	@test -n "$(PYTHON)" || { echo "Pressrun needs Python 3.11 or newer with its venv module; none was found." \
		"Install one, or name it: make demo PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PY) -c 'import pip, sys; sys.exit(sys.prefix == sys.base_prefix)' 2>/dev/null || \
		"$(PYTHON)" -m venv --clear $(VENV)
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt $(VENV)/.ready
	$(PIP) -r requirements-dev.txt
	@touch $@

$(NPM)/.package-lock.json: tests/npm/package-lock.json
	@command -v npm >/dev/null && npm ci --prefix tests/npm --silent --ignore-scripts || \
		echo "The judges from npm are not installed: tests that ask them are skipped." >&2
