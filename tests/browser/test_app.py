"""The calculators as a page without code (`make app`): Voilà in a browser, without a network."""

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect
from tools.notebooks import complaint

import twostep
from twostep.models import every_model, menu
from twostep.models.base import assumption_fields

APP = Path(__file__).parents[2] / "app" / "calculators.ipynb"


def test_the_app_is_stored_in_normal_form_and_was_run():
    assert complaint(APP) is None
    cells = [cell for cell in nbformat.read(APP, 4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == [1]


def test_every_calculator_is_opened_by_keyboard_and_no_code_is_seen(app):
    chooser = app.page.get_by_role("combobox", name="Calculator")
    app.calculator().root.wait_for()
    # Only the first is made when the page opens.
    assert app.page.locator(".twostep-calculator").count() == 1
    options = chooser.locator("option").all_text_contents()
    # ipywidgets writes spaces that do not break.
    assert [option.replace("\xa0", " ") for option in options] == list(menu())
    kinds = menu().values()
    assert list(kinds) == list(every_model())
    chooser.focus()
    for kind in kinds:
        app.calculator().until(kind())
        app.page.keyboard.press("ArrowDown")
    assert app.page.evaluate("librariesLoaded") == 1
    assert app.libraries_sent == ["asked for"]
    assert app.page.get_by_text("import").count() == 0
    assert app.problems == []


def test_the_app_fits_a_phone(app):
    app.page.set_viewport_size({"width": 400, "height": 900})
    assert app.calculator().too_wide() == []
    beyond = """(e) => e.getBoundingClientRect().right
        - e.closest(".jp-OutputArea-output").getBoundingClientRect().right"""
    assert app.page.get_by_role("combobox", name="Calculator").evaluate(beyond) <= 0
    assert app.page.evaluate("document.documentElement.scrollWidth") <= 400
    app.page.set_viewport_size({"width": 1280, "height": 900})
    assert app.problems == []


@pytest.mark.parametrize(("width", "height", "chart"), [(1366, 768, True), (390, 844, False)])
def test_every_slider_is_seen_with_the_verdict(app, width, height, chart):
    """On a projector with the first chart as well, which stands there before anybody scrolls."""
    app.page.set_viewport_size({"width": width, "height": height})
    chooser, calculator = app.page.get_by_role("combobox", name="Calculator"), app.calculator()
    sliders = 0
    chooser.press("Home")
    for kind in menu().values():
        calculator.until(kind())
        figure = calculator.root.locator("figure").first
        if chart:
            assert figure.bounding_box()["y"] + figure.bounding_box()["height"] <= height, kind
        labels = {field.note.label for field in assumption_fields(kind)}
        assert set(calculator.seen_together(chart)) == labels, kind
        sliders += len(labels)
        chooser.press("ArrowDown")
    assert sliders >= 113
    app.page.set_viewport_size({"width": 1280, "height": 900})
    assert app.problems == []


def test_a_broken_connection_is_said_and_one_that_comes_back_is_not(chromium, app):
    """By a page of its own, whose way to the kernel is cut and mended."""
    page = type(app)(chromium, "about:blank")
    whole, connections = True, []

    def connect(socket):
        if whole:
            socket.connect_to_server()
            connections.append(socket)
        else:
            socket.close()

    page.page.route_web_socket(re.compile("/channels"), connect)
    page.page.goto(app.page.url)
    calculator = page.calculator()
    calculator.until(twostep.Funnel())
    words = page.page.get_by_text("Not connected: load the page again. These answers are old.")
    assert words.count() == 0
    whole = False
    connections.pop().close()
    expect(words).to_be_visible(timeout=60_000)
    assert calculator.slider("Visits").is_disabled()
    whole = True
    expect(words).to_have_count(0, timeout=120_000)
    calculator.slider("Visits").press("ArrowRight")
    calculator.until(twostep.Funnel(visits=10_500))
    page.close()


def test_the_app_answers_and_keeps_the_numbers_of_each_calculator(app):
    chooser = app.page.get_by_role("combobox", name="Calculator")
    chooser.press("Home")
    calculator = app.calculator()
    calculator.until(twostep.Funnel())
    calculator.slider("Visits").press("ArrowRight")
    calculator.until(twostep.Funnel(visits=10_500))
    chooser.press("ArrowDown")
    calculator.until(twostep.ContactList())
    chooser.press("Home")
    calculator.until(twostep.Funnel(visits=10_500))
    calculator.press("Reset")
    calculator.until(twostep.Funnel())
    assert app.problems == []
