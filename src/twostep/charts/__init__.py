"""The pictures of the course: a scenario in, an Altair chart out; one file a subject, as in models.

`PICTURES` says what a calculator of each model shows beside its answers.
"""

from typing import Any

from twostep.charts.audience import trust_by_month
from twostep.charts.contacts import active_by_month, value_by_month, value_by_registration_rate
from twostep.charts.fit_generosity import back_rate_by_share_given, value_by_fit_share
from twostep.charts.funnel import people_by_stage, profit_by_back_rate
from twostep.charts.ladder import income_by_offer, profit_by_price, value_by_choice
from twostep.charts.occasions import extra_profit_by_switch_rate, extra_profit_by_usual_visits
from twostep.charts.page import lines, people
from twostep.charts.picture import Facts, Picture
from twostep.charts.promise import hours_by_clients, profit_by_success_rate
from twostep.charts.retention import leaving_by_renewal, survival_by_renewal
from twostep.charts.small_numbers import plausible_rates, profit_by_months
from twostep.charts.trial import cash_by_month, net_value_by_upgrade_rate
from twostep.charts.which_first import chance_by_take_rate, regime_chart, value_by_order
from twostep.models.audience import Audience
from twostep.models.base import Model
from twostep.models.contacts import ContactList, SampleOffer
from twostep.models.fit_generosity import FrontOfferFit, Generosity
from twostep.models.funnel import Funnel
from twostep.models.ladder import OfferLadder, PriceResponse, TwoBackOffers
from twostep.models.occasions import LossLeader, RainyDayOffer
from twostep.models.promise import Capacity, Guarantee
from twostep.models.retention import ShiftedBetaGeometric
from twostep.models.small_numbers import Refresh, SplitTest
from twostep.models.trial import Trial
from twostep.models.which_first import WhichFirst

__all__ = [
    "PICTURES",
    "Facts",
    "Picture",
    "active_by_month",
    "back_rate_by_share_given",
    "cash_by_month",
    "chance_by_take_rate",
    "extra_profit_by_switch_rate",
    "extra_profit_by_usual_visits",
    "hours_by_clients",
    "income_by_offer",
    "leaving_by_renewal",
    "lines",
    "net_value_by_upgrade_rate",
    "people",
    "people_by_stage",
    "plausible_rates",
    "profit_by_back_rate",
    "profit_by_months",
    "profit_by_price",
    "profit_by_success_rate",
    "regime_chart",
    "survival_by_renewal",
    "trust_by_month",
    "value_by_choice",
    "value_by_fit_share",
    "value_by_month",
    "value_by_order",
    "value_by_registration_rate",
]

PICTURES: dict[type[Model], tuple[Picture[Any], ...]] = {
    Funnel: (profit_by_back_rate, people_by_stage),
    Trial: (cash_by_month, net_value_by_upgrade_rate),
    ShiftedBetaGeometric: (leaving_by_renewal, survival_by_renewal),
    ContactList: (value_by_month, active_by_month),
    SampleOffer: (value_by_registration_rate,),
    RainyDayOffer: (extra_profit_by_usual_visits,),
    LossLeader: (extra_profit_by_switch_rate,),
    OfferLadder: (income_by_offer,),
    PriceResponse: (profit_by_price,),
    TwoBackOffers: (value_by_choice,),
    WhichFirst: (value_by_order, chance_by_take_rate),
    Audience: (trust_by_month,),
    FrontOfferFit: (value_by_fit_share,),
    Generosity: (back_rate_by_share_given,),
    Guarantee: (profit_by_success_rate,),
    Capacity: (hours_by_clients,),
    SplitTest: (plausible_rates,),
    Refresh: (profit_by_months,),
}
"""What a calculator of each model shows beside its answers."""
