"""The class board: counts that are known, answers changed since, and files that mean no good."""

import csv
import io
import json
import os
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import notebooks
from twostep.board import read
from twostep.board.__main__ import main
from twostep.board.count import half_have, misconceptions, tasks
from twostep.board.page import html, table
from twostep.board.read import LARGEST, STALE, submissions
from twostep.board.words import in_order, words
from twostep.practice import EXERCISES, Choice, Computed
from twostep.practice._answered import fingerprint
from twostep.practice._shown import RESULT, version
from twostep.practice._slips import SLIPS

ROOT = Path(__file__).parents[1]
VISITORS, CPA = "two-offers-visitors-per-back-buyer", "two-offers-cpa"
ALLOWABLE, WHICH = "two-offers-allowable-cpa", "two-offers-which-rate"


def checked(key, outcome, mistake=None, made_by="0.1.0", answer="answer = 1"):
    """An answer cell and the cell that checked it, as JupyterLab saves them."""
    check = f'check("{key}", answer)'
    result = {"key": key, "outcome": outcome, "mistake": mistake, "version": made_by}
    cells = [fingerprint(answer), fingerprint(check)]
    output = {
        "output_type": "execute_result",
        "execution_count": 2,
        "data": {RESULT: result, "text/plain": "…"},
        "metadata": {RESULT: {"cells": cells}},
    }
    return [code(answer), code(check, output)]


def code(source, *outputs):
    return {
        "cell_type": "code",
        "source": source.splitlines(keepends=True),
        "outputs": list(outputs),
        "execution_count": 1,
        "metadata": {},
    }


def page(*cells):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


def hand_in(path, *cells, saved=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(page(*cells)), encoding="utf-8")
    if saved is not None:
        os.utime(path, (saved, saved))
    return path


def right(key):
    return checked(key, "correct")


def wrong(key, mistake):
    return checked(key, "known mistake", mistake)


# A page that a learner really worked on


@pytest.fixture(scope="module")
def worked_on():
    """Exercise 01 after a run in a real kernel: two answers wrong, two right, the others open."""
    notebook = notebooks.read(ROOT / "exercises" / "01_two_offers_two_jobs.ipynb")
    cells = {cell.id: cell for cell in notebook.cells}
    cells["visitors-answer"].source = "visitors_per_back_buyer = 1 / (0.10 + 0.05 + 0.15)"
    cells["cpa-answer"].source = "cost_of_a_lead = 30 / 0.10 + 100\ncpa = cost_of_a_lead / 0.05"
    cells["which-answer"].source = 'rate_to_lift = "a"'
    cells["own-cpa-answer"].source = "%precision 2\nmy_cpa = mine.cpa"
    notebooks.execute(notebook, ROOT / "exercises")
    return notebook


