"""Charts: what they draw equals what the model answers, offline and byte by byte the same."""

import json
import math
import subprocess
import sys
from dataclasses import replace

import altair as alt
import nbformat
import numpy as np
import pytest
import scipy.stats
import vl_convert
from hypothesis import example, given
from hypothesis import strategies as st
from tests.strategies import fewer, numbers, scenarios, shares

from twostep import (
    Audience,
    Capacity,
    ContactList,
    FrontOfferFit,
    Funnel,
    Generosity,
    Guarantee,
    LossLeader,
    OfferLadder,
    PriceResponse,
    RainyDayOffer,
    Refresh,
    SampleOffer,
    ShiftedBetaGeometric,
    SplitTest,
    Trial,
    TwoBackOffers,
    WhichFirst,
    charts,
    regime_map,
)
from twostep.charts import PICTURES
from twostep.charts.bars import Bars
from twostep.charts.curves import BEST, EVEN, OTHER, YOU, Curves, crossing, sides
from twostep.charts.picture import tidy
from twostep.models import every_model
from twostep.models.base import answer_fields, assumption_fields
from twostep.units import YEN


def datasets(picture, model):
    return picture(model).to_dict()["datasets"]


def test_the_renderer_is_offline_deterministic_and_known_to_the_notebook_format():
    first, second = (charts.profit_by_back_rate(Funnel())._repr_mimebundle_() for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    data, metadata = first
    assert set(data) == {"application/vnd.vegalite.v5+json", "text/plain"}
    output = nbformat.v4.new_output("display_data", data, metadata=metadata)
    cell = nbformat.v4.new_code_cell(outputs=[output])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    assert alt.renderers.active == "twostep"


def test_the_words_beside_a_chart_state_its_numbers():
    words = charts.profit_by_back_rate(Funnel())._repr_mimebundle_()[0]["text/plain"]
    assert "4.4%" in words
    assert "¥396,128" in words
    people = charts.people_by_stage(Funnel())._repr_mimebundle_()[0]["text/plain"]
    assert "visits: 10,000" in people
    assert "back buyers, 8% of front buyers: 3.84" in people


funnels = st.builds(
    Funnel,
    visits=numbers(1, 1e6),
    cost_per_visit=numbers(0, 1e4),
    lead_rate=shares,
    front_rate=shares,
    front_margin=numbers(-1e4, 1e5),
    back_rate=shares,
    back_margin=numbers(-1e5, 1e6),
)


@given(funnels)
@example(Funnel(front_margin=20_000, back_margin=-100_000))
@example(Funnel(front_rate=2.2e-308))
@example(
    Funnel(
        visits=19206, cost_per_visit=248, lead_rate=1, front_rate=1, front_margin=253,
        back_rate=0, back_margin=202974,
    )
)  # fmt: skip
def test_the_line_of_the_funnel_is_profit_above_zero_and_loss_below(model):
    facts = charts.profit_by_back_rate.facts(model)
    line, marks = facts.data["line"], facts.data["marks"]
    earned = abs(model.front_margin) + abs(model.back_margin)
    noise = 1e-12 * (model.ad_spend + model.front_buyers * earned + model.fixed_cost)
    for point in line:
        assert point["profit"] >= -noise or point["series"] == "loss"
        assert point["profit"] <= noise or point["series"] == "profit"
    (you,) = [mark for mark in marks if mark["sign"] == YOU]
    assert YEN.text(model.profit) in you["text"]
    # A straight line: it crosses zero where its ends say so, rising or falling.
    nobody, everybody = (replace(model, back_rate=rate).profit for rate in (0, 1))
    break_even = [mark for mark in marks if mark["sign"] == EVEN]
    if min(abs(nobody), abs(everybody)) > 1e3 * noise:
        assert len(break_even) == (nobody * everybody < 0)
        for mark in break_even:
            there = nobody / (nobody - everybody)
            assert mark["back_rate"] == pytest.approx(there, rel=1e-5)
            assert ("begins" if everybody > 0 else "ends") in facts.title
            assert "loss" in {point["series"] for point in line}
    for mark in break_even:
        before, there = mark["text"].split("break-even ")
        assert before == f"{EVEN} "
        assert there in facts.title


def test_a_loss_and_a_profit_differ_by_more_than_colour():
    spec = charts.profit_by_back_rate(Funnel()).to_dict()
    encodings = [layer["encoding"] for layer in spec["layer"]]
    assert any("strokeDash" in encoding and "color" in encoding for encoding in encodings)
    line = datasets(charts.profit_by_back_rate, Funnel())["line"]
    sides = [(round(point["back_rate"], 3), point["series"]) for point in line]
    assert sides == [(0, "loss"), (0.044, "loss"), (0.044, "profit"), (0.16, "profit")]
    falling = Funnel(front_margin=20_000, back_margin=-50_000)
    line = datasets(charts.profit_by_back_rate, falling)["line"]
    # 260,000 yen of profit ÷ (48 front buyers × 50,000 yen of loss each)
    sides = [(round(point["back_rate"], 4), point["series"]) for point in line]
    assert sides == [(0, "profit"), (0.1083, "profit"), (0.1083, "loss"), (0.1625, "loss")]


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "Profit begins when 4.4% of front buyers take the back offer"),
        ({"front_margin": 20_000}, "The front offer pays for itself at any back-end rate"),
        ({"cost_per_visit": 5_000}, "No back-end rate reaches a profit"),
        ({"front_rate": 0}, "The back-end rate cannot turn this into a profit"),
        ({"front_margin": 20_000, "back_margin": 0}, "The front offer pays for itself"),
        (
            {"front_margin": 20_000, "back_margin": -50_000},
            "Profit ends when 10.83% of front buyers take the back offer",
        ),
        (
            {"front_margin": 20_000, "back_margin": -100},
            "The front offer pays for itself at any back-end rate",
        ),
        ({"back_margin": -100}, "The back-end rate cannot turn this into a profit"),
    ],
)
def test_the_title_is_the_conclusion(changes, title):
    assert charts.profit_by_back_rate.facts(Funnel(**changes)).title == title


