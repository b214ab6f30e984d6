"""Practice for lesson 05: who stays."""

from functools import cache

from twostep._text import _
from twostep.models.retention import ShiftedBetaGeometric
from twostep.models.two_kinds import TwoKinds
from twostep.practice._exercise import Choice, Figure, Mistake
from twostep.practice._shown import Number, Numbers, Option
from twostep.practice._worksheet import Line
from twostep.units import PEOPLE, RATE


def survivors(*counts: float) -> Numbers:
    """A cohort as the numbers of a task: those who started, then those left after each renewal."""
    return Numbers(
        Number("start", _("Subscribers at the start"), PEOPLE, counts[0]),
        *(
            Number(
                f"after_{renewal}",
                _("Still there after renewal {renewal}").format(renewal=renewal),
                PEOPLE,
                count,
            )
            for renewal, count in enumerate(counts[1:], start=1)
        ),
    )


REN = survivors(600, 480, 408, 361, 327, 301)
"""An invented coffee roaster who sends beans every month."""

KINDS = Numbers(
    Number("faithful", _("Retention of a faithful customer, every month"), RATE, 0.92),
    Number("casual", _("Retention of a casual customer, every month"), RATE, 0.40),
)


@cache
def fitted(*counts: float) -> ShiftedBetaGeometric:
    """The model fitted to one cohort, given as its surviving counts."""
    return ShiftedBetaGeometric.fit(counts).model


def ren(n: Numbers) -> ShiftedBetaGeometric:
    """The model fitted to the cohort of a task."""
    return fitted(n.start, n.after_1, n.after_2, n.after_3, n.after_4, n.after_5)


retention = Figure(
    key="who-stays-retention",
    given=REN,
    unit=RATE,
    of=lambda n: n.after_2,
    answer=lambda n: n.after_3 / n.after_2,
    means=_(
        "Of the {after_2} who came to the third renewal, {after_3} renewed. Divided by those who "
        "were there just before, it is the retention (継続率)."
    ),
    mistakes=(
        Mistake(
            "survival-for-retention",
            lambda n: n.after_3 / n.start,
            _(
                "You divided by all {start} who started: that is the survival (残存率). Only "
                "{after_2} were left to decide at the third renewal."
            ),
        ),
        Mistake(
            "churn-for-retention",
            lambda n: 1 - n.after_3 / n.after_2,
            _("That is the share who left, the churn (解約率). The question is who renewed."),
        ),
        Mistake(
            "renewal-before",
            lambda n: n.after_2 / n.after_1,
            _("That is the second renewal, {after_1} to {after_2}. The third comes after it."),
        ),
        Mistake(
            "upside-down",
            lambda n: n.after_2 / n.after_3,
            _("Upside down: divide those who renewed by those who could, not the other way."),
        ),
    ),
    hint=_("Who stood before this renewal, and how many of exactly those renewed?"),
)

survival = Figure(
    key="who-stays-survival",
    given=REN,
    unit=RATE,
    of=lambda n: n.start,
    answer=lambda n: n.after_3 / n.start,
    means=_(
        "Of all {start} who started, {after_3} are left after three renewals. Divided by all who "
        "started, it is the survival (残存率)."
    ),
    mistakes=(
        Mistake(
            "retention-for-survival",
            lambda n: n.after_3 / n.after_2,
            _(
                "You divided by the {after_2} who were there just before: that is the retention "
                "(継続率). Survival asks about all {start} who started."
            ),
        ),
        Mistake(
            "first-retention-repeated",
            lambda n: (n.after_1 / n.start) ** 3,
            _(
                "You used the first retention three times. Later renewals go better than the "
                "first; the {after_3} have been counted, so use them."
            ),
        ),
        Mistake(
            "those-who-left",
            lambda n: 1 - n.after_3 / n.start,
            _("That is the share who have left since the start. The question is who is left."),
        ),
    ),
    hint=_("The start never changes: which two of the numbers does “of all who started” need?"),
)

