"""What is written from the chapters: README's table, COVERAGE.md, the worksheet, the page links.

And README's table, the worksheet and the instructor's notes in Japanese (`in_japanese`).

A lesson's last section, "Where it comes from", says which claims of the two sources it takes up and
in which degree, in three sentences:

    Worked: 2.01 (`buyers`), 2.04 (`two-offers-cpa`). Discussed: 2.27. Named: 1.01.

Worked means that a cell (its id) or a check (its key) of this chapter computes it; discussed, that
a paragraph argues about it; named, no more than a mention.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from tools.notebooks import ROOT, checked_keys, read, written

from tools import translate
from twostep._text import language
from twostep.practice import WORKSHEET, Line

LAST = "## Where it comes from"
DEGREES = ("worked", "discussed", "named")
# A claim's number, not ¥1.05, 11.05, 1.055 or 1.20%.
ID = r"(?<![\d.,¥])[12]\.\d\d(?!\d|[.,]\d|\s?%)"
HEAD = ["id", "the claim", "planned in", "taken up in"]
START, END = "<!-- chapters -->", "<!-- end of chapters -->"


@dataclass(frozen=True)
class Chapter:
    """One lesson, and what it says about itself."""

    path: Path

    @property
    def stem(self) -> str:
        """Number and name, the same for lesson, exercise and solution."""
        return self.path.stem

    @cached_property
    def notebook(self) -> Any:
        """The lesson."""
        return read(self.path)

    @cached_property
    def text(self) -> str:
        """All its prose."""
        cells = (cell.source for cell in self.notebook.cells if cell.cell_type == "markdown")
        return "\n".join(cells)

    @property
    def title(self) -> str:
        """The first heading."""
        return str(re.search(r"^# (.+)$", self.text, flags=re.MULTILINE)[1])  # type: ignore[index]

    @property
    def question(self) -> str:
        """The voice it opens with: its first quotation, or else what follows "**Question.**"."""
        found = re.search(r"^> (.+)$|^\*\*Question\.\*\* (.+)$", self.text, flags=re.MULTILINE)
        return str(found[1] or found[2]) if found else ""

    @property
    def claims(self) -> dict[str, tuple[str, list[str]]]:
        """By claim: its degree, and the ids of the cells or checks that work it.

        Raises ValueError for a claim that is given twice.
        """
        found: dict[str, tuple[str, list[str]]] = {}
        last = self.text.partition(LAST)[2]
        for degree in DEGREES:
            for words in re.findall(rf"\b{degree.capitalize()}: (.+?)\.(?:\s|\*|$)", last):
                for claim, where in re.findall(rf"({ID})(?: \(([^)]*)\))?", words):
                    if claim in found:
                        raise ValueError(f"{self.stem} gives claim {claim} twice")
                    found[claim] = degree, re.findall(r"`([^`]+)`", where)
        return found

    @property
    def places(self) -> set[str]:
        """The ids of its code cells and the keys of its checks, exercise and solution included."""
        places = set()
        for folder in ("lessons", "solutions"):
            page = self.path.parents[1] / folder / self.path.name
            if page.exists():
                for cell in read(page).cells:
                    if cell.cell_type == "code":
                        places |= {cell.id, *checked_keys(cell.source, "check", "quiz")}
        return places

    def beside(self, folder: str) -> bool:
        """Whether there is a page of the same name in another folder."""
        return (self.path.parents[1] / folder / self.path.name).exists()

    def link(self, folder: str) -> str:
        """The address of a page of this chapter, from another folder of pages."""
        return f"../{folder}/{self.path.name}"


def chapters(root: Path = ROOT) -> list[Chapter]:
    """Every lesson, in order."""
    return [Chapter(path) for path in sorted((root / "lessons").glob("*.ipynb"))]


def links(chapter: Chapter, found: list[Chapter]) -> str:
    """The line of links under a lesson's title: live, its exercise, its neighbours, Japanese."""
    place = found.index(chapter)
    parts = ["[Run on Binder](../README.md#on-binder)"]
    for word, folder in (("Exercise", "exercises"), ("Solution", "solutions")):
        if chapter.beside(folder):
            parts.append(f"[{word}]({chapter.link(folder)})")
    parts.append("[All chapters](../README.md#the-chapters)")
    for word, beside in (("Previous", place - 1), ("Next", place + 1)):
        if 0 <= beside < len(found):
            parts.append(f"{word}: [{found[beside].title}]({found[beside].path.name})")
    if chapter.stem in translate.stems(chapter.path.parents[1]):
        parts.append(f"[{translate.NAME}]({translate.to_twin('lessons', chapter.path.name)})")
    return " · ".join(parts)


