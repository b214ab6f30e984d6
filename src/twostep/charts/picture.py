"""What every picture shares: the theme, the offline renderer, and facts kept apart from drawing.

Importing this module gives every Altair chart of the session the course's theme and a renderer that
needs no network and writes the same bytes each time.

A `Picture` keeps the numbers apart from the drawing: `facts` says what a scenario has to show,
`drawing` has marks that read those facts by name. A page shows the two together; a calculator draws
its frame once and then sends facts only, which is what makes a slider feel immediate.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, Generic, NamedTuple, Protocol, TypeVar
from unicodedata import east_asian_width

import altair as alt
import numpy as np

from twostep._text import _, semicolon_separated, sentences
from twostep.models.base import Model
from twostep.units import RATE, YEN, Unit, Value

__all__ = ["Facts", "Picture"]

Rows = list[dict[str, float | str]]
M = TypeVar("M", bound=Model)
Chart = alt.LayerChart | alt.FacetChart

# Fixed on a page: JupyterLab draws a "container" wide chart again and again without end.
WIDTH = 460

# Both colours stand out on white and on the dark theme, and differ for colour-blind eyes.
GAIN, LOSS = "#3182bd", "#d95f02"
INK, PALE = "#222222", "#888888"

LARGEST = 1e300  # beyond it not even an axis can be computed

_YEN_LABELS = "(datum.value < 0 ? '−' : '') + '¥' + format(abs(datum.value), ',')"


@alt.theme.register("twostep", enable=True)
def _theme() -> alt.theme.ThemeConfig:
    # A page's chart is a white card in the dark theme too: every colour is given here.
    text: dict[str, Any] = {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
    }
    config: dict[str, Any] = {
        "axis": {**text, "gridColor": "#dddddd", "titleFontWeight": "normal"},
        "legend": text,
        "title": {"anchor": "start", "color": INK, "fontSize": 14, "offset": 10},
        "text": {"color": INK, "fontSize": 12},
        "view": {"stroke": None},
    }
    return {"background": "white", "config": config}  # type: ignore[typeddict-item]


def _offline(spec: dict[str, Any], **_options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    # The one Vega-Lite type that both nbformat and JupyterLab know; drawn there without a network.
    # It reads Vega-Lite 5, so the schema says 5: a higher one is warned about at every drawing.
    spec = spec | {"$schema": "https://vega.github.io/schema/vega-lite/v5.json"}
    words = spec.get("description", _("A chart"))
    # Without a menu: its "open in the editor" would leave the machine.
    embedded = {"application/vnd.vegalite.v5+json": {"embed_options": {"actions": False}}}
    return {"application/vnd.vegalite.v5+json": spec, "text/plain": words}, embedded


alt.renderers.register("twostep", _offline)
alt.renderers.enable("twostep")


class Facts(NamedTuple):
    """What a picture has to say about one scenario: the conclusion, the same in words, the data."""

    title: str
    description: str
    data: dict[str, Rows]


class Drawing(Protocol):
    """A way of drawing: see `curves.Curves` and `bars.Bars`."""

    def frame(self) -> Chart:
        """The marks, which read their datasets by name."""

    def beside(self, now: Facts, kept: Facts) -> Facts:
        """The facts of `now` with the marks of a kept scenario added to them."""


@dataclass(frozen=True)
class Picture(Generic[M]):
    """A chart of scenarios of one `model`. Call it with a scenario to get an Altair chart.

    `compute` gives the title, a sentence of alternative text and the datasets by name; `drawing`
    draws them. A second scenario, `kept`, is marked beside the first, in hollow signs. Raises
    ValueError (from the model) for a sweep, which is no single scenario.
    """

    model: type[M]
    compute: Callable[[M], Facts]
    drawing: Drawing

    def facts(self, model: M, kept: M | None = None) -> Facts:
        """What the picture has to show about one scenario; numbers too large are left out."""
        with np.errstate(all="ignore"):
            now = self.compute(model)
            return now if kept is None else self.drawing.beside(now, self.compute(kept))

    def __call__(self, model: M, kept: M | None = None) -> Chart:
        return drawn(self.drawing.frame(), self.facts(model, kept))


def drawn(frame: Chart, facts: Facts, width: int = WIDTH, letters: int = 64) -> Chart:
    """A chart for a page: the frame with its facts, the title in lines of about so many letters.

    A wide letter (かな, 漢字) takes the room of two.
    """
    title, description, data = facts
    # Lines about equally long: a last line of one word looks lost.
    count = math.ceil(_room(title) / letters)
    lines = wrapped(title, letters if count < 2 else _room(title) // count + letters // 8)
    chart = frame.properties(title=lines, description=description, width=width)
    chart.datasets = data
    return chart


# Marks that no line begins with, and marks that no line ends with.
_CLOSING = "、。，．・：；？！）」』】〕》％ーっゃゅょッャュョ,.;:?!)%"
_OPENING = "（「『【〔《¥("


def wrapped(text: str, letters: int) -> list[str]:
    """Text in lines of at most so many letters, a wide one counted as two.

    A line ends at a space, behind a hyphen or, in a language without spaces, where a phrase ends;
    where that is too long, beside any wide letter. A word that is longer than a line has one of
    its own.
    """
    phrases = [
        [phrase] if _room(phrase.rstrip()) <= letters else _pieces(phrase, _may_end)
        for phrase in _pieces(text, _phrase_ends)
    ]
    lines = [""]
    for piece in chain.from_iterable(phrases):
        if lines[-1] and _room(f"{lines[-1]}{piece}".rstrip()) > letters:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _pieces(text: str, ends: Callable[[str, str], bool]) -> list[str]:
    """Text cut where something ends between two letters."""
    pieces = [""]
    for before, letter in pairwise(f" {text}"):
        if ends(before, letter):
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _phrase_ends(before: str, after: str) -> bool:
    """Whether a phrase ends between two letters: in Japanese behind the small words in かな."""
    if _room(before) == _room(after) == 1 or before in " -":
        return _may_end(before, after)
    behind = _is_hiragana(before) or (before in _CLOSING and not before.isalpha())
    return behind and not _is_hiragana(after) and _may_end(before, after)


def _is_hiragana(letter: str) -> bool:
    return "\u3041" <= letter <= "\u309f"


def _may_end(before: str, after: str) -> bool:
    """Whether a line may end between two letters."""
    if before in " -":
        return after != " "
    beside_wide = _room(before) > 1 or _room(after) > 1
    return beside_wide and before not in _OPENING and after not in _CLOSING + " "


def _room(text: str) -> int:
    """How much room a text takes, in letters of a western alphabet."""
    return sum(1 + (east_asian_width(letter) in "FW") for letter in text)


def tidy(rows: Rows) -> Rows:
    """Rows that can be drawn, with numbers that are the same bytes on every machine.

    Six significant digits are finer than a pixel; a row with `nan`, or a number beyond LARGEST,
    has no place.
    """
    drawable = [
        row for row in rows if all(isinstance(v, str) or abs(v) <= LARGEST for v in row.values())
    ]
    return [
        {k: v if isinstance(v, str) else float(f"{v:.6g}") for k, v in row.items()}
        for row in drawable
    ]


def text_of(unit: Unit, value: Value) -> str:
    """Write a number for a reader; one without digits is said in words."""
    return unit.text(value) if unit.has_digits(value) else _("too large to draw")


def unit_axis(unit: Unit, ticks: int, **options: Any) -> alt.Axis:
    """An axis with about so many labels, written in a unit."""
    if unit is RATE:
        options["format"] = "~%"
    if unit is YEN:
        options["labelExpr"] = _YEN_LABELS
    return alt.Axis(tickCount=ticks, **options)


def kept_too(now: Facts, words: Iterable[str]) -> str:
    """The alternative text of `now`, and what the marks of a kept scenario say, if it has any."""
    listed = semicolon_separated(words)
    if not listed:
        return now.description
    return sentences(now.description, _("Kept: {words}.").format(words=listed))
