"""Nobody passes a question by where the right option stands, or by how long it is."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

import pytest

from twostep.practice import EXERCISES, Choice, Number, Numbers, Option
from twostep.units import YEN

CHOICES = [each for each in EXERCISES.values() if isinstance(each, Choice)]


def right_letter(choice: Choice) -> str:
    return next(letter for letter, option in choice.lettered.items() if option.right)


def one_sided(letters: Iterable[str]) -> Iterator[str]:
    """The letters that are right too often, or never though a question offers them."""
    counts = Counter(letters)
    for letter in "abc":
        share = counts[letter] / counts.total()
        if not 0.15 <= share <= 0.45:
            yield f"{letter} is right in {share:.0%} of the questions"
    if not counts["d"]:
        yield "d is never right"


def lengths(choice: Choice) -> dict[str, int]:
    return {letter: len(option.text) for letter, option in choice.quiz.options.items()}


def unlike(choice: Choice) -> str | None:
    """Why options give themselves away by their length; numbers by themselves do not."""
    if all(re.fullmatch(r"\{\w+\}", option.text) for option in choice.options):
        return None
    found = lengths(choice)
    if max(found.values()) > 1.8 * min(found.values()):
        return f"{choice.key}: the options have {found} letters"
    return None


def test_the_right_letter_is_spread() -> None:
    assert len(CHOICES) >= 9
    assert not list(one_sided(map(right_letter, CHOICES)))
    assert list(one_sided("cbcbbbcbc"))  # as it was: never a


def test_options_are_of_like_length() -> None:
    assert not [complaint for each in CHOICES if (complaint := unlike(each))]
    long = replace(CHOICES[0].options[0], text="It depends: " + 9 * "compare this with that, ")
    assert unlike(replace(CHOICES[0], options=(long, *CHOICES[0].options[1:])))


def stands_out(choice: Choice) -> str:
    """Whether the right option is by far the longest of all, or by far the shortest."""
    found = lengths(choice)
    right = found.pop(right_letter(choice))
    if right >= 1.1 * max(found.values()):
        return "longest"
    return "shortest" if 1.1 * right <= min(found.values()) else ""


def test_the_right_option_is_not_known_by_its_length() -> None:
    counts = Counter(map(stands_out, CHOICES))
    assert counts["longest"] <= 0.4 * len(CHOICES)
    assert counts["shortest"] <= 0.4 * len(CHOICES)
    clever = tuple(
        replace(option, text="It depends on both" if option.right else "It does not")
        for option in CHOICES[0].options
    )
    assert stands_out(replace(CHOICES[0], options=clever)) == "longest"


@pytest.mark.parametrize("choice", CHOICES, ids=lambda each: each.key)
def test_a_number_in_an_option_is_computed_and_unlike_the_others(choice: Choice) -> None:
    assert not re.search(r"\d", "".join(option.text for option in choice.options))
    for option in choice.options:
        assert bool(option.formula) == bool(re.search(r"\{(value|about)\}", option.text))
    values = [float(each.formula(choice.given)) for each in choice.options if each.formula]
    for one, other in combinations(values, 2):
        assert abs(one - other) >= 0.1 * max(abs(one), abs(other)), (one, other)


def test_options_that_are_numbers_are_written_by_the_unit() -> None:
    choice = Choice(
        key="worth",
        given=Numbers(
            Number("front_margin", "Front margin", YEN, 4_500),
            Number("later", "Later", YEN, 0.08 * 229_200),
        ),
        unit=YEN,
        question="What is one front buyer worth?",
        options=(
            Option("front-alone", "{value}", "Only {value}.", lambda n: n.front_margin),
            Option("both", "{about}", "In full {value}.", lambda n: n.front_margin + n.later, True),
            Option("round", "{about}", "", lambda _n: 12_000),
        ),
        hint="",
    )
    texts = [option.text for option in choice.quiz.options.values()]
    assert texts == ["¥4,500", "about ¥23,000", "¥12,000"]
    assert choice.grade("a").message == "Only ¥4,500."
    assert choice.grade("b").message == "In full ¥22,836."
    assert choice.grade("a").mistake == "front-alone"
