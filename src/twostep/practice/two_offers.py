"""Practice for lesson 01: one business, two offers."""

from dataclasses import replace

from twostep._text import _
from twostep.models.arithmetic import contribution_margin
from twostep.models.funnel import Funnel
from twostep.practice._exercise import Choice, Figure, Mistake
from twostep.practice._shown import Number, Numbers, Option
from twostep.practice._worksheet import Line
from twostep.units import PEOPLE, RATE, YEN

AYA = Numbers.of(
    Funnel(
        visits=12_000,
        cost_per_visit=30,
        lead_rate=0.10,
        gift_cost=100,
        front_rate=0.05,
        front_margin=1_800,
        back_rate=0.15,
        back_margin=90_000,
        fixed_cost=150_000,
    )
)
"""An invented pottery teacher: a taster evening in front, a six-month course behind it."""

PAGE = Numbers.of(Funnel())
"""The business of the lesson, whose numbers a learner may still have in mind."""

LIFT = Numbers(Number("lift", _("Lift of a rate, relative to itself"), RATE, 0.20))
RATES = ("lead_rate", "front_rate", "back_rate")


def funnel(n: Numbers, **changes: float) -> Funnel:
    """The scenario that the numbers of a task describe, with some of them changed."""
    return n.scenario(Funnel, **changes)


def lifted(n: Numbers, *rates: str) -> Funnel:
    """The scenario with each named rate raised by `lift` of itself."""
    return funnel(n, **{rate: n[rate] * (1 + n.lift) for rate in rates})


visitors_per_back_buyer = Figure(
    key="two-offers-visitors-per-back-buyer",
    given=AYA,
    page=PAGE,
    unit=PEOPLE,
    answer=lambda n: 1 / (n.lead_rate * n.front_rate * n.back_rate),
    means=_(
        "So many people must see the offer for one of them to reach the back offer in the end. "
        "The three rates multiply, because each is a share of the step before it."
    ),
    mistakes=(
        Mistake(
            "rates-added",
            lambda n: 1 / (n.lead_rate + n.front_rate + n.back_rate),
            _(
                "You added the rates. Each rate is a share of the step before it, so they "
                "multiply: {back_rate} of {front_rate} of {lead_rate}."
            ),
        ),
        Mistake(
            "visitors-per-front-buyer",
            lambda n: 1 / (n.lead_rate * n.front_rate),
            _("That is visitors per front buyer. Only {back_rate} of front buyers go on."),
        ),
        Mistake(
            "leads-per-back-buyer",
            lambda n: 1 / (n.front_rate * n.back_rate),
            _("That is leads per back buyer. Only {lead_rate} of visitors become leads."),
        ),
        Mistake(
            "steps-added",
            lambda n: 1 / n.lead_rate + 1 / n.front_rate + 1 / n.back_rate,
            _(
                "You worked out visitors per lead, leads per front buyer and front buyers per back "
                "buyer, which is right, and then added them. Multiply them."
            ),
        ),
        Mistake(
            "back-buyers-a-month",
            lambda n: funnel(n).back_buyers,
            _(
                "So many back buyers come of all {visits} visits. The question is how many "
                "visitors it takes to win one."
            ),
        ),
    ),
    hint=_("Start with one visitor: what is the chance to pass all three steps? Then 1 ÷ that."),
)

cpa = Figure(
    key="two-offers-cpa",
    given=AYA,
    page=PAGE,
    unit=YEN,
    answer=lambda n: funnel(n).cpa,
    means=_("This is what one front buyer costs, in advertising and gifts: the CPA."),
    mistakes=(
        Mistake(
            "gifts-left-out",
            lambda n: n.cost_per_visit / n.lead_rate / n.front_rate,
            _(
                "You left out the gifts. Every lead gets one ({gift_cost}), and it takes several "
                "leads to make one front buyer."
            ),
        ),
        Mistake(
            "cost-of-a-lead",
            lambda n: n.cost_per_visit / n.lead_rate + n.gift_cost,
            _("That is the cost of one lead. Only {front_rate} of leads buy the front offer."),
        ),
        Mistake(
            "one-gift-per-buyer",
            lambda n: n.cost_per_visit / n.lead_rate / n.front_rate + n.gift_cost,
            _("You counted one gift per front buyer. Every lead gets a gift, not only the buyers."),
        ),
        Mistake(
            "lead-rate-skipped",
            lambda n: n.cost_per_visit / n.front_rate + n.gift_cost / n.front_rate,
            _("You skipped a step: only {lead_rate} of visitors become leads."),
        ),
        Mistake(
            "fixed-cost-added",
            lambda n: funnel(n).cpa + n.fixed_cost / funnel(n).front_buyers,
            _(
                "You added a part of the fixed cost. The CPA is what it costs to win one more "
                "buyer, and the fixed cost of {fixed_cost} stays the same for one buyer more."
            ),
        ),
        Mistake(
            "margin-subtracted",
            lambda n: funnel(n).cpa - n.front_margin,
            _(
                "You subtracted the front margin. That is what a front buyer costs less what the "
                "front sale earns; the CPA is the cost alone."
            ),
        ),
    ),
    hint=_("First the cost of one lead: ads and gift. Then divide by the share of leads who buy."),
)

