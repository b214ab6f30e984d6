"""Front end first or back end first? A decision under uncertainty."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray

from twostep._text import _, sentences
from twostep.models.base import (
    SMALLEST,
    TOO_LARGE,
    Model,
    no_more_than,
    plain,
    ratio,
    settle,
    sum_counts,
    where,
)
from twostep.models.fields import BACK, BACK_MARGIN, FRONT_BUYERS
from twostep.shown import Outcomes, one_number, outcomes
from twostep.units import (
    NUMBER,
    PEOPLE,
    RATE,
    YEN,
    Answer,
    Assumption,
    Number,
    People,
    Range,
    Rate,
    Value,
    Yen,
    as_floats,
    counted,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Decision", "WhichFirst", "regime_map"]

BELIEF = _("What you believe")
FIRST = _("Front offer first")

BUYERS = counted(_("{number} buyers"), _("{number} buyer"))

MOST_PILOTS = 1_000_000
# Rounding in the difference of two nearly equal expectations, relative to them.
ROUNDING = 1e-9
TABLE_TOLERANCE = 1e-9


@dataclass(frozen=True, kw_only=True)
class WhichFirst(Model):
    """Build the back offer now, or sell the front offer first and ask its buyers?

    The back offer's take rate (of front buyers, the share who take it) is unknown; what you believe
    about it is Beta(prior_a, prior_b). Front first asks `pilots` front buyers for a paid pre-order
    and builds only if their answers are good enough. Those asked are others than `front_buyers`; of
    those who are among them (`asked_among_buyers`), nobody is asked again, and of the payers
    `payers_kept` are takers already. Fields take a number or a NumPy array. Raises ValueError where
    more of the front buyers are asked than there are.

    Source: the textbook value of sample information with a Beta prior; the numbers are assumptions
    of our own.
    """

    lesson = "12_front_first_or_back_first"
    menu = _("Front first or back first?")

    prior_a: Annotated[
        Number,
        Assumption(
            _("Belief: imagined takers"),
            _("Your belief is as good as having asked people, of whom so many took the offer."),
            BELIEF,
            slider=(0.1, 50, 0.1),
            low=SMALLEST,
        ),
    ] = 0.6
    prior_b: Annotated[
        Number,
        Assumption(
            _("Belief: imagined refusers"),
            _("Your belief is as good as having asked people, of whom so many did not take it."),
            BELIEF,
            slider=(0.1, 500, 0.1),
            low=SMALLEST,
        ),
    ] = 19.4
    front_buyers: Annotated[
        People,
        replace(
            FRONT_BUYERS,
            about=_(
                "People who will buy the front offer, so that the back offer can be sold to them. "
                "Those you ask first are others, unless you say so below."
            ),
            group=BACK,
        ),
    ] = 300
    back_margin: Annotated[Yen, BACK_MARGIN] = 240_000
    build_cost: Annotated[
        Yen,
        Assumption(
            _("Cost of building it"),
            _("What the back offer costs before the first sale. Only its sales bring it back."),
            BACK,
            slider=(0, 10_000_000, 100_000),
            low=0,
        ),
    ] = 3_000_000
    pilots: Annotated[
        People,
        Assumption(
            _("Pre-orders asked for"),
            _("People who know the front offer, asked to pay for the back offer before it exists."),
            FIRST,
            slider=(0, 400, 5),
            high=MOST_PILOTS,
            whole=True,
        ),
    ] = 50
    delay_factor: Annotated[
        Rate,
        Assumption(
            _("Left after the delay"),
            _("Of the back offer's profit, the share that is left when it starts later."),
            FIRST,
            slider=(0, 1, 0.01),
        ),
    ] = 0.95
    learning_cost: Annotated[
        Yen,
        Assumption(
            _("Cost of asking"),
            _("What asking costs you, however many you ask, beyond what the front offer earns."),
            FIRST,
            slider=(0, 1_000_000, 10_000),
            low=0,
        ),
    ] = 100_000
    alignment_gain: Annotated[
        Rate,
        Assumption(
            _("Gain from designing backwards"),
            _("Extra takers, as a share of the takers, when the front is designed for the back."),
            BACK,
            slider=(0, 0.5, 0.01),
        ),
    ] = 0.10
    learning_gain: Annotated[
        Rate,
        Assumption(
            _("Gain from what is learnt"),
            _("Extra takers, as a share of the takers, when it is built after asking."),
            FIRST,
            slider=(0, 0.5, 0.01),
            switch=True,
        ),
    ] = 0
    cost_per_pilot: Annotated[
        Yen,
        Assumption(
            _("Cost of asking one person"),
            _("What each person you ask costs you, beside the cost of asking above."),
            FIRST,
            slider=(0, 10_000, 100),
            low=0,
            switch=True,
        ),
    ] = 0
    asked_among_buyers: Annotated[
        Rate,
        Assumption(
            _("Asked who are among the front buyers"),
            _("Of the people asked, the share who are counted among the front buyers above."),
            FIRST,
            slider=(0, 1, 0.05),
            switch=True,
        ),
    ] = 0
    payers_kept: Annotated[
        Rate,
        Assumption(
            _("Payers kept as takers"),
            _("Of the payers among the front buyers, the share whose pre-order stays a sale."),
            FIRST,
            slider=(0, 1, 0.05),
            switch=True,
        ),
    ] = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        among = self.pilots * self.asked_among_buyers * (1 - ROUNDING)
        no_more_than("pilots × asked_among_buyers", among, "front_buyers", self.front_buyers)

    @classmethod
    def presets(cls) -> dict[str, Self]:
        """Three people who believe different things about their back offer."""
        return {
            _("A beginner with a vague idea (our assumption)"): cls(),
            _("An expert who knows the clients (our assumption)"): cls(prior_a=30, prior_b=270),
            _("A sure idea that few want (our assumption)"): cls(prior_a=3, prior_b=97),
        }

    @classmethod
    def from_belief(cls, *, mean: Value, strength: Value, **fields: Any) -> Self:
        """A scenario from the expected take rate and its strength: how many people you asked.

        The belief is Beta(mean × strength, (1 − mean) × strength); `fields` are the other fields.
        Raises ValueError for a mean of 0 or 1 (certainty is no belief) or a strength of 0.
        """
        rate = Range.of(RATE, low=SMALLEST, high=1 - SMALLEST).check("mean", mean)
        people = Range.of(NUMBER, low=SMALLEST).check("strength", strength)
        return cls(prior_a=rate * people, prior_b=(1 - rate) * people, **fields)

    @property
    def mean_rate(self) -> Annotated[Rate, Answer(_("Take rate you expect"))]:
        """Of all front buyers, the share you expect to take the back offer: the belief's mean."""
        return self.prior_a / (self.prior_a + self.prior_b)

    @property
    def break_even_rate(
        self,
    ) -> Annotated[Rate, Answer(_("Take rate that pays for building"), _("no take rate does"))]:
        """Cost of building ÷ (front buyers × back margin), without any gain in takers.

        Above 1: not even everyone is enough. `inf` (or `nan`, where building is free) where there
        are no front buyers or a back sale earns nothing.
        """
        useful = np.greater(self._stake, 0)
        never = where(np.greater(self.build_cost, 0), math.inf, math.nan)
        return where(useful, ratio(self.build_cost, self._stake), never)

    @property
    def commit_value(self) -> Annotated[Yen, Answer(_("Build now, whatever happens"))]:
        """Expected profit of building now: (1 + gain) × buyers × margin × mean rate − cost."""
        return self._aligned_stake * self.mean_rate - self.build_cost

    @property
    def back_first_value(self) -> Annotated[Yen, Answer(_("Back first (or not at all)"))]:
        """Expected profit of building now where that is worth it, and 0 otherwise."""
        return plain(np.maximum(0.0, self.commit_value))

    @property
    def front_first_value(self) -> Annotated[Yen, Answer(_("Front first, then decide"))]:
        """Expected profit of asking first and building only after good answers.

        delay factor × (best expected profit now + EVSI) − cost of asking; no alignment gain, but
        the gain from what is learnt.
        """
        asking = self.learning_cost + self.pilots * self.cost_per_pilot
        return self.delay_factor * (self._value_now + self.evsi) - asking

    @property
    def payers_needed(
        self,
    ) -> Annotated[
        People, Answer(_("Payers needed before you build"), _("even if all pay, it is not enough"))
    ]:
        """Of the people asked, the fewest who must pay so that building is worth more than 0.

        `inf` where even all of them are not enough.
        """
        plan = again, kept, each, cost = self._after_asking
        n, a, b = (np.asarray(value) for value in (self.pilots, self.prior_a, self.prior_b))
        each_payer = each * (again / (a + b + n) + kept)
        missing = ratio(cost - each * again * a / (a + b + n), each_payer)
        enough = np.greater(_profit(n, n, a, b, *plan), 0)
        fewest = np.ceil(np.maximum(0.0, where(enough, missing, 0.0)))
        # The last digit of a division is no person.
        fewest = fewest + np.where(_profit(fewest, n, a, b, *plan) > 0, 0, 1)
        one_less = (fewest > 0) & (_profit(fewest - 1, n, a, b, *plan) > 0)
        return where(enough, fewest - one_less, math.inf)

    @property
    def loss_probability(self) -> Annotated[Rate, Answer(_("Risk of loss when building now"))]:
        """P(profit < 0) if you build now, whatever happens."""
        from scipy.special import betainc

        stake = self._aligned_stake
        useful = np.greater(stake, 0)
        needed = np.minimum(1.0, ratio(self.build_cost, where(useful, stake, 1.0)))
        loses_anyway = np.less(stake, self.build_cost) | np.less(stake, 0)
        risk = plain(betainc(self.prior_a, self.prior_b, needed))
        return where(useful, risk, where(loses_anyway, 1.0, 0.0))

    @property
    def evpi(self) -> Annotated[Yen, Answer(_("EVPI (worth of knowing for certain)"))]:
        """Expected value of perfect information: what knowing the take rate now would add.

        To a plan with the gain from what is learnt: the loss it avoids where you would build, the
        profit it finds where you would not.
        """
        from scipy.special import betainc, betaincc

        a, b, cost = self.prior_a, self.prior_b, self.build_cost
        useful = np.greater(self._stake, 0)
        needed = np.minimum(1.0, ratio(cost, where(useful, self._learnt_stake, 1.0)))
        needed = where(useful, needed, 1.0)
        income = self._learnt_stake * self.mean_rate
        avoided = cost * betainc(a, b, needed) - income * betainc(a + 1, b, needed)
        found = income * betaincc(a + 1, b, needed) - cost * betaincc(a, b, needed)
        builds = np.greater_equal(income, cost)
        worth = where(builds, where(useful, plain(avoided), 0.0), plain(found))
        return settle(worth, 0.0, math.inf, ROUNDING * np.abs(income))

    @property
    def evsi(self) -> Annotated[Yen, Answer(_("EVSI (worth of asking)"))]:
        """Expected value of sample information: what the pilots' answers add on average.

        Where those asked are others: from 0 to EVPI, and never less for more pilots. Where they are
        among the front buyers, payers who are kept are known to buy, which can be worth more than
        the take rate; payers who are not kept are lost, which can make asking cost more than it
        tells.
        """
        return self._evsi

    @property
    def loss_probability_after_asking(
        self,
    ) -> Annotated[
        Rate, Answer(_("Risk of loss when building after asking"), _("it is never built"))
    ]:
        """P(the back offer does not earn what building it costs), given that the answers say build.

        `nan` where no answer does.
        """
        return self._risk_after_asking

    @property
    def best(self) -> "str | NDArray[np.str_]":
        """ "back first", "front first" or "neither": a str, or an array of str for a sweep."""
        front, back = self.front_first_value, self.back_first_value
        words = np.where(np.greater(back, 0), "back first", "neither")
        words = np.where(np.greater(front, back), "front first", words)
        return words if words.ndim else str(words)

    @property
    def _stake(self) -> Value:
        """Profit of the back offer if every front buyer took it."""
        return self.front_buyers * self.back_margin

    @property
    def _aligned_stake(self) -> Value:
        return (1 + self.alignment_gain) * self._stake

    @property
    def _learnt_stake(self) -> Value:
        """The same when the back offer is built for people who were asked."""
        return (1 + self.learning_gain) * self._stake

    @property
    def _value_now(self) -> Value:
        return plain(np.maximum(0.0, self._learnt_stake * self.mean_rate - self.build_cost))

    @property
    def _after_asking(self) -> tuple[Value, Value, Value, Value]:
        """The plan once all are asked: see `_profit`."""
        again = self.front_buyers - self.asked_among_buyers * self.pilots
        each = (1 + self.learning_gain) * self.back_margin
        kept = self.asked_among_buyers * self.payers_kept
        return plain(np.maximum(0.0, again)), kept, each, self.build_cost

    def _sum_answers(self, worth: Callable[..., Any], *more: Value) -> Value:
        """Σ P(answer) × worth(answer) over every answer the pilots can give."""
        belief = (self.prior_a, self.prior_b)
        plan = (*self._after_asking, *more)
        return sum_counts(_log_chance, _rise, worth, self.pilots, *belief, *plan)

    @cached_property
    def _evsi(self) -> Value:
        """The profit that a changed mind brings, less what asking takes from the plan.

        As every term of the sum is 0 or more, no difference of two large numbers is taken. Asking
        takes the payers among the front buyers who are not kept.
        """

        def gain(*answer: Any) -> Any:
            *answer_and_plan, sign = answer
            return np.maximum(0.0, sign * _profit(*answer_and_plan))

        lost = self.asked_among_buyers * (1 - self.payers_kept) * self.pilots * self.mean_rate
        now = self._learnt_stake * self.mean_rate - self.build_cost
        asked = now - lost * (1 + self.learning_gain) * self.back_margin
        changed = self._sum_answers(gain, where(np.greater_equal(asked, 0), -1.0, 1.0))
        return changed - (plain(np.maximum(0.0, now)) - plain(np.maximum(0.0, asked)))

    @cached_property
    def _risk_after_asking(self) -> Value:
        from scipy.special import betainc

        def builds(*answer: Any) -> Any:
            return np.where(_profit(*answer) > 0, 1.0, 0.0)

        def loses(*answer: Any) -> Any:
            x, n, a, b, again, kept, each, cost = answer
            missing = cost - each * kept * x
            needed = np.clip(missing / (each * again), 0.0, 1.0)
            risk = np.where(again > 0, betainc(a + x, b + n - x, needed), missing > 0)
            return np.where(_profit(*answer) > 0, risk, 0.0)

        return ratio(self._sum_answers(loses), self._sum_answers(builds))

    def outcomes(self, apart: int = 3) -> Outcomes:
        """What the pilots' answers can be: chance × worth, summed to what asking is worth.

        One row for the answers after which you leave it, one for each of the next `apart` numbers
        of payers, and one for all that are more, with their average worth. The sum is the best
        expected profit now + EVSI: before the delay and the cost of asking. Raises ValueError for a
        sweep, and for anything but a whole number of rows.
        """
        asked = self.scalar()
        rows = int(one_number("apart", apart, Range.of(PEOPLE, whole=True, high=100)))
        n, a, b = (np.array(value) for value in (asked.pilots, asked.prior_a, asked.prior_b))
        x = np.arange(float(n) + 1)
        with np.errstate(all="ignore"):
            chance = np.exp(_log_chance(x, n, a, b))
            worth = np.maximum(0.0, _profit(x, n, a, b, *asked._after_asking))
        # The more pay, the better: the answers after which you leave it come first.
        built = int(np.sum(worth == 0))
        ends = [0, *range(built, built + rows + 1), x.size]
        rows_of_answers = []
        for first, end in pairwise(min(end, x.size) for end in ends):
            if first < end:
                group = slice(first, end)
                together = min(1.0, float(np.sum(chance[group])))  # 1, but for rounding
                average = float(ratio(np.sum(chance[group] * worth[group]), together))
                words = _payers(first, end - 1, x.size - 1, builds=first >= built)
                rows_of_answers.append((words, together, average if together else 0.0))
        return outcomes(*rows_of_answers)

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        yen, rate = YEN.text, RATE.text
        if not math.isfinite(float(self.commit_value) + float(self.front_first_value)):
            return TOO_LARGE
        if not math.isfinite(float(self.break_even_rate)):
            reason = (
                _("there are no front buyers")
                if self.front_buyers == 0
                else _("a back sale earns nothing ({margin} each)").format(
                    margin=yen(self.back_margin)
                )
            )
            return _("Neither: no take rate pays for building, because {reason}.").format(
                reason=reason
            )
        if self.best == "neither" and self.break_even_rate > 1:
            return _(
                "Neither: even if every front buyer took the back offer, it would earn {most}, "
                "less than the {cost} that building it costs."
            ).format(most=yen(self._stake), cost=yen(self.build_cost))
        numbers = {
            "mean": rate(self.mean_rate),
            "needed": rate(self.break_even_rate),
            "back": yen(self.commit_value),
            "front": yen(self.front_first_value),
            "pilots": BUYERS.text(self.pilots),
        }
        words = {
            "back first": _(
                "Back first: building now is worth {back}, selling the front offer first and "
                "asking {pilots} {front}. You expect {mean} to take the back offer; "
                "{needed} pays for building."
            ),
            "front first": _(
                "Front first: selling the front offer and asking {pilots} before you build "
                "is worth {front}, building now {back}. You expect {mean} to take the back offer; "
                "{needed} pays for building."
            ),
            "neither": _(
                "Neither: you expect {mean} to take the back offer, and {needed} only just pays "
                "for building; asking {pilots} first is worth {front}. Look for another "
                "back offer."
            ),
        }
        verdict = words[str(self.best)].format(**numbers)
        risk = float(self.loss_probability_after_asking)
        if self.best == "front first" and risk > 0:
            hidden = _("Even after good answers you lose in {risk} of the cases.")
            return sentences(verdict, hidden.format(risk=rate(risk)))
        return verdict


