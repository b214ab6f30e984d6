"""Tables that are safe to show and to save: a product's name can be a formula or a script."""

import csv
from typing import Any, cast

import pandas as pd

from twostep._text import _

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def defused(text: object) -> object:
    """A text that a spreadsheet would run as a formula, with a ' before it; all else as it is."""
    return f"'{text}" if isinstance(text, str) and text.startswith(_DANGEROUS) else text


class Table(pd.DataFrame):
    """A DataFrame that defuses formulas when saved, and keeps the owner's money off the screen.

    A page stores what it shows. So that a notebook with somebody's own orders stores counts only,
    the columns named in `attrs["money"]` are shown as • in the rows `attrs["money_rows"]` (in all,
    where it is not given); the numbers are there to compute with, and on the plan's page.
    `attrs["written"]` says by column how each number is shown, "34.8%" for 0.348101.
    """

    @property
    def _constructor(self) -> type["Table"]:
        return Table

    def to_csv(self, *args: Any, **kwargs: Any) -> Any:
        """As pandas does it, with formulas defused and every text in quotation marks."""
        # A carriage return in a name would otherwise end its row.
        kwargs.setdefault("quoting", csv.QUOTE_NONNUMERIC)
        return self._defused().to_csv(*args, **kwargs)

    def to_excel(self, *args: Any, **kwargs: Any) -> Any:  # type: ignore[misc]
        """As pandas does it, with formulas defused."""
        return self._defused().to_excel(*args, **kwargs)

    def _defused(self) -> pd.DataFrame:
        plain = pd.DataFrame(self.copy()).map(defused)
        plain.columns = plain.columns.map(defused)
        plain.index = plain.index.map(defused)
        return plain

    def _shown(self) -> pd.DataFrame:
        plain = pd.DataFrame(self.copy())
        for column, texts in self.attrs.get("written", {}).items():
            if column in plain:
                plain[column] = [texts.get(row, "") for row in plain.index]
        # By the row's label: a part of a table hides the same amounts as the whole.
        rows = self.attrs.get("money_rows")
        hidden = plain.index.isin(plain.index if rows is None else rows)
        for column in self.attrs.get("money", ()):
            if column in plain:
                shown = plain[column].astype(object)
                plain[column] = shown.mask(hidden & (shown != ""), "•")
        return plain.astype(object).where(plain.notna(), "")  # what is unknown is left empty

    def __repr__(self) -> str:
        return self._shown().to_string(max_rows=60)

    def _repr_html_(self) -> str:
        note = ""
        if self.attrs.get("money"):
            note = "<p>{}</p>".format(
                _("• Your amounts are in the table, but not stored in this page.")
            )
        return str(cast(Any, self._shown())._repr_html_()) + note
