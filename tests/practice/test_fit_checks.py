"""Lesson 08 once more, by hand: people counted, exact fractions, and what two pages share."""

from fractions import Fraction

import pytest

from twostep.data import front_offer_studies
from twostep.models.fit_generosity import FrontOfferFit, Generosity
from twostep.models.which_first import WhichFirst
from twostep.practice import EXERCISES, Choice, grade
from twostep.practice.fit import WAYS, learnt


def test_the_answers_are_those_of_exact_arithmetic() -> None:
    rate = Fraction(70 * 25 + 30 * 2, 10_000)
    measuring = Fraction(8, 100) * (rate * 9_000 - 500)
    coffee = Fraction(30, 100) * (Fraction(10 * 25 + 90 * 2, 10_000) * 9_000 - 150)
    assert (float(measuring), float(coffee)) == (90.32, 71.1)
    must_buy = (Fraction(100) / Fraction(3, 10) + 150) / 9_000
    answers: dict[str, float | Fraction] = {
        "fit-gym": 200 * 400 / 5 - 60 * 1_100 / 12,
        "fit-tailor": 80 * Fraction(9, 100) + 120 * Fraction(15, 1_000),
        "fit-shoes-rate": rate,
        "fit-shoes-value": measuring,
        "fit-shoes-limit": (must_buy - Fraction(2, 100)) / Fraction(23, 100),
        "fit-shoes-learning": 4_000 * (85 - 60),
    }
    for key, answer in answers.items():
        assert grade(key, float(answer)).correct, key


def right(key: str) -> float:
    """The number in the right option of a question."""
    choice = EXERCISES[key]
    assert isinstance(choice, Choice)
    (option,) = (each for each in choice.options if each.right)
    assert option.formula is not None
    return float(option.formula(choice.given))


def test_the_right_options_are_counted_by_hand() -> None:
    kit = 240 * Fraction(8, 100) + 160 * Fraction(5, 1_000)  # courses sold to the month's people
    assert right("fit-predict") == pytest.approx(float(kit * 100_000 - 400 * 300))
    assert right("fit-predict-rival") == pytest.approx(float(kit))
    best = Fraction(400, 10_000) * (5_500 - 300)
    gift, stuck = Fraction(4, 100) * -300, Fraction(4, 100) * (1_625 - 300)
    chance = 3 * (best - gift) / (12 * (best - stuck))
    assert right("fit-predict-ways") == pytest.approx(float(chance))
    coffee = Fraction(48, 100) * (Fraction(3 * 25 + 45 * 2, 4_800) * 9_000 - 200)
    assert right("fit-predict-coffee") == pytest.approx(float(coffee))


def test_at_that_chance_both_ways_bring_the_same() -> None:
    chance = right("fit-predict-ways")
    planned = (1 - chance) * 208 * 12_000 + chance * 53 * 12_000
    assert planned == pytest.approx(-12 * 3_000 + 208 * 9_000)  # built once in each


def test_learning_sells_nothing_before_there_is_a_course() -> None:
    assert learnt(WAYS) == pytest.approx(-40 * 3 * 300 + 9 * 40 * (5_500 - 300) - 300_000)


def test_a_tenth_more_buyers_is_the_tenth_of_lesson_12() -> None:
    kit, planned = FrontOfferFit(), FrontOfferFit(fit_share=2 / 3)
    gain = float(planned.back_rate) / float(kit.back_rate) - 1
    assert gain == pytest.approx(WhichFirst().alignment_gain)


def test_the_published_share_gives_what_the_page_says() -> None:
    share = front_offer_studies().set_index("study")["share"]["Kannan"]
    gain = 0.5
    best = (gain - share) / (2 * gain * share)
    assert best == pytest.approx(0.19, abs=0.002)
    assert Generosity(substitution=share).best_share == pytest.approx(best)
