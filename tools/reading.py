"""How the course's pages are shown on the site to read (`make site`): an extension of Sphinx.

A notebook's file stays as it is. Between it and Sphinx its outputs become what a browser shows
without a kernel or a script: a chart is an SVG, a calculator the table of its stored answers with a
link to the page that runs.
"""

import json
import posixpath
import re
import shutil
from collections.abc import Iterator
from functools import cache
from html import escape
from os import PathLike
from pathlib import Path
from typing import Any
from urllib.parse import quote

import vl_convert
from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.project import Project
from sphinx.search.en import SearchEnglish
from tools.notebooks import ROOT, VEGA
from tools.start import FIRST_PAGE

from tools import pages, reference

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "read": "This page is for reading: nothing runs here. Its answers were computed before.",
        "live": "Open this page live",
        "move": "Move the sliders: open this page live",
        "code": ("Show the code", "Hide the code"),
        "here": "English",
    },
    "ja": {
        "read": "このページは読むためのもので、ここでは何も動きません。答えはすべて計算済みです。",
        "live": "動くページを開く",
        "move": "スライダーを動かす（動くページを開く）",
        "code": ("コードを見る", "コードを閉じる"),
        "here": "日本語",
    },
}
"""What the site itself says on a page, by language."""

WIDTH = 320
"""Of a chart between its axes, at most, in pixels. A phone is 350 to 430 wide."""

JAPANESE = re.compile(rf"[{pages.JAPANESE}]+")
# The end of a line in a Japanese sentence, where a browser would show a space.
FOLD = re.compile(rf"(?<=[{pages.JAPANESE}、。！？：」）])[ \n](?=[{pages.JAPANESE}「（*`\[])")
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
TAG = re.compile(r"(<[^>]*>)")
# A browser may end a line between the sign and the yen.
LOSS = re.compile(r"−¥[\d,.]+")


def language(name: str) -> str:
    """The language of a page, by its name: ja/lessons/… is Japanese."""
    return "ja" if name.startswith("ja/") else "en"


# Where a page runs


def running(page: str, live: str, here: str) -> str:
    """The address at which a notebook runs, seen from the page of the name `here`.

    `live` is JupyterLite's folder on the site. Where there is none it is Binder, whose address
    stands in README, for the first page.
    """
    if live:
        return "../" * here.count("/") + f"{live}notebooks/index.html?path={quote(page)}"
    (binder,) = re.findall(
        r"^\[binder\]: (\S+)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    for written in (FIRST_PAGE, quote(FIRST_PAGE, safe="")):
        if written in binder:
            return str(binder.replace(written, page if written == FIRST_PAGE else quote(page, "")))
    raise ValueError(f"README's address of Binder does not open {FIRST_PAGE}: {binder}")


# A page on its way to Sphinx


def shown(notebook: Any, name: str, live: str) -> Any:
    """The notebook of a page as the site shows it."""
    words, address = WORDS[language(name)], running(f"{name}.ipynb", live, name)
    first = notebook["cells"][0]
    note = f'<p class="reading">{words["read"]} <a href="{address}">{words["live"]}</a></p>'
    title, _, rest = "".join(first["source"]).partition("\n")
    rest = re.sub(r"\[[^\]]*\]\(\S*README[.\w]*#on-binder\) · ", "", rest)
    first["source"] = f"{title}\n\n{note}\n\n{rest.lstrip()}"
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            cell["source"] = relinked(cell["source"], f"{name}.ipynb", name, address)
            continue
        if cell["metadata"].get("jupyter", {}).get("source_hidden"):
            show, hide = words["code"]
            cell["metadata"]["tags"] = ["hide-input"]
            cell["metadata"]["mystnb"] = {"code_prompt_show": show, "code_prompt_hide": hide}
        outputs = [each for output in cell["outputs"] for each in _seen(output, cell["metadata"])]
        if pages.calls(cell["source"], "Calculator"):
            outputs.append(_html(f'<p class="live"><a href="{address}">{words["move"]}</a></p>'))
        cell["outputs"] = outputs
    return notebook


def _html(text: str) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {"text/html": text}}


