"""Practice for lesson 13: a plan from a shop's own orders."""

from twostep._text import _
from twostep.models.trial import Trial
from twostep.practice._exercise import Choice, Figure, Mistake
from twostep.practice._shown import Number, Numbers, Option
from twostep.practice._worksheet import Line
from twostep.units import NUMBER, PEOPLE, RATE, YEN

# The lesson: what the course's sample export says. A test compares these with the files.

SAMPLE = Numbers(
    Number("at_risk", _("Trial buyers who did not have the box before"), PEOPLE, 222),
    Number("went_on", _("Of these, bought the box so far"), PEOPLE, 73),
    Number("recent", _("Bought the trial set less than 90 days ago"), PEOPLE, 64),
    Number("recent_went_on", _("Of these, have the box already"), PEOPLE, 16),
    Number("converted", _("Of all others, bought the box within 90 days"), PEOPLE, 55),
)


predict = Choice(
    key="own-plan-predict",
    given=SAMPLE,
    question=_(
        "{at_risk} people bought the trial set, and {went_on} of them bought the box so far. But "
        "{recent} bought the trial set less than 90 days ago; {recent_went_on} of these have the "
        "box already. Of all the others, {converted} bought the box within 90 days. How do you "
        "count the share who go on within 90 days?"
    ),
    options=(
        Option(
            "everybody",
            _("All who went on, of all who bought the trial set"),
            _(
                "So the {recent} recent buyers count as if they had said no. Most of them have "
                "not decided yet."
            ),
        ),
        Option(
            "recent-who-went-on",
            _("Leave out the recent buyers who have not gone on yet"),
            _(
                "That keeps the quick ones and throws the slow ones out, so it is too high. A "
                "rule that looks at the answer before it decides who counts is never fair."
            ),
        ),
        Option(
            "had-time",
            _("Leave out all recent buyers, also those who went on"),
            _(
                "Only who had the whole 90 days can say yes or no. The others are in neither "
                "number."
            ),
            right=True,
        ),
        Option(
            "above-the-line-only",
            _("All who went on in time, of all who bought the set"),
            _(
                "You left the recent buyers out above the line and kept them below it. Who cannot "
                "be in the upper number must not be in the lower one."
            ),
        ),
    ),
    hint=_("Who of all these had the whole 90 days to decide?"),
)

predict_verdict = Choice(
    key="own-plan-predict-verdict",
    given=Numbers(
        Number("rate", _("Went on, of those who had the time"), RATE, 0.348),
        Number("low", _("The true rate may be as low as"), RATE, 0.278),
        Number("high", _("The true rate may be as high as"), RATE, 0.425),
        Number("needed", _("The plan needs"), RATE, 0.315),
        Number("counted", _("Had the time, and are counted"), PEOPLE, 158),
        Number("enough", _("Would show the difference in one case of two"), PEOPLE, 781),
    ),
    unit=PEOPLE,
    question=_(
        "{rate} of {counted} people went on; the plan needs {needed}. How many people must be "
        "counted, until such a difference shows in one case of two?"
    ),
    options=(
        Option(
            "those-counted",
            _("{value}: those counted are enough"),
            _(
                "With so few people the true rate may be {low} to {high}. {needed} lies between: "
                "the plan may earn, and it may lose."
            ),
            formula=lambda n: n.counted,
        ),
        Option(
            "five-times",
            _("{about}: five times as many"),
            _("{value}, if the rate stays the same. A small difference needs many people."),
            formula=lambda n: n.enough,
            right=True,
        ),
        Option(
            "twice",
            _("{about}: twice as many"),
            _("Twice as many people make the interval less than a third narrower."),
            formula=lambda n: 2 * n.counted,
        ),
        Option(
            "fifty-times",
            _("{about}: fifty times as many"),
            _("So many would show a much smaller difference: about one of a hundred."),
            formula=lambda n: 50 * n.counted,
        ),
    ),
    hint=_("How wide is the interval now, and how small is the difference?"),
)

florist = Figure(
    key="own-plan-florist",
    given=Numbers(
        Number("advertising", _("Spent on advertising for the course"), YEN, 168_000),
        Number("buyers", _("Took the one-day course"), PEOPLE, 80),
        Number("before", _("Of these, already had flowers delivered every week"), PEOPLE, 24),
        Number("printed", _("In her notes: cost of one new course guest"), YEN, 2_100),
    ),
    unit=YEN,
    answer=lambda n: n.advertising / (n.buyers - n.before),
    means=_(
        "Only they can be won by the course. Who had the deliveries before is a good customer, "
        "but not one that the course brought to them."
    ),
    mistakes=(
        Mistake(
            "all-buyers",
            lambda n: n.advertising / n.buyers,
            _("That is her number. {before} of the {buyers} had the deliveries already."),
        ),
        Mistake(
            "those-before",
            lambda n: n.advertising / n.before,
            _("You divided by those who had the deliveries already. Take the others."),
        ),
        Mistake(
            "those-before-added",
            lambda n: n.advertising / (n.buyers + n.before),
            _("The {before} are among the {buyers}: do not count them twice."),
        ),
    ),
    hint=_("How many of the guests could still be won for the deliveries?"),
)

