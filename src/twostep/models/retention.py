"""Who stays. The shifted beta-geometric model of a subscription."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray

from twostep._text import _, comma_separated, sentences
from twostep.models.base import SMALLEST, Model, in_pieces, plain, ratio, where
from twostep.units import (
    PEOPLE,
    PERIODS,
    RATE,
    Answer,
    Assumption,
    Number,
    Periods,
    Range,
    Value,
    counted,
)

__all__ = ["RetentionFit", "ShiftedBetaGeometric"]

LEAVERS = _("How easily customers leave")

TIMES = counted(_("{number} times"), _("{number} time"))

# alpha + beta so large that retention stays constant: it moves by less than 1e-8 a period.
ALL_ALIKE = 1e8
# As many payments as are added one by one: a hundred years of months.
LONGEST = 1_200
# A log-likelihood better by less than this is no evidence that customers differ.
NO_EVIDENCE = 1e-3


@dataclass(frozen=True, kw_only=True)
class ShiftedBetaGeometric(Model):
    """Customers who differ: each leaves at every renewal with a constant chance of their own.

    The chances follow Beta(alpha, beta) over the customers. Nobody changes, yet the retention of a
    cohort rises, because those who leave easily leave first. Everybody pays once; a renewal is the
    decision before each later payment. Fields take a number or a NumPy array.

    Source: Fader & Hardie (2007), J. Interactive Marketing 21(1):76–90, and (2010), Marketing
    Science 29(1):85–93. The default is our assumption for a regular delivery.
    """

    lesson = "05_who_stays"
    menu = _("Who stays: how customers leave over the years")

    alpha: Annotated[
        Number,
        Assumption(
            _("Alpha: pull to leave"),
            _("Alpha ÷ (alpha + beta) is, of all new customers, the share who leave first time."),
            LEAVERS,
            slider=(0.1, 10, 0.1),
            low=SMALLEST,
        ),
    ] = 1.2
    beta: Annotated[
        Number,
        Assumption(
            _("Beta: pull to stay"),
            _("Beta ÷ (alpha + beta) is, of all new customers, the share who renew first time."),
            LEAVERS,
            slider=(0.1, 20, 0.1),
            low=SMALLEST,
        ),
    ] = 2.8

    @classmethod
    def presets(cls) -> dict[str, Self]:
        """Kinds of customers; the published ones are fits to seven years (Fader & Hardie 2007)."""
        return {
            _("Subscription box (our assumption)"): cls(),
            _("Online shop without subscription (our assumption)"): cls(alpha=1.2, beta=0.8),
            _("Regular customers (published: Fader & Hardie 2007)"): cls(alpha=0.704, beta=1.182),
            _("High-end customers (published: Fader & Hardie 2007)"): cls(alpha=0.668, beta=3.806),
        }

    @property
    def mean_lifetime(
        self,
    ) -> Annotated[Periods, Answer(_("Mean lifetime in payments"), _("it has no limit"))]:
        """Payments of a customer on average, undiscounted; `inf` where alpha is 1 or less."""
        finite = np.greater(self.alpha, 1)
        return where(finite, ratio(self.alpha + self.beta - 1, self.alpha - 1), math.inf)

    def survival(self, t: Value) -> Value:
        """Of all new customers, the share still there after `t` renewals (whole, 0 or more)."""
        from scipy.special import betaln

        renewals = whole("t", t, 0)
        logarithm = betaln(self.alpha, self.beta + renewals) - betaln(self.alpha, self.beta)
        return plain(np.exp(logarithm))

    def retention(self, t: Value) -> Value:
        """Of those who came to renewal `t` (whole, 1 or more), the share who renew."""
        earlier = whole("t", t, 1) - 1
        return plain((self.beta + earlier) / (self.alpha + self.beta + earlier))

    def churn(self, t: Value) -> Value:
        """Of all new customers, the share who leave at renewal `t` (whole, 1 or more)."""
        renewal = whole("t", t, 1)
        return plain(
            self.survival(renewal - 1) * (self.alpha / (self.alpha + self.beta + renewal - 1))
        )

    def expected_payments(self, discount_rate: Value) -> Value:
        """DEL: discounted payments expected of a new customer, the first one undiscounted.

        `inf` where nothing is discounted and alpha is 1 or less. `discount_rate` is per period.
        """
        discount = Range.of(RATE).check("discount_rate", discount_rate)
        return _expected_payments(self.alpha, self.beta, discount)

    def payments_within(self, periods: Value, discount_rate: Value) -> Value:
        """Discounted payments of a new customer within `periods` (whole); the first is at once.

        Up to 1,200 periods, added one by one. A year of monthly payments has 12 periods: the first
        payment and eleven renewals.
        """
        terms = Range.of(PERIODS, high=LONGEST, whole=True).check("periods", periods)
        discount = Range.of(RATE).check("discount_rate", discount_rate)
        return in_pieces(_payments_within, 1_000, self.alpha, self.beta, terms, discount)

    def residual_payments(self, discount_rate: Value, paid: Value) -> Value:
        """DERL: discounted payments still expected of a customer who has paid `paid` periods.

        The next renewal is undecided; its payment, if made, is not discounted. `paid` is whole, 1
        or more (a customer who has paid n periods has renewed n − 1 times).
        """
        discount = Range.of(RATE).check("discount_rate", discount_rate)
        periods = whole("paid", paid, 1)
        later = _expected_payments(self.alpha, self.beta + periods, discount)
        return plain(self.retention(periods) * later)

    @classmethod
    def fit(cls, *cohorts: Sequence[float] | NDArray[Any]) -> "RetentionFit":
        """Fit alpha and beta to one or more cohorts by maximum likelihood.

        Each cohort is a sequence of surviving customers, its size first: `fit([1000, 631, 468])`.
        Cohorts may differ in size and length; expected counts may be fractional. A cohort with its
        size alone says nothing yet and is ignored, as long as another one shows two renewals: one
        renewal cannot tell whether customers differ.

        Where constant retention explains the counts as well (also where nobody or everybody left),
        `identified` is False, `note` says so, and the model is the geometric limit: its retention
        is that constant. Where nobody left after the first renewal, only the first churn is known:
        `identified` is False too, and the model's later retention is practically 1.

        Raises ValueError naming the cohort whose counts rise, are negative, are no numbers, are
        none, or start with nobody.
        """
        from scipy.optimize import minimize
        from scipy.special import xlogy

        left, stayed = renewals_of(cohorts)
        earlier = np.arange(left.size)

        def log_likelihood(alpha: Any, beta: Any) -> Any:
            at_risk = alpha + beta + earlier
            terms = xlogy(left, alpha / at_risk) + xlogy(stayed, (beta + earlier) / at_risk)
            return terms.sum(axis=-1)

        # First a coarse grid over all alphas and betas, then a search from its best point, so that
        # no starting value has to be guessed.
        exponents = np.arange(math.log(SMALLEST), math.log(ALL_ALIKE), 0.5)
        grid = np.exp(exponents)
        plane = log_likelihood(grid[:, None, None], grid[None, :, None])
        best = np.unravel_index(np.argmax(plane), plane.shape)
        decisions = float(left.sum() + stayed.sum())

        def loss(logs: NDArray[np.float64]) -> float:
            return -float(log_likelihood(*np.exp(logs))) / decisions

        found = minimize(
            loss,
            [float(exponents[index]) for index in best],
            method="Nelder-Mead",
            bounds=[(math.log(SMALLEST), math.log(ALL_ALIKE))] * 2,
            tol=1e-12,
        )
        alpha, beta = (max(SMALLEST, float(number)) for number in np.exp(found.x))
        likelihood = float(log_likelihood(alpha, beta))

        churn = float(left.sum() / decisions)
        alike = float(xlogy(left.sum(), churn) + xlogy(stayed.sum(), 1 - churn))
        if likelihood - alike <= NO_EVIDENCE:
            limit = cls(
                alpha=max(SMALLEST, ALL_ALIKE * churn),
                beta=max(SMALLEST, ALL_ALIKE * (1 - churn)),
            )
            note = _(
                "The counts do not show that customers differ: a constant retention of {retention} "
                "explains them as well (the geometric limit), so alpha and beta are not known "
                "separately."
            ).format(retention=RATE.text(1 - churn))
            return RetentionFit(limit, alike, identified=False, note=note)
        fitted = cls(alpha=alpha, beta=beta)
        if not left[1:].any():
            note = _(
                "Nobody left after the first renewal: of new customers {retention} renewed and "
                "then all of them stayed, so alpha and beta are not known separately."
            ).format(retention=RATE.text(fitted.retention(1)))
            return RetentionFit(fitted, likelihood, identified=False, note=note)
        note = _(
            "Retention rises from {first} at the first renewal to {last} at renewal {renewals}. "
            "The model explains this by customers who differ and do not change: it need not mean "
            "loyalty."
        ).format(
            first=RATE.text(fitted.retention(1)),
            last=RATE.text(fitted.retention(left.size)),
            renewals=left.size,
        )
        return RetentionFit(fitted, likelihood, identified=True, note=note)

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        first, tenth = (RATE.text(self.retention(renewal)) for renewal in (1, 10))
        facts = _(
            "Of all new customers, {first} renew the first time; of those who have renewed nine "
            "times, {tenth} renew again."
        ).format(first=first, tenth=tenth)
        if first != tenth:
            facts = sentences(
                facts, _("In this model nobody changes: those who leave easily leave first.")
            )
        if not math.isfinite(float(self.mean_lifetime)):
            return _(
                "{facts} A few practically never leave and the model knows no death, so its mean "
                "lifetime has no limit (alpha is not above 1): always discount, or count only to a "
                "fixed date."
            ).format(facts=facts)
        return _("{facts} On average a customer pays {times}.").format(
            facts=facts, times=TIMES.text(self.mean_lifetime)
        )


@dataclass(frozen=True)
class RetentionFit:
    """A fitted model, its log-likelihood, and whether the counts show that customers differ.

    `note` says in one plain sentence what the counts show. Where `identified` is False, alpha and
    beta are not known separately, and `model` is the limit that `note` describes.
    """

    model: ShiftedBetaGeometric
    log_likelihood: float
    identified: bool
    note: str


def whole(name: str, value: object, low: float) -> Any:
    return Range.of(PERIODS, low=low, whole=True).check(name, value)


def _expected_payments(alpha: Value, beta: Value, discount: Value) -> Value:
    """The mean over the customers of (1 + d) ÷ (d + chance of leaving), which is 2F1 of the paper.

    Not by `scipy.special.hyp2f1`: in SciPy 1.17 that is inf at (1, .8; 2.8; 1 / 1.001), off by a
    factor of ten from alpha + beta ≈ 60, and nan above about 170. Two identities keep the integrand
    bounded: the first payment is certain, DEL(α, β) = 1 + r₁ DEL(α, β + 1) ÷ (1 + d); and
    1 ÷ (d + θ) = (1 − θ ÷ (d + θ)) ÷ d takes alpha below 1 to alpha + 1.
    """
    return in_pieces(_discounted_payments, 10_000, alpha, beta, discount)


def _payments_within(alpha: Any, beta: Any, periods: Any, discount: Any) -> Any:
    """`payments_within` for rows of scenarios."""
    total, paying = np.zeros(alpha.shape), np.ones(alpha.shape)
    for renewals in range(int(np.max(periods, initial=0))):
        total = total + np.where(renewals < periods, paying, 0.0)
        paying = paying * (beta + renewals) / (alpha + beta + renewals) / (1 + discount)
    return total


def _discounted_payments(alpha: Any, beta: Any, discount: Any) -> Any:
    """`_expected_payments` for rows of scenarios: the integrals take kilobytes each."""
    from scipy.integrate import tanhsinh
    from scipy.special import betaln, xlog1py, xlogy

    d, below_one = np.where(discount > 0, discount, 1.0), alpha < 1
    a, b = np.where(below_one, alpha + 1, alpha), beta + 1

    def density(leave: Any, a: Any, b: Any, d: Any, scale: Any) -> Any:
        return np.exp(xlogy(a - 1, leave) + xlog1py(b - 1, -leave) - scale) / (d + leave)

    # The rule looks most closely at the ends of an interval. Split at the mean, so that a narrow
    # peak is at an end and is not missed.
    mean, parameters = a / (a + b), (a, b, d, betaln(a, b))
    halves = [
        tanhsinh(density, low, high, args=parameters, minlevel=5).integral
        for low, high in ((np.zeros_like(mean), mean), (mean, np.ones_like(mean)))
    ]
    mean_inverse = halves[0] + halves[1]
    lifted = (1 - alpha / (alpha + b) * mean_inverse) / d
    total = 1 + beta / (alpha + beta) * np.where(below_one, lifted, mean_inverse)
    undiscounted = ShiftedBetaGeometric(alpha=alpha, beta=beta).mean_lifetime
    return where(discount > 0, total, undiscounted)


def renewals_of(cohorts: tuple[Any, ...]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How many left and how many stayed at each renewal, over all cohorts."""
    if not cohorts:
        raise ValueError(_("give at least one cohort: a sequence of surviving customers"))
    checked = [_cohort(number, counts) for number, counts in enumerate(cohorts, start=1)]
    longest = max(counts.size for counts in checked)
    if longest < 3:
        names = comma_separated(_("cohort {n}").format(n=n + 1) for n in range(len(checked)))
        raise ValueError(
            _(
                "{names}: fewer than two periods after the start; at least one cohort needs two "
                "renewals, because one cannot tell whether customers differ"
            ).format(names=names)
        )
    left, stayed = np.zeros(longest - 1), np.zeros(longest - 1)
    for counts in checked:
        left[: counts.size - 1] += -np.diff(counts)
        stayed[: counts.size - 1] += counts[1:]
    return left, stayed


def _cohort(number: int, counts: Any) -> NDArray[np.float64]:
    name = _("cohort {n}").format(n=number)
    try:
        survivors = np.asarray(counts)
    except ValueError:  # rows of different lengths
        survivors = np.empty(0, dtype=object)
    if survivors.ndim != 1 or isinstance(counts, str):
        raise ValueError(
            _("{name} = {counts!r}: give a sequence of surviving customers, its size first").format(
                name=name, counts=counts
            )
        )
    checked = np.asarray(Range.of(PEOPLE).check(name, survivors))
    if checked.size == 0:
        raise ValueError(_("{name} is empty: give its size first").format(name=name))
    if checked[0] == 0:
        raise ValueError(_("{name} starts with nobody").format(name=name))
    rises = np.flatnonzero(np.diff(checked) > 0)
    if rises.size:
        raise ValueError(
            _("{name} rises from {before:g} to {after:g}: survivors cannot become more").format(
                name=name, before=checked[rises[0]], after=checked[rises[0] + 1]
            )
        )
    return checked
