"""From counts to a plan: a `Funnel` or a `Trial` in which every number says where it comes from."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from twostep._text import _, comma_separated, sentences
from twostep.models.base import Model, answer_fields, assumption_fields
from twostep.models.funnel import Funnel
from twostep.models.trial import Trial
from twostep.orders.share import Share, hidden, people, percent
from twostep.units import OURS, RATE, YEN, Range, Unit

if TYPE_CHECKING:
    from twostep.orders.front_back import FrontBack
    from twostep.orders.tables import Table

Z = 1.959963984540054
"""Of the normal distribution, 95 % lies within so many standard deviations."""

TAX_RATE, FEE_RATE = 0.10, 0.036
"""Our assumptions: the general consumption tax, and a card fee."""

DAYS_A_MONTH = 365.25 / 12
FARTHEST = 1e12
"""Yen, or people: beyond it we do not look for the value that would change a plan."""


def measured() -> str:
    """The basis of a number that was counted in the files."""
    return _("measured")


def yours() -> str:
    """The basis of a number that the owner gave."""
    return _("yours")


def by_definition() -> str:
    """The basis of a number nobody chose: where CPA is given, every front buyer is a visit."""
    return _("by definition")


@dataclass(frozen=True)
class Number:
    """One number of a plan: what it is, how sure, and where it comes from."""

    field: str
    label: str
    unit: Unit
    value: float
    low: float
    high: float
    basis: str
    share: Share | None = None
    """The people it was counted from, where it is a measured rate."""

    @property
    def printed(self) -> str:
        """The number for a page that others see: no group of fewer than 5 people."""
        few = self.share and hidden(self.share.count, self.share.of)
        return self.share.printed if self.share and few else self.text

    @property
    def text(self) -> str:
        """The number as a reader sees it, with its interval where it has one."""
        if self.low == self.high:
            return self.written(self.value)
        return _("{value} ({low} to {high})").format(
            value=self.written(self.value),
            low=self.written(self.low),
            high=self.written(self.high),
        )

    def written(self, value: float) -> str:
        """A value of this number with its unit."""
        return percent(value) if self.unit == RATE else self.unit.text(value)


@dataclass(frozen=True)
class Kind:
    """What a plan asks of a model: which field is the measured rate, and what it must reach."""

    rate: str
    cost: str
    break_even: str
    allowable: str
    allowable_per_back_buyer: str
    gain: str
    worth: tuple[str, ...] = ()
    """What one who goes on leaves, where the model has it in one answer."""


KINDS = {
    Funnel: Kind(
        "back_rate", "cpa", "break_even_back_rate", "allowable_cpa", "allowable_cpo", "profit"
    ),
    Trial: Kind(
        "upgrade_rate",
        "cost_per_trial",
        "break_even_upgrade_rate",
        "allowable_cost_per_trial",
        "allowable_cpo",
        "net_value",
        ("ltv",),
    ),
}


@dataclass(frozen=True, eq=False)
class Plan:
    """A scenario from a shop's own orders and its owner's costs, and what it decides.

    `repr` and `verdict` hold counts and rates, no amounts: a notebook stores what it shows. The
    amounts are in the tables, in `model`, and on the page.
    """

    model: Any
    """The `Funnel` or `Trial`: calculators, sweeps and charts take it as any other."""
    front_back: "FrontBack"
    numbers: tuple[Number, ...]
    cost_is_known: bool
    """Whether the owner said what a front buyer costs."""

    @property
    def kind(self) -> Kind:
        """Which of the model's fields and answers decide."""
        return KINDS[type(self.model)]

    @property
    def rate(self) -> Share:
        """The measured rate."""
        return self.front_back.rate

    # What is sure and what is not

    @cached_property
    def _unsure(self) -> tuple[Number, ...]:
        """The fields of the model that were measured with an interval."""
        known = {field.name for field in assumption_fields(type(self.model))}
        return tuple(n for n in self.numbers if n.field in known and n.low < n.high)

    def _answer(self, name: str) -> Number:
        """An answer of the model, with the interval that all unsure numbers give it together.

        Each unsure number is moved to its ends alone, and the moves are combined as the root of
        their squares; with one unsure number these are the answers at its ends. Source: Zou &
        Donner (2008), Statistics in Medicine 27:1693–1702, taken to first order.
        """
        (field,) = (field for field in answer_fields(type(self.model)) if field.name == name)
        value = float(getattr(self.model, name))
        below = above = 0.0
        for number in self._unsure:
            moved = [
                float(getattr(replace(self.model, **{number.field: end}), name)) - value
                for end in (number.low, number.high)
            ]
            below = math.hypot(below, min(*moved, 0.0))
            above = math.hypot(above, max(*moved, 0.0))
        label = field.note.label
        return Number(name, label, field.unit, value, value - below, value + above, _("computed"))

    @property
    def break_even(self) -> Number:
        """The rate at which the plan neither earns nor loses."""
        return self._answer(self.kind.break_even)

    @property
    def allowable(self) -> Number:
        """The most that a front buyer may cost."""
        return self._answer(self.kind.allowable)

    @property
    def decision(self) -> str:
        """ "pays", "does not pay", "not known yet", or "cost not known"."""
        if not self.cost_is_known:
            return "cost not known"
        gain = self._answer(self.kind.gain)
        if gain.low > 0:
            return "pays"
        return "does not pay" if gain.high < 0 else "not known yet"

    @property
    def customers_needed(self) -> float:
        """Eligible front buyers of whom the rate could be told from the break-even rate.

        z² × c (1 − c) ÷ (c − c*)², with the measured rate c and the break-even rate c*; `inf` where
        they are the same, `nan` where there is no rate.
        """
        c, needed = self.rate.value, self.break_even.value
        if c == needed:
            return math.inf
        return Z**2 * c * (1 - c) / (c - needed) ** 2

    @property
    def verdict(self) -> str:
        """Pays, does not pay, or not known yet; and why. Counts and rates only, no amounts."""
        if not self.rate.of:
            return _("Not known yet: {why}").format(why=self.front_back.verdict)
        said = _("Front buyers who went on within {days} days: {rate}.").format(
            days=self.front_back.window_days, rate=self.rate.text
        )
        return sentences(self._headline, said, self._reason)

    @property
    def _headline(self) -> str:
        return {
            "pays": _("Pays."),
            "does not pay": _("Does not pay."),
            "not known yet": _("Not known yet."),
            "cost not known": _("Your cost per front buyer is not known."),
        }[self.decision]

    @property
    def _reason(self) -> str:
        needed = self.break_even
        if self.decision == "cost not known":
            return _(
                "So this says only what a front buyer may cost; the cost in it is our assumption. "
                "Divide what you spent on ads and gifts by your front buyers, and pass it."
            )
        if math.isnan(needed.value):
            return _("No rate decides: a back sale earns nothing, so only the front sale counts.")
        if needed.low > 1:
            return _("No rate can save it: even if every front buyer went on, it would lose.")
        if needed.high <= 0:
            return _("No back sale is needed: the front sale pays for itself.")
        return sentences(*filter(None, (self._needs, self.what_would_tell)))

    @property
    def _needs(self) -> str:
        """The break-even rate against the measured one."""
        needed, alone = self.break_even, len(self._unsure) <= 1
        if alone:
            said = {
                "pays": _("The plan needs {needed}, less than the rate can be."),
                "does not pay": _("The plan needs {needed}, more than the rate can be."),
                "not known yet": _("The plan needs {needed}, which the rate may or may not reach."),
            }[self.decision]
            return said.format(needed=percent(needed.value))
        said = {
            "pays": _("The plan needs {needed}; all that is unsure taken together, it earns."),
            "does not pay": _(
                "The plan needs {needed}; all that is unsure taken together, it loses."
            ),
            "not known yet": _(
                "The plan needs {needed}; all that is unsure taken together, it may earn or lose."
            ),
        }[self.decision]
        between = _("{value} ({low} to {high}, as prices or retention are not exact)").format(
            value=percent(needed.value), low=percent(needed.low), high=percent(needed.high)
        )
        return said.format(needed=between)

    @property
    def what_would_tell(self) -> str:
        """How many customers would settle what is not known yet; "" where it is known.

        With `customers_needed` the interval just reaches the break-even, so chance decides: it
        tells in half of all cases. With twice as many it tells in Φ(1.96 (√2 − 1)) = 79 %.
        """
        if self.decision != "not known yet" or not self.rate.of:
            return ""
        number = self.customers_needed
        if not math.isfinite(number):
            return _("No number of customers would tell the two apart.")
        if number <= self.rate.of:
            return _("More front buyers alone do not tell: prices or retention must be surer.")
        return _(
            "If the rate stays the same, about {number:,.0f} front buyers who had the whole window "
            "would tell in one case of two, and twice as many in four of five; you have {of}."
        ).format(number=math.ceil(number), of=people(self.rate.of))

    # Tables

    @property
    def table(self) -> "Table":
        """Every number of the plan. Columns: field, value, low, high, basis, label.

        `low` and `high` are the 95 % interval of what was measured, and the value itself elsewhere.
        """
        return self._listed(self.numbers)

    @property
    def break_evens(self) -> "Table":
        """What the plan must reach, and what it may spend. Columns as in `table`."""
        return self._listed(self._break_evens)

    @property
    def _break_evens(self) -> list[Number]:
        kind = self.kind
        names = (kind.break_even, *kind.worth, kind.allowable, kind.allowable_per_back_buyer)
        answers = [self._answer(name) for name in names]
        return [answer for answer in answers if _finite(answer)]

    @property
    def would_change_it(self) -> "Table":
        """For each number, the value at which the plan turns from gain to loss, all else as it is.

        Columns: field, now, turns_at, label, text. Numbers of which no possible value turns it are
        not listed.
        """
        from twostep.orders.tables import Table

        rows = [
            {
                "field": turn.number.field,
                "now": turn.number.value,
                "turns_at": turn.at,
                "label": turn.number.label,
                "text": turn.text,
            }
            for turn in self._turns
        ]
        columns = ["field", "now", "turns_at", "label", "text"]
        table = Table(rows, columns=columns)
        table.attrs["unshown"] = ("text",)  # it says the other columns in words
        numbers = [turn.number for turn in self._turns]
        return self._shown(table, numbers, "now turns_at")

    @cached_property
    def _turns(self) -> tuple["Turn", ...]:
        if not self.cost_is_known:
            return ()
        turns = []
        for field in assumption_fields(type(self.model)):
            number = self._number(field.name)
            if number.basis == by_definition() or field.range.whole:
                continue
            at = _turning(self.model, field.name, self.kind.gain, field.range)
            if at is not None:
                turns.append(Turn(number, at))
        return tuple(turns)

    def _number(self, name: str) -> Number:
        return next(number for number in self.numbers if number.field == name)

    def _listed(self, numbers: Any) -> "Table":
        from twostep.orders.tables import Table

        columns = ["field", "value", "low", "high", "basis", "label"]
        rows = [[getattr(number, column) for column in columns] for number in numbers]
        table = Table(rows, columns=columns)
        return self._shown(table, numbers, "value low high")

    def _shown(self, table: "Table", numbers: Any, columns: str) -> "Table":
        """The table, which shows these columns of these numbers with units, or not at all."""
        table.attrs |= {
            "key": "field",
            "write": {number.field: number.written for number in numbers},
            "written": tuple(columns.split()),
        }
        if not self.front_back.orders.simulated:
            table.attrs["money"] = table.attrs["written"]
            table.attrs["money_rows"] = tuple(each.field for each in numbers if each.unit.prefix)
        return table

    def page(self, path: Any) -> Any:
        """Write the plan as one page (HTML) that prints on A4. See `twostep.orders.page`."""
        from twostep.orders.page import write

        return write(self, path)

    def __repr__(self) -> str:
        return self.verdict


