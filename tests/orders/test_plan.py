"""The plan: closed forms of its break-evens, its intervals, its words and its page."""

import math
import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from tests.orders import shop as made
from tests.orders.shop import BACK, COLUMNS, END, FRONT, HEADER, Sale, Shop, written
from tests.strategies import numbers

from twostep import Funnel, Orders, Trial, sweep, wilson_interval
from twostep.data import sample_orders
from twostep.orders.page import html, shown
from twostep.orders.plan import Z, funnel_plan
from twostep.units import OURS


def found_of(eligible, converted, prices=(980, 4980), recent=7, deliveries=1):
    """A shop where so many front buyers had their time, and so many of them went on."""
    sales = []
    for customer in range(eligible + recent):
        at = END - timedelta(days=200 if customer < eligible else 10)
        sales.append(Sale(len(sales), at, customer, ((FRONT, 1),)))
        if customer < converted:
            for month in range(deliveries):
                later = at + timedelta(days=20 + 30 * month)
                sales.append(Sale(len(sales), later, customer, ((BACK, 1),)))
    # Somebody who only ever bought the back product.
    sales.append(Sale(len(sales), END, 99_999, ((BACK, 1),)))
    rows = made.plain_rows(Shop(sales))
    for row in rows:
        row[6] = str(prices[row[4] == BACK])
    orders = Orders.read(written(HEADER, rows), columns=COLUMNS, as_of="2026-06-30")
    return orders.front_back(FRONT, BACK)


COSTS = {"front_cost": 400, "back_cost": 2_000, "fee_rate": 0.036, "tax_rate": 0.1}


def funnel(eligible=251, converted=62, cpa=1_000, **given):
    return found_of(eligible, converted).to_funnel(cpa=cpa, **COSTS | given)


def test_margins_are_price_without_tax_less_fee_and_cost():
    plan = funnel()
    front, back = 980 / 1.1 - 0.036 * 980 - 400, 4980 / 1.1 - 0.036 * 4980 - 2_000
    assert plan.model == Funnel(
        visits=258, cost_per_visit=1_000, lead_rate=1, gift_cost=0, front_rate=1,
        front_margin=plan.model.front_margin, back_rate=62 / 251,
        back_margin=plan.model.back_margin, fixed_cost=0,
    )  # fmt: skip
    assert plan.model.front_margin == pytest.approx(front)
    assert plan.model.back_margin == pytest.approx(back)
    assert plan.break_even.value == pytest.approx((1_000 - front) / back)
    allowable = plan.allowable
    low, high = plan.rate.low, plan.rate.high
    assert [allowable.value, allowable.low, allowable.high] == pytest.approx(
        [front + rate * back for rate in (62 / 251, low, high)]
    )


@pytest.mark.parametrize(
    ("cpa", "decision", "words"),
    [
        (700, "pays", "Pays."),
        (1_000, "not known yet", "Not known yet."),
        (1_500, "does not pay", "Does not pay."),
    ],
)
def test_the_break_even_against_the_interval_decides(cpa, decision, words):
    plan = funnel(cpa=cpa)
    needed, rate = plan.break_even.value, plan.rate
    assert plan.decision == decision
    assert plan.verdict.startswith(words)
    inside = rate.low < needed < rate.high
    assert inside is (decision == "not known yet")
    assert (needed < rate.low) is (decision == "pays")


@settings(max_examples=25)
@given(of=st.integers(20, 400), share=numbers(0.02, 0.98), cpa=st.integers(0, 4_000))
def test_a_decision_is_the_place_of_the_break_even_in_the_interval(of, share, cpa):
    plan = found_of(of, round(share * of)).to_funnel(cpa=cpa, **COSTS)
    needed = plan.break_even.value
    expected = (
        "pays" if needed < plan.rate.low
        else "does not pay" if needed > plan.rate.high
        else "not known yet"
    )  # fmt: skip
    assert plan.decision == expected
    assert not re.search(r"\b(nan|inf)\b", plan.verdict + html(plan))
    if plan.decision == "not known yet" and needed != plan.rate.value:
        n = Z**2 * plan.rate.value * (1 - plan.rate.value) / (plan.rate.value - needed) ** 2
        assert plan.customers_needed == pytest.approx(n)


def test_as_many_customers_as_it_says_would_tell():
    plan = funnel()
    many = math.ceil(plan.customers_needed * 1.02)
    assert funnel(many, round(many * 62 / 251)).decision == "pays"
    few = math.floor(plan.customers_needed * 0.9)
    assert funnel(few, round(few * 62 / 251)).decision == "not known yet"


