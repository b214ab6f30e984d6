"""What a back offer adds to an income, what to charge for it, and whether to build two."""

import math
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from twostep._text import _, sentences
from twostep.models.base import TOO_LARGE, Model, plain, power, ratio, times, where
from twostep.models.fields import (
    BACK,
    BACK_MARGIN,
    BACK_RATE,
    FRONT,
    FRONT_BUYERS,
    FRONT_MARGIN,
    FRONT_RATE,
)
from twostep.units import (
    PEOPLE,
    RATE,
    YEN,
    Answer,
    Assumption,
    Number,
    People,
    Range,
    Rate,
    Value,
    Yen,
)

__all__ = ["OfferLadder", "PriceResponse", "TwoBackOffers"]

CUSTOMERS = _("Customers today")
OFFER_A = _("Back offer A")
OFFER_B = _("Back offer B")

PRICE = Range.of(YEN, low=0)


@dataclass(frozen=True, kw_only=True)
class OfferLadder(Model):
    """One month's income from front offers alone, and with a back offer above them.

    Advertising and fixed cost are not in it. Money is in yen, consumption tax excluded. Fields take
    a number or a NumPy array; `capacity` may be `inf`. Raises ValueError for a value that is not
    possible.

    Source: the course's own case of an expert who sells guides, then individual support.
    """

    lesson = "07_the_ceiling_and_the_ladder"
    menu = _("The ladder: income of a front and a back offer")

    leads: Annotated[
        People,
        Assumption(
            _("Leads"),
            _("New contacts a month."),
            FRONT,
            slider=(0, 2_000, 10),
        ),
    ] = 250
    front_rate: Annotated[Rate, FRONT_RATE] = 0.08
    front_purchases: Annotated[
        Number,
        Assumption(
            _("Purchases per front buyer"),
            _("Front offers sold ÷ front buyers."),
            FRONT,
            slider=(0, 10, 0.1),
            low=0,
        ),
    ] = 1.5
    front_margin: Annotated[Yen, replace(FRONT_MARGIN, slider=(-5_000, 20_000, 1))] = 4_482
    back_rate: Annotated[
        Rate,
        replace(
            BACK_RATE,
            about=_("Of all front buyers, the share who want the back offer."),
            slider=(0, 0.3, 0.005),
        ),
    ] = 0.05
    back_margin: Annotated[Yen, replace(BACK_MARGIN, slider=(0, 1_000_000, 10_000))] = 380_000
    capacity: Annotated[
        People,
        Assumption(
            _("Capacity"),
            _("New clients you can take on in one month at most."),
            BACK,
            slider=(0, 20, 0.5),
            infinite=True,
        ),
    ] = math.inf

    @property
    def front_income(self) -> Annotated[Yen, Answer(_("Front income a month"))]:
        """Leads × front-end rate × purchases per front buyer × front margin."""
        return self._front_buyers * self.front_purchases * self.front_margin

    @property
    def clients(self) -> Annotated[People, Answer(_("New clients a month"))]:
        """Front buyers who want the back offer, but never more than the capacity."""
        return plain(np.minimum(self._wanting, self.capacity))

    @property
    def income(self) -> Annotated[Yen, Answer(_("Income a month"))]:
        """Front income + new clients × back margin."""
        return self.front_income + self.clients * self.back_margin

    @property
    def multiplier(
        self,
    ) -> Annotated[
        Number, Answer(_("Multiplier (income ÷ front income)"), _("none: no income to multiply"))
    ]:
        """How many times the front income you earn with the back offer: income ÷ front income.

        1 + back rate × back margin ÷ (purchases × front margin) while the capacity is not reached.
        `nan` where the front offers earn nothing or lose.
        """
        earning = np.greater(self.front_income, 0)
        return where(earning, ratio(self.income, self.front_income), math.nan)

    @property
    def _front_buyers(self) -> Value:
        return self.leads * self.front_rate

    @property
    def _wanting(self) -> Value:
        return self._front_buyers * self.back_rate

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        yen, people = YEN.text, PEOPLE.text
        if not math.isfinite(float(self.income)):
            return TOO_LARGE
        if self._front_buyers == 0:
            return _("Nobody buys a front offer, so there is no front income and no client.")
        numbers = {"front": yen(self.front_income), "total": yen(self.income)}
        if self.clients == 0:
            return _(
                "The front offers bring {front} a month, and there are no clients for the back "
                "offer: this is all there is."
            ).format(**numbers)
        if self.back_margin <= 0:
            return _(
                "The front offers bring {front} a month; the back offer does not add to it, "
                "because a back sale earns {margin}. Together they bring {total}."
            ).format(margin=yen(self.back_margin), **numbers)
        parts = [
            _(
                "The front offers bring {front} a month; with the back offer (new clients a month: "
                "{clients}) income is {total}."
            ).format(clients=people(self.clients), **numbers)
        ]
        if math.isfinite(float(self.multiplier)):
            times = _("That is {multiplier:,.2f} times as much.")
            parts.append(times.format(multiplier=self.multiplier))
        if self._wanting > self.capacity:
            limit = _("The limit is your capacity: {wanting} would come, you can take {capacity}.")
            parts.append(
                limit.format(wanting=people(self._wanting), capacity=people(self.capacity))
            )
        return sentences(*parts)


