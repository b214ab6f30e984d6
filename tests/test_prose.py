"""What the sentences say: figures, sources, terms, labels, links; each against what it rests on.

How figures are read and what gives them is in tools/prose.py. Each rule is seen to find its break,
on a page of its own or on a copy of a page of the course.
"""

import contextlib
import io
import re
import tomllib
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import twostep
from tools import notebooks as tool
from tools import notes, pages, prose
from twostep import data

ROOT = Path(__file__).parents[1]
PAGES = [path for path in tool.notebooks(ROOT) if path.exists()]
LESSONS = [path for path in PAGES if path.parent.name == "lessons"]
NOTES = sorted((ROOT / "instructor").glob("[0-9]*.md"))
RUN_SHEETS = sorted((ROOT / "instructor").glob("run_sheet_*.html"))
PUBLISHED = tomllib.loads((ROOT / "tests" / "published.toml").read_text(encoding="utf-8"))

# Figures that a sentence gets in one step from others, that somebody gets wrong there, or that are
# an example: no cell computes them, and a person has looked at each.
IN_THE_HEAD = {
    "lessons/00_start_here": "8 of 100",
    "lessons/01_two_offers_two_jobs": "7%",
    "lessons/05_who_stays": "forty",
    "solutions/01_two_offers_two_jobs": "1.2; 72.8%",
    "solutions/05_who_stays": "nineteen; nineteen years",
}


def name(path):
    return f"{path.parent.name}/{path.stem}"


def published(page):
    """The numbers of the data files that the code of a page names."""
    code = " ".join(cell.source for cell in page.cells if cell.cell_type == "code")
    for file in (ROOT / "src/twostep/data").glob("*.csv"):
        if file.stem in code:
            rows = file.read_text(encoding="utf-8").splitlines()[1:]  # under its source
            yield from prose.figures("\n".join(rows).replace(",", " "))


def unfounded(path, page=None):
    """How many figures a page has, and those that neither it nor a publication gives."""
    page = page or tool.read(path)
    known = [*prose.given(page), *published(page)]
    if path.parent.name == "exercises":  # where the answers are not computed yet
        known += prose.given(tool.read(tool.solution_of(path)))
    count, missing = prose.unfounded(prose.sentences(page), known)
    cited = {each["said"] for each in PUBLISHED["figure"]}
    return count, [each for each in missing if each.partition(": ")[2] not in cited]


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_figure_in_the_text_is_computed_or_published(path):
    count, missing = unfounded(path)
    looked_at = set(filter(None, IN_THE_HEAD.get(name(path), "").split("; ")))
    wrong = [each for each in missing if each.partition(": ")[2] not in looked_at]
    assert not wrong, "no cell of this page and no source gives\n" + "\n".join(wrong)
    assert looked_at == {each.partition(": ")[2] for each in missing}, "take the others out"
    assert count >= (20 if path.parent.name == "lessons" and path.stem[:2] != "00" else 2)


SHOWN = """Front buyers: 48
Back buyers: 3.84
Profit of both offers together: ¥396,128
Break-even back-end rate: 4.4%
Payback (month in which the money is back): 17 months"""


