"""Audience against a table worked out by hand and the month-by-month recursion."""

import math
import re
import warnings
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.strategies import numbers, shares

from twostep.models.audience import Audience


def whole(*bounds: int) -> NDArray[np.float64]:
    """The whole numbers of a range, as a model takes them."""
    return np.arange(*bounds).astype(float)


rate = st.one_of(st.sampled_from([0.0, 1e-12, 1e-6, 1.0]), shares)


def by_hand(model: Audience, months: int) -> tuple[float, float]:
    """The contract's two lines, month by month."""
    people, trust = float(model.start_audience), float(model.start_trust)
    leave, warming = float(model.leave_rate), float(model.warming_rate)
    for _month in range(months):
        trust = (1 - leave) * (trust + warming * (people - trust))
        people = (1 - leave) * people + float(model.new_per_month)
    return people, trust


def test_worked_table() -> None:
    month = np.array([0.0, 3, 6, 12, 24])
    model = Audience()
    followers = [0, 291.1, 556.8, 1020.5, 1728.6]
    assert model.audience(month) == pytest.approx(followers, abs=0.05)
    assert model.trust(month) == pytest.approx([0, 27.6, 117.9, 387.4, 971.4], abs=0.05)
    shares = [0.095, 0.212, 0.380, 0.562]
    assert model.trust_share(month[1:]) == pytest.approx(shares, abs=5e-4)
    assert model.launch_buyers(month) == pytest.approx([0, 1.4, 5.9, 19.4, 48.6], abs=0.05)
    assert model.audience_limit == pytest.approx(3_333.3, abs=0.05)
    assert model.trust_share_limit == pytest.approx(0.7638, abs=5e-5)
    assert "thinking tool" in model.verdict


def test_trust_has_a_closed_form() -> None:
    model, t = Audience(), whole(1, 40)
    s, grown = 0.97, 100 / 0.03
    w = s * 0.9
    trust = grown * s * 0.1 * ((1 - w**t) / (1 - w) - (s**t - w**t) / (s - w))
    assert model.audience(t) == pytest.approx(grown * (1 - s**t))
    assert model.trust(t) == pytest.approx(trust)


@given(
    new=numbers(0, 1e4),
    leave=rate,
    warming=rate,
    start=numbers(0, 1e4),
    trusting=shares,
    months=st.integers(0, 60),
)
def test_recursion(
    new: float, leave: float, warming: float, start: float, trusting: float, months: int
) -> None:
    model = Audience(
        new_per_month=new,
        leave_rate=leave,
        warming_rate=warming,
        start_audience=start,
        start_trust=start * trusting,
    )
    people, trust = by_hand(model, months)
    size = 1e-9 * (1 + people)
    assert model.audience(months) == pytest.approx(people, abs=size)
    assert model.trust(months) == pytest.approx(trust, abs=size)
    assert -size <= float(model.trust(months)) <= float(model.audience(months)) + size
    assert model.launch_buyers(months) == pytest.approx(0.05 * trust, abs=size)


def test_nobody_trusts_in_the_first_month() -> None:
    assert np.asarray(Audience().trust(whole(2))).tolist() == [0, 0]
    cold = Audience(warming_rate=0, leave_rate=np.linspace(0, 1, 7))
    assert np.asarray(cold.trust(12)).tolist() == [0] * 7
    assert math.isnan(float(Audience().trust_share(0)))


