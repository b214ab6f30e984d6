"""`Orders`: a shop's own order exports, read honestly."""

import os
import warnings
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from twostep._text import _, comma_separated
from twostep.orders import cells, days, files, ledger
from twostep.orders.cells import day_of
from twostep.orders.cohorts import Cohorts
from twostep.orders.files import Export, Source
from twostep.orders.formats import KEYS
from twostep.orders.front_back import FrontBack
from twostep.orders.ledger import Bools, Ints, Ledger, distinct_pairs
from twostep.orders.privacy import allowed_here, is_sample
from twostep.orders.share import Share
from twostep.orders.words import product_key
from twostep.units import NUMBER, Range

if TYPE_CHECKING:
    from twostep.orders.tables import Table

FOLDER = "my_orders"
"""Where a learner puts exports; git ignores a folder of this name."""

AMOUNTS = ("price", "amount", "refunded", "tax")
"""Our names of the columns that hold money."""

MOST_NAMES = 8
"""Files that are named where one is not found."""

DAYS = Range.of(NUMBER, low=1, high=3_650, whole=True)


@dataclass(frozen=True, eq=False)
class Orders:
    """What one or more order exports say: who bought what and when, without saying who they are.

    Customers are shuffled numbers here; their ids and e-mails were dropped at reading. `repr` shows
    counts only.
    """

    _ledger: Ledger
    _read_as: tuple[tuple[str, ...], ...]
    _currency: str | None
    simulated: bool
    """Whether all of it is the course's own sample, which is simulated."""
    warnings: tuple[str, ...]
    """What the owner should know about these files, in sentences."""

    @classmethod
    def read(
        cls,
        *sources: Source,
        columns: Mapping[str, str] | None = None,
        encoding: str | None = None,
        dates: str | None = None,
        as_of: date | str | None = None,
        currency: str | None = None,
        not_sales: Collection[str] | None = None,
        timezone: str = "Asia/Tokyo",
    ) -> Self:
        """Read exports: paths, bytes or open files; CSV, TSV or Excel. A later file wins.

        A name without a folder is also looked for in `my_orders`. The exports of some systems are
        recognised (`twostep.orders.formats`); for any other, and to overrule, `columns` says which
        column is what, with the keys order, day, time, customer, email, product, quantity, price
        (of one unit) or amount (of the line), status, currency and refunded.

        `dates` is "day first" or "month first", for dates such as 05/01/2026. `as_of` is the day up
        to which the files reach; unless given, their last day. `currency` chooses one where there
        are several. `not_sales` are the status words, among those not known, that mean that nothing
        was sold. `timezone` is where the shop is.

        Warns (and keeps in `warnings`) where identical rows have no order number, and on a shared
        server. Raises ValueError, in a sentence that says what to pass or names the file and the
        line, for whatever cannot be read without guessing.
        """
        if not sources:
            raise ValueError(_("give at least one file to read, such as Orders.read('jan.csv')"))
        columns = _checked_columns(columns)
        if dates not in (None, days.DAY_FIRST, days.MONTH_FIRST):
            raise ValueError(
                _(
                    "dates = {dates!r} is not possible. Allowed: 'day first' or 'month first'."
                ).format(dates=dates)
            )
        zone = _zone(timezone)
        today = datetime.now(zone).date().toordinal() - cells.EPOCH
        last = ledger.as_day("as_of", as_of)
        if last is not None and last > today:
            raise ValueError(
                _("as_of = {day} has not come yet; today is {today}.").format(
                    day=day_of(last), today=day_of(today)
                )
            )
        found = [_found(source) for source in sources]
        warnings_here = allowed_here(found)
        exports: list[Export] = []
        file_of: list[int] = []
        for number, source in enumerate(found, start=1):
            for export in files.open_exports(source, number, columns, encoding):
                exports.append(export)
                file_of.append(len(file_of))
        understood = days.understood(exports, dates, zone)
        if isinstance(not_sales, str):
            not_sales = {not_sales}
        counted = ledger.ledger(exports, file_of, understood, not_sales, last, today)
        for warning in (*warnings_here, *counted.loud):
            warnings.warn(warning, stacklevel=2)
        return cls(
            counted,
            tuple(_described(exports, [day.how for day in understood])),
            currency.upper() if currency else None,
            all(map(is_sample, found)),
            (*warnings_here, *counted.loud, *counted.warnings),
        )

    # Counts

    @property
    def customers(self) -> int:
        """People with a valid order: by customer id, else by e-mail."""
        return self._ledger.customers

    @property
    def orders(self) -> int:
        """Valid orders: really ordered, not cancelled, not refunded in full, dated, up to as_of."""
        return int(self._ledger.order_day.size)

    @property
    def orders_without_customer(self) -> int:
        """Valid orders of nobody known: they count for money, not for people."""
        return int((self._ledger.order_customer < 0).sum())

    @property
    def lines(self) -> int:
        """Lines of products in valid orders."""
        return int(self._ledger.line_order.size)

    @property
    def first_day(self) -> date:
        """The day of the first valid order."""
        return day_of(int(self._ledger.order_day.min()))

    @property
    def as_of(self) -> date:
        """The day up to which everybody was observed."""
        return day_of(self._ledger.as_of)

    @property
    def revenue(self) -> float:
        """Money of the lines of valid orders as written, less partial refunds.

        Raises ValueError, saying what to pass, where no column is a price and where the files hold
        several currencies and none was chosen.
        """
        return float(self._ledger.order_paid[self._in_currency].sum())

    @property
    def currency(self) -> str:
        """The currency of the amounts; JPY where the files name none. Raises as `revenue` does."""
        if not self._ledger.has_money:
            raise ValueError(
                _(
                    "There is no column with prices, so there are no amounts: pass "
                    "columns={'price': …} (of one unit) or columns={'amount': …} (of the line)."
                )
            )
        present = self._currencies
        if self._currency:
            if present and self._currency not in present:
                raise ValueError(
                    _("currency = {currency!r} is not in these files: they hold {present}.").format(
                        currency=self._currency, present=comma_separated(present)
                    )
                )
            return self._currency
        if len(present) > 1:
            raise ValueError(
                _(
                    "The files hold several currencies, {present}: people can be counted, amounts "
                    "cannot be added. Choose one: currency={first!r}."
                ).format(present=comma_separated(present), first=present[0])
            )
        return present[0] if present else "JPY"

    @property
    def _currencies(self) -> list[str]:
        used = np.unique(self._ledger.order_currency)
        return sorted(self._ledger.currencies[code] for code in used if code >= 0)

    @cached_property
    def _in_currency(self) -> Bools:
        """Which orders are in the currency of the amounts."""
        chosen = self.currency
        codes = self._ledger.order_currency
        if chosen not in self._ledger.currencies:
            return np.ones(codes.size, dtype=bool)
        alone = len(self._currencies) == 1
        chosen_code = self._ledger.currencies.index(chosen)
        return np.asarray((codes == chosen_code) | ((codes < 0) & alone))

    # Tables

    @property
    def read_as(self) -> "Table":
        """How the files were understood: one row for each column that was read.

        Columns: our name, your column, an example (of personal data only its first letters), how it
        was understood, and the file.
        """
        from twostep.orders.tables import Table

        names = [_("our name"), _("your column"), _("example"), _("understood as"), _("file")]
        table = Table(list(self._read_as), columns=names)
        table.attrs |= {"key": names[0], "money_rows": AMOUNTS}
        return self._private(table, names[2])

    @property
    def left_out(self) -> "Table":
        """Everything in the files that does not count, by reason.

        Columns: reason, rows, orders, yen, first places ("jan.csv line 17").
        """
        from twostep.orders.tables import Table

        rows = [
            (left.reason, left.rows, left.orders, whole(left.money), comma_separated(left.places))
            for left in self._ledger.left_out
        ]
        names = [_("reason"), _("rows"), _("orders"), _("yen"), _("first places")]
        return self._private(_written(Table(rows, columns=names), _("yen")), _("yen"))

    @property
    def products(self) -> "Table":
        """The products sold, most buyers first.

        Columns: product, orders, buyers, units, mean price (of a unit), first day, last day.
        """
        from twostep.orders.tables import Table

        book, size = self._ledger, len(self._ledger.products)
        product, order = book.line_product, book.line_order
        customer = book.order_customer[order]
        units = np.bincount(product, book.line_pieces, size)
        day = book.order_day[order]
        first, last = np.full(size, np.iinfo(np.int32).max), np.zeros(size, dtype=np.int32)
        np.minimum.at(first, product, day)
        np.maximum.at(last, product, day)
        table = Table(
            {
                _("product"): list(book.products),
                _("orders"): _distinct(product, order, size),
                _("buyers"): _distinct(product[customer >= 0], customer[customer >= 0], size),
                _("units"): list(map(whole, units.tolist())),
                _("mean price"): self._mean_prices(),
                _("first day"): [day_of(number) for number in first.tolist()],
                _("last day"): [day_of(number) for number in last.tolist()],
            }
        )
        table = table.sort_values(
            [_("buyers"), _("orders")], ascending=False, kind="stable", ignore_index=True
        )
        return self._private(_written(table, _("mean price")), _("mean price"))

    def _mean_prices(self) -> NDArray[np.float64]:
        size = len(self._ledger.products)
        try:
            lines = self._in_currency[self._ledger.line_order]
        except ValueError:  # people yes, no yen
            return np.full(size, np.nan)
        product = self._ledger.line_product[lines]
        money = np.bincount(product, self._ledger.line_money[lines], size)
        units = np.bincount(product, self._ledger.line_pieces[lines], size)
        units[units == 0] = np.nan
        return np.asarray(money / units)

    def _private(self, table: "Table", *money: str) -> "Table":
        """The amounts of a real shop are not shown, only held."""
        if not self.simulated:
            table.attrs["money"] = money
        return table

    # Questions

    def front_back(
        self,
        front: str | Iterable[str],
        back: str | Iterable[str],
        window_days: int = 90,
        wash_in: int | None = None,
    ) -> FrontBack:
        """Of those who bought a front product, how many went on to a back product?

        `front` and `back` are names of products, as written in the files or typed alike (`products`
        lists them). Everybody counts who had the whole window; see `FrontBack`. `wash_in=60` leaves
        out whoever is seen in the files' first 60 days, for files that begin in mid-life.

        Raises ValueError for a product that is not in the files, for one that is both, and for a
        window that is no whole number of days.
        """
        window = int(self._days("window_days", window_days))
        sets = {"front": self._named("front", front), "back": self._named("back", back)}
        if both := sets["front"] & sets["back"]:
            raise ValueError(
                _("{name!r} cannot be a front and a back product at once.").format(
                    name=self._ledger.products[min(both)]
                )
            )
        return FrontBack.of(self, sets["front"], sets["back"], window, self._washed(wash_in))

    def second_purchase(self, window_days: int = 60, wash_in: int | None = None) -> Share:
        """Of customers whose first order is at least a window old, those who bought again in it.

        Again means another order on another day. `wash_in` as in `front_back`. Raises ValueError
        for a window that is no whole number of days.
        """
        window = int(self._days("window_days", window_days))
        book = self._ledger
        somebody = (book.order_customer >= 0) & ~self._washed(wash_in)[book.order_customer]
        start = book.order_day.min()
        people, days_seen = distinct_pairs(
            book.order_customer[somebody], book.order_day[somebody] - start
        )
        customers, first = np.unique(people, return_index=True)
        first_day = days_seen[first]
        eligible = book.as_of - start - first_day >= window
        following = np.minimum(first + 1, people.size - 1)
        again = (people[following] == customers) & (following > first)
        again &= days_seen[following] - first_day <= window
        return Share(
            int((eligible & again).sum()),
            int(eligible.sum()),
            _("no rate yet: nobody's first order is {days} days old").format(days=window),
        )

    def cohorts(
        self, products: str | Iterable[str], period: str | int = "month", wash_in: int | None = None
    ) -> Cohorts:
        """Who bought these products again, period after period, by when they began.

        `period` is "month" (calendar months that are over) or a number of days. See `Cohorts`.
        Raises ValueError for a product that is not in the files, and for any other period.
        """
        length = None if period == "month" else int(self._days("period", period))
        return Cohorts.of(self, self._named("products", products), length, self._washed(wash_in))

    def _days(self, name: str, value: object) -> float:
        number = DAYS.check(name, value)
        if isinstance(number, np.ndarray):
            raise ValueError(_("{name} must be one number of days").format(name=name))
        return number

    def _named(self, name: str, products: str | Iterable[str]) -> frozenset[int]:
        """The numbers of products, by name."""
        if not self._ledger.has_products:
            raise ValueError(
                _("No column says which product was bought: pass columns={'product': …}.")
            )
        wanted = [products] if isinstance(products, str) else list(products)
        if not wanted:
            raise ValueError(_("{name}: name at least one product.").format(name=name))
        keys = {product_key(known): i for i, known in enumerate(self._ledger.products)}
        numbers = set()
        for product in wanted:
            if not isinstance(product, str) or product_key(product) not in keys:
                near = get_close_matches(
                    str(product)[:200], [k[:200] for k in keys], n=1, cutoff=0.4
                )
                reason = _("{name}: no valid order holds {product!r}. See .products.")
                if near:
                    reason = _(
                        "{name}: no valid order holds {product!r}; did you mean {near!r}? See "
                        ".products."
                    )
                asked = product[:80] if isinstance(product, str) else product
                raise ValueError(reason.format(name=name, product=asked, near="".join(near)))
            numbers.add(keys[product_key(product)])
        return frozenset(numbers)

    def _washed(self, wash_in: int | None) -> Bools:
        """Of each customer, and last of nobody, whether they are left out."""
        book = self._ledger
        out = np.zeros(book.customers + 1, dtype=bool)
        if wash_in is not None:
            until = int(book.order_day.min()) + int(self._days("wash_in", wash_in))
            out[book.order_customer[book.order_day < until]] = True
            out[-1] = False
        return out

    def paid_for(self, products: tuple[str, ...], orders: NDArray[np.int64]) -> NDArray[np.float64]:
        """What was paid for products in each of these orders that is in the chosen currency."""
        book, chosen = self._ledger, self._in_currency
        wanted = np.zeros(len(book.products), dtype=bool)
        wanted[[book.products.index(name) for name in products]] = True
        lines = wanted[book.line_product]
        paid = np.bincount(book.line_order[lines], book.line_money[lines], book.order_day.size)
        return np.asarray(paid[orders[chosen[orders]]])

    @property
    def without_tax(self) -> bool:
        """Whether the prices in the files are without consumption tax."""
        return self._ledger.without_tax

    def _orders_with(self, products: frozenset[int]) -> NDArray[np.int64]:
        """The orders of known customers that hold one of these products."""
        wanted = np.zeros(len(self._ledger.products), dtype=bool)
        wanted[list(products)] = True
        orders = np.unique(self._ledger.line_order[wanted[self._ledger.line_product]]).astype(int)
        kept: NDArray[np.int64] = orders[self._ledger.order_customer[orders] >= 0]
        return kept

    def __repr__(self) -> str:
        book = self._ledger
        lines = [
            _(
                "{orders:,} orders ({lines:,} lines) of {customers:,} customers, {first} to {last}"
            ).format(
                orders=self.orders,
                lines=self.lines,
                customers=self.customers,
                first=self.first_day,
                last=self.as_of,
            )
        ]
        if self.orders_without_customer:
            lines.append(
                _("{count:,} orders without a customer").format(count=self.orders_without_customer)
            )
        lines += [
            _("left out: {rows:,} rows, {reason}").format(rows=left.rows, reason=left.reason)
            for left in book.left_out
        ]
        if self.simulated:
            lines.append(_("These orders are simulated: the course's sample, no real shop."))
        return "\n".join([*lines, *self.warnings])


