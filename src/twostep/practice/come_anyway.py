"""Practice for lesson 04: who would have come anyway."""

from dataclasses import replace

from twostep._text import _
from twostep.models.occasions import LossLeader, RainyDayOffer
from twostep.practice._exercise import Choice, Figure, Mistake
from twostep.practice._shown import Number, Numbers, Option
from twostep.practice._worksheet import Line
from twostep.units import PEOPLE, RATE, YEN

EXPERIMENT = Numbers(
    Number("mailed", _("Buyers with the men's e-mail"), PEOPLE, 267),
    Number("none", _("Buyers without any e-mail"), PEOPLE, 122),
)
"""The published counts; the page shows them from the data, and a test compares."""

predict = Choice(
    key="come-anyway-predict",
    given=EXPERIMENT,
    unit=PEOPLE,
    question=_("How many of the {mailed} buyers bought because of the e-mail?"),
    options=(
        Option(
            "all-of-them",
            _("{value}: they got it, and then they bought"),
            _("After is not because. In the group without any e-mail {none} bought too."),
            formula=lambda n: n.mailed,
        ),
        Option(
            "more-than-half",
            _("{value}: all but as many as bought without it"),
            _(
                "The groups are equally large and made by chance. So {none} of these buyers would "
                "have bought anyway, and {value} came on top."
            ),
            formula=lambda n: n.mailed - n.none,
            right=True,
        ),
        Option(
            "none-of-them",
            _("{value}: who wants trousers buys them anyway"),
            _("Then both groups would have bought about as often. They did not."),
            formula=lambda _n: 0,
        ),
        Option(
            "those-without",
            _("{value}: as many as bought without an e-mail"),
            _("Those are the ones who would have bought anyway. Take them off."),
            formula=lambda n: n.none,
        ),
    ),
    hint=_("How many would have bought if nobody had got an e-mail?"),
)

FRIDAY = Numbers.of(RainyDayOffer(usual_visits=38))
MONDAY = RainyDayOffer()

predict_friday = Choice(
    key="come-anyway-predict-friday",
    given=FRIDAY,
    unit=YEN,
    question=_("On Friday {usual_visits} of {seats} seats are taken anyway. The message brings …"),
    options=(
        Option(
            "as-on-any-evening",
            _("{about}: the message is the same"),
            _("The message is the same, the free seats are not: only two are left."),
            formula=lambda _n: MONDAY.extra_profit,
        ),
        Option(
            "only-the-extra-guests",
            _("{about}: two more guests, less the messages"),
            _(
                "You forgot the guests who are there anyway. {redeeming_share} of {usual_visits} "
                "take the cheap beer too."
            ),
            formula=lambda n: n.scenario(RainyDayOffer, redeeming_share=0).extra_profit,
        ),
        Option(
            "gift-to-the-guests",
            _("{about}: a present to those who sit there"),
            _("Two guests more, and a present to nearly all the others: {value}."),
            formula=lambda n: n.scenario(RainyDayOffer).extra_profit,
            right=True,
        ),
        Option(
            "price-of-the-messages",
            _("{about}: it costs what the messages cost"),
            _("The messages are the smaller part. The discount goes to everybody who is there."),
            formula=lambda n: -n.friends * n.message_cost,
        ),
    ),
    hint=_("Who comes on top? And who takes the discount?"),
)

cards = Figure(
    key="come-anyway-cards",
    given=Numbers(
        Number("with_card", _("Customers who got a card"), PEOPLE, 310),
        Number("booked_with", _("Of these, those who booked"), PEOPLE, 36),
        Number("booked_without", _("Bookings among as many who got none"), PEOPLE, 26),
        Number("cost", _("Cost of all cards"), YEN, 45_000),
    ),
    unit=YEN,
    answer=lambda n: n.cost / (n.booked_with - n.booked_without),
    means=_(
        "Ten bookings came on top, not {booked_with}. Whether that is expensive depends on what a "
        "booking leaves."
    ),
    mistakes=(
        Mistake(
            "all-bookings-counted",
            lambda n: n.cost / n.booked_with,
            _("You gave the card credit for all {booked_with}. {booked_without} came without one."),
        ),
        Mistake(
            "cost-of-a-card",
            lambda n: n.cost / n.with_card,
            _("That is the cost of one card. Most cards bring nobody."),
        ),
        Mistake(
            "bookings-without",
            lambda n: n.cost / n.booked_without,
            _("Those booked without a card. They cost nothing; take them off."),
        ),
        Mistake(
            "both-groups-together",
            lambda n: n.cost / (n.booked_with + n.booked_without),
            _("You added both groups. The second one shows what happens without a card."),
        ),
    ),
    hint=_("How many bookings came on top?"),
)

