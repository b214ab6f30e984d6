"""The learner's own copy: always as new as can be, and never a written word lost."""

import errno
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import start as tool
from twostep.orders.book import FOLDER

ROOT = Path(__file__).parents[2]
Git = Callable[..., str]
PAGE, OTHER = "exercises/01_sums.ipynb", "lessons/02_prices.ipynb"


def page(*sources: str) -> str:
    """The text of a notebook with one code cell a source, run."""
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "source": source,
            "execution_count": number + 1,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "1\n"}],
        }
        for number, source in enumerate(sources)
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def run_and_saved(text: str) -> str:
    """The same page after "Run All", Shift+Enter in the last cell, and a save in JupyterLab."""
    notebook = json.loads(text)
    notebook["metadata"] = {"widgets": {"state": {}}}
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
        cell["execution_count"] = 40
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["moved\n"]}]
        cell["metadata"]["execution"] = {"iopub.status.busy": "2026"}
    notebook["cells"].append(
        {"cell_type": "code", "id": "0f3a", "metadata": {}, "source": [], "outputs": []}
    )
    return json.dumps(notebook, indent=1)


class Course:
    """A course of a few pages and the learner's copy of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.own = folder, folder / tool.OWN

    def publish(self, pages: dict[str, str]) -> None:
        for name, text in pages.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")

    def start(self) -> dict[str, list[str]]:
        happened = tool.lay_out(self.folder, self.own)
        return {what: pages for what, pages in happened.items() if pages}

    def read(self, name: str) -> str:
        return (self.own / name).read_text(encoding="utf-8")

    def save(self, name: str, text: str) -> None:
        (self.own / name).write_text(text, encoding="utf-8")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    made = Course(tmp_path)
    made.publish({PAGE: page("answer = ..."), OTHER: page("1 + 1"), "README.md": "# Course\n"})
    return made


# What is handed out


def test_the_first_start_hands_out_the_course_and_every_link_leads_on_inside(
    tmp_path: Path,
) -> None:
    happened = tool.lay_out(ROOT, tmp_path)
    handed_out = {
        given for name in happened["new"] for given in tool.HANDED_OUT
        if name == given or name.startswith(f"{given}/")
    }  # fmt: skip
    assert handed_out == set(tool.HANDED_OUT)
    assert tool.FIRST_PAGE in happened["new"]
    links = Counter[str]()
    for name in happened["new"]:
        assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes()
        if name.endswith(".png"):
            continue
        text = (tmp_path / name).read_text(encoding="utf-8")
        if name.endswith(".ipynb"):
            text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        for target in re.findall(r"\]\(([^)\s#]+)[^)\s]*\)", text):
            if "://" not in target:
                links[name] += 1
                assert (tmp_path / name).parent.joinpath(target).exists(), f"{name}: {target}"
    assert len(links) > 10
    assert tool.lay_out(ROOT, tmp_path) == {what: [] for what in tool.REPORT}


def test_what_editors_leave_among_the_originals_is_not_handed_out(course: Course) -> None:
    course.publish({"lessons/.ipynb_checkpoints/02_prices-checkpoint.ipynb": page("1 + 1")})
    course.publish({"lessons/my_plan.html": "a plan", "lessons/my_orders/jan.csv": "orders"})
    assert course.start() == {"new": [OTHER, PAGE, "README.md"]}


def test_a_start_makes_a_folder_for_exports_and_leaves_what_is_in_it(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(course, monkeypatch)
    assert (course.own / FOLDER).is_dir()
    course.save(f"{FOLDER}/jan.csv", "orders")
    opened(course, monkeypatch)
    assert course.read(f"{FOLDER}/jan.csv") == "orders"


# What happens to a page


def test_a_page_that_was_only_run_is_renewed_and_one_that_was_written_in_is_left(
    course: Course,
) -> None:
    course.start()
    answered = run_and_saved(page("answer = ... + 42"))
    course.save(PAGE, answered)
    course.save(OTHER, run_and_saved(page("1 + 1")))
    assert course.start() == {}, "nothing new: nothing to do, nothing to say"
    course.publish({PAGE: page("answer = ...", "check()"), OTHER: page("1 + 2")})
    assert course.start() == {"renewed": [OTHER], "left": [PAGE]}
    assert course.read(OTHER) == page("1 + 2")
    assert course.read(PAGE) == answered
    assert course.start() == {"left": [PAGE]}, "said until the learner has the new one"


def test_new_outputs_alone_are_handed_out_too(course: Course) -> None:
    course.start()
    course.publish({OTHER: page("1 + 1").replace('"1\\n"', '"2\\n"')})
    assert course.start() == {"renewed": [OTHER]}


def test_renaming_or_deleting_a_page_brings_the_new_one(course: Course) -> None:
    course.start()
    course.save(PAGE, page("answer = ... + 42"))
    course.publish({PAGE: page("answer = ...", "check()")})
    mine = course.own / "exercises" / "01 mine.ipynb"
    (course.own / PAGE).rename(mine)
    (course.own / OTHER).unlink()
    assert course.start() == {"new": [OTHER, PAGE]}
    assert course.read(PAGE) == page("answer = ...", "check()")
    assert mine.read_text(encoding="utf-8") == page("answer = ... + 42")


def test_pages_the_course_no_longer_has(course: Course) -> None:
    course.publish({"lessons/old.ipynb": page("1"), "lessons/older.ipynb": page("2")})
    course.start()
    course.save("lessons/old.ipynb", page("my own sum"))
    course.save("lessons/older.ipynb", run_and_saved(page("2")))
    for name in ("old", "older"):
        (course.folder / f"lessons/{name}.ipynb").unlink()
    assert course.start() == {"removed": ["lessons/older.ipynb"], "kept": ["lessons/old.ipynb"]}
    assert course.read("lessons/old.ipynb") == page("my own sum")
    assert not (course.own / "lessons/older.ipynb").exists()
    assert course.start() == {}, "from now on it is the learner's page and no concern of ours"


@pytest.mark.parametrize("record", [None, "", "{", "[]", '{"a": 1}', '{"a": [1, 2, 3]}'])
def test_a_lost_or_damaged_record_loses_no_answer(course: Course, record: str | None) -> None:
    course.start()
    answered = page("answer = ... + 42")
    course.save(PAGE, answered)
    course.save(OTHER, run_and_saved(page("1 + 1")))
    if record is None:
        (course.own / tool.RECORD).unlink()
    else:
        course.save(tool.RECORD, record)
    assert course.start() == {"left": [PAGE]}
    assert course.start() == {}, "not known to be old"
    course.publish({PAGE: page("answer = ...", "check()"), OTHER: page("1 + 2")})
    assert course.start() == {"renewed": [OTHER], "left": [PAGE]}
    assert course.read(PAGE) == answered


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": [1]}', '{"cells": [{}]}', "null"])
def test_a_damaged_page_is_named_and_left(course: Course, content: str) -> None:
    course.start()
    course.save(PAGE, content)
    assert course.start() == {"damaged": [PAGE]}
    course.publish({PAGE: page("answer = ...", "check()")})
    assert course.start() == {"damaged": [PAGE]}
    assert course.read(PAGE) == content
    (course.own / PAGE).unlink()
    assert course.start() == {"new": [PAGE]}
    (course.folder / PAGE).unlink()
    course.save(PAGE, content)
    assert course.start() == {"kept": [PAGE]}


def test_a_damaged_original_is_not_handed_out_and_takes_nothing_away(course: Course) -> None:
    course.start()
    course.publish({PAGE: "<<<<<<< HEAD", "lessons/03.ipynb": ""})
    assert course.start() == {}
    assert course.read(PAGE) == page("answer = ...")
    course.publish({PAGE: page("answer = ...", "check()")})
    assert course.start() == {"renewed": [PAGE]}


def test_a_text_and_a_pasted_picture_count_as_written(course: Course) -> None:
    course.start()
    course.save("README.md", "# Course\r\n")
    course.publish({"README.md": "# The course\n"})
    assert course.start() == {"renewed": ["README.md"]}, "line endings are not written by a person"
    course.save(OTHER, json.dumps(json.loads(page("1 + 1")), indent=1).replace("\n", "\r\n"))
    course.publish({OTHER: page("2 + 2")})
    assert course.start() == {"renewed": [OTHER]}
    course.save("README.md", "# My course\n")
    course.publish({"README.md": "# Course\n"})
    assert course.start() == {"left": ["README.md"]}
    pasted = json.loads(page("1 + 1"))
    pasted["cells"][0]["attachments"] = {"shop.png": {"image/png": "iVBO"}}
    course.save(OTHER, json.dumps(pasted))
    course.publish({OTHER: page("1 + 2")})
    assert course.start() == {"left": ["README.md", OTHER][::-1]}


STEPS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from((PAGE, OTHER)), st.integers(0, 10**6)),
    st.tuples(st.sampled_from(("run", "delete")), st.sampled_from((PAGE, OTHER)), st.just(0)),
    st.tuples(
        st.sampled_from(("publish", "withdraw")), st.sampled_from((PAGE, OTHER)), st.integers(0, 3)
    ),
    st.tuples(st.sampled_from(("start", "lose the record")), st.just(""), st.just(0)),
)


@given(st.lists(STEPS, max_size=12))
def test_whatever_happens_no_written_word_is_lost_and_untouched_pages_are_new(
    steps: list[tuple[str, str, int]],
) -> None:
    """Any order of writing, running, deleting, updating and starting."""
    with TemporaryDirectory() as folder:
        course = Course(Path(folder))
        answers: dict[str, str] = {}  # what the learner wrote, by page
        lost_record: set[str] = set()  # pages that cannot be told from written ones any more
        course.publish({PAGE: page("answer = ..."), OTHER: page("1 + 1")})
        course.start()
        for step, name, number in [*steps, ("start", "", 0)]:
            original, own = course.folder / name, course.own / name
            if step == "write" and own.exists():
                answers[name] = page(f"my answer = {number}")
                course.save(name, answers[name])
            elif step == "run" and own.exists():
                course.save(name, run_and_saved(course.read(name)))
                if name in answers:
                    answers[name] = course.read(name)
            elif step == "delete" and own.exists():
                own.unlink()
                answers.pop(name, None)
                lost_record.discard(name)
            elif step == "publish":
                course.publish({name: page(f"version {number}")})
            elif step == "withdraw":
                original.unlink(missing_ok=True)
            elif step == "lose the record":
                (course.own / tool.RECORD).unlink(missing_ok=True)
                lost_record |= {PAGE, OTHER}
            elif step == "start":
                course.start()
                for each in (PAGE, OTHER):
                    if each in answers:
                        assert course.read(each) == answers[each]
                    elif each not in lost_record:
                        assert (course.own / each).exists() == (course.folder / each).exists()
                        if (course.own / each).exists():
                            texts = [(f / each).read_bytes() for f in (course.folder, course.own)]
                            assert len({tool.written(each, text) for text in texts}) == 1


# With git, as a learner and an author use it


@pytest.fixture
def cloned(course: Course, tmp_path_factory: pytest.TempPathFactory, git: Git) -> Iterator[Course]:
    """A learner's clone of the course, with the ignored files of ours."""
    course.publish({".gitignore": (ROOT / ".gitignore").read_text(encoding="utf-8")})
    git(course.folder, "init", "--quiet")
    git(course.folder, "add", ".")
    git(course.folder, "commit", "--quiet", "--message=first")
    clone = tmp_path_factory.mktemp("clone") / "course"
    git(course.folder, "clone", "--quiet", str(course.folder), str(clone))
    yield Course(clone)
    assert git(clone, "status", "--porcelain") == "", "nothing a learner does is seen by git"


