"""What goes wrong in exports, one trap a test: each is refused, listed or counted as it must be."""

import csv
import io
import re
import warnings
import zipfile
from datetime import date, timedelta
from html import escape

import pytest
from tests.orders import shop as made
from tests.orders.shop import BACK, COLUMNS, FRONT, HEADER, OTHER, Shop, written

from twostep import Orders


def read(*rows, header=HEADER, **how):
    """Orders from rows of cells."""
    return Orders.read(written(header, rows), **{"columns": COLUMNS, "as_of": "2026-06-30"} | how)


def row(order="1", day="2026-01-05 10:00:00", customer="C1", **cells):
    """One paid front product, unless said otherwise."""
    values = {
        "order": order,
        "day": day,
        "customer": customer,
        "email": "",
        "product": FRONT,
        "quantity": "1",
        "price": "980",
        "status": "paid",
    }
    return list((values | cells).values())


def left_out(orders):
    """Reason → (rows, orders, first places)."""
    table = orders.left_out
    assert list(table.columns) == ["reason", "rows", "orders", "yen", "first places"]
    return {
        reason: (rows, count, places)
        for reason, rows, count, _yen, places in table.itertuples(index=False)
    }


# Status, price, refund


def test_unknown_status_words_are_listed_with_their_counts_and_asked_about():
    rows = [row("1"), row("2", status="Weird"), row("3", status="weird"), row("4", status="変")]
    with pytest.raises(ValueError, match=r"'weird' \(2 orders\), '変' \(1 orders\).*not_sales="):
        read(*rows)
    orders = read(*rows, not_sales={"変"})
    assert orders.orders == 3
    assert left_out(orders) == {"no sale, as you said (not_sales)": (1, 1, "file 1 line 5")}
    assert read(*rows, not_sales=set()).orders == 4
    assert read(*rows, not_sales="weird").orders == 2, "one word need not stand in a set"


def test_an_empty_status_is_a_word_to_ask_about():
    with pytest.raises(ValueError, match=r"'' \(1 orders\)"):
        read(row("1"), row("2", status=""))


def test_known_words_stay_what_they_are_when_others_are_explained():
    orders = read(row("1"), row("2", status="cancelled"), row("3", status="odd"), not_sales=set())
    assert orders.orders == 2


@pytest.mark.parametrize(
    "status", ["pending", "voided", "failed", "決済処理中", "購入処理中", "取消"]
)
def test_what_is_no_order_is_no_sale(status):
    assert read(row("1"), row("2", status=status)).orders == 1


def test_a_cancelled_line_takes_only_itself():
    orders = read(row("1"), row("1", product=BACK, status="cancelled"))
    assert (orders.orders, orders.lines, orders.revenue) == (1, 1, 980)


@pytest.mark.parametrize(
    "price", ["free", "9,80", "1.234,56", "", "12 34円x", "--980", "nan", "1e3"]
)
def test_an_unreadable_price_takes_the_whole_order_and_is_listed(price):
    orders = read(row("1"), row("2", price=price), row("2", product=BACK, price="4980"))
    assert orders.orders == 1
    assert left_out(orders) == {
        "unreadable price in the order": (2, 1, "file 1 line 3, file 1 line 4")
    }


@pytest.mark.parametrize(
    ("price", "amount"),
    [
        ("9,800", 9800), ("￥９，８００", 9800), ("\\9,800", 9800), ("9800円", 9800),
        ("¥ 9,800", 9800), ("JPY 9800", 9800), ("9800.0", 9800), ("'9800", 9800), ("0", 0),
    ],
)  # fmt: skip
def test_prices_are_read_as_they_are_written(price, amount):
    assert read(row(price=price)).revenue == amount


@pytest.mark.parametrize("minus", ["-500", "▲500", "△500", "(500)", "−500", "¥-500", "（500）"])
def test_a_minus_of_an_accountant_is_money_given_back(minus):
    orders = read(row("1", price="2000"), row("1", price=minus))
    assert (orders.orders, orders.lines, orders.revenue) == (1, 1, 1500)


