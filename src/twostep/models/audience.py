"""Publish first: an audience grows, and trust grows with it."""

import math
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from twostep._text import _
from twostep.models.base import TOO_LARGE, Model, geometric_sum, no_more_than, plain, ratio, where
from twostep.units import (
    MONTHS,
    RATE,
    Answer,
    Assumption,
    Months,
    People,
    Range,
    Rate,
    Value,
    counted,
)

__all__ = ["Audience"]

READERS = _("Who follows you")
TRUST = _("Who trusts you")
START = _("Where you start")

BY_CHANCE = 0.05  # silence that comes more seldom than this is no longer taken for chance
LAST = 240  # months: who has not been heard in twenty years has not been heard

FOLLOWERS = counted(_("{number} followers"), _("{number} follower"))
BUYERS = counted(_("{number} people buy"), _("{number} person buys"))


@dataclass(frozen=True, kw_only=True)
class Audience(Model):
    """Publish first: followers arrive, some come to trust you, and only those buy at a launch.

    Each month: trust ← (1 − leave)(trust + warming × (audience − trust)), then audience ←
    (1 − leave) × audience + new. Fields take a number or a NumPy array. Raises ValueError where
    more people trust you at the start than follow you.

    Source: a model of our own, a thinking tool: nobody has measured the warming rate.
    """

    lesson = "10_publish_first"
    menu = _("Publish first: an audience before the product")

    new_per_month: Annotated[
        People,
        Assumption(
            _("New followers a month"),
            _("People who start to follow what you publish, each month."),
            READERS,
            slider=(0, 1_000, 10),
        ),
    ] = 100
    leave_rate: Annotated[
        Rate,
        Assumption(
            _("Leave rate"),
            _("Of all followers, the share who stop following, per month."),
            READERS,
            slider=(0, 0.3, 0.005),
        ),
    ] = 0.03
    warming_rate: Annotated[
        Rate,
        Assumption(
            _("Warming rate"),
            _("Of the followers who do not trust you yet, the share who begin to, per month."),
            TRUST,
            slider=(0, 0.5, 0.01),
        ),
    ] = 0.10
    buy_rate: Annotated[
        Rate,
        Assumption(
            _("Buy rate at launch"),
            _("Of the people who trust you, the share who buy at a launch."),
            TRUST,
            slider=(0, 0.3, 0.005),
        ),
    ] = 0.05
    start_audience: Annotated[
        People,
        Assumption(
            _("Followers at the start"),
            _("People who follow you already when you begin to publish."),
            START,
            slider=(0, 5_000, 50),
        ),
    ] = 0
    start_trust: Annotated[
        People,
        Assumption(
            _("People who trust you at the start"),
            _("Of the followers at the start, how many trust you already."),
            START,
            slider=(0, 1_000, 10),
        ),
    ] = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        no_more_than("start_trust", self.start_trust, "start_audience", self.start_audience)

    def audience(self, month: Value) -> Value:
        """Followers after `month` months (whole, 0 or more)."""
        t = _month(month)
        stay = 1 - self.leave_rate
        newcomers = self.new_per_month * geometric_sum(stay, t)
        return plain(self.start_audience * np.power(stay, t) + newcomers)

    def trust(self, month: Value) -> Value:
        """Followers who trust you after `month` months (whole, 0 or more)."""
        t = _month(month)
        stay, cool = 1 - self.leave_rate, 1 - self.warming_rate
        earlier = np.maximum(t - 1, 0)
        # Followers who came since the start, less those of them who do not trust yet. Nobody of the
        # newest month trusts yet: it is left out of both, so that their difference is exactly 0.
        warmed = stay * geometric_sum(stay, earlier)
        still_cool = stay * cool * geometric_sum(stay * cool, earlier)
        from_start = self.start_trust + (self.start_audience - self.start_trust) * (
            1 - np.power(cool, t)
        )
        return plain(np.power(stay, t) * from_start + self.new_per_month * (warmed - still_cool))

    def trust_share(self, month: Value) -> Value:
        """Of the followers after `month` months, the share who trust you; `nan` without any."""
        return ratio(self.trust(month), self.audience(month))

    def launch_buyers(self, month: Value) -> Value:
        """People who buy if you launch after `month` months (whole, 0 or more)."""
        return plain(self.buy_rate * self.trust(month))

    def silence(self, month: Value) -> Value:
        """Chance that nobody buys at a launch after `month` months (whole, 0 or more).

        Each of the people who trust you buys with the chance `buy_rate`, whatever the others do;
        where their number is no whole one, this lies between the two next to it.
        """
        return plain(np.power(1 - self.buy_rate, self.trust(month)))

    @property
    def audience_limit(
        self,
    ) -> Annotated[
        People, Answer(_("Followers in the long run"), _("it grows for ever: nobody leaves"))
    ]:
        """Followers after very many months: new per month ÷ leave rate; `inf` if nobody leaves."""
        unchanged = where(np.greater(self.new_per_month, 0), math.inf, self.start_audience)
        leaving = np.greater(self.leave_rate, 0)
        return where(leaving, ratio(self.new_per_month, self.leave_rate), unchanged)

    @property
    def trust_share_limit(
        self,
    ) -> Annotated[
        Rate, Answer(_("Share who trust you in the long run"), _("no followers are left"))
    ]:
        """Of the followers after very many months, the share who trust you; `nan` without any."""
        gone = self._leave_or_warm
        stay = 1 - self.leave_rate
        with_newcomers = where(np.greater(gone, 0), ratio(stay * self.warming_rate, gone), 0.0)
        nobody = np.equal(self.start_audience, 0) | np.equal(self.leave_rate, 1)
        unchanged = ratio(self.start_trust, self.start_audience)
        old_hands = where(np.greater(self.warming_rate, 0), 1.0, unchanged)
        without = where(nobody, math.nan, old_hands)
        return where(np.greater(self.new_per_month, 0), with_newcomers, without)

    @property
    def silence_month(
        self,
    ) -> Annotated[
        Months,
        Answer(
            _("Months until silence means something"),
            _("not within 20 years: too few people trust you"),
        ),
    ]:
        """The first month in which `silence` is 5 % or less; `inf` if none within 20 years is."""
        first: Value = math.inf
        for month in range(LAST + 1):
            heard = np.isinf(first) & np.less_equal(self.silence(month), BY_CHANCE)
            first = where(heard, float(month), first)
            if np.isfinite(first).all():
                break
        return first

    @property
    def _leave_or_warm(self) -> Value:
        """Of the followers who do not trust yet, the share gone from that group in a month."""
        return self.leave_rate + self.warming_rate * (1 - self.leave_rate)

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        tool = _("This is a thinking tool: nobody has measured the warming rate.")
        followers, trusting = float(self.audience(12)), float(self.trust(12))
        if not math.isfinite(followers + trusting):
            return TOO_LARGE
        if followers == 0:
            return _("Nobody follows you, so nobody can buy. {tool}").format(tool=tool)
        if trusting == 0:
            return _(
                "Nobody buys: after {months} you have {followers}, and none of them trusts you. "
                "{tool}"
            ).format(months=MONTHS.text(12), followers=FOLLOWERS.text(followers), tool=tool)
        return _(
            "Launch today and {now}; publish first, launch after {months}, and {later}, because "
            "{share} of your {followers} then trust you. {tool}"
        ).format(
            now=BUYERS.text(self.launch_buyers(0)),
            months=MONTHS.text(12),
            later=BUYERS.text(self.launch_buyers(12)),
            share=RATE.text(self.trust_share(12)),
            followers=FOLLOWERS.text(followers),
            tool=tool,
        )


def _month(month: Value) -> Any:
    return Range.of(MONTHS, whole=True).check("month", month)