def _distinct(group: Ints, member: Ints, size: int) -> NDArray[np.int64]:
    """For every group the number of its distinct members."""
    return np.bincount(distinct_pairs(group, member)[0], minlength=size)


def _checked_columns(columns: Mapping[str, str] | None) -> dict[str, str]:
    checked = dict(columns or {})
    for key, column in checked.items():
        if key not in KEYS:
            raise ValueError(
                _("columns: {key!r} is no name of ours. Possible are {keys}.").format(
                    key=key, keys=comma_separated(KEYS)
                )
            )
        if not isinstance(column, str) or not column:
            raise ValueError(
                _("columns: {key!r} must name a column of the file, not {column!r}.").format(
                    key=key, column=column
                )
            )
    if "price" in checked and "amount" in checked:
        raise ValueError(
            _("columns: give 'price' (of one unit) or 'amount' (of the line), not both.")
        )
    return checked


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise ValueError(
            _("timezone = {name!r} is not known. Allowed: a name such as Asia/Tokyo.").format(
                name=name
            )
        ) from None


def _found(source: Source) -> Source:
    """The source; a file that is not here is looked for where the learner keeps exports.

    Raises ValueError, with what is there, for a name that is in neither place.
    """
    if not isinstance(source, str | os.PathLike):
        return source
    path = Path(source).expanduser()
    folder = export_folder()
    if path.exists() or path.is_absolute() or folder is None:
        return path
    parts = path.parts[1:] if path.parts[:1] == (FOLDER,) else path.parts
    if (inside := folder.joinpath(*parts)).is_file():
        return inside
    there = sorted(each.name for each in folder.iterdir() if not each.name.startswith("."))
    missing = _("{name}: there is no such file here or in {folder}").format(
        name=path.name, folder=FOLDER
    )
    if not there:
        raise ValueError(_("{missing}, which is empty.").format(missing=missing))
    raise ValueError(
        _("{missing}. There are: {names}.").format(
            missing=missing,
            names=comma_separated([*there[:MOST_NAMES], *(["…"] * (len(there) > MOST_NAMES))]),
        )
    )


