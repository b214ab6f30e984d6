"""COVERAGE.md against the syllabus and the lessons: what is not yet taught is listed.

A lesson teaches the claims that its last section, "Where it comes from", names by number. The plan
is the syllabus's, typed here: neither the table nor a lesson may drop a claim, or add one.
"""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "COVERAGE.md").read_text(encoding="utf-8")
LESSONS = sorted((ROOT / "lessons").glob("*.ipynb"))
LAST = "## Where it comes from"
CLAIMS = [f"1.{n:02}" for n in range(1, 42)] + [f"2.{n:02}" for n in range(1, 30)]
SYLLABUS = {
    "00_start_here": "",
    "01_two_offers_two_jobs": "1.01, 2.01–2.05, 2.24, 2.27, 2.29",
    "02_plan_backwards": "2.23, 2.25, 2.26, 2.20–2.22",
    "03_the_contact_is_the_product": "2.07, 2.08, 2.10–2.12, 2.15–2.18",
    "04_trial_to_subscription": "2.06",
    "05_who_stays": "2.06, 1.30",
    "06_rain_and_the_100_yen_item": "2.13, 2.09, 2.02",
    "07_the_ceiling_and_the_ladder": "1.02–1.04, 1.25, 1.33, 1.34, 2.20–2.22",
    "08_fit_and_generosity": "1.16–1.20, 1.32, 1.40, 2.14, 2.19",
    "09_promise_only_what_you_deliver": "1.20–1.23, 1.27–1.30",
    "10_publish_first": "1.26, 1.35–1.39",
    "11_learn_from_small_numbers": "1.13, 1.41, 2.28",
    "12_front_first_or_back_first": "1.05–1.19, 1.22, 1.24, 1.31, 1.38",
    # The syllabus says "all": a plan with the learner's own numbers takes up no claim of its own.
    "13_your_own_two_step_plan": "",
}
USES_ALL = "13_your_own_two_step_plan"
# 1.05 or 2.01–2.05; not ¥1.05, 11.05, 1.055, 1.20% or 1.20 per cent.
ID = r"(?<![\d.,¥])[12]\.\d\d(?!\d|[.,]\d|\s?%|\s?per\s?cent)"
IDS = re.compile(rf"({ID})(?:\s?[–-]\s?({ID}))?")


def named(text):
    """The claims a text names, ranges spelled out."""
    found = set()
    for first, last in IDS.findall(text):
        source, start = first.split(".")
        other, end = (last or first).split(".")
        assert source == other, f"{first}–{last} crosses the sources"
        assert start <= end, f"{first}–{last} runs backwards"
        found |= {f"{source}.{n:02}" for n in range(int(start), int(end) + 1)}
    return found


def named_at_the_end(notebook):
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert LAST in text
    return named(text.partition(LAST)[2])


def table():
    """Every row of the page: id, claim, planned in, taught in."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("|")]
    assert rows[0] == ["id", "the claim", "planned in", "taught in"]
    return rows[2:]


def existing():
    return {path.stem for path in LESSONS}


def link(stem):
    return f"[{stem[:2]}](lessons/{stem}.ipynb)"


def test_every_claim_of_both_sources_has_one_row():
    assert [row[0] for row in table()] == CLAIMS
    assert all(len(row) == 4 and row[1] for row in table())


def test_the_plan_is_the_syllabus():
    assert len(SYLLABUS) == 14
    plan = {
        claim: ", ".join(stem for stem, rows in SYLLABUS.items() if claim in named(rows))
        for claim in CLAIMS
    }
    assert {row[0]: row[2] for row in table()} == {
        claim: stems or "no lesson yet" for claim, stems in plan.items()
    }


def test_every_lesson_is_of_the_syllabus():
    assert existing() <= set(SYLLABUS)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_names_the_claims_it_is_said_to_teach(path):
    names = named_at_the_end(nbformat.read(path, as_version=4))
    if path.stem == USES_ALL:
        assert names <= set(CLAIMS)
        return
    assert names == {row[0] for row in table() if path.stem in row[2].split(", ")}, "planned"
    assert names == {row[0] for row in table() if link(path.stem) in row[3].split(", ")}, "taught"


def test_what_has_no_lesson_yet_is_said_not_to_be_taught():
    for claim, _, planned, taught in table():
        here = [link(stem) for stem in planned.split(", ") if stem in existing()]
        assert taught == (", ".join(here) or "not yet"), claim


def test_the_counts_are_those_of_the_table():
    taught = [row for row in table() if row[3] != "not yet"]
    again = [row for row in taught if row[2].count(",") > row[3].count(",")]
    line = (
        f"**Taught in at least one lesson: {len(taught)} of {len(CLAIMS)}."
        f" Not yet: {len(CLAIMS) - len(taught)}."
        f" Of those taught, to come again in another lesson: {len(again)}.**"
    )
    assert line in PAGE.splitlines()


def test_a_number_is_a_claim_only_when_it_looks_like_one():
    assert named("claims (1.01, 2.03–2.05), and 2.24.") == {"1.01", "2.03", "2.04", "2.05", "2.24"}
    figures = "¥1.05, 1.20%, 1.20 %, 2.50 per cent, 2.50 percent, 11.05, 1.055, 1.05.2, 3.10, 1.2"
    assert named(figures + ", 0.71.05, claims 1.…, ¥1,229.05") == set()
    # One that no source makes is not passed over: it is in no row, and its lesson fails.
    assert named("2.30") == {"2.30"}
