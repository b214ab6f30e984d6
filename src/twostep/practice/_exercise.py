"""The kinds of exercise. A check is a formula with its known mistakes.

Whatever is typed is read into plain floats first (`read`), guarded, because that touches things of
the learner's making. Then it is compared with what the right formula and each wrong one give on
the numbers of the task: no right or wrong value is stored anywhere.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from twostep._text import _
from twostep.models.base import Model
from twostep.practice import _limit
from twostep.practice._read import NotAnsweredError, UnreadableError, kind, read_number, read_table
from twostep.practice._shown import Numbers, Option, Outcome, Quiz, Result
from twostep.units import Unit

Formula = Callable[[Numbers], Any]
"""From the numbers of a task to an answer: a number, or the rows of a table."""


@dataclass(frozen=True)
class Mistake:
    """A wrong formula that people use, and the sentence that tells them why it is wrong.

    The sentence may name the numbers of the task: "{back_rate} of front buyers".
    """

    formula: Formula
    reason: str


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What all kinds share: a name, the numbers of the task, and a hint.

    `own` is a model class where the learner brings a scenario of their own instead of `given`.
    """

    key: str
    hint: str
    given: Numbers = field(default_factory=Numbers)
    own: type[Model] | None = None

    def read(self, answer: object) -> Any:
        """What was typed, as plain data. Raises NotAnsweredError or UnreadableError."""
        raise NotImplementedError

    def judge(self, read: Any, numbers: Numbers) -> tuple[Outcome, str]:
        """The outcome for an answer that could be read, and what to say."""
        raise NotImplementedError

    def grade(self, answer: object, own: object = None) -> Result:
        """Judge an answer. Never raises, whatever was typed."""
        try:
            numbers = self._numbers(own)
            read = self.read(answer)
        except NotAnsweredError:
            outcome, message = (
                Outcome.NOT_ANSWERED,
                _("Type your answer in place of the three dots `...`, then run it and this check."),
            )
        except UnreadableError as problem:
            outcome, message = Outcome.UNREADABLE, str(problem)
        except Exception:  # an object that cannot even be looked at
            outcome, message = (
                Outcome.UNREADABLE,
                _("It is of the kind {kind}.").format(kind=kind(answer)),
            )
        else:
            outcome, message = self.judge(read, numbers)
        return Result(self.key, outcome, message)

    def _numbers(self, own: object) -> Numbers:
        if self.own is None:
            return self.given
        if own is ...:
            raise NotAnsweredError
        if not isinstance(own, self.own):
            raise UnreadableError(
                _("This check needs your own scenario too: a `{model}(...)`, not {found}.").format(
                    model=self.own.__name__, found=kind(own)
                )
            )
        try:
            return Numbers.of(own)
        except ValueError as problem:
            raise UnreadableError(str(problem)) from None


@dataclass(frozen=True)
class Slot:
    """One number of an answer: where it stands ("" for the only one), its unit and tolerance."""

    place: str
    unit: Unit
    tolerance: float

    def text(self, value: float) -> str:
        """The number in its unit; very large ones in short."""
        return self.unit.text(value) if abs(value) < 1e12 else f"{value:.3g}"


@dataclass(frozen=True, kw_only=True)
class Computed(Exercise):
    """An exercise whose answer is one or more numbers that a formula gives.

    Two numbers count as equal within `tolerance`, in the unit as stored (a share: 0.0005).
    `means` is the sentence said after a right answer; like the reasons it may name the numbers.
    """

    unit: Unit
    tolerance: float
    answer: Formula
    mistakes: tuple[Mistake, ...]
    means: str

    def slots(self) -> Sequence[Slot]:
        """What the numbers of the answer are, in order."""
        raise NotImplementedError

    def values(self, formula: Formula, numbers: Numbers) -> list[float]:
        """What a formula, right or wrong, gives on the numbers of the task, in order."""
        raise NotImplementedError

    def judge(self, read: list[float], numbers: Numbers) -> tuple[Outcome, str]:
        """Compare with the right formula, then with the known mistakes, then say how far off."""
        slots = self.slots()
        right = self.values(self.answer, numbers)
        if not all(map(math.isfinite, right)):
            return Outcome.UNREADABLE, _(
                "With these numbers there is no such number: a rate of zero, or a number too large."
            )

        def same(numbers_read: list[float], formula: Formula) -> bool:
            return all(
                abs(mine - theirs) <= slot.tolerance
                for mine, theirs, slot in zip(
                    numbers_read, self.values(formula, numbers), slots, strict=True
                )
            )

        if same(read, self.answer):
            return Outcome.CORRECT, self.means.format(**numbers.texts)
        for mistake in self.mistakes:
            if same(read, mistake.formula):
                return Outcome.KNOWN_MISTAKE, mistake.reason.format(**numbers.texts)
        scaled = [value / slot.unit.scale for value, slot in zip(read, slots, strict=True)]
        if scaled != read and same(scaled, self.answer):
            return Outcome.KNOWN_MISTAKE, _(
                "The digits are right, but in code a share is written as a decimal number: 8% is "
                "0.08. Divide your answer by 100."
            )
        mine, theirs, slot = next(
            (mine, theirs, slot)
            for mine, theirs, slot in zip(read, right, slots, strict=True)
            if not abs(mine - theirs) <= slot.tolerance
        )
        sentence = (
            _("{place}{mine} is too high.") if mine > theirs else _("{place}{mine} is too low.")
        )
        return Outcome.NOT_YET, (
            sentence.format(place=slot.place, mine=slot.text(mine))
            + " "
            + _('For a hint, run `hint("{key}")` in a cell of its own.').format(key=self.key)
        )


