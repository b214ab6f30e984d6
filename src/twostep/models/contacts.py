"""What a contact is worth, and whether a free sample should ask for one."""

import math
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from twostep._text import _
from twostep.models.base import TOO_LARGE, Model, geometric_sum, plain, power, ratio, where
from twostep.models.fields import DISCOUNT_RATE, MESSAGE_COST, MESSAGES, VISIT_MARGIN
from twostep.models.spread import HUGE, chance_below
from twostep.units import (
    MONTHS,
    PEOPLE,
    RATE,
    YEN,
    Answer,
    Assumption,
    Months,
    Number,
    People,
    Range,
    Rate,
    Value,
    Yen,
)

__all__ = ["ContactList", "SampleOffer", "line_fee"]

REGISTRATION = _("Registration")
SAMPLE = _("Free sample")
RETURN = _("Who comes back")


@dataclass(frozen=True, kw_only=True)
class ContactList(Model):
    """A list of people who may be written to (a LINE account, an e-mail list), month by month.

    The first month's messages reach all who did not block at once; each month's messages go out
    before that month's blocks. Only visits that a message caused count: those of the people written
    to, less those of a comparable group that was not. Money is in yen, consumption tax excluded.
    Fields take a number or a NumPy array; `months` must be whole. Raises ValueError for a value
    that is not possible.

    Source: the course's own restaurant case, with the published prices of LINE's messages.
    """

    lesson = "03_the_contact_is_the_product"
    menu = _("The contact: what a list of contacts is worth")

    registrations: Annotated[
        People,
        Assumption(
            _("Registrations"),
            _("People who register, for example as friends on LINE."),
            REGISTRATION,
            slider=(0, 5_000, 50),
        ),
    ] = 800
    gift_cost: Annotated[
        Yen,
        Assumption(
            _("Gift cost per registration"),
            _("What it costs you to give each registrant the promised gift."),
            REGISTRATION,
            slider=(0, 1_000, 10),
            low=0,
        ),
    ] = 150
    instant_block_rate: Annotated[
        Rate,
        Assumption(
            _("Instant block rate"),
            _("Of all who register, the share who take the gift and block you at once."),
            REGISTRATION,
            slider=(0, 1, 0.01),
        ),
    ] = 0.10
    monthly_block_rate: Annotated[
        Rate,
        Assumption(
            _("Monthly block rate"),
            _("Of those still active, the share who block you in one month."),
            MESSAGES,
            slider=(0, 0.2, 0.005),
        ),
    ] = 0.02
    messages_per_month: Annotated[
        Number,
        Assumption(
            _("Messages a month"),
            _("Messages sent to each active contact in one month."),
            MESSAGES,
            slider=(0, 12, 1),
            low=0,
        ),
    ] = 2
    response_rate: Annotated[
        Rate,
        Assumption(
            _("Response rate"),
            _("Extra visits ÷ messages delivered: visits that would not have come without one."),
            MESSAGES,
            slider=(0, 0.1, 0.001),
        ),
    ] = 0.01
    visit_margin: Annotated[
        Yen,
        replace(
            VISIT_MARGIN,
            about=_("Contribution margin of one extra visit, after what the message offers."),
        ),
    ] = 2_000
    message_cost: Annotated[Yen, MESSAGE_COST] = 3
    discount_rate: Annotated[
        Rate,
        replace(
            DISCOUNT_RATE,
            about=_("Of each yen, the share by which waiting one month makes it worth less."),
        ),
    ] = 0.005
    months: Annotated[
        Months,
        Assumption(
            _("Months"),
            _("For how many whole months you count what a contact earns."),
            MESSAGES,
            slider=(0, 36, 1),
            whole=True,
        ),
    ] = 12

    @property
    def allowable_cost_per_registration(
        self,
    ) -> Annotated[Yen, Answer(_("Allowable cost per registration"))]:
        """What one registration earns before its gift: the most that winning it may cost.

        Share not blocking at once × yen of an active contact's month × discounted active months.
        """
        stay = 1 - self.instant_block_rate
        return stay * self._month_value * self._active_months

    @property
    def value_per_registration(self) -> Annotated[Yen, Answer(_("Value of a registration"))]:
        """What one registration earns after its gift: allowable cost − gift cost."""
        return self.allowable_cost_per_registration - self.gift_cost

    @property
    def total_value(self) -> Annotated[Yen, Answer(_("Value of the whole list"))]:
        """Registrations × value of a registration."""
        return self.registrations * self.value_per_registration

    @property
    def cumulative_block_rate(
        self,
    ) -> Annotated[Rate, Answer(_("Blocked by the end of the last month"))]:
        """Of all who registered, the share who have blocked you when the last month is over."""
        still_there = power(1 - self.monthly_block_rate, self.months)
        return 1 - (1 - self.instant_block_rate) * still_there

    @property
    def loss_probability(self) -> Annotated[Rate, Answer(_("How often such a list loses"), HUGE)]:
        """P(value of the whole list < 0), although the averages hold: a message works or does not.

        The contacts, the blocks and the messages are as planned; each delivered message brings a
        visit with the response rate, so that the visits are binomial. Each counts as discounted as
        the average visit is; exact without a discount, with one a few hundredths off at most.
        """
        reached = self.registrations * (1 - self.instant_block_rate)
        months = geometric_sum(1 - self.monthly_block_rate, self.months)
        messages = reached * self.messages_per_month * months
        kept = where(np.greater(months, 0), ratio(self._active_months, months), 1.0)
        costs = messages * kept * self.message_cost + self.registrations * self.gift_cost
        return chance_below(costs, messages, self.response_rate, self.visit_margin * kept)

    def active(self, month: Value) -> Value:
        """People whom the messages of a month reach: month 1 is the first, before any later block.

        Takes a whole number from 1, or an array of them that fits the fields' shapes. Raises
        ValueError for anything else.
        """
        month = Range.of(MONTHS, low=1, whole=True).check("month", month)
        still_there = power(1 - self.monthly_block_rate, month - 1)
        return self.registrations * (1 - self.instant_block_rate) * still_there

    @property
    def _message_value(self) -> Value:
        return self.response_rate * self.visit_margin - self.message_cost

    @property
    def _month_value(self) -> Value:
        return self.messages_per_month * self._message_value

    @property
    def _active_months(self) -> Value:
        """Months for which a contact stays active, discounted and counted up to the horizon."""
        kept = (1 - self.monthly_block_rate) / (1 + self.discount_rate)
        return geometric_sum(kept, self.months)

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        yen = YEN.text
        if not math.isfinite(float(self.total_value)):
            return TOO_LARGE
        if self.registrations == 0:
            return _("Nobody registers, so there is nobody to write to.")
        unheard = self._unheard
        if unheard:
            return _(
                "{reason}, so the list earns nothing. The gifts cost {gifts} all the same."
            ).format(reason=unheard, gifts=yen(self.registrations * self.gift_cost))
        if self._message_value <= 0:
            return _(
                "Do not send these messages: each costs {cost} and brings visits worth {worth}. "
                "With the gifts, the list comes to {total} in {months}."
            ).format(
                cost=yen(self.message_cost),
                worth=yen(self.response_rate * self.visit_margin),
                total=yen(self.total_value),
                months=MONTHS.text(self.months),
            )
        numbers = {
            "worth": yen(self.allowable_cost_per_registration),
            "gift": yen(self.gift_cost),
            "total": yen(abs(float(self.total_value))),
            "months": MONTHS.text(self.months),
        }
        if self.value_per_registration < 0:
            return _(
                "Too dear: in {months} a registration earns {worth}, less than its gift of {gift}. "
                "The whole list loses {total}."
            ).format(**numbers)
        return _(
            "A registration earns {worth} in {months}; that is the most you may pay for one. After "
            "the gift of {gift} each, the whole list earns {total}."
        ).format(**numbers)

    @property
    def _unheard(self) -> str:
        if self.instant_block_rate == 1:
            return _("Everybody blocks you at once")
        if self.messages_per_month == 0:
            return _("You send no messages")
        if self.months == 0:
            return _("You count no month")
        return ""


