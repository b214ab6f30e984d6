"""What property tests draw: one rule for every share and amount.

A number is 0 or at least `SMALLEST` in size. Nothing smaller happens to a shop, and where
formulas subtract, nothing is left of it: a test that compares digits would compare noise. What
models, charts and calculators do with smaller numbers, and with larger ones than anybody has, is
tested in test_extremes.py, and there only.
"""

from typing import Any, TypeVar

from hypothesis import reject, settings
from hypothesis import strategies as st

from twostep.models.base import Model, assumption_fields
from twostep.units import AssumptionField

SMALLEST = 1e-12
M = TypeVar("M", bound=Model)
Numbers = st.SearchStrategy[float]


def numbers(low: float, high: float) -> Numbers:
    """Numbers from `low` to `high`, none of them between 0 and `SMALLEST` in size."""
    return st.floats(low, high).filter(lambda number: not 0 < abs(number) < SMALLEST)


shares = numbers(0, 1)


def fewer(part: float) -> settings:
    """Settings for a slow test: only a part of the examples, in `make test` as in a search."""
    return settings(max_examples=round(part * settings().max_examples))


def scenarios(kind: type[M]) -> st.SearchStrategy[M]:
    """Scenarios that the sliders of a model can reach, their ends, zero and defaults included."""

    def within(field: AssumptionField) -> Numbers:
        low, high, _step = field.note.slider
        anywhere = st.integers(int(low), int(high)) if field.range.whole else numbers(low, high)
        return st.sampled_from([low, high, field.default]) | anywhere

    return _scenarios(kind, within)


def extremes(kind: type[M]) -> st.SearchStrategy[M]:
    """Scenarios of all numbers that a model accepts, however small or large; counts as above."""

    def within(field: AssumptionField) -> Numbers:
        low, high, _step = field.note.slider
        if field.range.whole:
            return st.sampled_from([low, high, field.default]) | st.integers(int(low), int(high))
        anywhere = st.floats(field.range.low, field.range.high, allow_infinity=field.range.infinite)
        return st.sampled_from([low, high, field.default]) | anywhere

    return _scenarios(kind, within)


@st.composite
def _scenarios(draw: st.DrawFn, kind: type[M], within: Any) -> M:
    values = {field.name: draw(within(field)) for field in assumption_fields(kind)}
    try:
        return kind(**values)
    except ValueError:  # more buyers than people
        reject()