constant = Figure(
    key="who-stays-constant",
    given=REN,
    unit=PEOPLE,
    of=lambda n: n.start,
    answer=lambda n: n.start * (n.after_1 / n.start) ** 5,
    means=_(
        "This is what the first retention, repeated five times, leaves of {start}. In truth there "
        "were {after_5}: the later renewals went better than the first."
    ),
    mistakes=(
        Mistake(
            "straight-line",
            lambda n: n.start - 5 * (n.start - n.after_1),
            _(
                "You subtracted the same number five times. It is the same share that leaves, of "
                "fewer and fewer people."
            ),
        ),
        Mistake(
            "one-renewal-too-few",
            lambda n: n.start * (n.after_1 / n.start) ** 4,
            _("You multiplied four times. There are five renewals."),
        ),
        Mistake(
            "one-renewal-too-many",
            lambda n: n.start * (n.after_1 / n.start) ** 6,
            _("You multiplied six times. {start} is the number before any renewal."),
        ),
        Mistake(
            "number-counted",
            lambda n: n.after_5,
            _(
                "That is the number counted, and a good one. The question is what the first "
                "retention, repeated, would have made you expect."
            ),
        ),
    ),
    hint=_("First the retention at renewal 1. Then multiply the start by it, once a renewal."),
)

COHORT = survivors(1_000, 631, 468, 382, 326, 289, 262, 241)

predict = Choice(
    key="who-stays-predict",
    given=COHORT,
    unit=PEOPLE,
    question=_(
        "Of {start} subscribers {after_1}, {after_2}, {after_3}, {after_4}, {after_5}, {after_6} "
        "and {after_7} are still there after one, two, … seven years. How many will be left after "
        "twelve?"
    ),
    options=(
        Option(
            "first-retention-for-ever",
            _("{about}: the share of the first year leaves every year"),
            _(
                "In the first year {after_1} of {start} stayed, in the seventh {after_7} of "
                "{after_6}, a far larger share. A rule that fails for years already counted will "
                "not do better later."
            ),
            formula=lambda n: n.start * (n.after_1 / n.start) ** 12,
        ),
        Option(
            "who-has-stayed-stays",
            _("{value}: whoever has stayed for seven years stays on"),
            _(
                "Even in the seventh year some of {after_6} left. Those who are still there leave "
                "rarely, but rarely is not never."
            ),
            formula=lambda n: n.after_7,
        ),
        Option(
            "same-number-every-year",
            _("{about}: as many leave every year as in the last one"),
            _(
                "The number who leave has fallen every year, because fewer are left and because "
                "those who leave easily are gone. It will go on falling."
            ),
            formula=lambda n: n.after_7 - 5 * (n.after_6 - n.after_7),
        ),
        Option(
            "losses-shrink-and-go-on",
            _("{about}: fewer leave every year, but some always do"),
            _(
                "The losses shrink, and they do not end. This page shows why, and how to get from "
                "seven years to a number."
            ),
            formula=lambda n: n.start * fitted(*n.values()).survival(12),
            right=True,
        ),
    ),
    hint=_("Look at how many left in the first year and how many in the seventh, and of whom."),
)

did_the_card_work = Choice(
    key="who-stays-did-the-card-work",
    given=REN,
    question=_(
        "After the first renewal Ren gave each of the {after_1} who were left a loyalty card. "
        "Retention was 80% at the first renewal and rose at every one since. Did the card work?"
    ),
    options=(
        Option(
            "before-and-after",
            _("Yes: at every renewal since the card more have stayed."),
            _(
                "Retention can rise like this without any card, when those who leave easily leave "
                "first. Before and after are not the same people."
            ),
        ),
        Option(
            "a-part-of-it",
            _("In part: some of such a rise must come from the card."),
            _(
                "Why must it? Sorting alone can make a rise of this size. How much of it is the "
                "card's, all or nothing, these numbers cannot say."
            ),
        ),
        Option(
            "cannot-tell",
            _("Nobody can tell: it may have risen without the card."),
            _(
                "To find out, give the card to half of the next subscribers, chosen by the toss "
                "of a coin, and compare the two halves at the same renewal."
            ),
            right=True,
        ),
        Option(
            "only-the-product-counts",
            _("No: people renew for the coffee and not for a card."),
            _("These numbers do not show that either. They cannot speak for or against the card."),
        ),
    ),
    hint=_("Ask who is being compared with whom: are they the same kind of people?"),
)