def test_rows_without_a_place_are_left_out():
    rows = tidy([{"x": math.nan}, {"x": math.inf}, {"x": 1.23456789, "text": "kept"}])
    assert rows == [{"x": 1.23457, "text": "kept"}]


# Every picture of every model.

DRAWN = [(kind, picture) for kind, pictures in PICTURES.items() for picture in pictures]
CURVED = [picture for _kind, picture in DRAWN if isinstance(picture.drawing, Curves)]
BARRED = [picture for _kind, picture in DRAWN if isinstance(picture.drawing, Bars)]
NAMES = {getattr(charts, name): name for name in charts.__all__ if name.islower()}
every_picture = pytest.mark.parametrize(
    ("kind", "picture"), DRAWN, ids=[NAMES[picture] for _kind, picture in DRAWN]
)


def beta(buyers, shown):
    return lambda m, x: scipy.stats.beta(
        1 + getattr(m, buyers), 1 + getattr(m, shown) - getattr(m, buyers)
    ).pdf(x)


def average_when_renewed(model, months):
    # By numerical integration: the picture uses the closed form, which this checks.
    nodes, weights = np.polynomial.legendre.leggauss(60)
    when = (nodes + 1) * months / 2
    fresh = months / 2 * (weights @ np.exp(-model.decay_rate * when))
    return (model.monthly_margin * fresh - model.refresh_cost) / months


