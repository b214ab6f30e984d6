"""Two-Step Marketing: the models, calculators and checks behind the course's notebooks.

Every public name is importable from here: what the files in `models/` name in their `__all__`, and
what `_HOMES` names. Modules load when a name of theirs is first used, so that a check answers
without waiting for widgets or charts.
"""

import sys
from importlib import import_module
from typing import Any

from twostep._parts import public

_HOMES = {
    "twostep._text": ("use_language",),
    "twostep.shown": ("number", "outcomes"),
    "twostep.orders.book": ("Orders",),
    "twostep.orders_form": ("OrdersForm",),
    "twostep.calculator": ("Calculator",),
    "twostep.practice": ("check", "given", "grade", "hint", "quiz", "worksheet"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

if "pyodide_kernel" in sys.modules:  # JupyterLite: the kernel runs in the browser
    import_module("twostep._lite").mend(sys.modules["pyodide_kernel"].ipython_shell)


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    if name == "__all__":
        return sorted([*_HOME_OF, *public("twostep.models")])
    if not name.startswith("_") and name in (models := public("twostep.models")):
        return models[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __getattr__("__all__")  # type: ignore[no-any-return]
