"""What must never leave: no customer in anything that is shown, kept or sent; no network at all."""

import pickle
import re
import socket
import traceback
from pathlib import Path

import numpy as np
import pytest
from tests.orders import shop as made
from tests.orders.shop import BACK, COLUMNS, FRONT, HEADER, OTHER, Shop, written

from twostep import Orders, OrdersForm
from twostep.data import sample_orders
from twostep.orders import privacy
from twostep.orders.page import html
from twostep.orders.privacy import fingerprints, masked

WHO = re.compile(r"buyer\d{5}|C\d{5}\b|example\.com|山田|090-", flags=re.IGNORECASE)


@pytest.fixture
def _offline(monkeypatch):
    """Whoever opens a socket fails."""

    def refused(*_args, **_kwargs):
        raise AssertionError("something asked for the network")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refused)


@pytest.fixture
def orders():
    return Orders.read(made.plain(Shop.random(2)), columns=COLUMNS)


@pytest.mark.usefixtures("_offline")
def test_from_the_file_to_the_page_nothing_asks_for_the_network(tmp_path):
    file = tmp_path / "shop.csv"
    file.write_bytes(made.plain(Shop.random(2)))
    orders = Orders.read(file, columns=COLUMNS)
    found = orders.front_back(FRONT, {BACK, OTHER})
    assert found.rate.high < 1
    plan = found.to_trial(trial_cost=500, delivery_cost=1_000, cost_per_trial=2_000)
    assert plan.page(tmp_path / "plan.html").exists()
    assert orders.cohorts(BACK).fit().note
    assert OrdersForm().orders is None


def test_nobody_can_be_found_in_what_is_shown(orders):
    found = orders.front_back(FRONT, BACK)
    plan = found.to_trial(trial_cost=500, delivery_cost=1_000, cost_per_trial=2_000)
    cohorts = orders.cohorts(BACK)
    tables = [orders.read_as, orders.left_out, orders.products, found.curve, cohorts.table]
    tables += [plan.table, plan.break_evens, plan.would_change_it]
    shown = [orders, found, cohorts, plan, found.verdict, plan.verdict, html(plan), *tables]
    shown += [table.to_csv() for table in tables]
    for thing in shown:
        assert not WHO.search(f"{thing!r} {thing}"), type(thing)
    assert "b***@e***" in orders.read_as["example"].tolist()
    assert "C***" in orders.read_as["example"].tolist()


def test_nobody_can_be_found_in_what_is_kept(orders):
    """Ids and e-mails are dropped at reading; so are order numbers and fingerprints."""
    assert not re.search(rb"buyer\d|C\d{5}|example", pickle.dumps(orders))
    again = Orders.read(made.plain(Shop.random(2)), columns=COLUMNS)
    first, second = (each._ledger.order_customer for each in (orders, again))
    assert sorted(np.bincount(first + 1)[1:]) == sorted(np.bincount(second + 1)[1:])
    assert first.tolist() != second.tolist(), "shuffled by chance, anew each time"
    assert vars(orders).keys() == {"_ledger", "_read_as", "_currency", "simulated", "warnings"}


def personal(**cells):
    row = {
        "order": "1001",
        "day": "2026-01-05 10:00:00",
        "customer": "C00001",
        "email": "buyer00001@example.com",
        "product": FRONT,
        "quantity": "1",
        "price": "980",
        "status": "paid",
    }
    return list((row | cells).values())


@pytest.mark.parametrize(
    ("rows", "how"),
    [
        ([personal(status="weird")], {}),
        ([personal()], {"columns": COLUMNS | {"status": "email"}}),
        ([personal()], {"columns": COLUMNS | {"day": "email"}}),
        ([personal(day="05/01/2026")], {}),
        ([personal(day="13/01/2026"), personal(day="01/13/2026")], {}),
        ([personal(), personal()[:-1]], {}),
        ([personal(status="cancelled")], {}),
        ([personal()], {"columns": {}}),
        ([personal()], {"columns": COLUMNS | {"price": "no such column"}}),
        ([personal(day="soon")], {}),
        ([personal(day="2062-01-01")], {}),
    ],
)
def test_nobody_can_be_found_in_an_error(rows, how):
    content = written(HEADER, rows)
    with pytest.raises(ValueError, match=r"^\S") as refusal:
        Orders.read(content, **{"columns": COLUMNS} | how)
    shown = traceback.format_exception_only(refusal.value)
    assert not WHO.search("".join(shown))
    with pytest.raises(ValueError, match="no header") as refusal:
        Orders.read(written(rows[0], rows), columns=COLUMNS)
    assert not WHO.search(str(refusal.value))


