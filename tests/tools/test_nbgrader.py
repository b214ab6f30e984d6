"""Stock nbgrader, which no learner needs, grades the exercises as they are."""

import json
import os
import subprocess
import venv
from pathlib import Path
from typing import Any

import pytest

from tools import notebooks as tool

ROOT = Path(__file__).parents[2]
SCORES = """
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    found = {each.student.id: [each.score, each.max_score, each.needs_manual_grade]
             for each in book.assignment_submissions("practice")}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment with nbgrader and what the exercises import."""
    folder = tmp_path_factory.mktemp("nbgrader")
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [str(python), "-m", "pip", "install", "--quiet", "--retries", "1", "nbgrader==0.9.6"]
    run = subprocess.run(
        [*install, "altair", "numpy", "pandas", "scipy"],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode and "connection broken" in run.stderr:
        pytest.skip("nbgrader cannot be installed: pip reaches no package registry from here")
    assert run.returncode == 0, run.stderr
    return python


def filled_in(exercise: Any, solution: Any, right: set[str]) -> Any:
    """The exercise as a learner leaves it: some checks answered right, all others wrong."""
    solved = {cell.id: cell for cell in solution.cells}
    for answer, check in zip(exercise.cells, exercise.cells[1:], strict=False):
        if "nbgrader" in check.metadata:
            assert "..." in answer.source
            if check.id in right:
                answer.source = solved[answer.id].source
            else:
                answer.source = answer.source.replace("...", "1")
    return exercise


@pytest.mark.slow
@pytest.mark.parametrize(
    "solution", sorted((ROOT / "solutions").glob("*.ipynb")), ids=lambda p: p.stem
)
def test_stock_nbgrader_gives_the_points_earned(
    grader: Path, solution: Path, tmp_path: Path
) -> None:
    page = tool.read(tool.partner(solution))
    checks = [cell.id for cell in page.cells if "nbgrader" in cell.metadata]
    half = set(checks[: len(checks) // 2])  # later answers may use earlier ones
    copies = {
        "source/practice": page,
        "submitted/unsolved/practice": page,
        "submitted/correct/practice": filled_in(
            tool.read(tool.partner(solution)), tool.read(solution), set(checks)
        ),
        "submitted/half/practice": filled_in(
            tool.read(tool.partner(solution)), tool.read(solution), half
        ),
    }
    for folder, notebook in copies.items():
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / solution.name).write_text(tool.written(notebook), encoding="utf-8")
    home = tmp_path / "home"
    paths = [*filter(None, [os.environ.get("PYTHONPATH")]), str(ROOT / "src")]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(paths),
        "PATH": os.pathsep.join([str(grader.parent), os.environ["PATH"]]),  # it calls alembic
        "HOME": str(home),
        "IPYTHONDIR": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_DATA_DIR": str(home),
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(grader), *arguments],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("-m", "nbgrader", "generate_assignment", "practice")
    released = tool.read(tmp_path / "release" / "practice" / solution.name)
    assert [cell.source for cell in released.cells] == [cell.source for cell in page.cells]
    run("-m", "nbgrader", "autograde", "practice")
    full = float(len(checks))
    assert json.loads(run("-c", SCORES)) == {
        "unsolved": [0.0, full, False],
        "correct": [full, full, False],
        "half": [float(len(half)), full, False],
    }