def export_folder() -> Path | None:
    """The learner's folder for exports: here, or in a folder above this one."""
    here = Path.cwd()
    return next((at / FOLDER for at in (here, *here.parents) if (at / FOLDER).is_dir()), None)


def _described(exports: Iterable[Export], days_how: Iterable[str]) -> Iterable[tuple[str, ...]]:
    """The rows of `read_as`: files that were read alike share one."""
    names: dict[tuple[str, str, str], list[str]] = {}
    examples: dict[tuple[str, str, str], str] = {}
    for export, how in zip(exports, days_how, strict=True):
        system = export.system.name
        recognised = _("recognised: {name}").format(name=system) if system else _("mapped by you")
        how_read = _("{how}; {system}").format(how=export.how, system=recognised)
        rows = [(_("file"), "", how_read)]
        rows += [
            (key, column, _understood(export, key, how)) for key, column in export.columns.items()
        ]
        for row in rows:
            names.setdefault(row, []).append(export.name)
            examples.setdefault(row, export.examples.get(row[0], ""))
    for (key, column, how), files_read in names.items():
        yield key, column, examples[key, column, how], how, comma_separated(files_read)


def _written(table: "Table", column: str) -> "Table":
    """The table, whose amounts are shown as people write them: 361,540."""
    table.attrs |= {"write": NUMBER.text, "written": (column,)}
    return table


def whole(number: float) -> float:
    """A number without decimals as one that shows none."""
    return int(number) if number == number and number == int(number) else number


def _understood(export: Export, key: str, days_how: str) -> str:
    how = {
        "order": _("rows with the same one are one order; not kept"),
        "day": days_how,
        "customer": _("who bought; not kept, customers are shuffled numbers"),
        "email": _("who bought, where no customer id says it; not kept"),
        "price": _("amount of one unit"),
        "amount": _("amount of the line"),
        "quantity": _("number of units"),
        "product": _("text"),
        "status": _("words that say whether it is a sale"),
        "refunded": _("amount given back"),
        "currency": _("text"),
        "cancelled": _("cancelled where it says something"),
        "time": _("time of day"),
        "zone": _("time zone"),
        "tax": _("added to the amount"),
        "kind": _("only {kinds} is a product sold").format(
            kinds=comma_separated(sorted(export.system.products))
        ),
    }[key]
    if export.system.without_tax and key in ("price", "amount"):
        how = _("{how}, without tax").format(how=how)
    return how
