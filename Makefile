# Needs GNU make (3.81 of macOS is enough) and sh; the folder may have spaces in its name.
# `make` alone lists what there is.

PYTHON ?= python3
LAB_ARGS ?=
APP ?= app/calculators.ipynb
HUB_ARGS ?=
LIVE_PYTHON ?= 3.13
MINUTES ?= 10

# What a writer may get wrong without running a page.
WRITTEN := tests/test_prose.py tests/test_notes.py tests/test_anatomy.py tests/test_coverage.py tests/practice \
	--ignore=tests/practice/test_never_raises.py

RUN := .venv/bin/python -m

# Each file of tests to one of two processes, so that they share a browser or a hub.
PYTEST := $(RUN) pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: help lab edit app hub site live quick test slow search refresh bench lowest newest pins clean
help:
	@echo 'make lab       install what is missing and open your own copy of the course in JupyterLab'
	@echo 'make app       show the calculators as a page without code'
	@echo 'make hub       open the course for a class on this machine, until Ctrl+C'
	@echo 'make site      build the pages as a site to read, in build/site; nothing is run'
	@echo 'make live      build the pages that compute in the browser, with no server, in build/site/live'
	@echo 'make edit      open the originals of the pages in JupyterLab, for their authors'
	@echo 'make quick     what a writer runs while writing: pages, practice, the notebooks changed'
	@echo 'make test      install what is missing and test all that needs nothing else'
	@echo 'make slow      the other tests: they install something, or ask the network'
	@echo 'make search    look for new examples on which a test fails, MINUTES=10 long'
	@echo 'make refresh   run every notebook again and store its outputs in normal form'
	@echo 'make bench     measure models and calculators, and print tables of ratios'
	@echo 'make lowest    try the oldest versions that pyproject.toml allows, make newest the newest'
	@echo 'make pins      renew pins.txt from the ranges in pyproject.toml'
	@echo 'make clean     remove what was built here'
	@echo
	@echo 'PYTHON=python3.13 chooses another Python (3.11 or later) when .venv is built.'
	@echo 'LAB_ARGS="--no-browser --port=8899" is passed on to JupyterLab, HUB_ARGS to JupyterHub.'
	@echo 'make app APP=ja/app/calculators.ipynb shows the calculators in Japanese.'

lab: .venv/lab
	$(RUN) tools.start $(LAB_ARGS)

edit: .venv/test
	$(RUN) tools.start --originals $(LAB_ARGS)

# Only for this computer (ip): whoever opens the page runs a kernel here.
app: .venv/app
	JUPYTER_PATH=app $(RUN) voila $(APP) --template=course --Voila.ip=127.0.0.1 \
		$(if $(filter ja/%,$(APP)),--VoilaExporter.language_code=ja)

# Only for this computer too, unless told otherwise: deploy/README.md.
hub: .venv/lab deploy/proxy/node_modules/.package-lock.json
	$(RUN) uv pip install --quiet --system-certs --constraint pins.txt --requirement deploy/hub.txt
	$(RUN) tools.hub $(HUB_ARGS)

# From the pages as they are stored. A warning is an error: a link that leads nowhere, for one. LIVE is
# JupyterLite's folder on the site, where it is built (live/); without it the pages open on Binder.
LIVE ?=
site: .venv/site
	LIVE=$(LIVE) $(RUN) sphinx -W --keep-going --quiet --fresh-env --write-all -c site -d build/site-parts . build/site
	@echo 'The site is in build/site: open build/site/index.html'

# Beside the pages to read, where both are made. Not with the Python of .venv: uv brings one that is new
# enough where there is none.
live: .venv/uv deploy/live/node_modules/.package-lock.json
	$(RUN) uv run --isolated --no-project --system-certs --python $(LIVE_PYTHON) \
		--with-requirements deploy/live/requirements.txt python -m tools.live build/site/live

# npm writes this file when all is installed.
deploy/%/node_modules/.package-lock.json: deploy/%/package-lock.json
	@command -v npm >/dev/null || { \
		echo 'There is no npm here: install Node.js 18 or later, which brings it.'; exit 1; }
	npm ci --prefix deploy/$* --no-audit --no-fund
	touch $@

