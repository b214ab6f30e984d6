"""Does the front offer fit the back offer, and how much to give away?"""

import math
from dataclasses import dataclass
from typing import Annotated, Self

import numpy as np

from twostep._text import _
from twostep.models.base import TOO_LARGE, Model, plain, ratio, where
from twostep.models.fields import BACK, BACK_MARGIN, FRONT
from twostep.units import (
    NUMBER,
    RATE,
    YEN,
    Answer,
    Assumption,
    Number,
    Range,
    Rate,
    Value,
    Yen,
)

__all__ = ["FrontOfferFit", "Generosity"]

GIVING = _("Giving away")


@dataclass(frozen=True, kw_only=True)
class FrontOfferFit(Model):
    """A front offer attracts people the back offer is made for, and others.

    Fields take a number or a NumPy array.

    Source: a teaching case of our own, the aligned bait; the numbers are assumptions.
    """

    lesson = "08_fit_and_generosity"
    menu = _("Fit: does the front offer bring the right people?")

    uptake: Annotated[
        Rate,
        Assumption(
            _("Uptake"),
            _("Of all visitors, the share who take the front offer."),
            FRONT,
            slider=(0, 0.5, 0.005),
        ),
    ] = 0.04
    fit_share: Annotated[
        Rate,
        Assumption(
            _("Fit share"),
            _("Of those who take the front offer, the share the back offer is made for."),
            FRONT,
            slider=(0, 1, 0.01),
        ),
    ] = 0.60
    fit_rate: Annotated[
        Rate,
        Assumption(
            _("Back-end rate of those who fit"),
            _("Of the takers the back offer is made for, the share who later buy it."),
            BACK,
            slider=(0, 0.3, 0.001),
        ),
    ] = 0.08
    misfit_rate: Annotated[
        Rate,
        Assumption(
            _("Back-end rate of the others"),
            _("Of the takers the back offer is not made for, the share who later buy it."),
            BACK,
            slider=(0, 0.3, 0.001),
        ),
    ] = 0.005
    back_margin: Annotated[Yen, BACK_MARGIN] = 100_000
    offer_cost: Annotated[
        Yen,
        Assumption(
            _("Cost of the front offer"),
            _("What one front offer costs you, after anything that is paid for it."),
            FRONT,
            slider=(0, 5_000, 10),
            low=0,
        ),
    ] = 300

    @classmethod
    def presets(cls) -> dict[str, Self]:
        """Two front offers for the same course."""
        return {
            _("Baking kit: few take it, most of them fit (our assumption)"): cls(),
            _("Prize draw: many enter, few of them fit (our assumption)"): cls(
                uptake=0.10, fit_share=0.15
            ),
        }

    @property
    def back_rate(self) -> Annotated[Rate, Answer(_("Back-end rate"))]:
        """Of all who take the front offer, the share who later buy the back offer."""
        return self.fit_share * self.fit_rate + (1 - self.fit_share) * self.misfit_rate

    @property
    def value_per_visitor(self) -> Annotated[Yen, Answer(_("Value of one visitor"))]:
        """What a visitor earns: uptake × (back-end rate × back margin − cost of the offer)."""
        return self.uptake * (self.back_rate * self.back_margin - self.offer_cost)

    @property
    def cost_per_back_buyer(
        self,
    ) -> Annotated[Yen, Answer(_("Cost per back buyer"), _("there are no back buyers"))]:
        """Front offers given for one back sale × their cost; `inf` or `nan` without back buyers."""
        return ratio(self.offer_cost, self.back_rate)

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        if not math.isfinite(float(self.value_per_visitor)):
            return TOO_LARGE
        if self.uptake == 0:
            return _("Nobody takes the front offer, so nobody can move on to the back offer.")
        if not math.isfinite(float(self.cost_per_back_buyer)):
            return _(
                "Nobody moves on to the back offer, so every front offer is a gift that costs "
                "{cost}."
            ).format(cost=YEN.text(self.offer_cost))
        numbers = {
            "cost": YEN.text(self.cost_per_back_buyer),
            "margin": YEN.text(self.back_margin),
            "rate": RATE.text(self.back_rate),
            "value": YEN.text(abs(float(self.value_per_visitor))),
        }
        if self.value_per_visitor > 0:
            return _(
                "This front offer pays: {rate} of its takers buy the back offer, so a back buyer "
                "costs {cost} and earns {margin}. Each visitor is worth {value}."
            ).format(**numbers)
        if self.value_per_visitor == 0:
            return _(
                "This front offer just breaks even: a back buyer costs {cost} and earns {margin}."
            ).format(**numbers)
        return _(
            "This front offer loses: {rate} of its takers buy the back offer, so a back buyer "
            "costs {cost} but earns {margin}. Each visitor loses {value}."
        ).format(**numbers)


