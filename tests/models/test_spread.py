"""The spread of a count, against exact fractions, SciPy's distributions and simulation."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, multinomial
from tests.strategies import numbers, shares

from twostep.models.spread import (
    MOST_TERMS,
    average_and_deviation,
    average_over_counts,
    chance_at_most,
    chance_below,
)


def test_48_buyers_show_a_small_rate_in_a_quarter_of_the_months() -> None:
    # 4.4 % or less of 48 is two or fewer, though the true rate is 8 %.
    assert chance_at_most(0.044 * 48, 48, 0.08) == pytest.approx(0.2504, abs=5e-5)
    exact = sum(
        math.comb(48, k) * Fraction(8, 100) ** k * Fraction(92, 100) ** (48 - k) for k in range(3)
    )
    assert chance_at_most(2, 48, 0.08) == pytest.approx(float(exact), rel=1e-13)


@given(st.integers(0, 200), shares, numbers(-5, 210))
def test_chances_are_binomial(people: int, rate: float, most: float) -> None:
    expected = binom.cdf(math.floor(most), people, rate)
    assert chance_at_most(most, people, rate) == pytest.approx(expected, abs=1e-12)


def test_a_part_of_a_person_lies_between_whole_ones() -> None:
    people = np.linspace(3, 5, 21)
    chances = np.asarray(chance_at_most(2, people, 0.4))
    assert (np.diff(chances) < 0).all()
    assert chances[[0, 10, 20]] == pytest.approx(binom.cdf(2, [3, 4, 5], 0.4))


@given(st.integers(0, 3_000), shares)
def test_an_average_over_counts_is_the_sum(people: int, rate: float) -> None:
    counts = np.arange(people + 1)
    chances = binom.pmf(counts, people, rate)
    worth = np.sqrt(counts)
    found = average_over_counts(lambda k, *_: np.sqrt(k), people, rate)
    assert found == pytest.approx(float(chances @ worth), rel=1e-10, abs=1e-12)
    assert average_over_counts(lambda *_: 1.0, people, rate) == pytest.approx(1, abs=1e-12)


def every_case(goal, people, rate, worth, also_rate, also_worth):
    """By brute force: every count of those who do both, and of those who do it once."""
    both, once = rate * also_rate, rate * (1 - also_rate)
    many, few = np.meshgrid(np.arange(people + 1), np.arange(people + 1))
    possible = many + few <= people
    rest = np.where(possible, people - many - few, 0)
    kinds = np.stack([many, np.where(possible, few, people - many), rest], axis=-1)
    chances = multinomial.pmf(kinds, n=people, p=[both, once, 1 - both - once])
    brought = many * (worth + also_worth) + few * worth
    return chances[possible & (brought < goal - 1e-6)].sum()


@pytest.mark.parametrize("worth", [3.0, 0.0, -2.0])
@pytest.mark.parametrize("also_worth", [10.0, 0.0, -7.0])
@pytest.mark.parametrize(("rate", "also_rate"), [(0.3, 0.4), (1, 0.2), (0.5, 1), (0, 0.5), (1, 1)])
def test_the_chance_of_missing_a_goal_by_brute_force(worth, also_worth, rate, also_rate) -> None:
    for people in (0, 1, 7, 30):
        for goal in (-40.0, -7.0, 0.0, 3.0, 13.0, 26.0, 100.0):
            case = (goal, people, rate, worth, also_rate, also_worth)
            assert chance_below(*case) == pytest.approx(every_case(*case), abs=1e-9), case


def test_the_chance_of_missing_a_goal_by_simulation() -> None:
    numbers = np.random.default_rng(11)
    buyers = numbers.binomial(10_000, 0.0048, 400_000)
    profit = 4_500 * buyers + 229_200 * numbers.binomial(buyers, 0.08) - 700_000
    loses = np.mean(profit < 0)
    found = float(chance_below(700_000, 10_000, 0.0048, 4_500, 0.08, 229_200))
    assert abs(loses - found) < 4 * math.sqrt(found * (1 - found) / 400_000)


def test_very_many_people_follow_the_curve_closely() -> None:
    # Just where counts are no longer added up: both ways, side by side.
    people = np.linspace(48_000, 52_000, 41)
    average, _deviation = average_and_deviation(0.9, 4_500, 0.5, 229_200)
    found = chance_below(0.999 * people * average, people, 0.9, 4_500, 0.5, 229_200)
    terms = 2 * (9 * np.sqrt(people * 0.45 * 0.55) + 20)
    assert terms[0] < MOST_TERMS < terms[-1]
    assert np.abs(np.diff(np.asarray(found))).max() < 0.005
    # And a chance that is known: on average, half.
    assert chance_below(1e9 * average, 1e9, 0.9, 4_500, 0.5, 229_200) == pytest.approx(0.5)


@given(shares, numbers(-1e4, 1e5), shares, numbers(-1e5, 1e6))
def test_average_and_deviation_of_one_person(rate, worth, also_rate, also_worth) -> None:
    chances = np.array([rate * also_rate, rate * (1 - also_rate), 1 - rate])
    brings = np.array([worth + also_worth, worth, 0.0])
    average, deviation = average_and_deviation(rate, worth, also_rate, also_worth)
    size = abs(worth) + abs(also_worth) + 1
    assert average == pytest.approx(float(chances @ brings), abs=1e-9 * size)
    squares = float(chances @ (brings - chances @ brings) ** 2)
    assert deviation == pytest.approx(math.sqrt(squares), abs=1e-6 * size)


def test_numbers_too_large_have_no_chance() -> None:
    assert math.isnan(float(chance_below(1e308, 1e300, 1, 1e308, 1, 1e308)))
