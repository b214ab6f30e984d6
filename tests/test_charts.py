"""Charts: what they draw equals what the model answers, offline and byte by byte the same."""

import json
import math
from dataclasses import replace

import altair as alt
import nbformat
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from twostep import Funnel, charts
from twostep.charts.picture import tidy
from twostep.units import RATE, YEN


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
    assert "visits 10,000" in people
    assert "back buyers 3.84 (8% of front buyers)" in people


funnels = st.builds(
    Funnel,
    visits=st.floats(1, 1e6),
    cost_per_visit=st.floats(0, 1e4),
    lead_rate=st.floats(0, 1),
    front_rate=st.floats(0, 1),
    front_margin=st.floats(-1e4, 1e5),
    back_rate=st.floats(0, 1),
    back_margin=st.floats(-1e5, 1e6),
)


@given(funnels)
def test_the_profit_line_is_the_profit_of_the_model(model):
    facts = charts.profit_by_back_rate.facts(model)
    line, marks = facts.data["line"], facts.data["marks"]
    scale = max(abs(point["profit"]) for point in line) + 1
    for point in line:
        there = replace(model, back_rate=point["back_rate"]).profit
        assert point["profit"] == pytest.approx(there, rel=1e-4, abs=2e-5 * scale)
    you = next(mark for mark in marks if mark["kind"] == "your scenario")
    assert you["profit"] == pytest.approx(model.profit, rel=1e-5, abs=1e-9)
    assert YEN.text(model.profit) in you["text"]
    assert line[0]["back_rate"] <= you["back_rate"] <= line[-1]["back_rate"] * (1 + 1e-5)
    needed = model.break_even_back_rate
    break_even = [mark for mark in marks if mark["kind"] == "break-even"]
    assert len(break_even) == (0 < needed <= 1)
    if break_even:
        assert break_even[0]["back_rate"] == pytest.approx(needed, rel=1e-5)
        assert RATE.text(needed) in facts.title


@given(funnels)
def test_the_bars_are_the_people_of_the_model(model):
    stages = charts.people_by_stage.facts(model).data["stages"]
    people = [model.visits, model.leads, model.front_buyers, model.back_buyers]
    assert [stage["people"] for stage in stages] == pytest.approx(people, rel=1e-5)


def test_a_loss_and_a_profit_differ_by_more_than_colour():
    spec = charts.profit_by_back_rate(Funnel()).to_dict()
    encodings = [layer["encoding"] for layer in spec["layer"]]
    assert any("strokeDash" in encoding and "color" in encoding for encoding in encodings)
    sides = [
        (p["back_rate"], p["side"]) for p in datasets(charts.profit_by_back_rate, Funnel())["line"]
    ]
    assert sides[0] == (0, "loss")
    assert sides[-1] == (0.16, "profit")


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "Profit begins when 4.4% of front buyers take the back offer"),
        ({"front_margin": 20_000}, "The front offer pays for itself at any back-end rate"),
        ({"cost_per_visit": 5_000}, "No back-end rate reaches a profit"),
        ({"front_rate": 0}, "The back-end rate cannot turn this into a profit"),
        ({"front_margin": 20_000, "back_margin": 0}, "The front offer pays for itself"),
    ],
)
def test_the_title_is_the_conclusion(changes, title):
    assert charts.profit_by_back_rate.facts(Funnel(**changes)).title == title


@pytest.mark.parametrize("picture", [charts.profit_by_back_rate, charts.people_by_stage])
@pytest.mark.parametrize("changes", [{}, {"visits": 0}, {"front_rate": 0}, {"back_margin": -5}])
def test_every_picture_can_be_drawn(picture, changes):
    svg = vl_convert.vegalite_to_svg(picture(Funnel(**changes)).to_dict())
    assert "<svg" in svg
    assert "NaN" not in svg
    assert "Infinity" not in svg


def test_a_sweep_is_no_scenario():
    import numpy as np

    with pytest.raises(ValueError, match="visits is an array"):
        charts.people_by_stage(Funnel(visits=np.array([1.0, 2.0])))


def test_rows_without_a_place_are_left_out():
    rows = tidy([{"x": math.nan}, {"x": math.inf}, {"x": 1.23456789, "text": "kept"}])
    assert rows == [{"x": 1.23457, "text": "kept"}]
