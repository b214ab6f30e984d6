"""A trial set that becomes a subscription."""

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Self

import numpy as np

from twostep._text import _
from twostep.models.base import TOO_LARGE, Model, geometric_sum, plain, power, ratio, times, where
from twostep.models.fields import DISCOUNT_RATE
from twostep.models.spread import chance_below
from twostep.units import (
    PEOPLE,
    PERIODS,
    RATE,
    YEN,
    Answer,
    Assumption,
    Months,
    Periods,
    Range,
    Rate,
    Value,
    Yen,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Trial"]

TRIAL = _("Trial set")
SUBSCRIPTION = _("Subscription")

DELIVERIES = Range.of(PERIODS, whole=True)
TABLE = Range.of(PERIODS, high=1_200, whole=True)

# A cost of which less than this share is missing counts as repaid: a rounding error must not make
# the payback a month later.
ROUNDING = 1e-12

UNLIMITED = _("unlimited: nobody ever leaves and nothing is discounted")
NOBODY = _("no trial buyer subscribes")


@dataclass(frozen=True, kw_only=True)
class Trial(Model):
    """A cheap trial set, some of whose buyers subscribe to regular deliveries.

    One period is one delivery; the defaults mean months. Money is in yen, consumption tax excluded.
    Fields take a number or a NumPy array; see each field's `about` for its meaning. `lag` counts
    periods and must be whole. Raises ValueError for a value that is not possible.

    Source: the course's own mail-order case; the ¥980 is the second source's example. The default
    delivery margin rounds ¥4,980 − 4.3 % payment fee − ¥1,200 goods − ¥600 post = ¥2,965.86.
    """

    lesson = "06_trial_to_subscription"
    menu = _("Trial to subscription: when a trial set pays")

    cost_per_trial: Annotated[
        Yen,
        Assumption(
            _("Cost per trial (CPR)"),
            _("Advertising spent ÷ people who buy the trial set."),
            TRIAL,
            slider=(0, 10_000, 100),
            low=0,
        ),
    ] = 2_500
    trial_price: Annotated[
        Yen,
        Assumption(
            _("Trial price"),
            _("What one trial set is sold for."),
            TRIAL,
            slider=(0, 5_000, 20),
            basis=_("the example of the course's second source"),
            low=0,
        ),
    ] = 980
    trial_cost: Annotated[
        Yen,
        Assumption(
            _("Trial cost"),
            _("What one more trial set costs you: goods, post, packing, payment fee."),
            TRIAL,
            slider=(0, 5_000, 50),
            low=0,
        ),
    ] = 1_300
    upgrade_rate: Annotated[
        Rate,
        Assumption(
            _("Upgrade rate (引上率)"),
            _("Of all trial buyers, the share who start the subscription."),
            TRIAL,
            slider=(0, 1, 0.01),
            basis=_("practitioners aim at 20–40% (xfader)"),
        ),
    ] = 0.25
    delivery_margin: Annotated[
        Yen,
        Assumption(
            _("Delivery margin"),
            _("Contribution margin of one delivery: price − fees − what it costs to deliver."),
            SUBSCRIPTION,
            slider=(-1_000, 10_000, 100),
            basis=_("our assumption; payment fee of 4.3% published"),
        ),
    ] = 3_000
    retention: Annotated[
        Rate,
        Assumption(
            _("Retention (継続率)"),
            _("Of the subscribers of one period, the share who also take the next delivery."),
            SUBSCRIPTION,
            slider=(0, 1, 0.01),
        ),
    ] = 0.80
    discount_rate: Annotated[Rate, replace(DISCOUNT_RATE, group=SUBSCRIPTION)] = 0.01
    lag: Annotated[
        Periods,
        Assumption(
            _("Lag"),
            _("Whole periods from the trial to the first regular delivery."),
            SUBSCRIPTION,
            slider=(0, 6, 1),
            whole=True,
        ),
    ] = 1

    @classmethod
    def presets(cls) -> dict[str, Self]:
        """The range of upgrade rates that practitioners aim at, as reported by xfader."""
        return {
            name.format(rate=RATE.text(rate)): cls(upgrade_rate=rate)
            for rate, name in (
                (0.25, _("Mail order: {rate} subscribe (our assumption)")),
                (0.2, _("Mail order: {rate} subscribe (published: low end of the usual aim)")),
                (0.4, _("Mail order: {rate} subscribe (published: high end of the usual aim)")),
            )
        }

    @property
    def trial_margin(self) -> Annotated[Yen, Answer(_("Trial margin"))]:
        """Trial price − trial cost; below zero by design, more often than not."""
        return self.trial_price - self.trial_cost

    @property
    def ltv(
        self,
    ) -> Annotated[Yen, Answer(_("LTV of a subscriber, first delivery counted"), UNLIMITED)]:
        """Discounted margins of one subscriber, the first delivery undiscounted at t = 0.

        margin × (1 + d) ÷ (1 + d − retention). Infinite where nobody leaves and d = 0.
        """
        growth = 1 + self.discount_rate
        return times(self.delivery_margin, ratio(growth, growth - self.retention))

    @property
    def ltv_from_first_renewal(
        self,
    ) -> Annotated[Yen, Answer(_("LTV from the first renewal only"), UNLIMITED)]:
        """The same without the first delivery: margin × retention ÷ (1 + d − retention).

        Exactly one margin less than `ltv` (Gupta and Lehmann's convention: the first margin comes
        one period later, if the customer stays). Infinite where nobody leaves and d = 0.
        """
        lasting = ratio(self.retention, 1 + self.discount_rate - self.retention)
        return times(self.delivery_margin, lasting)

    @property
    def naive_ltv(
        self,
    ) -> Annotated[
        Yen, Answer(_("Naive LTV (margin ÷ churn)"), _("unlimited: nobody ever leaves"))
    ]:
        """Delivery margin ÷ (1 − retention), undiscounted. Infinite where nobody leaves."""
        return times(self.delivery_margin, ratio(1.0, 1 - self.retention))

    @property
    def allowable_cost_per_trial(
        self,
    ) -> Annotated[Yen, Answer(_("Allowable cost per trial"), UNLIMITED)]:
        """Trial margin + upgrade rate × LTV, discounted over the lag: the most a trial may cost."""
        return self.trial_margin + times(self.upgrade_rate, self._ltv_at_trial)

    @property
    def net_value(self) -> Annotated[Yen, Answer(_("Net value of one trial"), UNLIMITED)]:
        """What one trial earns after its advertising: allowable − actual cost per trial."""
        return self.allowable_cost_per_trial - self.cost_per_trial

    @property
    def cpo(self) -> Annotated[Yen, Answer(_("CPO (ads per subscriber)"), NOBODY)]:
        """Cost per trial ÷ upgrade rate. `inf` or `nan` where nobody subscribes."""
        return ratio(self.cost_per_trial, self.upgrade_rate)

    @property
    def net_cpo(
        self,
    ) -> Annotated[Yen, Answer(_("Net CPO (ads − trial margins, per subscriber)"), NOBODY)]:
        """(Cost per trial − trial margin) ÷ upgrade rate. Not finite where nobody subscribes."""
        return ratio(self._outlay, self.upgrade_rate)

    @property
    def allowable_cpo(
        self,
    ) -> Annotated[
        Yen,
        Answer(
            _("Allowable CPO (most the ads per subscriber may cost)"),
            _("none: nobody subscribes, or nobody ever leaves"),
        ),
    ]:
        """Allowable cost per trial ÷ upgrade rate; to compare with `cpo`, not with `net_cpo`.

        LTV discounted over the lag + trial margin ÷ upgrade rate. Not finite where nobody
        subscribes, and where the LTV is infinite.
        """
        return ratio(self.allowable_cost_per_trial, self.upgrade_rate)

    @property
    def break_even_upgrade_rate(
        self,
    ) -> Annotated[
        Rate, Answer(_("Break-even upgrade rate"), _("none: a subscriber earns nothing"))
    ]:
        """The upgrade rate at which the net value is zero; not clipped.

        (Cost per trial − trial margin) ÷ LTV discounted over the lag. 0 or below: the trial pays
        for itself. Above 1: no upgrade rate can save it. `nan` where the LTV is not positive.
        """
        useful = np.greater(self._ltv_at_trial, 0)
        return where(useful, ratio(self._outlay, self._ltv_at_trial), math.nan)

    @property
    def payback_month(
        self,
    ) -> Annotated[Months, Answer(_("Payback (months after the trial)"), _("never"))]:
        """The first month in which all cash so far is not below zero; undiscounted, as in the bank.

        0 where the trial pays for itself; `inf` where the cash never comes back.
        """
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            # The n-th delivery repays the outlay where 1 + r + … + rⁿ⁻¹ reaches `needed`.
            needed = np.divide(self._outlay, self._first_cash)
            # Below 1 where all deliveries together repay the outlay.
            ceiling = needed * np.subtract(1, self.retention)
            shrinking = np.log1p(-ceiling * (1 - ROUNDING)) / np.log(self.retention)
            many = where(np.equal(self.retention, 1), needed * (1 - ROUNDING), shrinking)
            deliveries = where(needed * (1 - ROUNDING) <= 1, 1.0, np.ceil(many))
            never = (ceiling >= 1 - ROUNDING) & (needed * (1 - ROUNDING) > 1)
        repaid = where(np.less_equal(self._first_cash, 0) | never, math.inf, deliveries)
        first_month = self._outlay - where(np.equal(self.lag, 0), self._first_cash, 0.0)
        return where(np.less_equal(first_month, 0), 0.0, self.lag + repaid - 1)

    @property
    def low_point(
        self,
    ) -> Annotated[
        Yen, Answer(_("Deepest point of the cash, per trial"), _("none: it falls for ever"))
    ]:
        """The lowest sum of all cash so far at any month, undiscounted; 0 where it is never below.

        What the trial itself costs, or more where every delivery loses; see `cash_flow`.
        """
        at_once = where(np.equal(self.lag, 0), self._first_cash, 0.0)
        in_the_end = times(self._first_cash, ratio(1.0, 1 - self.retention))
        lowest = where(np.less(self._first_cash, 0), in_the_end, at_once) - self._outlay
        return plain(np.minimum(0.0, lowest))

    def loss_probability(self, trials: Value) -> Value:
        """P(so many `trials` cost more than their subscribers bring), although the averages hold.

        The subscribers are binomial, each trial buyer one with the upgrade rate: this is the chance
        that fewer of them subscribe than the break-even. How long each one stays is counted as the
        average. `nan` where the LTV has no limit. Takes a count of trials or an array of them that
        fits the fields' shapes. Raises ValueError for anything else.
        """
        sold = Range.of(PEOPLE).check("trials", trials)
        return chance_below(sold * self._outlay, sold, self.upgrade_rate, self._ltv_at_trial)

    def ltv_within(self, periods: Value) -> Value:
        """Discounted margins of one subscriber's first `periods` deliveries, the first at t = 0.

        margin × (1 − qⁿ) ÷ (1 − q) with q = retention ÷ (1 + d). Takes a whole number or an array
        of them that fits the fields' shapes. Raises ValueError for anything else.
        """
        deliveries = DELIVERIES.check("periods", periods)
        return self.delivery_margin * geometric_sum(
            self.retention / (1 + self.discount_rate), deliveries
        )

    def cash_flow(self, periods: float) -> "pd.DataFrame":
        """The expected yen of one trial, undiscounted: one row for each month from 0 to `periods`.

        Columns: `month` (0 is the trial), `cash` (of that month), `cumulative` (up to and with that
        month). Raises ValueError for a sweep, and for anything but one whole number up to 1,200.
        """
        import pandas as pd

        self.scalar()
        last = TABLE.check("periods", periods)
        if isinstance(last, np.ndarray):
            raise ValueError(_("periods must be one whole number, not an array"))
        month = np.arange(int(last) + 1)
        since = month - self.lag
        delivered = self._first_cash * power(self.retention, np.maximum(since, 0)) * (since >= 0)
        repaid = self._first_cash * geometric_sum(self.retention, np.maximum(since + 1, 0))
        return pd.DataFrame(
            {
                "month": month,
                "cash": delivered - self._outlay * (month == 0),
                "cumulative": repaid - self._outlay,
            }
        )

    @property
    def _outlay(self) -> Value:
        return self.cost_per_trial - self.trial_margin

    @property
    def _ltv_at_trial(self) -> Value:
        return self.ltv / power(1 + self.discount_rate, self.lag)

    @property
    def _first_cash(self) -> Value:
        """Expected margin of the first delivery, per trial."""
        return self.upgrade_rate * self.delivery_margin

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        yen, rate = YEN.text, RATE.text
        endless = self.retention == 1 and self.discount_rate == 0
        if not (math.isfinite(float(self._outlay)) and math.isfinite(float(self._first_cash))):
            return TOO_LARGE
        if self.upgrade_rate == 0 or self.delivery_margin <= 0:
            return self._no_back_end
        if endless:
            return self._endless
        if not (math.isfinite(float(self.net_value)) and self._ltv_at_trial > 0):
            return TOO_LARGE
        if self._outlay <= 0:
            return _(
                "The trial pays for itself: it earns {front} after its advertising, before a "
                "single regular delivery. With the subscription a trial earns {net}."
            ).format(front=yen(-self._outlay), net=yen(self.net_value))
        if self.break_even_upgrade_rate > 1:
            return _(
                "No upgrade rate can save this: even if every trial buyer subscribed, a trial "
                "would lose {loss}."
            ).format(loss=yen(self._outlay - self._ltv_at_trial))
        numbers = {
            "net": yen(abs(float(self.net_value))),
            "outlay": yen(self._outlay),
            "needed": rate(self.break_even_upgrade_rate),
            "assumed": rate(self.upgrade_rate),
        }
        if self.net_value < 0:
            return _(
                "Not yet: each trial loses {net}. You need {needed} of trial buyers to subscribe; "
                "you assume {assumed}."
            ).format(**numbers)
        return _(
            "Worth it: each trial first costs you {outlay}, and on average earns {net} in the end. "
            "You need {needed} of trial buyers to subscribe; you assume {assumed}. {payback}"
        ).format(payback=self._payback, **numbers)

    @property
    def _payback(self) -> str:
        if self.payback_month == math.inf:
            return _("The money only just comes back, at no month that can be named.")
        return _("The money is back in month {month:,.0f}.").format(month=self.payback_month)

    @property
    def _endless(self) -> str:
        return _(
            "Nobody ever leaves and later money counts in full, so this says that any price for a "
            "trial is worth paying. No subscription lasts for ever: set a discount rate, or a "
            "retention below 100%. {payback}"
        ).format(payback=self._payback)

    @property
    def _no_back_end(self) -> str:
        if self.upgrade_rate == 0:
            reason = _("No trial buyer subscribes")
        elif self.delivery_margin == 0:
            reason = _("A delivery earns nothing")
        else:
            reason = _("Each delivery loses {loss}").format(loss=YEN.text(-self.delivery_margin))
        if self._outlay > 0:
            return _(
                "{reason}, so nothing pays back the {outlay} that each trial costs you."
            ).format(reason=reason, outlay=YEN.text(self._outlay))
        return _(
            "{reason}. What the trial itself earns after its advertising is {front}; a "
            "subscription cannot add to that."
        ).format(reason=reason, front=YEN.text(-self._outlay))
