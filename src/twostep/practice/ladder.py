"""Practice for lesson 07: hours and people, the ladder, and a second back offer."""

from twostep._text import _
from twostep.models.ladder import OfferLadder
from twostep.models.promise import Capacity
from twostep.practice._exercise import Choice, Figure, Mistake
from twostep.practice._shown import Number, Numbers, Option
from twostep.practice._worksheet import Line
from twostep.units import MONTHS, NUMBER, PEOPLE, RATE, YEN

LADDER = (
    "leads",
    "front_rate",
    "front_purchases",
    "front_margin",
    "back_rate",
    "back_margin",
)

# The lesson

EMI = Numbers.of(OfferLadder(front_margin=4_500, back_margin=229_200), *LADDER)
"""An invented adviser: guides in front, individual support behind them."""

SALES = Numbers(
    Number("clients", _("Clients"), PEOPLE, 10),
    Number("client_hours", _("Hours for one client, a month"), NUMBER, 5),
    Number("client_months", _("Months that a client stays"), MONTHS, 6),
    Number("guides", _("Guides sold"), NUMBER, 602),
    Number("guide_hours", _("Hours for one guide"), NUMBER, 0.1),
)


def client_time(n: Numbers) -> float:
    """The hours that all clients take, until the last month of each."""
    return n.clients * n.client_hours * n.client_months


predict = Choice(
    key="ladder-predict",
    given=SALES,
    unit=NUMBER,
    question=_("Which of the two takes more of Emi's time?"),
    options=(
        Option(
            "counts-people",
            _("The guides: {guides} buyers are more work than {clients}."),
            _(
                "They are many, but each takes six minutes. Multiply the people by the time that "
                "one of them takes."
            ),
        ),
        Option(
            "one-month-only",
            _("The guides: the clients take only {value} hours."),
            _("So much the clients take in one month. But each of them stays for {client_months}."),
            formula=lambda n: n.clients * n.client_hours,
        ),
        Option(
            "hours-of-all-months",
            _("The clients: together they take {value} hours."),
            _(
                "{clients} clients, {client_hours} hours a month, {client_months}. The guides take "
                "about 60 hours."
            ),
            formula=client_time,
            right=True,
        ),
        Option(
            "same-takings-same-work",
            _("Neither: the same takings are the same work."),
            _("Takings say what customers pay. They do not say how long you work for it."),
        ),
    ),
    hint=_("How long does one client take in all? And one guide?"),
)

predict_multiplier = Choice(
    key="ladder-predict-multiplier",
    given=EMI
    + Numbers.of(EMI.scenario(OfferLadder), "front_income")
    + Numbers(
        Number("front_price", _("Price of a guide"), YEN, 4_980),
        Number("back_price", _("Price of the support"), YEN, 300_000),
    ),
    unit=NUMBER,
    question=_(
        "Emi has sold guides only. Now {back_rate} of her buyers take the support as well. How "
        "many times as much do both together leave?"
    ),
    options=(
        Option(
            "as-the-margins",
            _("{about} times"),
            _(
                "So it would be if every guide became a client. Of twenty buyers a month only one "
                "takes the support."
            ),
            formula=lambda n: n.back_margin / n.front_margin,
        ),
        Option(
            "few-buyers",
            _("{value} times"),
            _(
                "One buyer in twenty is few. But this one leaves more than fifty guides do. Count "
                "the yen, not the people."
            ),
            formula=lambda n: 1 + n.back_rate,
        ),
        Option(
            "by-prices",
            _("{value} times"),
            _("You compared prices. A price is not what is left of it: use the margins."),
            formula=lambda n: 1 + n.back_rate * n.back_price / (n.front_purchases * n.front_price),
        ),
        Option(
            "by-margins",
            _("{value} times"),
            _(
                "Twenty buyers leave {front_income} for their guides. One of them leaves "
                "{back_margin} more."
            ),
            formula=lambda n: n.scenario(OfferLadder).multiplier,
            right=True,
        ),
    ),
    hint=_("What do the buyers of one month leave for guides? And the one who takes the support?"),
)

