"""The worksheet: what is filled in is shown with its unit, what is missing is named."""

import re
from pathlib import Path

import pytest

from tools import index
from twostep import Funnel, worksheet
from twostep.practice import WORKSHEET, Line
from twostep.practice._worksheet import BLANK

LINE = Line(
    chapter="99",
    question="What may it cost?",
    words={"offer": "My <offer>"},
    model=Funnel,
    fields=("front_margin", "back_rate", "back_margin"),
    rule="{offer} may cost {allowable_cpa}.",
)


def test_a_line_left_empty_names_all_that_is_missing() -> None:
    filled = LINE.filled({"offer": "  ", "back_rate": ...})
    assert filled.closing == [
        f"{BLANK} may cost {BLANK}.",
        "Still missing: My <offer>, Front margin, Back-end rate, Back margin.",
    ]
    assert {text for _, text in filled.rows} == {BLANK}


def test_a_full_line_ends_in_its_rule_computed_by_the_model() -> None:
    entries = {"offer": "A taster", "front_margin": 2_000, "back_rate": 0.1, "back_margin": 30_000}
    filled = LINE.filled(entries)
    assert filled.closing == ["A taster may cost ¥5,000."]  # 2,000 + 10% of 30,000
    assert [text for _, text in filled.rows] == ["A taster", "¥2,000", "10%", "¥30,000"]


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"margin": 1}, "'margin' is no blank.*front_margin"),
        ({"offer": 3}, "offer = 3 .* words in quotes"),
        ({"back_rate": 8}, "back_rate = 8 .* 0% to 100%"),
        ({"front_margin": "many"}, "front_margin = 'many'"),
        ({"back_margin": float("nan")}, "back_margin = nan"),
    ],
)
def test_an_impossible_entry_is_refused_by_name(entries: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        LINE.filled(entries)


def test_an_unknown_chapter_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"no line '77'.*01"):
        worksheet("77")


def test_every_chapter_with_a_line_shows_it_on_its_page() -> None:
    pages = {chapter.stem[:2]: chapter for chapter in index.chapters()}
    assert "01" in WORKSHEET
    for number in WORKSHEET:
        sources = (cell.source for cell in pages[number].notebook.cells)
        assert any(f'worksheet("{number}"' in source for source in sources), number


def test_the_printed_sheet_has_a_line_to_write_on_for_every_blank() -> None:
    text = (Path(__file__).parents[2] / "instructor" / "worksheet.html").read_text("utf-8")
    blanks = sum(len(line.labels) for line in WORKSHEET.values())
    assert text.count("<div>") == blanks > 4
    assert "My &lt;offer&gt;" in index.worksheet([LINE])
    assert not re.search(r"https?:|<script|<img", text), "prints without a network"


def test_all_lines_together_are_the_sheet() -> None:
    assert len(worksheet().lines) == len(WORKSHEET)
    shown = repr(worksheet())
    assert all(line.question in shown for line in WORKSHEET.values())


def test_all_lines_hold_what_was_filled_in_on_the_page() -> None:
    worksheet("01", front_offer="one lesson", front_margin=4_500)
    worksheet("01", front_offer="two lessons")
    shown = repr(worksheet())
    assert "My front offer: two lessons" in shown, "the cell that was run last counts"
    assert "one lesson" not in shown
    worksheet("01")
    assert "two lessons" not in repr(worksheet())
