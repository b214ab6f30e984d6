"""Practice for lesson 06: from a trial set to a subscription."""

import math

from twostep._text import _
from twostep.models.trial import Trial
from twostep.practice._exercise import Choice, Figure, Mistake
from twostep.practice._shown import Number, Numbers, Option
from twostep.practice._worksheet import Line
from twostep.practice.who_stays import REN
from twostep.units import MONTHS, PEOPLE, PERIODS, RATE, YEN

MARGIN = Number("margin", _("What one monthly delivery leaves"), YEN, 1_500)
"""Of Ren's coffee, an invented case."""

WORTHS = Numbers(
    Number("two_24", _("Two kinds, within 24 months"), YEN, 12_739),
    Number("many_24", _("Many kinds, within 24 months"), YEN, 13_856),
    Number("two_ever", _("Two kinds, for ever"), YEN, 15_068),
    Number("many_ever", _("Many kinds, for ever"), YEN, 29_380),
)
"""What one of Ren's subscribers is worth in the two descriptions that fit his counts."""

# The lesson

TRIAL = Numbers.of(
    Trial(),
    "cost_per_trial",
    "trial_price",
    "trial_cost",
    "upgrade_rate",
    "delivery_margin",
    "retention",
    "lag",
)


def outlay(n: Numbers) -> float:
    """What one trial takes out of the till on its first day."""
    return n.cost_per_trial + n.trial_cost - n.trial_price


predict = Choice(
    key="trial-subscription-predict",
    given=TRIAL,
    unit=MONTHS,
    question=_(
        "A trial costs {cost_per_trial} of advertising and {trial_cost} for goods and post, and "
        "brings {trial_price}. Of its buyers {upgrade_rate} subscribe; each delivery leaves "
        "{delivery_margin}, and {retention} take the next one. When is the money back, on average?"
    ),
    options=(
        Option(
            "one-delivery-repays",
            _("After {value}: one delivery repays a trial."),
            _(
                "One delivery leaves {delivery_margin}, but only {upgrade_rate} of the trial "
                "buyers ever get one. The other trials have to be repaid too."
            ),
            formula=lambda n: n.lag,
        ),
        Option(
            "nobody-leaves",
            _("After {value}: each month brings the same."),
            _(
                "So it would be if nobody left. But of the subscribers only {retention} take the "
                "next delivery, so every month brings less than the one before."
            ),
            formula=lambda n: (
                n.lag - 1 + math.ceil(outlay(n) / (n.upgrade_rate * n.delivery_margin))
            ),
        ),
        Option(
            "months-shrink",
            _("After {value}: each month brings less."),
            _("The months shrink, yet before they are too small the money is back."),
            formula=lambda n: n.scenario(Trial).payback_month,
            right=True,
        ),
        Option(
            "never-back",
            _("Never: too few of the buyers subscribe."),
            _(
                "Few subscribe, but each of them takes several deliveries. How many are needed, "
                "the page computes."
            ),
        ),
    ),
    hint=_("What does the first month bring back, of one trial? And the second?"),
)

upside_down = Choice(
    key="trial-subscription-upside-down",
    given=Numbers(
        Number("trials", _("Bought the trial set"), PEOPLE, 100),
        Number("subscribers", _("Of these, bought the main product"), PEOPLE, 30),
    ),
    question=_(
        "A published page explains the upgrade rate. Its heading says: 見込み客 ÷ 新規顧客 "
        "(prospects ÷ new customers). Its example says: {trials} buy the trial set, {subscribers} "
        "of them buy the main product. Is something wrong?"
    ),
    options=(
        Option(
            "the-example",
            _("The example is wrong: by the heading, it is more than everybody."),
            _(
                "The heading divides all by a part, and so gives 333%. No share of people "
                "can be that large."
            ),
        ),
        Option(
            "nothing",
            _("Nothing is wrong: both ways of dividing are in use."),
            _(
                "One question has one answer: of {trials}, {subscribers} went on. The other way "
                "round it is the number of trials for each subscriber, which is no rate."
            ),
        ),
        Option(
            "the-heading",
            _("The heading is wrong: those who went on belong above the line."),
            _(
                "{subscribers} of {trials}. The example is right and the heading is upside down. "
                "Ask of every rate: of whom?"
            ),
            right=True,
        ),
        Option(
            "both",
            _("Both are wrong: the visitors of the page belong below the line."),
            _("The upgrade rate starts at the trial. Visitors belong to an earlier rate."),
        ),
    ),
    hint=_("Of whom is it a share? And which of the two groups is part of the other?"),
)