@dataclass(frozen=True)
class Turn:
    """A number, and the value at which the plan turns."""

    number: Number
    at: float

    @property
    def text(self) -> str:
        """In words: "Back margin: now ¥3,000; the plan turns at ¥1,200"."""
        return _("{label}: now {now}; the plan turns at {at}").format(
            label=self.number.label,
            now=self.now.text,
            at=self.turned.text,
        )

    @property
    def turned(self) -> Number:
        """The number as it is where the plan turns."""
        return replace(self.number, value=self.at, low=self.at, high=self.at)

    @property
    def now(self) -> Number:
        """The number as it is, without its interval."""
        return replace(self.number, low=self.number.value, high=self.number.value)


def _finite(number: Number) -> bool:
    return all(map(math.isfinite, (number.value, number.low, number.high)))


def _turning(model: Model, field: str, gain: str, allowed: Range) -> float | None:
    """The value of a field at which the gain is zero, or None where no possible one is."""
    from scipy.optimize import brentq

    def earned(value: float) -> float:
        return float(getattr(replace(cast(Any, model), **{field: value}), gain))

    now = float(getattr(model, field))
    low, high = max(allowed.low, -FARTHEST), min(allowed.high, FARTHEST)
    for end in (low, high):
        here, there = earned(now), earned(end)
        if math.isfinite(here) and math.isfinite(there) and here * there < 0:
            return float(brentq(earned, min(now, end), max(now, end), xtol=1e-12, rtol=1e-12))
    return None


