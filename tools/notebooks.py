"""The notebooks as files: run, put in normal form, derived and checked.

    python -m tools.notebooks refresh [paths]   run notebooks and store them in normal form
    python -m tools.notebooks name [paths]      give every new cell a readable id, and say which
    python -m tools.notebooks check             is everything as refresh leaves it? (runs nothing)
    python -m tools.notebooks measure [paths]   how long is each lesson, and what does it lack?

Lessons and solutions are authored; every exercise is derived from the solution of the same name,
and every page in ja/ from the English one and the words in ja/po (`tools/translate.py`).
In the normal form two runs, or a run and save in JupyterLab, leave the same bytes, and one changed
sentence is one changed line.
"""

import argparse
import ast
import base64
import hashlib
import itertools
import json
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import vl_convert
from nbclient import NotebookClient

from tools import pages, translate

ROOT = Path(__file__).parents[1]
SECONDS = 60  # for one cell
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
CELL_METADATA = {"nbgrader", "tags"}
FOLDED = {"jupyter": {"source_hidden": True}}
WIDGET = "application/vnd.jupyter.widget-view+json"
VEGA = re.compile(r"application/vnd\.vegalite\.v\d+\+json")
# JupyterLab's ids are UUIDs, nbformat's eight hexadecimal digits: both are new with every new cell.
RANDOM_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8}")
NAME = "twostep-spec"

Notebook = Any  # nbformat's own class has no types


class NotebookError(ValueError):
    """What is wrong with a notebook, and what its author can do about it."""


def read(path: Path) -> Notebook:
    """The notebook in a file. Raises NotebookError if it is none, or no valid one."""
    try:
        text = path.read_text(encoding="utf-8")
        nbformat.validate(json.loads(text), version=4, version_minor=5)
    except (ValueError, nbformat.ValidationError) as problem:
        message = str(problem).splitlines()[0]
        raise NotebookError(f"no valid notebook of format 4.5: {message}") from None
    return nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]


def written(notebook: Notebook) -> str:
    """A notebook as the text of its file: sorted keys, one space indent, one last newline."""
    text = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return str(text).rstrip("\n") + "\n"


# The normal form


def normalise(notebook: Notebook, pictures: dict[str, str] | None = None) -> Notebook:
    """The same notebook in normal form, with everything removed that a run or an editor varies.

    `pictures` are known static pictures by the digest of their chart (`pictures_of`); others are
    drawn. Raises NotebookError for a cell without a name of its own.
    """
    notebook = deepcopy(notebook)
    if names := proposed(notebook):
        listed = "\n".join(_listed(notebook, names))
        raise NotebookError(f"cells with a random id, and names they could have\n{listed}")
    pictures = pictures_of(notebook) | (pictures or {})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = deepcopy(METADATA)
    count = 0
    for cell in notebook.cells:
        cell.metadata = _kept(cell)
        if cell.cell_type == "code":
            count += 1
            cell.outputs = [_output(each, pictures, count) for each in _merged(cell.outputs)]
            cell.execution_count = count
        else:
            cell.pop("attachments", None)
    return notebook


def _kept(cell: Any) -> dict[str, Any]:
    """The metadata that an author means, not an editor: tags, points, and a folded source."""
    kept = {name: value for name, value in cell.metadata.items() if name in CELL_METADATA and value}
    return kept | (FOLDED if cell.cell_type == "code" and pages.folded(cell) else {})


def _merged(outputs: Iterable[Any]) -> list[Any]:
    """Outputs with neighbouring pieces of one stream joined: a kernel cuts them at any place."""
    merged: list[Any] = []
    for output in outputs:
        if merged and output.get("name") and output.get("name") == merged[-1].get("name"):
            merged[-1].text += output.text
        else:
            merged.append(output)
    return merged


def _output(output: Any, pictures: dict[str, str], count: int) -> Any:
    if "execution_count" in output:
        output.execution_count = count
    if "data" not in output:
        return output
    output.metadata = {}
    data = {
        kind: _javascript(content) if kind.endswith("json") else content
        for kind, content in output.data.items()
        if kind != WIDGET
    }
    for kind in filter(VEGA.fullmatch, list(data)):
        data["image/png"] = pictures.get(digest(data[kind])) or picture(data[kind])
    output.data = data
    return output


def _javascript(content: Any) -> Any:
    """JSON with the numbers as JavaScript writes them: 1200.0 becomes 1200."""
    if isinstance(content, dict):
        return {name: _javascript(value) for name, value in content.items()}
    if isinstance(content, list):
        return [_javascript(value) for value in content]
    return int(content) if isinstance(content, float) and content.is_integer() else content


