"""The picture of two kinds of customers: each kind is a flat line, only everybody's line climbs."""

import numpy as np

from twostep._text import _
from twostep.charts.curves import OTHER, YOU, Curves, Mark, Measure
from twostep.charts.picture import Facts, Picture
from twostep.models.two_kinds import TwoKinds
from twostep.units import RATE, Unit

__all__ = ["retention_by_renewal"]

RENEWALS = 12
LATE = 7

_EVERYBODY, _FAITHFUL, _CASUAL = _("everybody"), _("the faithful"), _("casual customers")
_RETENTION = Curves(
    Measure("renewal", _("renewal"), Unit()),
    Measure("retention", _("of those who come to it, share who renew"), RATE),
    (_EVERYBODY, _FAITHFUL, _CASUAL),
)


def _retention_by_renewal_facts(model: TwoKinds) -> Facts:
    renewals = np.arange(1.0, RENEWALS + 1)
    everybody = np.asarray(model.scalar().retention(renewals))
    first, late = float(everybody[0]), float(everybody[LATE - 1])
    lines = {
        _EVERYBODY: (renewals, everybody),
        _FAITHFUL: (renewals, model.faithful_retention),
        _CASUAL: (renewals, model.casual_retention),
    }
    if first == 0:
        return _RETENTION.facts(_("Nobody renews"), lines, [])
    if np.isnan(late):
        return _RETENTION.facts(_("Nobody comes to renewal {n}").format(n=LATE), lines, [])
    title = _("Retention rises from {first} to {late}, although nobody changes")
    if RATE.text(first) == RATE.text(late):
        title = _("Retention stays at {first}: all customers are alike")
    words = [
        _("renewal {n}: {share} renew").format(n=n, share=RATE.text(share))
        for n, share in ((1, first), (LATE, late))
    ]
    marks = [Mark(YOU, 1, first, words[0]), Mark(OTHER, LATE, late, words[1])]
    title = title.format(first=RATE.text(first), late=RATE.text(late))
    return _RETENTION.facts(title, lines, marks)


retention_by_renewal = Picture(TwoKinds, _retention_by_renewal_facts, _RETENTION)
"""Retention of the faithful, of casual customers and of everybody, renewal by renewal."""
