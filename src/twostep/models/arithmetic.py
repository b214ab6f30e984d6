"""Small arithmetic that several lessons and models share."""

import numpy as np

from twostep._text import _
from twostep.models.base import plain, ratio, where
from twostep.units import PEOPLE, RATE, YEN, Range, Value

TOO_LARGE = _("These numbers are too large to compute with.")


def upgrade_rate(trials: Value, subscribers: Value) -> Value:
    """Of all trial buyers, the share who subscribe (引上率): subscribers ÷ trials.

    Takes counts or arrays of counts. `nan` where there are no trials. Raises ValueError for
    anything that is not a count, and for more subscribers than trials (the ratio upside down, as
    one published article prints it).
    """
    return _share("trials", trials, "subscribers", subscribers)


def second_purchase_rate(first: Value, second: Value) -> Value:
    """Of all first-time buyers, the share who buy a second time (F2転換率): second ÷ first.

    Takes counts or arrays of counts. `nan` where there are no first-time buyers. Raises ValueError
    for anything that is not a count, and for more second-time than first-time buyers.
    """
    return _share("first", first, "second", second)


def contribution_margin(price: Value, cost: Value, fee_rate: Value = 0) -> Value:
    """What one sale leaves, in yen (限界利益): price × (1 − fee rate) − cost; may be negative.

    `cost` is everything that one more sale costs (goods, post, packing), `fee_rate` the share of
    the price that the payment service keeps. Takes numbers or arrays. Raises ValueError for a
    negative price or cost, and for a fee rate outside 0 to 1.
    """
    price = Range.of(YEN, low=0).check("price", price)
    cost = Range.of(YEN, low=0).check("cost", cost)
    fee_rate = Range.of(RATE).check("fee_rate", fee_rate)
    return price * (1 - fee_rate) - cost


def _share(whole_name: str, whole: Value, part_name: str, part: Value) -> Value:
    whole = Range.of(PEOPLE).check(whole_name, whole)
    part = Range.of(PEOPLE).check(part_name, part)
    if np.any(part > whole):
        raise ValueError(
            _(
                "{part_name} = {part} is more than {whole_name} = {whole}: they are counted among "
                "them, so there cannot be more. Is it the other way round?"
            ).format(part_name=part_name, part=part, whole_name=whole_name, whole=whole)
        )
    return ratio(part, whole)


def times(share: Value, amount: Value) -> Value:
    """Multiply, where nothing of an unlimited amount is nothing: 0 × inf is 0."""
    with np.errstate(invalid="ignore", over="ignore"):
        product = np.multiply(share, amount)
    return where(np.equal(share, 0) | np.equal(amount, 0), 0.0, product)


def power(base: Value, exponent: Value) -> Value:
    """Raise `base` (0 or more) to `exponent`, with `inf` in place of an error: 0 to the −1 is inf.

    `np.float_power`, because `np.power` and `**` round a number and an array differently.
    """
    with np.errstate(divide="ignore", over="ignore"):
        return plain(np.float_power(base, exponent))


def geometric_sum(factor: Value, terms: Value) -> Value:
    """1 + factor + factor² + …, so many terms: (1 − factorⁿ) ÷ (1 − factor), n for a factor of 1.

    `factor` is in [0, 1], `terms` a whole number. `expm1` keeps all digits for a factor near 1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        closed = -np.expm1(terms * np.log(factor)) / np.subtract(1.0, factor)
    return where(np.equal(factor, 1), terms, where(np.equal(terms, 0), 0.0, closed))
