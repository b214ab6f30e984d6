"""Two ways to the same answer, timed in turns, so that a busy machine slows both alike."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

SECONDS, FEWEST, MOST = 4.0, 5, 51


@dataclass(frozen=True)
class Row:
    """One line of the table: median seconds of both, the ratio of each round, and the aim."""

    subject: str
    against: str
    ours: float
    theirs: float
    ratios: tuple[float, ...]
    aim: float

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return median(self.ratios)


def compare(
    subject: str, against: str, aim: float, ours: Callable[[], float], theirs: Callable[[], float]
) -> Row:
    """Run both in turns, each first in every second round, for about 4 seconds.

    `ours` and `theirs` return the seconds they took; see `timed`. Both run once before it counts,
    then in five rounds at least and 51 at most.
    """
    ours(), theirs()
    rounds: list[tuple[float, float]] = []
    began = perf_counter()
    while len(rounds) < FEWEST or (perf_counter() - began < SECONDS and len(rounds) < MOST):
        if len(rounds) % 2:
            second = theirs()
            first = ours()
        else:
            first = ours()
            second = theirs()
        rounds.append((first, second))
    ours_all, theirs_all = zip(*rounds, strict=True)
    ratios = tuple(first / second for first, second in rounds)
    return Row(subject, against, median(ours_all), median(theirs_all), ratios, aim)


def timed(call: Callable[[], Any]) -> Callable[[], float]:
    """A call that returns how long `call` took, undisturbed by the garbage collector."""

    def seconds() -> float:
        gc.collect()
        gc.disable()
        began = perf_counter()
        call()
        taken = perf_counter() - began
        gc.enable()
        return taken

    return seconds
