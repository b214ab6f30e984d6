"""Charts with bars: a few amounts to compare, each with its name and number written above it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import altair as alt

from twostep._text import _, labelled, semicolon_separated
from twostep.charts.picture import (
    GAIN,
    INK,
    LARGEST,
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
from twostep.units import YEN, Unit


class Bar(NamedTuple):
    """A bar from `start` to `end`, its name, and whether it is the one to look at."""

    name: str
    end: float
    chosen: bool = False
    start: float = 0.0


@dataclass(frozen=True)
class Bars:
    """`count` bars in one unit, from left to right; `title` says what is measured."""

    title: str
    count: int
    unit: Unit = YEN

    def facts(self, title: str, bars: Iterable[Bar]) -> Facts:
        """One row a bar, in this order; the alternative text lists the words and the title."""
        listed = list(bars)
        rows: Rows = []
        for bar in listed:
            amount = text_of(self.unit, bar.end - bar.start)
            rows.append(
                {
                    "order": float(len(rows)),
                    "start": bar.start,
                    "end": bar.end,
                    # The mark of a kept scenario; without one it is invisible ("compared" is 0).
                    "kept": bar.end,
                    "compared": 0.0,
                    "chosen": _("yes") if bar.chosen else _("no"),
                    "amount": amount,
                    "text": ("► " if bar.chosen else "") + labelled(bar.name, amount),
                }
            )
        if not all(abs(bar.end) <= LARGEST for bar in listed):
            title = TOO_LARGE
        sentence = _("Bar chart: {listed}. {title}.").format(
            listed=semicolon_separated(_words(rows)), title=title.rstrip(".。")
        )
        return Facts(title, sentence, {"bars": tidy(rows)})

    def beside(self, now: Facts, kept: Facts) -> Facts:
        """The ends of the kept scenario's bars too, and its amounts behind the present ones."""
        before = {row["order"]: row for row in kept.data["bars"]}
        bars: Rows = []
        for row in now.data["bars"]:
            # A kept amount too large to draw has no row.
            other = before.get(row["order"], {"amount": text_of(self.unit, math.inf)})
            mark = {"kept": other["end"], "compared": 1.0} if "end" in other else {}
            text = _("{text} (kept: {amount})").format(text=row["text"], amount=other["amount"])
            bars.append(row | mark | {"text": text})
        return now._replace(
            description=kept_too(now, _words(kept.data["bars"])), data={"bars": bars}
        )

    def frame(self) -> Chart:
        """The bars, a line of zero for each, and the words above."""
        y = alt.Y("order:O", axis=None)
        axis = unit_axis(self.unit, 3, labelBound=True, grid=False)
        x = alt.X("start:Q", title=self.title, axis=axis)
        data = alt.Chart(alt.NamedData("bars"))
        # A short line at zero for each bar; one long line would cross the words.
        zero = data.mark_tick(
            size=18, thickness=2, yOffset=9, color=PALE, opacity=1, aria=False
        ).encode(y, x=alt.datum(0, type="quantitative"))
        chosen = alt.Color(
            "chosen:N", scale=alt.Scale(domain=[_("yes"), _("no")], range=[GAIN, PALE]), legend=None
        )
        bars = data.mark_bar(height=14, yOffset=9).encode(x, y, chosen, x2="end:Q")
        kept = data.mark_point(
            shape="diamond",
            size=110,
            strokeWidth=2,
            fillOpacity=0,
            opacity={"expr": "datum.compared"},
            yOffset=9,
            color=INK,
            aria=False,
        ).encode(alt.X("kept:Q"), y)
        words = data.mark_text(align="left", dx=5, dy=-9).encode(y, x=alt.value(0), text="text:N")
        return alt.layer(bars, zero, kept, words).properties(height=46 * self.count)


def _words(rows: Rows) -> list[str]:
    return [str(row["text"]).removeprefix("► ") for row in rows]
