"""The pages in another language: written from the English ones and the files in ja/po.

    python -m tools.translate                  bring every .po file up to the English texts
    python -m tools.translate start STEM       begin a chapter: makes its file of texts
    python -m tools.translate merge FILES      take translations over from files of the same form
    python -m tools.translate measure          how much is translated, and what is out of date

`make refresh` does the first of these before it runs the pages. A text of a page is known by its
cell and by its English words; so a sentence that was changed in English makes exactly its own
translation out of date, and the page shows the English text there, and says so.
"""

import argparse
import ast
import io
import json
import os
import re
import sys
import tokenize
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from babel.messages.catalog import Catalog

from tools import catalogue

ROOT = Path(__file__).parents[1]
LANGUAGE = catalogue.LANGUAGE
NAME = "日本語"  # as its readers call it
# Where the English pages are that an author writes. Exercises follow from solutions.
AUTHORED = ("lessons", "solutions", "app")
NOTES = "instructor"
README = {"README.md": f"README.{LANGUAGE}.md"}
CHOICE = f'from twostep import use_language\n\nuse_language("{LANGUAGE}")\n'
# What a page shows where a text has no translation that is up to date.
BEHIND = "> **この段落は英語のままです。** 英語版が変わり、日本語が追いついていません。"
CODE_BEHIND = "# この欄の語句は英語のままです（日本語が追いついていません）"
LINKS = {
    "Run on Binder": "Binderで動かす",
    "Lesson": "章",
    "Exercise": "演習",
    "Solution": "解答",
    "All chapters": "章の一覧",
    "Previous": "前の章",
    "Next": "次の章",
}
"""The words of the line of links under a title."""

Notebook = Any  # nbformat's own class has no types


def stems(root: Path) -> list[str]:
    """The pages that are translated, by the names of their files."""
    return sorted(path.stem for path in (root / LANGUAGE / "po").glob("*.po"))


def file_of(root: Path, stem: str) -> Path:
    """The file with the texts of a chapter: of its lesson, its solution and its notes."""
    return root / LANGUAGE / "po" / f"{stem}.po"


def is_translated(path: Path) -> bool:
    """Whether this is a page in the other language."""
    return path.parents[1].name == LANGUAGE and (path.parents[1] / "po").is_dir()


# The texts of a page

FENCE = r"```.*?```"
LINK = re.compile(r"(?:(?P<before>\w+): )?\[(?P<words>[^]]+)\]\((?P<to>[^)]+)\)")
LINE_OF_LINKS = re.compile(r"(?:(?:\w+: )?\[[^]]+\]\([^)]+\)(?: · |$))+")


def pieces(text: str) -> list[str]:
    """A text cut at its empty lines, these included; a block of code in it stays whole."""
    return re.split(rf"((?s:{FENCE})|\n{{2,}})", text)


def is_text(piece: str) -> bool:
    """Whether a translator has anything to say here."""
    if re.fullmatch(FENCE, piece, re.DOTALL) or LINE_OF_LINKS.fullmatch(piece):
        return False
    return bool(re.search(r"[^\W\d_]", re.sub(r"<[^>]*>|`[^`]*`", "", piece)))


# Functions whose texts are names: of answers, of checks, of chapters.
NAMING = {"answers", "assumptions", "check", "given", "grade", "hint", "quiz", "sweep", "worksheet"}
FOR_TOOLS = re.compile(r"# (?:fmt|type|noqa|NBVAL)")


