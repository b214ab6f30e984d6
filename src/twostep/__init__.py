"""Two-Step Marketing: the models, calculators and checks behind the course's notebooks.

Every public name is importable from here. Modules load when a name of theirs is first used, so that
a check answers without waiting for widgets or charts.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "twostep.models.base": ("answers", "assumptions", "sweep"),
    "twostep.models.funnel": ("Funnel",),
    "twostep.calculator": ("Calculator",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return __all__
