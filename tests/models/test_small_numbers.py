"""Small numbers against published intervals, exact fractions, SciPy's tests and brute force."""

import math
import re
import warnings
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest
from tests.strategies import numbers

from twostep.models.small_numbers import (
    Refresh,
    SplitTest,
    false_winners,
    sample_size,
    wilson_interval,
)

DEFAULT = SplitTest()


def test_worked_split_test() -> None:
    assert DEFAULT.probability_b_better == pytest.approx(0.943, abs=5e-4)
    assert DEFAULT.expected_loss_b == pytest.approx(0.00035, abs=5e-6)
    assert DEFAULT.expected_loss_a == pytest.approx(0.0227, abs=5e-5)
    assert DEFAULT.lift == pytest.approx(0.0225)
    assert "94.32%" in DEFAULT.verdict
    assert wilson_interval(12, 400) == pytest.approx((0.0172, 0.0517), abs=5e-5)
    assert wilson_interval(21, 400) == pytest.approx((0.0346, 0.0789), abs=5e-5)
    assert math.ceil(float(sample_size(12 / 400, 21 / 400))) == 1_226


@pytest.mark.parametrize("points", [0.0, 0.05 / 3, 0.04, 0.3])
@pytest.mark.parametrize(
    "test", [DEFAULT, SplitTest(buyers_a=0, shown_a=5, buyers_b=3, shown_b=3)], ids=str
)
def test_a_lead_that_pays_against_brute_force(test: SplitTest, points: float) -> None:
    """Both answers by adding up slices of the two densities, a hundred thousand of each."""
    slices, edges = (np.arange(100_000) + 0.5) / 100_000, np.arange(100_001) / 100_000
    a, b = (
        beta.pdf(slices, 1 + x, 1 + n - x) / 100_000
        for x, n in ((test.buyers_a, test.shown_a), (test.buyers_b, test.shown_b))
    )
    needed = slices + points
    below = np.append(0, np.cumsum(b))
    below_times_rate = np.append(0, np.cumsum(b * slices))
    worse = np.interp(needed, edges, below)
    loss = needed * worse - np.interp(needed, edges, below_times_rate)
    assert test.probability_b_better_by(points) == pytest.approx((a * (1 - worse)).sum(), abs=1e-5)
    assert test.expected_loss_b_from(points) == pytest.approx((a * loss).sum(), abs=1e-6)


@pytest.mark.parametrize("buyers_a", [3, 5, 12, 20, 40, 60])
def test_the_lead_by_hand_of_lesson_09(buyers_a: int) -> None:
    """Equal groups, small shares: 1.65 × √(all buyers) settles a test, within one buyer."""
    by_hand = next(b for b in range(buyers_a, 400) if b - buyers_a >= 1.65 * (buyers_a + b) ** 0.5)
    sure = [
        float(
            SplitTest(
                buyers_a=buyers_a, shown_a=2_000, buyers_b=by_hand + more, shown_b=2_000
            ).probability_b_better
        )
        for more in (-2, 1)
    ]
    assert sure[0] < 0.95 <= sure[1]


def test_a_lead_of_nothing_is_the_answer_without_one() -> None:
    assert DEFAULT.probability_b_better_by(0) == pytest.approx(DEFAULT.probability_b_better)
    assert DEFAULT.expected_loss_b_from(0) == pytest.approx(DEFAULT.expected_loss_b)
    swept = SplitTest(buyers_b=np.array([12, 21]))
    assert np.shape(swept.expected_loss_b_from(0.01)) == (2,)
    with pytest.raises(ValueError, match="points"):
        DEFAULT.probability_b_better_by(-0.1)


@pytest.mark.parametrize(
    ("buyers", "shown", "lift", "low", "high"),
    [(267, 21_307, 0.00681, 0.00500, 0.00861), (189, 21_387, 0.00311, 0.00150, 0.00472)],
)
def test_email_experiment(buyers: int, shown: int, lift: float, low: float, high: float) -> None:
    mailed = SplitTest(buyers_a=122, shown_a=21_306, buyers_b=buyers, shown_b=shown)
    assert mailed.lift == pytest.approx(lift, abs=5e-6)
    assert mailed.lift_interval == pytest.approx((low, high), abs=1e-5)
    assert float(mailed.probability_b_better) > 0.9999
    assert "Choose B" in mailed.verdict


def test_lift_interval_by_hand() -> None:
    half = SplitTest(buyers_a=50, shown_a=100, buyers_b=60, shown_b=100)
    margin = 1.959964 * math.sqrt(0.5 * 0.5 / 100 + 0.6 * 0.4 / 100)
    assert half.lift_interval == pytest.approx((0.1 - margin, 0.1 + margin), abs=1e-6)


