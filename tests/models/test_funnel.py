"""Funnel: figures worked out by hand, exact arithmetic, invariants, refusals."""

import math
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from tests.strategies import fewer, numbers, shares

from twostep import Funnel, sweep
from twostep.models.base import answer_fields, answer_texts, answers, assumption_fields, assumptions
from twostep.units import OURS

# The solo expert, worked out by hand, with a front margin of 4,980 − 3.6 % − 300.
WORKED = Funnel(front_margin=4_980 * (1 - 0.036) - 300)

rates = shares
some = numbers(0.001, 1)
yen = numbers(0, 1e7)
margins = numbers(-1e6, 1e7)
counts = numbers(0, 1e7)
funnels = st.builds(
    Funnel,
    visits=counts,
    cost_per_visit=yen,
    lead_rate=rates,
    gift_cost=yen,
    front_rate=rates,
    front_margin=margins,
    back_rate=rates,
    back_margin=margins,
    fixed_cost=yen,
)
# Funnels with people at every step, so that every answer is a number.
busy_funnels = st.builds(
    Funnel,
    visits=numbers(1, 1e6),
    cost_per_visit=numbers(0, 1e4),
    lead_rate=some,
    gift_cost=numbers(0, 1e4),
    front_rate=some,
    front_margin=numbers(-1e4, 1e5),
    back_rate=some,
    back_margin=numbers(1, 1e6),
    fixed_cost=numbers(0, 1e7),
)


@pytest.mark.parametrize(
    ("answer", "by_hand", "digits"),
    [
        ("leads", 800, 6),
        ("front_buyers", 48, 6),
        ("back_buyers", 3.84, 6),
        ("ad_spend", 500_000, 6),
        ("front_only_profit", -483_965, 0),
        ("profit", 396_163, 0),
        ("value_per_visit", 109.62, 2),
        ("cost_per_lead", 625, 6),
        ("cpa", 10_417, 0),
        ("cpo", 130_208, 0),
        ("allowable_cpa", 22_837, 0),
        ("break_even_back_rate", 0.04399, 5),
    ],
)
def test_worked_figures(answer: str, by_hand: float, digits: int) -> None:
    assert round(getattr(WORKED, answer), digits) == by_hand


def test_three_lifts_of_ten_percent_multiply() -> None:
    lifted = replace(WORKED, lead_rate=0.088, front_rate=0.066, back_rate=0.088)
    # By hand: 1.331 × 880,128 + 1.21 × 216,034.56 − 700,000 = 732,852.19.
    by_hand = Fraction("1.331") * 880_128 + Fraction("1.21") * Fraction("216034.56") - 700_000
    assert lifted.profit == pytest.approx(float(by_hand), abs=1e-6)
    assert round(lifted.profit) == 732_852
    assert lifted.back_buyers / WORKED.back_buyers == pytest.approx(1.331)


def exact(model: Funnel) -> dict[str, Fraction]:
    """The closed forms in exact arithmetic, on the floats the model really holds."""
    given = (Fraction(getattr(model, field.name)) for field in fields(Funnel))
    visits, cost, lead, gift, front, front_margin, back, back_margin, fixed, *_off, response = given
    value = lead * (-gift + front * (front_margin + back * back_margin))
    cpa = (cost / lead + gift) / front
    return {
        "leads": visits * lead,
        "front_buyers": visits * lead * front,
        "back_buyers": visits * lead * front * back,
        "ad_spend": visits * cost,
        "front_only_profit": visits * (-cost + lead * (-gift + front * front_margin)) - fixed,
        "profit": visits * (value - cost) - fixed,
        "value_per_visit": value,
        "cost_per_lead": cost / lead,
        "cpa": cpa,
        "cpo": cpa / back,
        "allowable_cost_per_lead": -gift + front * (front_margin + back * back_margin),
        "allowable_cpa": front_margin + back * back_margin,
        "allowable_cpo": back_margin + front_margin / back,
        "break_even_back_rate": (cpa + fixed / (visits * lead * front) - front_margin)
        / back_margin,
        "next_cpa": (cost / lead / response + gift) / front,
    }


