"""Every exercise of the course: its answer, its known mistakes, and whatever else can be typed."""

import json
import math
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from tests.strategies import fewer

from twostep._parts import modules
from twostep.models.funnel import Funnel
from twostep.practice import (
    EXERCISES,
    Choice,
    Computed,
    Exercise,
    Figure,
    Outcome,
    Table,
    check,
    given,
    grade,
    hint,
    quiz,
)
from twostep.practice._shown import marked
from twostep.units import RATE, YEN

COMPUTED = [each for each in EXERCISES.values() if isinstance(each, Computed)]
CHOICES = [each for each in EXERCISES.values() if isinstance(each, Choice)]

# What cannot be read is told from the kind of exercise alone, so one of each is tried.
ONE_OF_EACH_KIND = {
    (type(each), each.own is None, getattr(each, "whole", False)): each
    for each in EXERCISES.values()
}.values()


def by_key(exercise: Exercise) -> str:
    return exercise.key


def own(exercise: Exercise) -> Any:
    """A scenario of one's own, where the exercise asks for one."""
    return exercise.given.scenario(exercise.own) if exercise.own else None


def typed(exercise: Computed, formula: Callable[[Any], Any]) -> Any:
    """What a learner who uses this formula hands in."""
    if isinstance(exercise, Table):
        return pd.DataFrame(
            {exercise.label: exercise.rows, exercise.column: formula(exercise.given)}
        )
    return formula(exercise.given)


def whole(exercise: Computed, formula: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The formula, rounded up where the exercise asks for whole people."""
    return (lambda n: math.ceil(formula(n) - 1e-9)) if exercise.whole else formula


class Hostile:
    """An object that cannot be looked at."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError("do not touch")


ROWS = [[0, 1]] * 5
JUNK: list[Any] = [
    None, "", "¥15,30", "8 per cent of it", "bb", b"8", [], [15300], (1,), {}, {"a": 1}, {1}, True,
    False, np.True_, float("nan"), float("inf"), -float("inf"), 10**400, -(10**400), 1j,
    Decimal("NaN"), Fraction(10**400, 3), pd.Series([15300.0]), pd.DataFrame({"profit": [1.0]}),
    pd.DataFrame(), np.array([15300.0]), np.array("15300"), pd.NA, pd.NaT, object(), int, Funnel(),
    Funnel, Hostile(), lambda: 1, print, iter([]), range(5),
    ROWS, [[0]] * 5, [0] * 5, [[0, None]] * 5, [["a", "b"]] * 5, [Hostile()] * 5,
]  # fmt: skip


def test_no_two_exercises_have_one_key() -> None:
    chapters = modules("twostep.practice")
    found = [each for chapter in chapters for each in vars(chapter).values()]
    exercises = {id(each): each for each in found if isinstance(each, Exercise)}.values()
    assert sorted(each.key for each in exercises) == sorted(EXERCISES)
    assert len(EXERCISES) >= 40
    assert {type(each) for each in ONE_OF_EACH_KIND} == {Figure, Table, Choice}


@pytest.mark.parametrize("exercise", COMPUTED, ids=by_key)
def test_the_reference_answer_is_correct(exercise: Computed) -> None:
    result = grade(exercise.key, typed(exercise, whole(exercise, exercise.answer)), own(exercise))
    assert result.outcome is Outcome.CORRECT, result
    assert result.mistake is None


@pytest.mark.parametrize("exercise", COMPUTED, ids=by_key)
def test_every_known_mistake_gets_its_own_reason(exercise: Computed) -> None:
    assert len(exercise.mistakes) >= 3
    reasons = []
    for mistake in exercise.mistakes:
        result = grade(
            exercise.key, typed(exercise, whole(exercise, mistake.formula)), own(exercise)
        )
        assert result.outcome is Outcome.KNOWN_MISTAKE, result
        assert result.mistake == mistake.name
        assert result.message == mistake.reason.format(**exercise.given.texts)
        reasons.append(result.message)
    assert len(set(reasons)) == len(reasons)


@pytest.mark.parametrize(
    "exercise",
    [each for each in COMPUTED if isinstance(each, Figure) and each.unit.scale != 1],
    ids=by_key,
)
def test_a_share_typed_in_percent_is_a_known_mistake(exercise: Figure) -> None:
    result = grade(exercise.key, 100 * exercise.answer(exercise.given), own(exercise))
    assert result.outcome is Outcome.KNOWN_MISTAKE
    assert "decimal" in result.message


@pytest.mark.parametrize("exercise", COMPUTED, ids=by_key)
@pytest.mark.parametrize(("sign", "word"), [(1, "too high"), (-1, "too low")])
def test_an_unknown_wrong_answer_is_too_high_or_too_low_in_its_unit(
    exercise: Computed, sign: int, word: str
) -> None:
    sizes = [abs(value) for value in exercise.task(exercise.given).right]
    shift = sign * 12_345.67 * max(*sizes, 1)

    def formula(n: Any) -> Any:
        right = exercise.answer(n)
        return [each + shift for each in right] if isinstance(right, list) else right + shift

    result = grade(exercise.key, typed(exercise, formula), own(exercise))
    assert result.outcome is Outcome.NOT_YET
    assert word in result.message
    assert exercise.unit.prefix + exercise.unit.suffix in result.message


@pytest.mark.parametrize("exercise", ONE_OF_EACH_KIND, ids=by_key)
@pytest.mark.parametrize("place", range(len(JUNK)))  # pytest itself may not touch the junk
def test_junk_is_never_correct_and_never_raises(exercise: Exercise, place: int) -> None:
    junk = JUNK[place]
    result = grade(exercise.key, junk, own(exercise))
    rows_of_numbers = isinstance(exercise, Table) and junk is ROWS
    assert result.outcome is (Outcome.NOT_YET if rows_of_numbers else Outcome.UNREADABLE)
    assert "{" not in result.message or "{broken}" in result.message
    assert result.message in repr(result)
    assert result._repr_html_().startswith("<div")
    if exercise.own and type(junk) is not exercise.own:
        assert grade(exercise.key, 1.0, junk).outcome is Outcome.UNREADABLE


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=by_key)
def test_three_dots_are_not_answered_yet(exercise: Exercise) -> None:
    answers: list[Any] = [...]
    if isinstance(exercise, Table):
        answers += [[..., ...], [[row, ...] for row in exercise.rows], [...] * len(exercise.rows)]
        answers = [each for each in answers if each != [..., ...]]
    for answer in answers:
        assert grade(exercise.key, answer, own(exercise)).outcome is Outcome.NOT_ANSWERED
    if exercise.own:
        assert grade(exercise.key, 1, ...).outcome is Outcome.NOT_ANSWERED


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.just(...)
    | st.complex_numbers() | st.fractions() | st.decimals() | st.functions(returns=st.floats()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
)  # fmt: skip


