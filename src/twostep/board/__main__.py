"""`python -m twostep.board FOLDER`: see `--help`."""

import argparse
import sys
from pathlib import Path

from twostep._text import _, labelled
from twostep.board.page import BY_LEARNER, CLASS, MARK, html, plain, table
from twostep.board.read import submissions


def main(arguments: list[str] | None = None) -> int:
    """Read a folder, write the page and the table beside it, and say what was passed over."""
    parser = argparse.ArgumentParser(
        prog="python -m twostep.board",
        description=_(
            "Make one page of submitted notebooks, without running anything in them: how far the "
            "class is, and which misconception how many hold. For teaching, not for marks."
        ),
    )
    parser.add_argument(
        "folder",
        type=Path,
        help=_("a folder for each learner, a flat folder of notebooks, or nbgrader's course"),
    )
    parser.add_argument(
        "--by", choices=["learner"], help=_("also a row for every learner, with names")
    )
    parser.add_argument(
        "-o",
        dest="out",
        type=Path,
        default=Path("board.html"),
        help=_("the page to write (board.html); the table gets the same name with .csv"),
    )
    options = parser.parse_args(arguments)
    names = options.by == "learner"
    try:
        page, sheet = _places(options.out)
        found = submissions(options.folder)
    except (OSError, ValueError) as problem:
        parser.error(_said(problem))
    for name, reason in found.passed_over:
        print(labelled(plain(name), reason), file=sys.stderr)
    for name in found.without_notebooks:
        print(_("{name}: There is no notebook in it.").format(name=plain(name)), file=sys.stderr)
    if not found.learners:
        parser.error(
            _(
                "There is no notebook of this course in {folder}. Of nbgrader's folders take "
                "submitted: its autograded copies have lost the results."
            ).format(folder=plain(str(options.folder)))
        )
    page.write_text(html(found, names=names), encoding="utf-8", errors="replace")
    sheet.write_text(table(found, names=names), encoding="utf-8-sig", errors="replace", newline="")
    print(_("{page} and {table} are written.").format(page=page, table=sheet.name))
    return 0


def _places(page: Path) -> tuple[Path, Path]:
    """Where page and table go. Raises ValueError rather than replace what is no board."""
    if page.suffix.lower() not in {".html", ".htm"}:
        raise ValueError(_("{name} must end in .html").format(name=page.name))
    sheet = page.with_suffix(".csv")
    ours = {page: [MARK], sheet: [",".join(columns) for columns in (CLASS, BY_LEARNER)]}
    for place, marks in ours.items():
        if place.exists():
            with place.open(encoding="utf-8", errors="replace") as opened:
                begins = opened.read(400)
            if not any(mark in begins for mark in marks):
                raise ValueError(
                    _("{name} is another file, no board: choose another name with -o.").format(
                        name=place.name
                    )
                )
    return page, sheet


def _said(problem: Exception) -> str:
    if isinstance(problem, NotADirectoryError):
        return _("{folder} is no folder.").format(folder=plain(str(problem)))
    return plain(str(problem))


if __name__ == "__main__":
    sys.exit(main())