def update(course: Course, git: Git, pages: dict[str, str]) -> None:
    course.publish(pages)
    git(course.folder, "add", "--all")
    git(course.folder, "commit", "--quiet", "--message=update")


@pytest.mark.parametrize("first", ["work", "update"])
def test_answers_and_an_update_by_git_pull_in_either_order(
    course: Course, cloned: Course, git: Git, first: str
) -> None:
    newer = {PAGE: page("answer = ...", "check()"), OTHER: page("1 + 2")}
    if first == "update":
        update(course, git, newer)
        git(cloned.folder, "pull", "--quiet", "--ff-only")
    cloned.start()
    answered = run_and_saved(page("answer = ... + 42"))
    cloned.save(PAGE, answered)
    cloned.save(OTHER, run_and_saved(cloned.read(OTHER)))
    assert cloned.start() == {}
    if first == "work":
        update(course, git, newer)
        git(cloned.folder, "pull", "--quiet", "--ff-only")
        assert cloned.start() == {"renewed": [OTHER], "left": [PAGE]}
        assert cloned.read(OTHER) == page("1 + 2")
    assert cloned.read(PAGE) == answered


# Where something goes wrong


def opened(course: Course, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Start as a learner does, but for JupyterLab: the folders it would have shown."""
    shown: list[Path] = []
    monkeypatch.setattr(sys, "argv", ["start"])

    def open_lab(folder: Path, _arguments: list[str]) -> int:
        shown.append(folder)
        return 0

    monkeypatch.setattr(tool, "open_lab", open_lab)
    assert tool.main(course.folder) == 0
    return shown


def test_what_a_start_says(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tool, "FIRST_PAGE", OTHER)
    assert opened(course, monkeypatch) == [course.own]
    assert "Your own copy of the course is in the folder my-course." in capsys.readouterr().out
    course.save(PAGE, page("answer = ... + 42"))
    course.publish({PAGE: page("answer = ...", "check()")})
    opened(course, monkeypatch)
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 2
    assert PAGE in said[0]
    assert "rename" in said[0]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EROFS, "move the course"),
        (errno.EACCES, "move the course"),
    ],
)
def test_a_full_disk_or_a_read_only_folder_is_one_sentence_and_breaks_no_page(
    course: Course, monkeypatch: pytest.MonkeyPatch, error: int, words: str
) -> None:
    course.start()
    answered = page("answer = ... + 42")
    course.save(PAGE, answered)
    course.publish({OTHER: page("1 + 2"), PAGE: page("answer = ...", "check()")})
    before = sorted(course.own.rglob("*"))

    def refuse(path: Path, _content: bytes) -> int:
        path.open("wb").close()
        raise OSError(error, os.strerror(error), str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", refuse)
        with pytest.raises(SystemExit) as stopped:
            opened(course, monkeypatch)
    assert words in str(stopped.value)
    assert "\n" not in str(stopped.value)
    assert sorted(course.own.rglob("*")) == before
    assert course.read(OTHER) == page("1 + 1")
    assert course.start() == {"renewed": [OTHER], "left": [PAGE]}
    assert course.read(PAGE) == answered


def test_a_read_only_folder_is_no_obstacle_while_nothing_is_new(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.start()
    monkeypatch.setattr(Path, "write_bytes", None)
    assert course.start() == {}


def test_several_starts_at_once_do_no_harm(course: Course) -> None:
    program = (
        "import sys; from pathlib import Path; from tools import start\n"
        "start.lay_out(*map(Path, sys.argv[1:]))"
    )
    course.publish({f"lessons/{number}.ipynb": page(f"{number}") for number in range(20)})
    for update in ("first", "second"):
        course.publish({OTHER: page(update)})
        (course.folder / f"lessons/{len(update)}.ipynb").unlink()
        starts = [
            subprocess.Popen(
                [sys.executable, "-c", program, course.folder, course.own],
                cwd=ROOT,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(4)
        ]
        assert [each.communicate()[1] for each in starts] == [""] * 4
        laid = {path.relative_to(course.own): path.read_bytes() for path in course.own.rglob("*.*")}
        assert laid.pop(Path(tool.RECORD))
        names = list(tool.originals(course.folder))
        assert laid == {Path(name): (course.folder / name).read_bytes() for name in names}
    assert course.start() == {}
