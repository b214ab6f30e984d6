"""What every model keeps, whatever it computes: its contract, its annotations, domain.md section 4.

A new model joins by its lines in CONTRACT.
"""

import inspect
import math
import pkgutil
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import import_module
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import twostep
import twostep.models
from twostep.models.base import Model, answer_fields, assumption_fields
from twostep.units import YEN, AssumptionField

INF = math.inf

# models.md, typed from there: name, fields with their defaults in order, answers beside `verdict`,
# methods with their arguments.
CONTRACT: dict[str, tuple[dict[str, float], str, tuple[str, ...]]] = {
    "Funnel": (
        {
            "visits": 10_000,
            "cost_per_visit": 50,
            "lead_rate": 0.08,
            "gift_cost": 0,
            "front_rate": 0.06,
            "front_margin": 4_500,
            "back_rate": 0.08,
            "back_margin": 229_200,
            "fixed_cost": 200_000,
        },
        "leads front_buyers back_buyers ad_spend front_only_profit profit value_per_visit "
        "cost_per_lead cpa cpo allowable_cost_per_lead allowable_cpa allowable_cpo "
        "break_even_back_rate",
        ("visits_for(target_profit)",),
    ),
    "Trial": (
        {
            "cost_per_trial": 2_500,
            "trial_price": 980,
            "trial_cost": 1_300,
            "upgrade_rate": 0.25,
            "delivery_margin": 3_000,
            "retention": 0.80,
            "discount_rate": 0.01,
            "lag": 1,
        },
        "trial_margin ltv ltv_from_first_renewal naive_ltv allowable_cost_per_trial net_value cpo "
        "net_cpo allowable_cpo break_even_upgrade_rate payback_month",
        ("ltv_within(periods)", "cash_flow(periods)"),
    ),
    "ShiftedBetaGeometric": (
        {"alpha": 1.2, "beta": 2.8},
        "mean_lifetime",
        (
            "survival(t)",
            "retention(t)",
            "churn(t)",
            "expected_payments(discount_rate)",
            "residual_payments(discount_rate, paid)",
            "fit(*cohorts)",
        ),
    ),
    "ContactList": (
        {
            "registrations": 800,
            "gift_cost": 150,
            "instant_block_rate": 0.10,
            "monthly_block_rate": 0.02,
            "messages_per_month": 2,
            "response_rate": 0.01,
            "visit_margin": 2_000,
            "message_cost": 3,
            "discount_rate": 0.005,
            "months": 12,
        },
        "allowable_cost_per_registration value_per_registration total_value cumulative_block_rate",
        ("active(month)",),
    ),
    "SampleOffer": (
        {
            "uptake": 1.0,
            "registration_rate": 0.5,
            "return_rate": 0.10,
            "visit_margin": 1_500,
            "sample_cost": 120,
            "list_value": 250,
        },
        "anonymous_value registered_value break_even_registration_rate",
        (),
    ),
    "RainyDayOffer": (
        {
            "seats": 40,
            "usual_visits": 12,
            "friends": 800,
            "open_rate": 0.55,
            "response_rate": 0.02,
            "visit_margin": 2_300,
            "discount": 500,
            "redeeming_share": 0.7,
            "message_cost": 3,
            "shifted_share": 0,
        },
        "extra_visits extra_profit break_even_extra_visits",
        (),
    ),
    "LossLeader": (
        {
            "usual_customers": 300,
            "switch_rate": 0.08,
            "usual_margin": 180,
            "new_customers": 40,
            "leader_price": 100,
            "leader_cost": 60,
            "attach_rate": 0.60,
            "attach_margin": 250,
        },
        "leader_margin extra_profit extra_profit_ignoring_switchers break_even_attach_rate",
        (),
    ),
    "OfferLadder": (
        {
            "leads": 250,
            "front_rate": 0.08,
            "front_purchases": 1.5,
            "front_margin": 4_482,
            "back_rate": 0.05,
            "back_margin": 380_000,
            "capacity": INF,
        },
        "front_income clients income multiplier",
        (),
    ),
    "PriceResponse": (
        {
            "cost": 120_000,
            "elasticity": 1.5,
            "reference_price": 300_000,
            "reference_rate": 0.08,
        },
        "best_price",
        ("rate(price)", "profit(price)"),
    ),
    "TwoBackOffers": (
        {
            "front_buyers": 240,
            "only_a": 0.04,
            "only_b": 0.03,
            "either": 0.01,
            "margin_a": 380_000,
            "margin_b": 200_000,
            "build_a": 1_500_000,
            "build_b": 800_000,
        },
        "value_a value_b value_both best break_even_only_b",
        (),
    ),
    "WhichFirst": (
        {
            "prior_a": 0.6,
            "prior_b": 19.4,
            "front_buyers": 300,
            "back_margin": 240_000,
            "build_cost": 3_000_000,
            "pilots": 50,
            "delay_factor": 0.95,
            "learning_cost": 100_000,
            "alignment_gain": 0.10,
        },
        "mean_rate break_even_rate commit_value back_first_value front_first_value "
        "loss_probability evpi evsi best",
        ("from_belief(mean, strength, **fields)",),
    ),
    "Audience": (
        {
            "new_per_month": 100,
            "leave_rate": 0.03,
            "warming_rate": 0.10,
            "buy_rate": 0.05,
            "start_audience": 0,
            "start_trust": 0,
        },
        "audience_limit trust_share_limit",
        ("audience(month)", "trust(month)", "trust_share(month)", "launch_buyers(month)"),
    ),
    "FrontOfferFit": (
        {
            "uptake": 0.04,
            "fit_share": 0.60,
            "fit_rate": 0.08,
            "misfit_rate": 0.005,
            "back_margin": 100_000,
            "offer_cost": 300,
        },
        "back_rate value_per_visitor cost_per_back_buyer",
        (),
    ),
    "Generosity": (
        {"trust_gain": 0.5, "substitution": 0.3, "base_rate": 0.08},
        "best_share best_multiplier",
        ("back_rate(share_given)",),
    ),
    "Guarantee": (
        {
            "price": 500_000,
            "delivery_cost": 150_000,
            "success_rate": 0.70,
            "claim_rate": 0.80,
            "opportunist_rate": 0.05,
            "clients": 10,
            "demand_lift": 0.40,
        },
        "refund_rate net_without net_with profit_without profit_with break_even_lift "
        "break_even_success_rate",
        (),
    ),
    "Capacity": (
        {"hours_per_month": 80, "hours_per_client": 5, "months_per_client": 6},
        "concurrent_clients new_clients_per_month",
        (),
    ),
    "SplitTest": (
        {"buyers_a": 12, "shown_a": 400, "buyers_b": 21, "shown_b": 400},
        "probability_b_better expected_loss_a expected_loss_b lift lift_interval",
        (),
    ),
    "Refresh": (
        {"monthly_margin": 300_000, "decay_rate": 0.10, "refresh_cost": 200_000},
        "best_months average_profit",
        (),
    ),
}
FUNCTIONS = (
    "line_fee(messages)",
    "regime_map(means, strengths, **fields)",
    "readiness(successes, clients, required_rate)",
    "wilson_interval(buyers, shown, confidence=0.95)",
    "sample_size(rate_a, rate_b, significance=0.05, power=0.8)",
    "upgrade_rate(trials, subscribers)",
    "second_purchase_rate(first, second)",
    "contribution_margin(price, cost, fee_rate=0)",
)
MODELS: tuple[type[Model], ...] = tuple(getattr(twostep, name) for name in CONTRACT)
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
seeds = st.integers(0, 2**32 - 1)