# From the files to the numbers of a model


def funnel_plan(
    found: "FrontBack",
    *,
    front_cost: float | None = None,
    back_cost: float | None = None,
    fee_rate: float | None = None,
    tax_rate: float | None = None,
    cpa: float | None = None,
    **fields_given: float,
) -> Plan:
    """A plan with `Funnel`: the back-end rate and the prices from the files, the rest from you.

    `front_cost` and `back_cost`: what one front sale and one back sale cost you in goods, post and
    packing, in yen without tax. `fee_rate`: the share of what is paid that the payment service
    keeps. `tax_rate`: consumption tax within the prices. `cpa`: ads and gifts per front buyer; or
    any of Funnel's own fields, such as visits, cost_per_visit, lead_rate, front_rate, gift_cost,
    fixed_cost, and in place of a cost front_margin or back_margin.

    Raises ValueError, saying what to pass, for what is missing and for what Funnel does not know.
    """
    given = _checked(Funnel, fields_given)
    if cpa is not None:
        taken = [name for name in _STEPS if name in given]
        if taken:
            raise ValueError(
                _("Give cpa, or its parts ({parts}), not both.").format(
                    parts=comma_separated(taken)
                )
            )
    _ask_for_costs(
        {"front_cost": front_cost, "back_cost": back_cost},
        {"front_cost": "front_margin", "back_cost": "back_margin"},
        given,
    )
    numbers = _Numbers(found, fee_rate, tax_rate)
    numbers.margin("front_margin", found.front, front_cost, given, "front")
    numbers.margin("back_margin", found.back, back_cost, given, "back")
    # Not Funnel's own: a shop that gives gifts, or pays a rent for this, says so.
    numbers.set(Funnel, OURS, gift_cost=0.0, fixed_cost=0.0)
    cost_is_known = {"cost_per_visit", "lead_rate", "front_rate"} <= {*given}
    if cpa is not None:
        # Every front buyer is a visit that was paid for.
        visits = float(max(found.front_buyers, 1))
        numbers.set(
            Funnel, by_definition(), visits=visits, lead_rate=1.0, front_rate=1.0, gift_cost=0.0
        )
        numbers.own("cost_per_visit", _("Ads and gifts per front buyer (CPA)"), YEN, cpa)
        cost_is_known = True
    numbers.share("back_rate", found.rate)
    return numbers.plan(Funnel, given, cost_is_known)


