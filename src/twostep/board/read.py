"""Submitted notebooks as data: what their checks left in them. Nothing in them is run.

Everything in such a file may have been made up. So a result counts only where this course knows its
task, its outcome and the name of its mistake, and no other text of a notebook is kept.
"""

import json
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tqdm import tqdm

from twostep._text import _
from twostep.board.words import words
from twostep.practice import EXERCISES, Outcome
from twostep.practice._answered import fingerprint
from twostep.practice._shown import ANSWERED, RESULT, version

LARGEST = 20 * 2**20
"""Bytes of a notebook that is still read. A lesson with its charts has a hundredth of it."""

STALE = "changed since its check ran"
STATES: tuple[str, ...] = (
    Outcome.CORRECT,
    Outcome.KNOWN_MISTAKE,
    Outcome.NOT_YET,
    Outcome.UNREADABLE,
    STALE,
    Outcome.NOT_ANSWERED,
)
"""How a learner can stand in a task."""

# A call as the pages of the course write it, and a name that still has to be filled in.
_CHECK = re.compile(r"""\bcheck\(\s*(["'])([\w-]{1,80})\1([^)]{0,200})""")
_OPEN = re.compile(r"^[ \t]*(\w{1,80})[ \t]*=[^\n]{0,200}\.\.\.", re.MULTILINE)
_VERSION = re.compile(r"[0-9A-Za-z.+!-]{1,30}")


class PassedOverError(ValueError):
    """Why a file is not read, in words for the instructor."""


@dataclass(frozen=True)
class Attempt:
    """How one learner stands in one task: one of `STATES`; the name of the known mistake, if any.

    `version` is the course's own, as the check wrote it: None where it did not know, or where the
    check never ran.
    """

    state: str
    mistake: str | None = None
    version: str | None = None


Attempts = dict[str, Attempt]
"""By the key of the task."""


@dataclass
class Submissions:
    """What a folder holds, by learner, and what in it was not read, with the reason."""

    learners: dict[str, Attempts] = field(default_factory=dict)
    notebooks: int = 0
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    without_notebooks: list[str] = field(default_factory=list)
    several: list[str] = field(default_factory=list)
    """Learners with a task in more than one notebook."""
    versions: Counter[str] = field(default_factory=Counter)
    """Other versions of the course, with how many notebooks were checked by them."""
    unknown: int = 0
    """Notebooks with a result that this version of the course does not know."""


def submissions(folder: Path) -> Submissions:
    """Read every notebook in a folder of submissions; shows its progress where that takes time.

    The first part of a path is the learner: `aiko/chapter/page.ipynb`, `aiko/page.ipynb` or, in a
    flat folder, `aiko.ipynb`. Of nbgrader's course folder only `submitted` is read, of a learner's
    whole copy of the course not the solutions that came with it. Raises NotADirectoryError.
    """
    if not folder.is_dir():
        raise NotADirectoryError(folder)
    root = folder / "submitted" if (folder / "submitted").is_dir() else folder
    found = Submissions()
    read: dict[str, list[tuple[float, str, Attempts]]] = {}
    files = list(_files(root, found))
    for path in tqdm(files, desc=_("Notebooks"), delay=1, leave=False):
        name = path.relative_to(root)
        try:
            saved, page = _page(path)
            attempts = _attempts(page, found)
        except PassedOverError as reason:
            found.passed_over.append((str(name), str(reason)))
            continue
        read.setdefault(name.parts[0], []).append((saved, str(name), attempts))
        found.notebooks += 1
    for learner, pages in sorted(read.items()):
        together: Attempts = {}
        found.learners[learner] = together
        for _saved, _name, attempts in sorted(pages, key=lambda page: page[:2]):
            if together.keys() & attempts.keys() and learner not in found.several:
                found.several.append(learner)
            _update(together, attempts)
    del found.versions[version() or ""]
    seen = {path.relative_to(root).parts[0] for path in files}
    found.without_notebooks = sorted(
        each.name
        for each in root.iterdir()
        if not each.name.startswith(".") and not each.is_symlink() and each.is_dir()
        and each.name not in seen
    )  # fmt: skip
    return found


def _files(root: Path, found: Submissions) -> Iterator[Path]:
    """Every notebook, in the order of names. No link is followed: it may lead to anywhere."""

    def closed(problem: OSError) -> None:
        name = os.path.relpath(problem.filename, root)
        found.passed_over.append((name, _("This folder cannot be opened.")))

    for place, folders, files in os.walk(root, onerror=closed):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if {"lessons", "exercises", "solutions"} <= set(folders):
            folders.remove("solutions")  # a copy of the course: these are not the learner's own
        for name in [*folders, *sorted(files)]:
            path = Path(place, name)
            notebook = path.suffix.lower() == ".ipynb" and not name.startswith(".")
            if path.is_symlink() and (notebook or name in folders):
                linked = _("This is a link, and links are not followed.")
                found.passed_over.append((str(path.relative_to(root)), linked))
            elif notebook and name not in folders:
                yield path


