"""Who stays, against the published fits, closed forms, brute sums and a simulated population."""

import math
import re
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.strategies import fewer, numbers, shares

from twostep.models.retention import ShiftedBetaGeometric

# Fader & Hardie (2007): survivors of 1,000 in years 0 to 7.
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
# Fader & Hardie (2010): survivors of 10,000 in years 0 to 4.
COHORT_2010 = [10_000, 8_000, 6_480, 5_307, 4_391]


def whole(*bounds: int) -> NDArray[np.float64]:
    """The whole numbers of a range, as a model takes them."""
    return np.arange(*bounds).astype(float)


positive = numbers(0.05, 50)


def payments_by_hand(alpha: float, beta: float, discount: float, terms: int) -> float:
    """Σ S(t) / (1 + d)^t, with S as the running product of the retention rates."""
    t = whole(1, terms)
    survival = np.concatenate([[1.0], np.cumprod((beta + t - 1) / (alpha + beta + t - 1))])
    return float((survival * (1 / (1 + discount)) ** whole(terms)).sum())


@pytest.mark.parametrize(
    ("counts", "alpha", "beta", "likelihood", "year_12", "del_10", "constant"),
    [
        (REGULAR, 0.7041, 1.1820, -1.6803, 0.1700, 3.695, 2.324),
        (HIGH_END, 0.6681, 3.8061, -1.6112, 0.3780, 5.923, 4.412),
    ],
)
def test_published_fits(
    counts: list[float],
    alpha: float,
    beta: float,
    likelihood: float,
    year_12: float,
    del_10: float,
    constant: float,
) -> None:
    fit = ShiftedBetaGeometric.fit(counts)
    assert fit.identified
    assert fit.model.alpha == pytest.approx(alpha, abs=5e-5)
    assert fit.model.beta == pytest.approx(beta, abs=5e-5)
    assert fit.log_likelihood / 1000 == pytest.approx(likelihood, abs=5e-5)
    assert fit.model.survival(12) == pytest.approx(year_12, abs=5e-5)
    # Printed from parameters of three digits; at full precision High End gives 5.9223.
    rounded = ShiftedBetaGeometric(alpha=round(alpha, 3), beta=round(beta, 3))
    assert rounded.expected_payments(0.1) == pytest.approx(del_10, abs=5e-4)
    assert fit.model.expected_payments(0.1) == pytest.approx(del_10, abs=1e-3)
    first = float(fit.model.retention(1))
    assert 1.1 / (1.1 - first) == pytest.approx(constant, abs=5e-4)


def test_published_retention_rises() -> None:
    regular = ShiftedBetaGeometric(alpha=0.7041, beta=1.1820)
    high_end = ShiftedBetaGeometric(alpha=0.6681, beta=3.8061)
    assert regular.retention(np.array([1, 12])) == pytest.approx([0.627, 0.945], abs=5e-4)
    assert high_end.retention(np.array([1, 12])) == pytest.approx([0.851, 0.957], abs=5e-4)


def test_staggered_cohorts_of_2010() -> None:
    fit = ShiftedBetaGeometric.fit(*(COHORT_2010[:size] for size in (5, 4, 3, 2)))
    assert fit.model.alpha == pytest.approx(3.798, abs=5e-4)
    assert fit.model.beta == pytest.approx(15.192, abs=5e-4)


@pytest.mark.parametrize(
    ("alpha", "beta", "derl"),
    [
        (3.80, 15.20, [3.31, 3.45, 3.59, 3.72, 3.84]),
        (1 / 15, 4 / 15, [7.68, 9.46, 9.86, 10.06, 10.19]),
        (0.067, 0.267, [7.67, 9.46, 9.85, 10.06, 10.19]),
    ],
)
def test_published_residual_payments(alpha: float, beta: float, derl: list[float]) -> None:
    model = ShiftedBetaGeometric(alpha=alpha, beta=beta)
    assert model.residual_payments(0.1, whole(1, 6)) == pytest.approx(derl, abs=5e-3)


