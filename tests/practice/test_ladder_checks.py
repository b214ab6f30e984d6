"""Lesson 07 once more, by hand: exact fractions, people counted one by one, months added up."""

from fractions import Fraction

import pytest

from twostep.models.ladder import OfferLadder, TwoBackOffers
from twostep.models.promise import Capacity
from twostep.practice import EXERCISES, Choice, grade
from twostep.practice.ladder import EMI, SORA, WALLET


def test_the_answers_are_those_of_exact_arithmetic() -> None:
    for key, answer in {
        "ladder-seats": 2 * 30 * 8 * 1_800 - 30 * 8 * 3_000,
        "ladder-pupils": Fraction(48, 4 * 8),
        "ladder-sora-hour": Fraction(96_000, 12 * 2),
        "ladder-sora-multiplier": 1 + Fraction(4, 100) * 96_000 / (Fraction(12, 10) * 3_000),
        "ladder-sora-leads": Fraction(60, 24) / Fraction(1, 2) / Fraction(4, 100),
        "ladder-sora-wallet": (14 - 4) * 15_000 - 90_000,
        "ladder-sora-rate": Fraction(4, 100) * Fraction(96, 128),
    }.items():
        assert grade(key, answer).correct, key


def people(first: float, second: float, either: float) -> list[set[str]]:
    """One set a person: which of two offers they would take."""
    only_first, only_second = round(first - either), round(second - either)
    both = [{"first", "second"}] * round(either)
    return [{"first"}] * only_first + [{"second"}] * only_second + both


def test_the_wallet_counted_person_by_person() -> None:
    wanted = people(WALLET.want_first, WALLET.want_second, WALLET.want_either)
    assert len(wanted) == 19
    assert sum("second" in each for each in wanted) == WALLET.want_second
    margins = {"first": 96_000, "second": 15_000}
    bag_alone = sum(margins["first"] for each in wanted if "first" in each)
    after_a_no = sum(max(margins[offer] for offer in each) for each in wanted) - 90_000
    beside = sum(min(margins[offer] for offer in each) for each in wanted) - 90_000
    assert grade("ladder-sora-wallet", after_a_no - bag_alone).correct
    choice = EXERCISES["ladder-sora-beside"]
    assert isinstance(choice, Choice)
    (right,) = (each for each in choice.options if each.right)
    assert right.formula is not None
    assert right.formula(WALLET) == beside - bag_alone == -264_000


def test_the_course_adds_what_the_model_of_two_back_offers_says() -> None:
    two = TwoBackOffers(
        front_buyers=240,
        only_a=9 / 240,
        only_b=9 / 240,
        either=3 / 240,
        margin_a=229_200,
        margin_b=50_000,
        build_a=600_000,
        build_b=300_000,
    )
    choice = EXERCISES["ladder-predict-second"]
    assert isinstance(choice, Choice)
    values = {each.name: each.formula and each.formula(choice.given) for each in choice.options}
    assert values["new-people-only"] == pytest.approx(float(two.value_both - two.value_a))
    assert values["takes-from-the-first"] == 12 * 50_000 - 300_000 - 3 * 229_200


def test_the_months_until_the_support_is_paid_back() -> None:
    # One client a month begins; each pays in six parts.
    cash, month = -600_000, 0
    while cash < 0:
        month += 1
        cash += min(month, 6) * 229_200 // 6
    assert month == 6


def test_hours_fill_up_where_the_leads_of_the_pages_say() -> None:
    calendar = Capacity(hours_per_month=90, hours_per_client=5, months_per_client=6)
    emi = EMI.scenario(OfferLadder, capacity=float(calendar.new_clients_per_month))
    full = {leads: OfferLadder(**{**vars(emi), "leads": leads}).verdict for leads in (750, 751)}
    assert "The limit is" not in full[750]
    assert "The limit is" in full[751]
    sora = SORA.scenario(OfferLadder, capacity=2.5)
    assert OfferLadder(**{**vars(sora), "leads": 125}).clients == pytest.approx(2.5)
