"""Calling a learner's function without waiting for it for ever."""

import ctypes
import threading
from collections.abc import Callable
from typing import Any

SECONDS = 2.0
"""How long a learner's function may take over all its cases."""


class TooSlowError(Exception):
    """The function had not finished in time."""


class _Stop(BaseException):
    """Raised inside the helper thread; a learner's `except Exception` does not catch it."""


def run_within(seconds: float, work: Callable[[], Any]) -> Any:
    """Return `work()`, or raise what it raised, or `TooSlowError` after `seconds`.

    The work runs in a daemon thread, so that the caller gets control back on every system: signals
    (`SIGALRM`) exist only on Unix and only in the main thread, and a notebook's function cannot be
    sent to another process. An endless loop in Python is then ended by an exception raised in its
    thread. A single endless call into C cannot be ended by anything but a kernel restart.
    """
    outcome: dict[str, Any] = {}

    def attempt() -> None:
        try:
            outcome["value"] = work()
        except BaseException as problem:
            outcome["problem"] = problem

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    try:
        thread.join(seconds)
    finally:
        if thread.is_alive():
            identity = ctypes.c_ulong(thread.ident or 0)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(identity, ctypes.py_object(_Stop))
            thread.join(1.0)
    if isinstance(outcome.get("problem"), _Stop) or not outcome:
        raise TooSlowError
    if "problem" in outcome:
        raise outcome["problem"]
    return outcome["value"]
