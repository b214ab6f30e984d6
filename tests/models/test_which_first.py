"""WhichFirst against regimes worked out by hand, enumeration, simulation, textbook decisions."""

import math
import re
import warnings
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import beta, betabinom
from tests.strategies import numbers, shares

from twostep.models.which_first import Decision, WhichFirst, regime_map


def whole(*bounds: int) -> NDArray[np.float64]:
    """The whole numbers of a range, as a model takes them."""
    return np.arange(*bounds).astype(float)


BEGINNER = WhichFirst()
EXPERT = WhichFirst(prior_a=30, prior_b=270)

beliefs = {"prior_a": numbers(0.05, 30), "prior_b": numbers(0.5, 300)}
plans = {
    "front_buyers": st.integers(0, 1_000),
    "back_margin": st.integers(-50_000, 500_000),
    "build_cost": numbers(0, 1e7),
    "pilots": st.integers(0, 80),
    "delay_factor": shares,
    "learning_cost": numbers(0, 5e5),
    "alignment_gain": numbers(0, 0.5),
}
scenarios = st.builds(WhichFirst, **beliefs, **plans)


def test_beginner() -> None:
    assert BEGINNER.mean_rate == pytest.approx(0.03)
    assert BEGINNER.break_even_rate == pytest.approx(0.0417, abs=5e-5)
    assert BEGINNER.commit_value == pytest.approx(-624_000)
    assert BEGINNER.back_first_value == 0
    assert BEGINNER.loss_probability == pytest.approx(0.725, abs=5e-4)
    assert BEGINNER.evsi == pytest.approx(577_900, abs=0.5)
    assert BEGINNER.evpi == pytest.approx(717_045, abs=0.5)
    assert BEGINNER.front_first_value == pytest.approx(449_005, abs=0.5)
    assert BEGINNER.best == "front first"
    assert "Front first" in BEGINNER.verdict
    assert "¥449,005" in BEGINNER.verdict


def test_expert() -> None:
    assert EXPERT.commit_value == pytest.approx(4.92e6)
    assert EXPERT.loss_probability == pytest.approx(1.6e-6, abs=5e-8)
    assert EXPERT.evsi == pytest.approx(0, abs=1)
    assert EXPERT.front_first_value == pytest.approx(3.89e6)
    assert EXPERT.best == "back first"
    assert "Back first" in EXPERT.verdict


@pytest.mark.parametrize(
    ("pilots", "thousands"), [(5, 267), (10, 373), (20, 436), (50, 578), (100, 638), (400, 695)]
)
def test_worth_of_pilots(pilots: int, thousands: int) -> None:
    assert WhichFirst(pilots=pilots).evsi == pytest.approx(thousands * 1e3, abs=500)


def test_first_five_pilots_buy_37_percent_and_half_the_pilots() -> None:
    five = WhichFirst(pilots=5)
    assert float(five.evsi) / float(five.evpi) == pytest.approx(0.37, abs=5e-3)
    assert WhichFirst(pilots=25).evsi == pytest.approx(489_223, abs=0.5)


def test_two_equally_vague_concepts() -> None:
    """Twenty-five pilots for each of two concepts: build the better one if it is good enough."""
    x = whole(26)
    chance = betabinom.pmf(x, 25, 0.6, 19.4)
    profit = 72e6 * (0.6 + x) / 45 - 3e6
    best = np.maximum(0, np.maximum(profit[:, np.newaxis], profit))
    assert chance @ best @ chance == pytest.approx(922_502, abs=0.5)
    alone = WhichFirst(pilots=25, delay_factor=1, learning_cost=0).front_first_value
    assert alone == pytest.approx(float(chance @ np.maximum(0, profit)))


