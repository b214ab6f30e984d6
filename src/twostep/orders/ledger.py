"""From the rows of all exports to the orders that count, and a list of all that do not.

Everything here is columns of numbers, one entry a row of the files. Customers' ids and e-mails are
turned into shuffled numbers and forgotten.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twostep._text import _, comma_separated, semicolon_separated
from twostep.orders import cells, words
from twostep.orders.cells import day_of
from twostep.orders.days import NONE, Days
from twostep.orders.files import Export
from twostep.orders.questions import UnknownStatusError
from twostep.orders.words import plain, product_key

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Numbers = NDArray[np.float64]

Meaning = Callable[[Export, str], Any]
"""What a text of a column means; None where it says nothing."""

FIRST_PLACES = 3
SHOWN = 12  # unknown status words named in a question
MASKED = "…@…"
UNKNOWN = -2
CENT = 1e-6  # amounts with decimals add up to almost the same


@dataclass(frozen=True)
class LeftOut:
    """Rows that do not count, for one reason."""

    reason: str
    rows: int
    orders: int
    money: float
    places: tuple[str, ...]


@dataclass(frozen=True)
class Ledger:
    """The orders that count. A line belongs to an order; an order to a customer, or to nobody (−1).

    `order_paid` is an order's money less its refunds; `order_currency` numbers `currencies`, −1
    where none is named. Days are counted from 1970-01-01, times of day in seconds.
    """

    line_order: Ints
    line_product: Ints
    line_pieces: Numbers
    line_money: Numbers
    order_day: Ints
    order_clock: Ints
    order_customer: Ints
    order_paid: Numbers
    order_currency: Ints
    customers: int
    products: tuple[str, ...]
    currencies: tuple[str, ...]
    as_of: int
    left_out: tuple[LeftOut, ...]
    loud: tuple[str, ...]  # warnings that must be seen at once
    warnings: tuple[str, ...]
    has_money: bool
    has_products: bool
    without_tax: bool


def ledger(
    exports: Sequence[Export],
    file_of: Sequence[int],
    days: Sequence[Days],
    not_sales: Collection[str] | None,
    as_of: int | None,
    today: int,
) -> Ledger:
    """Count what the exports say. `file_of` gives the file of each export: a later one wins.

    Raises ValueError, saying what to pass, for status words that nobody has explained and where
    nothing is left to count.
    """
    return _Making(exports, file_of, days, not_sales, as_of, today).ledger()


@dataclass
class _Making:
    exports: Sequence[Export]
    file_of: Sequence[int]
    days: Sequence[Days]
    not_sales: Collection[str] | None
    as_of: int | None
    today: int
    reasons: list[LeftOut] = field(default_factory=list)
    loud: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def ledger(self) -> Ledger:
        self._rows()
        self._sums_and_empty_rows()
        self._spread_days()
        self._orders()
        self._customers()
        self._orders_without_number()
        self._older_versions()
        self._no_products()
        self._statuses()
        self._dates()
        self._money()
        self._warn_of_repeats()
        return self._result()

    # What each row says

    def _rows(self) -> None:
        sizes = [export.lines.size for export in self.exports]
        self.size = sum(sizes)
        self.starts = np.cumsum([0, *sizes])
        self.export = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        self.file = np.asarray(self.file_of, dtype=np.int32)[self.export]
        self.line = np.concatenate([export.lines for export in self.exports])
        self.alive = np.ones(self.size, dtype=bool)
        self.day = np.concatenate([days.day for days in self.days])
        self.clock = np.concatenate([days.clock for days in self.days])
        self.number = self._identities("order")
        self.id = self._identities("customer")
        # An e-mail is the same person in every system; numbers of two systems are never the same.
        self.email = self._identities("email", by_system=False)
        self.product, keys = self._coded("product", lambda _export, text: product_key(text))
        self.products = self._first_written("product", keys)
        self.has_products = any("product" in export.texts for export in self.exports)
        self._amounts()

    def _identities(self, key: str, by_system: bool = True) -> Ints:
        """For every row the number of its fingerprint, or −1 where it has none."""
        systems = [export.system.name for export in self.exports]
        system_of = np.array([systems.index(name) for name in systems])[self.export]
        prints = np.concatenate(
            [
                export.fingerprints.get(key, np.zeros(export.lines.size, dtype=np.int64))
                for export in self.exports
            ]
        )
        if by_system and len(set(systems)) > 1:
            numbers = _compact(np.stack([prints, system_of]))
        else:
            numbers = numbered(prints)
        return np.where(prints == 0, -1, numbers).astype(np.int32)

    def _coded(self, key: str, meaning: Meaning) -> tuple[Ints, list[Any]]:
        """For every row the number of its meaning, or −1; and the meanings."""
        numbers: dict[Any, int] = {}
        parts = []
        for export in self.exports:
            column = export.texts.get(key)
            if column is None:
                parts.append(np.full(export.lines.size, -1, dtype=np.int32))
                continue
            said = [meaning(export, text) for text in column.distinct]
            table = [
                -1 if word is None else numbers.setdefault(word, len(numbers)) for word in said
            ]
            parts.append(np.array(table, dtype=np.int32)[column.codes])
        return np.concatenate(parts), list(numbers)

    def _first_written(self, key: str, names: list[str]) -> list[str]:
        """Products as they are written where they are first met."""
        written: dict[str, str] = {}
        for export in self.exports:
            for text in export.texts[key].distinct if key in export.texts else ():
                written.setdefault(product_key(text), text.strip(" \N{IDEOGRAPHIC SPACE}"))
        return [written[name] for name in names]

    def _values(self, key: str, meaning: Callable[[str], float], missing: float) -> Numbers:
        """For every row a number; nan where its text is none, `missing` without the column."""
        parts = []
        for export in self.exports:
            column = export.texts.get(key)
            if column is None:
                parts.append(np.full(export.lines.size, missing))
                continue
            table = np.array([_or_nan(meaning, text) for text in column.distinct])
            parts.append(table[column.codes])
        return np.concatenate(parts)

    def _amounts(self) -> None:
        def money(text: str) -> float:
            return cells.amount(text)[0]

        each = self._values("price", money, np.nan)
        whole = self._values("amount", money, np.nan) + self._values("tax", money, 0.0)
        self.pieces = self._values("quantity", cells.pieces, 1.0)
        self.priced = self._has("price") | self._has("amount")
        self.has_money = bool(self.priced.all())
        self.money = np.where(self._has("price"), each * self.pieces, whole)
        # Minus one piece at minus 500 is no sale of 500.
        self.negative = (self.money < 0) | (self.pieces < 0) | (each < 0)
        refunds = self._values("refunded", lambda text: money(text) if text.strip() else 0.0, 0.0)
        self.refunded = np.nan_to_num(refunds, nan=0.0)
        self.bad_refund = np.isnan(refunds)
        self.currency, self.currencies = self._currencies()

    def _currencies(self) -> tuple[Ints, list[str]]:
        column, names = self._coded("currency", lambda _export, text: plain(text).upper() or None)
        known = {name: i for i, name in enumerate(names)}
        for i, export in enumerate(self.exports):
            if "currency" in export.texts:
                continue
            texts = export.texts.get("price", export.texts.get("amount"))
            if texts is None:
                continue
            signs = [_sign(text) for text in texts.distinct]
            codes = [known.setdefault(sign, len(known)) if sign else -1 for sign in signs]
            rows = slice(self.starts[i], self.starts[i + 1])
            column[rows] = np.array(codes, dtype=np.int32)[texts.codes]
        # Prices without a sign are in the only currency there is.
        return column, list(known)

    # Which rows are one order

    def _spread_days(self) -> None:
        """The day that stands only in an order's first row counts for all rows of its number.

        Not where a number stands on several days: then nobody knows which of them is meant.
        """
        self.has_number = self.number >= 0
        missing = (self.day == NONE) & self.has_number
        if not missing.any():
            return
        key = _compact(np.stack([self.export, self.number]))
        first = _first_of(key, self.day != NONE)
        several = np.zeros(first.size, dtype=bool)
        several[key[(self.day != NONE) & (self.day != self.day[first[key]])]] = True
        fill = missing & (first[key] >= 0) & ~several[key]
        self.day[fill], self.clock[fill] = self.day[first[key[fill]]], self.clock[first[key[fill]]]

    def _spread(self, values: Ints, nothing: int = -1) -> Ints:
        """What stands only in some rows of an order, in all of them."""
        missing = (values == nothing) & self.has_number
        if not missing.any():
            return values
        at = _first_of(self.order_in_file, values != nothing)[self.order_in_file]
        return np.where(missing & (at >= 0), values[at], values)

    @cached_property
    def order_in_file(self) -> NDArray[np.int64]:
        """Numbers for the orders of each file."""
        return _compact(np.stack([self.export, self.order]))

    def _orders(self) -> None:
        """An order is a number on a day: slips of a till begin at 1 again every morning.

        A later row with a minus is no order of its own day but undoes one.
        """
        self.order = self.number.astype(np.int64)
        buying = self.has_number & ~self.negative & (self.day != NONE)
        first = np.full(int(self.number.max()) + 2, NONE, dtype=np.int32)  # the last: no number
        rows = np.flatnonzero(buying)[::-1]
        first[self.number[rows]] = self.day[rows]
        other_day = buying & (self.day != first[self.number])
        if other_day.any():
            later = _compact(np.stack([self.number[other_day], self.day[other_day]]))
            self.order[other_day] = self.order.max() + 1 + later
            self.warnings.append(
                _(
                    "{count} order numbers stand on more than one day ({place} is one): each day "
                    "is counted as an order of its own."
                ).format(
                    count=np.unique(self.number[other_day]).size,
                    place=self._places(other_day)[0],
                )
            )

    def _orders_without_number(self) -> None:
        """Rows of one customer (or nobody) at the same moment of the same file are one order."""
        rows = np.flatnonzero(~self.has_number)
        if not rows.size:
            return
        alone = np.where(
            (self.customer[rows] < 0) & (self.clock[rows] == NONE), np.arange(rows.size), -1
        )
        keys = np.stack(
            [self.file[rows], self.customer[rows], self.day[rows], self.clock[rows], alone]
        )
        self.order[rows] = self.order.max() + 1 + _compact(keys)

    # Who bought

    def _customers(self) -> None:
        """The id; else the e-mail, which is an id's where it was seen with exactly that one."""
        self.id, self.email = self._spread(self.id), self._spread(self.email)
        self.currency = self._spread(self.currency)
        self.customer = self.id.astype(np.int64)
        lacking = (self.id < 0) & (self.email >= 0)
        if not lacking.any():
            return
        ids = int(self.id.max()) + 1
        both = (self.id >= 0) & np.isin(self.email, self.email[lacking])
        emails, owners = distinct_pairs(self.email[both], self.id[both])
        emails, first, times = np.unique(emails, return_index=True, return_counts=True)
        owner = ids + np.arange(int(self.email.max()) + 1)
        owner[emails[times == 1]] = owners[first[times == 1]]
        self.customer[lacking] = owner[self.email[lacking]]

    # What does not count

    def _sums_and_empty_rows(self) -> None:
        found: dict[str, list[str]] = {}
        for export in self.exports:
            for reason, line in export.no_orders:
                found.setdefault(reason, []).append(export.place(line))
        for reason, places in found.items():
            self.reasons.append(
                LeftOut(reason, len(places), 0, np.nan, tuple(places[:FIRST_PLACES]))
            )

    def _leave_out(self, rows: Bools, reason: str) -> None:
        rows = rows & self.alive
        if not rows.any():
            return
        self.alive &= ~rows
        money = np.nansum(self.money[rows]) if self.priced[rows].any() else np.nan
        orders = np.unique(self.order[rows]).size
        self.reasons.append(
            LeftOut(reason, int(rows.sum()), orders, float(money), self._places(rows))
        )

    def _places(self, rows: Bools) -> tuple[str, ...]:
        first = np.flatnonzero(rows)[:FIRST_PLACES]
        return tuple(self.exports[self.export[row]].place(int(self.line[row])) for row in first)

    def _whole_orders(self, rows: Bools) -> Bools:
        """All rows of the orders that have one of these rows."""
        hit = np.zeros(int(self.order.max()) + 1, dtype=bool)
        hit[self.order[rows]] = True
        return hit[self.order]

    def _older_versions(self) -> None:
        """Of an order that several files hold, the last file's version counts."""
        if len(set(self.file_of)) == 1:
            return
        orders = self.order
        # A refund can stand in a later file without its sale: it replaces only itself.
        if self.negative.any():
            refunds = int(orders.max()) + 1 + _compact(np.stack([orders, self.day]))
            orders = np.where(self.negative, refunds, orders)
        last = np.zeros(int(orders.max()) + 1, dtype=np.int32)
        np.maximum.at(last, orders, self.file)
        older = self.has_number & (self.file < last[orders])
        self._leave_out(older, _("duplicate: the order is in a later file too"))

    def _no_products(self) -> None:
        reason = _("no product: shipping, fees, points, discounts, tax")
        for i, export in enumerate(self.exports):
            rows = slice(self.starts[i], self.starts[i + 1])
            if kinds := export.system.products if "kind" in export.texts else frozenset():
                column = export.texts["kind"]
                other = np.array([plain(text) not in kinds for text in column.distinct])
                out = np.zeros(self.size, dtype=bool)
                out[rows] = other[column.codes]
                sale = _("no sale, by its column {column}").format(column=export.columns["kind"])
                self._leave_out(out, reason if export.system.states else sale)
        named = np.array(
            [plain(name).casefold() in words.NO_PRODUCT for name in self.products] + [False]
        )
        self._leave_out(named[self.product], reason)

    def _statuses(self) -> None:
        status, said = self._coded("status", _status_word)
        status = self._spread(status).copy()
        # An order whose status is empty in all its rows has a word to ask about, too.
        empty = len(said)
        status[(status < 0) & self._has("status")] = empty
        said = [*said, ("", None)]
        meanings = [self._meaning(word, known) for word, known in said]
        # A row with a minus is money given back, whatever its status says.
        selling = self.alive & ~self.negative
        unknown = Counter(
            {
                said[code][0]: np.unique(self.order[selling & (status == code)]).size
                for code, meaning in enumerate(meanings)
                if meaning == UNKNOWN and (selling & (status == code)).any()
            }
        )
        if unknown:
            raise _unknown_words(unknown)
        cancelled, _said = self._coded("cancelled", lambda _export, text: _cancelled(text))
        self._leave_out(
            self._whole_orders((cancelled >= 0) & self.alive),
            words.status_reason(words.CANCELLED),
        )
        meaning = np.array([*meanings, words.SALE])[status]
        for kind in (words.CANCELLED, words.REFUNDED, words.PENDING, words.FAILED, words.OTHER):
            self._leave_out((meaning == kind) & ~self.negative, words.status_reason(kind))
        self.partly = np.array([word in words.PART_REFUND for word, _known in said] + [False])
        self.partly = self.partly[status]

    def _meaning(self, word: str, known: int | None) -> int:
        if self.not_sales is None:
            return UNKNOWN if known is None else known
        if word in {plain(given).casefold() for given in self.not_sales}:
            return words.OTHER
        return words.SALE if known is None else known

    def _has(self, key: str) -> Bools:
        """Which rows are of a file that has this column."""
        return np.array([key in export.texts for export in self.exports])[self.export]

    def _dates(self) -> None:
        self._leave_out(self.day == NONE, _("undated: no date that can be read"))
        future = self.day > self.today
        if self.alive.any() and future[self.alive].mean() > 0.5:
            raise ValueError(
                _(
                    "Most orders are dated after today, {today}. Is this computer's clock right, "
                    "and is dates= right?"
                ).format(today=day_of(self.today))
            )
        self._leave_out(future, _("future: dated after today"))
        # Every dated row shows how far the export reaches, whatever became of its order.
        dated = self.day[(self.day != NONE) & ~future]
        if self.as_of is None:
            self.as_of = int(dated.max(initial=self.today if not dated.size else NONE))
        else:
            self._leave_out(self.day > self.as_of, _("after as_of"))

    def _money(self) -> None:
        """Refunds, discounts, and lines that cannot be counted."""
        bad = self.alive & np.isnan(self.pieces)
        self._leave_out(self._whole_orders(bad), _("unreadable quantity in the order"))
        bad = self.alive & self.priced & (np.isnan(self.money) | self.bad_refund)
        self._leave_out(self._whole_orders(bad), _("unreadable price in the order"))
        self._leave_out((self.pieces == 0) & ~self.negative, _("no product: a quantity of 0"))

        buying = self.alive & ~self.negative
        has_sale = np.zeros(int(self.order.max()) + 1, dtype=bool)
        has_sale[self.order[buying]] = True
        minus = self.alive & self.negative
        unmatched = minus & ~has_sale[self.order]
        had_sale = self._whole_orders(~self.negative)
        self._leave_out(unmatched & had_sale, _("refund of an order that is left out"))
        self._leave_out(unmatched, _("refund of a sale that is in none of the files"))
        minus &= self.alive
        # Of a product that the order does not hold otherwise: a discount, which is no product.
        if minus.any() and self.has_products:
            held = np.unique(np.stack([self.order[buying], self.product[buying]]), axis=1)
            pairs = set(map(tuple, held.T.tolist()))
            at = np.flatnonzero(minus & (self.pieces > 0) & (self.product >= 0))
            discount = np.zeros(self.size, dtype=bool)
            discount[[i for i in at if (self.order[i], self.product[i]) not in pairs]] = True
            self._leave_out(discount, _("no product: shipping, fees, points, discounts, tax"))
            minus &= self.alive
        back = np.zeros(int(self.order.max()) + 1)
        np.add.at(back, self.order[minus], np.abs(np.nan_to_num(self.money[minus])))
        back += self._refunds_of_orders()
        paid = np.bincount(
            self.order[buying], weights=np.nan_to_num(self.money[buying]), minlength=back.size
        )
        part = np.zeros(back.size, dtype=bool)
        part[self.order[self.partly]] = True
        full = (paid > 0) & (back >= paid - CENT) & ~part
        self._leave_out(full[self.order], words.status_reason(words.REFUNDED))
        self.alive &= ~minus
        self.back = back

    def _refunds_of_orders(self) -> Numbers:
        """What a column of refunds gives back: the order's, or the sum where its rows differ."""
        rows = self.alive & (self.refunded > 0)
        orders, size = self.order[rows], int(self.order.max()) + 1
        total, most = np.bincount(orders, self.refunded[rows], size), np.zeros(size)
        least = np.full(size, np.inf)
        np.maximum.at(most, orders, self.refunded[rows])
        np.minimum.at(least, orders, self.refunded[rows])
        return np.where(most == least, most, total)

    def _warn_of_repeats(self) -> None:
        rows = np.flatnonzero(self.alive & ~self.has_number)
        if not rows.size:
            return
        keys = np.stack(
            [
                self.customer[rows],
                self.day[rows],
                self.clock[rows],
                self.product[rows],
                self.pieces[rows],
                np.nan_to_num(self.money[rows]),
            ]
        )
        twice = rows.size - np.unique(keys, axis=1).shape[1]
        if twice:
            self.loud.append(
                _(
                    "{count} rows are the same as another and have no order number: all are "
                    "counted, because a repeat cannot be told from a duplicate."
                ).format(count=twice)
            )

    # What is left

    def _result(self) -> Ledger:
        if not self.alive.any():
            listed = semicolon_separated(
                _("{count} {reason}").format(count=left.rows, reason=left.reason)
                for left in self.reasons
            )
            raise ValueError(
                _("There is no order left to count. Left out, in rows: {listed}.").format(
                    listed=listed
                )
            )
        alive = np.flatnonzero(self.alive)
        first = _first_of(self.order, self.alive)
        numbers = np.flatnonzero(first >= 0)
        rows = first[numbers]
        _orders, line_order = _present(self.order[alive])
        customer = self.customer[rows]
        known, place = _present(customer[customer >= 0])
        # Shuffled by chance: a number says nothing about who came first or stood where.
        shuffled = np.random.default_rng().permutation(known.size).astype(np.int32)
        anonymous = np.full(rows.size, -1, dtype=np.int32)
        anonymous[customer >= 0] = shuffled[place]
        names = [*self.products, ""]
        product = self.product[alive]
        used, line_product = _present(np.where(product < 0, len(self.products), product))
        money = np.nan_to_num(self.money[alive])
        paid = np.bincount(line_order, weights=money) - self.back[numbers]
        self._warn_of_one_customer(anonymous, rows)
        return Ledger(
            line_order=line_order.astype(np.int32),
            line_product=line_product.astype(np.int32),
            line_pieces=self.pieces[alive],
            line_money=money,
            order_day=self.day[rows],
            order_clock=self.clock[rows],
            order_customer=anonymous,
            order_paid=paid,
            order_currency=self.currency[rows],
            customers=int(known.size),
            products=tuple(names[number] for number in used),
            currencies=tuple(self.currencies),
            as_of=int(self.as_of if self.as_of is not None else self.today),
            left_out=tuple(self._joined()),
            loud=tuple(self.loud),
            warnings=tuple(self.warnings),
            has_money=self.has_money,
            has_products=self.has_products,
            without_tax=any(_is_without_tax(export) for export in self.exports),
        )

    def _joined(self) -> list[LeftOut]:
        """One entry a reason, in the order in which they were found."""
        found: dict[str, list[LeftOut]] = {}
        for left in self.reasons:
            found.setdefault(left.reason, []).append(left)
        return [
            LeftOut(
                reason,
                sum(part.rows for part in parts),
                sum(part.orders for part in parts),
                sum(part.money for part in parts),
                tuple(place for part in parts for place in part.places)[:FIRST_PLACES],
            )
            for reason, parts in found.items()
        ]

    def _warn_of_one_customer(self, customer: Ints, rows: NDArray[np.int64]) -> None:
        counts = np.bincount(customer[customer >= 0])
        most = int(counts.max(initial=0))
        if most > 20 and most > 0.1 * customer.size:
            place = rows[np.argmax(customer == np.argmax(counts))]
            one = np.zeros(self.size, dtype=bool)
            one[place] = True
            self.warnings.append(
                _(
                    "One customer has {most} of {all} orders ({place} is one): is that a person, "
                    "or a word for nobody?"
                ).format(most=most, all=customer.size, place=self._places(one)[0])
            )
        elif not counts.size:
            self.warnings.append(
                _(
                    "No order names a customer, by number or by e-mail, so repeat purchases cannot "
                    "be seen. Most exports of a till are like this."
                )
            )