# What a line shows where it is not the answer or method of the name of its column; by series.
LINES = {
    charts.cash_by_month: {"": lambda m, x: m.cash_flow(x)["cumulative"].iloc[-1]},
    charts.leaving_by_renewal: {
        "customers differ": lambda m, x: m.churn(x) / m.survival(x - 1),
        "all like the first renewal": lambda m, _x: m.churn(1),
    },
    charts.retention_by_renewal: {
        "everybody": lambda m, x: m.retention(x),
        "the faithful": lambda m, _x: m.faithful_retention,
        "casual customers": lambda m, _x: m.casual_retention,
    },
    charts.survival_by_renewal: {
        "customers differ": lambda m, x: m.survival(x),
        "all like the first renewal": lambda m, x: m.survival(1) ** x,
    },
    charts.value_by_registration_rate: {
        "with registration": lambda m, x: replace(m, registration_rate=x).registered_value,
        "without registration": lambda m, _x: m.anonymous_value,
    },
    charts.extra_profit_by_switch_rate: {
        "switchers counted": lambda m, x: replace(m, switch_rate=x).extra_profit,
        "switchers forgotten": lambda m, _x: replace(m, switch_rate=0).extra_profit,
    },
    charts.chance_by_take_rate: {
        "": lambda m, x: scipy.stats.beta(m.prior_a, m.prior_b).sf(x),
    },
    charts.trust_by_month: {
        "people who follow you": lambda m, x: m.audience(x),
        "people who trust you": lambda m, x: m.trust(x),
    },
    charts.profit_by_success_rate: {
        "with the guarantee": lambda m, x: replace(m, success_rate=x).profit_with,
        "without it": lambda m, _x: m.profit_without,
    },
    charts.hours_by_clients: {
        "hours your clients take": lambda m, x: x * m.hours_per_client,
        "hours you have": lambda m, _x: m.hours_per_month,
    },
    charts.plausible_rates: {
        "offer A": beta("buyers_a", "shown_a"),
        "offer B": beta("buyers_b", "shown_b"),
    },
    charts.profit_by_months: {"": average_when_renewed},
}


def line(picture, series):
    """What a line shows, as a function of the model and the place on the axis.

    A line that `LINES` does not name shows the answer, or the method, that its column is named
    after, for the field, or the argument, that its axis is named after.
    """
    if picture in LINES:
        return LINES[picture][series]
    x, y = picture.drawing.x.name, picture.drawing.y.name
    if isinstance(getattr(picture.model, y), property):
        return lambda model, place: getattr(replace(model, **{x: place}), y)
    return lambda model, place: getattr(model, y)(**{x: place})


# What each bar of a picture shows, from the top. Of others, each shows some number of its model.
BARS = {
    charts.people_by_stage: lambda m: [m.visits, m.leads, m.front_buyers, m.back_buyers],
    charts.income_by_offer: lambda m: [m.front_income, m.income, m.income],
    charts.value_by_choice: lambda m: [m.value_a, m.value_b, m.value_both, 0],
    charts.value_by_order: lambda m: [m.commit_value, m.front_first_value, 0],
}


def assert_can_be_shown(facts):
    texts = [facts.title, facts.description]
    for row in (row for rows in facts.data.values() for row in rows):
        texts += [value for value in row.values() if isinstance(value, str)]
        assert all(isinstance(v, str) or math.isfinite(v) for v in row.values()), row
    for word in " ".join(texts).lower().replace("−", "").split():
        assert word.strip("¥%;,.:()") not in {"nan", "inf", "infinity"}, texts
    assert "{" not in "".join(texts)


def test_every_model_has_one_or_two_pictures():
    assert list(PICTURES) == list(every_model())
    assert all(1 <= len(pictures) <= 2 for pictures in PICTURES.values())
    drawn = {picture for _kind, picture in DRAWN}
    assert (
        set(NAMES) - {charts.regime_chart, charts.lines, charts.people}
        == drawn
        == {*CURVED, *BARRED}
    )
    assert len(drawn) == len(DRAWN) >= 23
    assert set(LINES) <= set(CURVED)
    assert set(BARS) <= set(BARRED)
    with pytest.raises(AttributeError, match=r"'twostep\.charts' has no attribute 'profit_by_bak'"):
        _ = charts.profit_by_bak
    assert set(charts.__all__) == set(dir(charts))


def test_the_pictures_load_without_scipy_or_pandas():
    code = "import sys, twostep.charts; print([m for m in ('scipy', 'pandas') if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert loaded.stdout.strip() == "[]", loaded.stderr


