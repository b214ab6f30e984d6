"""The small arithmetic, and what every model built on it must keep: see domain.md, section 4."""

import math
import re
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostep.models.arithmetic import (
    contribution_margin,
    geometric_sum,
    power,
    second_purchase_rate,
    times,
    upgrade_rate,
)
from twostep.models.base import Model, answer_fields, assumption_fields
from twostep.models.contacts import ContactList, SampleOffer
from twostep.models.ladder import OfferLadder, PriceResponse, TwoBackOffers
from twostep.models.occasions import LossLeader, RainyDayOffer
from twostep.models.trial import Trial
from twostep.units import YEN, AssumptionField

MODELS: tuple[type[Model], ...] = (
    Trial,
    ContactList,
    SampleOffer,
    RainyDayOffer,
    LossLeader,
    OfferLadder,
    PriceResponse,
    TwoBackOffers,
)
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


def test_published_examples_of_rates() -> None:
    assert upgrade_rate(100, 30) == 0.30
    assert upgrade_rate(1_000, 200) == 0.20
    assert second_purchase_rate(400, 160) == 0.40


def test_the_ratio_upside_down_is_refused() -> None:
    with pytest.raises(ValueError, match=r"subscribers = 100.* trials = 30.*other way round"):
        upgrade_rate(30, 100)
    with pytest.raises(ValueError, match="second"):
        second_purchase_rate(np.array([10, 10]), np.array([9, 11]))


def test_rates_of_nobody_are_undefined_and_arrays_are_taken() -> None:
    assert math.isnan(float(upgrade_rate(0, 0)))
    rates = upgrade_rate(np.array([0, 4, 10]), np.array([0, 1, 10]))
    np.testing.assert_array_equal(rates, [math.nan, 0.25, 1.0])
    assert isinstance(upgrade_rate(4, 1), float)


@pytest.mark.parametrize("bad", [-1, None, True, "3", math.nan, math.inf, [3]])
def test_rates_refuse_what_is_not_a_count(bad: Any) -> None:
    with pytest.raises(ValueError, match="trials"):
        upgrade_rate(bad, 0)
    with pytest.raises(ValueError, match="second"):
        second_purchase_rate(10, bad)


def test_contribution_margins_of_the_two_published_fees() -> None:
    assert round(float(contribution_margin(4_980, 300, 0.036)), 2) == 4_500.72
    assert round(float(contribution_margin(4_980, 1_200 + 600, 0.036 + 0.007))) == 2_966
    assert contribution_margin(980, 1_300) == -320
    np.testing.assert_array_equal(contribution_margin(np.array([100.0, 200.0]), 60), [40, 140])


