# Two commands are enough on a machine that has Python and make: `make demo` and `make test`.
SHELL := /bin/bash
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
PY := .venv/bin/python
export UV_LINK_MODE ?= copy
# Python keeps what it compiled: without that every process of the tests compiles everything once more.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo serve test check format lint types layers templates bench faults lives soak attacks messages lock clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.tools/bin/uv:
	@command -v uv >/dev/null || (python3 -m venv .tools && .tools/bin/python -m pip install --quiet --disable-pip-version-check uv)

.venv/runtime: requirements.txt pyproject.toml hatch_build.py $(wildcard depesa/locale/*/LC_MESSAGES/*.po) | $(if $(filter .tools%,$(UV)),.tools/bin/uv)
	@test -x $(PY) || $(UV) venv --quiet
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements.txt
	@$(UV) pip install --quiet --python $(PY) --no-deps -e .
	@touch $@

.venv/develop: requirements-dev.txt .venv/runtime
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements-dev.txt
	@touch $@

demo: .venv/runtime ## real sales of one month: import, form, post, letters in the catcher; then serve the pages
	@.venv/bin/depesa demo $(ARGS)

serve: .venv/runtime ## run Depesa: pages, worker, postman and mail catcher, a process each
	@.venv/bin/depesa migrate --verbosity 0 && .venv/bin/depesa serve $(ARGS)

test: .venv/develop ## every test, browser included (on PostgreSQL: DEPESA_DATABASE_URL=postgres://... make test)
	@$(PY) -m tests.chromium
	@$(PY) -m pytest -n auto $(ARGS)

check: .venv/develop ## format, lint, types, layers, templates, catalogues, migrations
	@.venv/bin/ruff format --check --quiet . || (echo "run: make format" && false)
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy depesa
	@.venv/bin/lint-imports --no-cache
	@git ls-files -z --cached --others --exclude-standard -- '*/templates/*.html' | xargs -0 -r .venv/bin/djade --check --target-version 6.0
	@$(PY) -m tests.catalogues --complete
	@.venv/bin/depesa makemigrations --check --dry-run --verbosity 1

format: .venv/develop ## put code and templates into the house format
	@.venv/bin/ruff check --quiet --fix-only . ; .venv/bin/ruff format --quiet .
	@git ls-files -z --cached --others --exclude-standard -- '*/templates/*.html' | xargs -0 -r .venv/bin/djade --target-version 6.0

bench: .venv/develop ## measure form, render, seal and deliver; ARGS="--customers 10000"
	@$(PY) -m tests.bench $(ARGS)

faults: .venv/develop ## kill, cut off, fill up and restore while letters leave, and count; ARGS="kills --letters 20000"
	@$(PY) -m tests.faults $(ARGS)

lives: .venv/develop ## let orders and documents live at random beside small models; ARGS="--steps 500"
	@$(PY) -m tests.lives $(ARGS)

soak: .venv/develop ## clerks, workers, imports and a month at once on PostgreSQL; ARGS="--seconds 60"
	@$(PY) -m tests.soak $(ARGS)

attacks: .venv/develop ## attack a Depesa of its own like a stranger and like each role, and print what got through; ARGS="doors files"
	@$(PY) -m tests.chromium
	@$(PY) -m tests.attacks $(ARGS)

messages: .venv/develop ## collect texts for the catalogues of the languages and compile them
	@$(PY) -m tests.catalogues --update

lock: ## pin what is installed
	$(UV) pip compile --quiet pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.txt
	$(UV) pip compile --quiet pyproject.toml --all-extras --group dev --universal --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements-dev.txt

clean: ## remove what was installed and the demo's data
	rm -rf .venv .tools depesa-demo build dist