@pytest.mark.parametrize(("times", "chance"), [(1, 0.5), (2, 0.8)])
def test_so_many_tell_in_one_case_of_two_and_twice_as_many_in_four_of_five(times, chance):
    plan = funnel()
    rate, needed = plan.rate.value, plan.break_even.value
    many = math.ceil(times * plan.customers_needed)
    went_on = np.arange(many + 1)
    tells = np.array([wilson_interval(int(each), many)[0] > needed for each in went_on])
    assert binom.pmf(went_on, many, rate)[tells].sum() == pytest.approx(chance, abs=0.03)


def test_without_a_rate_there_is_no_plan_that_pays():
    plan = found_of(0, 0).to_funnel(cpa=900, **COSTS)
    assert plan.verdict.startswith("Not known yet: There is no rate yet")
    assert not re.search(r"\b(nan|inf)\b", html(plan))
    assert plan.table.set_index("field")["basis"]["back_rate"] == OURS


def test_what_the_owner_must_give_is_asked_for():
    found = found_of(50, 20)
    with pytest.raises(ValueError, match=r"Pass front_cost=, back_cost="):
        found.to_funnel()
    with pytest.raises(ValueError, match=r"Pass delivery_cost="):
        found.to_trial(trial_cost=600)
    with pytest.raises(ValueError, match=r"'cpx' is no number of this plan\. Funnel has visits"):
        found.to_funnel(cpx=3, **COSTS)
    with pytest.raises(ValueError, match=r"Give cpa, or its parts \(visits\), not both"):
        found.to_funnel(cpa=3, visits=100, **COSTS)
    for name, value in (("front_cost", -1), ("fee_rate", 2), ("cpa", "900"), ("tax_rate", None)):
        if value is not None:
            with pytest.raises(ValueError, match=r"is not possible\. Allowed"):
                found.to_funnel(**COSTS | {"cpa": 900} | {name: value})
    with pytest.raises(ValueError, match="back_margin must be one number, not an array"):
        found.to_funnel(cpa=900, front_cost=1, back_margin=np.array([1.0, 2.0]))


def test_a_cost_that_is_not_known_is_said_not_to_be():
    plan = found_of(251, 62).to_funnel(**COSTS)
    assert plan.decision == "cost not known"
    assert "Your cost per front buyer is not known" in plan.verdict
    basis = plan.table.set_index("field")["basis"]
    assert basis["cost_per_visit"] == basis["visits"] == OURS
    assert plan.would_change_it.empty
    assert "A front buyer may cost ¥" in html(plan)
    known = found_of(251, 62).to_funnel(cost_per_visit=10, lead_rate=0.1, front_rate=0.1, **COSTS)
    assert known.decision == "not known yet"


def test_every_number_says_where_it_comes_from():
    table = funnel(fee_rate=None).table.set_index("field")
    assert list(table.columns) == ["value", "low", "high", "basis", "label"]
    assert table["basis"].to_dict() == {
        "fee_rate": "our assumption",
        "tax_rate": "yours",
        "front_price": "measured",
        "front_cost": "yours",
        "back_price": "measured",
        "back_cost": "yours",
        "visits": "by definition",
        "cost_per_visit": "yours",
        "lead_rate": "by definition",
        "gift_cost": "by definition",
        "front_rate": "by definition",
        "front_margin": "measured and yours",
        "back_rate": "measured",
        "back_margin": "measured and yours",
        "fixed_cost": "our assumption",
        "back_purchases": "our assumption",
        "back_lag": "our assumption",
        "response_elasticity": "our assumption",
    }
    assert table.notna().all(axis=None)
    rate = table.loc["back_rate"]
    assert rate["low"] < rate["value"] < rate["high"]


def test_at_the_value_that_would_change_it_the_plan_earns_nothing():
    costs = {"trial_cost": 400, "delivery_cost": 2_000, "cost_per_trial": 1_500}
    trial = found_of(251, 62, deliveries=4).to_trial(**costs)
    for plan, gain in ((funnel(), "profit"), (trial, "net_value")):
        changes = plan.would_change_it
        assert list(changes.columns) == ["field", "now", "turns_at", "label", "text"]
        assert len(changes) >= 4
        scale = abs(getattr(plan.model, gain)) + 1
        for change in changes.itertuples():
            turned = replace(plan.model, **{change.field: change.turns_at})
            assert getattr(turned, gain) == pytest.approx(0, abs=1e-6 * scale)
        assert changes.set_index("field")["turns_at"][plan.kind.rate] == pytest.approx(
            plan.break_even.value
        )