def line_fee(messages: Value) -> Value:
    """What LINE charges for so many messages in one month: yen, consumption tax excluded.

    Up to 200 messages ¥0, up to 5,000 ¥5,000, up to 30,000 ¥15,000, then ¥3 for each one more: the
    cheapest published plan that holds them (Japan, since June 2023; seen in secondary sources, of
    which one says that large senders pay less than ¥3). Takes a number or an array, fractions
    included (an expected count). Raises ValueError for anything else.
    """
    sent = Range.of(PEOPLE).check("messages", messages)
    beyond = 15_000 + 3 * (sent - 30_000)
    plans = [np.less_equal(sent, limit) for limit in (200, 5_000, 30_000)]
    return plain(np.select(plans, [0.0, 5_000.0, 15_000.0], beyond))


@dataclass(frozen=True, kw_only=True)
class SampleOffer(Model):
    """A free sample, given to anybody or only for a registration; all answers per passer-by.

    Money is in yen, consumption tax excluded. What asking for personal data costs in trust, and the
    duty to ask for consent, are not in these yen. Fields take a number or a NumPy array; see each
    field's `about` for its meaning. Raises ValueError for a value that is not possible.

    Source: the course's own case of the second source's shop with and without registration.
    """

    lesson = "03_the_contact_is_the_product"
    menu = _("The contact: a free sample that asks for a registration")

    uptake: Annotated[
        Rate,
        Assumption(
            _("Uptake"),
            _("Of all passers-by who are offered the sample, the share who take it unasked."),
            SAMPLE,
            slider=(0, 1, 0.01),
        ),
    ] = 1.0
    registration_rate: Annotated[
        Rate,
        Assumption(
            _("Registration rate"),
            _("Of those who would take it freely, the share who still do when asked to register."),
            SAMPLE,
            slider=(0, 1, 0.01),
        ),
    ] = 0.5
    return_rate: Annotated[
        Rate,
        Assumption(
            _("Return rate"),
            _("Of those who took the sample, the share who come back because of it."),
            RETURN,
            slider=(0, 0.5, 0.005),
        ),
    ] = 0.10
    visit_margin: Annotated[
        Yen,
        replace(
            VISIT_MARGIN, about=_("Contribution margin of one returning visitor."), group=RETURN
        ),
    ] = 1_500
    sample_cost: Annotated[
        Yen,
        Assumption(
            _("Sample cost"),
            _("What it costs you to give one sample away."),
            SAMPLE,
            slider=(0, 1_000, 10),
            low=0,
        ),
    ] = 120
    list_value: Annotated[
        Yen,
        Assumption(
            _("List value"),
            _("What being able to write to one registrant earns, before the cost of the sample."),
            RETURN,
            slider=(-500, 2_000, 10),
        ),
    ] = 250

    @property
    def anonymous_value(self) -> Annotated[Yen, Answer(_("Without registration, per passer-by"))]:
        """Uptake × (return rate × visit margin − sample cost)."""
        return self.uptake * self._sample_value

    @property
    def registered_value(self) -> Annotated[Yen, Answer(_("With registration, per passer-by"))]:
        """Uptake × registration rate × (return rate × visit margin − sample cost + list value)."""
        return self.uptake * self.registration_rate * self._registered_sample_value

    @property
    def break_even_registration_rate(
        self,
    ) -> Annotated[
        Rate,
        Answer(_("Break-even registration rate"), _("none: no rate makes the two ways equal")),
    ]:
        """The registration rate at which both ways earn the same, per sample given; not clipped.

        Value of an anonymous sample ÷ value of a registered one. Not finite where a registered
        sample is worth nothing. Where a registered sample loses money, registration wins *below*
        this rate, because it gives fewer samples away.
        """
        return ratio(self._sample_value, self._registered_sample_value)

    @property
    def _sample_value(self) -> Value:
        return self.return_rate * self.visit_margin - self.sample_cost

    @property
    def _registered_sample_value(self) -> Value:
        return self._sample_value + self.list_value

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        yen, rate = YEN.text, RATE.text
        if not math.isfinite(float(self._registered_sample_value)):
            return TOO_LARGE
        if self.uptake == 0:
            return _("Nobody takes the sample, so it makes no difference whether you ask.")
        numbers = {
            "anonymous": yen(self.anonymous_value),
            "registered": yen(self.registered_value),
            "assumed": rate(self.registration_rate),
        }
        if self._sample_value <= 0 and self._registered_sample_value <= 0:
            return _(
                "Give no sample: per passer-by it brings {anonymous} without registration and "
                "{registered} with it. Neither way earns anything."
            ).format(**numbers)
        if self._sample_value <= 0:
            return self._only_registered
        if self._registered_sample_value < self._sample_value:
            return _(
                "Do not ask: without registration a passer-by is worth {anonymous}, with it "
                "{registered}. Being on this list loses money, so no registration rate helps."
            ).format(**numbers)
        numbers["needed"] = rate(self.break_even_registration_rate)
        if self.registered_value < self.anonymous_value:
            return _(
                "Do not ask: without registration a passer-by is worth {anonymous}, with it "
                "{registered}. {needed} of takers would have to accept; you assume {assumed}."
            ).format(**numbers)
        if self.registered_value == self.anonymous_value:
            return _("Both ways are worth {anonymous} per passer-by.").format(**numbers)
        return _(
            "Ask for the registration: with it a passer-by is worth {registered}, without it "
            "{anonymous}. It wins while more than {needed} of takers accept; you assume {assumed}. "
            "Consent and privacy are not in these yen."
        ).format(**numbers)

    @property
    def _only_registered(self) -> str:
        anonymous, registered = YEN.text(self.anonymous_value), YEN.text(self.registered_value)
        if self.registration_rate == 0:
            return _(
                "Without registration the sample brings {anonymous} per passer-by; asked to "
                "register, nobody takes it."
            ).format(anonymous=anonymous)
        return _(
            "Give it only for a registration: with it a passer-by is worth {registered}, without "
            "it {anonymous}. Any registration rate above zero earns something. Consent and privacy "
            "are not in these yen."
        ).format(registered=registered, anonymous=anonymous)
