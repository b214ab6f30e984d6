"""Practice for lesson 09: what small numbers can say, and when to renew an offer."""

from dataclasses import replace
from functools import cache

from twostep._text import _
from twostep.models.small_numbers import Refresh, SplitTest, false_winners, sample_size
from twostep.practice._exercise import Choice, Figure, Mistake
from twostep.practice._shown import Number, Numbers, Option
from twostep.practice._worksheet import Line
from twostep.units import MONTHS, PEOPLE, RATE, YEN

TEA = Numbers.of(SplitTest())
"""The tea shop of the lesson: 12 of 400 bought offer A, 21 of 400 offer B."""

predict = Choice(
    key="small-numbers-predict",
    given=TEA,
    unit=RATE,
    question=_("How probable is it that A really sells better, and that B was only lucky?"),
    options=(
        Option(
            "share-of-all-buyers",
            _("{about}: so many of all buyers took A"),
            _(
                "That is how the buyers divide. It does not ask how easily chance alone makes "
                "{buyers_b} out of one group and {buyers_a} out of the other."
            ),
            formula=lambda n: n.buyers_a / (n.buyers_a + n.buyers_b),
        ),
        Option(
            "what-was-counted",
            _("{value}: what was counted is no opinion"),
            _(
                "The count is certain. But other {shown_a} people would have given another count, "
                "and you sell to those who come next."
            ),
            formula=lambda _n: 0,
        ),
        Option(
            "counts-and-chance",
            _("{about}: it seldom happens, but it does"),
            _("{value}: of 100 shops that count this, about six have a better A."),
            formula=lambda n: 1 - n.scenario(SplitTest).probability_b_better,
            right=True,
        ),
        Option(
            "small-numbers-say-nothing",
            _("{value}: so few buyers tell you nothing"),
            _("They tell little, but not nothing: {buyers_b} against {buyers_a} points to B."),
            formula=lambda _n: 0.5,
        ),
    ),
    hint=_("If you did the same test again, would B have more buyers again? Surely?"),
)


@cache
def peeked(rate: float, shown: float, looks: float) -> int:
    """The simulated winners, computed once for all options."""
    return false_winners(rate, shown, looks)


PEEKING = Numbers(
    Number("rate", _("Of those who see either offer, the share who buy"), RATE, 0.04),
    Number("shown", _("People who see each offer, at most"), PEOPLE, 2_000),
    Number("looks", _("How often the shop looks"), PEOPLE, 20),
)

predict_peeking = Choice(
    key="small-numbers-predict-peeking",
    given=PEEKING,
    unit=PEOPLE,
    question=_(
        "A and B sell equally well. A shop looks {looks} times and stops as soon as the calculator "
        "says “Choose”. In how many of 1,000 such tests does it find a winner?"
    ),
    options=(
        Option(
            "equal-has-no-winner",
            _("{value}: equal offers cannot have a winner"),
            _("Equal offers do not give equal counts. Chance puts one ahead, now and then far."),
            formula=lambda _n: 0,
        ),
        Option(
            "many-looks",
            _("{about}: chance gets a new try at each look"),
            _("{value}. Each look gives chance a new opportunity, and the shop takes the first."),
            formula=lambda n: peeked(n.rate, n.shown, n.looks),
            right=True,
        ),
        Option(
            "five-per-cent",
            _("{value}: who is nearly sure is seldom wrong"),
            _("So many if there were one look, and if only one of the two could win falsely."),
            formula=lambda _n: 50,
        ),
        Option(
            "as-with-one-look",
            _("{about}: chance does not know how often it is looked at"),
            _("So it is with one look at the end. With more looks, some stop earlier, by chance."),
            formula=lambda n: peeked(n.rate, n.shown, 1),
        ),
    ),
    hint=_("What can happen at the first look? And if not then, at the second?"),
)

DISH = Numbers(
    Number("imagined_takers", _("Guests he imagines to order it"), PEOPLE, 3),
    Number("imagined", _("Of so many guests he imagines"), PEOPLE, 10),
    Number("orders", _("Real guests who ordered it"), PEOPLE, 2),
    Number("asked", _("Of so many real guests who saw it"), PEOPLE, 40),
)


def pot(n: Numbers) -> float:
    """All people in the pot, imagined and real."""
    return n.imagined + n.asked