@pytest.mark.parametrize("quantity", ["３", "3.0", "3個", " 3 "])
def test_quantities_are_read_as_they_are_written(quantity):
    assert read(row(quantity=quantity)).revenue == 2940


def test_an_unreadable_quantity_takes_the_whole_order_and_is_listed():
    orders = read(row("1"), row("2", quantity="一つ"))
    assert left_out(orders) == {"unreadable quantity in the order": (1, 1, "file 1 line 3")}


def test_a_partial_refund_is_a_sale_and_its_money_is_net():
    header = [*HEADER, "back"]
    rows = [[*row("1"), "300"], [*row("2"), "0"], [*row("3"), "980"]]
    orders = read(*rows, header=header, columns=COLUMNS | {"refunded": "back"})
    assert (orders.orders, orders.revenue) == (2, 980 - 300 + 980)
    assert left_out(orders) == {"refunded in full": (1, 1, "file 1 line 4")}


def test_a_refund_on_every_row_of_an_order_is_given_back_once():
    header = [*HEADER, "back"]
    rows = [[*row("1"), "300"], [*row("1", product=OTHER, price="1500"), "300"]]
    orders = read(*rows, header=header, columns=COLUMNS | {"refunded": "back"})
    assert orders.revenue == 980 + 1500 - 300


def test_a_free_sample_has_a_buyer():
    orders = read(row("1", price="0"), row("2", "2026-02-01 10:00:00", product=BACK))
    found = orders.front_back(FRONT, BACK)
    assert (found.front_buyers, found.converted) == (1, 1)


def test_a_later_row_with_a_minus_undoes_its_order_also_from_another_file():
    sale, refund = row("1"), row("1", "2026-01-09 10:00:00", quantity="-1")
    other = row("2", "2026-01-20 10:00:00", "C2")
    assert read(sale, refund, other).customers == 1
    january, february = written(HEADER, [sale, other]), written(HEADER, [refund, other])
    orders = Orders.read(january, february, columns=COLUMNS)
    assert orders.customers == 1
    assert left_out(orders)["refunded in full"][1] == 1
    # Given twice, the refund counts once: half of two pieces stays sold.
    half = row("1", "2026-01-09 10:00:00", quantity="-1")
    files = [written(HEADER, rows) for rows in ([row("1", quantity="2")], [half], [half])]
    assert Orders.read(*files, columns=COLUMNS).revenue == 980


def test_a_refund_without_its_sale_is_listed():
    orders = read(row("1"), row("7", price="-500"))
    assert left_out(orders) == {
        "refund of a sale that is in none of the files": (1, 1, "file 1 line 3")
    }


def test_shipping_points_and_discounts_are_no_products():
    rows = [
        row("1"),
        row("1", product="送料", price="500"),
        row("1", product="クーポン割引", price="-100"),
        row("1", product="春のキャンペーン", price="-980"),
        row("2", product="送料込み お試しセット"),
    ]
    orders = read(*rows)
    assert orders.revenue == 2 * 980
    assert set(orders.products["product"]) == {FRONT, "送料込み お試しセット"}
    reason = "no product: shipping, fees, points, discounts, tax"
    assert left_out(orders)[reason][0] == 3


# Files that overlap, numbers that repeat


def test_of_overlapping_files_the_later_version_counts():
    first = written(HEADER, [row("1"), row("2"), row("2"), row("3", status="paid")])
    later = written(HEADER, [row("2"), row("2"), row("3", status="cancelled"), row("4")])
    orders = Orders.read(first, later, columns=COLUMNS)
    assert (orders.orders, orders.lines) == (3, 4), "identical lines of one order are two lines"
    assert left_out(orders) == {
        "duplicate: the order is in a later file too": (
            3, 2, "file 1 line 3, file 1 line 4, file 1 line 5",
        ),
        "cancelled": (1, 1, "file 2 line 4"),
    }  # fmt: skip
    assert Orders.read(later, first, columns=COLUMNS).orders == 4, "the order of the files decides"


