"""Pictures of the back end: what it adds, what to charge for it, and which of two to build."""

import math

from twostep._text import _
from twostep.charts.bars import Bar, Bars
from twostep.charts.curves import BEST, Curves, Mark, Measure, reach, steps
from twostep.charts.picture import Facts, Picture, text_of
from twostep.models.ladder import OfferLadder, PriceResponse, TwoBackOffers
from twostep.units import NUMBER, RATE, YEN

__all__ = ["income_by_offer", "profit_by_price", "value_by_choice"]

_INCOME = Bars(_("income a month (yen)"), 3)


def _income_by_offer_facts(model: OfferLadder) -> Facts:
    front, income = float(model.scalar().front_income), float(model.income)
    back = income - front
    bars = [
        Bar(_("front offers alone"), front),
        Bar(_("the back offer adds"), income, start=front),
        Bar(_("together"), income, chosen=True),
    ]
    if math.isfinite(float(model.multiplier)) and back > 0:
        title = _("With the back offer you earn {times} times as much: {total} a month").format(
            times=NUMBER.text(model.multiplier), total=text_of(YEN, income)
        )
    elif back > 0:
        title = _("Only the back offer earns: with it, {total} a month").format(
            total=text_of(YEN, income)
        )
    else:
        title = _("The back offer adds nothing to {total} a month").format(
            total=text_of(YEN, income)
        )
    return _INCOME.facts(title, bars)


_PRICE = Curves(
    Measure("price", _("price of the back offer (yen)"), YEN),
    Measure("profit", _("profit per front buyer (yen)"), YEN),
)


def _profit_by_price_facts(model: PriceResponse) -> Facts:
    today, best = float(model.scalar().reference_price), float(model.best_price)
    left = min(today, float(model.cost))
    right = reach(2 * today, 2 * float(model.cost), 1.5 * best, left + 1)
    prices = steps(left, right, today, best)
    marks = [_PRICE.you(today, model.profit(today))]
    if model.reference_rate == 0 or today == 0:
        title = _("Without a price that somebody pays, no other price can be judged")
    elif not math.isfinite(best):
        title = _("These numbers set no best price: a higher one never earns less, so cap it")
    else:
        most = float(model.profit(min(best, right)))
        text = _("best: {price} → {profit}").format(price=YEN.text(best), profit=text_of(YEN, most))
        marks.append(Mark(BEST, best, most, text))
        title = _("If buyers respond as assumed, {price} earns most").format(price=YEN.text(best))
    return _PRICE.facts(title, {"": (prices, model.profit(prices))}, marks)


_CHOICES = Bars(_("profit after building (yen)"), 4)


def _value_by_choice_facts(model: TwoBackOffers) -> Facts:
    choices = {
        "a": (_("A alone"), model.scalar().value_a),
        "b": (_("B alone"), model.value_b),
        "both": (_("both"), model.value_both),
        "neither": (_("neither"), 0.0),
    }
    bars = [
        Bar(name, float(value), chosen=choice == model.best)
        for choice, (name, value) in choices.items()
    ]
    titles = {
        "a": _("Build A alone: adding B does not earn back what it costs to build"),
        "b": _("Build B alone: adding A does not earn back what it costs to build"),
        "both": _("Build both: together they earn {both}"),
        "neither": _("Build neither: no choice earns back what it costs to build"),
    }
    title = titles[str(model.best)].format(both=text_of(YEN, model.value_both))
    wanted = model.only_a + model.only_b + model.either
    if wanted > 1 + 1e-9:
        title = _("These shares cannot be: together {wanted} of front buyers").format(
            wanted=RATE.text(wanted)
        )
    return _CHOICES.facts(title, bars)


income_by_offer = Picture(OfferLadder, _income_by_offer_facts, _INCOME)
"""Income of an OfferLadder: front offers, what the back offer adds, and together."""

profit_by_price = Picture(PriceResponse, _profit_by_price_facts, _PRICE)
"""Profit per front buyer of a PriceResponse against the price, with the best price marked."""

value_by_choice = Picture(TwoBackOffers, _value_by_choice_facts, _CHOICES)
"""Profit of TwoBackOffers with A, B, both or neither, the best one marked."""
