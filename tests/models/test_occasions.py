"""Rainy days and cheap items against numbers by hand, exact fractions and their break-evens."""

import math
import re
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom
from tests.strategies import shares

from twostep.models.occasions import LossLeader, RainyDayOffer

HUNDREDTHS = st.integers(0, 100).map(lambda count: Fraction(count, 100))


@pytest.mark.parametrize(
    ("changed", "extra", "profit", "needed"),
    [
        ({}, 8.8, 9_240, 3.67),
        ({"shifted_share": 0.3}, 8.8, 3_168, 5.95),
        ({"usual_visits": 38}, 2, -12_100, None),
    ],
)
def test_worked_evenings(
    changed: dict[str, float], extra: float, profit: float, needed: float | None
) -> None:
    evening = RainyDayOffer(**changed)
    assert round(float(evening.extra_visits), 9) == extra
    assert round(float(evening.extra_profit), 6) == profit
    if needed is not None:
        assert round(float(evening.break_even_extra_visits), 2) == needed


@given(
    st.integers(0, 100),
    st.integers(0, 100),
    st.integers(0, 2_000),
    HUNDREDTHS,
    HUNDREDTHS,
    st.integers(-500, 5_000),
    st.integers(0, 2_000),
    HUNDREDTHS,
    st.integers(0, 20),
    HUNDREDTHS,
)
def test_evenings_equal_their_fractions(
    seats: int,
    usual: int,
    friends: int,
    opened: Fraction,
    response: Fraction,
    margin: int,
    discount: int,
    redeeming: Fraction,
    message: int,
    shifted: Fraction,
) -> None:
    evening = RainyDayOffer(
        seats=seats,
        usual_visits=usual,
        friends=friends,
        open_rate=float(opened),
        response_rate=float(response),
        visit_margin=margin,
        discount=discount,
        redeeming_share=float(redeeming),
        message_cost=message,
        shifted_share=float(shifted),
    )
    extra = min(friends * opened * response, Fraction(max(seats - usual, 0)))
    each = (1 - shifted) * margin - discount
    given_away = usual * redeeming * discount + friends * message
    assert evening.extra_visits == pytest.approx(float(extra), rel=1e-12)
    assert evening.extra_profit == pytest.approx(float(extra * each - given_away), abs=1e-6)
    # What a visit is worth may be zero up to rounding; then either side of zero is right.
    assume(each != 0 or shifted in (0, 1))
    expected = float(given_away / each) if each > 0 else math.inf
    assert evening.break_even_extra_visits == pytest.approx(expected, rel=1e-9)


def test_the_break_even_evening_breaks_even() -> None:
    evening = RainyDayOffer(open_rate=1)
    needed = evening.break_even_extra_visits
    even = replace(evening, response_rate=needed / evening.friends)
    assert even.extra_visits == pytest.approx(needed)
    assert even.extra_profit == pytest.approx(0, abs=1e-8)


def test_a_full_house_gains_nobody() -> None:
    usual = np.array([0, 31, 31.5, 40, 60])
    extra = RainyDayOffer(usual_visits=usual).extra_visits
    np.testing.assert_allclose(extra, [8.8, 8.8, 8.5, 0, 0])
    assert RainyDayOffer(usual_visits=60).extra_profit == pytest.approx(-60 * 0.7 * 500 - 2_400)
    assert RainyDayOffer(discount=2_300).break_even_extra_visits == math.inf


def test_worked_cheap_item() -> None:
    item = LossLeader()
    assert item.leader_margin == 40
    assert round(float(item.extra_profit), 6) == 4_240
    assert round(float(item.extra_profit_ignoring_switchers), 6) == 7_600
    assert round(float(item.break_even_attach_rate), 3) == 0.176
    tempting = LossLeader(switch_rate=0.20)
    assert round(float(tempting.extra_profit), 6) == -800
    assert round(float(tempting.break_even_attach_rate), 2) == 0.68


@given(
    st.integers(0, 1_000),
    HUNDREDTHS,
    st.integers(-100, 1_000),
    st.integers(1, 200),
    st.integers(0, 300),
    st.integers(0, 300),
    HUNDREDTHS,
    st.integers(1, 500),
)
def test_cheap_items_equal_their_fractions_and_break_even(
    usual: int,
    switch: Fraction,
    usual_margin: int,
    new: int,
    price: int,
    cost: int,
    attach: Fraction,
    attach_margin: int,
) -> None:
    item = LossLeader(
        usual_customers=usual,
        switch_rate=float(switch),
        usual_margin=usual_margin,
        new_customers=new,
        leader_price=price,
        leader_cost=cost,
        attach_rate=float(3 * attach),
        attach_margin=attach_margin,
    )
    leader = price - cost
    gained = new * (leader + 3 * attach * attach_margin)
    profit = gained + usual * switch * (leader - usual_margin)
    needed = (usual * switch * (usual_margin - leader) / new - leader) / attach_margin
    assert item.extra_profit == pytest.approx(float(profit), abs=1e-6)
    assert item.extra_profit_ignoring_switchers == pytest.approx(float(gained), abs=1e-6)
    assert item.break_even_attach_rate == pytest.approx(float(needed), rel=1e-9, abs=1e-9)
    assume(needed >= 0)
    even = replace(item, attach_rate=abs(float(item.break_even_attach_rate)))
    assert even.extra_profit == pytest.approx(0, abs=1e-6)


