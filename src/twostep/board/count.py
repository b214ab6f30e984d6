"""The counts of a class: how far it is in each task, and which misconception how many hold."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median_high

from twostep.board.read import STALE, Submissions
from twostep.board.words import Words, in_order, words
from twostep.practice import Outcome


@dataclass(frozen=True)
class Task:
    """How the class stands in one task; `states` counts learners by their state (`STATES`)."""

    key: str
    states: Counter[str]

    @property
    def learners(self) -> int:
        """Those who have this task in a notebook."""
        return self.states.total()


@dataclass(frozen=True)
class Misconception:
    """A mistake that some hold now: `holders` of the `tried` whose answer in these tasks stands.

    A slip that can be made in every task is one misconception, in all tasks where it was made.
    """

    name: str
    keys: tuple[str, ...]
    words: Words
    holders: int
    tried: int


def tasks(found: Submissions) -> list[Task]:
    """Every task that somebody has, in the order of the course."""
    states: dict[str, Counter[str]] = defaultdict(Counter)
    for attempts in found.learners.values():
        for key, attempt in attempts.items():
            states[key][attempt.state] += 1
    return [Task(key, states[key]) for key in in_order() if key in states]


def misconceptions(found: Submissions) -> list[Misconception]:
    """What to talk about, in this order: what most learners hold, and then as in the course.

    Slips that can be made in any task come last, also in that order: a word is enough for them.
    """
    holders: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    tried: dict[str, set[str]] = defaultdict(set)
    for learner, attempts in found.learners.items():
        for key, attempt in attempts.items():
            if attempt.state not in (Outcome.NOT_ANSWERED, STALE):
                tried[key].add(learner)
            if attempt.mistake and (said := words(key, attempt.mistake)):
                where = "" if said.anywhere else key
                holders[where, attempt.mistake][key].add(learner)
    course = {key: place for place, key in enumerate(in_order())}
    held = []
    for (_where, name), by_task in holders.items():
        keys = tuple(sorted(by_task, key=lambda key: (-len(by_task[key]), course[key])))
        said = words(keys[0], name)
        assert said
        who = set[str]().union(*by_task.values())
        asked = set[str]().union(*(tried[key] for key in keys))
        held.append(Misconception(name, keys, said, len(who), len(asked)))
    return sorted(
        held,
        key=lambda each: (each.words.anywhere, -each.holders, course[each.keys[0]], each.name),
    )


def right(found: Submissions, learner: str) -> int:
    """In how many tasks a learner's answer is right."""
    return sum(each.state == Outcome.CORRECT for each in found.learners[learner].values())


def half_have(found: Submissions) -> int:
    """So many right answers, or more, has one half of the class at least."""
    return median_high(right(found, each) for each in found.learners)
