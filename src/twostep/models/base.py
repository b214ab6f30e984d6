"""What every model shares: checked assumptions, listed answers, and sweeps over many scenarios.

Numbers at the limits of a float follow one rule. None is refused for its size, and none is changed.
What gets too large to hold is `inf` and what has no value is `nan`, without a warning, in a sweep
as in one scenario: dividing by far too small a number is like dividing by 0. So words do not ask
whether a divisor is 0, but whether the answer is finite. A verdict that would have to name a number
without digits is `TOO_LARGE`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from functools import cache, wraps
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast, get_type_hints, overload

import numpy as np

from twostep._text import _, comma_separated
from twostep.shown import Listing
from twostep.units import (
    Answer,
    AnswerField,
    Assumption,
    AssumptionField,
    Unit,
    UnwritableError,
    Value,
    as_floats,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["answers", "assumptions", "sweep"]

TOO_LARGE = _("These numbers are too large to compute with.")

# The least value of what must be above 0; 0 itself would be allowed, for a range includes its ends.
SMALLEST = 1e-6

# In a long sum: after how many terms a weight is computed anew, and how many terms are in memory at
# a time (1 MB).
RUN, HELD = 32, 131_072


@dataclass(frozen=True, kw_only=True)
class Model:
    """A scenario: assumptions in (the fields), answers out (the properties).

    Every field takes a number or a NumPy array; arrays broadcast, so that a whole sweep is one
    evaluation. Raises ValueError at construction for a value that is not possible, and for arrays
    whose shapes do not fit together.
    """

    lesson: ClassVar[str]
    """The stem of the lesson the model belongs to, such as 01_two_offers_two_jobs."""
    menu: ClassVar[str]
    """What the app's menu says about the model, after the number of the lesson."""

    @classmethod
    def presets(cls) -> dict[str, Self]:
        """Scenarios to start a calculator from: what each is called, and its numbers.

        A name says which of the figures are published; all others are our assumptions.
        """
        return {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # Python's floats get too large without a word; NumPy's would warn.
        quiet = np.errstate(all="ignore")
        for name, member in list(vars(cls).items()):
            if isinstance(member, property) and member.fget:
                asked = _in_words(member.fget) if name == "verdict" else member.fget
                setattr(cls, name, property(quiet(asked)))
            elif isinstance(member, FunctionType) and not name.startswith("_"):
                setattr(cls, name, quiet(member))

    def __post_init__(self) -> None:
        shapes = {}
        for field in assumption_fields(type(self)):
            value = field.range.check(field.name, getattr(self, field.name))
            object.__setattr__(self, field.name, value)
            if isinstance(value, np.ndarray):
                shapes[field.name] = value.shape
        try:
            np.broadcast_shapes(*shapes.values())
        except ValueError:
            listed = comma_separated(f"{name} {shape}" for name, shape in shapes.items())
            raise ValueError(
                _("the shapes of these arrays do not fit together: {listed}").format(listed=listed)
            ) from None

    @property
    def verdict(self) -> str:
        """What this scenario says, to a shop owner. Raises ValueError for a sweep."""
        raise NotImplementedError

    def scalar(self) -> Self:
        """Return this scenario if it is a single one; raise ValueError naming an array field."""
        for field in fields(self):
            if isinstance(getattr(self, field.name), np.ndarray):
                raise ValueError(
                    _("{field} is an array: this speaks about one scenario at a time").format(
                        field=field.name
                    )
                )
        return self


def _in_words(verdict: Callable[[Any], str]) -> Callable[[Any], str]:
    @wraps(verdict)
    def said(model: Any) -> str:
        try:
            return verdict(model)
        except UnwritableError:
            return TOO_LARGE

    return said


def assumption_fields(model: type[Model]) -> tuple[AssumptionField, ...]:
    """The fields of a model class, in the order in which they are declared."""
    return _annotations(cast(Any, model))[0]


def answer_fields(model: type[Model]) -> tuple[AnswerField, ...]:
    """The numeric answers of a model class, in the order in which they are declared."""
    return _annotations(cast(Any, model))[1]


@cache
def _annotations(model: Any) -> tuple[tuple[AssumptionField, ...], tuple[AnswerField, ...]]:
    hints = get_type_hints(model, include_extras=True)
    returns = {
        name: get_type_hints(member.fget, include_extras=True).get("return")
        for name, member in vars(model).items()
        if isinstance(member, property)
    }
    return (
        tuple(
            AssumptionField(field.name, *_notes(hints[field.name], Assumption), field.default)
            for field in fields(model)
            if _is_noted(hints[field.name], Assumption)
        ),
        tuple(
            AnswerField(name, *_notes(hint, Answer))
            for name, hint in returns.items()
            if _is_noted(hint, Answer)
        ),
    )


def _is_noted(hint: Any, kind: type) -> bool:
    return any(isinstance(note, kind) for note in getattr(hint, "__metadata__", ()))


def _notes(hint: Any, kind: type) -> tuple[Unit, Any]:
    unit = next(note for note in hint.__metadata__ if isinstance(note, Unit))
    return unit, next(note for note in hint.__metadata__ if isinstance(note, kind))


def ratio(numerator: Value, denominator: Value) -> Value:
    """Divide, with a limit in place of an error: x / 0 is ±inf, 0 / 0 is nan."""
    with np.errstate(all="ignore"):
        return plain(np.divide(numerator, denominator))


def where(condition: Any, yes: Value, no: Value) -> Value:
    """`yes` where the condition holds and `no` elsewhere, for a number as for an array."""
    return plain(np.where(condition, yes, no))


def plain(value: Any) -> Value:
    """A 0-dimensional NumPy result as a Python float; an array as it is."""
    return value if np.ndim(value) else float(value)


def times(share: Value, amount: Value) -> Value:
    """Multiply, with 0 × inf = 0: a share of zero is zero, however large the amount."""
    with np.errstate(invalid="ignore", over="ignore"):
        product = np.multiply(share, amount)
    if not np.isnan(product).any():
        return plain(product)
    return where(np.equal(share, 0) | np.equal(amount, 0), 0.0, product)


def power(base: Value, exponent: Value) -> Value:
    """Raise `base` (0 or more) to `exponent`, with `inf` in place of an error: 0 to the −1 is inf.

    `np.float_power`, because `np.power` and `**` round a number and an array differently.
    """
    with np.errstate(divide="ignore", over="ignore"):
        return plain(np.float_power(base, exponent))


def geometric_sum(factor: Value, terms: Value) -> Value:
    """1 + factor + factor² + …, so many terms: (1 − factorⁿ) ÷ (1 − factor), n for a factor of 1.

    `factor` is in [0, 1], `terms` a whole number. `expm1` keeps all digits for a factor near 1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        closed = -np.expm1(terms * np.log(factor)) / np.subtract(1.0, factor)
    return where(np.equal(factor, 1), terms, where(np.equal(terms, 0), 0.0, closed))


def in_pieces(compute: Callable[..., Any], size: int, *values: Value) -> Value:
    """`compute` for the scenarios of `values`, so many at a time: a large sweep stays in memory.

    `compute` takes the values as rows of equal length and returns such a row.
    """
    shape = np.broadcast_shapes(*(np.shape(value) for value in values))
    rows = [np.broadcast_to(value, shape).ravel() for value in values]
    starts = range(0, max(1, rows[0].size), size)
    found = [compute(*(row[start : start + size] for row in rows)) for start in starts]
    return plain(np.concatenate(found).reshape(shape))


def sum_counts(
    logarithm: Callable[..., Any],
    ratio: Callable[..., Any],
    worth: Callable[..., Any],
    last: Value,
    *fields: Value,
) -> Value:
    """Σ weight(i) × worth(i) for i = 0 .. `last` (whole, 0 or more), for every scenario.

    All three functions take i, `last` and the fields: `logarithm` is that of weight(i) and `ratio`
    is weight(i + 1) ÷ weight(i). Gamma functions are slow, so only every 32nd weight is computed
    from its logarithm. Terms are added one after another: a scenario has the same sum, to the last
    bit, alone and in a sweep.
    """

    def added_up(*values: Any) -> Any:
        # Axes: scenarios, runs of counts, counts of a run.
        last, *fields = (value.reshape(-1, 1, 1) for value in values)
        runs = int(np.max(last, initial=0)) // RUN + 1
        held = max(1, HELD // (RUN * max(1, last.size)))
        total = np.zeros((last.size, 1))
        for start in range(0, runs, held):
            first = RUN * np.arange(start, min(start + held, runs)).reshape(-1, 1)
            i = first + np.arange(RUN)
            with np.errstate(all="ignore"):  # terms beyond `last` are replaced below
                steps = np.log(ratio(i[:, :-1], last, *fields))
                logs = np.concatenate([logarithm(first, last, *fields), steps], axis=2)
                weights = np.exp(np.add.accumulate(logs, axis=2))
                terms = np.where(i <= last, weights * worth(i, last, *fields), 0.0)
            found = np.concatenate([total, terms.reshape(last.size, -1)], axis=1)
            total = np.add.accumulate(found, axis=1)[:, -1:]
        return total[:, 0]

    return in_pieces(added_up, HELD // RUN, last, *fields)


def settle(value: Any, low: float, high: float, noise: Any) -> Value:
    """Move a value that is outside proven limits by no more than `noise` onto the limit.

    One that is further out stays as it is: that is an error, and should be seen.
    """
    nearest = np.clip(value, low, high)
    return where(np.abs(value - nearest) <= noise, nearest, value)


def no_more_than(name: str, part: Value, whole_name: str, whole: Value) -> None:
    """Raise ValueError, naming both, where a part is larger than its whole."""
    if (too_many := np.asarray(part > whole)).any():
        values = [np.broadcast_to(value, too_many.shape)[too_many][0] for value in (part, whole)]
        raise ValueError(
            _(
                "{name} = {part:g} is not possible. Allowed: at most {whole_name} = {whole:g}."
            ).format(name=name, part=values[0], whole_name=whole_name, whole=values[1])
        )


def sweep(model: Model, *answers: str, **values: Iterable[float]) -> "pd.DataFrame":
    """Vary fields of one scenario: a tidy table with one row for each combination.

    `values` gives each varied field its sequence of numbers; the first named varies slowest.
    `answers` names the answers wanted, all of them if none is named. Columns: the varied fields,
    then the answers, unrounded. The model is evaluated once, on arrays.

    Raises ValueError for an unknown field or answer, for values that are not a sequence of possible
    numbers, and for a model that is itself a sweep.
    """
    import pandas as pd

    known = {field.name for field in assumption_fields(type(model))}
    wanted = answers or tuple(field.name for field in answer_fields(type(model)))
    _refuse_unknown(_("field"), values, known)
    _refuse_unknown(_("answer"), wanted, {field.name for field in answer_fields(type(model))})
    columns = [_column(name, numbers) for name, numbers in values.items()]
    grids = [grid.ravel() for grid in np.meshgrid(*columns, indexing="ij")]
    rows = grids[0].size if grids else 1
    scenarios = replace(model.scalar(), **cast(Any, dict(zip(values, grids, strict=True))))
    table = dict(zip(values, grids, strict=True))
    table |= {name: np.broadcast_to(getattr(scenarios, name), rows) for name in wanted}
    return pd.DataFrame(table)


def _column(name: str, numbers: Iterable[float]) -> Any:
    try:
        given = np.asarray(numbers if isinstance(numbers, np.ndarray) else list(numbers))
        column = given if given.dtype.kind in "iu" else as_floats(given)
    except (TypeError, ValueError, OverflowError):  # no sequence, rows of different lengths
        column = None
    if column is None or column.ndim != 1:
        raise ValueError(
            _("{field}: give a sequence of numbers to sweep over, not {value!r}").format(
                field=name, value=numbers
            )
        )
    return column


def _refuse_unknown(kind: str, names: Iterable[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(
                _("{name!r} is no {kind} of this model; it has {known}").format(
                    name=name, kind=kind, known=comma_separated(sorted(known))
                )
            )


def assumptions(model: Model) -> "pd.DataFrame":
    """The assumptions of a scenario as a table for a page: one row a field, all values as text.

    Index: assumption. Columns: value, allowed, basis of the default, name in code.
    """
    import pandas as pd

    scenario = model.scalar()
    rows = [
        {
            _("assumption"): field.note.label,
            _("value"): field.text(value := getattr(scenario, field.name)),
            _("allowed"): field.range.allowed,
            _("basis"): field.note.basis if value == field.default else _("set on this page"),
            _("name in code"): field.name,
        }
        for field in assumption_fields(type(model))
    ]
    return pd.DataFrame(rows).set_index(_("assumption")).rename_axis(None)


@overload
def answers(model: Model) -> "pd.DataFrame": ...
@overload
def answers(model: Model, *names: str) -> Listing: ...
def answers(model: Model, *names: str) -> "pd.DataFrame | Listing":
    """The answers of a scenario for a page, all values as text.

    `answers(model)` is the full table: one row an answer, index answer, columns value and name in
    code. `answers(model, "leads", "front_buyers")` shows just these, in this order, with label and
    unit; assumptions may be among them. Raises ValueError for a name the model does not have.
    """
    if names:
        known: dict[str, AssumptionField | AnswerField] = {}
        known |= {field.name: field for field in assumption_fields(type(model))}
        known |= {field.name: field for field in answer_fields(type(model))}
        _refuse_unknown(_("assumption or answer"), names, set(known))
        scenario = model.scalar()
        return Listing(
            tuple(
                (known[name].note.label, known[name].text(getattr(scenario, name)))
                for name in names
            )
        )
    import pandas as pd

    return (
        pd.DataFrame(
            [
                {_("answer"): label, _("value"): text, _("name in code"): name}
                for name, label, text in answer_texts(model)
            ]
        )
        .set_index(_("answer"))
        .rename_axis(None)
    )


def answer_texts(model: Model) -> list[tuple[str, str, str]]:
    """Name in code, label and written value of every answer of a single scenario."""
    scenario = model.scalar()
    return [
        (field.name, field.note.label, field.text(getattr(scenario, field.name)))
        for field in answer_fields(type(model))
    ]
