"""Contacts and samples against numbers worked out by hand and a list followed month by month."""

import math
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy.stats import binom
from tests.strategies import numbers

from twostep.models.contacts import ContactList, SampleOffer, line_fee

HUNDREDTHS = st.integers(0, 100).map(lambda count: Fraction(count, 100))


def test_worked_list() -> None:
    contacts = ContactList()
    assert round(float(contacts.allowable_cost_per_registration), 2) == 320.90
    assert round(float(contacts.value_per_registration), 2) == 170.90
    assert round(float(contacts.total_value)) == 136_722
    assert round(float(contacts.cumulative_block_rate), 3) == 0.294
    assert contacts.active(1) == 720
    assert round(float(contacts.active(12)), 1) == 576.5
    # ¥34 a month for 10.487 discounted months, of the 90 % who do not block at once.
    assert round(float(contacts.allowable_cost_per_registration) / 0.9 / 34, 3) == 10.487


@given(
    st.integers(0, 2_000),
    HUNDREDTHS,
    HUNDREDTHS,
    st.integers(0, 8),
    HUNDREDTHS,
    st.integers(-500, 5_000),
    st.integers(0, 20),
    HUNDREDTHS,
    st.integers(0, 24),
)
@example(800, Fraction(0), Fraction(0), 2, Fraction(1, 100), 2_000, 3, Fraction(0), 12)
@example(800, Fraction(0), Fraction(1), 2, Fraction(1, 100), 2_000, 3, Fraction(0), 12)
def test_a_list_followed_month_by_month(
    registrations: int,
    at_once: Fraction,
    monthly: Fraction,
    messages: int,
    response: Fraction,
    margin: int,
    cost: int,
    discount: Fraction,
    months: int,
) -> None:
    contacts = ContactList(
        registrations=registrations,
        instant_block_rate=float(at_once),
        monthly_block_rate=float(monthly),
        messages_per_month=messages,
        response_rate=float(response),
        visit_margin=margin,
        message_cost=cost,
        discount_rate=float(discount),
        months=months,
    )
    active = registrations * (1 - at_once)
    total, worth = Fraction(-150 * registrations), Fraction(1)
    for month in range(1, months + 1):
        assert contacts.active(month) == pytest.approx(float(active), rel=1e-12, abs=1e-12)
        total += worth * active * messages * (response * margin - cost)
        active -= active * monthly
        worth /= 1 + discount
    assert contacts.total_value == pytest.approx(float(total), rel=1e-9, abs=1e-6)
    if registrations:
        blocked = 1 - active / registrations
        assert contacts.cumulative_block_rate == pytest.approx(float(blocked), abs=1e-12)
        per_registration = float(total / registrations)
        assert contacts.value_per_registration == pytest.approx(per_registration, abs=1e-6)
        assert contacts.allowable_cost_per_registration == pytest.approx(
            per_registration + 150, abs=1e-6
        )


def test_blocks_and_waiting_cost_and_months_pay() -> None:
    steps = np.linspace(0, 1, 41)
    assert (np.diff(ContactList(monthly_block_rate=steps).total_value) < 0).all()
    assert (np.diff(ContactList(instant_block_rate=steps).total_value) < 0).all()
    assert (np.diff(ContactList(discount_rate=steps).total_value) < 0).all()
    assert (np.diff(ContactList(months=np.arange(37.0)).total_value) > 0).all()


def test_active_takes_arrays_and_the_endless_list_keeps_its_months() -> None:
    months = np.arange(1.0, 13.0)
    active = ContactList().active(months)
    np.testing.assert_array_equal(active, [ContactList().active(int(month)) for month in months])
    stays = ContactList(monthly_block_rate=0, discount_rate=0, instant_block_rate=0)
    assert stays.allowable_cost_per_registration == 12 * 34
    assert ContactList(months=0).value_per_registration == -150


@pytest.mark.parametrize("bad", [0, 1.5, -1, math.inf, math.nan, None, True, "1"])
def test_months_are_counted_from_one(bad: Any) -> None:
    with pytest.raises(ValueError, match=r"^month = "):
        ContactList().active(bad)
    if bad != 0 or isinstance(bad, bool):
        with pytest.raises(ValueError, match=r"^months = "):
            ContactList(months=bad)


def test_line_fee_is_the_published_tariff() -> None:
    sent = [0, 200, 201, 1_600, 5_000, 5_001, 30_000, 30_001, 40_000]
    fees = [0, 0, 5_000, 5_000, 5_000, 15_000, 15_000, 15_003, 45_000]
    assert [line_fee(messages) for messages in sent] == fees
    np.testing.assert_array_equal(line_fee(np.array(sent, float)), fees)
    assert isinstance(line_fee(200.5), float)
    assert line_fee(200.5) == 5_000


@pytest.mark.parametrize("bad", [-1, math.inf, math.nan, None, True, "200"])
def test_line_fee_refuses_what_is_no_count(bad: Any) -> None:
    with pytest.raises(ValueError, match=r"^messages = "):
        line_fee(bad)


def test_worked_samples() -> None:
    sample = SampleOffer()
    assert round(float(sample.anonymous_value), 9) == 30
    assert round(float(sample.registered_value), 9) == 140
    assert round(float(sample.break_even_registration_rate), 3) == 0.107
    weak = SampleOffer(return_rate=0.05)
    assert round(float(weak.anonymous_value), 9) == -45
    assert round(float(weak.registered_value), 9) == 102.5
    assert weak.break_even_registration_rate < 0
    assert SampleOffer(list_value=0).break_even_registration_rate == 1


