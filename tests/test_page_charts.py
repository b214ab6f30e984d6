"""What a page draws with numbers of its own: lines, and a share as people."""

import json
import math
from collections import Counter

import numpy as np
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from twostep import Funnel, WhichFirst, charts, sweep


def spec(chart):
    return chart.to_dict()


def words(chart):
    return chart._repr_mimebundle_()[0]["text/plain"]


CASH = {
    "title": "The money is back in month 2",
    "x": ("month", range(3)),
    "y": "cash since the start (yen)",
    "series": {"paid at once": [0, 10, 20], "a month later": [0, -5, 5]},
    "marks": {"deepest point": (1, -5), "the money is back": (2, 5)},
}


def test_lines_draw_every_number_they_are_given():
    drawn = spec(charts.lines(**CASH))
    rows = [(row["series"], row["x"], row["y"]) for row in drawn["datasets"]["line"]]
    assert rows == [
        (name, x, y)
        for name, ys in CASH["series"].items()
        for x, y in zip(range(3), ys, strict=True)
    ]
    marks = [(row["sign"], row["x"], row["y"], row["text"]) for row in drawn["datasets"]["marks"]]
    assert marks == [
        ("●", 1, -5, "● deepest point"),
        ("♦", 2, 5, "♦ the money is back"),
    ]
    assert drawn["title"] == [CASH["title"]]
    assert "<svg" in vl_convert.vegalite_to_svg(drawn)


def test_lines_say_in_words_what_they_draw():
    assert words(charts.lines(**CASH)) == (
        "Line chart, cash since the start (yen) against month, from 0 to 2. The money is back in "
        "month 2. Marked: deepest point; the money is back. Lines: paid at once: from ¥0 to ¥20; "
        "a month later: from ¥0 to ¥5."
    )


def test_lines_are_told_apart_without_colour_and_written_in_their_unit():
    drawn = spec(charts.lines(**CASH))
    (line,) = [layer for layer in drawn["layer"] if layer["mark"]["type"] == "line"]
    assert line["encoding"]["strokeDash"]["field"] == line["encoding"]["color"]["field"]
    assert "¥" in line["encoding"]["y"]["axis"]["labelExpr"]
    shares = spec(charts.lines("A", ("renewal", [1, 2]), "retention (%)", [0.63, 0.74]))
    (line,) = [layer for layer in shares["layer"] if layer["mark"]["type"] == "line"]
    assert line["encoding"]["y"]["axis"]["format"] == "~%"
    assert line["encoding"]["x"]["title"] == "renewal"
    assert "color" not in line["encoding"]


def test_lines_take_a_sweep_an_array_and_a_list_alike():
    table = sweep(WhichFirst(), "evsi", pilots=[0, 5, 10])
    title, y = "Asking is worth something", "worth of asking (yen)"
    charts_drawn = [
        charts.lines(title, ("guests asked", pilots), y, worth)
        for pilots, worth in [
            (table["pilots"], table["evsi"]),
            (table["pilots"].to_numpy(), table["evsi"].to_numpy()),
            ([0, 5, 10], iter(table["evsi"].tolist())),
        ]
    ]
    assert len({json.dumps(spec(chart)) for chart in charts_drawn}) == 1
    assert "from ¥0 to ¥373," in words(charts_drawn[0])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "title = '': say it in words"),
        ({"x": range(3)}, r"x = range\(0, 3\): give its name and its places"),
        ({"x": ("month",)}, "give its name and its places"),
        ({"x": (3, range(3))}, "x = 3: say it in words"),
        ({"x": ("month", 3)}, "x = 3: give a row of numbers"),
        ({"x": ("month", "012")}, "x = '012': give a row of numbers"),
        ({"x": ("month", [0, 1, "2"])}, "x, number 3 = '2' is not possible"),
        ({"y": None}, "y = None: say it in words"),
        ({"series": {}}, "one to 3 lines"),
        ({"series": {name: [0, 1, 2] for name in "abcd"}}, "one to 3 lines .* not 4"),
        ({"x": ("month", [1]), "series": [1]}, "at least two places"),
        ({"series": {"": [0, 1, 2]}}, "series = '': say it in words"),
        ({"series": {"a": [0, 1]}}, "a has 2 numbers for 3 places on x"),
        ({"series": [0, 1]}, "series has 2 numbers for 3 places on x"),
        ({"series": {"a": 5}}, "a = 5: give a row of numbers"),
        ({"series": {"a": [0, math.nan, 2]}}, "a, number 2 = nan is not possible"),
        ({"series": {"a": [0, math.inf, 2]}}, "a, number 2 = inf is not possible"),
        ({"series": {"a": [0, None, 2]}}, "a, number 2 = None is not possible"),
        ({"series": {"a": np.zeros((3, 2))}}, "a, number 1 is an array"),
        ({"marks": {"here": (1,)}}, r"here: a point is a pair \(x, y\)"),
        ({"marks": {"here": 1}}, "here = 1: give a row of numbers"),
        ({"marks": {"": (1, 1)}}, "marks = '': say it in words"),
        ({"marks": dict.fromkeys("abcde", (1, 1))}, "at most 4 points"),
    ],
)
def test_lines_refuse_what_does_not_fit_by_name(changes, said):
    with pytest.raises(ValueError, match=said):
        charts.lines(**CASH | changes)