@every_picture
@given(data=st.data())
@fewer(0.4)
def test_every_scenario_has_facts_that_can_be_shown(kind, picture, data):
    facts = picture.facts(data.draw(scenarios(kind)))
    assert_can_be_shown(facts)
    assert facts.title.rstrip(".") in facts.description
    assert sum(len(rows) for rows in facts.data.values()) <= 110
    for mark in facts.data.get("marks", []):
        sign, words = str(mark["text"]).split(" ", 1)
        assert sign == mark["sign"]
        assert words in facts.description


@pytest.mark.parametrize("picture", CURVED, ids=NAMES.get)
@given(data=st.data())
@fewer(0.3)
def test_every_drawn_and_marked_point_is_the_answer_of_the_model(picture, data):
    assert_drawn_as_answered(picture, data.draw(scenarios(picture.model)))


# Examples that a search found for tests that draw from `data`.
FOUND = [
    RainyDayOffer(
        seats=100.65625, usual_visits=0, friends=1, open_rate=1, response_rate=0.2,
        visit_margin=-1000, discount=0, redeeming_share=0, message_cost=0,
    ),
    SampleOffer(
        registration_rate=0, visit_margin=-1000, sample_cost=0, list_value=-6.103515625e-05
    ),
]  # fmt: skip


@pytest.mark.parametrize("model", FOUND, ids=lambda model: type(model).__name__)
def test_what_was_found_is_drawn_as_the_model_answers(model):
    for picture in PICTURES[type(model)]:
        assert_can_be_shown(picture.facts(model))
        if picture in CURVED:
            assert_drawn_as_answered(picture, model)


def assert_drawn_as_answered(picture, model):
    x, y = picture.drawing.x.name, picture.drawing.y.name
    series = {name: line(picture, name) for name in picture.drawing.series or ("",)}
    facts = picture.facts(model)
    points, marks = facts.data["line"], facts.data["marks"]
    assert {row.get("series", "") for row in points} <= set(series)
    scale = max([abs(row[y]) for row in points], default=1)
    unit = picture.drawing.x.unit

    def assert_drawn(row, names):
        # A place is drawn with six digits; on a steep line that moves the height a little.
        # Months and renewals are whole; guests need not be.
        whole = float(row[x]).is_integer() and x != "usual_visits"
        places = (
            [row[x]]
            if whole
            else np.clip(row[x] * np.array([1 - 5e-6, 1, 1 + 5e-6]), unit.low, unit.high)
        )
        near = [[float(series[name](model, place)) for place in places] for name in names]
        slack = 1e-4 * scale + 1e-9
        assert any(min(ys) - slack <= row[y] <= max(ys) + slack for ys in near), (row, near)

    for row in points:
        assert_drawn(row, [row.get("series", "")])
    for mark in marks:
        assert_drawn(mark, series)
        if points:
            assert min(row[x] for row in points) <= mark[x] <= max(row[x] for row in points)


@every_picture
@given(data=st.data())
@fewer(0.2)
def test_a_kept_scenario_is_marked_where_it_was_in_hollow_signs(kind, picture, data):
    now, kept = data.draw(scenarios(kind)), data.draw(scenarios(kind))
    alone, before, both = picture.facts(now), picture.facts(kept), picture.facts(now, kept)
    assert_can_be_shown(both)
    assert both.title == alone.title
    assert both.description.startswith(alone.description)
    if picture in BARRED:
        for bar, one, other in zip(
            both.data["bars"], alone.data["bars"], before.data["bars"], strict=True
        ):
            assert bar["text"] == f"{one['text']} (kept: {other['amount']})"
            assert (bar["kept"], bar["compared"]) == (other["end"], 1)
            assert (one["kept"], one["compared"]) == (one["end"], 0)
            assert [bar[name] for name in ("order", "start", "end", "chosen")] == [
                one[name] for name in ("order", "start", "end", "chosen")
            ]
            assert str(other["text"]).removeprefix("► ") in both.description
        return
    assert both.data["line"] == alone.data["line"]
    ours, theirs = alone.data["marks"], before.data["marks"]
    assert ("Kept: " in both.description) == bool(theirs)
    assert both.data["marks"][: len(ours)] == ours
    for mark, other in zip(both.data["marks"][len(ours) :], theirs, strict=True):
        hollow, words = str(mark["text"]).split(" ", 1)
        assert hollow == {YOU: "○", EVEN: "◊", BEST: "∆", OTHER: "□"}[other["sign"]]
        assert words == f"{str(other['text']).split(' ', 1)[1]} (kept)"
        assert words.removesuffix(" (kept)") in both.description.partition("Kept: ")[2]
        assert (mark["solid"], other["solid"]) == (0, 1)
        places = picture.drawing.x.name, picture.drawing.y.name
        assert [mark[place] for place in places] == [other[place] for place in places]


