"""The numbers in a lesson's sentences: each is computed on the page, or declared at its end.

nbval compares outputs; it does not read. Here every figure in the text (yen, per cent, thousands)
must be a number of some output or code cell of the same page, rounded as it is printed, or stand in
the page's last section, "Where it comes from", which says who published it or assumed it.
"""

import json
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
LESSONS = sorted((ROOT / "lessons").glob("*.ipynb"))
PAGES = [
    path
    for folder in ("lessons", "exercises", "solutions")
    for path in (ROOT / folder).glob("*.ipynb")
]
LAST = "## Where it comes from"
# ¥4,500 · 4.4% · 2,604 and so on; small bare numbers are counted by hand, by the reader.
FIGURE = re.compile(r"¥\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)?\s?%|\d{1,3}(?:,\d{3})+(?:\.\d+)?")
NUMBER = re.compile(r"\d[\d,_]*(?:\.\d+)?(?:e-?\d+)?")


def value(text):
    return float(text.replace(",", "").replace("_", ""))


def texts(data):
    """All text of an output, without pictures."""
    for kind, content in data.items():
        if not kind.startswith("image/"):
            yield content if isinstance(content, str) else json.dumps(content)


def evidence(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            yield cell.source
            for output in cell.outputs:
                yield from texts(output.data) if "data" in output else [output.get("text", "")]
        elif LAST in cell.source:
            yield cell.source.partition(LAST)[2]


def unfounded(notebook):
    """The figures of the text that nothing on the page gives."""
    known = [value(number) for text in evidence(notebook) for number in NUMBER.findall(text)]
    found, missing = 0, []
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        for figure in FIGURE.findall(cell.source.partition(LAST)[0]):
            digits = figure.strip("¥% ")
            decimals = len(digits.partition(".")[2])
            wanted, slack = value(digits), 0.5 * 10**-decimals + 1e-9
            scales = (1, 100) if figure.endswith("%") else (1,)
            found += 1
            if not any(abs(number * s - wanted) <= slack for number in known for s in scales):
                missing.append(f"{cell.id}: {figure}")
    return found, missing


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_figure_in_the_text_is_computed_or_declared(path):
    found, missing = unfounded(nbformat.read(path, as_version=4))
    assert not missing
    assert found >= 12 or path.stem.startswith("00")


def test_a_wrong_figure_in_the_text_is_seen():
    page = nbformat.read(LESSONS[-1], as_version=4)
    cell = nbformat.v4.new_markdown_cell("In the end ¥7,654,321 remain, 77.77% of 9,876,543.")
    page.cells.insert(3, cell)
    figures = [figure.rpartition(": ")[2] for figure in unfounded(page)[1]]
    assert figures == ["¥7,654,321", "77.77%", "9,876,543"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
    here = [link.partition("#")[0] for link in links if "://" not in link and link[0] != "#"]
    assert here
    assert [link for link in here if not (path.parent / link).exists()] == []
