"""Pictures of a promise: does the guarantee pay, and for how many clients do the hours last?"""

import math
from dataclasses import replace

import numpy as np

from twostep._text import _
from twostep.charts.curves import EVEN, OTHER, Curves, Mark, Measure, crossing, reach, sides
from twostep.charts.picture import Facts, Picture, text_of
from twostep.models.promise import CLIENTS, NEW_CLIENTS, Capacity, Guarantee
from twostep.units import NUMBER, PEOPLE, RATE, YEN

__all__ = ["hours_by_clients", "profit_by_success_rate"]

_WITH, _WITHOUT = _("with the guarantee"), _("without it")
_PROMISE = Curves(
    Measure("success_rate", _("success rate of your clients"), RATE),
    Measure("profit", _("profit (yen)"), YEN),
    (_WITH, _WITHOUT),
)


def _profit_by_success_rate_facts(model: Guarantee) -> Facts:
    now, ends = float(model.scalar().success_rate), np.array([0.0, 1.0])
    without = float(model.profit_without)
    gain = np.asarray(replace(model, success_rate=ends).profit_with) - without
    equal = crossing(ends, gain)
    rates = np.unique([0.0, now, 1.0])
    marks = [
        _PROMISE.you(now, model.profit_with),
        Mark(EVEN, equal, without, _("as good as none: {rate}").format(rate=text_of(RATE, equal))),
    ]
    nothing = float(model.break_even_success_rate)
    if 0 <= nothing <= 1:
        text = _("earns nothing: {rate}").format(rate=RATE.text(nothing))
        marks.append(Mark(OTHER, nothing, 0.0, text))
    title = {
        "same": _("The guarantee changes nothing"),
        "always": _("The guarantee pays, even if no client succeeds"),
        "never": _("The guarantee does not pay, even if every client succeeds"),
        "from": _("The guarantee pays when more than {equal} of clients succeed; you: {now}"),
        "up to": _("The guarantee pays only while fewer than {equal} succeed; you: {now}"),
    }[sides(*gain.tolist())].format(equal=text_of(RATE, equal), now=RATE.text(now))
    if without < 0:
        title = _("Even without refunds a client loses money: guarantee nothing")
    lines = {
        _WITH: (rates, replace(model, success_rate=rates).profit_with),
        _WITHOUT: (rates, without),
    }
    return _PROMISE.facts(title, lines, marks)


_TAKEN, _HAVE = _("hours your clients take"), _("hours you have")
_HOURS = Curves(
    Measure("clients", _("clients at the same time"), PEOPLE),
    Measure("hours", _("hours a month"), NUMBER),
    (_TAKEN, _HAVE),
)


def _hours_by_clients_facts(model: Capacity) -> Facts:
    hours, each = float(model.scalar().hours_per_month), float(model.hours_per_client)
    full = float(model.concurrent_clients)
    clients = np.array([0.0, reach(10.0) if not math.isfinite(full) else reach(1.0, 1.5 * full)])
    text = _("full at {clients}").format(clients=text_of(CLIENTS, full))
    marks = [Mark(EVEN, full, hours, text)]
    if not math.isfinite(full):
        title = _("A client takes none of your hours, so they set no limit")
    elif math.isfinite(float(model.new_clients_per_month)):
        title = _("Your hours are full at {full}: {new} a month").format(
            full=CLIENTS.text(full), new=NEW_CLIENTS.text(model.new_clients_per_month)
        )
    else:
        title = _("Your hours are full at {full} at the same time").format(full=CLIENTS.text(full))
    return _HOURS.facts(title, {_TAKEN: (clients, each * clients), _HAVE: (clients, hours)}, marks)


profit_by_success_rate = Picture(Guarantee, _profit_by_success_rate_facts, _PROMISE)
"""Profit with and without a Guarantee against the success rate, with both break-evens marked."""

hours_by_clients = Picture(Capacity, _hours_by_clients_facts, _HOURS)
"""The hours that clients take of a Capacity, and how many clients fill it."""
