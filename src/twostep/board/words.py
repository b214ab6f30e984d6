"""What the course says of a mistake, by its stable name."""

from dataclasses import dataclass
from functools import cache
from types import ModuleType

from twostep._parts import modules
from twostep.practice import EXERCISES, Choice, Computed, Exercise, Line
from twostep.practice._slips import slip_words


@dataclass(frozen=True)
class Words:
    """What somebody believes who answers so, where the page says it, and what to reply.

    `anywhere` is true of a slip that can be made in every task, such as a percent typed as a
    number.
    """

    believed: str
    reply: str
    anywhere: bool = False


@cache
def words(key: str, mistake: str) -> Words | None:
    """The words of a mistake in a task; None where the task knows no mistake of this name.

    In a task on a learner's own numbers "…" stands where those would.
    """
    exercise = EXERCISES[key]
    if isinstance(exercise, Choice):
        for option in exercise.options:
            if option.name == mistake and not option.right:
                texts = exercise.texts(option, exercise.given)
                return Words(option.text.format(**texts), option.reason.format(**texts))
    if isinstance(exercise, Computed):
        own = dict.fromkeys(exercise.given, "…") if exercise.own else exercise.given.texts
        for each in exercise.mistakes:
            if each.name == mistake:
                return Words("", each.reason.format(**own))
        if said := slip_words(exercise.task(exercise.given), mistake):
            return Words("", said, anywhere=True)
    return None


def question(exercise: Exercise) -> str:
    """What a task with options asks; other tasks are asked on their page only."""
    if isinstance(exercise, Choice):
        return exercise.question.format(**exercise.given.texts)
    return ""


@cache
def in_order() -> tuple[str, ...]:
    """The keys of all tasks: chapter by chapter, and in a chapter as its file lists them.

    A chapter without a line on the worksheet, the front door, comes first.
    """

    def chapter(module: ModuleType) -> str:
        return next((each.chapter for each in vars(module).values() if isinstance(each, Line)), "")

    return tuple(
        each.key
        for module in sorted(modules("twostep.practice"), key=chapter)
        for each in vars(module).values()
        if isinstance(each, Exercise)
    )
