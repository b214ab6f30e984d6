"""Scenarios to start a calculator from, each with where its numbers come from.

The name of a preset says which of its figures are published; all others are our assumptions.
"""

from twostep._text import _
from twostep.models.base import Model
from twostep.models.funnel import Funnel
from twostep.models.retention import ShiftedBetaGeometric
from twostep.models.small_numbers import SplitTest
from twostep.models.trial import Trial
from twostep.models.which_first import WhichFirst

PRESETS: dict[type[Model], dict[str, Model]] = {
    # Two steps in five trades. Where buying leaves the contact too, every lead is a front buyer.
    Funnel: {
        _("Solo expert: course, then coaching (our assumption)"): Funnel(),
        # Trial's default: an LTV of 14,429 yen, sold at a loss of 320.
        _("Mail order: trial set, then subscription (our assumption)"): Funnel(
            visits=20_000,
            lead_rate=0.02,
            front_rate=1,
            front_margin=-320,
            back_rate=0.25,
            back_margin=14_429,
        ),
        _("Restaurant: free dish to register, then return visits (our assumption)"): Funnel(
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
        _("Online shop: 1.4% of visits order (published), the rest our assumption"): Funnel(
            cost_per_visit=30,
            lead_rate=0.014,
            front_rate=1,
            front_margin=1_500,
            back_rate=0.3,
            back_margin=9_000,
            fixed_cost=100_000,
        ),
        # LossLeader's default item, at a cost of 60 yen. Who comes in stands for a lead.
        _("Fast food: ¥100 item, then more of the menu (our assumption)"): Funnel(
            visits=3_000,
            cost_per_visit=5,
            lead_rate=0.05,
            front_rate=1,
            front_margin=40,
            back_rate=0.6,
            back_margin=250,
            fixed_cost=0,
        ),
    },
    ShiftedBetaGeometric: {
        _("Subscription box (our assumption)"): ShiftedBetaGeometric(),
        _("Online shop without subscription (our assumption)"): ShiftedBetaGeometric(
            alpha=1.2, beta=0.8
        ),
        # Fader & Hardie 2007, Journal of Interactive Marketing 21(1), fits to seven years.
        _("Regular customers (published: Fader & Hardie 2007)"): ShiftedBetaGeometric(
            alpha=0.704, beta=1.182
        ),
        _("High-end customers (published: Fader & Hardie 2007)"): ShiftedBetaGeometric(
            alpha=0.668, beta=3.806
        ),
    },
    Trial: {
        _("Mail order: 25% subscribe (our assumption)"): Trial(),
        # The range that practitioners aim at, as reported by xfader.
        _("Mail order: 20% subscribe (published: low end of the usual aim)"): Trial(
            upgrade_rate=0.2
        ),
        _("Mail order: 40% subscribe (published: high end of the usual aim)"): Trial(
            upgrade_rate=0.4
        ),
    },
    SplitTest: {
        _("A small test (our assumption)"): SplitTest(),
        # Hillstrom's e-mail test, 64,000 customers: arm without e-mail against the men's e-mail.
        _("No e-mail or men's e-mail (published: Hillstrom's test)"): SplitTest(
            buyers_a=122, shown_a=21_306, buyers_b=267, shown_b=21_307
        ),
        _("No e-mail or women's e-mail (published: Hillstrom's test)"): SplitTest(
            buyers_a=122, shown_a=21_306, buyers_b=189, shown_b=21_387
        ),
    },
    WhichFirst: {
        _("A beginner with a vague idea (our assumption)"): WhichFirst(),
        _("An expert who knows the clients (our assumption)"): WhichFirst(prior_a=30, prior_b=270),
        _("A sure idea that few want (our assumption)"): WhichFirst(prior_a=3, prior_b=97),
    },
}
"""By model: what each preset is called, and its scenario."""
