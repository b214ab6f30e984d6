"""Practice for lesson 12: front first or back first."""

from dataclasses import replace

from twostep._text import _
from twostep.models.which_first import WhichFirst
from twostep.practice._exercise import Choice, Figure, Mistake, Table
from twostep.practice._shown import Number, Numbers, Option
from twostep.practice._worksheet import Line
from twostep.units import PEOPLE, RATE, YEN

KUMI = Numbers.of(WhichFirst(alignment_gain=0))
"""The cook of the lesson, before anybody is granted a gain."""

KEN = Numbers.of(WhichFirst(prior_a=10, prior_b=90, alignment_gain=0))
"""The lesson's second cook, who taught the course at a school."""

NAOKO = Numbers.of(
    WhichFirst(
        prior_a=1,
        prior_b=24,
        front_buyers=200,
        back_margin=150_000,
        build_cost=1_500_000,
        pilots=60,
        delay_factor=0.90,
        learning_cost=100_000,
        alignment_gain=0.10,
    )
)
"""An invented tailor: a sewing evening in front, a dressmaking course behind it."""

PAID = Number("takers", _("Paid pre-orders received"), PEOPLE, 8)
ASKED = (0.0, 5.0, 20.0, 60.0, 200.0)


def case(n: Numbers, **changes: float) -> WhichFirst:
    """The scenario that the numbers of a task describe, with some of them changed."""
    return n.scenario(WhichFirst, **changes)


def break_even_rate(n: Numbers) -> float:
    """The take rate that pays for building."""
    return n.build_cost / (n.front_buyers * n.back_margin)


def in_the_pot(n: Numbers) -> float:
    """All people, imagined and really asked."""
    return n.prior_a + n.prior_b + n.pilots


def better_by(n: Numbers, **changes: float) -> float:
    """By how much building now is worth more than asking first."""
    now = case(n, **changes)
    return float(now.commit_value) - float(now.front_first_value)


break_even = Figure(
    key="which-first-break-even",
    given=NAOKO,
    unit=RATE,
    answer=break_even_rate,
    means=_(
        "Planning backwards ends here: of all front buyers this share must take the back offer, or "
        "building it does not pay."
    ),
    mistakes=(
        Mistake(
            "number-of-sales",
            lambda n: n.build_cost / n.back_margin,
            _(
                "That is how many back sales pay for building. As a share: divide it by the "
                "{front_buyers} front buyers."
            ),
        ),
        Mistake(
            "upside-down",
            lambda n: n.front_buyers * n.back_margin / n.build_cost,
            _("Upside down: the cost stands above, what everyone together would bring below."),
        ),
        Mistake(
            "of-those-asked",
            lambda n: n.build_cost / n.back_margin / n.pilots,
            _(
                "You divided by the {pilots} people who are asked first. The back offer can be "
                "sold to all {front_buyers} front buyers."
            ),
        ),
    ),
    hint=_("How many back sales bring in the cost of building? Of how many front buyers?"),
)

commit = Figure(
    key="which-first-commit",
    given=NAOKO,
    unit=YEN,
    answer=lambda n: case(n).commit_value,
    means=_(
        "What building now brings on average. It is an average over good and bad cases: what you "
        "get is one of them."
    ),
    mistakes=(
        Mistake(
            "gain-left-out",
            lambda n: case(n, alignment_gain=0).commit_value,
            _("You left out the gain from designing backwards: {alignment_gain} more takers."),
        ),
        Mistake(
            "sales-alone",
            lambda n: case(n).commit_value + n.build_cost,
            _("That is what the sales bring. Subtract the {build_cost} that building costs."),
        ),
        Mistake(
            "percentage-points",
            lambda n: (
                case(n, alignment_gain=0).commit_value
                + n.alignment_gain * n.front_buyers * n.back_margin
            ),
            _(
                "You added {alignment_gain} to the take rate as percentage points. The gain is "
                "{alignment_gain} of the takers: multiply them by 1 + the gain."
            ),
        ),
        Mistake(
            "worth-of-leaving",
            lambda _n: 0,
            _("Nothing is what leaving it brings. The question is what building it brings."),
        ),
        Mistake(
            "takers-not-yen",
            lambda n: (1 + n.alignment_gain) * case(n).mean_rate * n.front_buyers,
            _("So many will take it, of {front_buyers}. What do they bring, less the building?"),
        ),
    ),
    hint=_(
        "Expected takers: imagined takers ÷ (takers + refusers) × front buyers, and the gain on "
        "top. Times the back margin, less the cost of building."
    ),
)

