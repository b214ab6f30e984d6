"""What an instructor prints fits its paper: A4, as Chromium prints it."""

import re
from pathlib import Path

import pytest

PAPER = Path(__file__).parents[2] / "instructor"
PAGES = {
    "run_sheet_two_hours.html": 1,
    "run_sheet_half_day.html": 1,
    "workshop_sheet.html": 2,  # both sides
    "exit_ticket.html": 1,
    "worksheet.html": 4,
}


def test_every_paper_is_looked_at():
    assert sorted(path.name for path in PAPER.glob("*.html")) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_its_paper(chromium, name):
    assert "<script" not in (PAPER / name).read_text(encoding="utf-8")
    context = chromium.new_context()
    try:
        page = context.new_page()
        page.goto((PAPER / name).as_uri())
        printed = page.pdf(prefer_css_page_size=True)
    finally:
        context.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == PAGES[name]
    width, height = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed).groups()
    assert (round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) == (210, 297)