# By mean and strength of the belief, worked out by hand: who wins, and what back first and front
# first are worth in units of ¥10,000 (None: not worked out).
REGIMES: dict[tuple[float, int], tuple[str, int | None, int | None]] = {
    (0.01, 5): ("front first", 0, 26),
    (0.01, 20): ("front first", 0, 1),
    (0.01, 100): ("neither", None, None),
    (0.01, 1000): ("neither", None, None),
    (0.03, 5): ("front first", 0, 108),
    (0.03, 20): ("front first", 0, 45),
    (0.03, 100): ("neither", None, None),
    (0.03, 1000): ("neither", None, None),
    (0.05, 5): ("front first", 96, 199),
    (0.05, 20): ("front first", 96, 117),
    (0.05, 100): ("back first", 96, 57),
    (0.05, 1000): ("back first", 96, 47),
    (0.08, 5): ("front first", 334, 353),
    (0.08, 20): ("back first", 334, 273),
    (0.08, 100): ("back first", None, None),
    (0.08, 1000): ("back first", None, None),
    (0.10, 5): ("back first", 492, 464),
    (0.10, 20): ("back first", 492, 396),
    (0.10, 100): ("back first", None, None),
    (0.10, 1000): ("back first", None, None),
}


def test_regime_map() -> None:
    table = regime_map([0.01, 0.03, 0.05, 0.08, 0.10], [5, 20, 100, 1000])
    assert (table.index.name, table.columns.name) == ("mean", "strength")
    for (mean, strength), (winner, back, front) in REGIMES.items():
        assert table[float(strength)].loc[mean] == winner
        one = WhichFirst.from_belief(mean=mean, strength=strength)
        assert one.best == winner
        if back is not None:
            assert float(one.back_first_value) / 1e4 == pytest.approx(back, abs=0.5)
        if front is not None:
            assert float(one.front_first_value) / 1e4 == pytest.approx(front, abs=0.5)
    assert set(regime_map([0.1], [300], build_cost=1e8).to_numpy().ravel()) == {"neither"}


def exact_evsi(a: Fraction, b: Fraction, stake: int, cost: int, n: int) -> Fraction:
    """By exact enumeration: P(x) as a product of whole steps, then the best choice for each x."""

    def rise(start: Fraction, steps: int) -> Fraction:
        return math.prod((start + i for i in range(steps)), start=Fraction(1))

    total = Fraction(0)
    for x in range(n + 1):
        chance = math.comb(n, x) * rise(a, x) * rise(b, n - x) / rise(a + b, n)
        total += chance * max(Fraction(0), stake * (a + x) / (a + b + n) - cost)
    return total - max(Fraction(0), stake * a / (a + b) - cost)


@pytest.mark.parametrize("n", [0, 1, 2, 7, 30, 100])
@pytest.mark.parametrize(
    ("a", "b", "buyers", "margin", "cost"),
    [
        (Fraction(3, 5), Fraction(97, 5), 300, 240_000, 3_000_000),
        (Fraction(30), Fraction(270), 300, 240_000, 7_000_000),
        (Fraction(1), Fraction(1), 10, 100, 500),  # exactly on the edge
        (Fraction(2), Fraction(3), 7, 1_000, 0),
        (Fraction(1, 2), Fraction(9, 2), 40, 50_000, 5_000_000),  # not even everyone is enough
    ],
)
def test_evsi_by_exact_enumeration(
    n: int, a: Fraction, b: Fraction, buyers: int, margin: int, cost: int
) -> None:
    model = WhichFirst(
        prior_a=float(a),
        prior_b=float(b),
        front_buyers=buyers,
        back_margin=margin,
        build_cost=cost,
        pilots=n,
    )
    exact = float(exact_evsi(a, b, buyers * margin, cost, n))
    assert model.evsi == pytest.approx(exact, rel=1e-9, abs=1e-9)
    now = max(0.0, float(buyers * margin * a / (a + b) - cost))
    assert model.front_first_value == pytest.approx(0.95 * (now + exact) - 100_000, rel=1e-9)


