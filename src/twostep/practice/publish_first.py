"""Practice for lesson 10: publish first, and what silence means."""

import math
from dataclasses import replace

from twostep._text import _
from twostep.models.audience import BY_CHANCE, Audience
from twostep.practice._exercise import Choice, Figure, Mistake
from twostep.practice._shown import Number, Numbers, Option
from twostep.practice._worksheet import Line
from twostep.units import PEOPLE, RATE

NANA = Audience(start_audience=40, start_trust=10, new_per_month=20, buy_rate=0.03)
"""The baker of the lesson."""


def silence(rate: float, listeners: float) -> float:
    """The chance that none of the listeners buys."""
    return float((1 - rate) ** listeners)


def enough(rate: float) -> float:
    """Listeners from whom silence comes by chance in 5 of 100 cases, not yet rounded up."""
    return math.log(BY_CHANCE) / math.log(1 - rate)


FORTY = Numbers(
    Number("listeners", _("People who listened"), PEOPLE, 40),
    Number("buy_rate", _("Of those who listen, the share who buy"), RATE, 0.03),
)

predict = Choice(
    key="publish-first-predict",
    given=FORTY,
    unit=RATE,
    question=_(
        "{buy_rate} of all who listen buy, and {listeners} people listened. What is the "
        "chance that nobody buys?"
    ),
    options=(
        Option(
            "one-person",
            _("about {value}: nearly everybody does not buy"),
            _("So it is for one person. But {listeners} people must all not buy."),
            formula=lambda n: 1 - n.buy_rate,
        ),
        Option(
            "more-than-one-buyer",
            _("about {value}: more than one of them should buy"),
            _(
                "On average 1.2 people buy. But that average is made of nobody, one, two and more, "
                "and nobody is not rare."
            ),
            formula=lambda _n: 0,
        ),
        Option(
            "the-rate",
            _("about {value}: the chance is in the number itself"),
            _("That is the share who buy. How probable is it that none of {listeners} does?"),
            formula=lambda n: n.buy_rate,
        ),
        Option(
            "all-of-them",
            _("{about}: forty people in a row do not buy"),
            _("{value}. Each does not buy with 97 of 100, and that {listeners} times in a row."),
            formula=lambda n: silence(n.buy_rate, n.listeners),
            right=True,
        ),
    ),
    hint=_("One person does not buy with a chance of 0.97. And two persons?"),
)

predict_twice = Choice(
    key="publish-first-predict-twice",
    given=Numbers.of(NANA, "start_trust", "buy_rate"),
    unit=RATE,
    question=_(
        "{start_trust} people trust her. The course is now twice as good. What is the chance that "
        "nobody buys?"
    ),
    options=(
        Option(
            "less-than-before",
            _("{about}: still the more probable case"),
            _("{value}. Ten people are so few that even a good offer mostly meets silence."),
            formula=lambda n: silence(2 * n.buy_rate, n.start_trust),
            right=True,
        ),
        Option(
            "half-the-silence",
            _("{about}: twice as good, half the silence"),
            _("The buyers double. The chance of silence does not halve: try it in the next cell."),
            formula=lambda n: silence(n.buy_rate, n.start_trust) / 2,
        ),
        Option(
            "as-before",
            _("{about}: those who do not trust do not buy"),
            _("That is the chance of before. Those ten who trust her do see a better course."),
            formula=lambda n: silence(n.buy_rate, n.start_trust),
        ),
        Option(
            "expected-buyers",
            _("{value}: so many buyers are expected"),
            _("That is 0.6 buyers, no chance. How often is it nobody?"),
            formula=lambda n: 2 * n.buy_rate * n.start_trust,
        ),
    ),
    hint=_("One does not buy with a chance of 0.94, and there are ten."),
)

