"""What the models compute with: sums, powers and limits against exact fractions."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import shares

from twostep.models.base import geometric_sum, power, settle, times


@given(
    st.one_of(shares, st.floats(1e-17, 1e-6).map(lambda gap: 1 - gap)),
    st.integers(0, 60),
)
def test_geometric_sum_is_the_sum(factor: float, terms: int) -> None:
    exact = sum((Fraction(factor) ** n for n in range(terms)), Fraction(0))
    assert geometric_sum(factor, float(terms)) == pytest.approx(float(exact), rel=1e-13)


def test_nothing_of_an_unlimited_amount_is_nothing() -> None:
    assert times(0.0, math.inf) == times(-math.inf, 0.0) == 0
    assert times(0.5, math.inf) == math.inf
    assert power(0.0, -1.0) == math.inf
    assert power(2.0, 5_000.0) == math.inf


def test_a_power_is_the_same_alone_and_in_an_array() -> None:
    # On some processors `np.power` differs in the last digit here, and `**` anywhere.
    numbers = np.random.default_rng(7)
    bases, exponents = numbers.random(5_000), np.round(numbers.random(5_000) * 12, 1)
    alone = [power(base, exponent) for base, exponent in zip(bases, exponents, strict=True)]
    np.testing.assert_array_equal(power(bases, exponents), alone)


def test_settle_hides_noise_and_nothing_else() -> None:
    values = settle(np.array([-1e-12, -0.1, 0.5, 1 + 1e-12, 1.1]), 0, 1, 1e-9)
    assert np.asarray(values).tolist() == [0, -0.1, 0.5, 1, 1.1]
