"""The calculator without a screen: every control at its corners, refusals, state, stored output."""

import json
import math
from dataclasses import fields, replace
from itertools import combinations, product

import pytest

import twostep
from twostep import Calculator, Funnel, data
from twostep.calculator import as_code
from twostep.models import every_model
from twostep.models.base import answer_texts, assumption_fields

MODELS = every_model()
STARTS = [kind for kind in MODELS if kind.presets()]


def corners(control):
    """The ends of the slider, and zero where it is allowed."""
    low = control.field.range.low
    return [control.min, control.max] + ([0.0] if low <= 0 else [])


def shown(calculator):
    """Everything the calculator says, in all its forms."""
    bundle = calculator._repr_mimebundle_()
    facts = calculator.facts
    words = [bundle["text/plain"], bundle["text/html"], facts["verdict"]]
    words += [text for pair in facts["answers"] for text in pair]
    for picture in facts["pictures"]:
        words += [picture["title"], picture["description"]]
        for rows in picture["data"].values():
            for row in rows:
                numbers = [value for value in row.values() if not isinstance(value, str)]
                assert all(math.isfinite(number) for number in numbers), (picture["title"], row)
                words += [value for value in row.values() if isinstance(value, str)]
    return "\n".join(words)


def assert_says_words(text):
    spoken = text.lower().replace("<", " ").replace(">", " ").split()
    assert not {"nan", "inf", "-inf", "−inf", "¥nan", "¥inf", "nan%", "inf%"} & set(spoken), text
    assert "Traceback" not in text


def test_the_models_are_all_here():
    assert Funnel in MODELS


@pytest.mark.parametrize("kind", MODELS)
def test_every_control_at_its_corners_alone_and_in_pairs(kind):
    calculator = Calculator(kind())
    controls = calculator.controls
    assert list(controls) == [field.name for field in assumption_fields(kind)]
    tried = 0
    for one, other in combinations(controls.values(), 2):
        for value, second in product(corners(one), corners(other)):
            calculator.reset()
            one.value, other.value = value, second
            assert_says_words(shown(calculator))
            for control, entered in ((one, value), (other, second)):
                kept = getattr(calculator.model, control.field.name)
                assert kept == entered or control.error
            tried += 1
    pairs = combinations([len(corners(control)) for control in controls.values()], 2)
    assert tried == sum(first * second for first, second in pairs) > 0


def test_a_control_changes_the_model_and_the_answers():
    calculator = Calculator(Funnel())
    calculator.controls["back_rate"].value = 0.1
    assert calculator.model == replace(Funnel(), back_rate=0.1)
    facts = calculator.facts
    assert facts["verdict"] == calculator.model.verdict
    expected = [[label, text] for _name, label, text in answer_texts(calculator.model)]
    assert facts["answers"] == expected
    assert "¥616,160" in dict(facts["answers"]).values()


def test_assigning_a_model_moves_the_controls():
    calculator = Calculator(Funnel())
    seen = []
    calculator.observe(lambda change: seen.append(change["new"]), "model")
    calculator.model = Funnel(visits=2_000, front_margin=-100)
    assert calculator.controls["visits"].value == 2_000
    assert calculator.controls["front_margin"].value == -100
    assert seen == [Funnel(visits=2_000, front_margin=-100)]


@pytest.mark.parametrize(
    ("field", "entry", "words"),
    [
        ("back_rate", 1.5, "150% is not possible. Allowed: 0% to 100%. The answers still use 8%."),
        ("visits", -1, "−1 is not possible. Allowed: 0 or more. The answers still use 10,000."),
        ("cost_per_visit", -3, "−¥3 is not possible. Allowed: ¥0 or more."),
        ("visits", None, "an empty entry is not possible. Allowed: 0 or more."),
        ("visits", math.nan, "that entry is not possible. Allowed: 0 or more."),
        ("visits", math.inf, "that entry is not possible. Allowed: 0 or more."),
    ],
)
def test_an_impossible_entry_is_answered_and_changes_nothing(field, entry, words):
    calculator = Calculator(Funnel())
    before = shown(calculator)
    control = calculator.controls[field]
    control.value = entry
    assert words in control.error
    assert_says_words(control.error)
    assert calculator.model == Funnel()
    assert shown(calculator) == before
    # Another control still works, and a possible entry takes the message away.
    calculator.controls["fixed_cost"].value = 100_000
    assert calculator.model == Funnel(fixed_cost=100_000)
    assert control.error
    control.value = 0.5
    assert control.error == ""