first_of_two_kinds = Figure(
    key="who-stays-first-of-two-kinds",
    given=KINDS,
    unit=RATE,
    answer=lambda n: (n.faithful + n.casual) / 2,
    means=_("Half renew at {faithful} and half at {casual}: at the first renewal, the middle."),
    mistakes=(
        Mistake(
            "kinds-multiplied",
            lambda n: n.faithful * n.casual,
            _(
                "You multiplied, as if everyone had to pass both. Each customer is of one kind: "
                "half are faithful, half casual."
            ),
        ),
        Mistake(
            "kinds-added",
            lambda n: n.faithful + n.casual,
            _("You added the two shares. Each is a share of one half of the customers."),
        ),
        Mistake(
            "churn-for-retention",
            lambda n: 1 - (n.faithful + n.casual) / 2,
            _("That is the share who leave. The question is who renews."),
        ),
    ),
    hint=_("Take 100 of each kind. How many of the 200 renew?"),
)

what_happens_next = Choice(
    key="who-stays-what-happens-next",
    given=KINDS,
    question=_(
        "The faithful renew at {faithful} and the casual ones at {casual}, every month, for ever. "
        "What does the retention of all of them together do at the second renewal?"
    ),
    options=(
        Option(
            "sorting",
            _("It rises: of those who are left, more are faithful."),
            _("The rise is sorting, not loyalty. Each customer renews exactly as before."),
            right=True,
        ),
        Option(
            "nobody-changes",
            _("It stays as it is: no customer has changed."),
            _(
                "No customer changes, but the mixture does: most casual ones are gone, so more "
                "of those asked are faithful."
            ),
        ),
        Option(
            "fewer-are-left",
            _("It falls: there are fewer of them at each renewal."),
            _(
                "The number of subscribers falls. The retention is a share of those who are still "
                "there, and of these a larger part is faithful."
            ),
        ),
        Option(
            "habit",
            _("It rises: customers get used to their coffee."),
            _(
                "It does rise, but not for this reason: in this example nobody gets used to "
                "anything. Each keeps a constant retention for ever."
            ),
        ),
    ),
    hint=_("Of 100 faithful and 100 casual customers, who is left after the first renewal?"),
)

second_of_two_kinds = Figure(
    key="who-stays-second-of-two-kinds",
    given=KINDS,
    unit=RATE,
    answer=lambda n: (n.faithful**2 + n.casual**2) / (n.faithful + n.casual),
    means=_(
        "Higher than at the first renewal, and nobody changed: the mixture of those who were "
        "asked did."
    ),
    mistakes=(
        Mistake(
            "first-renewal-again",
            lambda n: (n.faithful + n.casual) / 2,
            _(
                "That is the first renewal again. By the second, the two kinds are no longer half "
                "and half: fewer casual ones are left to be asked."
            ),
        ),
        Mistake(
            "survival-for-retention",
            lambda n: (n.faithful**2 + n.casual**2) / 2,
            _(
                "That is the survival: of all who started. Divide by those who were still there "
                "after the first renewal."
            ),
        ),
        Mistake(
            "average-squared",
            lambda n: ((n.faithful + n.casual) / 2) ** 2,
            _(
                "You multiplied the average by itself, as if all customers were alike. Follow the "
                "two kinds one by one, then add."
            ),
        ),
    ),
    hint=_("Of 100 of each kind: who is left after one renewal, and of these, after two?"),
)

year_end = Figure(
    key="who-stays-year-end",
    given=REN,
    unit=RATE,
    of=lambda n: n.start,
    answer=lambda n: ren(n).survival(12),
    means=_("More than a third of those who started, predicted from five renewals."),
    mistakes=(
        Mistake(
            "first-retention-repeated",
            lambda n: (n.after_1 / n.start) ** 12,
            _(
                "You repeated the first retention twelve times. It failed at the fifth renewal "
                "already, as you saw in 1.3; use the fitted model."
            ),
        ),
        Mistake(
            "retention-for-survival",
            lambda n: ren(n).retention(12),
            _(
                "That is the retention: of those who come to renewal 12. The question is about "
                "all {start} who started."
            ),
        ),
        Mistake(
            "those-who-left",
            lambda n: 1 - ren(n).survival(12),
            _("That is the share who will have left. The question is who is still there."),
        ),
    ),
    hint=_("`fit.model` has `survival(…)` and `retention(…)`. Which one speaks of all who began?"),
)

MIXED = Numbers.of(TwoKinds())