@given(busy_funnels)
def test_every_answer_equals_exact_arithmetic(model: Funnel) -> None:
    expected = exact(model)
    others = {"loss_probability", "low_point", "payback_month"}
    assert set(expected) | others == {field.name for field in answer_fields(Funnel)}
    # Differences cancel, so the error is judged against the size of what is subtracted.
    size = float(
        model.visits
        * (model.cost_per_visit + model.gift_cost + abs(model.front_margin) + model.back_margin)
        + model.fixed_cost
        + 1
    )
    for name, value in expected.items():
        scale = {
            "break_even_back_rate": size / (model.front_buyers * model.back_margin),
            "allowable_cpo": model.back_margin + abs(model.front_margin) / model.back_rate,
        }.get(name, size)
        assert getattr(model, name) == pytest.approx(float(value), rel=1e-9, abs=1e-12 * scale)


@given(busy_funnels)
def test_break_even_is_break_even(model: Funnel) -> None:
    needed = model.break_even_back_rate
    if 0 <= needed <= 1:
        size = model.ad_spend + model.fixed_cost + model.leads * model.gift_cost
        size += model.front_buyers * abs(model.front_margin)
        assert replace(model, back_rate=needed).profit == pytest.approx(0, abs=1e-9 * (size + 1))
    elif needed < 0:
        assert replace(model, back_rate=0).profit > 0
    else:
        assert replace(model, back_rate=1).profit < 0


@given(busy_funnels, numbers(0, 1e8))
def test_visits_for_reach_the_target(model: Funnel, target: float) -> None:
    visits = model.visits_for(target)
    if math.isinf(visits):
        assert model.value_per_visit <= model.cost_per_visit
    else:
        reached = replace(model, visits=visits).profit
        size = target + visits * (model.cost_per_visit + model.leads / model.visits * 1e5)
        assert reached == pytest.approx(target, rel=1e-6, abs=1e-6 * (size + 1))


def test_visits_for_by_hand() -> None:
    # (300,000 + 200,000) ÷ (109.616… − 50) = 8,387 visits
    assert round(WORKED.visits_for(300_000)) == 8_387
    assert replace(WORKED, back_rate=0).visits_for(1) == math.inf
    assert WORKED.visits_for(-200_000) == 0
    assert WORKED.visits_for(-900_000) == 0
    several = WORKED.visits_for(np.array([300_000.0, -200_000.0]))
    assert several.tolist() == [WORKED.visits_for(300_000), 0.0]
    for bad in (None, "much", math.nan, math.inf, True, [1]):
        with pytest.raises(ValueError, match="target_profit"):
            WORKED.visits_for(bad)


@given(busy_funnels, numbers(0, 100))
def test_profit_is_linear_in_visits_without_fixed_cost(model: Funnel, factor: float) -> None:
    free = replace(model, fixed_cost=0)
    more = replace(free, visits=free.visits * factor)
    assert more.profit == pytest.approx(free.profit * factor, rel=1e-9, abs=1e-9)


@given(busy_funnels, numbers(0.01, 100))
def test_scaling_all_yen_scales_all_yen_answers(model: Funnel, factor: float) -> None:
    money = ["cost_per_visit", "gift_cost", "front_margin", "back_margin", "fixed_cost"]
    scaled = replace(model, **{name: getattr(model, name) * factor for name in money})
    size = model.visits * (
        model.cost_per_visit + model.gift_cost + abs(model.front_margin) + model.back_margin
    )
    for field in answer_fields(Funnel):
        expected = getattr(model, field.name)
        if field.unit.prefix == "¥":
            expected *= factor
        close = pytest.approx(expected, rel=1e-6, abs=1e-9 * factor * (size + model.fixed_cost))
        assert getattr(scaled, field.name) == close


@given(funnels, st.sampled_from(["lead_rate", "front_rate", "back_rate"]), rates, rates)
def test_profit_rises_with_a_rate_whose_later_value_is_positive(
    model: Funnel, name: str, one: float, other: float
) -> None:
    low, high = sorted([one, other])
    later = {
        "lead_rate": model.allowable_cost_per_lead,
        "front_rate": model.allowable_cpa,
        "back_rate": model.back_margin,
    }[name]
    change = replace(model, **{name: high}).profit - replace(model, **{name: low}).profit
    noise = 1e-9 * (abs(model.profit) + abs(change) + model.ad_spend + 1)
    assert change >= -noise if later >= 0 else change <= noise


