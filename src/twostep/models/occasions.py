"""Two offers for one day in a shop: a message on a rainy evening, and a 100-yen item."""

import math
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from twostep._text import _
from twostep.models.base import TOO_LARGE, Model, plain, ratio, where
from twostep.models.fields import MESSAGE_COST, VISIT_MARGIN
from twostep.models.spread import HUGE, ROUNDING, chance_below
from twostep.units import (
    PEOPLE,
    RATE,
    YEN,
    Answer,
    Assumption,
    People,
    Rate,
    Value,
    Yen,
    counted,
)

__all__ = ["LossLeader", "RainyDayOffer"]

EVENING = _("This evening")
MESSAGE = _("Message")
OFFER = _("Offer")
USUAL = _("Usual customers")
NEW = _("New customers")
LEADER = _("The cheap item")

EXTRA_VISITS = counted(_("{number} extra visits"), _("{number} extra visit"))
FREE_SEATS = counted(_("{number} seats are free"), _("{number} seat is free"))


@dataclass(frozen=True, kw_only=True)
class RainyDayOffer(Model):
    """A message to your contacts on one quiet day, with a discount for those who come.

    Seats, staff and rent are paid for that day whatever happens, so only the margin of one visit
    more counts. Money is in yen, consumption tax excluded. Fields take a number or a NumPy array;
    see each field's `about` for its meaning. Raises ValueError for a value that is not possible.

    Source: the course's own case of the second source's pub ("it is raining: beer half price").
    """

    lesson = "04_who_would_have_come_anyway"
    menu = _("Rain: is the rainy-day message worth sending?")

    seats: Annotated[
        People,
        Assumption(
            _("Seats"),
            _("Visits you can serve that evening at most."),
            EVENING,
            slider=(0, 200, 1),
        ),
    ] = 40
    usual_visits: Annotated[
        People,
        Assumption(
            _("Usual visits"),
            _("Visits you would have that evening without any message."),
            EVENING,
            slider=(0, 200, 1),
        ),
    ] = 12
    friends: Annotated[
        People,
        Assumption(
            _("Friends"),
            _("Contacts whom the message reaches, those who blocked you not counted."),
            MESSAGE,
            slider=(0, 5_000, 50),
        ),
    ] = 800
    open_rate: Annotated[
        Rate,
        Assumption(
            _("Open rate"),
            _("Of all contacts whom the message reaches, the share who open it."),
            MESSAGE,
            slider=(0, 1, 0.01),
            basis=_("on LINE about 55% (its operator 2022, via blogs)"),
        ),
    ] = 0.55
    response_rate: Annotated[
        Rate,
        Assumption(
            _("Response rate"),
            _("Extra visits ÷ people who open it: visits that would not have come that evening."),
            MESSAGE,
            slider=(0, 0.2, 0.001),
        ),
    ] = 0.02
    visit_margin: Annotated[
        Yen,
        replace(
            VISIT_MARGIN,
            about=_("Contribution margin of one visit, before the discount."),
            group=OFFER,
        ),
    ] = 2_300
    discount: Annotated[
        Yen,
        Assumption(
            _("Discount"),
            _("What one visit that uses the offer gets off."),
            OFFER,
            slider=(0, 5_000, 50),
            low=0,
        ),
    ] = 500
    redeeming_share: Annotated[
        Rate,
        Assumption(
            _("Redeeming share"),
            _("Of the usual visitors, the share who use the discount too."),
            OFFER,
            slider=(0, 1, 0.01),
        ),
    ] = 0.7
    message_cost: Annotated[Yen, replace(MESSAGE_COST, group=MESSAGE)] = 3
    shifted_share: Annotated[
        Rate,
        Assumption(
            _("Shifted share"),
            _("Of the extra visits, the share who would have come on another day at full price."),
            OFFER,
            slider=(0, 1, 0.01),
        ),
    ] = 0

    @property
    def extra_visits(self) -> Annotated[People, Answer(_("Extra visits"))]:
        """Friends × open rate × response rate, but never more than the free seats."""
        willing = self.friends * self.open_rate * self.response_rate
        return plain(np.minimum(willing, self._free_seats))

    @property
    def extra_profit(self) -> Annotated[Yen, Answer(_("Extra profit of the evening"))]:
        """Extra visits × yen each brings − discounts of usual visitors − messages."""
        return self.extra_visits * self._extra_visit_value - self._given_away

    @property
    def break_even_extra_visits(
        self,
    ) -> Annotated[
        People,
        Answer(
            _("Break-even extra visits"), _("no number is enough: an extra visit earns nothing")
        ),
    ]:
        """Extra visits that repay the usual visitors' discounts and the messages.

        `inf` where an extra visit earns nothing after the discount. Seats are not looked at.
        """
        enough = ratio(self._given_away, self._extra_visit_value)
        return where(np.greater(self._extra_visit_value, 0), enough, math.inf)

    @property
    def loss_probability(
        self,
    ) -> Annotated[Rate, Answer(_("How often such an evening loses"), HUGE)]:
        """P(extra profit < 0), although the averages hold: each friend comes or stays away.

        The usual visits, their discounts and the shifted share are as planned; the extra visits are
        binomial, friends × open rate × response rate on average, and no more than the free seats.
        """
        each, needed = self._extra_visit_value, self._given_away
        comes = self.open_rate * self.response_rate
        too_few = chance_below(needed, self.friends, comes, each)
        full_house_loses = np.less(self._free_seats * each, needed * (1 - ROUNDING))
        risk = where(np.greater(each, 0) & full_house_loses, 1.0, too_few)
        return where(np.equal(self._free_seats, 0), where(np.greater(needed, 0), 1.0, 0.0), risk)

    @property
    def _free_seats(self) -> Value:
        return plain(np.maximum(self.seats - self.usual_visits, 0.0))

    @property
    def _extra_visit_value(self) -> Value:
        return (1 - self.shifted_share) * self.visit_margin - self.discount

    @property
    def _given_away(self) -> Value:
        discounts = self.usual_visits * self.redeeming_share * self.discount
        return discounts + self.friends * self.message_cost

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        yen, people = YEN.text, PEOPLE.text
        if not math.isfinite(float(self.extra_profit)):
            return TOO_LARGE
        numbers = {
            "cost": yen(self._given_away),
            "extra": people(self.extra_visits),
            "each": yen(self._extra_visit_value),
            "total": yen(abs(float(self.extra_profit))),
        }
        if self._free_seats == 0:
            return _(
                "Do not send it: there is no free seat, so the message and the discounts of usual "
                "visitors, {cost}, are simply given away."
            ).format(**numbers)
        if self.extra_visits == 0:
            return _(
                "Do not send it: nobody comes because of it, and the message and the discounts of "
                "usual visitors cost {cost}."
            ).format(**numbers)
        if self._extra_visit_value <= 0:
            return _(
                "Do not send it: after the discount an extra visit brings {each}, so extra visits "
                "cannot pay for the offer. It loses {total}."
            ).format(**numbers)
        if not math.isfinite(float(self.break_even_extra_visits)):
            return TOO_LARGE
        numbers["needed"] = EXTRA_VISITS.text(self.break_even_extra_visits)
        if self.extra_profit >= 0:
            return _(
                "Send it: you earn {total} more this evening. It takes {needed} to repay it; you "
                "expect {extra}."
            ).format(**numbers)
        if self.break_even_extra_visits > self._free_seats:
            return _(
                "Do not send it: you lose {total}. It would take {needed} to repay it, and only "
                "{free}."
            ).format(free=FREE_SEATS.text(self._free_seats), **numbers)
        return _(
            "Do not send it: you lose {total}. It would take {needed} to repay it; you expect "
            "{extra}."
        ).format(**numbers)


