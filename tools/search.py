"""Look for new examples that a property test fails on, for as many minutes as you give.

    python -m tools.search MINUTES [FILE ...]

`make test` always tries the same examples. This tries others: file by file, each time from another
seed, until the minutes are over. It ends at the first failure, or with the count of what it tried.
"""

import argparse
import ast
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
# No other plug-in of pytest: loading them all takes longer than many a test.
ALONE = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
KEEP = """
Found. Mend what it shows, and keep the example, so that `make test` tries it from now on:
`@example(...)` above the test, with the values printed behind "Failing test case", or, where the
test draws from `data`, a test of its own.
"""


def property_tests() -> list[Path]:
    """The files in which a test uses Hypothesis."""
    return sorted(path for path in TESTS.rglob("test_*.py") if "hypothesis" in _imported(path))


def _imported(path: Path) -> set[str]:
    """The top names of the modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return {name.partition(".")[0] for name in found}


def rounds(files: list[Path]) -> Iterator[Path]:
    """The files again and again, each round in another order: a short search is no favourite's."""
    while True:
        yield from random.sample(files, len(files))


def search(minutes: float, files: list[Path]) -> int:
    """Return 0 if nothing was found, 1 otherwise."""
    if not files:
        print(f"There is no property test in {TESTS}.")
        return 1
    started = time.monotonic()
    tried = runs = 0
    for path in rounds(files):
        command = [
            *(sys.executable, "-m", "pytest", str(path), "-m", "hypothesis", "--maxfail=1"),
            *("--hypothesis-profile=search", f"--hypothesis-seed={random.getrandbits(32)}"),
            *("--hypothesis-show-statistics", "-p", "no:cacheprovider", "-p", "hypothesispytest"),
        ]
        run = subprocess.run(command, capture_output=True, text=True, cwd=TESTS.parent, env=ALONE)
        passed = sum(map(int, re.findall(r"(\d+) passing", run.stdout)))
        if run.returncode or not passed:
            print(run.stdout, run.stderr, KEEP if run.returncode == 1 else "", sep="\n")
            print("The same run again:", "    " + " ".join(command), sep="\n")
            return 1
        tried, runs = tried + passed, runs + 1
        spent = (time.monotonic() - started) / 60
        print(f"{spent:5.1f} min  {passed:7,} examples  {path.relative_to(TESTS)}", flush=True)
        if spent >= minutes:
            break
    print(f"Nothing found: {tried:,} new examples in {runs} runs of {len(files)} files.")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("minutes", type=float)
    parser.add_argument("files", type=Path, nargs="*", help="test files; all without one")
    asked = parser.parse_args()
    sys.exit(search(asked.minutes, [path.resolve() for path in asked.files] or property_tests()))
