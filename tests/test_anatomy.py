"""Every lesson is built alike, keeps to its length, and asks no learner to program.

The rules and the limits are in tools/pages.py; `python -m tools.notebooks measure` prints what a
page still lacks. Here they are applied to the course, and seen to find what they should.
"""

import copy
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from tools import notebooks as tool
from tools import pages

ROOT = Path(__file__).parents[1]
LESSONS = pages.lessons(ROOT)
STEMS = [path.stem for path in LESSONS]
ALL = [path for path in tool.notebooks(ROOT) if path.exists()]


def name(path):
    return f"{path.parent.name}/{path.stem}"


def known_before(stem):
    """The Japanese terms of the lessons before one."""
    return {
        term for path in LESSONS if path.stem < stem for term in pages.terms_in(tool.read(path))
    }


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_a_lesson_lacks_nothing(path):
    stem, page = path.stem, tool.read(path)
    lacks = pages.lacking(page, stem, STEMS, known_before(stem))
    assert not lacks, "\n" + "\n".join(lacks)


@pytest.mark.parametrize("path", ALL, ids=name)
def test_no_page_asks_a_learner_to_program(path):
    page = tool.read(path)
    assert any(piece.is_code for piece in pages.path(page))
    held = list(pages.plumbing_of(page))
    assert not held, "\n" + "\n".join(held)


def test_the_limits_stand_where_a_writer_looks():
    limits = pages.Limits()
    written = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for phrase in (
        f"{limits.cells[0]} to {limits.cells[1]} cells",
        f"{limits.words[0]:,} to {limits.words[1]:,} words",
        f"{limits.predictions[0]} to {limits.predictions[1]} predictions",
        f"{limits.terms} new terms",
        f"{limits.terms_in_a_section} in a section",
        f"{limits.lines} lines of code",
        f"{limits.lines_in_a_cell} in a cell",
    ):
        assert phrase in written.replace("\n", " "), phrase


# A small lesson in order, and what is said of it when something is broken

STEM, NEXT = "03_the_contact_is_the_product", "04_who_would_have_come_anyway"
WORDS = "This is a sentence of ten short and plain words. "
TERMS = f"""{pages.TERMS_HEAD}
|---|---|---|---|---|
| lead | 見込み客 | L | people | `leads` |"""
TASKS = "1. Write down a number.\n2. Move a slider.\n3. Why does it turn there?"


def lesson():
    links = ["../README.md#on-binder", "../README.md#the-chapters", f"{NEXT}.ipynb"]
    links += [f"../exercises/{STEM}.ipynb", f"../solutions/{STEM}.ipynb"]
    texts = {
        "title": "# Ask for the contact\n\n" + " · ".join(f"[link]({each})" for each in links),
        "plan": "**What you'll do.** Look.\n\n**What you'll learn** to\n- *see*.\n\n"
        "**What you need.** Nothing.\n\n**Time.** 40 minutes (30 in a workshop).",
        "import": "from twostep import Calculator, Funnel, check, quiz\n\nprint('All is ready.')",
        "hook": "## The question\n\nWho earns more?",
        "predict": "quiz('contact-predict')",
        **{f"step-{step}": f"business.leads * {step}" for step in range(12)},
        **{f"read-{step}": WORDS * 10 for step in range(11)},
        "introduced": "## Step by step\n\nSuch a person is a **lead** (見込み客).",
        "again": "quiz('contact-again')",
        "try": f"## Now you\n\n{TASKS}",
        "calculator": "Calculator(business)",
        "seen": "<details><summary><strong>What you should have seen</strong></summary></details>",
        "mistakes": "## Two common mistakes\n\nRates add.",
        "after": "## What the average hides\n\n## What this page assumes\n\n## Your turn",
        "check-1": "first = ...\ncheck('contact-1', first)",
        "check-2": "second = ...\ncheck('contact-2', second)",
        "end": "## Your worksheet\n\nA line.\n\n## Think (in pairs)\n\nWhy?\n\n"
        f"## Key takeaway\n\n**Ask.**\n\n{TERMS}\n\n## Where it comes from\n\nOurs.",
    }
    code = ("import", "predict", "step", "again", "calculator", "check")
    page = nbformat.v4.new_notebook()
    for key, text in texts.items():
        cell = new_code_cell if key.startswith(code) else new_markdown_cell
        page.cells.append(cell(text, id=key))
    page.cells[2].metadata = {"jupyter": {"source_hidden": True}}
    return page


