"""Every calculator of the course in a browser: answers, keyboard, accessibility, room, safety.

All of them stand on one page, with one kernel; each is seen to answer exactly as its model does.
"""

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import twostep
from twostep import Calculator, Funnel
from twostep.charts import PICTURES
from twostep.models import every_model
from twostep.models.base import answer_texts, assumption_fields

KINDS = list(PICTURES)
ALL = "every_calculator.ipynb"
CELLS = ["from twostep import *", *(f"Calculator({kind.__name__}())" for kind in KINDS)]

HOSTILE = "<img src=x onerror='globalThis.hacked = 1'>"
SPECIAL = "special.ipynb"
SPECIAL_CELLS = [
    "from twostep import Calculator, Funnel",
    "twice = Calculator(Funnel())\ndisplay(twice, twice)",
    f"HOSTILE = {HOSTILE!r}",
    """
from dataclasses import dataclass
from typing import Annotated

import altair as alt
from twostep.charts import PICTURES, Facts, Picture
from twostep.models.base import Model
from twostep.units import Answer, Assumption, Unit

MONEY = Unit(prefix=HOSTILE, suffix=HOSTILE)

@dataclass(frozen=True, kw_only=True)
class Hostile(Model):
    price: Annotated[
        float,
        MONEY,
        Assumption("price" + HOSTILE, HOSTILE, HOSTILE, slider=(0, 10, 1), basis=HOSTILE),
    ] = 1

    def __post_init__(self):
        super().__post_init__()
        if self.price == 7:
            raise ValueError(HOSTILE)

    @classmethod
    def presets(cls):
        return {HOSTILE: cls(), "other" + HOSTILE: cls(price=2)}

    @property
    def answer(self) -> Annotated[float, MONEY, Answer(HOSTILE)]:
        return self.price

    @property
    def verdict(self):
        return HOSTILE

def facts(model):
    return Facts(HOSTILE, HOSTILE, {"rows": [{"text": HOSTILE}]})

class Words:
    def frame(self):
        return alt.Chart(alt.NamedData("rows")).mark_text().encode(text="text:N")

    def beside(self, now, kept):
        return now

PICTURES[Hostile] = (Picture(Hostile, facts, Words()),)
Calculator(Hostile())
""",
]


@pytest.fixture(scope="module")
def everything(open_notebook):
    return open_notebook(ALL, CELLS)


@pytest.fixture(scope="module")
def special(open_notebook):
    return open_notebook(SPECIAL, SPECIAL_CELLS)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def kind(request):
    return request.param


@pytest.fixture
def calculator(everything, kind):
    """The calculator of one model, at its start."""
    everything.look()
    shown = everything.calculator(KINDS.index(kind))
    shown.until(kind())
    return shown


def test_every_model_is_here():
    assert set(KINDS) == set(every_model())
    assert len(KINDS) >= 18
    assert sum(len(assumption_fields(kind)) for kind in KINDS) >= 113


def test_all_stand_on_one_page_with_one_charting_library(everything):
    for number, kind in enumerate(KINDS):
        everything.calculator(number).until(kind())
    assert everything.page.locator(".twostep-calculator").count() == len(KINDS)
    drawn = everything.page.locator(".twostep-calculator [role='graphics-document']").count()
    assert drawn == sum(map(len, PICTURES.values()))
    assert everything.page.evaluate("librariesLoaded") == 1
    assert everything.libraries_sent.count("made") == 1
    assert everything.problems == []


def entered(text, field):
    """The number that the page sends to the model for what stands in a slider."""
    return float(f"{float(text) / field.unit.scale:.12g}")


def moved_to(model, field, text, calculator):
    """The scenario with one field changed; the same one, and a message seen, if that is refused."""
    try:
        return replace(model, **{field.name: entered(text, field)})
    except ValueError:
        calculator.root.get_by_role("alert").filter(has_text="The answers still use").wait_for()
        return model


