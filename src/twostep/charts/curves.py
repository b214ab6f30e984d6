"""Charts with lines: one number against another, and the points that matter called out above.

The words for a marked point stand in rows of their own above the plot, each with the sign of its
point. So they meet neither a line nor each other, however narrow the page and whatever the numbers.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import altair as alt
import numpy as np
from numpy.typing import NDArray

from twostep._text import _, semicolon_separated, sentences
from twostep.charts.picture import (
    GAIN,
    INK,
    LARGEST,
    LOSS,
    PALE,
    Chart,
    Facts,
    Rows,
    kept_too,
    text_of,
    tidy,
    unit_axis,
)
from twostep.models.base import TOO_LARGE
from twostep.units import NUMBER, Unit, Value

Array = NDArray[np.float64]

YOU, EVEN, BEST, OTHER = "●", "♦", "▲", "■"
"""The signs of the marked points: your scenario, a break-even, the best choice, anything else.

Each is in the fonts that browsers and drawing tools share, so that no words change their face.
"""

_SHAPES = {YOU: "circle", EVEN: "diamond", BEST: "triangle-up", OTHER: "square"}
_HOLLOW = {YOU: "○", EVEN: "◊", BEST: "∆", OTHER: "□"}  # the same, of a kept scenario


class Measure(NamedTuple):
    """What an axis measures: the column of the data, the title with its unit, the unit.

    A `unit` of None is a height without a scale (how plausible something is).
    """

    name: str
    title: str
    unit: Unit | None

    def text(self, value: Value) -> str:
        """Write a number of this measure for a reader."""
        return text_of(self.unit or NUMBER, value)

    def axis(self, ticks: int, **options: Any) -> alt.Axis:
        """Tick labels in the unit."""
        if self.unit is None:
            return alt.Axis(labels=False, ticks=False, grid=False, **options)
        return unit_axis(self.unit, ticks, **options)


class Mark(NamedTuple):
    """A point that matters: its sign, its place and its words."""

    sign: str
    x: float
    y: float
    text: str


def reach(*ends: float) -> float:
    """The end of an axis: the largest of these that can be drawn."""
    return min(LARGEST, max(end for end in ends if math.isfinite(end)))


def steps(low: float, high: float, *stops: float) -> Array:
    """About 60 places from `low` to `high`, among them every stop that lies between."""
    inside = [stop for stop in stops if low <= stop <= high]
    return np.unique(np.concatenate([np.linspace(low, high, 61), inside]))


def crossing(xs: Iterable[float], ys: Iterable[float]) -> float:
    """Where straight pieces first meet zero; `nan` where they do not."""
    for (x, y), (x_next, y_next) in pairwise(zip(xs, ys, strict=True)):
        if min(y, y_next) <= 0 <= max(y, y_next) and y != y_next:
            # A difference of the two may be too large for a float; their ratio may be.
            return float(x + (x_next - x) * (y and 1 / (1 - y_next / y)))
    return math.nan


def sides(start: float, end: float) -> str:
    """Where a straight line is above zero: "always", "never", "from" a place or "up to" one.

    "same" where it is zero throughout. A line that only touches zero at one end counts as above or
    below throughout.
    """
    if start == end == 0:
        return "same"
    if min(start, end) >= 0:
        return "always"
    if max(start, end) <= 0:
        return "never"
    return "from" if start < end else "up to"


@dataclass(frozen=True)
class Curves:
    """A chart of `y` against `x`, one line or one for each of the named `series`.

    `step` draws stairs instead of slopes.
    """

    x: Measure
    y: Measure
    series: tuple[str, ...] = ()
    step: bool = False

    def you(self, x: float, y: Value) -> Mark:
        """The mark of your scenario."""
        words = _("you: {x} → {y}").format(x=self.x.text(x), y=self.y.text(y))
        return Mark(YOU, x, float(y), words)

    def even(self, x: float, y: float = 0.0) -> Mark:
        """The mark of a break-even."""
        return Mark(EVEN, x, y, _("break-even {x}").format(x=self.x.text(x)))

    def facts(
        self,
        title: str,
        lines: Mapping[str, tuple[Array, Any]],
        marks: Iterable[Mark],
    ) -> Facts:
        """Rows for the lines ("" where there is only one) and the marks, and the alternative text.

        The sentence names the axes, the title and what every mark says.
        """
        rows: Rows = []
        for name, (xs, ys) in lines.items():
            heights = np.broadcast_to(ys, xs.shape).tolist()
            kind: dict[str, float | str] = {"series": name} if name else {}
            rows += [
                {self.x.name: x, self.y.name: y, **kind}
                for x, y in zip(xs.tolist(), heights, strict=True)
            ]
        line = tidy(rows)
        places = np.concatenate([xs for xs, _ys in lines.values()])
        left, right = float(places.min()), float(places.max())
        drawn = [mark for mark in marks if abs(mark.x) <= LARGEST and abs(mark.y) <= LARGEST]
        called: Rows = [
            {
                self.x.name: mark.x,
                self.y.name: mark.y,
                "sign": mark.sign,
                "solid": 1.0,
                "text": f"{mark.sign} {mark.text}",
                "dy": _height(row),
            }
            for row, mark in enumerate(drawn)
        ]
        title = title if len(line) == len(rows) else TOO_LARGE
        sentence = _("Line chart, {y} against {x}, from {left} to {right}. {title}.").format(
            y=self.y.title,
            x=self.x.title,
            left=self.x.text(left),
            right=self.x.text(right),
            title=title.rstrip(".。"),
        )
        if drawn:
            marked = semicolon_separated(mark.text for mark in drawn)
            sentence = sentences(sentence, _("Marked: {marks}.").format(marks=marked))
        return Facts(title, sentence, {"line": line, "marks": tidy(called)})

    def beside(self, now: Facts, kept: Facts) -> Facts:
        """Every mark of the kept scenario too, hollow, its words in rows above the others."""
        marks = list(now.data["marks"])
        kept_words = []
        for mark in kept.data["marks"]:
            sign, words = str(mark["text"]).split(" ", 1)
            kept_words.append(words)
            text = _("{sign} {words} (kept)").format(sign=_HOLLOW[sign], words=words)
            marks.append(mark | {"solid": 0.0, "text": text, "dy": _height(len(marks))})
        return now._replace(description=kept_too(now, kept_words), data=now.data | {"marks": marks})

    def frame(self) -> Chart:
        """The lines, the line of zero, and the marked points with their words."""
        x = alt.X(
            f"{self.x.name}:Q",
            title=self.x.title,
            axis=self.x.axis(6, labelBound=True),
            scale=alt.Scale(nice=False, zero=False),
        )
        y = alt.Y(f"{self.y.name}:Q", title=self.y.title, axis=self.y.axis(5))
        data = alt.Chart(alt.NamedData("line"))
        zero = (
            data.transform_aggregate(count="count()")
            .mark_rule(color=PALE, aria=False)
            .encode(y=alt.datum(0, type="quantitative"))
        )
        line = data.mark_line(
            strokeWidth=3, color=GAIN, interpolate="step-after" if self.step else "linear"
        ).encode(x, y)
        if self.series:
            line = line.encode(**_told_apart(self.series))
        marks = alt.Chart(alt.NamedData("marks"))
        stems = marks.mark_rule(color=PALE, strokeDash=[2, 3], aria=False).encode(
            x, y, y2=alt.value(0)
        )
        points = marks.mark_point(
            size=130,
            filled=True,
            opacity=1,
            color=INK,
            stroke=INK,
            strokeWidth=2,
            fillOpacity={"expr": "datum.solid"},
        ).encode(
            x,
            y,
            alt.Shape(
                "sign:N",
                scale=alt.Scale(domain=list(_SHAPES), range=list(_SHAPES.values())),
                legend=None,
            ),
        )
        # Words are to the right of their point, centred on it or to the left of it, depending on
        # which third of the plot it is in.
        place = f"scale('x', datum['{self.x.name}']) / width"
        words = marks.mark_text(
            align={"expr": f"{place} < 1/3 ? 'left' : {place} > 2/3 ? 'right' : 'center'"},
            dy={"expr": "datum.dy"},
            baseline="bottom",
        ).encode(x, y=alt.value(0), text="text:N")
        return alt.layer(zero, line, stems, points, words).properties(height=220)


def _told_apart(series: tuple[str, ...]) -> dict[str, Any]:
    """Colour and dashes for each series, in one legend below, a row each: a page may be narrow."""
    legend = alt.Legend(
        title=None, orient="bottom", columns=1, symbolType="stroke", symbolSize=400, offset=4
    )
    dashes = [[1, 0], [6, 3], [2, 2]][: len(series)]
    return {
        "color": alt.Color(
            "series:N",
            scale=alt.Scale(domain=list(series), range=[GAIN, LOSS, PALE][: len(series)]),
            legend=legend,
        ),
        "strokeDash": alt.StrokeDash(
            "series:N", scale=alt.Scale(domain=list(series), range=dashes), legend=legend
        ),
    }


def _height(row: int) -> float:
    """Where a row of words stands: pixels below the upper edge of the plot."""
    return -8.0 - 17 * row
