"""Trial against numbers worked out by hand, exact fractions, and payments added one by one."""

import math
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy.stats import binom
from tests.strategies import numbers

from twostep.models.base import sweep
from twostep.models.trial import Trial

SHARES = st.integers(0, 20).map(lambda twentieths: Fraction(twentieths, 20))
YEN = st.integers(0, 5_000)


@pytest.mark.parametrize(
    ("answer", "printed", "digits"),
    [
        ("trial_margin", -320, 2),
        ("ltv", 14_428.57, 2),
        ("ltv_from_first_renewal", 11_428.57, 2),
        ("allowable_cost_per_trial", 3_251.43, 2),
        ("net_value", 751.43, 2),
        ("cpo", 10_000, 2),
        ("net_cpo", 11_280, 2),
        ("allowable_cpo", 13_005.71, 2),
        ("break_even_upgrade_rate", 0.1974, 4),
        ("payback_month", 7, 9),
    ],
)
def test_worked_numbers(answer: str, printed: float, digits: int) -> None:
    assert round(getattr(Trial(), answer), digits) == printed


def test_worked_numbers_of_variants() -> None:
    assert round(float(Trial().ltv_within(12)), 2) == 13_548.64
    assert Trial(cost_per_trial=6_000).payback_month == math.inf
    # A well-known mistake: ¥24,900 is price ÷ churn, the whole price taken for the margin.
    assert round(float(Trial(delivery_margin=4_980).naive_ltv), 2) == 24_900
    assert round(float(Trial().naive_ltv), 2) == 15_000


@given(YEN, YEN, YEN, SHARES, st.integers(-500, 5_000), SHARES, SHARES, st.integers(0, 6))
def test_every_answer_equals_its_fraction(
    cost: int,
    price: int,
    goods: int,
    upgrade: Fraction,
    margin: int,
    retention: Fraction,
    discount: Fraction,
    lag: int,
) -> None:
    assume(upgrade > 0 and margin > 0 and (retention < 1 or discount > 0))
    trial = Trial(
        cost_per_trial=cost,
        trial_price=price,
        trial_cost=goods,
        upgrade_rate=float(upgrade),
        delivery_margin=margin,
        retention=float(retention),
        discount_rate=float(discount),
        lag=lag,
    )
    ltv = margin * (1 + discount) / (1 + discount - retention)
    later = ltv / (1 + discount) ** lag
    outlay = cost - price + goods
    allowable = price - goods + upgrade * later
    expected: dict[str, Fraction | float] = {
        "trial_margin": price - goods,
        "ltv": ltv,
        "ltv_from_first_renewal": margin * retention / (1 + discount - retention),
        "allowable_cost_per_trial": allowable,
        "net_value": allowable - cost,
        "cpo": cost / upgrade,
        "net_cpo": outlay / upgrade,
        "allowable_cpo": later + (price - goods) / upgrade,
        "break_even_upgrade_rate": outlay / later,
    }
    if retention < 1:
        expected["naive_ltv"] = margin / (1 - retention)
    for name, exact in expected.items():
        assert getattr(trial, name) == pytest.approx(float(exact), rel=1e-12, abs=1e-8), name
    assert expected["ltv"] - expected["ltv_from_first_renewal"] == margin
    assert trial.ltv - trial.ltv_from_first_renewal == pytest.approx(margin, rel=1e-9)


@given(SHARES, SHARES, st.integers(-500, 5_000), st.integers(0, 40))
@example(Fraction(1), Fraction(0), 3_000, 12)
@example(Fraction(0), Fraction(0), 3_000, 0)
def test_ltv_within_adds_the_first_deliveries(
    retention: Fraction, discount: Fraction, margin: int, periods: int
) -> None:
    trial = Trial(delivery_margin=margin, retention=float(retention), discount_rate=float(discount))
    payments = [margin * (retention / (1 + discount)) ** month for month in range(periods)]
    assert trial.ltv_within(periods) == pytest.approx(float(sum(payments)), rel=1e-12)


def test_ltv_is_the_limit_of_ltv_within_and_takes_arrays() -> None:
    trial = Trial()
    horizons = np.arange(0.0, 400.0)
    within = np.asarray(trial.ltv_within(horizons))
    assert within[0] == 0
    assert within[1] == 3_000
    assert (np.diff(within) >= 0).all()
    assert within[-1] == pytest.approx(trial.ltv, rel=1e-12)
    np.testing.assert_array_equal(within, [trial.ltv_within(int(n)) for n in horizons])
    retentions = np.array([0.0, 0.5, 1.0])
    np.testing.assert_array_equal(
        Trial(retention=retentions, discount_rate=0).ltv_within(3), [3_000, 5_250, 9_000]
    )


