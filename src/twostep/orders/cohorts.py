"""Who bought a product again, period after period: counts for `ShiftedBetaGeometric`."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twostep._text import _, comma_separated, sentences
from twostep.models.retention import RetentionFit, ShiftedBetaGeometric
from twostep.orders.cells import day_of
from twostep.orders.ledger import distinct_pairs
from twostep.orders.share import Share, percent

if TYPE_CHECKING:
    from twostep.orders.book import Orders
    from twostep.orders.ledger import Bools
    from twostep.orders.tables import Table

TWICE = 0.03
"""Share of customers paying twice in a calendar month from which months are the wrong measure."""


@dataclass(frozen=True, eq=False)
class Cohorts:
    """Customers by when they first bought, and how many bought in every period since.

    Count k of a cohort are its customers with an order in each of the periods 0 to k; only periods
    that are over are counted. Whoever pauses counts as left: `came_back` says how many returned.
    """

    counts: dict[str, list[int]]
    """By cohort, in order of time: its size, and how many were still there period after period."""
    came_back: int
    """Customers who missed a period and bought again later: counted as left."""
    customers: int
    """Customers who ever bought one of the products."""
    period_days: int | None
    """Length of a period; None for calendar months."""
    paid_twice: Share = field(repr=False)
    """Of the customers, who had two orders in some calendar month."""

    @classmethod
    def of(
        cls, orders: "Orders", products: frozenset[int], length: int | None, washed: "Bools"
    ) -> "Cohorts":
        """Count; `length` is None for calendar months; `washed` says which customers are out."""
        book = orders._ledger
        found = orders._orders_with(products)
        found = found[~washed[book.order_customer[found]]]
        customer = book.order_customer[found].astype(np.int64)
        day = book.order_day[found].astype(np.int64)
        months = _month(day)
        if length is None:
            first = _first(customer, months, book.customers)
            last = int(_month(np.array([book.as_of + 1]))[0]) - 1  # only months that are over
            period, begun = months - first[customer], first
            complete = last - first
            labels = {
                int(month): str(np.datetime64(int(month), "M")) for month in np.unique(months)
            }
        else:
            first = _first(customer, day, book.customers)
            # Period k is centred on day k × length: [30 k − 15, 30 k + 15).
            period = (2 * (day - first[customer]) + length) // (2 * length)
            complete = np.maximum((2 * (book.as_of - first + 1) - length) // (2 * length), 0)
            begun = -complete
            labels = {int(-k): _block(book.as_of, int(k), length) for k in np.unique(complete)}
        over = period <= complete[customer]
        run, ever = _runs(customer[over], period[over], book.customers)
        known = np.unique(customer)
        counts = {}
        for start in np.unique(begun[known]):
            members = known[begun[known] == start]
            periods = int(complete[members[0]])
            counts[labels[int(start)]] = [int((run[members] > k).sum()) for k in range(periods + 1)]
        _orders, times = np.unique(np.stack([customer, months]), axis=1, return_counts=True)
        twice = np.unique(_orders[0][times > 1]).size
        return cls(
            counts=counts,
            came_back=int((ever > run).sum()),
            customers=int(known.size),
            period_days=length,
            paid_twice=Share(int(twice), int(known.size)),
        )

    @property
    def too_young(self) -> tuple[str, ...]:
        """The cohorts with one count or none: listed, but nobody in them could leave yet."""
        return tuple(cohort for cohort, counts in self.counts.items() if len(counts) < 2)

    @property
    def table(self) -> "Table":
        """One row a cohort: its name, its customers, and how many were left after each period."""
        from twostep.orders.tables import Table

        longest = max((len(counts) for counts in self.counts.values()), default=0)
        rows = [
            [cohort, *counts, *[""] * (longest - len(counts))]
            for cohort, counts in self.counts.items()
        ]
        return Table(rows, columns=[_("cohort"), *map(str, range(longest))])

    @property
    def retention(self) -> Share:
        """Of all renewals that came due, those made: one constant retention for everybody."""
        long = [counts for counts in self.counts.values() if len(counts) > 1]
        stayed = sum(sum(counts[1:]) for counts in long)
        due = sum(sum(counts[:-1]) for counts in long)
        return Share(stayed, due, _("no retention yet: no renewal has come due"))

    def fit(self) -> RetentionFit:
        """Fit `ShiftedBetaGeometric` to the cohorts that have more than one count.

        Raises ValueError where none of them shows two renewals.
        """
        fitted = [counts for counts in self.counts.values() if len(counts) > 1]
        if max(map(len, fitted), default=0) < 3:
            raise ValueError(
                _(
                    "No cohort shows two renewals yet, and one cannot tell whether customers "
                    "differ. Wait, or use .retention, one rate for everybody."
                )
            )
        return ShiftedBetaGeometric.fit(*fitted)

    @property
    def verdict(self) -> str:
        """What the counts say and do not say, in sentences."""
        retention = self.retention
        said = [
            _(
                "{customers:,} customers in {cohorts} cohorts. Of {of:,} renewals that came due, "
                "{count:,} were made: {text}."
            ).format(
                customers=self.customers,
                cohorts=len(self.counts),
                of=retention.of,
                count=retention.count,
                text=percent(retention.value),
            )
            if retention.of
            else retention.text
        ]
        if self.came_back:
            said.append(
                _("{count:,} paused and came back; they are counted as left.").format(
                    count=self.came_back
                )
            )
        if self.too_young:
            said.append(
                _("Too young to say anything, so not fitted: {cohorts}.").format(
                    cohorts=comma_separated(self.too_young)
                )
            )
        if self.period_days is None and self.customers and self.paid_twice.value > TWICE:
            said.append(
                _(
                    "{share} of customers paid twice in some calendar month, so months are not "
                    "this product's rhythm: try period=30, or the days between your deliveries."
                ).format(share=percent(self.paid_twice.value))
            )
        return sentences(*said)

    def __repr__(self) -> str:
        return self.verdict


def _month(day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Months since 1970-01 of days since 1970-01-01."""
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _first(
    customer: NDArray[np.int64], when: NDArray[np.int64], customers: int
) -> NDArray[np.int64]:
    first = np.full(customers, np.iinfo(np.int32).max, dtype=np.int64)
    np.minimum.at(first, customer, when)
    return first


def _runs(
    customer: NDArray[np.int64], period: NDArray[np.int64], customers: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For every customer the periods bought in from the first on without a gap, and in all."""
    people, periods = distinct_pairs(customer, period)
    starts = np.searchsorted(people, np.arange(customers))
    unbroken = periods == np.arange(people.size) - starts[people]
    run = np.bincount(people[unbroken], minlength=customers)
    return run, np.bincount(people, minlength=customers)


def _block(as_of: int, periods: int, length: int) -> str:
    """The first days of the customers who have had so many whole periods."""
    newest = as_of + 1 - -(-(2 * length * periods + length) // 2) if periods else as_of
    oldest = as_of + 2 - -(-(2 * length * (periods + 1) + length) // 2)
    return _("{first} to {last}").format(first=day_of(oldest), last=day_of(newest))
