"""Tables that are safe to show and to save: a product's name can be a formula or a script."""

import csv
from typing import Any

import pandas as pd

from twostep._text import _

MOST_ROWS = 60
"""Rows of a table that a page shows; of more, the first and the last."""

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def defused(text: object) -> object:
    """A text that a spreadsheet would run as a formula, with a ' before it; all else as it is."""
    return f"'{text}" if isinstance(text, str) and text.startswith(_DANGEROUS) else text


class Table(pd.DataFrame):
    """A DataFrame that defuses formulas when saved, and keeps the owner's money off the screen.

    A page stores what it shows. So that a notebook with somebody's own orders stores counts only,
    amounts are shown as •; the numbers are there to compute with, and on the plan's page. No text
    is cut. What is shown how stands in `attrs`, by column and by what a row is about, so that it
    holds for any part of the table and in any order:

    - `key`: the column that says what a row is about.
    - `write`: for each such row (or for all) the function that writes its number with its unit.
    - `written`: the columns of these numbers. An interval whose ends are the same is left empty.
    - `money`: the columns of amounts; `money_rows`: in which rows they are amounts (without it or
      its key: in all).
    - `unshown`: columns that are there to compute with only.
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
        about: Any = plain.get(self.attrs.get("key"))
        written = [column for column in self.attrs.get("written", ()) if column in plain]
        write: Any = self.attrs.get("write")
        if {"low", "high"} <= {*written}:
            exact = plain["low"] == plain["high"]
            plain[["low", "high"]] = plain[["low", "high"]].mask(exact)
        for column in written if about is not None or callable(write) else ():
            functions = [write] * len(plain) if callable(write) else map(write.get, about)
            pairs = zip(functions, plain[column], strict=True)
            plain[column] = ["" if pd.isna(number) else f(number) for f, number in pairs]
        rows = self.attrs.get("money_rows")
        amounts = about.isin(rows) if about is not None and rows is not None else True
        for column in self.attrs.get("money", ()):
            if column in plain:
                shown = plain[column].astype(object)
                plain[column] = shown.mask(amounts & shown.notna() & (shown != ""), "•")
        plain = plain.drop(columns=list(self.attrs.get("unshown", ())), errors="ignore")
        return plain.astype(object).where(plain.notna(), "")  # what is unknown is left empty

    def __repr__(self) -> str:
        return self._shown().to_string(max_rows=MOST_ROWS)

    def _repr_html_(self) -> str:
        note = ""
        if self.attrs.get("money"):
            note = "<p>{}</p>".format(
                _("• Your amounts are in the table, but not stored in this page.")
            )
        with pd.option_context("display.max_colwidth", None):
            return self._shown().to_html(max_rows=MOST_ROWS, notebook=True) + note
