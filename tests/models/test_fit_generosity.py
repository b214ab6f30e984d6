"""Fit and generosity against cases worked out by hand, a search over all shares, limits."""

import math
import re
import warnings
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import numbers, shares

from twostep.models.fit_generosity import FrontOfferFit, Generosity

GENERIC = FrontOfferFit(uptake=0.10, fit_share=0.15)
ALIGNED = FrontOfferFit()


def test_worked_front_offers() -> None:
    assert GENERIC.value_per_visitor == pytest.approx(132.5)
    assert ALIGNED.value_per_visitor == pytest.approx(188.0)
    assert GENERIC.cost_per_back_buyer == pytest.approx(18_462, abs=0.5)
    assert ALIGNED.cost_per_back_buyer == pytest.approx(6_000)
    gain = float(ALIGNED.value_per_visitor) / float(GENERIC.value_per_visitor) - 1
    assert gain == pytest.approx(0.42, abs=5e-3)
    assert "¥6,000" in ALIGNED.verdict


def test_back_rate_is_a_mean_over_people() -> None:
    takers = [0.08] * 60 + [0.005] * 40
    assert ALIGNED.back_rate == pytest.approx(sum(takers) / 100)
    assert FrontOfferFit(fit_share=0).back_rate == 0.005
    assert FrontOfferFit(fit_share=1).back_rate == 0.08


def test_just_breaking_even() -> None:
    model = FrontOfferFit(fit_share=1, fit_rate=0.5, back_margin=600)
    assert model.value_per_visitor == 0
    assert "breaks even" in model.verdict
    assert model.cost_per_back_buyer == model.back_margin


def test_nobody_moves_on() -> None:
    nobody = FrontOfferFit(fit_rate=0, misfit_rate=0)
    assert nobody.cost_per_back_buyer == math.inf
    assert math.isnan(
        float(FrontOfferFit(fit_rate=0, misfit_rate=0, offer_cost=0).cost_per_back_buyer)
    )
    assert "Nobody moves on" in nobody.verdict
    assert nobody.value_per_visitor == pytest.approx(-0.04 * 300)


@given(numbers(1, 1e6), numbers(0.01, 100))
def test_yen_scale_together(margin: float, scale: float) -> None:
    one = FrontOfferFit(back_margin=margin)
    other = FrontOfferFit(back_margin=margin * scale, offer_cost=300 * scale)
    for name in ("value_per_visitor", "cost_per_back_buyer"):
        assert getattr(other, name) == pytest.approx(getattr(one, name) * scale, abs=1e-6 * scale)


@pytest.mark.parametrize(
    ("substitution", "share", "multiplier"), [(0.3, 0.667, 1.0667), (0.1, 1, 1.35)]
)
def test_worked_generosity(substitution: float, share: float, multiplier: float) -> None:
    model = Generosity(substitution=substitution)
    assert model.best_share == pytest.approx(share, abs=5e-4)
    assert model.best_multiplier == pytest.approx(multiplier, abs=5e-5)
    assert model.back_rate(model.best_share) == pytest.approx(0.08 * multiplier, abs=5e-6)
    assert model.back_rate(0) == 0.08


positive = st.one_of(st.sampled_from([0.0, 1e-9, 0.5, 1.0]), shares)


@given(gain=st.one_of(positive, numbers(1, 20)), substitution=positive)
def test_no_share_is_better_than_the_best(gain: float, substitution: float) -> None:
    model = Generosity(trust_gain=gain, substitution=substitution)
    assert 0 <= float(model.best_share) <= 1
    assert float(model.best_multiplier) >= 1 - 1e-12
    every = np.asarray(model.back_rate(np.linspace(0, 1, 1_001)))
    best = 0.08 * float(model.best_multiplier)
    assert every.max() <= best * (1 + 1e-12)
    assert best == pytest.approx(every.max(), rel=1e-4)
    if gain <= substitution:
        assert model.best_share == 0
    elif gain * (1 - 2 * substitution) >= substitution:
        assert model.best_share == 1
    else:
        inside = (gain - substitution) / (2 * gain * substitution)
        assert model.best_share == pytest.approx(inside)


def test_impossible_values() -> None:
    for share in (-0.1, 1.1, math.nan, "1", None, True):
        with pytest.raises(ValueError, match=r"^share_given = "):
            Generosity().back_rate(share)  # type: ignore[arg-type]
    for name, value in (("trust_gain", -0.1), ("substitution", 1.1), ("base_rate", True)):
        with pytest.raises(ValueError, match=rf"^{name} = "):
            Generosity(**{name: value})
    for name, value in (("offer_cost", -1.0), ("uptake", 2.0), ("back_margin", math.inf)):
        with pytest.raises(ValueError, match=rf"^{name} = "):
            FrontOfferFit(**{name: value})
    assert float(FrontOfferFit(back_margin=-5).value_per_visitor) < 0


def test_arrays_equal_scalars() -> None:
    gain, lost = np.array([0, 0.2, 0.5, 3]), np.array([[0], [0.1], [0.3], [1]])
    sweep = Generosity(trust_gain=gain, substitution=lost)
    for row, column in product(range(4), range(4)):
        one = Generosity(trust_gain=float(gain[column]), substitution=float(lost[row, 0]))
        for name in ("best_share", "best_multiplier"):
            assert type(getattr(one, name)) is float
            assert np.asarray(getattr(sweep, name))[row, column] == getattr(one, name)
        assert np.asarray(sweep.back_rate(0.4))[row, column] == one.back_rate(0.4)
    fit = np.linspace(0, 1, 5)
    many = FrontOfferFit(fit_share=fit, misfit_rate=0)
    for index, share in enumerate(fit):
        alone = FrontOfferFit(fit_share=float(share), misfit_rate=0)
        for name in ("back_rate", "value_per_visitor", "cost_per_back_buyer"):
            assert type(getattr(alone, name)) is float
            assert np.asarray(getattr(many, name))[index] == getattr(alone, name)


def test_corners_speak_plainly() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for uptake, fit, rate, margin, cost in product(
            (0, 0.5), (0, 1), (0, 0.3), (-5, 0, 500_000), (0, 5_000)
        ):
            model = FrontOfferFit(
                uptake=uptake, fit_share=fit, fit_rate=rate, back_margin=margin, offer_cost=cost
            )
            assert not re.search(r"\b(nan|inf)\b", model.verdict), model
        for gain, lost, base in product((0, 0.4, 2), (0, 0.3, 1), (0, 0.1, 1)):
            advice = Generosity(trust_gain=gain, substitution=lost, base_rate=base)
            assert not re.search(r"\b(nan|inf)\b", advice.verdict), advice
    for sweep in (FrontOfferFit(uptake=np.array([0.1])), Generosity(base_rate=np.array([0.1]))):
        with pytest.raises(ValueError, match="is an array"):
            _ = sweep.verdict


def test_more_than_everyone_is_said() -> None:
    assert "cannot all be true" in Generosity(trust_gain=2, substitution=0, base_rate=0.5).verdict
