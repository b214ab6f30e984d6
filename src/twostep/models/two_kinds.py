"""Who stays, told with two kinds of customers: some renew easily, some do not, nobody changes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from twostep._text import _, sentences
from twostep.models.base import Model, geometric_sum, plain, ratio, times
from twostep.models.retention import renewals_of, whole
from twostep.units import RATE, Answer, Assumption, Range, Rate, Value

__all__ = ["TwoKinds"]

KINDS = _("Two kinds of customers")


@dataclass(frozen=True, kw_only=True)
class TwoKinds(Model):
    """New customers of two kinds, faithful and casual; each kind renews at its own constant rate.

    Nobody changes, yet the retention of all together rises: casual customers leave first. Everybody
    pays once; a renewal is the decision before each later payment. Fields take a number or a NumPy
    array. Raises ValueError for a value that is not possible.

    Source: the two segments (90% and 30%, half of each) are our assumption; that a rise of the
    retention needs no change in any customer is Fader & Hardie (2007), J. Interactive Marketing
    21(1):76–90.
    """

    lesson = "05_who_stays"
    menu = _("Who stays: two kinds of customers")

    faithful_share: Annotated[
        Rate,
        Assumption(
            _("Share of faithful customers"),
            _("Of all new customers, the share who are of the faithful kind. The rest are casual."),
            KINDS,
            slider=(0, 1, 0.01),
        ),
    ] = 0.5
    faithful_retention: Annotated[
        Rate,
        Assumption(
            _("Retention of the faithful"),
            _("Of the faithful who come to a renewal, the share who renew, every time."),
            KINDS,
            slider=(0, 1, 0.01),
        ),
    ] = 0.9
    casual_retention: Annotated[
        Rate,
        Assumption(
            _("Retention of casual customers"),
            _("Of casual customers who come to a renewal, the share who renew, every time."),
            KINDS,
            slider=(0, 1, 0.01),
        ),
    ] = 0.3

    @property
    def first_retention(self) -> Annotated[Rate, Answer(_("Retention at the first renewal"))]:
        """Of all new customers, the share who renew the first time."""
        return self.survival(1)

    @property
    def second_retention(
        self,
    ) -> Annotated[Rate, Answer(_("Retention at the second renewal"), _("nobody is left"))]:
        """Of those who renewed once, the share who renew again; `nan` where nobody did."""
        return self.retention(2)

    @property
    def seventh_retention(
        self,
    ) -> Annotated[Rate, Answer(_("Retention at the seventh renewal"), _("nobody is left"))]:
        """Of those who renewed six times, the share who renew again; `nan` where nobody did."""
        return self.retention(7)

    @property
    def left_after_twelve(self) -> Annotated[Rate, Answer(_("Survival after twelve renewals"))]:
        """Of all new customers, the share still there after twelve renewals."""
        return self.survival(12)

    @property
    def constant_after_twelve(
        self,
    ) -> Annotated[Rate, Answer(_("The first retention, twelve times"))]:
        """What would be left if all renewed like the average customer the first time."""
        return plain(np.power(self.first_retention, 12))

    def survival(self, t: Value) -> Value:
        """Of all new customers, the share still there after `t` renewals (whole, 0 or more)."""
        renewals = whole("t", t, 0)
        faithful, casual = self._kinds(renewals)
        return plain(faithful + casual)

    def retention(self, t: Value) -> Value:
        """Of those who came to renewal `t` (whole, 1 or more), the share who renew.

        `nan` where nobody came to it.
        """
        renewal = whole("t", t, 1)
        return ratio(self.survival(renewal), self.survival(renewal - 1))

    def faithful_among(self, t: Value) -> Value:
        """Of those still there after `t` renewals (whole, 0 or more), the share of the faithful.

        `nan` where nobody is left.
        """
        faithful, casual = self._kinds(whole("t", t, 0))
        return ratio(faithful, faithful + casual)

    def expected_payments(self, discount_rate: Value) -> Value:
        """Discounted payments expected of a new customer, the first one undiscounted.

        `discount_rate` is per period. `inf` where nothing is discounted and somebody never leaves.
        """
        discount = Range.of(RATE).check("discount_rate", discount_rate)
        return plain(
            times(self.faithful_share, ratio(1 + discount, 1 + discount - self.faithful_retention))
            + times(
                1 - self.faithful_share, ratio(1 + discount, 1 + discount - self.casual_retention)
            )
        )

    def payments_within(self, periods: Value, discount_rate: Value) -> Value:
        """Discounted payments of a new customer within `periods` (whole); the first is at once.

        A year of monthly payments has 12 periods: the first payment and eleven renewals.
        """
        terms = whole("periods", periods, 0)
        discount = Range.of(RATE).check("discount_rate", discount_rate)
        faithful = geometric_sum(self.faithful_retention / (1 + discount), terms)
        casual = geometric_sum(self.casual_retention / (1 + discount), terms)
        return plain(self.faithful_share * faithful + (1 - self.faithful_share) * casual)

    def log_likelihood(self, *cohorts: Sequence[float] | NDArray[Any]) -> float:
        """How well this scenario describes the counts of one or more cohorts, see `fit`."""
        from scipy.special import xlogy

        left, stayed = renewals_of(cohorts)
        retention = np.asarray(self.scalar().retention(np.arange(1.0, left.size + 1)))
        return float((xlogy(left, 1 - retention) + xlogy(stayed, retention)).sum())

    @classmethod
    def fit(cls, *cohorts: Sequence[float] | NDArray[Any]) -> "TwoKinds":
        """The two kinds that describe the counts best, by maximum likelihood.

        Cohorts are given as to `ShiftedBetaGeometric.fit`, and refused as there; three unknowns
        need at least three renewals. The faithful are the kind that renews more.
        """
        from scipy.optimize import minimize

        left, _stayed = renewals_of(cohorts)
        if left.size < 3:
            raise ValueError(_("two kinds have three unknowns: give at least three renewals"))

        def scenario(logits: NDArray[np.float64]) -> "TwoKinds":
            share, low, between = 1 / (1 + np.exp(-logits))
            high = low + (1 - low) * between
            return cls(
                faithful_share=float(share),
                faithful_retention=float(high),
                casual_retention=float(low),
            )

        def loss(logits: NDArray[np.float64]) -> float:
            return -scenario(logits).log_likelihood(*cohorts)

        # From several starts, so that the best of the hills is found.
        starts = [(share, low, 1.0) for share in (-1.5, 0.0, 1.5) for low in (-1.5, 0.0, 1.0)]
        found = [
            minimize(
                loss,
                list(start),
                method="Nelder-Mead",
                bounds=[(-30, 30)] * 3,
                options={"xatol": 1e-9, "fatol": 1e-9, "maxiter": 4_000},
            )
            for start in starts
        ]
        return scenario(min(found, key=lambda each: float(each.fun)).x)

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        first, seventh = float(self.first_retention), float(self.seventh_retention)
        if first == 0:
            return _("Nobody renews: every customer pays once.")
        if math.isnan(seventh):
            return _("Nobody comes to the seventh renewal.")
        facts = _(
            "Of all new customers, {first} renew the first time; of those who come to the seventh "
            "renewal, {seventh} renew again."
        ).format(first=RATE.text(first), seventh=RATE.text(seventh))
        if math.isclose(first, seventh, abs_tol=5e-5):
            return sentences(facts, _("All customers are alike, so nothing is sorted."))
        return sentences(
            facts,
            _(
                "No customer has changed: the casual ones have left. Of those still there after "
                "six renewals, {share} are faithful."
            ).format(share=RATE.text(self.faithful_among(6))),
        )

    def _kinds(self, renewals: Any) -> tuple[Any, Any]:
        """Of all new customers, the faithful and the casual ones still there."""
        return (
            self.faithful_share * np.power(self.faithful_retention, renewals),
            (1 - self.faithful_share) * np.power(self.casual_retention, renewals),
        )
