"""Promises against a guarantee worked out by hand, its break-evens, and exact probabilities."""

import math
import re
import warnings
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binom
from tests.strategies import shares

from twostep.models.promise import Capacity, Guarantee, readiness


def whole(*bounds: int) -> NDArray[np.float64]:
    """The whole numbers of a range, as a model takes them."""
    return np.arange(*bounds).astype(float)


rate = shares


def test_worked_guarantee() -> None:
    model = Guarantee()
    assert model.refund_rate == pytest.approx(0.275)
    assert (model.net_without, model.net_with) == pytest.approx((350_000, 212_500))
    assert model.break_even_lift == pytest.approx(0.647, abs=5e-4)
    assert (model.profit_without, model.profit_with) == pytest.approx((3.5e6, 2.975e6))
    assert model.break_even_success_rate == pytest.approx(0.133, abs=5e-4)
    # By hand: 350,000 ÷ 1.4 = 250,000 must be left, so 100,000 ÷ 500,000 may go back: 0.8 − 0.75 s.
    assert model.paying_success_rate == pytest.approx(0.8)
    assert "loses" in model.verdict
    assert "64.71%" in model.verdict


@given(success=rate, claim=rate, opportunist=rate)
def test_refunds_count_every_client(success: float, claim: float, opportunist: float) -> None:
    model = Guarantee(success_rate=success, claim_rate=claim, opportunist_rate=opportunist)
    assert 0 <= float(model.refund_rate) <= 1 + 1e-12
    assert model.net_with == pytest.approx(500_000 * (1 - float(model.refund_rate)) - 150_000)
    if float(model.net_with) > 1:
        even = replace(model, demand_lift=model.break_even_lift)
        assert even.profit_with == pytest.approx(float(even.profit_without))
    else:
        assert (
            model.break_even_lift == (math.inf if model.refund_rate else 0)
            or float(model.net_with) > 0
        )
    threshold = float(model.break_even_success_rate)
    if claim > opportunist and 0 <= threshold <= 1:
        nothing = replace(model, success_rate=threshold)
        assert nothing.net_with == pytest.approx(0, abs=1e-3)
        assert threshold <= float(model.paying_success_rate)
    if claim > opportunist and 0 <= float(model.paying_success_rate) <= 1:
        same = replace(model, success_rate=model.paying_success_rate)
        assert same.profit_with == pytest.approx(float(same.profit_without))
    if claim <= opportunist:
        assert math.isnan(threshold)
        assert math.isnan(float(model.paying_success_rate))


@pytest.mark.parametrize(
    ("fields", "answer", "expected"),
    [
        ({"delivery_cost": 400_000}, "break_even_lift", math.inf),
        ({"claim_rate": 0, "opportunist_rate": 0}, "break_even_lift", 0),
        ({"price": 0}, "break_even_lift", 0),
        ({"success_rate": 0, "claim_rate": 1}, "break_even_lift", math.inf),
        ({"price": 0}, "break_even_success_rate", math.inf),
        ({"price": 0, "delivery_cost": 0}, "break_even_success_rate", math.nan),
        ({"claim_rate": 0.05}, "break_even_success_rate", math.nan),
        ({"claim_rate": 0.3}, "break_even_success_rate", (0.3 - 0.7) / 0.25),  # below 0
        ({"delivery_cost": 600_000}, "break_even_success_rate", 1 / 0.75),  # above 1
        ({"price": 0}, "paying_success_rate", math.inf),
        ({"claim_rate": 0.05}, "paying_success_rate", math.nan),
        ({"demand_lift": 0}, "paying_success_rate", 0.8 / 0.75),  # above 1
        ({"demand_lift": 9}, "paying_success_rate", (0.3 + 0.07 - 0.2) / 0.75),
    ],
)
def test_guarantee_edges(fields: dict[str, float], answer: str, expected: float) -> None:
    assert getattr(Guarantee(**fields), answer) == pytest.approx(expected, nan_ok=True)
    sweep = Guarantee(**{name: np.array([value]) for name, value in fields.items()})
    assert getattr(sweep, answer)[0] == pytest.approx(expected, nan_ok=True)


def test_readiness() -> None:
    assert readiness(12, 15, 0.6) == pytest.approx(0.935, abs=5e-4)
    assert readiness(3, 3, 0.6) == pytest.approx(0.870, abs=5e-4)
    assert readiness(3, 3, 0.6) == pytest.approx(1 - 0.6**4)
    assert readiness(0, 0, 0.25) == pytest.approx(0.75)
    assert (readiness(2, 3, 0), readiness(2, 3, 1)) == (1, 0)
    assert type(readiness(1, 2, 0.5)) is float


