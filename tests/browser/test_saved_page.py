"""What JupyterLab itself does to a page that is run and saved, and to one that is written in."""

import json
import shutil
from pathlib import Path

import pytest
from tools.start import written

ROOT = Path(__file__).parents[2]
LESSON = "lessons/12_front_first_or_back_first.ipynb"
EXERCISE = "exercises/12_front_first_or_back_first.ipynb"


@pytest.fixture
def open_copy(open_notebook, lab, request):
    """Open a copy of a page that no other test sees; where it lies, and what it said before."""

    def open_one(path):
        copied = path.replace(".ipynb", f"_{request.function.__name__}.ipynb")
        shutil.copy(ROOT / path, lab.folder / copied)
        return open_notebook(copied), lab.folder / copied, (ROOT / path).read_bytes()

    return open_one


@pytest.mark.parametrize("path", [LESSON, EXERCISE])
def test_running_and_saving_is_not_writing(open_copy, path):
    """The learner's copy tells by this whether a page may be renewed."""
    opened, saved, before = open_copy(path)
    # Shift+Enter in the last cell adds an empty one.
    opened.page.evaluate(
        "() => { const page = window.jupyterapp.shell.currentWidget.content;"
        "page.activeCellIndex = page.widgets.length - 1; page.mode = 'edit'; }"
    )
    opened.command("notebook:run-cell-and-select-next")
    opened.command("docmanager:save")
    after = saved.read_bytes()
    counts = [len(json.loads(content)["cells"]) for content in (before, after)]
    assert after != before
    assert counts[1] == counts[0] + 1
    assert written(saved.name, after) == written(saved.name, before)


def test_a_word_typed_and_saved_is_writing(open_copy):
    opened, saved, before = open_copy(EXERCISE)
    opened.page.evaluate(
        "() => { const page = window.jupyterapp.shell.currentWidget.content;"
        "page.activeCellIndex = page.widgets.findIndex("
        "cell => cell.model.sharedModel.getSource().includes('...')); page.mode = 'edit'; }"
    )
    opened.page.keyboard.type("0")
    opened.command("docmanager:save")
    after = saved.read_bytes()
    assert written(saved.name, after) != written(saved.name, before)
