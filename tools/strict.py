"""Strict nbval over notebooks, in which every comparison proves that it looks.

    python -m tools.strict [paths]     run notebooks and compare their outputs with the stored ones
    python -m tools.strict --changed   only those that differ from the last commit

Whenever a comparison holds, it is made again with the last digit of one stored output changed, for
every output and every kind of it (text, HTML, chart …): then it must fail. This file is also the
plugin that does so in the pytest that runs nbval.
"""

import copy
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

ROOT = Path(__file__).parents[1]
FOLDERS = ["lessons", "exercises", "solutions", "ja/lessons", "ja/exercises", "ja/solutions"]
NOTICED = "wrong digits noticed in"
PROBLEMS = ("failure", "error", "skipped")
COLOURS = re.compile(r"\x1b\[\d*m|#x1B\[\d*m")

Outputs = Any  # of a cell, as nbformat reads them
Comparison = Callable[[Any, Outputs, Outputs], bool]


def run(paths: Iterable[str | Path]) -> dict[str, dict[int, str | list[str]]]:
    """Run strict nbval over files and folders; return, by notebook, the outcome of each code cell.

    Folders are shared between two processes, files are run in one. A cell that passed has a list:
    the kinds of output in which a wrong digit was noticed. Any other has the words of nbval. Raises
    RuntimeError, with what pytest said, where it could not run.
    """
    places = [ROOT / path for path in paths]
    workers = "2" if any(place.is_dir() for place in places) else "0"
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        # Only the plugins that are needed: each worker loads them anew.
        environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        command = [sys.executable, "-m", "pytest", "-p", "nbval.plugin", "-p", "xdist.plugin"]
        command += ["-p", "tools.strict", "-p", "no:cacheprovider", "--nbval", "--color=no", "-q"]
        command += ["--nbval-current-env", "--nbval-cell-timeout=60", "-W", "default"]
        command += ["-n", workers, "--dist", "loadscope", f"--rootdir={ROOT}"]
        command += [f"--junitxml={report}", "-o", "junit_family=xunit1", *map(str, places)]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
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
    from nbval.plugin import IPyNbCell  # slow to load

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


def changed_pages() -> list[str]:
    """The notebooks of the course that are new or differ from the last commit."""
    command = ["git", "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames"]
    listed = subprocess.run([*command, "--", *FOLDERS], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        raise RuntimeError(listed.stderr)
    names = (line[3:] for line in listed.stdout.split("\0"))
    return sorted(
        name
        for name in names
        if name.endswith(".ipynb") and name.rpartition("/")[0] in FOLDERS and (ROOT / name).exists()
    )


def main(arguments: list[str]) -> int:
    """Run the notebooks named and print what is wrong in them; the exit status is 1 if anything."""
    paths = changed_pages() if arguments == ["--changed"] else arguments or FOLDERS
    if not paths:
        print("No notebook differs from the last commit: none was run")
        return 0
    outcomes = run(paths)
    wrong = 0
    for notebook, cells in outcomes.items():
        page = json.loads((ROOT / notebook).read_text(encoding="utf-8"))
        code = [cell for cell in page["cells"] if cell["cell_type"] == "code"]
        for cell, outcome in zip(code, cells.values(), strict=True):
            if isinstance(outcome, str):
                wrong += 1
                print(f"{notebook}, cell {cell['id']}: {outcome}\n", file=sys.stderr)
    print(f"{len(outcomes)} notebooks run, {wrong} cells differ from what is stored")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