@given(YEN, st.integers(0, 2_000), st.integers(0, 3_000), SHARES, YEN, SHARES, st.integers(0, 6))
@example(1_350, 0, 0, Fraction(1, 4), 3_000, Fraction(4, 5), 1)  # repaid to the yen by the second
@example(
    3_750, 0, 0, Fraction(1, 4), 3_000, Fraction(4, 5), 1
)  # only all deliveries together repay it
@example(750, 0, 0, Fraction(1, 4), 3_000, Fraction(0), 1)
@example(751, 0, 0, Fraction(1, 4), 3_000, Fraction(0), 1)
@example(2_250, 0, 0, Fraction(1, 4), 3_000, Fraction(1), 0)
def test_payback_is_the_first_month_not_below_zero(
    cost: int,
    price: int,
    goods: int,
    upgrade: Fraction,
    margin: int,
    retention: Fraction,
    lag: int,
) -> None:
    trial = Trial(
        cost_per_trial=cost,
        trial_price=price,
        trial_cost=goods,
        upgrade_rate=float(upgrade),
        delivery_margin=margin,
        retention=float(retention),
        lag=lag,
    )
    first = upgrade * margin
    cumulative = Fraction(price - goods - cost)
    endless = cumulative + first / (1 - retention) if retention < 1 else Fraction(first > 0)
    reached = endless > 0 or (retention == 0 and endless == 0) or cumulative >= 0
    if not reached:
        assert trial.payback_month == math.inf
        return
    month, cash = 0, first
    while True:
        if month >= lag:
            cumulative += cash
            cash *= retention
        if cumulative >= 0:
            break
        month += 1
    assert trial.payback_month == month


def test_payback_never_where_deliveries_take_what_the_trial_earned() -> None:
    loses = Trial(cost_per_trial=0, trial_price=1_400, delivery_margin=-3_000)
    assert loses.payback_month == 0
    assert replace(loses, lag=0).payback_month == math.inf


def test_cash_flow_adds_up_and_agrees_with_payback() -> None:
    trial = Trial()
    flow = trial.cash_flow(36)
    assert list(flow.columns) == ["month", "cash", "cumulative"]
    assert flow["month"].tolist() == list(range(37))
    expected = [-2_820.0, *(750 * 0.8**n for n in range(36))]
    np.testing.assert_allclose(flow["cash"], expected, rtol=1e-12)
    np.testing.assert_allclose(flow["cumulative"], np.cumsum(expected), rtol=1e-9)
    assert flow.loc[flow["cumulative"] >= 0, "month"].iloc[0] == trial.payback_month


@pytest.mark.parametrize("lag", [0, 1, 3])
@pytest.mark.parametrize("retention", [0.0, 0.5, 1.0])
def test_discounted_cash_is_the_net_value(lag: int, retention: float) -> None:
    trial = Trial(lag=lag, retention=retention)
    flow = trial.cash_flow(1_200)
    # At a retention of 1 and 1 % a month, what comes after 1,200 months is worth under ¥1.
    discounted = (flow["cash"] / 1.01 ** flow["month"]).sum()
    assert discounted == pytest.approx(trial.net_value, abs=1)


@given(numbers(0, 10_000), numbers(0, 0.99), numbers(0, 0.1), st.integers(0, 12))
def test_break_even_is_break_even(cost: float, retention: float, discount: float, lag: int) -> None:
    trial = Trial(cost_per_trial=cost, retention=retention, discount_rate=discount, lag=lag)
    assume(0 <= trial.break_even_upgrade_rate <= 1)
    even = replace(trial, upgrade_rate=trial.break_even_upgrade_rate)
    assert even.net_value == pytest.approx(0, abs=1e-8)


def test_more_is_better_or_worse_as_it_should_be() -> None:
    steps = np.linspace(0, 1, 41)
    assert (np.diff(Trial(upgrade_rate=steps).net_value) > 0).all()
    assert (np.diff(Trial(retention=steps).net_value) > 0).all()
    assert (np.diff(Trial(discount_rate=steps).net_value) < 0).all()
    assert (np.diff(Trial(cost_per_trial=steps * 5_000).net_value) < 0).all()
    paybacks = np.array(Trial(cost_per_trial=np.arange(0.0, 4_000.0, 50.0)).payback_month)
    assert (paybacks[1:] >= paybacks[:-1]).all()


def test_edges_have_limits_not_errors() -> None:
    nobody = Trial(upgrade_rate=0)
    assert nobody.cpo == nobody.net_cpo == math.inf
    assert nobody.allowable_cpo == -math.inf
    assert nobody.net_value == -2_820
    assert nobody.payback_month == math.inf
    endless = Trial(retention=1, discount_rate=0)
    assert endless.ltv == endless.naive_ltv == endless.net_value == math.inf
    assert endless.break_even_upgrade_rate == 0
    assert endless.payback_month == 4
    assert replace(endless, upgrade_rate=0).net_value == -2_820
    assert replace(endless, delivery_margin=0).ltv == 0
    assert Trial(retention=0).ltv == 3_000
    assert math.isnan(float(Trial(delivery_margin=0).break_even_upgrade_rate))
    assert Trial(cost_per_trial=100_000).break_even_upgrade_rate > 1
    assert Trial(cost_per_trial=0, trial_price=2_000).break_even_upgrade_rate < 0