@pytest.mark.parametrize("picture", BARRED, ids=NAMES.get)
@given(data=st.data())
@fewer(0.4)
def test_the_bars_end_at_the_answers_of_the_model(picture, data):
    model = data.draw(scenarios(picture.model))
    bars = picture.facts(model).data["bars"]
    ends = [bar["end"] for bar in bars]
    if picture not in BARS:
        named = [*assumption_fields(picture.model), *answer_fields(picture.model)]
        numbers = [0, *(getattr(model, field.name) for field in named)]
        assert all(any(end == pytest.approx(n, rel=1e-5) for n in numbers) for end in ends)
        return
    assert ends == pytest.approx(BARS[picture](model), rel=1e-5)
    for bar in bars:
        # The chosen bar says so in its words, not in its colour alone.
        assert (bar["chosen"] == "yes") == str(bar["text"]).startswith("►")
    (chosen,) = [bar["end"] for bar in bars if bar["chosen"] == "yes"]
    if picture in (charts.value_by_choice, charts.value_by_order):
        # Neither earns 0, so nothing that loses is ever the best.
        assert chosen == max(bar["end"] for bar in bars)
    for bar, value in zip(bars, BARS[picture](model), strict=True):
        if "adds" not in str(bar["text"]):
            assert str(bar["text"]).endswith(f": {picture.drawing.unit.text(value)}")


@every_picture
def test_numbers_too_large_leave_facts_that_can_be_shown(kind, picture):
    for field in assumption_fields(kind):
        for huge in (1e30, 1e300):
            try:
                model = replace(kind(), **{field.name: min(huge, field.range.high)})
            except ValueError:  # more buyers than people
                continue
            if field.name not in ("buyers_a", "buyers_b", "pilots"):
                assert_can_be_shown(picture.facts(model))


@every_picture
def test_every_picture_draws_the_columns_it_is_given(kind, picture):
    model = kind()
    spec = picture(model, model).to_dict()
    facts = picture.facts(model, model)
    for layer in spec["layer"]:
        columns = set(facts.data[layer.get("data", spec.get("data"))["name"]][0])
        used = {c["field"] for c in layer["encoding"].values() if "field" in c}
        assert used <= columns, layer
        colour = layer["encoding"].get("color", {}).get("field")
        # Never by colour alone: dashes beside it, or the sign in the words of a chosen bar.
        assert colour in (None, "chosen") or "strokeDash" in layer["encoding"]
    titles = [c["title"] for layer in spec["layer"] for c in layer["encoding"].values()
              if c.get("title")]  # fmt: skip
    assert titles
    assert spec["description"] == facts.description


@every_picture
@pytest.mark.parametrize("end", [None, 0, 1])
def test_every_picture_can_be_drawn(kind, picture, end):
    sliders = {field.name: field.note.slider for field in assumption_fields(kind)}
    at_one_end = {} if end is None else {name: slider[end] for name, slider in sliders.items()}
    svg = vl_convert.vegalite_to_svg(picture(kind(**at_one_end)).to_dict())
    assert "<svg" in svg
    assert "NaN" not in svg
    assert "Infinity" not in svg


@every_picture
def test_a_sweep_is_no_scenario(kind, picture):
    field = assumption_fields(kind)[0]
    many = {field.name: np.array([field.default, field.default])}
    with pytest.raises(ValueError, match=f"{field.name} is an array"):
        picture(kind(**many))


