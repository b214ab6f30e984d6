"""Practice for lesson 02: from a bill back to the visitors."""

from dataclasses import replace

from twostep._text import _
from twostep.models.funnel import Funnel
from twostep.practice._exercise import Choice, Figure, Mistake
from twostep.practice._shown import Number, Numbers, Option
from twostep.practice._worksheet import Line
from twostep.units import PEOPLE, RATE, YEN

SHARES = Numbers(
    Number("never", _("Never"), RATE, 0.0),
    Number("seldom", _("Seldom"), RATE, 0.1),
    Number("often", _("Every second month"), RATE, 0.5),
    Number("mostly", _("Nearly always"), RATE, 0.9),
)

predict = Choice(
    key="plan-backwards-predict",
    given=SHARES,
    unit=RATE,
    question=_("In which share of the months is the oven not paid, although nothing has changed?"),
    options=(
        Option(
            "average-is-enough",
            _("{value}: the numbers are right, so it works out"),
            _("They are right on average. One month has 6 passes, another 12."),
            formula=lambda n: n.never,
        ),
        Option(
            "only-bad-luck",
            _("{value}: only a month of real bad luck falls short"),
            _(
                "No bad luck is needed. The plan has no reserve at all, so every month below the "
                "average falls short."
            ),
            formula=lambda n: n.seldom,
        ),
        Option(
            "always-less",
            _("{value}: reality is always worse than the plan"),
            _("Here nothing is worse than planned. Months above the average are as common."),
            formula=lambda n: n.mostly,
        ),
        Option(
            "half",
            _("{value}: about half of the months lie below the average"),
            _("A plan that just fits the average falls short whenever a month is below it."),
            formula=lambda n: n.often,
            right=True,
        ),
    ),
    hint=_("How many months lie below the average?"),
)

YOGA = Numbers(
    Number("fixed_cost", _("Rent of the room, a month"), YEN, 80_000),
    Number("cost_per_visit", _("Advertising for one visitor of the page"), YEN, 20),
    Number("lead_rate", _("Of these, the share who come to a free trial lesson"), RATE, 0.05),
    Number("gift_cost", _("What a free trial lesson costs her"), YEN, 200),
    Number("front_rate", _("Of these, the share who take a card of ten lessons"), RATE, 0.40),
    Number("front_margin", _("What a card leaves"), YEN, 15_000),
)


def yoga_visits(n: Numbers, **changes: float) -> float:
    """The visits that pay the rent, with some of the numbers changed."""
    return float(n.scenario(Funnel, back_rate=0, **changes).visits_for(0))


yoga = Figure(
    key="plan-backwards-yoga",
    given=YOGA,
    unit=PEOPLE,
    whole=True,
    answer=yoga_visits,
    means=_(
        "So many on average. With exactly so many about half of the months still fall short: add a "
        "reserve."
    ),
    mistakes=(
        Mistake(
            "advertising-left-out",
            lambda n: yoga_visits(n, cost_per_visit=0),
            _("You left out the advertising: each visitor costs {cost_per_visit}."),
        ),
        Mistake(
            "trial-lesson-left-out",
            lambda n: yoga_visits(n, gift_cost=0),
            _("You left out the trial lessons: each costs her {gift_cost}."),
        ),
        Mistake(
            "all-costs-left-out",
            lambda n: yoga_visits(n, cost_per_visit=0, gift_cost=0),
            _("You left out what it costs to win them: the advertising and the trial lessons."),
        ),
        Mistake(
            "cards-needed",
            lambda n: n.fixed_cost / n.front_margin,
            _("So many cards pay the rent. How many visitors does it take to sell one card?"),
        ),
        Mistake(
            "trial-rate-skipped",
            lambda n: n.fixed_cost / (n.front_rate * n.front_margin),
            _("So many trial pupils bring the rent. Only {lead_rate} of the visitors become one."),
        ),
    ),
    hint=_("What does one visitor bring, on average? What does one cost?"),
)

