"""Pictures of contacts: when do they repay their gifts, and should a sample ask for one?"""

from dataclasses import replace

import numpy as np

from twostep._text import _
from twostep.charts.curves import (
    EVEN,
    OTHER,
    YOU,
    Array,
    Curves,
    Mark,
    Measure,
    crossing,
    reach,
    sides,
    steps,
)
from twostep.charts.picture import Facts, Picture, text_of
from twostep.models.contacts import ContactList, SampleOffer
from twostep.units import MONTHS, PEOPLE, RATE, YEN

__all__ = ["active_by_month", "value_by_month", "value_by_registration_rate"]

_WORTH = Curves(
    Measure("months", _("months counted"), MONTHS),
    Measure("total_value", _("value of the whole list (yen)"), YEN),
)


def _months(model: ContactList, first: float) -> Array:
    end = reach(12.0, float(model.scalar().months))
    return np.unique(np.asarray(np.round(steps(first, end, float(model.months))), dtype=float))


def _value_by_month_facts(model: ContactList) -> Facts:
    months, now = _months(model, 0), float(model.months)
    worth = np.asarray(replace(model, months=months).total_value)
    total = text_of(YEN, model.total_value)
    marks = [_WORTH.you(now, model.total_value)]
    repaid = months[worth >= 0]
    end = MONTHS.text(months[-1])
    if worth[0] < 0 and repaid.size:
        first = float(repaid[0])
        words = _("gifts repaid: {months}").format(months=MONTHS.text(first))
        marks.append(Mark(EVEN, first, float(worth[months == first][0]), words))
        title = _(
            "The gifts are repaid after {first}; counted over {months} the list is worth {total}"
        ).format(first=MONTHS.text(first), months=MONTHS.text(now), total=total)
    elif worth[0] < 0:
        title = _("The list does not repay its gifts within {end}").format(end=end)
    elif worth[-1] < 0:
        title = _("Every month of messages costs more than it brings")
    elif worth[-1] == 0:
        title = _("This list earns nothing and costs nothing")
    else:
        title = _("Without a gift to repay, the list earns from the first month: {total}").format(
            total=total
        )
    return _WORTH.facts(title, {"": (months, worth)}, marks)


_READERS = Curves(
    Measure("month", _("month"), PEOPLE),
    Measure("active", _("people your messages reach"), PEOPLE),
)


def _active_by_month_facts(model: ContactList) -> Facts:
    months, last = _months(model, 1), max(1.0, float(model.months))
    active = np.asarray(model.active(months))
    first, later = float(active[0]), float(model.active(last))
    texts = [
        _("month {month:,.0f}: {people}").format(month=month, people=text_of(PEOPLE, people))
        for month, people in ((1, first), (last, later))
    ]
    title = _("Of {all} who register, your messages reach {later} in month {month:,.0f}").format(
        all=PEOPLE.text(model.registrations), later=text_of(PEOPLE, later), month=last
    )
    marks = [Mark(OTHER, 1.0, first, texts[0])] if last > 1 else []
    marks.append(Mark(YOU, last, later, texts[1]))
    return _READERS.facts(title, {"": (months, active)}, marks)


_ASKING, _FREELY = _("with registration"), _("without registration")
_SAMPLE = Curves(
    Measure("registration_rate", _("registration rate"), RATE),
    Measure("value", _("value of one passer-by (yen)"), YEN),
    (_ASKING, _FREELY),
)


def _value_by_registration_rate_facts(model: SampleOffer) -> Facts:
    now, freely = float(model.scalar().registration_rate), float(model.anonymous_value)
    rates = np.unique([0.0, now, 1.0])
    asking = np.asarray(replace(model, registration_rate=rates).registered_value)
    gain = asking[[0, -1]] - freely
    needed = crossing((0.0, 1.0), gain)
    marks = [_SAMPLE.you(now, model.registered_value), _SAMPLE.even(needed, freely)]
    if model.uptake == 0:
        title = _("Nobody takes the sample, so asking makes no difference")
    elif freely <= 0 and asking[-1] <= 0:
        title = _("This sample earns nothing, with or without a registration")
    else:
        title = {
            "same": _("Asking for a registration makes no difference"),
            "always": _("Asking for a registration earns more, however few accept"),
            "never": _("Giving the sample freely earns more, however many would register"),
            "from": _("Asking for a registration earns more when over {rate} accept"),
            "up to": _("Asking earns more only while under {rate} accept"),
        }[sides(*gain.tolist())].format(rate=text_of(RATE, needed))
    lines = {_ASKING: (rates, asking), _FREELY: (rates, freely)}
    return _SAMPLE.facts(title, lines, marks)


value_by_month = Picture(ContactList, _value_by_month_facts, _WORTH)
"""Value of a ContactList by the months counted, with the month that repays its gifts marked."""

active_by_month = Picture(ContactList, _active_by_month_facts, _READERS)
"""The people of a ContactList whom the messages of a month reach."""

value_by_registration_rate = Picture(SampleOffer, _value_by_registration_rate_facts, _SAMPLE)
"""Value of a passer-by with and without registration, with the break-even marked."""