predict_year = Choice(
    key="publish-first-predict-year",
    given=Numbers.of(NANA),
    unit=PEOPLE,
    question=_(
        "She publishes for a year; {new_per_month} people a month begin to follow. How many buyers "
        "can she expect then?"
    ),
    options=(
        Option(
            "as-today",
            _("{value}: it is still the same course"),
            _("The course is the same. The people who trust her are ten times as many."),
            formula=lambda _n: NANA.launch_buyers(0),
        ),
        Option(
            "all-followers",
            _("{about}: of all who follow her by then"),
            _("That counts every follower. Many have only just come, and do not trust her yet."),
            formula=lambda n: n.buy_rate * NANA.audience(12),
        ),
        Option(
            "those-who-trust",
            _("{about}: of those who trust her by then"),
            _("{value}: ten times as many as today, with the same course."),
            formula=lambda _n: NANA.launch_buyers(12),
            right=True,
        ),
        Option(
            "all-who-come",
            _("{about}: so many are there, new and old"),
            _("That counts all who ever came, as if nobody left and all trusted her."),
            formula=lambda n: n.buy_rate * (n.start_audience + 12 * n.new_per_month),
        ),
    ),
    hint=_("How many come, how many leave, and how many trust her?"),
)

market = Figure(
    key="publish-first-market",
    given=Numbers(
        Number("stopped", _("People who stop at her table"), PEOPLE, 25),
        Number("buy_rate", _("Of those who stop, the share who usually buy"), RATE, 0.08),
    ),
    unit=RATE,
    answer=lambda n: silence(n.buy_rate, n.stopped),
    means=_("In about one of eight such days a good bowl finds no buyer. So she comes again."),
    mistakes=(
        Mistake(
            "one-person",
            lambda n: 1 - n.buy_rate,
            _("So it is for one person. {stopped} people must all not buy."),
        ),
        Mistake(
            "all-buy",
            lambda n: n.buy_rate**n.stopped,
            _("That is the chance that all {stopped} buy. Nobody buys: take the other share."),
        ),
        Mistake(
            "somebody-buys",
            lambda n: 1 - silence(n.buy_rate, n.stopped),
            _("That is the chance that somebody buys. The question is: nobody."),
        ),
        Mistake(
            "expected-buyers",
            lambda n: n.buy_rate * n.stopped,
            _("That is how many buyers she can expect, on average, and not a chance."),
        ),
    ),
    hint=_("One does not buy with a chance of 0.92. In code `**` multiplies a number by itself."),
)

needed = Figure(
    key="publish-first-needed",
    given=Numbers(
        Number("wanted", _("People the course needs to begin"), PEOPLE, 8),
        Number("trust_share", _("Of her followers, the share who trust her"), RATE, 0.30),
        Number("buy_rate", _("Of those who trust her, the share who come"), RATE, 0.06),
    ),
    unit=PEOPLE,
    whole=True,
    answer=lambda n: n.wanted / (n.trust_share * n.buy_rate),
    means=_("On average. In about half of all cases fewer come: she should have a reserve."),
    mistakes=(
        Mistake(
            "all-followers-trust",
            lambda n: n.wanted / n.buy_rate,
            _("So many people who *trust* her. Of her followers only {trust_share} do."),
        ),
        Mistake(
            "all-who-trust-come",
            lambda n: n.wanted / n.trust_share,
            _("You let everybody come who trusts her. It is {buy_rate} of them."),
        ),
        Mistake(
            "shares-added",
            lambda n: n.wanted / (n.trust_share + n.buy_rate),
            _("You added the shares. One is a share of the other: multiply them."),
        ),
    ),
    hint=_("How many people must trust her? Of how many followers are these {trust_share}?"),
)

