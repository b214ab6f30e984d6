"""The pictures of the course: a scenario in, an Altair chart out.

Importing this module gives every Altair chart of the session the course's theme and a renderer that
needs no network and writes the same bytes each time.

A `Picture` keeps the numbers apart from the drawing: `facts` says what a scenario has to show,
`frame` draws marks that read those facts by name. A page shows the two together; a calculator draws
the frame once and then sends facts only, which is what makes a slider feel immediate.
"""

import math
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Generic, NamedTuple, TypeVar

import altair as alt
import numpy as np

from twostep._text import _
from twostep.models.base import Model
from twostep.models.funnel import Funnel
from twostep.units import PEOPLE, RATE, YEN

Rows = list[dict[str, float | str]]
M = TypeVar("M", bound=Model)
Chart = alt.LayerChart | alt.FacetChart

# Fixed on a page: JupyterLab draws a "container" wide chart again and again without end.
WIDTH = 460

# Both colours stand out on white and on the dark theme, and differ for colour-blind eyes.
GAIN, LOSS = "#3182bd", "#d95f02"
INK, PALE = "#222222", "#888888"

_YEN_LABELS = "(datum.value < 0 ? '−' : '') + '¥' + format(abs(datum.value), ',')"


@alt.theme.register("twostep", enable=True)
def _theme() -> alt.theme.ThemeConfig:
    # A page's chart is a white card in the dark theme too: every colour is said here.
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


@dataclass(frozen=True)
class Picture(Generic[M]):
    """A chart of one kind of model. Call it with a scenario to get an Altair chart.

    `compute` gives the title, a sentence of alternative text and the datasets by name; `frame`
    draws them. Raises ValueError (from the model) for a sweep, which is no single scenario.
    """

    compute: Callable[[M], Facts]
    frame: Callable[[], Chart]

    def facts(self, model: M) -> Facts:
        """What the picture has to show about one scenario; numbers too large are left out."""
        with np.errstate(all="ignore"):
            return self.compute(model)

    def __call__(self, model: M) -> Chart:
        title, description, data = self.facts(model)
        lines = textwrap.wrap(title, 64)
        chart = self.frame().properties(title=lines, description=description, width=WIDTH)
        chart.datasets = data
        return chart


def _tidy(rows: Rows) -> Rows:
    """Rows that can be drawn, with numbers that are the same bytes on every machine.

    Six significant digits are finer than a pixel; a row with `nan` or `inf` has no place.
    """
    drawable = [
        row for row in rows if all(isinstance(v, str) or math.isfinite(v) for v in row.values())
    ]
    return [
        {k: v if isinstance(v, str) else float(f"{v:.6g}") for k, v in row.items()}
        for row in drawable
    ]


# --- Funnel -------------------------------------------------------------------------------------


_UPPER_LEFT: dict[str, float | str] = {"align": "right", "dx": -8, "dy": -12}
_LOWER_RIGHT: dict[str, float | str] = {"align": "left", "dx": 8, "dy": 14}
_BELOW: dict[str, float | str] = {"align": "center", "dx": 0, "dy": 20}


def _profit_by_back_rate_facts(model: Funnel) -> Facts:
    now, needed = float(model.scalar().back_rate), float(model.break_even_back_rate)
    reachable = 0 < needed <= 1
    right = min(1.0, max(0.01, 2 * now, 1.5 * needed if reachable else 0.0))
    bends = [0.0, needed, right] if reachable else [0.0, right]
    profit_at = replace(model, back_rate=np.array(bends)).profit
    # Exactly zero where the line crosses, whatever the last digit says.
    height = dict(zip(bends, np.where(np.array(bends) == needed, 0.0, profit_at), strict=True))
    line: Rows = [
        {
            "back_rate": rate,
            "profit": float(height[rate]),
            "side": _("profit") if height[start] + height[end] >= 0 else _("loss"),
        }
        for start, end in pairwise(bends)
        for rate in (start, end)
    ]
    profit, here = float(model.profit), RATE.text(now)
    earned = YEN.text(profit) if math.isfinite(profit) else _("too large to draw")
    marks: Rows = [
        {
            "back_rate": now,
            "profit": profit,
            "kind": _("your scenario"),
            "text": _("you: {rate} → {profit}").format(rate=here, profit=earned),
            # A rising line leaves the upper left and the lower right of a point free.
            **(_UPPER_LEFT if now > 0.35 * right else _LOWER_RIGHT),
        }
    ]
    if reachable:
        marks.append(
            {
                "back_rate": needed,
                "profit": 0.0,
                "kind": _("break-even"),
                "text": _("break-even {rate}").format(rate=RATE.text(needed)),
                **(_LOWER_RIGHT if needed < right / 2 else _BELOW),
            }
        )
    if math.isnan(needed):
        title = _("The back-end rate cannot turn this into a profit")
        if model.front_only_profit >= 0:
            title = _("The front offer pays for itself")
    elif needed <= 0:
        title = _("The front offer pays for itself at any back-end rate")
    elif needed > 1:
        title = _("No back-end rate reaches a profit")
    else:
        title = _("Profit begins when {rate} of front buyers take the back offer").format(
            rate=RATE.text(needed)
        )
    description = _(
        "Line chart, profit against back-end rate from 0% to {right}. {title}. "
        "At your back-end rate of {here} the profit is {profit}."
    ).format(right=RATE.text(right), title=title, here=here, profit=earned)
    return Facts(title, description, {"line": _tidy(line), "marks": _tidy(marks)})