def states_of(tmp_path, notebook):
    (tmp_path / "aiko.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    return {key: each.state for key, each in submissions(tmp_path).learners["aiko.ipynb"].items()}


def changed(notebook, cell, source):
    copy = nbformat.from_dict(json.loads(json.dumps(notebook)))
    next(each for each in copy.cells if each.id == cell).source = source
    return copy


ANSWERED = {
    VISITORS: "known mistake",
    CPA: "correct",
    WHICH: "known mistake",
    "two-offers-own-cpa": "correct",
}


def test_a_page_run_in_a_kernel_says_how_its_learner_stands(worked_on, tmp_path):
    states = states_of(tmp_path, worked_on)
    assert len(states) == 10
    assert {key: state for key, state in states.items() if state != "not answered yet"} == ANSWERED
    held = misconceptions(submissions(tmp_path))
    assert [(each.name, each.holders, each.tried) for each in held] == [
        ("rates-added", 1, 1),
        ("narrowest-step", 1, 1),
    ]


@pytest.mark.parametrize(
    ("cell", "source", "stale"),
    [
        ("cpa-answer", "cost_of_a_lead = 30 / 0.10\ncpa = cost_of_a_lead / 0.05", {CPA}),
        ("cpa-answer", "cost_of_a_lead = ...\ncpa = ...", {CPA}),
        ("cpa-answer", "cost_of_a_lead = 30 / 0.10 + 100 \n\ncpa  = cost_of_a_lead / 0.05\n", ()),
        ("cpa-check", 'check("two-offers-cpa", 8_000)', {CPA}),
        ("which-answer", 'rate_to_lift = "b"', {WHICH}),
        # The scenario that a check gets beside the answer, and what was typed and never checked.
        ("own-business", "mine = Funnel()", {"two-offers-own-cpa", "two-offers-own-allowable-cpa"}),
        ("allowable-answer", "allowable_cpa = 15_300", {ALLOWABLE}),
        ("import", "from twostep import check", ()),
    ],
)
def test_an_answer_changed_after_its_check_ran_is_stale(worked_on, tmp_path, cell, source, stale):
    states = states_of(tmp_path, changed(worked_on, cell, source))
    assert {key for key, state in states.items() if state == STALE} == set(stale)
    others = {key: state for key, state in states.items() if key in ANSWERED and key not in stale}
    assert others == {key: state for key, state in ANSWERED.items() if key not in stale}
    assert not {each.name for each in misconceptions(submissions(tmp_path))} - {
        "rates-added", "narrowest-step"
    }  # fmt: skip


def handed_out():
    return [ROOT / folder / path.name for folder in ("lessons", "exercises")
            for path in (ROOT / folder).glob("*.ipynb")]  # fmt: skip


def test_a_page_as_it_was_handed_out_is_not_answered(tmp_path):
    """Nor is any of its answers taken for a changed one."""
    for path in handed_out():
        (tmp_path / f"{path.parent.name}-{path.name}").write_bytes(path.read_bytes())
    found = submissions(tmp_path)
    states = Counter(each.state for all_ in found.learners.values() for each in all_.values())
    assert found.notebooks == len(handed_out()) >= 15
    assert states.keys() == {"not answered yet"}
    assert states.total() >= 60
    assert not misconceptions(found)


def test_what_was_typed_into_a_page_as_handed_out_and_not_checked_is_stale(tmp_path):
    seen = 0
    for path in handed_out():
        notebook = notebooks.read(path)
        checks = {key for cell in notebook.cells if cell.cell_type == "code"
                  for key in notebooks.checked_keys(cell.source)}  # fmt: skip
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.source = re.sub(r"^(\w+) = \.\.\.", r"\1 = 1", cell.source, flags=re.M)
        states = states_of(tmp_path, notebook)
        assert states.keys() == checks
        assert set(states.values()) == {STALE}, path
        seen += len(states)
    assert seen >= 60


# Counts


NAMES = [each.name for each in EXERCISES[CPA].mistakes]  # type: ignore[attr-defined]


@pytest.fixture
def classroom(tmp_path):
    """20 learners; how many hold what is known beforehand."""
    for number in range(20):
        cells = [
            *(wrong(VISITORS, "rates-added") if number < 9 else right(VISITORS)),
            *(wrong(CPA, "gifts-left-out") if number < 12 else checked(CPA, "not yet")),
            *(wrong(WHICH, "first-step") if number % 2 else checked(WHICH, "not answered yet")),
        ]
        if number < 5:
            cells += checked(ALLOWABLE, "cannot be read")
        elif number < 8:
            cells += checked(ALLOWABLE, "correct", answer="answer = 2")
            cells[-2] = code("answer = 3")
        hand_in(tmp_path / f"learner-{number:02}" / "01" / "page.ipynb", *cells)
    return tmp_path


def test_the_class_is_counted(classroom):
    found = submissions(classroom)
    assert [(task.key, task.learners, dict(task.states)) for task in tasks(found)] == [
        (VISITORS, 20, {"known mistake": 9, "correct": 11}),
        (CPA, 20, {"known mistake": 12, "not yet": 8}),
        (ALLOWABLE, 8, {"cannot be read": 5, STALE: 3}),
        (WHICH, 20, {"known mistake": 10, "not answered yet": 10}),
    ]
    assert half_have(found) == 1  # eleven of them


def test_what_most_hold_is_talked_about_first(classroom):
    held = misconceptions(submissions(classroom))
    assert [(each.name, each.holders, each.tried) for each in held] == [
        ("gifts-left-out", 12, 20),
        ("first-step", 10, 10),
        ("rates-added", 9, 20),
    ]
    assert held[1].words.believed.startswith("The lead rate: more at the start")
    assert "multiply: 15% of 5% of 10%" in held[2].words.reply


def test_what_as_many_hold_comes_in_the_order_of_the_course(tmp_path):
    for number, (key, mistake) in enumerate(
        [(WHICH, "first-step"), (CPA, NAMES[1]), (VISITORS, "rates-added"), (CPA, NAMES[0])]
    ):
        hand_in(tmp_path / f"{number}.ipynb", *wrong(key, mistake))
    assert [each.name for each in misconceptions(submissions(tmp_path))] == [
        "rates-added", *sorted(NAMES[:2]), "first-step"
    ]  # fmt: skip


def test_a_slip_of_several_tasks_is_one_misconception_and_a_learner_holds_it_once(tmp_path):
    slip = "rounded"
    hand_in(tmp_path / "a.ipynb", *wrong(CPA, slip), *wrong(VISITORS, slip))
    hand_in(tmp_path / "b.ipynb", *wrong(CPA, slip), *right(VISITORS))
    hand_in(tmp_path / "c.ipynb", *right(CPA))
    hand_in(tmp_path / "d.ipynb", *checked(CPA, "not answered yet"))
    hand_in(tmp_path / "e.ipynb", *wrong(WHICH, "first-step"))
    first, held = misconceptions(submissions(tmp_path))
    assert (first.name, first.holders) == ("first-step", 1)
    assert (held.name, held.keys, held.holders, held.tried) == (slip, (CPA, VISITORS), 2, 3)


def test_slips_stand_apart_on_the_page(tmp_path):
    hand_in(tmp_path / "a.ipynb", *wrong(CPA, "rounded"), *wrong(VISITORS, "rounded"))
    said = text_of(html(submissions(tmp_path)))
    nobody, slips = said.index("Nobody holds"), said.index("Slips that can happen in any task")
    assert nobody < slips < said.index("1 of 1 who answered · tasks 1, 2")


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_has_the_same_counts(classroom):
    found = submissions(classroom)
    rows = rows_of(table(found))
    assert {(row["task"], row["state"], row["mistake"]): (row["learners"], row["of"])
            for row in rows} == {
        (VISITORS, "correct", ""): ("11", "20"),
        (VISITORS, "known mistake", "rates-added"): ("9", "20"),
        (CPA, "known mistake", "gifts-left-out"): ("12", "20"),
        (CPA, "not yet", ""): ("8", "20"),
        (ALLOWABLE, "cannot be read", ""): ("5", "8"),
        (ALLOWABLE, STALE, ""): ("3", "8"),
        (WHICH, "known mistake", "first-step"): ("10", "20"),
        (WHICH, "not answered yet", ""): ("10", "20"),
    }  # fmt: skip
    by_learner = rows_of(table(found, names=True))
    assert len(by_learner) == 3 * 20 + 8
    assert Counter(row["mistake"] for row in by_learner)["gifts-left-out"] == 12
    assert {row["learner"] for row in by_learner} == {f"learner-{n:02}" for n in range(20)}


# What the mistakes are called


def test_every_mistake_of_the_course_has_its_words():
    assert sorted(in_order()) == sorted(EXERCISES)
    assert in_order()[:3] == ("start-here-predict", "start-here-share", VISITORS)
    own, slips = 0, Counter()
    for key, exercise in EXERCISES.items():
        assert words(key, "no-such-mistake") is None
        if isinstance(exercise, Choice):
            for option in exercise.options:
                said = words(key, option.name)
                assert (said is None) == option.right
                assert said is None or (said.believed and said.reply and "{" not in said.reply)
                own += said is not None
        if isinstance(exercise, Computed):
            for mistake in exercise.mistakes:
                said = words(key, mistake.name)
                assert said
                assert not said.anywhere
                assert "{" not in said.reply
                own += 1
            for slip in SLIPS:
                for reason in slip(exercise.task(exercise.given)):
                    said = words(key, reason.name)
                    assert said, (key, reason.name)
                    assert said.anywhere, f"{reason.name} is a slip and a mistake of {key}"
                    slips[reason.name] += 1
    assert own >= 250
    assert len(slips) >= 10


def test_the_words_on_a_learners_own_numbers_hold_no_number_of_ours():
    said = words("two-offers-own-allowable-cpa", "back-sale-for-everyone")
    assert said
    assert said.reply.endswith("Only … of them buy it.")


# Folders


def test_nbgraders_course_is_read_from_submitted(tmp_path):
    hand_in(tmp_path / "submitted" / "aiko" / "01" / "x.ipynb", *right(CPA))
    hand_in(tmp_path / "submitted" / "ben" / "01" / "x.ipynb", *wrong(CPA, NAMES[0]))
    for other in ("source", "release", "autograded", "feedback"):
        hand_in(tmp_path / other / "carla" / "01" / "x.ipynb", *right(CPA))
    assert list(submissions(tmp_path).learners) == ["aiko", "ben"]
    assert list(submissions(tmp_path / "submitted").learners) == ["aiko", "ben"]


def test_a_folder_of_a_hub_counts_nobody_the_solutions_that_the_course_brings(tmp_path):
    """`make hub` gives each learner a whole copy of the course, in my-class."""
    for learner in ("aiko", "ben"):
        own = tmp_path / "my-class" / learner
        hand_in(own / "lessons" / "01.ipynb", *right(WHICH))
        hand_in(own / "exercises" / "01.ipynb", *wrong(CPA, NAMES[0]), saved=1)
        hand_in(own / "solutions" / "01.ipynb", *right(CPA), saved=2)
    found = submissions(tmp_path / "my-class")
    assert found.notebooks == 4
    for learner in ("aiko", "ben"):
        states = {key: attempt.state for key, attempt in found.learners[learner].items()}
        assert states == {WHICH: "correct", CPA: "known mistake"}
    # What a learner alone called so is handed in like any other folder.
    hand_in(tmp_path / "flat" / "aiko" / "solutions" / "01.ipynb", *right(CPA))
    assert submissions(tmp_path / "flat").learners["aiko"][CPA].state == "correct"


def test_in_a_flat_folder_every_notebook_is_a_learner(tmp_path):
    """As a browser names what several people called alike."""
    for name in ("page.ipynb", "page (1).ipynb", "page (2).IPYNB"):
        hand_in(tmp_path / name, *right(CPA))
    (tmp_path / "notes.txt").write_text("…")
    found = submissions(tmp_path)
    assert list(found.learners) == ["page (1).ipynb", "page (2).IPYNB", "page.ipynb"]
    assert not found.passed_over


def test_of_two_notebooks_of_a_learner_the_one_saved_last_counts(tmp_path):
    aiko = tmp_path / "aiko"
    hand_in(aiko / "new.ipynb", *right(CPA), *checked(VISITORS, "not answered yet"), saved=2_000)
    hand_in(aiko / "old.ipynb", *wrong(CPA, NAMES[0]), *right(VISITORS), saved=1_000)
    hand_in(tmp_path / "ben" / "a.ipynb", *right(CPA))
    hand_in(tmp_path / "ben" / "b.ipynb", *right(VISITORS))
    found = submissions(tmp_path)
    assert found.several == ["aiko"]
    assert {key: each.state for key, each in found.learners["aiko"].items()} == {
        CPA: "correct",
        VISITORS: "correct",  # a task left open replaces nothing
    }
    assert "Learners with a task in several notebooks: 1." in text_of(html(found))


def test_folders_without_notebooks_and_drafts(tmp_path):
    hand_in(tmp_path / "aiko" / "01" / "x.ipynb", *right(CPA))
    hand_in(tmp_path / "aiko" / "01" / ".ipynb_checkpoints" / "x-checkpoint.ipynb", *right(WHICH))
    hand_in(tmp_path / "aiko" / "__MACOSX" / "._x.ipynb", *right(WHICH))
    (tmp_path / "ben" / "01").mkdir(parents=True)
    (tmp_path / "ben" / "01" / "x.pdf").write_bytes(b"%PDF")
    found = submissions(tmp_path)
    assert found.without_notebooks == ["ben"]
    assert found.learners["aiko"].keys() == {CPA}
    assert not found.passed_over
    assert "Folders without a notebook: 1." in text_of(html(found))


def test_another_version_of_the_course_is_named(tmp_path):
    hand_in(tmp_path / "a.ipynb", *checked(CPA, "correct", made_by="0.0.9"), *right(VISITORS))
    hand_in(tmp_path / "b.ipynb", *checked(CPA, "correct", made_by="0.0.9"))
    hand_in(tmp_path / "c.ipynb", *checked(CPA, "correct", made_by=version()))
    hand_in(tmp_path / "d.ipynb", *checked("gone-with-0.0.9", "correct", made_by="0.0.9"),
            *checked(CPA, "known mistake", "gone-too"), *right(VISITORS))  # fmt: skip
    found = submissions(tmp_path)
    assert found.versions == {"0.0.9": 2}
    assert found.unknown == 1
    assert found.learners["d.ipynb"][CPA].state == "not answered yet"
    said = text_of(html(found))
    assert "Checked by version 0.0.9 of the course, not this one: 2 notebooks." in said
    assert "does not know, which is not counted: 1 notebook." in said


# Files that mean no good


def deep(letter, many=100_000):
    return letter * many


HOSTILE = {
    "empty": b"",
    "broken": b'{"nbformat": 4, "cells": [',
    "binary": bytes(range(256)) * 50,
    "nested": deep("[").encode(),
    "nested twice": b'{"nbformat": 4, "cells": ' + deep('{"a":').encode() + b"1",
    "a long number": b'{"nbformat": 4, "cells": [' + b"9" * 10_000 + b"]}",
    "a list": b"[]",
    "a text": b'"cells"',
    "of format 3": b'{"nbformat": 3, "worksheets": []}',
    "without cells": b'{"nbformat": 4}',
    "cells are no list": b'{"nbformat": 4, "cells": {"a": 1}}',
    "foreign": json.dumps(page(code("print(1)"), {"cell_type": "markdown"}, 5, None)).encode(),
    "strange cells": json.dumps(page(
        {"cell_type": "code", "source": 5, "outputs": 7},
        {"cell_type": "code", "source": [1, 2], "outputs": [1, None, {"data": 3}]},
        {"cell_type": "code", "outputs": [{"data": {RESULT: "x"}, "metadata": [1]}]},
    )).encode(),
}  # fmt: skip


def test_what_is_no_page_of_the_course_is_named_and_passed_over(tmp_path):
    for name, content in HOSTILE.items():
        (tmp_path / f"{name}.ipynb").write_bytes(content)
    hand_in(tmp_path / "good.ipynb", *right(CPA))
    found = submissions(tmp_path)
    assert list(found.learners) == ["good.ipynb"]
    reasons = {Path(name).stem: reason for name, reason in found.passed_over}
    assert reasons.keys() == HOSTILE.keys()
    assert all(reasons.values())
    for name in ("empty", "broken", "binary", "nested", "nested twice", "a long number"):
        assert "broken" in reasons[name]
    assert "no check of this course" in reasons["foreign"]
    said = text_of(html(found))
    assert "Passed over: 6. It is broken" in said
    assert "nested" not in said
    assert "nested twice.ipynb" in text_of(html(found, names=True))


def test_a_huge_notebook_is_not_even_opened(tmp_path):
    huge = hand_in(tmp_path / "huge.ipynb", *right(CPA))
    with huge.open("r+b") as opened:
        opened.truncate(LARGEST + 1)  # takes no room on the disk
    hand_in(tmp_path / "good.ipynb", *right(CPA))
    found = submissions(tmp_path)
    assert found.passed_over == [("huge.ipynb", "It is larger than 20 MB.")]


def test_no_link_is_followed_and_nothing_but_files_is_opened(tmp_path):
    outside = hand_in(tmp_path / "outside" / "secret.ipynb", *wrong(CPA, NAMES[0]))
    folder = tmp_path / "class"
    aiko = hand_in(folder / "aiko" / "x.ipynb", *right(CPA))
    mallory = folder / "mallory"
    (mallory / "folder.ipynb").mkdir(parents=True)
    os.mkfifo(mallory / "pipe.ipynb")  # opened, it would wait for ever
    (mallory / "out.ipynb").symlink_to(outside)
    (mallory / "hers.ipynb").symlink_to(aiko)
    (mallory / "nowhere.ipynb").symlink_to("nowhere")
    (mallory / "all").symlink_to(tmp_path)
    (folder / "ghost").symlink_to(folder / "aiko")
    found = submissions(folder)
    assert list(found.learners) == ["aiko"]
    links = {name for name, reason in found.passed_over if "link" in reason}
    assert links == {"ghost", *(os.path.join("mallory", name) for name in
                                ("all", "out.ipynb", "hers.ipynb", "nowhere.ipynb"))}  # fmt: skip
    others = {name: reason for name, reason in found.passed_over if name not in links}
    assert others == {os.path.join("mallory", "pipe.ipynb"): "This is not a file."}
    assert not misconceptions(found)


RUNS = """
import pathlib
pathlib.Path({place!r}).touch()
check("two-offers-cpa", pathlib.Path({place!r}).touch())
"""


def test_nothing_in_a_notebook_is_run(tmp_path):
    place = tmp_path / "it-ran"
    source = RUNS.format(place=str(place))
    hand_in(tmp_path / "class" / "a.ipynb", code(source), *right(CPA))
    assert main([str(tmp_path / "class"), "-o", str(tmp_path / "board.html")]) == 0
    assert not place.exists()


def test_one_learner_cannot_change_the_row_of_another(classroom):
    before = submissions(classroom).learners
    spoof = [
        *checked(CPA, "correct", "gifts-left-out"),
        *checked("learner-03", "correct"),
        code("learner = 'learner-03'", {"data": {RESULT: {
            "key": CPA, "outcome": "correct", "learner": "learner-03", "version": "1"}}}),
    ]  # fmt: skip
    hand_in(classroom / "learner-03 " / "x.ipynb", *spoof)
    hand_in(classroom / "mallory" / "learner-03" / "01" / "page.ipynb", *spoof)
    hand_in(classroom / "learner-03.ipynb", *spoof)
    hand_in(classroom / "Learner-03" / "x.ipynb", *spoof)
    after = submissions(classroom).learners
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 4


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9)
    | st.sampled_from([CPA, "correct", "known mistake", "gifts-left-out", RESULT, "cells", STALE]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(
        ["key", "outcome", "mistake", "version", "cells", "data", "metadata", RESULT, "source"]
    ), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(JUNK, JUNK, JUNK, JUNK)
def test_whatever_an_output_holds_is_either_a_result_of_this_course_or_nothing(a, b, c, d):
    found = read.Submissions()
    cells = [{"cell_type": "code", "source": d, "outputs": a},
             code('check("two-offers-cpa", answer)', {"data": {RESULT: b}, "metadata": c},
                  {"data": {RESULT: {"key": CPA, "outcome": "correct", "mistake": b}}},
                  {"data": a, "metadata": {RESULT: c}})]  # fmt: skip
    found.learners["a"] = read._attempts(page(*cells), found)
    for key, attempt in found.learners["a"].items():
        assert key in EXERCISES
        assert attempt.state in read.STATES
        assert attempt.mistake is None or words(key, attempt.mistake)
    assert looked_at(html(found, names=True))


# The page


class Look(HTMLParser):
    """Every element of a page, closed in order, with its attributes; and the text."""

    EMPTY = ("meta", "rect")

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.attributes, self.text, self.labels = [], Counter(), set(), [], []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes |= {name for name, _value in attrs}
        self.labels += [value for name, value in attrs if name == "aria-label"]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.EMPTY:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "main", "div", "h1", "h2", "p", "strong",
    "ol", "ul", "li", "blockquote", "code", "bdi", "span", "svg", "rect",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "scope", "aria-label",
    "aria-hidden", "role", "viewbox", "x", "y", "width", "height", "fill", "stroke",
}  # fmt: skip


