"""The sample export: as its script writes it, small, simulated, and with the traps of real ones."""

from tools.sample_orders import files, orders

from twostep import Orders
from twostep.data import sample_orders


def test_the_sample_is_what_its_script_writes():
    written = {path.name: path.read_text(encoding="utf-8") for path in sample_orders()}
    assert written == files()
    assert len(written) == 2
    assert sum(len(text.encode()) for text in written.values()) < 100_000


def test_the_sample_has_the_traps_of_real_exports():
    book = Orders.read(*sample_orders())
    ledger = [order for order in orders() if order.status in ("paid", "partially_refunded")]
    assert book.orders == len(ledger)
    assert book.orders_without_customer == sum(not order.email for order in ledger) > 0
    assert book.customers == len({order.email.lower() for order in ledger} - {""})
    refunds = sum(order.status == "partially_refunded" for order in ledger)
    assert refunds > 0
    assert book.revenue == sum(order.total for order in ledger) - 500 * refunds
    reasons = book.left_out["reason"].tolist()
    assert [reason.split(":")[0] for reason in reasons] == [
        "duplicate",
        "cancelled",
        "refunded in full",
        "pending",
    ]
    earlier = Orders.read(sample_orders()[0], as_of="2026-02-28")
    later = Orders.read(*sample_orders(), as_of="2026-02-28")
    assert earlier.orders > later.orders, "some were cancelled between the two exports"
    found = book.front_back("Trial set (7 days)", "Monthly box")
    assert found.back_before_or_with_front > 0
    assert found.too_recent_converted > 0
    assert book.cohorts("Monthly box").fit().identified
    products = book.products.set_index("product")
    assert products["mean price"]["Trial set (7 days)"] < 980, "one was free"