predict_worth = Choice(
    key="trial-subscription-predict-worth",
    given=Numbers.of(Trial(), "delivery_margin", "retention", "discount_rate")
    + Numbers(
        Number("price", _("Price of one delivery"), YEN, 4_980),
        Number("deliveries", _("Deliveries"), PERIODS, 12),
    ),
    unit=YEN,
    question=_(
        "A delivery costs the customer {price} and leaves you {delivery_margin}. Of the "
        "subscribers {retention} take the next one. What does one subscriber leave within twelve "
        "months, on average?"
    ),
    options=(
        Option(
            "twelve-deliveries",
            _("{value}: twelve deliveries"),
            _("Only if nobody leaves. After a year fewer than one in ten are still there."),
            formula=lambda n: n.deliveries * n.delivery_margin,
        ),
        Option(
            "losses-shrink",
            _("{about}: every delivery reaches fewer"),
            _("The first delivery reaches all, the second {retention} of them, and so on."),
            formula=lambda n: n.scenario(Trial).ltv_within(n.deliveries),
            right=True,
        ),
        Option(
            "price-by-churn",
            _("{value}: the price ÷ those who leave"),
            _(
                "The customer pays {price}, but you have to buy and post the goods. Only the "
                "margin is yours. And that sum counts for ever, not for twelve months."
            ),
            formula=lambda n: n.price / (1 - n.retention),
        ),
        Option(
            "retention-once",
            _("{value}: {retention} of twelve deliveries"),
            _("{retention} stay from one delivery to the next, not for the whole year."),
            formula=lambda n: n.retention * n.deliveries * n.delivery_margin,
        ),
    ),
    hint=_("Write down the first three deliveries of 100 subscribers."),
)

predict_future = Choice(
    key="trial-subscription-predict-future",
    given=WORTHS,
    unit=YEN,
    question=_(
        "Within 24 months one description says {two_24}, the other {many_24}. For ever, the first "
        "says {two_ever}. What does the second say?"
    ),
    options=(
        Option(
            "twice-as-much",
            _("{about}: far ahead they part"),
            _(
                "In the second description a few customers practically never leave. Six counts "
                "cannot say whether such people exist, and they make half of the sum."
            ),
            formula=lambda n: n.many_ever,
            right=True,
        ),
        Option(
            "same-gap",
            _("{about}: the same gap again"),
            _(
                "The gap grows with every month. Both were made to agree where Ren has counted, "
                "and nothing holds them together later."
            ),
            formula=lambda n: n.two_ever * n.many_24 / n.two_24,
        ),
        Option(
            "nothing-later",
            _("{about}: by then all have left"),
            _("By 24 months many have left, but not all. Those who are there leave rarely."),
            formula=lambda n: n.many_24,
        ),
        Option(
            "no-number",
            _("No number: six counts do not reach so far"),
            _(
                "They do not, that is true. But a description gives a number for any month and "
                "does not warn you. You have to know where your counts end."
            ),
        ),
    ),
    hint=_("Where do the two agree, and why there?"),
)

soap = Figure(
    key="trial-subscription-soap",
    given=Numbers(
        Number("advertising", _("Spent on advertising"), YEN, 828_000),
        Number("trials", _("Bought the trial soap"), PEOPLE, 360),
        Number("subscribers", _("Of these, subscribed"), PEOPLE, 90),
        Number("printed_rate", _("The upgrade rate in the spreadsheet"), RATE, 4.0),
        Number("printed_cpo", _("The CPO in the spreadsheet"), YEN, 575),
    ),
    unit=YEN,
    answer=lambda n: n.advertising / n.subscribers,
    means=_(
        "{advertising} for {subscribers} subscribers. The spreadsheet had the rate upside down, so "
        "that its CPO was sixteen times too low."
    ),
    mistakes=(
        Mistake(
            "rate-upside-down",
            lambda n: n.advertising / n.trials / (n.trials / n.subscribers),
            _(
                "That is the number of the spreadsheet. It divides by {printed_rate}, but only "
                "{subscribers} of {trials} subscribed."
            ),
        ),
        Mistake(
            "cost-of-a-trial",
            lambda n: n.advertising / n.trials,
            _("That is what one trial costs. Not every trial buyer subscribes."),
        ),
        Mistake(
            "those-who-did-not",
            lambda n: n.advertising / (n.trials - n.subscribers),
            _("You divided by those who did not subscribe."),
        ),
        Mistake(
            "both-counted",
            lambda n: n.advertising / (n.trials + n.subscribers),
            _("The {subscribers} are among the {trials}: do not count them twice."),
        ),
    ),
    hint=_("What was spent, and for how many subscribers?"),
)

