"""What a class board costs: 500 notebooks against plain `json.load` of the same files.

`python -m benchmarks.board`.
"""

import json
import random
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.rounds import compare, timed
from twostep.board.count import tasks
from twostep.board.page import html, table
from twostep.board.read import submissions
from twostep.practice import EXERCISES, Choice, Computed
from twostep.practice._answered import fingerprint
from twostep.practice._shown import ANSWERED, RESULT

ROOT = Path(__file__).parents[1]
LEARNERS = 500
ROUNDS = 3
AIM, AIM_MEMORY = 4.0, 1.2
"""Beside the reading there are fingerprints, counts, a page and a table: in all about a second."""


def hand_in(folder: Path) -> list[Path]:
    """A class's notebooks: exercises with results of every kind, in turn, as if run by learners."""
    chance = random.Random(15)
    pages = [json.loads(path.read_text(encoding="utf-8"))
             for path in sorted((ROOT / "exercises").glob("*.ipynb"))]  # fmt: skip
    paths = []
    for number in range(LEARNERS):
        page = pages[number % len(pages)]
        for cell in page["cells"]:
            for output in cell.get("outputs", ()):
                if result := output.get("data", {}).get(RESULT):
                    result.update(chance.choice(results(result["key"])))
                    printed = fingerprint("".join(cell["source"]))
                    output["metadata"] = {RESULT: {ANSWERED: [printed]}}
        path = folder / f"learner-{number:03}" / "page.ipynb"
        path.parent.mkdir()
        path.write_text(json.dumps(page), encoding="utf-8")
        paths.append(path)
    return paths


def results(key: str) -> list[dict[str, str | None]]:
    """What a check of this task can leave."""
    exercise, names = EXERCISES[key], list[str]()
    if isinstance(exercise, Choice):
        names = [option.name for option in exercise.options if not option.right]
    elif isinstance(exercise, Computed):
        names = [mistake.name for mistake in exercise.mistakes]
    kinds = [("correct", None), ("not yet", None), *(("known mistake", name) for name in names)]
    return [{"outcome": outcome, "mistake": mistake} for outcome, mistake in kinds]


def board(folder: Path) -> str:
    """The whole board, page and table, with a row for every learner."""
    found = submissions(folder)
    assert len(found.learners) == LEARNERS
    assert sum(task.learners for task in tasks(found)) > LEARNERS
    return html(found, names=True) + table(found, names=True)


def load(folder: Path) -> None:
    """Read the same files and keep nothing of them."""
    for path in folder.glob("*/*.ipynb"):
        with path.open(encoding="utf-8") as opened:
            json.load(opened)


def peak(kind: str, folder: Path) -> float:
    """The most memory, in MiB, that a Python of its own takes to do it."""
    command = [sys.executable, "-m", "benchmarks.board", kind, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return int(done.stdout) / 1024


def main(arguments: list[str]) -> None:
    kinds: dict[str, Callable[[Path], Any]] = {"board": board, "json.load": load}
    if arguments:
        kinds[arguments[0]](Path(arguments[1]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    with TemporaryDirectory() as place:
        folder = Path(place)
        size = sum(path.stat().st_size for path in hand_in(folder)) / 2**20
        row = compare(
            f"{LEARNERS} notebooks", "json.load", AIM,
            timed(lambda: board(folder)), timed(lambda: load(folder)),
        )  # fmt: skip
        memory = [[peak(kind, folder) for kind in kinds] for _round in range(ROUNDS)]
    ours, theirs = (median(each) for each in zip(*memory, strict=True))
    ratio = median(one / other for one, other in memory)
    layout = "{:34} {:>10} {:>10} {:>7} {:>6}"
    print(layout.format(f"class board, {size:.0f} MiB", "board", "json.load", "ratio", "aim"))
    for words, mine, other, times, aim in (
        (row.subject, f"{row.ours:.2f} s", f"{row.theirs:.2f} s", row.ratio, row.aim),
        ("most memory", f"{ours:.0f} MiB", f"{theirs:.0f} MiB", ratio, AIM_MEMORY),
    ):
        print(layout.format(words, mine, other, f"{times:.2f}", f"{aim}{' !' * (times > aim)}"))


if __name__ == "__main__":
    main(sys.argv[1:])