def linked(chapter: Chapter, found: list[Chapter]) -> str:
    """The file of a lesson with the line under its title made anew."""
    notebook = deepcopy(chapter.notebook)
    lines = notebook.cells[0].source.split("\n")
    if len(lines) < 3 or not lines[2].startswith("[Run on Binder]"):
        raise ValueError(f"{chapter.stem}: the third line of the first cell is its links")
    lines[2] = links(chapter, found)
    notebook.cells[0].source = "\n".join(lines)
    return written(notebook)


ENGLISH = {"head": "| | chapter | the question it opens with |", "exercises": "exercise",
           "solutions": "solution", "also": " ({})", "comma": ", "}  # fmt: skip
JAPANESE = {"head": "| | 章 | 冒頭の問い |", "exercises": "演習", "solutions": "解答",
            "also": "（{}）", "comma": "、"}  # fmt: skip


def readme(text: str, found: Iterable[Chapter], root: Path, words: dict[str, str]) -> str:
    """README with its table of chapters made anew."""
    rows = [words["head"], "|---|---|---|"]
    for each in found:
        place = each.path.parents[1].relative_to(root)
        links = [
            f"[{words[folder]}]({(place / folder / each.path.name).as_posix()})"
            for folder in ("exercises", "solutions")
            if each.beside(folder)
        ]
        also = words["also"].format(words["comma"].join(links)) if links else ""
        name = f"[{each.title}]({(place / 'lessons' / each.path.name).as_posix()}){also}"
        rows.append(f"| {each.stem[:2]} | {name} | {each.question} |")
    before, rest = text.split(START)
    return before + START + "\n\n" + "\n".join(rows) + "\n\n" + END + rest.split(END)[1]


def table(text: str) -> list[list[str]]:
    """The rows of COVERAGE.md: id, claim, planned in, taken up in."""
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return [row for row in rows[2:] if len(row) == len(HEAD)]


def coverage(text: str, found: Iterable[Chapter]) -> str:
    """COVERAGE.md with its last column and its count made anew."""
    taken: dict[str, list[tuple[str, str]]] = {}
    for each in found:
        for claim, (degree, places) in each.claims.items():
            ids = ", ".join(f"`{place}`" for place in places)
            words = f"{degree} in [{each.stem[:2]}](lessons/{each.path.name})"
            taken.setdefault(claim, []).append((degree, f"{words} ({ids})" if ids else words))
    rows = table(text)
    best = [
        next((d for d in DEGREES if d in {degree for degree, _ in taken.get(row[0], [])}), "")
        for row in rows
    ]
    worked, discussed, named = (best.count(degree) for degree in DEGREES)
    count = (
        f"**Of {len(rows)} claims, {worked} are worked and {discussed} discussed: "
        f"{worked + discussed} are taught. {named} are only named, {best.count('')} not yet taken "
        "up.**"
    )
    lines = []
    for line in text.splitlines():
        row = line.strip("| ").split(" | ")
        if line.startswith("| ") and re.fullmatch(ID, row[0]):
            row[3] = "; ".join(words for _, words in taken.get(row[0], [])) or "not yet"
            line = "| " + " | ".join(row) + " |"
        lines.append(count if line.startswith("**Of ") else line)
    return "\n".join(lines) + "\n"


SHEET = """<!DOCTYPE html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 14mm 15mm }}
body {{ font: 11pt/1.35 sans-serif; max-width: 180mm; margin: 0 auto; padding: 0 4mm }}
h1 {{ font-size: 16pt; margin: 0 0 2mm }}
section {{ break-inside: avoid; margin: 4mm 0 }}
h2 {{ font-size: 11.5pt; margin: 0 0 1mm; border-bottom: 1.5pt solid }}
div {{ display: flex; align-items: flex-end; gap: 3mm; min-height: {line}mm }}
div::after {{ content: ""; flex: 1; border-bottom: 0.5pt solid #666 }}
p {{ margin: 1.5mm 0 0 }}
.back {{ break-before: page }}
.rule {{ border: 1.5pt solid; padding: 2mm 4mm; font-size: 14pt; line-height: 2.2 }}
</style>
<h1>{title}</h1>
<p>{about}</p>
{sections}
</html>
"""


SHEET_WORDS = {
    "en": (
        "Two-step marketing: my worksheet",
        "One line a chapter, for your own business. Pencil is best: numbers change as you "
        "learn. What you do not know yet, leave blank; a blank says what to find out next.",
    ),
    "ja": (
        "2ステップマーケティング：私のワークシート",
        "章ごとに1行、ご自分の事業について書きます。数字は学ぶうちに変わるので、鉛筆が便利です。"
        "まだわからないことは空欄のままにしてください。次に調べることがわかります。",
    ),
}


def _blanks(labels: Iterable[str]) -> str:
    """A rule to write on for each label."""
    return "".join(f"<div>{escape(label)}</div>\n" for label in labels)