def test_residual_payments_off_by_one_trap() -> None:
    fitted = ShiftedBetaGeometric(alpha=0.668, beta=3.806)
    assert fitted.residual_payments(0.1, 8) == pytest.approx(7.530, abs=5e-4)


def test_constant_retention_of_2010() -> None:
    alike = ShiftedBetaGeometric(alpha=2e7, beta=8e7)
    assert alike.residual_payments(0.1, 3) == pytest.approx(2.93, abs=5e-3)


@pytest.mark.parametrize(
    ("alpha", "beta", "latest", "understated"),
    [(3.80, 15.20, 0.8117, 0.122), (1 / 15, 4 / 15, 0.9162, 0.413)],
)
def test_one_retention_for_everyone_understates_the_base(
    alpha: float, beta: float, latest: float, understated: float
) -> None:
    model = ShiftedBetaGeometric(alpha=alpha, beta=beta)
    active = np.asarray(model.survival(whole(5)))  # five cohorts, the newest first
    aggregate = active[1:].sum() / active[:-1].sum()
    assert aggregate == pytest.approx(latest, abs=5e-5)
    naive = active.sum() * aggregate * 1.1 / (1.1 - aggregate)
    true = (active * np.asarray(model.residual_payments(0.1, whole(1, 6)))).sum()
    assert 1 - naive / true == pytest.approx(understated, abs=5e-4)


def test_presets() -> None:
    monthly = ShiftedBetaGeometric()
    expected = [0.70, 0.76, 0.80, 0.829, 0.85]
    assert monthly.retention(whole(1, 6)) == pytest.approx(expected, abs=5e-4)
    assert monthly.mean_lifetime == pytest.approx(15)
    assert monthly.expected_payments(0.01) == pytest.approx(7.0026, abs=5e-5)
    shop = ShiftedBetaGeometric(alpha=1.2, beta=0.8)
    bands = [0.40, 0.60, 0.70, 0.76, 0.80, 0.83]
    assert shop.retention(whole(1, 7)) == pytest.approx(bands, abs=5e-3)


@pytest.mark.parametrize(("periods", "expected"), [(12, 4.3523), (60, 6.3743)])
def test_first_payments_of_the_preset(periods: int, expected: float) -> None:
    t = whole(periods)
    total = (np.asarray(ShiftedBetaGeometric().survival(t)) / 1.01**t).sum()
    assert total == pytest.approx(expected, abs=5e-5)


def test_uniform_closed_forms() -> None:
    uniform = ShiftedBetaGeometric(alpha=1, beta=1)
    t = whole(20)
    assert uniform.survival(t) == pytest.approx(1 / (t + 1))
    for discount in (1e-6, 0.001, 0.01, 0.1, 1.0):
        v = 1 / (1 + discount)
        assert uniform.expected_payments(discount) == pytest.approx(-math.log(1 - v) / v, rel=1e-9)
    steeper = ShiftedBetaGeometric(alpha=2, beta=1)
    assert steeper.survival(t) == pytest.approx(2 / ((t + 1) * (t + 2)))
    assert steeper.mean_lifetime == 2


@pytest.mark.parametrize("alpha", [0.067, 0.5, 0.668, 1, 1.2, 2, 3, 20, 73.6, 300])
@pytest.mark.parametrize("beta", [0.01, 0.267, 0.8, 1, 3.806, 15.2, 61.7, 270])
@pytest.mark.parametrize("discount", [0.005, 0.1, 1])
def test_expected_payments_against_the_sum(alpha: float, beta: float, discount: float) -> None:
    """Where scipy.special.hyp2f1 is inf, nan or off by a factor (alpha 2, 73.6, 300), too."""
    by_hand = payments_by_hand(alpha, beta, discount, terms=6_000)
    model = ShiftedBetaGeometric(alpha=alpha, beta=beta)
    assert model.expected_payments(discount) == pytest.approx(by_hand, rel=1e-9)


