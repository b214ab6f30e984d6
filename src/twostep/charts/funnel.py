"""Pictures of the funnel: may the front offer lose money, and who is left at each stage?"""

import math
from dataclasses import replace
from itertools import pairwise

import altair as alt
import numpy as np

from twostep._text import _
from twostep.charts.picture import (
    GAIN,
    INK,
    LOSS,
    PALE,
    YEN_LABELS,
    Chart,
    Facts,
    Picture,
    Rows,
    tidy,
)
from twostep.models.base import ratio
from twostep.models.funnel import Funnel
from twostep.units import PEOPLE, RATE, YEN

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
    return Facts(title, description, {"line": tidy(line), "marks": tidy(marks)})


def _profit_by_back_rate_frame() -> Chart:
    x = alt.X("back_rate:Q", title=_("back-end rate"), axis=alt.Axis(format="~%", tickCount=6))
    y = alt.Y("profit:Q", title=_("profit (yen)"), axis=alt.Axis(labelExpr=YEN_LABELS))
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
    zero = alt.Chart(alt.NamedData("line")).mark_rule(color=PALE, aria=False).encode(y=alt.datum(0))
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
    per_buyer = float(ratio(model.visits, model.back_buyers))
    title = _("Nobody reaches the back offer")
    if math.isfinite(per_buyer):
        title = _("It takes {visits} visits to win one back buyer").format(
            visits=PEOPLE.text(round(per_buyer))
        )
    listed = ", ".join(f"{row['stage']} {row['text']}" for row in rows)
    description = _("Bar chart of the people left at each stage: {listed}. {title}.").format(
        listed=listed, title=title
    )
    return Facts(title, description, {"stages": tidy(rows)})


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
