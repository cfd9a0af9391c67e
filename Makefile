# make demo    the example project on http://127.0.0.1:8000/ (PORT=… for another port)
# make test    the tests on SQLite; what speaks to a database also on PostgreSQL
# make prove   the slow proofs (killed processes, races, whole projects), and MariaDB
#              where there is one; what lands has passed these too
# make check   style, types, layers, migrations, and the rules of the house
# make bench   the measurements of docs/explanation/performance.md
# make messages  collect and compile the translations (needs gettext)

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
PORT ?= 8000
# One more than the cores of a small machine: tests wait for servers and browsers.
JOBS ?= 3

# What speaks to the database by itself; pages speak through these.
DATABASES := $(addprefix tests/,access accounts approvals audit authentication core \
	fields guard identity keys monitoring protection rest rotation secrets sessions \
	testing)

# On MariaDB without the parts of the audit that only read what others have written.
MARIADB := $(filter-out tests/audit,$(DATABASES)) $(wildcard tests/audit/test_*.py) \
	$(addprefix tests/audit/,archive coverage sealing verifying)

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d%d" % sys.version_info[:2])')
CONSTRAINTS := $(wildcard constraints-py$(VERSION).txt)
CONSTRAIN := $(addprefix --constraint ,$(CONSTRAINTS))
PYTEST := $(BIN)/python -m pytest
WORKERS := --numprocesses $(JOBS) --dist loadgroup --quiet
# Once more what failed among three at a time; see there.
AGAIN := sh tests/again.sh $(BIN)/python
MANAGE := $(BIN)/python -m django

# Tests start hundreds of processes; without kept bytecode each compiles all of jtsec.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test prove check bench messages clean
.DELETE_ON_ERROR:

demo: $(VENV)/ready-demo
	@$(BIN)/python example_project/manage.py demo --port $(PORT)

test: $(VENV)/ready-test
	@echo "== SQLite: every test but the slow proofs"
	@$(PYTEST) $(WORKERS) --database sqlite -m "not slow" \
		|| $(AGAIN) sqlite
	@echo "== PostgreSQL: what speaks to the database"
	@$(PYTEST) $(WORKERS) --database postgres \
		-m "database and not browser and not slow" $(DATABASES) \
		|| $(AGAIN) postgres
	@echo "The slow proofs and MariaDB: make prove"

prove: $(VENV)/ready-test
	@echo "== SQLite: the slow proofs"
	@$(PYTEST) $(WORKERS) --database sqlite -m slow || $(AGAIN) sqlite
	@echo "== PostgreSQL: what happens at the same instant"
	@$(PYTEST) $(WORKERS) --database postgres \
		-m "database and not browser and concurrency and slow" $(DATABASES) \
		|| $(AGAIN) postgres
	@if command -v mariadbd >/dev/null || test -x /usr/sbin/mariadbd; then \
		echo "== MariaDB: what writes, without the slow proofs"; \
		$(PYTEST) $(WORKERS) --database mariadb \
			-m "database and not browser and not slow" $(MARIADB) \
			|| $(AGAIN) mariadb; \
	else \
		echo "== MariaDB: skipped, it is not installed"; \
	fi

check: $(VENV)/ready-dev
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(MANAGE) makemigrations --check --dry-run --settings tests.settings
	@$(PYTEST) --quiet tests/house

bench: $(VENV)/ready-test
	@$(PIP) install $(CONSTRAIN) --editable ".[bench]" \
		|| echo "Not everything to compare with is installed; it is named and left out"
	@$(BIN)/python -m benchmarks

messages: $(VENV)/ready-demo
	@cd jtsec && $(abspath $(BIN))/django-admin makemessages --locale zh_Hans \
		--add-location file --no-wrap --no-obsolete
	@sed -i '/^"POT-Creation-Date: /d' jtsec/locale/*/LC_MESSAGES/django.po
	@cd jtsec && $(abspath $(BIN))/django-admin compilemessages --locale zh_Hans

clean:
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

$(BIN)/python:
	@echo "Creating $(VENV) with $(PYTHON)"
	@$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed"'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/ready-demo: $(BIN)/python pyproject.toml $(CONSTRAINTS)
	@echo "Installing jtsec with the example's server"
	@$(PIP) install $(CONSTRAIN) --editable ".[demo]"
	@$(PIP) install $(CONSTRAIN) --only-binary :all: gmssl-pyx 2>/dev/null \
		|| echo "No gmssl-pyx for this machine: SM2 runs on gmssl"
	@touch $@

$(VENV)/ready-test: $(VENV)/ready-demo
	@echo "Installing what the tests need"
	@$(PIP) install $(CONSTRAIN) --editable ".[axes,demo,otp,report,rest,test]"
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready-test
	@echo "Installing what the checks need"
	@$(PIP) install $(CONSTRAIN) --editable ".[dev]"
	@touch $@