@pytest.mark.parametrize("exercise", ONE_OF_EACH_KIND, ids=by_key)
@fewer(0.4)
@hypothesis_given(answer=anything)
def test_whatever_is_typed_is_answered(exercise: Exercise, answer: Any) -> None:
    result = grade(exercise.key, answer, own(exercise))
    assert result.outcome in Outcome
    if result.correct:  # then it is the right number, or the right letter
        if isinstance(exercise, Choice):
            assert exercise.lettered[exercise.read(answer)].right
        else:
            assert isinstance(exercise, Figure)
            task = exercise.task(exercise.given)
            typed_number = exercise.unit.read(answer) if isinstance(answer, str) else float(answer)
            assert task.slots[0].near(task.right[0]).holds(typed_number)


RATES = (0.0, 0.05, 0.10, 0.15, 0.20)
PROFITS = Table(
    key="profits",
    given=given("two-offers-cpa"),
    label="back_rate",
    label_unit=RATE,
    rows=RATES,
    column="profit",
    unit=YEN,
    answer=lambda n: [n.scenario(Funnel, back_rate=rate).profit for rate in RATES],
    means="",
    mistakes=(),
    hint="",
)


def test_a_table_is_accepted_as_frame_in_any_column_order_and_as_rows() -> None:
    exercise = PROFITS
    frame = typed(exercise, exercise.answer)
    before = frame.copy()
    for table in (frame, frame[["profit", "back_rate"]], frame.to_numpy().tolist()):
        assert exercise.grade(table).correct
    pd.testing.assert_frame_equal(frame, before)
    wrong = frame.to_numpy().tolist()
    wrong[3][1] += 5_000
    assert "back_rate = 15%: ¥293,000 is too high" in exercise.grade(wrong).message


def test_own_numbers_decide() -> None:
    assert grade("two-offers-own-allowable-cpa", 300, Funnel(front_margin=100, back_rate=0.1,
                 back_margin=2_000)).correct  # fmt: skip
    assert not grade("two-offers-own-allowable-cpa", 300, Funnel()).correct
    nobody = grade("two-offers-own-cpa", 5, Funnel(front_rate=0))
    assert nobody.outcome is Outcome.UNREADABLE
    sweep = grade("two-offers-own-cpa", 5, Funnel(front_rate=np.array([0.1, 0.2])))
    assert sweep.outcome is Outcome.UNREADABLE


def test_the_answers_are_those_of_exact_arithmetic() -> None:
    """Aya's numbers once more, by hand, in fractions."""
    lead, front, back = Fraction(10, 100), Fraction(5, 100), Fraction(15, 100)
    cpa = (30 / lead + 100) / front
    missing = cpa + 150_000 / (12_000 * lead * front) - 1_800

    def profit(lead: Fraction, front: Fraction, back: Fraction) -> Fraction:
        buyers = 12_000 * lead * front
        earned = buyers * (1_800 + back * 90_000)
        return earned - 12_000 * 30 - 12_000 * lead * 100 - 150_000

    up = Fraction(12, 10)
    lift = profit(lead * up, front * up, back * up) - profit(lead, front, back)
    assert cpa == 8_000
    assert lift == 613_200
    for key, answer in {
        "two-offers-visitors-per-back-buyer": 1 / (lead * front * back),
        "two-offers-cpa": cpa,
        "two-offers-allowable-cpa": 1_800 + back * 90_000,
        "two-offers-profit-lift": lift,
        "two-offers-break-even": missing / 90_000,
        "two-offers-gift": (profit(lead, front, back) + 120_000) / 1_200,
        "two-offers-dish": Fraction(200 * 150, 60),
        "two-offers-next-buyer": Fraction(30_000, 6),
        "two-offers-tax": Fraction(8_800 * 10, 11) - 5_000,
    }.items():
        assert grade(key, answer).correct, key


