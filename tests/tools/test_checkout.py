"""What .gitattributes promises, tried with git itself: line endings, and filled exercises."""

import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

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
    theirs = [line.endswith(".bat") for line in lines]
    assert theirs.count(True) == 1
    assert [each.removeprefix("w/") for each in here] == [
        "crlf" if windows else each.removeprefix("i/")
        for each, windows in zip(stored, theirs, strict=True)
    ]
    pages = tool.notebooks(tmp_path / "course")
    assert len(pages) > 9
    assert not [page for page in pages if tool.complaint(page)]


def filled(notebook: str, answers: random.Random) -> str:
    """An exercise with random numbers in place of the dots that a learner fills in."""
    parts = notebook.split("= ...")
    return "".join(part + f"= {answers.randrange(10**6)}" for part in parts[:-1]) + parts[-1]


def class_of(
    tmp_path: Path, git: Git, attributes: str | None = None, folder: str = "exercises"
) -> tuple[Path, list[Path]]:
    """A repository with the pages of a folder, and their names; its .gitattributes."""
    course = tmp_path / "course"
    pages = sorted(path.relative_to(ROOT) for path in (ROOT / folder).glob("*.ipynb"))
    assert len(pages) > 2
    for name in [Path(".gitattributes"), *pages]:
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_bytes((ROOT / name).read_bytes())
    if attributes is not None:
        (course / ".gitattributes").write_text(attributes, encoding="utf-8", newline="\n")
    git(course, "init", "--quiet", "--initial-branch=main")
    git(course, "add", ".")
    git(course, "commit", "--quiet", "--message=first")
    return course, pages


def update(course: Path, exercises: list[Path], chance: random.Random, git: Git) -> None:
    """An update takes lines out, doubles some, and puts words at the end of others."""
    for name in exercises:
        lines = (course / name).read_text(encoding="utf-8").splitlines(keepends=True)
        updated = [
            line.replace("= ...", "= ... # new")
            if chance.random() < 0.8
            else line * chance.randrange(3)
            for line in lines
        ]
        (course / name).write_text("".join(updated), encoding="utf-8", newline="\n")
    git(course, "commit", "--quiet", "--all", "--message=update")


Pull = Callable[[Path, Path], None]


@pytest.fixture(params=["git", pytest.param("nbgitpuller", marks=pytest.mark.slow)])
def pull(request: pytest.FixtureRequest, git: Git) -> Pull:
    """Bring the pages of a course into a learner's folder: nbgitpuller, or what it tells git."""
    if request.param == "git":

        def merged(course: Path, hub: Path) -> None:
            if not hub.exists():
                git(course, "clone", "--quiet", str(course), str(hub))
                return
            git(hub, "fetch", "--quiet")
            git(hub, "commit", "--quiet", "--all", "--message=mine")
            git(hub, "merge", "--quiet", "--strategy-option=ours", "origin/main")

        return merged
    packages = request.getfixturevalue("nbgitpuller")

    def pulled(course: Path, hub: Path) -> None:
        command = [sys.executable, "-m", "nbgitpuller.pull", course.as_uri(), "main", str(hub)]
        alone = {"GIT_CONFIG_GLOBAL": str(course.parent / "gitconfig"), "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            command,
            env=os.environ | alone | {"PYTHONPATH": str(packages)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return pulled


@pytest.fixture(scope="session")
def nbgitpuller(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the nbgitpuller that deploy/README.md puts into the image."""
    page = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
    (package,) = re.findall(r"nbgitpuller==[\d.]+", page)
    folder = tmp_path_factory.mktemp("nbgitpuller")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--retries", "1", "--no-deps"]
    run = subprocess.run(
        [*command, "--target", str(folder), package], capture_output=True, text=True, check=False
    )
    if run.returncode and "connection broken" in run.stderr:
        pytest.skip("nbgitpuller cannot be installed: pip reaches no package registry from here")
    assert run.returncode == 0, run.stderr
    return folder


def lost(
    tmp_path: Path, git: Git, pull: Pull, seed: int, **course_of: str
) -> dict[bool, list[Path]]:
    """Fill all pages but one, update all; which of those filled are (True) no more as they were.

    Raises AssertionError if the page that nobody touched is not the new one.
    """
    chance = random.Random(seed)
    course, pages = class_of(tmp_path, git, **course_of)
    hub = tmp_path / "hub"
    pull(course, hub)
    untouched, *touched = chance.sample(pages, len(pages))
    answers = {}
    for name in touched:
        answers[name] = filled((course / name).read_text(encoding="utf-8"), chance)
        (hub / name).write_text(answers[name], encoding="utf-8", newline="\n")
    update(course, pages, chance, git)
    pull(course, hub)
    assert (hub / untouched).read_bytes() == (course / untouched).read_bytes()
    assert (hub / untouched).read_bytes() != (ROOT / untouched).read_bytes()
    found: dict[bool, list[Path]] = {True: [], False: []}
    for name, answer in answers.items():
        found[(hub / name).read_text(encoding="utf-8") != answer].append(name)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_an_update_leaves_a_filled_exercise_whole(
    tmp_path: Path, git: Git, pull: Pull, seed: int
) -> None:
    """And an exercise that nobody touched becomes the new one."""
    assert not lost(tmp_path, git, pull, seed)[True]


def test_without_our_attribute_the_same_updates_are_mixed_in(
    tmp_path: Path, git: Git, pull: Pull
) -> None:
    """So that the test above could fail."""
    assert lost(tmp_path, git, pull, 0, attributes="* text=auto eol=lf\n")[True]


ONLY_NBGITPULLER = pytest.mark.parametrize(
    "pull", [pytest.param("nbgitpuller", marks=pytest.mark.slow)], indirect=True
)


@ONLY_NBGITPULLER
@pytest.mark.parametrize("set_up", [True, False])
def test_on_a_hub_that_is_set_up_as_we_say_lessons_stay_whole_too(
    tmp_path: Path, git: Git, pull: Pull, set_up: bool
) -> None:
    """A machine's attributes, that values.yaml gives to each learner's, say less than the course's.

    Without them the lessons are merged line by line, which authors need.
    """
    if set_up:
        values = yaml.safe_load((ROOT / "deploy" / "values.yaml").read_text(encoding="utf-8"))
        file = values["singleuser"]["extraFiles"]["keep-pages-whole"]
        (tmp_path / "attributes").write_text(file["stringData"], encoding="utf-8")
        place = (tmp_path / "attributes").as_posix()
        (tmp_path / "gitconfig").write_text(f"[core]\nattributesFile = {place}\n", encoding="utf-8")
    assert bool(lost(tmp_path, git, pull, 0, folder="lessons")[True]) is not set_up


@ONLY_NBGITPULLER
def test_who_renames_a_filled_exercise_gets_the_new_one_beside_it(
    tmp_path: Path, git: Git, pull: Pull
) -> None:
    course, (name, *others) = class_of(tmp_path, git)
    hub = tmp_path / "hub"
    pull(course, hub)
    mine = name.with_name("mine.ipynb")
    answer = filled((hub / name).read_text(encoding="utf-8"), random.Random(0))
    (hub / name).write_text(answer, encoding="utf-8", newline="\n")
    pull(course, hub)
    (hub / name).rename(hub / mine)
    update(course, [name, *others], random.Random(0), git)
    pull(course, hub)
    assert (hub / mine).read_text(encoding="utf-8") == answer
    assert (hub / name).read_bytes() == (course / name).read_bytes()
