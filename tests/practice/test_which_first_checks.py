"""Chapter 12's exercises once more, by exact fractions and by counting every possible answer."""

from fractions import Fraction
from math import comb, factorial

import pytest

from twostep.models.which_first import WhichFirst
from twostep.practice import EXERCISES, grade

TAKERS, REFUSERS, BUYERS, MARGIN, COST = 1, 24, 200, 150_000, 1_500_000
GAIN = Fraction(1, 10)


def beta(a: int, b: int) -> Fraction:
    """The Beta function of two whole numbers."""
    return Fraction(factorial(a - 1) * factorial(b - 1), factorial(a + b - 1))


def worth_of_asking(asked: int) -> Fraction:
    """EVSI where building now does not pay: the mean of what is earned after good answers."""
    total = Fraction(0)
    for paid in range(asked + 1):
        a, b = TAKERS + paid, REFUSERS + asked - paid
        chance = comb(asked, paid) * beta(a, b) / beta(TAKERS, REFUSERS)
        earned = Fraction(a, a + b) * BUYERS * MARGIN - COST
        total += chance * earned if earned > 0 else 0
    return total


def test_the_answers_by_exact_arithmetic() -> None:
    mean = Fraction(TAKERS, TAKERS + REFUSERS)
    exact: dict[str, Fraction | int] = {
        "which-first-break-even": Fraction(COST, BUYERS * MARGIN),
        "which-first-commit": (1 + GAIN) * mean * BUYERS * MARGIN - COST,
        "which-first-updated": Fraction(TAKERS + 8, TAKERS + REFUSERS + 60),
        "which-first-sauna": 11,
        "which-first-last-asked": (worth_of_asking(60) - worth_of_asking(20)) / 40,
        "which-first-without-the-fit": 180_000 + 75_000,
        "which-first-tea-shop": Fraction(8, 10) * (60_000 + 180_000) - 100_000,
        "which-first-flowers": Fraction(6, 70) * 150 * 40_000,
    }
    for key, answer in exact.items():
        assert grade(key, answer).correct, key
    assert grade("which-first-worth-of-asking", [
        [asked, worth_of_asking(asked)] for asked in (0, 5, 20, 60, 200)
    ]).correct  # fmt: skip
    given = EXERCISES["which-first-last-asked"].given
    for asked, worth in ((given.few, given.worth_of_few), (given.many, given.worth_of_many)):
        assert worth == round(worth_of_asking(round(asked)))


# What the review of the first chapters found learners to type, and others like it.
@pytest.mark.parametrize(
    ("key", "answer", "mistake"),
    [
        ("which-first-commit", 8.8, "takers-not-yen"),
        ("which-first-commit", 0, "worth-of-leaving"),
        ("which-first-commit", 180_000, "wrong-sign"),
        ("which-first-updated", 9, "count-for-share"),
        ("which-first-updated", 10.6, "percent-as-number"),
        ("which-first-updated", 0.11, "rounded"),
        ("which-first-updated", 8 / 60, "belief-thrown-away"),
        ("which-first-sauna", 10.4, "fraction-of-a-person"),
        ("which-first-sauna", 10, "rounded-down"),
        ("which-first-sauna", 60, "sales-among-all"),
        ("which-first-sauna", 9, "belief-left-out"),
        ("which-first-without-the-fit", 705_000, "fit-counted"),
        ("which-first-last-asked", 266_700 / 60, "average-of-all"),
        ("which-first-tea-shop", -100_000, "most-likely-case"),
        ("which-first-tea-shop", 140_000, "delay-left-out"),
        ("which-first-flowers", 160_000, "payers-alone"),
        ("which-first-flowers", "¥520,000", "takers-made-whole"),
    ],
)
def test_a_learner_is_told_why(key: str, answer: object, mistake: str) -> None:
    assert grade(key, answer).mistake == mistake


def test_the_sums_to_mend_say_what_the_numbers_give() -> None:
    """The page quotes them; they are worked from the numbers of the tasks here."""
    hana = EXERCISES["which-first-without-the-fit"].given
    assert hana.alignment_gain * hana.sales == 450_000
    sauna = EXERCISES["which-first-sauna"].given
    assert sauna.build_cost / sauna.back_margin == 60


def test_the_number_needed_is_the_first_that_pays() -> None:
    n = EXERCISES["which-first-sauna"].given
    for takers, pays in ((10, False), (11, True)):
        mean = (n.prior_a + takers) / (n.prior_a + n.prior_b + n.pilots)
        assert (mean * n.front_buyers * n.back_margin >= n.build_cost) is pays
    assert n.scenario(WhichFirst).payers_needed == 11


def test_the_question_if_surer_is_answered_as_the_model_does() -> None:
    numbers = dict(EXERCISES["which-first-if-surer"].given)
    assert WhichFirst(**numbers).best == "front first"
    assert WhichFirst(**numbers | {"prior_a": 20, "prior_b": 480}).best == "neither"


def test_own_numbers_decide() -> None:
    mine = WhichFirst(front_buyers=100, back_margin=80_000, build_cost=400_000, pilots=30,
                      prior_a=0.6, prior_b=9.4)  # fmt: skip
    assert grade("which-first-own-break-even", 0.05, mine).correct
    assert grade("which-first-own-pre-orders-needed", 2, mine).correct
    assert not grade("which-first-own-pre-orders-needed", 1, mine).correct
    free = WhichFirst(build_cost=0)
    assert grade("which-first-own-pre-orders-needed", 0, free).correct


@pytest.mark.parametrize("field", ["front_buyers", "back_margin"])
def test_own_numbers_without_an_answer_are_said_to_have_none(field: str) -> None:
    mine = WhichFirst(**{field: 0})
    for key in ("which-first-own-break-even", "which-first-own-pre-orders-needed"):
        assert "no such number" in grade(key, 1, mine).message