gym = Figure(
    key="trial-subscription-gym",
    given=Numbers(
        Number("ltv_later", _("LTV in the adviser's report, from the first renewal"), YEN, 21_600),
        Number("month_margin", _("What one month of membership leaves"), YEN, 5_400),
        Number("member_cost", _("What winning one member costs"), YEN, 24_000),
    ),
    unit=YEN,
    answer=lambda n: n.ltv_later + n.month_margin - n.member_cost,
    means=_(
        "The first month is paid when the membership begins, so it counts. With it a member leaves "
        "more than winning one costs."
    ),
    mistakes=(
        Mistake(
            "first-month-left-out",
            lambda n: n.ltv_later - n.member_cost,
            _(
                "The report counts from the first renewal. The first month, {month_margin}, was "
                "paid before it."
            ),
        ),
        Mistake(
            "first-month-taken-off",
            lambda n: n.ltv_later - n.month_margin - n.member_cost,
            _("The report does not hold the first month yet: add it, do not take it off."),
        ),
        Mistake(
            "cost-left-out",
            lambda n: n.ltv_later + n.month_margin,
            _("That is what a member brings. Winning one costs {member_cost}."),
        ),
    ),
    hint=_("Which payment has come before the first renewal?"),
)

# The exercise: Ren's coffee

PACK = Numbers(
    Number("pack_price", _("Price of a tasting pack"), YEN, 560),
    Number("pack_cost", _("Coffee, bag and post of a pack"), YEN, 860),
    Number("upgrade", _("Of those who buy a pack, the share who subscribe"), RATE, 0.3),
)
SOLD = PACK + Numbers(
    Number("pack_ads", _("Advertising for one tasting pack sold"), YEN, 1_480), MARGIN
)


def pack_outlay(n: Numbers) -> float:
    """What one tasting pack takes out of the till."""
    return n.pack_ads + n.pack_cost - n.pack_price


def deliveries_needed(n: Numbers) -> float:
    """Full deliveries that repay the packs behind one subscriber."""
    return pack_outlay(n) / n.upgrade / n.margin


ren_outlay = Figure(
    key="trial-subscription-ren-outlay",
    given=SOLD,
    unit=YEN,
    answer=pack_outlay,
    means=_("So much is gone, for each pack, before the first subscriber gets a delivery."),
    mistakes=(
        Mistake(
            "price-left-out",
            lambda n: n.pack_ads + n.pack_cost,
            _("The buyer pays {pack_price} at once: that comes back the same day."),
        ),
        Mistake(
            "advertising-only",
            lambda n: n.pack_ads,
            _(
                "That is the advertising. The pack itself costs {pack_cost} and brings "
                "{pack_price}."
            ),
        ),
        Mistake(
            "advertising-left-out",
            lambda n: n.pack_cost - n.pack_price,
            _("That is what the pack itself loses. It had to be advertised too."),
        ),
        Mistake(
            "signs-swapped",
            lambda n: n.pack_ads + n.pack_price - n.pack_cost,
            _("You added the price and took off the cost. It is the other way round."),
        ),
    ),
    hint=_("What goes out for one pack, and what comes in the same day?"),
)

ren_cost = Figure(
    key="trial-subscription-ren-cost",
    given=SOLD,
    unit=YEN,
    answer=lambda n: pack_outlay(n) / n.upgrade,
    means=_(
        "One subscriber stands for more than three packs, and has to pay for all of them. This is "
        "the net CPO."
    ),
    mistakes=(
        Mistake(
            "cost-of-a-pack",
            pack_outlay,
            _("That is one pack. Only {upgrade} of the buyers subscribe."),
        ),
        Mistake(
            "multiplied",
            lambda n: pack_outlay(n) * n.upgrade,
            _("You multiplied. One subscriber needs several packs, so it must become more."),
        ),
        Mistake(
            "advertising-only",
            lambda n: n.pack_ads / n.upgrade,
            _("That is the CPO, advertising only. Each pack loses on its goods as well."),
        ),
        Mistake(
            "those-who-did-not",
            lambda n: pack_outlay(n) / (1 - n.upgrade),
            _("You divided by the share who do not subscribe."),
        ),
    ),
    hint=_("How many packs must be sold for one subscriber?"),
)


def repaid_by(n: Numbers, stay: tuple[float, ...]) -> float:
    """The delivery with which the packs behind one subscriber are repaid."""
    needed = deliveries_needed(n)
    made = 0.0
    for delivery, share in enumerate(stay, start=1):
        made += share
        if made >= needed:
            return delivery
    return math.inf


