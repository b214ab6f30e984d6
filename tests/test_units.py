"""Units: what is refused, and how numbers are written for a reader."""

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import numbers

from twostep import Funnel, PriceResponse, ShiftedBetaGeometric, regime_map, sweep
from twostep.practice._read import UnreadableError, read_number
from twostep.units import MONTHS, NUMBER, PEOPLE, PERIODS, POINTS, RATE, YEN, Range


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        (YEN, 396163.2, "¥396,163"),
        (YEN, -483965.44, "−¥483,965"),
        (YEN, 109.6163, "¥109.62"),
        (YEN, 625.0, "¥625"),
        (YEN, 0.0, "¥0"),
        (YEN, -0.0, "¥0"),
        (YEN, 999.999, "¥1,000"),
        (YEN, 1e-9, "almost ¥0"),
        (RATE, 0.08, "8%"),
        (RATE, 0.0439920, "4.4%"),
        (RATE, 0.63142, "63.14%"),
        (RATE, 12.5, "1,250%"),
        (RATE, -0.02, "−2%"),
        (PEOPLE, 3.84, "3.84"),
        (PEOPLE, 10_000, "10,000"),
        (NUMBER, 1.5, "1.5"),
    ],
)
def test_numbers_are_written_for_a_reader(unit, value, text):
    assert unit.text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_the_written_number_is_the_number_rounded(value):
    text = YEN.text(value)
    if text.startswith("almost"):
        assert 0 < abs(value) < 0.005
        return
    read = float(text.replace("¥", "").replace(",", "").replace("−", "-"))
    assert read == pytest.approx(value, abs=0.5 if abs(value) >= 1000 else 0.005, rel=1e-12)


@pytest.mark.parametrize(
    ("unit", "text", "value"),
    [
        (YEN, "229,200", 229_200),
        (YEN, "２２９２００", 229_200),
        (YEN, "２２９，２００", 229_200),
        (YEN, "229、200。5", 229_200.5),
        (YEN, "229 200", 229_200),
        (YEN, "229\u00a0200", 229_200),
        (PEOPLE, "5_000", 5_000),
        (YEN, "22.92万", 229_200),
        (YEN, "22.92 万円", 229_200),
        (YEN, "1.5億", 150_000_000),
        (YEN, "1億2,000万", 120_000_000),
        (YEN, "3万5千", 35_000),
        (YEN, "5千万円", 50_000_000),
        (YEN, "3百万", 3_000_000),
        (YEN, "¥4,980", 4_980),
        (YEN, "￥４，９８０", 4_980),
        (YEN, "\\4980", 4_980),
        (YEN, "10,417 yen", 10_417),
        (YEN, "−500", -500),
        (YEN, "-¥500", -500),
        (YEN, "¥ -500", -500),
        (YEN, "▲500", -500),
        (YEN, "ー５００", -500),
        (YEN, "+500", 500),
        (YEN, "1e6", 1_000_000),
        (RATE, "8%", 0.08),
        (RATE, "８％", 0.08),
        (RATE, "４．４", 0.044),
        (RATE, ".5", 0.005),
        (MONTHS, "12 months", 12),
        (MONTHS, "12ヶ月", 12),
        (MONTHS, "1 month", 1),
        (PERIODS, "1 period", 1),
        (POINTS, "1 point", 0.01),
        (PEOPLE, " 500人 ", 500),
        (POINTS, "−1.04 points", -0.0104),
    ],
)
def test_what_an_owner_types_is_read(unit, text, value):
    assert unit.read(text) == value


@pytest.mark.parametrize(
    "text",
    [
        *("1,2", "12,00", "0,500", "1,2345", "1,234 567", "1.2.3", "1,5億", "3百2千", "2万3億"),
        *("1億20000万", "1.5億2000万", "1億万", "--5", "3-5", "1/3", "10^3", "1e", "1ee3"),
        *("", " ", ".", ",", "¥", "万", "二万", "nan", "inf", "no", "½", "10²", "٣", "1\t2"),
    ],
)
def test_nothing_is_guessed_from_what_was_typed(text):
    with pytest.raises(ValueError, match=r"^“.*” (cannot be read|has another unit)") as refusal:
        NUMBER.read(text)
    assert text in str(refusal.value)


def test_another_unit_and_a_huge_number_are_refused():
    with pytest.raises(ValueError, match=r"“8%” has another unit, .* Here it is ¥"):
        YEN.read("8%")
    with pytest.raises(ValueError, match=r"“¥8” has another unit, .* Here it is %"):
        RATE.read("¥8")
    for huge in ("9" * 400, "1e999", "1e309"):
        with pytest.raises(ValueError, match="too large"):
            YEN.read(huge)


@given(
    st.sampled_from([YEN, RATE, PEOPLE, MONTHS, PERIODS, NUMBER, POINTS]),
    numbers(-1e15, 1e15) | numbers(-1, 1),
)
def test_what_is_written_is_read_back(unit, value):
    text = unit.text(value)
    if not text.startswith("almost"):
        assert unit.text(unit.read(text)) == text


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.array([1.0, 2.0]), 1e307])
def test_what_has_no_digits_is_not_written(value):
    assert not RATE.has_digits(value)
    with pytest.raises(ValueError, match="cannot be written"):
        RATE.text(value)