def _status_word(export: Export, text: str) -> Any:
    """The word, and its meaning where it is known."""
    word = plain(text).casefold()
    if not word:
        return None
    known = words.STATUS.get(word)
    # Numbers mean something only in the system's own column of states.
    if export.columns["status"] in _flat(export.system.columns.get("status", ())):
        known = export.system.states.get(word, known)
    return word, known


def _cancelled(text: str) -> str | None:
    return None if plain(text) in ("", "0") else "cancelled"


def _sign(text: str) -> str:
    try:
        return cells.amount(text)[1]
    except ValueError:
        return ""


def _or_nan(meaning: Callable[[str], float], text: str) -> float:
    try:
        return meaning(text)
    except ValueError:
        return np.nan


def _flat(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


def _is_without_tax(export: Export) -> bool:
    tax_missing = "tax" in export.system.columns and "tax" not in export.columns
    return export.system.without_tax or tax_missing


def _present(numbers: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of the numbers 0, 1, … are there, and each counted anew among those."""
    there = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=bool)
    there[numbers] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[numbers]


def distinct_pairs(
    first: NDArray[Any], second: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct pairs of two columns of whole numbers from 0 on, sorted."""
    size = int(second.max(initial=0)) + 1
    pairs = np.unique(first.astype(np.int64) * size + second)
    return pairs // size, pairs % size


def _first_of(key: NDArray[np.int64], valid: Bools) -> NDArray[np.int64]:
    """For every key its first valid row, or −1."""
    first = np.full(int(key.max()) + 1, -1, dtype=np.int64)
    rows = np.flatnonzero(valid)[::-1]
    first[key[rows]] = rows  # the last assignment is the first row
    return first


def numbered(values: NDArray[Any]) -> NDArray[np.int64]:
    """Numbers 0, 1, … for values, in the order in which they are first met.

    That order keeps what belongs together together, which makes a million rows four times as quick
    as numbers in the values' own order.
    """
    import pandas as pd

    # In the browser they would have 32 bits, and the callers multiply them.
    return pd.factorize(values)[0].astype(np.int64, copy=False)


def _compact(keys: NDArray[Any]) -> NDArray[np.int64]:
    """Numbers 0, 1, … for the distinct columns of a small table of keys."""
    numbers = np.zeros(keys.shape[1], dtype=np.int64)
    for key in keys:
        codes = numbered(key)
        numbers = numbered(numbers * (int(codes.max(initial=0)) + 1) + codes)
    return numbers


def _unknown_words(unknown: Counter[str]) -> UnknownStatusError:
    listed = comma_separated(
        _("{word!r} ({count} orders)").format(word=_harmless(word), count=count)
        for word, count in unknown.most_common(SHOWN)
    )
    if len(unknown) > SHOWN:
        listed = _("{listed} and {more} more").format(listed=listed, more=len(unknown) - SHOWN)
    message = _(
        "These status words are not known: {listed}. Say which of them mean that nothing was "
        "sold, as in not_sales={{'…'}}; not_sales=set() if all of them are sales."
    ).format(listed=listed)
    words_known = [word for word, _count in unknown.most_common() if _harmless(word) != MASKED]
    return UnknownStatusError(message, words_known)


def _harmless(word: str) -> str:
    """A word of the status column; should another column have been mapped, nothing personal."""
    return MASKED if "@" in word else word[:20]


def as_day(name: str, value: object) -> int | None:
    """A day that was passed: a date, or text such as "2026-06-30". Raises ValueError."""
    if value is None:
        return None
    if isinstance(value, date):
        return value.toordinal() - cells.EPOCH  # a datetime is a date, too
    taken = cells.day_text(plain(value)) if isinstance(value, str) else None
    number = cells.day_number(*taken.numbers) if taken and taken.way == cells.YEAR_FIRST else None
    if number is None:
        raise ValueError(
            _(
                "{name} = {value!r} is not possible. Allowed: a date, or text such as 2026-06-30."
            ).format(name=name, value=value)
        )
    return number