def test_simulation() -> None:
    """Two hundred thousand worlds: draw a rate, ask the pilots, decide, count the money."""
    rng = np.random.default_rng(8)
    rate = rng.beta(0.6, 19.4, 200_000)
    profit = 72e6 * rate - 3e6
    takers = rng.binomial(50, rate)
    build = 72e6 * (0.6 + takers) / 70 > 3e6

    def agrees(values: Any, answer: Any) -> bool:
        return bool(abs(values.mean() - answer) < 4 * values.std() / math.sqrt(values.size))

    assert agrees(np.where(build, profit, 0), BEGINNER.evsi)
    assert agrees(np.maximum(profit, 0), BEGINNER.evpi)
    assert agrees(72e6 * 1.1 * rate < 3e6, BEGINNER.loss_probability)
    assert agrees(72e6 * 1.1 * rate - 3e6, BEGINNER.commit_value)


@given(scenarios)
def test_sample_information_between_nothing_and_certainty(model: WhichFirst) -> None:
    evsi, evpi = float(model.evsi), float(model.evpi)
    assert 0 <= evsi <= evpi * (1 + 1e-9) + 1e-12 * (1 + float(model.build_cost))
    now = max(0.0, float(model._stake * model.mean_rate - model.build_cost))
    expected = model.delay_factor * (now + evsi) - model.learning_cost
    assert model.front_first_value == pytest.approx(expected, rel=1e-12)


@given(**beliefs, cost=numbers(0, 1e7))
def test_more_pilots_never_tell_less(prior_a: float, prior_b: float, cost: float) -> None:
    n = whole(0, 60)
    evsi = np.asarray(WhichFirst(prior_a=prior_a, prior_b=prior_b, build_cost=cost, pilots=n).evsi)
    assert evsi[0] == 0
    assert (np.diff(evsi) >= -1e-9 * (1 + evsi[1:])).all()


def test_very_many_pilots_are_as_good_as_certainty() -> None:
    many = WhichFirst(pilots=200_000)
    assert float(many.evpi) - float(many.evsi) == pytest.approx(0, abs=100)
    assert float(many.evsi) < float(many.evpi)


@given(scenarios, numbers(0.01, 100))
def test_yen_scale_together(model: WhichFirst, scale: float) -> None:
    names = ("back_margin", "build_cost", "learning_cost")
    money = {name: getattr(model, name) * scale for name in names}
    rates = ("prior_a", "prior_b", "front_buyers", "pilots", "delay_factor", "alignment_gain")
    scaled = WhichFirst(**money, **{name: getattr(model, name) for name in rates})
    size = 1e-9 * scale * (abs(float(model._stake)) + float(model.build_cost) + 1)
    for name in ("commit_value", "back_first_value", "front_first_value", "evpi", "evsi"):
        assert getattr(scaled, name) == pytest.approx(getattr(model, name) * scale, abs=size)


@given(scenarios)
def test_front_first_wins_where_learning_beats_delay(model: WhichFirst) -> None:
    """Delay factor × EVSI − cost of asking, against what the delay and the lost alignment cost."""
    income = float(model._stake * model.mean_rate)
    cost, gain = float(model.build_cost), float(model.alignment_gain)
    learned = float(model.delay_factor) * float(model.evsi) - float(model.learning_cost)
    if income > cost:
        threshold = (1 - float(model.delay_factor)) * (income - cost) + gain * income
    elif (1 + gain) * income > cost:
        threshold = (1 + gain) * income - cost
    else:
        threshold = 0.0
    assume(abs(learned - threshold) > 1e-6 * (1 + abs(income) + cost))
    assert (model.best == "front first") == (learned > threshold)


def test_not_even_everyone_is_enough() -> None:
    hopeless = WhichFirst(build_cost=1e8)
    assert float(hopeless.break_even_rate) > 1
    assert "even if every front buyer" in hopeless.verdict
    assert "¥72,000,000" in hopeless.verdict


def test_a_tie_is_no_reason_to_wait() -> None:
    free = {"pilots": 0, "delay_factor": 1, "learning_cost": 0, "alignment_gain": 0}
    tie = WhichFirst(prior_a=30, prior_b=270, **free)
    assert tie.front_first_value == tie.back_first_value
    assert tie.best == "back first"
    assert WhichFirst(**free).best == "neither"