@given(alpha=positive, beta=positive, discount=shares, periods=st.integers(0, 60))
def test_payments_within_adds_the_first_payments(
    alpha: float, beta: float, discount: float, periods: int
) -> None:
    model = ShiftedBetaGeometric(alpha=alpha, beta=beta)
    by_hand = math.fsum(float(model.survival(t)) / (1 + discount) ** t for t in range(periods))
    assert model.payments_within(periods, discount) == pytest.approx(by_hand, rel=1e-9)


def test_payments_within_a_long_time_are_nearly_all() -> None:
    model = ShiftedBetaGeometric(alpha=2, beta=1)
    assert model.payments_within(1_200, 0.1) == pytest.approx(float(model.expected_payments(0.1)))
    # Undiscounted: 2 / ((t + 1)(t + 2)) summed is 2 − 2 / (n + 1).
    assert model.payments_within(1_200, 0) == pytest.approx(2 - 2 / 1_201, rel=1e-12)


@given(alpha=positive, beta=positive, discount=numbers(1e-6, 1), paid=st.integers(1, 200))
def test_residual_payments_obey_their_recursion(
    alpha: float, beta: float, discount: float, paid: int
) -> None:
    """Renew, take the payment, and be a customer who has paid once more."""
    model = ShiftedBetaGeometric(alpha=alpha, beta=beta)
    here, next_time = (float(model.residual_payments(discount, n)) for n in (paid, paid + 1))
    renewed = float(model.retention(paid)) * (1 + next_time / (1 + discount))
    assert here == pytest.approx(renewed, rel=1e-8)
    new = float(model.expected_payments(discount))
    first = float(model.residual_payments(discount, 1))
    assert new == pytest.approx(1 + first / (1 + discount), rel=1e-8)


@given(alpha=positive, beta=positive)
def test_survival_falls_and_retention_rises(alpha: float, beta: float) -> None:
    model, t = ShiftedBetaGeometric(alpha=alpha, beta=beta), whole(60)
    survival, retention = np.asarray(model.survival(t)), np.asarray(model.retention(t[1:]))
    assert survival[0] == 1
    assert (np.diff(survival) < 0).all()
    assert (np.diff(retention) > 0).all()
    assert survival[1:] == pytest.approx(np.cumprod(retention), rel=1e-9)
    assert model.churn(t[1:]) == pytest.approx(-np.diff(survival), rel=1e-6, abs=1e-12)
    discounts = np.linspace(0.001, 1, 40)
    assert (np.diff(np.asarray(model.expected_payments(discounts))) < 0).all()


def test_undiscounted_is_the_mean_lifetime() -> None:
    alpha = np.array([0.5, 1.0, 1.001, 1.2, 2.0, 40.0])
    model = ShiftedBetaGeometric(alpha=alpha, beta=2.8)
    assert np.array_equal(np.asarray(model.expected_payments(0)), np.asarray(model.mean_lifetime))
    assert np.isinf(np.asarray(model.mean_lifetime)).tolist() == [True] * 2 + [False] * 4
    # The undiscounted limit is approached, which the sum of 2/((t+1)(t+2)) shows exactly.
    near = ShiftedBetaGeometric(alpha=2, beta=1).expected_payments(1e-7)
    assert near == pytest.approx(2, rel=1e-5)


def test_fit_recovers_what_was_simulated() -> None:
    rng = np.random.default_rng(20)
    leave = rng.beta(1.2, 2.8, 50_000)
    lifetime = rng.geometric(leave)  # the renewal at which each of 50,000 customers leaves
    counts = [(lifetime > t).sum() for t in range(13)]
    fit = ShiftedBetaGeometric.fit(counts)
    # The standard errors are about 0.02 and 0.04 for so many customers; four of them are allowed.
    assert fit.identified
    assert fit.model.alpha == pytest.approx(1.2, abs=0.08)
    assert fit.model.beta == pytest.approx(2.8, abs=0.2)
    assert fit.model.retention(12) == pytest.approx((2.8 + 11) / (4 + 11), abs=0.01)
    halves = [[(part > t).sum() for t in range(13)] for part in np.split(lifetime, 2)]
    together = ShiftedBetaGeometric.fit(*halves)
    assert together.model.alpha == pytest.approx(fit.model.alpha, rel=1e-5)


