"""Exercises that answer back: what a page uses to ask, to check and to explain.

Specifications live beside this file, one module a chapter: every exercise that is a variable there
is one of the course. Nothing here needs widgets or charts. This is a whole exercise::

    cpa = Figure(
        key="tea-shop-cpa",
        given=Numbers(
            Number("leaflets", _("Leaflets handed out"), PEOPLE, 4_000),
            Number("leaflet_cost", _("Cost of one leaflet"), YEN, 9),
            Number("sample_cost", _("Cost of one free cup"), YEN, 130),
            Number("taste_rate", _("Of these, the share who come for a free cup"), RATE, 0.07),
            Number("front_rate", _("Of these, the share who buy the trial set"), RATE, 0.25),
        ),
        unit=YEN,
        answer=lambda n: (n.leaflet_cost / n.taste_rate + n.sample_cost) / n.front_rate,
        mistakes=(
            Mistake(
                "cups-left-out",
                lambda n: n.leaflet_cost / n.taste_rate / n.front_rate,
                _("You left out the cups: {sample_cost} for everyone who tastes."),
            ),
            Mistake(
                "one-cup-per-buyer",
                lambda n: n.leaflet_cost / n.taste_rate / n.front_rate + n.sample_cost,
                _("You counted one cup per buyer. Of those who taste only {front_rate} buy."),
            ),
            Mistake(
                "cost-of-a-taster",
                lambda n: n.leaflet_cost / n.taste_rate + n.sample_cost,
                _("That is what one taster costs. Only {front_rate} of them buy."),
            ),
        ),
        means=_("This is what one buyer of the trial set costs: the CPA."),
        hint=_("First the cost of one taster. How many tasters make one buyer?"),
    )

- `Figure` asks for one number, `Table` for a column, `Choice` for a letter.
- `Numbers.of(Funnel(lead_rate=0.1), "visits", "lead_rate")` takes numbers from a scenario with
  their labels and units, and `n.scenario(Funnel)` makes one of the numbers of a task.
- An answer is right in its first three `digits`; `whole=True` asks for a count of people that is
  enough, rounded up. Numbers may be typed as words, with their unit: "¥1,034", "0.1万円", "4.4%".
- What anybody does in any task is in `_slips` and needs no word here: a percent typed as a number,
  a number rounded too far or too early, a wrong sign, a factor of 100. Three slips need something:
  `of=lambda n: n.leaflets` (a count for a share, a share for a count), `page=Numbers.of(Funnel())`
  (the number of the page above), and in `given` a `back_price` beside `back_margin` (a price where
  a margin belongs).
- Every mistake has a stable name, unique in its exercise: a class board counts by it.
- `Option("name", _("…"), _("reason"))`; a number in an option is computed: `_("{value}")` or
  `_("{about}")` with `formula=lambda n: …`, and the `unit` of the question.
- `replace(cpa, key="…", given=…)` asks the same with other numbers; `own=Funnel` asks it about the
  learner's own scenario, and `given` is then an example of one for the tests.

`tests/practice/test_reasons.py` names every two reasons of a task that come out the same, and
given numbers that coincide: take other numbers. `test_quizzes.py` holds the options to like length
and the right letters to all places.
"""

import os
from difflib import get_close_matches

from twostep._parts import modules
from twostep._text import _, comma_separated
from twostep.practice._exercise import Choice, Computed, Exercise, Figure, Mistake, Table
from twostep.practice._shown import Hint, Number, Numbers, Option, Outcome, Quiz, Result
from twostep.practice._worksheet import FilledLine, Line, Sheet

__all__ = [
    "EXERCISES",
    "Choice",
    "Computed",
    "Exercise",
    "Figure",
    "Hint",
    "Line",
    "Mistake",
    "Number",
    "Numbers",
    "Option",
    "Outcome",
    "Quiz",
    "Result",
    "Sheet",
    "Table",
    "check",
    "given",
    "grade",
    "hint",
    "quiz",
    "worksheet",
]

EXERCISES: dict[str, Exercise] = {
    each.key: each
    for chapter in modules(__name__)
    for each in vars(chapter).values()
    if isinstance(each, Exercise)
}
"""Every exercise of the course, by its key."""

WORKSHEET: dict[str, Line] = {
    each.chapter: each
    for each in sorted(
        (each for m in modules(__name__) for each in vars(m).values() if isinstance(each, Line)),
        key=lambda line: line.chapter,
    )
}
"""The lines of the worksheet, by chapter."""

_filled: dict[str, FilledLine] = {}
"""What was filled in since the page was opened, for the whole sheet in 13."""


def check(key: str, answer: object, own: object = None) -> Result:
    """Say whether an answer is right, and where it is wrong, why.

    `own` is a learner's own scenario, for the exercises that ask for one. Whatever the answer, a
    learner never meets an error here; a grader does: where nbgrader runs the notebook
    (NBGRADER_EXECUTION is set) a check that is not passed raises AssertionError, which is how
    nbgrader sees it. Raises ValueError for an unknown key.
    """
    result = grade(key, answer, own)
    if "NBGRADER_EXECUTION" in os.environ and not result.correct:
        raise AssertionError(repr(result))
    return result


def grade(key: str, answer: object, own: object = None) -> Result:
    """The same judgement as `check`, always returned, for tests and graders.

    Never raises for an answer or a scenario of the learner's, whatever it is; only a
    KeyboardInterrupt, the stop button, passes through.

    Its fields: `key`, `outcome` (an `Outcome`), `message`, `correct`. Raises ValueError for an
    unknown key.
    """
    return _exercise(key).grade(answer, own)


def given(key: str) -> Numbers:
    """The numbers of a task: shown as a table, read as `numbers.lead_rate`.

    Raises ValueError for an unknown key, and for a task on the learner's own numbers.
    """
    exercise = _exercise(key)
    if exercise.own:
        raise ValueError(_("{key!r} works on your own numbers").format(key=key))
    return exercise.given


def quiz(key: str) -> Quiz:
    """A question whose options open to show their reasons. Raises ValueError for any other key."""
    exercise = _exercise(key)
    if not isinstance(exercise, Choice):
        raise ValueError(_("{key!r} is not a question with options").format(key=key))
    return exercise.quiz


def hint(key: str) -> Hint:
    """A hint that does not give the answer away. Raises ValueError for an unknown key."""
    exercise = _exercise(key)
    return Hint(exercise.hint.format(**exercise.given.texts))


def worksheet(chapter: str | None = None, **entries: object) -> Sheet:
    """The learner's worksheet line of a chapter, with what is filled in; all lines without one.

    All lines hold what was filled in before on the same page, and blanks elsewhere.

    What is still `...` is shown as a blank, and named as missing. Raises ValueError for an unknown
    chapter or blank, and for an entry that is not possible, saying what is allowed.
    """
    if chapter is None:
        return Sheet(*(_filled.get(each) or WORKSHEET[each].filled({}) for each in WORKSHEET))
    if chapter not in WORKSHEET:
        raise ValueError(
            _("there is no line {chapter!r} on the worksheet; it has {known}").format(
                chapter=chapter, known=comma_separated(WORKSHEET)
            )
        )
    _filled[chapter] = WORKSHEET[chapter].filled(entries)
    return Sheet(_filled[chapter])


def _exercise(key: str) -> Exercise:
    try:
        return EXERCISES[key]
    except (KeyError, TypeError):
        near = get_close_matches(str(key), EXERCISES, n=1)
        reason = _("there is no exercise {key!r}")
        if near:
            reason = _("there is no exercise {key!r}; did you mean {near!r}?")
        raise ValueError(reason.format(key=key, near="".join(near))) from None
