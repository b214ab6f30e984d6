"""Lesson 1 in Japanese, on a phone, by keyboard: the calculator answers in Japanese."""

import re
from pathlib import Path

from tools import catalogue

ROOT = Path(__file__).parents[2]
SAID = {each.id: each.string for each in catalogue.read(catalogue.of_package(ROOT)) if each.id}


def test_a_japanese_page_on_a_phone(open_notebook):
    opened = open_notebook("ja/lessons/01_two_offers_two_jobs.ipynb")
    opened.look(width=390, height=844)
    page, calculator = opened.page, opened.calculator()
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    calculator.press(SAID["Reset"])
    status = calculator.root.get_by_role("status")
    status.filter(has_text="¥396,128").wait_for()

    label = SAID["Back-end rate"]
    calculator.slider(label).focus()
    for _step in range(12):
        page.keyboard.press("ArrowRight")
    status.filter(has_text="9.2%").wait_for()
    assert calculator.entry(label).input_value() == "9.2"
    page.keyboard.press("Shift+Tab")
    # As a Japanese keyboard writes it.
    calculator.type("３．５％")
    status.filter(has_text="3.5%").wait_for()
    assert float(calculator.slider(label).input_value()) == 3.5
    calculator.type("150")
    alert = page.get_by_role("alert").filter(has_text="150%")
    alert.wait_for()
    assert re.search(r"[\u3040-\u30ff]", alert.text_content())

    # Nothing is cut off or wider than the phone, and nothing is said in English.
    assert calculator.too_wide() == []
    assert calculator.cut_off() == []
    words = calculator.root.inner_text()
    assert len(re.findall(r"[\u3040-\u30ff]", words)) > 200
    assert set(re.findall(r"[A-Za-z]{2,}", words)) <= {"CPA", "CPO", "Funnel", "back", "rate"}
    page.keyboard.press("Escape")
    calculator.press(SAID["Reset"])
    status.filter(has_text="¥396,128").wait_for()
    assert opened.problems == []
