"""Open the course in JupyterLab: a copy of its pages that belongs to the learner.

    python -m tools.start [arguments for JupyterLab]

The copy is the folder my-course, which git ignores. Each start lays new pages into it and renews
those that nobody wrote in. A page somebody wrote in is never changed. Running a page is not
writing: outputs, and empty cells that Shift+Enter adds, may be replaced.

Stopping this at any moment loses nothing, nor do two starts at once: each file is written under
another name first, and only what an original of the course says is ever replaced.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.install import advice

ROOT = Path(__file__).resolve().parents[1]
OWN = "my-course"
# In the learner's copy: for exports of their orders, and the plan that lesson 13 writes.
MY_ORDERS, MY_PLAN = "my_orders", "my_plan.html"
FIRST_PAGE = "lessons/01_two_offers_two_jobs.ipynb"
# What a learner gets: pages, and whatever their links lead to.
HANDED_OUT = (
    "lessons",
    "exercises",
    "solutions",
    "instructor",
    "site/calculator.png",  # in README
    "ja/lessons",
    "ja/exercises",
    "ja/solutions",
    "ja/instructor",
    "README.md",
    "README.ja.md",
    "COVERAGE.md",
    "CONTRIBUTING.md",
    "LICENSE",
)
# For each page as it was handed out: the digest of its bytes, and of what is written in it.
RECORD = ".handed-out.json"
REPORT = {
    "new": "New in {own}: {pages}.",
    "renewed": "Renewed in {own}: {pages}.",
    "removed": "No longer part of the course, so removed from {own}: {pages}.",
    "left": "Left as you wrote it in {own}, though the course has a newer version: {pages}. "
    "To get the new one, rename yours in JupyterLab's list of files and start the course again.",
    "kept": "No longer part of the course, but you wrote in it, so it stays in {own}: {pages}.",
    "damaged": "Cannot be opened as a page in {own}: {pages}. "
    "To get a fresh one, rename or delete yours and start the course again.",
}


def written(page: str, content: bytes) -> str:
    """The digest of what is written in a page; that of a notebook disregards outputs.

    Raises ValueError for a notebook that cannot be read.
    """
    if not page.endswith(".ipynb"):
        return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()
    try:
        cells = [
            [cell["cell_type"], "".join(cell["source"]).strip(), cell.get("attachments")]
            for cell in json.loads(content)["cells"]
        ]
    except (AttributeError, KeyError, TypeError) as problem:
        raise ValueError(f"no notebook: {problem}") from None
    return hashlib.sha256(json.dumps([c for c in cells if any(c[1:])]).encode()).hexdigest()


def originals(course: Path) -> Iterator[str]:
    """The names of all files that a learner gets.

    Nothing hidden, such as what editors leave, and nothing that a page wrote when it was run here.
    """
    for name in HANDED_OUT:
        place = course / name
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            parts = path.relative_to(course).parts
            ours = not any(part.startswith(".") or part in (MY_ORDERS, MY_PLAN) for part in parts)
            if path.is_file() and ours:
                yield "/".join(parts)


def write(path: Path, content: bytes) -> None:
    """Write a file wholly or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def lay_out(course: Path, own: Path) -> dict[str, list[str]]:
    """Bring the learner's copy up to date; return what happened to which pages, as in REPORT.

    Raises OSError where files cannot be read or written.
    """
    known = recorded(own)
    record = {}
    happened: dict[str, list[str]] = {what: [] for what in REPORT}
    for page in originals(course):
        content = (course / page).read_bytes()
        try:
            latest = [hashlib.sha256(content).hexdigest(), written(page, content)]
        except ValueError:  # an author is in the middle of something
            if page in known:
                record[page] = known[page]
            continue
        record[page] = known.get(page, latest)
        try:
            theirs = written(page, (own / page).read_bytes())
        except FileNotFoundError:
            write(own / page, content)
            happened["new"].append(page)
        except ValueError:
            happened["damaged"].append(page)
            continue
        else:
            if known.get(page) == latest:
                continue
            if page in known and theirs == known[page][1]:
                write(own / page, content)
                happened["renewed"].append(page)
            elif theirs != latest[1]:
                happened["left"].append(page)
                continue
        record[page] = latest
    for page in sorted(known.keys() - record.keys()):
        try:
            theirs = written(page, (own / page).read_bytes())
        except FileNotFoundError:
            continue
        except ValueError:
            theirs = ""
        if theirs == known[page][1]:
            (own / page).unlink(missing_ok=True)
            happened["removed"].append(page)
        else:
            happened["kept"].append(page)
    if record != known:
        write(own / RECORD, json.dumps(record, indent=1).encode())
    return happened


def recorded(own: Path) -> dict[str, list[str]]:
    """What was handed out so far; nothing where the record is lost or damaged."""
    try:
        record = json.loads((own / RECORD).read_bytes())
        return {page: [content, text] for page, (content, text) in record.items()}
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return {}


def sentences(happened: dict[str, list[str]], own: str) -> list[str]:
    """What to tell the learner; the many new pages of the first start are one sentence."""
    said = [
        text.format(own=own, pages=", ".join(happened[what]))
        for what, text in REPORT.items()
        if happened[what]
    ]
    if FIRST_PAGE in happened["new"]:
        said[0] = (
            f"Your own copy of the course is in the folder {own}. Write in it as you like: "
            "an update never changes a page that you wrote in."
        )
    return said


def open_lab(folder: Path, arguments: Sequence[str]) -> int:
    """Show a folder in JupyterLab at lesson 1 until it is ended; return its exit status."""
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    # By address: given a file, JupyterLab would show its folder only, and links would break.
    command.append(f"--LabApp.default_url=/lab/tree/{FIRST_PAGE}")
    # Its many lines would push ours out of sight.
    command.append("--Application.log_level=WARN")
    # As root JupyterLab runs only if told to; in a container there is often nobody else.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    with subprocess.Popen([*command, *arguments], cwd=folder) as lab:
        while True:
            try:
                return lab.wait()
            except KeyboardInterrupt:  # Ctrl+C reaches JupyterLab too, which asks whether to stop
                pass


def main(course: Path = ROOT) -> int:
    """Lay the pages out, say what is new, and open the first."""
    parser = argparse.ArgumentParser(prog="python -m tools.start")
    parser.add_argument(
        "--originals", action="store_true", help="open the originals, for authors; no copy"
    )
    options, arguments = parser.parse_known_args()
    if options.originals:
        return open_lab(course, arguments)
    try:
        happened = lay_out(course, course / OWN)
        (course / OWN / MY_ORDERS).mkdir(exist_ok=True)
    except OSError as problem:
        sys.exit(advice(problem))
    for sentence in sentences(happened, OWN):
        print(sentence)
    print("The course opens in your browser. To end it, press Ctrl+C here, twice.", flush=True)
    return open_lab(course / OWN, arguments)


if __name__ == "__main__":
    sys.exit(main())
