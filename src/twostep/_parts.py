"""Finding what the package holds: a new file is found by being there, and is in no list."""

import pkgutil
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any


@cache
def modules(package: str) -> tuple[ModuleType, ...]:
    """Every module of a package, loaded, in the order of their names; not those named `_…`."""
    found = pkgutil.iter_modules(import_module(package).__path__)
    names = sorted(each.name for each in found if not each.name.startswith("_"))
    return tuple(import_module(f"{package}.{name}") for name in names)


@cache
def public(package: str) -> dict[str, Any]:
    """What the modules of a package name in their `__all__`, in the order of its definition."""
    return {
        name: thing
        for module in modules(package)
        for name, thing in vars(module).items()
        if name in getattr(module, "__all__", ())
    }