FLORIST = Numbers.of(
    Funnel(
        visits=1_100,
        cost_per_visit=10,
        lead_rate=0.08,
        gift_cost=0,
        front_rate=0.25,
        front_margin=1_500,
        back_rate=0.20,
        back_margin=15_000,
        fixed_cost=132_000,
    ),
    "cost_per_visit",
    "lead_rate",
    "front_rate",
    "front_margin",
    "back_rate",
    "back_margin",
    "fixed_cost",
)
"""An invented florist: a small bouquet in front, flowers for an office behind it."""
WITH_VISITS = FLORIST + Numbers(Number("visits", _("Visits"), PEOPLE, 1_100))
FEWER = FLORIST + Numbers(Number("visits", _("Visits"), PEOPLE, 1_050))


def florist(n: Numbers, **changes: float) -> Funnel:
    """The florist's scenario, with some of the numbers changed."""
    return n.scenario(Funnel, **changes)


lead_worth = Figure(
    key="plan-backwards-lead-worth",
    given=FLORIST,
    unit=YEN,
    answer=lambda n: florist(n).allowable_cost_per_lead,
    means=_("So much a person who leaves an address brings, now and later, on average."),
    mistakes=(
        Mistake(
            "back-offer-left-out",
            lambda n: n.front_rate * n.front_margin,
            _("You left out the back offer: {back_rate} of front buyers take it."),
        ),
        Mistake(
            "worth-of-a-front-buyer",
            lambda n: florist(n).allowable_cpa,
            _("That is what a front buyer brings. Only {front_rate} of leads become one."),
        ),
        Mistake(
            "front-sale-left-out",
            lambda n: n.front_rate * n.back_rate * n.back_margin,
            _("You left out the front sale itself: {front_margin} each."),
        ),
    ),
    hint=_("First what a front buyer brings, in both offers. How many of the leads are one?"),
)

visit_leaves = Figure(
    key="plan-backwards-visit-leaves",
    given=FLORIST,
    unit=YEN,
    answer=lambda n: florist(n).value_per_visit - n.cost_per_visit,
    means=_("What one visit leaves when its advertising is paid. The rent is paid from this."),
    mistakes=(
        Mistake(
            "advertising-left-out",
            lambda n: florist(n).value_per_visit,
            _("That is what a visit brings. Each one costs {cost_per_visit}."),
        ),
        Mistake(
            "lead-rate-skipped",
            lambda n: florist(n).allowable_cost_per_lead - n.cost_per_visit,
            _("Only {lead_rate} of the visitors leave an address."),
        ),
        Mistake(
            "front-offer-alone",
            lambda n: florist(n, back_rate=0).value_per_visit - n.cost_per_visit,
            _("That is the front offer alone. The back offer belongs to what a visit brings."),
        ),
    ),
    hint=_("Of a hundred visitors, how many leave an address? What does each of those bring?"),
)

visits_needed = Figure(
    key="plan-backwards-visits",
    given=FLORIST,
    unit=PEOPLE,
    answer=lambda n: florist(n).visits_for(0),
    means=_("So many visits pay the bill on average."),
    mistakes=(
        Mistake(
            "advertising-left-out",
            lambda n: florist(n, cost_per_visit=0).visits_for(0),
            _("You left out the advertising: each visit costs {cost_per_visit}."),
        ),
        Mistake(
            "back-buyers-needed",
            lambda n: n.fixed_cost / n.back_margin,
            _("So many back buyers bring that sum. How many visits does it take to win them?"),
        ),
        Mistake(
            "visits-for-the-back-sales",
            lambda n: n.fixed_cost / n.back_margin / n.back_rate / n.front_rate / n.lead_rate,
            _(
                "You worked back from the back offer alone. On the way the front offer earns "
                "something too, and the advertising costs something."
            ),
        ),
    ),
    hint=_("The bill ÷ what one visit leaves."),
)