RAMEN = Numbers(
    Number("usual_visits", _("Guests who come anyway"), PEOPLE, 20),
    Number("redeeming_share", _("Of these, the share who use the offer"), RATE, 0.80),
    Number("discount", _("Discount for each who uses it"), YEN, 200),
    Number("friends", _("Friends who get the message"), PEOPLE, 500),
    Number("message_cost", _("Cost of one message"), YEN, 4),
    Number("visit_margin", _("What a guest leaves, before the discount"), YEN, 900),
)


def ramen_guests(n: Numbers, **changes: float) -> float:
    """The extra guests that repay a message, with some of the numbers changed."""
    return float(n.scenario(RainyDayOffer, seats=100, **changes).break_even_extra_visits)


ramen = Figure(
    key="come-anyway-ramen",
    given=RAMEN,
    unit=PEOPLE,
    whole=True,
    answer=ramen_guests,
    means=_("With one guest fewer the message costs more than it brings."),
    mistakes=(
        Mistake(
            "usual-guests-forgotten",
            lambda n: ramen_guests(n, redeeming_share=0),
            _("You forgot the guests who come anyway: {redeeming_share} of {usual_visits} use it."),
        ),
        Mistake(
            "messages-forgotten",
            lambda n: ramen_guests(n, message_cost=0),
            _("You forgot the messages: {friends} at {message_cost} each."),
        ),
        Mistake(
            "everybody-redeems",
            lambda n: ramen_guests(n, redeeming_share=1),
            _("You gave the discount to all usual guests. {redeeming_share} of them use it."),
        ),
        Mistake(
            "full-margin-of-extra-guests",
            lambda n: (
                (n.usual_visits * n.redeeming_share * n.discount + n.friends * n.message_cost)
                / n.visit_margin
            ),
            _("Extra guests use the offer too: each leaves {visit_margin} less {discount}."),
        ),
    ),
    hint=_("What does the message cost in all? What does one extra guest leave, discount paid?"),
)

COUNTER = Numbers.of(LossLeader())
"""The fast-food counter of the exercise: the model's own assumptions."""


def counter(n: Numbers, **changes: float) -> LossLeader:
    """The counter's scenario, with some of the numbers changed."""
    return n.scenario(LossLeader, **changes)


new_bring = Figure(
    key="come-anyway-new",
    given=COUNTER,
    unit=YEN,
    answer=lambda n: counter(n).extra_profit_ignoring_switchers,
    means=_("So much the new customers bring a day. It is only half of the story."),
    mistakes=(
        Mistake(
            "item-alone",
            lambda n: n.new_customers * counter(n).leader_margin,
            _("That is the cheap item alone. {attach_rate} of them buy something else too."),
        ),
        Mistake(
            "attached-alone",
            lambda n: n.new_customers * n.attach_rate * n.attach_margin,
            _("You left out the cheap item itself. It leaves something too."),
        ),
        Mistake(
            "everybody-attaches",
            lambda n: n.new_customers * (counter(n).leader_margin + n.attach_margin),
            _("You let everybody buy something else. It is {attach_rate} of them."),
        ),
    ),
    hint=_("What does one new customer leave, on average?"),
)

switchers_cost = Figure(
    key="come-anyway-switchers",
    given=COUNTER,
    unit=YEN,
    answer=lambda n: counter(n).extra_profit_ignoring_switchers - counter(n).extra_profit,
    means=_(
        "These customers would have come anyway, and now leave less. Nobody counts them at the "
        "counter."
    ),
    mistakes=(
        Mistake(
            "full-margin-lost",
            lambda n: n.usual_customers * n.switch_rate * n.usual_margin,
            _("They still leave something: the margin of the cheap item."),
        ),
        Mistake(
            "everybody-switches",
            lambda n: n.usual_customers * (n.usual_margin - counter(n).leader_margin),
            _("Only {switch_rate} of the usual customers switch."),
        ),
        Mistake(
            "price-for-margin-of-the-item",
            lambda n: n.usual_customers * n.switch_rate * (n.usual_margin - n.leader_price),
            _("You took the price of the cheap item. What it leaves is its price less its cost."),
        ),
    ),
    hint=_("How many usual customers switch? How much less does each of them leave?"),
)