def test_from_belief() -> None:
    model = WhichFirst.from_belief(mean=0.03, strength=20, pilots=10)
    assert (model.prior_a, model.prior_b) == pytest.approx((0.6, 19.4))
    assert model.pilots == 10
    for mean, strength, name in ((0, 20, "mean"), (1, 20, "mean"), (0.1, 0, "strength")):
        with pytest.raises(ValueError, match=rf"^{name} = "):
            WhichFirst.from_belief(mean=mean, strength=strength)


EDGES: list[tuple[dict[str, float], str, float]] = [
    ({"front_buyers": 0}, "break_even_rate", math.inf),
    ({"front_buyers": 0, "build_cost": 0}, "break_even_rate", math.nan),
    ({"back_margin": -1}, "break_even_rate", math.inf),
    ({"front_buyers": 1}, "break_even_rate", 12.5),
    ({"build_cost": 0}, "break_even_rate", 0),
    ({"front_buyers": 0}, "loss_probability", 1),
    ({"front_buyers": 0, "build_cost": 0}, "loss_probability", 0),
    ({"back_margin": -1, "build_cost": 0}, "loss_probability", 1),
    ({"front_buyers": 1}, "loss_probability", 1),
    ({"build_cost": 0}, "loss_probability", 0),
    ({"front_buyers": 0}, "evpi", 0),
    ({"front_buyers": 1}, "evpi", 0),
    ({"back_margin": -1}, "evpi", 0),
    ({"back_margin": -1, "build_cost": 0}, "evpi", 0),
    ({"build_cost": 0}, "evpi", 0),
    ({"pilots": 0}, "evsi", 0),
    ({"front_buyers": 0}, "evsi", 0),
]


@pytest.mark.parametrize(("fields", "answer", "expected"), EDGES)
def test_edges(fields: dict[str, float], answer: str, expected: float) -> None:
    value = getattr(WhichFirst(**fields), answer)
    assert value == pytest.approx(expected, nan_ok=True)
    sweep = WhichFirst(**{name: np.array([value]) for name, value in fields.items()})
    assert getattr(sweep, answer)[0] == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("field", ["prior_a", "prior_b", "build_cost", "learning_cost", "pilots"])
@pytest.mark.parametrize("value", [-1, math.nan, math.inf, "5", None, True])
def test_impossible_fields(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=rf"^{field} = "):
        WhichFirst(**{field: value})  # type: ignore[arg-type]


def test_pilots_are_whole_people() -> None:
    with pytest.raises(ValueError, match=r"pilots = 2.5.*whole"):
        WhichFirst(pilots=2.5)


# The table of a review: of 50 asked, so many pay; the belief is Beta(0.6, 19.4).
ANSWERS = [
    ("0 to 2 of 50 pay, you leave it", 0.785, 0),
    ("3 of 50 pay, you build it", 0.074, 702_857),
    ("4 of 50 pay, you build it", 0.048, 1_731_429),
    ("5 of 50 pay, you build it", 0.031, 2_760_000),
    ("6 or more of 50 pay, you build it", 0.062, 5_765_228),
]


def test_what_the_answers_can_be() -> None:
    table = BEGINNER.outcomes()
    assert [words for words, _chance, _worth in table.rows] == [row[0] for row in ANSWERS]
    for (_words, chance, worth), (_same, expected, yen) in zip(table.rows, ANSWERS, strict=True):
        assert chance == pytest.approx(expected, abs=5e-4)
        assert worth == pytest.approx(yen, abs=0.5)
    assert table.expected == pytest.approx(577_900, abs=0.5)
    assert sum(chance for _words, chance, _worth in table.rows) == pytest.approx(1, abs=1e-12)
    alone = [words for words, _chance, _worth in BEGINNER.outcomes(apart=1).rows]
    assert alone == [ANSWERS[0][0], ANSWERS[1][0], "4 or more of 50 pay, you build it"]


