"""Lesson 04's answers once more, by hand, and its counts against the published data."""

from fractions import Fraction

from twostep.data import email_experiment
from twostep.practice import EXERCISES, grade


def test_the_counts_of_the_question_are_the_published_ones() -> None:
    buyers = dict(email_experiment().set_index("arm").buyers)
    assert EXERCISES["come-anyway-predict"].given == {
        "mailed": buyers["mens"],
        "none": buyers["none"],
    }


def test_the_answers_are_those_of_exact_arithmetic() -> None:
    new = 40 * (40 + Fraction(6, 10) * 250)
    for key, answer in {
        "come-anyway-cards": Fraction(45_000, 10),
        "come-anyway-ramen": 8,  # (20 × 80% × ¥200 + 500 × ¥4) ÷ (¥900 − ¥200) = 7.4
        "come-anyway-new": new,
        "come-anyway-switchers": 24 * (180 - 40),
        "come-anyway-profit": new - 3_360,
        "come-anyway-switch-limit": new / (300 * 140),
    }.items():
        assert grade(key, answer).correct, key