profit = Figure(
    key="come-anyway-profit",
    given=COUNTER,
    unit=YEN,
    answer=lambda n: counter(n).extra_profit,
    means=_(
        "What the item really brings a day, when those who would have come anyway are counted."
    ),
    mistakes=(
        Mistake(
            "switchers-forgotten",
            lambda n: counter(n).extra_profit_ignoring_switchers,
            _("You forgot the usual customers who switch to the cheap item."),
        ),
        Mistake(
            "switchers-added",
            lambda n: 2 * counter(n).extra_profit_ignoring_switchers - counter(n).extra_profit,
            _("You added what the switchers cost. Take it off."),
        ),
        Mistake(
            "switchers-alone",
            lambda n: counter(n).extra_profit - counter(n).extra_profit_ignoring_switchers,
            _("That is the loss by those who switch. The new customers bring something."),
        ),
    ),
    hint=_("What the new ones bring, less what the switchers cost."),
)

predict_switch = Choice(
    key="come-anyway-predict-switch",
    given=Numbers.of(LossLeader(switch_rate=0.20)),
    unit=YEN,
    question=_(
        "Suppose {switch_rate} of the usual customers switch. What does the item bring a day?"
    ),
    options=(
        Option(
            "half-as-much",
            "{about}",
            _("The loss by switchers grows with their number; what the new ones bring does not."),
            formula=lambda _n: LossLeader().extra_profit / 2,
        ),
        Option(
            "a-loss",
            "{about}",
            _("The switchers now cost more than the new customers bring: {value}."),
            formula=lambda n: n.scenario(LossLeader).extra_profit,
            right=True,
        ),
        Option(
            "switchers-forgotten",
            "{about}",
            _("That is what the new customers bring. Those who switch are missing."),
            formula=lambda n: n.scenario(LossLeader).extra_profit_ignoring_switchers,
        ),
        Option(
            "all-lost",
            "{about}",
            _("That is what the switchers cost alone. The new customers still bring something."),
            formula=lambda n: (
                n.scenario(LossLeader).extra_profit
                - n.scenario(LossLeader).extra_profit_ignoring_switchers
            ),
        ),
    ),
    hint=_("Which of the two parts changes?"),
)

switch_limit = Figure(
    key="come-anyway-switch-limit",
    given=COUNTER,
    unit=RATE,
    of=lambda n: n.usual_customers,
    answer=lambda n: (
        counter(n).extra_profit_ignoring_switchers
        / (n.usual_customers * (n.usual_margin - counter(n).leader_margin))
    ),
    means=_("If more of the usual customers switch, the item loses money."),
    mistakes=(
        Mistake(
            "full-margin-lost",
            lambda n: (
                counter(n).extra_profit_ignoring_switchers / (n.usual_customers * n.usual_margin)
            ),
            _("A switcher still leaves something: the margin of the cheap item."),
        ),
        Mistake(
            "room-left",
            lambda n: (
                counter(n).extra_profit
                / (n.usual_customers * (n.usual_margin - counter(n).leader_margin))
            ),
            _("That is how many *more* may switch. {switch_rate} do so already."),
        ),
        Mistake(
            "of-the-new-customers",
            lambda n: n.new_customers / n.usual_customers,
            _("You compared numbers of people. What counts is what each of them leaves."),
        ),
    ),
    hint=_("What do the new ones bring? How many switchers does it take to lose just that?"),
)

own_profit = replace(
    profit,
    key="come-anyway-own-profit",
    own=LossLeader,
    means=_("This agrees with the numbers you typed. How many switch, only a test can tell."),
)

WORKSHEET = Line(
    chapter="04",
    question=_("Who would have come anyway"),
    words={
        "message": _("My message or offer to people who know me"),
        "anyway": _("Who of them would have come anyway"),
        "test": _("How I find out with a coin, and until when"),
    },
    rule=_("I credit my offer only with those who come on top. I test it like this: {test}"),
)