dish = Figure(
    key="small-numbers-dish",
    given=DISH,
    unit=RATE,
    of=pot,
    answer=lambda n: (n.imagined_takers + n.orders) / pot(n),
    means=_("The {asked} real guests weigh four times as much as the {imagined} imagined ones."),
    mistakes=(
        Mistake(
            "guess-thrown-away",
            lambda n: n.orders / n.asked,
            _("You threw his guess away. It counts as much as {imagined} people."),
        ),
        Mistake(
            "guess-alone",
            lambda n: n.imagined_takers / n.imagined,
            _("That is his guess. {asked} real guests have seen the dish since."),
        ),
        Mistake(
            "half-guess-half-count",
            lambda n: (n.imagined_takers / n.imagined + n.orders / n.asked) / 2,
            _(
                "You took the middle of two shares. Then {imagined} imagined people weigh as much "
                "as {asked} real ones. Put the people together, not the shares."
            ),
        ),
        Mistake(
            "imagined-people-left-out",
            lambda n: (n.imagined_takers + n.orders) / n.asked,
            _("The imagined takers are in your pot, the other imagined guests are not."),
        ),
        Mistake(
            "imagined-takers-left-out",
            lambda n: n.orders / pot(n),
            _("All {imagined} imagined guests are in your pot, but not the takers among them."),
        ),
    ),
    hint=_("How many people are in the pot? How many of them order the dish?"),
)

LENGTH = Numbers(
    Number("rate_a", _("Buying rate today"), RATE, 0.04),
    Number("rate_b", _("Buying rate that would make a change worth it"), RATE, 0.06),
    Number("visits", _("People who see the page in a month"), PEOPLE, 900),
)


def middle(n: Numbers) -> float:
    """The share halfway between the two buying rates."""
    return float(n.rate_a + n.rate_b) / 2


months = Figure(
    key="small-numbers-months",
    given=LENGTH,
    unit=MONTHS,
    answer=lambda n: 2 * sample_size(n.rate_a, n.rate_b) / n.visits,
    means=_(
        "Write that day into your calendar, and look then. If it is too far away, test a larger "
        "difference, or do not test."
    ),
    mistakes=(
        Mistake(
            "one-offer-only",
            lambda n: sample_size(n.rate_a, n.rate_b) / n.visits,
            _("So many must see *each* offer, and there are two."),
        ),
        Mistake(
            "people-of-both",
            lambda n: 2 * sample_size(n.rate_a, n.rate_b),
            _("That is how many people it takes. In how many months do they come?"),
        ),
        Mistake(
            "people-of-one",
            lambda n: sample_size(n.rate_a, n.rate_b),
            _("That is how many people must see one offer. How many months are that for two?"),
        ),
        Mistake(
            "upside-down",
            lambda n: n.visits / (2 * sample_size(n.rate_a, n.rate_b)),
            _("Upside down: the people needed stand above, those who come in a month below."),
        ),
        Mistake(
            "by-hand",
            lambda n: 2 * 16 * middle(n) * (1 - middle(n)) / (n.rate_b - n.rate_a) ** 2 / n.visits,
            _("The rule by hand comes near. `sample_size(0.04, 0.06)` gives it exactly."),
        ),
    ),
    hint=_("`sample_size(0.04, 0.06)` says how many people must see one offer."),
)

ROASTER = Refresh(decay_rate=0.08)
BOX = Numbers.of(ROASTER)
"""The trial box of the coffee roaster in the exercise."""


def box(n: Numbers, **changes: float) -> Refresh:
    """The roaster's offer, with some of the numbers changed."""
    return n.scenario(Refresh, **changes)


whole_life = Figure(
    key="small-numbers-whole-life",
    given=BOX,
    unit=YEN,
    answer=lambda n: n.monthly_margin / n.decay_rate,
    means=_(
        "All that a fresh offer ever earns, if nobody renews it. A renewal that costs more never "
        "pays."
    ),
    mistakes=(
        Mistake(
            "fresh-for-a-year",
            lambda n: 12 * n.monthly_margin,
            _("That is a year without any wear. And after the year it still earns something."),
        ),
        Mistake(
            "what-wears-off",
            lambda n: n.monthly_margin * n.decay_rate,
            _("That is about what it loses in the first month. How much does it earn in all?"),
        ),
        Mistake(
            "renewal-taken-off",
            lambda n: n.monthly_margin / n.decay_rate - n.refresh_cost,
            _("Nobody renews it here, so nobody pays the {refresh_cost}."),
        ),
    ),
    hint=_("Monthly margin ÷ decay rate."),
)

