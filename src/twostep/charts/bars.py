"""Charts with bars: a few amounts to compare, each with its name and number written above it."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import altair as alt

from twostep._text import _
from twostep.charts.picture import GAIN, PALE, YEN_LABELS, Chart, Facts, Rows, tidy
from twostep.models.base import TOO_LARGE


class Bar(NamedTuple):
    """A bar from `start` to `end`, the words above it, and whether it is the one to look at."""

    text: str
    end: float
    chosen: bool = False
    start: float = 0.0


def bar_facts(title: str, bars: Iterable[Bar]) -> Facts:
    """One row a bar, in this order; the alternative text lists the words and the title."""
    listed = list(bars)
    rows: Rows = [
        {
            "order": float(order),
            "start": bar.start,
            "end": bar.end,
            "chosen": _("yes") if bar.chosen else _("no"),
            "text": f"{'► ' if bar.chosen else ''}{bar.text}",
        }
        for order, bar in enumerate(listed)
    ]
    if not all(math.isfinite(bar.end) for bar in listed):
        title = TOO_LARGE
    words = "; ".join(bar.text for bar in listed)
    sentence = _("Bar chart: {listed}. {title}.").format(listed=words, title=title.rstrip("."))
    return Facts(title, sentence, {"bars": tidy(rows)})


def bar_frame(title: str, count: int) -> Chart:
    """`count` bars in yen, from left to right; `title` says what is measured."""
    data = alt.Chart(alt.NamedData("bars"))
    y = alt.Y("order:O", axis=None)
    x = alt.X(
        "start:Q",
        title=title,
        axis=alt.Axis(labelExpr=YEN_LABELS, tickCount=3, grid=False, labelBound=True),
    )
    # A short line for each bar, which leaves the words above it alone.
    zero = data.mark_tick(
        size=18, thickness=2, yOffset=9, color=PALE, opacity=1, aria=False
    ).encode(y, x=alt.datum(0, type="quantitative"))
    chosen = alt.Color(
        "chosen:N", scale=alt.Scale(domain=[_("yes"), _("no")], range=[GAIN, PALE]), legend=None
    )
    bars = data.mark_bar(height=14, yOffset=9).encode(x, y, chosen, x2="end:Q")
    words = data.mark_text(align="left", dx=5, dy=-9).encode(y, x=alt.value(0), text="text:N")
    return alt.layer(bars, zero, words).properties(height=46 * count)
