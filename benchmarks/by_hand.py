"""Every model's formula as one would type it into a notebook: no checks, no edges, no names.

Each takes the scenario of defaults, for its numbers, and the array that is swept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import betaln, gammaincinv

import twostep as ts
from twostep.models.base import Model


@dataclass(frozen=True)
class Sweep:
    """One field of a model (or argument of the answer) over a range, and the answer by hand."""

    model: type[Model]
    field: str
    low: float
    high: float
    answer: str
    by_hand: Callable[[Any, Any], Any]
    arguments: tuple[float, ...] = ()
    whole: bool = False


def funnel(d: Any, back_rate: Any) -> Any:
    value = d.lead_rate * (
        -d.gift_cost + d.front_rate * (d.front_margin + back_rate * d.back_margin)
    )
    return d.visits * (value - d.cost_per_visit) - d.fixed_cost


def trial(d: Any, retention: Any) -> Any:
    ltv = d.delivery_margin * (1 + d.discount_rate) / (1 + d.discount_rate - retention)
    allowable = d.trial_price - d.trial_cost + d.upgrade_rate * ltv / (1 + d.discount_rate) ** d.lag
    return allowable - d.cost_per_trial


def survival(d: Any, alpha: Any) -> Any:
    return np.exp(betaln(alpha, d.beta + 12) - betaln(alpha, d.beta))


def contact_list(d: Any, response_rate: Any) -> Any:
    month = d.messages_per_month * (response_rate * d.visit_margin - d.message_cost)
    kept = (1 - d.monthly_block_rate) / (1 + d.discount_rate)
    months = (1 - kept**d.months) / (1 - kept)
    return d.registrations * ((1 - d.instant_block_rate) * month * months - d.gift_cost)


def sample_offer(d: Any, return_rate: Any) -> Any:
    each = return_rate * d.visit_margin - d.sample_cost + d.list_value
    return d.uptake * d.registration_rate * each


def rainy_day(d: Any, friends: Any) -> Any:
    extra = np.minimum(friends * d.open_rate * d.response_rate, d.seats - d.usual_visits)
    each = (1 - d.shifted_share) * d.visit_margin - d.discount
    given_away = d.usual_visits * d.redeeming_share * d.discount + friends * d.message_cost
    return extra * each - given_away


def loss_leader(d: Any, attach_rate: Any) -> Any:
    margin = d.leader_price - d.leader_cost
    new = d.new_customers * (margin + attach_rate * d.attach_margin)
    return new - d.usual_customers * d.switch_rate * (d.usual_margin - margin)


def ladder(d: Any, front_rate: Any) -> Any:
    buyers = d.leads * front_rate
    clients = np.minimum(buyers * d.back_rate, d.capacity)
    return buyers * d.front_purchases * d.front_margin + clients * d.back_margin


def price_response(d: Any, price: Any) -> Any:
    rate = np.minimum(1, d.reference_rate * (d.reference_price / price) ** d.elasticity)
    return (price - d.cost) * rate


def two_back_offers(d: Any, only_b: Any) -> Any:
    dearer = max(d.margin_a, d.margin_b)
    each = d.only_a * d.margin_a + only_b * d.margin_b + d.either * dearer
    return d.front_buyers * each - d.build_a - d.build_b


def which_first(d: Any, prior_a: Any) -> Any:
    b, n, total = d.prior_b, d.pilots, 0.0
    prior = betaln(prior_a, b)
    income = d.front_buyers * d.back_margin
    for x in range(int(n) + 1):
        ways = -np.log1p(n) - betaln(n - x + 1, x + 1)
        chance = np.exp(ways + betaln(prior_a + x, b + n - x) - prior)
        profit = income * (prior_a + x) / (prior_a + b + n) - d.build_cost
        total = total + chance * np.maximum(0, profit)
    return total - np.maximum(0, income * prior_a / (prior_a + b) - d.build_cost)


def audience(d: Any, leave_rate: Any) -> Any:
    stay, cool = 1 - leave_rate, 1 - d.warming_rate
    trusting = leave_rate * 0
    followers = leave_rate * 0
    for _month in range(12):
        trusting = stay * (cool * trusting + d.warming_rate * followers)
        followers = stay * followers + d.new_per_month
    return trusting


def front_offer_fit(d: Any, fit_share: Any) -> Any:
    back_rate = fit_share * d.fit_rate + (1 - fit_share) * d.misfit_rate
    return d.uptake * (back_rate * d.back_margin - d.offer_cost)


def generosity(d: Any, substitution: Any) -> Any:
    best = np.clip((d.trust_gain - substitution) / (2 * d.trust_gain * substitution), 0, 1)
    return (1 + d.trust_gain * best) * (1 - substitution * best)


def guarantee(d: Any, success_rate: Any) -> Any:
    refunds = (1 - success_rate) * d.claim_rate + success_rate * d.opportunist_rate
    return d.clients * (1 + d.demand_lift) * (d.price * (1 - refunds) - d.delivery_cost)


def capacity(d: Any, hours_per_client: Any) -> Any:
    return d.hours_per_month / (hours_per_client * d.months_per_client)


def split_test(d: Any, shown_b: Any) -> Any:
    a1, b1 = 1 + d.buyers_b, 1 + shown_b - d.buyers_b
    a2, b2 = 1 + d.buyers_a, 1 + d.shown_a - d.buyers_a
    total = 0.0
    for i in range(int(a1)):
        logarithm = betaln(a2 + i, b1 + b2) - np.log(b1 + i) - betaln(1 + i, b1) - betaln(a2, b2)
        total = total + np.exp(logarithm)
    return total


def refresh(d: Any, refresh_cost: Any) -> Any:
    return gammaincinv(2, refresh_cost * d.decay_rate / d.monthly_margin) / d.decay_rate


SWEEPS = (
    Sweep(ts.Funnel, "back_rate", 0, 0.2, "profit", funnel),
    Sweep(ts.Trial, "retention", 0, 0.99, "net_value", trial),
    Sweep(ts.ShiftedBetaGeometric, "alpha", 0.1, 10, "survival", survival, (12,)),
    Sweep(ts.ContactList, "response_rate", 0, 0.1, "total_value", contact_list),
    Sweep(ts.SampleOffer, "return_rate", 0, 0.5, "registered_value", sample_offer),
    Sweep(ts.RainyDayOffer, "friends", 0, 5_000, "extra_profit", rainy_day),
    Sweep(ts.LossLeader, "attach_rate", 0, 3, "extra_profit", loss_leader),
    Sweep(ts.OfferLadder, "front_rate", 0, 0.5, "income", ladder),
    Sweep(ts.PriceResponse, "price", 50_000, 1_000_000, "profit", price_response),
    Sweep(ts.TwoBackOffers, "only_b", 0, 0.3, "value_both", two_back_offers),
    Sweep(ts.WhichFirst, "prior_a", 0.1, 10, "evsi", which_first),
    Sweep(ts.Audience, "leave_rate", 0, 0.3, "trust", audience, (12,)),
    Sweep(ts.FrontOfferFit, "fit_share", 0, 1, "value_per_visitor", front_offer_fit),
    Sweep(ts.Generosity, "substitution", 0.01, 1, "best_multiplier", generosity),
    Sweep(ts.Guarantee, "success_rate", 0, 1, "profit_with", guarantee),
    Sweep(ts.Capacity, "hours_per_client", 0.5, 40, "new_clients_per_month", capacity),
    Sweep(ts.SplitTest, "shown_b", 100, 5_000, "probability_b_better", split_test, whole=True),
    Sweep(ts.Refresh, "refresh_cost", 0, 2_000_000, "best_months", refresh),
)