def test_every_control_answers_to_the_keyboard(everything, calculator, kind):
    """One step on the slider, and the number typed back into the entry: both seen everywhere."""
    fields = assumption_fields(kind)
    assert calculator.root.get_by_role("slider").count() == len(fields)
    assert calculator.root.get_by_role("textbox").count() == len(fields)
    for field in fields:
        slider, entry = calculator.slider(field.note.label), calculator.entry(field.note.label)
        start = slider.input_value()
        at_end = start == slider.get_attribute("max")
        slider.press("ArrowLeft" if at_end else "ArrowRight")
        moved = slider.input_value()
        assert (float(moved) > float(start)) is not at_end
        calculator.until(moved_to(kind(), field, moved, calculator))
        assert field.unit.read(entry.input_value()) == entered(moved, field)

        calculator.keyboard.press("Shift+Tab")
        text = "" if field.default == float("inf") else field.text(field.default)
        calculator.type(text)
        calculator.until(kind())
        expect(slider).to_have_value(start)
    end = calculator.slider(fields[0].note.label)
    end.press("End")
    calculator.until(moved_to(kind(), fields[0], end.input_value(), calculator))
    assert calculator.cut_off() == []
    calculator.press("Reset")
    calculator.until(kind())
    assert everything.problems == []


FOCUSED = """() => {
    const e = document.activeElement;
    const label = e.getAttribute("aria-label") ?? e.labels?.[0]?.firstChild.textContent.trim()
        ?? e.textContent;
    return [e.tagName === "BUTTON" ? "button" : e.type, label];
}"""


def test_tab_goes_through_everything_in_order(calculator, kind):
    fields = assumption_fields(kind)
    groups = list(dict.fromkeys(field.note.group for field in fields))
    fields = sorted(fields, key=lambda field: groups.index(field.note.group))
    labels = [field.note.label for field in fields]
    controls = [
        stop
        for label in labels
        for stop in (["text", label], ["range", label], ["button", f"About “{label}”"])
    ]
    chooser = [["select-one", "Start from"]] * bool(kind.presets())
    buttons = [["button", "Reset"], ["button", "Compare"]]
    wanted = [*chooser, *buttons, *controls, ["button", "Copy as code"]]
    calculator.root.locator("select, button").first.focus()
    stops = []
    for _stop in wanted:
        stops.append(calculator.page.evaluate(FOCUSED))
        calculator.keyboard.press("Tab")
    assert stops == wanted
    # After the last stop the focus has left this calculator.
    assert calculator.root.evaluate("e => !e.contains(document.activeElement)")


def test_what_a_field_means_is_folded_behind_a_button_and_read_out_all_the_same(calculator, kind):
    for field, control in zip(
        assumption_fields(kind), Calculator(kind()).controls.values(), strict=True
    ):
        label = field.note.label
        about = calculator.root.locator(".twostep-about", has_text=control.about)
        more = calculator.root.get_by_role("button", name=f"About “{label}”")
        for press, shown in (("Enter", True), (" ", False)):
            more.press(press)
            assert more.get_attribute("aria-expanded") == str(shown).lower()
            assert about.is_visible() is shown
        assert more.get_attribute("aria-controls") == about.get_attribute("id")
        for described in (calculator.entry(label), calculator.slider(label)):
            assert about.get_attribute("id") in described.get_attribute("aria-describedby").split()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_serious(everything, theme):
    everything.look(theme=theme)
    options = {"resultTypes": ["violations", "passes"]}
    found = Axe().run(everything.page, ".twostep-calculator", options).response
    seen = {rule["id"]: len(rule["nodes"]) for rule in found["passes"]}
    controls = sum(len(assumption_fields(kind)) for kind in KINDS)
    assert seen["label"] >= 2 * controls
    assert seen["color-contrast"] >= controls
    serious = [
        (rule["id"], rule["help"], [node["html"] for node in rule["nodes"]])
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
    ]
    assert serious == []


# JupyterLab on a small laptop, without and with its list of files, and on a phone, where the chart
# has no room beside the sliders.
@pytest.mark.parametrize(
    ("width", "height", "files", "chart"),
    [(1366, 768, False, True), (1366, 768, True, True), (390, 844, False, False)],
)
# As JupyterLab does it by default, and with every cell drawn.
@pytest.mark.parametrize("mode", ["contentVisibility", "none"])
def test_every_slider_is_seen_with_the_verdict_and_nothing_is_covered(
    everything, width, height, files, chart, mode
):
    everything.look(width=width, height=height, files=files)
    everything.draw_cells(mode)
    wanted = {kind.__name__: [f.note.label for f in assumption_fields(kind)] for kind in KINDS}
    shown, covered = {}, {}
    for number, kind in enumerate(KINDS):
        calculator = everything.calculator(number)
        calculator.root.scroll_into_view_if_needed()
        calculator.root.locator("figure svg").first.wait_for()
        shown[kind.__name__] = calculator.seen_together(chart)
        covered[kind.__name__] = calculator.covered()
    everything.draw_cells("none")
    assert covered == {name: [] for name in wanted}
    assert {name: sorted(labels) for name, labels in shown.items()} == {
        name: sorted(labels) for name, labels in wanted.items()
    }
    assert sum(map(len, shown.values())) >= 113
    assert everything.problems == []


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
# A phone; and a window of 1280 pixels at 200 % zoom, which lays a page out as in 640.
@pytest.mark.parametrize("width", [400, 640])
def test_nothing_sticks_out_of_a_narrow_page(everything, width, theme):
    everything.look(width=width, theme=theme)
    too_wide = {}
    for number, kind in enumerate(KINDS):
        shown = everything.calculator(number)
        if beyond := shown.too_wide():
            too_wide[kind.__name__] = beyond
    assert too_wide == {}
    assert everything.problems == []