def small_page(sentence):
    """A page with one sentence, which computes a few things."""
    shown = new_output("execute_result", {"text/plain": SHOWN}, execution_count=1)
    code = "business = Funnel(back_rate=0.085)\nshare = (192 + 40) / 200"
    return new_notebook(
        cells=[
            new_code_cell(code, outputs=[shown], execution_count=1),
            new_markdown_cell(sentence, id="said"),
        ]
    )


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        # Right as they stand.
        ("**Forty-eight** buyers, 3.84 clients, ¥396,128, 4.4%, after 17 months.", []),
        ("About three hundred and ninety-six thousand yen; four point four per cent.", []),
        ("Three point eight, of 8.5% of them (9 of 100), and what is left, 91.5%.", []),
        ("8 of 100, twelve friends, in 2024, 45 minutes, task 1. `0.23` is typed 23%.", []),
        ("192 and 40 are 232, 116% of 200; 232 + 18 = 250.", []),
        ("Ten thousand visits at ¥50 each, 8% of them leads.", []),  # defaults of Funnel
        # One thing changed in each.
        ("**Fifty-eight** buyers", ["Fifty-eight"]),
        ("3.85 clients", ["3.85"]),
        ("3.94 clients", ["3.94"]),
        ("¥396,129 and ¥396,138", ["¥396,129", "¥396,138"]),
        ("397,128 yen", ["397,128 yen"]),
        ("396,128%", ["396,128%"]),
        ("¥4.4", ["¥4.4"]),
        ("¥48 or ¥3.84", ["¥48", "¥3.84"]),
        ("4.5% break even", ["4.5%"]),
        ("17 years", ["17 years"]),
        ("seventeen years", ["seventeen years"]),
        ("57 of them", ["57"]),
        ("10 of 100", ["10 of 100"]),
        ("twenty-one of a hundred", ["twenty-one of a hundred"]),
        ("five point four per cent", ["five point four per cent"]),
        ("three hundred and ninety-seven thousand yen", None),
        ("seven million yen", None),
        (
            "At 5. 192 ÷ 48 is about **4 turns**, (48 + 40 = 88), 88 − 40 = 48, 192 ÷ 16 makes 12.",
            [],
        ),
        ("48 + 40 = 98", ["the sum 48 + 40 = 98 does not come out", "98"]),
        ("192 ÷ 200 = 69%", ["the sum 192 ÷ 200 = 69% does not come out", "69%"]),
        ("¥980, a trial set", ["¥980"]),  # published, but that is for the page's test to know
    ],
)
def test_a_wrong_figure_is_told_from_a_right_one(sentence, wrong):
    page = small_page(sentence)
    count, missing = prose.unfounded(prose.sentences(page), prose.given(page))
    assert count
    if wrong is None:
        wrong = [sentence]
    assert missing == [f"said: {each}" for each in wrong]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Forty-eight", "Fifty-eight"),
        ("3.84", "3.94"),
        ("¥22,836", "¥22,336"),
        ("¥396,128", "396,128%"),
        ("in month 7", "after 70 months"),
        ("4.4%", "4.6%"),
        ("¥4,980", "¥4,970"),  # under "Where it comes from"
        ("3.6%", "3.7%"),
        ("¥980", "¥970"),
    ],
)
def test_a_figure_changed_on_lesson_one_is_seen(right, wrong):
    path = ROOT / "lessons" / "01_two_offers_two_jobs.ipynb"
    page = tool.read(path)
    cells = [c for c in page.cells if c.cell_type == "markdown" and right in c.source]
    assert cells
    before = unfounded(path)[1]
    cells[-1].source = cells[-1].source.replace(right, wrong)
    assert len(unfounded(path, page)[1]) > len(before)


# Notes for instructors: figures of the chapter's pages, or of a block of Python in the note

BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def computed(note):
    """What the blocks of Python in a note compute, and print."""
    for code in BLOCK.findall(note):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, {})  # our own text
        yield from prose.figures(code + printed.getvalue())
        yield from prose.steps([code])


@cache
def given_for_note(stem, note):
    """Every number that a note may say: what it and the pages of its chapter compute."""
    known = list(computed(note))
    for path in PAGES:
        if path.stem == stem:
            known += [*prose.given(tool.read(path)), *published(tool.read(path))]
    return known


def unfounded_in_note(stem, note):
    known = given_for_note(stem, note)
    said = [(line[:20], prose.readable(line)) for line in BLOCK.sub("", note).split("\n\n")]
    return prose.unfounded(said, known)[1]


@pytest.mark.parametrize("path", NOTES, ids=lambda path: path.stem)
def test_every_figure_in_a_note_is_computed(path):
    missing = unfounded_in_note(path.stem, path.read_text(encoding="utf-8"))
    assert not missing, (
        "neither a page of this chapter nor a block of Python in this note gives\n"
        + "\n".join(missing)
    )