def looked_at(page):
    """The page, parsed: elements and attributes that we write and no others."""
    look = Look()
    look.feed(page)
    look.close()
    assert look.open == []
    assert set(look.tags) <= ELEMENTS
    assert look.attributes <= ATTRIBUTES
    return look


def text_of(page):
    return " ".join(" ".join(looked_at(page).text).split())


def test_the_page_says_what_it_counted_and_what_it_is_for(classroom):
    found = submissions(classroom)
    look = looked_at(html(found))
    said = text_of(html(found))
    assert "For teaching, not for marks" in said
    assert "Half of the class has 1 of 4 tasks right, or more." in said
    assert said.index("12 of 20 who answered") < said.index("10 of 10") < said.index("9 of 20")
    assert "Aya can raise one of her three rates" in said
    # A picture for each misconception and each task, in words too; the others are the legend.
    assert look.tags["svg"] == 3 + 4 + 6
    bars = [label for label in look.labels if "learners" in label]
    assert bars == [
        "12 of 20 learners",
        "10 of 20 learners",
        "9 of 20 learners",
        "20 learners: 11 right, 9 a known mistake",
        "20 learners: 12 a known mistake, 8 wrong in another way",
        "8 learners: 5 cannot be read, 3 changed since its check ran",
        "20 learners: 10 a known mistake, 10 not answered",
    ]
    assert "default-src 'none'" in html(found)


