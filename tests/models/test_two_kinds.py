"""Two kinds of customers: worked by hand, by counting customers, and by other fits."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import scenarios

from twostep import ShiftedBetaGeometric, TwoKinds
from twostep.data import retention_2007

REN = [600, 480, 408, 361, 327, 301]


def test_the_worked_case() -> None:
    customers = TwoKinds()
    assert customers.first_retention == pytest.approx(0.60)
    assert customers.second_retention == pytest.approx((0.81 + 0.09) / 1.2)
    assert customers.faithful_among(1) == pytest.approx(0.75)
    assert customers.left_after_twelve == pytest.approx(0.5 * 0.9**12 + 0.5 * 0.3**12)
    assert customers.constant_after_twelve == pytest.approx(0.6**12)


@given(scenarios(TwoKinds))
def test_retention_is_counted_customer_by_customer_and_never_falls(customers: TwoKinds) -> None:
    share, high, low = map(
        Fraction,
        (customers.faithful_share, customers.faithful_retention, customers.casual_retention),
    )
    groups = {high: share, low: 1 - share} if high != low else {high: Fraction(1)}
    before, last = Fraction(1), -1.0
    for renewal in range(1, 5):
        groups = {rate: people * rate for rate, people in groups.items()}
        now = sum(groups.values(), Fraction(0))
        found = float(customers.retention(renewal))
        if before == 0 or (float(before) < 1e-290):
            break
        assert found == pytest.approx(float(now / before), abs=1e-9)
        assert found >= last - 1e-9
        before, last = now, found


def test_payments_are_the_sum_of_the_survivals() -> None:
    customers = TwoKinds(faithful_share=0.68, faithful_retention=0.937, casual_retention=0.51)
    for rate in (0.01, 0.1):
        survivals = [float(customers.survival(t)) / (1 + rate) ** t for t in range(3_000)]
        assert customers.expected_payments(rate) == pytest.approx(math.fsum(survivals))
        assert customers.payments_within(24, rate) == pytest.approx(math.fsum(survivals[:24]))
    assert customers.payments_within(0, 0.01) == 0
    assert TwoKinds(faithful_retention=1).expected_payments(0) == math.inf


def test_two_descriptions_of_the_same_counts_fit_alike_and_differ_in_worth() -> None:
    """A review found 68% at 93.7% and 32% at 51%: -852.34, against -852.36 for many kinds."""
    two, many = TwoKinds.fit(REN), ShiftedBetaGeometric.fit(REN)
    assert two.faithful_share == pytest.approx(0.68, abs=0.005)
    assert two.faithful_retention == pytest.approx(0.937, abs=0.0005)
    assert two.casual_retention == pytest.approx(0.51, abs=0.005)
    assert two.log_likelihood(REN) == pytest.approx(-852.34, abs=0.005)
    assert many.log_likelihood == pytest.approx(-852.36, abs=0.005)
    assert 1_500 * float(two.expected_payments(0.01)) == pytest.approx(15_068, abs=5)
    assert 1_500 * float(many.model.expected_payments(0.01)) == pytest.approx(29_380, abs=1)


def test_the_fit_is_better_than_every_scenario_near_and_far() -> None:
    counts = list(retention_2007().regular[:8])
    fitted = TwoKinds.fit(counts)
    best = fitted.log_likelihood(counts)
    grid = np.linspace(0.02, 0.98, 13)
    others = [
        TwoKinds(faithful_share=p, faithful_retention=a, casual_retention=b)
        for p in grid
        for a in grid
        for b in grid[grid <= a]
    ]
    assert len(others) == 13 * 91
    assert max(each.log_likelihood(counts) for each in others) <= best
    assert fitted.faithful_retention >= fitted.casual_retention


def test_counts_that_cannot_be_fitted_are_refused() -> None:
    with pytest.raises(ValueError, match="at least three renewals"):
        TwoKinds.fit([100, 60, 40])
    with pytest.raises(ValueError, match="cohort 1"):
        TwoKinds.fit([100, 60, 70, 50])


@pytest.mark.parametrize(
    ("customers", "said"),
    [
        (TwoKinds(), "No customer has changed: the casual ones have left"),
        (TwoKinds(faithful_share=1), "All customers are alike"),
        (TwoKinds(faithful_retention=0.6, casual_retention=0.6), "All customers are alike"),
        (TwoKinds(faithful_retention=0, casual_retention=0), "Nobody renews"),
    ],
)
def test_the_verdict_says_what_happened(customers: TwoKinds, said: str) -> None:
    assert said in customers.verdict


@given(st.integers(0, 400))
def test_survival_is_a_share_that_falls(renewals: int) -> None:
    customers = TwoKinds()
    now, later = customers.survival(renewals), customers.survival(renewals + 1)
    assert 0 <= later <= now <= 1
