"""Practice for lesson 08: which front offer brings the people the back offer is made for."""

from dataclasses import replace

from twostep._text import _
from twostep.models.fit_generosity import FrontOfferFit
from twostep.practice._exercise import Choice, Figure, Mistake
from twostep.practice._shown import Number, Numbers, Option
from twostep.practice._worksheet import Line
from twostep.units import MONTHS, PEOPLE, RATE, YEN

BAKER = Numbers(
    Number("visitors", _("Visitors a month"), PEOPLE, 10_000),
    Number("draw_uptake", _("Of these, the share who enter the draw"), RATE, 0.10),
    Number("draw_fit", _("Of those who enter, the share who fit"), RATE, 0.15),
    Number("kit_uptake", _("Of all visitors, the share who take the kit"), RATE, 0.04),
    Number("kit_fit", _("Of those who take it, the share who fit"), RATE, 0.60),
)
"""The bread course of the page; its other numbers are the model's own assumptions."""


def draw(n: Numbers) -> FrontOfferFit:
    """The prize draw of the page."""
    return FrontOfferFit(uptake=n.draw_uptake, fit_share=n.draw_fit)


def kit(n: Numbers) -> FrontOfferFit:
    """The baking kit of the page."""
    return FrontOfferFit(uptake=n.kit_uptake, fit_share=n.kit_fit)


def month(n: Numbers, offer: FrontOfferFit) -> float:
    """What an offer brings in a month."""
    return float(n.visitors * offer.value_per_visitor)


predict = Choice(
    key="fit-predict",
    given=BAKER,
    unit=YEN,
    question=_(
        "{draw_uptake} of the visitors enter the draw, {kit_uptake} take the kit. What does the "
        "kit bring in a month?"
    ),
    options=(
        Option(
            "fewer-takers-less-money",
            "{about}",
            _("You counted people. A person who fits buys sixteen times as often as another one."),
            formula=lambda n: month(n, draw(n)) * n.kit_uptake / n.draw_uptake,
        ),
        Option(
            "evens-out",
            "{about}",
            _("It could even out, but it does not: compare 1,000 × 15% with 400 × 60%."),
            formula=lambda n: month(n, draw(n)),
        ),
        Option(
            "more-who-fit",
            "{about}",
            _("240 people who fit, where the draw has 150; and only 400 kits to pay for: {value}."),
            formula=lambda n: month(n, kit(n)),
            right=True,
        ),
        Option(
            "four-times-the-fit",
            "{about}",
            _("Four times as many of 100 who take it. But fewer take it."),
            formula=lambda n: month(n, draw(n)) * n.kit_fit / n.draw_fit,
        ),
    ),
    hint=_("How many people who fit does each offer bring?"),
)

SCHOOL = Numbers(
    Number("kits", _("Kits that each of the two gives away"), PEOPLE, 400),
    Number("rival_sales", _("Courses that the competitor sold"), PEOPLE, 29),
    Number("rival_fit", _("Of those who took one from him, the share who fit"), RATE, 0.90),
    Number("own_fit", _("Of those who take one from Yui, the share who fit"), RATE, 0.60),
    Number("fit_rate", _("Of those who fit, the share who buy"), RATE, 0.08),
    Number("misfit_rate", _("Of the others, the share who buy"), RATE, 0.005),
)


def sales(n: Numbers, share: float) -> float:
    """How many of the people who take a kit buy the course, if this share of them fits."""
    offer = n.scenario(FrontOfferFit, fit_share=share)
    return float(n.kits * offer.back_rate)


predict_rival = Choice(
    key="fit-predict-rival",
    given=SCHOOL,
    unit=PEOPLE,
    question=_(
        "The competitor gave away {kits} kits and sold {rival_sales} courses. Yui gives away "
        "{kits}, too. How many sales should she plan with?"
    ),
    options=(
        Option(
            "own-people",
            "{about}",
            _(
                "The kit is the same, the people are not: of hers {own_fit} fit, of his "
                "{rival_fit}."
            ),
            formula=lambda n: sales(n, n.own_fit),
            right=True,
        ),
        Option(
            "as-at-the-other-school",
            "{about}",
            _("So many bought from him. Those are other people: {rival_fit} of them fit."),
            formula=lambda n: n.rival_sales,
        ),
        Option(
            "between-the-two",
            "{about}",
            _("An average is good when you know little about your own people. She has asked them."),
            formula=lambda n: (n.rival_sales + sales(n, n.own_fit)) / 2,
        ),
    ),
    hint=_("Whose customers will buy Yui's course?"),
)