@given(st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_readiness_by_exact_sum(counts: tuple[int, int]) -> None:
    """P(Beta(1+x, 1+n−x) ≥ r) is P(at most x of n + 1 draws succeed) at rate r."""
    won, clients = counts
    r = Fraction(3, 5)
    exact = sum(
        math.comb(clients + 1, k) * r**k * (1 - r) ** (clients + 1 - k) for k in range(won + 1)
    )
    assert readiness(won, clients, 0.6) == pytest.approx(float(exact), rel=1e-10)


def test_readiness_of_a_sweep() -> None:
    won, required = whole(4), np.array([[0.2], [0.6]])
    table = np.asarray(readiness(won, 3, required))
    for row, column in product(range(2), range(4)):
        assert table[row, column] == readiness(int(won[column]), 3, float(required[row, 0]))
    assert (np.diff(table, axis=1) > 0).all()


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((4, 3, 0.6), "successes"),
        ((-1, 3, 0.6), "successes"),
        ((1.5, 3, 0.6), "successes"),
        ((1, math.inf, 0.6), "clients"),
        ((1, True, 0.6), "clients"),
        ((1, 3, 1.1), "required_rate"),
        ((1, 3, None), "required_rate"),
    ],
)
def test_impossible_readiness(arguments: tuple[float, float, float], name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name} = "):
        readiness(*arguments)


def test_worked_capacity() -> None:
    assert Capacity().concurrent_clients == 16
    assert Capacity().new_clients_per_month == pytest.approx(2.67, abs=5e-3)
    assert "16 clients" in Capacity().verdict


def test_capacity_is_a_steady_state() -> None:
    """Take 2 new clients a month for 6 months each: 12 at the same time, 60 hours."""
    model = Capacity(hours_per_month=60)
    active = [min(month, 6) * float(model.new_clients_per_month) for month in range(12)]
    assert active[-1] == pytest.approx(float(model.concurrent_clients))
    assert active[-1] * 5 == pytest.approx(60)


def test_arrays_equal_scalars() -> None:
    success, claim = np.array([0, 0.7, 1]), np.array([[0], [0.05], [0.8], [1]])
    sweep = Guarantee(success_rate=success, claim_rate=claim)
    names = ("refund_rate", "net_with", "profit_with", "break_even_lift")
    for row, column in product(range(4), range(3)):
        one = Guarantee(success_rate=float(success[column]), claim_rate=float(claim[row, 0]))
        for name in (*names, "break_even_success_rate", "paying_success_rate"):
            alone = getattr(one, name)
            assert type(alone) is float
            found = np.broadcast_to(getattr(sweep, name), (4, 3))[row, column]
            assert found == pytest.approx(alone, rel=0, abs=0, nan_ok=True)
    hours = np.array([0, 2.5, 5])
    many = Capacity(hours_per_client=hours)
    for index, each in enumerate(hours):
        alone = Capacity(hours_per_client=float(each))
        for name in ("concurrent_clients", "new_clients_per_month"):
            assert np.asarray(getattr(many, name))[index] == getattr(alone, name)


def test_corners_speak_plainly() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        corners = product((0, 500_000), (0, 500_000), (0, 1), (0, 1), (0, 1), (0, 10), (0, 2))
        names = ("price", "delivery_cost", "success_rate", "claim_rate", "opportunist_rate")
        for values in corners:
            fields = dict(zip((*names, "clients", "demand_lift"), values, strict=True))
            assert not re.search(r"\b(nan|inf)\b", Guarantee(**fields).verdict), fields
        for hours, each, months in product((0, 80), (0, 5), (0, 6)):
            model = Capacity(hours_per_month=hours, hours_per_client=each, months_per_client=months)
            assert not re.search(r"\b(nan|inf)\b", model.verdict), model
    for sweep in (Guarantee(price=np.array([1.0])), Capacity(hours_per_month=np.array([1.0]))):
        with pytest.raises(ValueError, match="is an array"):
            _ = sweep.verdict


@pytest.mark.parametrize("name", ["price", "delivery_cost", "clients", "demand_lift"])
def test_impossible_guarantees(name: str) -> None:
    for value in (-1, math.nan, math.inf, "5", None, True):
        with pytest.raises(ValueError, match=rf"^{name} = "):
            Guarantee(**{name: value})  # type: ignore[arg-type]
    assert Guarantee(demand_lift=1.5).profit_with == pytest.approx(10 * 2.5 * 212_500)


def test_a_guarantee_loses_with_three_refunds_of_fourteen() -> None:
    # The four clients it brings earn 4 × 350,000; two refunds cost 1,000,000, three 1,500,000.
    chance = 1 - binom.cdf(2, 14, 0.275)
    assert Guarantee().loss_probability == pytest.approx(float(chance), rel=1e-9)
    assert Guarantee().loss_probability == pytest.approx(0.785, abs=5e-4)
    assert Guarantee(clients=0).loss_probability == 0
    assert Guarantee(success_rate=1, opportunist_rate=0).loss_probability == 0


@given(rate, st.integers(0, 40), st.integers(0, 3), st.integers(0, 100), st.integers(0, 100))
def test_how_often_a_guarantee_loses_by_every_count_of_refunds(
    success: float, clients: int, lift: int, price: int, cost: int
) -> None:
    model = Guarantee(
        price=price, delivery_cost=cost, success_rate=success, clients=clients, demand_lift=lift
    )
    served = clients * (1 + lift)
    refunds = np.arange(served + 1)
    gain = (served - clients) * (price - cost) - refunds * price
    chances = binom.pmf(refunds, served, float(model.refund_rate))
    assert model.loss_probability == pytest.approx(float(chances[gain < 0].sum()), abs=1e-9)
