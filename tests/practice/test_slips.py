"""What the review of the first chapters found, and what a learner is told now.

The tasks stand here, so that they stay when a chapter takes others.
"""

import json
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pytest
from IPython.core.formatters import DisplayFormatter

from twostep.models.funnel import Funnel
from twostep.practice import Choice, Figure, Mistake, Number, Numbers, Option, Outcome, Table
from twostep.practice._slips import SLIPS
from twostep.units import PEOPLE, RATE, YEN, Unit

SHOP = Numbers.of(Funnel(lead_rate=0.10, gift_cost=100, fixed_cost=160_000)) + Numbers(
    Number("front_price", "Price of the front offer", YEN, 4_980),
    Number("back_price", "Price of the back offer", YEN, 300_000),
)
PAGE = Numbers.of(Funnel())
RATES = ("lead_rate", "front_rate", "back_rate")


def shop(n: Numbers, **changes: float) -> Funnel:
    return n.scenario(Funnel, **changes)


def figure(key: str, given: Numbers, unit: Unit, answer: Any, **more: Any) -> Figure:
    """A task; its known mistakes by their names, each with its own name as the reason."""
    mistakes = {name: formula for name, formula in more.items() if callable(formula)}
    mistakes.pop("of", None)
    return Figure(
        key=key, given=given, unit=unit, answer=answer, means="", hint="",
        mistakes=tuple(
            Mistake(name.replace("_", "-"), formula, name) for name, formula in mistakes.items()
        ),
        **{name: value for name, value in more.items() if name not in mistakes},
    )  # fmt: skip


def lifted(n: Numbers, *rates: str) -> float:
    """What the profit gains when each of these rates rises by a tenth of itself."""
    up = {rate: 1.1 * n[rate] for rate in rates}
    return float(shop(n, **up).profit) - float(shop(n).profit)


KINDS = Numbers(Number("a", "Faithful", RATE, 0.92), Number("b", "Fickle", RATE, 0.40))
COHORT = Numbers(Number("start", "Start", PEOPLE, 600), Number("after_1", "Next", PEOPLE, 480))
POT = Numbers(
    Number("imagined_takers", "Imagined takers", PEOPLE, 0.6),
    Number("imagined", "Imagined people", PEOPLE, 20),
    Number("asked", "People asked", PEOPLE, 50),
    Number("paid", "Paid", PEOPLE, 5),
    Number("needed", "Break-even", RATE, 0.12),
)
TAILOR = Numbers(
    Number("takers", "Expected takers", PEOPLE, 8.8),
    Number("margin", "Margin", YEN, 150_000),
    Number("cost", "Cost of building", YEN, 1_500_000),
)

TASKS = {
    each.key: each
    for each in (
        figure(
            "break-even", SHOP, RATE, lambda n: shop(n).break_even_back_rate, page=PAGE,
            fixed_cost_left_out=lambda n: shop(n, fixed_cost=0).break_even_back_rate,
            gifts_left_out=lambda n: shop(n, gift_cost=0).break_even_back_rate,
        ),
        figure(
            "visitors", SHOP, PEOPLE,
            lambda n: 1 / (n.lead_rate * n.front_rate * n.back_rate), page=PAGE,
            rates_added=lambda n: 1 / (n.lead_rate + n.front_rate + n.back_rate),
            back_buyers_a_month=lambda n: shop(n).back_buyers,
        ),
        figure(
            "cpa", SHOP, YEN, lambda n: shop(n).cpa, page=PAGE,
            gifts_left_out=lambda n: shop(n, gift_cost=0).cpa,
            fixed_cost_added=lambda n: shop(n).cpa + n.fixed_cost / shop(n).front_buyers,
            margin_subtracted=lambda n: shop(n).cpa - n.front_margin,
        ),
        figure(
            "lift", SHOP, YEN, lambda n: lifted(n, *RATES),
            single_lifts_added=lambda n: sum(lifted(n, rate) for rate in RATES),
        ),
        figure(
            "allowable", SHOP, YEN, lambda n: shop(n).allowable_cpa,
            front_sale_left_out=lambda n: n.back_rate * n.back_margin,
            front_margin_of_few=lambda n: n.back_rate * (n.front_margin + n.back_margin),
        ),
        figure("second-renewal", KINDS, RATE, lambda n: (n.a**2 + n.b**2) / (n.a + n.b)),
        figure(
            "survival", COHORT, RATE, lambda n: 361 / n.start, of=lambda n: n.start,
            first_again=lambda n: n.after_1 / n.start,
        ),
        figure(
            "constant", COHORT, PEOPLE, lambda n: n.start * (n.after_1 / n.start) ** 5,
            of=lambda n: n.start,
            straight_line=lambda n: n.start - 5 * (n.start - n.after_1),
        ),
        figure("worth", COHORT, YEN, lambda _n: 1_500 * 19.587),
        figure("average", COHORT, PEOPLE, lambda _n: 3.84),
        figure(
            "updated", POT, RATE, lambda n: (n.imagined_takers + n.paid) / (n.imagined + n.asked),
            of=lambda n: n.imagined + n.asked,
        ),
        figure(
            "pre-orders", POT, PEOPLE,
            lambda n: n.needed * (n.imagined + n.asked) - n.imagined_takers, whole=True,
            belief_left_out=lambda n: n.needed * n.asked,
        ),
        figure(
            "commit", TAILOR, YEN, lambda n: n.takers * n.margin - n.cost,
            worth_of_leaving=lambda _n: 0,
            takers_not_yen=lambda n: n.takers,
        ),
    )
}  # fmt: skip


