"""Lesson 11 once more, by hand: exact fractions, and every client counted one by one."""

from fractions import Fraction
from math import comb

from twostep.models.promise import Guarantee, readiness
from twostep.practice import EXERCISES, Choice, grade
from twostep.practice.promise import NAO


def test_the_answers_are_those_of_exact_arithmetic() -> None:
    suits = 26 * (Fraction(85, 100) * 60_000 - 25_000) - 20 * (60_000 - 25_000)
    assert suits == -24_000
    for key, answer in {
        "promise-mattress": Fraction(54, 250),
        "promise-tailor": suits,
        "promise-haru-bar": Fraction(168, 240),
        "promise-haru-sure": 1 - Fraction(7, 10) ** 7,
        "promise-haru-pot": Fraction(10, 13),
        "promise-haru-silent": (17 + 42 * Fraction(4, 10)) / 60,
        "promise-haru-round": 168_000 - 45_000 - Fraction(1, 8) * 45_000,
        "promise-haru-hours": Fraction(60, 4) / 3,
    }.items():
        assert grade(key, answer).correct, key


def test_no_sum_of_those_who_answered_is_right() -> None:
    for key, answer, name in [
        ("promise-mattress", 0.9, "of-those-who-answered"),
        ("promise-haru-silent", Fraction(17, 18), "letters-only"),
        ("promise-haru-silent", Fraction(21, 28), "mixed"),
        ("promise-tailor", 210_000, "his-sum"),
        ("promise-haru-sure", 1 - Fraction(7, 10) ** 6, "without-the-imagined"),
    ]:
        assert grade(key, answer).mistake == name


def right_option(key: str) -> str:
    choice = EXERCISES[key]
    assert isinstance(choice, Choice)
    (text,) = (each.text for each in choice.quiz.options.values() if each.right)
    return text


def test_the_predictions_are_counted_by_hand() -> None:
    # Three of three, and one imagined pass: four draws below 60% in a row are what is left.
    sure = 1 - Fraction(6, 10) ** 4
    assert right_option("promise-predict-sure").startswith(f"about {float(sure):.0%}")
    assert right_option("promise-predict-silent").startswith(f"{12 / 40:.0%}")
    # Of 14 clients 30% fail, of whom 80% ask; of the 70% who pass, 5% ask.
    refunds = 14 * (Fraction(3, 10) * Fraction(8, 10) + Fraction(7, 10) * Fraction(5, 100))
    change = 14 * (480_000 - 150_000) - refunds * 480_000 - 10 * (480_000 - 150_000)
    assert change == -528_000
    assert right_option("promise-predict-guarantee").startswith("−¥528,000")


def test_jun_loses_with_three_refunds_of_fourteen() -> None:
    rate = Fraction(1, 10) * Fraction(8, 10) + Fraction(9, 10) * Fraction(5, 100)
    at_most_two = sum(comb(14, k) * rate**k * (1 - rate) ** (14 - k) for k in range(3))
    jun = Guarantee(price=NAO.price, success_rate=0.9)
    assert abs(float(jun.loss_probability) - float(1 - at_most_two)) < 1e-9


def test_the_pot_of_all_buyers_is_far_from_that_of_the_letters() -> None:
    """P(Beta(1+x, 1+n−x) ≥ 0.6) is P(at most x of n + 1 draws), here in exact fractions."""
    r = Fraction(6, 10)
    for passed, counted, said in [(12, 15, 0.935), (18, 40, 0.027), (14, 20, 0.800)]:
        exact = sum(
            comb(counted + 1, k) * r**k * (1 - r) ** (counted + 1 - k) for k in range(passed + 1)
        )
        assert abs(float(readiness(passed, counted, 0.6)) - float(exact)) < 1e-9
        assert abs(float(exact) - said) < 5e-4
