"""Reading what a learner typed, and saying in clear words why something cannot be read."""

import math
from itertools import islice
from typing import Any

import numpy as np

from twostep._text import _, comma_separated
from twostep.models.base import Model
from twostep.units import NUMBER, Unit, as_float

_NAME = type.__dict__["__name__"]  # as Python calls a class, whatever it says of itself


class NotAnsweredError(Exception):
    """The answer is still `...`."""


class UnreadableError(Exception):
    """The answer is not of the kind that was asked for; the message says what to do."""


def read_number(answer: object, unit: Unit) -> float:
    """Return the answer as a finite float; raise NotAnsweredError or UnreadableError.

    Text is read as a person writes the unit: "¥10,417", "1万417円", "4.4%". Without a unit in it,
    it is the number that would stand in code: "0.044" is the share 0.044.
    """
    if answer is ...:
        raise NotAnsweredError
    if isinstance(answer, str):
        return _read_text(answer, unit)
    try:
        number = as_float(answer)
    except OverflowError:
        raise UnreadableError(_("This number is too large to compute with.")) from None
    if number is not None:
        if math.isnan(number):
            raise UnreadableError(
                _("It is `nan`, which means “no number”: a step of your computation is undefined.")
            )
        if math.isinf(number):
            raise UnreadableError(_("It is infinite. One ordinary number is asked for."))
        return number
    raise UnreadableError(_why_no_number(answer))


def _read_text(answer: str, unit: Unit) -> float:
    for reader in (NUMBER, unit):
        try:
            return reader.read(answer)
        except ValueError as problem:
            reason = str(problem)
    raise UnreadableError(reason)


def _why_no_number(answer: object) -> str:
    if answer is None:
        return _("It is empty (`None`). `print(...)` gives nothing back: leave the `print` out.")
    if isinstance(answer, bool | np.bool_):
        return _("It is `True` or `False`. One number is asked for.")
    if isinstance(answer, Model):
        return _(
            "It is a whole scenario. Ask it for one answer, for example with `.cpa` at its end."
        )
    if type(answer).__module__.partition(".")[0] == "pandas":
        return _("It is a table or a column of one. Take one number out, for example `.iloc[0]`.")
    if isinstance(answer, list | tuple | set | dict | np.ndarray):
        return _(
            "It is a list. One number is asked for, without brackets or commas: 1200, not 1,200."
        )
    if callable(answer):
        return _("It is a function. Call it: put brackets with its numbers behind its name.")
    return _("It is of the kind {kind}. One number is asked for.").format(kind=kind(answer))


def read_table(answer: object, columns: tuple[str, ...], rows: int) -> list[list[object]]:
    """Return the cells of a DataFrame or of a list of rows, in the order of `columns`.

    Raises NotAnsweredError or UnreadableError. The cells are not read yet.
    """
    import pandas as pd

    if answer is ...:
        raise NotAnsweredError
    wanted = comma_separated(f"`{name}`" for name in columns)
    if isinstance(answer, pd.DataFrame):
        names = [str(name) for name in answer.columns]
        if sorted(names) != sorted(columns):
            raise UnreadableError(
                _("The table needs the columns {wanted}; yours has {found}.").format(
                    wanted=wanted, found=comma_separated(f"`{name[:40]}`" for name in names[:9])
                )
            )
        cells: list[Any] = answer.set_axis(names, axis=1)[list(columns)].to_numpy().tolist()
    elif isinstance(answer, list | tuple):
        cells = list(islice(answer, rows + 1))
    else:
        raise UnreadableError(
            _("It is of the kind {kind}. A table is asked for, with the columns {wanted}.").format(
                kind=kind(answer), wanted=wanted
            )
        )
    if len(cells) != rows:
        raise UnreadableError(
            _("The table needs {rows} rows; yours has {found}.").format(
                rows=rows, found=len(answer)
            )
        )
    for row in cells:
        if row is ...:
            raise NotAnsweredError
        if not isinstance(row, list | tuple) or len(row) != len(columns):
            raise UnreadableError(
                _("Every row is a list with {count} numbers: {wanted}.").format(
                    count=len(columns), wanted=wanted
                )
            )
    return cells


def kind(answer: object) -> str:
    """The name of the answer's type, as Python calls it."""
    name: str = _NAME.__get__(type(answer))
    return f"`{name[:40]}`"
