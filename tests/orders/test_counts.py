"""The counts against loops over a ledger, closed forms and what must not change them."""

import json
import random
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from tests.orders import shop as made
from tests.orders.shop import BACK, COLUMNS, END, FRONT, HEADER, LAST, OTHER, Sale, Shop, written
from tests.strategies import numbers

from twostep import Orders, ShiftedBetaGeometric
from twostep.orders.share import Share, percent

seeds = st.integers(0, 10_000)
windows = st.integers(1, 120)


def read(rows, **how):
    return Orders.read(written(HEADER, rows), **{"columns": COLUMNS, "as_of": "2026-06-30"} | how)


def answers(orders, window=60):
    """Everything that is counted, for a comparison."""
    found = orders.front_back(FRONT, {BACK, OTHER}, window_days=window)
    return {
        "counts": [getattr(orders, name) for name in Shop.random(0).counts()],
        "found": repr(found),
        "rates": [found.rate, found.rate_of_everybody, found.rate_with_recent_converters],
        "curve": found.curve.to_dict(),
        "again": orders.second_purchase(window),
        "months": orders.cohorts(BACK).counts,
        "periods": orders.cohorts(BACK, period=30).counts,
        "products": orders.products.sort_values("product").to_dict("records"),
    }


@settings(max_examples=25)
@given(seed=seeds, window=windows)
def test_counts_are_those_of_a_loop_over_the_ledger(seed, window):
    shop = Shop([replace(sale, refund=0) for sale in Shop.random(seed, customers=30).sales])
    orders = read(made.plain_rows(shop))
    found = orders.front_back(FRONT, BACK, window_days=window)
    expected = shop.front_back(window)
    assert {name: getattr(found, name) for name in expected} == expected
    again = orders.second_purchase(window)
    assert (again.count, again.of) == shop.second_purchase(window)
    assert orders.cohorts(BACK).counts == shop.cohorts()
    assert found.at_risk == found.eligible + found.too_recent
    assert found.front_buyers == found.at_risk + found.back_before_or_with_front


