"""Lesson 1 as a learner meets it: in JupyterLab, in a browser, by keyboard, without a network."""

import json
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import TimeoutError as TooLate

from twostep import Funnel
from twostep.charts import people_by_stage, profit_by_back_rate
from twostep.models.base import answer_texts

ROOT = Path(__file__).parents[2]
LESSON = "lessons/01_two_offers_two_jobs.ipynb"


# Verdict, answers and charts as they stand on the screen.
BOARD = """() => {
    const board = document.querySelector(".twostep-board");
    const texts = (where) => [...board.querySelectorAll(where)].map(e => e.textContent);
    return {
        verdict: board.querySelector(".twostep-verdict").textContent,
        answers: texts("td:not([hidden])"),
        titles: texts("figcaption"),
        descriptions: [...board.querySelectorAll("[role='graphics-document']")]
            .map(e => e.getAttribute("aria-label")),
        labels: texts("svg .role-mark.mark-text text"),
    };
}"""


def expected(model):
    pictures = [picture.facts(model) for picture in (profit_by_back_rate, people_by_stage)]
    return {
        "verdict": model.verdict,
        "answers": [text for _name, _label, text in answer_texts(model)],
        "titles": [picture.title for picture in pictures],
        "descriptions": [picture.description for picture in pictures],
        "labels": [
            row["text"]
            for picture in pictures
            for rows in picture.data.values()
            for row in rows
            if "text" in row
        ],
    }


def until(page, model):
    """Wait until the screen shows exactly what the model answers; fail with the difference."""
    wanted = expected(model)
    same = f"wanted => JSON.stringify(({BOARD})()) === wanted"
    try:
        text = json.dumps(wanted, ensure_ascii=False, separators=(",", ":"))
        page.wait_for_function(same, arg=text, timeout=60_000)
    except TooLate:
        assert page.evaluate(BOARD) == wanted


def run(open_notebook, **options):
    opened = open_notebook(LESSON, **options)
    opened.page.wait_for_selector(".twostep-figures svg .mark-line path")
    opened.page.get_by_role("button", name="Reset").press("Enter")
    until(opened.page, Funnel())
    return opened


def test_the_lesson_runs_and_its_calculator_answers_to_the_keyboard(open_notebook):
    opened = run(open_notebook)
    page = opened.page
    cells = [c for c in nbformat.read(ROOT / LESSON, 4).cells if c.cell_type == "code"]
    assert page.locator(".jp-CodeCell .jp-InputPrompt").count() == len(cells)
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    # The two charts of the page itself are drawn too, beside the calculator's two.
    assert page.locator(".jp-RenderedVegaCommon5 svg, .jp-RenderedVegaCommon5 canvas").count() == 2

    slider = page.get_by_role("slider", name="Back-end rate")
    line = page.locator(".twostep-figures svg .mark-line path").first
    drawn = line.get_attribute("d")
    slider.focus()
    for _step in range(12):
        page.keyboard.press("ArrowRight")
    until(page, Funnel(back_rate=0.092))
    assert page.get_by_label("Back-end rate", exact=True).first.input_value() == "9.2"
    assert line.get_attribute("d") != drawn

    # From the entry above, the slider is one press of Tab away, in both directions.
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("3.5")
    page.keyboard.press("Enter")
    until(page, Funnel(back_rate=0.035))
    assert "Not yet" in page.evaluate(BOARD)["verdict"]

    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("150")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert").filter(has_text="150% is not possible")
    alert.wait_for()
    assert "Allowed: 0% to 100%" in alert.text_content()
    until(page, Funnel(back_rate=0.035))

    page.get_by_role("button", name="Reset").press("Enter")
    until(page, Funnel())
    assert not page.get_by_role("alert").filter(has_text="possible").count()
    assert opened.problems == []


def test_a_typed_number_beyond_the_slider_is_kept_and_every_group_answers(open_notebook):
    opened = run(open_notebook)
    page, model = opened.page, Funnel()
    typed = {
        "Visits": ("visits", 120_000),
        "Gift cost per lead": ("gift_cost", 150),
        "Front margin": ("front_margin", -800),
        "Fixed cost": ("fixed_cost", 0),
    }
    for label, (field, value) in typed.items():
        entry = page.get_by_label(label, exact=True).first
        entry.fill(str(value))
        entry.press("Enter")
        model = replace(model, **{field: value})
        until(page, model)
        assert float(page.get_by_role("slider", name=label).input_value()) == value
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
    opened = run(open_notebook, theme=theme)
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
    opened = run(open_notebook, width=400)
    page = opened.page
    wide, room = page.evaluate(
        """() => {
            const calculator = document.querySelector(".twostep-calculator");
            const parts = [calculator, ...calculator.querySelectorAll("*")];
            const right = Math.max(...parts.map(e => e.getBoundingClientRect().right));
            const output = calculator.closest(".jp-OutputArea-output").getBoundingClientRect();
            return [right, output.right];
        }"""
    )
    assert wide <= room + 1
    slider = page.get_by_role("slider", name="Visits")
    slider.focus()
    page.keyboard.press("ArrowRight")
    until(page, Funnel(visits=10_500))
    box = slider.bounding_box()
    assert box["width"] >= 150
    assert box["height"] >= 24
    assert opened.problems == []