@pytest.mark.parametrize("path", NOTES, ids=lambda path: path.stem)
def test_a_changed_figure_of_a_demo_is_seen(path):
    """What the screen says after a move is looked up as every figure of a note is."""
    note = path.read_text(encoding="utf-8")
    known = given_for_note(path.stem, note)
    rows = [screen for _, screen in notes.Note(note).table("Demo")]
    said = [each for row in rows for each in prose.figures(prose.readable(row))]
    assert len(said) >= 3
    assert not [each.text for each in said if not prose.is_given(each, known)]
    strange = [replace(each, value=each.value + 17.7 * each.slack) for each in said]
    assert any(not prose.is_given(each, known) for each in strange)


@pytest.mark.parametrize("path", RUN_SHEETS, ids=lambda path: path.stem)
def test_a_run_sheet_says_the_figures_of_its_chapters(path):
    stems = {note.stem[:2]: note for note in NOTES}
    looked_at, wrong = 0, []
    for step in notes.run_sheet(path.read_text(encoding="utf-8")):
        if step.parts:
            note = stems[step.parts[0][0]]
            known = given_for_note(note.stem, note.read_text(encoding="utf-8"))
            said = [(step.clock, prose.readable(" | ".join(step.cells)))]
            count, missing = prose.unfounded(said, known)
            looked_at, wrong = looked_at + count, wrong + missing
    assert not wrong
    assert looked_at >= 15


def test_a_figure_of_a_note_is_computed_in_a_block():
    note = "A line of ¥8,333 and 2.5 turns.\n\n```python\nprint(50 / 0.006)\n```\n"
    assert unfounded_in_note("99", note) == ["A line of ¥8,333 and: 2.5"]


# Sources: who, in which year, in which issue


def paragraphs():
    """Every paragraph in which a source could be named, with its file."""
    texts = [*NOTES, *ROOT.glob("*.md"), *(ROOT / "src/twostep").rglob("*.py")]
    texts += [*(ROOT / "src/twostep/data").glob("*.csv")]
    for path in texts:
        if "orders" not in path.parts:  # full of dates
            for text in path.read_text(encoding="utf-8").split("\n\n"):
                yield path.relative_to(ROOT), text
    for path in PAGES:
        for cell in tool.read(path).cells:
            if cell.cell_type == "markdown":
                for text in cell.source.split("\n\n"):
                    yield path.relative_to(ROOT), text


YEAR = re.compile(r"(?<![\w.,¥-])(?:19[5-9]\d|20\d\d)(?![\w,]|\.\d|-\d)")
ISSUE = re.compile(r"\b\d+\(\d+\)(?::\d+[–-]\d+)?")


def misdated(text):
    """The years and the issues of journals in a paragraph that none of its authors published in."""
    here = [
        each
        for each in PUBLISHED["reference"]
        if any(re.search(rf"\b{author}\b", text) for author in each["authors"])
    ]
    years = {str(each["year"]) for each in [*here, *PUBLISHED["year"]]}
    issues = [each["where"] for each in here]
    found = ISSUE.findall(text)
    wrong = [
        issue for issue in found if not any(issue.replace("-", "–") in each for each in issues)
    ]
    return [year for year in YEAR.findall(text) if year not in years] + wrong


def test_sources_bear_their_own_year_and_issue():
    wrong = [f"{path}: {each}" for path, text in paragraphs() for each in misdated(text)]
    assert not wrong, "nobody named there published in\n" + "\n".join(wrong)
    dated = sum(bool(YEAR.search(text)) for _, text in paragraphs())
    assert dated >= 10


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Fader and Hardie 2007, *Journal of Interactive Marketing* 21(1):76–90", []),
        ("Fader & Hardie (2010), Marketing Science 29(1):85-93; Berry and Linoff 2004", []),
        ("Fader and Hardie 2008", ["2008"]),
        ("Fader and Hardie (2007), 22(1)", ["22(1)"]),
        ("Fader and Hardie (2007), 21(1):76–99", ["21(1):76–99"]),
        ("Somebody, 2011", ["2011"]),
        ("From 2022 on the law wants all terms; 2,010 people, ¥2010, 2010_rows", []),
    ],
)
def test_a_wrong_year_and_a_wrong_issue_are_seen(text, wrong):
    assert misdated(text) == wrong