@given(funnels, st.sampled_from([field.name for field in fields(Funnel)]), st.lists(rates))
def test_an_array_answers_as_its_elements_do(model: Funnel, name: str, values: Any) -> None:
    column = np.array(values) * getattr(model, name)
    whole = replace(model, **{name: column})
    single = [replace(model, **{name: value}) for value in column.tolist()]
    for field in answer_fields(Funnel):
        together = np.broadcast_to(getattr(whole, field.name), column.shape)
        np.testing.assert_array_equal(together, [getattr(one, field.name) for one in single])


@given(funnels)
def test_no_edge_is_silent_or_loud(model: Funnel) -> None:
    texts = " ".join(text for _name, _label, text in answer_texts(model)) + model.verdict
    assert "nan" not in texts.split()
    assert "inf" not in texts
    assert all(type(getattr(model, field.name)) is float for field in answer_fields(Funnel))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Keep the front offer"),
        ({"back_rate": 0.04}, "Not yet: both offers together lose ¥43,936"),
        ({"visits": 0}, "there are no visits"),
        ({"lead_rate": 0}, "no visitor leaves contact details"),
        ({"front_rate": 0}, "no lead buys it"),
        ({"back_margin": 0}, "a back sale earns nothing"),
        ({"back_margin": -100}, "a back sale earns nothing"),
        ({"front_margin": 20_000}, "pays for itself: it earns ¥260,000"),
        ({"front_margin": 20_000, "back_margin": -100}, "each back sale loses ¥100"),
        ({"front_margin": 20_000, "back_margin": -100}, "no back-end rate makes that a loss"),
        (
            {"front_margin": 20_000, "back_margin": -50_000},
            "you earn ¥68,000. A back-end rate above 10.83% would make a loss; you assume 8%",
        ),
        (
            {"front_margin": 20_000, "back_margin": -100_000},
            "you lose ¥124,000: a back-end rate above 5.42% makes a loss, and you assume 8%",
        ),
        ({"cost_per_visit": 5_000}, "even if every front buyer took the back offer"),
        ({"visits": 1e300, "back_margin": 1e300}, "too large to compute with"),
    ],
)
def test_the_verdict_names_what_decides(changes: dict[str, float], words: str) -> None:
    assert words in Funnel(**changes).verdict


def test_limits_that_do_not_exist() -> None:
    assert Funnel(lead_rate=0).cost_per_lead == math.inf
    assert math.isnan(Funnel(lead_rate=0, cost_per_visit=0).cost_per_lead)
    assert Funnel(front_rate=0).cpa == math.inf
    assert Funnel(back_rate=0).cpo == math.inf
    assert math.isnan(Funnel(front_rate=0).break_even_back_rate)
    assert math.isnan(Funnel(back_margin=0).break_even_back_rate)
    assert math.isnan(Funnel(front_margin=20_000, back_margin=-50_000).break_even_back_rate)
    assert Funnel(front_rate=2.2e-308).break_even_back_rate == math.inf
    assert Funnel(front_margin=20_000).break_even_back_rate < 0
    assert Funnel(cost_per_visit=5_000).break_even_back_rate > 1


def test_a_sweep_has_no_verdict() -> None:
    with pytest.raises(ValueError, match="back_rate is an array"):
        _ = Funnel(back_rate=np.array([0.1, 0.2])).verdict


@pytest.mark.parametrize("name", [field.name for field in fields(Funnel)])
def test_every_field_refuses_by_name(name: str) -> None:
    for bad in (None, "1", True, math.nan, math.inf, 10**400, [1.0]):
        with pytest.raises(ValueError, match=f"^{name} = "):
            Funnel(**{name: bad})
    low = next(field.range.low for field in assumption_fields(Funnel) if field.name == name)
    if math.isfinite(low):
        with pytest.raises(ValueError, match=f"^{name} = "):
            Funnel(**{name: np.nextafter(low, -1)})
    else:
        assert name in {"front_margin", "back_margin"}
        assert Funnel(**{name: -1}).profit < Funnel(**{name: 1}).profit


