"""A form for `Orders`: files, columns and products are chosen from the file's own words."""

from collections.abc import Callable, Collection
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from twostep._text import _
from twostep.data import sample_orders
from twostep.orders import files
from twostep.orders.book import FOLDER, Orders, export_folder
from twostep.orders.days import DAY_FIRST, MONTH_FIRST
from twostep.orders.formats import KEYS
from twostep.orders.front_back import FrontBack
from twostep.orders.page import shown
from twostep.orders.questions import (
    AmbiguousDatesError,
    UnknownColumnsError,
    UnknownStatusError,
)

SUFFIXES = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
WINDOWS = (14, 30, 45, 60, 90, 120, 180, 365)
ROWS = 6


class OrdersForm(widgets.VBox):  # type: ignore[misc]
    """Choose exports from the folder `my_orders`, then their columns, then the two products.

    Columns, dates and status words are asked for only where a file does not say them. `orders` and
    `front_back` are what was read and counted so far, None before; `code` is the plain call that
    does the same. Nothing is uploaded: the files are read where they lie.
    """

    def __init__(self) -> None:
        self.orders: Orders | None = None
        self.front_back: FrontBack | None = None
        self._sources = _exports()
        self.files = _several(_("Your exports"), list(self._sources))
        self.columns = {key: _choice(label) for key, label in _asked().items()}
        self.dates = _choice(_("In 05/01/2026, first stands the"))
        self.dates.options = [
            (_("(as the file says)"), None),
            (_("day"), DAY_FIRST),
            (_("month"), MONTH_FIRST),
        ]
        self.not_sales = _several(_("Words that mean: nothing was sold"), [])
        self.front = _several(_("Front products"), [])
        self.back = _several(_("Back products"), [])
        self.window = _choice(_("Days to go on in"))
        self.window.options, self.window.value = WINDOWS, 90
        self._message = widgets.HTML().add_class("twostep-verdict")
        self._code = widgets.HTML()
        self._mapping = widgets.VBox(list(self.columns.values()))
        self._products = widgets.VBox(
            [self.front, self.back, self.window, _button(_("Count"), self.count)]
        )
        super().__init__(
            [
                self.files,
                self._mapping,
                self.dates,
                self.not_sales,
                _button(_("Read"), self.read),
                self._products,
                self._message,
                self._code,
            ]
        )
        self.add_class("twostep-orders")
        for hidden in (self._mapping, self.dates, self.not_sales, self._products):
            _show(hidden, False)
        self.files.observe(lambda _change: self._other_files(), "value")
        self._say(_where())

    def read(self) -> None:
        """Read the chosen files, or ask for what they do not say."""
        self.orders = self.front_back = None
        _show(self._products, False)
        if not self.files.value:
            self._say(_("Choose one file or more in “Your exports”."))
            return
        try:
            self.orders = Orders.read(*self._chosen_files(), **self._how())
        except UnknownStatusError as question:
            self.not_sales.options = [
                (shown(word) or _("(empty)"), word) for word in question.words
            ]
            _show(self.not_sales, True)
            self._say(
                _(
                    "Choose the words that mean that nothing was sold, and read again. If all of "
                    "them are sales, choose none."
                )
            )
        except AmbiguousDatesError as question:
            _show(self.dates, True)
            self._say(str(question))
        except UnknownColumnsError as question:
            self._ask_for_columns()
            self._say(str(question))
        except ValueError as refusal:
            self._say(str(refusal))
        else:
            names = [
                (shown(name) or _("(no name)"), name) for name in self.orders.products[_("product")]
            ]
            for chooser in (self.front, self.back):
                with chooser.hold_sync():  # one message: a second one could undo a quick choice
                    chooser.options = names
            _show(self._products, True)
            self._say(repr(self.orders), self._code_of_read())

    def count(self) -> None:
        """Count who went on from the chosen front to the chosen back products."""
        self.front_back = None
        if self.orders is None:
            self._say(_("Read your exports first."))
            return
        try:
            self.front_back = self.orders.front_back(
                self.front.value, self.back.value, window_days=self.window.value
            )
        except ValueError as refusal:
            self._say(str(refusal), self._code_of_read())
        else:
            self._say(f"{self.front_back!r}\n{self.front_back.verdict}", self.code)

    @property
    def code(self) -> str:
        """The lines that do in a page what was chosen here."""
        if self.front_back is None:
            return self._code_of_read()
        return (
            f"{self._code_of_read()}\nfb = orders.front_back(front={_set(self.front.value)}, "
            f"back={_set(self.back.value)}, window_days={self.window.value})"
        )

    def _code_of_read(self) -> str:
        chosen = [self._sources[name] for name in self.files.value]
        given = [
            f"*{name}" if isinstance(files_of, str) else repr(files_of.name)
            for files_of, name in ((source, "sample_orders()") for source in chosen)
        ]
        how = [f"{name}={_literal(value)}" for name, value in self._how().items()]
        return f"orders = Orders.read({', '.join([*given, *how])})"

    def _chosen_files(self) -> list[Path]:
        found: list[Path] = []
        for name in self.files.value:
            source = self._sources[name]
            found += sample_orders() if isinstance(source, str) else [source]
        return found

    def _how(self) -> dict[str, Any]:
        """What was chosen beside the files, as `Orders.read` takes it."""
        columns = {key: chooser.value for key, chooser in self.columns.items() if chooser.value}
        how: dict[str, Any] = {"columns": columns} if columns else {}
        if self.dates.value:
            how["dates"] = self.dates.value
        if self.not_sales.options:
            how["not_sales"] = set(self.not_sales.value)
        return how

    def _ask_for_columns(self) -> None:
        """Show the columns of the first file."""
        names = files.headers(self._chosen_files()[0])
        for chooser in self.columns.values():
            before = chooser.value
            chooser.options = [(_("(none, or as recognised)"), ""), *((shown(n), n) for n in names)]
            chooser.value = before if before in names else ""
        _show(self._mapping, True)

    def _other_files(self) -> None:
        """Other files have other columns and words: begin anew."""
        for chooser in self.columns.values():
            chooser.options = [("", "")]
        self.not_sales.options = []
        for part in (self._mapping, self.dates, self.not_sales, self._products):
            _show(part, False)
        self.orders = self.front_back = None
        self._say(_where())

    def _say(self, words: str, code: str = "") -> None:
        lines = "<br>".join(map(escape, words.splitlines()))
        self._message.value = f"<div role='status' style='line-height: 1.4'>{lines}</div>"
        self._code.value = f"<pre>{escape(code)}</pre>" if code else ""

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs) or {}
        state = self.front_back if self.front_back is not None else self.orders
        bundle["text/plain"] = repr(state) if state is not None else _("No export is read yet.")
        return bundle


