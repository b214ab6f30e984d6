"""The small arithmetic against published examples and fees."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from twostep.models.arithmetic import contribution_margin, second_purchase_rate, upgrade_rate
from twostep.models.funnel import Funnel


def test_published_examples_of_rates() -> None:
    assert upgrade_rate(100, 30) == 0.30
    assert upgrade_rate(1_000, 200) == 0.20
    assert second_purchase_rate(400, 160) == 0.40


def test_the_ratio_upside_down_is_refused() -> None:
    with pytest.raises(ValueError, match=r"subscribers = 100.* trials = 30.*other way round"):
        upgrade_rate(30, 100)
    with pytest.raises(ValueError, match="second"):
        second_purchase_rate(np.array([10, 10]), np.array([9, 11]))


def test_rates_of_nobody_are_undefined_and_arrays_are_taken() -> None:
    assert math.isnan(float(upgrade_rate(0, 0)))
    rates = upgrade_rate(np.array([0, 4, 10]), np.array([0, 1, 10]))
    np.testing.assert_array_equal(rates, [math.nan, 0.25, 1.0])
    assert isinstance(upgrade_rate(4, 1), float)


@pytest.mark.parametrize("bad", [-1, None, True, "3", math.nan, math.inf, [3]])
def test_rates_refuse_what_is_not_a_count(bad: Any) -> None:
    with pytest.raises(ValueError, match="trials"):
        upgrade_rate(bad, 0)
    with pytest.raises(ValueError, match="second"):
        second_purchase_rate(10, bad)


def test_contribution_margins_of_the_two_published_fees() -> None:
    assert round(float(contribution_margin(4_980, 300, 0.036)), 2) == 4_500.72
    assert round(float(contribution_margin(4_980, 1_200 + 600, 0.036 + 0.007))) == 2_966
    assert contribution_margin(980, 1_300) == -320
    np.testing.assert_array_equal(contribution_margin(np.array([100.0, 200.0]), 60), [40, 140])


def test_a_price_to_consumers_has_tax_in_it() -> None:
    """A course of ¥4,980 and coaching at ¥300,000, both with 10 %: worked by hand."""
    # The tax is not yours; the card fee is taken from what the customer pays.
    front = contribution_margin(4_980, 300, 0.036, 0.1)
    assert front == pytest.approx(
        float(Fraction(4_980) / Fraction(11, 10) - 4_980 * 36 / 1_000 - 300)
    )
    back = contribution_margin(300_000, 60_000, 0.036, 0.1)
    business = Funnel(front_margin=front, back_margin=back)
    assert business.profit == pytest.approx(269_704, abs=0.5)
    assert business.break_even_back_rate == pytest.approx(0.0522, abs=5e-5)
    assert contribution_margin(108, 40, tax_rate=0.08) == pytest.approx(60)


@pytest.mark.parametrize("bad", [-0.1, 1.1, 10, None, "10%"])
def test_a_tax_rate_is_a_share(bad: Any) -> None:
    with pytest.raises(ValueError, match=r"^tax_rate = "):
        contribution_margin(100, 10, 0, bad)


@pytest.mark.parametrize(
    "bad", [{"price": -1}, {"cost": -1}, {"fee_rate": 1.1}, {"fee_rate": -0.1}, {"price": None}]
)
def test_contribution_margin_refuses_by_name(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        contribution_margin(**({"price": 100, "cost": 10} | bad))