updated = Figure(
    key="which-first-updated",
    of=in_the_pot,
    given=Numbers.of(case(NAOKO), "prior_a", "prior_b", "pilots") + Numbers(PAID),
    unit=RATE,
    answer=lambda n: (n.prior_a + n.takers) / in_the_pot(n),
    means=_("Imagined and real people in one pot: the more real ones, the less the guess counts."),
    mistakes=(
        Mistake(
            "belief-thrown-away",
            lambda n: n.takers / n.pilots,
            _("You threw the old belief away. It counts like people asked before: add them."),
        ),
        Mistake(
            "belief-before-asking",
            lambda n: n.prior_a / (n.prior_a + n.prior_b),
            _("That is the belief before anybody was asked. Add the answers to it."),
        ),
        Mistake(
            "imagined-takers-left-out",
            lambda n: n.takers / in_the_pot(n),
            _("You counted the imagined people below the line, but not the takers among them."),
        ),
        Mistake(
            "middle-of-both",
            lambda n: (n.prior_a / (n.prior_a + n.prior_b) + n.takers / n.pilots) / 2,
            _(
                "You took the middle of guess and answers, as if they weighed the same. But more "
                "people were really asked than imagined."
            ),
        ),
    ),
    hint=_("All takers, imagined and real, divided by all people, imagined and real."),
)

build_now = Choice(
    key="which-first-build-now",
    given=NAOKO + Numbers(PAID),
    question=_(
        "{takers} of the {pilots} guests Naoko asked have paid in advance. What should she do now?"
    ),
    options=(
        Option(
            "compare-shares",
            _("Build: what she believes now lies above what pays."),
            _(
                "She compares her new belief with the rate that pays for building. She may still "
                "be wrong, but the answers she has make building worth more than leaving it."
            ),
            right=True,
        ),
        Option(
            "payments-must-cover-the-cost",
            _("Leave it: {takers} payments do not pay for the room."),
            _(
                "The people who paid are only the first. All {front_buyers} front buyers can be "
                "asked in the end, so compare shares, not counts."
            ),
        ),
        Option(
            "ask-until-certain",
            _("Ask on: {pilots} guests are too few to be certain."),
            _(
                "Certainty never comes, and every month of asking costs something too. Answers are "
                "worth having as long as they may still change what she does."
            ),
        ),
    ),
    hint=_("Compare two shares: the belief after the answers, and the break-even."),
)

SAUNA = Numbers.of(
    WhichFirst(
        prior_a=1, prior_b=19, front_buyers=500, back_margin=40_000, build_cost=2_400_000, pilots=75
    ),
    *("prior_a", "prior_b", "front_buyers", "back_margin", "build_cost", "pilots"),
)
"""A guest house: a weekend in front, a yearly sauna pass behind it."""

pre_orders_needed = Figure(
    key="which-first-sauna",
    given=SAUNA,
    unit=PEOPLE,
    whole=True,
    answer=lambda n: max(0, break_even_rate(n) * in_the_pot(n) - n.prior_a),
    means=_("With this many paid pre-orders building pays, with one fewer it does not."),
    mistakes=(
        Mistake(
            "sales-among-all",
            lambda n: n.build_cost / n.back_margin,
            _(
                "So many sales pay for building, among all {front_buyers} front buyers. Here only "
                "{pilots} people are asked, and they stand for the others."
            ),
        ),
        Mistake(
            "belief-left-out",
            lambda n: break_even_rate(n) * n.pilots,
            _("You left the belief out. It counts like people who have been asked before."),
        ),
        Mistake(
            "imagined-takers-not-subtracted",
            lambda n: break_even_rate(n) * in_the_pot(n),
            _("Your belief already holds {prior_a} of these takers: subtract what is imagined."),
        ),
    ),
    hint=_(
        "Everybody, imagined and real, times the break-even rate: so many takers are needed in "
        "all. Some you have imagined already. Round up."
    ),
)

