"""Lesson 1 as a learner meets it: in JupyterLab, in a browser, by keyboard, without a network."""

import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from twostep import Funnel

ROOT = Path(__file__).parents[2]
LESSON = "lessons/01_two_offers_two_jobs.ipynb"


def run(open_notebook, **look):
    opened = open_notebook(LESSON)
    opened.look(**look)
    calculator = opened.calculator()
    calculator.press("Reset")
    calculator.until(Funnel())
    return opened, calculator


def test_the_lesson_runs_and_its_calculator_answers_to_the_keyboard(open_notebook):
    opened, calculator = run(open_notebook)
    page = opened.page
    cells = [c for c in nbformat.read(ROOT / LESSON, 4).cells if c.cell_type == "code"]
    assert page.locator(".jp-CodeCell").count() == len(cells)
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    # The two charts of the page itself are drawn too, beside the calculator's two.
    assert page.locator(".jp-RenderedVegaCommon5 svg, .jp-RenderedVegaCommon5 canvas").count() == 2

    line = calculator.root.locator("svg .mark-line path").first
    drawn = line.get_attribute("d")
    calculator.slider("Back-end rate").focus()
    for _step in range(12):
        page.keyboard.press("ArrowRight")
    calculator.until(Funnel(back_rate=0.092))
    assert calculator.entry("Back-end rate").input_value() == "9.2"
    assert line.get_attribute("d") != drawn

    # From the entry above, the slider is one press of Tab away, in both directions.
    page.keyboard.press("Shift+Tab")
    calculator.type("3.5")
    calculator.until(Funnel(back_rate=0.035))
    assert "Not yet" in calculator.root.get_by_role("status").text_content()

    calculator.type("150")
    alert = page.get_by_role("alert").filter(has_text="150% is not possible")
    alert.wait_for()
    assert "Allowed: 0% to 100%" in alert.text_content()
    calculator.until(Funnel(back_rate=0.035))

    calculator.press("Reset")
    calculator.until(Funnel())
    assert not page.get_by_role("alert").filter(has_text="possible").count()
    assert opened.problems == []


def test_a_typed_number_beyond_the_slider_is_kept_and_every_group_answers(open_notebook):
    opened, calculator = run(open_notebook)
    model = Funnel()
    typed = {
        "Visits": ("visits", 120_000),
        "Gift cost per lead": ("gift_cost", 150),
        "Front margin": ("front_margin", -800),
        "Fixed cost": ("fixed_cost", 0),
    }
    for label, (field, value) in typed.items():
        calculator.entry(label).focus()
        calculator.type(str(value))
        model = replace(model, **{field: value})
        calculator.until(model)
        assert float(calculator.slider(label).input_value()) == value
    assert opened.problems == []


def contrast(one, other):
    """The contrast ratio of two colours, as the web's accessibility guidelines define it."""

    def luminance(colour):
        channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(part * c for part, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_every_word_of_the_calculator_can_be_read_in_both_themes(open_notebook, theme):
    opened, _calculator = run(open_notebook, theme=theme)
    colours = opened.page.evaluate(
        """() => [...document.querySelectorAll(
            ".twostep-calculator :is(label, td, th, figcaption, .twostep-verdict, .twostep-entry "
            + "input, .twostep-heading, .twostep-about, svg text)")]
            .filter(e => e.textContent || e.value)
            .map(e => {
                let behind = e;
                const solid = (c) => c !== "transparent" && !/, 0\\)$/.test(c);
                while (behind && !solid(getComputedStyle(behind).backgroundColor)) {
                    behind = behind.parentElement;
                }
                const paper = getComputedStyle(behind ?? document.body).backgroundColor;
                const style = getComputedStyle(e);
                let ink = e.closest("svg") ? style.fill : style.color;
                const see = ink.match(/rgba\\(.*, ([\\d.]+)\\)/);
                if (see) {
                    const mix = (i) => Math.round(ink.match(/[\\d.]+/g)[i] * see[1]
                        + paper.match(/\\d+/g)[i] * (1 - see[1]));
                    ink = `rgb(${mix(0)}, ${mix(1)}, ${mix(2)})`;
                }
                return [e.textContent || e.value, ink, paper];
            })"""
    )
    assert len(colours) > 60
    pale = [(text, ink, paper) for text, ink, paper in colours if contrast(ink, paper) < 4.5]
    assert not pale
    assert opened.problems == []


def test_the_calculator_fits_a_phone(open_notebook):
    opened, calculator = run(open_notebook, width=400)
    assert calculator.too_wide() == []
    slider = calculator.slider("Visits")
    slider.focus()
    opened.page.keyboard.press("ArrowRight")
    calculator.until(Funnel(visits=10_500))
    box = slider.bounding_box()
    assert box["width"] >= 150
    assert box["height"] >= 24
    assert opened.problems == []


def test_tables_of_a_task_and_of_outcomes_fit_a_phone(open_notebook):
    cells = [
        "from twostep import WhichFirst, given\nWhichFirst(alignment_gain=0).outcomes()",
        'given("which-first-tea-shop")',
        'given("trial-subscription-ren-payback")',
    ]
    opened = open_notebook("lessons/tables.ipynb", cells)
    opened.look(width=390, height=844)
    room = opened.page.evaluate(
        """() => [...document.querySelectorAll(".jp-OutputArea-output:has(table)")]
            .map((output) => output.clientWidth - output.scrollWidth)"""
    )
    assert len(room) == len(cells)
    assert min(room) >= 0
    assert opened.problems == []