def test_a_trial_takes_its_retention_and_lag_from_the_files():
    found = found_of(251, 62, deliveries=4)
    plan = found.to_trial(trial_cost=400, delivery_cost=2_000, cost_per_trial=1_500)
    cohorts = found.orders.cohorts(BACK)
    model = plan.model
    assert isinstance(model, Trial)
    assert model.retention == cohorts.retention.value
    assert model.lag == 1
    assert model.trial_price == pytest.approx(980 / 1.1)
    assert model.trial_cost == pytest.approx(400 + 0.036 * 980)
    assert model.delivery_margin == pytest.approx(4980 / 1.1 - 0.036 * 4980 - 2_000)
    assert plan.table.set_index("field")["basis"]["retention"] == "measured"
    # Both rates are unsure: the interval is wider than with either alone, and no sum of the two.
    wide = plan.allowable
    ends = [
        replace(model, **{name: value}).allowable_cost_per_trial
        for name, value in (("upgrade_rate", plan.rate.low), ("retention", cohorts.retention.low))
    ]
    falls = [wide.value - end for end in ends]
    assert wide.low == pytest.approx(wide.value - math.hypot(*falls))
    given = found.to_trial(
        trial_cost=400, delivery_margin=1_000, retention=0.5, lag=2, cost_per_trial=9
    )
    assert (given.model.retention, given.model.lag, given.model.delivery_margin) == (0.5, 2, 1_000)
    assert "back_price" not in set(given.table["field"])


def test_prices_that_differ_widen_the_interval():
    rows = []
    for i in range(60):
        at = (END - timedelta(days=200)).strftime("%Y-%m-%d %H:%M:%S")
        later = (END - timedelta(days=150)).strftime("%Y-%m-%d %H:%M:%S")
        rows.append([f"F{i}", at, f"C{i}", "", FRONT, "1", "980", "paid"])
        if i < 20:
            rows.append([f"B{i}", later, f"C{i}", "", BACK, "1", str(3000 + 200 * i), "paid"])
    orders = Orders.read(written(HEADER, rows), columns=COLUMNS, as_of="2026-06-30")
    plan = orders.front_back(FRONT, BACK).to_funnel(cpa=900, **COSTS)
    paid = np.array([3000 + 200 * i for i in range(20)])
    price = plan.table.set_index("field").loc["back_price"]
    half = Z * paid.std(ddof=1) / np.sqrt(20)
    assert [price["value"], price["high"] - price["value"]] == pytest.approx([paid.mean(), half])
    assert plan.break_even.low < plan.break_even.value < plan.break_even.high
    assert "as prices or retention are not exact" in plan.verdict


def test_the_model_of_a_plan_is_a_model_as_any_other():
    plan = funnel()
    table = sweep(plan.model, "profit", back_rate=[0.1, 0.2, 0.3])
    assert table["profit"].is_monotonic_increasing
    assert plan.model.verdict


def test_prices_without_tax_are_not_taxed_twice():
    shop = Shop.random(1, clean=True)
    rows = made.square(shop).replace(b"Tax,", b"Levy,", 1)
    found = Orders.read(rows).front_back(FRONT, BACK)
    assert found.orders.without_tax
    plan = funnel_plan(found, front_cost=100, back_cost=100, cpa=500)
    assert plan.table.set_index("field")["value"]["tax_rate"] == 0
    with pytest.raises(ValueError, match="without tax already"):
        funnel_plan(found, front_cost=100, back_cost=100, cpa=500, tax_rate=0.1)


# What others see


def test_what_a_notebook_stores_of_a_real_shop_is_counts():
    plan = funnel()
    orders = plan.front_back.orders
    assert not orders.simulated
    for thing in (orders, plan.front_back, plan, orders.cohorts(BACK)):
        assert not re.search(r"¥|980|4,?980|1,?000", repr(thing)), type(thing)
    for table in (plan.table, plan.break_evens, plan.would_change_it, orders.products):
        for text in (repr(table), table._repr_html_()):
            assert not re.search(r"¥|980|1,?000|\b2,?348|\b455\.", text)
        assert "•" in text
        assert "not stored in this page" in table._repr_html_()
    assert not re.search("4,?980", repr(orders.read_as) + orders.read_as._repr_html_())
    assert not re.search(r"\b980\b", repr(orders.read_as))
    # The numbers themselves are there, to compute with.
    assert orders.read_as.set_index("our name")["example"]["price"] == "980"
    assert plan.table.set_index("field")["value"]["cost_per_visit"] == 1_000
    assert orders.products["mean price"].tolist() == [980, 4980]
    assert "24.7%" in repr(plan)


