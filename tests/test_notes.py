"""The notes for instructors: one shape, minutes that add up; and the run sheets' clocks.

What a note says in figures is checked in test_prose.py.
"""

import re
from pathlib import Path

import pytest

from tools import notebooks as tool
from tools import notes, pages

ROOT = Path(__file__).parents[1]
NOTES = notes.notes(ROOT)
BY_CHAPTER = {stem[:2]: note for stem, note in NOTES.items()}
SHEETS = {"run_sheet_two_hours.html": 120, "run_sheet_half_day.html": 240}
each_note = pytest.mark.parametrize("stem", NOTES)
each_sheet = pytest.mark.parametrize("name", SHEETS)


def times(stem):
    """The minutes that a lesson gives, alone and in a workshop, and those of its exercise."""
    page = pages.TIME.search((ROOT / "lessons" / f"{stem}.ipynb").read_text("utf-8"))
    exercise = ROOT / "exercises" / f"{stem}.ipynb"
    of_exercise = 0
    if exercise.exists():
        of_exercise = int(re.search(r"\((\d+) minutes\)", exercise.read_text("utf-8"))[1])
    return tuple(map(int, page.groups())), of_exercise


def test_every_chapter_has_a_note_in_the_one_shape():
    assert list(NOTES) == [path.stem for path in pages.lessons(ROOT)]
    assert len(NOTES) == 14
    for stem, note in NOTES.items():
        assert tuple(note.sections) == notes.HEADINGS, stem
        assert all(text.strip() for text in note.sections.values()), stem
        assert note.text.startswith(f"# {stem[:2]} · "), stem


@each_note
def test_minutes_and_cuts_add_up(stem):
    wrong = list(NOTES[stem].faults(*times(stem)))
    assert not wrong, "\n" + "\n".join(wrong)


@each_note
def test_a_table_of_minutes_leaves_nothing_out(stem):
    parts = list(NOTES[stem].minutes)
    assert parts[0].startswith("icebreaker: ")
    assert parts[-1] == notes.TOGETHER
    if stem[:2] != "00":  # the front door has no exercise, no pair task, no line of the worksheet
        assert parts[-2] == notes.EXERCISE
        assert "pairs" in parts[-3]
        assert "worksheet" in parts


def test_the_owners_come_to_their_own_business_in_the_room():
    for stem, note in NOTES.items():
        own = [note.minutes.get(part, (0, 0))[1] for part in ("worksheet", notes.EXERCISE)]
        assert stem[:2] == "00" or sum(own) >= 2, stem


@each_note
def test_the_demo_says_what_it_replaces_what_to_move_and_what_the_screen_says(stem):
    demo = NOTES[stem].sections["Demo"]
    assert "in place of" in demo.partition("|")[0].lower()
    rows = NOTES[stem].table("Demo")
    assert len(rows) >= 3
    assert all(move and screen for move, screen in rows)


@each_note
def test_questions_have_wrong_answers_and_a_reply(stem):
    rows = NOTES[stem].table("Questions")
    assert len(rows) >= 4
    assert rows[0][0]
    assert all(reply for _, _, reply in rows)
    assert sum(bool(said) for _, said, _ in rows) >= 3


NOTE = """# 99 · A: notes for the instructor

## Minutes
| part | alone, minutes | workshop, minutes |
|---|---|---|
| icebreaker: hands | 0 | 3 |
| calculator | 14 | 8 |
| exercise | 25 | 10 |
| together | 39 | 21 |

## Cuts
| row | left out (−) or put in (+) | minutes |
|---|---|---|
| icebreaker: hands | put in | +3 |
| calculator | the tasks | −9 |
| calculator | the demo | +3 |
| exercise | parts 1 and 2 | −15 |
"""


def test_a_note_in_order_has_no_faults():
    assert list(notes.Note(NOTE).faults((14, 11), 25)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("| together | 39 |->| together | 40 |", "alone: the rows make 39, not 40"),
        ("| 39 | 21 |->| 39 | 22 |", "workshop: the rows make 21, not 22"),
        ("| 14 | 8 |->| 14 | 9 |", "workshop: 12 without the exercise, the page says 11"),
        ("| 14 | 8 |->| 15 | 8 |", "alone: 15 without the exercise, the page says 14"),
        ("| 25 | 10 |->| 20 | 10 |", "the exercise takes 25 minutes alone"),
        ("| the demo | +3 |->| the demo | +4 |", "calculator: 14 and 8 minutes, but its cuts make"),
        ("| calculator | the demo | +3 |->", "calculator: 14 and 8 minutes, but its cuts make -9"),
        ("| calculator | the demo->| slider | the demo", "a cut of “slider”, which is no row"),
    ],
)
def test_minutes_that_do_not_add_up_are_seen(change, said):
    before, _, after = change.partition("->")
    assert before in NOTE
    changed = notes.Note(NOTE.replace(before, after).replace("\n\n|", "\n|"))
    assert any(said in each for each in changed.faults((14, 11), 25))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("| the demo | +3 |->| the demo | 3 |", "“3” minutes for the demo"),
        ("| the demo | +3 |->| the demo |", "2 cells in place of 3"),
        ("| row | left->| line | left", r"no table \| row"),
    ],
)
def test_a_table_of_another_form_is_refused(change, said):
    before, _, after = change.partition("->")
    assert before in NOTE
    with pytest.raises(ValueError, match=said):
        notes.Note(NOTE.replace(before, after)).cuts  # noqa: B018


# The run sheets


def steps(name):
    return notes.run_sheet((ROOT / "instructor" / name).read_text(encoding="utf-8"))


@each_sheet
def test_a_run_sheet_keeps_to_the_notes_and_to_its_hours(name):
    found = steps(name)
    assert len(found) >= 15
    wrong = list(notes.late(found, BY_CHAPTER, SHEETS[name]))
    assert not wrong, "\n" + "\n".join(wrong)
    assert all(all(step.cells[:3]) for step in found), "said, shown, done: in every row"
    # Somebody writes the rule, there is a break, and a reserve for who is late.
    assert ("12", "exercise") in [part for step in found for part in step.parts]
    assert {"Break", "Reserve", "Exit ticket"} <= {step.what for step in found}


def test_a_clock_that_is_wrong_is_seen():
    found = steps("run_sheet_two_hours.html")
    taught = next(step for step in found if step.parts)
    place = found.index(taught)

    def said(**changed):
        other = notes.Step(**(vars(taught) | changed))
        return " ".join(notes.late([*found[:place], other, *found[place + 1 :]], BY_CHAPTER, 120))

    assert said() == ""
    assert "the notes give" in said(minutes=taught.minutes + 1)
    assert "121 minutes in all, not 120" in said(minutes=taught.minutes + 1)
    assert "begins at" in said(clock="9:99")
    assert "no row" in said(what="01 · a part that is none")
    last = next(step for step in reversed(found) if step.parts)
    assert "taught twice" in said(what=last.what)


def test_the_front_door_tells_the_same_two_hours():
    """Chapter 00 says in a table what a workshop of two hours is made of."""
    page = tool.read(ROOT / "lessons" / "00_start_here.ipynb")
    text = "\n".join(cell.source for cell in page.cells)
    rows = notes.table(text, ["a workshop of two hours", "minutes"])
    told = [int(count) for _, count in rows]
    assert sum(told) == 120
    found = steps("run_sheet_two_hours.html")
    for chapter in ("00", "01", "12"):
        of_chapter = sum(
            step.minutes for step in found if any(part[0] == chapter for part in step.parts)
        )
        assert of_chapter in told, f"chapter {chapter}: {of_chapter} minutes"