_STEPS = ("visits", "cost_per_visit", "lead_rate", "front_rate", "gift_cost")


def trial_plan(
    found: "FrontBack",
    *,
    trial_cost: float | None = None,
    delivery_cost: float | None = None,
    fee_rate: float | None = None,
    tax_rate: float | None = None,
    period: str | int = "month",
    **fields_given: float,
) -> Plan:
    """A plan with `Trial`: upgrade rate, retention, lag and prices from the files, rest from you.

    `trial_cost` and `delivery_cost`: what one trial set and one delivery cost you in goods, post
    and packing, in yen without tax. `fee_rate` and `tax_rate` as in `funnel_plan`; `period` as in
    `Orders.cohorts`, for the retention. Any of Trial's own fields may be given: `cost_per_trial`
    (ads per trial buyer), `discount_rate`, and to overrule the files `retention`, `lag`,
    `trial_price`, `delivery_margin`.

    The retention is one for all: of the renewals that came due, those made. Raises ValueError,
    saying what to pass, for what is missing and for what Trial does not know.
    """
    given = _checked(Trial, fields_given)
    _ask_for_costs(
        {"trial_cost": trial_cost, "delivery_cost": delivery_cost},
        {"delivery_cost": "delivery_margin"},
        given,
    )
    numbers = _Numbers(found, fee_rate, tax_rate)
    price = numbers.price("trial_price", found.front, given, "front")
    cost = numbers.own(
        "trial_cost_before_fee", _("What one trial set costs you, without fee"), YEN, trial_cost
    )
    # The fee is a share of what is paid, tax included.
    cost += numbers.fee_rate * price * (1 + numbers.tax_rate)
    numbers.add(_labelled(Trial, "trial_cost", cost, yours()))
    numbers.margin("delivery_margin", found.back, delivery_cost, given, "back")
    numbers.share("upgrade_rate", found.rate)
    cohorts = found.orders.cohorts(found.back, period)
    if "retention" not in given and cohorts.retention.of:
        numbers.share("retention", cohorts.retention)
    if "lag" not in given and (waited := found.days_waited).size:
        length = DAYS_A_MONTH if cohorts.period_days is None else cohorts.period_days
        lag = float(round(float(np.median(waited)) / length))
        numbers.add(_labelled(Trial, "lag", lag, measured()))
    return numbers.plan(Trial, given, "cost_per_trial" in given)


