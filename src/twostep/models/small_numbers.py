"""What small numbers can say, and when to renew a front offer."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Self

import numpy as np

from twostep._text import _
from twostep.models.base import Model, no_more_than, plain, ratio, settle, sum_counts, where
from twostep.units import (
    MONTHS,
    PEOPLE,
    POINTS,
    RATE,
    YEN,
    Answer,
    Assumption,
    Months,
    People,
    Points,
    Range,
    Rate,
    Value,
    Yen,
)

__all__ = ["Refresh", "SplitTest", "false_winners", "sample_size", "wilson_interval"]

OFFER_A = _("Offer A")
OFFER_B = _("Offer B")
WEAR = _("How an offer wears out")
CURE = _("Renewing it")

# What the gamma functions of counts in the millions lose to rounding, in the worst case.
ROUNDING = 1e-6
MOST_BUYERS, MOST_SHOWN = 1_000_000, 100_000_000

CONFIDENCE = Range.of(RATE, low=0.01, high=0.9999)
SIGNIFICANCE = Range.of(RATE, low=0.0001, high=0.5)
POWER = Range.of(RATE, low=0.5, high=0.9999)
BETWEEN = Range.of(MONTHS, low=math.ulp(0))  # a renewal takes some time, however little
NO_WEAR = 1e-12  # a wear so small that it changes no digit
SURE = 0.95  # from here on the verdict of a test names a winner
NODES = 200  # points of a quadrature: exact to more digits than are shown
SIMULATED = Range.of(PEOPLE, low=1, high=10_000, whole=True)


@dataclass(frozen=True, kw_only=True)
class SplitTest(Model):
    """Two offers shown at random to different people: which one sells better, and how surely?

    Before the test every buying rate from 0 to 1 is taken to be equally likely (uniform priors).
    Fields take a whole number or an array of them. Raises ValueError where an offer has more buyers
    than people who saw it.

    Source: Miller, "Formulas for Bayesian A/B testing", for the probability; the default is a case
    of our own.
    """

    lesson = "09_learn_from_small_numbers"
    menu = _("Small numbers: a test of two offers")

    buyers_a: Annotated[
        People,
        Assumption(
            _("Buyers of A"),
            _("Of those who were shown offer A, how many bought it."),
            OFFER_A,
            slider=(0, 200, 1),
            high=MOST_BUYERS,
            whole=True,
        ),
    ] = 12
    shown_a: Annotated[
        People,
        Assumption(
            _("Shown A"),
            _("People who were shown offer A, whether they bought it or not."),
            OFFER_A,
            slider=(0, 5_000, 10),
            high=MOST_SHOWN,
            whole=True,
        ),
    ] = 400
    buyers_b: Annotated[
        People,
        Assumption(
            _("Buyers of B"),
            _("Of those who were shown offer B, how many bought it."),
            OFFER_B,
            slider=(0, 200, 1),
            high=MOST_BUYERS,
            whole=True,
        ),
    ] = 21
    shown_b: Annotated[
        People,
        Assumption(
            _("Shown B"),
            _("People who were shown offer B, whether they bought it or not."),
            OFFER_B,
            slider=(0, 5_000, 10),
            high=MOST_SHOWN,
            whole=True,
        ),
    ] = 400

    def __post_init__(self) -> None:
        super().__post_init__()
        no_more_than("buyers_a", self.buyers_a, "shown_a", self.shown_a)
        no_more_than("buyers_b", self.buyers_b, "shown_b", self.shown_b)

    @classmethod
    def presets(cls) -> dict[str, Self]:
        """Hillstrom's e-mail test, 64,000 customers: the arm without e-mail against each other."""
        return {
            _("A small test (our assumption)"): cls(),
            _("No e-mail or men's e-mail (published: Hillstrom's test)"): cls(
                buyers_a=122, shown_a=21_306, buyers_b=267, shown_b=21_307
            ),
            _("No e-mail or women's e-mail (published: Hillstrom's test)"): cls(
                buyers_a=122, shown_a=21_306, buyers_b=189, shown_b=21_387
            ),
        }

    @property
    def probability_b_better(self) -> Annotated[Rate, Answer(_("Probability that B is better"))]:
        """P(B's buying rate is above A's), given the counts."""
        return _exceeds(*self._posterior_b, *self._posterior_a)

    @property
    def expected_loss_a(
        self,
    ) -> Annotated[Points, Answer(_("Expected loss of choosing A"))]:
        """Buying rate given up on average by choosing A: the mean of B − A where B is better."""
        return _expected_loss(self._posterior_a, self._posterior_b)

    @property
    def expected_loss_b(
        self,
    ) -> Annotated[Points, Answer(_("Expected loss of choosing B"))]:
        """Buying rate given up on average by choosing B: the mean of A − B where A is better."""
        return _expected_loss(self._posterior_b, self._posterior_a)

    @property
    def lift(
        self,
    ) -> Annotated[
        Points, Answer(_("Lift of B over A"), _("an offer has not been shown to anybody"))
    ]:
        """Buying rate of B − buying rate of A, as observed; `nan` where nobody saw an offer."""
        return ratio(self.buyers_b, self.shown_b) - ratio(self.buyers_a, self.shown_a)

    @property
    def lift_interval(self) -> tuple[Value, Value]:
        """95 % interval of the lift (normal, unpooled); `nan` where nobody saw an offer."""
        from scipy.special import ndtri

        variance: Value = 0.0
        for buyers, shown in (
            (self.buyers_a, self.shown_a),
            (self.buyers_b, self.shown_b),
        ):
            rate = ratio(buyers, shown)
            variance = variance + ratio(rate * (1 - rate), shown)
        margin = ndtri(0.975) * np.sqrt(variance)
        return plain(self.lift - margin), plain(self.lift + margin)

    def probability_b_better_by(self, points: float) -> Value:
        """P(B's buying rate is above A's by more than `points`), a share from 0 to 1.

        For a switch that costs something: `points` is the lead from which on it pays. Raises
        ValueError for anything else.
        """
        from scipy.special import betaincc

        (a, b), lead = self._posterior_b, Range.of(RATE).check("points", points)
        return self._mean_over_a(
            lambda rate: betaincc(np.expand_dims(a, -1), np.expand_dims(b, -1), _share(rate + lead))
        )

    def expected_loss_b_from(self, points: float) -> Value:
        """Buying rate lost on average by choosing B where B pays only from a lead of `points` on.

        The mean of A + `points` − B where that is above 0; with `points` 0 it is `expected_loss_b`.
        `points` is a share from 0 to 1; raises ValueError for anything else.
        """
        from scipy.special import betainc

        lead = Range.of(RATE).check("points", points)
        a, b = (np.expand_dims(each, -1) for each in self._posterior_b)

        def missing(rate: Any) -> Any:
            needed = rate + lead
            below, mean_below = (betainc(a + i, b, _share(needed)) for i in (0, 1))
            return needed * below - a / (a + b) * mean_below

        return self._mean_over_a(missing)

    def _mean_over_a(self, of: Callable[[Any], Any]) -> Value:
        """The mean of a function of A's buying rate, by Gauss and Legendre over its quantiles.

        The quantiles 3x² − 2x³ lie closer together at both ends, where the rate changes fastest.
        """
        from scipy.special import betaincinv

        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        a, b = (np.expand_dims(each, -1) for each in self._posterior_a)
        x = (1 + nodes) / 2
        return plain(of(betaincinv(a, b, x**2 * (3 - 2 * x))) @ (weights * 3 * x * (1 - x)))

    @property
    def _posterior_a(self) -> tuple[Value, Value]:
        return 1 + self.buyers_a, 1 + self.shown_a - self.buyers_a

    @property
    def _posterior_b(self) -> tuple[Value, Value]:
        return 1 + self.buyers_b, 1 + self.shown_b - self.buyers_b

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        if self.shown_a == self.shown_b == 0:
            return _("Nobody has seen either offer, so nothing is known yet: it is fifty-fifty.")
        b_better = float(self.probability_b_better)
        if math.isclose(b_better, 0.5, abs_tol=ROUNDING):
            return _("Not settled: so far there is nothing to choose between A and B.")
        leader, loss = (
            ("B", self.expected_loss_b) if b_better > 0.5 else ("A", self.expected_loss_a)
        )
        sure = max(b_better, 1 - b_better)
        numbers = {"leader": leader, "sure": RATE.text(sure), "loss": POINTS.text(loss)}
        if sure >= SURE:
            return _(
                "Choose {leader}: it is better with a probability of {sure}. If that is wrong, "
                "little is lost: choosing {leader} gives up {loss} on average."
            ).format(**numbers)
        return _(
            "Not settled: {leader} is better with a probability of {sure}, below the usual 95%. "
            "Choosing {leader} now gives up {loss} on average, so go on testing if that is much."
        ).format(**numbers)