WAYS = BAKER.with_values(visitors=1_000) + Numbers(
    Number("planned_fit", _("Of those who take the planned kit, the share who fit"), RATE, 2 / 3),
    Number("others_fit", _("That share if other people come"), RATE, 0.15),
    Number("build", _("Building a course costs"), YEN, 300_000),
    Number("learning", _("Months of learning, without a course"), MONTHS, 3),
    Number("months", _("Months in all"), MONTHS, 12),
)
"""Two ways to fit: plan it and build at once, or learn it first with the kit and a question."""


def earned(n: Numbers, months: float, fit_share: float) -> float:
    """What the kit brings in these months with a course, where this share of its takers fits."""
    return months * month(n, replace(kit(n), fit_share=fit_share))


def planned(n: Numbers, fit_share: float) -> float:
    """The course is built at once and kept for all these months."""
    return earned(n, n.months, fit_share) - n.build


def learnt(n: Numbers) -> float:
    """Kits without a course while she learns who comes, then a course made for these people."""
    kits = n.learning * month(n, replace(kit(n), back_margin=0))
    return kits + earned(n, n.months - n.learning, n.planned_fit) - n.build


def turning_chance(n: Numbers) -> float:
    """The chance of other people from which on learning is better than planning."""
    best, worst = planned(n, n.planned_fit), planned(n, n.others_fit)
    return (best - learnt(n)) / (best - worst)


MISTAKEN = Numbers(
    Number(
        "needless",
        _("Learning costs, if the planned people come"),
        YEN,
        planned(WAYS, WAYS.planned_fit) - learnt(WAYS),
    ),
    Number(
        "stuck",
        _("A wrong plan costs, if kept"),
        YEN,
        learnt(WAYS) - planned(WAYS, WAYS.others_fit),
    ),
)
"""What each of the two mistakes costs."""

predict_ways = Choice(
    key="fit-predict-ways",
    given=WAYS + MISTAKEN,
    unit=RATE,
    question=_(
        "A wrong plan is kept for a year. How large must the chance be that other people come, so "
        "that learning first is better than planning and building?"
    ),
    options=(
        Option(
            "the-likelier-case",
            "{value}",
            _("The two mistakes do not cost the same. A wrong plan costs nearly twice as much."),
            formula=lambda _n: 0.5,
        ),
        Option(
            "what-each-mistake-costs",
            "{about}",
            _(
                "Needless learning costs {needless}, a wrong plan {stuck}. So a chance of less "
                "than half, {value}, is enough."
            ),
            formula=turning_chance,
            right=True,
        ),
        Option(
            "nearly-certain",
            "{about}",
            _(
                "Turn it round: that is how sure she must be that those people come for whom she "
                "planned."
            ),
            formula=lambda n: 1 - turning_chance(n),
        ),
        Option(
            "share-of-the-year",
            "{value}",
            _("So much of the year is lost. What counts is money: what each mistake costs."),
            formula=lambda n: n.learning / n.months,
        ),
    ),
    hint=_("Compare what needless learning costs with what a wrong plan costs."),
)

