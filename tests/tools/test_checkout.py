"""What .gitattributes promises, tried with git itself: line endings, and filled exercises."""

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import notebooks as tool

ROOT = Path(__file__).parents[2]
Git = Callable[..., str]


def test_a_checkout_on_windows_is_the_same_to_the_byte(tmp_path: Path, git: Git) -> None:
    """With Git for Windows' own settings, which else turn every line ending into CRLF."""
    settings = ["--config", "core.autocrlf=true", "--config", "core.eol=crlf"]
    cloned = subprocess.run(
        [
            "git",
            "clone",
            "--quiet",
            "--depth=1",
            *settings,
            ROOT.as_uri(),
            str(tmp_path / "course"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if "not appear to be a git repository" in cloned.stderr:
        pytest.skip(f"not a git checkout: {cloned.stderr.strip()}")
    assert cloned.returncode == 0, cloned.stderr
    lines = git(tmp_path / "course", "ls-files", "--eol").splitlines()
    assert len(lines) > 100
    stored, here = zip(*(line.split()[:2] for line in lines), strict=True)
    assert [each.removeprefix("w/") for each in here] == [
        each.removeprefix("i/") for each in stored
    ]
    pages = tool.notebooks(tmp_path / "course")
    assert len(pages) > 9
    assert not [page for page in pages if tool.complaint(page)]


def filled(notebook: str, answers: random.Random) -> str:
    """An exercise with random numbers in place of the dots that a learner fills in."""
    parts = notebook.split("= ...")
    return "".join(part + f"= {answers.randrange(10**6)}" for part in parts[:-1]) + parts[-1]


@pytest.mark.parametrize("seed", range(5))
def test_an_update_leaves_a_filled_exercise_whole(tmp_path: Path, git: Git, seed: int) -> None:
    """As nbgitpuller does on a Hub: commit what the learner has, then merge, theirs first."""
    chance = random.Random(seed)
    course, hub = tmp_path / "course", tmp_path / "hub"
    exercises = sorted(path.relative_to(ROOT) for path in (ROOT / "exercises").glob("*.ipynb"))
    assert len(exercises) > 2
    for name in [Path(".gitattributes"), *exercises]:
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_bytes((ROOT / name).read_bytes())
    git(course, "init", "--quiet", "--initial-branch=main")
    git(course, "add", ".")
    git(course, "commit", "--quiet", "--message=first")
    git(course, "clone", "--quiet", str(course), str(hub))
    untouched, *touched = chance.sample(exercises, len(exercises))
    answers = {}
    for name in exercises:
        lines = (course / name).read_text(encoding="utf-8").splitlines(keepends=True)
        if name in touched:
            answers[name] = filled("".join(lines), chance)
            (hub / name).write_text(answers[name], encoding="utf-8", newline="\n")
        # The update takes lines out, doubles some, and puts words at the end of others.
        updated = [
            line.replace("= ...", "= ... # new")
            if chance.random() < 0.8
            else line * chance.randrange(3)
            for line in lines
        ]
        (course / name).write_text("".join(updated), encoding="utf-8", newline="\n")
    git(course, "commit", "--quiet", "--all", "--message=update")
    git(hub, "commit", "--quiet", "--all", "--message=mine")
    git(hub, "fetch", "--quiet")
    git(hub, "merge", "--quiet", "--strategy-option=ours", "origin/main")
    assert {name: (hub / name).read_text(encoding="utf-8") for name in touched} == answers
    assert (hub / untouched).read_bytes() == (course / untouched).read_bytes()