def _seen(output: Any, metadata: Any) -> Iterator[Any]:
    """What is seen of an output: of a chart its title and an SVG, else HTML rather than text."""
    data = output.get("data", {})
    chart = next((held for kind, held in data.items() if VEGA.fullmatch(kind)), None)
    if chart:
        yield _html(f'<p class="title">{escape(title(chart))}</p>')
        look = "chart wide" if chart["width"] > WIDTH else "chart"
        metadata["mystnb"] = {"image": {"alt": "".join(data["text/plain"]), "classes": look}}
        yield output | {"data": {"image/svg+xml": drawn(chart)}}
    elif "text/html" in data:
        # With a space the search does not take the words of two cells for one.
        page = "".join(data["text/html"]).replace("></t", "> </t").replace("</t", " </t")
        yield output | {"data": {"text/html": page}}
    else:
        yield output


def title(chart: Any) -> str:
    """The title of a chart in one line; a chart has it in several."""
    words = " ".join(chart["title"])
    return FOLD.sub("", words.replace("- ", "-"))


def drawn(chart: Any) -> str:
    """A chart as SVG, without its title: so narrow that its words can be read on a phone.

    With some room beside it, for a reader's letters may be wider than ours.
    """
    chart = {name: held for name, held in chart.items() if name != "title"}
    chart["config"] = {"font": "Arial, Liberation Sans, sans-serif"} | chart.get("config", {})
    chart["width"] = min(chart["width"], WIDTH)
    chart["padding"] = {"left": 5, "top": 5, "bottom": 5, "right": 20}
    return str(vl_convert.vegalite_to_svg(json.dumps(chart)))


def relinked(text: str, file: str, name: str, address: str) -> str:
    """Markdown with the links that lead elsewhere on the site than in the repository.

    `name` is that of the page on the site. README is none: its table of chapters is on the front
    page, Binder is wherever pages run (`address`), the rest says how to install. The README in
    Japanese is the Japanese front page. A page of HTML is opened, not downloaded. A folder is no
    page at all.
    """

    def link(found: re.Match[str]) -> str:
        words, target = found.groups()
        path, _, place = target.partition("#")
        if ":" not in target and path.endswith(".html"):
            return f'<a href="{target}">{words}</a>'
        there = posixpath.normpath(posixpath.join(folder, path))
        if path and (ROOT / there).is_dir():
            return words
        if not path or there not in ("README.md", "README.ja.md"):
            return found[0]
        if place == "on-binder":
            return f'<a href="{address}">{words}</a>'
        if there == "README.ja.md":
            up = "../" * name.count("/")
            return f'<a href="{up}ja/index.html{target[len(path) :]}">{words}</a>'
        page = (
            "install.md" if place not in ("", "the-chapters") else f"index.md{target[len(path) :]}"
        )
        return f"[{words}](/site/{page})"

    folder = posixpath.dirname(file)
    return LINK.sub(link, text)


def read(app: Sphinx, name: str, source: list[str]) -> None:
    """Put in place of a file's text what the site shows of it."""
    file = app.env.doc2path(name, base=False)
    if file.suffix == ".ipynb":
        source[0] = json.dumps(shown(json.loads(source[0]), name, app.config.live))
        return
    first = f"ja/{FIRST_PAGE}" if language(name) == "ja" else FIRST_PAGE
    text = relinked(source[0], file.as_posix(), name, running(first, app.config.live, name))
    if language(name) == "ja":
        text = FOLD.sub("", text)
    if name == "ja/index":
        text += f"\n{reference.japanese_exercises(app.env.found_docs)}\n"
    if file.parent.name == "site":
        for mark, made in reference.PARTS.items():
            if f"<!-- {mark} -->" in text:
                text = text.replace(f"<!-- {mark} -->", made(app.env.found_docs))
    source[0] = text