_PRICES = {
    "front": _("Price of one front sale, as paid"),
    "back": _("Price of one back sale, as paid"),
}
_COSTS = {
    "front": _("What one front sale costs you"),
    "back": _("What one back sale costs you"),
}


class _Numbers:
    """The numbers of a plan, as they come together."""

    def __init__(self, found: "FrontBack", fee_rate: Any, tax_rate: Any) -> None:
        self.found = found
        self.listed: dict[str, Number] = {}
        self.fee_rate = self.own(
            "fee_rate", _("Payment fee, of what is paid"), RATE, fee_rate, FEE_RATE
        )
        label = _("Consumption tax within the prices")
        if found.orders.without_tax:
            if tax_rate:
                raise ValueError(
                    _(
                        "tax_rate = {tax_rate}: the prices in these files are without tax already."
                    ).format(tax_rate=tax_rate)
                )
            self.tax_rate = 0.0
            self.add(Number("tax_rate", label, RATE, 0.0, 0.0, 0.0, measured()))
        else:
            self.tax_rate = self.own("tax_rate", label, RATE, tax_rate, TAX_RATE)

    def add(self, number: Number) -> None:
        self.listed[number.field] = number

    def own(
        self, field: str, label: str, unit: Unit, value: Any, assumed: float | None = None
    ) -> float:
        """A number the owner gives, or our assumption."""
        basis = yours() if value is not None else OURS
        allowed = Range.of(unit, low=0)
        number = allowed.check(field, assumed if value is None else value)
        if isinstance(number, np.ndarray):
            raise ValueError(_("{field} must be one number, not an array").format(field=field))
        self.add(Number(field, label, unit, number, number, number, basis))
        return number

    def set(self, model: type[Model], basis: str, **values: float) -> None:
        """Fields of a model, unless they are given."""
        for field, value in values.items():
            self.add(_labelled(model, field, value, basis))

    def share(self, field: str, share: Share) -> None:
        """A measured rate."""
        if share.of:
            model = Funnel if field == "back_rate" else Trial
            named = _labelled(model, field, share.value, measured())
            self.add(replace(named, low=share.low, high=share.high, share=share))

    def price(
        self, field: str, products: tuple[str, ...], given: Mapping[str, float], which: str
    ) -> float:
        """What one sale brings without tax: the mean of the files, unless it is given."""
        if field in given:
            return float(given[field])
        paid = self.found.paid_in_first_orders(products)
        if not paid.size:
            raise ValueError(
                _("Nobody bought {products} yet, so there is no price: pass {field}=.").format(
                    products=" / ".join(products), field=field
                )
            )
        mean = float(paid.mean())
        half = Z * float(paid.std(ddof=1)) / math.sqrt(paid.size) if paid.size > 1 else 0.0
        listed = Number(
            f"{which}_price",
            _PRICES[which],
            YEN,
            mean,
            max(mean - half, 0.0),
            mean + half,
            measured(),
        )
        self.add(listed)
        net = 1 / (1 + self.tax_rate)
        if field == "trial_price":
            self.add(_scaled(_labelled(Trial, field, mean * net, measured()), listed, net))
        return mean * net

    def margin(
        self,
        field: str,
        products: tuple[str, ...],
        cost: float | None,
        given: Mapping[str, float],
        which: str,
    ) -> None:
        """Contribution margin of one sale: price without tax − fee on what is paid − cost."""
        if field in given:
            return
        net = self.price(field, products, given, which)
        cost = self.own(f"{which}_cost", _COSTS[which], YEN, cost)
        kept = 1 / (1 + self.tax_rate) - self.fee_rate
        margin = net - self.fee_rate * net * (1 + self.tax_rate) - cost
        model = Trial if field == "delivery_margin" else Funnel
        basis = _("{measured} and {yours}").format(measured=measured(), yours=yours())
        number = _labelled(model, field, margin, basis)
        self.add(_scaled(number, self.listed[f"{which}_price"], kept))

    def plan(self, model: type[Model], given: Mapping[str, float], cost_is_known: bool) -> Plan:
        """The model, and all its numbers in the order of its fields, after those they come from."""
        values = {}
        for field in fields(cast(Any, model)):
            if field.name in given:
                self.add(_labelled(model, field.name, given[field.name], yours()))
            elif field.name not in self.listed:
                self.add(_labelled(model, field.name, cast(float, field.default), OURS))
            values[field.name] = self.listed[field.name].value
        names = [name for name in self.listed if name not in values]
        listed = tuple(self.listed[name] for name in (*names, *values))
        return Plan(model(**values), self.found, listed, cost_is_known)


