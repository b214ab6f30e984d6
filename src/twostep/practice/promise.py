"""Practice for lesson 11: what may be promised, to whom, and what a guarantee costs."""

from twostep._text import _
from twostep.models.promise import Guarantee, readiness
from twostep.practice._exercise import Choice, Figure, Mistake
from twostep.practice._shown import Number, Numbers, Option
from twostep.practice._worksheet import Line
from twostep.units import MONTHS, NUMBER, PEOPLE, RATE, YEN

# The lesson: Nao, who helps small food makers through an inspection (invented)

BAR = Number("bar", _("Pass rate that she wants to be sure of"), RATE, 0.6)
FIRST = Numbers(
    Number("helped", _("Clients so far"), PEOPLE, 3),
    Number("passed", _("Of these, passed"), PEOPLE, 3),
    BAR,
)

predict = Choice(
    key="promise-predict",
    given=FIRST,
    question=_("{passed} of {helped} passed. May Nao write: “You pass, or your money back”?"),
    options=(
        Option(
            "all-of-them",
            _("Yes, to every maker: all of them have passed so far."),
            _(
                "All of three is still only three. Somebody who fails two clients in five would "
                "often have had the same luck."
            ),
        ),
        Option(
            "too-few",
            _("No: she must first count more of her clients."),
            _(
                "Three results fit a very good helper and a middling one. First count more, then "
                "compute what the promise costs."
            ),
            right=True,
        ),
        Option(
            "chosen-clients",
            _("Yes, to makers whose kitchen she has seen first."),
            _(
                "Jun does so, further down. But he has counted fifty clients whom he chose in this "
                "way, and Nao three."
            ),
        ),
        Option(
            "refunds-cost-more",
            _("No: refunds would take more than the promise brings."),
            _(
                "Perhaps. But how many fail, and how many more come? Three clients cannot tell. "
                "The page computes it once she has counted more."
            ),
        ),
    ),
    hint=_("Imagine a helper with whom only three clients in five pass. What could she have seen?"),
)

predict_sure = Choice(
    key="promise-predict-sure",
    given=FIRST,
    unit=RATE,
    question=_(
        "{passed} of {helped} have passed. How sure may Nao be that, of all clients still to come, "
        "at least {bar} pass?"
    ),
    options=(
        Option(
            "as-counted",
            _("{value}: nobody has failed so far"),
            _("Then the fourth could not fail either. Three clients do not show that."),
            formula=lambda n: n.passed / n.helped,
        ),
        Option(
            "chance-of-the-luck",
            _("{about}: the luck of three in a row"),
            _(
                "That is how often a helper with a pass rate of just {bar} sees three passes. It "
                "tells how easily luck does it, not how sure she may be."
            ),
            formula=lambda n: n.bar**n.passed,
        ),
        Option(
            "the-bar",
            _("{value}: she asks for no more than that"),
            _(
                "That is the share that she wants to be sure *of*. How sure is another share, of "
                "all the helpers that Nao could be."
            ),
            formula=lambda n: n.bar,
        ),
        Option(
            "the-pot",
            _("{about}: three passes say so much"),
            _(
                "So it comes out with one imagined client who passes and one who fails in the pot "
                "beside the three real ones. It is a good sign, and no proof."
            ),
            formula=lambda n: readiness(n.passed, n.helped, n.bar),
            right=True,
        ),
    ),
    hint=_("More than before the first client; less than certain."),
)

ANSWERS = Numbers(
    Number("buyers", _("Bought the course, and were asked"), PEOPLE, 40),
    Number("answered", _("Of these, answered"), PEOPLE, 15),
    Number("in_order", _("Of those who answered, have their papers in order"), PEOPLE, 12),
)

