"""`make test` tries the same examples everywhere; `make search` others, ending red or green."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import search

CONFTEST = Path(__file__).parents[1] / "conftest.py"
DRAWN = """
import hypothesis
import hypothesis.strategies as st

drawn = []

@hypothesis.given(st.floats(), st.integers())
def test_a(number, whole):
    drawn.append((number, whole))

def test_b():
    print(*drawn, sep="\\n")
"""
PROPERTY = """
import hypothesis
import hypothesis.strategies as st

@hypothesis.given(st.integers(0, 10**9))
def test_small(number):
    assert number < {limit}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tests with our settings and nothing else."""
    tests = tmp_path / "tests"
    tests.mkdir()
    shutil.copy(CONFTEST, tests)
    monkeypatch.setattr(search, "TESTS", tests)
    return tests


def test_the_examples_depend_neither_on_the_machine_nor_on_what_was_loaded_before(
    folder: Path,
) -> None:
    here = {name: value for name, value in search.ALONE.items() if name != "CI"}
    command = [sys.executable, "-m", "pytest", "-qs", "-p", "hypothesispytest", str(folder)]
    runs = []
    for before, machine in (("", here), ("import twostep.units", here | {"CI": "true"})):
        (folder / "test_drawn.py").write_text(before + DRAWN, encoding="utf-8")
        run = subprocess.run(
            command, capture_output=True, text=True, cwd=folder.parent, env=machine
        )
        assert run.returncode == 0, run.stdout
        runs.append([line for line in run.stdout.splitlines() if line.startswith("(")])
    assert len(runs[0]) >= 90
    assert runs[0] == runs[1]
    assert not list(folder.parent.rglob("examples"))  # a database of failures


def test_a_search_counts_new_examples(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "test_property.py").write_text(PROPERTY.format(limit=10**10), encoding="utf-8")
    files = search.property_tests()
    assert files == [folder / "test_property.py"]
    assert search.search(0, files) == 0
    assert "Nothing found: 500 new examples in 1 runs" in capsys.readouterr().out


def test_a_search_ends_red_with_the_example(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "test_property.py").write_text(PROPERTY.format(limit=1_000), encoding="utf-8")
    assert search.search(0, search.property_tests()) == 1
    said = capsys.readouterr().out
    assert "number=1000" in said
    assert "@example(...)" in said
    assert "--hypothesis-seed=" in said


def test_a_search_that_looked_at_nothing_is_red(folder: Path) -> None:
    path = folder / "test_nothing.py"
    path.write_text("def test_no_property():\n    pass\n", encoding="utf-8")
    assert search.property_tests() == []
    assert search.search(0, []) == 1
    assert search.search(0, [path]) == 1


def test_every_file_with_a_property_is_searched() -> None:
    found = {str(path.relative_to(search.TESTS)) for path in search.property_tests()}
    assert {"test_charts.py", "test_units.py", "practice/test_checks.py"} <= found
    assert len(found) >= 15


def test_all_property_tests_draw_numbers_by_one_rule() -> None:
    # These are about every float there is, or a float's last digit.
    allowed = {"strategies.py", "test_base.py", "test_units.py", "test_checks.py"}
    allowed |= {"test_never_raises.py", "test_search.py"}
    for path in search.TESTS.rglob("*.py"):
        if path.name not in allowed:
            drawn = "st.floats(" in path.read_text(encoding="utf-8")
            assert not drawn, f"{path.name}: draw from tests/strategies.py (numbers, shares)"