def words_for_pictures(_app: Sphinx, document: nodes.document) -> None:
    """A picture at another address, such as a badge, is not asked for: its words stand there."""
    for picture in list(document.findall(nodes.image)):
        if "://" in picture["uri"]:
            picture.parent.replace(picture, nodes.Text(picture.get("alt", "")))


# A page on its way to the browser


def dress(app: Sphinx, name: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    """Language, neighbours, and figures that stay in one line."""
    here = context["language"] = language(name)
    # After the last lesson comes no exercise, and after no page its solution.
    for side in ("prev", "next"):
        if name != "index" and context.get(side) and "/" in context[side]["link"]:
            context[side] = None
    # A heading without a level is none to a screen reader.
    menu = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = menu.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )
    if "body" not in context:
        return
    parts = TAG.split(context["body"])
    parts[::2] = [LOSS.sub(r'<span class="one-line">\g<0></span>', words) for words in parts[::2]]
    other = name.removeprefix("ja/") if here == "ja" else f"ja/{name}"
    if other in app.env.found_docs:
        there, address = language(other), app.builder.get_relative_uri(name, other)
        link = f'<a href="{address}" lang="{there}" hreflang="{there}">{WORDS[there]["here"]}</a>'
        parts.insert(0, f'<p class="language">{link}</p>')
    context["body"] = "".join(parts)


def copy_sheets(app: Sphinx, problem: Exception | None) -> None:
    """The sheets to print stand where links lead to them."""
    sheets = [*ROOT.glob("instructor/*.html"), *ROOT.glob("ja/instructor/*.html")]
    for sheet in sheets if not problem else ():
        target = Path(app.outdir, sheet.relative_to(ROOT))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(sheet, target)


def formula(block: bool) -> Any:
    """Write a formula as MathML, which browsers show without a script."""

    def visit(translator: Any, node: Any) -> None:
        # The one command of TeX on our pages that docutils knows by another name.
        made = tex2mathml(node.astext().replace(r"\dots", r"\ldots"), as_block=block)
        translator.body.append(f'<div class="math">{made}</div>' if block else made)
        raise nodes.SkipNode

    return visit, None


class Search(SearchEnglish):
    """English, and Japanese by pairs of letters, for a word of two is looked up only as a whole."""

    @cache  # noqa: B019  # one Search lives as long as the build
    def stem(self, word: str) -> str:
        """The stem of a word, found once: it stands on many pages."""
        return str(super().stem(word))

    def split(self, text: str) -> list[str]:
        """All words, and every two neighbouring letters of the Japanese ones."""
        return [each for word in super().split(text) for each in (word, *pairs(word))]


def pairs(word: str) -> Iterator[str]:
    """本命商品: 本命, 命商, 商品."""
    for run in JAPANESE.findall(word):
        yield from (run[place : place + 2] for place in range(len(run) - 1))


def at_the_top() -> None:
    """Let pages in site/ stand at the top of the site, and the Japanese README above ja/."""
    named = Project.path2doc

    def path2doc(self: Project, filename: str | PathLike[str]) -> str | None:
        name = named(self, filename)
        return "ja/index" if name == "README.ja" else name and name.removeprefix("site/")

    Project.path2doc = path2doc  # type: ignore[method-assign]


def setup(app: Sphinx) -> dict[str, Any]:
    """What Sphinx calls."""
    at_the_top()
    app.add_config_value("live", "", "env", types=[str])
    app.add_search_language(Search)
    app.add_html_math_renderer("mathml", formula(block=False), formula(block=True))
    app.connect("source-read", read)
    app.connect("doctree-read", words_for_pictures)
    app.connect("html-page-context", dress, priority=600)  # after the theme made its menu
    app.connect("build-finished", copy_sheets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
