"""Pages in another language are written from the English ones, and say where they are behind."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from tools import catalogue, notebooks
from tools import translate as tool

STEM = "01_sums"
TEXT = """# Sums

[Exercise](../exercises/01_sums.ipynb) · Next: [Prices](02_prices.ipynb)

A dish costs ¥150.

Two dishes cost ¥300. See [the plan](../README.md#plan)."""
CODE = 'print("A dish", 150)  # yen\ncheck("a-dish", "b")\nnumber("Two dishes", 300, "yen")'
SAID = {
    "# Sums": "# 足し算",
    "A dish costs ¥150.": "一皿は150円です。",
    "Two dishes cost ¥300. See [the plan](../README.md#plan).": (
        "二皿で300円です。[計画](../README.md#plan)をご覧ください。"
    ),
    "A dish": "一皿",
    "# yen": "# 円",
    "Two dishes": "二皿",
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one translated chapter and one that is not."""
    for folder in ("lessons", "solutions", "exercises"):
        (tmp_path / folder).mkdir()
    cells = [
        nbformat.v4.new_markdown_cell(TEXT, id="title"),
        nbformat.v4.new_code_cell(CODE, id="dish"),
    ]
    page = nbformat.v4.new_notebook(cells=cells)
    for name in ("lessons/01_sums", "exercises/01_sums", "lessons/02_prices"):
        nbformat.write(page, tmp_path / f"{name}.ipynb")
    assert tool.main(["start", STEM], tmp_path) == 0
    known = catalogue.read(tool.file_of(tmp_path, STEM))
    for message in known:
        if message.id:
            message.string = SAID[str(message.id)]
    tool.file_of(tmp_path, STEM).write_text(catalogue.written(known), encoding="utf-8")
    return tmp_path


def page(course: Path) -> list[str]:
    notebook = notebooks.made(course / "ja" / "lessons" / f"{STEM}.ipynb")
    assert [cell.id for cell in notebook.cells] == ["title", "dish"]
    return [cell.source for cell in notebook.cells]


def edit(course: Path, change: Callable[[str], str]) -> None:
    path = course / "lessons" / f"{STEM}.ipynb"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def test_words_are_put_in_place_and_names_in_code_stay(course: Path) -> None:
    text, code = page(course)
    assert text == (
        "# 足し算\n\n[演習](../exercises/01_sums.ipynb) · "
        "次の章：[Prices](../../lessons/02_prices.ipynb)（英語）\n\n"
        "一皿は150円です。\n\n二皿で300円です。[計画](../../README.ja.md#plan)をご覧ください。"
    )
    assert code == (
        f'{tool.CHOICE}print("一皿", 150)  # 円\ncheck("a-dish", "b")\nnumber("二皿", 300, "yen")'
    )


def test_a_changed_sentence_makes_its_own_translation_out_of_date(course: Path) -> None:
    edit(course, lambda text: text.replace("A dish costs ¥150.", "A dish costs ¥160."))
    tool.update(course)
    known = catalogue.read(tool.file_of(course, STEM))
    assert tool.missing(known) == ["lessons/title: A dish costs ¥160."]
    # The translator finds what it said before.
    (behind,) = (message for message in known if message.id and message.fuzzy)
    assert behind.string == "一皿は150円です。"
    text, code = page(course)
    assert f"{tool.BEHIND}\n\nA dish costs ¥160." in text
    assert "150円" not in text
    assert "二皿で300円です。" in text
    assert tool.CODE_BEHIND not in code


def test_a_changed_word_in_code_is_english_and_said_to_be(course: Path) -> None:
    edit(course, lambda text: text.replace("Two dishes\\", "Three dishes\\"))
    tool.update(course)
    text, code = page(course)
    assert tool.BEHIND not in text
    assert code.startswith(f"{tool.CHOICE}{tool.CODE_BEHIND}\n")
    assert 'number("Three dishes", 300, "yen")' in code


def test_a_page_edited_by_hand_is_found(course: Path) -> None:
    path = course / "ja" / "lessons" / f"{STEM}.ipynb"
    path.parent.mkdir()
    notebook = notebooks.made(path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
    text = notebooks.written(notebooks.normalise(notebook))
    path.write_text(text, encoding="utf-8")
    assert notebooks.complaint(path) is None
    path.write_text(text.replace("150円", "160円"), encoding="utf-8")
    assert "never edited" in str(notebooks.complaint(path))


def test_two_updates_leave_the_same_bytes(course: Path) -> None:
    tool.update(course)
    once = tool.file_of(course, STEM).read_bytes()
    tool.update(course)
    assert tool.file_of(course, STEM).read_bytes() == once
    assert b"#:" not in once
    assert b"POT-Creation-Date" not in once


def test_translations_of_others_are_taken_over_or_named(course: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.po"
    theirs.write_text(
        catalogue.HEADER + 'msgctxt "lessons/title"\nmsgid "# Sums"\nmsgstr "# 計算"\n',
        encoding="utf-8",
    )
    assert tool.merge([theirs], course) == (1, [])
    assert page(course)[0].startswith("# 計算\n")
    theirs.write_text(theirs.read_text(encoding="utf-8").replace("# Sums", "# Gone"))
    assert tool.merge([theirs], course) == (0, ["theirs.po: # Gone"])
    assert tool.main(["merge", str(theirs)], course) == 1


def test_words_in_an_f_string_are_refused() -> None:
    with pytest.raises(ValueError, match="words in an f-string"):
        tool.words('print(f"{a} dishes")')


def test_words_in_code_are_found_where_they_stand() -> None:
    code = 'x = ("読者 (people)", [1])  # how many\nprint("one "\n      "two", 1)  # fmt: skip'
    found = tool.words(code)
    assert [text for _, _, text in found] == ["読者 (people)", "# how many", "one two"]
    assert code[found[0][0] : found[0][1]] == '"読者 (people)"'
    assert code[found[2][0] : found[2][1]] == '"one "\n      "two"'