def test_answers_that_never_or_always_say_build() -> None:
    assert repr(WhichFirst(build_cost=1e8).outcomes()).startswith("0 to 50 of 50 pay, you leave it")
    assert len(WhichFirst(build_cost=1e8).outcomes().rows) == 1
    always = WhichFirst(pilots=2, build_cost=0).outcomes()
    assert [words for words, _chance, _worth in always.rows] == [
        "0 of 2 pay, you build it",
        "1 of 2 pay, you build it",
        "2 of 2 pay, you build it",
    ]
    assert len(WhichFirst(pilots=0).outcomes().rows) == 1
    for bad in (-1, 1.5, None, "3"):
        with pytest.raises(ValueError, match=r"^apart = "):
            BEGINNER.outcomes(bad)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="pilots is an array"):
        WhichFirst(pilots=np.array([1, 2])).outcomes()


asking = st.builds(
    WhichFirst,
    **beliefs,
    **plans
    | {
        "front_buyers": st.integers(80, 1_000),
        "learning_gain": numbers(0, 0.5),
        "cost_per_pilot": numbers(0, 1e4),
        "asked_among_buyers": shares,
        "payers_kept": shares,
    },
)


@given(asking, st.integers(0, 6))
def test_the_outcomes_sum_to_what_asking_first_is_worth(model: WhichFirst, apart: int) -> None:
    expected = model.outcomes(apart).expected
    asked = float(model.learning_cost + model.pilots * model.cost_per_pilot)
    size = 1 + abs(float(model._learnt_stake)) + float(model.build_cost)
    first = float(model.delay_factor) * expected - asked
    assert model.front_first_value == pytest.approx(first, rel=1e-9, abs=1e-10 * size)


@given(asking)
def test_the_payers_needed_are_the_fewest_after_which_building_pays(model: WhichFirst) -> None:
    people = float(model.prior_a + model.prior_b + model.pilots)
    among = float(model.asked_among_buyers)
    others = float(model.front_buyers) - among * float(model.pilots)
    margin = (1 + float(model.learning_gain)) * float(model.back_margin)
    size = margin * float(model.front_buyers) + float(model.build_cost)

    def profit(payers: float) -> float:
        takers = others * (float(model.prior_a) + payers) / people
        sold = takers + among * float(model.payers_kept) * payers
        return margin * sold - float(model.build_cost)

    needed = float(model.payers_needed)
    if math.isinf(needed):
        assert profit(float(model.pilots)) <= 1e-9 * size
    else:
        assert needed in range(int(model.pilots) + 1)
        assert profit(needed) > -1e-9 * size
        assert needed == 0 or profit(needed - 1) <= 1e-9 * size
    # It draws the line where the table of outcomes does.
    built = [words for words, _chance, _worth in model.outcomes().rows if "build" in words]
    assert bool(built) == math.isfinite(needed)
    assert not built or int(built[0].split()[0]) == needed


@pytest.mark.parametrize(
    ("fields", "needed"),
    [
        ({}, 3),
        ({"build_cost": 0}, 0),
        ({"build_cost": 1e8}, math.inf),
        ({"pilots": 0}, math.inf),
        ({"pilots": 0, "prior_a": 30, "prior_b": 270}, 0),
        # 10 of 85 people are exactly 2 of 17: at that many building is worth no more than leaving.
        ({"prior_a": 2, "prior_b": 23, "pilots": 60, "front_buyers": 170, "back_margin": 1_000,
          "build_cost": 20_000}, 9),
        ({"back_margin": -1}, math.inf),
        ({"front_buyers": 0, "build_cost": 0}, math.inf),
    ],
)  # fmt: skip
def test_payers_needed_by_hand(fields: dict[str, float], needed: float) -> None:
    assert WhichFirst(**fields).payers_needed == needed
    sweep = WhichFirst(**{name: np.array([value]) for name, value in fields.items()})
    assert np.all(sweep.payers_needed == needed)


def test_who_is_asked_decides_what_asking_is_worth() -> None:
    """The 50 are others than the 300; or among them, and payers stay; or among them, used up."""
    assert BEGINNER.evsi == pytest.approx(577_900, abs=0.5)
    among = WhichFirst(asked_among_buyers=1)
    assert among.evsi == pytest.approx(628_477, abs=0.5)
    assert WhichFirst(asked_among_buyers=1, payers_kept=0).evsi == pytest.approx(373_991, abs=0.5)
    # Nobody is left to sell it to.
    everybody = WhichFirst(asked_among_buyers=1, pilots=300, payers_kept=0)
    assert everybody.evsi == 0
    assert everybody.front_first_value == pytest.approx(-100_000)
    # Who would build anyway only loses the people asked.
    used_up = WhichFirst(prior_a=30, prior_b=270, asked_among_buyers=1, payers_kept=0)
    assert used_up.evsi == pytest.approx(-50 * 0.10 * 240_000, abs=1)