# Names of cells: the same in every language, and what the coverage of claims refers to


def proposed(notebook: Notebook) -> dict[str, str]:
    """A readable name for every cell whose id is random, by that id; no two are alike."""
    taken = {cell.id for cell in notebook.cells if not RANDOM_ID.fullmatch(cell.id)}
    found, above = dict[str, str](), ""
    for cell in notebook.cells:
        code = cell.cell_type == "code"
        if RANDOM_ID.fullmatch(cell.id):
            first = _code_name(cell.source) if code else _text_name(cell.source, above)
            others = (f"{first}-{count}" for count in itertools.count(2))
            name = next(each for each in itertools.chain([first], others) if each not in taken)
            taken.add(name)
            found[cell.id] = name
        above = found.get(cell.id, cell.id) if code else ""
    return found


def _listed(notebook: Notebook, names: dict[str, str]) -> list[str]:
    """A line for each of these cells: the name proposed for it, and how the cell begins."""
    openings = {cell.id: cell.source.strip().partition("\n")[0][:60] for cell in notebook.cells}
    return [f"  {name:32} {openings[cell]}" for cell, name in names.items()]


def _text_name(text: str, above: str) -> str:
    """The heading; tasks, seen, or what is read of the code above; else the first words."""
    if heading := re.search(r"^#+ (.*)", text, flags=re.MULTILINE):
        return _slug(heading[1])
    if re.match(r"\d+\. ", text):
        return "tasks"
    if text.lstrip().startswith("<details>"):
        return "seen"
    return f"{above}-read" if above else _slug(text)


