"""How practice speaks: one kind of message box, and the numbers of a task."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import Any, TypeVar

from twostep._text import _, comma_separated, sentences
from twostep.models.base import Model, answer_fields, assumption_fields
from twostep.practice._answered import answering
from twostep.shown import table
from twostep.units import Unit

M = TypeVar("M", bound=Model)


class Outcome(StrEnum):
    """What became of an answer."""

    NOT_ANSWERED = "not answered yet"
    UNREADABLE = "cannot be read"
    KNOWN_MISTAKE = "known mistake"
    NOT_YET = "not yet"
    CORRECT = "correct"


# A sign, a word and a colour: each says it alone. The colours are JupyterLab's own, so that they
# suit the light and the dark theme; elsewhere the second value stands in.
_LOOKS = {
    Outcome.NOT_ANSWERED: ("…", _("Not answered yet."), "var(--jp-border-color1, #888)"),
    Outcome.UNREADABLE: ("?", _("I cannot read this answer."), "var(--jp-warn-color1, #c60)"),
    Outcome.KNOWN_MISTAKE: ("✗", _("Not yet."), "var(--jp-error-color1, #c33)"),
    Outcome.NOT_YET: ("✗", _("Not yet."), "var(--jp-error-color1, #c33)"),
    Outcome.CORRECT: ("✓", _("Correct."), "var(--jp-success-color1, #283)"),
}
_HINT = _("→ Hint.")

RESULT = "application/vnd.twostep.result+json"
ANSWERED = "cells"
"""Under this name the metadata of that output hold the fingerprints of the answer's cells."""


@dataclass(frozen=True)
class Result:
    """What `check` answers: `outcome`, and a `message` in plain words.

    `mistake` is the stable name of the known mistake or slip, and None where there is none.
    It shows itself as a box in a notebook and as one paragraph elsewhere; for a class board it
    leaves the same as data, without the answer. Beside them, in the metadata of the output, stand
    fingerprints of the cells that gave the answer: so a board sees whether it was changed since.
    """

    key: str
    outcome: Outcome
    message: str
    mistake: str | None = None

    @property
    def correct(self) -> bool:
        """Whether the answer is right."""
        return self.outcome is Outcome.CORRECT

    def __repr__(self) -> str:
        sign, word, _colour = _LOOKS[self.outcome]
        return sentences(f"{sign} {word}", self.message)

    def _repr_html_(self) -> str:
        sign, word, colour = _LOOKS[self.outcome]
        return _box(colour, f"{sign} {word}", self.message)

    def _repr_mimebundle_(self, **_options: object) -> tuple[dict[str, Any], dict[str, Any]]:
        data = {
            "version": version(),
            "key": self.key,
            "outcome": self.outcome.value,
            "mistake": self.mistake,
        }
        cells = answering(self.key)
        return {RESULT: data}, {RESULT: {ANSWERED: cells}} if cells else {}


@dataclass(frozen=True)
class Hint:
    """A hint, shown as a box in a notebook and as one paragraph elsewhere."""

    message: str

    def __repr__(self) -> str:
        return sentences(_HINT, self.message)

    def _repr_html_(self) -> str:
        return _box("var(--jp-info-color1, #06b)", _HINT, self.message)


@dataclass(frozen=True)
class Option:
    """One option of a question, with the reason why it is right or wrong.

    `name` is stable, as that of a known mistake. Where the option is a number, `formula` computes
    it from the numbers of the task: "{value}" in the text writes it in full, "{about}" with two
    digits ("about ¥13,000"), so that no option can hold a wrong number.
    """

    name: str
    text: str
    reason: str
    formula: Callable[["Numbers"], Any] | None = None
    right: bool = False


@dataclass(frozen=True)
class Quiz:
    """A question whose options open to show their reasons; it needs no kernel once it is saved."""

    question: str
    options: Mapping[str, Option]

    def __repr__(self) -> str:
        return "\n".join(
            [self.question, *(f"{letter}) {each.text}" for letter, each in self.options.items())]
        )

    def _repr_html_(self) -> str:
        yes, no = _("✓ Yes."), _("✗ No.")
        options = "".join(
            f'<details style="margin: 0.4em 0"><summary>{letter}) {marked(each.text)}</summary>'
            '<p style="margin: 0.3em 1.4em">'
            + sentences(f"<strong>{yes if each.right else no}</strong>", marked(each.reason))
            + "</p></details>"
            for letter, each in self.options.items()
        )
        return f"<div><p><strong>{marked(self.question)}</strong></p>{options}</div>"