def exact(buyers_a: int, shown_a: int, buyers_b: int, shown_b: int) -> tuple[Fraction, Fraction]:
    """P(B > A) and E[(A − B)⁺] as fractions, by integrating the two polynomial densities."""

    def coefficients(x: int, n: int) -> list[Fraction]:
        """The Beta(1 + x, 1 + n − x) density as a polynomial in p."""
        scale = Fraction((n + 1) * math.comb(n, x))
        powers = [Fraction(0)] * (n + 1)
        for k in range(n - x + 1):
            powers[x + k] = scale * math.comb(n - x, k) * (-1) ** k
        return powers

    probability, loss = Fraction(0), Fraction(0)
    for (i, a), (j, b) in product(
        enumerate(coefficients(buyers_a, shown_a)), enumerate(coefficients(buyers_b, shown_b))
    ):
        # ∫∫_{p<q} p^i q^j, then ∫∫_{q<p} (p − q) p^i q^j, over the unit square
        probability += a * b / ((i + 1) * (i + j + 2))
        loss += a * b * (Fraction(1, j + 1) - Fraction(1, j + 2)) / (i + j + 3)
    return probability, loss


@pytest.mark.parametrize(
    "counts", [(0, 0, 0, 0), (0, 5, 5, 5), (3, 10, 4, 7), (12, 30, 21, 40), (1, 1, 0, 9)]
)
def test_against_exact_fractions(counts: tuple[int, int, int, int]) -> None:
    a, n, b, m = counts
    test = SplitTest(buyers_a=a, shown_a=n, buyers_b=b, shown_b=m)
    probability, loss = exact(*counts)
    assert test.probability_b_better == pytest.approx(float(probability), rel=1e-11)
    assert test.expected_loss_b == pytest.approx(float(loss), rel=1e-9)
    other, other_loss = exact(b, m, a, n)
    assert test.expected_loss_a == pytest.approx(float(other_loss), rel=1e-9)
    assert probability + other == 1


def test_simulation() -> None:
    rng = np.random.default_rng(12)
    a, b = rng.beta(13, 389, 400_000), rng.beta(22, 380, 400_000)
    for values, answer in (
        (b > a, DEFAULT.probability_b_better),
        (np.maximum(a - b, 0), DEFAULT.expected_loss_b),
        (np.maximum(b - a, 0), DEFAULT.expected_loss_a),
    ):
        error = values.std() / math.sqrt(values.size)
        assert values.mean() == pytest.approx(float(answer), abs=4 * error)


counts = st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_one_of_the_two_is_better(first: tuple[int, int], second: tuple[int, int]) -> None:
    (a, n), (b, m) = first, second
    forward = SplitTest(buyers_a=a, shown_a=n, buyers_b=b, shown_b=m)
    backward = SplitTest(buyers_a=b, shown_a=m, buyers_b=a, shown_b=n)
    both = float(forward.probability_b_better) + float(backward.probability_b_better)
    assert both == pytest.approx(1, abs=1e-9)
    assert forward.expected_loss_a == backward.expected_loss_b
    mean_a, mean_b = (a + 1) / (n + 2), (b + 1) / (m + 2)
    gap = float(forward.expected_loss_a) - float(forward.expected_loss_b)
    assert gap == pytest.approx(mean_b - mean_a, abs=1e-9)
    assert float(forward.expected_loss_a) >= 0
    assert not re.search(r"\b(nan|inf)\b", forward.verdict)
    low, high = wilson_interval(a, n)
    assert 0 <= float(low) <= float(high) <= 1


@pytest.mark.parametrize(("x", "n"), [(0, 1), (0, 50), (50, 50), (3, 7), (267, 21_307)])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_wilson_against_scipy(x: int, n: int, confidence: float) -> None:
    interval = binomtest(x, n).proportion_ci(confidence, method="wilson")
    assert wilson_interval(x, n, confidence) == pytest.approx(
        (interval.low, interval.high), abs=1e-12
    )


def test_wilson_edges() -> None:
    assert wilson_interval(0, 0) == (0, 1)
    low, high = wilson_interval(np.array([0, 3, 7]), 7)
    assert np.asarray(low)[0] == 0
    assert np.asarray(high)[2] == 1
    assert (np.asarray(low)[1], np.asarray(high)[1]) == wilson_interval(3, 7)


def test_sample_size_reaches_its_power() -> None:
    """Simulate tests of that size: 80 % of them must tell the two rates apart at 5 %."""
    n = math.ceil(float(sample_size(0.03, 0.0525)))
    rng = np.random.default_rng(7)
    a, b = rng.binomial(n, 0.03, 100_000), rng.binomial(n, 0.0525, 100_000)
    pooled = (a + b) / (2 * n)
    z = (b - a) / n / np.sqrt(2 * pooled * (1 - pooled) / n)
    assert (abs(z) > 1.959964).mean() == pytest.approx(0.80, abs=0.01)