BUYERS = Numbers(
    Number("want_first", _("Would take the support"), PEOPLE, 12),
    Number("want_second", _("Would take the course"), PEOPLE, 12),
    Number("want_either", _("Counted in both: would take either"), PEOPLE, 3),
    Number("margin_first", _("One client leaves"), YEN, 229_200),
    Number("margin_second", _("One place in the course leaves"), YEN, 50_000),
    Number("build_second", _("Preparing the course costs"), YEN, 300_000),
)


def added(n: Numbers, places: float) -> float:
    """What the second offer adds with so many places sold, and the first offer untouched."""
    return places * n.margin_second - n.build_second


def new_buyers(n: Numbers) -> float:
    """Those who would take the second offer and not the first."""
    return n.want_second - n.want_either


predict_second = Choice(
    key="ladder-predict-second",
    given=BUYERS,
    unit=YEN,
    question=_(
        "The course is offered only to those who have said no to the support. What does it add in "
        "a year?"
    ),
    options=(
        Option(
            "new-people-only",
            _("{value}: nine new people take it"),
            _(
                "Twelve would take the course. But three of them take the support, which is "
                "offered first. Nine are left."
            ),
            formula=lambda n: added(n, new_buyers(n)),
            right=True,
        ),
        Option(
            "counted-twice",
            _("{value}: all twelve of them take it"),
            _("Three of the twelve have taken the support. They are counted there already."),
            formula=lambda n: added(n, n.want_second),
        ),
        Option(
            "build-left-out",
            _("{value}: nine places are sold"),
            _("So much the nine places leave. Preparing the course costs {build_second}."),
            formula=lambda n: new_buyers(n) * n.margin_second,
        ),
        Option(
            "takes-from-the-first",
            _("{value}: three clients are lost"),
            _(
                "So it is if the course stands beside the support, and three people take the "
                "cheaper one. Here they hear of the course only after a no. The page comes back "
                "to this."
            ),
            formula=lambda n: added(n, n.want_second) - n.want_either * n.margin_first,
        ),
    ),
    hint=_("Who has said no to the support, and would take the course?"),
)

seats = Figure(
    key="ladder-seats",
    given=Numbers(
        Number("seats", _("Seats"), NUMBER, 30),
        Number("evenings", _("Full evenings a month"), NUMBER, 8),
        Number("front_margin", _("A guest with one dish leaves"), YEN, 1_800),
        Number("front_guests", _("Guests with one dish, one by one, on a seat"), NUMBER, 2),
        Number("back_margin", _("A guest with the set dinner leaves"), YEN, 3_000),
    ),
    unit=YEN,
    answer=lambda n: n.seats * n.evenings * (n.front_guests * n.front_margin - n.back_margin),
    means=_(
        "On a full evening a seat leaves more with two guests than with one set dinner. The owner "
        "compared guests; he is short of seats. On an evening with empty seats he may be right."
    ),
    mistakes=(
        Mistake(
            "guests-compared",
            lambda n: n.seats * n.evenings * (n.back_margin - n.front_margin),
            _(
                "That compares one guest with one guest. How many guests sit on a seat in one "
                "evening?"
            ),
        ),
        Mistake(
            "one-evening",
            lambda n: n.seats * (n.front_guests * n.front_margin - n.back_margin),
            _("That is one evening. There are {evenings} a month."),
        ),
        Mistake(
            "one-seat",
            lambda n: n.front_guests * n.front_margin - n.back_margin,
            _("That is one seat on one evening. Count all seats and all evenings."),
        ),
        Mistake(
            "one-dish-only",
            lambda n: n.seats * n.evenings * n.front_guests * n.front_margin,
            _("So much all seats leave without the set dinner. Take off what they leave with it."),
        ),
        Mistake(
            "set-dinner-only",
            lambda n: n.seats * n.evenings * n.back_margin,
            _("So much all seats leave with the set dinner. Compare it with two guests on a seat."),
        ),
        Mistake(
            "two-dinners",
            lambda n: n.seats * n.evenings * n.front_guests * (n.back_margin - n.front_margin),
            _("You put two set dinners on a seat. Who takes it keeps the seat all evening."),
        ),
    ),
    hint=_("What does one seat leave on one evening, with the set dinner and without it?"),
)