allowable_cpa = Figure(
    key="two-offers-allowable-cpa",
    given=AYA,
    page=PAGE,
    unit=YEN,
    answer=lambda n: funnel(n).allowable_cpa,
    means=_(
        "A front buyer earns this much on average, now and later. A front buyer who costs more "
        "makes Aya poorer; and the next one may cost more than the average so far."
    ),
    mistakes=(
        Mistake(
            "front-sale-alone",
            lambda n: n.front_margin,
            _(
                "That is the front sale alone. But {back_rate} of front buyers go on to the back "
                "offer; the introduction may cost more than it earns at once."
            ),
        ),
        Mistake(
            "back-sale-for-everyone",
            lambda n: n.front_margin + n.back_margin,
            _("That counts a back sale for every front buyer. Only {back_rate} of them buy it."),
        ),
        Mistake(
            "front-sale-left-out",
            lambda n: n.back_rate * n.back_margin,
            _("You left out the front sale itself: it earns {front_margin} too."),
        ),
        Mistake(
            "front-margin-of-few",
            lambda n: n.back_rate * (n.front_margin + n.back_margin),
            _(
                "Every front buyer brings the front margin, not only those who go on. Only the "
                "back margin is multiplied by {back_rate}."
            ),
        ),
    ),
    hint=_("What does a front buyer bring at once? And later, on average, per front buyer?"),
)

PRICES = Numbers(
    Number("front_price", _("Price of the front offer"), YEN, 3_300),
    Number("back_price", _("Price of the back offer"), YEN, 120_000),
)

break_even = Figure(
    key="two-offers-break-even",
    given=AYA + PRICES,
    page=PAGE,
    unit=RATE,
    answer=lambda n: funnel(n).break_even_back_rate,
    means=_("At this back-end rate the profit is zero; above it both offers together earn money."),
    mistakes=(
        Mistake(
            "fixed-cost-left-out",
            lambda n: funnel(n, fixed_cost=0).break_even_back_rate,
            _("You left out the fixed cost of {fixed_cost}: the front buyers share it too."),
        ),
        Mistake(
            "gifts-left-out",
            lambda n: funnel(n, gift_cost=0).break_even_back_rate,
            _("You left out the gifts: {gift_cost} for every lead."),
        ),
        Mistake(
            "front-margin-left-out",
            lambda n: funnel(n, front_margin=0).break_even_back_rate,
            _("You let the back offer pay for all. The front sale covers {front_margin} of it."),
        ),
        Mistake(
            "cpa-by-back-margin",
            lambda n: funnel(n, fixed_cost=0, front_margin=0).break_even_back_rate,
            _(
                "That is CPA ÷ back margin. The front sale pays a part of the cost, and the fixed "
                "cost comes on top."
            ),
        ),
        Mistake(
            "cost-by-earnings",
            lambda n: funnel(n).cpa / funnel(n).allowable_cpa,
            _(
                "You divided what a front buyer costs by what one earns. Ask instead what is still "
                "missing after the front sale, and how much of a back margin fills the gap."
            ),
        ),
    ),
    hint=_(
        "Per front buyer: cost (CPA and a share of the fixed cost) minus the front margin is what "
        "is missing. Which share of one back margin fills it?"
    ),
)

