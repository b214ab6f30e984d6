"""Pictures of the order: which first, what you believe, and for which beliefs each one wins."""

from typing import TYPE_CHECKING

import altair as alt
import numpy as np
from numpy.typing import NDArray

from twostep._text import _
from twostep.charts.bars import Bar, Bars
from twostep.charts.curves import EVEN, YOU, Curves, Mark, Measure, reach, steps
from twostep.charts.picture import INK, WIDTH, Chart, Facts, Picture, Rows, text_of, tidy
from twostep.models.which_first import WhichFirst
from twostep.units import NUMBER, RATE, YEN

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["chance_by_take_rate", "regime_chart", "value_by_order"]

_BACK, _FRONT, _NEITHER = _("back first"), _("front first"), _("neither")
_WORDS = {"back first": _BACK, "front first": _FRONT, "neither": _NEITHER}


_ORDERS = Bars(_("expected profit (yen)"), 3)


def _value_by_order_facts(model: WhichFirst) -> Facts:
    values = {
        "back first": (_("back first, build now"), model.scalar().commit_value),
        "front first": (_("front first, then decide"), model.front_first_value),
        "neither": (_("neither"), 0.0),
    }
    best = str(model.best)
    bars = [
        Bar(name, float(value), chosen=order == best) for order, (name, value) in values.items()
    ]
    now, later = text_of(YEN, model.commit_value), text_of(YEN, model.front_first_value)
    title = {
        "back first": _("Back first: building now is worth {now}, asking first {later}"),
        "front first": _("Front first: asking first is worth {later}, building now {now}"),
        "neither": _("Neither: asking first comes to {later}, and building now does not pay"),
    }[best].format(now=now, later=later)
    return _ORDERS.facts(title, bars)


_BELIEF = Curves(
    Measure("take_rate", _("front buyers who take the back offer"), RATE),
    Measure("chance", _("chance that so many or more do"), RATE),
)


def _chance_by_take_rate_facts(model: WhichFirst) -> Facts:
    from scipy.special import betaincc, betaincinv

    a, b = float(model.scalar().prior_a), float(model.prior_b)
    expected, needed = float(model.mean_rate), float(model.break_even_rate)
    reachable = 0 <= needed <= 1
    unlikely = float(betaincinv(a, b, 0.99))
    right = min(1.0, reach(0.01, unlikely, 1.5 * expected, 1.5 * needed if reachable else 0.0))
    stops = [expected, needed] if reachable else [expected]
    # Rounded to what is drawn, before the chances are computed: near 0 or 1 a belief can be so
    # steep that the chance at the rounded rate is another one.
    rates = np.unique(np.round(steps(0.0, right, *stops), 6))
    chances = betaincc(a, b, rates)
    you = _("you expect {rate}").format(rate=RATE.text(expected))
    marks = [Mark(YOU, expected, float(betaincc(a, b, expected)), you)]
    if reachable:
        chance = float(betaincc(a, b, needed))
        even = _("{rate} pays for building").format(rate=RATE.text(needed))
        marks.append(Mark(EVEN, needed, chance, even))
        title = _("The chance that {needed} or more take it, which pays for building, is {chance}")
        title = title.format(needed=RATE.text(needed), chance=text_of(RATE, chance))
    else:
        title = _("No take rate pays for building; you expect {rate}").format(
            rate=RATE.text(expected)
        )
    return _BELIEF.facts(title, {"": (rates, chances)}, marks)


value_by_order = Picture(WhichFirst, _value_by_order_facts, _ORDERS)
"""Expected profit of WhichFirst: back first, front first, neither; the best one marked."""

chance_by_take_rate = Picture(WhichFirst, _chance_by_take_rate_facts, _BELIEF)
"""The belief of WhichFirst: the chance of each take rate or more, with the break-even marked."""


