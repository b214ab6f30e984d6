"""Stock nbgrader, which no learner needs, grades the exercises as they are."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools import notebooks as tool

ROOT = Path(__file__).parents[2]
SCORES = """
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    found = {
        each.student.id: {
            page.name: [page.score, page.max_score, page.needs_manual_grade]
            for page in each.notebooks
        }
        for each in book.assignment_submissions("practice")
    }
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory, on_top: Callable[..., Path]) -> Path:
    """The Python of a new environment with nbgrader on top of what the course has installed."""
    return on_top(tmp_path_factory.mktemp("nbgrader"), "nbgrader", "nbgrader==0.9.6")


def checks_of(exercise: Any) -> list[str]:
    """The graded cells of an exercise, in order."""
    return [cell.id for cell in exercise.cells if "nbgrader" in cell.metadata]


def filled_in(exercise: Any, solution: Any, right: set[str]) -> Any:
    """The exercise as a learner leaves it: some checks answered right, all others wrong."""
    solved = {cell.id: cell for cell in solution.cells}
    for answer, check in zip(exercise.cells, exercise.cells[1:], strict=False):
        if "nbgrader" in check.metadata:
            assert "..." in answer.source
            if check.id in right:
                answer.source = solved[answer.id].source
            else:
                answer.source = answer.source.replace("...", "-98_765.4321")
    return exercise


@pytest.mark.slow
def test_stock_nbgrader_gives_the_points_earned(grader: Path, tmp_path: Path) -> None:
    """All exercises in one course: every check of each gives its point where it was earned."""
    solutions = sorted((ROOT / "solutions").glob("*.ipynb"))
    checks = {path.name: checks_of(tool.read(tool.partner(path))) for path in solutions}
    assert all(checks.values())

    def submitted(path: Path, answered: float) -> Any:
        # From the top: later answers may use earlier ones.
        right = checks[path.name][: int(answered * len(checks[path.name]))]
        return filled_in(tool.read(tool.partner(path)), tool.read(path), set(right))

    course = {
        "source/practice": lambda path: tool.read(tool.partner(path)),
        "submitted/correct/practice": lambda path: submitted(path, 1),
        "submitted/half/practice": lambda path: submitted(path, 0.5),
    }
    for folder, notebook in course.items():
        (tmp_path / folder).mkdir(parents=True)
        for path in solutions:
            (tmp_path / folder / path.name).write_text(
                tool.written(notebook(path)), encoding="utf-8"
            )
    # One who handed in the first exercise as it was given out.
    (tmp_path / "submitted/unsolved/practice").mkdir(parents=True)
    (tmp_path / "submitted/unsolved/practice" / solutions[0].name).write_text(
        tool.written(tool.read(tool.partner(solutions[0]))), encoding="utf-8"
    )
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
    for path in solutions:
        released = tool.read(tmp_path / "release" / "practice" / path.name)
        given_out = tool.read(tool.partner(path))
        assert [cell.source for cell in released.cells] == [cell.source for cell in given_out.cells]
    run("-m", "nbgrader", "autograde", "practice")
    scores = json.loads(run("-c", SCORES))
    for path in solutions:
        full = len(checks[path.name])
        assert scores["correct"][path.stem] == [full, full, False], path.stem
        assert scores["half"][path.stem] == [full // 2, full, False], path.stem
    first = solutions[0]
    assert scores["unsolved"][first.stem] == [0, len(checks[first.name]), False]
