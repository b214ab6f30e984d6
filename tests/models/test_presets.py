"""The presets of every model are those written down, and the figures in their titles are theirs."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from tools import prose
from twostep import data

WRITTEN = tomllib.loads(Path(__file__).with_name("presets.toml").read_text(encoding="utf-8"))
MODELS = {name: model for name, model in prose.models().items() if model.presets()}


def test_every_model_with_presets_is_written_down() -> None:
    assert set(WRITTEN) == set(MODELS)


@pytest.mark.parametrize("name", MODELS)
def test_presets_are_as_written_down(name: str) -> None:
    model = MODELS[name]
    found = {
        title: {
            field.name: getattr(preset, field.name)
            for field in fields(model)
            if getattr(preset, field.name) != getattr(model(), field.name)
        }
        for title, preset in model.presets().items()
    }
    assert found == WRITTEN[name]


@pytest.mark.parametrize("name", MODELS)
def test_a_share_in_a_title_is_that_of_the_preset(name: str) -> None:
    for title, preset in MODELS[name].presets().items():
        shares = [100 * getattr(preset, field.name) for field in fields(MODELS[name])]
        for figure in prose.figures(title):
            if figure.unit == prose.PERCENT:
                assert any(share == pytest.approx(figure.value) for share in shares), title


def test_the_experiment_in_the_presets_is_the_published_one() -> None:
    arms = data.email_experiment().set_index("arm")
    for arm, title in [("mens", "men's"), ("womens", "women's")]:
        preset = WRITTEN["SplitTest"][f"No e-mail or {title} e-mail (published: Hillstrom's test)"]
        assert [preset["buyers_a"], preset["shown_a"], preset["buyers_b"], preset["shown_b"]] == [
            *arms.loc["none", ["buyers", "customers"]],
            *arms.loc[arm, ["buyers", "customers"]],
        ]