# The exercise: Mei's candles

EXPORTS = Numbers(
    Number("first", _("Orders in the first export, January to June"), NUMBER, 412),
    Number("second", _("Orders in the second export, May to October"), NUMBER, 268),
    Number("both", _("Of these, orders that stand in both"), NUMBER, 75),
)
STATES = Numbers(
    Number("cancelled", _("Cancelled"), NUMBER, 31),
    Number("unpaid", _("Never paid"), NUMBER, 12),
    Number("partly", _("Paid, and a part of the money given back"), NUMBER, 9),
    Number("free", _("Paid with ¥0: a free sample"), NUMBER, 20),
)


def one_each(n: Numbers) -> float:
    """Orders, each counted once."""
    return n.first + n.second - n.both


mei_once = Figure(
    key="own-plan-mei-once",
    given=EXPORTS,
    unit=NUMBER,
    answer=one_each,
    means=_("Each order once. In the sum of the two, those of May and June stood twice."),
    mistakes=(
        Mistake(
            "counted-twice",
            lambda n: n.first + n.second,
            _("{both} orders stand in both exports. You counted them twice."),
        ),
        Mistake(
            "taken-off-twice",
            lambda n: n.first + n.second - 2 * n.both,
            _("Now they are not counted at all. Each of the {both} is still one order."),
        ),
        Mistake(
            "the-longer-file",
            lambda n: n.first,
            _("That is the first export only. The second one holds later orders."),
        ),
    ),
    hint=_("How many orders are only in the second export?"),
)

mei_sales = Figure(
    key="own-plan-mei-sales",
    given=EXPORTS + STATES,
    unit=NUMBER,
    answer=lambda n: one_each(n) - n.cancelled - n.unpaid,
    means=_("A free sample and an order with a small refund count: their buyers have the set."),
    mistakes=(
        Mistake(
            "all-are-sales",
            one_each,
            _("A cancelled order and one that was never paid are no sales."),
        ),
        Mistake(
            "unpaid-kept",
            lambda n: one_each(n) - n.cancelled,
            _("You kept the {unpaid} that were never paid."),
        ),
        Mistake(
            "cancelled-kept",
            lambda n: one_each(n) - n.unpaid,
            _("You kept the {cancelled} that were cancelled."),
        ),
        Mistake(
            "part-refund-is-no-sale",
            lambda n: one_each(n) - n.cancelled - n.unpaid - n.partly,
            _(
                "A part of the money went back, not the goods. The {partly} are sales; only their "
                "money is less."
            ),
        ),
        Mistake(
            "free-is-no-sale",
            lambda n: one_each(n) - n.cancelled - n.unpaid - n.free,
            _("The {free} who took a free sample are front buyers: that is what a sample is for."),
        ),
        Mistake(
            "everything-but-the-plain",
            lambda n: one_each(n) - n.cancelled - n.unpaid - n.partly - n.free,
            _("Too much is gone: the {partly} partly refunded and the {free} free ones count."),
        ),
        Mistake(
            "duplicates-kept",
            lambda n: n.first + n.second - n.cancelled - n.unpaid,
            _("Count each order once first, as in 1.1."),
        ),
    ),
    hint=_(
        "From 1.1, take off where nobody got the goods for good. What is a free sample, if not a "
        "front offer?"
    ),
)

BOX = Numbers(
    Number("price", _("Price of one candle box, with 10% tax in it"), YEN, 6_600),
    Number("tax", _("Tax, on the price without tax"), RATE, 0.10),
    Number("fee", _("Fee of the marketplace, of what the customer pays"), RATE, 0.12),
    Number("cost", _("Wax, box and post of one box, without tax"), YEN, 4_400),
)
mei_margin = Figure(
    key="own-plan-mei-margin",
    given=BOX,
    unit=YEN,
    answer=lambda n: n.price / (1 + n.tax) - n.fee * n.price - n.cost,
    means=_("¥600 of the price are tax and were never Mei's. This is what one box leaves."),
    mistakes=(
        Mistake(
            "tax-left-in",
            lambda n: n.price - n.fee * n.price - n.cost,
            _("The tax is still in it. It goes to the tax office: divide the price by 1.1."),
        ),
        Mistake(
            "tax-of-the-price",
            lambda n: n.price * (1 - n.tax) - n.fee * n.price - n.cost,
            _(
                "The tax is {tax} of the price *without* tax, so it is less than {tax} of "
                "{price}: divide by 1.1, do not multiply by 0.9."
            ),
        ),
        Mistake(
            "fee-left-out",
            lambda n: n.price / (1 + n.tax) - n.cost,
            _("You left out the fee, {fee} of what the customer pays."),
        ),
        Mistake(
            "fee-without-tax",
            lambda n: (1 - n.fee) * n.price / (1 + n.tax) - n.cost,
            _("The fee is taken from what the customer pays, tax included: {fee} of {price}."),
        ),
        Mistake(
            "cost-left-out",
            lambda n: n.price / (1 + n.tax) - n.fee * n.price,
            _("The wax, the box and the post cost {cost}."),
        ),
    ),
    hint=_("First the price without tax. Then the fee on what was paid. Then the cost."),
)