def test_a_refusal_beside_other_assumptions_names_them_as_the_page_does():
    calculator = Calculator(twostep.SplitTest())
    control = calculator.controls["buyers_a"]
    control.value = 500
    assert control.error == (
        "Buyers of A = 500 is not possible. Allowed: at most Shown A = 400. "
        "The answers still use 12."
    )
    assert calculator.model == twostep.SplitTest()


def test_every_change_asks_the_model_once(monkeypatch):
    asked = []
    facts = Calculator._facts
    monkeypatch.setattr(Calculator, "_facts", lambda *args: asked.append(args) or facts(*args))

    def times(change):
        asked.clear()
        change()
        return len(asked)

    calculator = Calculator(Funnel())
    assert len(asked) == 1
    assert times(lambda: calculator.controls["visits"].set_trait("value", 7_000)) == 1
    assert times(lambda: calculator.set_trait("kept", calculator.model)) == 1
    assert times(lambda: calculator.controls["visits"].set_trait("value", 8_000)) == 1
    assert times(calculator.reset) == 1


def test_reset_returns_to_the_start_and_drops_refused_entries():
    start = Funnel(visits=5_000)
    calculator = Calculator(start)
    calculator.controls["back_rate"].value = 0.2
    calculator.controls["lead_rate"].value = 7
    calculator.reset()
    assert calculator.model == start
    assert calculator.controls["back_rate"].value == start.back_rate
    assert calculator.controls["lead_rate"].value == start.lead_rate
    assert {control.error for control in calculator.controls.values()} == {""}


def test_a_number_beyond_the_slider_is_kept():
    calculator = Calculator(Funnel(visits=1_000_000))
    assert calculator.controls["visits"].value == 1_000_000 > calculator.controls["visits"].max
    calculator.controls["visits"].value = 2_000_000
    assert calculator.model.visits == 2_000_000


def test_numbers_too_large_are_said_in_words():
    calculator = Calculator(Funnel())
    for field in ("visits", "back_margin"):
        calculator.controls[field].value = 1e300
    assert "too large" in calculator.facts["verdict"]
    assert_says_words(shown(calculator))


def test_two_calculators_do_not_share_state():
    one, other = Calculator(Funnel()), Calculator(Funnel())
    one.controls["visits"].value = 1
    assert other.model == Funnel()
    assert one.library is other.library


@pytest.mark.parametrize("wrong", [Funnel, None, 3, "Funnel"])
def test_a_calculator_wants_a_scenario(wrong):
    with pytest.raises(ValueError, match=r"needs a scenario such as Funnel\(\)"):
        Calculator(wrong)


def test_a_calculator_wants_one_scenario():
    import numpy as np

    with pytest.raises(ValueError, match="back_rate is an array"):
        Calculator(Funnel(back_rate=np.array([0.1, 0.2])))
    with pytest.raises(ValueError, match="visits is an array"):
        Calculator(Funnel()).model = Funnel(visits=np.array([1.0, 2.0]))


def test_a_calculator_keeps_its_kind():
    class Other(Funnel):
        pass

    with pytest.raises(ValueError, match="this calculator is for Funnel"):
        Calculator(Funnel()).model = Other()


@pytest.mark.parametrize("kind", MODELS)
def test_the_stored_output_states_every_number(kind):
    model = kind()
    calculator = Calculator(model)
    bundle = calculator._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    for form in ("text/plain", "text/html"):
        assert model.verdict in bundle[form].replace("&#x27;", "'")
        for _name, _label, text in answer_texts(model):
            assert text in bundle[form].replace("&#x27;", "'")
        for field in fields(kind):
            note = next(f for f in assumption_fields(kind) if f.name == field.name)
            assert note.text(getattr(model, field.name)) in bundle[form]


def test_strange_labels_are_text_not_markup(monkeypatch):
    hostile = "<img src=x onerror=alert(1)>"
    monkeypatch.setattr(Funnel, "verdict", hostile)
    html = Calculator(Funnel())._repr_mimebundle_()["text/html"]
    assert hostile not in html
    assert "&lt;img" in html


@pytest.mark.parametrize("kind", MODELS)
def test_every_assumption_says_where_its_default_comes_from(kind):
    for control in Calculator(kind()).controls.values():
        assert control.field.note.basis in control.about
        assert control.field.text(control.field.default) in control.about
        assert control.min < control.max
        assert control.step > 0


def say(calculator, **message):
    """What the page says to the calculator when a person does something."""
    calculator._handle_custom_msg(message, [])


