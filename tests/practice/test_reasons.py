"""A wrong answer is told the true reason, or none: the guard over all exercises.

Two formulae of a task may give the same number by chance (gifts of ¥100,000 and a fixed cost of
¥100,000). Then a learner is told of a mistake somebody else makes. The guard names the exercise and
the two reasons; choose other numbers for the task.
"""

import inspect
import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from itertools import combinations
from typing import Any

import pytest
from IPython.core.formatters import DisplayFormatter

from twostep import practice
from twostep.models.funnel import Funnel
from twostep.practice import (
    EXERCISES,
    Choice,
    Computed,
    Exercise,
    Figure,
    Mistake,
    Number,
    Numbers,
    Outcome,
    Table,
    grade,
)
from twostep.practice._slips import SLIPS, Near, Reason
from twostep.units import PEOPLE, RATE, YEN

COMPUTED = [each for each in EXERCISES.values() if isinstance(each, Computed)]
# Several slips in one: whoever types 4 for 3.84 has rounded, and has made an average whole.
ROUNDING = {
    "rounded",
    "rounded-early",
    "average-made-whole",
    "rounded-down",
    "fraction-of-a-person",
}
SLIP_NAMES = ROUNDING | {
    "percent-as-number", "factor-of-100", "wrong-sign", "count-for-share", "share-for-count",
    "number-of-the-page", "price-for-margin",
}  # fmt: skip


def typed(reason: Reason, right: Sequence[Near]) -> Iterator[list[float]]:
    """What a learner types for this reason: each of the ways in which it may come out."""
    exact = [[near.value for near in ways if not near.rounded] for ways in reason.leads_to]
    for way in range(max(map(len, exact))):
        yield [
            ways[min(way, len(ways) - 1)] if ways else near.value
            for ways, near in zip(exact, right, strict=True)
        ]


def is_right(values: Sequence[float], right: Sequence[Near]) -> bool:
    return all(near.holds(value) for value, near in zip(values, right, strict=True))


def collisions(exercise: Computed) -> Iterator[str]:
    """Two reasons, or a reason and the right answer, that one and the same answer has."""
    task = exercise.task(exercise.given)
    right = [slot.near(value) for slot, value in zip(task.slots, task.right, strict=True)]
    mistakes = exercise.known(task)
    slips = [reason for slip in SLIPS for reason in slip(task)]
    for mistake in mistakes:
        for values in typed(mistake, right):
            if is_right(values, right):
                yield f"{exercise.key}: {mistake.name} gives the right answer, {values}"
            for other in [*mistakes, *slips]:
                if other is not mistake and other.fits(values, right):
                    yield f"{exercise.key}: {mistake.name} and {other.name} both give {values}"
    for slip in slips:
        for values in typed(slip, right):
            if is_right(values, right):
                continue  # nothing to round in 8%, no page with other numbers
            for other in [*mistakes, *slips]:
                different = other.name != slip.name and {other.name, slip.name} - ROUNDING
                if different and other.fits(values, right):
                    yield f"{exercise.key}: {slip.name} and {other.name} both give {values}"


def too_close(exercise: Computed) -> Iterator[str]:
    """Known mistakes less than ten tolerances from the right answer, or from each other.

    From the answer: of its own tolerances. From each other: of the smaller ones of mistakes.
    """
    task = exercise.task(exercise.given)
    known = {reason.name: [ways[0] for ways in reason.leads_to] for reason in exercise.known(task)}
    known["the right answer"] = [
        slot.near(value) for slot, value in zip(task.slots, task.right, strict=True)
    ]
    for (name, one), (other, two) in combinations(known.items(), 2):
        if not any(
            abs(a.value - b.value) >= 10 * max(a.slack, b.slack) * (1 - 1e-9)
            for a, b in zip(one, two, strict=True)
        ):
            values = [[near.value for near in each] for each in (one, two)]
            yield f"{exercise.key}: {name} {values[0]} is too close to {other} {values[1]}"


