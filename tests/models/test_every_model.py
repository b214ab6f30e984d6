"""What every model keeps, whatever it computes: its names, its annotations, its limits.

A new model is found by being there; `contract.toml` holds the names that others rely on.
"""

import inspect
import math
import re
import tomllib
from dataclasses import fields, is_dataclass, replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import SMALLEST, fewer

import twostep
from twostep.models import every_model as models_of_the_course
from twostep.models import menu
from twostep.models.base import Model, answer_fields, assumption_fields
from twostep.units import YEN, AssumptionField, Value

INF = math.inf
ROOT = Path(__file__).parents[2]

CONTRACT = tomllib.loads(Path(__file__).with_name("contract.toml").read_text(encoding="utf-8"))
PUBLIC, FUNCTIONS = CONTRACT.pop("public").split(), CONTRACT.pop("functions")
MODELS = models_of_the_course()
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
seeds = st.integers(0, 2**32 - 1)

# Fields that may not be larger than another one.
PARTS = {"buyers_a": "shown_a", "buyers_b": "shown_b", "start_trust": "start_audience"}
# Counts over which an answer is a sum: their highest value takes a second, and is tested elsewhere.
ADDED_UP = {"buyers_a", "buyers_b", "pilots"}


# The contract


@pytest.mark.parametrize("name", CONTRACT)
def test_what_others_rely_on_is_there(name: str) -> None:
    kind, kept = getattr(twostep, name), CONTRACT[name]
    held = [field.name for field in fields(kind)] if is_dataclass(kind) else []
    assert set(kept["answers"].split()) <= {*_public(kind), *held}
    for call in kept.get("methods", ()):
        _assert_still_called(getattr(kind, call.partition("(")[0]), call)
    if "fields" in kept:
        defaults = {field.name: field.default for field in assumption_fields(kind)}
        assert kept["fields"].items() <= defaults.items()
        assert "verdict" in _public(kind)


def test_what_others_import_is_there() -> None:
    names = {*PUBLIC, *CONTRACT, *(call.partition("(")[0] for call in FUNCTIONS)}
    assert len(names) >= 37
    assert names <= set(twostep.__all__)
    assert set(twostep.__all__) == set(dir(twostep))
    assert all(hasattr(twostep, name) for name in twostep.__all__)
    with pytest.raises(AttributeError, match=r"module 'twostep' has no attribute 'Funel'"):
        _ = twostep.Funel


@pytest.mark.parametrize("call", FUNCTIONS)
def test_functions_are_called_as_ever(call: str) -> None:
    _assert_still_called(getattr(twostep, call.partition("(")[0]), call)


def test_no_model_is_left_out() -> None:
    ours = {model for model in Model.__subclasses__() if model.__module__.startswith("twostep.")}
    assert ours == set(MODELS)
    assert len(MODELS) == len(menu()) >= 18


def test_a_model_names_its_lesson_as_the_others_and_the_pages_do() -> None:
    stems = {path.stem for path in (ROOT / "lessons").glob("*.ipynb")}
    stems |= {model.lesson for model in MODELS}
    assert all(re.fullmatch(r"\d\d_[a-z0-9_]+", stem) for stem in stems)
    assert len({stem[:2] for stem in stems}) == len(stems), "two names for one lesson"
    lines = list(menu())
    assert lines == sorted(lines, key=lambda line: int(line.split()[0]))


def _assert_still_called(function: Any, call: str) -> None:
    """Fail unless everything in a call such as "fit(*cohorts)" is still taken, in this order.

    What was added since has a default.
    """
    found = _arguments(function)
    kept = [argument for argument in call.partition("(")[2].rstrip(")").split(", ") if argument]
    assert [argument for argument in found if argument in kept] == kept
    assert all("=" in argument or argument[0] == "*" for argument in {*found} - {*kept})


def _public(model: type[Model]) -> list[str]:
    properties = [name for name, member in vars(model).items() if isinstance(member, property)]
    return [name for name in properties if not name.startswith("_")]