predict_silent = Choice(
    key="promise-predict-silent",
    given=ANSWERS,
    unit=RATE,
    question=_(
        "{buyers} bought the course. {answered} answer Nao's letter, and {in_order} of them have "
        "their papers in order. For which share of all {buyers} is it certain?"
    ),
    options=(
        Option(
            "at-least",
            _("{value}: the silent may be anything"),
            _(
                "{in_order} of {buyers} are certain. Three of those who answered do not have them; "
                "about the silent ones she knows nothing."
            ),
            formula=lambda n: n.in_order / n.buyers,
            right=True,
        ),
        Option(
            "silent-are-alike",
            _("{value}: the silent are like the others"),
            _(
                "Who has finished likes to write back; who has not is rather silent. The two "
                "groups are hardly ever alike."
            ),
            formula=lambda n: n.in_order / n.answered,
        ),
        Option(
            "answer-rate",
            _("{value}: they took the trouble to write"),
            _("So many *answered*. Three of them do not have them in order."),
            formula=lambda n: n.answered / n.buyers,
        ),
        Option(
            "only-who-said-no",
            _("{value}: only three say that they do not"),
            _("That is the most it can be: only if every silent buyer has them in order."),
            formula=lambda n: (n.buyers - n.answered + n.in_order) / n.buyers,
        ),
    ),
    hint=_("What is the fewest that can have them in order? And the most?"),
)

NAO = Guarantee(price=480_000)
OFFER = Numbers.of(
    NAO,
    "price",
    "delivery_cost",
    "success_rate",
    "claim_rate",
    "opportunist_rate",
    "clients",
    "demand_lift",
)


def with_guarantee(n: Numbers) -> float:
    """How many clients there are with the guarantee."""
    return n.clients * (1 + n.demand_lift)


predict_guarantee = Choice(
    key="promise-predict-guarantee",
    given=OFFER,
    unit=YEN,
    question=_(
        "A client pays {price} and costs {delivery_cost} to serve. With the guarantee 14 come, not "
        "{clients}. Of those who fail, {claim_rate} want their money back; of those who pass, "
        "{opportunist_rate} do as well. How does the profit of half a year change?"
    ),
    options=(
        Option(
            "more-clients",
            _("{value}: four more clients, and each pays"),
            _("That is what four clients leave, if nobody asks for money back."),
            formula=lambda n: n.clients * n.demand_lift * (n.price - n.delivery_cost),
        ),
        Option(
            "only-the-margin",
            _("{value}: a refund takes only what is left"),
            _(
                "A refund takes the whole price. The work is done by then, so its cost is lost on "
                "top."
            ),
            formula=lambda n: (
                with_guarantee(n)
                * (1 - n.scenario(Guarantee).refund_rate)
                * (n.price - n.delivery_cost)
                - n.scenario(Guarantee).profit_without
            ),
        ),
        Option(
            "refunds-cost-more",
            _("{value}: refunds cost more than four bring"),
            _(
                "More than one client in four gets {price} back, and among them are clients who "
                "would have paid without any guarantee."
            ),
            formula=lambda n: (
                n.scenario(Guarantee).profit_with - n.scenario(Guarantee).profit_without
            ),
            right=True,
        ),
        Option(
            "everybody-fails-alike",
            _("{value}: all who fail want their money back"),
            _("Of those who fail {claim_rate} ask. It is bad enough, but not so bad."),
            formula=lambda n: (
                n.scenario(Guarantee, claim_rate=1).profit_with
                - n.scenario(Guarantee).profit_without
            ),
        ),
    ),
    hint=_("What do the four bring? How many of the 14 get their money back, at what cost each?"),
)