def lacks(page, known=()):
    return pages.lacking(page, STEM, [STEM, NEXT], known)


def test_a_lesson_in_order_lacks_nothing():
    assert lacks(lesson()) == []
    found = pages.measured(lesson())
    assert (found.cells, found.tasks, found.checks, found.new_terms) == (38, 3, 2, 1)
    # 12 minutes of reading; 18 cells to run; 3 tasks and 2 checks.
    assert found.minutes == found.words / 100 + 18 / 2 + 3 * 3 + 2 * 4
    assert pages.measured(lesson(), {"見込み客"}).new_terms == 0


def cells_out(*ids):
    return lambda page: setattr(page, "cells", [c for c in page.cells if c.id not in ids])


BREAKS = {
    "short": (cells_out(*(f"step-{each}" for each in range(9))), "29 cells, 30 are the least: add"),
    "long": (
        lambda page: page.cells.extend(lesson().cells[5:10]),
        "cells, 40 are the most: take out",
    ),
    "few words": (cells_out("read-1", "read-2"), "words, 1,100 are the least"),
    "many words": ({"read-1": WORDS * 40}, "words, 1,400 are the most"),
    "one prediction": ({"again": "1 + 1"}, "1 predictions (quiz), 2 are the least: add 1"),
    "one check": ({"check-2": "second = ..."}, "1 checks, 2 are the least"),
    "many terms": (
        {"read-0": WORDS * 10 + "(一, 二) (三) (四) (五) (六) (七) (八) (九) (十)"},
        "10 new terms, 8 are the most",
    ),
    "many terms in a section": (
        {"introduced": "## Step by step\n\n(一) (二) (三) (四)"},
        "“Step by step”, this page has 4 new terms, 3 are the most: take out 1 (一, 二, 三, 四)",
    ),
    "long cell": ({"step-1": "1\n" * 9}, "9 lines of code in one cell, 8 are the most"),
    "much code": ({f"step-{each}": "1\n" * 6 for each in range(10)}, "of code, 60 are the most"),
    "time": ({"plan": "40 minutes->70 minutes"}, "says 70 minutes, but counted it takes"),
    "no time": ({"plan": "**Time.** 40 minutes->"}, "gives no time"),
    "no part": ({"after": "What the average hides->Spread"}, "“What the average hides” is missing"),
    "part in a sentence": ({"end": "## Think (in pairs)->Think"}, "the part “Think” is missing"),
    "part too early": (
        lambda page: page.cells.insert(4, page.cells.pop()),
        "the part “Where it comes from” stands before “Your turn”",
    ),
    "no terms": ({"end": "symbol->sign"}, "in code |” is missing"),
    "no title": ({"title": "# Ask->Ask"}, "does not open with a title"),
    "no link": ({"title": f"{NEXT}->99"}, f"no link to ({NEXT}.ipynb)"),
    "no folding": (lambda page: page.cells[2].metadata.clear(), "import is not folded"),
    "silent import": ({"import": "print->repr"}, "does not print that all is ready"),
    "second import": ({"step-3": "from twostep import Trial"}, "step-3 imports: do that in import"),
    "tasks below": (
        lambda page: page.cells.insert(-7, new_markdown_cell("Below:")),
        "the cell above the calculator has 0 numbered tasks, 3 are the least",
    ),
    "no why": ({"try": "Why->Where"}, "none of the tasks above the calculator asks why"),
    "beyond too early": ({"try": "## Now you->## Going further\n\n"}, "before “Your turn”"),
    "a function": ({"step-3": "def f(): pass"}, "step-3 holds def: move it into the package"),
}