pupils = Figure(
    key="ladder-pupils",
    given=Numbers(
        Number("hours", _("Hours for pupils, a month"), NUMBER, 48),
        Number("pupil_hours", _("Hours for one pupil, a month"), NUMBER, 4),
        Number("pupil_months", _("Months that a pupil stays"), MONTHS, 8),
    ),
    unit=PEOPLE,
    answer=lambda n: n.hours / (n.pupil_hours * n.pupil_months),
    means=_(
        "Three new pupils in two months. Twelve fit at the same time, and a place is free again "
        "only after {pupil_months}."
    ),
    mistakes=(
        Mistake(
            "at-the-same-time",
            lambda n: n.hours / n.pupil_hours,
            _(
                "That is the teacher's sum: so many fit at the same time. Next month the places "
                "are still taken, for each pupil stays {pupil_months}."
            ),
        ),
        Mistake(
            "months-only",
            lambda n: n.hours / n.pupil_months,
            _("You left out that one pupil takes {pupil_hours} hours a month."),
        ),
        Mistake(
            "months-multiplied",
            lambda n: n.hours / n.pupil_hours * n.pupil_months,
            _("You multiplied by the months. The longer a pupil stays, the fewer new ones fit."),
        ),
        Mistake(
            "hours-of-one-pupil",
            lambda n: n.pupil_hours * n.pupil_months,
            _("So many hours one pupil takes in all. How many pupils do {hours} hours allow?"),
        ),
    ),
    hint=_("How many fit at the same time? How many of these places become free in a month?"),
)

# The exercise: Sora's bags

BAG = Numbers(
    Number("back_price", _("Price of a bag"), YEN, 132_000),
    Number("back_margin", _("A bag leaves"), YEN, 96_000),
    Number("bag_hours", _("Hours for one bag, a month"), NUMBER, 12),
    Number("bag_months", _("Months that a bag takes"), MONTHS, 2),
)

SORA = Numbers.of(
    OfferLadder(
        leads=80,
        front_rate=0.5,
        front_purchases=1.2,
        front_margin=3_000,
        back_rate=0.04,
        back_margin=96_000,
    ),
    *LADDER,
)
"""An invented leather worker: care of old bags in front, a bag made to measure behind it."""

sora_hour = Figure(
    key="ladder-sora-hour",
    given=BAG + Numbers(Number("care_hour", _("One hour of care leaves"), YEN, 6_000)),
    unit=YEN,
    answer=lambda n: n.back_margin / (n.bag_hours * n.bag_months),
    means=_("Care of an old bag leaves {care_hour} an hour. By the hour, the bag leaves less."),
    mistakes=(
        Mistake(
            "one-month-only",
            lambda n: n.back_margin / n.bag_hours,
            _("You counted the hours of one month. A bag takes {bag_months}."),
        ),
        Mistake(
            "by-months",
            lambda n: n.back_margin / n.bag_months,
            _("That is what a bag leaves for each month of work. The question is one hour."),
        ),
        Mistake(
            "hours-only",
            lambda n: n.bag_hours * n.bag_months,
            _("So many hours a bag takes. How much does each of them leave?"),
        ),
        Mistake(
            "months-multiplied",
            lambda n: n.back_margin / n.bag_hours * n.bag_months,
            _("You multiplied by the months. The longer it takes, the less one hour leaves."),
        ),
    ),
    hint=_("How many hours does one bag take in all?"),
)

