"""The unit economics of a front offer and a back offer."""

import math
from dataclasses import dataclass, replace
from typing import Annotated, Self

from twostep._text import _
from twostep.models.base import TOO_LARGE, Model, plain, ratio, where
from twostep.models.fields import BACK_MARGIN, BACK_RATE, FRONT_MARGIN, FRONT_RATE
from twostep.units import (
    RATE,
    YEN,
    Answer,
    Assumption,
    People,
    Range,
    Rate,
    Value,
    Yen,
)

__all__ = ["Funnel"]

TRAFFIC = _("Who comes")
BUSINESS = _("Business")


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
                back_margin=8_000,
                fixed_cost=5_000,
            ),
            # LittleData's mean over online shops, as reported by route06.
            _("Online shop: 1.4% of visits order (published), the rest our assumption"): cls(
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
        """What a front buyer earns, now and later: front margin + back-end rate × back margin."""
        return self.front_margin + self.back_rate * self.back_margin

    @property
    def allowable_cpo(
        self,
    ) -> Annotated[
        Yen, Answer(_("Allowable CPO (most a back buyer may cost)"), _("there are no back buyers"))
    ]:
        """Back margin + front margin of the 1 ÷ back-end rate front buyers one back buyer takes.

        Infinite, or `nan` for a front margin of zero, where the back-end rate is zero.
        """
        return self.back_margin + ratio(self.front_margin, self.back_rate)

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
        missing = self.cpa + ratio(self.fixed_cost, self.front_buyers) - self.front_margin
        useful = (self.front_buyers > 0) & (self.back_margin > 0)
        return where(useful, ratio(missing, self.back_margin), math.nan)

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
            return self._self_liquidating
        if self.back_margin <= 0:
            return _(
                "No back-end rate can help: the front offer alone loses {loss}, and a back sale "
                "earns nothing ({margin} each)."
            ).format(loss=yen(-self.front_only_profit), margin=yen(self.back_margin))
        if self.break_even_back_rate > 1:
            everyone = self.front_only_profit + self.front_buyers * self.back_margin
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
            return _(
                "Keep the front offer: alone it loses {front}, but with the back offer you earn "
                "{total}. You need {needed} of front buyers to take the back offer; you assume "
                "{assumed}."
            ).format(**numbers)
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
        if self.back_margin < 0:
            return _(
                "The front offer pays for itself and earns {front} alone; the back offer takes "
                "from it, because each back sale loses {loss}."
            ).format(front=front, loss=YEN.text(-self.back_margin))
        return _(
            "The front offer pays for itself: it earns {front} before a single back sale. With the "
            "back offer you earn {total}."
        ).format(front=front, total=YEN.text(self.profit))
