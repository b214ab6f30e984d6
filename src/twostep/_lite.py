"""What is lost between Python and the page where the kernel runs in the browser, put right.

JupyterLite's kernel (jupyterlite-pyodide-kernel 0.8.6) hands everything over as JavaScript. There
Python's None becomes `undefined`, which is then left out: an axis that a chart says it has not is
drawn, and an entry that was emptied keeps its number. The other way, null arrives as an object of
Pyodide's, `jsnull`, which is no None. Here None goes out as `jsnull`, and that comes in as None.
Both are Pyodide's own ways (https://github.com/pyodide/pyodide/issues/3968 and 5849).

To be dropped, with its test, when that kernel does so itself.
"""

from typing import Any

import comm
from pyodide.ffi import jsnull
from pyodide_kernel import comm as kernel_comm
from pyodide_kernel.display import LiteDisplayHook, LiteDisplayPublisher
from tqdm import tqdm


def _told(data: Any, this: object, other: object) -> Any:
    """The same data with `other` wherever `this` stood."""
    if data is this:
        return other
    if isinstance(data, dict):
        return {key: _told(value, this, other) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_told(value, this, other) for value in data]
    return data


def _out(data: Any) -> Any:
    # Where there is nothing at all, the kernel has a way of its own to say it.
    return data if data is None else _told(data, None, jsnull)


class Comm(kernel_comm.Comm):  # type: ignore[misc]
    """The wire between a widget and its page."""

    def publish_msg(self, msg_type: str, data: Any = None, *args: Any, **keys: Any) -> None:
        """To the page."""
        super().publish_msg(msg_type, _out(data), *args, **keys)

    def handle_msg(self, msg: Any) -> None:
        """From the page."""
        super().handle_msg(_told(msg, jsnull, None))


class _Display(LiteDisplayPublisher):  # type: ignore[misc]
    def publish(self, data: Any, *args: Any, **keys: Any) -> None:
        super().publish(_out(data), *args, **keys)


class _Result(LiteDisplayHook):  # type: ignore[misc]
    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        super().write_format_data(format_dict, md_dict)
        self.data: Any = _out(self.data)


def mend(shell: Any) -> None:
    """Have this session hand over what was lost before."""
    comm.create_comm = Comm
    # The kernel has set these up already: they only change their ways.
    shell.display_pub.__class__ = _Display
    shell.displayhook.__class__ = _Result
    # A progress bar is watched by a thread. There are none, and it would say so, in red.
    tqdm.monitor_interval = 0
