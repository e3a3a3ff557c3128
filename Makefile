# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint install clean

demo: $(VENV)/installed
	$(BIN)/wirecopy demo

# hundreds of processes: none should have to compile the modules again. A file's tests share what is dear to
# make (a Prefect server and worker), so they stay in one process; the long files come first by the alphabet
test: $(VENV)/installed-dev
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

install: $(VENV)/installed

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 14) else f"wirecopy needs Python 3.11, 3.12 or 3.13; {sys.executable} is {v[0]}.{v[1]}. Name one: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)

# "$(BIN)/python -m pip" and not "$(BIN)/pip": a script's first line can't hold a folder with a space
$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing wirecopy and its libraries into $(VENV) (once; about two minutes)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	$(BIN)/python -m flows.warm_up
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
