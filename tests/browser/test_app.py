"""The calculators as a page without code (`make app`): Voilà in a browser, without a network."""

from pathlib import Path

import nbformat
from tools.notebooks import complaint

import twostep
from twostep.models import every_model, menu

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