@pytest.mark.parametrize("new", [0, 50])
@pytest.mark.parametrize("leave", [0, 0.2, 1])
@pytest.mark.parametrize("warming", [0, 0.3, 1])
@pytest.mark.parametrize("start", [(0, 0), (80, 20), (80, 80)])
def test_limits_are_where_it_goes(
    new: float, leave: float, warming: float, start: tuple[float, float]
) -> None:
    model = Audience(
        new_per_month=new,
        leave_rate=leave,
        warming_rate=warming,
        start_audience=start[0],
        start_trust=start[1],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        limit, share = float(model.audience_limit), float(model.trust_share_limit)
        assert not re.search(r"\b(nan|inf)\b", model.verdict)
    far = 10**7 if leave == 0 else 300  # a shrinking audience must not underflow
    followers = float(model.audience(far))
    if math.isinf(limit):
        assert followers > 1e8
    else:
        assert followers == pytest.approx(limit, abs=1e-6)
    if math.isnan(share):
        assert followers == 0
    else:
        assert model.trust_share(far) == pytest.approx(share, abs=1e-4)


def test_arrays_equal_scalars() -> None:
    leave, warming, month = np.array([0, 0.03, 1]), np.array([[0], [0.1], [1]]), 9
    sweep = Audience(leave_rate=leave, warming_rate=warming, start_audience=50, start_trust=10)
    for row, column in product(range(3), range(3)):
        one = Audience(
            leave_rate=float(leave[column]),
            warming_rate=float(warming[row, 0]),
            start_audience=50,
            start_trust=10,
        )
        for name in ("audience", "trust", "trust_share", "launch_buyers"):
            alone = getattr(one, name)(month)
            assert type(alone) is float
            assert np.broadcast_to(getattr(sweep, name)(month), (3, 3))[row, column] == alone
        for name in ("audience_limit", "trust_share_limit"):
            alone = getattr(one, name)
            assert type(alone) is float
            assert np.broadcast_to(getattr(sweep, name), (3, 3))[row, column] == alone
    with pytest.raises(ValueError, match="leave_rate is an array"):
        _ = sweep.verdict


@pytest.mark.parametrize("month", [-1, 1.5, math.nan, math.inf, "3", None, True])
@pytest.mark.parametrize("method", ["audience", "trust", "trust_share", "launch_buyers"])
def test_impossible_months(method: str, month: object) -> None:
    with pytest.raises(ValueError, match=r"^month = "):
        getattr(Audience(), method)(month)


def test_only_followers_can_trust() -> None:
    with pytest.raises(ValueError, match=r"^start_trust = 10 .*start_audience = 5"):
        Audience(start_audience=np.array([20, 5]), start_trust=10)
    with pytest.raises(ValueError, match=r"^leave_rate = "):
        Audience(leave_rate=1.1)
    with pytest.raises(ValueError, match=r"^new_per_month = "):
        Audience(new_per_month=-1)


def test_silence_by_hand() -> None:
    all_listen = Audience(start_audience=40, start_trust=40, buy_rate=0.03, new_per_month=0)
    assert all_listen.silence(0) == pytest.approx(0.97**40)
    assert all_listen.silence(0) == pytest.approx(0.2957, abs=5e-5)  # three in ten
    assert Audience().silence(0) == 1  # nobody trusts, so nobody can buy
    assert Audience(buy_rate=0, start_audience=10, start_trust=10).silence(3) == 1
    assert Audience(buy_rate=1, start_audience=10, start_trust=10).silence(0) == 0


@pytest.mark.parametrize(("listeners", "month"), [(98, math.inf), (99, 0)])
def test_silence_means_something_from_99_listeners_on(listeners: int, month: float) -> None:
    model = Audience(
        start_audience=listeners, start_trust=listeners, buy_rate=0.03, new_per_month=0
    )
    assert model.silence_month == month


def test_the_first_month_in_which_silence_is_rare() -> None:
    nana = Audience(start_audience=40, start_trust=10, new_per_month=20, buy_rate=0.03)
    by_month = [0.97 ** by_hand(nana, month)[1] for month in range(20)]
    first = next(month for month, chance in enumerate(by_month) if chance <= 0.05)
    assert nana.silence_month == first
    # A sweep finds for each the month that it finds alone.
    rates = np.array([0.0, 0.05, 0.1, 0.2, 1.0])
    together = Audience(
        start_audience=40, start_trust=10, new_per_month=20, buy_rate=0.03, warming_rate=rates
    ).silence_month
    alone = [
        Audience(
            start_audience=40, start_trust=10, new_per_month=20, buy_rate=0.03, warming_rate=rate
        ).silence_month
        for rate in rates
    ]
    assert list(np.asarray(together)) == alone
    assert alone[0] == math.inf
    assert alone[1:] == sorted(alone[1:], reverse=True)