def _asked() -> dict[str, str]:
    """What each of our names means, for who has never seen it."""
    labels = {
        "order": _("Order number"),
        "day": _("Day of the order"),
        "time": _("Time, if in a column of its own"),
        "customer": _("Customer number"),
        "email": _("E-mail address"),
        "product": _("Product"),
        "quantity": _("How many"),
        "price": _("Price of one"),
        "amount": _("Or: price of the whole line"),
        "status": _("Paid, cancelled, …"),
        "currency": _("Currency"),
        "refunded": _("Money given back"),
    }
    return {key: labels[key] for key in KEYS}


def _exports() -> dict[str, Path | str]:
    """What there is to choose: the files in the learner's folder, and the sample."""
    found: dict[str, Path | str] = {}
    if folder := export_folder():
        found = {
            path.name: path
            for path in sorted(folder.iterdir())
            if path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~"))
        }
    return found | {_("The course's sample (simulated)"): "sample"}


def _where() -> str:
    folder = export_folder()
    if folder is None:
        return _(
            "To use your own export, make a folder {name} beside the folder lessons, put the file "
            "there, and run this cell again. Here is the sample meanwhile."
        ).format(name=FOLDER)
    return _("Your files are read in {name}. They stay on this computer.").format(name=FOLDER)


def _choice(label: str) -> widgets.Dropdown:
    return widgets.Dropdown(
        options=[("", "")],
        description=label,
        style={"description_width": "16em"},
        layout={"width": "auto"},
    )


def _several(label: str, options: list[Any]) -> widgets.SelectMultiple:
    return widgets.SelectMultiple(
        options=options,
        description=label,
        rows=ROWS,
        style={"description_width": "16em"},
        layout={"width": "auto"},
    )


def _button(label: str, act: Callable[[], None]) -> widgets.Button:
    button = widgets.Button(description=label)
    button.on_click(lambda _button: act())
    return button


def _show(widget: widgets.Widget, visible: bool) -> None:
    widget.layout.display = None if visible else "none"


def _set(names: Collection[str]) -> str:
    return "{" + ", ".join(map(repr, names)) + "}"


def _literal(value: object) -> str:
    if isinstance(value, set):
        return _set(sorted(value)) if value else "set()"
    return repr(value)