predict_second = Choice(
    key="who-stays-predict-second",
    given=MIXED,
    unit=RATE,
    question=_("Of those who come to the second renewal, which share renews?"),
    options=(
        Option(
            "mixture-changed",
            "{about}",
            _(
                "Of a hundred of each kind, 90 and 30 are left. The 90 renew at "
                "{faithful_retention}, the 30 at {casual_retention}: {value} together."
            ),
            formula=lambda n: n.scenario(TwoKinds).retention(2),
            right=True,
        ),
        Option(
            "nobody-changed",
            "{about}",
            _(
                "Nobody has changed, that is true. But those who are asked are no longer half and "
                "half: most casual ones are gone."
            ),
            formula=lambda n: n.scenario(TwoKinds).retention(1),
        ),
        Option(
            "only-faithful-left",
            "{about}",
            _("So it would be if all casual ones had left. 30 of 100 of them are still there."),
            formula=lambda n: n.faithful_retention,
        ),
        Option(
            "less-every-time",
            "{about}",
            _(
                "You took the share of all who started: it falls. The question is about those who "
                "come to the second renewal."
            ),
            formula=lambda n: n.scenario(TwoKinds).survival(2),
        ),
    ),
    hint=_("How many of each kind come to the second renewal?"),
)

dentist = Figure(
    key="who-stays-dentist",
    given=Numbers(
        Number("first", _("Patients who came to a first check-up"), PEOPLE, 500),
        Number("second", _("Of these, those who came to the second"), PEOPLE, 250),
        Number("third", _("Of these, those who came to the third"), PEOPLE, 190),
        Number("printed", _("What the program prints for the third"), RATE, 0.38),
    ),
    unit=RATE,
    of=lambda n: n.second,
    answer=lambda n: n.third / n.second,
    means=_(
        "Of {second} who came to the second check-up, {third} came to the third. The program "
        "divides by all {first}, and uses the same word."
    ),
    mistakes=(
        Mistake(
            "of-all-who-started",
            lambda n: n.third / n.first,
            _("That is what the program printed: {third} of all {first}. It is the survival."),
        ),
        Mistake(
            "one-check-up-earlier",
            lambda n: n.second / n.first,
            _("That is the share who came to the second. The question is about the third."),
        ),
        Mistake(
            "those-who-left",
            lambda n: (n.second - n.third) / n.second,
            _("That is the share who did not come: the churn. Who came is asked for."),
        ),
    ),
    hint=_("Who could come to the third check-up at all? How many of these came?"),
)

discount_mix = Figure(
    key="who-stays-discount",
    given=Numbers(
        Number("new_customers", _("New customers"), PEOPLE, 400),
        Number("faithful_share", _("Of these, the faithful"), RATE, 0.25),
        Number("faithful_retention", _("Retention of the faithful"), RATE, 0.88),
        Number("casual_retention", _("Retention of casual customers"), RATE, 0.32),
    ),
    unit=PEOPLE,
    of=lambda n: n.new_customers,
    answer=lambda n: n.new_customers * n.scenario(TwoKinds).first_retention,
    means=_(
        "A campaign brings other people, and so the retention is another one too. Last year's rate "
        "belongs to last year's customers."
    ),
    mistakes=(
        Mistake(
            "half-and-half",
            lambda n: n.new_customers * (n.faithful_retention + n.casual_retention) / 2,
            _("You took half of each kind. This campaign brought {faithful_share} faithful ones."),
        ),
        Mistake(
            "shares-swapped",
            lambda n: (
                n.new_customers
                * (
                    (1 - n.faithful_share) * n.faithful_retention
                    + n.faithful_share * n.casual_retention
                )
            ),
            _("You took the shares the wrong way round: {faithful_share} are faithful."),
        ),
        Mistake(
            "faithful-only",
            lambda n: n.new_customers * n.faithful_share * n.faithful_retention,
            _("Some casual customers renew too: {casual_retention} of them."),
        ),
        Mistake(
            "casual-only",
            lambda n: n.new_customers * (1 - n.faithful_share) * n.casual_retention,
            _("You counted only the casual ones. The faithful renew too."),
        ),
    ),
    hint=_("How many of each kind are there? How many of each renew?"),
)

WORKSHEET = Line(
    chapter="05",
    question=_("Who stays with me"),
    words={
        "cohort": _("Whom I count together (they all began in …)"),
        "renewal": _("What counts as “came again”"),
        "counts": _("How many began, and how many came again and again"),
    },
    rule=_(
        "I divide by those who were there before: {counts}. I do not plan with the first rate for "
        "ever, and I do not call a rise loyalty without a comparison."
    ),
)