# Nobody buys who was not shown, nobody trusts who does not follow.
PARTS = {"buyers_a": "shown_a", "buyers_b": "shown_b", "start_trust": "start_audience"}
# Counts that an answer adds up one by one: their highest takes a second, and has a test of its own.
ADDED_UP = {"buyers_a", "buyers_b", "pilots"}


# The contract


@every_model
def test_fields_answers_and_methods_are_the_contract(model: type[Model]) -> None:
    defaults, answers, methods = CONTRACT[model.__name__]
    fields = [(field.name, field.default) for field in assumption_fields(model)]
    assert fields == list(defaults.items())
    assert [name for name in _public(model) if name != "verdict"] == answers.split()
    assert "verdict" in _public(model)
    for method in methods:
        assert _called(getattr(model, method.split("(")[0])) == method


def test_functions_are_the_contract() -> None:
    for function in FUNCTIONS:
        assert _called(getattr(twostep, function.split("(")[0])) == function


def test_no_model_is_left_out() -> None:
    for module in pkgutil.iter_modules(twostep.models.__path__, "twostep.models."):
        import_module(module.name)
    ours = (model for model in Model.__subclasses__() if model.__module__.startswith("twostep."))
    assert {model.__name__ for model in ours} == set(CONTRACT)


def _public(model: type[Model]) -> list[str]:
    properties = [name for name, member in vars(model).items() if isinstance(member, property)]
    return [name for name in properties if not name.startswith("_")]


