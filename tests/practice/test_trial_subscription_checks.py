"""Lesson 06 once more, by hand: exact fractions, and fits against what the tasks print."""

from fractions import Fraction

import pytest

from twostep.models.retention import ShiftedBetaGeometric
from twostep.models.trial import Trial
from twostep.models.two_kinds import TwoKinds
from twostep.practice import EXERCISES, Choice, grade
from twostep.practice.trial_subscription import WORTHS

REN = (600, 480, 408, 361, 327, 301)


def test_the_answers_are_those_of_exact_arithmetic() -> None:
    outlay = 1_480 + 860 - 560
    for key, answer in {
        "trial-subscription-soap": Fraction(828_000, 90),
        "trial-subscription-gym": 21_600 + 5_400 - 24_000,
        "trial-subscription-ren-outlay": outlay,
        "trial-subscription-ren-cost": outlay / Fraction(3, 10),
        "trial-subscription-ren-so-far": Fraction(1_500 * sum(REN), 600),
        "trial-subscription-ren-limit": 560 - 860 + Fraction(3, 10) * 12_739,
    }.items():
        assert grade(key, answer).correct, key


def test_rens_money_is_back_with_the_sixth_delivery() -> None:
    needed = 1_780 / Fraction(3, 10)
    back = [sum(Fraction(1_500 * n, 600) for n in REN[:k]) >= needed for k in range(1, 7)]
    assert back == [False] * 5 + [True]
    assert grade("trial-subscription-ren-payback", 6).correct
    for wrong, name in {4: "nobody-leaves", 8: "first-retention-for-ever"}.items():
        assert grade("trial-subscription-ren-payback", wrong).mistake == name


def test_the_worths_of_the_tasks_are_those_of_the_fits() -> None:
    two, many = TwoKinds.fit(REN), ShiftedBetaGeometric.fit(REN).model
    computed = {
        "two_24": two.payments_within(24, 0.01),
        "many_24": many.payments_within(24, 0.01),
        "two_ever": two.expected_payments(0.01),
        "many_ever": many.expected_payments(0.01),
    }
    assert dict(WORTHS) == {name: round(1_500 * float(n)) for name, n in computed.items()}


@pytest.mark.parametrize("worth", [WORTHS.many_ever, WORTHS.two_ever, WORTHS.many_24])
def test_no_spending_limit_beyond_what_the_counts_carry_is_right(worth: float) -> None:
    assert grade("trial-subscription-ren-limit", -300 + 0.3 * worth).mistake
    plan = EXERCISES["trial-subscription-ren-plan"]
    assert isinstance(plan, Choice)
    (right,) = (each for each in plan.options if each.right)
    assert right.formula is not None
    assert right.formula(plan.given) < worth


def test_the_month_of_the_prediction_is_counted_by_hand() -> None:
    cash, month = Fraction(980 - 1_300 - 2_500), 0
    while cash < 0:
        cash += Fraction(750) * Fraction(4, 5) ** month
        month += 1
    predict = EXERCISES["trial-subscription-predict"]
    assert isinstance(predict, Choice)
    assert predict.quiz.options["c"].text.startswith(f"After {month} months")
    assert Trial().payback_month == month
    assert [each.right for each in predict.options] == [False, False, True, False]