@pytest.mark.parametrize("fields", [{"pilots": 400}, {"front_buyers": 49}])
def test_no_more_of_the_front_buyers_are_asked_than_there_are(fields: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"pilots × asked_among_buyers = .* at most front_buyers"):
        WhichFirst(asked_among_buyers=1, **fields)
    WhichFirst(asked_among_buyers=0, **fields)
    # A last digit of rounding is no person.
    WhichFirst(asked_among_buyers=0.1, pilots=3_000)


def test_simulation_of_asking_among_the_front_buyers() -> None:
    """Draw a rate, ask some of the 300, decide, sell to the rest: with all the switches on."""
    model = WhichFirst(
        asked_among_buyers=1, payers_kept=0.8, learning_gain=0.2, cost_per_pilot=1_000, pilots=40
    )
    rng = np.random.default_rng(12)
    rate = rng.beta(0.6, 19.4, 400_000)
    payers = rng.binomial(40, rate)
    expected = 1.2 * 240_000 * (260 * (0.6 + payers) / 60 + 0.8 * payers) - 3e6
    later = rng.binomial(260, rate)
    profit = 1.2 * 240_000 * (later + 0.8 * payers) - 3e6
    value = 0.95 * np.where(expected > 0, profit, 0) - 100_000 - 40_000
    slack = 4 * value.std() / math.sqrt(value.size)
    assert abs(value.mean() - float(model.front_first_value)) < slack
    built = expected > 0
    # A risk of the rate, so that the luck of the last 260 is averaged out.
    loses = (1.2 * 240_000 * (260 * rate + 0.8 * payers) < 3e6)[built].mean()
    assert loses == pytest.approx(float(model.loss_probability_after_asking), abs=0.005)


def test_after_good_answers_one_building_in_five_still_loses() -> None:
    assert BEGINNER.loss_probability_after_asking == pytest.approx(0.208, abs=5e-4)
    assert "Even after good answers you lose in 20.81% of the cases." in BEGINNER.verdict
    assert "good answers" not in EXPERT.verdict
    assert math.isnan(float(WhichFirst(build_cost=1e8).loss_probability_after_asking))
    assert WhichFirst(build_cost=0).loss_probability_after_asking == 0


@given(asking)
def test_the_risk_after_asking_is_a_share_of_the_buildings(model: WhichFirst) -> None:
    """By adding up every answer: P(it is built and the rate is too low) ÷ P(it is built)."""
    x = whole(int(model.pilots) + 1)
    again, kept, each, cost = (float(value) for value in model._after_asking)
    a, b, n = float(model.prior_a), float(model.prior_b), float(model.pilots)
    profit = each * (again * (a + x) / (a + b + n) + kept * x) - cost
    assume(np.abs(profit).min() > 1e-6 * (1 + cost))
    built = betabinom.pmf(x, int(n), a, b)[profit > 0]
    risk = float(model.loss_probability_after_asking)
    if not built.size or not built.sum() > 1e-200:
        return
    x = x[profit > 0]
    needed = np.clip((cost - each * kept * x) / (each * again), 0, 1)
    expected = float(built @ beta.cdf(needed, a + x, b + n - x) / built.sum())
    assert risk == pytest.approx(expected, rel=1e-6, abs=1e-9)


LESSON = (
    [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.10, 0.12],
    [5, 10, 20, 50, 100, 200, 500, 1000],
)


@pytest.mark.parametrize(
    ("alignment_gain", "learning_gain", "won"),
    [(0.10, 0, (38, 20, 14)), (0, 0, (28, 28, 16))],
)
def test_the_map_with_and_without_the_gain_from_fit(
    alignment_gain: float, learning_gain: float, won: tuple[int, int, int]
) -> None:
    cells = regime_map(
        *LESSON, alignment_gain=alignment_gain, learning_gain=learning_gain
    ).to_numpy()
    found = [int((cells == word).sum()) for word in ("back first", "front first", "neither")]
    assert tuple(found) == won