mattress = Figure(
    key="promise-mattress",
    given=Numbers(
        Number("sold", _("Mattresses sold, one to each buyer"), PEOPLE, 250),
        Number("answered", _("Buyers who answered the question"), PEOPLE, 60),
        Number("better", _("Of these, sleep better"), PEOPLE, 54),
    ),
    unit=RATE,
    answer=lambda n: n.better / n.sold,
    of=lambda n: n.sold,
    means=_("This much is known. About the buyers who did not answer, nothing is."),
    mistakes=(
        Mistake(
            "of-those-who-answered",
            lambda n: n.better / n.answered,
            _("That is the seller's own sum: of those who *answered*. {sold} bought."),
        ),
        Mistake(
            "answer-rate",
            lambda n: n.answered / n.sold,
            _("So many answered. Not all of them sleep better."),
        ),
        Mistake(
            "all-silent-are-happy",
            lambda n: (n.sold - n.answered + n.better) / n.sold,
            _("That is the most it can be: every silent buyer sleeps better. And the least?"),
        ),
        Mistake(
            "half-of-the-silent",
            lambda n: (n.better + (n.sold - n.answered) / 2) / n.sold,
            _("You gave half of the silent ones to each side. Nobody has counted them."),
        ),
    ),
    hint=_("Who is certain to sleep better? Of whom does the buyer of the next mattress read?"),
)

tailor = Figure(
    key="promise-tailor",
    given=Numbers(
        Number("price", _("Price of a suit"), YEN, 60_000),
        Number("cost", _("Cloth and work for a suit, lost if it comes back"), YEN, 25_000),
        Number("orders", _("Suits a month without the guarantee"), PEOPLE, 20),
        Number("orders_with", _("Suits a month with it"), PEOPLE, 26),
        Number("refunds", _("Of these, the share that comes back"), RATE, 0.15),
    ),
    unit=YEN,
    answer=lambda n: (
        n.orders_with * (n.price * (1 - n.refunds) - n.cost) - n.orders * (n.price - n.cost)
    ),
    means=_("Six more suits are sold, and yet a little is lost: the ones that come back are paid."),
    mistakes=(
        Mistake(
            "his-sum",
            lambda n: (n.orders_with - n.orders) * (n.price - n.cost),
            _("That is his sum: six more suits. Now take off what comes back."),
        ),
        Mistake(
            "returned-suits-cost-nothing",
            lambda n: (n.orders_with * (1 - n.refunds) - n.orders) * (n.price - n.cost),
            _("A suit that comes back has been sewn: its {cost} are lost as well."),
        ),
        Mistake(
            "no-extra-orders",
            lambda n: n.orders * (n.price * (1 - n.refunds) - n.cost - (n.price - n.cost)),
            _("You left out the six more suits that the guarantee brings."),
        ),
        Mistake(
            "not-compared",
            lambda n: n.orders_with * (n.price * (1 - n.refunds) - n.cost),
            _("That is the profit with the guarantee. How does it differ from before?"),
        ),
        Mistake(
            "cost-left-out",
            lambda n: n.price * (n.orders_with * (1 - n.refunds) - n.orders),
            _("You left out what a suit costs to make: {cost}."),
        ),
    ),
    hint=_("Profit of the 26, of which 15 of 100 are paid back, less the profit of the 20."),
)

# The exercise: Haru, a dog trainer (invented)

TRAINING = Numbers(
    Number("price", _("Fee for the training"), YEN, 168_000),
    Number("cost", _("What one training costs Haru"), YEN, 45_000),
)

haru_bar = Figure(
    key="promise-haru-bar",
    given=TRAINING
    + Numbers(Number("worth", _("What a calm dog is worth to an owner"), YEN, 240_000)),
    unit=RATE,
    answer=lambda n: n.price / n.worth,
    means=_("If fewer dogs learn it, owners lose on average. The fee asks for this much."),
    mistakes=(
        Mistake(
            "the-rest",
            lambda n: 1 - n.price / n.worth,
            _("That is the share that may fail. The question is the share that must succeed."),
        ),
        Mistake(
            "margin-for-the-fee",
            lambda n: (n.price - n.cost) / n.worth,
            _("The owner pays the whole fee. What it costs Haru is not the owner's matter."),
        ),
        Mistake(
            "his-cost",
            lambda n: n.cost / n.price,
            _("That is Haru's cost. Look at it from the owner: what is paid, what is gained?"),
        ),
    ),
    hint=_("The owner pays for certain, and gains only if the dog learns it."),
)

