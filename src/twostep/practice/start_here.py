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
    of=lambda n: n.guests,
    answer=lambda n: n.guests * n.rate,
    means=_("Six of every hundred, in four and a half hundreds. All checks work like this one."),
    mistakes=(
        Mistake(
            "of-one-hundred",
            lambda n: n.rate * 100,
            _("That is how many of a hundred. There are {guests} guests."),
        ),
        Mistake(
            "those-who-do-not",
            lambda n: n.guests * (1 - n.rate),
            _("So many do not book. The question is who does."),
        ),
        Mistake(
            "divided",
            lambda n: n.guests / (n.rate * 100),
            _("You divided. A share of something is taken by multiplying: `*`."),
        ),
    ),
    hint=_("How many of the first hundred guests? And of the second hundred?"),
)
