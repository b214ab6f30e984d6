"""Every notebook is a test: strict nbval runs it, and these guards see that it really compared.

nbval is silent about three things that would make it green by vacuity: cells that were never run,
notebooks it did not collect, and outputs it did not compare. Each has a guard here. Adding a
notebook needs no change in this file.
"""

import copy
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("lessons", "exercises", "solutions")
NOTEBOOKS = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.ipynb"))
# What strict nbval compares of an output; pictures and widget views it passes over.
PROBLEMS = ("failure", "error", "skipped")
COMPARED = ("text/plain", "text/html", "application/vnd.vegalite.v5+json")


def name(path):
    return f"{path.parent.name}/{path.name}"


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def nbval(root, folders, report):
    """Run strict nbval over folders of notebooks; return its outcome for each cell, by notebook."""
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env"]
    command += ["--nbval-cell-timeout=60", "-n", "2", "--dist", "loadscope", "-W", "default", "-q"]
    command += [f"--rootdir={root}", "-p", "no:cacheprovider", *folders]
    command += [f"--junitxml={report}", "-o", "junit_family=xunit1"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    outcomes = {}
    for case in ET.parse(report).getroot().iter("testcase"):
        cell = int(case.attrib["name"].rpartition("Cell ")[2])
        problem = next((child for child in case if child.tag in PROBLEMS), None)
        outcome = "passed" if problem is None else f"{problem.tag}: {problem.text}"
        outcomes.setdefault(Path(case.attrib["file"]).as_posix(), {})[cell] = outcome
    return outcomes


def test_there_are_notebooks_of_every_kind():
    folders = Counter(path.parent.name for path in NOTEBOOKS)
    assert set(folders) == set(FOLDERS)
    # An exercise and its solution come as a pair, and belong to a lesson.
    stems = {folder: {p.stem for p in NOTEBOOKS if p.parent.name == folder} for folder in FOLDERS}
    assert stems["exercises"] == stems["solutions"] <= stems["lessons"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_every_cell_was_run_in_order(path):
    nbformat.validate(read(path))
    cells = code_cells(path)
    assert len(cells) >= 5
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    # nbval passes a cell with this tag even when it raises nothing.
    assert not [cell for cell in cells if "raises-exception" in cell.metadata.get("tags", [])]
    assert not [out for cell in cells for out in cell.outputs if out.output_type == "error"]


def test_strict_nbval_over_every_notebook(tmp_path):
    """As many notebooks and cells are compared as lie on disk, and every one passes."""
    outcomes = nbval(ROOT, FOLDERS, tmp_path / "report.xml")
    assert outcomes == {
        path.relative_to(ROOT).as_posix(): dict.fromkeys(range(len(code_cells(path))), "passed")
        for path in NOTEBOOKS
    }


def changed(text):
    """The text with its last digit changed, or None if it has no digit."""
    found = re.search(r"\d(?=\D*$)", text)
    if found is None:
        return None
    return text[: found.start()] + str((int(found[0]) + 1) % 10) + text[found.end() :]


def with_wrong_digits(notebook):
    """A copy in which one digit of each output is wrong, and the cells this was done to.

    The kinds of output take turns, so that each kind is seen to be compared.
    """
    wrong, touched, kinds = copy.deepcopy(notebook), [], Counter()
    cells = [cell for cell in wrong.cells if cell.cell_type == "code"]
    for index, cell in enumerate(cells):
        for output in cell.outputs:
            if output.output_type == "stream":
                choices = {"stream": output.text}
            else:
                choices = {kind: output.data[kind] for kind in COMPARED if kind in output.data}
            choices = {
                kind: changed(json.dumps(text) if isinstance(text, dict) else text)
                for kind, text in choices.items()
            }
            possible = [kind for kind, text in choices.items() if text]
            if not possible:
                continue
            kind = min(possible, key=kinds.__getitem__)
            kinds[kind] += 1
            if kind == "stream":
                output.text = choices[kind]
            elif isinstance(output.data[kind], dict):
                output.data[kind] = json.loads(choices[kind])
            else:
                output.data[kind] = choices[kind]
            touched.append(index)
            break
    return wrong, touched, kinds


def test_one_wrong_digit_in_an_output_fails(tmp_path):
    """A copy of every notebook, one digit of every output changed: exactly those cells fail."""
    expected, kinds = {}, Counter()
    for path in NOTEBOOKS:
        wrong, touched, seen = with_wrong_digits(read(path))
        assert touched, f"{name(path)} has no output with a number"
        copied = f"{path.parent.name}_{path.name}"
        nbformat.write(wrong, tmp_path / copied)
        expected[copied] = touched
        kinds += seen
    assert kinds.keys() >= {"stream", *COMPARED}
    outcomes = nbval(tmp_path, ["."], tmp_path / "report.xml")
    failed = {
        notebook: [cell for cell, outcome in cells.items() if outcome != "passed"]
        for notebook, cells in outcomes.items()
    }
    assert failed == expected
