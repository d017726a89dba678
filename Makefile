# Two commands on a fresh machine: `make demo` and `make test`. Both set up what is missing:
# Debian's packages by apt where this user may, Python parts into .venv from the lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CODE := kiosk_app device_drivers sync_agent tests

# What Qt, the pictures and the sounds need of the system.
DEBIAN := python3-venv fonts-noto-cjk libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 libpulse0
# Tests only: the clerk's page is driven in a real browser.
DEBIAN_FOR_TESTS := chromium chromium-driver
DEBIAN_FOR_WINDOWS := libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0

# Windows are tested in processes of their own: no thread of another test may take Qt's objects apart.
WITH_QT := tests/screens tests/kiosk_screens tests/technician_screens
WITHOUT_QT := $(addprefix --ignore=,$(WITH_QT))
# Two files at once on each core: half of what tests do is waiting for other programs and for lines.
CORES := $(shell nproc)
AT_ONCE := $(shell expr 2 \* $(CORES))

export QT_QPA_PLATFORM ?= offscreen

# Installing on a terminal: DESTDIR stages, PROFILE chooses the example terminal.toml, WHEELS is a directory of packages
# for a terminal without the Internet (`make wheels WHEELS=DIR` fills it).
DESTDIR ?=
PREFIX ?= /opt/hall-kiosk
PROFILE ?= window
WHEELS ?=
INSTALLER := -m config.install --destdir "$(DESTDIR)" --prefix "$(PREFIX)" --profile "$(PROFILE)" --wheels "$(WHEELS)"

.PHONY: help demo test bench check lint types layers qml tests lock format sounds system clean
.PHONY: install uninstall rollback wheels

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /	/'

demo: $(STAMP) ## a day at a window and at a kiosk, with simulated hardware and platform, told step by step
	@$(BIN)/python -m tests.demo

test: check tests ## everything that must hold: format, lint, types, layers, QML, tests

check: lint types layers qml ## all checks but the tests

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

layers: $(STAMP)
	$(BIN)/lint-imports --no-cache

qml: $(STAMP)
	$(BIN)/pyside6-qmllint -W 0 --unused-imports warning -I . kiosk_app/screens/*.qml kiosk_app/screens/*/*.qml

tests: $(STAMP)
	$(BIN)/pytest --numprocesses $(AT_ONCE) --dist loadfile $(WITHOUT_QT)
	@printf '%s\n' $(wildcard $(addsuffix /test_*.py,$(WITH_QT))) | xargs -P $(CORES) -I FILE $(BIN)/pytest -q FILE

bench: $(STAMP) ## durable append, queries and delivery, as ratios against named baselines in the same run
	@$(BIN)/python -m tests.bench

format: $(STAMP) ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

sounds: ## make the placeholder sounds anew (needs espeak-ng)
	$(BIN)/python assets/make_sounds.py

lock: $(STAMP) ## resolve the dependencies anew; the newest Qt that runs with glibc 2.28 stays
	$(BIN)/pip install --quiet uv
	printf 'pyside6-essentials==6.9.3\npyside6-addons==6.9.3\nshiboken6==6.9.3\n' > $(VENV)/floor.txt
	$(BIN)/uv pip compile --generate-hashes --no-header --universal --python-version 3.11 --extra dev --upgrade \
		--no-annotate -c $(VENV)/floor.txt pyproject.toml -o requirements.lock
	sed -n 's/^\([a-z0-9._-]*==[^ ;]*\).*/\1/p' requirements.lock > $(VENV)/locked.txt
	$(BIN)/uv pip compile --generate-hashes --no-header --universal --python-version 3.11 \
		--no-annotate -c $(VENV)/locked.txt pyproject.toml -o config/install/runtime.lock
	echo hatchling | $(BIN)/uv pip compile --generate-hashes --no-header --universal --python-version 3.11 \
		--no-annotate -c $(VENV)/locked.txt - -o config/install/build.lock

system: ## what is missing of Debian's packages, where this user may install them
	@missing=""; \
	for package in $(DEBIAN) $(DEBIAN_FOR_WINDOWS) $(DEBIAN_FOR_TESTS); do \
		dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ] && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	elif [ -n "$$missing" ]; then \
		echo "not installed, and this user may not install them:$$missing" >&2; \
	fi

$(STAMP): requirements.lock pyproject.toml
	@$(MAKE) --no-print-directory system
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

install: ## install on this terminal as root, or upgrade: the version before stays (DESTDIR, PREFIX, PROFILE, WHEELS)
	@$(PYTHON) $(INSTALLER) install

rollback: ## go back to the version before; what was recorded since stays
	@$(PYTHON) $(INSTALLER) rollback

uninstall: ## remove the program; settings and records stay
	@$(PYTHON) $(INSTALLER) uninstall

wheels: ## download what an installation needs into WHEELS (build/wheels), for a terminal without the Internet
	@$(PYTHON) $(INSTALLER) wheels

clean: ## remove what was made, but no records
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