short = Figure(
    key="plan-backwards-short",
    given=FEWER,
    unit=YEN,
    answer=lambda n: florist(n).profit,
    means=_(
        "Two thirds of the visits are not two thirds of a success: the bill stays the same, "
        "and the month ends with a loss."
    ),
    mistakes=(
        Mistake(
            "bill-left-out",
            lambda n: florist(n, fixed_cost=0).profit,
            _("The bill of {fixed_cost} must still be paid from that."),
        ),
        Mistake(
            "advertising-left-out",
            lambda n: florist(n, cost_per_visit=0).profit,
            _("You left out the advertising for {visits} visits."),
        ),
        Mistake(
            "advertising-alone",
            lambda n: -n.visits * n.cost_per_visit,
            _("That is the advertising alone."),
        ),
    ),
    hint=_("What do these visits leave? What must be paid from it?"),
)

margin_needed = Figure(
    key="plan-backwards-margin",
    given=Numbers(*(each for each in WITH_VISITS.listed if each.name != "back_margin")),
    unit=YEN,
    answer=lambda n: (
        ((n.fixed_cost / n.visits + n.cost_per_visit) / n.lead_rate / n.front_rate - n.front_margin)
        / n.back_rate
    ),
    means=_("At this margin of the back offer the average month ends at zero."),
    mistakes=(
        Mistake(
            "front-sale-left-out",
            lambda n: (
                (n.fixed_cost / n.visits + n.cost_per_visit)
                / n.lead_rate
                / n.front_rate
                / n.back_rate
            ),
            _("The front sale pays a part: {front_margin} for every front buyer."),
        ),
        Mistake(
            "advertising-left-out",
            lambda n: (
                (n.fixed_cost / n.visits / n.lead_rate / n.front_rate - n.front_margin)
                / n.back_rate
            ),
            _("You left out the advertising: {cost_per_visit} for each of {visits} visits."),
        ),
        Mistake(
            "per-front-buyer",
            lambda n: (
                (n.fixed_cost / n.visits + n.cost_per_visit) / n.lead_rate / n.front_rate
                - n.front_margin
            ),
            _("So much is missing for each front buyer. Only {back_rate} of them pay for it."),
        ),
    ),
    hint=_(
        "What must one visit bring, so that all visits pay the bill and themselves? And one lead, "
        "one front buyer, one back buyer?"
    ),
)

which_first = Choice(
    key="plan-backwards-which-step",
    given=FLORIST,
    question=_("The florist planned from the back offer. Which step should she improve first?"),
    options=(
        Option(
            "planning-ranks",
            _("The back offer: the plan begins there, so it matters most."),
            _("The plan begins there because money does. That says nothing about the work."),
        ),
        Option(
            "cheapest-lift",
            _("The step where a tenth more costs the least work and money."),
            _(
                "A tenth more of any rate saves nearly the same number of visits. What differs is "
                "what it costs to get it."
            ),
            right=True,
        ),
        Option(
            "smallest-rate",
            _("The lead rate: with {lead_rate} it is the narrowest step."),
            _("In a product the smallest factor counts as much as the others, and no more."),
        ),
        Option(
            "hardest-sale",
            _("The front offer: strangers are the hardest people to sell to."),
            _("That may be so. It is then also the most expensive step to improve."),
        ),
    ),
    hint=_("What does a tenth more of each rate do to the number of visits?"),
)

own_visits = replace(
    visits_needed,
    key="plan-backwards-own-visits",
    own=Funnel,
    means=_("This agrees with the numbers you typed. It is an average: add a reserve."),
)

WORKSHEET = Line(
    chapter="02",
    question=_("How many people must see my offer"),
    model=Funnel,
    fields=(
        "fixed_cost",
        "cost_per_visit",
        "lead_rate",
        "gift_cost",
        "front_rate",
        "front_margin",
        "back_rate",
        "back_margin",
        "back_purchases",
    ),
    rule=_(
        "One visitor brings me {value_per_visit} on average and costs me {cost_per_visit}. I "
        "divide the fixed cost by the difference, and then add a reserve."
    ),
)