def test_a_gain_for_either_order_is_a_gain_for_that_order() -> None:
    """Ken's million: the fit assumed, the delay, the asking. And the same gain for who asks."""
    ken = WhichFirst(prior_a=30, prior_b=270)
    ahead = float(ken.commit_value - ken.front_first_value)
    assert ahead == pytest.approx(1_030_000, abs=1)
    no_fit = replace(ken, alignment_gain=0)
    assert no_fit.commit_value - no_fit.front_first_value == pytest.approx(310_000, abs=1)
    both = replace(ken, learning_gain=0.10)
    assert both.commit_value == ken.commit_value
    gained = float(both.front_first_value - ken.front_first_value)
    assert gained == pytest.approx(0.95 * 0.10 * 300 * 0.10 * 240_000, abs=1)
    cells = {
        gain: regime_map(*LESSON, alignment_gain=0, learning_gain=gain).to_numpy()
        for gain in (0, 0.05, 0.10)
    }
    front = [int((map_ == "front first").sum()) for map_ in cells.values()]
    assert front == sorted(front)
    assert front[0] < front[-1]


def test_what_is_learnt_raises_the_worth_of_knowing_too() -> None:
    learnt, larger = WhichFirst(learning_gain=0.25), WhichFirst(back_margin=300_000)
    assert learnt.evsi == pytest.approx(float(larger.evsi))
    assert learnt.evpi == pytest.approx(float(larger.evpi))
    assert learnt.break_even_rate == BEGINNER.break_even_rate


def test_asking_has_a_price_per_person() -> None:
    dear = WhichFirst(cost_per_pilot=2_000)
    assert dear.front_first_value == pytest.approx(float(BEGINNER.front_first_value) - 100_000)
    assert dear.evsi == BEGINNER.evsi


def test_arrays_equal_scalars() -> None:
    a, n = np.array([0.05, 0.6, 30, 400]), np.array([[0], [7], [50], [333]])
    sweep = WhichFirst(prior_a=a, pilots=n)
    names = ["mean_rate", "break_even_rate", "commit_value", "back_first_value"]
    names += ["front_first_value", "loss_probability", "evpi", "evsi", "best"]
    for row, column in product(range(4), range(4)):
        one = WhichFirst(prior_a=float(a[column]), pilots=float(n[row, 0]))
        for name in names:
            alone = getattr(one, name)
            assert type(alone) is (str if name == "best" else float)
            assert np.broadcast_to(getattr(sweep, name), (4, 4))[row, column] == alone


def test_a_sweep_too_large_for_one_block_is_summed_alike() -> None:
    many = WhichFirst(prior_a=np.linspace(0.1, 3, 60_000), pilots=40)
    evsi = np.asarray(many.evsi)
    for index in (0, 31_234, 59_999):
        alone = WhichFirst(prior_a=float(np.asarray(many.prior_a)[index]), pilots=40)
        assert evsi[index] == alone.evsi


CORNERS = {
    "prior_a": (1e-6, 0.1, 50),
    "prior_b": (1e-6, 500),
    "front_buyers": (0, 2_000),
    "back_margin": (-1_000, 0, 500_000),
    "build_cost": (0, 1e7),
    "pilots": (0, 40),
    "delay_factor": (0, 1),
}


def test_corners_speak_plainly() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for values in product(*CORNERS.values()):
            model = WhichFirst(**dict(zip(CORNERS, values, strict=True)))
            assert not re.search(r"\b(nan|inf)\b", model.verdict), model
            assert 0 <= float(model.evsi) <= float(model.evpi) * (1 + 1e-9) + 1e-6, model
            assert 0 <= float(model.loss_probability) <= 1
    with pytest.raises(ValueError, match="pilots is an array"):
        _ = WhichFirst(pilots=np.array([1, 2])).verdict