EVERY = 4  # months


def in_steps(months: float) -> float:
    """What the box would earn if it lost its 8% at the end of each month, not day by day."""
    kept = float(1 - ROASTER.decay_rate)
    return float(ROASTER.monthly_margin * (1 - kept**months) / (1 - kept))


cycle = Figure(
    key="small-numbers-cycle",
    given=Numbers(
        Number("between", _("Months between renewals"), MONTHS, EVERY),
        Number(
            "earned",
            _("Earned in these months, before the renewal is paid"),
            YEN,
            round(EVERY * float(replace(ROASTER, refresh_cost=0).profit_every(EVERY))),
        ),
        Number("refresh_cost", _("Cost of a renewal"), YEN, float(ROASTER.refresh_cost)),
    ),
    unit=YEN,
    answer=lambda n: (n.earned - n.refresh_cost) / n.between,
    means=_("So much is left of a month on average, the renewals paid."),
    mistakes=(
        Mistake(
            "renewal-forgotten",
            lambda n: n.earned / n.between,
            _("You forgot the renewal: {refresh_cost}, once in {between}."),
        ),
        Mistake(
            "renewal-every-month",
            lambda n: n.earned / n.between - n.refresh_cost,
            _("You paid for a renewal every month. There is one in {between}."),
        ),
        Mistake(
            "all-months-together",
            lambda n: n.earned - n.refresh_cost,
            _("That is left of all these months together. How much is it a month?"),
        ),
        Mistake(
            "in-monthly-steps",
            lambda n: (in_steps(n.between) - n.refresh_cost) / n.between,
            _(
                "You let it lose 8% at the end of each month. It loses day by day, so it earns "
                "less: {earned}."
            ),
        ),
    ),
    hint=_("What is left of the whole time, divided by its months?"),
)

predict_renewal = Choice(
    key="small-numbers-predict-renewal",
    given=Numbers.of(replace(ROASTER, refresh_cost=2 * ROASTER.refresh_cost)),
    unit=MONTHS,
    question=_("A renewal now costs twice as much, {refresh_cost}. How long should he wait now?"),
    options=(
        Option(
            "as-before",
            _("{about}: the offer wears out as before"),
            _("The wear is the same, but each renewal has to earn twice as much."),
            formula=lambda _n: ROASTER.best_months,
        ),
        Option(
            "half-as-long",
            _("{about}: then it must earn its cost sooner"),
            _("Then he would pay the higher cost twice as often."),
            formula=lambda _n: ROASTER.best_months / 2,
        ),
        Option(
            "twice-as-long",
            _("{about}: twice the cost, twice the time"),
            _("Waiting so long saves renewals, but the worn-out months lose more than that."),
            formula=lambda _n: 2 * ROASTER.best_months,
        ),
        Option(
            "half-as-long-again",
            _("{about}: longer, but less than twice"),
            _("{value}. Longer, because a renewal costs more; not twice, because wear costs too."),
            formula=lambda n: box(n).best_months,
            right=True,
        ),
    ),
    hint=_("Two things cost money: renewing too often, and renewing too late."),
)

SEASONS = Numbers(
    Number("buyers_a", _("Buyers in autumn"), PEOPLE, 18),
    Number("shown_a", _("People who saw the offer in autumn"), PEOPLE, 640),
    Number("buyers_b", _("Buyers in spring"), PEOPLE, 30),
    Number("shown_b", _("People who saw the offer in spring"), PEOPLE, 600),
)

