"""`grade` answers whatever was typed: objects that raise, lie or never end, strange scenarios."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import extremes

from twostep.models.funnel import Funnel
from twostep.practice import EXERCISES, Choice, Exercise, Figure, Outcome, Result, Table, grade


def quick(exercise: Exercise) -> Exercise:
    """The only table of the course takes long to compute; what is asked here is how it is read."""
    if isinstance(exercise, Table):
        return replace(exercise, answer=lambda _: [1.0] * len(exercise.rows), mistakes=())
    return exercise


# One of each kind, of the early chapters: their formulae are quick.
KINDS: dict[Any, Exercise] = {
    (type(each), each.own, getattr(each, "whole", None)): quick(each)
    for each in sorted(EXERCISES.values(), key=lambda each: each.key, reverse=True)
}
OWN = [each for each in EXERCISES.values() if each.own]
CHOICES = [each for each in EXERCISES.values() if isinstance(each, Choice)]
every_kind = pytest.mark.parametrize("exercise", KINDS.values(), ids=lambda each: each.key)


def own(exercise: Exercise) -> Any:
    return exercise.given.scenario(exercise.own) if exercise.own else None


def assert_can_be_shown(result: Result) -> None:
    assert result.outcome in Outcome
    assert 0 < len(result.message) < 1_000
    for text in (repr(result), result._repr_html_()):
        json.dumps(text, ensure_ascii=False).encode("utf-8")  # as a page stores it


def test_every_kind_is_tried() -> None:
    assert {type(each) for each in KINDS.values()} == {Figure, Table, Choice}
    assert {each.own is None for each in KINDS.values()} == {True, False}
    assert len(KINDS) >= 5
    assert len(all_hostile()) >= 1_000


# Objects that raise


class UnspeakableError(Exception):
    """An error that cannot even be told."""

    def __str__(self) -> str:
        raise RuntimeError("again")


class Alien(BaseException):
    """No Exception, so that `except Exception` lets it pass."""


PROBLEMS: tuple[type[BaseException], ...] = (
    RuntimeError,
    AttributeError,
    StopIteration,
    RecursionError,
    MemoryError,
    OverflowError,
    UnspeakableError,
    SystemExit,
    GeneratorExit,
    Alien,
)
METHODS = (
    *("__float__", "__int__", "__index__", "__complex__", "__bool__", "__abs__", "__neg__"),
    *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__sub__", "__rsub__", "__truediv__"),
    *("__hash__", "__repr__", "__str__", "__format__", "__len__", "__iter__", "__next__"),
    *("__getitem__", "__contains__", "__call__", "__array__", "__array_ufunc__", "__getattr__"),
    *("__getattribute__", "__class__", "__dict__", "__module__", "__name__", "__instancecheck__"),
    *("strip", "translate", "lower", "encode", "is_nan", "columns", "set_axis", "visits"),
)
BASES: tuple[type, ...] = (
    object,
    int,
    float,
    complex,
    str,
    bytes,
    list,
    tuple,
    dict,
    Decimal,
    Fraction,
    np.float64,
    pd.DataFrame,
    Funnel,
)


def hostile(base: type, names: tuple[str, ...], problem: type[BaseException]) -> Any:
    """An object of a class of its own in which these methods and attributes raise."""

    def fail(*_: object, **__: object) -> Any:
        raise problem

    members: dict[str, Any] = {
        name: property(fail) if name in ("__class__", "__dict__", "columns", "visits") else fail
        for name in names
    }
    try:
        made: Any = type("Hostile", (base,), members)
        return object.__new__(made) if base in (object, Funnel) else made()
    except BaseException:
        return None  # not even Python can make it


@cache
def all_hostile() -> list[Any]:
    """Each method alone raises an error and what is none; all together raise each problem."""
    alone = itertools.product(BASES, [(name,) for name in METHODS], (RuntimeError, Alien))
    made = [*alone, *itertools.product(BASES, [METHODS], PROBLEMS)]
    return [each for each in itertools.starmap(hostile, made) if each is not None]


@every_kind
def test_an_object_that_raises_is_answered(exercise: Exercise) -> None:
    for answer in all_hostile():
        result = exercise.grade(answer, own(exercise))
        assert_can_be_shown(result)
        assert result.outcome is not Outcome.CORRECT or isinstance(answer, float | int)
        if isinstance(exercise, Table):
            assert_can_be_shown(exercise.grade([[answer, answer]] * len(exercise.rows)))
            assert_can_be_shown(exercise.grade([answer] * len(exercise.rows)))


@pytest.mark.parametrize("exercise", OWN, ids=lambda each: each.key)
def test_a_scenario_that_raises_is_answered(exercise: Exercise) -> None:
    for scenario in all_hostile():
        assert_can_be_shown(exercise.grade(1.0, scenario))
    for value in (None, "8", float("nan"), object(), Decimal("sNaN"), np.array([1.0]), -1, 10**400):
        scenario = own(exercise)
        for name in list(exercise.given):
            object.__setattr__(scenario, name, value)
            assert exercise.grade(1.0, scenario).outcome is Outcome.UNREADABLE


def test_only_the_stop_button_passes_through() -> None:
    for exercise in KINDS.values():
        answer = hostile(object, ("__class__",), KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            exercise.grade(answer, own(exercise))


# Objects that lie, never end, or are simply strange


class EndlessList(list):  # type: ignore[type-arg]
    def __iter__(self) -> Iterator[Any]:
        return itertools.repeat([0, 1])


class EndlessRow(list):  # type: ignore[type-arg]
    def __iter__(self) -> Iterator[Any]:
        return itertools.repeat(0)


class Nameless(type):
    @property
    def __name__(cls) -> str:  # type: ignore[override]
        raise RuntimeError("no name")


class Namesake(metaclass=Nameless):
    pass


def called(name: Any) -> Any:
    """An object that says it is of another class than it is."""
    return type("Liar", (), {"__class__": property(lambda _self: name)})()


def recursive() -> list[Any]:
    inside: list[Any] = []
    inside += [inside] * 5
    return inside


def deep() -> list[Any]:
    inside: list[Any] = []
    for _depth in range(100_000):
        inside = [inside]
    return inside


def holding_itself() -> Any:
    array = np.empty((), dtype=object)
    array[()] = array
    return array


def strange() -> Iterator[Any]:
    yield from (None, True, NotImplemented, type, object, Funnel, itertools, print, Exception("x"))
    yield from (10**400, -(10**5000), Fraction(10**400, 3), Decimal("1e999999"), Decimal("-0"))
    yield from (Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), complex("nan"), 1j)
    yield from (
        np.longdouble("1e4000"),
        np.datetime64("NaT"),
        np.timedelta64(5, "D"),
        np.void(b"1"),
    )
    yield from (np.ma.masked, np.array(np.nan), np.array("8"), np.array(None), holding_itself())
    yield from (np.zeros(3, dtype=[("a", float)]), np.array(["a"], dtype="U1"), pd.NA, pd.NaT)
    yield from (pd.Series([pd.NA]), pd.DataFrame([[pd.NA]]), pd.Timestamp(0), pd.Categorical(["a"]))
    yield from (itertools.count(), iter(int, 1), (x for x in itertools.count()), memoryview(b"8"))
    yield from (EndlessList([1] * 5), EndlessList(), [EndlessRow([0, 1])] * 5, recursive(), deep())
    yield from ("9" * 1_000_000, "a" * 1_000_000, "(" * 100_000, "¥" * 100_000, "1," * 100_000)
    yield from ("\ud800", "8\ud800", "ａ\udfff", "\x00", "\u202e8", "{}", "{0}", "%s", "`", "<b>")
    yield from (Namesake(), Namesake, called(float), called(str), called(list), called(Funnel))
    yield from (called(pd.DataFrame), called(None), called(3))
    yield pd.DataFrame({"\ud800": [1], "x" * 1_000_000: [2]})
    yield pd.DataFrame({hostile(object, ("__str__", "__repr__"), Alien): [1]})


@every_kind
def test_a_strange_object_is_answered(exercise: Exercise) -> None:
    for answer in strange():
        result = exercise.grade(answer, own(exercise))
        assert_can_be_shown(result)
        assert result.outcome in (Outcome.UNREADABLE, Outcome.NOT_YET, Outcome.KNOWN_MISTAKE)
        if isinstance(exercise, Table):
            assert_can_be_shown(exercise.grade([[0, answer]] * len(exercise.rows)))
        if exercise.own and not isinstance(answer, Funnel):
            assert exercise.grade(1.0, answer).outcome is Outcome.UNREADABLE


def test_a_table_says_how_many_rows_it_has() -> None:
    (exercise,) = {each.key: each for each in KINDS.values() if isinstance(each, Table)}.values()
    found = exercise.grade([[0, 1]] * 1_234)
    assert "yours has 1234" in found.message.replace(",", "")


# Scenarios of one's own with all numbers that a model accepts


@pytest.mark.parametrize("exercise", OWN, ids=lambda each: each.key)
@given(data=st.data())
def test_every_scenario_of_ones_own_is_answered(exercise: Exercise, data: st.DataObject) -> None:
    assert exercise.own
    scenario = data.draw(extremes(exercise.own))
    result = grade(exercise.key, data.draw(st.floats(allow_nan=False)), scenario)
    assert_can_be_shown(result)
    assert not {"nan", "inf", "¥nan", "¥inf"} & set(result.message.split())


# Letters


@pytest.mark.parametrize("exercise", CHOICES, ids=lambda each: each.key)
def test_a_letter_is_read_as_any_keyboard_writes_it(exercise: Choice) -> None:
    for letter, option in exercise.lettered.items():
        wide = chr(ord(letter) - ord("a") + ord("ａ"))
        plain = (letter, f" {letter.upper()} ", f"{letter})", f"({letter})", f"{letter}\n")
        full = (wide, f"　{wide.upper()}　", f"{wide})", f"{wide}）", f"（{wide}）")
        for typed in (*plain, *full):
            result = grade(exercise.key, typed)
            assert result.correct == option.right, typed
            assert result.outcome in (Outcome.CORRECT, Outcome.KNOWN_MISTAKE), typed
    for other in ("", ")", "ab", "a b", "a,b", "z", "1", "１", "あ", "\u0430", "a" * 1_000_000):
        assert grade(exercise.key, other).outcome is Outcome.UNREADABLE, other