def wilson_interval(buyers: Value, shown: Value, confidence: Value = 0.95) -> tuple[Value, Value]:
    """Wilson interval of a buying rate: (low, high), shares in [0, 1].

    `buyers` of the `shown` people bought (whole numbers, or arrays of them); `confidence` is .01 to
    .9999. With nobody shown the interval is everything, (0, 1). Raises ValueError for anything
    else, and for more buyers than people.
    """
    counts = Range.of(PEOPLE, whole=True)
    x, n = counts.check("buyers", buyers), counts.check("shown", shown)
    no_more_than("buyers", x, "shown", n)
    return wilson(x, n, CONFIDENCE.check("confidence", confidence))


def wilson(x: Value, n: Value, confidence: Value = 0.95) -> tuple[Value, Value]:
    """Wilson's formula alone, for `x` of `n` that were checked already and may be fractional."""
    from scipy.special import ndtri

    z = ndtri((1 + confidence) / 2)
    spread = z * np.sqrt(x * (1 - ratio(x, np.maximum(n, 1))) + z**2 / 4)
    centre = x + z**2 / 2
    low, high = (centre - spread) / (n + z**2), (centre + spread) / (n + z**2)
    return where(np.equal(x, 0), 0.0, low), where(np.equal(x, n), 1.0, high)