def test_shapes_that_do_not_fit_are_named() -> None:
    with pytest.raises(ValueError, match=r"visits \(3,\), back_rate \(2,\)"):
        Funnel(visits=np.ones(3), back_rate=np.ones(2))


def test_a_sweep_of_201_is_one_evaluation() -> None:
    profits = Funnel(back_rate=np.linspace(0, 0.2, 201)).profit
    assert profits.shape == (201,)
    # Linear in the back-end rate: the second difference vanishes.
    np.testing.assert_allclose(np.diff(profits, 2), 0, atol=1e-6)


def test_sweep_is_tidy() -> None:
    table = sweep(Funnel(), "profit", "ad_spend", back_rate=[0.0, 0.08], visits=(5_000, 10_000))
    assert table.columns.tolist() == ["back_rate", "visits", "profit", "ad_spend"]
    assert table[["back_rate", "visits"]].to_numpy().tolist() == [
        [0, 5_000],
        [0, 10_000],
        [0.08, 5_000],
        [0.08, 10_000],
    ]
    for row in table.itertuples():
        alone = Funnel(back_rate=row.back_rate, visits=row.visits)
        assert (row.profit, row.ad_spend) == (alone.profit, alone.ad_spend)
    assert len(sweep(Funnel(), visits=range(1, 4)).columns) == 1 + len(answer_fields(Funnel))


@pytest.mark.parametrize(
    ("arguments", "values", "words"),
    [
        ((), {"visitors": [1]}, "'visitors' is no field"),
        (("profits",), {"visits": [1]}, "'profits' is no answer"),
        ((), {"visits": [[1], [2]]}, "visits: give a sequence of numbers"),
        ((), {"visits": ["a"]}, "visits: give a sequence of numbers"),
        ((), {"visits": 5}, "visits: give a sequence of numbers"),
        ((), {"visits": [[1], [2, 3]]}, "visits: give a sequence of numbers"),
        ((), {"visits": [10**400]}, "visits: give a sequence of numbers"),
        ((), {"visits": [-1.0]}, "visits = -1.0"),
    ],
)
def test_a_sweep_refuses_by_name(arguments: tuple[str, ...], values: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("[", r"\[")):
        sweep(Funnel(), *arguments, **values)


def test_the_tables_of_a_page() -> None:
    table = assumptions(Funnel(back_rate=0.1))
    assert table["name in code"].tolist() == [field.name for field in fields(Funnel)]
    basis = dict(zip(table["name in code"], table["basis"], strict=True))
    assert basis.pop("back_rate") == "set on this page"
    assert set(basis.values()) == {OURS}
    shown = answers(WORKED).set_index("name in code")["value"]
    assert shown["profit"] == "¥396,163"
    assert shown["front_only_profit"] == "−¥483,965"


# What the average hides


def test_a_month_loses_in_one_of_four_though_nothing_has_changed() -> None:
    assert Funnel().loss_probability == pytest.approx(0.24, abs=0.005)
    assert Funnel().chance_of(0) == pytest.approx(1 - float(Funnel().loss_probability))


def every_month(model: Funnel, target: float) -> float:
    """P(profit ≥ target) by brute force over every count of front and back buyers."""
    visits = int(model.visits)
    buyers = binom.pmf(np.arange(visits + 1), visits, model.lead_rate * model.front_rate)
    costs = model.ad_spend + model.leads * model.gift_cost + model.fixed_cost
    chance = 0.0
    for front, share in enumerate(buyers):
        back = np.arange(front + 1)
        earned = front * model.front_margin + back * model.back_margin * model.back_purchases
        reached = earned - costs >= target - 1e-6
        chance += share * binom.pmf(back, front, model.back_rate)[reached].sum()
    return chance


@pytest.mark.parametrize(
    "changes",
    [
        {"visits": 300, "lead_rate": 0.5, "front_rate": 0.2, "back_rate": 0.3},
        {"visits": 120, "lead_rate": 0.9, "front_rate": 1, "gift_cost": 700, "back_purchases": 3},
        {"visits": 200, "lead_rate": 0.5, "front_margin": -3_000},
        {"visits": 200, "lead_rate": 0.5, "front_margin": 0, "back_margin": -100},
        {"visits": 0},
    ],
)
@pytest.mark.parametrize("target", [-215_000, 0, 100_000])
def test_the_chance_of_a_profit_by_brute_force(changes: dict[str, float], target: float) -> None:
    model = Funnel(cost_per_visit=20, fixed_cost=10_000, **changes)
    assert model.chance_of(target) == pytest.approx(every_month(model, target), abs=1e-9)