gym = Figure(
    key="fit-gym",
    given=Numbers(
        Number("towels", _("Towels given away, one for each name"), PEOPLE, 200),
        Number("towel_cost", _("Cost of one towel"), YEN, 400),
        Number("towel_members", _("Of these people, those who became members"), PEOPLE, 5),
        Number("lessons", _("Free first lessons, one for each name"), PEOPLE, 60),
        Number("lesson_cost", _("Cost of one free lesson"), YEN, 1_100),
        Number("lesson_members", _("Of these people, those who became members"), PEOPLE, 12),
    ),
    unit=YEN,
    answer=lambda n: (
        n.towels * n.towel_cost / n.towel_members - n.lessons * n.lesson_cost / n.lesson_members
    ),
    means=_("The name is cheaper with a towel, the member is much more expensive."),
    mistakes=(
        Mistake(
            "cost-of-a-name",
            lambda n: n.lesson_cost - n.towel_cost,
            _("That compares what a *name* costs. The question is what a *member* costs."),
        ),
        Mistake(
            "cheaper-name",
            lambda n: n.towel_cost - n.lesson_cost,
            _("That is a *name*: it is cheaper with a towel. But what does a *member* cost?"),
        ),
        Mistake(
            "how-many-times",
            lambda n: (
                n.towels
                * n.towel_cost
                / n.towel_members
                / (n.lessons * n.lesson_cost / n.lesson_members)
            ),
            _("That is how many times as much. The question is how many yen more."),
        ),
        Mistake(
            "towels-alone",
            lambda n: n.towels * n.towel_cost / n.towel_members,
            _("That is a member won with towels. Take off what one costs with the free lesson."),
        ),
        Mistake(
            "lessons-alone",
            lambda n: n.lessons * n.lesson_cost / n.lesson_members,
            _("That is a member won with a free lesson. How much is it with towels?"),
        ),
        Mistake(
            "all-the-money",
            lambda n: n.towels * n.towel_cost - n.lessons * n.lesson_cost,
            _("That compares all the money spent. Divide each by the members it brought."),
        ),
    ),
    hint=_("Add up what all towels cost. How many members did they bring? Then the lessons."),
)

tailor = Figure(
    key="fit-tailor",
    given=Numbers(
        Number("asked", _("People whom he asked: do you wear a suit to work?"), PEOPLE, 50),
        Number("yes", _("Of these, those who said yes"), PEOPLE, 20),
        Number("fit_rate", _("Of those who say yes, the share who later order a suit"), RATE, 0.09),
        Number("misfit_rate", _("Of the others, the share who do"), RATE, 0.015),
        Number("takers", _("People who will take his front offer next month"), PEOPLE, 200),
    ),
    unit=PEOPLE,
    of=lambda n: n.takers,
    answer=lambda n: n.takers * n.scenario(FrontOfferFit, fit_share=n.yes / n.asked).back_rate,
    means=_("So much one question on the form tells him, months before the first suit is sold."),
    mistakes=(
        Mistake(
            "everybody-fits",
            lambda n: n.takers * n.fit_rate,
            _("You took {fit_rate} of all. That is for those who say yes: {yes} of {asked}."),
        ),
        Mistake(
            "others-forgotten",
            lambda n: n.takers * n.yes / n.asked * n.fit_rate,
            _("You forgot the others. A few of them order a suit, too."),
        ),
        Mistake(
            "average-of-the-rates",
            lambda n: n.takers * (n.fit_rate + n.misfit_rate) / 2,
            _("You took the middle of both rates. But the two groups are not equally large."),
        ),
        Mistake(
            "shares-turned-round",
            lambda n: n.takers * n.scenario(FrontOfferFit, fit_share=1 - n.yes / n.asked).back_rate,
            _("You turned the two groups round: {yes} of {asked} said yes."),
        ),
        Mistake(
            "of-those-asked",
            lambda n: n.asked * n.scenario(FrontOfferFit, fit_share=n.yes / n.asked).back_rate,
            _("That is for the {asked} whom he asked. Next month it will be {takers}."),
        ),
    ),
    hint=_("How many people of next month will say yes? How many of these buy? And the others?"),
)

SHOES = FrontOfferFit(
    uptake=0.08, fit_share=0.70, fit_rate=0.25, misfit_rate=0.02, back_margin=9_000, offer_cost=500
)
COFFEE = replace(SHOES, uptake=0.30, fit_share=0.10, offer_cost=150)
MEASURING = Numbers.of(SHOES)
"""The running shop of the exercise: it measures feet, free of charge, or pours a coffee."""

back_rate = Figure(
    key="fit-shoes-rate",
    given=MEASURING,
    unit=RATE,
    answer=lambda n: n.scenario(FrontOfferFit).back_rate,
    means=_("Of 100 who have their feet measured, about 18 buy a pair of shoes."),
    mistakes=(
        Mistake(
            "everybody-fits",
            lambda n: n.fit_rate,
            _("That is for those who fit. Only {fit_share} of those who take the offer do."),
        ),
        Mistake(
            "others-forgotten",
            lambda n: n.fit_share * n.fit_rate,
            _("You forgot the others: {misfit_rate} of them buy too."),
        ),
        Mistake(
            "rates-added",
            lambda n: n.fit_rate + n.misfit_rate,
            _("You added the rates. Each is a share of its own group of people."),
        ),
        Mistake(
            "average-of-the-rates",
            lambda n: (n.fit_rate + n.misfit_rate) / 2,
            _("You took the middle of both rates. But {fit_share} fit, not half."),
        ),
        Mistake(
            "of-all-visitors",
            lambda n: n.uptake * n.scenario(FrontOfferFit).back_rate,
            _("That is a share of all visitors. The question is about those who take the offer."),
        ),
    ),
    hint=_("Think of 100 people who take the offer. How many fit, and how many of these buy?"),
)

