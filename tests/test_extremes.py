"""All numbers that a model accepts: far too small, far too large, or both in one scenario.

Nobody types them on purpose. Whoever does gets words, the same answers alone and in a sweep, and
neither an error nor a warning (pytest turns every warning into an error).
"""

import json
import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import extremes, fewer

import twostep
from twostep import (
    Calculator,
    Capacity,
    Funnel,
    Generosity,
    Guarantee,
    LossLeader,
    RainyDayOffer,
    ShiftedBetaGeometric,
    TwoKinds,
)
from twostep.charts import PICTURES
from twostep.models.base import Model, answer_fields, answer_texts, assumption_fields, assumptions

# What searches found.
FOUND = [
    Capacity(hours_per_client=7e-307),
    Capacity(hours_per_client=5e-324),
    Capacity(hours_per_client=2.2e-308, months_per_client=1e100),
    Funnel(front_rate=2.2e-308),
    Funnel(front_rate=2.2e-308, back_margin=-100, front_margin=20_000),
    Generosity(trust_gain=1.7e308, substitution=0),
    Generosity(trust_gain=1.7e308, substitution=0.5),
    Guarantee(claim_rate=1e-160, clients=1e-200, demand_lift=1.7e308),
    LossLeader(switch_rate=2.2e-308, usual_margin=1e200, attach_rate=1.7e308, attach_margin=1e-12),
    RainyDayOffer(seats=1e12, usual_visits=0, visit_margin=1.7e308, message_cost=0),
    ShiftedBetaGeometric(alpha=1e200, beta=1e100),
    TwoKinds(faithful_share=0, faithful_retention=0, casual_retention=2.2e-308),
]
anything = st.sampled_from(list(PICTURES)).flatmap(extremes)


@cache
def calculator(kind: str) -> Calculator:
    """One for each model: making one is slow."""
    return Calculator(getattr(twostep, kind)())


def assert_plain(text: str) -> None:
    assert text
    assert not re.search(r"\b(nan|inf|infinity|None)\b|[{}]", text), text


def assert_answered(model: Model) -> None:
    """Every answer, table, sentence and picture of a scenario can be shown."""
    assert_plain(model.verdict)
    for _name, _label, text in answer_texts(model):
        assert_plain(text)
    assert_plain(" ".join(assumptions(model)["value"]))
    for picture in PICTURES[type(model)]:
        facts = picture.facts(model)
        assert_plain(facts.title + facts.description)
        json.dumps(facts.data, allow_nan=False)


def assert_sweeps_alike(model: Model) -> None:
    """A sweep of two such scenarios answers as one of them does."""
    fields = {field.name: getattr(model, field.name) for field in assumption_fields(type(model))}
    twice = type(model)(**{name: np.full(2, value) for name, value in fields.items()})
    for field in answer_fields(type(model)):
        alone: Any = getattr(model, field.name)
        assert type(alone) is float, field.name
        together = np.broadcast_to(getattr(twice, field.name), 2)
        np.testing.assert_array_equal(together, [alone, alone], err_msg=field.name)


@given(anything)
@fewer(5)
def test_every_scenario_is_answered_in_words(model: Model) -> None:
    assert_answered(model)
    assert_sweeps_alike(model)


@given(anything, st.booleans())
@fewer(2)
def test_a_calculator_shows_every_scenario(model: Model, compared: bool) -> None:
    shown = calculator(type(model).__name__)
    shown.kept = shown.model if compared else None
    shown.model = model
    assert_plain(shown._repr_mimebundle_()["text/plain"])


@pytest.mark.parametrize("model", FOUND, ids=lambda model: type(model).__name__)
def test_what_searches_found_is_answered_in_words(model: Model) -> None:
    assert_answered(model)
    assert_sweeps_alike(model)
    for picture in PICTURES[type(model)]:
        assert "NaN" not in json.dumps(picture(model).to_dict())


def test_far_too_small_a_divisor_is_like_zero() -> None:
    for hours in (0, 5e-324):
        assert Capacity(hours_per_client=hours).verdict.startswith("A client takes none of your")
    assert Funnel(front_rate=5e-324).break_even_back_rate == np.inf


def test_a_step_between_that_no_float_can_hold_does_not_spoil_the_answer() -> None:
    # (gain − lost) ÷ (2 × gain × lost), for a gain so large that it is 1 ÷ (2 × lost)
    assert Generosity(trust_gain=1.7e308, substitution=0.8).best_share == 0.625
    assert Generosity(trust_gain=1.7e308, substitution=0).best_share == 1


@given(extremes(Funnel), extremes(Funnel))
def test_a_picture_beside_a_kept_one_can_be_shown(now: Funnel, kept: Funnel) -> None:
    for picture in PICTURES[Funnel]:
        facts = picture.facts(now, kept)
        assert_plain(facts.title + facts.description)
        json.dumps(facts.data, allow_nan=False)