@given(alpha=numbers(0.2, 8), beta=numbers(0.2, 20))
@fewer(0.3)
def test_fit_finds_the_parameters_of_exact_curves(alpha: float, beta: float) -> None:
    survivors = 1e6 * np.asarray(ShiftedBetaGeometric(alpha=alpha, beta=beta).survival(range_12))
    model = ShiftedBetaGeometric.fit(survivors).model
    assert model.alpha == pytest.approx(alpha, rel=1e-3)
    assert model.beta == pytest.approx(beta, rel=1e-3)


range_12 = whole(13)


def test_fit_is_a_maximum() -> None:
    """Brute force: no point of a fine grid is more likely; the likelihood is written out anew."""
    fit = ShiftedBetaGeometric.fit(REGULAR)

    def log_likelihood(alpha: float, beta: float) -> float:
        chance, total, alive = alpha / (alpha + beta), 0.0, 1.0
        for t, left in enumerate(-np.diff(REGULAR), start=1):
            if t > 1:
                chance *= (beta + t - 2) / (alpha + beta + t - 1)
            total += float(left) * math.log(chance)
            alive -= chance
        return total + REGULAR[-1] * math.log(alive)

    best = log_likelihood(float(fit.model.alpha), float(fit.model.beta))
    assert fit.log_likelihood == pytest.approx(best, rel=1e-12)
    around = [
        log_likelihood(a, b) for a in np.linspace(0.5, 1, 51) for b in np.linspace(0.8, 1.6, 51)
    ]
    assert max(around) <= best + 1e-9


@pytest.mark.parametrize(
    ("counts", "retention"),
    [
        ([1000, 800, 640, 512, 410], 2362 / 2952),  # rounded geometric: renewals ÷ decisions
        ([1000, 900, 700, 300], 1900 / 2600),  # retention falls: no mixture can do that
        ([100, 100, 100], 1.0),
        ([100, 0, 0], 0.0),
        ([3, 1, 0], 0.25),
    ],
)
def test_geometric_limit(counts: list[float], retention: float) -> None:
    fit = ShiftedBetaGeometric.fit(counts)
    assert not fit.identified
    assert "geometric limit" in fit.note
    assert fit.model.retention(whole(1, 60)) == pytest.approx(retention, abs=1e-6)
    assert math.isfinite(fit.log_likelihood)
    assert math.isfinite(float(fit.model.expected_payments(0.01)))
    assert fit.model.survival(whole(4)) == pytest.approx(retention ** whole(4), rel=1e-5, abs=1e-7)


def test_everyone_left_stays() -> None:
    fit = ShiftedBetaGeometric.fit([100, 50, 50, 50])
    assert not fit.identified
    assert "after the first renewal" in fit.note
    assert fit.model.retention(whole(1, 4)) == pytest.approx([0.5, 1, 1], abs=1e-5)


def test_a_cohort_that_has_only_begun_says_nothing() -> None:
    alone = ShiftedBetaGeometric.fit(REGULAR)
    assert ShiftedBetaGeometric.fit([500], REGULAR, [7]) == alone


def test_fit_does_not_depend_on_scale_or_luck() -> None:
    for scale in (1e-1, 1e3, 1e6):
        model = ShiftedBetaGeometric.fit(np.array(HIGH_END) * scale).model
        assert model.beta == pytest.approx(3.8061, abs=5e-5)


