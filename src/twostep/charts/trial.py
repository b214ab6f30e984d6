"""Pictures of a trial set: when is the money back, and how many buyers must subscribe?"""

import math
from dataclasses import replace

import numpy as np

from twostep._text import _
from twostep.charts.curves import EVEN, OTHER, YOU, Curves, Mark, Measure, reach
from twostep.charts.picture import Facts, Picture, text_of
from twostep.models.trial import Trial
from twostep.units import MONTHS, RATE, YEN

__all__ = ["cash_by_month", "net_value_by_upgrade_rate"]

FIVE_YEARS = 60

_CASH = Curves(
    Measure("month", _("months after the trial"), MONTHS),
    Measure("cumulative", _("cash of one trial so far (yen)"), YEN),
    step=True,
)


def _cash_by_month_facts(model: Trial) -> Facts:
    payback = float(model.scalar().payback_month)
    end = int(min(FIVE_YEARS, max(12, 2 * payback))) if math.isfinite(payback) else 24
    flow = model.cash_flow(end)
    months, cash = flow["month"].to_numpy(float), flow["cumulative"].to_numpy()
    marks = [
        Mark(YOU, 0, float(cash[0]), _("at the trial: {cash}").format(cash=text_of(YEN, cash[0])))
    ]
    if 0 < payback <= end:
        back = float(cash[int(payback)])
        marks.append(
            Mark(EVEN, payback, back, _("money back in month {month:.0f}").format(month=payback))
        )
    else:
        last = _("after {months}: {cash}").format(
            months=MONTHS.text(end), cash=text_of(YEN, cash[-1])
        )
        marks.append(Mark(OTHER, end, float(cash[-1]), last))
    if payback == 0:
        title = _("The trial pays for itself at once")
    elif not math.isfinite(payback):
        title = _("No payback: after {months} each trial is still {short} short").format(
            months=MONTHS.text(end), short=text_of(YEN, -cash[-1])
        )
    elif payback > end:
        title = _("The money of a trial is back only in month {month:,.0f}").format(month=payback)
    else:
        title = _("Each trial first costs you {cost}; the money is back in month {month:.0f}")
        title = title.format(cost=text_of(YEN, -cash[0]), month=payback)
    return _CASH.facts(title, {"": (months, cash)}, marks)


_NET = Curves(
    Measure("upgrade_rate", _("upgrade rate"), RATE),
    Measure("net_value", _("net value of one trial (yen)"), YEN),
)


def _net_value_by_upgrade_rate_facts(model: Trial) -> Facts:
    now, needed = float(model.scalar().upgrade_rate), float(model.break_even_upgrade_rate)
    reachable = 0 < needed <= 1
    right = min(1.0, reach(0.1, 2 * now, 1.5 * needed if reachable else 0.0))
    rates = np.unique([0.0, now, right, *([needed] if reachable else [])])
    marks = [_NET.you(now, model.net_value)]
    if reachable:
        marks.append(_NET.even(needed))
        title = _("A trial pays when {rate} of its buyers subscribe; you assume {now}").format(
            rate=RATE.text(needed), now=RATE.text(now)
        )
    elif not math.isfinite(float(model.ltv)):
        title = _("Nobody ever leaves, so any trial seems to pay: too good to be true")
        rates = rates[:1]  # with any subscriber at all the worth has no limit
    elif needed > 1:
        title = _("No upgrade rate is enough: a trial costs more than a subscriber brings")
    elif model.trial_margin >= model.cost_per_trial:
        title = _("The trial pays for itself at any upgrade rate")
        if model.ltv < 0:
            title = _("The trial pays for itself, but every subscriber takes from it")
    else:
        title = _("No upgrade rate helps: a subscriber brings nothing")
    line = {"": (rates, replace(model, upgrade_rate=rates).net_value)}
    return _NET.facts(title, line, marks)


cash_by_month = Picture(Trial, _cash_by_month_facts, _CASH)
"""Cash of one trial month by month, with the payback, or the sum still missing, marked."""

net_value_by_upgrade_rate = Picture(Trial, _net_value_by_upgrade_rate_facts, _NET)
"""Net value of one trial against the upgrade rate, with the break-even and the scenario marked."""