predict = Choice(
    key="two-offers-predict",
    question=_("What would you tell the owner?"),
    options=(
        Option(
            "stop",
            _("Stop it. Selling more of what loses money only makes the loss larger."),
            _(
                "This looks at the course alone. It also brings the people who later take the "
                "coaching; without it, nobody takes it. Count both before you stop one."
            ),
        ),
        Option(
            "raise-the-price",
            _("Raise its price, until each sale pays at least for its own advertising."),
            _(
                "At a higher price fewer people buy, and so fewer meet the coaching. Perhaps it is "
                "right, but the loss alone does not say so."
            ),
        ),
        Option(
            "compare-both",
            _("Go on, while a buyer costs less than one brings in, now and later."),
            _("These two numbers decide. You will compute both on this page."),
            right=True,
        ),
        Option(
            "any-loss-is-fine",
            _("Go on. The coaching is so expensive that it pays for any loss here."),
            _(
                "There is a limit. Only 8 of 100 take the coaching. If a buyer of the course costs "
                "more than both offers bring in, every further sale makes you poorer."
            ),
        ),
    ),
    hint=_("An introduction has two effects: what it costs now, and whom it brings for later."),
)

predict_worth = Choice(
    key="two-offers-predict-worth",
    given=PAGE,
    unit=YEN,
    question=_("What is one front buyer worth, now and later, on average?"),
    options=(
        Option(
            "front-sale-alone",
            "{about}",
            _("That is the front sale alone. Some front buyers come back and take the coaching."),
            formula=lambda n: n.front_margin,
        ),
        Option(
            "halved-back-sale",
            "{about}",
            _(
                "You are near if you guessed. 8 of 100 is more than that: {back_rate} of "
                "{back_margin} alone is more than {value}."
            ),
            formula=lambda n: n.front_margin + n.back_rate * n.back_margin / 2,
        ),
        Option(
            "both-offers",
            "{about}",
            _("{front_margin} at once, and {back_rate} of {back_margin} later: {value}."),
            formula=lambda n: n.front_margin + n.back_rate * n.back_margin,
            right=True,
        ),
        Option(
            "back-sale-for-everyone",
            "{about}",
            _(
                "So much is a front buyer worth who does take the coaching. 92 of 100 do not take "
                "it."
            ),
            formula=lambda n: n.front_margin + n.back_margin,
        ),
    ),
    hint=_("Imagine 100 front buyers. What do all of them bring in together?"),
)

predict_months = Choice(
    key="two-offers-predict-months",
    question=_("How many of the twelve months end with a loss?"),
    options=(
        Option(
            "average-holds",
            _("None: the average month earns far too much for that."),
            _(
                "The average is made of good and bad months. A single coaching sale is more than "
                "half of the average profit, and one or two fewer happen easily."
            ),
        ),
        Option(
            "rare-accident",
            _("About one in ten years: a loss needs a real accident."),
            _(
                "Nothing has to go wrong. To win 3.84 clients on average means: sometimes 6, "
                "sometimes 2, although everything stays the same."
            ),
        ),
        Option(
            "half-below-average",
            _("About six: half of all months lie below the average."),
            _(
                "About half lie below the average, but below the average is not yet a loss. The "
                "loss begins at 2 clients."
            ),
        ),
        Option(
            "one-in-four",
            _("About three: two clients are not yet enough."),
            _(
                "With two coaching clients or fewer the month nearly always loses. That happens "
                "in about one month of four."
            ),
            right=True,
        ),
    ),
    hint=_("How many coaching clients does a month need? And how far can chance go below 3.84?"),
)

profit_lift = Figure(
    key="two-offers-profit-lift",
    given=AYA + LIFT,
    page=PAGE + LIFT,
    unit=YEN,
    answer=lambda n: lifted(n, "lead_rate", "front_rate", "back_rate").profit - funnel(n).profit,
    means=_(
        "Three lifts of {lift} multiply the back buyers by 1.728, and the profit grows much more "
        "than that, because advertising and the fixed cost stay as they were."
    ),
    mistakes=(
        Mistake(
            "new-profit",
            lambda n: lifted(n, "lead_rate", "front_rate", "back_rate").profit,
            _("That is the new profit. The question is by how much it grew: subtract the old one."),
        ),
        Mistake(
            "lifts-times-profit",
            lambda n: 3 * n.lift * funnel(n).profit,
            _(
                "You added {lift} three times and applied it to the profit. The rates multiply, "
                "and they act on what visits earn, before costs that do not grow with them."
            ),
        ),
        Mistake(
            "as-back-buyers",
            lambda n: ((1 + n.lift) ** 3 - 1) * funnel(n).profit,
            _(
                "You let the profit grow as the back buyers do. But advertising and the fixed cost "
                "of {fixed_cost} stay as they were, so the profit grows faster."
            ),
        ),
        Mistake(
            "one-rate-only",
            lambda n: lifted(n, "back_rate").profit - funnel(n).profit,
            _("You raised only the back-end rate. All three rates rise by {lift}."),
        ),
        Mistake(
            "single-lifts-added",
            lambda n: sum(lifted(n, rate).profit - funnel(n).profit for rate in RATES),
            _(
                "You lifted one rate at a time and added what each brings. Together they bring "
                "more: each lift also acts on what the others have already gained."
            ),
        ),
    ),
    hint=_(
        "Name all three rates inside `replace(aya, …)`, then compare its profit with that of `aya`."
    ),
)

