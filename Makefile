# Needs GNU make (3.81 of macOS is enough) and sh; the folder may have spaces in its name.
# `make` alone lists what there is.

PYTHON ?= python3
LAB_ARGS ?=
MINUTES ?= 10

RUN := .venv/bin/python -m
PIP := $(RUN) pip install --quiet --disable-pip-version-check --constraint pins.txt

.PHONY: help lab edit app test search refresh bench pins clean
help:
	@echo 'make lab       install what is missing and open your own copy of the course in JupyterLab'
	@echo 'make app       show the calculators as a page without code'
	@echo 'make edit      open the originals of the pages in JupyterLab, for their authors'
	@echo 'make test      install what is missing and test everything'
	@echo 'make search    look for new examples on which a test fails, MINUTES=10 long'
	@echo 'make refresh   run every notebook again and store its outputs in normal form'
	@echo 'make bench     measure models and calculators, and print tables of ratios'
	@echo 'make pins      renew pins.txt from the ranges in pyproject.toml'
	@echo 'make clean     remove what was built here'
	@echo
	@echo 'PYTHON=python3.13 chooses another Python (3.11 or later) when .venv is built.'
	@echo 'LAB_ARGS="--no-browser --port=8899" is passed on to JupyterLab.'

lab: .venv/lab
	$(RUN) tools.start $(LAB_ARGS)

edit: .venv/test
	$(RUN) tools.start --originals $(LAB_ARGS)

# Only for this computer (ip): whoever opens the page runs a kernel here.
app: .venv/app
	JUPYTER_PATH=app $(RUN) voila app/calculators.ipynb --template=course --Voila.ip=127.0.0.1

test: .venv/test
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy
	$(RUN) tools.notebooks check
	$(RUN) pytest -n 2 --dist loadfile --no-loadscope-reorder

search: .venv/test
	$(RUN) tools.search $(MINUTES)

refresh: .venv/test
	$(RUN) tools.notebooks refresh
	$(RUN) tools.index

bench: .venv/test
	$(PIP) --requirement benchmarks/requirements.txt
	$(RUN) benchmarks
	$(RUN) benchmarks.slider
	$(RUN) benchmarks.memory

# Without --constraint: the old pins may be what stands in the way of the new ones. One version of a
# package for every Python and system (fewest), so that a page shows the same digits everywhere.
pins: .venv/place
	$(RUN) pip install --quiet --disable-pip-version-check --group author
	$(RUN) uv pip compile --quiet --system-certs --upgrade --universal --fork-strategy fewest \
		--python-version 3.11 --group test --group author --no-emit-index-url \
		--custom-compile-command 'make pins' --output-file pins.txt pyproject.toml

clean:
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# The files below are written last, by a step that succeeded: an installation that was
# interrupted is simply done again. New pins build .venv anew; a changed pyproject.toml installs again.
.venv/lab: .venv/place pyproject.toml
	@echo 'Installing the course in .venv (once; a minute or more)'
	@$(PIP) --build-constraint pins.txt --editable .
	@touch $@

.venv/app: .venv/lab
	@$(PIP) --group app
	@touch $@

.venv/test: .venv/lab
	@echo 'Installing what the tests need (once)'
	@$(PIP) --group test
	@touch $@

# A virtual environment remembers its folder. Where that was moved or copied, or the Python behind
# it is gone, it is built anew.
ifneq ($(shell test -x .venv/bin/python && cat .venv/place 2>/dev/null),$(CURDIR))
.PHONY: .venv/place
endif
.venv/place: pins.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'The course needs Python 3.11 or later, and "$(PYTHON)" is missing or older.'; \
		echo 'Install Python from www.python.org, or name another one: make lab PYTHON=python3.13'; \
		exit 1; }
	@"$(PYTHON)" -m venv --clear .venv
	@$(PIP) --upgrade pip
	@pwd -P > $@