JUNK: list[object] = [
    None,
    True,
    np.True_,
    "8",
    "",
    [0.1],
    (0.1,),
    {},
    ...,
    1j,
    math.nan,
    math.inf,
    -math.inf,
    10**400,
    -(10**5000),
    np.array([0.1, np.nan]),
    np.array(["8"]),
    np.array([True]),
    np.array([None]),
    np.array([0.1 + 0j]),
    np.array("8"),
    np.array(True),
    np.timedelta64(1, "D"),
    np.ma.masked,
]


@pytest.mark.parametrize("value", JUNK, ids=lambda value: repr(type(value).__name__))
def test_junk_is_refused_by_name(value):
    with pytest.raises(ValueError, match=r"^lead_rate = .* is not possible. Allowed: 0% to 100%"):
        Range.of(RATE).check("lead_rate", value)


@pytest.mark.parametrize("value", [-0.0001, 1.0001, -5, 8])
def test_a_share_beyond_its_ends_is_refused_not_clipped(value):
    with pytest.raises(ValueError, match=f"lead_rate = {value} "):
        Range.of(RATE).check("lead_rate", value)
    with pytest.raises(ValueError, match="lead_rate"):
        Range.of(RATE).check("lead_rate", np.array([0.5, value]))


def test_the_bad_element_of_an_array_is_named():
    with pytest.raises(ValueError, match=r"visits = -3\.0 "):
        Range.of(PEOPLE).check("visits", np.array([1, 2, -3, 4]))


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, 0.0),
        (1, 1.0),
        (0.5, 0.5),
        (np.float32(0.5), 0.5),
        (np.int64(1), 1.0),
        (np.longdouble(0.25), 0.25),
        (np.array(0.25), 0.25),
        (np.where(True, 1, 0), 1.0),
        (np.array(Decimal("0.75")), 0.75),
        (Decimal("0.08"), 0.08),
        (Fraction(1, 3), 1 / 3),
    ],
)
def test_a_number_comes_back_as_a_float(value, number):
    checked = Range.of(RATE).check("lead_rate", value)
    assert type(checked) is float
    assert checked == number
    assert type(read_number(value, NUMBER)) is float
    assert read_number(value, NUMBER) == number


def test_an_array_of_decimals_comes_back_as_floats():
    prices = np.array([[Decimal("4980"), Decimal("0.1")], [3, Fraction(1, 4)]])
    assert prices.dtype == object
    checked = Range.of(YEN).check("price", prices)
    assert checked.dtype == float
    assert checked.tolist() == [[4980.0, 0.1], [3.0, 0.25]]


HUGE: list[Any] = [
    10**400,
    Fraction(10**400, 3),
    Decimal("1e400"),
    np.array([1.0, Decimal("1e400")]),
]
if np.finfo(np.longdouble).max > np.finfo(float).max:  # not on every machine
    HUGE += [np.longdouble("1e4000"), np.array([np.longdouble("1e4000")])]


@pytest.mark.parametrize("value", HUGE, ids=lambda value: type(value).__name__)
def test_a_number_too_large_for_a_float_is_not_taken_for_no_limit(value):
    capacity = Range(PEOPLE, 0, math.inf, infinite=True)
    with pytest.raises(ValueError, match="capacity = a huge number is not possible"):
        capacity.check("capacity", value)
    if not isinstance(value, np.ndarray):
        with pytest.raises(UnreadableError, match="too large"):
            read_number(value, NUMBER)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("sNaN"), np.array(Decimal("sNaN"))])
def test_a_decimal_that_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match=r"^lead_rate = s?NaN is not possible"):
        Range.of(RATE).check("lead_rate", value)
    with pytest.raises(UnreadableError, match="no number"):
        read_number(value, NUMBER)


def test_numbers_of_all_kinds_are_taken_by_methods_and_sweeps():
    price = Decimal("300000")
    assert PriceResponse().rate(price) == PriceResponse().rate(np.where(True, 300_000, 0)) == 0.08
    assert ShiftedBetaGeometric.fit([Decimal(100), 70, 55]) == ShiftedBetaGeometric.fit(
        [100, 70, 55]
    )
    table = sweep(Funnel(), "profit", back_rate=[Decimal("0.08"), np.array(0.1)])
    assert table["back_rate"].tolist() == [0.08, 0.1]
    assert table["profit"].tolist() == [Funnel().profit, Funnel(back_rate=0.1).profit]
    assert regime_map([Decimal("0.05")], [5]).equals(regime_map([0.05], [5]))


def test_an_array_comes_back_as_a_copy_that_nobody_can_change():
    given_values = np.array([0.1, 0.2])
    checked = Range.of(RATE).check("lead_rate", given_values)
    given_values[0] = 9
    assert checked.tolist() == [0.1, 0.2]
    with pytest.raises(ValueError, match="read-only"):
        checked[0] = 9


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        (Range.of(RATE), "0% to 100%"),
        (Range.of(YEN), "any number"),
        (Range.of(YEN, 0), "¥0 or more"),
        (Range(PEOPLE, 0, math.inf, infinite=True), "0 or more, or no limit"),
        (Range(PEOPLE, 0, math.inf, whole=True), "a whole number, 0 or more"),
    ],
)
def test_what_is_allowed_is_said_in_words(allowed, words):
    assert allowed.allowed == words


def test_whole_numbers_and_no_limit():
    assert Range(PEOPLE, 0, math.inf, infinite=True).check("capacity", math.inf) == math.inf
    with pytest.raises(ValueError, match=r"pilots = 2\.5 .*whole number"):
        Range(PEOPLE, 0, math.inf, whole=True).check("pilots", 2.5)