ren_payback = Figure(
    key="trial-subscription-ren-payback",
    given=SOLD + REN,
    unit=PERIODS,
    whole=True,
    answer=lambda n: repaid_by(
        n,
        tuple(
            count / n.start
            for count in (n.start, n.after_1, n.after_2, n.after_3, n.after_4, n.after_5)
        ),
    ),
    means=_("By then it is repaid, on counts only: no description was needed."),
    mistakes=(
        Mistake(
            "nobody-leaves",
            deliveries_needed,
            _("So it would be if nobody left. Of {start} only {after_1} got the second delivery."),
        ),
        Mistake(
            "one-pack-repaid",
            lambda n: pack_outlay(n) / n.margin,
            _("That repays one pack. Behind one subscriber stand more than three."),
        ),
        Mistake(
            "first-retention-for-ever",
            lambda n: repaid_by(n, tuple((n.after_1 / n.start) ** t for t in range(60))),
            _(
                "You used the first month's retention for ever. The later months went better, and "
                "they have been counted."
            ),
        ),
    ),
    hint=_(
        "Add up: what does the first delivery leave of one subscriber, on average? The second goes "
        "only to those who stayed."
    ),
)

NEPHEW = REN + Numbers(
    Number("price", _("Price of one delivery"), YEN, 2_600),
    MARGIN,
)


def deliveries_counted(n: Numbers) -> float:
    """Deliveries of one subscriber so far, on average."""
    return (n.start + n.after_1 + n.after_2 + n.after_3 + n.after_4 + n.after_5) / n.start


def churn(n: Numbers) -> float:
    """Of all who started, the share who left at the first renewal."""
    return 1 - n.after_1 / n.start


ren_so_far = Figure(
    key="trial-subscription-ren-so-far",
    given=NEPHEW,
    unit=YEN,
    answer=lambda n: n.margin * deliveries_counted(n),
    means=_(
        "This much has come in, on average, with six deliveries: counted, not predicted. More will "
        "come, but nobody knows how much."
    ),
    mistakes=(
        Mistake(
            "price-by-churn",
            lambda n: n.price / churn(n),
            _(
                "That is his sum. The price is not yours: only {margin} of it is. And the first "
                "month's churn does not last for ever."
            ),
        ),
        Mistake(
            "margin-by-churn",
            lambda n: n.margin / churn(n),
            _(
                "Better: the margin, not the price. But it still uses the first month's churn for "
                "ever. Add up what was counted."
            ),
        ),
        Mistake(
            "price-for-the-margin",
            lambda n: n.price * deliveries_counted(n),
            _("You counted the price, {price}. Only {margin} of it is left after the costs."),
        ),
        Mistake(
            "nobody-leaves",
            lambda n: 6 * n.margin,
            _("Six deliveries to everybody? Of {start} only {after_5} got the sixth."),
        ),
        Mistake(
            "first-delivery-left-out",
            lambda n: n.margin * (deliveries_counted(n) - 1),
            _("You left out the first delivery, which all {start} got."),
        ),
        Mistake(
            "all-subscribers",
            lambda n: n.margin * deliveries_counted(n) * n.start,
            _("That is what all {start} left together. The question is one subscriber."),
        ),
    ),
    hint=_("How many deliveries were made in all? Then per subscriber, then in yen."),
)

ren_plan = Choice(
    key="trial-subscription-ren-plan",
    given=WORTHS,
    unit=YEN,
    question=_(
        "Ren decides how much advertising a tasting pack may cost. He can wait two years for his "
        "money. Which worth of a subscriber does he plan with?"
    ),
    options=(
        Option(
            "the-best-fit",
            _("{about}: it fits the six counts as well as any"),
            _(
                "It fits the six counts, and so does a description that says half of it. Whoever "
                "spends up to this sum bets on customers whom nobody has seen."
            ),
            formula=lambda n: n.many_ever,
        ),
        Option(
            "the-middle",
            _("{about}: the middle of the two is the safest"),
            _(
                "The middle of two guesses about all future is still a guess about all future. He "
                "needs the money within two years."
            ),
            formula=lambda n: (n.two_ever + n.many_ever) / 2,
        ),
        Option(
            "what-the-counts-carry",
            _("{about}: within two years both say at least this"),
            _(
                "Up to 24 months the two agree within a tenth. Even this looks 18 months further "
                "than he has counted, so he counts on and corrects."
            ),
            formula=lambda n: n.two_24,
            right=True,
        ),
        Option(
            "first-month-for-ever",
            _("{about}: the first month's rate is the careful one"),
            _(
                "Too careful: within six deliveries nearly as much has come in already. It would "
                "make him refuse advertising that pays."
            ),
            formula=lambda _n: MARGIN.value / churn(REN),
        ),
    ),
    hint=_("Up to which month do the two descriptions say nearly the same?"),
)