def sample_size(
    rate_a: Value, rate_b: Value, significance: Value = 0.05, power: Value = 0.8
) -> Value:
    """People to show each of two offers so that a test tells `rate_a` from `rate_b`; unrounded.

    `significance` (two-sided, .0001 to .5) is the risk of seeing a difference where there is none,
    `power` (.5 to .9999) the chance of seeing this one. `inf` where the rates are equal. Takes
    numbers or arrays; raises ValueError for anything else.
    """
    from scipy.special import ndtri

    p, q = Range.of(RATE).check("rate_a", rate_a), Range.of(RATE).check("rate_b", rate_b)
    z_significance = ndtri(1 - SIGNIFICANCE.check("significance", significance) / 2)
    z_power = ndtri(POWER.check("power", power))
    mean = (p + q) / 2
    alike = z_significance * np.sqrt(2 * mean * (1 - mean))
    apart = z_power * np.sqrt(p * (1 - p) + q * (1 - q))
    return where(np.equal(p, q), math.inf, ratio((alike + apart) ** 2, np.square(q - p)))


def false_winners(
    rate: float, shown: float, looks: float, tests: float = 1_000, seed: int = 1
) -> int:
    """Of `tests` simulated tests of two equal offers, how many end with a winner.

    Both offers sell to the share `rate` of those who see them, and each is shown to `shown` people.
    The test is looked at `looks` times, always after equally many more people, and stops as soon as
    `SplitTest` names a winner (a probability of 95 %, for A or for B). Every winner is a false one.
    The same `seed` draws the same tests. Raises ValueError for a rate outside 0 to 1, for counts
    that are not whole or not 1 to 10,000, and for `shown` that the looks do not divide evenly.
    """
    p, n = float(Range.of(RATE).check("rate", rate)), int(SIMULATED.check("shown", shown))
    each, count = int(SIMULATED.check("looks", looks)), int(SIMULATED.check("tests", tests))
    if n % each:
        raise ValueError(
            _(
                "shown = {shown} cannot be divided into {looks} equal parts: take a multiple of "
                "{looks}."
            ).format(shown=n, looks=each)
        )
    step, people = n // each, np.random.default_rng(seed)
    buyers = np.zeros((2, count), dtype=int)
    running = np.ones(count, dtype=bool)
    for look in range(1, each + 1):
        for offer in buyers:  # one offer at a time: the draws of both need twice the memory
            offer += (people.random((count, step)) < p).sum(axis=1)
        seen = SplitTest(
            buyers_a=buyers[0], shown_a=look * step, buyers_b=buyers[1], shown_b=look * step
        )
        b_better = np.asarray(seen.probability_b_better)
        running &= np.maximum(b_better, 1 - b_better) < SURE
    return int(count - running.sum())


