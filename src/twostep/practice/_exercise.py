"""The kinds of exercise. A check is a formula with its known mistakes.

Whatever is typed is read into plain floats first (`read`), guarded, because that touches things of
the learner's making. Then it is compared with what the right formula, each wrong one and each
general slip (`_slips`) give on the numbers of the task: no right or wrong value is stored anywhere.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any
from unicodedata import normalize

from twostep._text import _, comma_separated, sentences
from twostep.models.base import Model
from twostep.practice._read import NotAnsweredError, UnreadableError, kind, read_number, read_table
from twostep.practice._shown import Formula, Numbers, Option, Outcome, Quiz, Result
from twostep.practice._slips import SLIPS, Near, Reason, Slot, Task, rounded
from twostep.units import Unit

Judgement = tuple[Outcome, str, str | None]
"""The outcome, what to say, and the name of the mistake."""


@dataclass(frozen=True)
class Mistake:
    """A wrong formula that people use, and the sentence that tells them why it is wrong.

    `name` says in a few words-with-hyphens what went wrong; it is kept for good, because a class
    board counts by it. The sentence may name the numbers of the task: "{back_rate} of guests".
    """

    name: str
    formula: Formula
    reason: str


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What all kinds share: a key, the numbers of the task, and a hint.

    `own` is a model class where the learner brings a scenario of their own; `given` is then only
    an example of one, for the tests.
    """

    key: str
    hint: str
    given: Numbers = field(default_factory=Numbers)
    own: type[Model] | None = None

    def read(self, answer: object) -> Any:
        """What was typed, as plain data. Raises NotAnsweredError or UnreadableError."""
        raise NotImplementedError

    def judge(self, read: Any, numbers: Numbers) -> Judgement:
        """The outcome for an answer that could be read, what to say, and the mistake's name."""
        raise NotImplementedError

    def grade(self, answer: object, own: object = None) -> Result:
        """Judge an answer. Never raises, whatever was typed.

        Only a KeyboardInterrupt passes through: it is the stop button, and the one way out of an
        object whose own code comes to no end.
        """
        mistake = None
        try:
            numbers = self._numbers(own)
            outcome, message, mistake = self.judge(self.read(answer), numbers)
        except NotAnsweredError:
            outcome, message = (
                Outcome.NOT_ANSWERED,
                _("Type your answer in place of the three dots `...`, then run it and this check."),
            )
        except UnreadableError as problem:
            outcome, message = Outcome.UNREADABLE, str(problem)
        except KeyboardInterrupt:
            raise
        except BaseException:  # an object that cannot even be looked at may raise anything
            outcome, message = (
                Outcome.UNREADABLE,
                _("It is of the kind {kind}.").format(kind=kind(answer)),
            )
        # Half a character, typed or in a name, would stop the page that shows it.
        message = message.encode("utf-8", "replace").decode("utf-8")
        return Result(self.key, outcome, message, mistake)

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
            # Made anew: what it holds is checked again, whatever happened to it since.
            values = {each.name: getattr(own, each.name) for each in fields(self.own)}
            return Numbers.of(self.own(**values))
        except ValueError as problem:
            raise UnreadableError(str(problem)) from None


@dataclass(frozen=True, kw_only=True)
class Computed(Exercise):
    """An exercise whose answer is one or more numbers that a formula gives.

    An answer is right when it agrees in the first three `digits` (leading zeros do not count), so
    that whoever rounds at the end is right. `whole` asks for a count that is enough: whatever the
    formulae give is rounded up, and must be met exactly.

    `means` is the sentence said after a right answer; like the reasons it may name the numbers.

    Two things that only the task knows let it recognise two more slips: `of` gives the count of
    which the answer is a share (or of which it is a part), and `page` the numbers of the page
    above, where the same formula gives another answer.
    """

    unit: Unit
    answer: Formula
    mistakes: tuple[Mistake, ...]
    means: str
    digits: int = 3
    whole: bool = False
    of: Formula | None = None
    page: Numbers | None = None

    def slots(self) -> Sequence[Slot]:
        """What the numbers of the answer are, in order."""
        raise NotImplementedError

    def values(self, formula: Formula, numbers: Numbers) -> list[float]:
        """What a formula, right or wrong, gives on the numbers of the task, in order."""
        raise NotImplementedError

    def slot(self, place: str) -> Slot:
        """A number of the answer itself, at a place of it."""
        return Slot(place, self.unit, None if self.whole else self.digits)

    def task(self, numbers: Numbers) -> Task:
        """The exercise on these numbers, as the slips need it."""
        exact = self.values(self.answer, numbers)
        slots = self.slots()
        return Task(self, numbers, slots, self._made_whole(exact, slots), exact)

    def known(self, task: Task) -> list[Reason]:
        """The known mistakes of this exercise, on the numbers of a task."""
        return [
            Reason(
                each.name,
                each.reason.format(**task.numbers.texts),
                [
                    slot.typed_as(value)
                    for value, slot in zip(
                        self._made_whole(self.values(each.formula, task.numbers), task.slots),
                        task.slots,
                        strict=True,
                    )
                ],
            )
            for each in self.mistakes
        ]

    def _reasons(
        self, task: Task, read: Sequence[float], right: Sequence[Near]
    ) -> Iterator[Reason]:
        """What explains the numbers read, the best explanation first; several have no name."""
        mistakes = self.known(task)
        for rounded_too in (False, True):
            known = [each for each in mistakes if each.fits(read, right, rounded_too)]
            if len(known) > 1:  # rounded, or on numbers of the learner's own: which was it?
                text = _("This can have several reasons: {reasons}").format(
                    reasons=" / ".join(each.text for each in known)
                )
                yield replace(known[0], name="", text=text)
            yield from known
            for slip in SLIPS:
                yield from (each for each in slip(task) if each.fits(read, right, rounded_too))

    def _made_whole(self, values: Sequence[float], slots: Sequence[Slot]) -> list[float]:
        """The numbers as the task asks for them; an error in the last digit is no person."""
        return [
            float(math.ceil(value - 1e-9))
            if self.whole and slot.unit is self.unit and math.isfinite(value)
            else value
            for value, slot in zip(values, slots, strict=True)
        ]

    def judge(self, read: list[float], numbers: Numbers) -> Judgement:
        """Compare with the right formula, the known mistakes, the slips; or say how far off."""
        task = self.task(numbers)
        if not all(map(math.isfinite, task.right)):
            return (
                Outcome.UNREADABLE,
                _(
                    "With these numbers there is no such number: a rate of zero, or a number too "
                    "large."
                ),
                None,
            )
        right = [slot.near(value) for value, slot in zip(task.right, task.slots, strict=True)]
        wrong = [
            (mine, near.value, slot)
            for mine, near, slot in zip(read, right, task.slots, strict=True)
            if not near.holds(mine)
        ]
        if not wrong:
            return Outcome.CORRECT, self.means.format(**numbers.texts), None
        for reason in self._reasons(task, read, right):
            return Outcome.KNOWN_MISTAKE, reason.text, reason.name or None
        mine, theirs, slot = wrong[0]
        sentence = _("{mine} is too high.") if mine > theirs else _("{mine} is too low.")
        sentence = sentence.format(mine=slot.text(mine))
        if slot.place:
            sentence = _("{place}: {sentence}").format(place=slot.place, sentence=sentence)
        tip = _('For a hint, run `hint("{key}")` in a cell of its own.').format(key=self.key)
        return Outcome.NOT_YET, sentences(sentence, tip), None