PEOPLE_OF_MEI = Numbers(
    Number("front", _("Bought the sample set"), PEOPLE, 254),
    Number("before", _("Of these, had a candle box before, or in the same order"), PEOPLE, 23),
    Number("recent", _("Of the rest, bought the set less than 60 days ago"), PEOPLE, 58),
    Number("recent_went_on", _("Of these recent ones, have a box already"), PEOPLE, 9),
    Number("converted", _("Of those who had 60 days, bought a box within them"), PEOPLE, 52),
    Number("printed", _("In her notes: the share who go on"), RATE, 0.33),
)


def eligible(n: Numbers) -> float:
    """Of Mei's front buyers, who could go on and had the time."""
    return n.front - n.before - n.recent


mei_eligible = Figure(
    key="own-plan-mei-eligible",
    given=PEOPLE_OF_MEI,
    unit=PEOPLE,
    answer=eligible,
    means=_("They could be won, and had the time to say yes or no."),
    mistakes=(
        Mistake(
            "recent-as-refusals",
            lambda n: n.front - n.before,
            _("{recent} of them have not had the 60 days. So far they have not refused."),
        ),
        Mistake(
            "earlier-box-buyers-kept",
            lambda n: n.front - n.recent,
            _("{before} had a candle box before the set. The set cannot win them any more."),
        ),
        Mistake(
            "all-of-them",
            lambda n: n.front,
            _("All? Some had the box before the set, and some have not had the time."),
        ),
        Mistake(
            "recent-who-went-on-kept",
            lambda n: eligible(n) + n.recent_went_on,
            _(
                "You kept the {recent_went_on} recent ones who have the box. Then the slow ones "
                "are out and the quick ones in: the rate comes out too high."
            ),
        ),
        Mistake(
            "only-the-recent-who-went-on-out",
            lambda n: n.front - n.before - n.recent_went_on,
            _(
                "You took out the recent ones who have the box. All {recent} recent ones have to "
                "go, whatever they did."
            ),
        ),
    ),
    hint=_("Two groups of these buyers cannot count. Which?"),
)

mei_rate = Figure(
    key="own-plan-mei-rate",
    given=PEOPLE_OF_MEI,
    unit=RATE,
    of=eligible,
    answer=lambda n: n.converted / eligible(n),
    means=_("The same people above and below the line: won by the set, within 60 days."),
    mistakes=(
        Mistake(
            "recent-as-refusals",
            lambda n: (n.converted + n.recent_went_on) / (n.front - n.before),
            _("So all {recent} recent buyers count, and those who are still thinking as refusals."),
        ),
        Mistake(
            "recent-below-the-line",
            lambda n: n.converted / (n.front - n.before),
            _("The {recent} recent ones are not above the line; below it they stand as refusals."),
        ),
        Mistake(
            "recent-who-went-on",
            lambda n: (n.converted + n.recent_went_on) / (eligible(n) + n.recent_went_on),
            _(
                "You counted of the recent ones only those who went on. The slow ones are out, so "
                "it is too high."
            ),
        ),
        Mistake(
            "credit-for-earlier-buyers",
            lambda n: (n.converted + n.before) / (eligible(n) + n.before),
            _("You gave the set credit for the {before} who had a candle box before it."),
        ),
        Mistake(
            "earlier-buyers-below",
            lambda n: n.converted / (n.front - n.recent),
            _("The {before} who had the box before are still below the line."),
        ),
        Mistake(
            "her-own-sum",
            lambda n: (n.converted + n.recent_went_on + n.before) / n.front,
            _(
                "That is the number of her notes. It counts the {before} who had a box before, "
                "and the {recent} recent ones as refusals."
            ),
        ),
        Mistake(
            "everybody",
            lambda n: n.converted / n.front,
            _("Below the line stand only those of 2.1."),
        ),
    ),
    hint=_("Above the line, who went on in time; below it, your answer of 2.1."),
)