@dataclass(frozen=True, kw_only=True)
class Refresh(Model):
    """A front offer wears out and can be renewed at a cost: how often?

    Its margin falls continuously, margin × exp(−decay rate × months since the last renewal). Fields
    take a number or a NumPy array.

    Source: a teaching case of our own; the numbers are assumptions.
    """

    lesson = "09_learn_from_small_numbers"
    menu = _("Small numbers: when to renew an offer")

    monthly_margin: Annotated[
        Yen,
        Assumption(
            _("Monthly margin when fresh"),
            _("Contribution margin a month that the front offer earns right after a renewal."),
            WEAR,
            slider=(0, 1_000_000, 10_000),
        ),
    ] = 300_000
    decay_rate: Annotated[
        Rate,
        Assumption(
            _("Decay rate"),
            _("Of the current margin, the share lost per month, counted continuously."),
            WEAR,
            slider=(0, 0.5, 0.01),
        ),
    ] = 0.10
    refresh_cost: Annotated[
        Yen,
        Assumption(
            _("Cost of a renewal"),
            _("What one renewal costs: a new photo, a new sample, a new leaflet."),
            CURE,
            slider=(0, 1_000_000, 10_000),
            low=0,
        ),
    ] = 200_000

    @property
    def best_months(
        self,
    ) -> Annotated[Months, Answer(_("Best time between renewals"), _("a renewal never pays"))]:
        """Months between renewals that earn most; `inf` where a renewal never pays."""
        return where(np.greater(self.decay_rate, 0), ratio(self._decay, self.decay_rate), math.inf)

    @property
    def average_profit(self) -> Annotated[Yen, Answer(_("Average profit a month"))]:
        """Long-run profit a month, renewals paid, when renewing every `best_months`.

        Where a renewal never pays, a decaying offer ends at 0, and one that does not decay keeps
        its margin.
        """
        kept = self.monthly_margin * np.exp(-np.asarray(self._decay))
        return where(np.greater(self.decay_rate, 0), kept, self.monthly_margin)

    def profit_every(self, months: Value) -> Value:
        """Average profit a month when renewing every so many months, the renewals paid.

        `months` is above 0, a number or an array; raises ValueError for anything else.
        """
        time = BETWEEN.check("months", months)
        # What an offer earns until it is renewed, less what the renewal costs, per month.
        worn = np.maximum(self.decay_rate * time, NO_WEAR)
        return plain(self.monthly_margin * -np.expm1(-worn) / worn - self.refresh_cost / time)

    @property
    def _decay(self) -> Value:
        """Decay rate × best months: the x of 1 − e^(−x)(1 + x) = cost × decay ÷ margin.

        The left side is the gamma distribution function of shape 2, so SciPy inverts it.
        """
        from scipy.special import gammaincinv

        lost = self.refresh_cost * self.decay_rate
        pays = np.greater(self.monthly_margin, lost)
        share = where(pays, ratio(lost, where(pays, self.monthly_margin, 1.0)), 1.0)
        return plain(gammaincinv(2.0, share))

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        margin, cost = float(self.monthly_margin), float(self.refresh_cost)
        if margin <= 0:
            return _(
                "Do not renew: even when fresh, the offer earns nothing (margin {margin} a month)."
            ).format(margin=YEN.text(margin))
        if self.decay_rate == 0:
            return _(
                "No need to renew: the offer does not wear out and keeps earning {margin} a month."
            ).format(margin=YEN.text(margin))
        if not math.isfinite(float(self.best_months)):
            return _(
                "Never renew: a renewal costs {cost}, but all that a fresh offer ever earns is "
                "{total}. Let it run out and replace it by something better."
            ).format(cost=YEN.text(cost), total=YEN.text(ratio(margin, self.decay_rate)))
        if self.best_months == 0:
            return _(
                "A renewal costs nothing, so keep the offer fresh all the time: it earns {margin} "
                "a month."
            ).format(margin=YEN.text(margin))
        return _(
            "Renew every {months}: after all renewals that earns {profit} a month on average. "
            "Sooner wastes the {cost} of a renewal; later lets the offer wear out too far."
        ).format(
            months=MONTHS.text(self.best_months),
            profit=YEN.text(self.average_profit),
            cost=YEN.text(cost),
        )


def _exceeds(a1: Value, b1: Value, a2: Value, b2: Value) -> Value:
    """P(X > Y) for X ~ Beta(a1, b1), Y ~ Beta(a2, b2) with a whole a1."""
    from scipy.special import betaln

    def term(i: Any, _last: Any, b1: Any, a2: Any, b2: Any) -> Any:
        return betaln(a2 + i, b1 + b2) - np.log(b1 + i) - betaln(1 + i, b1) - betaln(a2, b2)

    def rise(i: Any, _last: Any, b1: Any, a2: Any, b2: Any) -> Any:
        return (a2 + i) / (a2 + i + b1 + b2) * ((b1 + i) / (1 + i))

    def one(*_: Any) -> float:
        return 1.0

    return settle(sum_counts(term, rise, one, a1 - 1, b1, a2, b2), 0.0, 1.0, ROUNDING)


def _share(rate: Value) -> Value:
    """A rate for a distribution function that ends at 1: nobody buys more often than always."""
    return plain(np.minimum(rate, 1.0))


def _expected_loss(chosen: tuple[Value, Value], other: tuple[Value, Value]) -> Value:
    """E[(other − chosen)⁺] of two Beta rates: what choosing one gives up on average."""
    (a, b), (c, d) = chosen, other
    mean_chosen, mean_other = a / (a + b), c / (c + d)
    loss = mean_other * _exceeds(c + 1, d, a, b) - mean_chosen * _exceeds(c, d, a + 1, b)
    return settle(loss, 0.0, 1.0, ROUNDING * mean_other)