def coincidences(exercise: Computed) -> Iterator[str]:
    """Given numbers that coincide: equal ones, and two of which leaving out either does the same.

    Where it does the same with other numbers too (a rate and what it is multiplied by), it is no
    coincidence but how the formula is built.
    """
    given = exercise.given
    shown = {name: text for name, text in given.texts.items() if given[name]}
    for one, other in combinations(shown, 2):
        units = {each.unit for each in given.listed if each.name in (one, other)}
        if len(units) == 1 and given[one] == given[other]:
            yield f"{exercise.key}: {one} and {other} are both {shown[one]}"
    smaller = {
        name: value * 0.99 ** (place * place)
        for place, (name, value) in enumerate(given.items(), start=1)
    }
    others = given.with_values(
        **{name: round(value) if given[name] % 1 == 0 else value for name, value in smaller.items()}
    )
    here, elsewhere = left_out(exercise, given), left_out(exercise, others)
    for one, other in combinations(here, 2):
        if same(exercise, here[one], here[other]) and not (
            one in elsewhere
            and other in elsewhere
            and same(exercise, elsewhere[one], elsewhere[other])
        ):
            yield f"{exercise.key}: leaving out {one} or {other} gives the same, {here[one]}"


def left_out(exercise: Computed, given: Numbers) -> dict[str, list[float]]:
    """The answer without each of the given numbers that makes a difference to it."""
    results = {}
    right = exercise.values(exercise.answer, given)
    for name in given:
        with suppress(ArithmeticError, ValueError):
            values = exercise.values(exercise.answer, given.with_values(**{name: 0}))
            if all(map(math.isfinite, values)) and not same(exercise, values, right):
                results[name] = values
    return results


def same(exercise: Computed, one: Sequence[float], other: Sequence[float]) -> bool:
    return is_right(one, [s.near(v) for s, v in zip(exercise.slots(), other, strict=True)])


def said(guard: Callable[[Computed], Iterator[str]]) -> list[str]:
    """What a guard says about all exercises, one line each, on the screen too."""
    lines = [line for exercise in COMPUTED for line in guard(exercise)]
    print(*lines, sep="\n")
    return lines


def test_no_two_reasons_and_no_reason_and_the_answer_come_out_the_same() -> None:
    assert len(COMPUTED) >= 25
    assert not said(collisions)


def test_answer_and_known_mistakes_lie_ten_tolerances_apart() -> None:
    assert not said(too_close)


def test_no_given_numbers_coincide() -> None:
    assert not said(coincidences)


# The guard itself, on a task made to go wrong


def shop(gift_cost: float = 100, lift: float = 0.25) -> Figure:
    """The task of the review: 1,000 gifts of ¥100, and a fixed cost of ¥100,000."""
    given = Numbers.of(Funnel(lead_rate=0.10, gift_cost=gift_cost, fixed_cost=100_000))
    return Figure(
        key="shop",
        given=given + Numbers(Number("lift", "Lift", RATE, lift)),
        unit=RATE,
        answer=lambda n: n.scenario(Funnel).break_even_back_rate,
        mistakes=(
            Mistake(
                "fixed-cost-left-out",
                lambda n: n.scenario(Funnel, fixed_cost=0).break_even_back_rate,
                "Fixed cost.",
            ),
            Mistake(
                "gifts-left-out",
                lambda n: n.scenario(Funnel, gift_cost=0).break_even_back_rate,
                "Gifts.",
            ),
        ),
        means="",
        hint="",
    )


def test_the_guard_names_exercise_and_reasons() -> None:
    fine = shop(150)
    assert not [*collisions(fine), *too_close(fine), *coincidences(fine)]
    both = next(collisions(shop()))
    assert both.startswith("shop: fixed-cost-left-out and gifts-left-out both give [0.0239")
    assert "fixed-cost-left-out" in next(too_close(shop()))
    assert next(coincidences(shop())).startswith("shop: leaving out gift_cost or fixed_cost gives")
    assert list(coincidences(shop(150, lift=0.10))) == ["shop: lead_rate and lift are both 10%"]

    def with_mistake(name: str, factor: float) -> Figure:
        mistake = Mistake(name, lambda n: factor * fine.answer(n), "")
        return replace(fine, mistakes=(mistake,))

    assert "hundredfold and percent-as-number both give" in next(
        collisions(with_mistake("hundredfold", 100))
    )
    assert "near and rounded-early both give" in next(collisions(with_mistake("near", 1.004)))
    assert "same gives the right answer" in next(collisions(with_mistake("same", 1)))