without_the_fit = Figure(
    key="which-first-without-the-fit",
    given=Numbers(
        Number("sales", _("What all takers bring, without any better fit"), YEN, 3_000_000),
        Number("build_cost", _("Cost of building it"), YEN, 1_200_000),
        Number("delay_factor", _("Left after the delay"), RATE, 0.90),
        Number("learning_cost", _("Cost of asking"), YEN, 75_000),
        Number("alignment_gain", _("Gain from designing backwards, as she assumes"), RATE, 0.15),
    ),
    unit=YEN,
    answer=lambda n: (1 - n.delay_factor) * (n.sales - n.build_cost) + n.learning_cost,
    means=_(
        "The delay and the asking: that is what waiting costs. The rest of her sum is a gain that "
        "she assumed, and granted only to the plan she prefers."
    ),
    mistakes=(
        Mistake(
            "fit-counted",
            lambda n: (
                (1 - n.delay_factor) * (n.sales - n.build_cost)
                + n.learning_cost
                + n.alignment_gain * n.sales
            ),
            _("That is Hana's own sum. Her better fit of {alignment_gain} is still in it."),
        ),
        Mistake(
            "the-fit-itself",
            lambda n: n.alignment_gain * n.sales,
            _("That is the part that is assumed. What is left of her sum without it?"),
        ),
        Mistake(
            "delay-alone",
            lambda n: (1 - n.delay_factor) * (n.sales - n.build_cost),
            _("That is the delay. Asking costs {learning_cost} besides."),
        ),
        Mistake(
            "delay-of-the-sales",
            lambda n: (1 - n.delay_factor) * n.sales + n.learning_cost,
            _(
                "You took the delay off the sales. Building comes later too, so the delay shrinks "
                "the profit: sales less {build_cost}."
            ),
        ),
        Mistake(
            "what-is-left",
            lambda n: n.delay_factor * (n.sales - n.build_cost) - n.learning_cost,
            _("That is what asking first is worth to her. How much less is that than building?"),
        ),
    ),
    hint=_("What is building worth without the fit? Of that, how much does the delay take away?"),
)

worth_of_asking = Table(
    key="which-first-worth-of-asking",
    given=NAOKO,
    label="pilots",
    label_unit=PEOPLE,
    rows=ASKED,
    column="evsi",
    unit=YEN,
    answer=lambda n: [case(n, pilots=asked).evsi for asked in ASKED],
    means=_(
        "Each further answer is worth less than the one before, and all of them together less than "
        "knowing for certain."
    ),
    mistakes=(
        Mistake(
            "worth-of-front-first",
            lambda n: [case(n, pilots=asked).front_first_value for asked in ASKED],
            _("That is what front first is worth in all. The worth of asking is `evsi`."),
        ),
        Mistake(
            "worth-of-certainty",
            lambda n: [case(n, pilots=asked).evpi for asked in ASKED],
            _(
                "That is `evpi`, the worth of knowing for certain. It does not depend on how many "
                "are asked."
            ),
        ),
        Mistake(
            "in-step",
            lambda n: [case(n).evsi * asked / n.pilots for asked in ASKED],
            _(
                "You let the worth grow in step with the number asked. The first answers are worth "
                "the most."
            ),
        ),
    ),
    hint=_('`sweep(naoko, "evsi", pilots=[0, 5, …])` makes the table in one line.'),
)