CAREFUL = Numbers(  # 96 of 300, and the 95 % interval of it
    Number("low", _("Low end of the rate"), RATE, 0.270),
    Number("rate", _("The rate itself"), RATE, 0.320),
    Number("high", _("High end of the rate"), RATE, 0.375),
    Number("set_margin", _("What one sample set leaves, its cost taken off"), YEN, -260),
    Number("box_worth", _("What one who goes on leaves within 12 months"), YEN, 4_700),
)
mei_limit = Figure(
    key="own-plan-mei-limit",
    given=CAREFUL,
    unit=YEN,
    answer=lambda n: n.set_margin + n.low * n.box_worth,
    means=_("Up to this the set pays even if the true rate is at the low end."),
    mistakes=(
        Mistake(
            "average-for-the-low-end",
            lambda n: n.set_margin + n.rate * n.box_worth,
            _("That is the limit at {rate}, the middle. The true rate may be only {low}."),
        ),
        Mistake(
            "high-end",
            lambda n: n.set_margin + n.high * n.box_worth,
            _("You took the high end. Careful is the low one, {low}."),
        ),
        Mistake(
            "loss-of-the-set-left-out",
            lambda n: n.low * n.box_worth,
            _("The set itself loses money: {set_margin} for each one sold."),
        ),
        Mistake(
            "loss-as-a-gain",
            lambda n: n.low * n.box_worth - n.set_margin,
            _("You took off a minus, and so added the loss. The set makes the limit lower."),
        ),
        Mistake(
            "everybody-goes-on",
            lambda n: n.set_margin + n.box_worth,
            _("Not everybody goes on: at the low end {low} do."),
        ),
    ),
    hint=_("What the set leaves, plus the careful rate times what one who goes on leaves."),
)

mei_verdict = Choice(
    key="own-plan-mei-verdict",
    given=CAREFUL + Numbers(Number("ads", _("Advertising for one sample set"), YEN, 1_100)),
    unit=YEN,
    question=_("The advertising for one set costs {ads}. What does Mei write into her plan?"),
    options=(
        Option(
            "stop",
            _("Stop the set: at this cost it may lose."),
            _(
                "At the low end it does. At the middle, and above it, it pays: so it is not "
                "known that it loses. Spend less on a set, but do not stop it."
            ),
        ),
        Option(
            "go",
            _("Go on as today: it pays up to {value}."),
            _("At {rate} it does. But the true rate may be {low}, and there it loses."),
            formula=lambda n: n.set_margin + n.rate * n.box_worth,
        ),
        Option(
            "double",
            _("Spend more: it may pay up to {value}."),
            _("It may, if the true rate is at the high end. Nobody plans with the best case."),
            formula=lambda n: n.set_margin + n.high * n.box_worth,
        ),
        Option(
            "count-on",
            _("Not known yet: until then at most {value}."),
            _(
                "{ads} lies between the limit at the low end and that at the high end. She leaves "
                "out her most expensive adverts, sets a day, and counts again."
            ),
            formula=lambda n: n.set_margin + n.low * n.box_worth,
            right=True,
        ),
    ),
    hint=_("Compare what one set costs with the limit at the low end and at the high end."),
)

own_limit = Figure(
    key="own-plan-own-limit",
    own=Trial,
    given=Numbers.of(
        Trial(),
        "trial_price",
        "trial_cost",
        "upgrade_rate",
        "delivery_margin",
        "retention",
        "discount_rate",
    ),
    unit=YEN,
    answer=lambda n: (
        n.scenario(Trial).trial_margin + n.upgrade_rate * n.scenario(Trial).ltv_within(12)
    ),
    means=_(
        "This agrees with your plan. It is what one front buyer may cost you, with the rate you "
        "put in and the money of 12 months."
    ),
    mistakes=(
        Mistake(
            "trial-left-out",
            lambda n: n.upgrade_rate * n.scenario(Trial).ltv_within(12),
            _("You left out what the trial itself leaves or loses."),
        ),
        Mistake(
            "everybody-goes-on",
            lambda n: n.scenario(Trial).trial_margin + n.scenario(Trial).ltv_within(12),
            _("Not everybody goes on: multiply by the share who do."),
        ),
        Mistake(
            "one-delivery",
            lambda n: n.scenario(Trial).trial_margin + n.upgrade_rate * n.delivery_margin,
            _("That is the first delivery only. Take what comes within 12 months."),
        ),
    ),
    hint=_("`trial_margin + upgrade_rate * ltv_within(12)`, of the careful model."),
)

WORKSHEET = Line(
    chapter="13",
    question=_("What my own orders say"),
    words={
        "front": _("My front products, as they stand in my export"),
        "back": _("My back products"),
        "window": _("How many days a buyer has to go on"),
        "missing": _("What I do not know yet"),
        "day": _("The day on which I count again"),
    },
    rule=_(
        "I count only who had {window}. What I do not know yet: {missing}. On {day} I count again, "
        "and until then I spend no more than the low end carries."
    ),
)