def test_identical_rows_without_an_order_number_are_kept_with_a_warning():
    columns = {key: column for key, column in COLUMNS.items() if key != "order"}
    rows = [row(), row(), row(day="2026-02-01 09:00:00")]
    with pytest.warns(UserWarning, match="a repeat cannot be told from a duplicate"):
        orders = read(*rows, columns=columns)
    assert (orders.orders, orders.lines) == (2, 3)
    assert re.search("1 rows are the same as another.*cannot be told", orders.warnings[0])
    assert orders.warnings[0] in repr(orders)
    twice = written(HEADER, [row()])
    with pytest.warns(UserWarning, match="1 rows are the same"):
        assert Orders.read(twice, twice, columns=columns).lines == 2


def test_slips_of_a_till_that_begin_anew_every_day_are_orders_of_their_day():
    days = ["2026-01-05 10:00:00", "2026-01-06 10:00:00", "2026-01-07 10:00:00"]
    orders = read(*(row("1", day, f"C{i}") for i, day in enumerate(days)))
    assert (orders.orders, orders.customers) == (3, 3)
    assert "1 order numbers stand on more than one day (file 1 line 3 is one)" in orders.warnings[0]
    # And nobody is made the customer of another day's slip.
    orders = read(row("1", days[0], "C1"), row("1", days[1], ""))
    assert (orders.customers, orders.orders_without_customer) == (1, 1)


def test_numbers_of_two_systems_are_not_the_same_order_nor_the_same_person():
    shop = Shop.random(3, clean=True)
    orders = Orders.read(made.color_me(shop), made.minne(shop))
    assert orders.orders == 2 * shop.counts()["orders"]
    # minne names users, the other shop numbers and e-mails: nothing says that they are the same.
    assert orders.customers == 2 * shop.counts()["customers"]
    both = Orders.read(made.color_me(shop), made.shopify(shop))
    assert both.customers == shop.counts()["customers"], "an e-mail is the same everywhere"


# Days


def test_dates_that_can_be_read_in_two_ways_are_asked_about():
    rows = [row("1", "05/01/2026"), row("2", "06/02/2026")]
    with pytest.raises(ValueError, match=r"05/01/2026 in file 1 line 2.*dates='day first'"):
        read(*rows)
    assert str(read(*rows, dates="day first").first_day) == "2026-01-05"
    assert str(read(*rows, dates="month first").first_day) == "2026-05-01"


@pytest.mark.parametrize(("settles", "first"), [("13/01/2026", "05"), ("01/13/2026", "01")])
def test_a_day_above_twelve_settles_the_column_also_of_the_other_files(settles, first):
    asked, settled = written(HEADER, [row("1", "05/01/2026")]), written(HEADER, [row("2", settles)])
    orders = Orders.read(asked, settled, columns=COLUMNS)
    assert str(orders.first_day) == {"05": "2026-01-05", "01": "2026-01-13"}[first]


def test_a_column_that_is_both_ways_is_refused_with_one_row_of_each():
    with pytest.raises(
        ValueError, match=r"13/01/2026 in file 1 line 2.*01/14/2026 in file 1 line 3"
    ):
        read(row("1", "13/01/2026"), row("2", "01/14/2026"))
    with pytest.raises(
        ValueError, match=r"2026-01-05 in file 1 line 2.*05/02/2026 in file 1 line 3"
    ):
        read(row("1", "2026-01-05"), row("2", "05/02/2026"))
    with pytest.raises(ValueError, match=r"'month first' cannot be right: 13/01/2026 in"):
        read(row("1", "13/01/2026"), dates="month first")


@pytest.mark.parametrize(
    "text",
    ["2026-01-05", "2026/1/5", "2026.01.05", "2026年1月5日", "20260105", "２０２６／１／５",
     "2026/01/05(月)", "2026-01-05T09:30:00", "2026-01-05 09:30:00.123", "2026年1月5日 9時30分",
     "2026/1/5 9:30", "2026/01/05 午前9:30", "2026/1/5 9:30 AM", "20260105093000",
     "2026-01-05 09:30:00 +0900", "2026-01-05T00:30:00Z", "2026-01-04 16:30:00 -0800",
     " 2026-01-05 "],
)  # fmt: skip
def test_ways_to_write_a_day(text):
    assert read(row(day=text)).first_day == date(2026, 1, 5)


