"""Slips that people make in every task: each one rule and one plain sentence.

A slip says, like a known mistake, which numbers it leads to. Its name never changes: a class
board counts by it.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twostep._text import _
from twostep.practice._shown import Numbers
from twostep.units import PEOPLE, Unit

if TYPE_CHECKING:
    from twostep.practice._exercise import Computed

SAME = 1e-6  # two numbers closer than this differ by computing, not by a mistake


def rounded(value: float, digits: int) -> float:
    """The number with so many digits (leading zeros do not count), halves away from zero."""
    return float(f"{value * (1 + 1e-12):.{digits - 1}e}")


def last_place(value: float, digits: int) -> float:
    """What one step in the last of so many digits is worth: 0.001 for 0.756 and three digits."""
    return float(f"1e{int(f'{value:e}'.partition('e')[2]) - digits + 1}")


@dataclass(frozen=True)
class Near:
    """One number, how far from it still counts as the same, and whether it is a rounded one.

    A rounded wrong number may be another one, rounded: it counts only where nothing fits exactly.
    """

    value: float
    slack: float
    rounded: bool = False

    def holds(self, typed: float) -> bool:
        """Whether what was typed counts as this number."""
        return abs(typed - self.value) <= self.slack


def exactly(*values: float, rounded: bool = False) -> list[Near]:
    """These numbers and no others."""
    return [Near(value, SAME * min(1, abs(value)), rounded) for value in values]


def in_digits(value: float, *digits: int) -> list[Near]:
    """The number rounded to so many digits."""
    return exactly(*(rounded(value, count) for count in digits), rounded=True)


@dataclass(frozen=True)
class Slot:
    """One number of an answer: where it stands ("" for the only one), its unit, digits asked for.

    With `digits` None it must be exact.
    """

    place: str
    unit: Unit
    digits: int | None

    def tolerance(self, value: float, more_digits: int = 0) -> float:
        """How far from this number still counts as the same: half a step of the last digit."""
        if self.digits is None or not math.isfinite(value):
            return SAME
        return max(SAME, 0.5 * last_place(value, self.digits + more_digits))

    def near(self, value: float) -> Near:
        """The right number, within its tolerance."""
        return Near(value, self.tolerance(value))

    def typed_as(self, value: float) -> list[Near]:
        """How a wrong number is typed: as computed, or rounded to three digits or two.

        It has to agree in one digit more than a right one, so that no reason is told by chance.
        """
        if not math.isfinite(value):
            return []
        return [Near(value, self.tolerance(value, 1)), *in_digits(value, 3, 2)]

    def text(self, value: float) -> str:
        """The number in its unit; very large ones in short."""
        return self.unit.text(value) if abs(value) < 1e12 else f"{value:.3g}"


@dataclass(frozen=True)
class Reason:
    """Why an answer is wrong: a stable name, the sentence, and for each slot what it leads to."""

    name: str
    text: str
    leads_to: Sequence[Sequence[Near]]

    def fits(self, typed: Sequence[float], right: Sequence[Near], rounded: bool = False) -> bool:
        """Whether each number typed comes from this reason, or is right (but not all of them).

        `rounded` lets rounded wrong numbers count too.
        """
        pairs = list(zip(typed, self.leads_to, right, strict=True))
        return all(
            near.holds(value)
            or any(each.holds(value) for each in wrong if rounded or not each.rounded)
            for value, wrong, near in pairs
        ) and not all(near.holds(value) for value, _wrong, near in pairs)


@dataclass(frozen=True)
class Task:
    """An exercise on its numbers: what a slip starts from. `exact` is not yet made whole."""

    exercise: "Computed"
    numbers: Numbers
    slots: Sequence[Slot]
    right: Sequence[float]
    exact: Sequence[float]

    def reason(self, name: str, text: str, leads_to: Callable[[float, Slot], list[Near]]) -> Reason:
        """A slip that turns each right number by itself into a wrong one."""
        pairs = zip(self.right, self.slots, strict=True)
        return Reason(name, text, [leads_to(value, slot) for value, slot in pairs])

    def with_numbers(self, name: str, text: str, numbers: Numbers) -> Iterator[Reason]:
        """A slip that computes rightly from other numbers, if they make a difference."""
        wrong = self.exercise.task(numbers).right
        if wrong != self.right:
            pairs = zip(wrong, self.slots, strict=True)
            yield Reason(name, text, [slot.typed_as(value) for value, slot in pairs])


def percent_as_number(task: Task) -> Iterator[Reason]:
    yield task.reason(
        "percent-as-number",
        _(
            "Your answer is in percent. In code a share is written as a decimal number: `0.08` "
            "for 8%. Divide your answer by 100."
        ),
        lambda value, slot: (
            []
            if slot.unit.scale == 1
            else [
                *slot.typed_as(value * slot.unit.scale),
                *in_digits(value * slot.unit.scale, 1),
            ]
        ),
    )


FACTOR = "factor-of-100"


def _factor(too_much: str) -> str:
    return _(
        "The digits are right, but the number is {too_much}. In code `0.08` means 8%, not "
        "8; and an amount in 万 is ten thousand times as many yen."
    ).format(too_much=too_much)


def factor_of_100(task: Task) -> Iterator[Reason]:
    sentences = {
        100: _("100 times too large"),
        10_000: _("10,000 times too large"),
        1 / 100: _("100 times too small"),
        1 / 10_000: _("10,000 times too small"),
    }
    for factor, too_much in sentences.items():
        yield task.reason(
            FACTOR,
            _factor(too_much),
            lambda value, slot, factor=factor: (  # type: ignore[misc]
                slot.typed_as(value * factor) if slot.unit.scale == 1 or factor < 1 else []
            ),
        )


def wrong_sign(task: Task) -> Iterator[Reason]:
    yield task.reason(
        "wrong-sign",
        _("The size is right, the sign is not: what is lost is below zero, what is earned above."),
        lambda value, slot: slot.typed_as(-value) if slot.unit.low < 0 else [],
    )


def count_and_share(task: Task) -> Iterator[Reason]:
    if not task.exercise.of:
        return
    base = task.exercise.of(task.numbers)
    if task.exercise.unit.scale != 1:
        yield task.reason(
            "count-for-share",
            _(
                "That is how many of the {base}. The question is which share of them: divide by "
                "{base}."
            ).format(base=PEOPLE.text(base)),
            lambda value, slot: [
                *slot.typed_as(value * base),
                *exactly(round(value * base), rounded=True),
            ],
        )
    elif base:
        yield task.reason(
            "share-for-count",
            _(
                "That is a share. The question is how many of the {base} it is: multiply by {base}."
            ).format(base=PEOPLE.text(base)),
            lambda value, slot: slot.typed_as(value / base),
        )


def number_of_the_page(task: Task) -> Iterator[Reason]:
    if task.exercise.page and not task.exercise.own:
        yield from task.with_numbers(
            "number-of-the-page",
            _(
                "That is the answer for the business on the page above. The table of this task has "
                "other numbers."
            ),
            task.exercise.page,
        )


def price_for_margin(task: Task) -> Iterator[Reason]:
    prices = {
        margin: task.numbers[price]
        for margin in task.numbers
        if (price := margin.removesuffix("_margin") + "_price") in task.numbers
    }
    for used in [{margin: price} for margin, price in prices.items()] + (
        [prices] if len(prices) > 1 else []
    ):
        yield from task.with_numbers(
            "price-for-margin",
            _(
                "You used a price where a margin belongs. A margin is what is left of the price "
                "when the direct costs of a sale are paid."
            ),
            task.numbers.with_values(**used),
        )


def whole_people(task: Task) -> Iterator[Reason]:
    pairs = list(zip(task.exact, task.slots, strict=True))
    if task.exercise.whole:
        yield Reason(
            "rounded-down",
            _(
                "You rounded down. Then a part of a person is missing and it is not enough: round "
                "up."
            ),
            [exactly(math.floor(value)) for value, _slot in pairs],
        )
        yield Reason(
            "fraction-of-a-person",
            _(
                "As a fraction that is right, but nobody comes in parts. So many are needed at "
                "least: round up."
            ),
            [[Near(value, 0.05)] for value, _slot in pairs],
        )
    elif task.exercise.unit is PEOPLE:
        yield Reason(
            "average-made-whole",
            _(
                "The number is right but rounded too far: an average is asked for, and it may be a "
                "fraction, such as 2.75."
            ),
            [
                exactly(math.floor(value), math.ceil(value)) if slot.tolerance(value) < 0.5 else []
                for value, slot in pairs
            ],
        )


def rounded_too_far(task: Task) -> Iterator[Reason]:
    def fewer_digits(value: float, _slot: Slot) -> list[Near]:
        place = last_place(value, 2)
        cut = place * math.trunc(value / place)
        return exactly(rounded(value, 1), rounded(value, 2), cut)

    yield task.reason(
        "rounded",
        _("The number is right but rounded too far: {digits}").format(digits=_digits_wanted(task)),
        fewer_digits,
    )


def _digits_wanted(task: Task) -> str:
    """How many digits the smallest number of the answer needs, without telling the number."""
    pairs = zip(task.right, task.slots, strict=True)
    places = [last_place(value, slot.digits) for value, slot in pairs if slot.digits and value]
    if not places:
        return _("give the whole number, exactly.")
    place = min(places)
    if place < 1:
        return _("give as many decimals as in {example}.").format(
            example=f"{0.123456789:.{round(-math.log10(place))}f}"
        )
    return _("give it to {place} or closer.").format(place=task.exercise.unit.text(place))


def rounded_early(task: Task) -> Iterator[Reason]:
    yield task.reason(
        "rounded-early",
        _(
            "Very close: less than 1% away. Most often a number on the way was rounded. Keep all "
            "its digits to the end, and round only the answer."
        ),
        lambda value, slot: [] if slot.digits is None else [Near(value, 0.01 * abs(value))],
    )


SLIPS: tuple[Callable[[Task], Iterator[Reason]], ...] = (
    percent_as_number,
    factor_of_100,
    wrong_sign,
    count_and_share,
    number_of_the_page,
    price_for_margin,
    whole_people,
    rounded_too_far,
    rounded_early,
)
"""In the order in which they are looked for: the first that fits is told."""


def slip_words(task: Task, name: str) -> str | None:
    """What is said in this task of the slip with this name, to a whole class; None for no slip."""
    if name == FACTOR:  # one of four sentences, and who made it got another one
        return _factor(_("too large or too small by a factor of 100 or 10,000"))
    return next((each.text for slip in SLIPS for each in slip(task) if each.name == name), None)