@dataclass(frozen=True, kw_only=True)
class PriceResponse(Model):
    """How its price changes who takes the back offer: rate × (price ÷ known price)^−elasticity.

    The further a price is from the reference price, the more this curve is a guess. Money is in
    yen, consumption tax excluded. Fields take a number or a NumPy array; see each field's `about`
    for its meaning. Raises ValueError for a value that is not possible.

    Source: constant elasticity, Lerner's rule (margin ÷ price = 1 ÷ elasticity); the course's case.
    """

    lesson = "07_the_ceiling_and_the_ladder"
    menu = _("The ladder: which price for the back offer?")

    cost: Annotated[
        Yen,
        Assumption(
            _("Cost of one back sale"),
            _("What it costs you to deliver one back offer."),
            BACK,
            slider=(0, 500_000, 5_000),
            low=0,
        ),
    ] = 120_000
    elasticity: Annotated[
        Number,
        Assumption(
            _("Elasticity"),
            _("By how many percent the back-end rate falls when the price rises by 1%, nearly."),
            BACK,
            slider=(0, 5, 0.05),
            low=0,
        ),
    ] = 1.5
    reference_price: Annotated[
        Yen,
        Assumption(
            _("Reference price"),
            _("The price at which you know the back-end rate."),
            BACK,
            slider=(0, 1_000_000, 10_000),
            low=0,
        ),
    ] = 300_000
    reference_rate: Annotated[
        Rate,
        Assumption(
            _("Back-end rate at that price"),
            _("Of all front buyers, the share who take the back offer at the reference price."),
            BACK,
            slider=(0, 0.5, 0.005),
        ),
    ] = 0.08

    def rate(self, price: Value) -> Value:
        """Of all front buyers, the share who take the back offer at `price` (yen); never above 1.

        Takes a number or an array that fits the fields' shapes. Raises ValueError for a price below
        0 or anything that is not a number.
        """
        asked = PRICE.check("price", price)
        known = np.equal(asked, self.reference_price)
        cheaper = where(known, 1.0, ratio(self.reference_price, asked))
        return plain(np.minimum(times(self.reference_rate, power(cheaper, self.elasticity)), 1.0))

    def profit(self, price: Value) -> Value:
        """What the back offer earns per front buyer at `price`: (price − cost) × rate at it.

        Takes a number or an array that fits the fields' shapes. Raises ValueError for a price below
        0 or anything that is not a number.
        """
        return (PRICE.check("price", price) - self.cost) * self.rate(price)

    @property
    def best_price(
        self,
    ) -> Annotated[
        Yen, Answer(_("Most profitable price"), _("no best one: set a highest price yourself"))
    ]:
        """The price that earns most per front buyer: cost × elasticity ÷ (elasticity − 1).

        Never below the price at which every front buyer would buy, since a lower one wins nobody
        more. `inf` where the elasticity is 1 or less: the higher the price, the better, so cap it.
        """
        elastic = np.greater(self.elasticity, 1)
        lerner = times(self.cost, ratio(self.elasticity, self.elasticity - 1))
        best = np.maximum(lerner, self._price_all_accept)
        return where(elastic, plain(best), math.inf)

    @property
    def _price_all_accept(self) -> Value:
        return self.reference_price * power(self.reference_rate, ratio(1.0, self.elasticity))

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        yen, share = YEN.text, RATE.text
        if self.reference_rate == 0 or self.reference_price == 0:
            return _(
                "Without a price above zero that somebody pays, nothing can be said about others."
            )
        if self.elasticity <= 1:
            return _(
                "These numbers set no best price: at an elasticity of {elasticity:.2f} a higher "
                "price never earns less. Cap it: go no higher than what real customers have shown "
                "you they pay."
            ).format(elasticity=self.elasticity)
        if not math.isfinite(float(self.best_price)):
            return TOO_LARGE
        best, today = self.profit(self.best_price), self.profit(self.reference_price)
        if not (math.isfinite(float(best)) and math.isfinite(float(today))):
            return TOO_LARGE
        return _(
            "If buyers respond as assumed, {price} earns most: {rate} of front buyers take it, and "
            "each front buyer is worth {best}, against {today} at {reference}. Far from there this "
            "is a guess."
        ).format(
            price=yen(self.best_price),
            rate=share(self.rate(self.best_price)),
            best=yen(best),
            today=yen(today),
            reference=yen(self.reference_price),
        )


