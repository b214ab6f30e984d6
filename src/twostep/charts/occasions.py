"""Pictures of one day's offers: until how many guests to send it, and does it teach to pay less?"""

from dataclasses import replace

import numpy as np

from twostep._text import _
from twostep.charts.curves import Curves, Measure, crossing, reach, sides
from twostep.charts.picture import Facts, Picture, text_of
from twostep.models.occasions import LossLeader, RainyDayOffer
from twostep.units import PEOPLE, RATE, YEN, counted

__all__ = ["extra_profit_by_switch_rate", "extra_profit_by_usual_visits"]

# Added before a number of guests is rounded down: it may be a whole one less a rounding error.
ROUNDING = 1e-9

GUESTS = counted(_("{number} guests are coming"), _("{number} guest is coming"))

_EVENING = Curves(
    Measure("usual_visits", _("guests you would have anyway"), PEOPLE),
    Measure("extra_profit", _("extra profit of the evening (yen)"), YEN),
)


def _extra_profit_by_usual_visits_facts(model: RainyDayOffer) -> Facts:
    seats, now = float(model.scalar().seats), float(model.usual_visits)
    willing = float(model.friends) * float(model.open_rate) * float(model.response_rate)
    right = reach(seats, now, 1.0)
    # The line bends where seats become scarce and where none is left, and is straight between.
    bends = np.unique(np.clip([0.0, seats - willing, seats, now, right], 0.0, right))
    profit = np.asarray(replace(model, usual_visits=bends).extra_profit)
    turn = crossing(bends, profit)
    marks = [_EVENING.you(now, model.extra_profit)]
    if profit.min() < 0 < profit.max() and np.isfinite(turn):
        marks.append(_EVENING.even(turn))
        bends = np.unique([*bends, turn])
        title = _("Send the message while no more than {guests} anyway").format(
            guests=text_of(GUESTS, np.floor(turn + ROUNDING))
        )
    elif profit.max() > 0:
        title = _("The message never loses, however many guests are coming anyway")
    else:
        title = _("However few guests are coming, this message does not pay")
    line = {"": (bends, replace(model, usual_visits=bends).extra_profit)}
    return _EVENING.facts(title, line, marks)


_COUNTED, _FORGOTTEN = _("switchers counted"), _("switchers forgotten")
_LEADER = Curves(
    Measure("switch_rate", _("switch rate of usual customers"), RATE),
    Measure("extra_profit", _("extra profit a day (yen)"), YEN),
    (_COUNTED, _FORGOTTEN),
)


def _extra_profit_by_switch_rate_facts(model: LossLeader) -> Facts:
    now, ends = float(model.scalar().switch_rate), np.array([0.0, 1.0])
    gain = np.asarray(replace(model, switch_rate=ends).extra_profit)
    even = crossing(ends, gain)
    right = min(1.0, reach(0.2, 2 * now, 1.5 * even))
    rates = np.unique([0.0, now, right])
    marks = [_LEADER.you(now, model.extra_profit), _LEADER.even(even)]
    title = {
        "same": _("The cheap item changes nothing"),
        "always": _("The cheap item pays, however many usual customers switch to it"),
        "never": _("The cheap item does not pay, however few usual customers switch to it"),
        "from": _("The cheap item pays only if more than {even} of usual customers switch"),
        "up to": _("The cheap item pays until {even} of your usual customers switch to it"),
    }[sides(*gain.tolist())].format(even=text_of(RATE, even))
    lines = {
        _COUNTED: (rates, replace(model, switch_rate=rates).extra_profit),
        _FORGOTTEN: (rates, model.extra_profit_ignoring_switchers),
    }
    return _LEADER.facts(title, lines, marks)


extra_profit_by_usual_visits = Picture(RainyDayOffer, _extra_profit_by_usual_visits_facts, _EVENING)
"""Extra profit of a RainyDayOffer against the guests there anyway, its turning point marked."""

extra_profit_by_switch_rate = Picture(LossLeader, _extra_profit_by_switch_rate_facts, _LEADER)
"""Extra profit of a LossLeader against the switch rate, with and without counting switchers."""