def test_names_stand_on_the_page_only_where_they_were_asked_for(classroom):
    hand_in(classroom / "learner-99" / "x.ipynb", code("1"))
    (classroom / "learner-98").mkdir()
    found = submissions(classroom)
    assert "learner-" not in html(found)
    assert "learner-" not in table(found)
    said = text_of(html(found, names=True))
    assert all(f"learner-{number:02}" in said for number in (*range(20), 98, 99))
    # Learner 03: right in none of four, three known mistakes, one that cannot be read.
    row = "learner-03 0 of 4 1 ✗ rates-added ; 2 ✗ gifts-left-out ; 3 ? ; 4 ✗ first-step"
    assert row in said.replace("3 ?;", "3 ? ;")


ODD = [
    "<script>alert(1)</script>".replace("/", "∕"),
    "\"><img src=x onerror=alert(1)>",
    "' onload='alert(1)",
    "&lt;b&gt;",
    "--><h1>",
    "]]><svg onload=alert(1)>",
    "=HYPERLINK(0)",
    "+1",
    "-1",
    "@SUM(1)",
    "line\nbreak\rtab\t",
    "\u202egnp.oka",
    "\x1b[31mred",
    "愛子 さん",
    "a" * 200,
    "${7*7}{{7*7}}{0}%s",
]  # fmt: skip