def test_people_are_dots_in_the_words_of_the_page():
    chart = charts.people("8 of 100 come back", 100, {"come back": 8}, others="do not")
    kinds = Counter(row["kind"] for row in spec(chart)["datasets"]["people"])
    assert kinds == {"come back: 8": 8, "do not: 92": 92}
    assert words(chart) == "Picture of 100 people. come back: 8; do not: 92. 8 of 100 come back."
    # Written as a share times a hundred, which is not quite whole.
    assert 100 * 0.07 != 7
    assert "7" in words(charts.people("7", 100, {"come back": 100 * 0.07}))


def test_people_are_told_apart_without_colour():
    chart = charts.people("Half of them", 6, {"come because of it": 2, "come anyway": 3})
    encoding = spec(chart)["layer"][0]["encoding"]
    assert encoding["shape"]["scale"]["range"] == ["circle", "diamond", "circle"]
    filled = encoding["fill"]["scale"]["range"]
    assert filled[2] == "white"
    assert "white" not in filled[:2]
    for channel in ("shape", "fill", "stroke"):
        domain = encoding[channel]["scale"]["domain"]
        assert domain == ["come because of it: 2", "come anyway: 3", "the others: 1"]


@given(st.integers(1, 1_000), st.data())
def test_everybody_has_one_place_on_a_narrow_page(total, data):
    come = data.draw(st.integers(0, total))
    also = data.draw(st.integers(0, total - come))
    chart = charts.people("So many", total, {"come": come, "come twice": also}, "stay away")
    drawn = spec(chart)
    people = drawn["datasets"]["people"]
    places = {(row["across"], row["down"]) for row in people}
    assert len(places) == len(people) == total
    kinds = Counter(row["kind"] for row in people)
    assert kinds[f"come: {come:,}"] == come
    assert kinds[f"come twice: {also:,}"] == also
    rest = total - come - also
    assert kinds[f"stay away: {rest:,}"] == rest
    assert drawn["width"] <= 260
    assert max(len(line) for line in drawn["title"]) <= 36


@pytest.mark.parametrize("total", [1, 48, 100, 101, 400, 1_000])
def test_a_picture_of_people_fits_a_phone(total):
    title = "Of 267 buyers who got the mail, 122 would have bought anyway"
    svg = vl_convert.vegalite_to_svg(spec(charts.people(title, total, {"take the back offer": 1})))
    width = float(svg.partition('width="')[2].partition('"')[0])
    assert 100 < width <= 300


@pytest.mark.parametrize(
    ("total", "groups", "others", "said"),
    [
        (48, {"take it": 3.84}, "do not", "take it = 3.84 are no whole people. Round it"),
        (47.5, {"take it": 3}, "do not", "total = 47.5 are no whole people"),
        (0, {"take it": 0}, "do not", "0 of 0 people is not possible"),
        (10, {"take it": 11}, "do not", "11 of 10 people is not possible"),
        (10, {"a": 6, "b": 5}, "do not", "11 of 10 people is not possible"),
        (1_001, {"take it": 1}, "do not", "total = 1001 is not possible.*0 to 1,000"),
        (10, {"take it": -1}, "do not", "take it = -1 is not possible"),
        (10, {"take it": "1"}, "do not", "take it = '1' is not possible"),
        (True, {"take it": 1}, "do not", "total = True is not possible"),
        (10, {"take it": math.nan}, "do not", "take it = nan is not possible"),
        (10, {}, "do not", "groups = {}: name one or two"),
        (10, {"a": 1, "b": 1, "c": 1}, "do not", "name one or two in words"),
        (10, 3, "do not", "groups = 3: name one or two in words"),
        (10, {"": 3}, "do not", "groups = '': say it in words"),
        (10, {"take it": 3}, "", "others = '': say it in words"),
        (10, {"take it": 5}, "take it", "'take it' is said of two groups"),
    ],
)
def test_people_refuse_what_does_not_fit_by_name(total, groups, others, said):
    with pytest.raises(ValueError, match=said):
        charts.people("A picture", total, groups, others)


def test_the_funnel_is_too_fine_for_dots_and_is_told_so():
    with pytest.raises(ValueError, match="Round it, and say “about”"):
        charts.people("Back buyers", Funnel().front_buyers, {"take it": Funnel().back_buyers})


def test_page_charts_are_the_same_bytes_each_time():
    assert len({json.dumps(charts.lines(**CASH)._repr_mimebundle_()) for _ in range(2)}) == 1
    dots = [charts.people("So many", 5, {"come": 2})._repr_mimebundle_() for _ in range(2)]
    assert json.dumps(dots[0]) == json.dumps(dots[1])
    assert isinstance(
        charts.lines("A", ("x", [0, 1]), "y", np.zeros(2)), type(charts.lines(**CASH))
    )