# The worth of asking is that of NAOKO, rounded: computing it here would load SciPy for every check.
last_asked = Figure(
    key="which-first-last-asked",
    given=Numbers(
        Number("few", _("Guests asked, if she asks few"), PEOPLE, 20),
        Number("worth_of_few", _("Worth of asking these"), YEN, 196_829),
        Number("many", _("Guests asked, if she asks many"), PEOPLE, 60),
        Number("worth_of_many", _("Worth of asking these many"), YEN, 266_700),
    ),
    unit=YEN,
    answer=lambda n: (n.worth_of_many - n.worth_of_few) / (n.many - n.few),
    means=_(
        "The first answers are worth the most. Where asking one more guest costs more than this, "
        "ask {few} and stop."
    ),
    mistakes=(
        Mistake(
            "average-of-all",
            lambda n: n.worth_of_many / n.many,
            _("That is the average of all {many}. The first {few} bring most of it."),
        ),
        Mistake(
            "average-of-the-first",
            lambda n: n.worth_of_few / n.few,
            _("That is the average of the first {few}. The question is about those after them."),
        ),
        Mistake(
            "new-worth-all-guests",
            lambda n: (n.worth_of_many - n.worth_of_few) / n.many,
            _("You shared what is added among all {many}. {few} of them are asked anyway."),
        ),
        Mistake(
            "together",
            lambda n: n.worth_of_many - n.worth_of_few,
            _("That is what the additional guests add together. What does each of them add?"),
        ),
    ),
    hint=_("How much more is it worth to ask many? How many more guests are that?"),
)

if_surer = Choice(
    key="which-first-if-surer",
    given=NAOKO,
    question=_(
        "Suppose Naoko's guess were the same share of takers, but as firm as if she had asked 500 "
        "people instead of 25. What would be best for her?"
    ),
    options=(
        Option(
            "sure-is-good",
            _("Build now: whoever is so sure of her guests need not ask."),
            _(
                "She is sure, and what she is sure of is bad news: the share lies below the "
                "break-even. Being sure is no reason to build."
            ),
        ),
        Option(
            "neither",
            _("Neither: leave this back offer and look for another one."),
            _(
                "A firm belief below the break-even: building loses, and asking cannot change her "
                "mind. What she still has is a front offer and guests; she needs another idea."
            ),
            right=True,
        ),
        Option(
            "asking-always-pays",
            _("Sell the front offer and ask: more answers always help."),
            _(
                "{pilots} answers can hardly move a belief that stands on 500. If the answers "
                "change nothing, asking costs money and brings none."
            ),
        ),
    ),
    hint=_("Try it: `WhichFirst.from_belief(mean=0.04, strength=500, …)` with her other numbers."),
)

own_break_even = replace(
    break_even,
    key="which-first-own-break-even",
    own=WhichFirst,
    means=_(
        "This agrees with the numbers you typed: of all your front buyers, the share who must take "
        "the back offer. Whether they will, only they can tell."
    ),
)

own_pre_orders_needed = replace(
    pre_orders_needed,
    key="which-first-own-pre-orders-needed",
    own=WhichFirst,
    means=_(
        "This agrees with the numbers you typed. Write it down before you ask, so that you do "
        "not accept fewer afterwards."
    ),
)

TEA_SHOP = Numbers(
    Number("fewer", _("Chance that fewer than two pay: he leaves it"), RATE, 0.65),
    Number("two", _("Chance that just two pay"), RATE, 0.20),
    Number("worth_of_two", _("Then the subscription is worth"), YEN, 300_000),
    Number("more", _("Chance that three or more pay"), RATE, 0.15),
    Number("worth_of_more", _("Then the subscription is worth, on average"), YEN, 1_200_000),
    Number("delay_factor", _("Left after the delay"), RATE, 0.80),
    Number("learning_cost", _("Cost of asking"), YEN, 100_000),
)
"""Mail order: a trial set in front, a tea subscription behind it that needs a machine."""


def answers_sum(n: Numbers) -> float:
    """Chance × worth, summed, before the delay and the cost of asking."""
    return n.two * n.worth_of_two + n.more * n.worth_of_more


