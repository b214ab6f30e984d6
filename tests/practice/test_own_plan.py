"""What the questions of lesson 13 say of the sample is what its files say."""

import pytest

from twostep import Orders
from twostep.data import sample_orders
from twostep.practice import own_plan


def test_the_numbers_of_the_predictions_are_those_of_the_sample() -> None:
    orders = Orders.read(*sample_orders())
    found = orders.front_back({"Trial set (7 days)"}, {"Monthly box"}, window_days=90)
    said = own_plan.SAMPLE
    counted = (found.at_risk, found.rate_of_everybody.count, found.too_recent)
    assert counted == (said.at_risk, said.went_on, said.recent)
    assert (found.too_recent_converted, found.converted) == (said.recent_went_on, said.converted)
    plan = found.to_trial(trial_cost=1_300, delivery_cost=1_800, cost_per_trial=2_500)
    verdict = own_plan.predict_verdict.given
    rates = (verdict.rate, verdict.low, verdict.high, verdict.needed)
    measured = (found.rate.value, found.rate.low, found.rate.high, plan.break_even.value)
    assert rates == pytest.approx(measured, abs=0.0005)
    people = (found.rate.of, plan.customers_needed)
    assert (verdict.counted, verdict.enough) == pytest.approx(people, abs=0.5)
    assert plan.decision == "not known yet"