speaks = Figure(
    key="publish-first-speaks",
    given=Numbers(
        Number("buy_rate", _("Of his listeners, the share who buy"), RATE, 0.04),
        Number("line", _("So seldom may silence come by chance"), RATE, BY_CHANCE),
    ),
    unit=PEOPLE,
    whole=True,
    answer=lambda n: enough(n.buy_rate),
    means=_("So many silent listeners are hardly chance: fewer than {buy_rate} want it."),
    mistakes=(
        Mistake(
            "one-buyer-expected",
            lambda n: 1 / n.buy_rate,
            _("Of so many one is expected to buy. Nobody buys then in about one case of three."),
        ),
        Mistake(
            "one-in-twenty",
            lambda n: 1 / n.line,
            _("That is the line of {line} turned over. Try `0.96 **` some number of people."),
        ),
        Mistake(
            "half-of-the-cases",
            lambda n: math.log(0.5) / math.log(1 - n.buy_rate),
            _("Of so many, silence still comes in half of the cases."),
        ),
        Mistake(
            "rule-of-three",
            lambda n: 3 / n.buy_rate,
            _("The rule of three comes near. Exactly, one fewer is enough: try it."),
        ),
    ),
    hint=_("Try `0.96 ** 60`, then more people, until it is 0.05 or less."),
)

RYO = Audience(
    new_per_month=25,
    leave_rate=0.08,
    warming_rate=0.05,
    buy_rate=0.04,
    start_audience=60,
    start_trust=5,
)
"""The fishing guide of the exercise."""

two_months = Figure(
    key="publish-first-two-months",
    given=Numbers.of(RYO, "start_audience", "new_per_month", "leave_rate"),
    unit=PEOPLE,
    answer=lambda n: n.scenario(Audience).audience(2),
    means=_(
        "More come than leave. The more there are, the more leave, and some day it stands still."
    ),
    mistakes=(
        Mistake(
            "nobody-leaves",
            lambda n: n.start_audience + 2 * n.new_per_month,
            _("You forgot those who leave: {leave_rate} a month."),
        ),
        Mistake(
            "one-month",
            lambda n: n.scenario(Audience).audience(1),
            _("That is after one month. The question is: after two."),
        ),
        Mistake(
            "left-once",
            lambda n: n.start_audience * (1 - n.leave_rate) + 2 * n.new_per_month,
            _("People left once. In the second month {leave_rate} of all leave again."),
        ),
        Mistake(
            "newcomers-leave-at-once",
            lambda n: (
                ((n.start_audience + n.new_per_month) * (1 - n.leave_rate) + n.new_per_month)
                * (1 - n.leave_rate)
            ),
            _(
                "You let newcomers leave in the month in which they come. First some leave, then "
                "{new_per_month} come."
            ),
        ),
    ),
    hint=_("After one month: those who stay, plus the new ones. Then the same again."),
)

predict_more = Choice(
    key="publish-first-predict-more",
    given=Numbers.of(RYO),
    question=_(
        "After six months Ryo can expect one buyer. He could do one thing: make his course twice "
        "as good, win twice as many new followers, or write to people by hand, so that twice as "
        "many begin to trust him each month. Which of the three brings most buyers?"
    ),
    options=(
        Option(
            "twice-the-warming",
            _("Write by hand: trust comes faster"),
            _("Better than now. But nobody can begin to trust him twice."),
        ),
        Option(
            "twice-the-people",
            _("More followers: all the rest follows"),
            _("The newest of them do not trust him yet when he sells."),
        ),
        Option(
            "twice-the-product",
            _("A better course: for all who trust"),
            _("Once there are listeners, a better offer counts for each of them."),
            right=True,
        ),
    ),
    hint=_("Whom does each of the three reach?"),
)

