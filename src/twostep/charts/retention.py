"""Pictures of who stays: why is nobody leaving late, and who is left compared with a constant?"""

import numpy as np

from twostep._text import _
from twostep.charts.curves import OTHER, YOU, Curves, Mark, Measure
from twostep.charts.picture import Facts, Picture, text_of
from twostep.models.retention import ShiftedBetaGeometric
from twostep.units import PERIODS, RATE, Unit

__all__ = ["leaving_by_renewal", "survival_by_renewal"]

RENEWALS = 12
LATE = 7

_RENEWAL = Unit()
_DIFFERENT, _ALIKE = _("customers differ"), _("all like the first renewal")

_LEAVING = Curves(
    Measure("renewal", _("renewal"), _RENEWAL),
    Measure("leaving", _("of those still there, share leaving"), RATE),
    (_DIFFERENT, _ALIKE),
)


def _leaving_by_renewal_facts(model: ShiftedBetaGeometric) -> Facts:
    renewals = np.arange(1.0, RENEWALS + 1)
    leaving = 1 - np.asarray(model.scalar().retention(renewals))
    first, late = float(leaving[0]), float(leaving[LATE - 1])
    words = [_("renewal {n}: {share} leave").format(n=n, share=text_of(RATE, share)) for n, share in
             ((1, first), (LATE, late))]  # fmt: skip
    title = _(
        "At renewal 1 {first} leave, at renewal {n} {late}: those who leave easily left first"
    ).format(first=text_of(RATE, first), n=LATE, late=text_of(RATE, late))
    if text_of(RATE, first) == text_of(RATE, late):
        title = _("At every renewal {first} leave: these customers are alike").format(
            first=text_of(RATE, first)
        )
    lines = {_DIFFERENT: (renewals, leaving), _ALIKE: (renewals, first)}
    marks = [Mark(YOU, 1, first, words[0]), Mark(OTHER, LATE, late, words[1])]
    return _LEAVING.facts(title, lines, marks)


_LEFT = Curves(
    Measure("renewals", _("renewals"), PERIODS),
    Measure("survival", _("of all new customers, share still there"), RATE),
    (_DIFFERENT, _ALIKE),
)


def _survival_by_renewal_facts(model: ShiftedBetaGeometric) -> Facts:
    renewals = np.arange(0.0, RENEWALS + 1)
    survival = np.asarray(model.scalar().survival(renewals))
    alike = np.power(float(model.retention(1)), renewals)
    there, naive = float(survival[-1]), float(alike[-1])
    title = _(
        "After {n} renewals {there} are still there; the first renewal's rate would leave {naive}"
    ).format(n=RENEWALS, there=text_of(RATE, there), naive=text_of(RATE, naive))
    marks = [
        Mark(
            YOU, RENEWALS, there, _("customers differ: {share}").format(share=text_of(RATE, there))
        ),
        Mark(OTHER, RENEWALS, naive, _("all alike: {share}").format(share=text_of(RATE, naive))),
    ]
    lines = {_DIFFERENT: (renewals, survival), _ALIKE: (renewals, alike)}
    return _LEFT.facts(title, lines, marks)


leaving_by_renewal = Picture(ShiftedBetaGeometric, _leaving_by_renewal_facts, _LEAVING)
"""Of those who come to a renewal, the share who leave, beside the constant first share."""

survival_by_renewal = Picture(ShiftedBetaGeometric, _survival_by_renewal_facts, _LEFT)
"""Of all new customers, the share still there, beside a constant first retention."""