def marked(picture, model, sign, column):
    """Where a picture puts the only mark of one sign."""
    marks = [m for m in picture.facts(model).data["marks"] if m["sign"] == sign]
    assert len(marks) == 1
    return marks[0][column]


@pytest.mark.parametrize(
    ("picture", "model", "sign", "column", "answer"),
    [
        (charts.cash_by_month, Trial(), EVEN, "month", 7),
        (charts.net_value_by_upgrade_rate, Trial(), EVEN, "upgrade_rate", 0.1974),
        (charts.leaving_by_renewal, ShiftedBetaGeometric(), OTHER, "leaving", 1.2 / 10),
        (charts.survival_by_renewal, ShiftedBetaGeometric(), OTHER, "survival", 0.7**12),
        (charts.value_by_month, ContactList(), YOU, "total_value", 136_722),
        (charts.active_by_month, ContactList(), YOU, "active", 576.5),
        (charts.value_by_registration_rate, SampleOffer(), EVEN, "registration_rate", 30 / 280),
        (charts.extra_profit_by_usual_visits, RainyDayOffer(), YOU, "extra_profit", 9_240),
        (charts.extra_profit_by_switch_rate, LossLeader(), EVEN, "switch_rate", 7_600 / 42_000),
        (charts.profit_by_price, PriceResponse(), BEST, "price", 360_000),
        (charts.chance_by_take_rate, WhichFirst(), EVEN, "take_rate", 0.0417),
        (charts.trust_by_month, Audience(), OTHER, "people", 387.4),
        (charts.value_by_fit_share, FrontOfferFit(), YOU, "value_per_visitor", 188),
        (charts.back_rate_by_share_given, Generosity(), BEST, "share_given", 2 / 3),
        (charts.profit_by_success_rate, Guarantee(), OTHER, "success_rate", 0.1333),
        (charts.profit_by_success_rate, Guarantee(), EVEN, "success_rate", 0.8),
        (charts.hours_by_clients, Capacity(), EVEN, "clients", 16),
        (charts.plausible_rates, SplitTest(), OTHER, "rate", 21 / 400),
        (charts.profit_by_months, Refresh(), BEST, "months", 4.19),
    ],
)
def test_what_is_marked_is_the_worked_example(picture, model, sign, column, answer):
    assert marked(picture, model, sign, column) == pytest.approx(answer, rel=1e-3)


@given(scenarios(Trial))
def test_the_payback_is_marked_where_it_falls_within_five_years(model):
    marks = charts.cash_by_month.facts(model).data["marks"]
    paybacks = [mark for mark in marks if mark["sign"] == EVEN]
    assert len(paybacks) == (0 < model.payback_month <= 60)
    if paybacks:
        assert paybacks[0]["month"] == model.payback_month
        assert paybacks[0]["cumulative"] >= -1e-6


@given(scenarios(RainyDayOffer))
def test_the_turning_point_of_a_rainy_evening_is_where_the_profit_is_nothing(model):
    facts = charts.extra_profit_by_usual_visits.facts(model)
    turning = [mark for mark in facts.data["marks"] if mark["sign"] == EVEN]
    guests = np.linspace(0, max(model.seats, model.usual_visits), 501)
    profit = replace(model, usual_visits=guests).extra_profit
    if np.min(profit) < -1 and np.max(profit) > 1:
        (turn,) = turning
        sends = guests[np.asarray(profit) > 0]
        assert sends.max() <= turn["usual_visits"] * (1 + 1e-5) + 1e-9
        assert "Send the message while no more than" in facts.title


@given(scenarios(SampleOffer))
def test_asking_and_not_asking_are_equal_at_the_marked_rate(model):
    needed, marks = model.break_even_registration_rate, None
    facts = charts.value_by_registration_rate.facts(model)
    marks = [mark for mark in facts.data["marks"] if mark["sign"] == EVEN]
    if model.uptake > 1e-6 and 0.001 < needed < 0.999:
        assert marks[0]["registration_rate"] == pytest.approx(needed, rel=1e-4)


