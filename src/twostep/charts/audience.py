"""The picture of publishing first: why does nobody buy, and how many would a year later?"""

import numpy as np

from twostep._text import _
from twostep.charts.curves import OTHER, YOU, Curves, Mark, Measure
from twostep.charts.picture import Facts, Picture, text_of
from twostep.models.audience import Audience
from twostep.units import MONTHS, PEOPLE, counted

__all__ = ["trust_by_month"]

LAUNCH, END = 12, 24
BUY = counted(_("{number} buy"), _("{number} buys"))

_FOLLOW, _TRUST = _("people who follow you"), _("people who trust you")
_PEOPLE = Curves(
    Measure("month", _("months of publishing"), MONTHS),
    Measure("people", _("people"), PEOPLE),
    (_FOLLOW, _TRUST),
)


def _trust_by_month_facts(model: Audience) -> Facts:
    months = np.arange(0.0, END + 1)
    followers, trusting = model.scalar().audience(months), model.trust(months)
    now, later = (text_of(BUY, model.launch_buyers(month)) for month in (0, LAUNCH))
    title = _("Launch today and {now}; publish for {months} first and {later}").format(
        now=now, months=MONTHS.text(LAUNCH), later=later
    )
    marks = [
        Mark(YOU, 0, float(model.trust(0)), _("launch today: {now}").format(now=now)),
        Mark(
            OTHER,
            LAUNCH,
            float(model.trust(LAUNCH)),
            _("launch after {months}: {later}").format(months=MONTHS.text(LAUNCH), later=later),
        ),
    ]
    return _PEOPLE.facts(title, {_FOLLOW: (months, followers), _TRUST: (months, trusting)}, marks)


trust_by_month = Picture(Audience, _trust_by_month_facts, _PEOPLE)
"""Followers and people who trust you, month by month, with two launches marked."""