@pytest.mark.parametrize(
    "bad", [{"price": -1}, {"cost": -1}, {"fee_rate": 1.1}, {"fee_rate": -0.1}, {"price": None}]
)
def test_contribution_margin_refuses_by_name(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        contribution_margin(**({"price": 100, "cost": 10} | bad))


@given(
    st.one_of(st.floats(0, 1), st.floats(1e-17, 1e-6).map(lambda gap: 1 - gap)),
    st.integers(0, 60),
)
def test_geometric_sum_is_the_sum(factor: float, terms: int) -> None:
    exact = sum((Fraction(factor) ** n for n in range(terms)), Fraction(0))
    assert geometric_sum(factor, float(terms)) == pytest.approx(float(exact), rel=1e-13)


def test_nothing_of_an_unlimited_amount_is_nothing() -> None:
    assert times(0.0, math.inf) == times(-math.inf, 0.0) == 0
    assert times(0.5, math.inf) == math.inf
    assert power(0.0, -1.0) == math.inf
    assert power(2.0, 5_000.0) == math.inf


def test_a_power_is_the_same_alone_and_in_an_array() -> None:
    # On some processors `np.power` differs in the last digit here, and `**` anywhere.
    numbers = np.random.default_rng(7)
    bases, exponents = numbers.random(5_000), np.round(numbers.random(5_000) * 12, 1)
    alone = [power(base, exponent) for base, exponent in zip(bases, exponents, strict=True)]
    np.testing.assert_array_equal(power(bases, exponents), alone)


def _values(field: AssumptionField) -> st.SearchStrategy[float]:
    low, high, step = field.note.slider
    steps = st.integers(0, round((high - low) / step)).map(lambda count: low + count * step)
    # Far smaller numbers mean nothing, and divide into others beyond what a float can hold.
    numbers = st.floats(low, high).filter(lambda value: value == 0 or abs(value) > 1e-12)
    chosen = steps if field.note.whole else steps | numbers
    return chosen.map(lambda value: min(value, high)) | st.just(float(field.default))


def _scenarios(model: type[Model], count: int) -> st.SearchStrategy[dict[str, list[float]]]:
    return st.fixed_dictionaries(
        {
            field.name: st.lists(_values(field), min_size=count, max_size=count)
            for field in assumption_fields(model)
        }
    )


def _answers(scenario: Model) -> dict[str, Any]:
    found = {field.name: getattr(scenario, field.name) for field in answer_fields(type(scenario))}
    return found | ({"best": scenario.best} if isinstance(scenario, TwoBackOffers) else {})


@every_model
@given(data=st.data())
def test_a_sweep_equals_its_scenarios_to_the_last_digit(
    model: type[Model], data: st.DataObject
) -> None:
    columns = data.draw(_scenarios(model, 5))
    swept = _answers(model(**{name: np.array(column) for name, column in columns.items()}))
    for row in range(5):
        alone = _answers(model(**{name: column[row] for name, column in columns.items()}))
        for name, value in alone.items():
            assert type(value) in (float, str), name
            np.testing.assert_array_equal(swept[name][row], value, err_msg=name)


@every_model
@given(data=st.data(), factor=st.sampled_from([0.25, 2.0, 1024.0]))
def test_scaling_all_yen_scales_all_yen_answers(
    model: type[Model], data: st.DataObject, factor: float
) -> None:
    fields = {name: column[0] for name, column in data.draw(_scenarios(model, 1)).items()}
    scaled = fields | {
        field.name: fields[field.name] * factor
        for field in assumption_fields(model)
        if field.unit is YEN
    }
    for answer in answer_fields(model):
        before, after = (getattr(model(**values), answer.name) for values in (fields, scaled))
        expected = before * factor if answer.unit is YEN else before
        np.testing.assert_array_equal(after, expected, err_msg=answer.name)


def _corners(field: AssumptionField) -> set[float]:
    low, high, _step = field.note.slider
    edges = {low, high, 0.0, 1.0, 1e12, -1e12, field.range.low, field.range.high, math.inf}
    if not field.note.whole:
        edges |= {1e-12, 0.5}

    def fits(value: float) -> bool:
        try:
            field.range.check(field.name, value)
        except ValueError:
            return False
        return True

    return set(filter(fits, edges))


def _pairs_of_corners(model: type[Model]) -> list[dict[str, float]]:
    return [
        {one.name: first, other.name: second}
        for one, other in combinations(assumption_fields(model), 2)
        for first in _corners(one)
        for second in _corners(other)
    ]


def _assert_speaks_plainly(scenario: Model) -> None:
    said = scenario.verdict
    assert not re.search(r"\b(nan|inf|infinity|none|true|false)\b|[{}]", said), (scenario, said)
    assert said.endswith("."), (scenario, said)


@every_model
def test_verdicts_speak_plainly_at_every_pair_of_corners(model: type[Model]) -> None:
    corners = _pairs_of_corners(model)
    assert len(corners) >= 6 * 5 * 5  # at least six pairs of fields, five values each
    for corner in corners:
        _assert_speaks_plainly(model(**corner))


@every_model
@pytest.mark.parametrize("size", [1e-12, 1e300, 1.7e308])
def test_verdicts_survive_numbers_beyond_arithmetic(model: type[Model], size: float) -> None:
    for field in assumption_fields(model):
        if field.note.whole or not field.range.low <= size <= field.range.high:
            continue
        for rate in (None, 1e-9, 1.0):
            others = (
                {}
                if rate is None
                else {
                    other.name: rate
                    for other in assumption_fields(model)
                    if other.range.high == 1 and other.name != field.name
                }
            )
            _assert_speaks_plainly(model(**{field.name: size}, **others))


@every_model
@given(data=st.data())
def test_verdicts_speak_plainly_anywhere(model: type[Model], data: st.DataObject) -> None:
    fields = {name: column[0] for name, column in data.draw(_scenarios(model, 1)).items()}
    _assert_speaks_plainly(model(**fields))


@every_model
def test_no_corner_warns_in_a_sweep(model: type[Model]) -> None:
    # pytest turns every warning into an error.
    defaults = {field.name: field.default for field in assumption_fields(model)}
    corners = [defaults | pair for pair in _pairs_of_corners(model)]
    swept = model(**{name: np.array([row[name] for row in corners], float) for name in defaults})
    for name, values in _answers(swept).items():
        assert values.shape == (len(corners),), name


@every_model
def test_a_verdict_is_about_one_scenario(model: type[Model]) -> None:
    for field in assumption_fields(model):
        sweep = replace(model(), **{field.name: np.array([field.default, field.default], float)})
        with pytest.raises(ValueError, match=field.name):
            _ = sweep.verdict


@every_model
def test_prices_and_costs_are_not_negative_and_margins_may_be(model: type[Model]) -> None:
    for field in assumption_fields(model):
        if field.unit is YEN and ("margin" in field.name or field.name == "list_value"):
            model(**{field.name: -1.0})
        else:
            with pytest.raises(ValueError, match=f"^{field.name} = -1.0 "):
                model(**{field.name: -1.0})


@every_model
def test_only_a_default_of_no_limit_accepts_no_limit(model: type[Model]) -> None:
    for field in assumption_fields(model):
        if field.default == math.inf:
            model(**{field.name: math.inf})
        else:
            with pytest.raises(ValueError, match=f"^{field.name} = inf "):
                model(**{field.name: math.inf})


@every_model
@pytest.mark.parametrize("bad", [math.nan, None, True, "1", [1]])
def test_what_is_no_number_is_refused_by_name(model: type[Model], bad: Any) -> None:
    for field in assumption_fields(model):
        with pytest.raises(ValueError, match=f"^{field.name} = "):
            model(**{field.name: bad})


@every_model
def test_every_field_is_described_for_a_person(model: type[Model]) -> None:
    for field in assumption_fields(model):
        low, high, step = field.note.slider
        assert field.note.about.endswith("."), field.name
        assert low < high, field.name
        assert step > 0, field.name
        assert {low, high} <= _corners(field), field.name
        steps = (field.default - low) / step
        if math.isfinite(steps):
            assert low <= field.default <= high, field.name
            assert steps == pytest.approx(round(steps)), f"{field.name}: no step on the default"