def test_regime_map_refusals() -> None:
    with pytest.raises(ValueError, match="pilots is an array"):
        regime_map([0.1], [5], pilots=np.array([1]))
    with pytest.raises(ValueError, match=r"^means = "):
        regime_map("0.1", [5])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^mean = 2"):
        regime_map([0.1, 2], [5])
    assert isinstance(regime_map(iter([0.1]), np.array([5, 6])), pd.DataFrame)


# The textbook oil well: drill (+700, −100) or sell the land for 90; oil with probability 1/4.
# A seismic survey is favourable with .6 given oil, .2 given none (Hillier & Lieberman, Goferbroke).
OIL = Decision([[700, -100], [90, 90]], [0.25, 0.75])
SURVEY = [[0.6, 0.4], [0.2, 0.8]]


def test_oil_drilling() -> None:
    assert OIL.value == pytest.approx(100)
    assert OIL.perfect_information == pytest.approx(142.5)
    # P(favourable) = .3, then oil has .5: drill for 300; else oil has 1/7: sell for 90.
    assert OIL.sample_information(SURVEY) == pytest.approx(53)
    signals, states = OIL.posterior(SURVEY)
    assert signals == pytest.approx([0.3, 0.7])
    assert states == pytest.approx(np.array([[1 / 2, 1 / 2], [1 / 7, 6 / 7]]))


def test_information_that_cannot_change_a_mind_or_never_comes() -> None:
    assert OIL.sample_information([[0.5, 0.5], [0.5, 0.5]]) == pytest.approx(0)
    assert OIL.sample_information([[1, 0], [0, 1]]) == pytest.approx(142.5)
    signals, states = OIL.posterior([[1, 0], [1, 0]])
    assert signals[1] == 0
    assert np.isnan(states[1]).all()


rows = st.lists(numbers(-1e6, 1e6), min_size=3, max_size=3)
weights = st.lists(numbers(0.01, 1), min_size=3, max_size=3)


@given(st.lists(rows, min_size=1, max_size=4), weights, st.lists(weights, min_size=3, max_size=3))
def test_decision_bounds(
    payoff: list[list[float]], prior: list[float], likelihood: list[list[float]]
) -> None:
    chances = np.array(prior) / sum(prior)
    table = np.array(likelihood) / np.array(likelihood).sum(axis=1, keepdims=True)
    choice = Decision(payoff, chances)
    by_hand = float(chances @ np.array(payoff).max(axis=0)) - choice.value
    assert choice.perfect_information == pytest.approx(by_hand, abs=1e-6)
    assert 0 <= choice.sample_information(table) <= choice.perfect_information + 1e-6
    signals, states = choice.posterior(table)
    assert states.sum(axis=1) == pytest.approx(1)
    assert signals @ states == pytest.approx(chances)


@pytest.mark.parametrize(
    ("payoff", "prior", "words"),
    [
        ([[1, 2]], [0.5, 0.4], "prior: probabilities must sum to 1"),
        ([[1, 2]], [1.0], "2 states.*prior has 1"),
        ([[1, 2]], [1.5, -0.5], "prior = "),
        ([[1, 2], [3]], [0.5, 0.5], "payoff = "),
        ([1, 2], [0.5, 0.5], "payoff = "),
        ([[1, math.nan]], [0.5, 0.5], "payoff = nan"),
        ([["a", "b"]], [0.5, 0.5], "payoff = "),
        ([[True, False]], [0.5, 0.5], "payoff = "),
        ([], [], "payoff = "),
    ],
)
def test_impossible_decisions(payoff: Any, prior: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Decision(payoff, prior)


@pytest.mark.parametrize(
    ("likelihood", "words"),
    [
        ([[0.6, 0.3], [0.2, 0.8]], "likelihood: probabilities must sum to 1"),
        ([[0.6, 0.4]], "likelihood has 1 rows"),
        ([0.6, 0.4], "likelihood = "),
    ],
)
def test_impossible_likelihoods(likelihood: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        OIL.sample_information(likelihood)
    with pytest.raises(ValueError, match=words):
        OIL.posterior(likelihood)
