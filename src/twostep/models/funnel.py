"""The unit economics of a front offer and a back offer."""

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Self

import numpy as np

from twostep._text import _, sentences
from twostep.models.base import TOO_LARGE, Model, plain, ratio, times, where
from twostep.models.fields import BACK, BACK_MARGIN, BACK_RATE, FRONT_MARGIN, FRONT_RATE
from twostep.models.spread import HUGE, ROUNDING, average_and_deviation, chance_below
from twostep.shown import one_number
from twostep.units import (
    MONTHS,
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

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Funnel"]

TRAFFIC = _("Who comes")
BUSINESS = _("Business")
CASH_MONTHS = Range.of(MONTHS, high=1_200, whole=True)
LOOKED_AT = 2_000


@dataclass(frozen=True, kw_only=True)
class Funnel(Model):
    """A two-step funnel: visits → leads → front buyers → back buyers.

    Every rate is a share of the step before it; money is in yen, consumption tax excluded. Fields
    take a number or a NumPy array; see each field's `about` for its meaning. Raises ValueError for
    a value that is not possible.

    Source: the course's own teaching case of a solo expert (assumptions marked "our assumption").
    The default front margin rounds ¥4,980 − 3.6 % card fee − ¥300 delivery = ¥4,500.72.
    """

    lesson = "01_two_offers_two_jobs"
    menu = _("Two offers, two jobs: may the front offer lose money?")

    visits: Annotated[
        People,
        Assumption(
            _("Visits"),
            _("People who see the offer: walk past the shop, open the page, read the leaflet."),
            TRAFFIC,
            slider=(0, 50_000, 500),
        ),
    ] = 10_000
    cost_per_visit: Annotated[
        Yen,
        Assumption(
            _("Cost per visit"),
            _("Advertising paid for one visit (cost per click, leaflet cost per reader)."),
            TRAFFIC,
            slider=(0, 200, 1),
            low=0,
        ),
    ] = 50
    lead_rate: Annotated[
        Rate,
        Assumption(
            _("Lead rate"),
            _("Of all visitors, the share who leave their contact details."),
            TRAFFIC,
            slider=(0, 0.5, 0.005),
        ),
    ] = 0.08
    gift_cost: Annotated[
        Yen,
        Assumption(
            _("Gift cost per lead"),
            _("What it costs you to give each lead the promised gift."),
            TRAFFIC,
            slider=(0, 1_000, 10),
            low=0,
        ),
    ] = 0
    front_rate: Annotated[Rate, FRONT_RATE] = 0.06
    front_margin: Annotated[Yen, FRONT_MARGIN] = 4_500
    back_rate: Annotated[Rate, BACK_RATE] = 0.08
    back_margin: Annotated[Yen, replace(BACK_MARGIN, slider=(0, 500_000, 100))] = 229_200
    fixed_cost: Annotated[
        Yen,
        Assumption(
            _("Fixed cost"),
            _("What you pay whatever happens: rent, tools, a retainer."),
            BUSINESS,
            slider=(0, 1_000_000, 10_000),
            low=0,
        ),
    ] = 200_000
    back_purchases: Annotated[
        Number,
        Assumption(
            _("Purchases per back buyer"),
            _("How often one back buyer buys: a course once, a guest who comes back many times."),
            BACK,
            slider=(0, 24, 1),
            low=0,
            switch=True,
        ),
    ] = 1
    back_lag: Annotated[
        Months,
        Assumption(
            _("Months until the back sale"),
            _("How long after the front offer the back offer is paid."),
            BACK,
            slider=(0, 12, 1),
            whole=True,
            switch=True,
        ),
    ] = 0
    response_elasticity: Annotated[
        Number,
        Assumption(
            _("Response to more advertising"),
            _("With 1, 10% more advertising brings 10% more visits; with 0.7 only about 7% more."),
            TRAFFIC,
            slider=(0.1, 1, 0.05),
            low=0,
            high=1,
            switch=True,
        ),
    ] = 1

    @classmethod
    def presets(cls) -> dict[str, Self]:
        """Two steps in five trades. Where buying leaves the contact too, every lead buys."""
        return {
            _("Solo expert: course, then coaching (our assumption)"): cls(),
            # Trial's default: an LTV of 14,429 yen, sold at a loss of 320.
            _("Mail order: trial set, then subscription (our assumption)"): cls(
                visits=20_000,
                lead_rate=0.02,
                front_rate=1,
                front_margin=-320,
                back_rate=0.25,
                back_margin=14_429,
            ),
            _("Restaurant: free dish to register, then return visits (our assumption)"): cls(
                visits=800,
                cost_per_visit=0,
                lead_rate=0.5,
                gift_cost=150,
                front_rate=0.2,
                front_margin=500,
                back_rate=0.3,
                back_margin=2_000,
                back_purchases=4,
                fixed_cost=5_000,
            ),
            # LittleData's mean over online shops, as reported by route06.
            _("Online shop: {rate} of visits order (published), the rest our assumption").format(
                rate=RATE.text(0.014)
            ): cls(
                cost_per_visit=30,
                lead_rate=0.014,
                front_rate=1,
                front_margin=1_500,
                back_rate=0.3,
                back_margin=9_000,
                fixed_cost=100_000,
            ),
            # LossLeader's default item, at a cost of 60 yen. Who comes in stands for a lead.
            _("Fast food: ¥100 item, then more of the menu (our assumption)"): cls(
                visits=3_000,
                cost_per_visit=5,
                lead_rate=0.05,
                front_rate=1,
                front_margin=40,
                back_rate=0.6,
                back_margin=250,
                fixed_cost=0,
            ),
        }

    @property
    def leads(self) -> Annotated[People, Answer(_("Leads"))]:
        """People who left their contact details: visits × lead rate."""
        return self.visits * self.lead_rate

    @property
    def front_buyers(self) -> Annotated[People, Answer(_("Front buyers"))]:
        """People who buy the front offer: leads × front-end rate."""
        return self.leads * self.front_rate

    @property
    def back_buyers(self) -> Annotated[People, Answer(_("Back buyers"))]:
        """People who buy the back offer: front buyers × back-end rate."""
        return self.front_buyers * self.back_rate

    @property
    def ad_spend(self) -> Annotated[Yen, Answer(_("Advertising"))]:
        """What all visits cost: visits × cost per visit."""
        return self.visits * self.cost_per_visit

    @property
    def front_only_profit(self) -> Annotated[Yen, Answer(_("Profit of the front offer alone"))]:
        """Profit if nobody ever took the back offer, after gifts, advertising and fixed cost."""
        front_value_per_visit = self.lead_rate * (
            -self.gift_cost + self.front_rate * self.front_margin
        )
        return self.visits * (front_value_per_visit - self.cost_per_visit) - self.fixed_cost

    @property
    def profit(self) -> Annotated[Yen, Answer(_("Profit of both offers together"))]:
        """visits × (value per visit − cost per visit) − fixed cost."""
        return self.visits * (self.value_per_visit - self.cost_per_visit) - self.fixed_cost

    @property
    def value_per_visit(self) -> Annotated[Yen, Answer(_("Value of one visit"))]:
        """What one visit earns before advertising and fixed cost: the most a visit may cost."""
        return self.lead_rate * (-self.gift_cost + self.front_rate * self.allowable_cpa)

    @property
    def cost_per_lead(
        self,
    ) -> Annotated[Yen, Answer(_("Cost per lead, ads only"), _("there are no leads"))]:
        """Advertising per lead: cost per visit ÷ lead rate. `inf` or `nan` without leads."""
        return ratio(self.cost_per_visit, self.lead_rate)

    @property
    def cpa(
        self,
    ) -> Annotated[Yen, Answer(_("CPA (cost per front buyer)"), _("there are no front buyers"))]:
        """Advertising and gifts per front buyer. `inf` or `nan` without front buyers."""
        return ratio(self.cost_per_lead + self.gift_cost, self.front_rate)

    @property
    def cpo(
        self,
    ) -> Annotated[Yen, Answer(_("CPO (cost per back buyer)"), _("there are no back buyers"))]:
        """Advertising and gifts per back buyer. `inf` or `nan` without back buyers."""
        return ratio(self.cpa, self.back_rate)

    @property
    def allowable_cost_per_lead(
        self,
    ) -> Annotated[Yen, Answer(_("Allowable cost per lead, ads only"))]:
        """What a lead earns after its gift, before advertising and fixed cost."""
        return -self.gift_cost + self.front_rate * self.allowable_cpa

    @property
    def allowable_cpa(
        self,
    ) -> Annotated[Yen, Answer(_("Allowable CPA (most a front buyer may cost)"))]:
        """What a front buyer earns, now and later.

        Front margin + back-end rate × back margin × purchases per back buyer.
        """
        return self.front_margin + self.back_rate * self._back_worth

    @property
    def allowable_cpo(
        self,
    ) -> Annotated[
        Yen, Answer(_("Allowable CPO (most a back buyer may cost)"), _("there are no back buyers"))
    ]:
        """All back margins of one back buyer + the front margins of the front buyers this takes.

        Infinite, or `nan` for a front margin of zero, where the back-end rate is zero.
        """
        return self._back_worth + ratio(self.front_margin, self.back_rate)

    @property
    def break_even_back_rate(
        self,
    ) -> Annotated[
        Rate,
        Answer(_("Break-even back-end rate"), _("none: no back sale can help")),
    ]:
        """The back-end rate at which profit is zero; not clipped.

        Below 0: the front offer pays for itself. Above 1: no back-end rate can save it. `nan` where
        there are no front buyers or the back margin is not positive.
        """
        return where(np.greater(self._back_worth, 0), self._turning_back_rate, math.nan)

    @property
    def _turning_back_rate(self) -> Value:
        """The back-end rate at which profit is zero; where back sales lose, the highest possible.

        `nan` where no back sale changes the profit.
        """
        missing = self.cpa + ratio(self.fixed_cost, self.front_buyers) - self.front_margin
        changes = np.greater(self.front_buyers, 0) & np.not_equal(self._back_worth, 0)
        return where(changes, ratio(missing, self._back_worth), math.nan)

    @property
    def next_cpa(
        self,
    ) -> Annotated[
        Yen, Answer(_("CPA of the next front buyer"), _("no advertising brings another one"))
    ]:
        """What one more front buyer costs, in advertising and gifts, where response flattens.

        Visits grow with advertising to the power of `response_elasticity`, so that one more costs
        the average ÷ this elasticity; `cost_per_visit`, `cpa` and `profit` are the averages of the
        present plan. Equal to `cpa` where the elasticity is 1; `inf` or `nan` where it is 0 or
        nobody buys.
        """
        ads = ratio(self.cost_per_lead, self.response_elasticity)
        return ratio(ads + self.gift_cost, self.front_rate)

    @property
    def loss_probability(self) -> Annotated[Rate, Answer(_("How often such a month loses"), HUGE)]:
        """P(profit < 0) although nothing has changed, see `chance_of`."""
        return plain(1 - self.chance_of(0))

    @property
    def low_point(
        self,
    ) -> Annotated[Yen, Answer(_("Deepest point of the cash"), _("none: it falls for ever"))]:
        """The lowest sum at the end of any month, see `cash_flow`; 0 where it is never below.

        −inf where every month adds a loss.
        """
        deepest = np.minimum(0.0, self._cash_after(self.back_lag))
        return where(np.less(self.profit, 0), -math.inf, plain(deepest))

    @property
    def payback_month(
        self,
    ) -> Annotated[Months, Answer(_("Payback (month in which the money is back)"), _("never"))]:
        """The first month at whose end the sum is back at 0 or above for good, see `cash_flow`.

        0 where it is never below; `inf` where the money never comes back.
        """
        late = self._back_income * self.back_lag
        # Rounding in the last digit is no month.
        months = np.ceil(ratio(late, self.profit) * (1 - ROUNDING))
        laid_out = np.less(self._cash_after(self.back_lag), 0) | np.less(self.profit, 0)
        return where(laid_out, where(np.greater(self.profit, 0), plain(months), math.inf), 0.0)

    def visits_for(self, target_profit: Value) -> Value:
        """Visits that reach `target_profit` (yen): planning backwards from the goal.

        `inf` where no volume does; 0 where none is needed. Takes a number or an array. Raises
        ValueError for anything else.
        """
        target = Range.of(YEN).check("target_profit", target_profit)
        needed = target + self.fixed_cost
        earned = self.value_per_visit - self.cost_per_visit
        volume = where(earned > 0, ratio(needed, earned), math.inf)
        return plain(where(needed <= 0, 0.0, volume))

    def chance_of(self, target_profit: Value) -> Value:
        """P(profit ≥ `target_profit` yen) in one month of this plan, though nothing changes.

        The visits are as planned, with their advertising and the gifts for the leads to be
        expected; who buys is chance, each visitor for himself: visitors become front buyers with
        lead rate × front-end rate, and these back buyers with the back-end rate. Exact, but for
        very large plans (see `spread.chance_below`). Takes a number or an array. Raises ValueError
        for anything else.
        """
        target = Range.of(YEN).check("target_profit", target_profit)
        costs = self.ad_spend + self.leads * self.gift_cost + self.fixed_cost
        buys = self.lead_rate * self.front_rate
        return plain(
            1
            - chance_below(
                target + costs,
                self.visits,
                buys,
                self.front_margin,
                self.back_rate,
                self._back_worth,
            )
        )

    def visits_for_sure(self, target_profit: float, certainty: float) -> float:
        """Visits from which on `target_profit` is reached with this `certainty`, see `chance_of`.

        `visits_for` is the plan of averages, which falls short about every other time. The chance
        does not rise evenly with the visits, because one more back buyer pays for many of them: so
        this is the number from which it stays at `certainty` or above. Found to the single visit,
        looking at 2,000 numbers of visits at a time. `inf` where no volume is enough, 0 where none
        is needed.

        Raises ValueError for a sweep (the search is for one plan), for a target that is not a
        number of yen, and for a certainty that is not from 0 to 0.9999.
        """
        from scipy.special import ndtri

        plan = self.scalar()
        target = one_number("target_profit", target_profit, Range.of(YEN))
        sure = one_number("certainty", certainty, Range.of(RATE, high=0.9999))
        needed = float(plan.visits_for(target))
        if needed == 0 or not math.isfinite(needed):
            return needed
        first, step = 0.0, plan._surely_enough(target, ndtri(max(sure, 0.5)) + 2) / LOOKED_AT
        while True:
            step = max(1.0, math.ceil(step))
            visits = first + step * np.arange(LOOKED_AT + 1, dtype=float)
            short = np.asarray(replace(plan, visits=visits).chance_of(target)) < sure
            first = float(visits[short][-1])
            if step == 1:
                return first + 1
            # The last one that falls short may be a little further, between two that were seen.
            step *= 10 / LOOKED_AT

    def cash_flow(self, months: float) -> "pd.DataFrame":
        """The expected cash of this plan, month after month: a row for each from 0 to `months`.

        Every month has the same visits, front buyers and fixed cost; back buyers pay `back_lag`
        months after the front offer. Columns: `month` (0 is the start), `cash` (of that month),
        `cumulative` (up to and with that month). Raises ValueError for a sweep, and for anything
        but one whole number up to 1,200.
        """
        import pandas as pd

        plan, last = self.scalar(), one_number("months", months, CASH_MONTHS)
        month = np.arange(int(last) + 1)
        cumulative = plan._cash_after(month)
        return pd.DataFrame(
            {"month": month, "cash": np.diff(cumulative, prepend=0.0), "cumulative": cumulative}
        )

    def _surely_enough(self, target: float, deviations: float) -> float:
        """Visits whose average reaches the target even if it falls so many deviations short."""
        buys = self.lead_rate * self.front_rate
        _average, spread = average_and_deviation(
            buys, self.front_margin, self.back_rate, self._back_worth
        )
        earned = self.value_per_visit - self.cost_per_visit
        margin = deviations * spread
        root = (margin + np.sqrt(margin**2 + 4 * earned * (target + self.fixed_cost))) / 2 / earned
        return float(np.ceil(root**2) + 1)

    @property
    def _back_worth(self) -> Value:
        """What one back buyer brings: the margin of every purchase."""
        return self.back_margin * self.back_purchases

    @property
    def _back_income(self) -> Value:
        return self.back_buyers * self._back_worth

    def _cash_after(self, month: Any) -> Any:
        """The sum of the expected cash at the end of a month."""
        paid = times(np.maximum(month - self.back_lag, 0), self._back_income)
        return times(month, self.front_only_profit) + paid

    @property
    def verdict(self) -> str:
        """What these numbers say, in plain words. Raises ValueError for a sweep."""
        self.scalar()
        yen, rate = YEN.text, RATE.text
        if not math.isfinite(float(self.profit)):
            return TOO_LARGE
        if self.front_buyers == 0:
            return self._nobody
        if self.front_only_profit >= 0:
            return sentences(self._self_liquidating, *self._next_buyer)
        if self._back_worth <= 0:
            return _(
                "No back-end rate can help: the front offer alone loses {loss}, and a back sale "
                "earns nothing ({margin} each)."
            ).format(loss=yen(-self.front_only_profit), margin=yen(self._back_worth))
        if self.break_even_back_rate > 1:
            everyone = self.front_only_profit + self.front_buyers * self._back_worth
            return _(
                "No back-end rate can save this: even if every front buyer took the back offer, "
                "you would lose {loss}."
            ).format(loss=yen(-everyone))
        numbers = {
            "front": yen(-self.front_only_profit),
            "total": yen(self.profit if self.profit >= 0 else -self.profit),
            "needed": rate(self.break_even_back_rate),
            "assumed": rate(self.back_rate),
        }
        if self.profit >= 0:
            keep = _(
                "Keep the front offer: alone it loses {front}, but with the back offer you earn "
                "{total}. You need {needed} of front buyers to take the back offer; you assume "
                "{assumed}."
            )
            return sentences(keep.format(**numbers), *self._next_buyer)
        return _(
            "Not yet: both offers together lose {total}. You need {needed} of front buyers to take "
            "the back offer; you assume {assumed}."
        ).format(**numbers)

    @property
    def _nobody(self) -> str:
        if self.visits == 0:
            reason = _("there are no visits")
        elif self.lead_rate == 0:
            reason = _("no visitor leaves contact details")
        else:
            reason = _("no lead buys it")
        return _(
            "Nobody buys the front offer, because {reason}; so there is nobody to sell the back "
            "offer to. Costs of {loss} remain."
        ).format(reason=reason, loss=YEN.text(-self.profit))

    @property
    def _self_liquidating(self) -> str:
        front = YEN.text(self.front_only_profit)
        if self._back_worth < 0:
            return self._back_sales_lose
        return _(
            "The front offer pays for itself: it earns {front} before a single back sale. With the "
            "back offer you earn {total}."
        ).format(front=front, total=YEN.text(self.profit))

    @property
    def _next_buyer(self) -> list[str]:
        """What a plan that earns on average hides, if it hides something: a sentence or none."""
        next_cpa = float(self.next_cpa)
        if self.response_elasticity == 1 or not self.allowable_cpa < next_cpa < math.inf:
            return []
        hidden = _(
            "But the next front buyer costs {cost} and brings {worth}: advertise less, and you "
            "earn more."
        )
        return [hidden.format(cost=YEN.text(next_cpa), worth=YEN.text(self.allowable_cpa))]

    @property
    def _back_sales_lose(self) -> str:
        first = _(
            "The front offer pays for itself and earns {front} alone; the back offer takes from "
            "it, because each back sale loses {loss}."
        )
        numbers = {
            "front": YEN.text(self.front_only_profit),
            "loss": YEN.text(-self._back_worth),
            "total": YEN.text(abs(float(self.profit))),
            "assumed": RATE.text(self.back_rate),
        }
        highest = self._turning_back_rate
        if highest >= 1:
            second = _("Together you earn {total}; no back-end rate makes that a loss.")
        else:
            numbers["highest"] = RATE.text(highest)
            second = _(
                "Together you earn {total}. A back-end rate above {highest} would make a loss; you "
                "assume {assumed}."
            )
            if self.profit < 0:
                second = _(
                    "Together you lose {total}: a back-end rate above {highest} makes a loss, and "
                    "you assume {assumed}."
                )
        return sentences(first, second).format(**numbers)