tea_shop = Figure(
    key="which-first-tea-shop",
    given=TEA_SHOP,
    unit=YEN,
    answer=lambda n: n.delay_factor * answers_sum(n) - n.learning_cost,
    means=_(
        "Mostly fewer than two pay, and he does not buy the machine. What asking is worth comes "
        "from the other cases; who buys the machine at once cannot choose among them."
    ),
    mistakes=(
        Mistake(
            "most-likely-case",
            lambda n: -n.learning_cost,
            _("You took the likeliest case for the only one. Sum chance × worth over all of them."),
        ),
        Mistake(
            "chances-left-out",
            lambda n: n.delay_factor * (n.worth_of_two + n.worth_of_more) / 3 - n.learning_cost,
            _("You took the plain average of three cases. They are not equally likely."),
        ),
        Mistake(
            "only-when-built",
            lambda n: n.delay_factor * answers_sum(n) / (n.two + n.more) - n.learning_cost,
            _(
                "That is its worth in those cases in which he buys the machine. In all others "
                "asking brings ¥0, and they count too."
            ),
        ),
        Mistake(
            "delay-left-out",
            lambda n: answers_sum(n) - n.learning_cost,
            _("You left out the delay: of everything that comes later, {delay_factor} is left."),
        ),
        Mistake(
            "cost-left-out",
            lambda n: n.delay_factor * answers_sum(n),
            _("You left out what asking costs: {learning_cost}."),
        ),
        Mistake(
            "delay-on-the-cost",
            lambda n: n.delay_factor * (answers_sum(n) - n.learning_cost),
            _("The delay shrinks what comes later. The cost of asking is paid now, in full."),
        ),
    ),
    hint=_("Chance × worth for each case, summed. Then the delay, then the cost of asking."),
)

FLOWERS = Numbers.of(
    WhichFirst(prior_a=2, prior_b=38, pilots=30, front_buyers=150, back_margin=40_000),
    *("prior_a", "prior_b", "pilots", "front_buyers", "back_margin"),
) + Numbers(replace(PAID, value=4))
"""A shop: a small bouquet in front, flowers every week behind it, which need a cold room."""


def taking(n: Numbers) -> float:
    """The take rate after the answers, of imagined and real people together."""
    return (n.prior_a + n.takers) / in_the_pot(n)


most_to_build = Figure(
    key="which-first-flowers",
    given=FLOWERS,
    unit=YEN,
    answer=lambda n: taking(n) * n.front_buyers * n.back_margin,
    means=_(
        "So much the cold room brings in, on average, with what the answers now say. If it costs "
        "more, building it loses."
    ),
    mistakes=(
        Mistake(
            "belief-thrown-away",
            lambda n: n.takers / n.pilots * n.front_buyers * n.back_margin,
            _(
                "You took {takers} of {pilots}, and threw the old belief away. It counts like "
                "people asked before."
            ),
        ),
        Mistake(
            "belief-before-asking",
            lambda n: n.prior_a / (n.prior_a + n.prior_b) * n.front_buyers * n.back_margin,
            _("That is what she believed before. {takers} of {pilots} have paid since."),
        ),
        Mistake(
            "payers-alone",
            lambda n: n.takers * n.back_margin,
            _("Those who paid stand for all {front_buyers} front buyers. Take the share."),
        ),
        Mistake(
            "imagined-takers-left-out",
            lambda n: n.takers / in_the_pot(n) * n.front_buyers * n.back_margin,
            _("You counted the imagined people below the line, but not the takers among them."),
        ),
        Mistake(
            "takers-made-whole",
            lambda n: round(taking(n) * n.front_buyers) * n.back_margin,
            _("You rounded the takers on the way. It is an average: keep its decimals."),
        ),
    ),
    hint=_("The take rate of the whole pot first. Of how many front buyers? What does each leave?"),
)