def test_compare_keeps_a_scenario_beside_the_present_one():
    calculator = Calculator(Funnel())
    say(calculator, press="compare")
    assert calculator.kept == Funnel()
    assert {row[3] for row in calculator.facts["answers"]} == {"same"}
    assert "○ you: 8% → ¥396,128 (kept)" in str(calculator.facts["pictures"])
    calculator.controls["back_rate"].value = 0.1
    facts = calculator.facts
    rows = {row[0]: row[1:] for row in facts["answers"]}
    # 48 front buyers × 2 points × ¥229,200 = ¥220,032 more.
    assert rows["Profit of both offers together"] == ["¥616,160", "¥396,128", "+¥220,032"]
    assert rows["CPO (cost per back buyer)"][2].startswith("−¥")
    assert "○ you: 8% → ¥396,128 (kept)" in str(facts["pictures"])
    # Two shares differ by points: 4.4% is not 1% more than 3.4%.
    calculator.controls["back_margin"].value = 300_000
    (rate,) = [row for row in calculator.facts["answers"] if row[0].startswith("Break-even")]
    assert rate[1:] == ["3.36%", "4.4%", "−1.04 points"]
    assert Funnel().verdict in facts["kept"]
    assert facts["headings"] == ["Answer", "now", "kept", "difference"]
    say(calculator, press="compare")
    assert calculator.kept is None
    assert "(kept" not in str(calculator.facts["pictures"])
    assert "kept" not in calculator.facts
    assert {len(row) for row in calculator.facts["answers"]} == {2}


def test_a_difference_without_digits_is_left_out():
    calculator = Calculator(Funnel())
    calculator.kept = Funnel(front_rate=0)
    rows = {row[0]: row[1:] for row in calculator.facts["answers"]}
    assert rows["CPA (cost per front buyer)"] == ["¥10,417", "there are no front buyers", ""]
    with pytest.raises(ValueError, match="this calculator is for Funnel"):
        calculator.kept = twostep.Trial()


@pytest.mark.parametrize("kind", MODELS)
def test_copied_code_makes_the_same_scenario(kind):
    assert as_code(kind()) == f"{kind.__name__}()"
    tried = 0
    for control in Calculator(kind()).controls.values():
        for value in [*corners(control), (control.min + 2 * control.max) / 3, math.inf]:
            try:
                model = replace(kind(), **{control.field.name: value})
            except ValueError:
                continue
            assert eval(as_code(model), {kind.__name__: kind}) == model  # our own text
            tried += 1
    assert tried >= 2 * len(fields(kind))


def test_presets_are_found():
    assert len(STARTS) >= 5
    assert sum(len(kind.presets()) for kind in STARTS) >= 18


@pytest.mark.parametrize("kind", STARTS)
def test_a_preset_is_a_start(kind):
    calculator = Calculator(kind())
    assert json.loads(calculator.page)["starts"] == list(kind.presets())
    assert calculator.start == 0
    for index, (label, scenario) in enumerate(kind.presets().items()):
        say(calculator, start=index)
        assert calculator.start == index
        assert calculator.model == scenario
        first = next(iter(calculator.controls))
        calculator.controls[first].value = calculator.controls[first].max
        calculator.reset()
        assert calculator.model == scenario
        assert "our assumption" in label or "published" in label


def test_published_presets_are_the_published_figures():
    # Fader & Hardie 2007, typed from the paper; Hillstrom's test, from its published totals.
    retention = twostep.ShiftedBetaGeometric.presets().items()
    fits = {(s.alpha, s.beta) for label, s in retention if "published" in label}
    assert fits == {(0.704, 1.182), (0.668, 3.806)}
    arms = data.email_experiment()
    published = {tuple(row) for row in arms[["buyers", "customers"]].to_numpy().tolist()}
    for label, split in twostep.SplitTest.presets().items():
        if "published" in label:
            assert {(split.buyers_a, split.shown_a), (split.buyers_b, split.shown_b)} <= published


