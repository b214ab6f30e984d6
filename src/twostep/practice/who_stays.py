"""Practice for lesson 05: who stays, and what a stayer is worth."""

from dataclasses import replace
from functools import cache

from twostep._text import _
from twostep.models.retention import ShiftedBetaGeometric
from twostep.models.trial import Trial
from twostep.practice._exercise import Choice, Figure, Function, Mistake
from twostep.practice._shown import Number, Numbers, Option
from twostep.units import PEOPLE, RATE, YEN


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
    Number("fickle", _("Retention of a fickle customer, every month"), RATE, 0.40),
)
VALUE = Numbers(
    Number("delivery_margin", _("Margin of one delivery"), YEN, 1_500),
    Number("discount_rate", _("Discount rate, per month"), RATE, 0.01),
)


@cache
def fitted(*counts: float) -> ShiftedBetaGeometric:
    """The model fitted to one cohort, given as its surviving counts."""
    return ShiftedBetaGeometric.fit(counts).model


def ren(n: Numbers) -> ShiftedBetaGeometric:
    """The model fitted to the cohort of a task."""
    return fitted(n.start, n.after_1, n.after_2, n.after_3, n.after_4, n.after_5)


def model(n: Numbers) -> ShiftedBetaGeometric:
    """The model whose alpha and beta a task names."""
    return ShiftedBetaGeometric(alpha=n.alpha, beta=n.beta)


def constant_ltv(n: Numbers, retention: float) -> float:
    """The discounted margins of a subscriber under a constant retention."""
    return float(
        Trial(
            delivery_margin=n.delivery_margin, retention=retention, discount_rate=n.discount_rate
        ).ltv
    )


