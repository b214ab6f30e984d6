"""Pictures of small numbers: how sure is the better offer, and when to renew one?"""

import math
from collections.abc import Callable

import numpy as np

from twostep._text import _
from twostep.charts.curves import BEST, OTHER, YOU, Array, Curves, Mark, Measure, reach, steps
from twostep.charts.picture import Facts, Picture, text_of
from twostep.models.base import ratio
from twostep.models.small_numbers import Refresh, SplitTest
from twostep.units import MONTHS, RATE, YEN, Value

__all__ = ["plausible_rates", "profit_by_months"]

_A, _B = _("offer A"), _("offer B")
_RATES = Curves(
    Measure("rate", _("buying rate"), RATE),
    Measure("plausible", _("how plausible"), None),
    (_A, _B),
)


def _plausible(buyers: Value, shown: Value) -> tuple[Array, Callable[[Array], Array]]:
    """Rates that outline the belief after these counts, and its height at any rate."""
    from scipy.special import betaincinv, betaln, xlog1py, xlogy

    a, b = 1 + float(buyers), 1 + float(shown) - float(buyers)

    def height(rate: Array) -> Array:
        return np.asarray(np.exp(xlogy(a - 1, rate) + xlog1py(b - 1, -rate) - betaln(a, b)))

    low, high = (float(betaincinv(a, b, chance)) for chance in (0.001, 0.999))
    return np.linspace(low, high, 25), height


def _plausible_rates_facts(model: SplitTest) -> Facts:
    counts = {
        _A: (model.scalar().buyers_a, model.shown_a),
        _B: (model.buyers_b, model.shown_b),
    }
    beliefs = {name: _plausible(*each) for name, each in counts.items()}
    seen = {name: float(ratio(*each)) for name, each in counts.items()}
    outlines = [outline for outline, _height in beliefs.values()]
    rates = np.unique([*np.concatenate(outlines), *filter(math.isfinite, seen.values())])
    lines = {name: (rates, height(rates)) for name, (_outline, height) in beliefs.items()}
    marks = []
    for sign, (name, (buyers, shown)) in zip((YOU, OTHER), counts.items(), strict=True):
        peak = float(beliefs[name][1](np.asarray(seen[name])))
        text = _("{offer}: {buyers:,.0f} of {shown:,.0f}").format(
            offer=name, buyers=buyers, shown=shown
        )
        marks.append(Mark(sign, seen[name], peak, text))
    b_better = float(model.probability_b_better)
    leader, sure = (_("B"), b_better) if b_better >= 0.5 else (_("A"), 1 - b_better)
    title = _("{leader} is better with a probability of {sure}: not settled")
    if sure >= 0.95:
        title = _("{leader} is better with a probability of {sure}")
    if model.shown_a == model.shown_b == 0:
        title = _("Nobody has seen either offer: every rate is equally plausible")
    return _RATES.facts(title.format(leader=leader, sure=RATE.text(sure)), lines, marks)


_CYCLE = Curves(
    Measure("months", _("months between renewals"), MONTHS),
    Measure("average", _("average profit a month (yen)"), YEN),
)


def _profit_by_months_facts(model: Refresh) -> Facts:
    margin, decay = float(model.scalar().monthly_margin), float(model.decay_rate)
    best = float(model.best_months)

    usual = best if math.isfinite(best) and best > 0 else 6.0
    months = steps(usual / 4, reach(4 * usual), best)
    marks = []
    most = text_of(YEN, model.average_profit)
    if math.isfinite(best) and best > 0:
        text = _("best {months}: {most}").format(months=MONTHS.text(best), most=most)
        marks.append(Mark(BEST, best, float(model.average_profit), text))
        title = _("Renew every {months}: that earns {most} a month on average").format(
            months=MONTHS.text(best), most=most
        )
    elif margin <= 0:
        title = _("Even when fresh the offer earns nothing, so do not renew it")
    elif best == 0:
        title = _("A renewal costs nothing, so the sooner the better")
    elif decay == 0:
        title = _("The offer does not wear out: no renewal is needed")
    else:
        title = _("Never renew: the longer you wait, the less a renewal loses")
    return _CYCLE.facts(title, {"": (months, np.asarray(model.profit_every(months)))}, marks)


plausible_rates = Picture(SplitTest, _plausible_rates_facts, _RATES)
"""How plausible each buying rate of a SplitTest is, for A and for B, the observed ones marked."""

profit_by_months = Picture(Refresh, _profit_by_months_facts, _CYCLE)
"""Average profit of a Refresh against the months between renewals, with the best time marked."""