@dataclass(frozen=True, kw_only=True)
class LossLeader(Model):
    """A cheap item (a 100-yen one) that brings new customers and tempts usual ones; per day.

    It is a loss leader in the strict sense only where its own margin is below zero. Money is in
    yen, consumption tax excluded. Fields take a number or a NumPy array; see each field's `about`
    for its meaning. Raises ValueError for a value that is not possible.

    Source: the course's own case of the second source's fast-food shop.
    """

    lesson = "04_who_would_have_come_anyway"
    menu = _("The ¥100 item: new customers or a lower price?")

    usual_customers: Annotated[
        People,
        Assumption(
            _("Usual customers"),
            _("Customers a day without the cheap item."),
            USUAL,
            slider=(0, 2_000, 10),
        ),
    ] = 300
    switch_rate: Annotated[
        Rate,
        Assumption(
            _("Switch rate"),
            _("Of the usual customers, the share who now take the cheap item instead."),
            USUAL,
            slider=(0, 1, 0.01),
        ),
    ] = 0.08
    usual_margin: Annotated[
        Yen,
        Assumption(
            _("Usual margin"),
            _("Contribution margin of what a switching customer no longer buys."),
            USUAL,
            slider=(-100, 1_000, 10),
        ),
    ] = 180
    new_customers: Annotated[
        People,
        Assumption(
            _("New customers"),
            _("Customers a day who come only because of the cheap item."),
            NEW,
            slider=(0, 500, 5),
        ),
    ] = 40
    leader_price: Annotated[
        Yen,
        Assumption(
            _("Price of the cheap item"),
            _("What one cheap item is sold for."),
            LEADER,
            slider=(0, 500, 10),
            basis=_("the example of the course's second source"),
            low=0,
        ),
    ] = 100
    leader_cost: Annotated[
        Yen,
        Assumption(
            _("Cost of the cheap item"),
            _("What one more cheap item costs you."),
            LEADER,
            slider=(0, 500, 10),
            low=0,
        ),
    ] = 60
    attach_rate: Annotated[
        Rate,
        Assumption(
            _("Attach rate (併売率)"),
            _("Other items that new customers buy ÷ new customers; may be above 100%."),
            NEW,
            slider=(0, 3, 0.05),
            high=math.inf,
        ),
    ] = 0.60
    attach_margin: Annotated[
        Yen,
        Assumption(
            _("Attach margin"),
            _("Contribution margin of one other item that a new customer buys."),
            NEW,
            slider=(-100, 1_000, 10),
        ),
    ] = 250

    @property
    def leader_margin(self) -> Annotated[Yen, Answer(_("Margin of the cheap item"))]:
        """Price − cost of the cheap item; below zero for a loss leader in the strict sense."""
        return self.leader_price - self.leader_cost

    @property
    def extra_profit(self) -> Annotated[Yen, Answer(_("Extra profit a day"))]:
        """What new customers bring, less what switching customers no longer bring."""
        return self.extra_profit_ignoring_switchers - self._lost_to_switching

    @property
    def extra_profit_ignoring_switchers(
        self,
    ) -> Annotated[Yen, Answer(_("Extra profit if you forget the switchers"))]:
        """New customers × (margin of the cheap item + attach rate × attach margin)."""
        return self.new_customers * (self.leader_margin + self.attach_rate * self.attach_margin)

    @property
    def break_even_attach_rate(
        self,
    ) -> Annotated[
        Rate,
        Answer(
            _("Break-even attach rate"), _("none: nobody new comes, or what they add earns nothing")
        ),
    ]:
        """The attach rate at which the extra profit is zero; not clipped.

        0 or below: it pays even if new customers buy nothing else. Above 1 is possible: items per
        customer. `inf` where nobody new comes to repay what switching costs; `nan` where nobody new
        comes and nothing is to be repaid, and where attached items earn nothing.
        """
        each = ratio(self._lost_to_switching, self.new_customers) - self.leader_margin
        needed = where(
            np.greater(self.new_customers, 0),
            ratio(each, self.attach_margin),
            where(np.greater(self._lost_to_switching, 0), math.inf, math.nan),
        )
        return where(np.greater(self.attach_margin, 0), needed, math.nan)

    @property
    def _lost_to_switching(self) -> Value:
        switchers = self.usual_customers * self.switch_rate
        return switchers * (self.usual_margin - self.leader_margin)

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        yen, rate = YEN.text, RATE.text
        if not math.isfinite(float(self.extra_profit)):
            return TOO_LARGE
        numbers = {
            "total": yen(abs(float(self.extra_profit))),
            "new": yen(self.extra_profit_ignoring_switchers),
            "assumed": rate(self.attach_rate),
        }
        if self.new_customers == 0:
            return self._nobody_new
        if not math.isfinite(float(self.break_even_attach_rate)):
            if self.attach_margin > 0:
                return TOO_LARGE
            if self.extra_profit >= 0:
                return _(
                    "It earns {total} a day, although what new customers buy beside it earns "
                    "nothing."
                ).format(**numbers)
            return _(
                "It loses {total} a day, and what new customers buy beside it earns nothing, so a "
                "higher attach rate does not help."
            ).format(**numbers)
        if self.break_even_attach_rate <= 0:
            return _(
                "It pays, {total} a day, and would pay even if new customers bought nothing else."
            ).format(**numbers)
        numbers["needed"] = rate(self.break_even_attach_rate)
        if self.extra_profit >= 0:
            return _(
                "It pays: {total} a day, and not the {new} you would report if you forgot the "
                "customers who switch. You need an attach rate of {needed}; you assume {assumed}."
            ).format(**numbers)
        return _(
            "It does not pay: you lose {total} a day. You need an attach rate of {needed}; you "
            "assume {assumed}."
        ).format(**numbers)

    @property
    def _nobody_new(self) -> str:
        if self._lost_to_switching == 0:
            return _("Nobody new comes, and usual customers bring as much as before: no change.")
        if self._lost_to_switching < 0:
            return _(
                "Nobody new comes; you earn {gain} more a day, only because the cheap item earns "
                "more than what usual customers took before."
            ).format(gain=YEN.text(self.extra_profit))
        return _(
            "It does not pay: nobody new comes, and usual customers who switch cost you {loss} a "
            "day. No attach rate changes that."
        ).format(loss=YEN.text(-self.extra_profit))