def test_the_example_at_the_top_of_the_package_is_an_exercise() -> None:
    block = str(practice.__doc__).partition("::\n")[2].partition("\n- ")[0]
    names: dict[str, Any] = {"_": str, "PEOPLE": PEOPLE, "RATE": RATE, "YEN": YEN}
    names |= {name: getattr(practice, name) for name in practice.__all__}
    exec(inspect.cleandoc(block), names)
    example = names["cpa"]
    assert isinstance(example, Figure)
    assert not [*collisions(example), *too_close(example), *coincidences(example)]
    assert example.grade("1,034 yen").correct
    assert "¥130 for everyone who tastes" in example.grade(514.29).message


# What the review found, and what a learner is told now


def told(key: str, answer: object) -> str | None:
    """The name of the mistake that a learner is told of."""
    return grade(key, answer).mistake


@pytest.mark.parametrize(
    ("key", "answer", "name"),
    [
        ("break-even", (6_000 + 2_500 - 1_800) / 90_000, "gifts-left-out"),
        ("break-even", (8_000 - 1_800) / 90_000, "fixed-cost-left-out"),
        ("break-even", (8_000 + 2_500 - 1_800) / 120_000, "price-for-margin"),
        ("break-even", (8_000 + 2_500 - 3_300) / 120_000, "price-for-margin"),
        ("break-even", "0.0967", None),
        ("break-even", 0.097, "rounded"),
        ("break-even", 9.67, "percent-as-number"),
        ("visitors-per-back-buyer", 9, "back-buyers-a-month"),
        ("visitors-per-back-buyer", 1 / 0.30, "rates-added"),
        ("visitors-per-back-buyer", 3.3, "rates-added"),
        ("visitors-per-back-buyer", 4.5, None),
        ("visitors-per-back-buyer", 2_604, "number-of-the-page"),
        ("cpa", 10_416.67, "number-of-the-page"),
        ("cpa", 10_500, "fixed-cost-added"),
        ("cpa", 6_200, "margin-subtracted"),
        ("cpa", 6_000, "gifts-left-out"),
        ("cpa", 80, "factor-of-100"),
        ("profit-lift", 159_600 + 183_600 + 162_000, "single-lifts-added"),
        ("profit-lift", -613_200, "wrong-sign"),
    ],
)
def test_two_offers(key: str, answer: object, name: str | None) -> None:
    assert told(f"two-offers-{key}", answer) == name


@pytest.mark.parametrize(
    ("key", "answer", "name"),
    [
        ("which-first-commit", 8.8, "takers-not-yen"),
        ("which-first-commit", 0, "worth-of-leaving"),
        ("which-first-commit", 9, None),
        ("which-first-lesson-pre-orders-needed", 7.8, "fraction-of-a-person"),
        ("which-first-lesson-pre-orders-needed", 7, "rounded-down"),
        ("which-first-lesson-pre-orders-needed", 6, "belief-left-out"),
        ("which-first-lesson-updated", 5.6, "count-for-share"),
        ("who-stays-constant", 0, "straight-line"),
        ("who-stays-constant", 0.8**5, "share-for-count"),
        ("who-stays-second-of-two-kinds", 0.76, "rounded"),
        ("who-stays-second-of-two-kinds", 0.768, "rounded-early"),
        ("who-stays-second-of-two-kinds", 76, "percent-as-number"),
        ("who-stays-second-of-two-kinds", "76%", "rounded"),
        ("who-stays-survival", 361, "count-for-share"),
        ("start-here-share", 2_700, "factor-of-100"),
        ("start-here-share", 0.06, "share-for-count"),
    ],
)
def test_other_chapters(key: str, answer: object, name: str | None) -> None:
    assert told(key, answer) == name


def test_three_digits_are_right_and_fewer_are_told_how_many_are_missing() -> None:
    assert grade("who-stays-second-of-two-kinds", 0.762).correct
    assert "as many decimals as in 0.123." in grade("who-stays-second-of-two-kinds", 0.76).message
    average = replace(shop(), unit=PEOPLE, answer=lambda _n: 3.84, mistakes=())
    assert average.grade(4).mistake == "average-made-whole"
    assert average.grade(3.8).mistake == "rounded"
    assert "as in 0.12." in average.grade(3.8).message