def _arguments(function: Any) -> list[str]:
    return [
        str(argument.replace(annotation=argument.empty, kind=argument.POSITIONAL_OR_KEYWORD))
        if argument.kind is argument.KEYWORD_ONLY
        else str(argument.replace(annotation=argument.empty))
        for argument in inspect.signature(function).parameters.values()
        if argument.name != "self"
    ]


# What a person meets


@every_model
def test_every_field_is_described_for_a_person(model: type[Model]) -> None:
    for field in assumption_fields(model):
        note, (low, high, step) = field.note, field.note.slider
        assert note.label, field.name
        assert note.group, field.name
        assert note.basis, field.name
        assert len(note.basis) <= 50, f"{field.name}: pandas cuts longer words in a table"
        assert note.about.endswith("."), field.name
        assert low < high, field.name
        assert step > 0, field.name
        assert {low, high} <= _corners(field), field.name
        assert (high - low) / step == pytest.approx(round((high - low) / step)), field.name
        steps = (field.default - low) / step
        if math.isfinite(steps):
            assert low <= field.default <= high, field.name
            assert steps == pytest.approx(round(steps)), f"{field.name}: no step on the default"
    labels = [field.note.label for field in assumption_fields(model)]
    assert len(set(labels)) == len(labels)


# Refusals


NO_NUMBERS: tuple[Any, ...] = (
    None,
    True,
    False,
    np.True_,
    "",
    "1",
    "0.5",
    "nan",
    "¥100",
    b"1",
    [],
    [1],
    (0.5,),
    {},
    {"a": 1},
    {1},
    range(3),
    1j,
    1 + 0j,
    date(2026, 4, 1),
    object(),
    float,
    ...,
    pd.NA,
    pd.NaT,
    pd.Series([1.0]),
    np.array(["1"]),
    np.array([None]),
    np.array([1, "a"], dtype=object),
    np.array([1, True], dtype=object),
    np.array([True, False]),
    np.array(True),
    np.array(None),
    np.timedelta64(1, "D"),
    np.ma.masked,
    np.ma.array([1.0, 2.0], mask=[False, True]),
    np.array([1j]),
    np.array(["2026-04-01"], dtype="datetime64[D]"),
)
NO_VALUES: tuple[Any, ...] = (
    math.nan,
    -math.nan,
    -INF,
    np.float64("nan"),
    np.float32("nan"),
    10**400,
    -(10**400),
)


def _outside(field: AssumptionField, random: np.random.Generator) -> list[float]:
    """Numbers that are no values of this field: just outside its range, and far."""
    found: list[float] = [] if field.range.infinite else [INF]
    for end, away in ((field.range.low, -1.0), (field.range.high, 1.0)):
        if math.isfinite(end):
            far = end + away * np.exp(random.uniform(-20, 600, 40))
            found += [np.nextafter(end, away * INF), end + away, *far.tolist()]
    if field.note.whole:
        low, high, _step = field.note.slider
        found += (np.floor(random.uniform(low, high, 40)) + random.uniform(0.01, 0.99, 40)).tolist()
    return found


def _bad(field: AssumptionField, random: np.random.Generator) -> list[Any]:
    numbers = [*NO_VALUES, *_outside(field, random)]
    floats = [float(number) for number in numbers if not isinstance(number, int)]
    arrays = []
    for number in [*floats, *floats[:7]]:
        array = np.full(random.integers(1, 9), float(field.default))
        array[random.integers(array.size)] = number
        arrays += [array, array.reshape(1, -1, 1)]
    return [*NO_NUMBERS, *numbers, *arrays, np.array(math.nan)]


def test_every_bad_input_is_refused_by_name() -> None:
    random = np.random.default_rng(4)
    tried, accepted, unclear = 0, [], []
    for model in MODELS:
        for field in assumption_fields(model):
            for bad in _bad(field, random):
                tried += 1
                try:
                    model(**{field.name: bad})
                except ValueError as refusal:
                    said = str(refusal)
                    if not (said.startswith(f"{field.name} = ") and field.range.allowed in said):
                        unclear.append((model, field.name, bad, said))
                else:
                    accepted.append((model, field.name, bad))
    assert not accepted
    assert not unclear
    assert tried >= 10_000


