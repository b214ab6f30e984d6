"""The ladder against numbers worked out by hand, exact fractions, and a search over choices."""

import math
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.strategies import numbers

from twostep.models.ladder import OfferLadder, PriceResponse, TwoBackOffers

HUNDREDTHS = st.integers(0, 100).map(lambda count: Fraction(count, 100))
MARGINS = st.integers(-50, 500).map(lambda thousands: thousands * 1_000)


def test_worked_ladder() -> None:
    ladder = OfferLadder()
    assert round(float(ladder.front_income), 6) == 134_460
    assert round(float(ladder.income), 6) == 514_460
    assert round(float(ladder.multiplier), 2) == 3.83
    assert round(12 * float(ladder.front_income) / 1e6, 2) == 1.61
    assert round(12 * float(ladder.income) / 1e6, 2) == 6.17
    # ¥10 million of margin, in front sales and in back sales.
    assert round(10_000_000 / float(ladder.front_margin)) == 2_231
    assert round(10_000_000 / float(ladder.back_margin), 1) == 26.3


@given(
    st.integers(0, 1_000),
    HUNDREDTHS,
    st.integers(0, 50).map(lambda tenths: Fraction(tenths, 10)),
    st.integers(-2_000, 20_000),
    HUNDREDTHS,
    MARGINS,
    st.integers(0, 20) | st.just(math.inf),
)
def test_ladders_equal_their_fractions(
    leads: int,
    front: Fraction,
    purchases: Fraction,
    front_margin: int,
    back: Fraction,
    back_margin: int,
    capacity: float,
) -> None:
    ladder = OfferLadder(
        leads=leads,
        front_rate=float(front),
        front_purchases=float(purchases),
        front_margin=front_margin,
        back_rate=float(back),
        back_margin=back_margin,
        capacity=capacity,
    )
    wanting = leads * front * back
    clients = wanting if wanting <= capacity else Fraction(int(capacity))
    income = leads * front * purchases * front_margin
    assert ladder.front_income == pytest.approx(float(income), rel=1e-12)
    assert ladder.clients == pytest.approx(float(clients), rel=1e-12)
    total = float(income + clients * back_margin)
    assert ladder.income == pytest.approx(total, rel=1e-12, abs=1e-6)
    if income <= 0:
        assert math.isnan(float(ladder.multiplier))
    elif capacity == math.inf:
        closed = 1 + back * back_margin / (purchases * front_margin)
        assert ladder.multiplier == pytest.approx(float(closed), rel=1e-9, abs=1e-9)
    else:
        assert ladder.multiplier == pytest.approx(total / float(income), rel=1e-9, abs=1e-9)


def test_capacity_caps_the_clients() -> None:
    capped = OfferLadder(capacity=np.array([0, 0.5, 1, 2, math.inf]))
    np.testing.assert_allclose(capped.clients, [0, 0.5, 1, 1, 1])
    np.testing.assert_allclose(capped.income, [134_460, 324_460, 514_460, 514_460, 514_460])


def test_worked_price() -> None:
    response = PriceResponse()
    assert round(float(response.best_price), 6) == 360_000
    assert response.rate(300_000) == 0.08
    assert response.profit(300_000) == pytest.approx(180_000 * 0.08)
    # Lerner's rule: at the best price, margin ÷ price is 1 ÷ elasticity.
    assert (response.best_price - 120_000) / response.best_price == pytest.approx(1 / 1.5)


@given(
    st.integers(0, 500).map(lambda thousands: thousands * 1_000.0),
    numbers(1.05, 5),
    st.integers(1, 1_000).map(lambda thousands: thousands * 1_000.0),
    numbers(0.001, 1),
)
def test_no_price_of_a_fine_grid_beats_the_best(
    cost: float, elasticity: float, reference: float, rate: float
) -> None:
    response = PriceResponse(
        cost=cost, elasticity=elasticity, reference_price=reference, reference_rate=rate
    )
    best = float(response.best_price)
    grid = np.concatenate([best * np.linspace(0, 3, 1_201), np.geomspace(1, 1e8, 800)])
    assert response.profit(best) >= np.max(response.profit(grid)) * (1 - 1e-12) - 1e-6
    assert response.profit(best) == pytest.approx(
        (best - cost) * min(1.0, rate * (best / reference) ** -elasticity), rel=1e-9, abs=1e-6
    )


@given(st.just(0.0) | numbers(1e-6, 1), numbers(0.01, 1))
def test_an_inelastic_price_has_no_best(elasticity: float, rate: float) -> None:
    response = PriceResponse(elasticity=elasticity, reference_rate=rate)
    assert response.best_price == math.inf
    profits = np.asarray(response.profit(np.geomspace(1_000, 1e9, 200)))
    assert (np.diff(profits) >= -1e-9 * np.abs(profits[1:])).all()


def test_rates_fall_with_the_price_and_never_pass_one() -> None:
    prices = np.linspace(0, 1_000_000, 201)
    rates = np.asarray(PriceResponse().rate(prices))
    assert rates[0] == 1
    assert (np.diff(rates) <= 0).all()
    assert ((rates >= 0) & (rates <= 1)).all()
    np.testing.assert_array_equal(rates, [PriceResponse().rate(float(price)) for price in prices])
    np.testing.assert_array_equal(
        PriceResponse().profit(prices), [PriceResponse().profit(float(price)) for price in prices]
    )


def test_prices_at_the_edges_have_rates() -> None:
    for response, rates in (
        (PriceResponse(reference_rate=0), [0, 0, 0]),
        (PriceResponse(reference_price=0), [0.08, 0, 0]),
        (PriceResponse(elasticity=0), [0.08, 0.08, 0.08]),
    ):
        np.testing.assert_array_equal(response.rate(np.array([0.0, 1.0, 1e9])), rates)
    # Where everybody buys below ¥300,000, a lower price only gives money away.
    assert PriceResponse(reference_rate=1, cost=0).best_price == 300_000