def limit(n: Numbers, worth_of_one: float) -> float:
    """The most advertising one pack may cost, at so much worth of a subscriber."""
    return n.pack_price - n.pack_cost + n.upgrade * worth_of_one


ren_limit = Figure(
    key="trial-subscription-ren-limit",
    given=PACK + WORTHS,
    unit=YEN,
    answer=lambda n: limit(n, n.two_24),
    means=_(
        "Above this a pack loses money within two years, by the more careful description. It is "
        "the allowable cost of a pack, and it has a date on it."
    ),
    mistakes=(
        Mistake(
            "far-future",
            lambda n: limit(n, n.many_ever),
            _(
                "You planned with {many_ever}. Half of it lies in a future that the six counts "
                "cannot show: the other description, as good, says {two_ever}."
            ),
        ),
        Mistake(
            "for-ever",
            lambda n: limit(n, n.two_ever),
            _("You counted for ever. Ren can wait 24 months: {two_24} have come by then."),
        ),
        Mistake(
            "less-careful",
            lambda n: limit(n, n.many_24),
            _("That is the less careful description. A spending limit takes the lower one."),
        ),
        Mistake(
            "pack-left-out",
            lambda n: n.upgrade * n.two_24,
            _("The pack itself loses: it costs {pack_cost} and brings {pack_price}."),
        ),
        Mistake(
            "everybody-subscribes",
            lambda n: n.pack_price - n.pack_cost + n.two_24,
            _("Only {upgrade} of those who buy a pack subscribe."),
        ),
        Mistake(
            "pack-cost-added",
            lambda n: n.pack_cost - n.pack_price + n.upgrade * n.two_24,
            _("The loss on the pack is to be taken off, not added."),
        ),
    ),
    hint=_("Price − cost of the pack + upgrade rate × what a subscriber leaves within 24 months."),
)

own_outlay = Figure(
    key="trial-subscription-own-outlay",
    own=Trial,
    given=Numbers.of(Trial(cost_per_trial=1_900, trial_price=700, trial_cost=1_050)),
    unit=YEN,
    answer=outlay,
    means=_(
        "This agrees with the numbers you typed: so much one trial takes out of your till on the "
        "first day."
    ),
    mistakes=(
        Mistake(
            "price-left-out",
            lambda n: n.cost_per_trial + n.trial_cost,
            _("The buyer pays the trial price at once: take it off."),
        ),
        Mistake(
            "advertising-only",
            lambda n: n.cost_per_trial,
            _("That is the advertising. The trial set itself costs and brings something too."),
        ),
        Mistake(
            "advertising-left-out",
            lambda n: n.trial_cost - n.trial_price,
            _("That is what the set itself loses. It had to be advertised too."),
        ),
    ),
    hint=_("Advertising + cost of the trial − its price, with your own numbers."),
)

own_net_cpo = Figure(
    key="trial-subscription-own-net-cpo",
    own=Trial,
    given=own_outlay.given,
    unit=YEN,
    answer=lambda n: outlay(n) / n.upgrade_rate,
    means=_(
        "This agrees with the numbers you typed: what one subscriber costs you before the first "
        "delivery. Compare it with what one leaves within the time you can wait."
    ),
    mistakes=(
        Mistake(
            "cost-of-a-trial",
            outlay,
            _("That is one trial. Not every trial buyer subscribes."),
        ),
        Mistake(
            "multiplied",
            lambda n: outlay(n) * n.upgrade_rate,
            _("You multiplied. One subscriber needs several trials, so it must become more."),
        ),
        Mistake(
            "advertising-only",
            lambda n: n.cost_per_trial / n.upgrade_rate,
            _(
                "That is the CPO, advertising only. Take in what the trial set itself loses or "
                "earns."
            ),
        ),
    ),
    hint=_("What one trial takes out of the till, ÷ your upgrade rate."),
)

WORKSHEET = Line(
    chapter="06",
    question=_("When my money is back"),
    words={
        "trial": _("My trial"),
        "wait": _("How long I can wait for my money"),
    },
    model=Trial,
    fields=(
        "cost_per_trial",
        "trial_price",
        "trial_cost",
        "upgrade_rate",
        "delivery_margin",
        "retention",
        "lag",
    ),
    rule=_(
        "One trial takes me down to {low_point}; the money is back after {payback_month}. I can "
        "wait {wait}. I count what comes within that time, not for ever, and I show all terms "
        "before the click."
    ),
)
