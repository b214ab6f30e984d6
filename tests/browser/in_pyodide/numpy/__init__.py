"""Just enough of NumPy for the calculator of `OfferLadder`: the real one is not to be had here.

Numbers alone, no rows of them.
"""
# ruff: noqa: N801

import math
from contextlib import ContextDecorator, nullcontext


class generic: ...


class str_(generic): ...


class number(generic): ...


class timedelta64(generic): ...


class datetime64(generic): ...


class float64(float, generic): ...


class ndarray:
    ndim = 0

    def __init__(self, value):
        self.value = value

    def __class_getitem__(cls, item):
        return cls

    def __float__(self):
        return float(self.value)


def _on_numbers(function):
    return lambda *given: ndarray(function(*(getattr(each, "value", each) for each in given)))


def _quotient(a, b):
    return a / b if b else math.nan if not a or math.isnan(a) else math.copysign(math.inf, a)


multiply = _on_numbers(lambda a, b: a * b)
subtract = _on_numbers(lambda a, b: a - b)
divide = _on_numbers(_quotient)
greater = _on_numbers(lambda a, b: a > b)
less = _on_numbers(lambda a, b: a < b)
maximum, minimum = _on_numbers(max), _on_numbers(min)
where = _on_numbers(lambda condition, yes, no: yes if condition else no)


class errstate(ContextDecorator, nullcontext[None]):
    def __init__(self, **_kinds):
        super().__init__()


def asarray(value):
    return value if isinstance(value, ndarray) else ndarray(value)


def ndim(_value):
    return 0


def broadcast_shapes(*_shapes):
    return ()