@pytest.mark.parametrize(
    "part",
    [
        lambda table: table.iloc[5:],
        lambda table: table.sort_values("label", ignore_index=True),
        lambda table: table.set_index("field"),
        lambda table: table[["label", "value", "low", "high"]],
        lambda table: table.reset_index(),
    ],
)
def test_no_part_of_a_table_shows_an_amount(part):
    table = funnel().table
    amounts = table[table["field"].isin(table.attrs["money_rows"])]
    assert len(amounts) >= 8
    shown = repr(part(table)) + part(table)._repr_html_()
    for amount in {*amounts["value"]} - {0, 1}:
        assert not re.search(rf"\b({amount:.0f}|{amount:,.0f})\b", shown), amount
    assert "¥" not in shown


def test_a_number_is_shown_with_its_unit_wherever_its_row_goes():
    orders = Orders.read(*sample_orders())
    found = orders.front_back("Trial set (7 days)", "Monthly box")
    table = found.to_trial(trial_cost=600, delivery_cost=2_200, cost_per_trial=2_300).table
    table["value"] = table["value"] / 2
    (line,) = [
        row for row in repr(table[::-1].reset_index(drop=True)).split("\n") if "引上率" in row
    ]
    assert f"{found.rate.value / 2:.1%}" in line
    assert f"{found.rate.low:.1%}" in line
    assert "¥1,150" in repr(table.sort_values("value"))
    (cost,) = [row for row in repr(table).split("\n") if "cost_per_trial" in row]
    assert cost.count("¥") == 1, "a number that is exact has no interval"


def test_the_sample_is_shown_in_full():
    orders = Orders.read(*sample_orders())
    assert orders.simulated
    assert "simulated" in repr(orders)
    assert "4,980" in repr(orders.products)
    found = orders.front_back("Trial set (7 days)", "Monthly box")
    page = html(found.to_trial(trial_cost=600, delivery_cost=2_200, cost_per_trial=2_300))
    assert "The orders are simulated" in page


def test_a_printed_plan_shows_no_group_of_fewer_than_five():
    plan = found_of(40, 3, recent=2).to_funnel(cpa=900, **COSTS)
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html(plan), flags=re.DOTALL)
    assert "fewer than 5 of 40" in text
    assert plan.rate.text not in text
    assert f"{100 * plan.rate.value:.1f}%" not in text
    assert "<svg" not in html(plan)
    assert re.search(r"bought too recently: not counted yet\s+fewer than 5", text)


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\u202e", "\u200f", "\u2066"])
def test_signs_that_cannot_be_seen_are_shown(sign):
    assert shown(f"a{sign}b") == "a\N{REPLACEMENT CHARACTER}b"
    assert len(shown("x" * 5_000)) == 80


def test_the_page_is_written_where_it_is_told_and_replaces_no_other_file(tmp_path):
    plan = funnel()
    place = plan.page(tmp_path / "plan.html")
    assert place.read_text(encoding="utf-8") == html(plan)
    plan.page(place)
    (tmp_path / "other.html").write_text("<p>mine</p>", encoding="utf-8")
    with pytest.raises(ValueError, match=r"other\.html is another file, not a plan"):
        plan.page(tmp_path / "other.html")
    with pytest.raises(ValueError, match=r"plan\.txt: a plan is an HTML page"):
        plan.page(tmp_path / "plan.txt")
    with pytest.raises(ValueError, match="cannot be written in nowhere"):
        plan.page(tmp_path / "nowhere" / "plan.html")


def test_the_page_asks_nobody_for_anything():
    page = html(funnel())
    assert not re.search(
        r"<(script|link|img|iframe|object|embed|form|a)\b|https?:|url\(|@import", page
    )
    assert "default-src 'none'" in page


def test_the_plan_is_a_table_too(tmp_path):
    plan = funnel()
    plan.table.to_csv(tmp_path / "plan.csv", index=False)
    saved = pd.read_csv(tmp_path / "plan.csv")
    assert saved["field"].tolist() == plan.table["field"].tolist()
    assert saved["value"].tolist() == pytest.approx(plan.table["value"].tolist())
