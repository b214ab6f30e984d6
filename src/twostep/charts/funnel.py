"""Pictures of the funnel: may the front offer lose money, and who is left at each stage?"""

import math
from dataclasses import replace

import numpy as np

from twostep._text import _
from twostep.charts.bars import Bar, Bars
from twostep.charts.curves import Curves, Measure, reach
from twostep.charts.picture import Facts, Picture, text_of
from twostep.models.base import ratio
from twostep.models.funnel import Funnel
from twostep.units import PEOPLE, RATE, YEN, counted

__all__ = ["people_by_stage", "profit_by_back_rate"]

_GAINS, _LOSES = _("profit"), _("loss")
_PROFIT = Curves(
    Measure("back_rate", _("back-end rate"), RATE),
    Measure("profit", _("profit (yen)"), YEN),
    (_GAINS, _LOSES),
)


def _profit_by_back_rate_facts(model: Funnel) -> Facts:
    now, turn = float(model.scalar().back_rate), float(model._turning_back_rate)
    falls = model._back_worth < 0
    reachable = 0 < turn <= 1
    right = min(1.0, reach(0.01, 2 * now, 1.5 * turn if reachable else 0.0))
    if reachable:
        # Exactly zero where the line crosses, whatever the last digit says.
        rates = np.array([0.0, turn, right])
        profit = np.where(rates == turn, 0.0, replace(model, back_rate=rates).profit)
        before, after = (_GAINS, _LOSES) if falls else (_LOSES, _GAINS)
        lines = {before: (rates[:2], profit[:2]), after: (rates[1:], profit[1:])}
    else:
        rates = np.array([0.0, right])
        profit = np.asarray(replace(model, back_rate=rates).profit)
        lines = {_GAINS if profit.sum() >= 0 else _LOSES: (rates, profit)}
    marks = [_PROFIT.you(now, model.profit)]
    if reachable:
        marks.append(_PROFIT.even(turn))
        title = _("Profit begins when {rate} of front buyers take the back offer")
        if falls:
            title = _("Profit ends when {rate} of front buyers take the back offer")
        title = title.format(rate=text_of(RATE, turn))
    elif (turn > 1) if falls else (turn <= 0):
        title = _("The front offer pays for itself at any back-end rate")
    elif turn > 1:
        title = _("No back-end rate reaches a profit")
    elif model.front_only_profit >= 0:
        title = _("The front offer pays for itself")
    else:
        title = _("The back-end rate cannot turn this into a profit")
    return _PROFIT.facts(title, lines, marks)


VISITS = counted(_("{number} visits"), _("{number} visit"))

_PEOPLE = Bars(_("people"), 4, PEOPLE)


def _people_by_stage_facts(model: Funnel) -> Facts:
    bars = [
        Bar(_("visits"), float(model.scalar().visits)),
        Bar(
            _("leads, {rate} of visits").format(rate=RATE.text(model.lead_rate)),
            float(model.leads),
        ),
        Bar(
            _("front buyers, {rate} of leads").format(rate=RATE.text(model.front_rate)),
            float(model.front_buyers),
        ),
        Bar(
            _("back buyers, {rate} of front buyers").format(rate=RATE.text(model.back_rate)),
            float(model.back_buyers),
            chosen=True,
        ),
    ]
    per_buyer = float(ratio(model.visits, model.back_buyers))
    title = _("Nobody reaches the back offer")
    if math.isfinite(per_buyer):
        title = _("It takes {visits} to win one back buyer").format(
            visits=VISITS.text(round(per_buyer))
        )
    return _PEOPLE.facts(title, bars)


profit_by_back_rate = Picture(Funnel, _profit_by_back_rate_facts, _PROFIT)
"""Profit of a Funnel against its back-end rate, with the break-even and the scenario marked."""

people_by_stage = Picture(Funnel, _people_by_stage_facts, _PEOPLE)
"""The people left at each stage of a Funnel: visits, leads, front buyers, back buyers."""