@given(scenarios(Guarantee))
def test_the_guarantee_meets_no_guarantee_at_the_marked_success_rate(model):
    marks = charts.profit_by_success_rate.facts(model).data["marks"]
    for mark in marks:
        there = replace(model, success_rate=mark["success_rate"])
        scale = 1 + abs(model.price) * model.clients * (1 + model.demand_lift)
        if mark["sign"] == EVEN:
            assert abs(there.profit_with - there.profit_without) < 1e-4 * scale
        if mark["sign"] == OTHER:
            assert abs(there.profit_with) < 1e-4 * scale


@pytest.mark.parametrize(
    ("picture", "model", "title"),
    [
        (
            charts.cash_by_month,
            Trial(),
            "Each trial first costs you ¥2,820; the money is back in month 7",
        ),
        (
            charts.cash_by_month,
            Trial(cost_per_trial=6_000),
            "No payback: after 24 months each trial is still ¥2,588 short",
        ),
        (charts.cash_by_month, Trial(trial_price=5_000), "The trial pays for itself at once"),
        (
            charts.cash_by_month,
            Trial(retention=1, delivery_margin=100, discount_rate=0.01),
            "The money of a trial is back only in month 113",
        ),
        (
            charts.net_value_by_upgrade_rate,
            Trial(cost_per_trial=100_000),
            "No upgrade rate is enough: a trial costs more than a subscriber brings",
        ),
        (
            charts.net_value_by_upgrade_rate,
            Trial(cost_per_trial=15_000),
            "No upgrade rate is enough: a trial costs more than a subscriber brings",
        ),
        (
            charts.value_by_month,
            ContactList(),
            "The gifts are repaid after 6 months; counted over 12 months the list is worth "
            "¥136,722",
        ),
        (
            charts.net_value_by_upgrade_rate,
            Trial(delivery_margin=0),
            "No upgrade rate helps: a subscriber brings nothing",
        ),
        (
            charts.net_value_by_upgrade_rate,
            Trial(retention=1, discount_rate=0),
            "Nobody ever leaves, so any trial seems to pay: too good to be true",
        ),
        (
            charts.value_by_month,
            ContactList(response_rate=0),
            "The list does not repay its gifts within 12 months",
        ),
        (
            charts.value_by_registration_rate,
            SampleOffer(list_value=-100),
            "Giving the sample freely earns more, however many would register",
        ),
        (
            charts.value_by_registration_rate,
            SampleOffer(return_rate=0.05),
            "Asking for a registration earns more, however few accept",
        ),
        (
            charts.value_by_registration_rate,
            SampleOffer(return_rate=0, list_value=0),
            "This sample earns nothing, with or without a registration",
        ),
        (
            charts.extra_profit_by_usual_visits,
            RainyDayOffer(),
            "Send the message while no more than 32 guests are coming anyway",
        ),
        (
            charts.extra_profit_by_usual_visits,
            RainyDayOffer(discount=3_000),
            "However few guests are coming, this message does not pay",
        ),
        (
            charts.extra_profit_by_switch_rate,
            LossLeader(new_customers=0),
            "The cheap item does not pay, however few usual customers switch to it",
        ),
        (
            charts.income_by_offer,
            OfferLadder(),
            "With the back offer you earn 3.83 times as much: ¥514,460 a month",
        ),
        (
            charts.profit_by_price,
            PriceResponse(elasticity=0.8),
            "These numbers set no best price: a higher one never earns less, so cap it",
        ),
        (charts.value_by_choice, TwoBackOffers(), "Build both: together they earn ¥3,700,000"),
        (  # B alone would earn back its cost; beside A it does not.
            charts.value_by_choice,
            TwoBackOffers(only_b=0.015),
            "Build A alone: adding B does not earn back what it costs to build",
        ),
        (
            charts.value_by_choice,
            TwoBackOffers(only_a=0.9, only_b=0.9),
            "These shares cannot be: together 181% of front buyers",
        ),
        (
            charts.value_by_order,
            WhichFirst(prior_a=30, prior_b=270),
            "Back first: building now is worth ¥4,920,000, asking first ¥3,890,000",
        ),
        (
            charts.chance_by_take_rate,
            WhichFirst(front_buyers=5),
            "No take rate pays for building; you expect 3%",
        ),
        (
            charts.back_rate_by_share_given,
            Generosity(substitution=0.1),
            "Give everything away: it lifts the back-end rate from 8% to 10.8%",
        ),
        (
            charts.profit_by_success_rate,
            Guarantee(),
            "The guarantee pays when more than 80% of clients succeed; you: 70%",
        ),
        (
            charts.hours_by_clients,
            Capacity(),
            "Your hours are full at 16 clients: 2.67 new ones a month",
        ),
        (
            charts.hours_by_clients,
            Capacity(hours_per_client=0),
            "A client takes none of your hours, so they set no limit",
        ),
        (
            charts.plausible_rates,
            SplitTest(),
            "B is better with a probability of 94.32%: not settled",
        ),
        (
            charts.plausible_rates,
            SplitTest(buyers_a=60, buyers_b=20),
            "A is better with a probability of 100%",
        ),
        (
            charts.profit_by_months,
            Refresh(),
            "Renew every 4.19 months: that earns ¥197,348 a month on average",
        ),
        (
            charts.profit_by_months,
            Refresh(decay_rate=0),
            "The offer does not wear out: no renewal is needed",
        ),
    ],
)
def test_every_title_is_the_conclusion(picture, model, title):
    assert picture.facts(model).title == title