def _profit_by_back_rate_frame() -> Chart:
    x = alt.X("back_rate:Q", title=_("back-end rate"), axis=alt.Axis(format="~%", tickCount=6))
    y = alt.Y("profit:Q", title=_("profit (yen)"), axis=alt.Axis(labelExpr=_YEN_LABELS))
    sides = alt.Scale(domain=[_("profit"), _("loss")], range=[GAIN, LOSS])
    dashes = alt.Scale(domain=[_("profit"), _("loss")], range=[[1, 0], [6, 3]])
    legend = alt.Legend(title=None, orient="top", symbolType="stroke", symbolSize=400)
    line = (
        alt.Chart(alt.NamedData("line"))
        .mark_line(strokeWidth=3)
        .encode(
            x,
            y,
            alt.Color("side:N", scale=sides, legend=legend),
            alt.StrokeDash("side:N", scale=dashes, legend=legend),
        )
    )
    zero = alt.Chart(alt.NamedData("line")).mark_rule(color=PALE).encode(y=alt.datum(0))
    marks = alt.Chart(alt.NamedData("marks"))
    points = marks.mark_point(size=130, filled=True, opacity=1, color=INK).encode(
        x,
        y,
        alt.Shape(
            "kind:N",
            scale=alt.Scale(
                domain=[_("your scenario"), _("break-even")], range=["circle", "diamond"]
            ),
            legend=None,
        ),
    )
    labels = marks.mark_text(
        align={"expr": "datum.align"}, dx={"expr": "datum.dx"}, dy={"expr": "datum.dy"}
    ).encode(x, y, text="text:N")
    return alt.layer(zero, line, points, labels).properties(height=240)


def _people_by_stage_facts(model: Funnel) -> Facts:
    stages = [
        (_("visits"), float(model.scalar().visits), ""),
        (
            _("leads"),
            float(model.leads),
            _("{rate} of visits").format(rate=RATE.text(model.lead_rate)),
        ),
        (
            _("front buyers"),
            float(model.front_buyers),
            _("{rate} of leads").format(rate=RATE.text(model.front_rate)),
        ),
        (
            _("back buyers"),
            float(model.back_buyers),
            _("{rate} of front buyers").format(rate=RATE.text(model.back_rate)),
        ),
    ]
    rows: Rows = [
        {
            "order": float(order),
            "stage": stage,
            "people": people,
            "text": f"{PEOPLE.text(people)} ({share})" if share else PEOPLE.text(people),
            "room": 1.4 * float(model.visits),
        }
        for order, (stage, people, share) in enumerate(stages)
    ]
    if model.back_buyers > 0:
        title = _("It takes {visits} visits to win one back buyer").format(
            visits=PEOPLE.text(round(float(model.visits) / float(model.back_buyers)))
        )
    else:
        title = _("Nobody reaches the back offer")
    listed = ", ".join(f"{row['stage']} {row['text']}" for row in rows)
    description = _("Bar chart of the people left at each stage: {listed}. {title}.").format(
        listed=listed, title=title
    )
    return Facts(title, description, {"stages": _tidy(rows)})


def _people_by_stage_frame() -> Chart:
    stages = alt.Chart(alt.NamedData("stages"))
    y = alt.Y("stage:N", title=None, sort=alt.EncodingSortField("order", op="min"))
    x = alt.X("people:Q", axis=None)
    bars = stages.mark_bar(color=GAIN, height=22).encode(x, y)
    labels = stages.mark_text(align="left", dx=6).encode(x, y, text="text:N")
    # The labels need room to the right of the longest bar.
    room = stages.mark_point(opacity=0).encode(alt.X("room:Q"), y)
    return alt.layer(bars, labels, room).properties(height=160)


profit_by_back_rate = Picture(_profit_by_back_rate_facts, _profit_by_back_rate_frame)
"""Profit of a Funnel against its back-end rate, with the break-even and the scenario marked."""

people_by_stage = Picture(_people_by_stage_facts, _people_by_stage_frame)
"""The people left at each stage of a Funnel: visits, leads, front buyers, back buyers."""


PICTURES: dict[type[Model], tuple[Picture[Any], ...]] = {
    Funnel: (profit_by_back_rate, people_by_stage),
}
"""What a calculator of each model shows beside its answers."""
