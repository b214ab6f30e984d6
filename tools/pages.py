"""How a lesson is built, and what it asks of its reader: cells, words, terms, code, minutes.

    python -m tools.notebooks measure [paths]   print it, and what a page still lacks

The limits stand here and in CONTRIBUTING; a test holds the two together. What a page shows under
the heading "Going further" is beyond them.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

Notebook = Any  # nbformat's own class has no types

BEYOND = "Going further"
TERMS_HEAD = "| English | 日本語 | symbol | unit | in code |"
CALCULATOR = "Calculator("
OPENS = "§"  # where a part can open


@dataclass(frozen=True)
class Limits:
    """From how much to how much of each a lesson may have; `terms`, `lines`: at most."""

    cells: tuple[int, int] = (30, 40)
    words: tuple[int, int] = (1_100, 1_400)
    predictions: tuple[int, int] = (2, 4)
    checks: tuple[int, int] = (2, 3)
    terms: int = 8
    terms_in_a_section: int = 3
    lines: int = 60
    lines_in_a_cell: int = 8
    tasks: int = 3


LIMITS = {
    # The front door shows how a page works and opens with no question of its own.
    "00_start_here": Limits((10, 20), (400, 1_000), predictions=(0, 4), checks=(1, 3)),
    # A short chapter of 25 minutes.
    "02_plan_backwards": Limits((18, 30), (600, 900), predictions=(1, 4), checks=(1, 3), tasks=2),
    # The learner's own numbers: less to read, and nothing to predict that we could know.
    "13_your_own_two_step_plan": Limits((15, 40), (500, 1_400), predictions=(0, 4), checks=(0, 3)),
}
"""The lessons that differ from all others."""

# In this order. Each is a heading or a bold opening, except the calculator, which is code.
PARTS = (
    "What you'll do",
    "What you'll learn",
    "What you need",
    "Time",
    "The question",
    CALCULATOR,
    "What you should have seen",
    "common mistakes",
    "What the average hides",
    "What this page assumes",
    "Your turn",
    "Your worksheet",
    "Think",
    "Key takeaway",
    TERMS_HEAD,
    "Where it comes from",
)
FEWER_PARTS = {
    "00_start_here": ("What you'll do", "What you need", "Time", "Key takeaway"),
    "13_your_own_two_step_plan": (
        *PARTS[:4],
        "The question",
        "Your worksheet",
        "Key takeaway",
        "Where it comes from",
    ),
}
"""The parts of the lessons that do not have all of them; "Where it comes from" ends each."""


# A page in pieces


@dataclass(frozen=True)
class Piece:
    """What stands under one heading in one cell: text, or code."""

    cell: Any
    heading: str
    text: str

    @property
    def is_code(self) -> bool:
        """Whether this is code."""
        return bool(self.cell.cell_type == "code")


def pieces(notebook: Notebook) -> Iterator[Piece]:
    """A page cut at its headings of the first and second level."""
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            yield Piece(cell, heading, cell.source)
            continue
        for part in re.split(r"^(?=##? )", cell.source, flags=re.MULTILINE):
            if found := re.match(r"##? (.*)", part):
                heading = found[1].strip()
            if part.strip():
                yield Piece(cell, heading, part)


def path(notebook: Notebook) -> list[Piece]:
    """The pieces every learner goes through: all that do not stand under "Going further"."""
    return [piece for piece in pieces(notebook) if not piece.heading.startswith(BEYOND)]


def plain(text: str) -> str:
    """Text without the addresses of links and without HTML tags, its apostrophes straight."""
    return re.sub(r"\]\([^)\s]*\)|<[^>]+>", " ", text).replace("’", "'")


# What it asks of its reader


def words(text: str) -> int:
    """English words: of sentences, not of tables and formulae."""
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(("|", "$$"))]
    return len(re.findall(r"\w[\w'.,%-]*", plain("\n".join(lines)), re.ASCII))


def calls(source: str, name: str) -> int:
    """How often code calls a function by this name."""
    return sum(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in ast.walk(_tree(source))
    )


@cache
def _tree(source: str) -> ast.Module:
    return ast.parse(source)


def tasks(notebook: Notebook) -> list[str]:
    """The numbered tasks of the cells directly above a calculator."""
    found = []
    for above, cell in pairwise(notebook.cells):
        if cell.cell_type == "code" and calls(cell.source, "Calculator"):
            found += re.findall(r"^\d+\. (.*)", above.source, flags=re.MULTILINE)
    return found


JAPANESE = "\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff"
BREAKS = r",、・;:/|*`“”"
# 限界CPA, 2ステップマーケティング: up to the next comma, or the middle dot between two names.
NAME = re.compile(rf"[^\s()（）。{BREAKS}]*[{JAPANESE}][^()（）。{BREAKS}]*")
BRACKET = re.compile(r"\((?:[^()]|\([^()]*\))*\)")


def names(text: str) -> list[str]:
    """The Japanese names in a bracket or a table cell; of 成約率(フロント) only 成約率."""
    return [name.strip() for name in NAME.findall(BRACKET.sub("", text))]


def terms(text: str) -> list[list[str]]:
    """The terms a text gives in Japanese, in brackets or in the terms table: each with its names.

    フロントエンド商品, 集客商品 are two names of one term.
    """
    rows = [row[1] for row in table(text)]
    sentences = "\n".join(line for line in plain(text).split("\n") if not line.startswith("|"))
    given = [found.group()[1:-1] for found in BRACKET.finditer(sentences)]
    return [found for each in [*given, *rows] if (found := names(each))]


def table(text: str, head: str = TERMS_HEAD) -> list[list[str]]:
    """The rows of the table with this head in a text, cell by cell; none without such a table."""
    _, _, below = text.partition(head + "\n")
    rows = []
    for line in below.split("\n"):
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows[1:]


# **Time.** 45 minutes (30 in a workshop).
TIME = re.compile(r"\*\*Time\.?\*\*\.?\s+(\d+) minutes(?: \((\d+) in a workshop)?")


@dataclass(frozen=True)
class Measure:
    """What a page asks of its reader.

    `terms` are the new ones, by heading; the table of all stands under the heading `terms_under`.
    `code` are the lines of each cell to run, `says` the minutes the page gives itself.
    """

    cells: int
    words: int
    terms: dict[str, list[str]]
    code: list[int]
    predictions: int
    tasks: int
    checks: int
    says: int | None
    terms_under: str

    @property
    def lines(self) -> int:
        """Lines of code to read; a folded cell has none."""
        return sum(self.code)

    @property
    def new_terms(self) -> int:
        """How many terms no page before this one has named."""
        return sum(map(len, self.terms.values()))

    @property
    def minutes(self) -> float:
        """100 words a minute, half a minute a cell to run, 3 a calculator task, 4 a check."""
        return self.words / 100 + 0.5 * len(self.code) + 3 * self.tasks + 4 * self.checks


def measured(notebook: Notebook, known: Iterable[str] = ()) -> Measure:
    """Measure a page. `known` are the Japanese terms of the pages before it."""
    seen, new = set(known), dict[str, list[str]]()
    read = path(notebook)
    for piece in (piece for piece in read if not piece.is_code):
        for term in terms(piece.text):
            if not seen & set(term):
                new.setdefault(piece.heading, []).append(term[0])
            seen |= set(term)
    text = "\n".join(piece.text for piece in read if not piece.is_code)
    code = [piece for piece in read if piece.is_code]
    says = TIME.search(text)
    return Measure(
        cells=len({id(piece.cell) for piece in read}),
        words=words(text),
        terms=new,
        code=[0 if folded(piece.cell) else len(lines(piece.text)) for piece in code],
        predictions=sum(calls(piece.text, "quiz") for piece in code),
        tasks=len(tasks(notebook)),
        checks=sum(calls(piece.text, "check") for piece in code),
        says=int(says[1]) if says else None,
        terms_under=next((each.heading for each in read if TERMS_HEAD in each.text), ""),
    )


def lines(source: str) -> list[str]:
    """Lines of code that are not empty."""
    return [line for line in source.split("\n") if line.strip()]


def folded(cell: Any) -> bool:
    """Whether JupyterLab folds the source of this cell away."""
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def terms_in(notebook: Notebook) -> set[str]:
    """Every Japanese term of a page."""
    texts = [piece.text for piece in pieces(notebook) if not piece.is_code]
    return {name for text in texts for term in terms(text) for name in term}


# What stands in a learner's way

OURS = {"twostep", "dataclasses"}
"""What a learner's page may import from: the course, and `replace`."""