def test_the_words_stand_in_rows_of_their_own():
    for picture in CURVED:
        marks = picture.facts(picture.model(), picture.model()).data["marks"]
        assert len({mark["dy"] for mark in marks}) == len(marks) > 0
        assert all(mark["dy"] < 0 for mark in marks)


@given(numbers(-10, 10), numbers(-10, 10))
@example(0.0, 5e-324)
def test_a_crossing_is_where_a_straight_line_is_zero(start, end):
    place, side = crossing((0.0, 1.0), (start, end)), sides(start, end)
    if side in ("from", "up to"):
        assert start + (end - start) * place == pytest.approx(0, abs=1e-12)
        assert (side == "from") == (end > 0)
    else:
        assert math.isnan(place) or place in (0, 1)
        middle = start + end  # its half may be too small for a float
        assert {"always": middle > 0, "never": middle < 0, "same": middle == 0}[side]


def test_the_map_of_beliefs_shows_every_winner_and_your_own_point():
    table = regime_map([0.01, 0.05, 0.1], [5, 100])
    chart = charts.regime_chart(table, WhichFirst())
    cells, you = chart.datasets["cells"], chart.datasets["you"]
    letters = {"back first": "B", "front first": "F", "neither": "–"}
    assert len(cells) == table.size
    for cell in cells:
        best = table.loc[cell["mean"], cell["strength"]]
        assert cell["letter"] == letters[best]
        assert cell["winner"] == f"{letters[best]} {best}"
        assert cell["bottom"] < cell["mean"] < cell["top"]
        assert cell["left"] < cell["strength"] < cell["right"]
    assert you == [{"mean": 0.03, "strength": 20.0}]
    assert chart.title == "○ Your belief (3%, as good as 20 asked): front first"
    counts = table.to_numpy().ravel().tolist()
    assert f"Back first wins {counts.count('back first')} of 6 cells" in chart.description
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    assert "NaN" not in svg
    alone = charts.regime_chart(table)
    assert alone.datasets["you"] == []
    assert alone.title.startswith("Of 6 beliefs, back first wins")


def test_the_map_refuses_what_is_no_map():
    with pytest.raises(ValueError, match="needs a table from regime_map"):
        charts.regime_chart(regime_map([0.1], [5]).replace("back first", "A"))
    with pytest.raises(ValueError, match="prior_a is an array"):
        charts.regime_chart(regime_map([0.1], [5]), WhichFirst(prior_a=np.array([1.0, 2.0])))
