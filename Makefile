# 衡 Heng. Two commands do everything on a machine with git, make and Python 3.11 or newer:
#   make demo   set up, then run a demo region from its Excel files to its cost tables (demo/region, demo/out)
#   make test   set up, then run the tests
# The others: spark browser screens postgresql lint types contracts format reference picture bundle nightly lock clean. PYTHON=/path/to/python chooses the interpreter.
.DELETE_ON_ERROR:
.PHONY: demo test setup spark browser screens postgresql lint types contracts format reference picture bundle nightly lock clean python FORCE

BIN := .venv/bin
READY := .venv/.ready
# A virtual environment remembers where it stands: a moved folder gets a new one.
MOVED := $(shell test -f $(READY) && test "$$(cat $(READY))" != "$$(pwd -P)" && echo FORCE)

# heng starts three times as fast where Python may keep what it has compiled; some machines forbid that to everything.
unexport PYTHONDONTWRITEBYTECODE

demo: $(READY)
	$(BIN)/heng demo

test: $(READY)
	$(BIN)/python -m pytest -q $(ARGS)

setup: $(READY)

# Set-up, once: Python's own venv, then the pinned installer by pip, then everything else by hash, then heng itself.
# Nothing of it needs the network again while the locks stay the same.
OLD_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
CANDIDATES := $(if $(PYTHON),$(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)
FIND := for p in $(CANDIDATES); do "$$p" -c '$(OLD_ENOUGH)' 2>/dev/null && { command -v "$$p"; exit 0; }; done; \
  echo '找不到 Python 3.11 或更新的版本（找过：$(CANDIDATES)）。→ 请安装后再试，或写明：make PYTHON=/路径/python3.12' >&2; \
  echo 'No Python 3.11 or newer was found (looked for: $(CANDIDATES)). -> Install one, or name it: make PYTHON=/path/to/python3.12' >&2; \
  exit 1
NO_VENV := { echo "$$python 不能建立虚拟环境。→ Debian/Ubuntu 请先：apt install python3-venv" >&2; \
  echo "$$python cannot make a virtual environment. -> On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
# uv does not read pip's settings: hand it the mirror and the certificates that pip is told to use.
PIP_SAYS = $(BIN)/python -m pip config get global.$(1) 2>/dev/null || true
UV = export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 VIRTUAL_ENV="$$(pwd -P)/.venv"; \
  index="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$($(call PIP_SAYS,index-url))}}"; test -z "$$index" || export UV_DEFAULT_INDEX="$$index"; \
  cert="$${SSL_CERT_FILE:-$${PIP_CERT:-$$($(call PIP_SAYS,cert))}}"; test -z "$$cert" || export SSL_CERT_FILE="$$cert"; \
  $(BIN)/uv

python:
	@$(FIND)

.venv/.uv: requirements/uv.txt $(MOVED)
	@python=$$($(FIND)) || exit 1; \
	{ test -z "$(MOVED)" && $(BIN)/python -c '$(OLD_ENOUGH)' 2>/dev/null && $(BIN)/python -m pip --version >/dev/null 2>&1; } \
	|| "$$python" -m venv --clear .venv || $(NO_VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/uv.txt
	@touch $@

$(READY): .venv/.uv requirements/dev.txt pyproject.toml
	@$(UV) pip sync --quiet --offline --require-hashes requirements/dev.txt 2>/dev/null \
	|| $(BIN)/uv pip sync --quiet --require-hashes requirements/dev.txt
	@$(UV) pip install --quiet --offline --no-build-isolation --no-deps --editable .
	@pwd -P > $@

# The second engine has an environment of its own: half a gigabyte that nobody needs on one machine.
SPARK := .venv-spark
spark: $(SPARK)/.ready
	$(SPARK)/bin/python -m pytest -q tests/spark $(ARGS)

$(SPARK)/.ready: $(READY) requirements/spark.txt
	@$(UV) venv --quiet --clear --python $(BIN)/python $(SPARK)
	@$(UV) pip sync --quiet --offline --python $(SPARK)/bin/python --require-hashes requirements/spark.txt 2>/dev/null \
	|| $(BIN)/uv pip sync --quiet --python $(SPARK)/bin/python --require-hashes requirements/spark.txt
	@$(UV) pip install --quiet --offline --python $(SPARK)/bin/python --no-build-isolation --no-deps --editable .
	@touch $@

# The desk's tests on a real PostgreSQL, Debian's (apt-get install postgresql); without it they fail. The long ones are nightly.
postgresql: $(READY)
	HENG_REQUIRE_POSTGRESQL=1 $(BIN)/python -m pytest -q tests/desk -m "postgresql and not nightly" $(ARGS)

# The pages in Debian's Chromium (apt-get install chromium fonts-noto-cjk); without it they fail. `make screens` keeps their pictures.
browser: $(READY)
	$(BIN)/python -m pytest -q tests/browser -m browser $(ARGS)

screens: $(READY)
	HENG_SCREENS=1 $(BIN)/python -m pytest -q tests/browser -m browser $(ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

contracts: $(READY)
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

# What the declarations say, and what the tool prints: both are committed, a test compares the first.
reference: $(READY)
	$(BIN)/python -m heng.serve.reference docs/reference

picture: $(READY)
	$(BIN)/python docs/picture.py docs/picture.svg

# What a hospital without internet installs from: dist/heng-…-bundle.zip. Needs the network, once for each platform and Python.
bundle: $(READY)
	$(BIN)/python packaging/bundle.py $(ARGS)

# The long trials; their dated figures are carried into docs/measured.md by hand.
nightly: $(READY)
	$(BIN)/python -m pytest -q -m nightly $(ARGS)
	@for b in bench/[a-z]*.py; do name=$$(basename "$$b" .py); echo "== heng bench $$name"; $(BIN)/heng bench "$$name" --json || exit 1; done

# New pins only with `make lock UPGRADE=--upgrade`. One version for all Pythons, so that the same run gives the same bytes.
LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(UPGRADE)
lock: .venv/.uv
	@$(LOCK) requirements/uv.in --output-file requirements/uv.txt
	@$(LOCK) requirements/dev.in --constraints requirements/uv.txt --output-file requirements/dev.txt
	@$(LOCK) requirements/run.in --constraints requirements/dev.txt --output-file requirements/run.txt
	@$(LOCK) requirements/spark.in --constraints requirements/dev.txt --constraints requirements/uv.txt --output-file requirements/spark.txt

clean:
	rm -rf .venv $(SPARK) demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
