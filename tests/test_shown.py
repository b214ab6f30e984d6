"""How a page shows numbers: never bare, never wrong, never without words."""

import math

import numpy as np
import pandas as pd
import pytest

from twostep import Funnel, ShiftedBetaGeometric, answers, number, outcomes, wilson_interval
from twostep.models.base import answer_fields, assumption_fields
from twostep.units import UNITS


def test_one_answer_is_one_line():
    assert repr(answers(Funnel(), "front_buyers")) == "Front buyers: 48"
    assert answers(Funnel(), "front_buyers")._repr_html_() == (
        "<p>Front buyers: <strong>48</strong></p>"
    )


def test_named_answers_and_assumptions_come_in_the_order_asked_for():
    shown = answers(Funnel(), "front_buyers", "leads", "back_rate", "profit")
    assert repr(shown).splitlines() == [
        "Front buyers: 48",
        "Leads: 800",
        "Back-end rate: 8%",
        "Profit of both offers together: ¥396,128",
    ]
    table = shown._repr_html_()
    assert table.count("<tr>") == 4
    assert "<td>¥396,128</td>" in table


def test_without_names_the_table_stays():
    table = answers(Funnel())
    assert isinstance(table, pd.DataFrame)
    assert table["name in code"].tolist() == [field.name for field in answer_fields(Funnel)]


@pytest.mark.parametrize("name", ["buyers", "verdict", "visits_for", "", 5])
def test_a_name_the_model_does_not_have_is_refused_with_those_it_has(name):
    with pytest.raises(ValueError, match="is no assumption or answer") as refusal:
        answers(Funnel(), name)
    known = [*assumption_fields(Funnel), *answer_fields(Funnel)]
    assert all(field.name in str(refusal.value) for field in known)


def test_an_answer_that_does_not_exist_is_said_in_words():
    assert repr(answers(Funnel(front_rate=0), "cpa")) == (
        "CPA (cost per front buyer): there are no front buyers"
    )
    with pytest.raises(ValueError, match="visits is an array"):
        answers(Funnel(visits=np.array([1.0, 2.0])), "leads")


@pytest.mark.parametrize(
    ("label", "value", "unit", "line"),
    [
        ("Visits needed", Funnel().visits_for(100_000), "people", "Visits needed: 5,032"),
        ("Lost on each", Funnel().front_margin - Funnel().cpa, "yen", "Lost on each: −¥5,917"),
        ("Still there", ShiftedBetaGeometric().survival(3), "%", "Still there: 42.56%"),
        ("Gained", 0.01, "points", "Gained: 1 point"),
        ("Gained", 0.03, "points", "Gained: 3 points"),
        ("Back after", 1, "months", "Back after: 1 month"),
        ("Back after", -1.0, "months", "Back after: −1 month"),
        ("Back after", 1.5, "months", "Back after: 1.5 months"),
        ("Back after", 7, "months", "Back after: 7 months"),
        ("Paid", np.int64(1), "periods", "Paid: 1 period"),
        ("Times", np.float64(1.6), "number", "Times: 1.6"),
        ("Of 48", wilson_interval(4, 48), "%", "Of 48: 3.29% to 19.55%"),
        ("Visits needed", math.inf, "people", "Visits needed: not defined for these numbers"),
        ("CPA", math.nan, "yen", "CPA: not defined for these numbers"),
    ],
)
def test_any_number_has_its_label_and_unit(label, value, unit, line):
    assert repr(number(label, value, unit)) == line
    assert str(number(label, value, unit)) == line


@pytest.mark.parametrize(
    ("label", "value", "unit", "words"),
    [
        ("Visits", 5, "visits", r"unit = 'visits' is not known. .*\"people\""),
        ("Visits", 5, None, "unit = None is not known"),
        ("", 5, "yen", "label = '': say it in words"),
        (5, 5, "yen", "label = 5: say it in words"),
        ("A", "5", "yen", "A: '5' is not a number"),
        ("A", True, "yen", "A: True is not a number"),
        ("A", None, "yen", "A: None is not a number"),
        ("A", ..., "yen", "A: Ellipsis is not a number"),
        ("A", (1, 2, 3), "yen", r"A: \(1, 2, 3\) is not a number"),
        ("A", (1, "2"), "yen", "A: '2' is not a number"),
        ("A", np.array([1.0, 2.0]), "yen", "A: array.* is not a number"),
        ("A", 10**400, "yen", "A: that number is too large"),
    ],
)
def test_what_is_no_number_is_not_shown(label, value, unit, words):
    with pytest.raises(ValueError, match=words):
        number(label, value, unit)


def test_the_words_of_a_page_are_escaped():
    assert "<b>" not in number("<b>", 5, "yen")._repr_html_()
    table = outcomes(("<b>", 0.5, 1), ("a & b", 0.5, 2))._repr_html_()
    assert "<b>" not in table
    assert "a &amp; b" in table


RAIN = outcomes(("it rains", 0.3, 9_240), ("it stays dry", 0.7, -2_400))


def test_outcomes_are_chance_times_worth_and_their_sum():
    assert RAIN.expected == pytest.approx(0.3 * 9_240 - 0.7 * 2_400)
    assert repr(RAIN).splitlines() == [
        "it rains: 30% × ¥9,240 = ¥2,772",
        "it stays dry: 70% × −¥2,400 = −¥1,680",
        "together 100%; expected value ¥1,092",
    ]
    html = RAIN._repr_html_()
    for cell in ("30%", "¥9,240", "¥2,772", "−¥1,680", "100%", "¥1,092"):
        assert f">{cell}</t" in html
    assert html.count("<tr>") == 4


def test_outcomes_are_not_always_money():
    buyers = outcomes(["buys", 0.08, 1], ["does not", 0.92, 0], unit="people")
    assert repr(buyers).endswith("expected value 0.08")


def test_rounded_chances_sum_to_1_and_others_do_not():
    # As a source prints them; the sum is shown as it is.
    table = outcomes(("a", 0.333, 3), ("b", 0.333, 3), ("c", 0.333, 3))
    assert repr(table).endswith("together 99.9%; expected value ¥3")
    for chances in ([0.3, 0.6], [0.5, 0.51], [], [0.994]):
        with pytest.raises(ValueError, match=r"The chances sum to .* must be 100%"):
            outcomes(*(("a", chance, 1) for chance in chances))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("a", 1), "a row of three"),
        ("abc", "a row of three"),
        (5, "a row of three"),
        ((1, 1, 1), "outcome = 1: say it in words"),
        (("a", 100, 1), "chance of “a” = 100 is not possible.*0% to 100%"),
        (("a", -0.1, 1), "chance of “a” = -0.1 is not possible"),
        (("a", "1", 1), "chance of “a” = '1' is not possible"),
        (("a", 1, math.nan), "worth of “a” = nan is not possible"),
        (("a", 1, None), "worth of “a” = None is not possible"),
        (("a", 1, np.array([1.0])), "worth of “a” is an array: give one number"),
    ],
)
def test_a_row_that_is_no_outcome_is_refused_by_name(row, words):
    with pytest.raises(ValueError, match=words):
        outcomes(row)


def test_every_unit_has_a_word_and_writes_one():
    assert set(UNITS) == {"yen", "%", "points", "people", "months", "periods", "number"}
    for word in UNITS:
        assert repr(number("A", 0.5, word)).startswith("A: ")