# Terms, labels and links

GLOSSARY = [row for _, row in data.glossary().iterrows()]
NAMED = re.compile(rf"\*\*([^*]+)\*\*\s\(([^()]*[{pages.JAPANESE}][^()]*(?:\([^()]*\))?)\)")


def english(text):
    """A term as it is looked up: of "contribution margin: what a sale leaves" the first part."""
    return text.partition(":")[0].strip().lower()


def known_terms():
    """The Japanese names by English name."""
    return {
        name.lower(): set(pages.names(row.japanese))
        for row in GLOSSARY
        for name in row.english.split(" / ")
    }


def misnamed(page):
    """The terms of a page that are not those of the glossary."""
    known = known_terms()
    every = set().union(*known.values()) | {"日本語"}
    codes = {name for model in prose.models().values() for name in dir(model)}
    codes |= set(twostep.__all__)
    for piece in pages.pieces(page):
        if piece.is_code:
            continue
        pairs = [(term, japanese) for term, japanese, *_ in pages.table(piece.text)]
        pairs += [(term, japanese) for term, japanese in NAMED.findall(pages.plain(piece.text))]
        for term, japanese in pairs:
            for each in english(term).split(", "):
                names = known.get(each, known.get(each.removesuffix("s")))
                if names is None:
                    yield f"{piece.cell.id}: “{each}” is no English name of the glossary"
                elif not names & set(pages.names(japanese)):
                    yield f"{piece.cell.id}: “{each}” is {sorted(names)}, not {japanese}"
        quoted = re.sub(r"「[^」]*」|“[^”]*”", " ", pages.plain(piece.text))
        for name in re.findall(rf"[A-Z\d]*[{pages.JAPANESE}][{pages.JAPANESE}A-Z\d]*", quoted):
            if name not in every:
                yield f"{piece.cell.id}: {name} is no Japanese name of the glossary"
        for *_, code in pages.table(piece.text):
            for name in re.findall(r"`(\w+)", code):
                if name not in codes:
                    yield f"{piece.cell.id}: `{name}` is no name in code"


LABELS = {
    part.lower()
    for label in prose.labels()
    for part in (label, label.partition(": ")[2], label.partition(" (")[0])
}


def mislabelled(page):
    """What a page writes in italics like a label of a calculator, but not quite."""
    for cell in page.cells:
        if cell.cell_type == "markdown":
            for said in re.findall(r"(?<![*\w])\*([^*\n]+)\*(?![*\w])", cell.source):
                near = get_close_matches(said.lower(), LABELS, n=1, cutoff=0.8)
                if near and said.lower() not in LABELS:
                    yield f"{cell.id}: *{said}*, which is the label “{near[0]}”"


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_terms_and_labels_are_those_of_the_glossary_and_the_models(path):
    page = tool.read(path)
    wrong = [*mislabelled(page), *misnamed(page)]
    assert not wrong, "\n" + "\n".join(wrong)


# What a demo presses beside the sliders.
BUTTONS = {
    "reset",
    "start from",
    "kernel",
    "restart kernel…",
    "the course's sample",
    "read",
    "count",
}


@pytest.mark.parametrize("path", NOTES, ids=lambda path: path.stem)
def test_a_demo_moves_what_is_on_the_screen(path):
    moves = [move for move, _ in notes.Note(path.read_text(encoding="utf-8")).table("Demo")]
    said = {
        each.lower()
        for move in moves
        for each in re.findall(r"(?<![*\w])\*([^*]+)\*(?![*\w])", move)
    }
    assert said
    assert said <= LABELS | BUTTONS


