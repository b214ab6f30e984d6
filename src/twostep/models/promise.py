"""Promise only what you deliver. Guarantee, readiness, capacity."""

import math
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from twostep._text import _
from twostep.models.base import TOO_LARGE, Model, no_more_than, plain, ratio, where
from twostep.models.spread import HUGE, chance_below
from twostep.units import (
    MONTHS,
    PEOPLE,
    RATE,
    YEN,
    Answer,
    Assumption,
    Months,
    Number,
    People,
    Range,
    Rate,
    Value,
    Yen,
    counted,
)

__all__ = ["Capacity", "Guarantee", "readiness"]

OFFER = _("Back offer")
REFUNDS = _("Results and refunds")
DEMAND = _("Demand")
TIME = _("Your time")

CLIENTS = counted(_("{number} clients"), _("{number} client"))
NEW_CLIENTS = counted(_("{number} new ones"), _("{number} new one"))


@dataclass(frozen=True, kw_only=True)
class Guarantee(Model):
    """Money back if there is no result: what it costs, and how much extra demand it needs.

    Fields take a number or a NumPy array.

    Source: the price is the one named in the course's first source; the other numbers are our
    assumptions.
    """

    lesson = "11_promise_only_what_you_deliver"
    menu = _("A promise: what a guarantee costs")

    price: Annotated[
        Yen,
        Assumption(
            _("Price"),
            _("What a client pays for the back offer, and gets back in a refund."),
            OFFER,
            slider=(0, 1_000_000, 10_000),
            basis=_("the course's first source"),
            low=0,
        ),
    ] = 500_000
    delivery_cost: Annotated[
        Yen,
        Assumption(
            _("Delivery cost"),
            _("What serving one client costs you, whether the client gets a refund or not."),
            OFFER,
            slider=(0, 500_000, 10_000),
            low=0,
        ),
    ] = 150_000
    success_rate: Annotated[
        Rate,
        Assumption(
            _("Success rate"),
            _("Of all clients, the share who reach the promised result."),
            REFUNDS,
            slider=(0, 1, 0.01),
        ),
    ] = 0.70
    claim_rate: Annotated[
        Rate,
        Assumption(
            _("Claim rate"),
            _("Of the clients without a result, the share who ask for their money back."),
            REFUNDS,
            slider=(0, 1, 0.01),
        ),
    ] = 0.80
    opportunist_rate: Annotated[
        Rate,
        Assumption(
            _("Opportunist rate"),
            _("Of the clients with a result, the share who ask for their money back all the same."),
            REFUNDS,
            slider=(0, 0.5, 0.01),
        ),
    ] = 0.05
    clients: Annotated[
        People,
        Assumption(
            _("Clients without a guarantee"),
            _("Clients you would have if you promised no refund."),
            DEMAND,
            slider=(0, 100, 1),
        ),
    ] = 10
    demand_lift: Annotated[
        Rate,
        Assumption(
            _("Demand lift"),
            _("Extra clients the guarantee brings, as a share of the clients without it."),
            DEMAND,
            slider=(0, 2, 0.05),
            high=math.inf,
        ),
    ] = 0.40

    @property
    def refund_rate(self) -> Annotated[Rate, Answer(_("Refund rate"))]:
        """Of all clients, the share who get their money back under the guarantee."""
        failed = (1 - self.success_rate) * self.claim_rate
        return failed + self.success_rate * self.opportunist_rate

    @property
    def net_without(self) -> Annotated[Yen, Answer(_("Net per client without a guarantee"))]:
        """Price − delivery cost."""
        return self.price - self.delivery_cost

    @property
    def net_with(self) -> Annotated[Yen, Answer(_("Net per client with the guarantee"))]:
        """Price × (1 − refund rate) − delivery cost."""
        return self.price * (1 - self.refund_rate) - self.delivery_cost

    @property
    def profit_without(self) -> Annotated[Yen, Answer(_("Profit without a guarantee"))]:
        """Clients × net per client without a guarantee."""
        return self.clients * self.net_without

    @property
    def profit_with(self) -> Annotated[Yen, Answer(_("Profit with the guarantee"))]:
        """Clients × (1 + demand lift) × net per client with the guarantee."""
        return self.clients * (1 + self.demand_lift) * self.net_with

    @property
    def break_even_lift(
        self,
    ) -> Annotated[Rate, Answer(_("Break-even demand lift"), _("no lift is enough"))]:
        """The demand lift at which the guarantee earns as much as no guarantee.

        `inf` where a guaranteed client earns nothing, or loses, and refunds are the reason for it.
        """
        lift = ratio(self.net_without, self.net_with) - 1
        possible = where(np.greater(self.net_with, 0), lift, math.inf)
        return where(np.equal(self.net_with, self.net_without), 0.0, possible)

    @property
    def break_even_success_rate(
        self,
    ) -> Annotated[
        Rate,
        Answer(
            _("Success rate at which a guaranteed client leaves nothing"),
            _("more success does not pay for refunds"),
        ),
    ]:
        """The success rate at which a guaranteed client earns nothing; not clipped.

        Below 0: a client always earns. Above 1 (or `inf`, at a price of 0): never. `nan` where
        success does not lower the refunds, and where price and delivery cost are both 0.
        """
        return self._success_rate_leaving(0.0)

    @property
    def paying_success_rate(
        self,
    ) -> Annotated[
        Rate,
        Answer(
            _("Success rate from which the guarantee pays"),
            _("more success does not pay for refunds"),
        ),
    ]:
        """The success rate at which the guarantee earns as much as no guarantee; not clipped.

        Read as `break_even_success_rate`, which asks for less: there a client leaves nothing.
        """
        return self._success_rate_leaving(self.net_without / (1 + self.demand_lift))

    def _success_rate_leaving(self, net: Value) -> Value:
        """The success rate at which a guaranteed client leaves so many yen."""
        useful = np.greater(self.claim_rate, self.opportunist_rate)
        fewer_claims = where(useful, self.claim_rate - self.opportunist_rate, 1.0)
        needed = ratio(self.delivery_cost + net, self.price) - 1 + self.claim_rate
        return where(useful, needed / fewer_claims, math.nan)

    @property
    def loss_probability(self) -> Annotated[Rate, Answer(_("How often the guarantee loses"), HUGE)]:
        """P(refunds cost more than the extra clients bring), although the averages hold.

        The clients are as planned, those the guarantee brings included; each of them gets a refund
        with the refund rate, so that the refunds are binomial.
        """
        brings = self.clients * self.demand_lift * self.net_without
        clients = self.clients * (1 + self.demand_lift)
        return chance_below(-brings, clients, self.refund_rate, -self.price)

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        yen, rate = YEN.text, RATE.text
        if not math.isfinite(float(self.profit_with) + float(self.profit_without)):
            return TOO_LARGE
        if self.net_without <= 0:
            return _(
                "Do not guarantee this: even without refunds a client earns nothing (price {price} "
                "− delivery {cost})."
            ).format(price=yen(self.price), cost=yen(self.delivery_cost))
        if not math.isfinite(float(self.break_even_lift)):
            return _(
                "Do not guarantee this: with refunds to {refunds} of the clients, a client earns "
                "nothing ({net} each), so no extra demand is enough."
            ).format(refunds=rate(self.refund_rate), net=yen(self.net_with))
        if self.clients == 0:
            return _(
                "Without any clients the guarantee changes nothing. With clients, it needs "
                "{needed} more of them to pay for its refunds."
            ).format(needed=rate(self.break_even_lift))
        numbers = {
            "refunds": rate(self.refund_rate),
            "needed": rate(self.break_even_lift),
            "assumed": rate(self.demand_lift),
            "with_it": yen(self.profit_with),
            "without": yen(self.profit_without),
        }
        if self.profit_with > self.profit_without:
            return _(
                "The guarantee pays: it needs {needed} more clients to make up for refunds to "
                "{refunds} of them, and you assume {assumed}. Profit {with_it} instead of "
                "{without}."
            ).format(**numbers)
        if self.profit_with == self.profit_without:
            return _(
                "The guarantee makes no difference: you earn {with_it} with it and without it."
            ).format(**numbers)
        return _(
            "The guarantee loses: it needs {needed} more clients to make up for refunds to "
            "{refunds} of them, but you assume {assumed}. Profit {with_it} instead of {without}."
        ).format(**numbers)