@pytest.mark.parametrize(
    "text", ["", "2026-02-30", "0000-00-00", "soon", "2026-13-01", "31/31/2026x"]
)
def test_what_is_no_date_is_left_out_and_listed(text):
    orders = read(row("1"), row("2", text))
    assert left_out(orders) == {"undated: no date that can be read": (1, 1, "file 1 line 3")}


def test_a_column_without_dates_is_refused():
    with pytest.raises(ValueError, match="nothing in the column 'product' is a date"):
        read(row(), columns=COLUMNS | {"day": "product"})


def test_a_date_in_the_future_never_moves_the_last_day():
    orders = read(row("1"), row("2", "2062-01-05 10:00:00"), as_of=None)
    assert str(orders.as_of) == "2026-01-05"
    assert left_out(orders) == {"future: dated after today": (1, 1, "file 1 line 3")}


def test_a_clock_that_is_wrong_is_noticed():
    with pytest.raises(ValueError, match=r"dated after today.*clock right"):
        read(row("1", "2062-01-05"), row("2", "2062-01-06"), as_of=None)


def test_as_of_is_a_day_in_any_form_and_not_to_come():
    for given in ("2026-01-31", date(2026, 1, 31), "2026/1/31"):
        orders = read(row("1"), row("2", "2026-02-05 10:00:00"), as_of=given)
        assert str(orders.as_of) == "2026-01-31"
        assert left_out(orders) == {"after as_of": (1, 1, "file 1 line 3")}
    with pytest.raises(ValueError, match=r"as_of = 9999-12-31 has not come yet"):
        read(row(), as_of="9999-12-31")
    with pytest.raises(ValueError, match=r"as_of = 'June' is not possible\. Allowed: a date"):
        read(row(), as_of="June")


def test_the_day_is_the_shops_own_whatever_zone_the_file_is_in():
    late = row(day="2026-01-05 23:30:00 +0000")
    assert str(read(late).first_day) == "2026-01-06"
    assert str(read(late, timezone="Europe/London").first_day) == "2026-01-05"
    utc = dict(zip(COLUMNS, HEADER, strict=True)) | {"day": "Created (UTC)"}
    header = [utc["day"] if name == "ordered_at" else name for name in HEADER]
    orders = read(row(day="2026-01-05 23:30:00"), header=header, columns=utc)
    assert str(orders.first_day) == "2026-01-06"
    outcome = [name.replace("Created (UTC)", "outcome day") for name in header]
    orders = read(
        row(day="2026-01-05 23:30:00"), header=outcome, columns=utc | {"day": "outcome day"}
    )
    assert str(orders.first_day) == "2026-01-05", "no word UTC in it"
    with pytest.raises(ValueError, match="timezone = 'Tokio' is not known"):
        read(late, timezone="Tokio")


# Who


@pytest.mark.parametrize("nobody", ["", "-", "なし", "nan", "NULL", "guest", " Guest ", "ゲスト"])
def test_nobody_is_not_a_person(nobody):
    rows = [row("1"), row("2", customer=nobody), row("3", customer="", email=nobody)]
    orders = read(*rows)
    assert (orders.customers, orders.orders_without_customer) == (1, 2)
    assert orders.revenue == 3 * 980


def test_an_e_mail_seen_with_one_id_is_that_id():
    rows = [
        row("1", customer="C1", email="A@Example.com"),
        row("2", customer="", email=" ａ@example.com "),
        row("3", customer="C1", email="second@example.com"),
        row("4", customer="", email="second@example.com"),
    ]
    assert read(*rows).customers == 1


def test_an_e_mail_seen_with_two_ids_is_neither():
    rows = [
        row("1", customer="C1", email="shared@example.com"),
        row("2", customer="C2", email="shared@example.com"),
        row("3", customer="", email="shared@example.com"),
    ]
    assert read(*rows).customers == 3


def test_one_person_with_two_e_mails_and_no_id_is_two_people():
    rows = [row("1", customer="", email="a@x.jp"), row("2", customer="", email="b@x.jp")]
    assert read(*rows).customers == 2


