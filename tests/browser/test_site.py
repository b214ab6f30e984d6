"""The site to read: built once as `make site` does, then looked at as files and in Chromium."""

import json
import re
import subprocess
import sys
import threading
from collections import Counter
from functools import cache, partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import pytest
from tools.lab import only_this_machine
from tools.notebooks import VEGA
from tools.notebooks import read as read_notebook
from tools.reading import WORDS, Search, dress, language, pairs, relinked, running, shown, title
from tools.reference import list_of_terms, unit
from tools.start import FIRST_PAGE

from tools import pages
from twostep.data import glossary
from twostep.models import every_model
from twostep.models.base import answer_fields, assumption_fields

ROOT = Path(__file__).parents[2]
FOLDERS = ("lessons", "exercises", "solutions", "ja/lessons", "ja/exercises", "ja/solutions")
NOTEBOOKS = sorted(path for folder in FOLDERS for path in ROOT.glob(f"{folder}/*.ipynb"))
read = cache(read_notebook)
# The tags by which a page asks for a file, and the attribute that names it.
ASKS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """A built page: its tags with what they say, the names of its places, and its words."""

    def __init__(self, file):
        super().__init__()
        self.file, self.tags, self.words = file, [], []
        self.feed(file.read_text(encoding="utf-8"))
        self.places = {said["id"] for _tag, said in self.tags if "id" in said}
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag, kind=""):
        """What the tags of this name say, of this class if one is named."""
        found = (said for name, said in self.tags if name == tag)
        return [said for said in found if not kind or kind in (said.get("class") or "").split()]