value = Figure(
    key="fit-shoes-value",
    given=MEASURING,
    unit=YEN,
    answer=lambda n: n.scenario(FrontOfferFit).value_per_visitor,
    means=_("So much one visitor is worth, whether he takes the offer or not, on average."),
    mistakes=(
        Mistake(
            "of-one-taker",
            lambda n: n.scenario(FrontOfferFit, uptake=1).value_per_visitor,
            _("That is what one person who takes the offer is worth. {uptake} of visitors do."),
        ),
        Mistake(
            "cost-forgotten",
            lambda n: n.scenario(FrontOfferFit, offer_cost=0).value_per_visitor,
            _("You forgot what the offer costs: {offer_cost} for each who takes it."),
        ),
        Mistake(
            "cost-for-every-visitor",
            lambda n: n.scenario(FrontOfferFit, offer_cost=0).value_per_visitor - n.offer_cost,
            _("You charged {offer_cost} for every visitor. Only {uptake} take the offer."),
        ),
        Mistake(
            "everybody-fits",
            lambda n: n.scenario(FrontOfferFit, fit_share=1).value_per_visitor,
            _("You let everybody fit. It is {fit_share} of those who take the offer."),
        ),
        Mistake(
            "others-forgotten",
            lambda n: n.scenario(FrontOfferFit, misfit_rate=0).value_per_visitor,
            _("You forgot the others: {misfit_rate} of them buy too."),
        ),
    ),
    hint=_("What is one person worth who takes the offer? How many of the visitors take it?"),
)

CUPS = Numbers.of(COFFEE) + Numbers(
    Number("today", _("What a visitor is worth with the coffee of today"), YEN, 71.10),
    Number("more", _("So many more people take a better coffee"), RATE, 0.60),
    Number("fit_then", _("Of all these, the share who run"), RATE, 0.0625),
    Number("cost_then", _("Cost of a better coffee"), YEN, 200),
)


def better_coffee(n: Numbers) -> float:
    """What a visitor is worth with the better coffee."""
    changes = {
        "uptake": n.uptake * (1 + n.more),
        "fit_share": n.fit_then,
        "offer_cost": n.cost_then,
    }
    return float(n.scenario(FrontOfferFit, **changes).value_per_visitor)


predict_coffee = Choice(
    key="fit-predict-coffee",
    given=CUPS,
    unit=YEN,
    question=_(
        "A better coffee costs {cost_then}. {more} more people take it, and {fit_then} of them run "
        "(today {fit_share}). Today a visitor is worth {today}. And then?"
    ),
    options=(
        Option(
            "more-takers",
            "{about}",
            _("That would be right if the new people were like the old ones."),
            formula=lambda n: n.today * (1 + n.more),
        ),
        Option(
            "no-change",
            "{about}",
            _("As many runners come as before. But the other cups must be paid for."),
            formula=lambda n: n.today,
        ),
        Option(
            "falls-as-the-fit",
            "{about}",
            _("The share who run falls so much. But it is a share of more people."),
            formula=lambda n: n.today * n.fit_then / n.fit_share,
        ),
        Option(
            "same-runners-more-cups",
            "{about}",
            _(
                "As many runners as before: 3 of 100 visitors. But 48 cups in place of 30, and "
                "each costs more: {value}."
            ),
            formula=better_coffee,
            right=True,
        ),
    ),
    hint=_("How many people who run come to the coffee, before and after?"),
)