@dataclass(frozen=True, kw_only=True)
class TwoBackOffers(Model):
    """Two back offers for the same front buyers, each of whom takes at most one.

    The three shares are of different people, so together they should not pass 100 %; the verdict
    says so where they do. With both on offer, those who would take either get the one that earns
    more. Money is in yen, consumption tax excluded. Fields take a number or a NumPy array; see each
    field's `about` for its meaning. Raises ValueError for a value that is not possible.

    Source: the course's own case (assumptions marked "our assumption").
    """

    lesson = "07_the_ceiling_and_the_ladder"
    menu = _("The ladder: one of two back offers, or both?")

    front_buyers: Annotated[People, replace(FRONT_BUYERS, group=CUSTOMERS)] = 240
    only_a: Annotated[
        Rate,
        Assumption(
            _("Want only A"),
            _("Of all front buyers, the share who would take A and not B."),
            CUSTOMERS,
            slider=(0, 0.3, 0.005),
        ),
    ] = 0.04
    only_b: Annotated[
        Rate,
        Assumption(
            _("Want only B"),
            _("Of all front buyers, the share who would take B and not A."),
            CUSTOMERS,
            slider=(0, 0.3, 0.005),
        ),
    ] = 0.03
    either: Annotated[
        Rate,
        Assumption(
            _("Want either"),
            _("Of all front buyers, the share who would take whichever of the two is offered."),
            CUSTOMERS,
            slider=(0, 0.3, 0.005),
        ),
    ] = 0.01
    margin_a: Annotated[
        Yen,
        Assumption(
            _("Margin of A"),
            _("Contribution margin of one sale of A."),
            OFFER_A,
            slider=(0, 1_000_000, 10_000),
        ),
    ] = 380_000
    margin_b: Annotated[
        Yen,
        Assumption(
            _("Margin of B"),
            _("Contribution margin of one sale of B."),
            OFFER_B,
            slider=(0, 1_000_000, 10_000),
        ),
    ] = 200_000
    build_a: Annotated[
        Yen,
        Assumption(
            _("Cost of building A"),
            _("What it costs, once, to make A ready to sell; your own hours included."),
            OFFER_A,
            slider=(0, 5_000_000, 50_000),
            low=0,
        ),
    ] = 1_500_000
    build_b: Annotated[
        Yen,
        Assumption(
            _("Cost of building B"),
            _("What it costs, once, to make B ready to sell; your own hours included."),
            OFFER_B,
            slider=(0, 5_000_000, 50_000),
            low=0,
        ),
    ] = 800_000

    @property
    def value_a(self) -> Annotated[Yen, Answer(_("Profit with A alone"))]:
        """Front buyers × (only A + either) × margin of A − cost of building A."""
        return self.front_buyers * (self.only_a + self.either) * self.margin_a - self.build_a

    @property
    def value_b(self) -> Annotated[Yen, Answer(_("Profit with B alone"))]:
        """Front buyers × (only B + either) × margin of B − cost of building B."""
        return self.front_buyers * (self.only_b + self.either) * self.margin_b - self.build_b

    @property
    def value_both(self) -> Annotated[Yen, Answer(_("Profit with both"))]:
        """Front buyers × (only A, only B and either, each at its margin) − both building costs."""
        dearer = plain(np.maximum(self.margin_a, self.margin_b))
        per_buyer = self.only_a * self.margin_a + self.only_b * self.margin_b + self.either * dearer
        return self.front_buyers * per_buyer - self.build_a - self.build_b

    @property
    def best(self) -> str | NDArray[np.str_]:
        """Which to build: "a", "b", "both" or "neither"; an array of these words for a sweep.

        On a tie the one named first in: neither, a, b, both.
        """
        values = np.broadcast_arrays(0.0, self.value_a, self.value_b, self.value_both)
        words = np.array(["neither", "a", "b", "both"])[np.argmax(values, axis=0)]
        return words if np.ndim(words) else str(words)

    @property
    def break_even_only_b(
        self,
    ) -> Annotated[
        Rate,
        Answer(
            _("Want only B, for B to be worth adding to A"),
            _("none: nobody new buys B at a profit"),
        ),
    ]:
        """The share wanting only B at which adding B to A changes nothing; not clipped.

        (Cost of building B ÷ front buyers − either × what B earns more than A) ÷ margin of B.
        Below 0: B is worth adding even if nobody wants only B. Above 1: never worth it. Not finite
        where there are no front buyers; `nan` where B earns nothing.
        """
        gained = self.either * plain(np.maximum(0.0, self.margin_b - self.margin_a))
        needed = ratio(ratio(self.build_b, self.front_buyers) - gained, self.margin_b)
        return where(np.greater(self.margin_b, 0), needed, math.nan)

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        yen, rate = YEN.text, RATE.text
        if not all(map(math.isfinite, (self.value_a, self.value_b, self.value_both))):
            return TOO_LARGE
        wanted = self.only_a + self.only_b + self.either
        if wanted > 1 + 1e-9:
            return _(
                "These shares cannot be: together they come to {wanted} of front buyers, and each "
                "buyer may be counted once."
            ).format(wanted=rate(wanted))
        numbers = {
            "a": yen(self.value_a),
            "b": yen(self.value_b),
            "both": yen(self.value_both),
        }
        choices = {
            "neither": _("Build neither: A comes to {a}, B to {b}, both together to {both}."),
            "a": _("Build A alone: it earns {a}; B alone comes to {b}, both together to {both}."),
            "b": _("Build B alone: it earns {b}; A alone comes to {a}, both together to {both}."),
            "both": _("Build both: together they earn {both}; A alone comes to {a}, B to {b}."),
        }
        sentence = choices[str(self.best)].format(**numbers)
        if self.best in ("a", "both") and 0 < self.break_even_only_b <= 1:
            more = _(
                "Adding B to A pays from {needed} of front buyers who want only B; you assume "
                "{assumed}."
            ).format(needed=rate(self.break_even_only_b), assumed=rate(self.only_b))
            sentence = sentences(sentence, more)
        return sentence
