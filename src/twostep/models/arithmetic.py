"""Small arithmetic that several lessons and models share."""

import numpy as np

from twostep._text import _
from twostep.models.base import ratio
from twostep.units import PEOPLE, RATE, YEN, Range, Value

__all__ = ["contribution_margin", "second_purchase_rate", "upgrade_rate"]


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


def contribution_margin(
    price: Value, cost: Value, fee_rate: Value = 0, tax_rate: Value = 0
) -> Value:
    """What one sale leaves, in yen (限界利益); may be negative.

    price ÷ (1 + tax rate) − price × fee rate − cost. A price to consumers includes consumption tax,
    which is not yours: give its rate (0.1, or 0.08 for food to take away). `fee_rate` is the share
    that the payment service keeps, of the price that the customer pays, tax and all. `cost` is
    everything that one more sale costs (goods, post, packing), without the tax that you get back.

    Takes numbers or arrays. Raises ValueError for a negative price or cost, and for a fee or tax
    rate outside 0 to 1.
    """
    price = Range.of(YEN, low=0).check("price", price)
    cost = Range.of(YEN, low=0).check("cost", cost)
    fee_rate = Range.of(RATE).check("fee_rate", fee_rate)
    tax_rate = Range.of(RATE).check("tax_rate", tax_rate)
    return price / (1 + tax_rate) - price * fee_rate - cost


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