def test_one_customer_with_very_many_orders_is_asked_about():
    rows = [row(str(i), customer="店頭") for i in range(30)]
    rows += [row(str(100 + i), customer=f"C{i}") for i in range(100)]
    orders = read(*rows)
    assert "One customer has 30 of 130 orders (file 1 line 2 is one)" in orders.warnings[0]
    assert "店頭" not in repr(orders)


def test_a_tills_export_without_customers_says_what_cannot_be_seen():
    columns = {key: COLUMNS[key] for key in ("order", "day", "product", "price")}
    orders = read(row("1"), row("2", product=BACK), columns=columns)
    assert (orders.customers, orders.orders, orders.revenue) == (0, 2, 1960)
    assert "repeat purchases cannot be seen" in orders.warnings[0]
    found = orders.front_back(FRONT, BACK)
    assert "repeat purchases cannot be seen" in found.verdict
    assert found.rate.of == 0


# Currencies, time


def test_two_currencies_give_people_and_no_yen_until_one_is_chosen():
    header = [*HEADER, "money"]
    rows = [[*row("1"), "JPY"], [*row("2", customer="C2", price="12.5"), "USD"]]
    how = {"header": header, "columns": COLUMNS | {"currency": "money"}}
    orders = read(*rows, **how)
    assert (orders.customers, orders.orders) == (2, 2)
    with pytest.raises(ValueError, match=r"JPY, USD.*currency='JPY'"):
        _ = orders.revenue
    assert "2 orders" in repr(orders)
    assert orders.products["mean price"].isna().all()
    assert read(*rows, **how, currency="JPY").revenue == 980
    assert read(*rows, **how, currency="usd").revenue == 12.5
    with pytest.raises(ValueError, match="currency = 'EUR' is not in these files"):
        _ = read(*rows, **how, currency="EUR").revenue


def test_signs_in_the_prices_are_currencies_too():
    orders = read(row("1", price="¥980"), row("2", price="$9.80"))
    with pytest.raises(ValueError, match="JPY, USD"):
        _ = orders.revenue
    assert read(row("1", price="¥980"), row("2", price="980")).revenue == 1960


def test_a_file_that_begins_in_mid_life_is_asked_about_and_can_be_washed_in():
    rows = [
        row("1", "2025-01-01 10:00:00", "OLD", product=OTHER),
        row("2", "2025-07-01 10:00:00", "OLD"),
        row("3", "2025-07-01 10:00:00", "NEW"),
    ]
    orders = read(*rows)
    found = orders.front_back(FRONT, OTHER)
    assert found.front_buyers == 2
    assert "Is this the shop's first order?" in found.verdict
    washed = orders.front_back(FRONT, OTHER, wash_in=60)
    assert washed.front_buyers == 1
    assert "first order?" not in washed.verdict
    assert orders.second_purchase(60).of == 2
    assert orders.second_purchase(60, wash_in=60).of == 1
    assert orders.cohorts(OTHER, wash_in=60).customers == 0


def test_where_nobody_had_the_window_there_is_no_rate():
    orders = read(row("1", "2026-06-01 10:00:00"), row("2", "2026-06-05 10:00:00", product=BACK))
    found = orders.front_back(FRONT, BACK)
    assert (found.eligible, found.too_recent, found.too_recent_converted) == (0, 1, 1)
    assert (found.rate.low, found.rate.high) == (0, 1)
    assert found.rate.text == "no rate yet: nobody has had the 90 days"
    assert "That is not a rate of zero" in found.verdict
    for text in (found.rate.text, found.verdict, repr(found)):
        assert not re.search(r"\b0(\.0)?%|nan|inf\b", text)


def test_the_same_day_counts_in_a_later_order_with_a_clock():
    front, back = row("1", "2026-01-05 10:00:00"), row("2", "2026-01-05 11:00:00", product=BACK)
    assert read(front, back).front_back(FRONT, BACK).converted == 1
    earlier = row("2", "2026-01-05 09:00:00", product=BACK)
    assert read(front, earlier).front_back(FRONT, BACK).back_before_or_with_front == 1
    for day in ("2026-01-05", "2026-01-05 00:00:00"):
        orders = read(row("1", day), row("2", day, product=BACK))
        found = orders.front_back(FRONT, BACK)
        assert (found.at_risk, found.back_before_or_with_front) == (0, 1)


