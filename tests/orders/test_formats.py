"""Every system's export of the same made-up shops gives what the ledger says."""

from dataclasses import replace

import pytest
from tests.orders import shop as made
from tests.orders.shop import BACK, FRONT, Shop

from twostep import Orders
from twostep.orders.formats import FORMATS, recognised
from twostep.orders.words import plain

SYSTEMS = {
    "": made.plain,
    "Shopify": made.shopify,
    "Square": made.square,
    "BASE": made.base,
    "カラーミーショップ": made.color_me,
    "EC-CUBE 4": made.ec_cube,
    "MakeShop": made.make_shop,
    "minne": made.minne,
    "Creema": made.creema,
    "Stripe": made.stripe,
    "スマレジ": made.smaregi,
}
# What a system's export cannot say of a ledger: a partial refund; more than one product a row.
SAYS_PART_REFUNDS = {"Shopify", "Square", "Stripe"}
ONE_ROW = {"Stripe", "スマレジ"}


def as_it_can_say(shop, system):
    """The ledger without what the system's export does not hold."""
    sales = shop.sales
    if system not in SAYS_PART_REFUNDS:
        sales = [replace(sale, refund=0) for sale in sales]
    if system in ONE_ROW:
        sales = [replace(sale, lines=((sale.lines[0][0], 1),)) for sale in sales]
    if system == "Square":
        # A refund of the last two days stands in the next export.
        last = sales[-1].at
        sales = [
            sale
            if (last - sale.at).days > 3
            else replace(sale, refund=0, state="sale" if sale.state == "refunded" else sale.state)
            for sale in sales
        ]
    return Shop(sales)


def test_every_known_system_is_tried():
    assert {system.name for system in FORMATS} == set(SYSTEMS) - {""}


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("seed", range(4))
def test_an_export_says_what_the_ledger_says(system, seed):
    shop = as_it_can_say(Shop.random(seed), system)
    columns = None if system else made.COLUMNS
    orders = Orders.read(SYSTEMS[system](shop), columns=columns, as_of="2026-06-30")
    expected = shop.counts()
    assert {name: getattr(orders, name) for name in expected} == expected
    again = orders.second_purchase(60)
    assert (again.count, again.of) == shop.second_purchase(60)
    if system == "スマレジ":
        assert orders.without_tax
        with pytest.raises(ValueError, match="product"):
            orders.front_back(FRONT, BACK)
        return
    found = orders.front_back(FRONT, BACK, window_days=60)
    expected = shop.front_back(60)
    assert {name: getattr(found, name) for name in expected} == expected
    assert orders.cohorts(BACK).counts == shop.cohorts()
    system_read = orders.read_as.iloc[0]["understood as"]
    assert (f"recognised: {system}" if system else "mapped by you") in system_read


@pytest.mark.parametrize("system", FORMATS, ids=lambda system: system.name)
def test_a_system_is_recognised_by_few_names_written_anyhow(system):
    names = [name.replace("(", "（").replace(")", "）") for name in system.needs]
    assert recognised([plain(f" {name} ") for name in names]) is system
    assert recognised([plain(name) for name in names[1:]]) is not system


def test_without_its_price_a_system_still_tells_people():
    shop = Shop.random(1, clean=True)
    rows = made.make_shop(shop).replace("販売価格".encode("cp932"), "お値段".encode("cp932"))
    orders = Orders.read(rows)
    assert orders.customers == shop.counts()["customers"]
    with pytest.raises(ValueError, match=r"no column with prices.*'price'"):
        _ = orders.revenue
    assert orders.products["mean price"].isna().all()
    named = Orders.read(rows, columns={"price": "お値段"})
    assert named.revenue == shop.counts()["revenue"]