@dataclass(frozen=True)
class Number:
    """One number of a task: its name in code, its label, its unit and its value."""

    name: str
    label: str
    unit: Unit
    value: float

    @property
    def text(self) -> str:
        """The number as a reader meets it: "8%"."""
        return _("no limit") if self.value == math.inf else self.unit.text(self.value)

    @property
    def code(self) -> str:
        """The number as it is typed: "lead_rate = 0.08"."""
        return (
            f"{self.name} = {self.value:g}" if self.value % 1 else f"{self.name} = {self.value:.0f}"
        )


class Numbers(Mapping[str, float]):
    """The numbers of a task: `numbers.lead_rate` and `numbers["lead_rate"]` give the value.

    Shown as a table with label, value and name in code. `Funnel(**numbers)` makes a scenario.
    """

    def __init__(self, *numbers: Number) -> None:
        self._numbers = {each.name: each for each in numbers}

    @classmethod
    def of(cls, model: Model, *names: str) -> "Numbers":
        """The named assumptions or answers of a scenario, all its assumptions if none is named.

        Then an assumption that is switched off is left out. Raises ValueError for a sweep, and
        KeyError for a name that the model does not have.
        """
        fields = {field.name: field for field in assumption_fields(type(model))}
        scenario = model.scalar()
        names = names or tuple(
            name
            for name, field in fields.items()
            if not (field.note.switch and getattr(scenario, name) == field.default)
        )
        known = fields | {field.name: field for field in answer_fields(type(model))}
        return cls(
            *(
                Number(name, known[name].note.label, known[name].unit, getattr(scenario, name))
                for name in names
            )
        )

    def with_values(self, **values: float) -> "Numbers":
        """The same numbers with other values."""
        return Numbers(
            *(
                Number(each.name, each.label, each.unit, values.get(each.name, each.value))
                for each in self._numbers.values()
            )
        )

    def scenario(self, model: type[M], **changes: float) -> M:
        """The scenario of which these are the numbers, with `changes`; others are left out.

        Raises ValueError as the model does.
        """
        fields = {field.name for field in assumption_fields(model)}
        return model(**{name: value for name, value in self.items() if name in fields} | changes)

    def __add__(self, other: "Numbers") -> "Numbers":
        return Numbers(*self._numbers.values(), *other._numbers.values())

    @property
    def listed(self) -> tuple[Number, ...]:
        """The numbers one by one, with their labels and units."""
        return tuple(self._numbers.values())

    @property
    def texts(self) -> dict[str, str]:
        """Each number as a reader meets it, by name."""
        return {name: each.text for name, each in self._numbers.items()}

    def __getitem__(self, name: str) -> float:
        return self._numbers[name].value

    def __getattr__(self, name: str) -> float:
        if name.startswith("_") or name not in self._numbers:
            raise AttributeError(
                _("there is no {name!r} here, only {names}").format(
                    name=name, names=comma_separated(self.__dict__.get("_numbers", ()))
                )
            )
        return self._numbers[name].value

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._numbers]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def __repr__(self) -> str:
        return "\n".join(
            _("{label}: {value} ({code})").format(label=each.label, value=each.text, code=each.code)
            for each in self._numbers.values()
        )

    def _repr_html_(self) -> str:
        head = (_("Number"), _("Value"), _("In code"))
        rows = ((each.label, each.text, each.code) for each in self._numbers.values())
        return table(head, rows, code=True)


def version() -> str | None:
    """The version of the course, or None where it runs without having been installed."""
    from importlib import metadata  # a notebook has loaded it

    try:
        return metadata.version("twostep")
    except metadata.PackageNotFoundError:
        return None


def marked(text: str) -> str:
    """Plain text as HTML; what stands between backticks is code, between asterisks emphasis."""
    parts = re.split(r"`([^`]+)`", escape(text, quote=False))
    parts[::2] = [re.sub(r"\*(\w[^*]*)\*", r"<em>\1</em>", part) for part in parts[::2]]
    parts[1::2] = [f"<code>{code}</code>" for code in parts[1::2]]
    return "".join(parts)


def _box(colour: str, heading: str, text: str) -> str:
    said = sentences(f"<strong>{heading}</strong>", marked(text))
    return (
        f'<div style="border-left: 4px solid {colour}; padding: 0.3em 0.8em; margin: 0.3em 0">'
        f"{said}</div>"
    )


Formula = Callable[[Numbers], Any]
"""From the numbers of a task to an answer: a number, or the column of a table."""
