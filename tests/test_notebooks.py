"""Every notebook is a test: strict nbval runs it, and these guards see that it really compared.

nbval is silent about three things that would leave it green having tested nothing: cells that were
never run, notebooks it did not collect, and outputs it did not compare. Each has a guard here.
Adding a notebook needs no change in this file.
"""

import json
import re
from collections import Counter
from pathlib import Path
from unittest import mock

import nbformat
import pytest

from tools import strict

ROOT = Path(__file__).parents[1]
FOLDERS = strict.FOLDERS
NOTEBOOKS = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.ipynb"))
PICTURE = "image/png"  # the one kind of stored output that nbval does not compare


def name(path):
    return path.relative_to(ROOT).as_posix()


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def test_there_are_notebooks_of_every_kind():
    stems = {folder: {path.stem for path in (ROOT / folder).glob("*.ipynb")} for folder in FOLDERS}
    assert all(stems.values())
    # An exercise and its solution come as a pair, and belong to a lesson.
    for language in ("", "ja/"):
        exercises, solutions = stems[f"{language}exercises"], stems[f"{language}solutions"]
        assert exercises == solutions <= stems[f"{language}lessons"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_every_cell_was_run_in_order(path):
    nbformat.validate(read(path))
    cells = code_cells(path)
    assert len(cells) >= 5
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    # nbval passes a cell with this tag even when it raises nothing.
    assert not [cell for cell in cells if "raises-exception" in cell.metadata.get("tags", [])]
    assert not [out for cell in cells for out in cell.outputs if out.output_type == "error"]


def with_digits(cell):
    """The kinds of stored output of a cell in which a digit could be wrong."""
    kinds = []
    for output in cell.outputs:
        held = {"text": output.text} if output.output_type == "stream" else output.data
        kinds += [
            kind for kind in held if re.search(r"\d", json.dumps(held[kind], ensure_ascii=False))
        ]
    return sorted(kind for kind in kinds if kind != PICTURE)


def printing(*outputs):
    """A cell that shows text, HTML, JSON and a stream, and what is stored of it."""
    return nbformat.v4.new_code_cell(
        "from IPython.display import display\n"
        "print(41)\n"
        "display({'text/plain': '41', 'text/html': '<b>41</b>', 'application/json': {'a': 41}},"
        " raw=True)",
        execution_count=1,
        outputs=list(outputs),
    )


def broken():
    """A notebook in which every cell but the first is to fail or to stand out, and how."""
    stream, data = (
        nbformat.v4.new_output("stream", text="41\n"),
        {"text/plain": "41", "text/html": "<b>41</b>", "application/json": {"a": 41}},
    )

    def shown(**changes):
        names = {kind.partition("/")[2]: kind for kind in data}
        return nbformat.v4.new_output(
            "display_data", data | {names[name]: value for name, value in changes.items()}
        )

    cells = {
        "passes": (
            printing(stream, shown()),
            ["application/json", "text", "text/html", "text/plain"],
        ),
        "stream": (printing(nbformat.v4.new_output("stream", text="42\n"), shown()), "differ"),
        "text": (printing(stream, shown(plain="42")), "differ"),
        "html": (printing(stream, shown(html="<b>42</b>")), "differ"),
        "json": (printing(stream, shown(json={"a": 42})), "differ"),
        "one too few": (printing(shown()), "differ"),
        "not stored": (printing(), "differ"),
        "ignored": (printing(stream, shown(plain="42")), "compared nothing"),
        "skipped": (printing(stream, shown()), "skipped"),
        "raises": (nbformat.v4.new_code_cell("1 / 0", execution_count=1), "exception"),
    }
    cells["ignored"][0].source = "# NBVAL_IGNORE_OUTPUT\n" + cells["ignored"][0].source
    cells["skipped"][0].source = "# NBVAL_SKIP\n" + cells["skipped"][0].source
    notebook = nbformat.v4.new_notebook(cells=[cell for cell, _ in cells.values()])
    return notebook, {name: said for name, (_, said) in cells.items()}


def test_strict_nbval_over_every_notebook(tmp_path):
    """As many notebooks and cells are compared as lie on disk; a wrong digit anywhere is noticed.

    In the same run a notebook with one mistake in each cell fails at each of them.
    """
    notebook, wanted = broken()
    (tmp_path / "broken").mkdir()
    nbformat.write(notebook, tmp_path / "broken" / "broken.ipynb")
    outcomes = strict.run([*FOLDERS, tmp_path / "broken"])
    (found,) = (outcomes.pop(path) for path in list(outcomes) if path.endswith("/broken.ipynb"))
    assert sorted(outcomes) == sorted(path.relative_to(ROOT).as_posix() for path in NOTEBOOKS)
    wrong = [
        f"{name(path)}, cell {cell.id}: {outcome}, and digits stand in {with_digits(cell)}"
        for path in NOTEBOOKS
        for cell, outcome in zip(
            code_cells(path), outcomes[path.relative_to(ROOT).as_posix()].values(), strict=True
        )
        if outcome != with_digits(cell)
    ]
    assert not wrong, "\n" + "\n".join(wrong)
    kinds = Counter(kind for cells in outcomes.values() for cell in cells.values() for kind in cell)
    assert kinds.keys() >= {"text", "text/plain", "text/html", "application/vnd.vegalite.v5+json"}
    for (mistake, said), outcome in zip(wanted.items(), found.values(), strict=True):
        assert outcome == said if isinstance(said, list) else said in outcome, mistake


def test_a_comparison_that_passes_over_a_digit_is_found():
    """The guard of the guard: a comparison that looks at no HTML is told so."""
    cell = mock.Mock(user_properties=[])
    cell.parent.skip_compare = [PICTURE]
    stored = printing(nbformat.v4.new_output("display_data", {"text/html": "<b>41</b>"})).outputs
    assert strict.proven(lambda _, new, old: new == old)(cell, stored, stored)
    assert cell.user_properties == [(strict.NOTICED, "text/html")]
    assert not strict.proven(lambda *_: True)(cell, stored, stored)
    assert cell.comparison_traceback == ["one wrong digit in text/html was not noticed"]
