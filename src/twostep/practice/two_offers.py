"""Practice for lesson 01: one business, two offers."""

from dataclasses import replace

from twostep._text import _
from twostep.models.funnel import Funnel
from twostep.practice._exercise import Choice, Figure, Function, Mistake, Table
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
WHAT_IF = (0.0, 0.05, 0.10, 0.15, 0.20)


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

break_even = Figure(
    key="two-offers-break-even",
    given=AYA,
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

LESSON = Numbers.of(Funnel(lead_rate=0.10, gift_cost=100, fixed_cost=160_000)) + Numbers(
    Number("front_price", _("Price of the front offer"), YEN, 4_980),
    Number("back_price", _("Price of the back offer"), YEN, 300_000),
)
"""The lesson's own case, slightly changed, for the same questions on its page."""

lesson_visitors_per_back_buyer = replace(
    visitors_per_back_buyer, key="two-offers-lesson-visitors-per-back-buyer", given=LESSON
)
lesson_cpa = replace(cpa, key="two-offers-lesson-cpa", given=LESSON)
lesson_break_even = replace(break_even, key="two-offers-lesson-break-even", given=LESSON)

predict = Choice(
    key="two-offers-predict",
    question=_(
        "“My introductory course loses money on every sale. Should I stop selling it?” What would "
        "you answer, before computing anything?"
    ),
    options=(
        Option(
            "compare-both",
            _("Not while a buyer costs less than both courses earn on average."),
            _(
                "These two numbers decide, and both can be computed. You will meet them on this "
                "page as the CPA and the allowable CPA."
            ),
            right=True,
        ),
        Option(
            "every-offer-pays-for-itself",
            _("Yes: every offer has to earn its own way, or it eats the profit."),
            _(
                "This looks at one half of the business. The introductory course has a different "
                "job: it brings people who may buy the main course later. Whether its loss is a "
                "price worth paying depends on how many of them go on, and what that earns."
            ),
        ),
        Option(
            "any-loss-is-fine",
            _("No: an introduction is an investment, and the main course pays."),
            _(
                "There is a limit. If finding one front buyer costs more than that buyer earns in "
                "both offers together, each further sale makes you poorer, however good the main "
                "course is."
            ),
        ),
        Option(
            "raise-the-price-first",
            _("Raise its price first, until it no longer loses anything."),
            _(
                "At a higher price fewer people come, and fewer then meet the main course. The "
                "loss alone does not show that the price is wrong."
            ),
        ),
    ),
    hint=_("An introduction has two effects: what it costs now, and whom it brings for later."),
)

should_you_stop = Choice(
    key="two-offers-should-you-stop",
    given=AYA,
    question=_(
        "Aya's taster evening earns {front_margin} a guest, and finding that guest costs more than "
        "that. Looking at your two results above: should she stop offering it?"
    ),
    options=(
        Option(
            "front-sale-alone",
            _("Yes: each guest costs more than the evening earns."),
            _(
                "That compares the cost of a guest with the front sale alone. {back_rate} of "
                "guests go on to the course, and that belongs to what a guest earns."
            ),
        ),
        Option(
            "any-loss-is-fine",
            _("No: with a course behind it, it may lose any amount."),
            _(
                "Only up to a limit, the allowable CPA. If a guest cost more than that, every "
                "further guest would make Aya poorer."
            ),
        ),
        Option(
            "compare-both",
            _("No: a guest costs less than one earns in both offers."),
            _(
                "The CPA is below the allowable CPA. The evening is not there to earn; it is there "
                "to find the guests who take the course. Aya needs cash to wait for them, though."
            ),
            right=True,
        ),
    ),
    hint=_("Put the CPA and the allowable CPA side by side: which one is larger?"),
)

ten_percent_up = Figure(
    key="two-offers-ten-percent-up",
    given=AYA + LIFT,
    page=PAGE + LIFT,
    unit=RATE,
    answer=lambda n: n.back_rate * (1 + n.lift),
    means=_("{lift} of {back_rate} is added: percent, not percentage points."),
    mistakes=(
        Mistake(
            "percentage-points",
            lambda n: n.back_rate + n.lift,
            _(
                "You added {lift} as percentage points. “{lift} higher” means {lift} of the rate "
                "itself, which was {back_rate}."
            ),
        ),
        Mistake(
            "increase-alone",
            lambda n: n.back_rate * n.lift,
            _("That is the increase alone. Add it to the {back_rate} there were before."),
        ),
        Mistake(
            "lowered",
            lambda n: n.back_rate * (1 - n.lift),
            _("That is {lift} lower, not higher."),
        ),
    ),
    hint=_("“Higher by 8%” multiplies by 1.08, whatever is being raised."),
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

profit_table = Table(
    key="two-offers-profit-table",
    given=AYA,
    label="back_rate",
    label_unit=RATE,
    rows=WHAT_IF,
    column="profit",
    unit=YEN,
    answer=lambda n: [funnel(n, back_rate=rate).profit for rate in WHAT_IF],
    means=_(
        "The profit changes its sign between two rows: the break-even rate lies between them. "
        "Without any back sale, the first row, this business only loses."
    ),
    mistakes=(
        Mistake(
            "fixed-cost-left-out",
            lambda n: [funnel(n, back_rate=rate, fixed_cost=0).profit for rate in WHAT_IF],
            _("You left out the fixed cost of {fixed_cost}."),
        ),
        Mistake(
            "gifts-left-out",
            lambda n: [funnel(n, back_rate=rate, gift_cost=0).profit for rate in WHAT_IF],
            _("You left out the gifts: {gift_cost} for every lead."),
        ),
        Mistake(
            "earned-by-the-back-offer",
            lambda n: [funnel(n).front_buyers * rate * n.back_margin for rate in WHAT_IF],
            _("That is what the back offer earns, before advertising, gifts and fixed cost."),
        ),
    ),
    hint=_('`sweep(aya, "profit", back_rate=[0, 0.05, …])` makes the table in one line.'),
)

allowable_cpa_function = Function(
    key="two-offers-allowable-cpa-function",
    given=Numbers.of(Funnel(**AYA), "front_margin", "back_rate", "back_margin"),
    cases=(
        {"front_margin": -500, "back_rate": 0.02, "back_margin": 300_000},
        {"front_margin": 4_500, "back_rate": 0, "back_margin": 229_200},
    ),
    unit=YEN,
    answer=lambda n: n.front_margin + n.back_rate * n.back_margin,
    means=_("You have written a rule that works for every shop, and not only for one."),
    mistakes=(
        Mistake(
            "back-sale-for-everyone",
            lambda n: n.front_margin + n.back_margin,
            _("It counts a back sale for every front buyer. Multiply the back margin by the rate."),
        ),
        Mistake(
            "front-sale-left-out",
            lambda n: n.back_rate * n.back_margin,
            _("It leaves out the front margin."),
        ),
        Mistake(
            "front-margin-of-few",
            lambda n: (n.front_margin + n.back_margin) * n.back_rate,
            _("It multiplies both margins by the rate. Every front buyer brings the front margin."),
        ),
    ),
    hint=_("`return` front margin + back-end rate × back margin; in code × is written `*`."),
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