# Two things at once, on two cores: the pages changed are run, while all are read.
quick: .venv/test
	@$(RUN) tools.strict --changed & run=$$!; \
	$(RUN) tools.notebooks check && $(RUN) pytest -n 2 -q $(WRITTEN); read=$$?; \
	wait $$run && exit $$read

# The types are checked on the second core while the first tests start.
test: .venv/test
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	@$(RUN) mypy & types=$$!; \
	$(RUN) tools.notebooks check && $(PYTEST) -m 'not slow'; tested=$$?; \
	wait $$types && exit $$tested
	@echo 'Not tested here: what installs something or asks the network (make slow). CI runs both.'

slow: .venv/test
	$(PYTEST) -m slow

search: .venv/test
	$(RUN) tools.search $(MINUTES)

refresh: .venv/test
	$(RUN) tools.notebooks refresh
	$(RUN) tools.index

bench: .venv/test
	$(RUN) uv pip install --system-certs --constraint pins.txt --requirement benchmarks/requirements.txt
	$(RUN) benchmarks
	$(RUN) benchmarks.slider
	$(RUN) benchmarks.memory
	$(RUN) benchmarks.orders
	$(RUN) benchmarks.board

# In an environment of its own, for .venv has the pins. What stored outputs and pins say is not tried.
lowest: RANGE := lowest-direct
newest: RANGE := highest
lowest: within
newest: within
.PHONY: within
within: .venv/uv
	$(RUN) uv venv --quiet --clear --python .venv/bin/python .venv/$(RANGE)
	$(RUN) uv pip install --quiet --system-certs --python .venv/$(RANGE) --upgrade --group test --editable . \
		--resolution $(RANGE)
	.venv/$(RANGE)/bin/python -m pytest -n 2 -q tests/models tests/practice tests/orders tests/test_calculator.py \
		tests/test_charts.py tests/test_page_charts.py tests/test_shown.py tests/test_units.py

# Each Python gets the newest version that supports it (uv's own strategy): a version that runs on the
# oldest Python has no wheels for the newest.
pins: .venv/uv
	$(RUN) uv pip compile --quiet --system-certs --upgrade --universal --python-version 3.11 \
		--group test --group author --no-emit-index-url \
		--custom-compile-command 'make pins' --output-file pins.txt pyproject.toml
	$(RUN) uv pip compile --quiet --system-certs --upgrade --universal --python-version 3.11 \
		--constraint pins.txt --no-annotate --no-emit-index-url \
		--custom-compile-command 'make pins' --output-file deploy/hub.txt deploy/hub.in
	$(RUN) uv pip compile --quiet --system-certs --upgrade --python-platform linux \
		--python-version "$$(sed s/python-// binder/runtime.txt)" \
		--constraint pins.txt --no-annotate --no-emit-index-url --custom-compile-command 'make pins' \
		--output-file binder/requirements.txt pyproject.toml binder/requirements.in
	$(RUN) uv pip compile --quiet --system-certs --upgrade --universal --python-version 3.12 \
		--constraint pins.txt --no-annotate --no-emit-index-url \
		--custom-compile-command 'make pins' \
		--output-file deploy/live/requirements.txt deploy/live/requirements.in

clean:
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache deploy/proxy/node_modules \
		deploy/live/node_modules build
	find . -name __pycache__ -prune -exec rm -rf {} +

# Installs what is missing; nothing, and at once, where all is there.
.PHONY: .venv/lab .venv/app .venv/site .venv/test .venv/uv
.venv/lab .venv/app .venv/site .venv/test .venv/uv:
	@command -v "$(PYTHON)" >/dev/null || { \
		echo 'There is no "$(PYTHON)" here: install Python from www.python.org, or name the one' \
			'that you have, as in: make lab PYTHON=python3.13'; exit 1; }
	@"$(PYTHON)" -m tools.install $(notdir $@)
