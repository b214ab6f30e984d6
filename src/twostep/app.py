"""The app: every calculator of the course on one page, one at a time (`make app`)."""

from functools import cache
from typing import Any

import ipywidgets as widgets

from twostep._text import _
from twostep.calculator import Calculator
from twostep.models import menu
from twostep.models.base import Model


def every_calculator() -> widgets.VBox:
    """A choice of calculators and the chosen one; each keeps its numbers while the page is open."""
    choice = widgets.Dropdown(
        options=menu().items(),
        description=_("Calculator"),
        layout={"width": "min(100% - 4px, 560px)"},
        style={"description_width": "initial"},
    )
    place = widgets.VBox()

    @cache
    def calculator(model: Any) -> Calculator:
        # Made when it is first wanted: the page opens with one only.
        scenario: Model = model()
        return Calculator(scenario)

    def show(_change: object = None) -> None:
        place.children = [calculator(choice.value)]

    choice.observe(show, "value")
    show()
    return widgets.VBox([choice, place])