def _page(path: Path) -> tuple[float, dict[str, Any]]:
    """When a notebook was saved, and what it holds. Raises PassedOverError."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise PassedOverError(_("This is not a file."))
        if status.st_size > LARGEST:
            raise PassedOverError(
                _("It is larger than {size} MB.").format(size=round(LARGEST / 2**20))
            )
        page = json.loads(path.read_bytes())
    except OSError:
        raise PassedOverError(_("It cannot be opened.")) from None
    except PassedOverError:
        raise
    except (ValueError, RecursionError, MemoryError):
        raise PassedOverError(_("It is broken: no notebook can be read from it.")) from None
    if (
        not isinstance(page, dict)
        or page.get("nbformat") != 4
        or not isinstance(page.get("cells"), list)
    ):
        raise PassedOverError(_("It is no notebook of the format that the course uses (4)."))
    return status.st_mtime, page


def _attempts(page: dict[str, Any], found: Submissions) -> Attempts:
    """What the checks of a page left; raises PassedOverError for a page without one of ours."""
    cells = [
        (_joined(cell.get("source")), cell.get("outputs"))
        for cell in page["cells"]
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]
    sources = [source for source, _outputs in cells]
    fingerprints = {fingerprint(source) for source in sources}
    still_open = {name for source in sources for name in _OPEN.findall(source)}
    attempts: Attempts = {}
    unknown = False
    for source, outputs in cells:
        names = {key: set(re.findall(r"[^\W\d]\w*", rest))
                 for _quote, key, rest in _CHECK.findall(source)}  # fmt: skip
        _update(attempts, {key: Attempt(Outcome.NOT_ANSWERED) for key in names.keys() & EXERCISES})
        for data, metadata in _results(outputs):
            key = str(data.get("key"))
            attempt = _attempt(key, data) if key in EXERCISES else None
            if attempt is None:
                unknown = True
                continue
            if answered := _answered(metadata):
                changed = not fingerprints.issuperset(answered)
            else:  # as it was handed out: was something typed since?
                asked = names.get(key, set())
                fresh = attempt.state == Outcome.NOT_ANSWERED
                changed = fresh and bool(asked) and not asked & still_open
            if changed:
                attempt = Attempt(STALE, None, attempt.version)
            _update(attempts, {key: attempt})
    found.unknown += unknown
    if not attempts:
        raise PassedOverError(_("There is no check of this course in it."))
    found.versions.update({each.version for each in attempts.values() if each.version})
    return attempts


def _results(outputs: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """The results among the outputs of a cell, each with its metadata."""
    for output in outputs if isinstance(outputs, list) else ():
        data = output.get("data") if isinstance(output, dict) else None
        result = data.get(RESULT) if isinstance(data, dict) else None
        if isinstance(result, dict):
            yield result, output.get("metadata")


def _attempt(key: str, data: dict[str, Any]) -> Attempt | None:
    """A result as it is counted, or None where this course cannot have left it."""
    outcome, mistake, made_by = data.get("outcome"), data.get("mistake"), data.get("version")
    mistaken = outcome == Outcome.KNOWN_MISTAKE
    if outcome not in STATES or outcome == STALE or (mistake is not None and not mistaken):
        return None
    if mistake is not None and (not isinstance(mistake, str) or words(key, mistake) is None):
        return None
    if not isinstance(made_by, str) or not _VERSION.fullmatch(made_by):
        made_by = None
    return Attempt(outcome, mistake, made_by)


def _answered(metadata: Any) -> list[str]:
    """The fingerprints beside a result; none where it has none."""
    held = metadata.get(RESULT) if isinstance(metadata, dict) else None
    cells = held.get(ANSWERED) if isinstance(held, dict) else None
    return [each for each in cells if isinstance(each, str)] if isinstance(cells, list) else []


def _update(attempts: Attempts, later: Attempts) -> None:
    """Put later attempts in the place of earlier ones. A task left unanswered replaces none."""
    for key, attempt in later.items():
        if key not in attempts or attempt.state != Outcome.NOT_ANSWERED:
            attempts[key] = attempt


def _joined(source: Any) -> str:
    """The text of a cell, which a notebook holds in one piece or in lines."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else ""
