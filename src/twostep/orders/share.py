"""A share of people, with how sure it is."""

import math
from dataclasses import dataclass
from functools import cached_property

from twostep._text import _
from twostep.models.small_numbers import wilson_interval
from twostep.units import RATE

FEWEST = 5
"""People in the smallest group that a printed page shows."""


@dataclass(frozen=True)
class Share:
    """`count` of `of` people: `value`, and the 95 % Wilson interval `low` to `high`.

    Where `of` is 0 there is no share: `value` is `nan`, the interval is everything, and `text` says
    `nobody` in place of a number.
    """

    count: int
    of: int
    nobody: str = ""

    @property
    def value(self) -> float:
        """count ÷ of; `nan` where there is nobody to count."""
        return self.count / self.of if self.of else math.nan

    @property
    def low(self) -> float:
        """Lower end of the 95 % Wilson interval."""
        return self._interval[0]

    @property
    def high(self) -> float:
        """Upper end of the 95 % Wilson interval."""
        return self._interval[1]

    @cached_property
    def _interval(self) -> tuple[float, float]:
        low, high = wilson_interval(self.count, self.of)
        return float(low), float(high)

    @property
    def text(self) -> str:
        """ "62 of 251: 24.7% (19.8% to 30.4%)", or why there is no share."""
        if not self.of:
            return self.nobody or _("no rate: there is nobody to count yet")
        return _("{count:,} of {of:,}: {value} ({low} to {high})").format(
            count=self.count,
            of=self.of,
            value=percent(self.value),
            low=percent(self.low),
            high=percent(self.high),
        )

    @property
    def printed(self) -> str:
        """The same for a page that others see: no group of fewer than 5 people."""
        if not self.of or not hidden(self.count, self.of):
            return self.text
        few = people(1)
        if self.of < FEWEST:
            return _("too few people to print a rate ({few})").format(few=few)
        words = _("{few} of {of:,}") if self.count < FEWEST else _("all but {few} of {of:,}")
        return words.format(few=few, of=self.of)

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


def hidden(count: int, of: int) -> bool:
    """Whether one of the two groups, those counted or the others, is too small to print."""
    return of < FEWEST or 0 < count < FEWEST or 0 < of - count < FEWEST


def people(count: int) -> str:
    """A number of people, unless they are so few that somebody might know who they are."""
    return _("fewer than {fewest}").format(fewest=FEWEST) if 0 < count < FEWEST else f"{count:,}"


def percent(share: float) -> str:
    """A share in percent with one decimal; what is not nothing is not written as 0.0%."""
    if 0 < share < 0.0005:
        return RATE.text(share)
    return f"{100 * share:.1f}%"