class Site:
    """The folder of a built site."""

    def __init__(self, folder):
        self.folder = folder
        self.files = sorted(folder.rglob("*.html"))

    @cache  # noqa: B019
    def page(self, name):
        return Page(self.folder / name)

    def pages(self):
        return [self.page(str(file.relative_to(self.folder))) for file in self.files]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """What `make site` builds, without JupyterLite."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "--quiet", "-c", "site"]
    command += ["-d", str(folder / "parts"), ".", str(folder / "site")]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return Site(folder / "site")


def built(path):
    """The page of a notebook on the site."""
    return str(path.relative_to(ROOT).with_suffix(".html"))


def words_on(path):
    """What the site says on the page of a notebook."""
    return WORDS[language(path.relative_to(ROOT).as_posix())]


def outputs(path, kind):
    """How many stored outputs of a notebook hold this kind of content."""
    cells = (cell for cell in read(path).cells if cell.cell_type == "code")
    held = (each for cell in cells for output in cell.outputs for each in output.get("data", ()))
    return sum(bool(re.fullmatch(kind, each)) for each in held)


# What is on it


def test_every_page_is_there_and_says_that_nothing_runs_there(site):
    assert len(NOTEBOOKS) >= 40
    for path in NOTEBOOKS:
        page = site.page(built(path))
        (heading,) = re.findall(r"^# (.+)$", read(path).cells[0].source, re.MULTILINE)
        assert heading in page.text
        assert len(page.all("p", "reading")) == 1
        assert words_on(path)["read"] in page.text
    for name in ("index", "glossary", "models", "install", "CONTRIBUTING", "COVERAGE"):
        assert f"{name}.html" in {str(file.relative_to(site.folder)) for file in site.files}


def test_every_stored_chart_is_a_picture_with_its_own_words(site):
    charts = Counter({built(path): outputs(path, VEGA.pattern) for path in NOTEBOOKS})
    assert charts.total() >= 30
    for page in site.pages():
        name = str(page.file.relative_to(site.folder))
        pictures = page.all("img", "chart")
        assert len(page.all("p", "title")) == len(pictures)
        assert len(pictures) == charts[name], name
        assert all(said["src"].endswith(".svg") for said in pictures)
        # Sphinx says the file's name for a picture without words.
        assert all(
            said.get("alt", said["src"]).strip() not in ("", said["src"])
            for said in page.all("img")
        )
    (picture,) = site.page("index.html").all("img")
    assert "calculator.png" in picture["src"]
    chart = {"title": ["Of 48 who buy the course, about", "4 later take it"]}
    assert title(chart) == "Of 48 who buy the course, about 4 later take it"
    chart = {"title": ["買った48人のうち、", "約4人が", "LINEで進む"]}
    assert title(chart) == "買った48人のうち、約4人が LINEで進む"
    words = site.page("lessons/01_two_offers_two_jobs.html").all("img", "chart")[0]["alt"]
    assert words.startswith("Picture of 48 people. take the coaching too: 4")


def test_a_chart_is_drawn_without_a_script_and_small(site):
    drawn = sorted(site.folder.glob("_images/*.svg"))
    assert len(drawn) >= 25
    for file in drawn:
        text = file.read_text(encoding="utf-8")
        assert "<script" not in text
        assert not re.search(r'(?:href|src)="(?!#)', text)


def test_every_calculator_shows_its_answers_and_leads_to_the_sliders(site):
    count = 0
    for path in NOTEBOOKS:
        calls = sum(
            pages.calls(cell.source, "Calculator")
            for cell in read(path).cells
            if cell.cell_type == "code"
        )
        page = site.page(built(path))
        assert len(page.all("p", "live")) == calls, path
        assert page.text.count(words_on(path)["move"]) == calls
        address = running(path.relative_to(ROOT).as_posix(), "", "")
        assert sum(said.get("href") == address for said in page.all("a")) == calls + 1
        count += calls
    assert count >= 12
    page = site.page("lessons/01_two_offers_two_jobs.html")
    assert "Profit of the front offer alone −¥484,000 Profit of both offers" in page.text


def test_formulas_are_mathml(site):
    written = sum(
        cell.source.count("$$") // 2
        for path in NOTEBOOKS
        for cell in read(path).cells
        if cell.cell_type == "markdown"
    )
    assert written >= 10
    assert sum(len(page.all("math")) for page in site.pages()) >= written
    assert not any("$$" in page.text or "MathJax" in page.text for page in site.pages())


def test_quizzes_and_checks_are_readable(site):
    """A question keeps its folded answers, a check its words, and nothing its traces of code."""
    page = site.page("lessons/01_two_offers_two_jobs.html")
    assert "What would you tell the owner?" in page.text
    assert len(page.all("details")) >= 12
    assert "Not answered yet." in page.text
    solved = site.page("solutions/01_two_offers_two_jobs.html")
    assert solved.text.count("✓") >= 2


# Where it leads


def test_every_link_leads_to_a_page_and_a_place_of_it(site):
    count, wrong = 0, []
    for page in site.pages():
        for tag, said in page.tags:
            address = said.get(ASKS.get(tag, "href"))
            if not address or urlsplit(address).scheme or address == "#":
                continue
            path, place = unquote(urlsplit(address).path), unquote(urlsplit(address).fragment)
            target = (page.file.parent / path).resolve() if path else page.file
            count += 1
            if not target.is_file():
                wrong.append((page.file.name, address))
            elif place and target.suffix == ".html":
                there = site.page(str(target.relative_to(site.folder.resolve())))
                if place not in there.places:
                    wrong.append((page.file.name, address))
    assert not wrong
    assert count > 5_000


def test_no_page_asks_another_address_for_anything(site):
    asked = []
    for page in site.pages():
        asked += [said.get(ASKS[tag]) for tag, said in page.tags if tag in ASKS]
        asked += [each for said in page.all("img") for each in (said.get("srcset") or "").split()]
    assert len(asked) > 500
    for file in site.folder.rglob("*.css"):
        asked += re.findall(r"(?:url\(|@import )['\"]?([^'\")]+)", file.read_text(encoding="utf-8"))
    assert not [each for each in asked if each and re.match(r"(?:https?:)?//", each)]


def test_the_next_page_is_of_the_same_kind_and_no_solution(site):
    count = 0
    for path in NOTEBOOKS:
        for said in site.page(built(path)).all("a"):
            if {"next-page", "prev-page"} & {*(said.get("class") or "").split()}:
                assert "/" not in said["href"], path
                count += 1
    assert count >= 2 * (len(NOTEBOOKS) - len({path.parent for path in NOTEBOOKS}))
    last = site.page(built(sorted(ROOT.glob("lessons/*.ipynb"))[-1]))
    assert not last.all("a", "next-page")


# Glossary and reference


def test_the_glossary_has_every_term_and_leads_to_where_it_is_taught(site):
    """A term waits for its lesson ("not yet") only while no lesson gives it in Japanese."""
    terms, text = glossary(), site.page("glossary.html").text
    for names in (*terms.english, *terms.japanese):
        assert all(name in text for name in names.split(" / "))
    named = {name for path in ROOT.glob("lessons/*.ipynb") for name in pages.terms_in(read(path))}
    rows = [row.strip("| ").split(" | ") for row in list_of_terms(set()).split("\n")[3:]]
    assert len(rows) == len(terms) >= 90
    led = [row for row in rows if re.fullmatch(r"\[\d\d\]\(/lessons/\S+\)", row[3])]
    waiting = [row for row in rows if row[3] == "not yet"]
    assert len(led) + len(waiting) == len(rows)
    assert len(led) >= 70
    assert not [row for row in waiting if named & {*pages.names(row[1])}]


def test_the_reference_gives_every_field_and_answer_of_every_model(site):
    text = site.page("models.html").text
    assert len(every_model()) >= 10
    for model in every_model():
        assert f"Assumptions of {model.__name__}" in text
        for field in assumption_fields(model):
            assert f"{field.name} ({unit(field.unit)}) {field.note.label}." in text, model
            assert field.range.allowed in text
            assert f"Basis of the default: {field.note.basis}." in text
        for field in answer_fields(model):
            assert f"{field.name} ({unit(field.unit)}) {field.note.label}." in text


# How a page is changed on its way


def test_a_page_opens_where_jupyterlite_is_and_else_on_binder():
    opened = f"live/notebooks/index.html?path={FIRST_PAGE}"
    assert running(FIRST_PAGE, "live/", "index") == opened
    assert running(FIRST_PAGE, "live/", "lessons/01") == f"../{opened}"
    assert running(FIRST_PAGE, "live/", "ja/lessons/01") == f"../../{opened}"
    (binder,) = re.findall(
        r"^\[binder\]: (\S+)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert running(FIRST_PAGE, "", "index") == binder
    other = running("lessons/12_front_first_or_back_first.ipynb", "", "index")
    assert other != binder
    assert "12_front_first_or_back_first.ipynb" in other


def test_a_japanese_page_is_told_in_japanese_and_leads_to_the_english_one():
    notebook = json.loads((ROOT / FIRST_PAGE).read_text(encoding="utf-8"))
    name = FIRST_PAGE.removesuffix(".ipynb")
    said = "".join(cell["source"] for cell in shown(notebook, f"ja/{name}", "live/")["cells"])
    assert "ここでは何も動きません" in said
    assert "nothing runs here" not in said
    app = SimpleNamespace(
        env=SimpleNamespace(found_docs={name, f"ja/{name}"}),
        builder=SimpleNamespace(get_relative_uri=lambda _here, there: f"to {there}"),
    )
    for here, there in ((name, f"ja/{name}"), (f"ja/{name}", name)):
        context = {"body": "<p>one</p>"}
        dress(app, here, "", context, None)
        assert context["language"] == language(here) != language(there)
        assert f'<a href="to {there}" lang="{language(there)}"' in context["body"]
    app.env.found_docs = {name}
    dress(app, name, "", context := {"body": "<p>one</p>"}, None)
    assert context["body"] == "<p>one</p>"


def test_links_to_readme_lead_to_the_front_page_or_to_the_installation():
    text = "[a](../README.md#the-chapters) [b](../README.md#on-binder) [c](README.md) [d](x.html)"
    text += " [e](../lessons/)"
    assert relinked(text, "instructor/01.md", "instructor/01", "live") == (
        '[a](/site/index.md#the-chapters) <a href="live">b</a> [c](README.md)'
        ' <a href="x.html">d</a> e'
    )
    text = "[c](../README.md#start) [d](../README.md)"
    assert relinked(text, "site/index.md", "index", "") == (
        "[c](/site/install.md) [d](/site/index.md)"
    )
    text = "[a](../../README.ja.md#the-chapters) [b](../../README.ja.md#on-binder)"
    assert relinked(text, "ja/lessons/01.ipynb", "ja/lessons/01", "live") == (
        '<a href="../../ja/index.html#the-chapters">a</a> <a href="live">b</a>'
    )


def test_a_loss_stays_in_one_line_but_not_inside_a_tag():
    app = SimpleNamespace(env=SimpleNamespace(found_docs=set()))
    context = {"body": '<img alt="−¥5"><p>It is −¥484,000.</p>'}
    dress(app, "lessons/x", "", context, None)
    assert context["body"] == (
        '<img alt="−¥5"><p>It is <span class="one-line">−¥484,000.</span></p>'
    )


def test_japanese_is_found_by_pairs():
    assert list(pairs("本命商品")) == ["本命", "命商", "商品"]
    assert Search({}).split("the 本命商品, F2転換率") == [
        *("the", "本命商品", "本命", "命商", "商品"),
        *("F2転換率", "転換", "換率"),
    ]


# In a browser


@pytest.fixture(scope="module")
def address(site):
    """The site as a server gives it out."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site.folder)))
    threading.Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def phone(chromium):
    """A page in a browser as wide as a phone, and what it asked of other addresses."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.refused = []
    page.route("**/*", only_this_machine(page.refused.append))
    yield page
    assert not page.refused
    context.close()


@pytest.mark.parametrize("word", ["損益分岐点", "本命", "break-even"])
def test_the_search_finds(phone, address, word):
    phone.goto(f"{address}/search.html?q={word}")
    phone.wait_for_function(
        "document.querySelector('.search-summary')?.textContent.includes('found')"
    )
    found = phone.locator("#search-results li a").evaluate_all("all => all.map((e) => e.pathname)")
    assert "/glossary.html" in found
    assert any(name.startswith("/lessons/01") for name in found)


# Words of the page that stand in more than one line, of those that a pattern finds.
BROKEN = """(pattern) => {
    const broken = [], found = new RegExp(pattern, "gu");
    const walk = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
    let count = 0;
    while (walk.nextNode()) {
        const text = walk.currentNode;
        for (const { 0: word, index } of text.data.matchAll(found)) {
            const range = document.createRange();
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            const lines = new Set([...range.getClientRects()].map((e) => Math.round(e.top)));
            count += lines.size > 0;
            if (lines.size > 1) broken.push(word);
        }
    }
    return [count, broken];
}"""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("index", 2),
        ("lessons/01_two_offers_two_jobs", 20),
        ("lessons/12_front_first_or_back_first", 20),
        ("glossary", 100),
        ("models", 1),
    ],
)
def test_a_phone_shows_the_whole_page_and_breaks_no_word(phone, address, name, words):
    phone.goto(f"{address}/{name}.html")
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    losses, broken = phone.evaluate(BROKEN, r"−¥[\d,]+")
    assert not broken
    japanese, broken = phone.evaluate(BROKEN, rf"[{pages.JAPANESE}]+")
    assert not broken
    assert losses + japanese >= words
