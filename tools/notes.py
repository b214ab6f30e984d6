"""What the notes for instructors say in tables: minutes, cuts, demo, questions; and the run sheets.

A run sheet is a page of HTML (instructor/run_sheet_*.html), each row of its table a step: the
clock, the minutes, what is taught, what is said, shown and done, what is dropped when late. A step
that teaches rows of a chapter's note names them: "01 · the question, two offers + mistakes".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree

from tools.notebooks import ROOT

from tools import pages

HEADINGS = (
    "Goal",
    "Minutes",
    "Cuts",
    "Before the page",
    "Demo",
    "Questions",
    "Think, in pairs",
    "A group of 12",
    "Without a computer",
    "Figures",
)
TOGETHER = "together"
EXERCISE = "exercise"
TABLES = {
    "Minutes": ["part", "alone, minutes", "workshop, minutes"],
    "Cuts": ["row", "left out (−) or put in (+)", "minutes"],
    "Demo": ["move", "what the screen then says"],
    "Questions": ["you ask", "they say", "you reply"],
}


def table(text: str, head: list[str]) -> list[list[str]]:
    """The rows below a table's head. Raises ValueError where the table or a cell is missing."""
    line = f"| {' | '.join(head)} |"
    if line not in text.split("\n"):
        raise ValueError(f"no table {line}")
    rows = pages.table(text, line)
    for row in rows:
        if len(row) != len(head):
            raise ValueError(f"{len(row)} cells in place of {len(head)}: {' | '.join(row)}")
    return rows


@dataclass(frozen=True)
class Note:
    """The note of one chapter."""

    text: str

    @cached_property
    def sections(self) -> dict[str, str]:
        """Its text by heading, in order."""
        parts = re.split(r"^## (.+)\n", self.text, flags=re.MULTILINE)[1:]
        return dict(zip(parts[::2], parts[1::2], strict=True))

    def table(self, section: str) -> list[list[str]]:
        """The rows of the table that a section opens with."""
        return table(self.sections[section], TABLES[section])

    @cached_property
    def minutes(self) -> dict[str, tuple[int, int]]:
        """Minutes alone and in a workshop, by part of the page; the last row is their sum."""
        return {part: (int(alone), int(room)) for part, alone, room in self.table("Minutes")}

    @cached_property
    def cuts(self) -> dict[str, int]:
        """How many minutes more or fewer a workshop takes for each part, by its own account."""
        found: dict[str, int] = {}
        for part, what, count in self.table("Cuts"):
            if not re.fullmatch(r"[+−]\d+", count):
                raise ValueError(f"“{count}” minutes for {what}: a plus or a minus, and a number")
            found[part] = found.get(part, 0) + int(count.replace("−", "-"))
        return found

    def faults(self, page: tuple[int, int], exercise: int) -> Iterator[str]:
        """What does not add up, against the minutes that the page and its exercise give."""
        parts = {part: each for part, each in self.minutes.items() if part != TOGETHER}
        for place, column in enumerate(("alone", "workshop")):
            total = sum(each[place] for each in parts.values())
            if total != self.minutes[TOGETHER][place]:
                yield f"{column}: the rows make {total}, not {self.minutes[TOGETHER][place]}"
            on_page = total - parts.get(EXERCISE, (0, 0))[place]
            if on_page != page[place]:
                yield f"{column}: {on_page} without the exercise, the page says {page[place]}"
        if parts.get(EXERCISE, (0, 0))[0] != exercise:
            yield f"the exercise takes {exercise} minutes alone"
        for part in self.cuts.keys() - parts.keys():
            yield f"a cut of “{part}”, which is no row"
        for part, (alone, room) in parts.items():
            if self.cuts.get(part, 0) != room - alone:
                cut = self.cuts.get(part, 0)
                yield f"{part}: {alone} and {room} minutes, but its cuts make {cut:+d}"


def notes(root: Path = ROOT) -> dict[str, Note]:
    """The note of every chapter, by its number and name."""
    found = sorted((root / "instructor").glob("[0-9]*.md"))
    return {path.stem: Note(path.read_text(encoding="utf-8")) for path in found}


@dataclass(frozen=True)
class Step:
    """One row of a run sheet."""

    clock: str
    minutes: int
    what: str
    cells: tuple[str, ...]

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Chapter and row of each part of a note that it teaches; none for a break or a welcome."""
        chapter, dot, rows = self.what.partition(" · ")
        return [(chapter, row.strip()) for row in rows.split(" + ")] if dot else []


def run_sheet(text: str) -> list[Step]:
    """The steps of a run sheet. Raises ParseError for HTML that is not also XML."""
    rows = ElementTree.fromstring(text).iterfind(".//tbody/tr")
    found = []
    for row in rows:
        clock, minutes, what, *cells = (" ".join("".join(td.itertext()).split()) for td in row)
        found.append(Step(clock, int(minutes), what, tuple(cells)))
    return found


def late(steps: list[Step], by_chapter: dict[str, Note], length: int) -> Iterator[str]:
    """What is wrong with the clock of a run sheet: against the notes, and against its length."""
    now = 0
    taught: set[tuple[str, str]] = set()
    for step in steps:
        clock = f"{now // 60}:{now % 60:02}"
        if step.clock != clock:
            yield f"{step.what}: begins at {clock}, not {step.clock}"
        if unknown := [p for p in step.parts if p[1] not in by_chapter[p[0]].minutes]:
            yield f"{step.what}: no row {unknown}"
        elif step.parts:
            rows = sum(by_chapter[chapter].minutes[part][1] for chapter, part in step.parts)
            if rows != step.minutes:
                yield f"{step.what}: {step.minutes} minutes, the notes give {rows}"
        if twice := taught.intersection(step.parts):
            yield f"taught twice: {twice}"
        taught.update(step.parts)
        now += step.minutes
    if now != length:
        yield f"{now} minutes in all, not {length}"