sora_multiplier = Figure(
    key="ladder-sora-multiplier",
    given=SORA,
    page=EMI,
    unit=NUMBER,
    answer=lambda n: n.scenario(OfferLadder).multiplier,
    means=_("With the bags Sora earns so many times what the care alone brings."),
    mistakes=(
        Mistake(
            "front-left-out",
            lambda n: n.scenario(OfferLadder).multiplier - 1,
            _("So many times the front income the bags *add*. The front income stays: add 1."),
        ),
        Mistake(
            "purchases-left-out",
            lambda n: 1 + n.back_rate * n.back_margin / n.front_margin,
            _(
                "You counted one purchase for each buyer of the care. On average it is "
                "{front_purchases}."
            ),
        ),
        Mistake(
            "bag-for-everybody",
            lambda n: 1 + n.back_margin / (n.front_purchases * n.front_margin),
            _("You let every buyer take a bag. Only {back_rate} do."),
        ),
        Mistake(
            "front-rate-again",
            lambda n: (
                1
                + n.front_rate * n.back_rate * n.back_margin / (n.front_purchases * n.front_margin)
            ),
            _(
                "You took the front-end rate once more for the bags. The {back_rate} are already a "
                "share of the front buyers."
            ),
        ),
        Mistake(
            "income-in-yen",
            lambda n: n.scenario(OfferLadder).income,
            _("That is the income in yen. How many times the front income is it?"),
        ),
    ),
    hint=_("What do all buyers leave for the care? What do the bags leave? Both ÷ the first."),
)

sora_leads = Figure(
    key="ladder-sora-leads",
    given=Numbers(
        Number("hours", _("Hours for bags, a month"), NUMBER, 60),
        Number("bag_hours", _("Hours for one bag, a month"), NUMBER, 12),
        Number("bag_months", _("Months that a bag takes"), MONTHS, 2),
    )
    + Numbers.of(SORA.scenario(OfferLadder), "front_rate", "back_rate"),
    unit=PEOPLE,
    answer=lambda n: n.hours / (n.bag_hours * n.bag_months) / n.front_rate / n.back_rate,
    means=_(
        "Up to here more leads bring more bags. Beyond it the hours are the limit, and more "
        "advertising fills only a waiting list."
    ),
    mistakes=(
        Mistake(
            "at-the-same-time",
            lambda n: n.hours / n.bag_hours / n.front_rate / n.back_rate,
            _("So many bags are on the table at the same time. A bag takes {bag_months}."),
        ),
        Mistake(
            "front-buyers",
            lambda n: n.hours / (n.bag_hours * n.bag_months) / n.back_rate,
            _("So many buyers of the care she needs. Only {front_rate} of leads buy it."),
        ),
        Mistake(
            "back-rate-left-out",
            lambda n: n.hours / (n.bag_hours * n.bag_months) / n.front_rate,
            _("You left out that only {back_rate} of those who buy the care want a bag."),
        ),
        Mistake(
            "rates-added",
            lambda n: n.hours / (n.bag_hours * n.bag_months) / (n.front_rate + n.back_rate),
            _("You added the rates. Each is a share of the step before, so divide by both."),
        ),
        Mistake(
            "bags-only",
            lambda n: n.hours / (n.bag_hours * n.bag_months),
            _("So many bags a month her hours allow. How many leads does it take to sell them?"),
        ),
    ),
    hint=_("How many new bags a month do her hours allow? How many leads make one bag?"),
)

WALLET = Numbers(
    Number("want_first", _("Would take the bag"), PEOPLE, 9),
    Number("want_second", _("Would take the wallet"), PEOPLE, 14),
    Number("want_either", _("Counted in both: would take either"), PEOPLE, 4),
    Number("margin_first", _("A bag leaves"), YEN, 96_000),
    Number("margin_second", _("A wallet leaves"), YEN, 15_000),
    Number("build_second", _("Patterns and tools for the wallet"), YEN, 90_000),
)