@settings(max_examples=15)
@given(seed=seeds, shuffle=st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(seed, shuffle):
    rows = made.plain_rows(Shop.random(seed, customers=30))
    before = answers(read(rows))
    shuffle.shuffle(rows)
    assert answers(read(rows)) == before


@settings(max_examples=15)
@given(seed=seeds, cut=numbers(0.1, 0.9), overlap=numbers(0, 0.9))
def test_two_files_that_overlap_are_the_one_they_were_cut_from(seed, cut, overlap):
    shop = Shop.random(seed, customers=30)
    at = round(cut * len(shop.sales))
    since = round(at * (1 - overlap))
    halves = [Shop(shop.sales[:at]), Shop(shop.sales[since:])]
    whole = answers(read(made.plain_rows(shop)))
    cut_up = Orders.read(
        *(made.plain(half) for half in halves), columns=COLUMNS, as_of="2026-06-30"
    )
    assert answers(cut_up) == whole


@settings(max_examples=15)
@given(seed=seeds, guests=st.integers(1, 20))
def test_guests_count_for_money_and_change_nobodys_rate(seed, guests):
    rows = made.plain_rows(Shop.random(seed, customers=30))
    before, rng = read(rows), random.Random(seed)
    for i in range(guests):
        day = LAST - timedelta(days=rng.randint(0, 200))
        nobody = rng.choice(["", "-", "guest"])
        rows.append([f"G{i}", f"{day} 12:00:00", nobody, "", FRONT, "1", "980", "paid"])
    after = read(rows)
    assert after.orders_without_customer == before.orders_without_customer + guests
    assert after.revenue == before.revenue + 980 * guests
    people = ("found", "rates", "curve", "again", "months", "periods")
    assert {key: answers(after)[key] for key in people} == {
        key: answers(before)[key] for key in people
    }


# Kaplan–Meier, periods of days


@settings(max_examples=15)
@given(seed=seeds, window=st.integers(5, 100))
def test_the_curve_is_kaplan_meiers(seed, window):
    shop = Shop.random(seed, customers=40, clean=True)
    found = read(made.plain_rows(shop)).front_back(FRONT, BACK, window_days=window)
    people = []
    for customer in {sale.customer for sale in shop.valid} - {None}:
        own = [sale for sale in shop.valid if sale.customer == customer]
        fronts = [sale for sale in own if FRONT in dict(sale.lines)]
        backs = [sale for sale in own if BACK in dict(sale.lines)]
        if not fronts or (backs and backs[0].at <= fronts[0].at):
            continue
        first = fronts[0].at.date()
        went = (backs[0].at.date() - first).days if backs else None
        people.append((went, (LAST - first).days))
    staying = 1.0
    for day, row in zip(range(window + 1), found.curve.itertuples(), strict=True):
        still = [p for p in people if (p[1] if p[0] is None else p[0]) >= day]
        went = sum(p[0] == day for p in still)
        if still:
            staying *= 1 - went / len(still)
        assert row.day == day
        assert row.still_watched == len(still)
        assert row.share == pytest.approx(1 - staying, abs=1e-12)
        assert 0 <= row.low <= row.share + 1e-12
        assert row.share - 1e-12 <= row.high <= 1


def test_without_anybody_too_recent_the_curve_ends_at_the_rate_and_its_interval():
    shop = Shop.random(5, customers=150, clean=True)
    early = Shop([sale for sale in shop.sales if (END - sale.at).days > 100])
    found = read(made.plain_rows(early)).front_back(FRONT, BACK, window_days=90)
    assert found.too_recent == 0
    assert found.converted > 10
    last = found.curve.iloc[-1]
    assert last["share"] == pytest.approx(found.rate.value)
    assert [last["low"], last["high"]] == pytest.approx([found.rate.low, found.rate.high])


@settings(max_examples=15)
@given(seed=seeds, length=st.integers(7, 60))
def test_periods_of_days_are_counted_by_customer(seed, length):
    shop = Shop.random(seed, customers=30, clean=True)
    cohorts = read(made.plain_rows(shop)).cohorts(BACK, period=length)
    runs = {}
    for customer in {sale.customer for sale in shop.valid} - {None}:
        own = [s for s in shop.valid if s.customer == customer and BACK in dict(s.lines)]
        if not own:
            continue
        days = [(sale.at.date() - own[0].at.date()).days for sale in own]
        age = (LAST - own[0].at.date()).days
        # Period k is over when its last day, the one before length × (k + ½), has passed.
        whole = 0
        while age + 1 >= length * (whole + 1) + length / 2:
            whole += 1
        run = 0
        while run <= whole and any(
            length * run - length / 2 <= day < length * run + length / 2 for day in days
        ):
            run += 1
        runs.setdefault(whole, []).append(run)
    expected = [
        [sum(run > k for run in runs[whole]) for k in range(whole + 1)]
        for whole in sorted(runs, reverse=True)
    ]
    assert list(cohorts.counts.values()) == expected
    for label, whole in zip(cohorts.counts, sorted(runs, reverse=True), strict=True):
        first, _to, last = label.split()
        ages = [(LAST - type(LAST).fromisoformat(day)).days for day in (last, first)]
        low = length * whole + length / 2 - 1 if whole else 0
        assert ages[0] == int(np.ceil(low))
        assert ages[1] == int(np.ceil(length * (whole + 1) + length / 2 - 1)) - 1


def subscribers(step, customers=40):
    """Customers who are delivered to every so many days, or on one day of the month (None)."""
    rng = random.Random(4)
    sales = []
    for customer in range(customers):
        at = END.replace(year=2025, month=8 + customer % 3, day=1 + customer % 28)
        while at < END:
            sales.append(Sale(len(sales), at, customer, ((BACK, 1),)))
            month = {"year": at.year + at.month // 12, "month": at.month % 12 + 1}
            at = at.replace(**month) if step is None else at + timedelta(days=step)
            if rng.random() < 0.1:
                break
    return read(made.plain_rows(Shop(sales)))


def test_a_rhythm_of_four_weeks_is_said_to_be_no_month():
    monthly, weekly = subscribers(None), subscribers(28)
    assert "try period=30" not in monthly.cohorts(BACK).verdict
    assert "paid twice in some calendar month" in weekly.cohorts(BACK).verdict
    by_days = weekly.cohorts(BACK, period=28)
    assert "paid twice" not in by_days.verdict
    assert by_days.came_back == 0
    assert by_days.retention.value == pytest.approx(0.9, abs=0.05)


def test_a_cohort_with_a_single_count_is_listed_and_not_fitted():
    cohorts = subscribers(None).cohorts(BACK)
    fit = cohorts.fit()
    assert fit == ShiftedBetaGeometric.fit(*(c for c in cohorts.counts.values() if len(c) > 1))
    young = read(made.plain_rows(Shop([Sale(1, END, 1, ((BACK, 1),))]))).cohorts(BACK)
    assert young.counts == {"2026-06": [1]}
    assert young.too_young == ("2026-06",)
    assert "no renewal has come due" in young.verdict
    with pytest.raises(ValueError, match="No cohort shows two renewals yet"):
        young.fit()
    unfinished = read(made.plain_rows(Shop([Sale(1, END, 1, ((BACK, 1),))])), as_of="2026-06-30")
    assert unfinished.cohorts(BACK).counts == {"2026-06": [1]}


def test_a_month_that_is_not_over_has_no_count():
    at = END - timedelta(days=20)
    orders = read(made.plain_rows(Shop([Sale(1, at, 1, ((BACK, 1),))])), as_of="2026-06-29")
    assert orders.cohorts(BACK).counts == {"2026-06": []}
    assert orders.cohorts(BACK).table.to_dict("records") == [{"cohort": "2026-06"}]


def test_who_pauses_counts_as_left_and_is_said_to_have_come_back():
    months = ["2026-01-10", "2026-02-10", "2026-04-10"]
    rows = [
        [str(i), day, customer, "", BACK, "1", "4980", "paid"]
        for i, (day, customer) in enumerate(
            [*((day, "C1") for day in months), ("2026-01-12", "C2")]
        )
    ]
    cohorts = read(rows).cohorts(BACK)
    assert cohorts.counts == {"2026-01": [2, 1, 0, 0, 0, 0]}
    assert cohorts.came_back == 1
    assert "1 paused and came back" in cohorts.verdict
    assert (cohorts.retention.count, cohorts.retention.of) == (1, 3)


# The bias that the rule avoids

DELAY, RATE_90, DAYS = 25.9, 0.285, 418


def test_counting_the_too_recent_biases_the_rate():
    """Front buyers come evenly over 418 days, 28.5 % of them go on within 90, most of them soon.

    Counting everybody gives too little, counting of the recent only who went on too much: in closed
    form 26.9 % and 32.4 %.
    """
    customers = 40_000
    rng = np.random.default_rng(11)
    came = rng.uniform(0, DAYS, customers)
    # Exponential delays, cut at 90 days.
    within = 1 - np.exp(-90 / DELAY)
    waited = -DELAY * np.log(1 - rng.uniform(0, within, customers))
    went = (rng.random(customers) < RATE_90) & (came + waited < DAYS)
    start = np.datetime64("2025-05-09T00:00:00")

    def stamps(days):
        return (start + (days * 86_400).astype("timedelta64[s]")).astype(str)

    rows = [
        [f"F{i}", at.replace("T", " "), f"C{i}", "", FRONT, "1", "980", "paid"]
        for i, at in enumerate(stamps(came))
    ]
    later = np.flatnonzero(went)
    rows += [
        [f"B{i}", at.replace("T", " "), f"C{i}", "", BACK, "1", "4980", "paid"]
        for i, at in zip(later, stamps((came + waited)[later]), strict=True)
    ]
    found = read(rows).front_back(FRONT, BACK, window_days=90)
    # Of the recent, whose age is even over 0 to 90 days, the share that has gone on already.
    recent = 90 / DAYS
    ages = np.linspace(0, 90, 100_001)
    early = RATE_90 * np.mean((1 - np.exp(-ages / DELAY)) / within)
    counted = (1 - recent) * RATE_90 + recent * early
    everybody, converters = counted, counted / (1 - recent + recent * early)
    assert [everybody, converters] == pytest.approx([0.269, 0.324], abs=5e-4)
    rates = (found.rate, found.rate_of_everybody, found.rate_with_recent_converters)
    for rate, expected in zip(rates, (RATE_90, everybody, converters), strict=True):
        # Four standard errors, and a day's rounding.
        error = 4 * np.sqrt(expected * (1 - expected) / rate.of) + 0.002
        assert rate.value == pytest.approx(expected, abs=error)
    assert rates[1].high < rates[0].value < rates[2].low
    assert found.curve["share"].iloc[-1] == pytest.approx(RATE_90, abs=0.01)


# Shares


@given(of=st.integers(1, 400), data=st.data())
def test_wilsons_interval_holds_the_rates_that_a_score_test_does_not_reject(of, data):
    count = data.draw(st.integers(0, of))
    share = Share(count, of)
    assert 0 <= share.low <= share.value <= share.high <= 1
    z = 1.959963984540054
    for rate in (share.low, share.high):
        if 0 < rate < 1:
            score = abs(count - of * rate) / np.sqrt(of * rate * (1 - rate))
            assert score == pytest.approx(z, rel=1e-6)


@given(of=st.integers(5, 300))
@settings(max_examples=30)
def test_wilsons_interval_covers_the_true_rate_about_95_times_of_100(of):
    """Exactly, from the binomial distribution: on average over all rates, and never below 80 %."""
    counts = np.arange(of + 1)
    shares = [Share(int(count), of) for count in counts]
    low, high = (np.array([getattr(share, end) for share in shares]) for end in ("low", "high"))
    rates = np.linspace(0.0005, 0.9995, 500)
    inside = (low[:, None] <= rates) & (rates <= high[:, None])
    coverage = (inside * binom.pmf(counts[:, None], of, rates)).sum(axis=0)
    assert coverage.mean() == pytest.approx(0.953, abs=0.012)
    assert coverage.min() > 0.8


def test_a_share_says_itself_in_words():
    assert Share(62, 251).text == "62 of 251: 24.7% (19.8% to 30.4%)"
    assert str(Share(0, 0)) == "no rate: there is nobody to count yet"
    assert str(Share(0, 0, "none yet")) == "none yet"
    assert np.isnan(Share(0, 0).value)
    assert Share(1_234, 56_789).text.startswith("1,234 of 56,789")
    assert percent(0.0001) == "0.01%"
    for count, of, printed in [
        (62, 251, "62 of 251: 24.7% (19.8% to 30.4%)"),
        (4, 251, "fewer than 5 of 251"),
        (249, 251, "all but fewer than 5 of 251"),
        (0, 251, "0 of 251: 0.0% (0.0% to 1.5%)"),
        (1, 3, "too few people to print a rate (fewer than 5)"),
        (0, 0, "no rate: there is nobody to count yet"),
    ]:
        assert Share(count, of).printed == printed


def test_tables_have_the_columns_that_others_rely_on():
    orders = read(made.plain_rows(Shop.random(1)))
    assert list(orders.read_as.columns)[:4] == [
        "our name", "your column", "example", "understood as",
    ]  # fmt: skip
    assert list(orders.products.columns) == [
        "product", "orders", "buyers", "units", "mean price", "first day", "last day",
    ]  # fmt: skip
    curve = orders.front_back(FRONT, BACK).curve
    assert list(curve.columns) == ["day", "share", "low", "high", "still_watched"]
    assert json.dumps(orders.cohorts(BACK).counts)