def test_two_steps_in_five_trades():
    trades = {label.partition(":")[0]: start for label, start in Funnel.presets().items()}
    profits = {trade: start.profit for trade, start in trades.items()}
    assert profits == pytest.approx(
        {
            "Solo expert": 396_128,
            "Mail order": 400 * (-320 + 0.25 * 14_429) - 1_000_000 - 200_000,
            "Restaurant": 80 * (500 + 0.3 * 8_000) - 400 * 150 - 5_000,
            "Online shop": 140 * (1_500 + 0.3 * 9_000) - 300_000 - 100_000,
            "Fast food": 150 * (40 + 0.6 * 250) - 15_000,
        }
    )
    # The same trial set, followed by its own model.
    trial = twostep.Trial()
    assert trades["Mail order"].cpa == pytest.approx(trial.cost_per_trial)
    assert trades["Mail order"].front_margin == trial.trial_margin
    assert trades["Mail order"].back_rate == trial.upgrade_rate
    assert trades["Mail order"].back_margin == pytest.approx(trial.ltv, abs=0.5)
    item = twostep.LossLeader()
    assert trades["Fast food"].front_margin == item.leader_price - item.leader_cost
    # Published: LittleData's mean order rate; what practitioners aim at, 20% to 40%.
    shop = trades["Online shop"]
    assert shop.lead_rate * shop.front_rate == 0.014
    aims = [
        start.upgrade_rate
        for label, start in twostep.Trial.presets().items()
        if "published" in label
    ]
    assert aims == [0.2, 0.4]


def test_a_scenario_of_the_page_stays_among_the_starts():
    own = twostep.WhichFirst(pilots=7)
    calculator = Calculator(own)
    starts = json.loads(calculator.page)["starts"]
    assert starts == ["As given on this page", *twostep.WhichFirst.presets()]
    assert calculator.start == 0
    say(calculator, start=1)
    assert calculator.model == twostep.WhichFirst()
    say(calculator, start=0)
    assert calculator.model == own


def test_a_model_without_presets_offers_no_choice():
    without = [kind for kind in MODELS if not kind.presets()]
    assert without
    for kind in without:
        assert json.loads(Calculator(kind()).page)["starts"] == []


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("back_margin", "200,000", 200_000),
        ("back_margin", "２２９１００", 229_100),
        ("back_margin", "22.92万", 229_200),
        ("back_rate", "９.５％", 0.095),
        ("front_margin", "▲500", -500),
    ],
)
def test_an_entry_takes_what_an_owner_types(field, text, value):
    calculator = Calculator(Funnel())
    say(calculator, typed=text, field=field)
    assert calculator.controls[field].value == value
    assert calculator.model == replace(Funnel(), **{field: value})
    assert calculator.errors == {}


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("visits", "1,2", "“1,2” cannot be read as a number. A comma stands before every three"),
        ("visits", "about 5", "“about 5” has another unit, or more than a number."),
        ("back_rate", "¥8", "“¥8” has another unit, or more than a number. Here it is %."),
        ("back_rate", "150", "150% is not possible. Allowed: 0% to 100%."),
        ("visits", "", "an empty entry is not possible. Allowed: 0 or more."),
        ("visits", " ", "an empty entry is not possible. Allowed: 0 or more."),
    ],
)
def test_what_cannot_be_read_or_is_not_allowed_changes_nothing(field, text, words):
    calculator = Calculator(Funnel())
    say(calculator, typed=text, field=field)
    error = calculator.errors[field]
    assert error.startswith(words)
    control = calculator.controls[field]
    assert control.error == error
    assert f"Allowed: {control.field.range.allowed}." in error
    assert error.endswith(f"The answers still use {control.field.text(control.field.default)}.")
    assert calculator.model == Funnel()
    # The same number as before is possible, however it is typed.
    say(calculator, typed=control.field.text(control.field.default), field=field)
    assert calculator.errors == {}
    assert control.value == control.field.default


def test_an_entry_left_empty_is_no_limit_where_there_may_be_none():
    calculator = Calculator(twostep.OfferLadder())
    for limit, text in ((300, "300"), (math.inf, ""), (20, "20"), (math.inf, "no limit")):
        say(calculator, typed=text, field="capacity")
        assert calculator.model.capacity == limit
        assert calculator.value_capacity == (None if limit == math.inf else limit)
    assert calculator.errors == {}


def test_the_page_and_the_controls_share_one_value():
    calculator = Calculator(Funnel())
    seen = []
    calculator.controls["visits"].observe(lambda change: seen.append(change["new"]), "value")
    calculator.set_state({"value_visits": 7_000.0})
    assert calculator.controls["visits"].value == 7_000
    assert calculator.model.visits == 7_000
    calculator.controls["visits"].value = 8_000
    assert calculator.value_visits == 8_000
    assert seen == [7_000, 8_000]
    calculator.controls["visits"].max = 10
    assert calculator.bounds["visits"] == [0, 10, 500]


def test_a_message_that_nobody_sends_is_left_alone():
    calculator = Calculator(Funnel())
    for message in ({}, {"press": "all"}, {"start": "first"}, {"typed": 3, "field": "visits"}):
        say(calculator, **message)
    assert calculator.model == Funnel()