def test_a_sweep_is_one_table() -> None:
    table = sweep(Trial(), "payback_month", "net_value", cost_per_trial=[2_500, 6_000])
    assert table["payback_month"].tolist() == [7, math.inf]


@pytest.mark.parametrize("bad", [1.5, -1, math.inf, None, True, "12", math.nan])
def test_periods_are_whole(bad: Any) -> None:
    with pytest.raises(ValueError, match="periods"):
        Trial().ltv_within(bad)
    with pytest.raises(ValueError, match="periods"):
        Trial().cash_flow(bad)
    with pytest.raises(ValueError, match="lag"):
        Trial(lag=bad)


def test_cash_flow_is_about_one_scenario() -> None:
    with pytest.raises(ValueError, match="retention"):
        Trial(retention=np.array([0.5, 0.8])).cash_flow(12)
    with pytest.raises(ValueError, match="one whole number"):
        Trial().cash_flow(np.array([6, 12]))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"periods = 1201.*1,200 periods"):
        Trial().cash_flow(1_201)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, r"earns ¥751\.43 .* need 19\.74% .* assume 25%\. The money is back in month 7\."),
        ({"cost_per_trial": 3_500}, r"loses ¥248\.57\. You need 26\.74%"),
        ({"cost_per_trial": 20_000}, r"No upgrade rate .* lose ¥6,034\."),
        ({"cost_per_trial": 0, "trial_price": 2_000}, r"pays for itself: it earns ¥700 "),
        ({"upgrade_rate": 0}, r"No trial buyer subscribes, so nothing pays back the ¥2,820"),
        ({"delivery_margin": 0}, r"A delivery earns nothing, so nothing"),
        ({"delivery_margin": -50}, r"Each delivery loses ¥50, so nothing"),
        ({"delivery_margin": -50, "trial_price": 5_000}, r"trial itself earns .* is ¥1,200;"),
        ({"retention": 1, "discount_rate": 0}, r"Nobody ever leaves .* back in month 4\."),
    ],
)
def test_verdicts(changed: dict[str, float], said: str) -> None:
    assert re.search(said, Trial(**changed).verdict), Trial(**changed).verdict


@given(
    st.integers(0, 4_000),
    st.integers(-500, 3_000),
    SHARES.map(float),
    SHARES.map(float),
    st.integers(0, 4),
)
def test_the_deepest_point_is_the_lowest_of_the_table(
    cost: int, margin: int, upgrade: float, retention: float, lag: int
) -> None:
    trial = Trial(
        cost_per_trial=cost,
        delivery_margin=margin,
        upgrade_rate=upgrade,
        retention=retention,
        lag=lag,
    )
    lowest = min(0.0, float(trial.cash_flow(1_200)["cumulative"].min()))
    if margin * upgrade < 0 and retention == 1:
        assert trial.low_point == -math.inf
    else:
        assert trial.low_point == pytest.approx(lowest, rel=1e-9, abs=1e-6)


def test_the_deepest_point_of_the_worked_trial() -> None:
    assert Trial().low_point == -2_820
    assert Trial(trial_price=5_000).low_point == 0


@pytest.mark.parametrize(("trials", "most"), [(10, 1), (30, 5), (100, 19), (1_000, 197)])
def test_a_trial_that_pays_loses_where_too_few_subscribe(trials: int, most: int) -> None:
    # 19.74 % must subscribe, 25 % do on average: of 10 that is 2 people, so 0 or 1 lose.
    assert most < trials * float(Trial().break_even_upgrade_rate) < most + 1
    expected = float(binom.cdf(most, trials, 0.25))
    assert Trial().loss_probability(trials) == pytest.approx(expected, rel=1e-9)
    many = Trial().loss_probability(np.array([trials, trials], float))
    assert np.asarray(many).tolist() == [Trial().loss_probability(trials)] * 2


def test_trials_that_cannot_lose_or_have_no_limit() -> None:
    assert Trial(trial_price=5_000).loss_probability(10) == 0
    assert Trial(upgrade_rate=0).loss_probability(10) == 1
    assert Trial().loss_probability(0) == 0
    assert math.isnan(float(Trial(retention=1, discount_rate=0).loss_probability(10)))
    with pytest.raises(ValueError, match=r"^trials = -1"):
        Trial().loss_probability(-1)