haru_sure = Figure(
    key="promise-haru-sure",
    given=Numbers(
        Number("dogs", _("First dogs, all of which learnt it"), PEOPLE, 6),
        Number("bar", _("Share that the fee asks for"), RATE, 0.7),
    ),
    unit=RATE,
    answer=lambda n: 1 - n.bar ** (n.dogs + 1),
    means=_("More than 90%, for {bar}. But these were his first six: he goes on counting."),
    mistakes=(
        Mistake(
            "without-the-imagined",
            lambda n: 1 - n.bar**n.dogs,
            _("Nearly. With the imagined ones in the pot the power is one higher than the dogs."),
        ),
        Mistake(
            "the-doubt",
            lambda n: n.bar ** (n.dogs + 1),
            _("That is the doubt that is left. How sure is he?"),
        ),
        Mistake(
            "chance-of-the-luck",
            lambda n: n.bar**n.dogs,
            _("That is how often luck gives six of six at a rate of {bar}."),
        ),
    ),
    hint=_("The rule of the lesson, for the case in which all have succeeded."),
)

haru_pot = Figure(
    key="promise-haru-pot",
    given=Numbers(
        Number("dogs", _("All dogs so far"), PEOPLE, 11),
        Number("learnt", _("Of these, learnt it"), PEOPLE, 9),
        Number("imagined", _("Imagined dogs in the pot, one of which learns it"), PEOPLE, 2),
    ),
    unit=RATE,
    answer=lambda n: (n.learnt + n.imagined / 2) / (n.dogs + n.imagined),
    of=lambda n: n.dogs + n.imagined,
    means=_("With this rate he plans: a little below what he has counted."),
    mistakes=(
        Mistake(
            "no-imagined",
            lambda n: n.learnt / n.dogs,
            _("That is what he counted. Put the imagined dogs into the pot as well."),
        ),
        Mistake(
            "imagined-fail",
            lambda n: n.learnt / (n.dogs + n.imagined),
            _("One of the imagined dogs learns it: it belongs above the line too."),
        ),
        Mistake(
            "imagined-learn",
            lambda n: (n.learnt + n.imagined) / (n.dogs + n.imagined),
            _("Only one of the two imagined dogs learns it."),
        ),
        Mistake(
            "one-imagined",
            lambda n: (n.learnt + n.imagined / 2) / (n.dogs + n.imagined / 2),
            _("Both imagined dogs are in the pot, the one that fails as well."),
        ),
    ),
    hint=_("How many are in the pot? How many of them have learnt it?"),
)

haru_silent = Figure(
    key="promise-haru-silent",
    given=Numbers(
        Number("owners", _("Owners who came to the class"), PEOPLE, 60),
        Number("wrote", _("Wrote a letter"), PEOPLE, 18),
        Number("happy", _("Of these, happy"), PEOPLE, 17),
        Number("called", _("Silent owners she then called, chosen by chance"), PEOPLE, 10),
        Number("called_happy", _("Of these, happy too"), PEOPLE, 4),
    ),
    unit=RATE,
    answer=lambda n: (n.happy + (n.owners - n.wrote) * n.called_happy / n.called) / n.owners,
    of=lambda n: n.owners,
    means=_("Ten telephone calls have shown more than all the letters."),
    mistakes=(
        Mistake(
            "letters-only",
            lambda n: n.happy / n.wrote,
            _("That is her own sum: of those who wrote. {owners} came."),
        ),
        Mistake(
            "mixed",
            lambda n: (n.happy + n.called_happy) / (n.wrote + n.called),
            _(
                "You mixed letters and calls. The {called} stand for all who were silent, so they "
                "count for more."
            ),
        ),
        Mistake(
            "calls-only",
            lambda n: n.called_happy / n.called,
            _("That is the silent ones. Those who wrote belong to the {owners} too."),
        ),
        Mistake(
            "silent-all-unhappy",
            lambda n: n.happy / n.owners,
            _("So it would be if no silent owner were happy. {called_happy} of {called} were."),
        ),
        Mistake(
            "others-all-unhappy",
            lambda n: (n.happy + n.called_happy) / n.owners,
            _("You counted only those she called. They stand for all who were silent."),
        ),
    ),
    hint=_("How many were silent? If they are all like the ten, how many of them are happy?"),
)