SYNTAX: dict[type[ast.AST], str] = {
    ast.FunctionDef: "def",
    ast.AsyncFunctionDef: "def",
    ast.ClassDef: "class",
    ast.Lambda: "lambda",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a generator",
}


@cache
def foreign() -> frozenset[str]:
    """Attributes of tables, arrays and Altair's charts that nothing of twostep has."""
    import altair as alt
    import numpy as np
    import pandas as pd

    import twostep
    from twostep import practice

    ours = [getattr(twostep, name) for name in twostep.__all__] + [practice.Numbers]
    known = {name for each in ours for name in dir(each)}
    theirs = {
        name for each in (pd.DataFrame, pd.Series, np.ndarray, alt.Chart) for name in dir(each)
    }
    return frozenset(name for name in theirs - known if not name.startswith("_"))


def plumbing(source: str) -> list[str]:
    """What in this code is no arithmetic with names of the course, but programming."""
    found = []
    for node in ast.walk(_tree(source)):
        if type(node) in SYNTAX:
            found.append(SYNTAX[type(node)])
        elif isinstance(node, ast.Import):
            found += [each.name for each in node.names if each.name.split(".")[0] not in OURS]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            found += [module] if module.split(".")[0] not in OURS else []
        elif isinstance(node, ast.Attribute) and node.attr in foreign():
            found.append(f".{node.attr}")
    return found