def _labelled(model: type[Model], name: str, value: float, basis: str) -> Number:
    """A field of a model as a number of a plan."""
    (field,) = (field for field in assumption_fields(model) if field.name == name)
    number = field.range.check(name, value)
    if isinstance(number, np.ndarray):
        raise ValueError(_("{field} must be one number, not an array").format(field=name))
    return Number(name, field.note.label, field.unit, number, number, number, basis)


def _scaled(number: Number, source: Number, share: float) -> Number:
    """A number with the interval of another, of which it takes a share."""
    low, high = ((end - source.value) * share for end in (source.low, source.high))
    return replace(number, low=number.value + low, high=number.value + high)


def _checked(model: type[Model], given: Mapping[str, float]) -> dict[str, float]:
    known = [field.name for field in assumption_fields(model)]
    for name in given:
        if name not in known:
            raise ValueError(
                _("{name!r} is no number of this plan. {model} has {known}.").format(
                    name=name, model=model.__name__, known=comma_separated(known)
                )
            )
    return dict(given)


def _ask_for_costs(
    costs: Mapping[str, float | None], instead: Mapping[str, str], given: Mapping[str, float]
) -> None:
    missing = [
        name for name, cost in costs.items() if cost is None and instead.get(name) not in given
    ]
    if missing:
        raise ValueError(
            _(
                "Only you know what a sale costs you. Pass {missing}: goods, post and packing of "
                "one sale, in yen without tax."
            ).format(missing=comma_separated(f"{name}=" for name in missing))
        )