@every_model
def test_a_refusal_shows_the_value(model: type[Model]) -> None:
    for field in assumption_fields(model):
        for number in _outside(field, np.random.default_rng(4)):
            for bad in (number, np.array([float(field.default), number])):
                with pytest.raises(ValueError, match=re.escape(f"{field.name} = {number} is not")):
                    model(**{field.name: bad})


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
        if field.default == INF:
            model(**{field.name: INF})
        else:
            with pytest.raises(ValueError, match=f"^{field.name} = inf "):
                model(**{field.name: INF})


@every_model
def test_an_array_handed_in_can_change_without_changing_the_scenario(model: type[Model]) -> None:
    for field in assumption_fields(model):
        values = np.full(3, float(field.default))
        scenario = model(**{field.name: values})
        values[:] = -1e9
        held = getattr(scenario, field.name)
        assert (held == field.default).all()
        with pytest.raises(ValueError, match="read-only"):
            held[0] = 1


# One and many


def _column(field: AssumptionField, rows: int, random: np.random.Generator) -> Any:
    """Random values over the slider's range: anywhere, on its steps, at its ends, and tiny."""
    low, high, step = field.note.slider
    steps = low + step * random.integers(0, round((high - low) / step), rows, endpoint=True)
    choices = [np.minimum(steps, high), np.full(rows, float(field.default)), np.full(rows, low)]
    choices += [np.full(rows, high), steps if low > 0 else np.zeros(rows)]
    if not field.note.whole:
        tiny = np.exp(random.uniform(math.log(SMALLEST), 0, rows)) * min(high, 1)
        choices += [random.uniform(low, high, rows)] * 3 + [np.maximum(tiny, low)]
    return np.choose(random.integers(0, len(choices), rows), choices)


def _scenarios(model: type[Model], rows: int, seed: int) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    fields = assumption_fields(model)
    return _possible(model, {field.name: _column(field, rows, random) for field in fields})


def _possible(model: type[Model], values: dict[str, Any]) -> dict[str, Any]:
    """The same values, no part larger than its whole."""
    defaults = {field.name: field.default for field in assumption_fields(model)}
    for part, whole in PARTS.items():
        if part in defaults:
            limit = values.get(whole, defaults[whole])
            values = values | {part: np.minimum(values.get(part, defaults[part]), limit)}
    if "asked_among_buyers" in values:
        asked = values["asked_among_buyers"]
        too_many = asked * values.get("pilots", 50) > values.get("front_buyers", 300)
        values = values | {"asked_among_buyers": np.where(too_many, 0.0, asked)}
    return values


def _alone(columns: dict[str, Any], row: int) -> dict[str, float]:
    return {name: float(column[row]) for name, column in columns.items()}


# Where a method is asked; a place that it refuses is left out.
PLACES = (0, 0.4, 1, 12, 200_000)
# Their integrals take milliseconds each; test_retention.py compares some.
SLOW = {"expected_payments"}


def _calls(model: type[Model]) -> list[tuple[str, float]]:
    """Every method from a number to a number, at every place it takes."""
    found = []
    for name, member in vars(model).items():
        if not inspect.isfunction(member) or name.startswith("_") or name in SLOW:
            continue
        signature = inspect.signature(member)
        taken = [each.annotation for each in signature.parameters.values() if each.name != "self"]
        if [*taken, signature.return_annotation] == [Value, Value]:
            for place in PLACES:
                try:
                    getattr(model(), name)(place)
                except ValueError:
                    continue
                found.append((name, place))
    return found


CALLS = {model.__name__: _calls(model) for model in MODELS}


def test_methods_are_asked_somewhere() -> None:
    assert len({(model, name) for model, calls in CALLS.items() for name, _place in calls}) >= 13


def _answers(scenario: Model) -> dict[str, Any]:
    """Everything a scenario says but its verdict, methods included."""
    said = {answer: getattr(scenario, answer) for answer in _public(type(scenario))[:-1]}
    for method, place in CALLS[type(scenario).__name__]:
        said[f"{method}({place})"] = getattr(scenario, method)(place)
    return {
        f"{answer}.{part}" if isinstance(value, tuple) else answer: one
        for answer, value in said.items()
        for part, one in enumerate(value if isinstance(value, tuple) else (value,))
    }


