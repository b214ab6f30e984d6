"""Practice for the front door: one question and one check, to meet both."""

from twostep._text import _
from twostep.models.promise import Capacity
from twostep.practice._exercise import Choice, Figure, Mistake
from twostep.practice._shown import Number, Numbers, Option
from twostep.units import PEOPLE, RATE

predict = Choice(
    key="start-here-predict",
    given=Numbers.of(Capacity()),
    unit=PEOPLE,
    question=_("How many clients then fit in at the same time?"),
    options=(
        Option(
            "half-as-many",
            "{value}",
            _("Twice the hours for each, half as many clients. The calculator below agrees."),
            formula=lambda n: n.scenario(Capacity, hours_per_client=10).concurrent_clients,
            right=True,
        ),
        Option(
            "hours-subtracted",
            "{value}",
            _(
                "So it would be if all of them together took five hours more. Each of them does: "
                "divide the hours of a month by the hours of one client."
            ),
            formula=lambda n: n.scenario(Capacity).concurrent_clients - n.hours_per_client,
        ),
        Option(
            "same-as-before",
            "{value}",
            _("The hours of a month stay the same. They are enough for fewer clients now."),
            formula=lambda n: n.scenario(Capacity).concurrent_clients,
        ),
    ),
    hint=_("How often do ten hours fit into eighty?"),
)

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
