"""The pages and the exercises know each other: keys, numbers shown, and what the cells answer."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tools import notebooks as tool
from twostep._parts import modules
from twostep.practice import EXERCISES, Choice, Computed, Exercise, Outcome

ROOT = Path(__file__).parents[2]
PAGES = [path for path in tool.notebooks(ROOT) if path.exists()]
FUNCTIONS = ("check", "given", "quiz", "hint", "grade")


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def code_cells(path: Path) -> Iterator[Any]:
    return (cell for cell in tool.read(path).cells if cell.cell_type == "code")


def plain(cell: Any) -> str:
    return "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)


# Each exercise stands on the pages of its chapter, once

CHAPTERS = {
    module.__name__.rpartition(".")[2]: [
        each.key for each in vars(module).values() if isinstance(each, Exercise)
    ]
    for module in modules("twostep.practice")
}


def uses(page: Any, *functions: str) -> list[tuple[str, str, bool]]:
    """Which exercises a page calls upon: function, key, and whether in a wrong answer shown."""
    return [
        (function, key, "solution" in cell.metadata.get("tags", []))
        for cell in page.cells
        if cell.cell_type == "code"
        for function in functions or FUNCTIONS
        for key in tool.checked_keys(cell.source, function)
    ]


def chapter_of(page: Any) -> set[str]:
    """The chapters of practice that a page calls upon; there should be one."""
    keys = {key for _, key, _ in uses(page)}
    return {name for name, exercises in CHAPTERS.items() if keys & set(exercises)}


def wrongly_used(keys: list[str], pages: list[Any]) -> list[str]:
    """What is amiss in how the pages of one chapter use its exercises."""
    asked = Counter(
        (function, key) for page in pages for function, key, wrong in uses(page) if not wrong
    )
    said = []
    for key in keys:
        kind = "quiz" if isinstance(EXERCISES[key], Choice) else "check"
        count = asked[kind, key]
        if count != 1:
            said.append(f"{kind}({key!r}) stands on {count} cells of this chapter, not on one")
        if asked["check", key] > 1:
            said.append(f"check({key!r}) stands on {asked['check', key]} cells, not on one")
    return said


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_exercise_is_asked_once_and_on_the_pages_of_its_chapter(chapter: str) -> None:
    """In the lesson or in the exercise, which is that of the solution."""
    asking = [path for path in PAGES if path.parent.name in ("lessons", "solutions")]
    pages = [page for page in map(tool.read, asking) if chapter in chapter_of(page)]
    assert pages
    assert not (wrong := wrongly_used(CHAPTERS[chapter], pages)), "\n" + "\n".join(wrong)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_calls_upon_one_chapter_only(path: Path) -> None:
    page = tool.read(path)
    assert len(chapter_of(page)) == 1
    assert {key for _, key, _ in uses(page)} <= set(EXERCISES)


def mismatched(page: Any, chapter: list[str]) -> list[str]:
    """Answers of a lesson that no check reads, and checks out of the order of the practice file."""
    said, places = [], []
    for cell in page.cells:
        if cell.cell_type != "code":
            continue
        left = re.findall(r"^(\w+) = \.\.\.", cell.source, flags=re.MULTILINE)
        checks = tool.checked_keys(cell.source)
        said += [
            f"{cell.id}: no check reads {answer}"
            for answer in left
            if not re.search(rf"check\([^)]*\b{answer}\b", cell.source)
        ]
        places += [(chapter.index(key), cell.id) for key in checks if key in chapter]
    return said + [
        f"{later}: its check comes before that of {earlier} in the practice file"
        for (before, earlier), (after, later) in pairwise(places)
        if after < before
    ]


@pytest.mark.parametrize("path", [p for p in PAGES if p.parent.name == "lessons"], ids=name)
def test_every_answer_of_a_lesson_is_read_by_its_own_check(path: Path) -> None:
    page = tool.read(path)
    (chapter,) = chapter_of(page)
    assert not mismatched(page, CHAPTERS[chapter])


@pytest.mark.parametrize("path", [p for p in PAGES if p.parent.name == "solutions"], ids=name)
def test_every_answer_of_an_exercise_is_read_by_the_check_below_it(path: Path) -> None:
    assert not (wrong := unread(tool.derive(tool.read(path)))), "\n" + "\n".join(wrong)


def unread(exercise: Any) -> list[str]:
    """The answer cells of an exercise that the next cell does not check."""
    code = [cell for cell in exercise.cells if cell.cell_type == "code"]
    said = []
    for answer, check in pairwise([*code, None]):
        names = re.findall(r"^(?:def )?(\w+)(?= = \.\.\.|\(.*:$)", answer.source, re.MULTILINE)
        if "..." not in answer.source or tool.checked_keys(answer.source) or not names:
            continue
        if check is None or not re.search(rf"check\([^)]*\b{names[-1]}\b", check.source):
            said.append(f"{answer.id}: the cell below does not check {names[-1]}")
    return said


@pytest.mark.parametrize("stem", ["01_two_offers_two_jobs"])
def test_a_check_that_is_gone_or_another_is_seen(stem: str) -> None:
    """One check deleted, one in the place of another, two exchanged."""
    chapter = CHAPTERS["two_offers"]

    def broken(folder: str, change: Callable[[list[Any]], object]) -> tuple[Any, list[Any]]:
        pages = [tool.read(ROOT / each / f"{stem}.ipynb") for each in ("lessons", "solutions")]
        page = pages[("lessons", "solutions").index(folder)]
        change(
            [
                cell
                for cell in page.cells
                if cell.cell_type == "code"
                and tool.checked_keys(cell.source)
                and "solution" not in cell.metadata.get("tags", [])
            ]
        )
        return page, pages

    def delete(checks: list[Any]) -> None:
        checks[1].source = checks[1].source.partition("\ncheck(")[0].replace("check(", "print(")

    def replace(checks: list[Any]) -> None:
        here, there = (tool.checked_keys(check.source)[0] for check in checks[:2])
        checks[1].source = checks[1].source.replace(there, here)

    def exchange(checks: list[Any]) -> None:
        here, there = (tool.checked_keys(check.source)[0] for check in checks[:2])
        checks[0].source = checks[0].source.replace(here, there)
        checks[1].source = checks[1].source.replace(there, here)

    for folder in ("lessons", "solutions"):
        page, pages = broken(folder, delete)
        assert any("on 0 cells" in each for each in wrongly_used(chapter, pages))
        assert mismatched(page, chapter) if folder == "lessons" else unread(tool.derive(page))
        _, pages = broken(folder, replace)
        said = wrongly_used(chapter, pages)
        assert any("on 0 cells" in each for each in said)
        assert any("on 2 cells" in each for each in said)
    page, pages = broken("lessons", exchange)
    assert not wrongly_used(chapter, pages)
    assert mismatched(page, chapter)


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
