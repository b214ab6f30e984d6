"""The pictures of the course: a scenario in, an Altair chart out; one file a subject, as in models.

What the files here name in their `__all__` is an attribute of this module, for example
`charts.profit_by_back_rate(Funnel())`.
"""

from typing import Any

import twostep.charts._altair  # noqa: F401  # first: it says why
from twostep._parts import public
from twostep.charts.picture import Picture
from twostep.models import every_model
from twostep.models.base import Model

_public = public(__name__)

__all__ = sorted(["PICTURES", *_public])

PICTURES: dict[type[Model], tuple[Picture[Any], ...]] = {
    model: tuple(
        thing for thing in _public.values() if isinstance(thing, Picture) and thing.model is model
    )
    for model in every_model()
}
"""What a calculator of each model shows beside its answers: the pictures that say they draw it."""


def __getattr__(name: str) -> Any:
    if name not in _public:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _public[name]


def __dir__() -> list[str]:
    return __all__
