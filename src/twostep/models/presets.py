"""Scenarios to start a calculator from, each with where its numbers come from.

A published preset holds published figures only; what a publication does not give stays at the
model's default.
"""

from twostep._text import _
from twostep.models.base import Model
from twostep.models.retention import ShiftedBetaGeometric
from twostep.models.small_numbers import SplitTest
from twostep.models.which_first import WhichFirst

PRESETS: dict[type[Model], dict[str, Model]] = {
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