@pytest.mark.parametrize("bad", [-1, None, True, "9", math.nan, math.inf])
def test_prices_are_checked(bad: Any) -> None:
    with pytest.raises(ValueError, match=r"^price = "):
        PriceResponse().rate(bad)
    with pytest.raises(ValueError, match=r"^price = "):
        PriceResponse().profit(bad)


def test_worked_offers() -> None:
    offers = TwoBackOffers()
    assert round(float(offers.value_a), 3) == 3_060_000
    assert round(float(offers.value_b), 3) == 1_120_000
    assert round(float(offers.value_both), 3) == 3_700_000
    assert offers.best == "both"
    assert round(float(offers.break_even_only_b), 4) == 0.0167


@given(
    st.integers(0, 500),
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(0, 30),
    MARGINS,
    MARGINS,
    st.integers(0, 3_000_000),
    st.integers(0, 3_000_000),
)
def test_offers_equal_their_fractions_and_the_best_is_best(
    buyers: int,
    only_a: int,
    only_b: int,
    either: int,
    margin_a: int,
    margin_b: int,
    build_a: int,
    build_b: int,
) -> None:
    offers = TwoBackOffers(
        front_buyers=buyers,
        only_a=only_a / 100,
        only_b=only_b / 100,
        either=either / 100,
        margin_a=margin_a,
        margin_b=margin_b,
        build_a=build_a,
        build_b=build_b,
    )
    sold = Fraction(buyers, 100)
    exact = {
        "a": sold * (only_a + either) * margin_a - build_a,
        "b": sold * (only_b + either) * margin_b - build_b,
        "both": sold * (only_a * margin_a + only_b * margin_b + either * max(margin_a, margin_b))
        - build_a
        - build_b,
        "neither": Fraction(0),
    }
    for name in ("a", "b", "both"):
        value = getattr(offers, f"value_{name}")
        assert value == pytest.approx(float(exact[name]), rel=1e-12, abs=1e-5)
    assert exact[str(offers.best)] >= max(exact.values()) - Fraction(1, 10_000)
    assume(margin_b > 0 and buyers > 0)
    needed = (Fraction(build_b, buyers) - Fraction(either, 100) * max(0, margin_b - margin_a)) / (
        margin_b
    )
    assert offers.break_even_only_b == pytest.approx(float(needed), rel=1e-9, abs=1e-9)
    assume(0 <= needed <= 1)
    even = replace(offers, only_b=min(1.0, abs(float(offers.break_even_only_b))))
    assert even.value_both == pytest.approx(even.value_a, abs=1e-4)


def test_best_of_a_sweep_is_an_array_of_words() -> None:
    swept = TwoBackOffers(
        only_a=np.array([0.04, 0.04, 0, 0]),
        only_b=np.array([0.03, 0.01, 0.03, 0]),
    )
    assert isinstance(swept.best, np.ndarray)
    assert swept.best.tolist() == ["both", "a", "b", "neither"]
    assert type(TwoBackOffers().best) is str


def test_no_share_helps_where_b_earns_nothing_or_nobody_is_there() -> None:
    assert math.isnan(float(TwoBackOffers(margin_b=0).break_even_only_b))
    assert TwoBackOffers(front_buyers=0).break_even_only_b == math.inf
    assert TwoBackOffers(front_buyers=0).best == "neither"
    assert TwoBackOffers(build_b=0, margin_b=400_000).break_even_only_b < 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, r"bring ¥134,460 a month; .* \(.*: 1\) income is ¥514,460\. That is 3\.83 times"),
        ({"capacity": 0.5}, r"2\.41 times as much\. .* 1 would come, you can take 0\.5\."),
        ({"capacity": 0}, r"bring ¥134,460 a month, and there are no clients"),
        ({"back_margin": -100}, r"a back sale earns −¥100\. Together they bring ¥134,360"),
        ({"front_margin": 0}, r"bring ¥0 a month; .* income is ¥380,000\.$"),
        ({"leads": 0}, r"Nobody buys a front offer"),
    ],
)
def test_ladder_verdicts(changed: dict[str, float], said: str) -> None:
    assert re.search(said, OfferLadder(**changed).verdict), OfferLadder(**changed).verdict


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, r"¥360,000 earns most: 6\.09% .* worth ¥14,606, against ¥14,400 at ¥300,000\."),
        ({"elasticity": 1}, r"no best price: at an elasticity of 1\.00 .* Cap it"),
        ({"reference_rate": 0}, r"nothing can be said"),
    ],
)
def test_price_verdicts(changed: dict[str, float], said: str) -> None:
    assert re.search(said, PriceResponse(**changed).verdict), PriceResponse(**changed).verdict


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, r"Build both: together they earn ¥3,700,000.* pays from 1\.67% .* assume 3%\."),
        ({"only_b": 0.01}, r"Build A alone: it earns ¥3,060,000.* from 1\.67% .* assume 1%\."),
        ({"only_a": 0}, r"Build B alone: it earns ¥1,120,000; A alone comes to −¥588,000"),
        ({"front_buyers": 0}, r"Build neither: A comes to −¥1,500,000, B to −¥800,000"),
        ({"only_a": 0.98}, r"These shares cannot be: together they come to 102%"),
    ],
)
def test_offer_verdicts(changed: dict[str, float], said: str) -> None:
    assert re.search(said, TwoBackOffers(**changed).verdict), TwoBackOffers(**changed).verdict