def told(key: str, answer: object) -> str | None:
    """The name of the mistake that a learner is told of; "right" for a right answer."""
    result = TASKS[key].grade(answer)
    return "right" if result.correct else result.mistake


@pytest.mark.parametrize(
    ("key", "answer", "name"),
    [
        ("break-even", (8_333.33 + 2_666.67 - 4_500) / 229_200, "gifts-left-out"),
        ("break-even", (10_000 - 4_500) / 229_200, "fixed-cost-left-out"),
        ("break-even", (10_000 + 2_666.67 - 4_500) / 300_000, "price-for-margin"),
        ("break-even", (10_000 + 2_666.67 - 4_980) / 229_200, "price-for-margin"),
        ("break-even", (10_000 + 2_666.67 - 4_980) / 300_000, "price-for-margin"),
        ("break-even", 0.0356, "right"),
        ("break-even", 0.036, "rounded"),
        ("break-even", 0.025, None),
        ("visitors", 4.8, "back-buyers-a-month"),
        ("visitors", 1 / 0.24, "rates-added"),
        ("visitors", 4.2, "rates-added"),
        ("visitors", 4.5, None),
        ("visitors", 2_604, "number-of-the-page"),
        ("cpa", 10_417, "number-of-the-page"),
        ("cpa", 10_000 + 2_667, "fixed-cost-added"),
        ("cpa", 5_500, "margin-subtracted"),
        ("cpa", 8_333, "gifts-left-out"),
        ("cpa", 100, "factor-of-100"),
        ("cpa", 1, "factor-of-100"),
        ("lift", sum(lifted(SHOP, rate) for rate in RATES), "single-lifts-added"),
        ("lift", -lifted(SHOP, *RATES), "wrong-sign"),
        ("second-renewal", 0.762, "right"),
        ("second-renewal", 0.76, "rounded"),
        ("second-renewal", 0.768, "rounded-early"),
        ("second-renewal", 76, "percent-as-number"),
        ("second-renewal", 76.24, "percent-as-number"),
        ("second-renewal", "76%", "rounded"),
        ("second-renewal", "76.2%", "right"),
        ("second-renewal", 0.0076242, "factor-of-100"),
        ("survival", 361, "count-for-share"),
        ("survival", 0.8, "first-again"),
        ("constant", 0, "straight-line"),
        ("constant", 0.8**5, "share-for-count"),
        ("constant", 197, "right"),
        ("worth", 19.6 * 1_500, "right"),
        ("worth", 20 * 1_500, "rounded"),
        ("worth", 19.5 * 1_500, "rounded-early"),
        ("average", 4, "average-made-whole"),
        ("average", 3.8, "rounded"),
        ("updated", 5.6, "count-for-share"),
        ("updated", 6, "count-for-share"),
        ("pre-orders", 8, "right"),
        ("pre-orders", 7.8, "fraction-of-a-person"),
        ("pre-orders", 7, "rounded-down"),
        ("pre-orders", 6, "belief-left-out"),
        ("pre-orders", 9, None),
        ("commit", 8.8, "takers-not-yen"),
        ("commit", 0, "worth-of-leaving"),
        ("commit", 5, None),
        ("commit", 180_000, "wrong-sign"),
    ],
)
def test_a_learner_is_told_the_true_reason_or_none(
    key: str, answer: object, name: str | None
) -> None:
    assert told(key, answer) == name


def test_every_slip_is_seen_above() -> None:
    found = {
        reason.name
        for exercise in TASKS.values()
        for slip in SLIPS
        for reason in slip(exercise.task(exercise.given))
    }
    assert found == {
        "average-made-whole", "count-for-share", "factor-of-100", "fraction-of-a-person",
        "number-of-the-page", "percent-as-number", "price-for-margin", "rounded", "rounded-down",
        "rounded-early", "share-for-count", "wrong-sign",
    }  # fmt: skip


def test_who_rounds_too_far_is_told_how_many_digits_are_wanted() -> None:
    for key, answer, words in (
        ("second-renewal", 0.76, "as many decimals as in 0.123."),
        ("break-even", 0.036, "as many decimals as in 0.1235."),
        ("average", 3.8, "as many decimals as in 0.12."),
        ("worth", 30_000, "to ¥100 or closer."),
    ):
        assert words in TASKS[key].grade(answer).message