def plumbing_of(notebook: Notebook) -> Iterator[str]:
    """The cells of a learner's path that program, each with what it holds."""
    for piece in path(notebook):
        if piece.is_code and (found := plumbing(piece.text)):
            yield (
                f"the cell {piece.cell.id} holds {', '.join(sorted(set(found)))}: "
                f"move it into the package, or under the heading “{BEYOND}”"
            )


# What a lesson still lacks


def lacking(notebook: Notebook, stem: str, stems: list[str], known: Iterable[str]) -> list[str]:
    """What the author of a lesson has yet to do, a sentence each; nothing for a page in order.

    `stems` are all lessons, in order; `known` the Japanese terms of those before this one.
    """
    limits, parts = LIMITS.get(stem, Limits()), FEWER_PARTS.get(stem, PARTS)
    said = [
        *too_much_or_little(measured(notebook, known), limits),
        *misplaced(notebook, parts),
        *links_missing(notebook, stem, stems),
        *plumbing_of(notebook),
        *_last(notebook),
    ]
    if not stem.startswith("00"):  # there the first cell is what a learner looks at
        said += _imports(notebook)
    return said + _tasks(notebook, limits.tasks) if CALCULATOR in parts else said


def too_much_or_little(found: Measure, limits: Limits) -> list[str]:
    """What of a page is beyond its limits."""
    return [
        *_between("cells", found.cells, limits.cells),
        *_between("words", found.words, limits.words),
        *_between("predictions (quiz)", found.predictions, limits.predictions),
        *_between("checks", found.checks, limits.checks),
        *_at_most("new terms", found.new_terms, limits.terms),
        *(
            f"under “{heading}”, {each} ({', '.join(new)})"
            for heading, new in found.terms.items()
            if heading != found.terms_under
            for each in _at_most("new terms", len(new), limits.terms_in_a_section)
        ),
        *_at_most("lines of code", found.lines, limits.lines),
        *_at_most("lines of code in one cell", max(found.code), limits.lines_in_a_cell),
        *_time(found),
    ]


def _between(what: str, count: int, bounds: tuple[int, int]) -> list[str]:
    least, most = bounds
    if count < least:
        return [f"this page has {count:,} {what}, {least:,} are the least: add {least - count:,}"]
    return _at_most(what, count, most)


def _at_most(what: str, count: int, most: int) -> list[str]:
    if count <= most:
        return []
    return [f"this page has {count:,} {what}, {most:,} are the most: take out {count - most:,}"]