def words(source: str) -> list[tuple[int, int, str]]:
    """The words in code that a reader sees, each with where it begins and ends.

    Texts such as labels, titles and what is printed, and comments, which begin with "# ".
    Raises ValueError for words in an f-string, which nobody could translate.
    """
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def place(row: int, column: int) -> int:  # ast counts bytes
        return starts[row - 1] + len(lines[row - 1].encode()[:column].decode())

    found = []
    tree = ast.parse(source)
    names = set(_names(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            raise ValueError(f"words in an f-string: write {ast.unparse(node)} as a plain text")
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in names
            and is_text(node.value)
        ):
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            begins = place(node.lineno, node.col_offset)
            found.append((begins, place(node.end_lineno, node.end_col_offset), node.value))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and not FOR_TOOLS.match(token.string):
            begins = starts[token.start[0] - 1] + token.start[1]
            found.append((begins, begins + len(token.string), token.string))
    return sorted(found)


def _names(tree: ast.AST) -> Iterator[int]:
    """The texts in code that are names, by their id()."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=function), args=arguments):
                if function in NAMING:
                    yield from map(id, arguments)
                elif function == "number":  # label, value, unit
                    yield from map(id, arguments[2:3])
            case ast.Subscript(slice=key):
                yield id(key)
            case ast.Assign(value=ast.Constant(value=str() as value) as letter):
                if re.fullmatch("[a-f]", value):  # the answer to a question
                    yield id(letter)


def texts(root: Path, stem: str) -> Iterator[tuple[str, str]]:
    """Every text of a chapter, with the cell it is from: lesson, solution, notes."""
    for folder in AUTHORED:
        path = root / folder / f"{stem}.ipynb"
        if path.exists():
            for cell in nbformat.read(path, as_version=4).cells:  # type: ignore[no-untyped-call]
                if cell.cell_type == "code":
                    found = [text for _, _, text in words(cell.source)]
                else:
                    found = list(filter(is_text, pieces(cell.source)))
                yield from ((f"{folder}/{cell.id}", text) for text in found)
    note = root / NOTES / f"{stem}.md"
    if note.exists():
        text = note.read_text(encoding="utf-8").strip()
        yield from ((NOTES, each) for each in pieces(text) if is_text(each))


def template(root: Path, stem: str) -> Catalog:
    """The texts of a chapter, to be translated."""
    found = Catalog()
    for place, text in texts(root, stem):
        found.add(text, context=place)
    return found


# The page in the other language


def translation(known: Catalog, place: str, text: str) -> str | None:
    """The translation of a text, unless it has none or one of other words."""
    message = known.get(text, place)
    return str(message.string) or None if message and not message.fuzzy else None


def page(root: Path, path: Path) -> Notebook:
    """A page in the other language, not yet run: its English twin with the words put in place."""
    folder, stem = path.parent.name, path.stem
    notebook = deepcopy(
        nbformat.read(root / folder / path.name, as_version=4)  # type: ignore[no-untyped-call]
    )
    known = catalogue.read(file_of(root, stem))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in notebook.cells:

        def say(text: str, place: str = f"{folder}/{cell.id}") -> str | None:
            return translation(known, place, text)

        if cell.cell_type == "code":
            cell.source = _code(cell.source, say)
            cell.outputs, cell.execution_count = [], None
        else:
            cell.source = _text(root, folder, cell.source, say)
    code[0].source = CHOICE + code[0].source
    return notebook


def note(root: Path, stem: str) -> str:
    """The notes for instructors of a chapter in the other language."""
    known = catalogue.read(file_of(root, stem))
    text = (root / NOTES / f"{stem}.md").read_text(encoding="utf-8").strip()
    return _text(root, NOTES, text, lambda each: translation(known, NOTES, each)) + "\n"


Say = Callable[[str], str | None]


def _text(root: Path, folder: str, text: str, say: Say) -> str:
    said = []
    for piece in pieces(text):
        if LINE_OF_LINKS.fullmatch(piece):
            said.append(LINK.sub(lambda found: _link(root, folder, found), piece))
        elif is_text(piece):
            words = say(piece)
            said.append(_addresses(root, folder, words or f"{BEHIND}\n\n{piece}"))
        else:
            said.append(piece)
    return "".join(said)


def _code(source: str, say: Say) -> str:
    behind = False
    for begins, ends, text in reversed(words(source)):
        if (said := say(text)) is None:
            behind = True
            continue
        if not text.startswith("# "):
            said = json.dumps(said, ensure_ascii=False)
        source = source[:begins] + said + source[ends:]
    return f"{CODE_BEHIND}\n{source}" if behind else source


def title(root: Path, stem: str) -> str | None:
    """The title of a chapter in the other language."""
    for message in catalogue.read(file_of(root, stem)):
        text, place = str(message.id), message.context or ""
        if place.startswith("lessons/") and text.startswith("# ") and message.string:
            return None if message.fuzzy else str(message.string).removeprefix("# ")
    return None


def _link(root: Path, folder: str, found: re.Match[str]) -> str:
    """A link of the line under a title; that to the other language leads back."""
    if found["words"] == NAME:
        back = Path(found["to"]).name
        return f"[English](../../{folder}/{back})"
    words = LINKS.get(found["words"]) or title(root, Path(found["to"]).stem)
    before = f"{LINKS[found['before']]}：" if found["before"] else ""
    link = f"[{words or found['words']}]({address(root, folder, found['to'])})"
    return before + link + ("" if words else "（英語）")


def _addresses(root: Path, folder: str, text: str) -> str:
    return re.sub(r"(?<=\]\()[^)\s]+", lambda found: address(root, folder, found.group()), text)


def address(root: Path, folder: str, to: str) -> str:
    """Where a link of an English page leads in the other language.

    To the page of the same name there, or to the English one where there is none.
    """
    path, mark, anchor = to.partition("#")
    if not path or ":" in path:
        return to
    english = os.path.normpath(PurePosixPath(folder, path)).replace(os.sep, "/")
    if has_twin(root, english):
        return to
    place = README.get(english, english)
    return os.path.relpath(place, f"{LANGUAGE}/{folder}").replace(os.sep, "/") + mark + anchor


def to_twin(folder: str, name: str) -> str:
    """The address of a page in the other language, from its English one."""
    return f"../{LANGUAGE}/{folder}/{name}"


def has_twin(root: Path, name: str) -> bool:
    """Whether an English file of the course is there in the other language too."""
    folder, _, file = name.rpartition("/")
    if name == f"{NOTES}/worksheet.html":
        return True
    pages = (*AUTHORED, "exercises", NOTES)
    return folder in pages and Path(file).stem in stems(root) and (root / name).exists()


def pages(root: Path) -> list[Path]:
    """Every page in the other language, whether or not it is written yet."""
    return [
        root / LANGUAGE / folder / f"{stem}.ipynb"
        for stem in stems(root)
        for folder in ("lessons", "exercises", "solutions", "app")
        if (root / folder / f"{stem}.ipynb").exists()
    ]


# The commands


def files(root: Path) -> dict[Path, str]:
    """What every file of texts should say, by path."""
    found = {
        file_of(root, stem): catalogue.updated(
            catalogue.read(file_of(root, stem)), template(root, stem)
        )
        for stem in stems(root)
    }
    if (root / "src" / "twostep").exists():
        package = catalogue.of_package(root)
        found[package] = catalogue.updated(catalogue.read(package), catalogue.messages(root))
    return {path: catalogue.written(each) for path, each in found.items()}


def update(root: Path = ROOT) -> None:
    """Bring every file of texts up to the English texts, and build what the package reads."""
    for path, text in files(root).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    catalogue.build(root)


def merge(sources: list[Path], root: Path = ROOT) -> tuple[int, list[str]]:
    """Take over the translations in these files; return how many, and of which texts none is ours.

    A text that no page and no message says is left out: its English may have changed meanwhile.
    """
    update(root)
    ours = {path: catalogue.read(path) for path in files(root)}
    count, unknown = 0, []
    for source in sources:
        for message in catalogue.read(source):
            if not message.id or not message.string or message.fuzzy:
                continue
            found = [each.get(message.id, message.context) for each in ours.values()]
            mine = [each for each in found if each is not None]
            for each in mine:
                each.string = message.string
                each.flags.discard("fuzzy")
            count += bool(mine)
            unknown += [] if mine else [f"{source.name}: {message.id}"]
    for path, known in ours.items():
        path.write_text(catalogue.written(known), encoding="utf-8", newline="\n")
    catalogue.build(root)
    return count, unknown


def missing(known: Catalog) -> list[str]:
    """The texts of a catalogue that have no translation, or one of other words."""
    return [
        f"{message.context or message.locations[0][0]}: {message.id}"
        for message in known
        if message.id and (message.fuzzy or not message.string)
    ]


def measure(root: Path = ROOT) -> None:
    """Print, for every file, its texts, its English words, and how many texts are missing."""
    print("texts  words  missing")
    for path in files(root):
        known = catalogue.read(path)
        count = sum(len(str(message.id).split()) for message in known)
        name = path.relative_to(root).as_posix()
        print(f"{len(known):5} {count:6,} {len(missing(known)):8}  {name}")


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run one of the commands; the exit status is 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tools.translate", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("start").add_argument("stem")
    commands.add_parser("merge").add_argument("files", nargs="+", type=Path)
    commands.add_parser("measure")
    options = parser.parse_args(arguments)
    if options.command == "start":
        if not list(template(root, options.stem)):
            print(f"no page is called {options.stem}.ipynb", file=sys.stderr)
            return 1
        file_of(root, options.stem).parent.mkdir(parents=True, exist_ok=True)
        file_of(root, options.stem).touch()
    if options.command == "merge":
        count, unknown = merge(options.files, root)
        print(f"{count} translations taken over")
        if unknown:
            print("no page and no message says", *unknown, sep="\n  ", file=sys.stderr)
        return bool(unknown)
    if options.command == "measure":
        measure(root)
    else:
        update(root)
    return 0


if __name__ == "__main__":
    sys.exit(main())