LIMIT = Numbers(
    Number("coffee_uptake", _("Of all visitors, the share who take a coffee"), RATE, 0.30),
    Number("coffee_cost", _("Cost of a coffee"), YEN, 150),
    Number("fit_rate", _("Of those who fit, the share who buy"), RATE, 0.25),
    Number("misfit_rate", _("Of the others, the share who buy"), RATE, 0.02),
    Number("back_margin", _("What a pair of shoes leaves"), YEN, 9_000),
    Number("other_value", _("What a visitor is to be worth"), YEN, 100),
)


def needed(n: Numbers, **changes: float) -> float:
    """The fit share at which the coffee is worth as much, with some of the numbers changed."""
    n = n.with_values(**changes)
    rate = (n.other_value / n.coffee_uptake + n.coffee_cost) / n.back_margin
    return float((rate - n.misfit_rate) / (n.fit_rate - n.misfit_rate))


limit = Figure(
    key="fit-shoes-limit",
    given=LIMIT,
    unit=RATE,
    answer=needed,
    means=_("The coffee brings many people, so few of 100 need to fit."),
    mistakes=(
        Mistake(
            "cost-forgotten",
            lambda n: needed(n, coffee_cost=0),
            _("You forgot the coffee: {coffee_cost} for each who takes one."),
        ),
        Mistake(
            "others-forgotten",
            lambda n: needed(n, misfit_rate=0),
            _("You forgot the others: {misfit_rate} of them buy too."),
        ),
        Mistake(
            "value-of-a-taker",
            lambda n: needed(n, coffee_uptake=1),
            _(
                "{other_value} is for a *visitor*. One who takes a coffee must bring more: divide "
                "by {coffee_uptake}."
            ),
        ),
        Mistake(
            "back-rate",
            lambda n: (n.other_value / n.coffee_uptake + n.coffee_cost) / n.back_margin,
            _("So many of 100 must *buy*. How many must fit, so that so many buy?"),
        ),
    ),
    hint=_(
        "What must one person who takes a coffee bring? Which share of them must buy? Which share "
        "must fit?"
    ),
)

learning_cost = Figure(
    key="fit-shoes-learning",
    given=Numbers(
        Number("visitors", _("Visitors a month"), PEOPLE, 2_000),
        Number("learning", _("Months of coffee, to see who comes"), MONTHS, 2),
        Number("coffee_value", _("What a visitor there is worth with the coffee"), YEN, 60),
        Number("measuring_value", _("What a visitor there is worth with the measuring"), YEN, 85),
        Number("months", _("Months in all"), MONTHS, 12),
    ),
    unit=YEN,
    answer=lambda n: n.visitors * n.learning * (n.measuring_value - n.coffee_value),
    means=_("So much the shop pays to see who comes, if the runners would have come anyway."),
    mistakes=(
        Mistake(
            "all-it-could-have-earned",
            lambda n: n.visitors * n.learning * n.measuring_value,
            _("In these months the coffee earns too. Only the difference is lost."),
        ),
        Mistake(
            "one-month",
            lambda n: n.visitors * (n.measuring_value - n.coffee_value),
            _("That is one month. The shop learns for {learning}."),
        ),
        Mistake(
            "the-whole-year",
            lambda n: n.visitors * n.months * (n.measuring_value - n.coffee_value),
            _("After {learning} the shop measures feet. Only {learning} are lost, not all."),
        ),
        Mistake(
            "the-other-months",
            lambda n: n.visitors * (n.months - n.learning) * (n.measuring_value - n.coffee_value),
            _("Those are the months *after* learning. Nothing is lost then."),
        ),
    ),
    hint=_("How much less does one visitor bring while the shop learns? How many visitors?"),
)

own_value = replace(
    value,
    key="fit-own-value",
    own=FrontOfferFit,
    means=_("This agrees with the numbers you typed. The fit share is the one to find out."),
)

WORKSHEET = Line(
    chapter="08",
    question=_("Who takes my front offer"),
    words={
        "made_for": _("My back offer is made for people who"),
        "ask": _("One question that shows who fits"),
        "kept": _("What I give away, and what stays to be paid for"),
    },
    model=FrontOfferFit,
    fields=("uptake", "fit_share", "fit_rate", "misfit_rate", "back_margin", "offer_cost"),
    rule=_(
        "Of those who take my front offer {fit_share} fit. A visitor is then worth "
        "{value_per_visitor}, a back buyer costs {cost_per_back_buyer}. I ask everybody: {ask}"
    ),
)