def _log_chance(x: Any, n: Any, a: Any, b: Any, *_plan: Any) -> Any:
    """Logarithm of P(x of n pilots pay), for the belief Beta(a, b): beta-binomial."""
    from scipy.special import betaln

    ways = -np.log1p(n) - betaln(n - x + 1, x + 1)
    return ways + betaln(a + x, b + n - x) - betaln(a, b)


def _rise(x: Any, n: Any, a: Any, b: Any, *_plan: Any) -> Any:
    """P(x + 1) ÷ P(x)."""
    return (n - x) / (x + 1) * ((a + x) / (b + n - x - 1))


def _profit(
    x: Any, n: Any, a: Any, b: Any, again: Any, kept: Any, each: Any, cost: Any, *_more: Any
) -> Any:
    """Expected profit of building it after x of n pilots paid.

    `again` front buyers have not been asked, `kept` of each payer is a taker already, `each` taker
    brings so much, and building costs `cost`.
    """
    return each * (again * ((a + x) / (a + b + n)) + kept * x) - cost


def _payers(first: int, last: int, pilots: int, *, builds: bool) -> str:
    """So many payers, in words, and what they lead to."""
    if first == last:
        words = _("{first} of {pilots} pay, {then}")
    elif last == pilots and first > 0:
        words = _("{first} or more of {pilots} pay, {then}")
    else:
        words = _("{first} to {last} of {pilots} pay, {then}")
    then = _("you build it") if builds else _("you leave it")
    return words.format(first=first, last=last, pilots=pilots, then=then)


