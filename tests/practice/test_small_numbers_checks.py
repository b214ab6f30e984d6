"""Lessons 09 and 10: right answers worked out by hand, and wrong ones with their true reason."""

import math
from typing import Any

import pytest

from twostep.models.audience import Audience
from twostep.models.small_numbers import SplitTest
from twostep.practice import EXERCISES, Outcome, grade
from twostep.practice.publish_first import NANA, RYO


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("small-numbers-predict", "c"),
        ("small-numbers-predict-peeking", "b"),
        ("small-numbers-dish", 5 / 50),
        ("small-numbers-dish", "10%"),
        # Twice 1,863 people, 900 a month: z 1.96 and 0.84, rates 4 % and 6 %.
        (
            "small-numbers-months",
            2
            * (1.959964 * math.sqrt(2 * 0.05 * 0.95) + 0.841621 * math.sqrt(0.0384 + 0.0564)) ** 2
            / 0.02**2
            / 900,
        ),
        ("small-numbers-whole-life", "375万円"),
        ("small-numbers-cycle", 206_735),
        ("small-numbers-guesses", 3.9),
        ("publish-first-predict", "d"),
        ("publish-first-predict-twice", "a"),
        ("publish-first-predict-year", "c"),
        ("publish-first-market", 0.92**25),
        ("publish-first-needed", 445),
        ("publish-first-speaks", 74),
        ("publish-first-two-months", (60 * 0.92 + 25) * 0.92 + 25),
        ("publish-first-cheap", 74 - 24),
        ("publish-first-who-comes", 17 / 40),
    ],
)
def test_what_is_right_by_hand_is_right(key: str, answer: Any) -> None:
    assert grade(key, answer).correct


@pytest.mark.parametrize(
    ("key", "answer", "mistake"),
    [
        ("small-numbers-dish", 0.175, "half-guess-half-count"),
        ("small-numbers-dish", 5, "count-for-share"),
        ("small-numbers-dish", 2 / 40, "guess-thrown-away"),
        ("small-numbers-months", 2.07, "one-offer-only"),
        ("small-numbers-cycle", 56_735, "renewal-every-month"),
        # 300,000 + 276,000 + 253,920 + 233,606.4 in four monthly steps, less one renewal.
        ("small-numbers-cycle", (1_063_526.4 - 200_000) / 4, "in-monthly-steps"),
        ("small-numbers-months", 2 * 1_900 / 900, "by-hand"),
        (
            "small-numbers-worn",
            0.4375,
            None,
        ),  # 1 − (18 ÷ 640) ÷ (30 ÷ 600): a drop, but no known mistake
        ("small-numbers-worn", 0.4, "drop-in-buyers"),
        ("small-numbers-guesses", 5, "all-of-them"),
        ("publish-first-market", 2, "expected-buyers"),
        ("publish-first-market", 0.92, "one-person"),
        ("publish-first-needed", 444, "rounded-down"),
        ("publish-first-needed", 134, "all-followers-trust"),
        ("publish-first-speaks", 25, "one-buyer-expected"),
        ("publish-first-speaks", 75, "rule-of-three"),
        ("publish-first-two-months", 110, "nobody-leaves"),
        ("publish-first-cheap", 74, "course-alone"),
        ("publish-first-who-comes", 0.55, "middle-of-two-shares"),
    ],
)
def test_a_wrong_answer_is_told_its_true_reason(key: str, answer: Any, mistake: str | None) -> None:
    result = grade(key, answer)
    assert not result.correct
    assert result.mistake == mistake


def test_an_own_scenario_is_computed_from_what_was_typed() -> None:
    mine = Audience(start_audience=150, start_trust=20, buy_rate=0.05)
    assert grade("publish-first-own-today", 1, mine).correct
    assert grade("publish-first-own-today", 7.5, mine).mistake == "all-followers"
    shops = SplitTest(buyers_a=3, shown_a=60, buyers_b=6, shown_b=50)
    assert grade("small-numbers-own-lift", 0.07, shops).correct
    assert grade("small-numbers-own-lift", 1.4, shops).mistake == "as-a-part-of-a"
    nobody = SplitTest(buyers_a=0, shown_a=0, buyers_b=6, shown_b=50)
    assert grade("small-numbers-own-lift", 0.1, nobody).outcome is Outcome.UNREADABLE


def test_the_people_of_the_pages_are_those_of_the_checks() -> None:
    assert float(NANA.trust(0)) == EXERCISES["publish-first-predict-twice"].given["start_trust"]
    assert RYO.audience(2) == pytest.approx(98.784)
