"""README's chapters, COVERAGE.md and the worksheet against the lessons they are written from.

Which claims there are and where each is planned is written by hand in COVERAGE.md; what a lesson
says about itself in its last section must be that plan, and true.
"""

from pathlib import Path

import nbformat
import pytest

from tools import index

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "COVERAGE.md").read_text(encoding="utf-8")
CLAIMS = [f"1.{n:02}" for n in range(1, 42)] + [f"2.{n:02}" for n in range(1, 30)]
CHAPTERS = index.chapters(ROOT)
# It uses all claims and takes up none of its own; the front door takes up none.
WITHOUT_CLAIMS = ("00_start_here", "13_your_own_two_step_plan")
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)


def planned(stem):
    return {row[0] for row in index.table(PAGE) if stem in row[2].split(", ")}


def test_every_claim_of_both_sources_has_one_row_and_a_lesson_planned():
    rows = index.table(PAGE)
    assert [row[0] for row in rows] == CLAIMS
    assert all(row[1] for row in rows)
    stems = {stem for row in rows for stem in row[2].split(", ")}
    assert sorted(stem[:2] for stem in stems) == [f"{n:02}" for n in range(1, 13)]
    assert {chapter.stem for chapter in CHAPTERS} <= stems | set(WITHOUT_CLAIMS)


@pytest.mark.parametrize("path", index.pages(ROOT), ids=lambda path: path.name)
def test_what_is_written_from_the_lessons_is_up_to_date(path):
    assert path.read_text(encoding="utf-8") == index.pages(ROOT)[path], "run make refresh"


@each_chapter
def test_a_lesson_takes_up_the_claims_planned_for_it(chapter):
    if chapter.stem in WITHOUT_CLAIMS:
        assert not chapter.claims
        return
    taken, plan = set(chapter.claims), planned(chapter.stem)
    assert taken == plan, (
        f"{chapter.stem}: its last section leaves out {sorted(plan - taken)} and adds "
        f"{sorted(taken - plan)}; a claim stands as «Worked: 2.01 (`cell-or-check`). Discussed: "
        "2.02. Named: 2.03.»"
    )


@each_chapter
def test_what_is_said_to_work_a_claim_is_on_a_page(chapter):
    for claim, (degree, places) in chapter.claims.items():
        unknown = set(places) - chapter.places
        assert not unknown, f"{chapter.stem}: no cell or check {unknown}, said to work {claim}"
        assert bool(places) == (degree == "worked"), f"{chapter.stem}: {claim} is {degree}"


def course(tmp_path, last):
    """A course of one chapter, whose last section is given."""
    for folder in ("lessons", "solutions"):
        (tmp_path / folder).mkdir()
    text = f"# Sell twice\n\n> “May I?”\n\n{index.LAST}\n\n{last}"
    cells = [
        nbformat.v4.new_markdown_cell(text, id="title"),
        nbformat.v4.new_code_cell('check("a-check", 1)', id="turn"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "lessons" / "01_a.ipynb")
    (chapter,) = index.chapters(tmp_path)
    return chapter


def test_a_chapter_says_which_claims_it_takes_up(tmp_path):
    said = "Worked: 2.01 (`turn`), 2.03 (`a-check`, `gone`). Discussed: 1.05, 1.40. Named: 2.29."
    chapter = course(tmp_path, f"**Claims.** {said} It costs ¥1.05, 1.20% or 1.055 of 11.05.")
    assert chapter.claims == {
        "2.01": ("worked", ["turn"]),
        "2.03": ("worked", ["a-check", "gone"]),
        "1.05": ("discussed", []),
        "1.40": ("discussed", []),
        "2.29": ("named", []),
    }
    assert chapter.places == {"turn", "a-check"}
    assert "Next" not in index.links(chapter, [chapter])
    (tmp_path / "solutions" / "01_a.ipynb").write_text("{}")
    assert "[Solution](../solutions/01_a.ipynb)" in index.links(chapter, [chapter])
    assert (chapter.title, chapter.question) == ("Sell twice", "“May I?”")


def test_a_claim_given_twice_is_refused(tmp_path):
    chapter = course(tmp_path, "Worked: 2.01 (`turn`). Discussed: 2.01.")
    with pytest.raises(ValueError, match=r"01_a gives claim 2\.01 twice"):
        assert chapter.claims


def test_the_two_files_are_written_from_what_the_chapters_say(tmp_path):
    chapter = course(tmp_path, "Worked: 2.01 (`turn`). Named: 2.02.")
    page = "\n".join(
        [
            "**Of none.**",
            "| id | the claim | planned in | taken up in |",
            "|---|---|---|---|",
            *(f"| 2.0{n} | A claim. | 01_a | old |" for n in (1, 2, 3)),
        ]
    )
    lines = index.coverage(page, [chapter]).splitlines()
    assert lines[0] == (
        "**Of 3 claims, 1 are worked and 0 discussed: 1 are taught. 1 are only named, 1 not yet "
        "taken up.**"
    )
    assert [line.split(" | ")[3] for line in lines[3:]] == [
        "worked in [01](lessons/01_a.ipynb) (`turn`) |",
        "named in [01](lessons/01_a.ipynb) |",
        "not yet |",
    ]
    text = index.readme(
        f"before\n{index.START}\nold\n{index.END}\nafter\n", [chapter], tmp_path, index.ENGLISH
    )
    assert "old" not in text
    assert "| 01 | [Sell twice](lessons/01_a.ipynb) | “May I?” |" in text
