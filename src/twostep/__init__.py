"""Two-Step Marketing: the models, calculators and checks behind the course's notebooks.

Every public name is importable from here. Modules load when a name of theirs is first used, so that
a check answers without waiting for widgets or charts.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "twostep.models.base": ("answers", "assumptions", "sweep"),
    "twostep.models.funnel": ("Funnel",),
    "twostep.models.trial": ("Trial",),
    "twostep.models.retention": ("RetentionFit", "ShiftedBetaGeometric"),
    "twostep.models.contacts": ("ContactList", "SampleOffer", "line_fee"),
    "twostep.models.occasions": ("LossLeader", "RainyDayOffer"),
    "twostep.models.ladder": ("OfferLadder", "PriceResponse", "TwoBackOffers"),
    "twostep.models.which_first": ("Decision", "WhichFirst", "regime_map"),
    "twostep.models.audience": ("Audience",),
    "twostep.models.fit_generosity": ("FrontOfferFit", "Generosity"),
    "twostep.models.promise": ("Capacity", "Guarantee", "readiness"),
    "twostep.models.small_numbers": ("Refresh", "SplitTest", "sample_size", "wilson_interval"),
    "twostep.models.arithmetic": (
        "contribution_margin",
        "second_purchase_rate",
        "upgrade_rate",
    ),
    "twostep.orders.book": ("Orders",),
    "twostep.orders_form": ("OrdersForm",),
    "twostep.calculator": ("Calculator",),
    "twostep.practice": ("check", "given", "grade", "hint", "quiz"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return __all__