def _called(function: Any) -> str:
    arguments = [
        str(argument.replace(annotation=argument.empty, kind=argument.POSITIONAL_OR_KEYWORD))
        if argument.kind is argument.KEYWORD_ONLY
        else str(argument.replace(annotation=argument.empty))
        for argument in inspect.signature(function).parameters.values()
        if argument.name != "self"
    ]
    return f"{function.__name__}({', '.join(arguments)})"


# What a person meets


@every_model
def test_every_field_is_described_for_a_person(model: type[Model]) -> None:
    for field in assumption_fields(model):
        note, (low, high, step) = field.note, field.note.slider
        assert note.label, field.name
        assert note.group, field.name
        assert note.basis, field.name
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
    Decimal(1),
    Decimal("0.5"),
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
    np.array([True, False]),
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
        # Far smaller numbers mean nothing, and divide into others beyond what a float can hold.
        tiny = np.exp(random.uniform(math.log(1e-12), 0, rows)) * min(high, 1)
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
    return values


def _alone(columns: dict[str, Any], row: int) -> dict[str, float]:
    return {name: float(column[row]) for name, column in columns.items()}


CALLS: dict[str, tuple[tuple[Any, ...], ...]] = {
    "Funnel": (("visits_for", 300_000.0),),
    "Trial": (("ltv_within", 0), ("ltv_within", 12)),
    # Its integrals take milliseconds each; test_retention.py compares some.
    "ShiftedBetaGeometric": (("survival", 7), ("retention", 7), ("churn", 7)),
    "ContactList": (("active", 1), ("active", 12)),
    "PriceResponse": (("rate", 200_000), ("profit", 200_000), ("profit", 0)),
    "Audience": tuple(
        (method, month)
        for method in ("audience", "trust", "trust_share", "launch_buyers")
        for month in (0, 1, 12)
    ),
    "Generosity": (("back_rate", 0.4),),
}


def _answers(scenario: Model) -> dict[str, Any]:
    """Everything a scenario says but its verdict, methods included."""
    name = type(scenario).__name__
    said = {answer: getattr(scenario, answer) for answer in _public(type(scenario))[:-1]}
    for method, *arguments in CALLS.get(name, ()):
        said[f"{method}{arguments}"] = getattr(scenario, method)(*arguments)
    return {
        f"{answer}.{part}" if isinstance(value, tuple) else answer: one
        for answer, value in said.items()
        for part, one in enumerate(value if isinstance(value, tuple) else (value,))
    }


def test_the_verdict_comes_last() -> None:
    assert all(_public(model)[-1] == "verdict" for model in MODELS)


@every_model
@settings(max_examples=8)
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
@settings(max_examples=20)
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
        # Exact, as the factors are powers of two, but where a float runs out of digits.
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
@settings(max_examples=5)
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