def _section(
    line: Line, by_hand: Iterable[str] = (), example: str = "", *, back: bool = False
) -> str:
    """A chapter's line for print, the sums by hand below its numbers where there are some."""
    return (
        ('<section class="back">' if back else "<section>")
        + f"\n<h2>{line.chapter} · {escape(line.question)}</h2>\n"
        + _blanks(line.labels.values())
        + (f"<p><em>By hand:</em> {example}</p>\n{_blanks(by_hand)}" if by_hand else "")
        + f"<p>{escape(line.filled({}).rule)}</p>\n</section>"
    )


def worksheet(lines: Iterable[Line]) -> str:
    """The worksheet of the course for print: A4, a section a chapter.

    In the language of the session.
    """
    title, about = SHEET_WORDS[language()]
    return SHEET.format(
        language=language(),
        title=title,
        about=about,
        sections="\n".join(_section(line) for line in lines),
        line=7,
    )


# The sums of a workshop's sheet, step by step, for whoever has no computer.
BY_HAND = {
    "01": (
        "Front margin: price, less what one sale costs me",
        "Back margin: price, less what one sale costs me",
        "A front buyer brings: front margin + back-end rate × back margin",
    ),
    "12": (
        "Cost of building ÷ back margin: sales that pay for it",
        "÷ front buyers: the share that must take it",
        "× all people, imagined and asked: takers needed",
        "less the imagined takers, rounded up: payers needed",
    ),
}
# The same sums with the numbers of the page.
EXAMPLES = {
    "01": "on page 01, 4,500 + 0.08 × 229,200 = 22,836.",
    "12": "Kumi believes in 3 of 100, as sure as after asking 20 people. 20 × 3 ÷ 100 = 0.6 "
    "imagined takers, 19.4 refusers. She asks 50. 3,000,000 ÷ 240,000 = 12.5; 12.5 ÷ 300 = 0.0417; "
    "0.0417 × 70 = 2.92; 2.92 − 0.6 = 2.32, so 3 of 50.",
}
RULE = (
    '<p class="rule"><strong>My rule.</strong> I build if ………… of ………… pay in advance; '
    "I decide on …………………… .</p>"
)


def workshop_sheet(lines: Mapping[str, Line]) -> str:
    """The sheet of a workshop: both sides of one A4 page, from two offers in numbers to a rule."""
    sections = [
        _section(
            lines[chapter],
            BY_HAND.get(chapter, ()),
            EXAMPLES.get(chapter, ""),
            back=chapter == "12",
        )
        for chapter in ("01", "04", "09", "12")
    ]
    return SHEET.format(
        language="en",
        title="My two offers, in numbers",
        about="Two hours: 01 and 12. Half a day: all four. What you do not know yet, leave blank, "
        "and write beside it the day on which you count. Nobody collects this sheet.",
        sections="\n".join([*sections, _blanks(["My next chapter, and on which day"]), RULE]),
        line=10,
    )


def pages(root: Path = ROOT) -> dict[Path, str]:
    """What all these files should say, by path."""
    found = chapters(root)
    return {each.path: linked(each, found) for each in found} | {
        root / "instructor" / "worksheet.html": worksheet(WORKSHEET.values()),
        root / "instructor" / "workshop_sheet.html": workshop_sheet(WORKSHEET),
        root / "README.md": readme(
            (root / "README.md").read_text(encoding="utf-8"), found, root, ENGLISH
        ),
        root / "COVERAGE.md": coverage((root / "COVERAGE.md").read_text(encoding="utf-8"), found),
    }


def in_japanese(root: Path = ROOT) -> dict[Path, str]:
    """What the Japanese files should say, by path; a session that speaks Japanese is asked."""
    folder, front = root / translate.LANGUAGE, root / "README.ja.md"
    found = [
        Chapter(folder / "lessons" / each.path.name) if each.stem in translate.stems(root) else each
        for each in chapters(root)
    ]
    notes = {
        folder / translate.NOTES / f"{stem}.md": translate.note(root, stem)
        for stem in translate.stems(root)
        if (root / translate.NOTES / f"{stem}.md").exists()
    }
    return notes | {
        front: readme(front.read_text(encoding="utf-8"), found, root, JAPANESE),
        folder / translate.NOTES / "worksheet.html": worksheet(WORKSHEET.values()),
    }


def write(found: dict[Path, str]) -> None:
    """Write all of them."""
    for path, text in found.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def speaking_japanese(program: str) -> str:
    """What a program prints in a session of its own: one session speaks one language."""
    choice = f"from twostep import use_language; use_language({translate.LANGUAGE!r}); "
    command = [sys.executable, "-c", f"{choice}from tools import index; {program}"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Write all of them."""
    write(pages())
    speaking_japanese("index.write(index.in_japanese())")


if __name__ == "__main__":
    main()