haru_round = Figure(
    key="promise-haru-round",
    given=TRAINING
    + Numbers(
        Number("fails", _("Share of dogs that do not learn it in the first round"), RATE, 0.25),
        Number("asks", _("Of these owners, the share who come back for the free round"), RATE, 0.5),
    ),
    unit=YEN,
    answer=lambda n: n.price - n.cost * (1 + n.fails * n.asks),
    means=_("A free round costs Haru only his work. Money back would cost the whole fee."),
    mistakes=(
        Mistake(
            "money-back",
            lambda n: n.price * (1 - n.fails * n.asks) - n.cost,
            _("That is what money back would leave. A free round costs {cost}, not {price}."),
        ),
        Mistake(
            "everybody-asks",
            lambda n: n.price - n.cost * (1 + n.fails),
            _("Of the owners whose dogs fail, {asks} come back."),
        ),
        Mistake(
            "first-round-left-out",
            lambda n: n.price - n.cost * n.fails * n.asks,
            _("The first round costs {cost} too."),
        ),
        Mistake(
            "cost-of-the-promise",
            lambda n: n.cost * n.fails * n.asks,
            _("That is what the promise costs. What does a client leave?"),
        ),
        Mistake(
            "no-promise",
            lambda n: n.price - n.cost,
            _("So much a client leaves without the promise. Some come back for a free round."),
        ),
    ),
    hint=_("The fee, less the first round, less the free round of those who come back for it."),
)

haru_offer = Choice(
    key="promise-haru-offer",
    given=haru_pot.given,
    question=_(
        "{learnt} of {dogs} dogs have learnt it. Which of these does Haru write on his page?"
    ),
    options=(
        Option(
            "count-and-round",
            _("The count of all dogs, and a free round if yours does not learn it."),
            _(
                "Everybody can check the count, nobody is left alone, and the promise costs only "
                "Haru's work."
            ),
            right=True,
        ),
        Option(
            "every-dog",
            _("That your dog learns it, with the money back if it does not."),
            _(
                "Two have not learnt it, so it is not true. The money back does not make it true; "
                "it only says who pays."
            ),
        ),
        Option(
            "happiness",
            _("That you will be happy at the end, or get your money back."),
            _(
                "Nobody can see from outside whether an owner is happy. Then everybody may ask, "
                "also those whose dogs have learnt it."
            ),
        ),
        Option(
            "best-letters",
            _("Two letters of happy owners, with their names and photos."),
            _("The reader takes them for all. {dogs} dogs came, and two did not learn it."),
        ),
    ),
    hint=_("What is true, can be seen by both, and does Haru no harm when it does not come?"),
)