def test_the_window_takes_in_its_last_day_and_no_more():
    for days, converted in ((89, 1), (90, 1), (91, 0)):
        later = (date(2026, 1, 5) + timedelta(days=days)).isoformat()
        orders = read(row("1", "2026-01-05"), row("2", later, product=BACK))
        found = orders.front_back(FRONT, BACK)
        assert (found.eligible, found.converted) == (1, converted)
    for as_of, eligible in (("2026-04-04", 0), ("2026-04-05", 1)):
        found = read(
            row("1", "2026-01-05"), row("2", "2026-01-20", "C2", product=BACK), as_of=as_of
        )
        assert found.front_back(FRONT, BACK).eligible == eligible


# Files that are no tables


PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"\r\n\r\n", "holds no text"),
        (",".join(HEADER).encode(), "a header, and no order below it"),
        (b"1001,2026-01-05,C1,a@b.jp,x,1,980,paid\r\n" * 3, "no header.*line 1 holds data"),
        (PNG, "no table: a picture"),
        (b"%PDF-1.7\n", "no table: a picture, a PDF"),
        (b"order_id\x00,binary", "no table"),
        (b"\x81\x00".join([b"\xff"] * 9), "no table|cannot be read as utf-8 or as cp932"),
        (b"a,b\r\n\xff\xff\xff,\x80\r\n", "cannot be read as utf-8 or as cp932; pass encoding="),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(tmp_path, content, words):
    file = tmp_path / "jan.csv"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=rf"(?s)^jan\.csv: .*({words}).*\.$") as refusal:
        Orders.read(file, columns=COLUMNS)
    assert "a@b.jp" not in str(refusal.value)


def test_a_workbook_called_csv_is_told_so(tmp_path):
    for name, words in (("jan.csv", "this is an Excel workbook"), ("jan.xlsx", "cannot be opened")):
        (tmp_path / name).write_bytes(b"PK\x03\x04" + bytes(100))
        with pytest.raises(ValueError, match=rf"^{name}: .*{words}"):
            Orders.read(tmp_path / name, columns=COLUMNS)
    (tmp_path / "feb.xlsx").write_bytes(written(HEADER, [row()]))
    with pytest.raises(ValueError, match=r"feb\.xlsx: it is called a workbook.*Rename it \.csv"):
        Orders.read(tmp_path / "feb.xlsx", columns=COLUMNS)


def test_files_that_are_not_there_are_named(tmp_path):
    with pytest.raises(ValueError, match=r"^nothing\.csv: there is no such file"):
        Orders.read(tmp_path / "nothing.csv")
    with pytest.raises(ValueError, match="this is a folder; name the files"):
        Orders.read(tmp_path)
    with pytest.raises(ValueError, match="at least one file"):
        Orders.read()
    with pytest.raises(ValueError, match="the path of a file"):
        Orders.read(3)


def test_a_wanted_column_that_is_there_twice_or_not_at_all_is_named():
    header = [*HEADER[:-1], "product"]
    with pytest.raises(ValueError, match="there are two columns 'product'"):
        read(row(), header=header, columns={k: v for k, v in COLUMNS.items() if k != "status"})
    with pytest.raises(
        ValueError, match=r"no column 'produkt' \(did you mean 'product'\?\).*'email'"
    ):
        read(row(), columns=COLUMNS | {"product": "produkt"})
    unwanted_twice = [*HEADER, "note", "note"]
    assert read([*row(), "", ""], header=unwanted_twice).orders == 1


def test_an_unknown_system_is_asked_about_with_the_files_own_words():
    with pytest.raises(
        ValueError, match=r"no system we know.*'order_id', 'ordered_at'"
    ) as question:
        Orders.read(written(HEADER, [row()]))
    assert "columns={'order'" in str(question.value)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"wrong": "x"}, "'wrong' is no name of ours. Possible are order, day"),
        ({"day": 3}, "'day' must name a column of the file, not 3"),
        (COLUMNS | {"amount": "unit_price"}, "'price' .*or 'amount'.*not both"),
    ],
)
def test_impossible_columns(columns, words):
    with pytest.raises(ValueError, match=words):
        read(row(), columns=columns)


