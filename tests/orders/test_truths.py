"""Exports with known answers: each was written from a ledger, the answers computed from that."""

import json
from pathlib import Path

import pytest

from twostep import Orders

DATA = Path(__file__).parent / "data"
TRUTHS = sorted(DATA.glob("*.truth.json"))
TOLD = {"18_ambiguous_dates": {"dates": "day first"}}
# What `dropped` calls the reasons in our words.
REASONS = {
    "cancelled": "cancelled",
    "refunded": "refunded in full",
    "pending": "pending: not paid, or not an order yet",
    "future": "future: dated after today",
    "undated": "undated: no date that can be read",
    "duplicate": "duplicate: the order is in a later file too",
    "total_row": "total row",
}


def stem(path):
    return path.name.removesuffix(".truth.json")


def truth_of(path):
    return json.loads(path.read_text(encoding="utf-8"))


READABLE = [path for path in TRUTHS if truth_of(path)["readable"] or stem(path) in TOLD]


def read(path):
    truth = truth_of(path)
    sources = [DATA / name for name in truth["files"]]
    truth = truth.get("if_told", truth)
    columns = truth["columns"] if isinstance(truth["columns"], dict) else None
    return truth, Orders.read(*sources, columns=columns, **TOLD.get(stem(path), {}))


def test_all_of_them_are_here():
    assert len(TRUTHS) == 12
    assert len([path for path in DATA.iterdir() if path.suffix in {".csv", ".xlsx"}]) == 13
    assert len(READABLE) == 10


@pytest.mark.parametrize("path", READABLE, ids=stem)
def test_known_answers(path):
    truth, orders = read(path)
    answers = truth["answers"]
    for name in ("customers", "orders", "orders_without_customer", "lines", "revenue"):
        assert getattr(orders, name) == answers[name], name
    assert str(orders.as_of) == truth["as_of"]

    found = orders.front_back(truth["front"], truth["back"], window_days=truth["window_days"])
    for name in (
        "front_buyers",
        "back_before_or_with_front",
        "at_risk",
        "eligible",
        "converted",
        "too_recent",
    ):
        assert getattr(found, name) == answers[name], name
    assert found.too_recent_converted == answers["too_recent_already_converted"]
    assert found.rate_of_everybody.value == pytest.approx(answers["naive_back_rate"])
    assert [found.rate.low, found.rate.high] == pytest.approx(answers["back_rate_wilson95"])
    if answers["back_rate"] is None:
        assert found.rate.of == 0
        assert "0%" not in found.rate.text
        assert "no rate yet" in found.rate.text
    else:
        assert found.rate.value == pytest.approx(answers["back_rate"])
    assert found.curve["share"].iloc[-1] == pytest.approx(answers["km_back_rate"], rel=1e-12)

    again = orders.second_purchase(truth["second_window_days"])
    known = answers["second_purchase"]
    assert (again.count, again.of) == (known["again"], known["eligible"])
    assert [again.low, again.high] == pytest.approx(known["wilson95"])

    cohorts = orders.cohorts(truth["back"])
    assert cohorts.counts == answers["cohorts"]
    assert [c for c in cohorts.counts.values() if len(c) > 1] == answers["cohorts_for_fit"]
    products = orders.products.set_index("product")
    (front,) = truth["front"]
    assert products["mean price"][front] == pytest.approx(answers["mean_front_price"])
    assert products["buyers"][front] == answers["front_buyers"]
    (back,) = truth["back"]
    assert products["buyers"][back] == answers["back_buyers_ever"] == cohorts.customers


@pytest.mark.parametrize("path", READABLE, ids=stem)
def test_everything_left_out_is_listed_and_nothing_else(path):
    truth, orders = read(path)
    left_out = orders.left_out.set_index("reason")
    expected = {
        (REASONS[reason], what): count
        for what, counts in truth["dropped"].items()
        for reason, count in counts.items()
    }
    assert {(reason, what): left_out[what][reason] for reason, what in expected} == expected
    assert set(left_out.index) == {reason for reason, _what in expected}
    for places in left_out["first places"]:
        assert ".csv line " in places or ".xlsx row " in places


@pytest.mark.parametrize(
    "path", [path for path in TRUTHS if not truth_of(path)["readable"]], ids=stem
)
def test_what_cannot_be_read_is_refused_in_a_sentence(path):
    truth = truth_of(path)
    columns = truth_of(DATA / "01_clean_utf8.truth.json")["columns"]
    with pytest.raises(ValueError, match=r"^\S.*\.$") as refusal:
        Orders.read(*(DATA / name for name in truth["files"]), columns=columns)
    for word in truth["must_say"]:
        assert word in str(refusal.value)
    assert "buyer0" not in str(refusal.value)


def test_product_names_match_as_typed():
    path = DATA / "03_base_cp932.truth.json"
    truth, orders = read(path)
    written, typed = (
        orders.front_back(truth[key], truth["back"])
        for key in ("front_as_written", "front_as_typed")
    )
    assert truth["front_as_written"] != truth["front_as_typed"]
    assert written.rate == typed.rate