def test_a_slip_is_seen_in_every_row_of_a_table() -> None:
    rates = (0.0, 0.05, 0.10)
    table = Table(
        key="table", given=SHOP, label="back_rate", label_unit=RATE, rows=rates,
        column="profit", unit=YEN, mistakes=(), means="", hint="",
        answer=lambda n: [shop(n, back_rate=rate).profit for rate in rates],
    )  # fmt: skip
    rows = list(zip(rates, table.answer(SHOP), strict=True))
    assert table.grade(rows).correct
    assert table.grade([[rate, YEN.text(profit)] for rate, profit in rows]).correct
    assert table.grade([[RATE.text(rate), profit] for rate, profit in rows]).correct
    in_percent = [[100 * rate, profit] for rate, profit in rows]
    assert table.grade(in_percent).mistake == "percent-as-number"
    assert table.grade([[rate, -profit] for rate, profit in rows]).mistake == "wrong-sign"
    first, *others = rows
    assert table.grade([[first[0], -first[1]], *others]).mistake == "wrong-sign"
    assert table.grade([[first[0], 2 * first[1]], *others]).mistake is None


def test_where_two_mistakes_come_out_the_same_both_are_told() -> None:
    rounded = TASKS["allowable"].grade(18_500)  # ¥18,336 or ¥18,696
    assert rounded.mistake is None
    both = replace(
        TASKS["allowable"],
        mistakes=(Mistake("one", lambda _n: 7, "This."), Mistake("two", lambda _n: 7, "That.")),
    ).grade(7)
    assert both.outcome is Outcome.KNOWN_MISTAKE
    assert both.mistake is None
    assert both.message == "This can have several reasons: This. / That."


def test_a_rounded_mistake_gives_way_to_what_fits_exactly() -> None:
    task = figure("task", COHORT, YEN, lambda _n: 9_876, wrong=lambda _n: 10_020)
    assert task.grade(10_020).mistake == "wrong"
    assert task.grade(10_000).mistake == "rounded"  # the right one, or the wrong one?
    task = figure("task", COHORT, YEN, lambda _n: 5, wrong=lambda _n: 7_812)
    assert task.grade(7_800).mistake == "wrong"


# Answers in words


@pytest.mark.parametrize("typed", [
    "10000", "10,000", "¥10,000", "10,000 yen", "10000円", "１０，０００", "1万円", " ¥10000 ",
    "10000.0", "¥10,000円",
])  # fmt: skip
def test_an_answer_in_words_is_read(typed: str) -> None:
    assert told("cpa", typed) == "right"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("76.24%", "right"), ("７６.２４％", "right"), ("0.7624", "right"),
        ("76.24 percent", "right"), ("76.24", "percent-as-number"),
    ],
)  # fmt: skip
def test_a_share_in_words_is_a_percent_only_with_its_sign(typed: str, name: str) -> None:
    assert told("second-renewal", typed) == name


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("10,000 people", "another unit"), ("10%", "another unit"), ("10,00", "every three digits"),
        ("ten thousand", "cannot be read"), ("", "cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_in_words_says_why(typed: str, words: str) -> None:
    result = TASKS["cpa"].grade(typed)
    assert result.outcome is Outcome.UNREADABLE
    assert words in result.message


# Data for a class board


def data(result: Any) -> dict[str, Any]:
    """What a notebook keeps of a result besides its words, the course's version taken out."""
    kept, _metadata = DisplayFormatter().format(result)
    assert kept["text/plain"] == repr(result)
    assert "<div" in kept["text/html"]
    found: dict[str, Any] = kept["application/vnd.twostep.result+json"]
    assert json.loads(json.dumps(found)) == found
    assert found.pop("version") == version("twostep")
    return found


def test_a_result_leaves_itself_as_data_without_the_answer() -> None:
    for answer, outcome, mistake in (
        (10_000, "correct", None),
        (8_333, "known mistake", "gifts-left-out"),
        (7_777, "not yet", None),
        (..., "not answered yet", None),
        ("?", "cannot be read", None),
    ):
        kept = data(TASKS["cpa"].grade(answer))
        assert kept == {"key": "cpa", "outcome": outcome, "mistake": mistake}


def test_a_wrong_option_has_a_name_too() -> None:
    choice = Choice(
        key="stop",
        question="Stop?",
        options=(Option("no-loss", "Yes", "…"), Option("both", "No", "…", right=True)),
        hint="",
    )
    assert data(choice.grade("a")) == {
        "key": "stop", "outcome": "known mistake", "mistake": "no-loss",
    }  # fmt: skip
    assert data(choice.grade("b"))["mistake"] is None


def test_where_the_course_is_not_installed_a_result_has_no_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent(_name: str) -> str:
        raise PackageNotFoundError  # as where nbgrader runs it from a folder

    monkeypatch.setattr("importlib.metadata.version", absent)
    kept, _metadata = TASKS["cpa"].grade(1)._repr_mimebundle_()
    assert kept["application/vnd.twostep.result+json"]["version"] is None
