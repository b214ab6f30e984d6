"""How a page shows numbers: each with its label and its unit, and chances × worth as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from numbers import Real

import numpy as np

from twostep._text import _, comma_separated, labelled
from twostep.units import NUMBER, RATE, UNITS, Answer, Range, Unit

Row = Sequence[str]

FITTED = "font-size: min(var(--jp-ui-font-size1, 1em), 3vw); margin-right: -20px"
"""A table of three or four columns: smaller on an upright phone, and up to the edge of its output,
where JupyterLab leaves 20 pixels free."""
CLOSE = "padding: 0.3em min(0.5em, 0.6vw)"
"""The cells of such a table."""

# Chances may come from a source that rounds them.
ROUNDED = 0.005


@dataclass(frozen=True)
class Listing:
    """Labels and written values: one a line in print, a table on a page ("Front buyers: 48")."""

    rows: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return "\n".join(labelled(*row) for row in self.rows)

    def _repr_html_(self) -> str:
        if len(self.rows) == 1:
            ((label, text),) = self.rows
            said = labelled(escape(label), f"<strong>{escape(text)}</strong>")
            return f"<p>{said}</p>"
        return table((), self.rows)


def number(label: str, value: object, unit: str) -> Listing:
    """Any number with its label and unit: `number("Visits needed", 4_561, "people")`.

    `value` is a number, or a pair of them for a range ("2.1% to 16.8%"); `nan` and `inf` are said
    in words. `unit` is one of `units.UNITS`: "yen", "%" and "points" (of a share: 0.08 reads 8%),
    "people", "months", "periods", "number". Raises ValueError for anything else.
    """
    kind = unit_called(unit)
    in_words("label", label)
    if isinstance(value, tuple) and len(value) == 2:
        low, high = (_text(label, end, kind) for end in value)
        return Listing(((label, _("{low} to {high}").format(low=low, high=high)),))
    return Listing(((label, _text(label, value, kind)),))


@dataclass(frozen=True)
class Outcomes:
    """What can happen: each case in words, its chance and its worth; `expected` is the sum.

    Shown as a table of chance × worth with the expected value (期待値) under it.
    """

    rows: tuple[tuple[str, float, float], ...]
    unit: Unit

    @property
    def expected(self) -> float:
        """The expected value: the sum of chance × worth."""
        return sum(chance * worth for _words, chance, worth in self.rows)

    @property
    def _chances(self) -> float:
        return sum(chance for _words, chance, _worth in self.rows)

    def _written(self) -> list[tuple[str, str, str, str]]:
        return [
            (words, RATE.text(chance), self.unit.text(worth), self.unit.text(chance * worth))
            for words, chance, worth in self.rows
        ]

    def __repr__(self) -> str:
        lines = [
            labelled(words, f"{chance} × {worth} = {product}")
            for words, chance, worth, product in self._written()
        ]
        together = _("together {chances}; expected value {sum}").format(
            chances=RATE.text(self._chances), sum=self.unit.text(self.expected)
        )
        return "\n".join([*lines, together])

    def _repr_html_(self) -> str:
        head = (_("What can happen"), _("Chance"), _("Worth"), _("Chance × worth"))
        last = (_("Expected value"), RATE.text(self._chances), "", self.unit.text(self.expected))
        return table(head, self._written(), last)


def outcomes(*rows: Sequence[object], unit: str = "yen") -> Outcomes:
    """Where an expected value comes from: `outcomes(("it rains", 0.3, 9_240), ("dry", 0.7, 0))`.

    Each row is words, a chance and a worth in `unit` (one of `units.UNITS`). `.expected` is the
    sum of chance × worth. Raises ValueError for a row of another kind, and for chances that do not
    sum to 1 (to half a percent: they may have been rounded).
    """
    kind = unit_called(unit)
    read = []
    for row in rows:
        if not isinstance(row, tuple | list) or len(row) != 3:
            raise ValueError(
                _("each outcome is a row of three: words, chance and worth, not {row!r}").format(
                    row=row
                )
            )
        words = in_words("outcome", row[0])
        chance = one_number(_("chance of “{words}”").format(words=words), row[1], Range.of(RATE))
        worth = one_number(_("worth of “{words}”").format(words=words), row[2], Range.of(NUMBER))
        read.append((words, chance, worth))
    table = Outcomes(tuple(read), kind)
    if not abs(table._chances - 1) <= ROUNDED:
        raise ValueError(
            _(
                "The chances sum to {total}. Together they must be 100%: list everything that can "
                "happen, and nothing twice."
            ).format(total=RATE.text(table._chances))
        )
    return table


def unit_called(word: object) -> Unit:
    """The unit that a page calls by this word. Raises ValueError naming the known ones."""
    if not isinstance(word, str) or word not in UNITS:
        raise ValueError(
            _("unit = {word!r} is not known. The units are {known}.").format(
                word=word, known=comma_separated(f'"{known}"' for known in UNITS)
            )
        )
    return UNITS[word]


def _text(label: str, value: object, unit: Unit) -> str:
    """A number in its unit, or words where it has no digits."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise ValueError(
            _("{label}: {value!r} is not a number. Show one number at a time.").format(
                label=label, value=value
            )
        )
    try:
        one = float(value)
    except OverflowError:
        raise ValueError(
            _("{label}: that number is too large to show.").format(label=label)
        ) from None
    return unit.text(one) if unit.has_digits(one) else Answer(label).undefined


def in_words(name: str, words: object) -> str:
    """Return what a page says. Raises ValueError, naming it, for anything but words."""
    if not isinstance(words, str) or not words.strip():
        raise ValueError(_("{name} = {words!r}: say it in words.").format(name=name, words=words))
    return words


def one_number(name: str, value: object, allowed: Range) -> float:
    """Return one number that is allowed. Raises ValueError, naming it, for anything else."""
    number = allowed.check(name, value)
    if isinstance(number, np.ndarray):
        raise ValueError(_("{name} is an array: give one number.").format(name=name))
    return number


def table(head: Row, rows: Iterable[Row], total: Row = (), *, code: bool = False) -> str:
    """An HTML table: words in the first column, numbers in the others, or `code` in the last.

    With a head it is fitted to an upright phone.
    """
    close = f' style="{CLOSE}"' if head else ""

    def line(cells: Row, tag: str = "td") -> str:
        first, *others = map(escape, cells)
        if code and tag == "td":  # which may break after an underscore
            others[-1] = f"<code>{others[-1].replace('_', '_<wbr>')}</code>"
        rest = "".join(f"<{tag}{close}>{cell}</{tag}>" for cell in others)
        left = f"{CLOSE}; text-align: left" if head else "text-align: left"
        return f'<tr><{tag} style="{left}">{first}</{tag}>{rest}</tr>'

    parts = [f"<thead>{line(head, 'th')}</thead>"] if head else []
    parts.append(f"<tbody>{''.join(map(line, rows))}</tbody>")
    parts += [f"<tfoot>{line(total, 'th')}</tfoot>"] if total else []
    fitted = f' style="{FITTED}"' if head else ""
    return f"<table{fitted}>{''.join(parts)}</table>"