def test_a_name_that_was_asked_for_as_a_product_is_not_an_error_with_customers(orders):
    with pytest.raises(ValueError, match="no valid order holds 'x'") as refusal:
        orders.front_back("x", BACK)
    assert not WHO.search(str(refusal.value))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("buyer@example.com", "b***@e***"),
        (" C00012 ", "C***"),
        ("山田 太郎", "山***"),
        ("a@b@c", "a***@b***"),
    ],
)
def test_personal_texts_are_masked(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize("made_by", [hash, privacy._hash_of_64_bits], ids=["here", "in a browser"])
def test_fingerprints_tell_the_same_from_others_and_nobody(monkeypatch, made_by):
    monkeypatch.setattr(privacy, "_HASH", made_by)
    same = fingerprints("email", ["A@x.jp", " a@X.jp", "ａ@x.jp", "b@x.jp", "店頭", ""])
    assert len(set(same[:3])) == 1
    assert same[3] not in same[:3]
    assert same[4:].tolist() == [0, 0]
    ids = fingerprints("customer", ["1", "01", "guest", " GUEST ", "nan"])
    assert len(set(ids[:2])) == 2
    assert ids[2:].tolist() == [0, 0, 0]
    many = fingerprints("order", [str(number) for number in range(200_000)])
    # With 32 bits five pairs would be expected to share one, and 99 times in 100 at least one did.
    assert len(set(many.tolist())) == 200_000


@pytest.mark.parametrize("variable", ["BINDER_LAUNCH_HOST", "BINDER_REPO_URL"])
def test_on_a_public_server_only_the_sample_is_read(monkeypatch, tmp_path, variable):
    monkeypatch.setenv(variable, "https://example.org")
    assert Orders.read(*sample_orders()).simulated
    content = sample_orders()[0].read_bytes()
    (tmp_path / sample_orders()[0].name).write_bytes(content)
    for source in (content, tmp_path / sample_orders()[0].name):
        with pytest.raises(ValueError, match=r"public server.*only the sample"):
            Orders.read(source)


def test_on_a_shared_server_the_owner_is_warned(monkeypatch):
    content = sample_orders()[0].read_bytes()
    assert Orders.read(content).warnings == ()
    monkeypatch.setenv("JUPYTERHUB_API_URL", "http://127.0.0.1:8081/hub/api")
    with pytest.warns(UserWarning, match="shared server"):
        warned = Orders.read(content)
    assert "shared server" in warned.warnings[0]
    assert warned.warnings[0] in repr(warned)
    assert Orders.read(*sample_orders()).warnings == ()


def test_a_bare_name_is_looked_for_in_the_learners_folder(monkeypatch, tmp_path):
    folder = tmp_path / "my_orders"
    (tmp_path / "lessons").mkdir()
    folder.mkdir()
    (folder / "jan.csv").write_bytes(made.plain(Shop.random(2)))
    monkeypatch.chdir(tmp_path / "lessons")
    by_name = Orders.read("jan.csv", columns=COLUMNS)
    assert by_name.orders == Orders.read(folder / "jan.csv", columns=COLUMNS).orders
    assert Orders.read("my_orders/jan.csv", columns=COLUMNS).orders > 0, "as one would type it"
    with pytest.raises(
        ValueError,
        match=r"feb\.csv: there is no such file here or in my_orders\. There are: jan\.csv\.",
    ):
        Orders.read("feb.csv")


def test_git_ignores_the_learners_folder():
    ignored = (Path(__file__).parents[2] / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "my_orders/" in ignored


def test_only_wanted_columns_are_looked_at():
    """A column that nobody asked for may hold anything."""
    header, secret = [*HEADER, "note"], "=cmd 山田 090-1234"
    orders = Orders.read(written(header, [[*personal(), secret]]), columns=COLUMNS)
    assert secret.encode() not in pickle.dumps(orders)
    assert privacy.PERSONAL == ("order", "customer", "email")