def test_presets_are_chosen_by_keyboard(everything, calculator, kind):
    chooser = calculator.root.get_by_role("combobox", name="Start from")
    assert chooser.count() == bool(kind.presets())
    if not kind.presets():
        return
    (start, *others) = kind.presets().values()
    assert start == kind()
    chooser.focus()
    for scenario in others:
        calculator.keyboard.press("ArrowDown")
        calculator.until(scenario)
    calculator.keyboard.press("Home")
    calculator.until(start)
    assert everything.problems == []


def test_the_scenario_can_be_copied_as_code(everything, calculator, kind):
    field = assumption_fields(kind)[0]
    slider = calculator.slider(field.note.label)
    slider.press("ArrowRight")
    model = replace(kind(), **{field.name: entered(slider.input_value(), field)})
    calculator.until(model)
    calculator.press("Copy as code")
    code = everything.page.evaluate("getSelection().toString()")
    assert eval(code, {name: getattr(twostep, name) for name in twostep.__all__}) == model
    calculator.press("Reset")
    calculator.until(kind())


def test_a_kept_scenario_stands_beside_the_present_one(everything, calculator, kind):
    field = assumption_fields(kind)[0]
    calculator.press("Compare")
    calculator.root.get_by_role("button", name="Stop comparing").wait_for()
    slider = calculator.slider(field.note.label)
    slider.press("ArrowRight")
    model = replace(kind(), **{field.name: entered(slider.input_value(), field)})
    calculator.until(model, kept=kind())
    assert calculator.cut_off() == []
    now, kept = answer_texts(model), answer_texts(kind())
    rows = calculator.root.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.children].map(e => e.textContent))"
    )
    assert [row[:3] for row in rows] == [
        [label, text, before] for (_n, label, text), (_m, _l, before) in zip(now, kept, strict=True)
    ]
    for _label, text, before, difference in rows:
        assert (difference == "same") == (text == before)
    calculator.press("Reset")
    calculator.press("Stop comparing")
    calculator.root.get_by_role("button", name="Compare", exact=True).wait_for()
    calculator.until(kind())
    assert everything.problems == []


def test_displayed_twice_it_stays_in_step(special):
    one, other = special.calculator(0), special.calculator(1)
    one.slider("Visits").press("ArrowRight")
    for shown in (one, other):
        shown.until(Funnel(visits=10_500))
    other.entry("Back-end rate").focus()
    other.type("150")
    for shown in (one, other):
        shown.root.get_by_role("alert").filter(has_text="150% is not possible").wait_for()
    other.press("Reset")
    for shown in (one, other):
        shown.until(Funnel())
        assert shown.entry("Back-end rate").input_value() == "8"
    assert special.problems == []


def test_strange_words_are_text_and_no_script(special):
    calculator = special.calculator(2)
    calculator.root.locator("svg text").wait_for()
    slider = calculator.slider("price" + HOSTILE)
    slider.press("ArrowRight")
    calculator.root.locator("td", has_text="2").first.wait_for()
    calculator.entry("price" + HOSTILE).focus()
    calculator.type("7")
    calculator.root.get_by_role("alert").filter(has_text=HOSTILE).wait_for()
    calculator.press("Compare")
    calculator.root.get_by_role("button", name="Stop comparing").wait_for()
    for where in (
        "label[for]",
        ".twostep-heading",
        ".twostep-entry",
        ".twostep-about",
        ".twostep-verdict",
        ".twostep-kept",
        "figcaption",
        "svg text",
        "th[scope='row']",
        "td",
        "option",
    ):
        text = calculator.root.locator(where).first.text_content()
        # ipywidgets writes spaces that do not break.
        assert HOSTILE in text.replace("\xa0", " "), where
    assert calculator.root.locator("img").count() == 0
    assert special.page.evaluate("globalThis.hacked") is None
    assert special.problems == []
