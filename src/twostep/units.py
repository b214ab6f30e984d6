"""What a number means, what is allowed, and how it is written: once, for the whole course.

A model's field is annotated ``Annotated[<unit>, Assumption(...)]`` and an answer
``Annotated[<unit>, Answer(...)]``. Validation, sliders, labels, number formats and the tables on
the pages are all read from these two annotations; nothing about a field is written a second time.
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from numbers import Real
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from twostep._text import _

Value = float | NDArray[np.float64]
"""A number, or an array of numbers when a scenario is a whole sweep."""

# What a Japanese keyboard writes in full width, with its ¥, comma, full stop and space (and two
# other spaces that stand in numbers); and the plain signs that are meant.
_PLAIN_SIGNS = str.maketrans(
    "".join(map(chr, range(0xFF01, 0xFF5F))) + "￥、。\u3000\u00a0\u202f",
    "".join(map(chr, range(0x21, 0x7F))) + "¥,.   ",
)
_MINUS = "-−–‐ー▲△"  # △ and ▲ are how Japanese accounts write a loss
_PLACES = {"兆": 10**12, "億": 10**8, "万": 10**4, "千": 10**3, "百": 10**2}
_DIGITS = re.compile(
    r"(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:_\d{3})+|[1-9]\d{0,2}(?: \d{3})+|\d+)(?:\.\d*)?"
    r"|\.\d+",
    re.ASCII,
)
_POWER = re.compile(r"e[+-]?\d{1,3}", re.ASCII)
_TYPED = re.compile(r"([^\d.,]*)([\d.,](?:.*[\d.,兆億万千百])?)([^\d.,]*)", re.ASCII)


def _amount(text: str, below: int = 10**13) -> Decimal:
    """Read digits, grouped by threes or not, and Japanese places: 229,200 or 22.92万 or 1億2000万.

    `below` bounds the places that may follow. Raises ValueError for anything else.
    """
    text = text.strip()
    for place, size in _PLACES.items():
        if place in text and size < below:
            left, _place, right = text.partition(place)
            many = _amount(left, 10**4 if size >= 10**4 else 0)
            rest = _amount(right, size) if right else Decimal(0)
            if rest and (many % 1 or rest >= size):
                break
            return many * size + rest
    digits = _DIGITS.match(text)
    power = text[digits.end() :] if digits else text
    if not digits or (power and not _POWER.fullmatch(power)):
        raise ValueError(text)
    return Decimal(re.sub("[,_ ]", "", digits[0]) + power)


def as_float(value: object) -> float | None:
    """Return a number as a float, and None for what is no number.

    A number is whatever Python counts as a real one but a bool, a Decimal, and either of them as
    the array without dimensions that `np.where` gives. Raises OverflowError where a finite number
    is too large for a float.
    """
    if isinstance(value, np.ndarray) and not value.ndim:
        value = value[()]
    if not isinstance(value, Real | Decimal) or isinstance(value, bool | np.timedelta64):
        return None
    if isinstance(value, Decimal) and value.is_nan():
        return math.nan
    number = float(value)
    if math.isinf(number) and abs(value) != math.inf:
        raise OverflowError
    return number


def as_floats(values: NDArray[Any]) -> NDArray[np.float64] | None:
    """Return an array of numbers as a new one of floats, and None for any other array.

    Raises OverflowError where a finite number is too large for a float.
    """
    if values.dtype.kind in "fiu" and values.dtype.itemsize <= 8:
        return None if np.ma.is_masked(values) else np.array(values, dtype=float)
    if values.dtype.kind not in "fO":
        return None
    floats = [as_float(value) for value in values.flat]
    return None if None in floats else np.array(floats, dtype=float).reshape(values.shape)


class UnwritableError(ValueError):
    """A number has no digits that could be written: `nan`, `inf`, or a whole sweep."""


@dataclass(frozen=True)
class Unit:
    """How a number of one kind is bounded, typed and written.

    `low` and `high` bound every assumption in this unit. `scale` turns the stored number into the
    one a person types and reads (a share of 0.08 is typed as 8, with the suffix %). `also` are
    other words for the unit that a person may type beside the number; `suffix_of_one` stands in for
    the suffix behind exactly 1: "1 month".
    """

    low: float = 0.0
    high: float = math.inf
    prefix: str = ""
    suffix: str = ""
    suffix_of_one: str = ""
    scale: float = 1.0
    also: tuple[str, ...] = ()

    def has_digits(self, value: Value) -> bool:
        """Whether this is one number that can be written: not a sweep, not `nan`, not `inf`."""
        return not np.ndim(value) and math.isfinite(float(value) * self.scale)

    def text(self, value: Value) -> str:
        """Write one finite number for a reader: rounded, with its unit and a true minus sign.

        Two decimals while they matter (below 1 000 in size), none after. Raises UnwritableError for
        an array, and for `nan` and `inf`, which have no digits: the caller says what is missing.
        """
        if not self.has_digits(value):
            raise UnwritableError(_("{value} cannot be written as one number").format(value=value))
        shown = float(value) * self.scale
        digits = f"{abs(shown):,.2f}".rstrip("0").rstrip(".")
        if abs(shown) >= 1000:
            digits = f"{abs(shown):,.0f}"
        if digits == "0" and shown:
            return _("almost {zero}").format(zero=f"{self.prefix}0{self.suffix}")
        suffix = self.suffix_of_one if digits == "1" and self.suffix_of_one else self.suffix
        return f"{'−' if shown < 0 else ''}{self.prefix}{digits}{suffix}"

    def read(self, text: str) -> float:
        """Return the number that a person typed, as it is stored: the inverse of `text`.

        Understands 229,200, ２２９２００, 22.92万, 1.5億, ¥4,980, 8%, −500, ▲500: digits in groups
        of three or in none, a decimal point, Japanese places and digits, and this unit before or
        behind the number. Without a unit, the number is in this one: with RATE, 8 is 0.08.
        Nothing is guessed: raises ValueError, with a sentence for the person, where a comma does
        not stand before every three digits (1,2), where another unit is named, and for everything
        else. Whether the number is allowed is not asked here.
        """
        plain = text.translate(_PLAIN_SIGNS).strip()
        words = _(
            "“{text}” cannot be read as a number. A comma stands before every three digits, as in"
            " 1,200, and decimals follow a point, as in 1.5."
        )
        unreadable = ValueError(words.format(text=text[:40]))
        typed = _TYPED.fullmatch(plain)
        if not typed:
            raise unreadable
        head, digits, tail = (part.strip() for part in typed.groups())
        sign = "".join(sign for sign in head if sign in _MINUS + "+")
        units = ["".join(head.strip(_MINUS + "+").split()), tail]
        known = ("", self.prefix, self.suffix, self.suffix_of_one, *self.also)
        own = {unit.strip().casefold() for unit in known}
        if any(unit.casefold() not in own for unit in units):
            unit = (self.prefix or self.suffix).strip() or _("a plain number")
            words = _("“{text}” has another unit, or more than a number. Here it is {unit}.")
            raise ValueError(words.format(text=text[:40], unit=unit))
        if len(sign) > 1:
            raise unreadable
        try:
            number = float(_amount(digits) / Decimal(self.scale))
        except ValueError:
            raise unreadable from None
        if math.isinf(number):
            raise ValueError(_("“{text}” is too large to compute with.").format(text=text[:40]))
        return 0 - number if sign and sign != "+" else number


def counted(many: str, one: str, **others: Any) -> Unit:
    """A unit in words, such as "{number} months" and, for exactly one, "{number} month"."""
    suffix, suffix_of_one = (words.partition("{number}")[2] for words in (many, one))
    return Unit(suffix=suffix, suffix_of_one=suffix_of_one, **others)


YEN = Unit(low=-math.inf, prefix="¥", also=("\\", "円", "yen", "JPY"))
RATE = Unit(high=1.0, suffix="%", scale=100.0, also=("percent", "パーセント"))
PEOPLE = Unit(also=("people", "人", "名"))
MONTHS = counted(_("{number} months"), _("{number} month"), also=("か月", "ヶ月", "カ月", "ヵ月"))
PERIODS = counted(_("{number} periods"), _("{number} period"))
NUMBER = Unit(low=-math.inf)
POINTS = counted(_("{number} points"), _("{number} point"), low=-1.0, high=1.0, scale=100.0)

UNITS = {
    "yen": YEN,
    "%": RATE,
    "points": POINTS,
    "people": PEOPLE,
    "months": MONTHS,
    "periods": PERIODS,
    "number": NUMBER,
}
"""The units by the words with which a page calls them; a % or points are handed over as shares."""

Yen = Annotated[Value, YEN]
"""Yen, consumption tax excluded. Margins may be negative; a price or cost says `low=0`."""
Rate = Annotated[Value, RATE]
"""A share in [0, 1], per period where time is involved; written and typed in percent."""
People = Annotated[Value, PEOPLE]
"""A count of people (or visits, orders, clients), 0 or more; expected counts may be fractional."""
Months = Annotated[Value, MONTHS]
"""A length of time in months, 0 or more."""
Periods = Annotated[Value, PERIODS]
"""A number of billing or delivery periods, 0 or more."""
Number = Annotated[Value, NUMBER]
"""A plain number; its field says what is allowed."""
Points = Annotated[Value, POINTS]
"""A difference of two shares, in [−1, 1]; written and typed in percentage points."""

OURS = _("our assumption")
"""The basis of a default that nobody has published: chosen by us, for teaching."""


@dataclass(frozen=True)
class Range:
    """What a number may be: checked for fields and method arguments alike.

    `infinite` lets `inf` in ("no limit"); `whole` lets only whole numbers in.
    """

    unit: Unit
    low: float
    high: float
    infinite: bool = False
    whole: bool = False

    @classmethod
    def of(
        cls,
        unit: Unit,
        low: float | None = None,
        high: float | None = None,
        *,
        infinite: bool = False,
        whole: bool = False,
    ) -> "Range":
        """The range of a unit, narrowed (or widened) to `low` and `high` where they are given."""
        low, high = (unit.low if low is None else low), (unit.high if high is None else high)
        return cls(unit, low, high, infinite, whole)

    @property
    def allowed(self) -> str:
        """The range in words a learner types by: "0% to 100%", "¥0 or more"."""
        low, high = self.low, self.high
        if math.isfinite(low) and math.isfinite(high):
            words = _("{low} to {high}").format(low=self.unit.text(low), high=self.unit.text(high))
        elif math.isfinite(low):
            words = _("{low} or more").format(low=self.unit.text(low))
        else:
            words = _("any number")
        if self.whole:
            words = _("a whole number, {words}").format(words=words)
        return _("{words}, or no limit").format(words=words) if self.infinite else words

    def check(self, name: str, value: object) -> Value:
        """Return `value` as a float or a read-only float64 array.

        Raises ValueError naming the field, the value and what is allowed. Nothing is clipped, and
        nothing but a real number or an array of them is taken for one.
        """
        try:
            if isinstance(value, np.ndarray) and value.ndim:
                return self._check_array(name, value)
            number = as_float(value)
        except OverflowError:
            raise self._refusal(name, _("a huge number")) from None
        if number is None:
            raise self._refusal(name, repr(value))
        if not self._fits(number):
            raise self._refusal(name, f"{value}")
        return number

    def _check_array(self, name: str, value: NDArray[Any]) -> NDArray[np.float64]:
        numbers = as_floats(value)
        if numbers is None:
            raise self._refusal(name, _("an array of {kind}").format(kind=value.dtype))
        numbers.flags.writeable = False
        # Its ends stand for a range; nan, where there is one, is both of them.
        ends = (numbers.min(), numbers.max()) if numbers.size else ()
        whole = not self.whole or bool((numbers == np.round(numbers)).all())
        if not (whole and all(map(self._fits, ends))):
            culprit = next(number for number in numbers.flat if not self._fits(number))
            raise self._refusal(name, f"{culprit}")
        return numbers

    def _fits(self, number: float) -> bool:
        within = self.low <= number <= self.high and (self.infinite or math.isfinite(number))
        return within and not (self.whole and number != round(number))

    def _refusal(self, name: str, value: str) -> ValueError:
        stored = _("{low:g} to {high:g}").format(low=self.low, high=self.high)
        return ValueError(
            _(
                "{name} = {value} is not possible. Allowed: {allowed}"
                " (in code a number, or a NumPy array of numbers, {stored})."
            ).format(name=name, value=value[:60], allowed=self.allowed, stored=stored)
        )


@dataclass(frozen=True)
class Assumption:
    """A field of a model, as a person meets it.

    `slider` is the sensible range and step of its slider; `low` and `high` narrow or widen what the
    unit allows; `infinite` says that "no limit" is a possible value, `whole` that only whole
    numbers are. `basis` says where the default comes from: `OURS`, or a publication. `switch` says
    that the default takes this assumption out of the model: a task that leaves it there does not
    mention it.
    """

    label: str
    about: str
    group: str
    slider: tuple[float, float, float]
    basis: str = OURS
    low: float | None = None
    high: float | None = None
    infinite: bool = False
    whole: bool = False
    switch: bool = False


@dataclass(frozen=True)
class Answer:
    """An answer of a model, as a person meets it.

    `undefined` is what is shown in place of a number when the answer is `nan` or infinite.
    """

    label: str
    undefined: str = _("not defined for these numbers")


@dataclass(frozen=True)
class AssumptionField:
    """One field of one model class: its name in code, its unit, its annotation and its default."""

    name: str
    unit: Unit
    note: Assumption
    default: Any

    @cached_property
    def range(self) -> Range:
        """What this field may be."""
        note = self.note
        return Range.of(self.unit, note.low, note.high, infinite=note.infinite, whole=note.whole)

    def text(self, value: Value) -> str:
        """Write a value of this field for a reader; an infinite one is "no limit"."""
        if value == math.inf:
            return _("no limit")
        return self.unit.text(value) if self.unit.has_digits(value) else _("too large to write")

    def read(self, text: str) -> float:
        """Return what a person typed, as `Unit.read` does; "no limit" where the field knows it."""
        no_limit = self.note.infinite and text.strip().casefold() in (_("no limit"), "∞")
        return math.inf if no_limit else self.unit.read(text)


@dataclass(frozen=True)
class AnswerField:
    """One answer of one model class: its name in code, its unit and its annotation."""

    name: str
    unit: Unit
    note: Answer

    def text(self, value: Value) -> str:
        """Write an answer for a reader, or say in words why there is none."""
        return self.unit.text(value) if self.unit.has_digits(value) else self.note.undefined