def test_a_name_is_text_whatever_it_holds(tmp_path):
    for name in ODD:
        hand_in(tmp_path / name / "x.ipynb", *right(CPA))
        hand_in(tmp_path / "foreign" / f"{name[:90]}.ipynb", code("1"))
        (tmp_path / f"{name[:90]} is empty").mkdir()
    os.makedirs(os.path.join(os.fsencode(tmp_path), b"caf\xe9"))  # not UTF-8
    hand_in(tmp_path / os.fsdecode(b"caf\xe9") / "x.ipynb", *right(CPA))
    found = submissions(tmp_path)
    assert len(found.learners) == len(ODD) + 1
    assert len(found.passed_over) == len(ODD)
    look = looked_at(html(found, names=True))
    assert look.tags["script"] == look.tags["img"] == 0
    said = "".join(look.text)
    for name in ODD[:9] + ODD[13:14]:
        assert name in said
    assert not set(said) & set("\x1b\u202e\r\t\ud800\udce9")
    html(found, names=True).encode("utf-8")
    learners = [row["learner"] for row in rows_of(table(found, names=True))]
    assert len(learners) == len(ODD) + 1
    assert not [name for name in learners if name[0] in "=+-@\t\r\n"]
    assert "'=HYPERLINK(0)" in learners


