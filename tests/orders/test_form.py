"""The form: what it asks, what it offers, what it leaves behind. Its looks: tests/browser."""

import pytest
from tests.orders import shop as made
from tests.orders.shop import BACK, COLUMNS, FRONT, HEADER, Shop, written

from twostep import Orders, OrdersForm
from twostep.data import sample_orders


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "my_orders").mkdir()
    (tmp_path / "lessons").mkdir()
    monkeypatch.chdir(tmp_path / "lessons")
    return tmp_path / "my_orders"


def form_with(folder, **files):
    for name, content in files.items():
        (folder / f"{name}.csv").write_bytes(content)
    form = OrdersForm()
    form.files.value = tuple(f"{name}.csv" for name in files)
    return form


def visible(form):
    parts = {
        "columns": form._mapping,
        "dates": form.dates,
        "words": form.not_sales,
        "products": form._products,
    }
    return {name for name, part in parts.items() if part.layout.display != "none"}


def run(code):
    """What the lines that the form shows make, when they are run."""
    names = {"Orders": Orders, "sample_orders": sample_orders}
    exec(code, names)
    return names


def test_a_known_system_is_read_without_a_question(folder):
    shop = Shop.random(3)
    form = form_with(folder, jan=made.shopify(shop))
    assert visible(form) == set()
    form.read()
    assert visible(form) == {"products"}
    assert form.orders.orders == shop.counts()["orders"]
    labels = [label for label, _name in form.front.options]
    assert set(labels) == {FRONT, BACK, "石けん"}
    form.front.value, form.back.value, form.window.value = (FRONT,), (BACK,), 60
    form.count()
    assert form.front_back.converted == shop.front_back(60)["converted"]
    assert run(form.code)["fb"].rate == form.front_back.rate
    assert form.code.startswith("orders = Orders.read('jan.csv')\n")


def test_of_another_system_the_columns_are_chosen_from_its_own(folder):
    form = form_with(folder, jan=made.plain(Shop.random(3)))
    form.read()
    assert visible(form) == {"columns"}
    assert form.orders is None
    assert "no system we know" in form._message.value
    for key, column in COLUMNS.items():
        assert [name for _label, name in form.columns[key].options] == ["", *HEADER]
        form.columns[key].value = column
    form.read()
    assert run(form.code)["orders"].orders == form.orders.orders
    form.files.value = ()
    assert visible(form) == set()
    assert form.orders is None
    form.read()
    assert "Choose one file" in form._message.value


def test_two_ways_to_read_a_date_and_unknown_words_are_chosen_too(folder):
    rows = [
        [str(i), f"0{i}/01/2026", f"C{i}", "", FRONT, "1", "980", status]
        for i, status in enumerate(["paid", "変", "odd <b>", "x" * 60], start=1)
    ]
    form = form_with(folder, jan=written(HEADER, rows))
    form.read()
    for key, column in COLUMNS.items():
        form.columns[key].value = column
    form.read()
    assert visible(form) == {"columns", "dates"}
    form.dates.value = "day first"
    form.read()
    assert visible(form) == {"columns", "dates", "words"}
    assert {word for _label, word in form.not_sales.options} == {"変", "odd <b>", "x" * 60}
    form.not_sales.value = ("変", "x" * 60)
    form.read()
    assert form.orders.orders == 2
    assert run(form.code)["orders"].orders == 2


def test_a_refusal_is_shown_escaped_and_never_raised(folder):
    form = form_with(folder, jan=b"<b>a</b>,b\r\n1,2\r\n", feb=b"")
    form.read()
    assert "&lt;b&gt;a&lt;/b&gt;" in form._message.value
    form.files.value = ("feb.csv",)
    form.read()
    assert "feb.csv: it is empty" in form._message.value
    form.count()
    assert "Read your exports first" in form._message.value


def test_without_a_choice_of_products_it_asks_for_one(folder):
    form = form_with(folder, jan=made.shopify(Shop.random(3)))
    form.read()
    form.count()
    assert "name at least one product" in form._message.value
    form.front.value = form.back.value = (FRONT,)
    form.count()
    assert "cannot be a front and a back product" in form._message.value


def test_a_file_without_a_header_shows_nobody(folder):
    content = written(["1001", "2026-01-05", "C1", "a@b.jp", "x", "1", "980", "paid"], [])
    form = form_with(folder, jan=content * 3)
    form.read()
    assert "no header" in form._message.value
    assert "a@b.jp" not in str(form.columns["email"].options)


def test_the_sample_is_always_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    form = OrdersForm()
    assert form.files.options == ("The course's sample (simulated)",)
    assert "make a folder my_orders" in form._message.value
    form.files.value = form.files.options
    form.read()
    assert form.orders.simulated
    assert form.code == "orders = Orders.read(*sample_orders())"
    assert form._repr_mimebundle_()["text/plain"] == repr(form.orders)
    for control in (form.files, form.dates, form.front, form.back, form.window):
        assert control.description
