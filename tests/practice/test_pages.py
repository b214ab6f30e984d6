"""The pages and the exercises know each other: keys, numbers shown, and what the cells answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tools import notebooks as tool
from twostep.practice import EXERCISES, Computed, Outcome

ROOT = Path(__file__).parents[2]
PAGES = [path for path in tool.notebooks(ROOT) if path.exists()]
FUNCTIONS = ("check", "given", "quiz", "hint", "grade")


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def code_cells(path: Path) -> Iterator[Any]:
    return (cell for cell in tool.read(path).cells if cell.cell_type == "code")


def plain(cell: Any) -> str:
    return "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def test_every_key_on_a_page_exists_and_every_exercise_is_on_a_page() -> None:
    used = {
        key
        for path in PAGES
        for cell in code_cells(path)
        for key in tool.checked_keys(cell.source, *FUNCTIONS)
    }
    assert used == set(EXERCISES)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_the_numbers_of_a_task_stand_on_the_page_before_its_check(path: Path) -> None:
    shown: dict[str, str] = {}
    for cell in code_cells(path):
        for key in tool.checked_keys(cell.source, "given"):
            if repr(EXERCISES[key].given) in plain(cell):
                shown |= EXERCISES[key].given.texts
        for key in tool.checked_keys(cell.source):
            exercise = EXERCISES[key]
            assert exercise.own or exercise.given.texts.items() <= shown.items(), key


@pytest.mark.parametrize("path", [p for p in PAGES if p.parent.name == "exercises"], ids=name)
def test_an_unsolved_exercise_says_so_at_every_check(path: Path) -> None:
    checks = [cell for cell in code_cells(path) if tool.checked_keys(cell.source)]
    assert len(checks) >= 6
    for cell in checks:
        assert plain(cell).startswith("… Not answered yet."), cell.id
        assert cell.metadata.nbgrader.grade_id == cell.id
        assert cell.metadata.nbgrader.points == 1
    assert not any(output.output_type == "error" for c in code_cells(path) for output in c.outputs)


@pytest.mark.parametrize("path", [p for p in PAGES if p.parent.name == "solutions"], ids=name)
def test_a_solution_is_correct_everywhere_and_shows_two_mistakes(path: Path) -> None:
    mistakes = 0
    for cell in code_cells(path):
        for key in tool.checked_keys(cell.source):
            if "solution" in cell.metadata.get("tags", []):
                exercise = EXERCISES[key]
                assert isinstance(exercise, Computed)
                reasons = [each.reason.format(**exercise.given.texts) for each in exercise.mistakes]
                assert any(plain(cell) == f"✗ Not yet. {reason}" for reason in reasons)
                mistakes += 1
            else:
                assert plain(cell).startswith("✓ Correct."), cell.id
    assert mistakes >= 2


@pytest.mark.parametrize("path", [p for p in PAGES if p.parent.name == "exercises"], ids=name)
def test_an_exercise_has_three_parts_its_links_and_no_outcome_but_one(path: Path) -> None:
    texts = [cell.source for cell in tool.read(path).cells if cell.cell_type == "markdown"]
    headings = [text.partition("\n")[0] for text in texts if text.startswith("## ")]
    assert [heading[:4] for heading in headings[:3]] == ["## 1", "## 2", "## 3"]
    assert all(heading.startswith("## Going further") for heading in headings[3:])
    for folder in ("lessons", "exercises", "solutions"):
        assert f"(../{folder}/{path.name})" in texts[0]
    assert Outcome.CORRECT not in "".join(plain(cell) for cell in code_cells(path))