@pytest.mark.parametrize(("change", "said"), BREAKS.values(), ids=BREAKS)
def test_a_broken_lesson_is_told_what_to_do(change, said):
    page = lesson()
    if isinstance(change, dict):
        for cell in page.cells:
            before, arrow, after = change.get(cell.id, cell.source).partition("->")
            assert cell.id not in change or not arrow or before in cell.source
            cell.source = cell.source.replace(before, after) if arrow else before
    else:
        change(page)
    assert page != lesson()
    assert any(said in each for each in lacks(page)), lacks(page)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def rate(a):\n    return a", ["def"]),
        ("class Shop:\n    pass", ["class"]),
        ("sorted(x, key=lambda y: -y)", ["lambda"]),
        ("[x for x in y]", ["a comprehension"]),
        ("{x: 1 for x in y}", ["a comprehension"]),
        ("{x for x in y}", ["a comprehension"]),
        ("print(*(x for x in y))", ["a generator"]),
        ("import pandas as pd", ["pandas"]),
        ("import altair", ["altair"]),
        ("from scipy.stats import beta", ["scipy.stats"]),
        ("from numpy import arange", ["numpy"]),
        ("import math, random", ["math", "random"]),
        ("rows.melt('x')", [".melt"]),
        ("sweep(x, 'profit').iloc[0]", [".iloc"]),
        ("counts.to_numpy()", [".to_numpy"]),
        ("table.groupby('a').agg('sum')", [".agg", ".groupby"]),
        ("chart.mark_line().encode()", [".encode", ".mark_line"]),
        ("(a - b).clip(0)", [".clip"]),
        # What a lesson is made of.
        ("from dataclasses import replace\nfrom twostep.data import retention_2007", []),
        ("import twostep", []),
        ("round(replace(business, back_rate=0.04).profit), 300 * 8 / 100", []),
        ("for rate in [0.1, 0.2]:\n    print(f'{rate:.0%}', fit.model.survival(2))", []),
        ("charts.people_by_stage(business)\nanswers(business, 'leads')\nmine.verdict", []),
        ("WhichFirst.from_belief(mean=0.03, strength=20).best", []),
        ("sweep(business, 'profit', back_rate=[0.04, 0.08])", []),
        ("given('key').lead_rate", []),
    ],
)  # fmt: skip
def test_plumbing_is_told_from_arithmetic(source, found):
    assert sorted(pages.plumbing(source)) == found


def test_what_stands_under_going_further_is_not_counted():
    page = lesson()
    more = [
        new_markdown_cell(f"## Going further\n\n{WORDS * 20} (一) (二) (三) (四)", id="further"),
        new_code_cell("def f(x):\n    return x\n\nimport numpy as np", id="further-code"),
        new_markdown_cell("### And further\n\nStill in it.", id="further-more"),
        new_code_cell("lambda: 1", id="further-still"),
    ]
    page.cells[-1:-1] = more
    assert lacks(page) == []
    assert pages.measured(page) == pages.measured(lesson())
    after = copy.deepcopy(page)
    after.cells[-2].id, after.cells[-2].source = "back", "## Think again"
    after.cells[-2].cell_type = "markdown"
    after.cells[-1:-1] = [new_code_cell("lambda: 1", id="back-code")]
    assert any("back-code holds lambda" in each for each in lacks(after))


def test_terms_are_read_from_brackets_and_from_the_table():
    assert pages.terms("the main one (バックエンド商品, 本命商品) [x](../日本.ipynb)") == [
        ["バックエンド商品", "本命商品"]
    ]
    assert pages.terms("cost (cost per acquisition, 顧客獲得単価) and (8 of 100)") == [
        ["顧客獲得単価"]
    ]
    table = f"{pages.TERMS_HEAD}\n|---|---|---|---|---|\n| rate | 成約率(フロント) | b | % | `b` |"
    assert pages.terms(table) == [["成約率"]]
    assert pages.terms("prior and posterior (事前分布・事後分布)") == [["事前分布", "事後分布"]]


def test_words_are_those_of_sentences():
    text = "Two words.\n\n| a | table |\n\n$$x = y$$\n\n[link text](an/address.ipynb) 日本語 ¥4,500"
    assert pages.words(text) == len(["Two", "words.", "link", "text", "4,500"])


def test_measure_prints_every_lesson(capsys):
    tool.main(["measure"], root=ROOT)
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.splitlines() if re.match(r"\d\d_\w+ ", line)] == STEMS