def regime_chart(table: "pd.DataFrame", point: WhichFirst | None = None) -> Chart:
    """Who is right for whom: the winner of every belief in a `regime_map`, a letter in each cell.

    `point` is a scenario of your own, drawn where its belief lies. Raises ValueError for a table
    that is not a `regime_map`, and for a sweep.
    """
    winners = table.to_numpy()
    if not winners.size or not np.isin(winners, list(_WORDS)).all():
        raise ValueError(_("regime_chart needs a table from regime_map(means, strengths)"))
    means, strengths = table.index.to_numpy(float), table.columns.to_numpy(float)
    rows, columns = _edges(means), np.exp(_edges(np.log(strengths)))
    letters = {"back first": _("B"), "front first": _("F"), "neither": "–"}
    cells: Rows = [
        {
            "mean": float(mean),
            "strength": float(strength),
            "bottom": float(rows[i]),
            "top": float(rows[i + 1]),
            "left": float(columns[j]),
            "right": float(columns[j + 1]),
            "winner": f"{letters[winners[i, j]]} {_WORDS[winners[i, j]]}",
            "letter": letters[winners[i, j]],
        }
        for i, mean in enumerate(means)
        for j, strength in enumerate(strengths)
    ]
    won = {order: int((winners == order).sum()) for order in _WORDS}
    title = _("Of {all} beliefs, back first wins {back}, front first {front}, neither {none}")
    title = title.format(
        all=winners.size, back=won["back first"], front=won["front first"], none=won["neither"]
    )
    yours: Rows = []
    if point is not None:
        strength = float(point.scalar().prior_a + point.prior_b)
        belief = _("{mean}, as good as {people} asked").format(
            mean=RATE.text(point.mean_rate), people=NUMBER.text(strength)
        )
        yours = [{"mean": float(point.mean_rate), "strength": strength}]
        title = _("○ Your belief ({belief}): {best}").format(
            belief=belief, best=_WORDS[str(point.best)]
        )
    description = _(
        "Heat map of the better order for expected take rates from {low} to {high} and beliefs as "
        "good as asking {few} to {many} people. {title}. Back first wins {back} of {all} cells, "
        "front first {front}, neither {none}."
    ).format(
        low=RATE.text(means.min()),
        high=RATE.text(means.max()),
        few=NUMBER.text(strengths.min()),
        many=NUMBER.text(strengths.max()),
        title=title,
        back=won["back first"],
        front=won["front first"],
        none=won["neither"],
        all=winners.size,
    )
    kinds = [f"{letters[order]} {word}" for order, word in _WORDS.items()]
    x = alt.X(
        "strength:Q",
        title=_("strength of the belief (people asked)"),
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(values=strengths.tolist(), grid=False),
    )
    y = alt.Y(
        "mean:Q",
        title=_("take rate you expect"),
        scale=alt.Scale(nice=False, zero=False),
        axis=alt.Axis(values=means.tolist(), format="~%", grid=False),
    )
    data = alt.Chart(alt.NamedData("cells"))
    color = alt.Color(
        "winner:N",
        scale=alt.Scale(domain=kinds, range=["#9ecae1", "#fdbb84", "#d9d9d9"]),
        legend=alt.Legend(title=None, orient="top"),
    )
    tiles = data.mark_rect(stroke="white").encode(
        x.copy(), y.copy(), color, x2="right:Q", y2="top:Q"
    )
    tiles.encoding.x.shorthand, tiles.encoding.y.shorthand = "left:Q", "bottom:Q"
    words = data.mark_text(fontWeight="bold").encode(x, y, text="letter:N")
    # A ring, so that the letter in it can be read.
    ring = (
        alt.Chart(alt.NamedData("you"))
        .mark_point(size=450, strokeWidth=3, opacity=1, color=INK)
        .encode(x, y)
    )
    chart = alt.layer(tiles, words, ring).properties(
        title=title, description=description, width=WIDTH, height=280
    )
    chart.datasets = {"cells": tidy(cells), "you": tidy(yours)}
    return chart


def _edges(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where one cell ends and the next begins: half way, and as far out at both ends."""
    if centres.size == 1:
        return np.array([centres[0] - 0.5, centres[0] + 0.5])
    half = np.diff(centres) / 2
    first, last = centres[0] - half[0], centres[-1] + half[-1]
    return np.concatenate([[first], centres[:-1] + half, [last]])