@dataclass(frozen=True, kw_only=True)
class Figure(Computed):
    """One number or one share."""

    def slots(self) -> Sequence[Slot]:
        return [Slot("", self.unit, self.tolerance)]

    def values(self, formula: Formula, numbers: Numbers) -> list[float]:
        try:
            return [float(formula(numbers))]
        except (ZeroDivisionError, OverflowError):  # on numbers of the learner's own
            return [math.nan]

    def read(self, answer: object) -> list[float]:
        return [read_number(answer)]


@dataclass(frozen=True, kw_only=True)
class Function(Computed):
    """A function of the given numbers, in their order, tried on them and on some other `cases`.

    It gets `_limit.SECONDS` for all cases; the formulae take the numbers of one case.
    """

    cases: tuple[dict[str, float], ...]

    def tried(self, numbers: Numbers) -> list[Numbers]:
        """The numbers of each case; the first are those of the task."""
        return [numbers, *(numbers.with_values(**case) for case in self.cases)]

    def slots(self) -> Sequence[Slot]:
        return [
            Slot(_("For {case}: ").format(case=_case(case)), self.unit, self.tolerance)
            for case in self.tried(self.given)
        ]

    def values(self, formula: Formula, numbers: Numbers) -> list[float]:
        return [float(formula(case)) for case in self.tried(numbers)]

    def read(self, answer: Any) -> list[float]:
        if answer is ...:
            raise NotAnsweredError
        if not callable(answer):
            raise UnreadableError(
                _(
                    "It is of the kind {kind}. Hand over the function itself: its name alone."
                ).format(kind=kind(answer))
            )
        given: list[object] = []
        cases = self.tried(self.given)
        try:
            _limit.run_within(
                _limit.SECONDS,
                lambda: given.extend(answer(*case.values()) for case in cases),
            )
        except _limit.TooSlowError:
            raise UnreadableError(
                _("Your function does not come to an end: look for a loop that never stops.")
            ) from None
        except BaseException as problem:
            if isinstance(problem, KeyboardInterrupt):
                raise
            raise UnreadableError(
                _(
                    "Your function stopped with an error when it was called with {case}: "
                    "{kind}: {problem}"
                ).format(
                    case=_case(cases[min(len(given), len(cases) - 1)]),
                    kind=type(problem).__name__,
                    problem=str(problem)[:200],
                )
            ) from None
        return [self._number(value, case) for value, case in zip(given, cases, strict=True)]

    def _number(self, value: object, case: Numbers) -> float:
        if value is None:
            raise UnreadableError(
                _("Your function gives nothing back. Its last line begins with `return`.")
            )
        try:
            return read_number(value)
        except UnreadableError as problem:
            raise UnreadableError(
                _("What your function gives back for {case}: {problem}").format(
                    case=_case(case), problem=problem
                )
            ) from None


@dataclass(frozen=True, kw_only=True)
class Table(Computed):
    """A small table: `label` names the column of the given `rows`, `column` that of the answer.

    A DataFrame with these two columns or a list of rows; the formulae give the answer's column.
    """

    label: str
    label_unit: Unit
    rows: tuple[float, ...]
    column: str

    def slots(self) -> Sequence[Slot]:
        return [
            slot
            for row in self.rows
            for slot in (
                Slot(
                    _("Column {column}, which lists the rows asked for: ").format(
                        column=self.label
                    ),
                    self.label_unit,
                    1e-9,
                ),
                Slot(
                    _("In the row {label} = {row}: ").format(
                        label=self.label, row=self.label_unit.text(row)
                    ),
                    self.unit,
                    self.tolerance,
                ),
            )
        ]

    def values(self, formula: Formula, numbers: Numbers) -> list[float]:
        return [
            value
            for pair in zip(self.rows, formula(numbers), strict=True)
            for value in map(float, pair)
        ]

    def read(self, answer: object) -> list[float]:
        values = []
        table = read_table(answer, (self.label, self.column), len(self.rows))
        for count, row in enumerate(table, start=1):
            for cell in row:
                try:
                    values.append(read_number(cell))
                except UnreadableError as problem:
                    raise UnreadableError(
                        _("Row {count}: {problem}").format(count=count, problem=problem)
                    ) from None
        return values


@dataclass(frozen=True, kw_only=True)
class Choice(Exercise):
    """A question with a few options, answered with a letter; exactly one option is right."""

    question: str
    options: tuple[Option, ...]

    @property
    def lettered(self) -> dict[str, Option]:
        """The options by their letters: a, b, c, …"""
        return dict(zip("abcdef", self.options, strict=False))

    @property
    def quiz(self) -> Quiz:
        """The question, its options and their reasons, to be shown."""
        texts = self.given.texts
        options = {
            letter: replace(
                option, text=option.text.format(**texts), reason=option.reason.format(**texts)
            )
            for letter, option in self.lettered.items()
        }
        return Quiz(self.question.format(**texts), options)

    def read(self, answer: object) -> str:
        if answer is ...:
            raise NotAnsweredError
        letters = ", ".join(f'"{letter}"' for letter in self.lettered)
        if not isinstance(answer, str):
            raise UnreadableError(
                _("Type one letter in quotes: {letters}.").format(letters=letters)
            )
        letter = answer.strip().lower()
        if letter not in self.lettered:
            raise UnreadableError(
                _("There is no such option. Type one letter in quotes: {letters}.").format(
                    letters=letters
                )
            )
        return letter

    def judge(self, read: str, numbers: Numbers) -> tuple[Outcome, str]:
        option = self.lettered[read]
        outcome = Outcome.CORRECT if option.right else Outcome.KNOWN_MISTAKE
        return outcome, option.reason.format(**numbers.texts)


def _case(numbers: Numbers) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in numbers.items())