def test_gifts_for_the_leads_to_be_expected_stand_for_gifts_that_vary() -> None:
    model = Funnel(gift_cost=300)
    numbers = np.random.default_rng(2)
    leads = numbers.binomial(10_000, 0.08, 300_000)
    front = numbers.binomial(leads, 0.06)
    profit = 4_500 * front + 229_200 * numbers.binomial(front, 0.08) - 300 * leads - 700_000
    assert np.mean(profit < 0) == pytest.approx(float(model.loss_probability), abs=0.005)


def test_the_plan_of_averages_is_far_from_sure() -> None:
    plan = Funnel()
    planned = plan.visits_for(100_000)
    assert replace(plan, visits=planned).chance_of(100_000) == pytest.approx(0.52, abs=0.005)
    assert replace(plan, visits=plan.visits_for(0)).chance_of(0) == pytest.approx(0.37, abs=0.005)
    sure = plan.visits_for_sure(100_000, 0.90)
    assert sure == pytest.approx(17_400, abs=50)
    assert replace(plan, visits=sure).chance_of(100_000) >= 0.90


@pytest.mark.parametrize(
    ("plan", "target", "certainty"),
    [
        (Funnel(), 0, 0.9),
        # Here every further back buyer is a step: the chance rises, and falls again before each.
        (Funnel(front_margin=0), 0, 0.75),
        (Funnel(front_margin=0, cost_per_visit=0), 1_000_000, 0.5),
        (Funnel(lead_rate=0.5, front_rate=0.5, back_rate=0.5, gift_cost=100), 50_000, 0.99),
    ],
)
def test_from_so_many_visits_on_the_target_is_as_sure_as_asked(
    plan: Funnel, target: float, certainty: float
) -> None:
    sure = plan.visits_for_sure(target, certainty)
    visits = np.arange(1.0, 2 * sure)
    chances = np.asarray(replace(plan, visits=visits).chance_of(target))
    short = visits[chances < certainty]
    assert sure == short[-1] + 1
    assert (chances[visits > sure] >= certainty).all()


@pytest.mark.parametrize("cost", [105, 109])
def test_a_very_large_number_of_visits_is_found_to_the_single_one(cost: float) -> None:
    plan = Funnel(cost_per_visit=cost)
    sure = plan.visits_for_sure(0, 0.9)
    assert sure > 1e6
    around = np.asarray(replace(plan, visits=sure + np.arange(-1.0, 5_000.0)).chance_of(0))
    assert around[0] < 0.9 <= around[1:].min()


def test_visits_that_are_never_or_always_enough() -> None:
    assert Funnel(cost_per_visit=500).visits_for_sure(0, 0.9) == math.inf
    assert Funnel(fixed_cost=0).visits_for_sure(0, 0.9) == 0
    assert Funnel().visits_for_sure(0, 0.99) > Funnel().visits_for_sure(0, 0.9)


