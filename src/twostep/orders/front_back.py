"""Of those who bought the front product, how many went on to the back product?"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twostep._text import _, sentences
from twostep.orders.share import Share, percent

if TYPE_CHECKING:
    import pandas as pd

    from twostep.orders.book import Orders
    from twostep.orders.ledger import Bools
    from twostep.orders.plan import Plan

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class FrontBack:
    """Front buyers and what became of them within a window of days.

    At risk of going on is who first bought a back product in a later order than the first front
    order, or never; the others bought it before or with the front product. Of those at risk,
    `eligible` had the whole window, and `converted` of them went on in it. Who is too recent is in
    neither number, even if already converted: counting them biases the rate.
    """

    orders: "Orders" = field(repr=False)
    front: tuple[str, ...]
    back: tuple[str, ...]
    window_days: int
    washed_in: bool
    front_buyers: int
    """Customers with a valid order that holds a front product."""
    back_before_or_with_front: int
    """Of those, who bought a back product before the first front order or in it."""
    _watched: NDArray[np.int64]
    _waited: NDArray[np.int64]
    _first_front: NDArray[np.int64]
    _first_back: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        orders: "Orders",
        front: frozenset[int],
        back: frozenset[int],
        window: int,
        washed: "Bools",
    ) -> "FrontBack":
        """Count; `front` and `back` are numbers of products, `washed` says who is left out."""
        book = orders._ledger
        front_day, front_clock, front_order = _first_orders(orders, front, washed)
        back_day, back_clock, back_order = _first_orders(orders, back, washed)
        buyers = front_day != NEVER
        later = (back_day > front_day) | (
            # The same day counts where both orders say the time. Nobody's time is below zero.
            (back_day == front_day)
            & (back_order != front_order)
            & (front_clock >= 0)
            & (back_clock > front_clock)
        )
        at_risk = buyers & later
        waited = np.where(back_day == NEVER, NEVER, back_day - front_day)
        return cls(
            orders=orders,
            front=tuple(book.products[i] for i in sorted(front)),
            back=tuple(book.products[i] for i in sorted(back)),
            window_days=window,
            washed_in=bool(washed.any()),
            front_buyers=int(buyers.sum()),
            back_before_or_with_front=int((buyers & ~later).sum()),
            _watched=(book.as_of - front_day)[at_risk],
            _waited=waited[at_risk],
            _first_front=front_order[buyers],
            _first_back=back_order[back_order != NEVER],
        )

    @property
    def at_risk(self) -> int:
        """Front buyers who could still go on after their first front order."""
        return int(self._watched.size)

    @property
    def eligible(self) -> int:
        """Of those at risk, who had the whole window by `as_of`."""
        return int(self._had_window.sum())

    @property
    def converted(self) -> int:
        """Of the eligible, who bought a back product within the window."""
        return int((self._had_window & self._went_on).sum())

    @property
    def too_recent(self) -> int:
        """Of those at risk, who have not had the whole window yet: in neither number."""
        return self.at_risk - self.eligible

    @property
    def too_recent_converted(self) -> int:
        """Of the too recent, who have gone on already. Not counted: those who will are missing."""
        return int((~self._had_window & self._went_on).sum())

    @property
    def rate(self) -> Share:
        """converted of eligible."""
        return Share(
            self.converted,
            self.eligible,
            _("no rate yet: nobody has had the {days} days").format(days=self.window_days),
        )

    @property
    def rate_of_everybody(self) -> Share:
        """A mistake to compare with: all who ever went on, of all at risk, had they time or not."""
        return Share(int((self._waited != NEVER).sum()), self.at_risk)

    @property
    def rate_with_recent_converters(self) -> Share:
        """A mistake to compare with: of the too recent, only who went on is counted. Too high."""
        early = self.too_recent_converted
        return Share(self.converted + early, self.eligible + early)

    @property
    def days_waited(self) -> NDArray[np.int64]:
        """Of those who went on, the days from the first front to the first back order."""
        waited: NDArray[np.int64] = self._waited[self._waited != NEVER]
        return waited

    def paid_in_first_orders(self, products: tuple[str, ...]) -> NDArray[np.float64]:
        """What each buyer paid for these products in the first order with one of them, as written.

        Raises ValueError as `Orders.revenue` does.
        """
        orders = self._first_front if products == self.front else self._first_back
        return self.orders.paid_for(products, orders)

    @property
    def _had_window(self) -> NDArray[np.bool_]:
        return self._watched >= self.window_days

    @property
    def _went_on(self) -> NDArray[np.bool_]:
        return self._waited <= self.window_days

    @cached_property
    def curve(self) -> "pd.DataFrame":
        """The share that has gone on by each day after the front order: Kaplan–Meier.

        Everybody at risk counts for as long as they were watched, the too recent included. Columns:
        day (0 to the window), share, low, high (95 %), still_watched (who had not gone on and was
        still watched when the day began).

        The interval is Wilson's with the effective sample size that Greenwood's variance implies
        (Dorey & Korn 1987, Statistics in Medicine 6:679–687); without anybody too recent it is
        exactly that of `rate`.
        """
        return _kaplan_meier(self._watched, self._waited, self.window_days)

    @property
    def verdict(self) -> str:
        """What the counts say and do not say, in sentences."""
        if not self.orders.customers:
            return _(
                "No order names a customer, so nobody can be followed from the front to the back "
                "product: repeat purchases cannot be seen in these files."
            )
        said = [self._said_of_rate]
        if self.back_before_or_with_front:
            said.append(
                _(
                    "{count:,} of {of:,} front buyers had the back product before or with the "
                    "front product: the front offer did not bring them to it, so they are not "
                    "counted."
                ).format(count=self.back_before_or_with_front, of=self.front_buyers)
            )
        if not self.washed_in:
            said.append(
                _(
                    "The first order in these files is of {day}. Is this the shop's first order? "
                    "If not, some first purchases here are second ones: wash_in=60 leaves out "
                    "whoever is seen in the first 60 days."
                ).format(day=self.orders.first_day)
            )
        return sentences(*said)

    @property
    def _said_of_rate(self) -> str:
        if not self.at_risk:
            return _("No front buyer could go on to the back product: there is no rate.")
        if not self.eligible:
            return _(
                "There is no rate yet: none of the {count:,} front buyers has had the whole "
                "{days} days by {as_of}. That is not a rate of zero."
            ).format(count=self.at_risk, days=self.window_days, as_of=self.orders.as_of)
        rate = self.rate
        said = _(
            "Of {of:,} front buyers who had {days} days, {count:,} went on: {value}, and with so "
            "many people the true rate may be {low} to {high}."
        ).format(
            of=rate.of,
            days=self.window_days,
            count=rate.count,
            value=percent(rate.value),
            low=percent(rate.low),
            high=percent(rate.high),
        )
        if self.too_recent:
            more = _("{count:,} bought too recently to say; they are in neither number.")
            said = sentences(said, more.format(count=self.too_recent))
        return said

    def to_funnel(self, **given: Any) -> "Plan":
        """A plan with `Funnel`: what you give is listed at `twostep.orders.plan.funnel_plan`."""
        from twostep.orders.plan import funnel_plan

        return funnel_plan(self, **given)

    def to_trial(self, **given: Any) -> "Plan":
        """A plan with `Trial`: what you give is listed at `twostep.orders.plan.trial_plan`."""
        from twostep.orders.plan import trial_plan

        return trial_plan(self, **given)

    def __repr__(self) -> str:
        return "\n".join(
            [
                _("front buyers: {count:,}").format(count=self.front_buyers),
                _("back product before or with the front product: {count:,}").format(
                    count=self.back_before_or_with_front
                ),
                _("at risk: {count:,}").format(count=self.at_risk),
                _("too recent: {count:,}").format(count=self.too_recent),
                _("went on within {days} days: {rate}").format(
                    days=self.window_days, rate=self.rate.text
                ),
            ]
        )


def _first_orders(
    orders: "Orders", products: frozenset[int], washed: "Bools"
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """For every customer the day, the time and the number of the first order with a product."""
    book = orders._ledger
    found = orders._orders_with(products)
    found = found[~washed[book.order_customer[found]]]
    # Sorted so that of one customer's orders the first is met last, and stays.
    last_first = found[np.lexsort((book.order_clock[found], book.order_day[found]))[::-1]]
    customer = book.order_customer[last_first]
    day, clock, order = (np.full(book.customers, NEVER, dtype=np.int64) for _column in range(3))
    day[customer] = book.order_day[last_first]
    clock[customer] = book.order_clock[last_first]
    order[customer] = last_first
    return day, clock, order


def _kaplan_meier(
    watched: NDArray[np.int64], waited: NDArray[np.int64], window: int
) -> "pd.DataFrame":
    import pandas as pd

    from twostep.models.small_numbers import wilson

    days = np.arange(window + 1)
    went = waited <= watched
    until = np.minimum(waited, watched)
    events = np.bincount(until[went & (until <= window)], minlength=window + 1)
    still = float(watched.size) - np.searchsorted(np.sort(until), days)
    with np.errstate(divide="ignore", invalid="ignore"):
        staying = np.where(still > 0, 1 - events / np.maximum(still, 1), 1.0)
        left = np.cumprod(staying)
        greenwood = np.cumsum(np.where(still > events, events / (still * (still - events)), 0.0))
        share = 1 - left
        size: Any = np.where((share > 0) & (left > 0), share / (left * greenwood), still)
    low, high = wilson(share * size, size)
    return pd.DataFrame(
        {"day": days, "share": share, "low": low, "high": high, "still_watched": still.astype(int)}
    )