retention = Figure(
    key="who-stays-retention",
    given=REN,
    unit=RATE,
    tolerance=0.0005,
    answer=lambda n: n.after_3 / n.after_2,
    means=_(
        "Of the {after_2} who came to the third renewal, {after_3} renewed. Divided by those who "
        "were there just before, it is the retention (継続率)."
    ),
    mistakes=(
        Mistake(
            lambda n: n.after_3 / n.start,
            _(
                "You divided by all {start} who started: that is the survival (残存率). Only "
                "{after_2} were left to decide at the third renewal."
            ),
        ),
        Mistake(
            lambda n: 1 - n.after_3 / n.after_2,
            _("That is the share who left, the churn (解約率). The question is who renewed."),
        ),
        Mistake(
            lambda n: n.after_2 / n.after_1,
            _("That is the second renewal, {after_1} to {after_2}. The third comes after it."),
        ),
        Mistake(
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
    tolerance=0.0005,
    answer=lambda n: n.after_3 / n.start,
    means=_(
        "Of all {start} who started, {after_3} are left after three renewals. Divided by all who "
        "started, it is the survival (残存率)."
    ),
    mistakes=(
        Mistake(
            lambda n: n.after_3 / n.after_2,
            _(
                "You divided by the {after_2} who were there just before: that is the retention "
                "(継続率). Survival asks about all {start} who started."
            ),
        ),
        Mistake(
            lambda n: (n.after_1 / n.start) ** 3,
            _(
                "You used the first retention three times. Later renewals go better than the "
                "first; the {after_3} have been counted, so use them."
            ),
        ),
        Mistake(
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
    tolerance=0.5,
    answer=lambda n: n.start * (n.after_1 / n.start) ** 5,
    means=_(
        "This is what the first retention, repeated five times, leaves of {start}. In truth there "
        "were {after_5}: the later renewals went better than the first."
    ),
    mistakes=(
        Mistake(
            lambda n: (n.after_1 / n.start) ** 5,
            _("That is a share. How many of {start} subscribers is it?"),
        ),
        Mistake(
            lambda n: n.start * (n.after_1 / n.start) ** 4,
            _("You multiplied four times. There are five renewals."),
        ),
        Mistake(
            lambda n: n.start * (n.after_1 / n.start) ** 6,
            _("You multiplied six times. {start} is the number before any renewal."),
        ),
        Mistake(
            lambda n: n.after_5,
            _(
                "That is the number counted, and a good one. The question is what the first "
                "retention, repeated, would have made you expect."
            ),
        ),
    ),
    hint=_("First the retention at renewal 1. Then multiply the start by it, once a renewal."),
)

TEA = survivors(400, 240, 176, 141) + Numbers.of(ShiftedBetaGeometric(alpha=0.8, beta=1.2)) + VALUE
"""The lesson's own case: tea by post, invented."""

lesson_retention = replace(retention, key="who-stays-lesson-retention", given=TEA)
lesson_survival = replace(survival, key="who-stays-lesson-survival", given=TEA)

lesson_worth = Figure(
    key="who-stays-lesson-worth",
    given=TEA,
    unit=YEN,
    tolerance=1,
    answer=lambda n: n.delivery_margin * model(n).expected_payments(n.discount_rate),
    means=_(
        "This is the most a new subscriber may cost: the discounted payments expected, times the "
        "margin of one ({delivery_margin})."
    ),
    mistakes=(
        Mistake(
            lambda n: constant_ltv(n, float(model(n).retention(1))),
            _(
                "You used the retention of the first renewal for ever. Later renewals go better: "
                "in this model, because those who leave easily have left."
            ),
        ),
        Mistake(
            lambda n: n.delivery_margin * model(n).residual_payments(n.discount_rate, 1),
            _(
                "You left out the first payment, which every new subscriber makes. A new one is "
                "`expected_payments`; `residual_payments` is for those who have paid already."
            ),
        ),
        Mistake(
            lambda n: n.delivery_margin / (1 - model(n).retention(1)),
            _(
                "That is margin ÷ churn, with the churn of the first renewal. It is the largest "
                "there will ever be, and nothing is discounted."
            ),
        ),
        Mistake(
            lambda n: model(n).expected_payments(n.discount_rate),
            _("That is a number of payments. What are they worth at {delivery_margin} each?"),
        ),
    ),
    hint=_(
        "`ShiftedBetaGeometric(alpha=…, beta=…).expected_payments(…)` counts the payments of a "
        "new subscriber. Multiply by the margin of one."
    ),
)

predict = Choice(
    key="who-stays-predict",
    question=_(
        "Of 1,000 subscribers 631, 468, 382, 326, 289, 262 and 241 are still there after one, two, "
        "… seven years. How many will be left after twelve?"
    ),
    options=(
        Option(
            _("Almost nobody: 37 of 100 leave every year."),
            _(
                "That was the first year. In the seventh, 21 of 262 left, which is only 8 of 100. "
                "A rule that fails for years already counted will not do better later."
            ),
        ),
        Option(
            _("About 170: fewer leave each year, but some always do."),
            _(
                "The losses shrink, and they do not end. This page shows why, and how to get from "
                "seven years to a number."
            ),
            right=True,
        ),
        Option(
            _("Still about 240: who has stayed for seven years stays for good."),
            _(
                "Even in the seventh year 21 of 262 left. Some of those who are still there leave "
                "rarely, but rarely is not never."
            ),
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
            _("Yes: before the card 80% renewed, since then always more."),
            _(
                "Retention can rise like this without any card, when those who leave easily leave "
                "first. Before and after are not the same people."
            ),
        ),
        Option(
            _("Nobody can tell from these numbers: it may have risen without the card."),
            _(
                "To find out, give the card to half of the next subscribers, chosen by lot, and "
                "compare the two halves at the same renewal."
            ),
            right=True,
        ),
        Option(
            _("No: loyalty cards never change what people do."),
            _("These numbers do not show that either. They cannot speak for or against the card."),
        ),
    ),
    hint=_("Ask who is being compared with whom: are they the same kind of people?"),
)

first_of_two_kinds = Figure(
    key="who-stays-first-of-two-kinds",
    given=KINDS,
    unit=RATE,
    tolerance=0.0005,
    answer=lambda n: (n.faithful + n.fickle) / 2,
    means=_("Half renew at {faithful} and half at {fickle}: at the first renewal, the middle."),
    mistakes=(
        Mistake(
            lambda n: n.faithful * n.fickle,
            _(
                "You multiplied, as if everyone had to pass both. Each customer is of one kind: "
                "half are faithful, half fickle."
            ),
        ),
        Mistake(
            lambda n: n.faithful + n.fickle,
            _("You added the two shares. Each is a share of one half of the customers."),
        ),
        Mistake(
            lambda n: 1 - (n.faithful + n.fickle) / 2,
            _("That is the share who leave. The question is who renews."),
        ),
    ),
    hint=_("Take 100 of each kind. How many of the 200 renew?"),
)

what_happens_next = Choice(
    key="who-stays-what-happens-next",
    given=KINDS,
    question=_(
        "The faithful renew at {faithful} and the fickle at {fickle}, every month, for ever. What "
        "does the retention of all of them together do at the second renewal?"
    ),
    options=(
        Option(
            _("It stays the same, because nobody changes."),
            _(
                "No customer changes, but the mixture does: most of the fickle are gone, so more "
                "of those asked are faithful."
            ),
        ),
        Option(
            _("It rises, because more of those who are left are faithful."),
            _("The rise is sorting, not loyalty. Each customer renews exactly as before."),
            right=True,
        ),
        Option(
            _("It rises, because customers get used to the coffee."),
            _(
                "It does rise, but not for this reason: in this example nobody gets used to "
                "anything. Each keeps a constant retention for ever."
            ),
        ),
    ),
    hint=_("Of 100 faithful and 100 fickle customers, who is left after the first renewal?"),
)

second_of_two_kinds = Figure(
    key="who-stays-second-of-two-kinds",
    given=KINDS,
    unit=RATE,
    tolerance=0.0005,
    answer=lambda n: (n.faithful**2 + n.fickle**2) / (n.faithful + n.fickle),
    means=_(
        "Higher than at the first renewal, and nobody changed: the mixture of those who were "
        "asked did."
    ),
    mistakes=(
        Mistake(
            lambda n: (n.faithful + n.fickle) / 2,
            _(
                "That is the first renewal again. By the second, the two kinds are no longer half "
                "and half: fewer fickle ones are left to be asked."
            ),
        ),
        Mistake(
            lambda n: (n.faithful**2 + n.fickle**2) / 2,
            _(
                "That is the survival: of all who started. Divide by those who were still there "
                "after the first renewal."
            ),
        ),
        Mistake(
            lambda n: ((n.faithful + n.fickle) / 2) ** 2,
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
    tolerance=0.0005,
    answer=lambda n: ren(n).survival(12),
    means=_("More than a third of those who started, predicted from five renewals."),
    mistakes=(
        Mistake(
            lambda n: (n.after_1 / n.start) ** 12,
            _(
                "You repeated the first retention twelve times. It failed at the fifth renewal "
                "already, as you saw in 1.3; use the fitted model."
            ),
        ),
        Mistake(
            lambda n: ren(n).retention(12),
            _(
                "That is the retention: of those who come to renewal 12. The question is about "
                "all {start} who started."
            ),
        ),
        Mistake(
            lambda n: 1 - ren(n).survival(12),
            _("That is the share who will have left. The question is who is still there."),
        ),
    ),
    hint=_("`fit.model` has `survival(…)` and `retention(…)`. Which one speaks of all who began?"),
)

worth = Figure(
    key="who-stays-worth",
    given=REN + VALUE,
    unit=YEN,
    tolerance=10,
    answer=lambda n: n.delivery_margin * ren(n).expected_payments(n.discount_rate),
    means=_("The most a new subscriber may cost Ren, if the future is like the model."),
    mistakes=(
        Mistake(
            lambda n: constant_ltv(n, n.after_1 / n.start),
            _(
                "You used the first retention for ever. Those who stay renew more often than that, "
                "so the LTV is far higher; use the fitted model."
            ),
        ),
        Mistake(
            lambda n: n.delivery_margin * ren(n).residual_payments(n.discount_rate, 1),
            _("You left out the first delivery, which every new subscriber pays."),
        ),
        Mistake(
            lambda n: n.delivery_margin * ren(n).residual_payments(n.discount_rate, 6),
            _(
                "That is what one of the {after_5} who are still there will bring from now on. The "
                "question is about a new subscriber."
            ),
        ),
    ),
    hint=_(
        "`fit.model.expected_payments(0.01)` counts the payments of a new subscriber in today's "
        "value. What is each of them worth?"
    ),
)

retention_function = Function(
    key="who-stays-retention-function",
    given=Numbers.of(ShiftedBetaGeometric())
    + Numbers(Number("renewal", _("Which renewal"), PEOPLE, 3)),
    cases=(
        {"alpha": 1, "beta": 1, "renewal": 9},
        {"alpha": 0.6, "beta": 2.4, "renewal": 1},
    ),
    unit=RATE,
    tolerance=0.0005,
    answer=lambda n: (n.beta + n.renewal - 1) / (n.alpha + n.beta + n.renewal - 1),
    means=_("Your rule gives the retention of any such cohort at any renewal."),
    mistakes=(
        Mistake(
            lambda n: (n.beta + n.renewal) / (n.alpha + n.beta + n.renewal),
            _(
                "It is one renewal ahead. At renewal 1 nothing has been added yet: beta ÷ (alpha + "
                "beta). So add renewal − 1."
            ),
        ),
        Mistake(
            lambda n: n.beta / (n.alpha + n.beta),
            _("It gives the first renewal, whichever is asked for."),
        ),
        Mistake(
            lambda n: n.alpha / (n.alpha + n.beta + n.renewal - 1),
            _("It gives the share who leave. Those who renew are the rest."),
        ),
    ),
    hint=_("In words: (beta + renewal − 1) ÷ (alpha + beta + renewal − 1). Mind the brackets."),
)