worn = Figure(
    key="small-numbers-worn",
    given=SEASONS,
    unit=RATE,
    answer=lambda n: n.scenario(SplitTest).probability_b_better,
    means=_(
        "So sure is it that fewer buy now than in spring. Why fewer buy, the wear or the season, "
        "these numbers cannot tell: nobody threw a coin."
    ),
    mistakes=(
        Mistake(
            "autumn-better",
            lambda n: 1 - n.scenario(SplitTest).probability_b_better,
            _("That is the probability that autumn is better. Which of the two is your B?"),
        ),
        Mistake(
            "drop-in-buyers",
            lambda n: 1 - n.buyers_a / n.buyers_b,
            _("That is how much smaller the number of buyers is, not how sure you can be of it."),
        ),
        Mistake(
            "share-of-all-buyers",
            lambda n: n.buyers_b / (n.buyers_a + n.buyers_b),
            _("That is the share of all buyers who came in spring."),
        ),
        Mistake(
            "one-in-twenty",
            lambda _n: 0.95,
            _("“Choose” begins at 95%. What does the calculator compute for these counts?"),
        ),
    ),
    hint=_("`SplitTest(buyers_a=18, shown_a=640, buyers_b=30, shown_b=600).probability_b_better`"),
)

GUESSES = Numbers(
    Number("first", _("“The new photo sells better”: his chance"), RATE, 0.95),
    Number("second", _("“Free postage brings more orders”: his chance"), RATE, 0.85),
    Number("third", _("“A shorter text is better”: his chance"), RATE, 0.80),
    Number("fourth", _("“They want it on Fridays”: his chance"), RATE, 0.70),
    Number("fifth", _("“The blue box sells better”: his chance"), RATE, 0.60),
    Number("right", _("Guesses that were right when he tested them"), PEOPLE, 1),
)


def chances(n: Numbers) -> list[float]:
    """The chances he gave his guesses."""
    return [n.first, n.second, n.third, n.fourth, n.fifth]


guesses = Figure(
    key="small-numbers-guesses",
    given=GUESSES,
    unit=PEOPLE,
    answer=lambda n: sum(chances(n)),
    means=_(
        "So many would be right if he knew his customers as well as he thinks. {right} was: next "
        "time he gives his guesses less weight."
    ),
    mistakes=(
        Mistake(
            "all-of-them",
            lambda n: len(chances(n)),
            _("He did not say that he is certain. A guess with a chance of {fifth} often fails."),
        ),
        Mistake(
            "average-chance",
            lambda n: sum(chances(n)) / len(chances(n)),
            _("That is the average chance of one guess. How many is that of five?"),
        ),
        Mistake(
            "all-right-at-once",
            lambda n: n.first * n.second * n.third * n.fourth * n.fifth,
            _("You multiplied: that is the chance that all five are right. Add them up."),
        ),
        Mistake(
            "what-happened",
            lambda n: n.right,
            _("So many *were* right. How many would be right if his chances were true?"),
        ),
    ),
    hint=_("A guess with a chance of 0.6 is right 0.6 times on average. And all five together?"),
)

own_lift = Figure(
    key="small-numbers-own-lift",
    given=Numbers.of(SplitTest(shown_a=380)),
    own=SplitTest,
    unit=RATE,
    answer=lambda n: n.scenario(SplitTest).lift,
    means=_("This agrees with the counts you typed. How sure it is, the verdict above says."),
    mistakes=(
        Mistake(
            "as-a-part-of-a",
            lambda n: n.buyers_b / n.shown_b / (n.buyers_a / n.shown_a) - 1,
            _("That is how much larger B is as a part of A. Take one share off the other."),
        ),
        Mistake(
            "upside-down",
            lambda n: n.buyers_a / n.shown_a - n.buyers_b / n.shown_b,
            _("You took B off A. Above zero should mean that B is ahead."),
        ),
        Mistake(
            "buyers-not-shares",
            lambda n: n.buyers_b - n.buyers_a,
            _("That is a difference in buyers. Divide each by those who saw the offer."),
        ),
        Mistake(
            "share-of-b",
            lambda n: n.buyers_b / n.shown_b,
            _("That is the share of B alone. Take the share of A off."),
        ),
    ),
    hint=_("The share who buy B, less the share who buy A."),
)

WORKSHEET = Line(
    chapter="09",
    question=_("What I test, and when I look"),
    words={
        "offers": _("The two offers, A and B"),
        "guess": _("My guess, and how many imagined people it is worth"),
        "people": _("How many people see each offer, fixed before I begin"),
        "cost": _("What switching costs me, and whether I can switch back"),
    },
    rule=_(
        "I throw a coin for each person, and look once: when {people} have seen each offer. "
        "If I can switch back for free, I then take the leader. If not, I compare what a mistake "
        "costs with what asking on costs, and ask new people."
    ),
)