@given(
    HUNDREDTHS,
    HUNDREDTHS,
    HUNDREDTHS,
    st.integers(-500, 5_000),
    st.integers(0, 500),
    st.integers(-200, 1_000),
)
def test_samples_equal_their_fractions(
    uptake: Fraction, registered: Fraction, back: Fraction, margin: int, cost: int, worth: int
) -> None:
    sample = SampleOffer(
        uptake=float(uptake),
        registration_rate=float(registered),
        return_rate=float(back),
        visit_margin=margin,
        sample_cost=cost,
        list_value=worth,
    )
    free = back * margin - cost
    assert sample.anonymous_value == pytest.approx(float(uptake * free), abs=1e-9)
    assert sample.registered_value == pytest.approx(
        float(uptake * registered * (free + worth)), abs=1e-9
    )
    assume(free + worth != 0)
    assert sample.break_even_registration_rate == pytest.approx(
        float(free / (free + worth)), rel=1e-9, abs=1e-9
    )
    assume(0 <= free / (free + worth) <= 1)
    even = replace(
        sample, registration_rate=min(1.0, abs(float(sample.break_even_registration_rate)))
    )
    assert even.registered_value == pytest.approx(even.anonymous_value, abs=1e-9)


def test_a_registration_worth_nothing_has_no_break_even() -> None:
    lost = SampleOffer(return_rate=0, sample_cost=250)
    assert lost.break_even_registration_rate == -math.inf
    nothing = SampleOffer(return_rate=0, sample_cost=0, list_value=0)
    assert math.isnan(float(nothing.break_even_registration_rate))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, r"earns ¥320\.9 in 12 months; .* the whole list earns ¥136,722\."),
        ({"gift_cost": 400}, r"Too dear: .* ¥320\.9, less than its gift of ¥400\."),
        ({"registrations": 0}, r"Nobody registers"),
        ({"instant_block_rate": 1}, r"Everybody blocks you at once.* gifts cost ¥120,000"),
        ({"messages_per_month": 0}, r"You send no messages.* gifts cost ¥120,000"),
        ({"months": 0}, r"You count no month.* gifts cost ¥120,000"),
        ({"response_rate": 0.001}, r"Do not send these messages: each costs ¥3 .* worth ¥2\."),
    ],
)
def test_list_verdicts(changed: dict[str, float], said: str) -> None:
    assert re.search(said, ContactList(**changed).verdict), ContactList(**changed).verdict


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, r"Ask .* worth ¥140, without it ¥30\. .* more than 10\.71% .* assume 50%"),
        ({"return_rate": 0.05}, r"only for a registration: .* ¥102\.5, without it −¥45\. Any"),
        ({"return_rate": 0.05, "registration_rate": 0}, r"brings −¥45 .* nobody takes it\."),
        ({"registration_rate": 0.05}, r"Do not ask: .* ¥30, with it ¥14\. 10\.71% of takers"),
        ({"list_value": -5}, r"Do not ask: .* no registration rate helps"),
        ({"list_value": 0, "registration_rate": 1}, r"Both ways are worth ¥30 "),
        ({"uptake": 0}, r"Nobody takes the sample"),
        ({"return_rate": 0, "list_value": 100}, r"Give no sample: .* −¥120 .* −¥10 "),
    ],
)
def test_sample_verdicts(changed: dict[str, float], said: str) -> None:
    assert re.search(said, SampleOffer(**changed).verdict), SampleOffer(**changed).verdict


def test_a_small_list_that_pays_on_average_often_loses() -> None:
    large, small = ContactList(), ContactList(registrations=60, response_rate=0.006)
    assert large.loss_probability < 1e-9
    assert small.total_value > 0
    assert small.loss_probability == pytest.approx(0.453, abs=5e-4)


@given(
    st.integers(0, 40),
    st.integers(0, 4),
    st.integers(0, 12),
    numbers(1e-6, 1),
    st.integers(-200, 2_000),
    st.integers(0, 300),
)
def test_how_often_a_list_loses_by_every_count_of_visits(
    registrations: int, messages: int, months: int, rate: float, margin: int, gift: int
) -> None:
    """Nobody blocks and nothing is discounted: each message brings a visit, or does not."""
    contacts = ContactList(
        registrations=registrations,
        gift_cost=gift,
        instant_block_rate=0,
        monthly_block_rate=0,
        messages_per_month=messages,
        response_rate=rate,
        visit_margin=margin,
        discount_rate=0,
        months=months,
    )
    sent = registrations * messages * months
    visits = np.arange(sent + 1)
    value = visits * margin - sent * 3 - registrations * gift
    expected = binom.pmf(visits, sent, rate)[value < 0].sum()
    assert contacts.loss_probability == pytest.approx(float(expected), abs=1e-9)


def test_a_list_followed_by_chance() -> None:
    """Blocks and discounts too: every contact and every message drawn, month by month."""
    contacts = ContactList(registrations=60, response_rate=0.007, monthly_block_rate=0.05)
    rng = np.random.default_rng(3)
    active = rng.binomial(60, 0.9, 100_000)
    value = np.full(100_000, -60 * 150.0)
    for month in range(12):
        visits = rng.binomial(2 * active, 0.007)
        value += (visits * 2_000 - 2 * active * 3) / 1.005**month
        active = rng.binomial(active, 0.95)
    assert value.mean() == pytest.approx(float(contacts.total_value), abs=100)
    # Only where a visit falls decides whether one more is needed.
    assert (value < 0).mean() == pytest.approx(float(contacts.loss_probability), abs=0.04)