def regime_map(means: Iterable[float], strengths: Iterable[float], **fields: Any) -> "pd.DataFrame":
    """Who is right for whom: `WhichFirst.best` for every belief of a grid.

    One row a mean take rate, one column a strength of belief (see `WhichFirst.from_belief`);
    `fields` are the other fields of one scenario. Raises ValueError for values that are not
    possible, or not one sequence each.
    """
    import pandas as pd

    WhichFirst(**fields).scalar()
    rows, columns = _sequence("means", means), _sequence("strengths", strengths)
    grid = WhichFirst.from_belief(mean=rows[:, np.newaxis], strength=columns, **fields)
    return pd.DataFrame(
        grid.best, index=pd.Index(rows, name="mean"), columns=pd.Index(columns, name="strength")
    )


class Decision:
    """A choice between actions whose payoff depends on a state that is not known yet.

    `payoff[action][state]` is in yen (or any one unit); `prior[state]` is the probability of each
    state and sums to 1. Raises ValueError for tables that do not fit together.

    Source: the textbook decision table (value of perfect and of sample information).
    """

    payoff: NDArray[np.float64]
    prior: NDArray[np.float64]

    def __init__(
        self,
        payoff: Sequence[Sequence[float]] | NDArray[Any],
        prior: Sequence[float] | NDArray[Any],
    ) -> None:
        self.payoff = _table("payoff", payoff, 2, Range.of(YEN))
        self.prior = _probabilities("prior", prior, 1)
        if self.payoff.shape[1] != self.prior.size:
            raise ValueError(
                _("payoff has {columns} states in each row, but prior has {states}").format(
                    columns=self.payoff.shape[1], states=self.prior.size
                )
            )

    @property
    def value(self) -> float:
        """The best expected payoff with what is known now."""
        return float(np.max(self.payoff @ self.prior))

    @property
    def perfect_information(self) -> float:
        """EVPI: what knowing the state before choosing would add."""
        return self.sample_information(np.eye(self.prior.size))

    def sample_information(self, likelihood: Sequence[Sequence[float]] | NDArray[Any]) -> float:
        """EVSI: what seeing a signal before choosing would add, 0 or more.

        `likelihood[state][signal]` is P(signal | state); each row sums to 1.
        """
        joint = self._joint(likelihood)
        # What each action gains over the one that is best now: never below 0 for the best.
        now = int(np.argmax(self.payoff @ self.prior))
        gains = (self.payoff - self.payoff[now]) @ joint
        return float(gains.max(axis=0).sum())

    def posterior(
        self, likelihood: Sequence[Sequence[float]] | NDArray[Any]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(P(signal), P(state | signal)): one number, and one row of states, for each signal.

        A signal that cannot occur has a row of `nan`.
        """
        joint = self._joint(likelihood)
        signals = joint.sum(axis=0)
        return signals, np.asarray(ratio(joint.T, signals[:, np.newaxis]))

    def _joint(self, likelihood: Any) -> NDArray[np.float64]:
        table = _probabilities("likelihood", likelihood, 2)
        if table.shape[0] != self.prior.size:
            raise ValueError(
                _("likelihood has {rows} rows, but prior has {states} states").format(
                    rows=table.shape[0], states=self.prior.size
                )
            )
        return self.prior[:, np.newaxis] * table


def _sequence(name: str, values: Iterable[float]) -> NDArray[np.float64]:
    return _table(
        name,
        values if isinstance(values, np.ndarray | str) else list(values),
        1,
        Range.of(NUMBER),
    )


def _table(name: str, values: Any, dimensions: int, allowed: Range) -> NDArray[np.float64]:
    try:
        table = as_floats(np.asarray(values))
    except (ValueError, OverflowError):  # rows of different lengths
        table = None
    if table is None or table.ndim != dimensions or not table.size:
        shape = _("rows of numbers, all equally long") if dimensions > 1 else _("a row of numbers")
        raise ValueError(
            _("{name} = {values} is not possible. Allowed: {shape}.").format(
                name=name, values=repr(values)[:60], shape=shape
            )
        )
    return np.asarray(allowed.check(name, table))


def _probabilities(name: str, values: Any, dimensions: int) -> NDArray[np.float64]:
    table = _table(name, values, dimensions, Range.of(RATE))
    sums = np.atleast_1d(table.sum(axis=-1))
    if (off := np.abs(sums - 1) > TABLE_TOLERANCE).any():
        raise ValueError(
            _("{name}: probabilities must sum to 1 in each row, not {total:g}").format(
                name=name, total=sums[off][0]
            )
        )
    return table
