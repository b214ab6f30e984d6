"""Another language: everything a learner reads comes from the catalogue, and the page chooses it.

A made-up language puts ⟦ ⟧ around every message, and `every_word.py` says everything in it: what
stands outside the brackets did not come from the catalogue.
"""

import ast
import builtins
import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

import twostep
from tools import notebooks
from twostep import data
from twostep.charts.picture import Facts, drawn, wrapped
from twostep.models import every_model
from twostep.models.base import answer_fields, assumption_fields
from twostep.orders.formats import FORMATS, KEYS
from twostep.practice import EXERCISES

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src" / "twostep").rglob("*.py"))
MADE_UP = "qps"  # no country's


def catalogue():
    found = Catalog()
    for file, line, message, *_ in extract_from_dir(
        ROOT / "src" / "twostep", [("**.py", "python")], keywords={"_": None}
    ):
        found.add(message, locations=[(file, line)])
    return found


CATALOGUE = catalogue()
MESSAGES = [message for message in CATALOGUE if message.id]


def in_brackets(text, number):
    """A message with its words in numbered brackets; what is put into it stays outside."""
    parts = re.split(r"(?<!\{)(\{[^{}]*\})(?!\})", text)
    return "".join(
        f"⟦{number}:{part}⟧" if re.search(r"[^\W\d_]", part) and place % 2 == 0 else part
        for place, part in enumerate(parts)
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Catalogues of the made-up language."""
    place = tmp_path_factory.mktemp("locale")
    for number, message in enumerate(MESSAGES):
        message.string = in_brackets(message.id, number)
    file = place / MADE_UP / "LC_MESSAGES" / "twostep.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as opened:
        write_mo(opened, CATALOGUE)
    return place


def choose(folder, language=MADE_UP):
    return (
        "from pathlib import Path; from twostep import use_language; "
        f"use_language({language!r}, Path({str(folder)!r})); "
    )


@pytest.fixture(scope="module")
def said(folder, tmp_path_factory):
    """By place, everything that was said in the made-up language."""
    file = tmp_path_factory.mktemp("said") / "said.json"
    program = "from tests.every_word import say_everything; say_everything"
    program = f"{choose(folder)} {program}({str(file)!r})"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3_000:]
    return json.loads(file.read_text(encoding="utf-8"))


# Words that are the same in every language: names in code, what Python calls its own things, makes
# of shop systems, and the letters that name offers and options.
CODE = {field.name for model in every_model() for kind in (assumption_fields, answer_fields)
        for field in kind(model)}  # fmt: skip
CODE |= {*dir(twostep), *dir(builtins), *KEYS, "series", "prior", "front", "cancelled"}
CODE |= {word for table in (data.retention_2007(), data.cohorts_2010(), data.email_experiment())
         for word in re.findall(r"[a-z]\w+", table.to_csv())}  # fmt: skip
CODE |= {"inf", "nan", "U1", *"ABabcdef", MADE_UP}
CODE |= {word for system in FORMATS for word in re.findall(r"\w+", system.name)}
CODE |= {"UTF", "CP932", "Asia", "Tokyo", "csv", "xlsx"}
CODE |= {"field", "value", "low", "high", "basis", "label", "now"}  # columns of a plan's tables
# What was typed, names quoted, code, and numbers with a power of ten.
QUOTED = re.compile(
    r"`[^`]*`|'[^']*'|\"[^\"]*\"|“[^”]*”?|\b[a-z]\w* = \S+|\d[\d.,]*e[+-]?\d+", re.ASCII
)


def strange(text, known):
    """The words of a text that are neither from the catalogue nor known."""
    others = QUOTED.sub(" ", re.sub(r"⟦\d+:[^⟦⟧]*⟧", " ", text))
    words = re.findall(r"[^\W\d_][\w-]*", others)
    parts = [part for word in words if word not in EXERCISES for part in word.split("-")]
    # A name with a low line is one in code.
    return {part for part in parts if re.search(r"[^\W\d_]", part) and "_" not in part} - known


def words_of_a_page(place):
    """The words that stand in the code of the notebook: what a page says is in its own language."""
    path = ROOT / place.partition(": ")[2].partition(" ")[0]
    cells = notebooks.read(path).cells
    return {word for cell in cells if cell.cell_type == "code"
            for word in re.findall(r"\w+", cell.source)}  # fmt: skip


def words_of_files(*others):
    paths = [*others, *data.sample_orders()]
    texts = (path.read_bytes().decode("utf-8", "replace") + path.name for path in paths)
    # An apostrophe in HTML is written &#x27;.
    return {"x27"} | {word for text in texts for word in re.findall(r"[^\W\d_]\w*", text)}


def test_every_word_comes_from_the_catalogue(said):
    unmarked = set()
    for place, texts in said.items():
        known = CODE
        if place.startswith(("of_the_app", "of_the_board")):
            known = set()
        elif place.startswith("of_notebooks"):
            known = CODE | words_of_a_page(place) | words_of_files()
        elif place.startswith("of_orders"):
            exports = (ROOT / "tests" / "orders" / "data").iterdir()
            folder = set(re.findall(r"[^\W\d_]\w*", ROOT.name))
            known = CODE | words_of_files(*exports) | folder
        for text in texts:
            if words := strange(text, known):
                unmarked.add(f"{place}: {', '.join(sorted(words))}, in {text[:80]!r}")
    listed = "\n".join(sorted(unmarked))
    assert not unmarked, f"did not come through _():\n{listed}"


@pytest.mark.parametrize(
    ("part", "least"),
    [
        ("of_models", 15_000),
        ("of_functions", 100),
        ("of_pages", 80),
        ("of_calculators", 1_000),
        ("of_practice", 2_000),
        ("of_orders", 100),
        ("of_orders_form", 60),
        ("of_notebooks", 100),
        ("of_the_app", 80),
        ("of_the_board", 300),
        ("menu", len(every_model())),
    ],
)
def test_enough_was_looked_at(said, part, least):
    texts = [text for place, each in said.items() if place.startswith(part) for text in each]
    assert len(texts) >= least


def test_hardly_a_message_was_never_seen(said):
    texts = "".join(text for each in said.values() for text in each)
    seen = {int(number) for number in re.findall(r"⟦(\d+):", texts)}
    # What is said about order exports depends on the files; a third of it is seen.
    own = [number for number, message in enumerate(MESSAGES)
           if not message.locations[0][0].startswith("orders/")]  # fmt: skip
    assert len(own) >= 1_100
    missing = [MESSAGES[number].id for number in own if number not in seen]
    assert len(missing) <= 0.04 * len(own), missing


# Messages that a translator can work with


def test_no_message_begins_or_ends_with_a_space():
    assert [each.id for each in MESSAGES if each.id != each.id.strip()] == []


def test_no_message_looks_like_a_format_of_python():
    """ "25% subscribe" holds "% s": tools then ask the translator for the same "% s"."""
    assert [each.id for each in MESSAGES if each.python_format] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_message_is_one_constant(path):
    """Not in an f-string, and not put together: tools could not extract it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = [call for text in ast.walk(tree) if isinstance(text, ast.JoinedStr)
              for call in ast.walk(text) if is_message(call)]  # fmt: skip
    assert [ast.unparse(call) for call in inside] == []
    for call in filter(is_message, ast.walk(tree)):
        assert len(call.args) == 1
        assert not call.keywords
        assert isinstance(call.args[0], ast.Constant), ast.unparse(call)


# What stands between words is the language's: `sentences`, `comma_separated`, `labelled` put it.
BETWEEN = {": ", "; ", ", ", ". ", " "}
IN_CODE = {
    "', '.join((f'{k}={_literal(v)}' for k, v in changed.items()))",
    "', '.join([*given, *how])",
    "', '.join(map(repr, names))",
    "' '.join(source.split())",
}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_what_stands_between_words_comes_from_the_catalogue(path):
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            mark = node.func.value
            if node.func.attr == "join" and isinstance(mark, ast.Constant):
                found += [node] * (mark.value in BETWEEN)
        elif isinstance(node, ast.JoinedStr):
            marks = [part.value for part in node.values[1:-1] if isinstance(part, ast.Constant)]
            found += [node] * bool(BETWEEN - {" "} & {*marks})  # a sign and a word have a space
    assert [text for text in map(ast.unparse, found) if text not in IN_CODE] == []


def test_what_stands_between_words_is_looked_for_where_it_is():
    text = (ROOT / "src" / "twostep" / "_text.py").read_text(encoding="utf-8")
    assert text.count(").join(parts)") + text.count("between.join(parts)") == 3


def is_message(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"


def test_the_browser_says_no_words_of_its_own():
    scripts = [path for path in (ROOT / "src" / "twostep" / "static").glob("*.js")
               if path.name != "vega.js"]  # fmt: skip
    assert scripts
    for script in scripts:
        code = re.sub(r"^\s*//.*$|\s// .*$", "", script.read_text(encoding="utf-8"), flags=re.M)
        texts = [one or other for one, other in re.findall(r'"([^"\n]*)"|`([^`]*)`', code)]
        assert texts
        assert [text for text in texts if re.search(r"\b[A-Z]\w* \w", text)] == []


# What the language must not change


PLAN = """
from twostep import Orders, data
orders = Orders.read(*data.sample_orders())
found = orders.front_back(front={"Trial set (7 days)"}, back={"Monthly box"})
for plan in (found.to_funnel(front_cost=1, back_cost=1, cpa=1),
             found.to_trial(trial_cost=1, delivery_cost=1, cost_per_trial=1)):
    print(*(number.field for number in plan.numbers))
"""


def test_the_names_in_code_of_a_plan_are_the_same_in_every_language(folder):
    english = run(PLAN)
    assert re.search(r"\bfront_price\b.*\bback_cost\b", english)
    assert run(choose(folder) + PLAN) == english


# The page chooses


def run(program, **environment):
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


FUNNEL = "from twostep import Funnel; print(Funnel.menu)"
ENGLISH = "Two offers, two jobs: may the front offer lose money?"


def test_the_language_of_the_computer_is_not_asked():
    environment = dict.fromkeys(("LANGUAGE", "LANG", "LC_ALL", "LC_MESSAGES"), "ja")
    # Without these two no catalogue can be looked for.
    program = f"import gettext; gettext.find = gettext.translation = None; {FUNNEL}"
    assert run(program, **environment) == ENGLISH


def test_a_page_chooses_before_anything_else_is_loaded(folder):
    spoken = run(choose(folder) + FUNNEL)
    assert re.fullmatch(rf"⟦\d+:{re.escape(ENGLISH)}⟧", spoken)
    # The first cell may run again.
    assert run(choose(folder) + FUNNEL + ";" + choose(folder) + FUNNEL) == f"{spoken}\n{spoken}"


def test_a_language_chosen_too_late_is_refused(folder):
    assert run(f"{FUNNEL}; {choose(folder)}").endswith(ENGLISH)
    refused = run(f"import twostep.units; {choose(folder)}")
    assert refused.startswith("RuntimeError: This session already speaks “en”. Restart the kernel")
    assert "RuntimeError" in run(choose(folder) + "import twostep.units; use_language('en')")


def test_a_language_without_a_catalogue_is_refused(folder):
    refused = run(choose(folder, "xx"))
    assert refused == f"ValueError: There is no language 'xx' here. There is en, {MADE_UP}."
    assert run(choose(folder, "en") + FUNNEL) == ENGLISH


# Titles in lines


def room(text):
    return sum(2 if ord(letter) > 0x2E00 else 1 for letter in text)


TITLES = [
    "利益が出るのは、フロント購入者の4.4%がバックエンド商品を買うときです。あなたの想定は8%です",
    "「試用」→「定期購入」: 1件あたりの広告費は3,251円まで、いまは¥2,500です（税抜）",
    "Profit begins when 4.4% of front buyers take the back-end offer, less than you assume today",
]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("letters", [12, 30, 44, 64])
def test_a_title_is_wrapped_by_the_room_it_takes(title, letters):
    lines = wrapped(title, letters)
    assert len(lines) > 1
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")
    assert all(room(line) <= letters for line in lines)
    # No line could have taken the next word too, and none begins or ends with the wrong mark.
    for line, following in pairwise(lines):
        assert room(line) + room(re.split(r"[ -]", following)[0]) >= letters - 2
        assert following[0] not in "、。）」%"
        assert line[-1] not in "（「¥"


@given(st.text(alphabet="ab -,。「」あ漢5%", max_size=80), st.integers(1, 40))
def test_a_wrapped_text_loses_nothing_but_spaces(text, letters):
    lines = wrapped(text, letters)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("title", TITLES)
def test_a_chart_has_a_title_in_lines_about_equally_long(title):
    frame = twostep.charts.profit_by_back_rate.drawing.frame()
    data = twostep.charts.profit_by_back_rate.facts(twostep.Funnel()).data
    chart = drawn(frame, Facts(title, title, data))
    assert len(chart.title) == -(-room(title) // 64)
    assert max(map(room, chart.title)) - min(map(room, chart.title)) <= 20