@pytest.mark.parametrize("exercise", CHOICES, ids=by_key)
def test_a_question_has_one_right_option_and_a_reason_for_each(exercise: Choice) -> None:
    options = exercise.quiz.options
    assert [option.right for option in options.values()].count(True) == 1
    assert len(options) == len(exercise.options) >= 3
    assert len({option.reason for option in options.values()}) == len(options)
    html = exercise.quiz._repr_html_()
    assert html.count("<details") == html.count("<summary>") == len(options)
    for letter, option in options.items():
        assert len(option.reason) > 40
        result = grade(exercise.key, f" {letter.upper()} ")
        assert result.correct == option.right
        assert result.message == option.reason


def test_a_grader_meets_an_error_where_a_learner_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert check("two-offers-cpa", 1) == grade("two-offers-cpa", 1)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert check("two-offers-cpa", 8_000).correct
    for answer in (1, ..., None):
        with pytest.raises(AssertionError, match=r"Not|read"):
            check("two-offers-cpa", answer)


def test_unknown_keys_are_refused_with_the_nearest_one() -> None:
    for function in (given, quiz, hint, lambda key: check(key, 1)):
        with pytest.raises(ValueError, match="did you mean 'two-offers-cpa'"):
            function("two-offer-cpa")
    with pytest.raises(ValueError, match="not a question"):
        quiz("two-offers-cpa")
    with pytest.raises(ValueError, match="own numbers"):
        given("two-offers-own-cpa")


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=by_key)
def test_texts_name_only_numbers_of_their_task_and_hints_do_not_tell(exercise: Exercise) -> None:
    said = [hint(exercise.key).message]
    assert said[0]
    # An example's numbers are not the learner's own.
    assert not exercise.own or said[0] == exercise.hint
    if isinstance(exercise, Computed):
        said.append(exercise.means.format(**exercise.given.texts))
        said += [each.text for each in exercise.known(exercise.task(exercise.given))]
    if isinstance(exercise, Figure):
        right = exercise.unit.text(exercise.answer(exercise.given))
        assert right not in said[0]
    if isinstance(exercise, Choice):
        asked = exercise.quiz
        said += [asked.question, *chain(*((o.text, o.reason) for o in asked.options.values()))]
        assert len(said) >= 6
    assert [text for text in said if re.search(r"\{[^{}]*\}", text)] == []


def test_numbers_are_shown_and_read() -> None:
    task = given("two-offers-cpa")
    assert task.lead_rate == task["lead_rate"] == 0.10
    assert "Lead rate: 10% (lead_rate = 0.1)" in repr(task)
    html = task._repr_html_()
    assert ">10%</td>" in html
    assert "<code>lead_<wbr>rate = 0.1</code></td>" in html
    with pytest.raises(AttributeError, match="lead_rate"):
        task.leed_rate  # noqa: B018


def test_typed_values_cannot_break_the_page() -> None:
    html = grade("two-offers-cpa", "<script>alert(1)</script>")._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_imports_are_light() -> None:
    program = """
import json, sys
heavy = {"altair", "ipywidgets", "anywidget", "pandas", "scipy", "IPython", "matplotlib"}
from twostep.practice import check
before = sorted(heavy & set(sys.modules))
check("two-offers-cpa", 8000); check("two-offers-predict", "c")
print(json.dumps([before, sorted(heavy & set(sys.modules))]))
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert json.loads(run.stdout) == [[], []]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "empty"), ("8%", "another unit"), ("1,2", "every three digits"),
        ([8], "list"), ((8,), "list"), (np.array([8]), "list"),
        (True, "`True` or `False`"), (np.True_, "`True` or `False`"), (float("nan"), "no number"),
        (float("inf"), "infinite"), (10**400, "too large"), (pd.Series([8.0]), "column"),
        (pd.DataFrame([[8.0]]), "table"), (Funnel(), "scenario"), (abs, "function"),
        (1j, "`complex`"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_in_clear_words(answer: object, words: str) -> None:
    assert words in grade("two-offers-cpa", answer).message


def test_emphasis_and_code_are_shown_as_such() -> None:
    shown = marked("A *name* costs `30 * 2 * x`, *every* one <b>; 3 * 4 * 5")
    assert shown == (
        "A <em>name</em> costs <code>30 * 2 * x</code>, <em>every</em> one &lt;b&gt;; 3 * 4 * 5"
    )