predict = Choice(
    key="which-first-predict",
    question=_("What would you tell Kumi?"),
    options=(
        Option(
            "fit-needs-building",
            _("Build now: evenings can only lead to a course that exists."),
            _(
                "That both offers must fit is right, and so is planning from the back. But a plan "
                "costs nothing, and a kitchen cannot be taken back. What a better fit may be worth "
                "is computed further down."
            ),
        ),
        Option(
            "worth-of-answers-against-waiting",
            _("Ask first: build if enough people pay, or else keep the money."),
            _(
                "Asking costs her little. Bad answers save her the kitchen, and after good ones it "
                "pays on average. How much that is worth is computed below. It is right for Kumi, "
                "and not for everybody."
            ),
            right=True,
        ),
        Option(
            "too-few-to-ask",
            _("Leave it: with so few takers no kitchen will ever pay."),
            _(
                "With what she believes now it does lose, on average. But she is not sure: perhaps "
                "many more come. Asking finds that out before the money is spent."
            ),
        ),
        Option(
            "others-will-be-faster",
            _("Build now: while she asks, somebody else opens the kitchen."),
            _(
                "That may happen, and it belongs into the sum, as a part of what the delay costs. "
                "But a kitchen that nobody books is no use for having been the first."
            ),
        ),
    ),
    hint=_("When would an answer of her guests change what she does?"),
)

predict_asking = Choice(
    key="which-first-predict-asking",
    given=KUMI,
    unit=YEN,
    question=_(
        "Built now, the kitchen loses on average. What is it worth, on average, to ask {pilots} "
        "guests first and then decide? (The delay and the cost of asking come off later.)"
    ),
    options=(
        Option(
            "a-bad-plan-stays-bad",
            "{value}",
            _(
                "So it would be if she had to build, whatever the answers are. She can leave it, "
                "and mostly does."
            ),
            formula=lambda n: case(n).commit_value,
        ),
        Option(
            "only-when-built",
            "{about}",
            _(
                "That is what it is worth in the cases in which she builds. In most cases she "
                "leaves it, and they bring nothing."
            ),
            formula=lambda n: case(n).evsi / (1 - case(n).outcomes().rows[0][1]),
        ),
        Option(
            "on-average-nothing-new",
            "{value}",
            _(
                "On average the answers do say what she believes already. But she treats good and "
                "bad ones differently: after bad ones she loses nothing."
            ),
            formula=lambda _n: 0,
        ),
        Option(
            "good-answers-count",
            "{about}",
            _(
                "After bad answers she leaves it: nothing lost. After good ones she builds, and "
                "those cases count with their chances."
            ),
            formula=lambda n: case(n).evsi,
            right=True,
        ),
    ),
    hint=_("What does she do after bad answers, and what does that bring? And after good ones?"),
)

predict_fit = Choice(
    key="which-first-predict-fit",
    given=KEN,
    unit=YEN,
    question=_(
        "Suppose Ken gets a tenth more takers if he builds first, and only then. By how much is "
        "building now better?"
    ),
    options=(
        Option(
            "tenth-of-the-difference",
            "{about}",
            _(
                "You made the difference a tenth larger. But the takers grow, and each of them "
                "brings a whole sale."
            ),
            formula=lambda n: 1.1 * better_by(n),
        ),
        Option(
            "tenth-of-the-takers",
            "{about}",
            _(
                "A tenth more takers is a tenth more sales. The kitchen costs the same, so all of "
                "it is profit: a large sum from an assumption that looks small."
            ),
            formula=lambda n: better_by(n, alignment_gain=0.1),
            right=True,
        ),
        Option(
            "tenth-of-the-profit",
            "{about}",
            _(
                "You made the profit a tenth larger. But the sales grow by a tenth, and the "
                "kitchen costs no more than before."
            ),
            formula=lambda n: better_by(n) + 0.1 * case(n).commit_value,
        ),
    ),
    hint=_("How many takers are a tenth? What does each of them bring?"),
)

WORKSHEET = Line(
    chapter="12",
    question=_("When I commit to my back offer"),
    words={
        "day": _("The day on which I decide"),
        "besides": _("What committing costs me besides money"),
    },
    model=WhichFirst,
    fields=("prior_a", "prior_b", "front_buyers", "back_margin", "build_cost", "pilots"),
    rule=_(
        "I ask so many people to pay in advance: {pilots}. Payers needed before I build: "
        "{payers_needed}. I decide on {day}, whatever I know by then."
    ),
)