def test_the_verdict_comes_last() -> None:
    assert all(_public(model)[-1] == "verdict" for model in MODELS)


@every_model
@fewer(0.08)
@given(seed=seeds)
def test_a_sweep_equals_its_scenarios_to_the_last_digit(model: type[Model], seed: int) -> None:
    rows = 40
    columns = _scenarios(model, rows, seed)
    swept = _answers(model(**columns))
    for row in range(rows):
        for name, value in _answers(model(**_alone(columns, row))).items():
            assert type(value) in (float, str), name
            together = np.broadcast_to(swept[name], rows)[row]
            np.testing.assert_array_equal(together, value, err_msg=f"{name} {row}")


@every_model
@fewer(0.2)
@given(seed=seeds, factor=st.sampled_from([0.25, 2.0, 1024.0]))
def test_scaling_all_yen_scales_all_yen_answers(
    model: type[Model], seed: int, factor: float
) -> None:
    columns = _scenarios(model, 100, seed)
    money = [field.name for field in assumption_fields(model) if field.unit is YEN]
    scaled = columns | {name: columns[name] * factor for name in money}
    before, after = model(**columns), model(**scaled)
    for answer in answer_fields(model):
        expected = getattr(before, answer.name)
        expected = expected * factor if answer.unit is YEN else expected
        found = getattr(after, answer.name)
        # Exact, because the factors are powers of two; only numbers near 0 lose digits.
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-290, err_msg=answer.name)


# Verdicts


def _corners(field: AssumptionField) -> set[float]:
    low, high, _step = field.note.slider
    edges = {low, high, 0.0, 1.0, 1e12, -1e12, field.range.low, INF}
    if field.name not in ADDED_UP:
        edges.add(field.range.high)
    edges |= {2.0, 1_000.0} if field.note.whole else {1e-12, 0.5}

    def fits(value: float) -> bool:
        try:
            field.range.check(field.name, value)
        except ValueError:
            return False
        return True

    return set(filter(fits, edges))


def _pairs_of_corners(model: type[Model]) -> list[dict[str, float]]:
    return [
        _possible(model, {one.name: first, other.name: second})
        for one, other in combinations(assumption_fields(model), 2)
        for first in _corners(one)
        for second in _corners(other)
    ]


def _assert_speaks_plainly(scenario: Model) -> None:
    said = scenario.verdict
    assert not re.search(r"\b(nan|inf|infinity|None|True|False)\b|[{}]", said), (scenario, said)
    assert said.endswith("."), (scenario, said)


@every_model
def test_verdicts_speak_plainly_at_every_pair_of_corners(model: type[Model]) -> None:
    corners, fields = _pairs_of_corners(model), len(assumption_fields(model))
    assert len(corners) >= fields * (fields - 1) // 2 * 4 * 4  # four values a field at least
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
            _assert_speaks_plainly(model(**_possible(model, {field.name: size} | others)))


@every_model
@fewer(0.05)
@given(seed=seeds)
def test_verdicts_speak_plainly_anywhere(model: type[Model], seed: int) -> None:
    columns = _scenarios(model, 40, seed)
    for row in range(40):
        _assert_speaks_plainly(model(**_alone(columns, row)))


@every_model
def test_no_corner_warns_in_a_sweep(model: type[Model]) -> None:
    # pytest turns every warning into an error.
    defaults = {field.name: field.default for field in assumption_fields(model)}
    corners = [defaults | pair for pair in _pairs_of_corners(model)]
    swept = model(**{name: np.array([row[name] for row in corners], float) for name in defaults})
    for name, values in _answers(swept).items():
        assert np.shape(values) == (len(corners),), name


@every_model
def test_a_verdict_is_about_one_scenario(model: type[Model]) -> None:
    for field in assumption_fields(model):
        sweep = replace(model(), **{field.name: np.array([field.default, field.default], float)})
        with pytest.raises(ValueError, match=field.name):
            _ = sweep.verdict