@dataclass(frozen=True, kw_only=True)
class Generosity(Model):
    """How much of what you know to give away before the sale.

    Giving builds trust, and replaces some of the need to buy: back-end rate × (1 + trust gain ×
    share given) × (1 − substitution × share given). Fields take a number or a NumPy array.

    Source: a model of our own, a thinking tool. Free samples of the entire content can raise
    revenue (Li, Jain & Kannan 2019); of customers about to pay for a printed book, 42% took the
    free file (Kannan, Pope & Jain 2009). But nobody has measured these two numbers for you.
    """

    lesson = "08_fit_and_generosity"
    menu = _("Generosity: how much to give away")

    trust_gain: Annotated[
        Number,
        Assumption(
            _("Trust gain"),
            _("Extra buyers, as a multiple of the usual ones, if giving it all replaced no sale."),
            GIVING,
            slider=(0, 2, 0.05),
            low=0,
        ),
    ] = 0.5
    substitution: Annotated[
        Rate,
        Assumption(
            _("Substitution"),
            _("Of those who would buy, the share who no longer need to if you give it all."),
            GIVING,
            slider=(0, 1, 0.01),
        ),
    ] = 0.3
    base_rate: Annotated[
        Rate,
        Assumption(
            _("Back-end rate, nothing given"),
            _("Of all front buyers, the share who take the back offer if you give nothing away."),
            BACK,
            slider=(0, 0.3, 0.001),
        ),
    ] = 0.08

    def back_rate(self, share_given: Value) -> Value:
        """Back-end rate if you give away `share_given` (0 to 1) of what you know.

        Not clipped: above 1 the assumptions cannot all be true.
        """
        share = Range.of(RATE).check("share_given", share_given)
        return plain(self.base_rate * self._multiplier(share))

    @property
    def best_share(self) -> Annotated[Rate, Answer(_("Best share to give away"))]:
        """The share given that makes the back-end rate highest, never below 0 or above 1.

        (gain − substitution) ÷ (2 × gain × substitution); 0 where the trust gain does not exceed
        the substitution.
        """
        gain, lost = self.trust_gain, self.substitution
        # Divided one by one: the product of the two may be too large or too small for a float.
        best = np.clip(ratio(ratio(gain - lost, gain), 2 * lost), 0.0, 1.0)
        return where(np.less_equal(gain, lost), 0.0, best)

    @property
    def best_multiplier(self) -> Annotated[Number, Answer(_("Back-end rate, times"))]:
        """Back-end rate at the best share ÷ back-end rate with nothing given; 1 or more."""
        return self._multiplier(self.best_share)

    def _multiplier(self, share: Value) -> Value:
        return (1 + self.trust_gain * share) * (1 - self.substitution * share)

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        best_rate = float(self.back_rate(self.best_share))
        if best_rate > 1:
            return _(
                "These numbers cannot all be true: more than every front buyer would take the back "
                "offer. Lower the trust gain or the back-end rate."
            )
        numbers = {
            "gain": NUMBER.text(self.trust_gain),
            "lost": RATE.text(self.substitution),
            "share": RATE.text(self.best_share),
            "base": RATE.text(self.base_rate),
            "best": RATE.text(best_rate),
        }
        if self.base_rate == 0:
            return _(
                "Giving more cannot help: nobody takes the back offer in the first place (back-end "
                "rate {base})."
            ).format(**numbers)
        if self.best_share == 0:
            return _(
                "Give nothing more away: what you give replaces {lost} of the sales, and the trust "
                "it builds (× {gain}) does not make up for it."
            ).format(**numbers)
        if self.best_share == 1:
            return _(
                "Give everything away: only {lost} of the sales are replaced, and trust lifts the "
                "back-end rate from {base} to {best}."
            ).format(**numbers)
        return _(
            "Give away {share}: that lifts the back-end rate from {base} to {best}. Giving more "
            "replaces more sales than trust brings."
        ).format(**numbers)
