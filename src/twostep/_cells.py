"""Which cells show a calculator: what a cell has shown is freed when the cell is run again.

A widget lives until it is closed, for it cannot know that its page is gone: every run of a cell
would leave one behind.
"""

from dataclasses import dataclass, field
from typing import NamedTuple
from weakref import WeakKeyDictionary

import ipywidgets as widgets
from IPython import get_ipython
from ipywidgets.widgets.widget import _instances


class Run(NamedTuple):
    """One run of a cell: what names the cell, and what names the run."""

    cell: object
    message: str


def current_run() -> Run | None:
    """The run that is going on in this kernel; None outside of one, and where there is no telling.

    JupyterLab names the cell. Other programs send its text only; then the cell is known by that and
    by the text that was run before it, for two cells may have the same text.
    """
    shell = get_ipython()
    # In JupyterLite only the kernel can say.
    knows = shell if hasattr(shell, "get_parent") else getattr(shell, "kernel", None)
    parent = knows.get_parent() if knows else {}
    code = parent.get("content", {}).get("code")
    if code is None:
        return None
    message = parent["header"]["msg_id"]
    if cell := parent["metadata"].get("cellId"):
        return Run(cell, message)
    if not parent["content"].get("store_history"):
        return None
    return Run(tuple(shell.history_manager.input_hist_raw[-2:]), message)


@dataclass
class _Places:
    """Where a widget was made, and which runs show it; `elsewhere`: nobody can say where else."""

    made: Run | None
    shown: dict[object, str] = field(default_factory=dict)
    elsewhere: bool = False


_places: WeakKeyDictionary[widgets.Widget, _Places] = WeakKeyDictionary()


def made(widget: widgets.Widget) -> None:
    """Note that the run that is going on made a widget."""
    run = current_run()
    _free_before(run, widget)
    _places[widget] = _Places(run)


def shown(widget: widgets.Widget) -> None:
    """Note that the run that is going on shows a widget."""
    run = current_run()
    _free_before(run, widget)
    places = _places[widget]
    if run is None or any(isinstance(w, widgets.Output) and w.msg_id for w in _open()):
        places.elsewhere = True
    else:
        places.shown[run.cell] = run.message


def _free_before(run: Run | None, besides: widgets.Widget) -> None:
    """Close what earlier runs of this cell made or showed, but not what is shown elsewhere too."""
    if run is None:
        return
    for widget, places in list(_places.items()):
        if widget is besides or widget.comm is None:
            continue
        if places.shown.get(run.cell, run.message) != run.message:
            del places.shown[run.cell]
        elif places.made is None or places.made.cell != run.cell or places.made == run:
            continue
        inside = any(widget in getattr(other, "children", ()) for other in _open())
        if not (places.shown or places.elsewhere or inside):
            widget.close()


def _open() -> list[widgets.Widget]:
    return list(_instances.values())