which_rate = Choice(
    key="two-offers-which-rate",
    given=AYA + LIFT,
    question=_(
        "Aya can raise one of her three rates by {lift} of itself. Which one brings the most "
        "additional back buyers?"
    ),
    options=(
        Option(
            "narrowest-step",
            _("The front-end rate: it is the narrowest of the three steps."),
            _(
                "The smallest rate looks like the bottleneck, but the three rates multiply: {lift} "
                "more of any of them gives {lift} more back buyers."
            ),
        ),
        Option(
            "all-the-same",
            _("All the same: so lift the one that is cheapest to lift."),
            _(
                "In a product each factor counts the same. What decides is what the lift costs and "
                "how much room is left above the rate."
            ),
            right=True,
        ),
        Option(
            "nearest-to-the-money",
            _("The back-end rate: it is the step nearest to the money."),
            _(
                "The position does not matter in a product of three: {lift} more of any rate gives "
                "{lift} more back buyers."
            ),
        ),
        Option(
            "first-step",
            _("The lead rate: more at the start means more at every step."),
            _(
                "More at the start does mean more at every later step, but only {lift} more of "
                "each. A lift of a later rate gives the same {lift} at the end."
            ),
        ),
    ),
    hint=_("Try it: 12 000 × 0.12 × 0.05 × 0.15, then 12 000 × 0.10 × 0.06 × 0.15, …"),
)

dish = Figure(
    key="two-offers-dish",
    given=Numbers(
        Number("registrations", _("Guests who registered and got a dish"), PEOPLE, 200),
        Number("dish_cost", _("Cost of one dish"), YEN, 150),
        Number("returns", _("Of these guests, those who came back"), PEOPLE, 60),
    ),
    unit=YEN,
    answer=lambda n: n.registrations * n.dish_cost / n.returns,
    means=_(
        "All {registrations} dishes were paid for, and {returns} guests came back. The others are "
        "part of the cost of those who did."
    ),
    mistakes=(
        Mistake(
            "cost-of-one-dish",
            lambda n: n.dish_cost,
            _(
                "That is the owner's sum. He counts only the dishes of those who came back. The "
                "others ate a dish too."
            ),
        ),
        Mistake(
            "return-rate-as-discount",
            lambda n: n.dish_cost * n.returns / n.registrations,
            _("You multiplied by the share who came back. The fewer come, the more each costs."),
        ),
        Mistake(
            "those-who-stayed-away",
            lambda n: (n.registrations - n.returns) * n.dish_cost / n.returns,
            _("You counted only the dishes of those who did not come back. Count all of them."),
        ),
        Mistake(
            "all-dishes",
            lambda n: n.registrations * n.dish_cost,
            _("That is what all dishes cost together. Divide it by the guests who came back."),
        ),
    ),
    hint=_("How much did all dishes cost? And how many guests does that money bring back?"),
)

next_buyer = Figure(
    key="two-offers-next-buyer",
    given=Numbers(
        Number("spend_before", _("Leaflets last month"), YEN, 60_000),
        Number("buyers_before", _("Buyers last month"), PEOPLE, 20),
        Number("spend_now", _("Leaflets this month"), YEN, 90_000),
        Number("buyers_now", _("Buyers this month"), PEOPLE, 26),
    ),
    unit=YEN,
    answer=lambda n: (n.spend_now - n.spend_before) / (n.buyers_now - n.buyers_before),
    means=_(
        "The average buyer of this month costs much less, and looks well. But the additional "
        "leaflets won few people, and their buyers are the ones to decide about."
    ),
    mistakes=(
        Mistake(
            "average-of-this-month",
            lambda n: n.spend_now / n.buyers_now,
            _(
                "That is the average of all buyers of this month. The question is about those whom "
                "the additional leaflets brought."
            ),
        ),
        Mistake(
            "average-of-last-month",
            lambda n: n.spend_before / n.buyers_before,
            _("That is what a buyer cost last month."),
        ),
        Mistake(
            "new-money-all-buyers",
            lambda n: (n.spend_now - n.spend_before) / n.buyers_now,
            _("You divided the additional money by all buyers. Most of them came before."),
        ),
        Mistake(
            "all-money-new-buyers",
            lambda n: n.spend_now / (n.buyers_now - n.buyers_before),
            _("You divided all the money by the additional buyers. The first leaflets won others."),
        ),
    ),
    hint=_("How much more did he spend? How many buyers more did he win?"),
)