def small_lesson(*texts):
    """A page of texts with nothing to compute."""
    return new_notebook(
        cells=[new_markdown_cell(text, id=f"text-{place}") for place, text in enumerate(texts)]
    )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (
            "a **lead** (見込み客), **leads** (見込み客, リード), the **CPA** (CPA, 顧客獲得単価)",
            None,
        ),
        ("says 継続率, or in a quotation “引上率の目安” and 「何でも」", None),
        ("a **laed** (見込み客)", "“laed” is no English name"),
        ("a **lead** (見込客)", "“lead” is ['リード', '見込み客'], not 見込客"),
        ("**churn** (継続率)", "“churn” is ['解約率', '離脱率'], not 継続率"),
        ("the 継読率 of all", "継読率 is no Japanese name"),
        ("| CPO | 注文獲得単価 | | yen | `cpo` |", None),
        ("| CPO | 受注単価 | | yen | `cpo` |", "“cpo” is ['注文獲得単価'], not 受注単価"),
        ("| CPQ | 注文獲得単価 | | yen | `cpo` |", "“cpq” is no English name"),
        ("| lead, prospect | 見込み客 | | people | `leeds` |", "`leeds` is no name in code"),
        ("Move the *back-end rate*, the *cost per visit*, *imagined takers*; *why* not?", None),
        ("Move the *backend rate*", "*backend rate*, which is the label “back-end rate”"),
        ("Move the *cost pre visit*", "which is the label “cost per visit”"),
    ],
)
def test_a_misspelt_term_or_label_is_seen(text, wrong):
    table = f"{pages.TERMS_HEAD}\n|---|---|---|---|---|\n{text}"
    page = small_lesson(table if text.startswith("|") else text)
    found = [*mislabelled(page), *misnamed(page)]
    assert any(wrong in each for each in found) if wrong else not found


# Links and anchors


def anchors(path):
    """What a link may name behind #: the headings of a file, as GitHub and JupyterLab do."""
    if path.suffix == ".ipynb":
        text = "\n".join(c.source for c in tool.read(path).cells if c.cell_type == "markdown")
    else:
        text = path.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+?)\s*$", text, flags=re.MULTILINE)
    plain = [re.sub(r"[*`]|\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings]
    github = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in plain}
    return github | {heading.replace(" ", "-") for heading in plain}


def broken_links(path, text):
    """The links of a text that lead nowhere from where its file is, or to no heading there."""
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        place, _, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = path.parent / place if place else path
        if not target.exists():
            yield f"{link} leads to no file"
        elif anchor and anchor not in anchors(target):
            yield f"{link}: {target.name} has no heading #{anchor}"


LINKING = [*PAGES, *sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("[a-z]*/*.md"))]


@pytest.mark.parametrize("path", LINKING, ids=name)
def test_links_lead_somewhere(path):
    texts = [path.read_text(encoding="utf-8")]
    if path in PAGES:
        texts = [cell.source for cell in tool.read(path).cells if cell.cell_type == "markdown"]
        assert any("](" in text for text in texts)
    wrong = [each for text in texts for each in broken_links(path, text)]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("link", "wrong"),
    [
        ("../README.md#on-binder", ""),
        ("../README.md#the-chapters", ""),
        ("01_two_offers_two_jobs.ipynb#Your-worksheet", ""),
        ("01_two_offers_two_jobs.ipynb#your-worksheet", ""),
        ("#The-question", ""),
        ("https://example.org/#nothing", ""),
        ("../README.md#on-bindr", "no heading"),
        ("../README.md#the-chapter", "no heading"),
        ("01_two_offers_two_jobs.ipynb#Your-work", "no heading"),
        ("#Nowhere", "no heading"),
        ("01_two_offers.ipynb", "no file"),
        ("../READM.md#on-binder", "no file"),
    ],
)
def test_a_broken_link_and_a_broken_anchor_are_seen(link, wrong):
    path = ROOT / "lessons" / "01_two_offers_two_jobs.ipynb"
    found = list(broken_links(path, f"See [there]({link})."))
    assert [wrong in each for each in found] == ([True] if wrong else [])