sora_wallet = Figure(
    key="ladder-sora-wallet",
    given=WALLET,
    unit=YEN,
    answer=lambda n: added(n, new_buyers(n)),
    means=_("Ten new buyers, less what the patterns cost. The four are paid for with their bags."),
    mistakes=(
        Mistake(
            "counted-twice",
            lambda n: added(n, n.want_second),
            _(
                "The {want_either} who would take either have taken the bag: do not count them "
                "twice."
            ),
        ),
        Mistake(
            "build-left-out",
            lambda n: new_buyers(n) * n.margin_second,
            _("So much the wallets leave. Patterns and tools cost {build_second}."),
        ),
        Mistake(
            "either-only",
            lambda n: added(n, n.want_either),
            _("These {want_either} take the bag. Count those who want the wallet and no bag."),
        ),
        Mistake(
            "everybody-added",
            lambda n: added(n, n.want_first + n.want_second),
            _("That is her brother's {want_first} + {want_second}. Who buys a *wallet*?"),
        ),
        Mistake(
            "people-added",
            lambda n: added(n, n.want_first + n.want_second - n.want_either),
            _("That counts everybody who buys something. Who buys a *wallet*?"),
        ),
    ),
    hint=_("Draw two circles that overlap. Who is in the second circle and not in the first?"),
)

sora_beside = Choice(
    key="ladder-sora-beside",
    given=WALLET,
    unit=YEN,
    question=_(
        "Now both stand side by side in the shop window, and the {want_either} who would take "
        "either take the wallet. What does the wallet change in a year?"
    ),
    options=(
        Option(
            "wallets-only",
            _("{value}: four wallets more are sold"),
            _("Four wallets more, but also four bags fewer. Count what is lost."),
            formula=lambda n: added(n, n.want_second),
        ),
        Option(
            "as-before",
            _("{value}: the same people buy"),
            _("The same people buy, but four of them buy something that leaves less."),
            formula=lambda n: added(n, new_buyers(n)),
        ),
        Option(
            "bags-lost",
            _("{value}: four bags fewer are sold"),
            _(
                "Fourteen wallets and their patterns, less four bags. One cheaper offer can cost "
                "more than it brings."
            ),
            formula=lambda n: added(n, n.want_second) - n.want_either * n.margin_first,
            right=True,
        ),
        Option(
            "four-pay-nothing",
            _("{value}: the four are lost"),
            _("They are not lost: each pays for a wallet, which leaves {margin_second}."),
            formula=lambda n: added(n, new_buyers(n)) - n.want_either * n.margin_first,
        ),
    ),
    hint=_("How many wallets are sold now? How many bags fewer?"),
)

sora_rate = Figure(
    key="ladder-sora-rate",
    given=Numbers(
        Number("old_rate", _("Of those who buy the care, want a bag today"), RATE, 0.04),
        Number("old_price", _("Price of a bag today"), YEN, 132_000),
        Number("old_margin", _("It leaves today"), YEN, 96_000),
        Number("new_price", _("Price of a bag with a repair service"), YEN, 176_000),
        Number("new_margin", _("It then leaves"), YEN, 128_000),
    ),
    unit=RATE,
    answer=lambda n: n.old_rate * n.old_margin / n.new_margin,
    means=_(
        "So many must still want it. Whether they do depends on what the repair service is worth "
        "to them, not on the margin. And fewer bags take fewer hours."
    ),
    mistakes=(
        Mistake(
            "same-percent-off",
            lambda n: n.old_rate * (2 - n.new_margin / n.old_margin),
            _(
                "You took off from the rate the percent that the margin rises by. Then both "
                "together make less than before. Which share of the new margin makes the old sum?"
            ),
        ),
        Mistake(
            "upside-down",
            lambda n: n.old_rate * n.new_margin / n.old_margin,
            _("At a higher margin fewer buyers are enough, not more: turn it round."),
        ),
        Mistake(
            "what-may-be-lost",
            lambda n: n.old_rate - n.old_rate * n.old_margin / n.new_margin,
            _("So much the rate may fall. The question is which rate is still enough."),
        ),
    ),
    hint=_("What do 100 buyers of the care leave in bags today? How many new bags leave that?"),
)