def _time(found: Measure) -> list[str]:
    if found.says is None:
        return ["this page gives no time: write “**Time.** 45 minutes”"]
    if abs(found.says - found.minutes) <= max(5, 0.15 * found.minutes):
        return []
    return [
        f"this page says {found.says} minutes, but counted it takes {found.minutes:.0f}: "
        f"{found.words:,} words, {len(found.code)} cells to run, {found.tasks} tasks at the "
        f"calculator, {found.checks} checks"
    ]


def misplaced(notebook: Notebook, parts: Iterable[str]) -> list[str]:
    """The parts of a lesson that are missing, or stand before one that they should follow."""
    text = "\n".join(
        piece.text if piece.is_code else _marked(piece.text) for piece in path(notebook)
    )
    said, last, before = [], -1, ""
    for part in parts:
        wanted = part if part in (CALCULATOR, TERMS_HEAD) else OPENS + part
        places = [found.start() for found in re.finditer(re.escape(wanted), text, re.IGNORECASE)]
        if not places:
            said.append(f"the part “{part}” is missing: make it a heading, or open with it in bold")
        elif not (later := [place for place in places if place > last]):
            said.append(f"the part “{part}” stands before “{before}”: move it behind that")
        else:
            last, before = later[0], part
    return said


def _marked(text: str) -> str:
    """Text with a sign before all that can open a part: a heading, a bold word, a folded answer."""
    text = re.sub(r"^(?:##+ |\*\*)(?:Two )?", OPENS, text, flags=re.MULTILINE)
    return plain(re.sub(r"<details><summary>(?:<strong>)?", OPENS, text))


def links_missing(notebook: Notebook, stem: str, stems: list[str]) -> list[str]:
    """The links that are missing at the top of a lesson."""
    place = stems.index(stem)
    wanted = ["../README.md#on-binder", "../README.md#the-chapters"]
    wanted += [f"{stems[place - 1]}.ipynb"] if place else []
    wanted += [f"{each}.ipynb" for each in stems[place + 1 : place + 2]]
    if not stem.startswith("00"):
        wanted += [f"../exercises/{stem}.ipynb", f"../solutions/{stem}.ipynb"]
    top = notebook.cells[0].source
    said = [f"the top of the page has no link to ({each})" for each in wanted if each not in top]
    return said if top.startswith("# ") else ["the first cell does not open with a title", *said]


def _imports(notebook: Notebook) -> list[str]:
    """All imports stand in the first cell, folded away, which says that all is ready."""
    first, *others = (piece for piece in path(notebook) if piece.is_code)
    said = []
    if not folded(first.cell):
        said.append(
            f"the import cell {first.cell.id} is not folded: give it the metadata "
            '{"jupyter": {"source_hidden": true}} (in JupyterLab: View, Collapse Selected Code)'
        )
    if not calls(first.text, "print"):
        said.append(f"the import cell {first.cell.id} does not print that all is ready")
    return said + [
        f"the cell {piece.cell.id} imports: do that in {first.cell.id}"
        for piece in others
        if any(
            isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(_tree(piece.text))
        )
    ]


def _tasks(notebook: Notebook, least: int) -> list[str]:
    numbered = tasks(notebook)
    if len(numbered) < least:
        return [
            f"the cell above the calculator has {len(numbered)} numbered tasks, {least} are the "
            "least"
        ]
    if not any("why" in task.lower() for task in numbered):
        return ["none of the tasks above the calculator asks why: let one of them do so"]
    return []


def _last(notebook: Notebook) -> list[str]:
    """What goes beyond the lesson stands behind what every learner does."""
    headings = [piece.heading for piece in pieces(notebook)]
    beyond = [place for place, heading in enumerate(headings) if heading.startswith(BEYOND)]
    if beyond and "Your turn" in headings[beyond[0] :]:
        return [f"“{BEYOND}” stands before “Your turn”: move it behind that"]
    return []


def lessons(root: Path) -> list[Path]:
    """Every lesson, in the order of the course."""
    return sorted((root / "lessons").glob("*.ipynb"))
