# make demo   set up and show maillint on the example: needs python3 with venv, nothing else
# make test   set up and run every check of the project
# make lint   style, types and layers only
# make proof  all that is held against the real Postfix about access, instead of a part: some ten minutes
# make docs   the documentation site, in build/site
# make bench  the figures maillint promises to keep
# make bench-dns  what asking the DNS about a thousand domains takes, beside checkdmarc

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXAMPLE := examples/gmail-bounce/before

.PHONY: demo test lint docs proof bench bench-dns debian-packages

demo: $(VENV)/.installed
	@echo '$$ maillint check $(EXAMPLE)'
	@$(BIN)/maillint check $(EXAMPLE) || test $$? -eq 1
	@$(BIN)/maillint check --format concise $(EXAMPLE) 2>&1 | grep -q 'myorigin-unset' || \
	{ echo 'demo: the cause of the bounces was not found'; exit 1; }
	@echo 'demo: these findings are the demonstration, so make ends well; maillint itself ended with exit status 1'

test: debian-packages $(VENV)/.installed-dev
	@.ci/sarif-multitool $(VENV)/npm
	@status=0; \
	$(MAKE) --no-print-directory lint || status=1; \
	$(BIN)/pytest -n 2 --dist loadgroup || status=1; \
	exit $$status

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.installed-dev
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo "docs: open build/site/index.html"

proof: debian-packages $(VENV)/.installed-dev
	MAILLINT_PROOF=all $(BIN)/pytest -q tests/lab/test_access.py tests/corpus/test_fixes.py

bench: $(VENV)/.installed-dev
	@status=0; \
	$(BIN)/python benchmarks/run.py || status=1; \
	$(BIN)/python benchmarks/diagnose.py || status=1; \
	exit $$status

bench-dns: $(VENV)/.installed-dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python benchmarks/many_domains.py

# The real servers that maillint is measured against; the editors that show what it finds; what fills ERB
# templates in; and the shells that complete its commands.
debian-packages:
	@.ci/debian-packages postfix postfix-pcre postfix-lmdb nsd
	@.ci/debian-packages dovecot-core opendkim
	@.ci/debian-packages vim vim-ale neovim emacs-nox elpa-flycheck
	@.ci/debian-packages ruby zsh fish
	@.ci/debian-packages chromium

$(BIN)/python:
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	echo "make: $(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv"; exit 1; }

# Installed once, and again only when pyproject.toml changes.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "installing maillint into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	@echo "installing maillint and what its tests need into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed
