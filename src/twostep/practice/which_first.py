"""Practice for lesson 12: front first or back first."""

from dataclasses import replace

from twostep._text import _
from twostep.models.which_first import WhichFirst
from twostep.practice._exercise import Choice, Figure, Mistake, Table
from twostep.practice._shown import Number, Numbers, Option
from twostep.units import PEOPLE, RATE, YEN

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
# The worth of asking is that of NAOKO, rounded: computing it here would load SciPy for every check.
WAIT = Numbers(
    Number("plan_now", _("Expected profit of the plan, built now"), YEN, -300_000),
    Number("worth_of_asking", _("Worth of asking (EVSI)"), YEN, 266_700),
    Number("delay_factor", _("Left after the delay"), RATE, 0.90),
    Number("learning_cost", _("Cost of asking"), YEN, 100_000),
)
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


def waiting(n: Numbers) -> float:
    """What selling the front offer first and asking is worth."""
    return n.delay_factor * (max(0, n.plan_now) + n.worth_of_asking) - n.learning_cost


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

pre_orders_needed = Figure(
    key="which-first-pre-orders-needed",
    given=NAOKO.with_values(build_cost=3_000_000),
    unit=PEOPLE,
    whole=True,
    answer=lambda n: max(0, break_even_rate(n) * in_the_pot(n) - n.prior_a),
    means=_("With this many paid pre-orders building pays, with one fewer it does not."),
    mistakes=(
        Mistake(
            "belief-left-out",
            lambda n: break_even_rate(n) * n.pilots,
            _("You left the belief out. It counts like people who have been asked before."),
        ),
        Mistake(
            "imagined-takers-not-subtracted",
            lambda n: break_even_rate(n) * in_the_pot(n),
            _("Your belief already holds {prior_a} imagined takers: subtract them."),
        ),
        Mistake(
            "sales-among-all",
            lambda n: n.build_cost / n.back_margin,
            _(
                "So many sales pay for building, among all {front_buyers} front buyers. Here only "
                "{pilots} of them are asked."
            ),
        ),
    ),
    hint=_(
        "Everybody, imagined and real, times the break-even rate: so many takers are needed in "
        "all. Some you have imagined already. Round up."
    ),
)

front_first = Figure(
    key="which-first-front-first",
    given=WAIT,
    unit=YEN,
    answer=waiting,
    means=_("What selling the front offer first and asking is worth, before anybody has answered."),
    mistakes=(
        Mistake(
            "bad-plan-as-a-loss",
            lambda n: n.delay_factor * (n.plan_now + n.worth_of_asking) - n.learning_cost,
            _("You let the bad plan count as a loss. She can leave it: without answers it is ¥0."),
        ),
        Mistake(
            "delay-left-out",
            lambda n: n.worth_of_asking - n.learning_cost,
            _("You left out the delay: of everything that comes later, {delay_factor} is left."),
        ),
        Mistake(
            "cost-left-out",
            lambda n: n.delay_factor * n.worth_of_asking,
            _("You left out what asking costs: {learning_cost}."),
        ),
        Mistake(
            "delay-on-the-cost",
            lambda n: n.delay_factor * (n.worth_of_asking - n.learning_cost),
            _("The delay shrinks what comes later. The cost of asking is paid now, in full."),
        ),
    ),
    hint=_(
        "Delay factor × (what her best choice of today is worth + the worth of asking) − cost of "
        "asking. And her best choice of today may be to leave it."
    ),
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
        "This agrees with the numbers you typed. Write it down before you ask, so that you cannot "
        "talk yourself into fewer afterwards."
    ),
)

LESSON = Numbers.of(
    WhichFirst(build_cost=8_640_000),
    *("prior_a", "prior_b", "front_buyers", "back_margin", "build_cost", "pilots"),
) + Numbers(replace(PAID, value=5))
"""The lesson's own case, slightly changed, for the same questions on its page."""

lesson_break_even = replace(break_even, key="which-first-lesson-break-even", given=LESSON)
lesson_updated = replace(updated, key="which-first-lesson-updated", given=LESSON)
lesson_pre_orders_needed = replace(
    pre_orders_needed, key="which-first-lesson-pre-orders-needed", given=LESSON
)

predict = Choice(
    key="which-first-predict",
    question=_(
        "Kumi has the money for the kitchen and has never run a course. Should she build it now, "
        "or sell cooking evenings first and ask the guests?"
    ),
    options=(
        Option(
            "fit-needs-building",
            _("Build now: an evening must fit a course that really exists."),
            _(
                "That front and back must fit is right, and so is planning from the back. But a "
                "plan costs nothing, and a kitchen cannot be taken back. Whether building at once "
                "is worth it depends on how sure she can be that the course will sell."
            ),
        ),
        Option(
            "worth-of-answers-against-waiting",
            _("Ask first if answers teach her more than the waiting costs."),
            _(
                "Both sides of this comparison can be computed. One is called the value of "
                "information; the other is delay, the cost of asking, and a little lost fit."
            ),
            right=True,
        ),
        Option(
            "nobody-can-know",
            _("Ask first: nobody knows what sells before it has been sold."),
            _(
                "Often right, but not always: waiting costs time and money too. Someone who has "
                "sold this very course for years learns nothing by asking, and pays for it."
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