def test_no_text_of_a_notebook_comes_to_the_page(tmp_path):
    evil = "<script>evil()</script>"
    result = {"key": CPA, "outcome": "correct", "mistake": None, "version": evil, "message": evil}
    hand_in(
        tmp_path / "a.ipynb",
        code(f'check("{CPA}", answer) # {evil}', {"data": {RESULT: result, "text/html": evil}}),
        *checked(evil, evil, evil),
        *checked(VISITORS, "known mistake", evil),
        *checked(WHICH, evil),
    )
    found = submissions(tmp_path)
    assert found.learners["a.ipynb"][CPA] == read.Attempt("correct")
    for names in (False, True):
        assert "evil" not in html(found, names=names) + table(found, names=names)


def test_a_board_of_one_learner_who_answered_nothing(tmp_path):
    hand_in(tmp_path / "a.ipynb", code(f'check("{CPA}", cpa)'))
    found = submissions(tmp_path)
    said = text_of(html(found))
    assert "1 learner · 1 notebook" in said
    assert "Nobody holds a misconception that we know" in said
    assert [row["state"] for row in rows_of(table(found))] == ["not answered yet"]


# The command


def test_the_command_writes_page_and_table(classroom, tmp_path, capsys):
    (classroom / "ben\x1b[31m").mkdir()
    (classroom / "carla.ipynb").write_text("{")
    place = tmp_path / "out" / "class.html"
    place.parent.mkdir()
    assert main([str(classroom), "-o", str(place)]) == 0
    first = place.read_text(encoding="utf-8")
    assert text_of(first).count("Class board")
    assert place.with_suffix(".csv").read_bytes().startswith(b"\xef\xbb\xbftask,state")
    told = capsys.readouterr()
    assert "class.csv" in told.out
    assert "carla.ipynb: It is broken" in told.err
    assert "ben\N{REPLACEMENT CHARACTER}[31m: There is no notebook in it." in told.err
    # Once more, with names, in the place of the first.
    assert main([str(classroom), "--by", "learner", "-o", str(place)]) == 0
    assert "learner-07" in place.read_text(encoding="utf-8")
    assert main([str(classroom), "-o", str(place)]) == 0
    assert place.read_text(encoding="utf-8") == first


@pytest.mark.parametrize("name", ["mine.html", "mine.csv", "mine.txt"])
def test_what_is_no_board_is_not_replaced(classroom, tmp_path, capsys, name):
    (tmp_path / name).write_text("precious")
    place = tmp_path / name.replace(".csv", ".html")
    with pytest.raises(SystemExit):
        main([str(classroom), "-o", str(place)])
    assert name in capsys.readouterr().err
    assert (tmp_path / name).read_text() == "precious"


def test_a_folder_that_is_none_or_holds_nothing_is_said(tmp_path, capsys):
    out = ["-o", str(tmp_path / "board.html")]
    for folder, said in (("nowhere", "nowhere is no folder"), ("", "no notebook of this course")):
        with pytest.raises(SystemExit):
            main([str(tmp_path / folder), *out])
        assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