def test_sample_size_edges() -> None:
    assert sample_size(0.1, 0.1) == math.inf
    assert sample_size(0, 0) == math.inf
    assert sample_size(0, 1) == pytest.approx(1.959964**2 / 2, rel=1e-6)
    sizes = sample_size(0.03, np.array([0.03, 0.04, 0.0525]))
    assert np.asarray(sizes).tolist() == [sample_size(0.03, rate) for rate in (0.03, 0.04, 0.0525)]
    assert sample_size(0.05, 0.03) == pytest.approx(float(sample_size(0.03, 0.05)))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: wilson_interval(5, 4), "buyers"),
        (lambda: wilson_interval(1.5, 4), "buyers"),
        (lambda: wilson_interval(1, -4), "shown"),
        (lambda: wilson_interval(1, 4, 1), "confidence"),
        (lambda: wilson_interval(1, 4, 0), "confidence"),
        (lambda: sample_size(-0.1, 0.2), "rate_a"),
        (lambda: sample_size(0.1, 1.2), "rate_b"),
        (lambda: sample_size(0.1, 0.2, significance=0), "significance"),
        (lambda: sample_size(0.1, 0.2, power=1), "power"),
        (lambda: SplitTest(buyers_a=401), "buyers_a"),
        (lambda: SplitTest(buyers_b=22, shown_b=21), "buyers_b"),
        (lambda: SplitTest(buyers_b=np.array([20, 401])), "buyers_b"),
        (lambda: SplitTest(shown_a=400.5), "shown_a"),
        (lambda: SplitTest(buyers_a=True), "buyers_a"),
        (lambda: Refresh(refresh_cost=-1), "refresh_cost"),
        (lambda: Refresh(decay_rate=1.1), "decay_rate"),
        (lambda: Refresh(monthly_margin=math.nan), "monthly_margin"),
    ],
)
def test_refusals(call: object, name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name} = "):
        call()  # type: ignore[operator]


def test_nobody_has_seen_an_offer() -> None:
    nobody = SplitTest(buyers_a=0, shown_a=0, buyers_b=0, shown_b=0)
    assert nobody.probability_b_better == pytest.approx(0.5)
    assert math.isnan(float(nobody.lift))
    assert all(math.isnan(float(end)) for end in nobody.lift_interval)
    assert "Nobody" in nobody.verdict
    one_sided = SplitTest(buyers_a=0, shown_a=0)
    assert not re.search(r"\b(nan|inf)\b", one_sided.verdict)


def test_arrays_equal_scalars() -> None:
    buyers, shown = np.array([0, 3, 12, 350]), np.array([[350], [400], [20_000]])
    sweep = SplitTest(buyers_a=buyers, shown_b=shown)
    names = ("probability_b_better", "expected_loss_a", "expected_loss_b", "lift")
    for row, column in product(range(3), range(4)):
        one = SplitTest(buyers_a=float(buyers[column]), shown_b=float(shown[row, 0]))
        for name in names:
            alone = getattr(one, name)
            assert type(alone) is float
            assert getattr(sweep, name)[row, column] == alone
        low, high = one.lift_interval
        assert np.asarray(sweep.lift_interval[0])[row, column] == low
        assert np.asarray(sweep.lift_interval[1])[row, column] == high
    with pytest.raises(ValueError, match="buyers_a is an array"):
        _ = sweep.verdict


def test_largest_counts() -> None:
    large = SplitTest(buyers_a=10**6, shown_a=10**8, buyers_b=10**6, shown_b=10**8)
    assert large.probability_b_better == pytest.approx(0.5, abs=1e-6)


def test_worked_refresh() -> None:
    assert Refresh().best_months == pytest.approx(4.19, abs=5e-3)
    assert Refresh().average_profit == pytest.approx(197_348, abs=0.5)
    approximation = math.sqrt(2 * 200_000 / (0.1 * 300_000))
    assert approximation == pytest.approx(3.65, abs=5e-3)
    assert "4.19 months" in Refresh().verdict


@given(
    margin=numbers(1e3, 1e6),
    decay=numbers(0.001, 1),
    share=numbers(1e-4, 0.95),
)
def test_refresh_is_the_optimum(margin: float, decay: float, share: float) -> None:
    cost = share * margin / decay
    model = Refresh(monthly_margin=margin, decay_rate=decay, refresh_cost=cost)
    best = float(model.best_months)

    def average(months: float) -> float:
        return (margin * -math.expm1(-decay * months) / decay - cost) / months

    assert model.average_profit == pytest.approx(average(best), rel=1e-6)
    for months in best * np.array([0.5, 0.9, 0.99, 1.01, 1.1, 2]):
        assert average(float(months)) <= average(best) * (1 + 1e-9)


