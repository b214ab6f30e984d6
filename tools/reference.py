"""What the site to read writes from the course itself: chapters, glossary, the models' reference.

A page in site/ has a line `<!-- glossary -->`, and there the text that PARTS makes of it stands.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any

from mdit_py_plugins.anchors.index import slugify
from tools.index import Chapter, chapters
from tools.notebooks import ROOT

from tools import pages
from twostep._parts import public
from twostep.data import glossary
from twostep.models import every_model
from twostep.models.base import Model, answer_fields, assumption_fields
from twostep.units import UNITS, Unit


def rows(head: Iterable[str], body: Iterable[Iterable[str]], kind: str = "") -> str:
    """A table in Markdown; `kind` is its class on the page."""
    head = list(head)
    lines = [head, ["---"] * len(head), *(map(_cell, row) for row in body)]
    mark = f"{{.{kind}}}\n" if kind else ""
    return mark + "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def tree(names: Iterable[str], caption: str) -> str:
    """Pages for the menu beside every page, under a caption."""
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *names, "```"])


# Chapters


def list_of_chapters(_found: Set[str]) -> str:
    """Every lesson with the question it opens with."""
    body = (
        (each.stem[:2], f"[{each.title}](/lessons/{each.path.name})", each.question)
        for each in chapters()
    )
    return rows(("", "chapter", "the question it opens with"), body, "chapters")


def japanese_pages(found: Set[str]) -> str:
    """The front page and the lessons in Japanese for the menu, if there are any."""
    names = sorted(name for name in found if name == "ja/index" or name.startswith("ja/lessons/"))
    return tree((f"/{name}" for name in names), "日本語") if names else ""


def japanese_exercises(found: Set[str]) -> str:
    """All other pages in Japanese, for the menu under the Japanese front page."""
    names = [name for name in found if re.match("ja/(?!index$|lessons/)", name)]
    return tree((f"/{name}" for name in sorted(names)), "日本語") if names else ""


def how_to_install(_found: Set[str]) -> str:
    """README's sections from "Start" to the chapters. Its links lead on from the top folder.

    Raises ValueError where README has no such sections.
    """
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    part = re.search(r"^## Start\n.*?(?=^## The chapters$)", readme, re.DOTALL | re.MULTILINE)
    if part is None:
        raise ValueError("README has no section “Start” before “The chapters”")
    return re.sub(r"\]\((?![a-z]+:|#|/)", "](/", part[0])


# Glossary


@dataclass(frozen=True)
class Passage:
    """What stands under one heading of a lesson, and the terms it gives in Japanese."""

    chapter: Chapter
    heading: str
    text: str
    terms: frozenset[str]

    @property
    def link(self) -> str:
        """A link to it, called by the number of its lesson."""
        place = "" if self.heading in ("", self.chapter.title) else f"#{slugify(self.heading)}"
        return f"[{self.chapter.stem[:2]}](/lessons/{self.chapter.path.name}{place})"


def passages() -> Iterator[Passage]:
    """The prose of all lessons, in order."""
    for chapter in chapters():
        for piece in pages.pieces(chapter.notebook):
            if not piece.is_code:
                terms = {name for term in pages.terms(piece.text) for name in term}
                yield Passage(chapter, piece.heading, piece.text, frozenset(terms))


def taught(names: Iterable[str], words: Iterable[str], prose: Sequence[Passage]) -> str:
    """A link to the section that names a term for the first time; empty where no lesson does.

    `names` are those in Japanese. A lesson that names it in English only counts where these `words`
    cannot mean anything else: two or more.
    """
    japanese, several = {*names}, [re.escape(word) for word in words if " " in word]
    english = re.compile(rf"\b(?:{'|'.join(several)})s?\b", re.IGNORECASE) if several else None
    found = [each for each in prose if japanese & each.terms]
    if not found and english:
        found = [each for each in prose if english.search(each.text)]
    return found[0].link if found else ""


def list_of_terms(_found: Set[str]) -> str:
    """Every term in both languages, with its meaning and where it is taught."""
    prose, body = [*passages()], []
    terms = glossary().to_dict("records")
    for term in sorted(terms, key=lambda term: str(term["english"]).lower()):
        words = term["english"].split(" / ")
        japanese = term["japanese"].replace(" / ", ", ")
        symbol = f" Symbol: {term['symbol']}." if term["symbol"] else ""
        ours = " (our translation)" if term["basis"] == "ours" else ""
        body.append(
            (
                ", ".join([f"**{words[0]}**", *words[1:]]),
                japanese + ours,
                term["definition"] + symbol,
                taught(pages.names(japanese), words, prose) or "not yet",
            )
        )
    return rows(("English", "日本語", "meaning", "lesson"), body, "glossary")


# The models' reference


def models(_found: Set[str]) -> str:
    """Every public name of twostep.models: the models, as the lessons follow, then the rest."""
    others = [thing for thing in public("twostep.models").values() if not _is_model(thing)]
    return "\n\n".join(part for each in (*every_model(), *others) for part in described(each))


def _is_model(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, Model)


def described(thing: Any) -> Iterator[str]:
    """A public name: what it is, and of a model its assumptions, answers, presets and methods."""
    yield f"## {thing.__name__}"
    yield f"`from twostep import {thing.__name__}`"
    if inspect.isfunction(thing):
        yield f"`{thing.__name__}{arguments(thing)}`"
    yield inspect.getdoc(thing) or ""
    if _is_model(thing):
        yield f"Lesson: [{thing.menu}](/lessons/{thing.lesson}.ipynb)"
        yield f"### Assumptions of {thing.__name__}"
        yield rows(
            ("name in code", "meaning", "default", "allowed", "slider"),
            map(assumption, assumption_fields(thing)),
            "reference",
        )
        yield f"### Answers of {thing.__name__}"
        body = (
            (
                f"`{each.name}` ({unit(each.unit)})",
                f"**{each.note.label}.** {_said(thing, each.name)}",
            )
            for each in answer_fields(thing)
        )
        yield rows(("name in code", "meaning"), body, "reference")
        if presets := thing.presets():
            yield f"### Presets of {thing.__name__}"
            yield "\n".join(f"- {name}" for name in presets)
    if isinstance(thing, type) and (methods := list(_methods(thing))):
        yield f"### Methods of {thing.__name__}"
        yield "\n\n".join(methods)


def assumption(field: Any) -> Iterator[str]:
    """The row of one field."""
    low, high, step = field.note.slider
    yield f"`{field.name}` ({unit(field.unit)})"
    yield f"**{field.note.label}.** {field.note.about} Basis of the default: {field.note.basis}."
    yield field.text(field.default)
    yield field.range.allowed
    yield f"{field.unit.text(low)} to {field.unit.text(high)} by {field.unit.text(step)}"


def unit(found: Unit) -> str:
    """What a unit is called."""
    return next((name for name, each in UNITS.items() if each == found), "number")


def _said(model: type, name: str) -> str:
    return inspect.getdoc(getattr(model, name)) or ""


def _methods(thing: type) -> Iterator[str]:
    """The public methods of a class that it defines itself, each with its docstring."""
    for name, member in vars(thing).items():
        function = getattr(member, "__func__", member)
        if name.startswith("_") or name == "presets":
            continue
        if isinstance(member, property) and not _is_model(thing):
            yield f"`{name}`: {inspect.getdoc(member)}"
        elif inspect.isfunction(function) and not isinstance(member, property):
            yield f"`{name}{arguments(function)}`: {inspect.getdoc(function)}"


def arguments(function: Callable[..., Any]) -> str:
    """What a function is called with, without types: (price, cost, fee_rate=0, tax_rate=0)."""
    signature = inspect.signature(function)
    kept = [
        each.replace(annotation=inspect.Parameter.empty)
        for name, each in signature.parameters.items()
        if name not in ("self", "cls")
    ]
    return str(signature.replace(parameters=kept, return_annotation=inspect.Signature.empty))


PARTS: dict[str, Callable[[Set[str]], str]] = {
    "chapters": list_of_chapters,
    "install": how_to_install,
    "japanese": japanese_pages,
    "glossary": list_of_terms,
    "models": models,
}
"""What stands in place of a line such as `<!-- glossary -->`, by its word."""
