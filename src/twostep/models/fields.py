"""Assumptions that several models make, each described once.

A model that means it a little differently says only what differs: another slider, another group.
"""

from twostep._text import _
from twostep.units import Assumption

FRONT = _("Front offer")
BACK = _("Back offer")
MESSAGES = _("Messages")

FRONT_RATE = Assumption(
    _("Front-end rate"),
    _("Of all leads, the share who buy the front offer."),
    FRONT,
    slider=(0, 0.5, 0.005),
)
FRONT_MARGIN = Assumption(
    _("Front margin"),
    _("Contribution margin of one front sale: price − fees − what it costs to deliver."),
    FRONT,
    slider=(-5_000, 20_000, 100),
)
FRONT_BUYERS = Assumption(
    _("Front buyers"),
    _("People who buy the front offer in the time for which you plan."),
    FRONT,
    slider=(0, 2_000, 10),
)
BACK_RATE = Assumption(
    _("Back-end rate"),
    _("Of all front buyers, the share who later take the back offer."),
    BACK,
    slider=(0, 0.3, 0.001),
)
BACK_MARGIN = Assumption(
    _("Back margin"),
    _("Contribution margin of one back sale: price − fees − what it costs to deliver."),
    BACK,
    slider=(0, 500_000, 1_000),
)
VISIT_MARGIN = Assumption(
    _("Visit margin"),
    _("Contribution margin of one visit."),
    MESSAGES,
    slider=(-1_000, 10_000, 100),
)
MESSAGE_COST = Assumption(
    _("Message cost"),
    _("What one message to one contact costs."),
    MESSAGES,
    slider=(0, 20, 0.5),
    basis=_("LINE's published price beyond the plan, at most"),
    low=0,
)
DISCOUNT_RATE = Assumption(
    _("Discount rate"),
    _("Of each yen, the share by which waiting one period makes it worth less."),
    MESSAGES,
    slider=(0, 0.05, 0.001),
)