@pytest.mark.parametrize(
    ("fields", "months", "profit", "word"),
    [
        ({"refresh_cost": 3_000_000}, math.inf, 0, "Never renew"),
        ({"refresh_cost": 4_000_000}, math.inf, 0, "Never renew"),
        ({"decay_rate": 0}, math.inf, 300_000, "No need"),
        ({"decay_rate": 0, "refresh_cost": 0}, math.inf, 300_000, "No need"),
        ({"refresh_cost": 0}, 0, 300_000, "costs nothing"),
        ({"monthly_margin": 0}, math.inf, 0, "Do not renew"),
        ({"monthly_margin": 0, "refresh_cost": 0}, math.inf, 0, "Do not renew"),
        ({"monthly_margin": -5, "refresh_cost": 0}, math.inf, 0, "Do not renew"),
        ({"monthly_margin": -5, "decay_rate": 0}, math.inf, -5, "Do not renew"),
    ],
)
def test_refresh_edges(fields: dict[str, float], months: float, profit: float, word: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = Refresh(**fields)
        assert model.best_months == months
        assert model.average_profit == pytest.approx(profit)
        assert model.verdict.startswith(word) or word in model.verdict
        assert not re.search(r"\b(nan|inf)\b", model.verdict)
        sweep = Refresh(**{name: np.array([value]) for name, value in fields.items()})
        assert np.asarray(sweep.best_months).tolist() == [months]
        assert np.asarray(sweep.average_profit).tolist() == [model.average_profit]


def stopped_exactly(rate: float, step: int, looks: int) -> float:
    """The chance that a test of two equal offers names a winner at one of its looks, by counting.

    Every pair of counts that is still running, with its chance, look by look.
    """
    chances = {x: math.comb(step, x) * rate**x * (1 - rate) ** (step - x) for x in range(step + 1)}
    running = {(0, 0): 1.0}
    for look in range(1, looks + 1):
        after: dict[tuple[int, int], float] = {}
        for (a, b), chance in running.items():
            for (x, p), (y, q) in product(chances.items(), repeat=2):
                after[a + x, b + y] = after.get((a + x, b + y), 0.0) + chance * p * q
        shown = look * step
        running = {
            (a, b): chance
            for (a, b), chance in after.items()
            if 0.05
            < float(
                SplitTest(buyers_a=a, shown_a=shown, buyers_b=b, shown_b=shown).probability_b_better
            )
            < 0.95
        }
    return 1 - sum(running.values())


@pytest.mark.parametrize(("rate", "step", "looks"), [(0.3, 12, 1), (0.3, 4, 3), (0.5, 3, 4)])
def test_false_winners_come_as_often_as_counted(rate: float, step: int, looks: int) -> None:
    chance, tests = stopped_exactly(rate, step, looks), 10_000
    assert 0.01 < chance < 0.5
    # Five standard errors; the draws are fixed by the seed, so this cannot fail by luck.
    error = 5 * math.sqrt(chance * (1 - chance) * tests)
    assert false_winners(rate, step * looks, looks, tests) == pytest.approx(
        chance * tests, abs=error
    )


def test_more_looks_find_more_false_winners() -> None:
    found = [false_winners(0.04, 2_000, looks) for looks in (1, 5, 20)]
    assert found == sorted(found)
    assert found[2] > 3 * found[0]
    assert false_winners(0, 100, 10) == 0  # nobody buys: nothing is ever ahead


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((1.2, 100, 1), "rate"),
        ((0.1, 100.5, 1), "shown"),
        ((0.1, 100, 0), "looks"),
        ((0.1, 100, 3), "shown = 100"),
        ((0.1, 100, 1, 0), "tests"),
    ],
)
def test_false_winners_names_what_does_not_fit(arguments: tuple[Any, ...], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        false_winners(*arguments)


def test_profit_of_any_time_between_renewals() -> None:
    model = Refresh()
    # By hand: 300,000 × (1 − e^(−0.4)) ÷ 0.4 − 200,000 ÷ 4
    by_hand = 300_000 * (1 - math.exp(-0.4)) / 0.4 - 50_000
    assert model.profit_every(4) == pytest.approx(by_hand)
    best = float(model.best_months)
    assert model.profit_every(best) == pytest.approx(model.average_profit)
    around = np.array([best - 0.5, best + 0.5])
    assert (np.asarray(model.profit_every(around)) < float(model.average_profit)).all()
    assert Refresh(decay_rate=0).profit_every(4) == pytest.approx(250_000)
    with pytest.raises(ValueError, match="months"):
        model.profit_every(0)
