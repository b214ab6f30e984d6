"""Pictures of fit and generosity: does the bait catch buyers, and how much to give away?"""

from dataclasses import replace

import numpy as np

from twostep._text import _
from twostep.charts.curves import BEST, OTHER, Curves, Mark, Measure, crossing, sides, steps
from twostep.charts.picture import Facts, Picture, text_of
from twostep.models.fit_generosity import FrontOfferFit, Generosity
from twostep.units import RATE, YEN

__all__ = ["back_rate_by_share_given", "value_by_fit_share"]

_FIT = Curves(
    Measure("fit_share", _("fit share of those who take the front offer"), RATE),
    Measure("value_per_visitor", _("value of one visitor (yen)"), YEN),
)


def _value_by_fit_share_facts(model: FrontOfferFit) -> Facts:
    now, ends = float(model.scalar().fit_share), np.array([0.0, 1.0])
    gain = np.asarray(replace(model, fit_share=ends).value_per_visitor)
    even = crossing(ends, gain)
    shares = np.unique([0.0, now, 1.0])
    marks = [_FIT.you(now, model.value_per_visitor), _FIT.even(even)]
    title = {
        "same": _("A visitor is worth nothing, whoever the front offer attracts"),
        "always": _("The front offer pays, whoever it attracts"),
        "never": _("The front offer does not pay, whoever it attracts"),
        "from": _("The front offer pays when more than {even} of its takers fit"),
        "up to": _("The front offer pays only while fewer than {even} of its takers fit"),
    }[sides(*gain.tolist())].format(even=text_of(RATE, even))
    line = {"": (shares, replace(model, fit_share=shares).value_per_visitor)}
    return _FIT.facts(title, line, marks)


_GIVING = Curves(
    Measure("share_given", _("share of what you know given away"), RATE),
    Measure("back_rate", _("back-end rate"), RATE),
)


def _back_rate_by_share_given_facts(model: Generosity) -> Facts:
    best = float(model.scalar().best_share)
    shares = steps(0.0, 1.0, best)
    rates = model.back_rate(shares)
    nothing, most, everything = (float(model.back_rate(share)) for share in (0.0, best, 1.0))
    marks = [
        Mark(BEST, best, most, _("best: give {share} → {rate}").format(
            share=RATE.text(best), rate=text_of(RATE, most)))
    ]  # fmt: skip
    if best > 0:
        text = _("give nothing → {rate}").format(rate=text_of(RATE, nothing))
        marks.append(Mark(OTHER, 0.0, nothing, text))
    if best < 1:
        text = _("give it all → {rate}").format(rate=text_of(RATE, everything))
        marks.append(Mark(OTHER, 1.0, everything, text))
    if most > 1:
        title = _("These numbers cannot all be true: more than every front buyer would buy")
    elif model.base_rate == 0:
        title = _("Giving cannot help: nobody takes the back offer in the first place")
    elif best == 0:
        title = _("Give nothing more away: it replaces more sales than the trust brings")
    elif best == 1:
        title = _("Give everything away: it lifts the back-end rate from {nothing} to {most}")
    else:
        title = _("Give away {share}: it lifts the back-end rate from {nothing} to {most}")
    title = title.format(
        share=RATE.text(best), nothing=text_of(RATE, nothing), most=text_of(RATE, most)
    )
    return _GIVING.facts(title, {"": (shares, rates)}, marks)


value_by_fit_share = Picture(FrontOfferFit, _value_by_fit_share_facts, _FIT)
"""Value of a visitor against the fit share, with the break-even and the scenario marked."""

back_rate_by_share_given = Picture(Generosity, _back_rate_by_share_given_facts, _GIVING)
"""Back-end rate against the share given away, with the best share marked."""
