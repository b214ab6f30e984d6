"""Loads Altair in half the time: `import twostep.charts._altair` comes before any chart.

Altair checks charts with jsonschema. That, as it is loaded, builds a grammar of web addresses with
letters of all scripts (the package rfc3987_syntax): 1.2 seconds of a core and 16 MiB in each
kernel, for a check that no chart needs. Where the package is missing, jsonschema goes without. So
it is missing while Altair is loaded, and there again afterwards.
"""

import sys
from typing import cast

_GRAMMAR = "rfc3987_syntax"
_modules = cast("dict[str, object]", sys.modules)

if _GRAMMAR not in _modules:
    _modules[_GRAMMAR] = None  # Python's way to say: not to be had
    try:
        import altair  # noqa: F401
    finally:
        del _modules[_GRAMMAR]