def _code_name(source: str) -> str:
    """What the cell makes or calls: business, dish-numbers, calculator; else its first words."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return _slug(source)
    if body and isinstance(body[0], ast.Import | ast.ImportFrom):
        return "import"
    for function, ending in {"check": "", "given": "-numbers", "quiz": "-question"}.items():
        if keys := checked_keys(source, function):
            return keys[0] + ending
    match body[:1]:
        case [ast.Assign(targets=[ast.Name(id=name)])]:
            return _slug(name)
        case [ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)))]:
            texts = [each.value for each in ast.walk(body[0]) if isinstance(each, ast.Constant)]
            said = next((each for each in texts if isinstance(each, str)), "")
            return _slug(said if name in ("answers", "print", "number") and said else name)
    return _slug(source)


def _slug(text: str) -> str:
    """The first four words of a text, in small letters with hyphens between."""
    words = re.findall(r"[a-z0-9]+", text.replace("’", "").replace("'", "").lower())
    return "-".join(words[:4]) or "cell"


def give_names(paths: Iterable[Path], *, write: bool) -> int:
    """Print a name for every cell without one, on all pages at once; write them if wanted.

    Returns how many there are.
    """
    count = 0
    for path in sorted(paths):
        derived = path.parent.name == "exercises" or translate.is_translated(path)
        if not path.exists() or derived:
            continue
        try:
            notebook = read(path)
        except NotebookError:
            continue  # refreshing it says why
        if names := proposed(notebook):
            count += len(names)
            print(f"{path.parent.name}/{path.name}", *_listed(notebook, names), sep="\n")
            for cell in notebook.cells:
                cell.id = names.get(cell.id, cell.id)
            if write:
                path.write_text(written(notebook), encoding="utf-8", newline="\n")
    return count


# Static pictures: what GitHub shows in place of a chart. Each carries the digest of its chart, so
# that one drawn with other fonts on another machine is kept, and one left by JupyterLab is not.


def digest(chart: Any) -> str:
    """The SHA-256 of a Vega-Lite specification."""
    return hashlib.sha256(json.dumps(_javascript(chart), sort_keys=True).encode()).hexdigest()


def picture(chart: Any) -> str:
    """A chart as a PNG in base64, packed smaller than vl-convert does it; its digest is inside."""
    text = json.dumps(chart, ensure_ascii=False)
    fonts = {"font": japanese_font()} if JAPANESE.search(text) else {}
    png, place = vl_convert.vegalite_to_png(text, scale=1, config=fonts), 8
    chunks: dict[bytes, bytes] = {}
    while place < len(png):  # each chunk is length, kind, data, checksum
        size, kind = int.from_bytes(png[place : place + 4]), png[place + 4 : place + 8]
        chunks[kind] = chunks.get(kind, b"") + png[place + 8 : place + 8 + size]
        place += size + 12
    parts = {
        b"IHDR": chunks[b"IHDR"],
        b"IDAT": zlib.compress(zlib.decompress(chunks[b"IDAT"]), 9),
        b"tEXt": NAME.encode() + b"\0" + digest(chart).encode(),
        b"IEND": b"",
    }
    pressed = png[:8] + b"".join(
        len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
        for kind, data in parts.items()
    )
    return base64.b64encode(pressed).decode() + "\n"


JAPANESE = re.compile(f"[{pages.JAPANESE}]")


@cache
def japanese_font() -> str:
    """The font in which Japanese is drawn. Raises NotebookError where it is not installed.

    Else another would be taken without a word, or boxes be drawn for letters.
    """
    name = "Noto Sans CJK JP"
    if _letter(name) == _letter("no such font"):
        raise NotebookError(
            f"charts with Japanese words are drawn in {name}, which is not installed here: "
            "on Debian or Ubuntu type sudo apt install fonts-noto-cjk"
        )
    return name


def _letter(font: str) -> bytes:
    text = {"type": "text", "font": font, "fontSize": 40, "text": "g"}
    chart = {"data": {"values": [{}]}, "width": 60, "height": 60, "mark": text}
    return bytes(vl_convert.vegalite_to_png(json.dumps(chart)))


def pictures_of(notebook: Notebook) -> dict[str, str]:
    """The static pictures in a notebook that were drawn here, by the digest of their chart."""
    mark = re.compile(NAME.encode() + rb"\0([0-9a-f]{64})")
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            png = output.get("data", {}).get("image/png", "")
            if drawn := mark.search(base64.b64decode(png)):
                found[drawn[1].decode()] = png
    return found


# Exercises from solutions


def derive(solution: Notebook) -> Notebook:
    """The exercise of a solution, not yet run.

    Of a cell tagged `solution` only what a learner fills in is left: `name = ...` for every name it
    assigns, signature and docstring of every function; nothing at all of a text. Every other cell
    that calls `check` becomes a locked cell that nbgrader grades.
    """
    exercise = deepcopy(solution)
    exercise.cells = [cell for cell in map(_derived_cell, exercise.cells) if cell is not None]
    return exercise


def _derived_cell(cell: Any) -> Any:
    solution = "solution" in cell.metadata.get("tags", [])
    cell.metadata = dict(FOLDED) if pages.folded(cell) else {}
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
        if solution:
            cell.source = stub(cell.source)
        elif checked_keys(cell.source):
            cell.metadata["nbgrader"] = {
                "grade": True,
                "grade_id": cell.id,
                "locked": True,
                "points": 1,
                "schema_version": 3,
                "solution": False,
                "task": False,
            }
    elif solution:
        return None
    return cell if cell.source else None


def stub(source: str) -> str:
    """What is left of a solved code cell: `name = ...`, signatures and docstrings."""
    lines = []
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef):
            docstring = [] if ast.get_docstring(statement) is None else statement.body[:1]
            statement.body = [*docstring, ast.Return(ast.Constant(...))]
            lines.append(ast.unparse(statement))
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            lines += [
                f"{name.id} = ..."
                for target in targets
                for name in ast.walk(target)
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
            ]
    return "\n".join(lines)


def made(path: Path) -> Notebook:
    """A page as its author or its sources have it, not yet run: only its text is asked."""
    if path.parent.name == "exercises":
        return derive(made(solution_of(path)))
    if translate.is_translated(path):
        return translate.page(path.parents[2], path)
    return read(path)


def checked_keys(source: str, *functions: str) -> list[str]:
    """The keys that a code cell hands to `check`, or to the other practice functions named."""
    wanted = functions or ("check",)
    return [
        call.args[0].value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in wanted
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    ]


# The commands


def execute(notebook: Notebook, folder: Path) -> None:
    """Run a notebook in its folder, in a fresh kernel, and keep the outputs."""
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env=os.environ | {"PYTHONHASHSEED": "0"})


def refresh(path: Path) -> None:
    """Run a page, one that is derived as it is derived now, and store its normal form."""
    old = read(path) if path.exists() else None
    notebook = made(path)
    pictures = pictures_of(old) if old else None  # now: a run puts new outputs in their place
    path.parent.mkdir(parents=True, exist_ok=True)
    execute(notebook, path.parent)
    path.write_text(
        written(normalise(notebook, pictures)),
        encoding="utf-8",
        newline="\n",
    )


def complaint(path: Path) -> str | None:
    """Why a committed file is not as `refresh` leaves it, or None; no kernel is started."""
    text = path.read_bytes().decode(errors="replace")
    notebook = read(path)
    if text != written(normalise(notebook)):
        return "not in normal form"
    if path.parent.name == "exercises":
        if not solution_of(path).exists():
            return "an exercise without a solution of the same name: write that, delete this"
        if _content(notebook) != _content(made(path)):
            return "not what its solution derives (exercises are never edited: edit the solution)"
    elif translate.is_translated(path) and _content(notebook) != _content(made(path)):
        return (
            "not what its English page and its words derive (pages in ja/ are never edited: edit "
            f"{translate.LANGUAGE}/po/{path.stem}.po)"
        )
    return None


def _content(notebook: Notebook) -> list[Any]:
    return [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells]


def measure(paths: Iterable[Path], root: Path) -> int:
    """Print how much each lesson asks of its reader, then what its author has yet to do."""
    known, lacking = set[str](), list[str]()
    stems = [path.stem for path in pages.lessons(root)]
    print("lesson                       cells  words  new terms  code lines  minutes (it says)")
    for path in pages.lessons(root):
        notebook = read(path)
        found = pages.measured(notebook, known)
        if path in paths:
            print(
                f"{path.stem:28} {found.cells:5} {found.words:6,} {found.new_terms:10}"
                f" {found.lines:11} {found.minutes:8.0f} {f'({found.says})':>9}"
            )
            wrong = pages.lacking(notebook, path.stem, stems, known)
            lacking += [f"{path.stem}: {each}" for each in wrong]
        known |= pages.terms_in(notebook)
    print("", *lacking, sep="\n")
    return bool(lacking)


def solution_of(path: Path) -> Path:
    """The solution of the same name."""
    return path.parents[1] / "solutions" / path.name


def notebooks(root: Path) -> list[Path]:
    """Every English notebook of the course, those included that are still to be derived."""
    found = {
        path
        for folder in ("lessons", "exercises", "solutions")
        for path in (root / folder).glob("*.ipynb")
    }
    return sorted(found | {partner(path) for path in found if path.parent.name == "solutions"})


def in_every_language(root: Path) -> list[Path]:
    """The notebooks of the course and those in another language."""
    return [*notebooks(root), *translate.pages(root)]


def partner(path: Path) -> Path:
    """The exercise of a solution."""
    return path.parents[1] / "exercises" / path.name


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run one of the commands; the exit status is 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tools.notebooks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("refresh").add_argument("paths", nargs="*", type=Path)
    commands.add_parser("check")
    commands.add_parser("name").add_argument("paths", nargs="*", type=Path)
    commands.add_parser("measure").add_argument("paths", nargs="*", type=Path)
    options = parser.parse_args(arguments)
    if options.command == "check":
        every = in_every_language(root)
        return _report(root, {path: _attempt(_checked, path) for path in every})
    if options.command == "refresh":
        translate.update(root)  # before anything asks for the words
    paths = {path.resolve() for path in options.paths} or set(in_every_language(root))
    if options.command == "measure":
        return measure(paths, root)
    if options.command == "name":
        print(f"{give_names(paths, write=True)} cells named")
        return 0
    if count := give_names(paths, write=False):
        print(
            f"{count} cells have no readable name. Take those above with "
            "python -m tools.notebooks name, or write your own; then refresh.",
            file=sys.stderr,
        )
        return 1
    paths |= {partner(path) for path in paths if path.parent.name == "solutions"}
    with ProcessPoolExecutor() as pool:
        problems = dict(zip(paths, pool.map(_refreshed, paths), strict=True))
    return _report(root, problems)


def _checked(path: Path) -> str | None:
    if not path.exists():
        return "missing: it is derived, from a solution or from an English page"
    return complaint(path)


def _refreshed(path: Path) -> str | None:
    return _attempt(refresh, path)


def _attempt(step: Callable[[Path], str | None], path: Path) -> str | None:
    try:
        return step(path)
    except Exception as problem:
        return str(problem)


def _report(root: Path, problems: dict[Path, str | None]) -> int:
    wrong = {path: problem for path, problem in sorted(problems.items()) if problem}
    for path, problem in wrong.items():
        name = path.relative_to(root) if path.is_relative_to(root) else path
        print(f"{name}: {problem}", file=sys.stderr)
    if wrong:
        print("Then run: make refresh (or python -m tools.notebooks refresh)", file=sys.stderr)
    print(f"{len(problems) - len(wrong)} of {len(problems)} notebooks are in order")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
