"""Writes the course's sample export: `python -m tools.sample_orders`.

A shop that does not exist sold a trial set and a monthly box for a year. Two exports of it as
Shopify writes them, with two months in common, hold what real ones hold: orders of several lines,
cancelled, refunded, partly refunded and unpaid ones, buyers without an address, addresses in
capitals, a free set, and an order that was cancelled between the two exports.
"""

import csv
import io
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src" / "twostep" / "data" / "sample_orders"
SEED = 20
FIRST, LAST = datetime(2025, 7, 1, 9), datetime(2026, 6, 30, 20)
CUTS = {  # name of the file, and the days it holds
    "orders_2025-07_to_2026-02.csv": (FIRST, datetime(2026, 3, 1)),
    "orders_2026-01_to_2026-06.csv": (datetime(2026, 1, 1), LAST + timedelta(days=1)),
}
CHANGED_SINCE_THE_FIRST_EXPORT = datetime(2026, 2, 1)

TRIAL, BOX, SOAP, GIFT = "Trial set (7 days)", "Monthly box", "Soap bar", "Gift box"
PRICES = {TRIAL: 980, BOX: 4_980, SOAP: 1_500, GIFT: 2_500}
CUSTOMERS, SUBSCRIBES, STAYS = 300, 0.30, 0.76

HEADER = [
    "Name", "Email", "Financial Status", "Currency", "Subtotal", "Shipping", "Total", "Created at",
    "Lineitem quantity", "Lineitem name", "Lineitem price", "Billing Name", "Cancelled at",
    "Refunded Amount",
]  # fmt: skip


@dataclass(frozen=True)
class Order:
    """One order; `status` is Shopify's."""

    at: datetime
    email: str
    lines: tuple[tuple[str, int, int], ...]
    status: str = "paid"
    number: int = 0

    @property
    def total(self) -> int:
        """Yen for goods."""
        return sum(pieces * price for _product, pieces, price in self.lines)


def orders() -> list[Order]:
    """The year's orders, oldest first, numbered."""
    rng = random.Random(SEED)
    found = [order for buyer in range(CUSTOMERS) for order in _of_one_buyer(buyer, rng)]
    found = sorted((order for order in found if order.at <= LAST), key=lambda order: order.at)
    found[-1] = replace(found[-1], at=LAST)  # so that June is over, and counts as a month
    statuses = ["paid"] * 92 + ["voided"] * 2 + ["refunded"] * 2 + ["pending"] * 2
    statuses += ["partially_refunded"] * 2
    return [
        replace(order, number=1001 + i, status=rng.choice(statuses))
        for i, order in enumerate(found)
    ]


def _of_one_buyer(buyer: int, rng: random.Random) -> list[Order]:
    """A trial set for most; then for some a box every month, and a soap now and then."""
    at = FIRST + (LAST - FIRST) * rng.random()
    email = "" if rng.random() < 0.04 else f"buyer{buyer:03d}@example.com"
    first = TRIAL if rng.random() < 0.9 else rng.choice([SOAP, GIFT])
    price = 0 if rng.random() < 0.01 else PRICES[first]
    lines = [(first, 1, price)]
    if rng.random() < 0.08:
        lines.append((SOAP, rng.randint(1, 2), PRICES[SOAP]))
    if rng.random() < 0.05:
        lines.append((BOX, 1, PRICES[BOX]))
    bought = [Order(at, email, tuple(lines))]
    if rng.random() < 0.15:
        again = at + timedelta(days=rng.expovariate(1 / 45))
        bought.append(Order(again, email.upper(), ((SOAP, rng.randint(1, 3), PRICES[SOAP]),)))
    if first == TRIAL and rng.random() < SUBSCRIBES:
        begun = at + timedelta(days=1 + rng.expovariate(1 / 25))
        month, day = begun.month, min(begun.day, 28)
        while True:
            year = begun.year + (month - 1) // 12
            delivery = begun.replace(year=year, month=(month - 1) % 12 + 1, day=day)
            bought.append(Order(delivery, email, ((BOX, 1, PRICES[BOX]),)))
            month += 1
            if rng.random() > STAYS:
                break
    return bought


def _rows(order: Order) -> list[list[str]]:
    """The lines of an order: what belongs to the whole order stands in the first only."""
    at = order.at.strftime("%Y-%m-%d %H:%M:%S +0900")
    refunded = {"refunded": order.total + 500, "partially_refunded": 500}.get(order.status, 0)
    name = f"Buyer {order.email[5:8]}" if order.email else "Counter sale"
    whole = [order.status, "JPY", str(order.total), "500", str(order.total + 500), at]
    rows = []
    for i, (product, pieces, price) in enumerate(order.lines):
        line = [str(pieces), product, str(price)]
        ends = [name, at if order.status == "voided" else "", str(refunded)]
        rows.append(
            [f"#{order.number}", order.email, *(whole if not i else [""] * 6), *line]
            + (ends if not i else [""] * 3)
        )
    return rows


def files() -> dict[str, str]:
    """The name and the text of each export."""
    written = {}
    everything = orders()
    for name, (since, until) in CUTS.items():
        text = io.StringIO(newline="")
        table = csv.writer(text, lineterminator="\n")
        table.writerow(HEADER)
        for order in everything:
            if not since <= order.at < until:
                continue
            # What was undone only after the first export still stands as paid in it.
            late = order.at > CHANGED_SINCE_THE_FIRST_EXPORT and until < LAST
            undone = late and order.status in ("voided", "refunded")
            table.writerows(_rows(replace(order, status="paid") if undone else order))
        written[name] = text.getvalue()
    return written


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
