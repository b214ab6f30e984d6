"""Practice for the front door: one check, to meet checks."""

from twostep._text import _
from twostep.practice._exercise import Figure, Mistake
from twostep.practice._shown import Number, Numbers
from twostep.units import PEOPLE, RATE

share_of = Figure(
    key="start-here-share",
    given=Numbers(
        Number("guests", _("Guests at the free tasting"), PEOPLE, 450),
        Number("rate", _("Of these, the share who book a dinner"), RATE, 0.06),
    ),
    unit=PEOPLE,
    tolerance=0.05,
    answer=lambda n: n.guests * n.rate,
    means=_("Six of every hundred, in four and a half hundreds. All checks work like this one."),
    mistakes=(
        Mistake(
            lambda n: n.rate * 100,
            _("That is how many of a hundred. There are {guests} guests."),
        ),
        Mistake(
            lambda n: n.guests * n.rate * 100,
            _("In code {rate} is typed as `0.06`, because 6 of 100 is 6 ÷ 100."),
        ),
        Mistake(
            lambda n: n.guests * (1 - n.rate),
            _("So many do not book. The question is who does."),
        ),
        Mistake(
            lambda n: n.guests / (n.rate * 100),
            _("You divided. A share of something is taken by multiplying: `*`."),
        ),
    ),
    hint=_("How many of the first hundred guests? And of the second hundred?"),
)