cheap = Figure(
    key="publish-first-cheap",
    given=Numbers(
        Number("cheap_rate", _("Of his listeners, the share who buy the booklet"), RATE, 0.12),
        Number(
            "course_rate",
            _("Of his listeners, the share who buy the course"),
            RATE,
            float(RYO.buy_rate),
        ),
    ),
    unit=PEOPLE,
    whole=True,
    answer=lambda n: math.ceil(enough(n.course_rate)) - math.ceil(enough(n.cheap_rate)),
    means=_("So many fewer must listen: the cheap thing has its answer sooner."),
    mistakes=(
        Mistake(
            "course-alone",
            lambda n: enough(n.course_rate),
            _("So many for the course. How many fewer does the booklet need?"),
        ),
        Mistake(
            "booklet-alone",
            lambda n: enough(n.cheap_rate),
            _("So many for the booklet. How many fewer is that than for the course?"),
        ),
        Mistake(
            "one-buyer-expected",
            lambda n: 1 / n.course_rate - 1 / n.cheap_rate,
            _("Of so many one buyer is expected. Silence is rarer than 5 of 100 only later."),
        ),
    ),
    hint=_("First the listeners for each, by trying `0.88 ** 20` and `0.96 ** 70`."),
)

COMES = Numbers(
    Number("imagined_beginners", _("Beginners among the followers he imagined"), PEOPLE, 8),
    Number("imagined", _("Of so many imagined followers"), PEOPLE, 10),
    Number("beginners", _("Beginners among those who wrote to him"), PEOPLE, 9),
    Number("wrote", _("People who wrote to him"), PEOPLE, 30),
)

who_comes = Figure(
    key="publish-first-who-comes",
    given=COMES,
    unit=RATE,
    of=lambda n: n.imagined + n.wrote,
    answer=lambda n: (n.imagined_beginners + n.beginners) / (n.imagined + n.wrote),
    means=_(
        "He planned for beginners, and fewer than half of his people are. That changes the offer."
    ),
    mistakes=(
        Mistake(
            "plan-thrown-away",
            lambda n: n.beginners / n.wrote,
            _("You threw his plan away. It is worth {imagined} people."),
        ),
        Mistake(
            "plan-alone",
            lambda n: n.imagined_beginners / n.imagined,
            _("That was the plan. {wrote} real people have written since."),
        ),
        Mistake(
            "middle-of-two-shares",
            lambda n: (n.imagined_beginners / n.imagined + n.beginners / n.wrote) / 2,
            _("You took the middle of two shares. Put the people together, not the shares."),
        ),
        Mistake(
            "the-others",
            lambda n: 1 - (n.imagined_beginners + n.beginners) / (n.imagined + n.wrote),
            _("That is the share of all others. The question is about beginners."),
        ),
    ),
    hint=_("How many people are in the pot? How many of them are beginners?"),
)

own_today = Figure(
    key="publish-first-own-today",
    given=Numbers.of(replace(NANA, leave_rate=0.02)),
    own=Audience,
    unit=PEOPLE,
    answer=lambda n: n.scenario(Audience).launch_buyers(0),
    means=_(
        "This agrees with the numbers you typed. Whether so many trust you, only they can tell."
    ),
    mistakes=(
        Mistake(
            "all-followers",
            lambda n: n.start_audience * n.buy_rate,
            _("You counted all who follow you. Only those who trust you buy."),
        ),
        Mistake(
            "people-who-trust",
            lambda n: n.start_trust,
            _("So many trust you. Which share of them buys?"),
        ),
        Mistake(
            "a-year-later",
            lambda n: n.scenario(Audience).launch_buyers(12),
            _("That is after a year of publishing. The question is about today."),
        ),
    ),
    hint=_("People who trust you today × the share of them who buy."),
)

WORKSHEET = Line(
    chapter="10",
    question=_("Who hears me"),
    words={
        "listeners": _("Who follows me today, and how many of them trust me"),
        "publish": _("What I publish, how often, and how many hours it takes"),
        "silent": _("After how many silent listeners I change the offer"),
        "cheap": _("The cheap thing on which I learn to sell"),
    },
    rule=_(
        "First I ask those who trust me why, and change what is free. When {silent} listeners have "
        "seen the offer and nobody has bought, I change the offer too. Until then I look for "
        "listeners, if they are worth my hours."
    ),
)