tax = Figure(
    key="two-offers-tax",
    given=Numbers(
        Number("price", _("Price of a set, tax included"), YEN, 8_800),
        Number("tax_rate", _("Consumption tax, of the price without tax"), RATE, 0.10),
        Number("cost", _("Material and post of a set"), YEN, 5_000),
    ),
    unit=YEN,
    answer=lambda n: contribution_margin(n.price, n.cost, tax_rate=n.tax_rate),
    means=_("The tax is not the shop's: it is passed on. What is left after it pays the cost."),
    mistakes=(
        Mistake(
            "tax-left-in",
            lambda n: n.price - n.cost,
            _("That is the neighbour's sum. The price includes tax, which is not the shop's."),
        ),
        Mistake(
            "tax-of-the-full-price",
            lambda n: n.price * (1 - n.tax_rate) - n.cost,
            _(
                "You took {tax_rate} of the price with tax. The tax is {tax_rate} of the price "
                "*without* tax: divide by 1.10."
            ),
        ),
        Mistake(
            "tax-off-the-margin",
            lambda n: (n.price - n.cost) / (1 + n.tax_rate),
            _("You took the tax off the margin. It is in the price."),
        ),
        Mistake(
            "price-without-tax",
            lambda n: n.price / (1 + n.tax_rate),
            _("That is the price without tax. Material and post are still to be paid."),
        ),
    ),
    hint=_("What is the price without tax? What must be paid from it?"),
)

gift = Figure(
    key="two-offers-gift",
    given=AYA,
    page=PAGE,
    unit=YEN,
    answer=lambda n: funnel(n, gift_cost=0).profit / funnel(n).leads,
    means=_("At this gift the average month ends at zero. Above it every month loses on average."),
    mistakes=(
        Mistake(
            "fixed-cost-left-out",
            lambda n: funnel(n, gift_cost=0, fixed_cost=0).profit / funnel(n).leads,
            _("You left out the fixed cost of {fixed_cost}: the leads share it too."),
        ),
        Mistake(
            "advertising-left-out",
            lambda n: (
                funnel(n, gift_cost=0, fixed_cost=0, cost_per_visit=0).profit / funnel(n).leads
            ),
            _("That is what a lead brings in. Advertising and fixed cost come off it."),
        ),
        Mistake(
            "on-top-of-the-present-gift",
            lambda n: funnel(n).profit / funnel(n).leads,
            _("That is how much *more* than today. The gift of {gift_cost} is already paid."),
        ),
        Mistake(
            "per-front-buyer",
            lambda n: funnel(n, gift_cost=0).profit / funnel(n).front_buyers,
            _("You shared it among the front buyers. Every lead gets a gift."),
        ),
    ),
    hint=_("What does one lead bring in? What does it cost, before the gift?"),
)

own_allowable_cpa = replace(
    allowable_cpa,
    key="two-offers-own-allowable-cpa",
    own=Funnel,
    means=_(
        "This agrees with the numbers you typed: the most one front buyer may cost you. Whether "
        "those numbers are true, only your customers can tell."
    ),
    hint=_("Front margin + back-end rate × back margin, with your own three numbers."),
)

own_cpa = replace(
    cpa,
    key="two-offers-own-cpa",
    own=Funnel,
    means=_(
        "This agrees with the numbers you typed: what one front buyer costs you today. Whether "
        "those numbers are true, only your records can tell."
    ),
)
WORKSHEET = Line(
    chapter="01",
    question=_("My two offers, and what a front buyer may cost me"),
    words={"front_offer": _("My front offer"), "back_offer": _("My back offer")},
    model=Funnel,
    fields=("front_margin", "back_rate", "back_margin"),
    rule=_(
        "One front buyer may cost me at most {allowable_cpa}. I have {front_margin} of it at once; "
        "the rest comes later."
    ),
)
