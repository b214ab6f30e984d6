"""How a count of people spreads around its average, when each decides for themselves.

A plan says "3.84 clients"; one month brings 2, another 6. Such a count is binomial: so many people,
each with the same chance. Where the people are an expected count, a part of a person is
interpolated.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from twostep._text import _
from twostep.models.base import HELD, in_pieces, plain, ratio
from twostep.units import Value

# So many standard deviations and counts beside the average; further out the chance is below 1e-15.
DEVIATIONS, BESIDE = 9, 20
MOST_TERMS = 2_048
ROUNDING = 1e-9

HUGE = _("these numbers are too large")
"""Why a chance is `nan`."""


def chance_at_most(most: Value, people: Value, rate: Value) -> Value:
    """P(at most `most` of so many `people` do it), where each does with the chance `rate`."""
    from scipy.special import betaincc

    count = np.floor(most)
    inside = (count >= 0) & (count < people)
    others = np.where(inside, people - count, 1.0)
    chance = betaincc(np.where(inside, count, 0.0) + 1, others, rate)
    return plain(np.where(inside, chance, np.where(count < 0, 0.0, 1.0)))


def chance_below(
    goal: Value,
    people: Value,
    rate: Value,
    worth: Value,
    also_rate: Value = 0.0,
    also_worth: Value = 0.0,
) -> Value:
    """P(what so many `people` bring is less than `goal`).

    Each brings `worth` with the chance `rate`, and of these each brings `also_worth` more with the
    chance `also_rate`. Exact up to about 12,000 expected doers of both; for more the normal curve
    stands in, which is then less than half a percentage point off. `nan` for numbers too large.
    """
    from scipy.special import ndtr

    total = worth + also_worth
    with np.errstate(all="ignore"):
        both, once = rate * also_rate, rate * (1 - also_rate)
        one, deviation = average_and_deviation(rate, worth, also_rate, also_worth)
        missing, spread = goal - people * one, np.sqrt(people) * deviation
        by_curve = np.where(spread > 0, ndtr(ratio(missing, spread)), np.greater(missing, 0))
        few = 2 * (DEVIATIONS * np.sqrt(people * both * (1 - both)) + BESIDE) < MOST_TERMS
        # Of those who do not do both, the share who do it once.
        share = np.where(np.less(both, 1), ratio(once, 1 - both), 0.0)
        one_by_one = average_over_counts(
            _misses, np.where(few, people, 0.0), both, share, goal, worth, total
        )
        found = np.where(few, one_by_one, by_curve)
        return plain(np.where(np.isfinite(missing), found, np.nan))


def average_and_deviation(
    rate: Value, worth: Value, also_rate: Value, also_worth: Value
) -> tuple[Value, Value]:
    """What one person brings on average, and the standard deviation of it; see `chance_below`."""
    both, once = rate * also_rate, rate * (1 - also_rate)
    total = worth + also_worth
    average = both * total + once * worth
    # No difference of two large numbers.
    with np.errstate(over="ignore", invalid="ignore"):
        squares = both * np.square(total - average) + once * np.square(worth - average)
        return average, plain(np.sqrt(squares + (1 - rate) * np.square(average)))


def _misses(
    count: Any, people: Any, _rate: Any, share: Any, goal: Any, worth: Any, total: Any
) -> Any:
    """P(the goal is missed), given how many do both: the others would have to bring the rest."""
    rest = goal - total * count
    close = ROUNDING * np.abs(goal)
    # So many of the others are just enough; where each costs something, so many are just allowed.
    limit = (rest - close) / np.where(worth == 0, 1.0, worth)
    enough = chance_at_most(np.ceil(limit) - 1, people - count, share)
    allowed = 1 - chance_at_most(np.floor(limit), people - count, share)
    return np.where(worth > 0, enough, np.where(worth < 0, allowed, rest > close))


def average_over_counts(
    worth: Callable[..., Any], people: Value, rate: Value, *fields: Value
) -> Value:
    """Σ P(count) × worth(count) for every scenario; `worth` takes count, people, rate and fields.

    Terms are added one after another: a scenario has the same sum, to the last bit, alone and in a
    sweep.
    """

    def added_up(*rows: Any) -> Any:
        people, rate, *fields = (row[:, np.newaxis] for row in rows)
        reach = DEVIATIONS * np.sqrt(people * rate * (1 - rate)) + BESIDE
        first = np.maximum(0.0, np.floor(people * rate - reach))
        last = np.minimum(np.ceil(people), np.ceil(people * rate + reach))
        count = first + np.arange(int(np.max(last - first, initial=0)) + 1)
        chance = np.clip(rate, 1e-300, 1 - 1e-16)
        rise = np.maximum(people - count[:, :-1], 0.0) / (count[:, :-1] + 1)
        with np.errstate(divide="ignore"):  # nobody is left: the logarithm of 0
            steps = np.log(rise) + (np.log(chance) - np.log1p(-chance))
        logs = np.add.accumulate(np.concatenate([np.zeros_like(first), steps], axis=1), axis=1)
        weights = np.exp(logs - np.max(logs, axis=1, keepdims=True))
        weights = weights / np.add.accumulate(weights, axis=1)[:, -1:]
        terms = np.where(weights > 0, weights * worth(count, people, rate, *fields), 0.0)
        return np.add.accumulate(terms, axis=1)[:, -1]

    return in_pieces(added_up, HELD // MOST_TERMS, people, rate, *fields)