@pytest.mark.parametrize(
    ("cohorts", "words"),
    [
        ([], "at least one cohort"),
        ([REGULAR, [100, 80, 90]], "cohort 2 rises from 80 to 90"),
        ([REGULAR, [100, 80, -1]], "cohort 2 = -1"),
        ([[100]], "cohort 1.*fewer than two periods"),
        ([[100, 80], [50]], "cohort 1, cohort 2.*fewer than two periods"),
        ([REGULAR, []], "cohort 2 is empty"),
        ([REGULAR, [0]], "cohort 2 starts with nobody"),
        ([[100, 80]], "cohort 1.*fewer than two periods"),
        ([[100, 80], [50, 40]], "cohort 1, cohort 2.*fewer than two periods"),
        ([[0, 0, 0]], "cohort 1 starts with nobody"),
        ([[100, math.nan, 50]], "cohort 1 = nan"),
        ([[100, math.inf, 50]], "cohort 1"),
        ([[100, None, 50]], "cohort 1"),
        ([[True, True, False]], "cohort 1"),
        (["100, 80, 60"], "cohort 1"),
        ([100, 80, 60], "cohort 1"),
        ([[[100, 80, 60]]], "cohort 1"),
        ([[[100, 80], [60]]], "cohort 1"),
    ],
)
def test_impossible_cohorts(cohorts: list[object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ShiftedBetaGeometric.fit(*cohorts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "arguments", "name"),
    [
        ("survival", (-1,), "t"),
        ("survival", (1.5,), "t"),
        ("retention", (0,), "t"),
        ("churn", (0,), "t"),
        ("churn", (True,), "t"),
        ("expected_payments", (-0.1,), "discount_rate"),
        ("payments_within", (1.5, 0.1), "periods"),
        ("payments_within", (1_201, 0.1), "periods"),
        ("payments_within", (12, -0.1), "discount_rate"),
        ("residual_payments", (0.1, 0), "paid"),
        ("residual_payments", (1.1, 1), "discount_rate"),
        ("residual_payments", (0.1, "3"), "paid"),
    ],
)
def test_impossible_arguments(method: str, arguments: tuple[object, ...], name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name} = "):
        getattr(ShiftedBetaGeometric(), method)(*arguments)


@pytest.mark.parametrize("field", ["alpha", "beta"])
@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf, "1", None, True])
def test_impossible_fields(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=rf"^{field} = "):
        ShiftedBetaGeometric(**{field: value})  # type: ignore[arg-type]


def test_arrays_equal_scalars() -> None:
    alpha, beta = np.array([0.067, 0.668, 1, 1.2, 30]), np.array([[0.267], [3.806], [400]])
    sweep = ShiftedBetaGeometric(alpha=alpha, beta=beta)
    for row, b in enumerate(beta[:, 0]):
        for column, a in enumerate(alpha):
            one = ShiftedBetaGeometric(alpha=float(a), beta=float(b))
            for name, arguments in (
                ("survival", (7,)),
                ("retention", (7,)),
                ("churn", (7,)),
                ("expected_payments", (0.01,)),
                ("expected_payments", (0,)),
                ("residual_payments", (0.1, 4)),
            ):
                alone = getattr(one, name)(*arguments)
                assert type(alone) is float
                assert getattr(sweep, name)(*arguments)[row, column] == alone
            assert np.asarray(sweep.mean_lifetime)[row, column] == one.mean_lifetime


@pytest.mark.parametrize("alpha", [1e-6, 0.1, 1, 10, 1e8])
@pytest.mark.parametrize("beta", [1e-6, 0.1, 20, 1e8])
def test_corners_speak_plainly(alpha: float, beta: float) -> None:
    model = ShiftedBetaGeometric(alpha=alpha, beta=beta)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not re.search(r"\b(nan|inf)\b", model.verdict)
        assert 1 <= float(model.expected_payments(0.01)) <= 101.001
    with pytest.raises(ValueError, match="alpha is an array"):
        _ = ShiftedBetaGeometric(alpha=np.array([1.0, 2.0])).verdict


def test_no_sentence_claims_more_than_the_model_knows() -> None:
    """It assumes that nobody changes; that the counts fit does not prove it."""
    note = ShiftedBetaGeometric.fit(REGULAR).note
    assert "from 62.67% at the first renewal to 91.07% at renewal 7" in note
    assert "need not mean loyalty" in note
    for alpha in (0.7, 1.1):
        verdict = ShiftedBetaGeometric(alpha=alpha, beta=1.2).verdict
        assert "In this model nobody changes" in verdict
        assert ("the model knows no death" in verdict) is (alpha <= 1)
        assert not re.search("loyal", verdict)
    alike = ShiftedBetaGeometric(alpha=3e7, beta=7e7).verdict
    assert "In this model" not in alike
