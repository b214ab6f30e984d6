"""Chapter 12's exercises once more, by exact fractions and by counting every possible answer."""

from fractions import Fraction
from math import comb, factorial

import pytest

from twostep.models.which_first import WhichFirst
from twostep.practice import EXERCISES, grade

TAKERS, REFUSERS, BUYERS, MARGIN, COST = 1, 24, 200, 150_000, 1_500_000
GAIN, LEFT, ASKING = Fraction(1, 10), Fraction(9, 10), 100_000


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


def test_naoko_by_exact_arithmetic() -> None:
    mean = Fraction(TAKERS, TAKERS + REFUSERS)
    exact: dict[str, Fraction | int] = {
        "which-first-break-even": Fraction(COST, BUYERS * MARGIN),
        "which-first-commit": (1 + GAIN) * mean * BUYERS * MARGIN - COST,
        "which-first-updated": Fraction(TAKERS + 8, TAKERS + REFUSERS + 60),
        "which-first-pre-orders-needed": 8,
        "which-first-front-first": LEFT * worth_of_asking(60) - ASKING,
        "which-first-lesson-break-even": Fraction(12, 100),
        "which-first-lesson-updated": Fraction(56, 700),
        "which-first-lesson-pre-orders-needed": 8,
    }
    for key, answer in exact.items():
        assert grade(key, answer).correct, key
    assert mean * BUYERS * MARGIN - COST == EXERCISES["which-first-front-first"].given.plan_now
    assert grade("which-first-worth-of-asking", [
        [asked, worth_of_asking(asked)] for asked in (0, 5, 20, 60, 200)
    ]).correct  # fmt: skip


def test_the_number_needed_is_the_first_that_pays() -> None:
    for key, paid in (("which-first-pre-orders-needed", 8),
                      ("which-first-lesson-pre-orders-needed", 8)):  # fmt: skip
        n = EXERCISES[key].given
        for takers, pays in ((paid - 1, False), (paid, True)):
            mean = (n.prior_a + takers) / (n.prior_a + n.prior_b + n.pilots)
            assert (mean * n.front_buyers * n.back_margin >= n.build_cost) is pays


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