cheap_first = Choice(
    key="ladder-cheap-first",
    question=_(
        "“Who cannot sell something cheap cannot sell something expensive.” Which count would show "
        "whether that is true?"
    ),
    options=(
        Option(
            "looks-back",
            _("Of those who sell expensive things: how many sold cheap ones before?"),
            _(
                "Nearly everybody begins with something cheap, those who failed too. Looking back "
                "from success, you do not see them."
            ),
        ),
        Option(
            "compares-both",
            _("Of those who failed with cheap things: do fewer sell expensive ones?"),
            _(
                "Fewer than of those who did not fail: two groups, counted in the same way. That "
                "is what the sentence says. Nobody gives this count."
            ),
            right=True,
        ),
        Option(
            "only-those-who-can",
            _("Of those who sold cheap things well: how many sell expensive ones?"),
            _(
                "That tests another sentence: who can sell cheap things can sell expensive ones. "
                "It says nothing about those who cannot."
            ),
        ),
        Option(
            "no-count",
            _("No count: selling is learnt on cheap things, as everybody knows."),
            _("That repeats the sentence in other words. Perhaps it is true; a count would show."),
        ),
    ),
    hint=_("The sentence is about those who *cannot*. With whom must they be compared?"),
)

own_new = Figure(
    key="ladder-own-new",
    own=Capacity,
    given=Numbers.of(Capacity(hours_per_month=70, hours_per_client=4, months_per_client=5)),
    unit=PEOPLE,
    answer=lambda n: n.hours_per_month / (n.hours_per_client * n.months_per_client),
    means=_(
        "This agrees with the numbers you typed: your hours allow so many new clients a month. "
        "Whether the hours are true, only your calendar can tell."
    ),
    mistakes=(
        Mistake(
            "at-the-same-time",
            lambda n: n.hours_per_month / n.hours_per_client,
            _("So many fit at the same time. Each keeps the place for {months_per_client}."),
        ),
        Mistake(
            "months-only",
            lambda n: n.hours_per_month / n.months_per_client,
            _("You left out the hours that one client takes in a month."),
        ),
        Mistake(
            "months-multiplied",
            lambda n: n.hours_per_month / n.hours_per_client * n.months_per_client,
            _("You multiplied by the months. The longer a client stays, the fewer new ones fit."),
        ),
    ),
    hint=_("Hours a month ÷ (hours per client × months per client), with your own numbers."),
)

own_multiplier = Figure(
    key="ladder-own-multiplier",
    own=OfferLadder,
    given=Numbers.of(
        OfferLadder(
            leads=90,
            front_rate=0.2,
            front_purchases=1.3,
            front_margin=2_500,
            back_rate=0.06,
            back_margin=70_000,
        )
    ),
    unit=NUMBER,
    answer=lambda n: n.scenario(OfferLadder).multiplier,
    means=_(
        "This agrees with the numbers you typed: so many times your front income you would earn. "
        "Whether people want the back offer, only their answers can tell."
    ),
    mistakes=(
        Mistake(
            "front-left-out",
            lambda n: n.scenario(OfferLadder).multiplier - 1,
            _("So many times the front income the back offer *adds*. The front income stays."),
        ),
        Mistake(
            "income-in-yen",
            lambda n: n.scenario(OfferLadder).income,
            _("That is the income in yen. How many times the front income is it?"),
        ),
        Mistake(
            "upside-down",
            lambda n: 1 / n.scenario(OfferLadder).multiplier,
            _("You divided the front income by the income of both. Turn it round."),
        ),
    ),
    hint=_("Income of both ÷ front income: `mine.income / mine.front_income`."),
)

WORKSHEET = Line(
    chapter="07",
    question=_("What I sell next, and what limits me"),
    words={
        "next_offer": _("What I sell next"),
        "short": _("What I have too little of: hours or people"),
    },
    model=OfferLadder,
    fields=(*LADDER, "capacity"),
    rule=_(
        "I have too little of {short}, so I compare my offers by that. With {next_offer} I would "
        "earn {multiplier} times what my front offers bring. The most new clients I take on "
        "in a month: {capacity}."
    ),
)