def readiness(successes: Value, clients: Value, required_rate: Value) -> Value:
    """P(success rate ≥ `required_rate`) after `successes` among all `clients` so far.

    Before the first client every success rate is equally likely (Beta(1, 1)). Count every client,
    not only those who tell of success. Takes whole numbers and a share, or arrays of them. Raises
    ValueError for anything else, and for more successes than clients.
    """
    from scipy.special import betaincc

    counts = Range.of(PEOPLE, whole=True)
    won, all_clients = counts.check("successes", successes), counts.check("clients", clients)
    no_more_than("successes", won, "clients", all_clients)
    required = Range.of(RATE).check("required_rate", required_rate)
    return plain(betaincc(1 + won, 1 + all_clients - won, required))


@dataclass(frozen=True, kw_only=True)
class Capacity(Model):
    """How many clients your hours allow, at once and new each month.

    Fields take a number or a NumPy array.

    Source: Little's law; the numbers are our assumptions.
    """

    lesson = "07_the_ceiling_and_the_ladder"
    menu = _("The ceiling: how many clients your hours allow")

    hours_per_month: Annotated[
        Number,
        Assumption(
            _("Hours a month"),
            _("Hours you can give to clients, per month."),
            TIME,
            slider=(0, 200, 5),
            low=0,
        ),
    ] = 80
    hours_per_client: Annotated[
        Number,
        Assumption(
            _("Hours per client"),
            _("Hours one client takes, per month."),
            TIME,
            slider=(0, 40, 0.5),
            low=0,
        ),
    ] = 5
    months_per_client: Annotated[
        Months,
        Assumption(
            _("Months per client"),
            _("How long you work with one client."),
            TIME,
            slider=(0, 24, 1),
        ),
    ] = 6

    @property
    def concurrent_clients(
        self,
    ) -> Annotated[People, Answer(_("Clients at the same time"), _("your hours set no limit"))]:
        """Hours a month ÷ hours per client; `inf` or `nan` where a client takes no hours."""
        return ratio(self.hours_per_month, self.hours_per_client)

    @property
    def new_clients_per_month(
        self,
    ) -> Annotated[People, Answer(_("New clients a month"), _("your hours set no limit"))]:
        """Clients at the same time ÷ months per client; `inf` or `nan` where these take no time."""
        return ratio(self.hours_per_month, self.hours_per_client * self.months_per_client)

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        if not math.isfinite(float(self.concurrent_clients)):
            return _("A client takes none of your hours, so your hours set no limit.")
        if self.hours_per_month == 0:
            return _("You have no hours for clients, so take none.")
        if not math.isfinite(float(self.new_clients_per_month)):
            return _(
                "You can serve {now} at the same time. A client who stays {months} makes room "
                "at once, so your hours set no limit on new ones."
            ).format(
                now=CLIENTS.text(self.concurrent_clients),
                months=MONTHS.text(self.months_per_client),
            )
        return _(
            "Your hours are enough for {now} at the same time, and for {new} a month. Promise no "
            "more."
        ).format(
            now=CLIENTS.text(self.concurrent_clients),
            new=NEW_CLIENTS.text(self.new_clients_per_month),
        )