@dataclass(frozen=True, kw_only=True)
class Figure(Computed):
    """One number or one share."""

    def slots(self) -> Sequence[Slot]:
        return [self.slot("")]

    def values(self, formula: Formula, numbers: Numbers) -> list[float]:
        try:
            return [float(formula(numbers))]
        except (ZeroDivisionError, OverflowError):  # on numbers of the learner's own
            return [math.nan]

    def read(self, answer: object) -> list[float]:
        return [read_number(answer, self.unit)]


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
                    _("Column {column}, which lists the rows asked for").format(column=self.label),
                    self.label_unit,
                    None,
                ),
                self.slot(
                    _("In the row {label} = {row}").format(
                        label=self.label, row=self.label_unit.text(row)
                    )
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
            for cell, unit in zip(row, (self.label_unit, self.unit), strict=True):
                try:
                    values.append(read_number(cell, unit))
                except UnreadableError as problem:
                    raise UnreadableError(
                        _("Row {count}: {problem}").format(count=count, problem=problem)
                    ) from None
        return values


@dataclass(frozen=True, kw_only=True)
class Choice(Exercise):
    """A question with a few options, answered with a letter; exactly one option is right.

    Options that offer numbers get them from their formulae, in this `unit`.
    """

    question: str
    options: tuple[Option, ...]
    unit: Unit | None = None

    @property
    def lettered(self) -> dict[str, Option]:
        """The options by their letters: a, b, c, …"""
        return dict(zip("abcdef", self.options, strict=False))

    @property
    def quiz(self) -> Quiz:
        """The question, its options and their reasons, to be shown."""
        options = {
            letter: replace(
                option, text=option.text.format(**texts), reason=option.reason.format(**texts)
            )
            for letter, option in self.lettered.items()
            for texts in [self.texts(option, self.given)]
        }
        return Quiz(self.question.format(**self.given.texts), options)

    def texts(self, option: Option, numbers: Numbers) -> dict[str, str]:
        """What the sentences of an option may name: the numbers of the task and its own one."""
        if not option.formula or not self.unit:
            return numbers.texts
        value = float(option.formula(numbers))
        exact, two_digits = self.unit.text(value), self.unit.text(rounded(value, 2))
        about = exact if exact == two_digits else _("about {number}").format(number=two_digits)
        return numbers.texts | {"value": exact, "about": about}

    def read(self, answer: object) -> str:
        if answer is ...:
            raise NotAnsweredError
        letters = comma_separated(f'"{letter}"' for letter in self.lettered)
        if not isinstance(answer, str):
            raise UnreadableError(
                _("Type one letter in quotes: {letters}.").format(letters=letters)
            )
        # A Japanese keyboard writes ａ or ａ）, and the options are listed as a).
        letter = normalize("NFKC", answer).strip().strip("() ").lower()
        if letter not in self.lettered:
            raise UnreadableError(
                _("There is no such option. Type one letter in quotes: {letters}.").format(
                    letters=letters
                )
            )
        return letter

    def judge(self, read: str, numbers: Numbers) -> Judgement:
        option = self.lettered[read]
        reason = option.reason.format(**self.texts(option, numbers))
        if option.right:
            return Outcome.CORRECT, reason, None
        return Outcome.KNOWN_MISTAKE, reason, option.name