@pytest.mark.parametrize(
    ("target", "certainty", "words"),
    [
        (None, 0.9, "target_profit = None"),
        (np.array([1.0, 2.0]), 0.9, "target_profit is an array"),
        (0, 90, "certainty = 90 is not possible"),
        (0, 1, "certainty = 1 is not possible"),
        (0, "0.9", "certainty = '0.9'"),
    ],
)
def test_what_cannot_be_sure_is_refused(target: Any, certainty: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Funnel().visits_for_sure(target, certainty)
    with pytest.raises(ValueError, match="visits is an array"):
        Funnel(visits=np.array([1.0, 2.0])).visits_for_sure(0, 0.9)
    with pytest.raises(ValueError, match=r"^target_profit = "):
        Funnel().chance_of("much")


def test_the_next_buyer_costs_more_than_the_average_one() -> None:
    assert Funnel().next_cpa == Funnel().cpa
    flattens = Funnel(response_elasticity=0.7)
    assert flattens.next_cpa == pytest.approx(14_881, abs=0.5)
    assert (flattens.cpa, flattens.profit) == (Funnel().cpa, Funnel().profit)
    assert Funnel(response_elasticity=0).next_cpa == math.inf


@given(busy_funnels, numbers(0.05, 1))
def test_the_next_buyer_is_what_a_little_more_advertising_brings(
    model: Funnel, elasticity: float
) -> None:
    """Visits grow with spending to the power of the elasticity; the gifts are paid for each."""
    more = 1e-6
    buyers = float(model.visits * ((1 + more) ** elasticity - 1) * model.lead_rate)
    extra = float(model.ad_spend) * more + buyers * float(model.gift_cost)
    expected = extra / (buyers * float(model.front_rate))
    found = replace(model, response_elasticity=elasticity).next_cpa
    assert found == pytest.approx(expected, rel=1e-4)


def test_what_the_last_yen_loses_is_said() -> None:
    words = "But the next front buyer costs ¥26,042 and brings ¥22,836"
    assert words in Funnel(response_elasticity=0.4).verdict
    assert "next front buyer" not in Funnel(response_elasticity=0.7).verdict
    assert "next front buyer" not in Funnel(response_elasticity=0).verdict


def test_the_money_is_out_before_it_is_back() -> None:
    later = Funnel(back_lag=3)
    assert later.low_point == pytest.approx(-1_452_000)
    assert later.payback_month == 7
    table = later.cash_flow(12)
    assert table.columns.tolist() == ["month", "cash", "cumulative"]
    assert table["cumulative"].min() == pytest.approx(-1_452_000)
    back = table[(table["month"] > 0) & (table["cumulative"] >= 0)]["month"].min()
    assert back == 7
    assert later.profit == Funnel().profit
    at_once = Funnel().cash_flow(2)
    assert at_once["cumulative"].tolist() == pytest.approx([0, 396_128, 792_256])
    assert (Funnel().low_point, Funnel().payback_month) == (0, 0)


@given(busy_funnels, st.integers(0, 24))
@fewer(0.4)
def test_the_cash_is_added_up_month_by_month(model: Funnel, lag: int) -> None:
    plan = replace(model, back_lag=lag)
    size = 1 + abs(float(plan.front_only_profit)) + abs(float(plan.profit))
    total, totals = 0.0, [0.0]
    for month in range(1, 61):
        total += float(plan.front_only_profit)
        total += float(plan.back_buyers * plan.back_margin) if month > lag else 0.0
        totals.append(total)
    assert plan.cash_flow(60)["cumulative"].to_numpy() == pytest.approx(totals, abs=1e-7 * size)
    below = [month for month, total in enumerate(totals) if total < -1e-6 * size]
    if plan.profit < 0:
        assert (plan.low_point, plan.payback_month) == (-math.inf, math.inf)
        return
    assert plan.low_point == pytest.approx(min(totals), abs=1e-6 * size)
    if not below or plan.payback_month > 60:
        assert plan.payback_month == 0 or not below or below[-1] == 60 or plan.profit < 1e-6 * size
    else:
        # A month whose sum is nothing but rounding may count as back or not.
        assert plan.payback_month - 1 in (below[-1], below[-1] + 1)


@pytest.mark.parametrize("months", [-1, 1.5, 1_201, None, "12", np.array([1.0])])
def test_a_table_of_cash_needs_a_number_of_months(months: Any) -> None:
    with pytest.raises(ValueError, match=r"^months"):
        Funnel().cash_flow(months)
    with pytest.raises(ValueError, match="visits is an array"):
        Funnel(visits=np.array([1.0, 2.0])).cash_flow(3)


@given(funnels, numbers(0, 24))
def test_many_small_purchases_are_one_large_one(model: Funnel, purchases: float) -> None:
    often = replace(model, back_purchases=purchases)
    once = replace(model, back_margin=float(model.back_margin) * purchases)
    for field in answer_fields(Funnel):
        np.testing.assert_array_equal(getattr(often, field.name), getattr(once, field.name))
    assert often.verdict.split(".")[0] == once.verdict.split(".")[0]