def test_ragged_rows_are_refused_with_their_lines():
    good = ",".join(row())
    text = "\r\n".join([",".join(HEADER), good, good + ",x", "", good, "1,2", *[good + ","] * 20])
    with pytest.raises(ValueError, match=r"22 rows have not the 8 cells.*line 3, 6, 7, .*12 more"):
        Orders.read(text.encode(), columns=COLUMNS)


def test_line_numbers_are_those_of_an_editor_also_after_cells_of_several_lines():
    rows = [row("1", product="two\nlines"), row("2", product="three\r\nmore\nlines"), row("3", "x")]
    assert left_out(read(*rows))["undated: no date that can be read"][2] == "file 1 line 7"


def test_a_quotation_mark_that_is_not_closed_is_found():
    text = ",".join(HEADER) + "\r\n" + ",".join(row()) + '\r\n2,"2026-01-05,C1\r\n' + "a,b\r\n" * 9
    with pytest.raises(ValueError, match=r"file 1: line 3 cannot be taken apart; a quotation mark"):
        Orders.read(text.encode(), columns=COLUMNS)


# Encodings, separators, titles


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_encodings_and_separators_are_found(encoding, separator):
    rows = [row("1", product="①㈱髙～, お試し"), row("2", product=BACK)]
    content = written(HEADER, rows, separator, encoding)
    orders = Orders.read(content, columns=COLUMNS)
    assert set(orders.products["product"]) == {"①㈱髙～, お試し", BACK}


def test_a_file_that_could_be_read_in_both_encodings_is_utf_8():
    """The bytes of these words are letters in cp932 too, only other ones."""
    product = "お茶コース"
    assert product.encode().decode("cp932") != product
    content = written([*HEADER], [row(product=product)], encoding="utf-8")
    assert set(Orders.read(content, columns=COLUMNS).products["product"]) == {product}


def test_an_encoding_can_be_given():
    content = written(HEADER, [row()], encoding="euc_jp")
    assert Orders.read(content, columns=COLUMNS, encoding="euc_jp").orders == 1
    with pytest.raises(ValueError, match="encoding = 'klingon' is not known"):
        Orders.read(content, columns=COLUMNS, encoding="klingon")


def test_paths_bytes_and_open_files_are_read_alike(tmp_path):
    content = written(HEADER, [row()])
    file = tmp_path / "jan.csv"
    file.write_bytes(content)
    with file.open("rb") as binary, file.open(encoding="utf-8-sig", newline="") as text:
        for source in (file, str(file), content, binary, text, io.BytesIO(content)):
            assert Orders.read(source, columns=COLUMNS).orders == 1


def test_a_title_above_the_header_and_a_sum_below_are_no_orders():
    title = "売上一覧,,,,,,,\r\n,,,,,,,\r\n".encode()
    total = "合計,,,,,528,1113480,\r\n,,,,,,,\r\n,Total,,,,528,1113480,\r\n".encode()
    orders = Orders.read(title + written(HEADER, [row()]) + total, columns=COLUMNS)
    assert orders.orders == 1
    assert left_out(orders) == {
        "total row": (2, 0, "file 1 line 5, file 1 line 7"),
        "empty row": (1, 0, "file 1 line 6"),
    }


