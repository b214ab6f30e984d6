"""Strict nbval over notebooks, in which every comparison proves that it looks.

    python -m tools.strict [paths]   run notebooks and compare their outputs with the stored ones

Whenever a comparison holds, it is made again with the last digit of one stored output changed, for
every output and every kind of it (text, HTML, chart …): then it must fail. This file is also the
plugin that does so in the pytest that runs nbval.
"""

import copy
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from nbval.plugin import IPyNbCell

ROOT = Path(__file__).parents[1]
NOTICED = "wrong digits noticed in"
PROBLEMS = ("failure", "error", "skipped")
COLOURS = re.compile(r"\x1b\[\d*m|#x1B\[\d*m")

Outputs = Any  # of a cell, as nbformat reads them
Comparison = Callable[[Any, Outputs, Outputs], bool]


def run(paths: Iterable[str | Path]) -> dict[str, dict[int, str | list[str]]]:
    """Run strict nbval over files and folders; return, by notebook, the outcome of each code cell.

    A cell that passed has a list: the kinds of output in which a wrong digit was noticed. Any other
    has the words of nbval. Raises RuntimeError, with what pytest said, where it could not run.
    """
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-p", "tools.strict", "-p", "no:cacheprovider"]
        command += ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=60", "--color=no", "-q"]
        command += ["-n", "2", "--dist", "loadscope", "-W", "default", f"--rootdir={ROOT}"]
        command += [f"--junitxml={report}", "-o", "junit_family=xunit1", *map(str, paths)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError(done.stdout + done.stderr)
        cases = list(ET.parse(report).getroot().iter("testcase"))
    outcomes: dict[str, dict[int, str | list[str]]] = {}
    for case in cases:
        cell = int(case.attrib["name"].rpartition("Cell ")[2])
        outcomes.setdefault(Path(case.attrib["file"]).as_posix(), {})[cell] = _outcome(case)
    return outcomes


def _outcome(case: ET.Element) -> str | list[str]:
    for child in case:
        if child.tag in PROBLEMS:
            return COLOURS.sub("", f"{child.tag}: {child.text or child.get('message')}")
    noticed = case.find(f".//property[@name='{NOTICED}']")
    return "compared nothing" if noticed is None else noticed.attrib["value"].split()


# What the plugin changes


def pytest_configure() -> None:
    """Replace nbval's comparison in this process."""
    IPyNbCell.compare_outputs = proven(IPyNbCell.compare_outputs)


def proven(comparison: Comparison) -> Comparison:
    """The comparison of nbval; where it holds, it is tried on every wrong digit."""

    def compare(cell: Any, outputs: Outputs, stored: Outputs) -> bool:
        if not comparison(cell, outputs, stored):
            return False
        noticed = []
        with mock.patch.object(cell, "format_output_compare"):  # slow, and nobody reads it
            for kind, wrong in with_a_wrong_digit(stored, cell.parent.skip_compare):
                if comparison(cell, outputs, wrong):
                    cell.comparison_traceback = [f"one wrong digit in {kind} was not noticed"]
                    return False
                noticed.append(kind)
        cell.user_properties.append((NOTICED, " ".join(sorted(noticed))))
        return True

    return compare


def with_a_wrong_digit(
    outputs: Outputs, passed_over: Iterable[str]
) -> Iterator[tuple[str, Outputs]]:
    """Copies of a cell's outputs, each with one digit changed, and the kind of output it is in."""
    for place, output in enumerate(outputs):
        for kind in ["text"] if output.output_type == "stream" else output.get("data", {}):
            wrong = copy.deepcopy(outputs)
            held = wrong[place] if kind == "text" else wrong[place].data
            held[kind] = changed(held[kind])
            if held[kind] is not None and kind not in passed_over:
                yield kind, wrong


def changed(content: Any) -> Any:
    """Text or JSON with its last digit changed, or None if it has no digit."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    found = re.search(r"\d(?=\D*$)", text)
    if found is None:
        return None
    text = text[: found.start()] + str((int(found[0]) + 1) % 10) + text[found.end() :]
    return text if isinstance(content, str) else json.loads(text)


def main(paths: list[str]) -> int:
    """Run the notebooks named and print what is wrong in them; the exit status is 1 if anything."""
    outcomes = run(paths or ["lessons", "exercises", "solutions"])
    wrong = 0
    for notebook, cells in outcomes.items():
        for cell, outcome in cells.items():
            if isinstance(outcome, str):
                wrong += 1
                print(f"{notebook}, code cell {cell + 1}: {outcome}\n", file=sys.stderr)
    print(f"{len(outcomes)} notebooks run, {wrong} cells differ from what is stored")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