def test_without_new_customers_no_attach_rate_is_enough() -> None:
    nobody = LossLeader(new_customers=0)
    assert nobody.break_even_attach_rate == math.inf
    assert nobody.extra_profit == pytest.approx(-300 * 0.08 * 140)
    assert math.isnan(float(replace(nobody, switch_rate=0).break_even_attach_rate))
    assert math.isnan(float(LossLeader(attach_margin=0).break_even_attach_rate))
    assert LossLeader(usual_margin=40).break_even_attach_rate < 0


def test_a_basket_may_hold_more_than_one_other_item() -> None:
    assert LossLeader(attach_rate=2.5).extra_profit_ignoring_switchers == 40 * (40 + 625)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {},
            r"Send it: you earn ¥9,240 .* It takes 3\.67 extra visits to repay it; "
            r"you expect 8\.8\.",
        ),
        ({"usual_visits": 38}, r"lose ¥12,100\. .* only 2 seats are free\."),
        (
            {"response_rate": 0.005},
            r"lose ¥2,640\. It would take 3\.67 extra visits .* expect 2\.2\.",
        ),
        ({"usual_visits": 40}, r"no free seat, .* ¥16,400, are simply given away"),
        ({"friends": 0}, r"nobody comes because of it.* cost ¥4,200\."),
        ({"discount": 2_400}, r"extra visit brings −¥100, .* It loses ¥23,440\."),
    ],
)
def test_evening_verdicts(changed: dict[str, float], said: str) -> None:
    assert re.search(said, RainyDayOffer(**changed).verdict), RainyDayOffer(**changed).verdict


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, r"It pays: ¥4,240 a day, and not the ¥7,600 .* need .* 17\.6%; you assume 60%\."),
        ({"switch_rate": 0.2}, r"does not pay: you lose ¥800 a day\. .* 68%; you assume 60%"),
        ({"usual_margin": 40}, r"would pay even if new customers bought nothing else"),
        ({"new_customers": 0}, r"nobody new comes, .* cost you ¥3,360 a day"),
        ({"new_customers": 0, "switch_rate": 0}, r"no change\."),
        ({"new_customers": 0, "usual_margin": 30}, r"Nobody new comes; you earn ¥240 more"),
        ({"attach_margin": 0}, r"loses ¥1,760 a day, .* a higher attach rate does not help"),
        ({"attach_margin": 0, "switch_rate": 0}, r"earns ¥1,600 a day, although"),
    ],
)
def test_cheap_item_verdicts(changed: dict[str, float], said: str) -> None:
    assert re.search(said, LossLeader(**changed).verdict), LossLeader(**changed).verdict


def test_an_evening_that_pays_on_average_sometimes_loses() -> None:
    # 3.67 extra visits are needed, so 3 lose and 4 earn.
    chance = binom.cdf(3, 800, 0.55 * 0.02)
    assert RainyDayOffer().loss_probability == pytest.approx(float(chance), rel=1e-9)
    assert RainyDayOffer().loss_probability == pytest.approx(0.024, abs=5e-4)
    # With two free seats four guests cannot come.
    assert RainyDayOffer(usual_visits=38).loss_probability == 1


@given(
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(0, 60),
    shares,
    st.integers(-500, 3_000),
    st.integers(0, 2_000),
    st.integers(0, 5),
)
def test_how_often_an_evening_loses_by_every_count_of_guests(
    seats: int, usual: int, friends: int, rate: float, margin: int, discount: int, cost: int
) -> None:
    evening = RainyDayOffer(
        seats=seats,
        usual_visits=usual,
        friends=friends,
        open_rate=1,
        response_rate=rate,
        visit_margin=margin,
        discount=discount,
        redeeming_share=0.5,
        message_cost=cost,
    )
    assume(rate == 0 or rate > 1e-9)
    guests = np.arange(friends + 1)
    came = np.minimum(guests, max(0, seats - usual))
    profit = came * (margin - discount) - usual * 0.5 * discount - friends * cost
    expected = binom.pmf(guests, friends, rate)[profit < -1e-6].sum()
    assert evening.loss_probability == pytest.approx(float(expected), abs=1e-9)