def workbook(*sheets):
    """The smallest Excel file with these sheets: name and rows of texts or numbers."""
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    def cell(value):
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    book, links, parts = "", "", {}
    for i, (name, rows) in enumerate(sheets, start=1):
        book += f'<sheet name="{name}" sheetId="{i}" r:id="r{i}"/>'
        links += f'<Relationship Id="r{i}" Type="{office}/worksheet" Target="s{i}.xml"/>'
        data = "".join(f"<row>{''.join(map(cell, cells))}</row>" for cells in rows)
        parts[f"xl/s{i}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>'
        )
    kind = f"{package.replace('package', 'package')}/relationships"
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{book}</sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{kind}">{links}</Relationships>'
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{kind}"><Relationship Id="r" Type="{office}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>'
    )
    types = f"{package}/content-types"
    parts["[Content_Types].xml"] = (
        f'<Types xmlns="{types}"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/></Types>'
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


def test_sheets_with_orders_are_read_and_others_are_named(tmp_path):
    file = tmp_path / "shop.xlsx"
    cells = [float(cell) if cell.isdigit() else cell for cell in row("1")]
    january, february = [HEADER, cells], [["Title"], HEADER, [2.0, *cells[1:]]]
    file.write_bytes(workbook(("Notes", [["hello"]]), ("Jan", january), ("Feb", february)))
    orders = Orders.read(file, columns=COLUMNS)
    assert (orders.orders, orders.revenue) == (2, 1960)
    how = orders.read_as["understood as"][0]
    assert "sheet Jan" in how
    assert "not read: Notes" in how
    file.write_bytes(workbook(("Notes", [["hello"], ["there"]])))
    with pytest.raises(ValueError, match=r"shop\.xlsx: there is no column 'order_id'"):
        Orders.read(file, columns=COLUMNS)
    file.write_bytes(workbook(("Jan", [*january, [*row("9", "soon")]])))
    assert left_out(Orders.read(file, columns=COLUMNS))["undated: no date that can be read"] == (
        1,
        1,
        "shop.xlsx row 3",
    )


def test_lines_table_of_friends_is_sent_elsewhere():
    table = b"date,contacts,targetReaches,blocks\r\n20260105,800,700,90\r\n"
    with pytest.raises(ValueError, match=r"LINE's table of friends.*feeds ContactList, not Orders"):
        Orders.read(table)


# Names that are programs


HOSTILE = [
    "=cmd|'/c calc'!A1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "<script>alert(1)</script>",
    "{{7*7}}", "${x}", "%s%n", "\u202egnp.exe", "🎁\x0b", "a" * 5000, '"quoted", name',
]  # fmt: skip


def test_names_that_are_programs_are_text_and_defused_when_saved(tmp_path):
    orders = read(*(row(str(i), product=name) for i, name in enumerate(HOSTILE)))
    products = orders.products
    assert set(products["product"]) == set(HOSTILE)
    for name in HOSTILE:
        assert orders.front_back(name, set(HOSTILE) - {name}).front_buyers == 1
    products.to_csv(tmp_path / "products.csv", index=False)
    with (tmp_path / "products.csv").open(encoding="utf-8", newline="") as saved:
        names = [cells[0] for cells in csv.reader(saved)][1:]
    assert len(names) == len(HOSTILE)
    assert not [name for name in names if name.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {name.removeprefix("'") for name in names} == set(HOSTILE)
    assert "<script>" not in products._repr_html_()


# What is asked


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (
            lambda o: o.front_back("お試し", BACK),
            r"front: no valid order holds 'お試し'.*did you mean",
        ),
        (lambda o: o.front_back(FRONT, FRONT), "cannot be a front and a back product at once"),
        (lambda o: o.front_back(set(), BACK), "front: name at least one product"),
        (lambda o: o.front_back(FRONT, BACK, window_days=0), "window_days = 0 is not possible"),
        (lambda o: o.front_back(FRONT, BACK, window_days=1.5), "window_days = 1.5"),
        (lambda o: o.second_purchase("60"), "window_days = '60'"),
        (lambda o: o.cohorts(BACK, period="week"), "period = 'week'"),
        (lambda o: o.front_back(FRONT, BACK, wash_in=-1), "wash_in = -1"),
        (lambda o: o.cohorts(3), "."),
    ],
)
def test_impossible_questions(question, words):
    orders = read(row("1"), row("2", product=BACK))
    with pytest.raises((ValueError, TypeError), match=words):
        question(orders)


def test_nothing_left_to_count_says_what_was_left_out():
    with pytest.raises(ValueError, match=r"no order left to count.*2 cancelled"):
        read(row("1", status="cancelled"), row("2", status="cancelled"))


def test_impossible_ways_to_read():
    with pytest.raises(ValueError, match="dates = 'sometimes' is not possible"):
        read(row(), dates="sometimes")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read(row()).orders == 1