def test_a_slip_is_seen_in_a_table() -> None:
    table = EXERCISES["which-first-worth-of-asking"]
    assert isinstance(table, Table)
    rows = list(zip(table.rows, table.answer(table.given), strict=True))
    assert table.grade([[row, worth / 100] for row, worth in rows]).mistake == "factor-of-100"
    assert table.grade([[row, -worth] for row, worth in rows]).mistake == "wrong-sign"
    assert table.grade([[row, table.unit.text(worth)] for row, worth in rows]).correct


def test_where_two_mistakes_come_out_the_same_both_are_told() -> None:
    no_gifts_and_no_margin = Funnel(gift_cost=0, front_margin=0, fixed_cost=0)
    cpa = 50 / 0.08 / 0.06
    assert grade("two-offers-own-cpa", cpa, no_gifts_and_no_margin).correct
    rounded = grade("two-offers-allowable-cpa", 14_000)  # ¥13,500 or ¥13,770
    assert rounded.outcome is Outcome.KNOWN_MISTAKE
    assert rounded.mistake is None
    assert "several reasons: You left out the front sale" in rounded.message
    assert "/ Every front buyer brings" in rounded.message


@pytest.mark.parametrize("typed_in", [
    "8000", "8,000", "¥8,000", "8,000 yen", "8000円", "８，０００", "0.8万円", " ¥8000 ", "8000.0",
])  # fmt: skip
def test_an_answer_in_words_is_read(typed_in: str) -> None:
    assert grade("two-offers-cpa", typed_in).correct


@pytest.mark.parametrize(
    ("typed_in", "right"),
    [
        ("9.67%", True),
        ("９．６７％", True),
        ("0.0967", True),
        ("9.67", False),
        ("9.67 percent", True),
    ],
)
def test_a_share_in_words_is_a_percent_only_with_its_sign(typed_in: str, right: bool) -> None:
    result = grade("two-offers-break-even", typed_in)
    assert result.correct is right
    assert result.mistake == (None if right else "percent-as-number")


def test_what_cannot_be_read_in_words_says_why() -> None:
    assert "another unit" in grade("two-offers-cpa", "8,000 people").message
    assert "every three digits" in grade("two-offers-cpa", "8,00").message
    assert grade("two-offers-cpa", "eight").outcome is Outcome.UNREADABLE


# Names and data, for a class board


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda each: each.key)
def test_mistakes_have_names_of_their_own(exercise: Exercise) -> None:
    names = []
    if isinstance(exercise, Computed):
        names = [each.name for each in exercise.mistakes]
    elif isinstance(exercise, Choice):
        names = [each.name for each in exercise.options]
    assert names
    assert len(set(names)) == len(names)
    assert not set(names) & SLIP_NAMES
    for each in names:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each)


def test_slips_have_the_names_that_boards_know() -> None:
    found = {
        reason.name
        for exercise in COMPUTED
        for slip in SLIPS
        for reason in slip(exercise.task(exercise.given))
    }
    assert found == SLIP_NAMES


def test_a_result_leaves_itself_as_data_without_the_answer() -> None:
    def shown(answer: object) -> dict[str, Any]:
        result = grade("two-offers-cpa", answer)
        data, _metadata = DisplayFormatter().format(result)
        assert data["text/plain"] == repr(result)
        assert "<div" in data["text/html"]
        found: dict[str, Any] = data["application/vnd.twostep.result+json"]
        assert found.pop("version") == version("twostep")
        assert json.loads(json.dumps(found)) == found
        return found

    key = {"key": "two-offers-cpa"}
    assert shown(8_000) == key | {"outcome": "correct", "mistake": None}
    assert shown(6_000) == key | {"outcome": "known mistake", "mistake": "gifts-left-out"}
    assert shown(7_777) == key | {"outcome": "not yet", "mistake": None}
    assert shown(...) == key | {"outcome": "not answered yet", "mistake": None}
    assert told("two-offers-predict", "d") == "any-loss-is-fine"
    assert told("two-offers-predict", "c") is None