haru_hours = Figure(
    key="promise-haru-hours",
    given=Numbers(
        Number("hours", _("Hours a month that Haru has for dogs"), NUMBER, 60),
        Number("calm", _("Hours a month for a dog that begins calm"), NUMBER, 2),
        Number("wild", _("Hours a month for a dog that begins wild"), NUMBER, 7),
        Number("wild_share", _("Share of dogs that begin wild"), RATE, 0.4),
        Number("months", _("How long one training lasts"), MONTHS, 3),
    ),
    unit=PEOPLE,
    answer=lambda n: n.hours / hours_of_a_dog(n) / n.months,
    means=_("More than these Haru must not promise, however many ask."),
    mistakes=(
        Mistake(
            "at-the-same-time",
            lambda n: n.hours / hours_of_a_dog(n),
            _("So many he trains at the same time. Each stays {months}."),
        ),
        Mistake(
            "plain-middle",
            lambda n: n.hours / ((n.calm + n.wild) / 2) / n.months,
            _("You took the middle of the two hours. Only {wild_share} of the dogs begin wild."),
        ),
        Mistake(
            "all-calm",
            lambda n: n.hours / n.calm / n.months,
            _("So it would be if every dog began calm."),
        ),
        Mistake(
            "all-wild",
            lambda n: n.hours / n.wild / n.months,
            _("So it would be if every dog began wild."),
        ),
        Mistake(
            "shares-swapped",
            lambda n: n.hours / (n.calm * n.wild_share + n.wild * (1 - n.wild_share)) / n.months,
            _("You swapped the shares: {wild_share} begin wild, the others calm."),
        ),
    ),
    hint=_("Hours of an average dog first. Then how many at the same time, then how many a month."),
)


def hours_of_a_dog(n: Numbers) -> float:
    """Hours a month that one dog takes, on average."""
    return n.calm * (1 - n.wild_share) + n.wild * n.wild_share


OWN = Guarantee(
    price=200_000,
    delivery_cost=60_000,
    success_rate=0.75,
    claim_rate=0.6,
    opportunist_rate=0.1,
)

own_refunds = Figure(
    key="promise-own-refunds",
    own=Guarantee,
    given=Numbers.of(OWN),
    unit=RATE,
    answer=lambda n: (1 - n.success_rate) * n.claim_rate + n.success_rate * n.opportunist_rate,
    means=_("This agrees with the numbers you typed: so many of your clients get a refund."),
    mistakes=(
        Mistake(
            "opportunists-left-out",
            lambda n: (1 - n.success_rate) * n.claim_rate,
            _("Those with a result may ask as well: the opportunist rate."),
        ),
        Mistake(
            "all-failures-claim",
            lambda n: 1 - n.success_rate,
            _("That is who gets no result. Not all of them ask, and some others do."),
        ),
        Mistake(
            "rates-added",
            lambda n: n.claim_rate + n.opportunist_rate,
            _("Each of the two rates is a share of its own group: weigh it with that group."),
        ),
    ),
    hint=_("(1 − success rate) × claim rate + success rate × opportunist rate."),
)

own_lift = Figure(
    key="promise-own-lift",
    own=Guarantee,
    given=own_refunds.given,
    unit=RATE,
    answer=lambda n: n.scenario(Guarantee).break_even_lift,
    means=_("This agrees with the numbers you typed: so many more clients the guarantee must win."),
    mistakes=(
        Mistake(
            "refund-rate",
            lambda n: n.scenario(Guarantee).refund_rate,
            _("That is the share of refunds. Each of them costs the whole price."),
        ),
        Mistake(
            "compared-the-wrong-way",
            lambda n: 1 - n.scenario(Guarantee).net_with / n.scenario(Guarantee).net_without,
            _("That is by how much a client leaves less. How many more make up for it?"),
        ),
        Mistake(
            "delivery-left-out",
            lambda n: 1 / (1 - n.scenario(Guarantee).refund_rate) - 1,
            _("You left out what it costs to serve a client, refund or not."),
        ),
    ),
    hint=_("What a client leaves without the guarantee ÷ what one leaves with it, less 1."),
)

WORKSHEET = Line(
    chapter="11",
    question=_("What I promise, and what it costs me"),
    words={
        "result": _("The result, so that both of us can see it"),
        "day": _("By which day"),
        "counted": _("Of all my clients so far, how many of how many reached it"),
        "otherwise": _("What I do if it does not come"),
    },
    model=Guarantee,
    fields=("price", "delivery_cost", "success_rate", "claim_rate", "opportunist_rate"),
    rule=_(
        "I promise {result} by {day}. So far: {counted}. If not: {otherwise}. With the money back "
        "a client leaves {net_with}, not {net_without}; it must bring {break_even_lift} more "
        "clients."
    ),
)
